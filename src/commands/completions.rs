//! `diorama completions`: for people who press Tab.

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama completions bash > ~/.local/share/bash-completion/completions/diorama
  diorama completions zsh > ~/.zfunc/_diorama
  diorama completions fish > ~/.config/fish/completions/diorama.fish";

/// Which shell.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "diorama", &mut script);
    output::data(&String::from_utf8(script).context("the script is no text")?)?;
    Ok(Outcome::Done)
}
