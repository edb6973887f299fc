//! `diorama stats`: what is in a dataset.

use std::path::PathBuf;

use anyhow::Result;
use diorama::{
    dataset::{Counted, stats},
    report::{histogram_page, to_png},
};

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama stats datasets/shelf
  diorama stats datasets/shelf --out stats.png
  diorama stats datasets/shelf --json
  diorama stats datasets/shelf --annotations";

/// What is counted.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the dataset
    dataset: PathBuf,
    /// Count what the COCO file asks a detector for, and not everything that the pictures show
    #[arg(long)]
    annotations: bool,
    /// Draw histograms into this PNG too
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the numbers as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let counted = if args.annotations { Counted::Annotations } else { Counted::All };
    let found = stats(&args.dataset, counted)?;
    if let Some(out) = &args.out {
        output::save(out, &to_png(&histogram_page(&found)?)?)?;
    }
    if args.json {
        output::json(&found)?
    } else {
        output::data(&found.to_string())?
    }
    Ok(Outcome::Done)
}
