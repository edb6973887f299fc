//! The Python environment of the tests: pycocotools opens what the engine wrote.

use std::{env, path::Path, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    shell::{program, root, run, target, works},
    system::install,
};

/// A Python that has what `tests/requirements.txt` names. Honours `DIORAMA_PYTHON`.
pub(crate) fn set_up() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("DIORAMA_PYTHON").map(PathBuf::from) {
        if is_complete(&chosen) {
            return Ok(chosen);
        }
        eprintln!("DIORAMA_PYTHON ({}) lacks a package of tests/requirements.txt", chosen.display());
    }
    let folder = target().join("venv");
    let python = folder.join("bin/python");
    if is_complete(&python) {
        return Ok(python);
    }
    if !makes_environments() {
        install(&["python3", "python3-venv"])?;
    }
    run(program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let requirements = root().join("tests/requirements.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(program(&python).args(pip).arg(requirements)).context(
        "the tests check datasets with pycocotools, models with onnxruntime and films with av, which pip could not install",
    )?;
    Ok(python)
}

fn is_complete(python: &Path) -> bool {
    works(program(python).args(["-c", "import numpy, PIL, pycocotools.mask, onnxruntime, av"]))
}

/// Debian splits `venv` in two: without the package python3-venv the module is there and pip is not.
fn makes_environments() -> bool {
    works(program("python3").args(["-c", "import venv, ensurepip"]))
}
