//! `diorama eval`: how good are detections?

mod page;
mod slices;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use diorama::{
    dataset::{Coco, CocoOptions, Comparing, Faults, OnFault, PictureCheck, Results, ResultsOptions},
    eval::{IouType, Operating, Options, Picture, Report, evaluate, operating, outcomes},
};
use serde::Serialize;

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama eval runs/shelf/model.safetensors --data datasets/shelf --slices --out report
  diorama eval --detections results.json --data datasets/shelf
  diorama eval --detections results.json --data photos/annotations.json --slices --out report
  diorama eval --detections results.json --data datasets/shelf --slice front_visible=0,0.25,0.5,0.75,1
  diorama eval --detections results.json --data datasets/shelf --slice image.facts.on_shelf_availability
  diorama eval --detections results.json --data person_keypoints_val2017.json --iou keypoints
  diorama eval --detections results.json --data datasets/shelf --rename '*=product' --min-ap 0.5

Results are COCO's (a list of image_id, category_id, score and bbox, segmentation or keypoints), of any detector; the
numbers are those of pycocotools for the same numbers of detections. --min-ap makes the exit code 1 when the average
precision is lower.";

/// What is compared with what.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A model or a checkpoint, to be tried out on the pictures
    #[cfg(feature = "train")]
    #[arg(required_unless_present = "detections", conflicts_with = "detections")]
    model: Option<PathBuf>,
    #[cfg(feature = "train")]
    #[command(flatten)]
    trial: super::trainer::TrialArgs,
    /// COCO results of a detector
    #[arg(long, value_name = "RESULTS")]
    #[cfg_attr(not(feature = "train"), arg(required = true))]
    detections: Option<PathBuf>,
    /// The truth: a dataset's folder, or a COCO file
    #[arg(long, value_name = "DIR_OR_JSON")]
    data: PathBuf,
    /// Folder of the pictures, where they are not in a usual place
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    /// What is compared
    #[arg(long, value_enum, default_value_t = Iou::Bbox)]
    iou: Iou,
    /// Most detections a picture and class; COCO has 100, and 20 for keypoints [default: 300; keypoints: 20]
    #[arg(long, value_name = "N")]
    max_dets: Option<usize>,
    /// Tell visibility, size in pixels and distance apart
    #[arg(long)]
    slices: bool,
    /// Tell a field of the annotations apart, or one of the image records as `image.FIELD`, at these edges; may be
    /// repeated
    #[arg(long, value_name = "FIELD[=EDGES]")]
    slice: Vec<String>,
    /// Only these categories, after renaming; may be repeated
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    /// Give a category another name; `*` is any that is not named; may be repeated
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// How far off each keypoint may be, relative to the object [default: COCO's 17]
    #[arg(long, value_name = "SIGMA", value_delimiter = ',')]
    sigmas: Vec<f64>,
    /// What to do about faulty annotations and detections: `keep` leaves boxes without area or outside of the picture
    /// in, as pycocotools does, and skips the rest
    #[arg(long, value_enum, default_value_t = Faulty::Fail)]
    faulty: Faulty,
    /// Take `ignore: 1` of annotations at its word; pycocotools overwrites it with `iscrowd`
    #[arg(long)]
    honour_ignore: bool,
    /// Write report.json, report.txt and a page of pictures into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Fail with exit code 1 when AP is lower
    #[arg(long, value_name = "AP")]
    min_ap: Option<f64>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Iou {
    /// Boxes
    Bbox,
    /// Masks
    Segm,
    /// Keypoints, by their similarity
    Keypoints,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Faulty {
    /// Name them and stop
    Fail,
    /// Leave them out, and count them
    Skip,
    /// Leave boxes as they are
    Keep,
}

/// Everything that is said, and what the page is drawn from.
struct Judged {
    coco: Coco,
    pictures: Vec<Picture>,
    options: Options,
    report: Report,
}

/// The report as a file.
#[derive(Serialize)]
struct Told<'a> {
    data: String,
    detections: String,
    iou: IouType,
    max_dets: &'a [usize],
    pictures: usize,
    detected: usize,
    left_out: Vec<&'a Faults>,
    /// Where F1 at an overlap of 0.5 is best.
    operating: Option<Operating>,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let coco = Coco::open(&args.data, &coco_options(args)?)?;
    if coco.pictures().is_empty() {
        bail!("{}: there are no pictures to evaluate on", coco.file().display());
    }
    let wanted = ResultsOptions { on_fault: args.faulty.into(), masks: matches!(args.iou, Iou::Segm) };
    let (results, from) = match &args.detections {
        Some(path) => (Results::open(path, &coco, wanted)?, path.display().to_string()),
        None => tried_out(args, &coco)?,
    };
    let (judged, further) = judge(args, coco, &results)?;
    let left_out: Vec<&Faults> =
        [judged.coco.faults(), &results.faults, &further].into_iter().filter(|f| !f.is_empty()).collect();
    for faults in &left_out {
        output::say(&format!("left out, or kept as it is: {faults}"));
    }
    let outcomes = outcomes(judged.coco.categories().len(), &judged.pictures, &judged.options, 0.5)?;
    let told = Told {
        data: judged.coco.file().display().to_string(),
        detections: from,
        iou: args.iou.into(),
        max_dets: &judged.options.max_dets,
        pictures: judged.pictures.len(),
        detected: results.len(),
        left_out,
        operating: operating(&judged.pictures, &outcomes),
        report: &judged.report,
    };
    let text = text(&told);
    if let Some(out) = &args.out {
        page::write(out, &judged, &told, &text, &outcomes)?;
    }
    if args.json {
        output::json(&told)?
    } else {
        output::data(&text)?
    }
    check(args, &judged.report)
}

