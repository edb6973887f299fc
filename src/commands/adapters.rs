//! `diorama adapters`: what this machine can render on.

use std::fmt::Write as _;

use anyhow::Result;
use diorama::gpu::{GpuError, adapters};

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama adapters
  diorama generate scenes/shelf.json --frames 10 --out datasets/shelf --adapter llvmpipe

The first one is used unless --adapter names another. Datasets state the adapter and driver that made them, since
pixels differ between drivers.";

/// How they are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let found = adapters();
    if args.json {
        output::json(&found)?;
        return Ok(Outcome::Done);
    }
    if found.is_empty() {
        return Err(GpuError::NoAdapter.into());
    }
    let mut table = String::new();
    for adapter in &found {
        let _ =
            writeln!(table, "{}  ({}, {}, {})", adapter.name, adapter.kind, adapter.backend, adapter.driver);
    }
    output::data(&table)?;
    Ok(Outcome::Done)
}
