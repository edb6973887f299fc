//! What leaves the program: data on standard output, words on standard error, single files.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result};
use serde::Serialize;

/// Puts data on standard output.
pub(super) fn data(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")
}

/// Puts JSON on standard output, indented, and a line feed.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    data(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Says something to people. That nobody listens is no error.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes a file, which appears under its name only when it is whole.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    // Pipes and devices are written to; they must not be replaced.
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, bytes).with_context(context);
    }
    let Some(name) = path.file_name() else {
        anyhow::bail!("cannot write {}: expected the name of a file", path.display());
    };
    let mut part = OsString::from(".");
    part.push(name);
    part.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(part);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written
        .inspect_err(|_| {
            // Gives the space back; that it may fail changes nothing.
            let _ = fs::remove_file(&part);
        })
        .with_context(context)
}