/// What a model finds on the pictures, and its name.
#[cfg(feature = "train")]
fn tried_out(args: &Args, coco: &Coco) -> Result<(Results, String)> {
    let model = args.model.as_deref().context("expected a model or --detections")?;
    if !matches!(args.iou, Iou::Bbox) {
        bail!("--iou: a model of this program finds boxes; expected bbox");
    }
    let found = super::trainer::try_out(model, coco, args.max_dets.unwrap_or(300), &args.trial)?;
    Ok((Results::of(found, coco), model.display().to_string()))
}

#[cfg(not(feature = "train"))]
fn tried_out(_: &Args, _: &Coco) -> Result<(Results, String)> {
    bail!("expected --detections: this program was built without the trainer")
}

fn check(args: &Args, report: &Report) -> Result<Outcome> {
    let Some(least) = args.min_ap else { return Ok(Outcome::Done) };
    let Some(ap) = report.all.ap else {
        bail!("--min-ap: there is nothing to find in {}", args.data.display());
    };
    if ap < least {
        output::say(&format!("AP is {ap:.4}, below {least}"));
        return Ok(Outcome::CheckFailed);
    }
    Ok(Outcome::Done)
}

fn coco_options(args: &Args) -> Result<CocoOptions> {
    let rename = args.rename.iter().map(|text| {
        let pair = text.split_once('=').filter(|(old, new)| !old.is_empty() && !new.is_empty());
        let (old, new) = pair.with_context(|| format!("--rename {text}: expected OLD=NEW"))?;
        Ok((old.to_owned(), new.to_owned()))
    });
    let (object_facts, picture_facts) = slices::fields(&args.slice)?;
    Ok(CocoOptions {
        on_fault: args.faulty.into(),
        check: if args.out.is_some() || args.detections.is_none() {
            PictureCheck::There
        } else {
            PictureCheck::No
        },
        pictures: args.pictures.clone(),
        categories: (!args.category.is_empty()).then(|| args.category.clone()),
        rename: rename.collect::<Result<_>>()?,
        masks: matches!(args.iou, Iou::Segm),
        object_facts,
        picture_facts,
    })
}

fn judge(args: &Args, coco: Coco, results: &Results) -> Result<(Judged, Faults)> {
    let keypoints = matches!(args.iou, Iou::Keypoints);
    let max_dets = args.max_dets.unwrap_or(if keypoints { 20 } else { 300 });
    if max_dets == 0 {
        bail!("--max-dets 0: expected at least 1");
    }
    let mut options = if keypoints { Options::coco_keypoints(max_dets) } else { Options::coco(max_dets) };
    if !args.sigmas.is_empty() {
        options.sigmas.clone_from(&args.sigmas);
    }
    let points = coco.categories().iter().map(|category| category.keypoints.len()).max().unwrap_or(0);
    if keypoints && points > 0 && points != options.sigmas.len() {
        bail!(
            "{}: its categories have {points} keypoints: expected as many with --sigmas, there are {}",
            coco.file().display(),
            options.sigmas.len()
        );
    }
    let how = Comparing {
        iou: args.iou.into(),
        keypoints: options.sigmas.len(),
        honour_ignore: args.honour_ignore,
        // Faulty boxes are the reader's business; what cannot be compared at all is left out or stops us.
        on_fault: args.faulty.into(),
    };
    let (pictures, faults) = coco.judged(results, how)?;
    let slices = if faults.is_empty() {
        slices::slices(args.slices, &args.slice, &coco)?
    } else if args.slices || !args.slice.is_empty() {
        bail!("slices need every annotation to be comparable: {faults}");
    } else {
        Vec::new()
    };
    let evaluation = evaluate(coco.categories().len(), &pictures, &options, &slices)?;
    let names: Vec<String> = coco.categories().iter().map(|category| category.name.clone()).collect();
    let report = evaluation.report(&names);
    Ok((Judged { coco, pictures, options, report }, faults))
}

fn text(told: &Told<'_>) -> String {
    let mut text = format!(
        "{}: {} detections in {} pictures of {}\n\n{}",
        told.detections, told.detected, told.pictures, told.data, told.report
    );
    if let Some(best) = &told.operating {
        text += &format!(
            "\nbest F1 {:.3} at IoU 0.50 with scores from {:.3} on: precision {:.3}, recall {:.3}\n",
            best.f1, best.score, best.precision, best.recall
        );
    }
    text
}

impl From<Iou> for IouType {
    fn from(iou: Iou) -> Self {
        match iou {
            Iou::Bbox => Self::Bbox,
            Iou::Segm => Self::Segm,
            Iou::Keypoints => Self::Keypoints,
        }
    }
}

impl From<Faulty> for OnFault {
    fn from(faulty: Faulty) -> Self {
        match faulty {
            Faulty::Fail => Self::Fail,
            Faulty::Skip => Self::Skip,
            Faulty::Keep => Self::KeepBoxes,
        }
    }
}
