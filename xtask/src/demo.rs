//! From a fresh clone to labelled pictures.

use anyhow::Result;

use crate::{
    shell::{self, cargo, root},
    system,
};

const SCENE: &str = "scenes/shelf.json";
const FRAMES: &str = "24";

/// A dataset needs no trainer, which is most of a build.
const ENGINE: &str = "--no-default-features";

/// Generates, verifies and shows a small dataset in a folder of its own.
pub(crate) fn run() -> Result<()> {
    system::set_up()?;
    shell::run(&mut cargo(&["build", ENGINE]))?;
    let sheet_of = |folder: &str| format!("{folder}-sheet.png");
    let folder =
        fresh("datasets/demo", |name| root().join(name).exists() || root().join(sheet_of(name)).exists());
    let sheet = sheet_of(&folder);
    diorama(&["generate", SCENE, "--frames", FRAMES, "--out", &folder])?;
    diorama(&["verify", &folder])?;
    diorama(&["preview", "--dataset", &folder, "--sheet", FRAMES, "--out", &sheet])?;
    eprintln!("\n{FRAMES} labelled pictures: {}", root().join(&folder).display());
    eprintln!("a contact sheet of them, boxes drawn: {}", root().join(&sheet).display());
    Ok(())
}

fn diorama(arguments: &[&str]) -> Result<()> {
    shell::run(&mut cargo(&[&["run", "--quiet", ENGINE, "--bin", "diorama", "--"], arguments].concat()))
}

/// `base`, or the first of `base-2`, `base-3` ... that nobody has taken: what is there stays as it is.
fn fresh(base: &str, taken: impl Fn(&str) -> bool) -> String {
    let (mut name, mut number) = (base.to_owned(), 1);
    while taken(&name) {
        number += 1;
        name = format!("{base}-{number}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_demo_is_left_alone() {
        assert_eq!(fresh("d/demo", |_| false), "d/demo", "the first");
        assert_eq!(fresh("d/demo", |name| name == "d/demo" || name == "d/demo-2"), "d/demo-3", "the third");
    }
}
