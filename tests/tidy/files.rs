//! Where files lie, how long they are, and under which licence.

use super::{assert_none, files, text};

const MAX_LINES: usize = 500;
const MAX_MAIN: usize = 50;

/// Folders at the top.
const FOLDERS: &[&str] =
    &[".cargo", ".ci", "assets", "benches", "datasets", "docs", "scenes", "shaders", "src", "tests", "xtask"];
/// Files at the top.
const FILES: &[&str] = &[
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "deny.toml",
    "rustfmt.toml",
];

fn too_long(name: &str, lines: usize) -> Option<String> {
    let written = name.ends_with(".rs") || name.ends_with(".wgsl") || name.ends_with(".py");
    let most = if name == "src/main.rs" { MAX_MAIN - 1 } else { MAX_LINES };
    (written && lines > most).then(|| format!("{name} has {lines} lines, more than {most}: split it by noun"))
}

fn misplaced(name: &str) -> Option<String> {
    let known = name.split_once('/').map_or(FILES.contains(&name), |(folder, _)| FOLDERS.contains(&folder));
    (!known).then(|| format!("{name}: nobody planned this place at the top of the project"))
}

/// A file of `assets/`, by its path below it, needs a line of its own, or a line for `folder/*.ending`.
fn unlicensed(name: &str, licences: &str) -> Option<String> {
    if name.starts_with("forge/") || name == "LICENSES.md" {
        return None;
    }
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let alike = format!("{folder}/*.{ending}");
    let stated = licences.lines().any(|line| {
        let says = line.split('`').skip(1).step_by(2).any(|quoted| quoted == name || quoted == alike);
        says && line.starts_with('|')
    });
    // Licence texts lie beside what they are about.
    let is_text = name.ends_with(".LICENSE.txt") && licences.contains(&format!("`{name}`"));
    (!stated && !is_text).then(|| format!("assets/{name} has no line in assets/LICENSES.md"))
}

/// Words that one file alone may use, and which.
const OWNED: &[(&str, &str, &str)] = &[
    ("map_async(", "src/gpu/readback.rs", "buffers are mapped in one place"),
    ("bytemuck::Pod", "src/gpu/layout.rs", "structs cross to shaders from one module"),
    ("Pod, Zeroable)", "src/gpu/layout.rs", "structs cross to shaders from one module"),
    ("burn::", "src/train/", "tensors live in one room"),
    ("rand::rng()", "", "every draw is named"),
    ("SystemTime", "src/commands/", "no clock reaches a file"),
];

fn out_of_place(name: &str, source: &str) -> Vec<String> {
    let inside = name.starts_with("src/") && name.ends_with(".rs");
    let strays = OWNED.iter().filter(|(word, owner, _)| {
        inside && source.contains(word) && (owner.is_empty() || !name.starts_with(owner))
    });
    strays.map(|(word, _, why)| format!("{name}: `{word}` does not belong here: {why}")).collect()
}

#[test]
fn files_are_short_and_in_their_places() {
    let mut faults = Vec::new();
    for name in files() {
        faults.extend(misplaced(&name));
        if let Some(text) = text(&name) {
            faults.extend(too_long(&name, text.lines().count()));
            faults.extend(out_of_place(&name, &text));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_asset_has_a_licence() {
    let licences = text_or_empty("assets/LICENSES.md");
    let assets = files().into_iter().filter_map(|name| name.strip_prefix("assets/").map(str::to_owned));
    assert_none(&assets.filter_map(|name| unlicensed(&name, &licences)).collect::<Vec<_>>());
}

fn text_or_empty(name: &str) -> String {
    if super::root().join(name).is_file() { text(name).expect("it is text") } else { String::new() }
}

#[test]
fn a_file_too_long_or_out_of_place_is_found() {
    assert!(
        too_long("src/scene/model.rs", 501).is_some() && too_long("src/scene/model.rs", 500).is_none(),
        "500"
    );
    assert!(too_long("src/main.rs", 50).is_some() && too_long("src/main.rs", 49).is_none(), "below 50");
    assert!(too_long("scenes/shelf.schema.json", 5000).is_none(), "data may be long");
    assert!(misplaced("notes.txt").is_some() && misplaced("old/model.rs").is_some(), "not planned");
    assert!(misplaced("src/scene/model.rs").is_none() && misplaced("README.md").is_none(), "planned");
    assert_eq!(out_of_place("src/label/read.rs", "slice.map_async(..)").len(), 1, "a second read-back");
    assert_eq!(out_of_place("src/gpu/readback.rs", "slice.map_async(..)").len(), 0, "the one read-back");
    assert_eq!(out_of_place("src/sample/mod.rs", "let mut rng = rand::rng();").len(), 1, "an unnamed draw");
}

#[test]
fn an_asset_without_a_licence_is_found() {
    let licences = "Beside `fonts/loose.ttf`.\n| `fonts/sans.ttf` | x | `fonts/sans.LICENSE.txt` |\n| `forms/*.glb` | y |";
    for (name, fine) in [
        ("fonts/sans.ttf", true),
        ("fonts/sans.LICENSE.txt", true),
        ("fonts/loose.ttf", false),
        ("fonts/serif.ttf", false),
        ("forms/can.glb", true),
        ("forms/can.png", false),
        ("forms/deep/can.glb", false),
        ("forge/src/main.rs", true),
    ] {
        assert_eq!(unlicensed(name, licences).is_none(), fine, "{name}");
    }
}
