//! `diorama schema`: what a scene config may say.

use anyhow::Result;
use diorama::config;

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama schema > scene.schema.json

A config that names the file, as in \"$schema\": \"./scene.schema.json\", is completed and checked by editors.";

/// Nothing to choose.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<Outcome> {
    output::json(&config::schema())?;
    Ok(Outcome::Done)
}
