//! `diorama schema`: what scene configs and planograms may say.

use anyhow::Result;
use diorama::config;

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama schema > scene.schema.json
  diorama schema planogram > planogram.schema.json

A config that names the file, as in \"$schema\": \"./scene.schema.json\", is completed and checked by editors.";

/// Files that have a schema.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    /// Scene configs
    Scene,
    /// Planograms
    Planogram,
}

/// Which schema.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Kind of file
    #[arg(value_enum, default_value_t = Kind::Scene)]
    kind: Kind,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    output::json(&match args.kind {
        Kind::Scene => config::schema(),
        Kind::Planogram => config::planogram_schema(),
    })?;
    Ok(Outcome::Done)
}
