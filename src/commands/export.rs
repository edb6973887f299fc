//! `diorama export`: a trained detector for other programs.

use std::path::PathBuf;

use anyhow::{Result, bail};
use diorama::train::{
    Keep, Model,
    onnx::{OPSET, OnnxOptions, onnx},
};

use super::{Outcome, output, train::input};

const EXAMPLES: &str = "\
Examples:
  diorama export runs/shelf/model.safetensors --onnx shelf.onnx
  diorama export runs/shelf/model.safetensors --onnx shelf.onnx --batch 1 --nms --score 0.3
  diorama export runs/shelf/last.safetensors --safetensors shelf.safetensors

The ONNX file takes `pictures` [batch, 3, height, width], red, green, blue from 0 to 1, and gives `scores`
[batch, cells, classes] and `boxes` [batch, cells, 4]: left, top, right, bottom in pixels of the input; with keypoints
`keypoints` [batch, cells, keypoints, 3]: x, y, how surely visible. A faster_rcnn gives `scores` [regions, classes],
`boxes` [regions, 4] and `picture_of` [regions]. With --nms also `kept` [any, 3]: picture, class, and cell or region of
each detection.";

/// What is written, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A model or a checkpoint
    model: PathBuf,
    /// Write an ONNX file
    #[arg(long, value_name = "FILE", required_unless_present = "safetensors")]
    onnx: Option<PathBuf>,
    /// Write the averaged weights alone, with what describes them, as safetensors
    #[arg(long, value_name = "FILE")]
    safetensors: Option<PathBuf>,
    /// Pictures a batch [default: left open]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Side of the input, or both as in 640x480 [default: as trained]
    #[arg(long, value_name = "PX", value_parser = input)]
    input: Option<[u32; 2]>,
    /// Suppress doubles inside of the network
    #[arg(long)]
    nms: bool,
    /// With --nms: smallest score
    #[arg(long, value_name = "P", default_value_t = 0.3)]
    score: f32,
    /// With --nms: of two boxes of a class that overlap more than this, the surer one stays
    #[arg(long, value_name = "IOU", default_value_t = 0.6)]
    overlap: f32,
    /// With --nms: most detections a class and picture
    #[arg(long, value_name = "N", default_value_t = 300)]
    max_dets: usize,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let model = Model::load(&args.model)?;
    if args.batch == Some(0) {
        bail!("--batch 0: expected at least 1");
    }
    let stride = model.config.size.largest_stride();
    if let Some([w, h]) = args.input
        && (w == 0 || h == 0 || w % stride != 0 || h % stride != 0)
    {
        bail!("--input {w}x{h}: expected multiples of {stride}");
    }
    if let Some(path) = &args.onnx {
        let keep = Keep { score: args.score, overlap: args.overlap, most: args.max_dets, tile: None };
        let options =
            OnnxOptions { batch: args.batch, input: args.input, suppress: args.nms.then_some(keep) };
        output::save(path, &onnx(&model, &options))?;
        output::say(&format!("{}: ONNX, opset {OPSET}", path.display()));
    }
    if let Some(path) = &args.safetensors {
        model.save(path)?;
        output::say(&format!("{}: safetensors", path.display()));
    }
    Ok(Outcome::Done)
}
