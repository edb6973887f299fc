//! Commands to type: for a frame that failed, and for a run that was stopped.

use std::{env, path::Path};

use diorama::{engine::EngineError, write::WriteError};

use super::studio::SceneArgs;

/// The frame that an error is about, when it is about one.
pub(super) fn frame_of(error: &EngineError) -> Option<u64> {
    match error {
        EngineError::Frame { frame, .. } => Some(*frame),
        EngineError::Write(WriteError::BadFrame { frame, .. }) => Some(*frame),
        _ => None,
    }
}

/// The command that makes one frame alone.
pub(super) fn preview(args: &SceneArgs, seed: u64, frame: u64) -> String {
    let choices = &args.choices;
    let mut words: Vec<String> = ["diorama", "preview"].map(str::to_owned).into();
    words.push(path(&args.scene));
    words.extend(["--frame".to_owned(), frame.to_string(), "--seed".to_owned(), seed.to_string()]);
    for set in &choices.set {
        words.extend(["--set".to_owned(), quoted(set)]);
    }
    for (option, value) in [
        ("--sequence", choices.sequence.map(|n| n.to_string())),
        ("--fps", choices.fps.map(|f| f.to_string())),
    ] {
        words.extend(value.into_iter().flat_map(|value| [option.to_owned(), value]));
    }
    if choices.keep_going {
        words.push("--keep-going".to_owned());
    }
    if let Some(assets) = &choices.place.assets {
        words.extend(["--assets".to_owned(), path(assets)]);
    }
    if let Some(adapter) = &choices.place.adapter {
        words.extend(["--adapter".to_owned(), quoted(adapter)]);
    }
    words.join(" ")
}

/// The command that continues this run.
pub(super) fn resume() -> String {
    let typed = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut words: Vec<String> =
        std::iter::once("diorama".to_owned()).chain(typed.map(|w| quoted(&w))).collect();
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".to_owned());
    }
    words.join(" ")
}

fn path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

/// A word as a POSIX shell takes it for one.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("image.width=320"), "image.width=320", "plain");
        assert_eq!(quoted(r#"a={"uniform": [1, 2]}"#), r#"'a={"uniform": [1, 2]}'"#, "JSON");
        assert_eq!(quoted("it's"), r"'it'\''s'", "a quote");
        assert_eq!(quoted(""), "''", "nothing");
    }
}
