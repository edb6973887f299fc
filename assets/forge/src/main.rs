//! Makes the committed models, byte for byte: `cargo run -p forge` writes `assets/forms/*.glb` and
//! `assets/fixtures/*.glb`, `cargo run -p forge -- --check` fails when a committed file differs.
//!
//! Shapes are computed in `f64` and rounded to a micrometre before they are written, so that a last bit of
//! difference between two platforms' sine does not reach a file.

mod arm;
mod asset;
mod dressing;
mod fixtures;
mod forms;
mod glb;
mod loft;
mod material;
mod png8;
mod shell;
mod solid;
mod store;
#[cfg(test)]
mod tests;
mod texture;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Everything of a shop that is no product.
fn all_fixtures() -> Vec<asset::Asset> {
    fixtures::all().into_iter().chain(dressing::all()).chain(store::all()).chain(arm::all()).collect()
}

/// Every file, by its path below `assets/`.
fn files() -> BTreeMap<PathBuf, Vec<u8>> {
    let forms = forms::all().into_iter().map(|a| ("forms", a));
    let fixtures = all_fixtures().into_iter().map(|a| ("fixtures", a));
    forms
        .chain(fixtures)
        .map(|(folder, a)| (Path::new(folder).join(format!("{}.glb", a.name)), glb::write(&a)))
        .collect()
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let check = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        _ => bail!("usage: cargo run -p forge [-- --check]"),
    };
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the forge has no parent folder")?;
    let files = files();
    if check {
        return check_all(assets, &files);
    }
    for (path, bytes) in &files {
        let path = assets.join(path);
        let folder = path.parent().context("a file without a folder")?;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Fails with the names of all files that are missing, differ, or come from nowhere.
fn check_all(assets: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for (path, bytes) in files {
        match std::fs::read(assets.join(path)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => wrong.push(format!("{} differs", path.display())),
            Err(e) => wrong.push(format!("{}: {e}", path.display())),
        }
    }
    for folder in ["forms", "fixtures"] {
        for entry in std::fs::read_dir(assets.join(folder)).with_context(|| folder.to_owned())? {
            let path = Path::new(folder).join(entry?.file_name());
            if path.extension().is_some_and(|e| e == "glb") && !files.contains_key(&path) {
                wrong.push(format!("{} is not made by the forge", path.display()));
            }
        }
    }
    if !wrong.is_empty() {
        wrong.sort();
        bail!(
            "committed models differ; make them again with `cargo run -p forge`:\n  {}",
            wrong.join("\n  ")
        );
    }
    Ok(())
}
