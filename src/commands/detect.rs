//! `diorama detect`: a trained detector at work.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use diorama::{
    eval::shelf::{Item, Shelf, ShelfOptions, shelf},
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
  diorama detect model.safetensors shelf.jpg --shelf

With --out, pictures with boxes and results.json (COCO results, each with its file name) are written there. Category
ids count the model's classes from 1, image ids count the pictures from 1, in the order in which they were named.

With --shelf the boxes are read as a shelf: its rows from the top down, facings found, gaps between them and how many
facings would fit, and the share of facings that are there (on-shelf availability). Nothing is known of what should
stand there: an empty end of a row is no gap. With --out, gaps are drawn, and shelves.json is written.";

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
    /// Read rows, gaps and availability of a shelf from the boxes
    #[arg(long)]
    shelf: bool,
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
    let mut shelves = Vec::new();
    for (number, path) in files.iter().enumerate() {
        let picture = trainer::read(path)?;
        let found = detector.detect(&picture, &keep)?;
        results.extend(found.iter().map(|d| result(number + 1, &picture.name, d)));
        lines += &format!("{}  {}\n", picture.name, counts(&model.config.classes, &found));
        let shelf = args.shelf.then(|| read_shelf(&found));
        if let Some(shelf) = &shelf {
            lines += &table(shelf);
            shelves.push(json!({ "image_id": number + 1, "file_name": picture.name, "shelf": shelf }));
        }
        if let Some(out) = &args.out {
            // Pictures of several folders may share a name.
            let uses = drawn.entry(stem(path)).or_insert(0);
            *uses += 1;
            let name = if *uses == 1 { stem(path) } else { format!("{}-{uses}", stem(path)) };
            output::save(
                &out.join(format!("{name}.png")),
                &report::to_png(&with_boxes(picture, &found, shelf.as_ref())?)?,
            )?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(out) = &args.out {
        let text = serde_json::to_string(&results)? + "\n";
        output::save(&out.join("results.json"), text.as_bytes())?;
        if args.shelf {
            let text = serde_json::to_string(&shelves)? + "\n";
            output::save(&out.join("shelves.json"), text.as_bytes())?;
        }
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
    let mut result = json!({
        "image_id": image,
        "file_name": name,
        "category_id": found.class + 1,
        "bbox": [round(b.x), round(b.y), round(b.w), round(b.h)],
        "score": score,
    });
    if !found.points.is_empty() {
        let points: Vec<f64> = found.points.iter().flatten().map(|v| round(*v)).collect();
        result["keypoints"] = json!(points);
    }
    result
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

fn read_shelf(found: &[Detection]) -> Shelf {
    let items: Vec<Item> = found.iter().map(|d| Item { bbox: d.bbox, class: d.class }).collect();
    shelf(&items, &ShelfOptions::default())
}

/// Rows of a shelf, a line each.
fn table(shelf: &Shelf) -> String {
    let mut table = String::from("  row  facings  gaps  missing  availability\n");
    for (number, row) in shelf.rows.iter().enumerate() {
        let share = 100.0 * row.availability;
        let (facings, gaps, missing) = (row.front.len(), row.gaps.len(), row.missing());
        table += &format!("  {:>3}  {facings:>7}  {gaps:>4}  {missing:>7}  {share:>10.1} %\n", number + 1);
    }
    let all =
        shelf.availability.map_or_else(|| "nothing".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    table + &format!("  on-shelf availability: {all}\n")
}

fn with_boxes(picture: Sample, found: &[Detection], shelf: Option<&Shelf>) -> Result<RgbImage> {
    let mut image = RgbImage::from_raw(picture.width, picture.height, picture.rgb)
        .context("a picture has as many bytes as its size says")?;
    // The surest last, on top.
    for one in found.iter().rev() {
        let id = u32::try_from(one.class).unwrap_or(u32::MAX).saturating_add(1);
        report::draw_box(&mut image, one.bbox, report::distinct(id));
        report::draw_points(&mut image, &one.points);
    }
    for gap in shelf.iter().flat_map(|shelf| &shelf.rows).flat_map(|row| &row.gaps) {
        report::draw_box(&mut image, gap.bbox, report::MISSED);
    }
    Ok(image)
}

#[cfg(test)]
mod tests {
    use diorama::geometry::BoxPx;

    use super::*;

    #[test]
    fn a_shelf_is_read_from_boxes() {
        let can = |x: f64, y: f64| Detection {
            class: 0,
            score: 0.9,
            bbox: BoxPx { x, y, w: 10.0, h: 20.0 },
            points: Vec::new(),
        };
        // Two rows; of the lower one the third of four is sold out.
        let found: Vec<Detection> = (0..4u8)
            .map(|i| can(f64::from(i) * 11.0, 0.0))
            .chain([0u8, 1, 3].map(|i| can(f64::from(i) * 11.0, 60.0)))
            .collect();
        let text = table(&read_shelf(&found));
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["1", "4", "0", "0", "100.0", "%"], "{text}");
        assert_eq!(rows[2], ["2", "3", "1", "1", "75.0", "%"], "{text}");
        assert!(text.ends_with("availability: 87.5 %\n"), "{text}");
        assert!(table(&read_shelf(&[])).ends_with("nothing\n"), "without boxes there is no share");
    }

    #[test]
    fn results_are_coco_and_counts_are_sorted() {
        let bbox = BoxPx { x: 1.006, y: 2.0, w: 3.0, h: 4.0 };
        let one = |class| Detection { class, score: 0.1, bbox, points: Vec::new() };
        let said = result(3, "a.jpg", &one(1));
        assert_eq!(said["bbox"], json!([1.01, 2.0, 3.0, 4.0]), "rounded to a hundredth");
        assert!(said.get("keypoints").is_none(), "none were looked for");
        let with = Detection { points: vec![[1.0, 2.004, 0.5]], ..one(1) };
        assert_eq!(
            result(3, "a.jpg", &with)["keypoints"],
            json!([1.0, 2.0, 0.5]),
            "x, y, how surely visible"
        );
        assert_eq!((&said["score"], &said["category_id"]), (&json!(0.1), &json!(2)), "plain numbers");
        let classes = ["can".to_owned(), "jar".to_owned()];
        assert_eq!(counts(&classes, &[one(0), one(1), one(1)]), "2 jar, 1 can", "most first");
        assert_eq!(counts(&classes, &[]), "nothing", "none");
    }
}
