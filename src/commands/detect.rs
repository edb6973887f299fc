//! `diorama detect`: a trained detector at work.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use diorama::{
    report,
    train::{Detection, Detector, Keep, Model, Sample},
};
use image::RgbImage;
use serde_json::{Value, json};

use super::{
    Outcome, output, progress,
    studio::stem,
    trainer::{self, DeviceChoice},
};

const EXAMPLES: &str = "\
Examples:
  diorama detect runs/shelf/model.safetensors photos/ --out found
  diorama detect model.safetensors shelf.jpg --score 0.5 --json > results.json
  diorama detect model.safetensors aisle_8_megapixels.jpg --tile 1280 --out found

With --out, pictures with boxes and results.json (COCO results, each with its file name) are written there. Category
ids count the model's classes from 1, image ids count the pictures from 1, in the order in which they were named.";

/// What is looked at, and what for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A model or a checkpoint
    model: PathBuf,
    /// Pictures, or folders of pictures
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// Folder for results and pictures with boxes
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Smallest score
    #[arg(long, value_name = "P", default_value_t = 0.3)]
    score: f32,
    /// Of two boxes of a class that overlap more than this, the surer one stays
    #[arg(long, value_name = "IOU", default_value_t = 0.6)]
    overlap: f32,
    /// Most detections a picture
    #[arg(long, value_name = "N", default_value_t = 300)]
    max_dets: usize,
    /// Look at larger pictures in tiles of this side, in pixels, which overlap by a quarter
    #[arg(long, value_name = "PX")]
    tile: Option<u32>,
    /// Where tensors live
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
    /// Adapter whose name contains this; see `diorama adapters`
    #[arg(long, value_name = "NAME")]
    adapter: Option<String>,
    /// Print the COCO results
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    if !(args.score > 0.0 && args.score < 1.0) {
        bail!("--score {}: expected between 0 and 1", args.score);
    }
    if !(0.0..=1.0).contains(&args.overlap) {
        bail!("--overlap {}: expected 0 to 1", args.overlap);
    }
    if args.tile.is_some_and(|t| t < 64) {
        bail!("--tile: expected at least 64 pixels");
    }
    let model = Model::load(&args.model)?;
    let files = trainer::pictures(&args.pictures)?;
    let (device, _) = trainer::device(args.device, args.adapter.as_deref())?;
    let detector = Detector::new(&model, &device);
    let keep = Keep { score: args.score, overlap: args.overlap, most: args.max_dets, tile: args.tile };
    if let Some(out) = &args.out {
        fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    }
    let bar = progress::bar(files.len() as u64, 0, "pictures");
    let (mut results, mut lines, mut drawn) = (Vec::new(), String::new(), BTreeMap::new());
    for (number, path) in files.iter().enumerate() {
        let picture = trainer::read(path)?;
        let found = detector.detect(&picture, &keep)?;
        results.extend(found.iter().map(|d| result(number + 1, &picture.name, d)));
        lines += &format!("{}  {}\n", picture.name, counts(&model.config.classes, &found));
        if let Some(out) = &args.out {
            // Pictures of several folders may share a name.
            let uses = drawn.entry(stem(path)).or_insert(0);
            *uses += 1;
            let name = if *uses == 1 { stem(path) } else { format!("{}-{uses}", stem(path)) };
            output::save(&out.join(format!("{name}.png")), &report::to_png(&with_boxes(picture, &found)?)?)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(out) = &args.out {
        let text = serde_json::to_string(&results)? + "\n";
        output::save(&out.join("results.json"), text.as_bytes())?;
    }
    if args.json {
        output::json(&results)?
    } else {
        output::data(&lines)?
    }
    Ok(Outcome::Done)
}

fn result(image: usize, name: &str, found: &Detection) -> Value {
    // Scores in single precision, without the digits that a conversion would make up.
    let score: f64 = found.score.to_string().parse().unwrap_or_else(|_| f64::from(found.score));
    let round = |v: f64| (v * 100.0).round() / 100.0;
    let b = found.bbox;
    json!({
        "image_id": image,
        "file_name": name,
        "category_id": found.class + 1,
        "bbox": [round(b.x), round(b.y), round(b.w), round(b.h)],
        "score": score,
    })
}

/// How many of each class, most first.
fn counts(classes: &[String], found: &[Detection]) -> String {
    let mut of = vec![0usize; classes.len()];
    found.iter().for_each(|d| of[d.class] += 1);
    let mut named: Vec<(usize, &String)> =
        of.into_iter().zip(classes).filter(|(count, _)| *count > 0).collect();
    named.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    if named.is_empty() {
        return "nothing".to_owned();
    }
    named.iter().map(|(count, name)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
}

fn with_boxes(picture: Sample, found: &[Detection]) -> Result<RgbImage> {
    let mut image = RgbImage::from_raw(picture.width, picture.height, picture.rgb)
        .context("a picture has as many bytes as its size says")?;
    // The surest last, on top.
    for one in found.iter().rev() {
        let id = u32::try_from(one.class).unwrap_or(u32::MAX).saturating_add(1);
        report::draw_box(&mut image, one.bbox, report::distinct(id));
    }
    Ok(image)
}

#[cfg(test)]
mod tests {
    use diorama::geometry::BoxPx;

    use super::*;

    #[test]
    fn results_are_coco_and_counts_are_sorted() {
        let one = |class| Detection { class, score: 0.1, bbox: BoxPx { x: 1.006, y: 2.0, w: 3.0, h: 4.0 } };
        let said = result(3, "a.jpg", &one(1));
        assert_eq!(said["bbox"], json!([1.01, 2.0, 3.0, 4.0]), "rounded to a hundredth");
        assert_eq!((&said["score"], &said["category_id"]), (&json!(0.1), &json!(2)), "plain numbers");
        let classes = ["can".to_owned(), "jar".to_owned()];
        assert_eq!(counts(&classes, &[one(0), one(1), one(1)]), "2 jar, 1 can", "most first");
        assert_eq!(counts(&classes, &[]), "nothing", "none");
    }
}
