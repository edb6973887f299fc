//! The commands, one file each, and what they share: how they are chosen, and how they end.

mod adapters;
mod bench;
mod catalogue;
mod completions;
#[cfg(feature = "train")]
mod curves;
#[cfg(feature = "train")]
mod detect;
mod eval;
#[cfg(feature = "train")]
mod export;
mod generate;
mod inspect;
mod merge;
mod output;
mod play;
mod preview;
mod progress;
mod relabel;
mod reproduce;
mod schema;
mod stage;
mod stats;
mod studio;
#[cfg(feature = "train")]
mod sweep;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "train")]
mod trainer;
mod verify;
mod why;

use std::{io, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// What was asked for is done.
    Done,
    /// It ran, and a check that it made did not pass.
    CheckFailed,
    /// It was stopped before its end and can be continued.
    Stopped,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::CheckFailed => Self::from(1),
            Outcome::Stopped => Self::from(2),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  diorama generate scenes/shelf.json --frames 1000 --out datasets/shelf
  diorama preview scenes/shelf.json --frame 7
  diorama verify datasets/shelf

Exit codes: 0 done; 1 it ran and a check failed; 2 an error, or stopped before the end.
Standard output carries data only; everything said to people goes to standard error.
RUST_LOG chooses what is logged there, as in RUST_LOG=diorama=debug.";

/// A synthetic-data engine: stages scenes, renders them headless, labels them perfectly, writes COCO datasets.
#[derive(Debug, Parser)]
#[command(name = "diorama", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a dataset of labelled pictures from a scene config
    Generate(generate::Args),
    /// Look at one frame, or at a contact sheet of many, without making a dataset
    Preview(preview::Args),
    /// Check every label and checksum of a dataset, and render some of its frames again
    Verify(verify::Args),
    /// Apply another label policy or category set to a dataset, without rendering
    Relabel(relabel::Args),
    /// Train a detector on a scene, rendered as it is needed
    #[cfg(feature = "train")]
    Train(Box<train::Args>),
    /// Train many detectors from one plan, and compare them
    #[cfg(feature = "train")]
    Sweep(sweep::Args),
    /// Draw how runs of training went
    #[cfg(feature = "train")]
    Curves(curves::Args),
    /// Find things on pictures with a trained detector
    #[cfg(feature = "train")]
    Detect(detect::Args),
    /// Write a trained detector for other programs: ONNX, safetensors
    #[cfg(feature = "train")]
    Export(export::Args),
    /// Join the parts of a sharded run into what one run would have written
    Merge(merge::Args),
    /// Say how good detections are, by COCO's metrics, and show what went wrong
    Eval(eval::Args),
    /// Say what is in a dataset: objects per picture, sizes, visibility, class balance
    Stats(stats::Args),
    /// Show a film of a dataset as one moving picture, with its tracks and events
    Play(play::Args),
    /// Show every value that was drawn for one instance of one frame
    Why(why::Args),
    /// Say what a glTF asset or a catalogue holds, and render it
    Inspect(inspect::Args),
    /// Write a staged frame as one glTF file, with camera and lights
    Stage(stage::Args),
    /// Print the JSON Schema of scene configs, or of planograms
    Schema(schema::Args),
    /// List the graphics adapters of this machine
    Adapters(adapters::Args),
    /// Measure where the time of a frame goes
    Bench(bench::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
}

impl Command {
    fn run(self) -> Result<Outcome> {
        match self {
            Self::Generate(args) => generate::run(&args),
            Self::Preview(args) => preview::run(&args),
            Self::Verify(args) => verify::run(&args),
            Self::Relabel(args) => relabel::run(&args),
            #[cfg(feature = "train")]
            Self::Train(args) => train::run(&args),
            #[cfg(feature = "train")]
            Self::Sweep(args) => sweep::run(&args),
            #[cfg(feature = "train")]
            Self::Curves(args) => curves::run(&args),
            #[cfg(feature = "train")]
            Self::Detect(args) => detect::run(&args),
            #[cfg(feature = "train")]
            Self::Export(args) => export::run(&args),
            Self::Merge(args) => merge::run(&args),
            Self::Eval(args) => eval::run(&args),
            Self::Stats(args) => stats::run(&args),
            Self::Play(args) => play::run(&args),
            Self::Why(args) => why::run(&args),
            Self::Inspect(args) => inspect::run(&args),
            Self::Stage(args) => stage::run(&args),
            Self::Schema(args) => schema::run(&args),
            Self::Adapters(args) => adapters::run(&args),
            Self::Bench(args) => bench::run(&args),
            Self::Completions(args) => completions::run(&args),
        }
    }
}

/// Reads the command line and does what it says. Usage mistakes end with exit code 2, as clap has it.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .without_time()
        .with_target(false)
        .init();
    match cli.command.run() {
        Ok(outcome) => outcome.into(),
        // Whoever read our output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("error: {}", told_once(&error)));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}

/// The chain of causes in one line; a cause that the one before it already quotes is left out.
fn told_once(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}
