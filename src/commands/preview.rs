//! `diorama preview`: one frame from all sides of its labels, or many at a glance.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::ValueEnum;
use diorama::{
    dataset::{Dataset, read_picture},
    report::{OverlayOptions, Tile, contact_sheet, depth_view, id_view, overlay, to_png},
    truth::FrameTruth,
    write::encode::depth_mm,
};
use image::RgbImage;
use serde_json::json;

use super::{
    Outcome, output, progress, reproduce,
    studio::{SceneArgs, SceneChoices, Shot, Studio, some, stem},
};

const EXAMPLES: &str = "\
Examples:
  diorama preview scenes/shelf.json --frame 7
  diorama preview scenes/shelf.json --frame 7 --view labels --out frame7.png
  diorama preview scenes/shelf.json --sheet 12 --out sheet.png
  diorama preview --dataset datasets/shelf --sheet 24 --out sheet.png

Without --view a frame is written four times: the picture, and with .labels, .ids and .depth in their names the
picture with its labels drawn, the instance ids in colours, and the depth from near (blue) to far (red).
The paths of what was written go to standard output.";

/// Width of a whole contact sheet, pixels, as far as tiles stay readable.
const SHEET_WIDTH: u32 = 2400;

/// What is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Scene config, a JSON file
    #[arg(required_unless_present = "dataset", conflicts_with = "dataset")]
    scene: Option<PathBuf>,
    #[command(flatten)]
    choices: SceneChoices,
    /// A dataset on disk in place of a scene; needs --sheet
    #[arg(long, value_name = "DIR", requires = "sheet", conflicts_with_all = ["seed", "set", "view", "frame"])]
    dataset: Option<PathBuf>,
    /// The frame, or the first one of a sheet
    #[arg(long, value_name = "K", default_value_t = 0)]
    frame: u64,
    /// What to write of the frame; may be repeated
    #[arg(long, value_name = "VIEW", conflicts_with = "sheet")]
    view: Vec<View>,
    /// A contact sheet of N frames with their boxes drawn
    #[arg(long, value_name = "N")]
    sheet: Option<u64>,
    /// File to write, a PNG [default: named after scene and frame, in the working directory]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print what was written, and the frame's counts, as JSON
    #[arg(long)]
    json: bool,
}

/// Ways to look at a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum View {
    /// The picture as it would be stored
    Picture,
    /// The picture with its labels drawn
    Labels,
    /// Instance ids in distinct colours
    Ids,
    /// Depth from near (blue) to far (red)
    Depth,
    /// Camera-space normals as colours
    Normals,
}

impl View {
    fn word(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Labels => "labels",
            Self::Ids => "ids",
            Self::Depth => "depth",
            Self::Normals => "normals",
        }
    }

    fn of(self, shot: &Shot) -> Result<RgbImage> {
        let (size, pictures) = (shot.pictures.size, &shot.pictures);
        Ok(match self {
            Self::Picture => shot.picture()?,
            Self::Labels => overlay(&shot.picture()?, &shot.output.files.truth, &OverlayOptions::default())?,
            Self::Ids => {
                // The renderer refuses more instances than 16 bits name.
                let ids: Vec<u16> =
                    pictures.ids.iter().map(|&id| u16::try_from(id).unwrap_or(u16::MAX)).collect();
                id_view(size, &ids)?
            }
            Self::Depth => depth_view(size, &depth_mm(&pictures.depth))?,
            Self::Normals => RgbImage::from_fn(size.width, size.height, |x, y| {
                let at = (y as usize * size.width as usize + x as usize) * 4;
                image::Rgb([pictures.normals[at], pictures.normals[at + 1], pictures.normals[at + 2]])
            }),
        })
    }
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    match (&args.scene, &args.dataset, args.sheet) {
        (_, Some(dataset), Some(count)) => sheet_of_dataset(args, dataset, count)?,
        (Some(scene), _, sheet) => {
            let scene = SceneArgs { scene: scene.clone(), choices: args.choices.clone() };
            match sheet {
                Some(count) => sheet_of_scene(args, &scene, count)?,
                None => one_frame(args, &scene)?,
            }
        }
        _ => bail!("expected a scene config, or --dataset DIR with --sheet N"),
    }
    Ok(Outcome::Done)
}

