//! The rules of ARCHITECTURE.md, executed. Every rule is a function from text to faults, shown failing once.

mod files;
mod imports;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the project as a path relative to its root with forward slashes, sorted: what git knows or would
/// add; without git, everything but build outputs and datasets.
fn files() -> Vec<String> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let git = Command::new("git").args(list).current_dir(root()).output();
    let mut found = match git {
        Ok(output) if output.status.success() => {
            let names = String::from_utf8(output.stdout).expect("names are UTF-8");
            names
                .split_terminator('\0')
                .map(str::to_owned)
                .filter(|name| root().join(name).is_file())
                .collect()
        }
        _ => walk(),
    };
    assert!(found.len() > 20, "the project has more files than {found:?}");
    found.sort();
    found
}

fn walk() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("readable") {
            let entry = entry.expect("readable");
            let path = folder.join(entry.file_name());
            let name = path.to_str().expect("names are UTF-8").replace('\\', "/");
            if [".git", "target", "datasets"].contains(&name.as_str()) {
                continue;
            }
            if entry.file_type().expect("readable").is_dir() { folders.push(path) } else { found.push(name) }
        }
    }
    found
}

/// Text of a file of the project; `None` when it is no text.
fn text(name: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(name)).expect("readable")).ok()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
