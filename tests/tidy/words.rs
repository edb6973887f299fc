//! The project speaks of itself alone, and of finished things.

use super::{assert_none, files, text};

/// Words with no meaning in this project, in halves so that this file does not hold them.
const NOT_OURS: &[(&str, &str)] = &[
    ("ag", "ent"),
    ("ag", "ents"),
    ("subag", "ent"),
    ("sess", "ion"),
    ("sess", "ions"),
    ("chat", "bot"),
    ("copi", "lot"),
    ("ll", "m"),
    ("ll", "ms"),
    ("work", "tree"),
];
/// Pieces of text that belong to one machine, or to unfinished work.
const PIECES: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("C:\\Us", "ers"),
    ("unimple", "mented!("),
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X"),
    ("local", "host"),
];

fn faults(name: &str, text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words: std::collections::BTreeSet<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let join = |(a, b): &(&str, &str)| format!("{a}{b}");
    let said = NOT_OURS.iter().map(join).filter(|word| words.contains(word.as_str()));
    let held = PIECES.iter().map(join).filter(|piece| text.contains(piece.as_str()));
    said.chain(held).map(|word| format!("{name} says '{word}'")).collect()
}

/// Texts of others, which say what they must.
fn is_theirs(name: &str) -> bool {
    name == "Cargo.lock" || name.starts_with("LICENSE-") || name.ends_with(".LICENSE.txt")
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let ours = files().into_iter().filter(|name| !is_theirs(name));
    let faults: Vec<String> =
        ours.filter_map(|name| text(&name).map(|text| faults(&name, &text))).flatten().collect();
    assert_none(&faults);
}

#[test]
fn a_foreign_word_is_found() {
    for (a, b) in NOT_OURS.iter().chain(PIECES) {
        let sentence = format!("First, {}{b} and more.", a.to_owned());
        assert_eq!(faults("x.md", &sentence).len(), 1, "{sentence}");
    }
    assert_eq!(faults("x.md", &format!("{}{}", "Sess", "ion.")).len(), 1, "capitals do not hide it");
    assert_eq!(faults("x.rs", "reagents, agency, obsession, llmp"), [""; 0], "parts of other words are fine");
}
