//! Who may import whom.

use super::{assert_none, files, text};

/// Each room, and the rooms it may name. Imports point only up this list.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("seed", &[]),
    ("json", &[]),
    ("geometry", &[]),
    ("gpu", &["geometry"]),
    ("scene", &["geometry"]),
    ("truth", &["geometry"]),
    ("art", &["seed", "json", "scene"]),
    ("physics", &["geometry", "scene"]),
    ("config", &["seed", "json", "geometry"]),
    ("sample", &["seed", "json", "geometry", "config", "scene", "art", "physics"]),
    ("render", &["geometry", "scene", "gpu"]),
    ("label", &["geometry", "scene", "gpu", "render", "truth"]),
    ("write", &["geometry", "truth"]),
    // Of `write` only the records' schemas, so that nobody else learns how files are made.
    ("dataset", &["geometry", "seed", "truth", "write"]),
    ("eval", &["geometry"]),
    ("report", &["geometry", "truth", "dataset", "eval"]),
    ("train", &["seed", "geometry", "truth", "dataset", "eval"]),
    // Wires the road from recipe to frame, so that every front end drives the same one.
    (
        "engine",
        &[
            "seed", "json", "geometry", "gpu", "scene", "truth", "art", "config", "sample", "render",
            "label", "write",
        ],
    ),
];
/// The single file that may name more than its room: it renders straight into tensors.
const EXCEPTION: (&str, &[&str]) =
    ("train/live.rs", &["sample", "scene", "render", "label", "gpu", "engine", "write"]);
/// Sees everything; nobody but `main.rs` sees it.
const COMMANDS: &str = "commands";

/// Faults of one file; `path` is relative to `src/`.
fn faults(path: &str, source: &str) -> Vec<String> {
    let room = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
    if ["main", "lib", COMMANDS].contains(&room) {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
        return vec![format!("src/{path}: the room '{room}' is in no row of MAY_IMPORT")];
    };
    let code = code(source);
    let excepted = if path == EXCEPTION.0 { EXCEPTION.1 } else { &[] };
    let may = |name: &str| name == room || allowed.contains(&name) || excepted.contains(&name);
    let mut faults: Vec<String> = named(&code)
        .into_iter()
        .filter(|name| !may(name))
        .map(|name| format!("src/{path}: {room} may not import {name}"))
        .collect();
    if climbs_out(path, &code) {
        faults.push(format!("src/{path}: `super` leaves the room; write `crate::` and the room's name"));
    }
    faults
}

/// Source without line comments, in which documentation may name any room.
fn code(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first path segment after every `crate::`, also within `crate::{a::B, c::{D, E}}`.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push(first_word(rest));
            continue;
        };
        let (mut depth, mut fresh) = (1, true);
        for (place, letter) in list.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => fresh = true,
                _ if fresh && !letter.is_whitespace() => {
                    names.push(first_word(&list[place..]));
                    fresh = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a chain of `super::` reaches past the room. A module of tests at a file's end is one step deeper.
fn climbs_out(path: &str, code: &str) -> bool {
    let depth = path.trim_end_matches("/mod.rs").split('/').count();
    let tests_from = code.find("\nmod tests {").unwrap_or(code.len());
    let mut rest = 0;
    while let Some(found) = code[rest..].find("super::") {
        let at = rest + found;
        let chain = code[at..].split("super::").take_while(|between| between.is_empty()).count();
        if chain >= depth + usize::from(at > tests_from) {
            return true;
        }
        rest = at + chain * "super::".len();
    }
    false
}

#[test]
fn rooms_import_only_what_they_may() {
    let sources = files().into_iter().filter(|name| name.starts_with("src/") && name.ends_with(".rs"));
    let faults: Vec<String> =
        sources.flat_map(|name| faults(&name["src/".len()..], &text(&name).expect("Rust is text"))).collect();
    assert_none(&faults);
}

#[test]
fn a_forbidden_import_is_found_however_it_is_written() {
    for source in [
        "use crate::render::Frame;",
        "use crate::{geometry::Size, render::{Frame, Pass}};",
        "use crate::{\n    geometry::{Size, Lens},\n    render,\n};",
        "fn f(frame: &crate::render::Frame) {}",
        "use super::super::render::Frame;",
    ] {
        assert_eq!(faults("scene/model.rs", source).len(), 1, "{source}");
    }
    assert_eq!(
        faults("scene/model.rs", "/// See [`crate::render`].\nuse crate::geometry::Size;"),
        [""; 0],
        "docs may"
    );
    assert_eq!(
        faults("scene/model.rs", "use super::Library;\nuse crate::scene::Light;"),
        [""; 0],
        "its own room"
    );
    assert_eq!(faults("scene/gltf/json.rs", "use super::super::Library;"), [""; 0], "two levels down");
    assert_eq!(faults("seed.rs", "use super::geometry::Size;").len(), 1, "a room of one file has no parent");
    assert_eq!(faults("seed.rs", "fn f() {}\nmod tests {\n    use super::f;\n}"), [""; 0], "its own tests");
    assert_eq!(faults("cellar/mod.rs", "").len(), 1, "a room that nobody planned");
    let live = "use crate::{render::Frame, label::label};";
    assert_eq!(faults("train/live.rs", live), [""; 0], "the exception");
    assert_eq!(faults("train/step.rs", live).len(), 2, "and no other file of the room");
    assert_eq!(faults("write/coco.rs", "use crate::commands::Progress;").len(), 1, "only main sees commands");
}

#[test]
fn the_list_has_no_way_back() {
    for (row, (room, allowed)) in MAY_IMPORT.iter().enumerate() {
        for name in *allowed {
            let above = MAY_IMPORT[..row].iter().any(|(earlier, _)| earlier == name);
            assert!(above, "{room} imports {name}, which is not above it");
        }
    }
}
