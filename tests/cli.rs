//! The real binary, as a user meets it: exit codes, and words instead of panics.

use std::process::{Command, Output, Stdio};

/// Runs the binary with these arguments from the project's root.
fn diorama(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_diorama"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("the binary starts")
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

/// Asserts an exit code and good manners; gives back standard error.
#[track_caller]
fn exits(code: i32, arguments: &[&str]) -> String {
    let output = diorama(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if let Some(fault) = rudeness(output.status.code(), &stderr) {
        panic!("diorama {}: {fault}\n{stderr}", arguments.join(" "));
    }
    assert_eq!(output.status.code(), Some(code), "diorama {}\n{stderr}", arguments.join(" "));
    stderr
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
