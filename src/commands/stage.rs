//! `diorama stage`: a frame's scene for other programs.

use std::path::PathBuf;

use anyhow::Result;
use diorama::scene::{ExportOptions, export_glb};
use serde_json::json;

use super::{Outcome, output, studio::SceneArgs};

const EXAMPLES: &str = "\
Examples:
  diorama stage scenes/shelf.json --frame 7 --out frame7.glb
  diorama stage scenes/shelf.json --frame 7 --out frame7.glb --art-side 1024

Every instance is a node that carries its number as extras.instance_id, the one that truth and annotations have.";

/// What is staged.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    scene: SceneArgs,
    /// The frame
    #[arg(long, value_name = "K", default_value_t = 0)]
    frame: u64,
    /// File to write, a .glb
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Longest side of label art, pixels
    #[arg(long, value_name = "PX", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=4096))]
    art_side: u32,
    /// Print what was written as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let world = args.scene.world()?;
    let scene = world.sampler.stage(args.frame)?;
    let options = ExportOptions { art_side_px: args.art_side, ..ExportOptions::default() };
    let bytes = export_glb(&scene, &world.library, &options)?;
    output::save(&args.out, &bytes)?;
    if args.json {
        output::json(&json!({
            "file": args.out,
            "frame": args.frame,
            "instances": scene.instances.len(),
            "lights": scene.lights.len(),
            "bytes": bytes.len(),
        }))?;
    } else {
        output::say(&format!(
            "{} instances, {} lights, {:.1} MB: {}",
            scene.instances.len(),
            scene.lights.len(),
            f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)) / 1e6,
            args.out.display()
        ));
    }
    Ok(Outcome::Done)
}