fn one_frame(args: &Args, scene: &SceneArgs) -> Result<()> {
    let views = match args.view.as_slice() {
        [] => vec![View::Picture, View::Labels, View::Ids, View::Depth],
        some => some.to_vec(),
    };
    let mut studio = Studio::open(scene.recipe()?, &scene.choices.place)?;
    let shot = studio.shoot(args.frame, views.contains(&View::Normals))?;
    let base = match &args.out {
        Some(out) => out.clone(),
        None => format!("{}-{:06}.png", stem(&scene.scene), args.frame).into(),
    };
    let mut written = Vec::new();
    for view in &views {
        let path =
            if views.len() == 1 || *view == View::Picture { base.clone() } else { beside(&base, *view) };
        output::save(&path, &to_png(&view.of(&shot)?)?)?;
        written.push(path);
    }
    let truth = &shot.output.files.truth;
    report(args, &written, &[truth], studio.world.seed.0, scene)
}

/// `shelf.labels.png` beside `shelf.png`.
fn beside(base: &Path, view: View) -> PathBuf {
    base.with_file_name(format!("{}.{}.png", stem(base), view.word()))
}

fn sheet_of_scene(args: &Args, scene: &SceneArgs, count: u64) -> Result<()> {
    some(count, "--sheet", "frame")?;
    let mut studio = Studio::open(scene.recipe()?, &scene.choices.place)?;
    let bar = progress::bar(count, 0, "frames");
    let (mut tiles, mut truths) = (Vec::new(), Vec::new());
    for frame in args.frame..args.frame.saturating_add(count) {
        let shot = studio.shoot(frame, false).map_err(|error| {
            let command = reproduce::preview(scene, studio.world.seed.0, frame);
            anyhow::Error::from(error).context(format!("reproduce it with `{command}`"))
        })?;
        let truth = shot.output.files.truth.clone();
        tiles.push(tile(&shot.picture()?, &truth)?);
        truths.push(truth);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let path = args.out.clone().unwrap_or_else(|| format!("{}-sheet.png", stem(&scene.scene)).into());
    save_sheet(&path, &tiles)?;
    report(args, &[path], &truths.iter().collect::<Vec<_>>(), studio.world.seed.0, scene)
}

fn sheet_of_dataset(args: &Args, dir: &Path, count: u64) -> Result<()> {
    some(count, "--sheet", "frame")?;
    let dataset = Dataset::open(dir)?;
    let range = dataset.manifest().run.range();
    let there = dataset.records()?.count() as u64;
    some(there, "this dataset has", "complete frame; frames")?;
    let mut tiles = Vec::new();
    // Evenly spread, so that a sheet shows the whole.
    let shown = count.min(there);
    for index in 0..shown {
        let offset = u128::from(index) * u128::from(there) / u128::from(shown);
        let frame = range.start + u64::try_from(offset).unwrap_or(0);
        let truth = dataset.record(frame)?.truth;
        tiles.push(tile(&read_picture(&dataset.picture_path(&truth))?, &truth)?);
    }
    let path = args.out.clone().unwrap_or_else(|| {
        let name = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        format!("{}-sheet.png", stem(&name)).into()
    });
    save_sheet(&path, &tiles)?;
    if args.json {
        return output::json(&json!({ "files": [path], "frames": shown }));
    }
    output::data(&format!("{}\n", path.display()))
}

fn tile(picture: &RgbImage, truth: &FrameTruth) -> Result<Tile> {
    let options = OverlayOptions { masks: 0.0, labels: false, ..OverlayOptions::default() };
    let seen = truth.instances.iter().filter(|i| i.bbox.is_some()).count();
    Ok(Tile {
        caption: format!("frame {}: {seen} boxes", truth.frame),
        picture: overlay(picture, truth, &options)?,
    })
}

fn save_sheet(path: &Path, tiles: &[Tile]) -> Result<()> {
    let count = u32::try_from(tiles.len()).unwrap_or(u32::MAX);
    let columns = count.isqrt() + u32::from(count.isqrt().pow(2) < count);
    let width = (SHEET_WIDTH / columns).clamp(160, 640);
    output::save(path, &to_png(&contact_sheet(tiles, columns, width)?)?)
}

fn report(
    args: &Args,
    files: &[PathBuf],
    truths: &[&FrameTruth],
    seed: u64,
    scene: &SceneArgs,
) -> Result<()> {
    if args.json {
        let frames: Vec<_> = truths
            .iter()
            .map(|truth| {
                json!({
                    "frame": truth.frame,
                    "instances": truth.instances.len(),
                    "visible": truth.instances.iter().filter(|i| i.bbox.is_some()).count(),
                    "facts": truth.facts,
                })
            })
            .collect();
        return output::json(&json!({
            "scene": scene.scene,
            "seed": seed,
            "files": files,
            "frames": frames,
        }));
    }
    output::data(&files.iter().map(|file| format!("{}\n", file.display())).collect::<String>())
}
