//! `diorama verify`: is a dataset what it says it is?

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Result, bail};
use diorama::{
    dataset::{Dataset, Rerender, VerifyReport, verify},
    write::Manifest,
};

use super::{
    Outcome, output,
    studio::{PlaceArgs, Studio},
};

const EXAMPLES: &str = "\
Examples:
  diorama verify datasets/shelf
  diorama verify datasets/shelf --rerender 20
  diorama verify datasets/shelf --rerender 0 --json

Checks every checksum, every label against the stored pixels and the other labels, annotations.json against truth
and policy, and a sample of frames against fresh ones, byte for byte. Faults go to standard output, one a line; any
of them makes the exit code 1. Fresh frames need the assets, the adapter and the driver that the dataset was made
with; where one of those is not here, verify says so and goes without, or fails when --rerender was given.";

/// Frames rendered again unless a number is given.
const SAMPLE: u64 = 4;

/// What is checked.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the dataset
    dataset: PathBuf,
    /// Render N frames, evenly spread, again and compare every byte [default: 4]
    #[arg(long, value_name = "N")]
    rerender: Option<u64>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print what was checked and found as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let dataset = Dataset::open(&args.dataset)?;
    let manifest = dataset.manifest();
    let mut studio = studio(args, manifest)?;
    let range = manifest.run.range();
    let length = range.end - range.start;
    let count = args.rerender.unwrap_or(SAMPLE).min(length);
    let spread = |index: u64| {
        let offset = u128::from(index) * u128::from(length) / u128::from(count.max(1));
        range.start + u64::try_from(offset).unwrap_or(0)
    };
    let frames: BTreeSet<u64> = (0..count).map(spread).collect();
    let report = match &mut studio {
        None => verify(&args.dataset, None)?,
        Some(studio) => {
            let mut render = |frame: u64| match studio.shoot(frame, false) {
                Ok(shot) => Ok(shot.output.files),
                Err(error) => Err(super::told_once(&error.into())),
            };
            verify(&args.dataset, Some(Rerender { frames, render: &mut render }))?
        }
    };
    tell(args, &report)?;
    Ok(if report.passed() { Outcome::Done } else { Outcome::CheckFailed })
}

/// What frames are rendered again in, or `None` when none can or shall be.
fn studio(args: &Args, manifest: &Manifest) -> Result<Option<Studio>> {
    if args.rerender == Some(0) {
        return Ok(None);
    }
    let run = &manifest.run;
    let (made_on, engine) = (format!("{} ({})", run.adapter, run.driver), env!("CARGO_PKG_VERSION"));
    // Without a wish the adapter that made the dataset is looked for, whichever is best here.
    let mut place = args.place.clone();
    place.adapter.get_or_insert_with(|| run.adapter.clone());
    let reason = match place.open_gpu() {
        Err(error) => super::told_once(&error),
        Ok(gpu) if gpu.summary.name != run.adapter || gpu.summary.driver != run.driver => {
            format!("it was made on {made_on}; here is {} ({})", gpu.summary.name, gpu.summary.driver)
        }
        Ok(_) if run.engine != engine => format!("it was made by version {}; this is {engine}", run.engine),
        Ok(_) => match Studio::of(manifest, &place) {
            Ok(studio) => return Ok(Some(studio)),
            Err(error) => super::told_once(&error),
        },
    };
    if args.rerender.is_some() || args.place.assets.is_some() || args.place.adapter.is_some() {
        bail!("{}: its frames cannot be compared with fresh ones: {reason}", args.dataset.display());
    }
    output::say(&format!("no frames are rendered again: {reason}"));
    Ok(None)
}

fn tell(args: &Args, report: &VerifyReport) -> Result<()> {
    if args.json {
        return output::json(report);
    }
    output::data(&report.faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
    let verdict = match report.faults.len() {
        0 => "all is well".to_owned(),
        1 => "1 fault".to_owned(),
        many => format!("{many} faults"),
    };
    output::say(&format!(
        "{}: {verdict}; {} frames, {} instances and {} files checked, {} frames rendered again",
        args.dataset.display(),
        report.frames,
        report.instances,
        report.files,
        report.rerendered
    ));
    Ok(())
}
