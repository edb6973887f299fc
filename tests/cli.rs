//! The real binary, as a user meets it: exit codes, and words instead of panics.

mod bad_input;
mod bytes;
mod catalogue;
mod commands;
mod crib;
mod eval;
mod films;
mod own_models;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

/// Small, quick to render, stored as PNG.
const SCENE: &str = "scenes/shelf_minimal.json";
/// Frames of [`whole`].
const FRAMES: &str = "5";
/// Further pictures, so that labels can be held against pixels.
const PICTURES: [&str; 4] = ["--set", "outputs.instance_ids=true", "--set", "outputs.depth_png=true"];

/// The binary with these arguments, in the project's root, as scripts start it.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diorama"));
    command
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .env("RUST_BACKTRACE", "1")
        .env_remove("RUST_LOG")
        .env_remove("DIORAMA_ASSETS");
    command
}

/// Runs the binary with these arguments from the project's root.
fn diorama(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary starts")
}

/// What a run did wrong as a program, whatever it was asked to do.
fn rudeness(code: Option<i32>, stderr: &str) -> Option<String> {
    if !matches!(code, Some(0..=2)) {
        return Some(format!("exit code {code:?}, not 0 (done), 1 (a check failed) or 2 (an error)"));
    }
    let panicked =
        ["panicked at", "stack backtrace", "RUST_BACKTRACE"].iter().find(|word| stderr.contains(**word));
    panicked.map(|word| format!("stderr says '{word}'"))
}

/// Asserts an exit code and good manners; gives back standard output and standard error.
#[track_caller]
fn ends(code: i32, arguments: &[&str]) -> (String, String) {
    let output = diorama(arguments);
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|s| String::from_utf8_lossy(s).into_owned());
    if let Some(fault) = rudeness(output.status.code(), &stderr) {
        panic!("diorama {}: {fault}\n{stderr}", arguments.join(" "));
    }
    assert_eq!(output.status.code(), Some(code), "diorama {}\n{stdout}{stderr}", arguments.join(" "));
    (stdout, stderr)
}

/// As [`ends`], for those who want standard error.
#[track_caller]
fn exits(code: i32, arguments: &[&str]) -> String {
    ends(code, arguments).1
}

/// As [`ends`] with exit code 0, for those who want standard output.
#[track_caller]
fn prints(arguments: &[&str]) -> String {
    ends(0, arguments).0
}

/// As [`prints`], read as JSON.
#[track_caller]
fn prints_json(arguments: &[&str]) -> serde_json::Value {
    let text = prints(arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?} prints {text}: {error}"))
}

/// Arguments of the run that makes [`whole`], to `out`.
fn generation(out: &Path) -> Vec<&str> {
    let mut arguments = vec!["generate", SCENE, "--frames", FRAMES, "--out", text(out)];
    arguments.extend(PICTURES);
    arguments
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for this test")
}

/// A dataset that one uninterrupted run with two threads made. Tests read it and copy it; none may change it.
fn whole() -> &'static Path {
    static WHOLE: OnceLock<PathBuf> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-whole");
        if out.exists() {
            fs::remove_dir_all(&out).expect("last time's dataset goes away");
        }
        let mut arguments = generation(&out);
        arguments.extend(["--threads", "2"]);
        exits(0, &arguments);
        out
    })
}

/// A copy of [`whole`] that a test may damage.
fn copy() -> (TempDir, PathBuf) {
    let place = folder();
    let out = place.path().join("dataset");
    for (name, content) in contents(whole()) {
        let path = out.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder of the copy");
        fs::write(path, content).expect("a file of the copy");
    }
    (place, out)
}

/// Every file below a folder by its relative path, with its bytes. A folder that is not there has none.
fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = text(path.strip_prefix(dir).expect("below")).to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// How two folders differ: the first file that is only in one, or not the same in both.
fn difference(a: &Path, b: &Path) -> Option<String> {
    let (a, b) = (contents(a), contents(b));
    let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let differs = |name: &&&String| a.get(**name) != b.get(**name);
    names.iter().find(differs).map(|name| format!("{name} differs, of {} and {} files", a.len(), b.len()))
}

#[track_caller]
fn assert_same(a: &Path, b: &Path) {
    assert_eq!(difference(a, b), None, "{} and {}", a.display(), b.display());
    assert!(contents(a).len() > 5, "{} holds a dataset", a.display());
}

#[test]
fn help_is_no_error() {
    exits(0, &["--help"]);
}

#[test]
fn a_panic_or_a_strange_exit_would_be_seen() {
    assert!(rudeness(Some(101), "").is_some(), "Rust's own exit code of a panic");
    assert!(rudeness(None, "").is_some(), "killed");
    assert!(rudeness(Some(2), "thread 'main' panicked at src/main.rs:1").is_some(), "caught, but shown");
    assert!(
        rudeness(Some(2), "error: scenes/shelf.json:3:7: expected a number").is_none(),
        "as it should be"
    );
}

#[test]
fn a_difference_would_be_seen() {
    let (a, b) = (folder(), folder());
    assert_eq!(difference(a.path(), b.path()), None, "both empty");
    fs::write(a.path().join("x"), "1").expect("written");
    assert!(difference(a.path(), b.path()).is_some(), "only in one");
    fs::write(b.path().join("x"), "2").expect("written");
    assert!(difference(a.path(), b.path()).is_some(), "other bytes");
}
