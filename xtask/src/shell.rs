//! Running other programs from the project's root.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// Where builds go, as cargo decides it; also where the Python environment of the tests lives.
pub(crate) fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))
}

/// A program that will run in the project's root.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    // A layer of Mesa's that sorts devices, which we do ourselves, and complains where there is no desktop.
    command.current_dir(root()).env("NODEVICE_SELECT", "1");
    command
}

/// Cargo itself, the one that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Shows a command and runs it; its output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    eprintln!("==> {line}");
    let status = command.status().with_context(|| format!("cannot start: {line}"))?;
    if !status.success() {
        bail!("failed ({status}): {line}");
    }
    Ok(())
}

/// Whether a command runs and succeeds; its output is dropped.
pub(crate) fn works(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// A command as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    let name =
        Path::new(&*words[0]).file_name().map_or(words[0].clone(), OsStr::to_string_lossy).into_owned();
    std::iter::once(name.as_str()).chain(words[1..].iter().map(AsRef::as_ref)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_name_the_command() {
        let error =
            run(cargo(&["no-such-subcommand", "x"]).stderr(Stdio::null())).expect_err("cargo refuses");
        assert!(error.to_string().contains("cargo no-such-subcommand x"), "{error}");
        let error = run(&mut program("no-such-program")).expect_err("it does not exist");
        assert!(format!("{error:#}").contains("cannot start: no-such-program"), "{error:#}");
    }
}
