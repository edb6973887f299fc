//! `diorama curves`: how runs of training went, as a picture.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use diorama::{
    report::{Line, Panel, curve_page, to_png},
    train::LOG,
};
use serde_json::Value;

use super::{Outcome, output, studio::stem};

const EXAMPLES: &str = "\
Examples:
  diorama curves runs/shelf --out curves.png
  diorama curves runs/sweep/000 runs/sweep/001 --out compared.png";

/// Which runs are drawn.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folders of runs
    #[arg(required = true)]
    runs: Vec<PathBuf>,
    /// Draw into this PNG
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    draw(&args.runs, &args.out)?;
    Ok(Outcome::Done)
}

/// Draws the logs of runs: scores first, then every part of the loss, then the learning rate.
pub(super) fn draw(runs: &[PathBuf], out: &Path) -> Result<()> {
    let mut curves: BTreeMap<(u8, String), Vec<Line>> = BTreeMap::new();
    for folder in runs {
        for (key, points) in read(&folder.join(LOG))? {
            let noisy = key.0 == LOSS;
            curves.entry(key).or_default().push(Line { name: stem(folder), points, noisy });
        }
    }
    let panels: Vec<Panel> = curves.into_iter().map(|((_, title), lines)| Panel { title, lines }).collect();
    let names: Vec<String> = runs.iter().map(|run| run.display().to_string()).collect();
    output::save(out, &to_png(&curve_page(&panels, &names.join(", "))?)?)
}

/// Points of step and value, by the plot's place and name.
type Curves = BTreeMap<(u8, String), Vec<[f64; 2]>>;

/// Order of the plots.
const SCORE: u8 = 0;
const LOSS: u8 = 1;
const OTHER: u8 = 2;

/// The curves of a log, by their place on the page and their name.
fn read(log: &Path) -> Result<Curves> {
    let text = fs::read_to_string(log).with_context(|| format!("cannot read {}", log.display()))?;
    let mut curves = Curves::new();
    for (number, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line)
            .with_context(|| format!("{}, line {}: is no JSON", log.display(), number + 1))?;
        let Some(step) = line["step"].as_f64() else {
            bail!("{}, line {}: expected a `step`", log.display(), number + 1);
        };
        let mut put = |kind: u8, name: &str, value: &Value| {
            if let Some(value) = value.as_f64() {
                curves.entry((kind, name.to_owned())).or_default().push([step, value]);
            }
        };
        for (name, value) in line.as_object().into_iter().flatten() {
            match name.as_str() {
                "step" | "objects" | "norm" => {}
                "scores" => {
                    value.as_object().into_iter().flatten().for_each(|(name, value)| put(SCORE, name, value))
                }
                "lr" => put(OTHER, "learning rate", value),
                _ => put(LOSS, &name.replace('_', " "), value),
            }
        }
    }
    Ok(curves)
}
