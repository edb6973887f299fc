//! Everything that must hold before a change is good.

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

/// Formatting, lints, docs and licences.
pub(crate) fn lint() -> Result<()> {
    system::set_up()?;
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !works(&mut cargo(&[tool, "--version"])) {
            bail!("please type this and start again:\n\n  rustup component add {component}\n");
        }
    }
    run(&mut cargo(&["fmt", "--all", "--", "--check"])).context("`cargo fmt --all` mends this")?;
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
