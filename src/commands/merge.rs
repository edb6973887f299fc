//! `diorama merge`: parts become a whole.

use std::path::PathBuf;

use anyhow::Result;
use diorama::write::merge;
use serde_json::json;

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama generate scenes/shelf.json --frames 1000 --out part0 --shard 0/2
  diorama generate scenes/shelf.json --frames 1000 --out part1 --shard 1/2
  diorama merge part0 part1 --out datasets/shelf

The result is byte for byte what one run would have written. A merge that was stopped is continued by the same
command. The parts stay as they are.";

/// What is joined.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folders of all parts, in any order
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// Folder for the whole, new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print a summary as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let summary = merge(&args.parts, &args.out)?;
    if args.json {
        output::json(&json!({ "out": summary.dir, "counts": summary.counts }))?;
    } else {
        output::say(&format!(
            "{} frames, {} annotations from {} parts: {}",
            summary.counts.frames,
            summary.counts.annotations,
            args.parts.len(),
            args.out.display()
        ));
    }
    Ok(Outcome::Done)
}
