//! Everything that must hold before a change is good.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    python,
    shell::{cargo, root, run, works},
    system,
};

/// A validator kept outside of the project, run by the tests where it is found.
const OUTSIDE_VALIDATOR: &str = "../shared/tools/validate_coco.py";

/// Set-up, lints and all tests; the last lines are the test runner's own.
pub(crate) fn test() -> Result<()> {
    system::set_up()?;
    let python = python::set_up()?;
    lint()?;
    let mut tests = cargo(&["test", "--workspace"]);
    tests.env("DIORAMA_PYTHON", python);
    let outside = root().join(OUTSIDE_VALIDATOR);
    if outside.is_file() {
        tests.env("DIORAMA_SHARED_VALIDATOR", outside);
    }
    run(&mut tests)
}

/// Cases of each fuzzing test in one round.
const FUZZ_CASES: &str = "20000";

/// Rounds of the fuzzing tests (damaged configs and overrides, damaged glTF), each with fresh chances, until the time is
/// up; stops at the first that finds something.
pub(crate) fn fuzz(minutes: &str) -> Result<()> {
    let minutes: f64 = minutes
        .parse()
        .ok()
        .filter(|m: &f64| *m > 0.0 && m.is_finite())
        .with_context(|| format!("expected minutes, as in `cargo xtask fuzz 10`, found '{minutes}'"))?;
    let (begun, length) = (Instant::now(), Duration::from_secs_f64(minutes * 60.0));
    let mut rounds = 0;
    while begun.elapsed() < length {
        run(cargo(&["test", "--workspace", "--test", "all", "--", "never_panic", "keeps_its_promises"])
            .env("DIORAMA_FUZZ_CASES", FUZZ_CASES))?;
        rounds += 1;
    }
    eprintln!(
        "nothing found: {rounds} rounds of {FUZZ_CASES} cases a test in {:.1} minutes",
        begun.elapsed().as_secs_f64() / 60.0
    );
    Ok(())
}

/// The tests that draw infants, over as many of them as asked for: how they rest, and what an independent reference
/// measures.
pub(crate) fn trials(count: &str) -> Result<()> {
    let frames: u32 = count.parse().ok().filter(|n| *n > 0).with_context(|| {
        format!("expected a number of infants, as in `cargo xtask trials 300`, found '{count}'")
    })?;
    let tests = ["infants::", "crib::trials::", "crib::tests::infants_rest"];
    run(cargo(&["test", "--package", "diorama", "--lib", "--test", "all", "--"])
        .args(tests)
        .arg("--nocapture")
        .env("DIORAMA_TRIALS", frames.to_string()))
}

/// Every crate has the same features in a plain build as in one of all targets, so that Burn is built once for both.
fn one_build() -> Result<()> {
    let crates = |arguments: &[&str]| -> Result<BTreeSet<String>> {
        let form = ["tree", "--prefix", "none", "--format", "{p} with {f}"];
        let output = cargo(&form).args(arguments).output().context("cannot start cargo")?;
        let text = String::from_utf8(output.stdout).context("cargo tree")?;
        let plain = |line: &str| line.trim_end_matches(" (*)").replace(" (proc-macro)", "");
        Ok(text.lines().map(plain).collect())
    };
    let all = crates(&["--workspace", "--edges", "normal,build,dev"])?;
    let plain = crates(&["--edges", "normal,build"])?;
    let other: Vec<&str> = plain.difference(&all).map(String::as_str).collect();
    if !other.is_empty() {
        bail!(
            "dev-dependencies change features, so that Burn would be built twice; name theirs under `one-build` in \
             Cargo.toml, too:\n{}",
            other.join("\n")
        );
    }
    Ok(())
}

/// Formatting, lints, docs and licences.
pub(crate) fn lint() -> Result<()> {
    system::set_up()?;
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !works(&mut cargo(&[tool, "--version"])) {
            bail!("please type this and start again:\n\n  rustup component add {component}\n");
        }
    }
    run(&mut cargo(&["fmt", "--all", "--", "--check"])).context("`cargo fmt --all` mends this")?;
    one_build()?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // The engine without the trainer is checked, not built: its tests are among those that run with everything.
    let engine = ["clippy", "--package", "diorama", "--all-targets", "--no-default-features"];
    run(cargo(&engine).args(["--", "-D", "warnings"]))?;
    run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    if works(&mut cargo(&["deny", "--version"])) {
        return run(&mut cargo(&["deny", "check", "bans", "licenses", "sources"]));
    }
    eprintln!(
        "licences of dependencies NOT checked: `cargo install cargo-deny` would let deny.toml be applied"
    );
    Ok(())
}
