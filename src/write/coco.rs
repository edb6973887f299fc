//! `annotations.json` and `annotations_parts.json`: COCO, streamed from the truth shards.
//!
//! The shards are read three times (names, pictures, annotations), a few frames at a time, so that memory does
//! not grow with the dataset. Every picture and every annotation has a line of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::Path,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{
    Admission, Categories, Category, CocoFile, Counts, Lines, Policy, RawLine, RunInfo, WriteError,
    record::Record,
};
use crate::{
    geometry::{BoxPx, Rle},
    truth::{BONES, CameraTruth, ClipTruth, FrameTruth, InstanceTruth, PERSON, RoleTruth},
};

/// Lines held in memory at once.
const BATCH: usize = 32;

/// What a COCO file turned out to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CocoSummary {
    /// How much.
    pub counts: Counts,
    /// Licence lines of what the pictures show, sorted.
    pub licences: Vec<String>,
}

/// Why [`write_coco`] stopped.
#[derive(Debug, Error)]
pub enum CocoError {
    /// The truth could not be read.
    #[error(transparent)]
    Truth(#[from] WriteError),
    /// The output could not be written.
    #[error("cannot write annotations: {0}")]
    Output(#[from] io::Error),
}

#[derive(Deserialize)]
struct NamesView {
    file_name: String,
    #[serde(default)]
    clip: Option<ClipTruth>,
    camera: CameraTruth,
    licences: Vec<String>,
    instances: Vec<InstanceNames>,
}

#[derive(Deserialize)]
struct InstanceNames {
    class: String,
    role: RoleTruth,
    #[serde(default)]
    keypoints: Vec<f64>,
    facts: Map<String, Value>,
}

#[derive(Deserialize)]
struct ImageView {
    frame: u64,
    file_name: String,
    #[serde(default)]
    clip: Option<ClipTruth>,
    camera: CameraTruth,
    facts: Map<String, Value>,
    licences: Vec<String>,
}

#[derive(Serialize)]
struct Image<'a> {
    id: u64,
    file_name: &'a str,
    width: u32,
    height: u32,
    frame: u64,
    license_ids: Vec<usize>,
    #[serde(flatten)]
    instant: Option<Instant>,
    camera: &'a CameraTruth,
    facts: &'a Map<String, Value>,
}

/// Where a picture stands in its film: `video_id` and `frame_id` as COCO-VID has them, `frame_index` as TAO.
#[derive(Serialize)]
struct Instant {
    video_id: u64,
    frame_id: u32,
    frame_index: u32,
    time_s: f64,
}

impl From<&ClipTruth> for Instant {
    fn from(clip: &ClipTruth) -> Self {
        Self { video_id: clip.video_id, frame_id: clip.index, frame_index: clip.index, time_s: clip.time_s }
    }
}

/// An annotation but for its id, which is put in front of it.
#[derive(Serialize)]
struct Annotation<'a> {
    image_id: u64,
    category_id: u32,
    bbox: BoxPx,
    area: f64,
    iscrowd: u8,
    segmentation: Segmentation<'a>,
    instance_id: u32,
    class: &'a str,
    path: &'a str,
    visibility: f64,
    truncation: f64,
    bbox_amodal: Option<BoxPx>,
    area_amodal: f64,
    bbox_full: Option<BoxPx>,
    pieces: u32,
    occluders: &'a [u32],
    distance_m: f64,
    depth_m: Option<f64>,
    camera_from_object: &'a [[f64; 4]; 4],
    size_m: [f64; 3],
    #[serde(skip_serializing_if = "Option::is_none")]
    keypoints: Option<&'a [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_keypoints: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_id: Option<u64>,
    #[serde(flatten)]
    extra: BTreeMap<String, &'a Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Segmentation<'a> {
    Mask(&'a Rle),
    Outline([&'a [f64]; 1]),
}

/// Names that a fact cannot take in an annotation; such a fact is written as `fact_<name>`.
const TAKEN: &[&str] = &[
    "id",
    "image_id",
    "category_id",
    "bbox",
    "area",
    "iscrowd",
    "segmentation",
    "instance_id",
    "class",
    "path",
    "visibility",
    "truncation",
    "bbox_amodal",
    "area_amodal",
    "bbox_full",
    "pieces",
    "occluders",
    "distance_m",
    "depth_m",
    "camera_from_object",
    "size_m",
    "keypoints",
    "num_keypoints",
    "video_id",
    "track_id",
    // `pycocotools` writes these into annotations of its own making and reads the last two.
    "ignore",
    "_ignore",
    "score",
];

/// Writes the COCO file `file` that `policy` makes of the truth in `dir` to `out`, without changing anything in `dir`.
///
/// # Errors
/// [`CocoError::Truth`] when a truth shard cannot be read or is damaged, [`CocoError::Output`] when `out` fails.
pub fn write_coco(
    dir: &Path,
    run: &RunInfo,
    policy: &Policy,
    file: CocoFile,
    out: &mut dyn Write,
) -> Result<CocoSummary, CocoError> {
    let Names { categories, with_keypoints, licences, videos } = names(dir, policy, file)?;
    let licence_ids: BTreeMap<&str, usize> = licences.iter().map(String::as_str).zip(1..).collect();
    let info = json!({
        "description": format!("Synthetic pictures of the scene '{}', staged, rendered and labelled by Diorama", run.scene),
        "version": run.engine,
        "seed": run.seed,
    });
    writeln!(out, "{{\n\"info\": {info},")?;
    let licence_lines = licence_ids.iter().map(|(name, id)| json!({"id": id, "name": name}).to_string());
    array(out, "licenses", licence_lines)?;
    let category_lines = categories.iter().map(|(id, c)| {
        let mut line = json!({"id": id, "name": c.name, "supercategory": c.supercategory});
        if with_keypoints.contains(c) {
            line["keypoints"] = json!(PERSON.map(|(name, _)| name));
            line["skeleton"] = json!(BONES);
            line["sigmas"] = json!(PERSON.map(|(_, sigma)| sigma));
        }
        line.to_string()
    });
    array(out, "categories", category_lines)?;
    if !videos.is_empty() {
        array(out, "videos", videos.into_values())?;
    }

    let mut counts = Counts { categories: categories.len() as u64, ..Counts::default() };
    let mut separator = "\n";
    write!(out, "\"images\": [")?;
    in_batches(
        dir,
        |line| Ok(image(&line.parse()?, &licence_ids)),
        |line| {
            counts.frames += 1;
            write!(out, "{separator}{line}")?;
            separator = ",\n";
            Ok(())
        },
    )?;
    write!(out, "\n],\n\"annotations\": [")?;
    separator = "\n";
    in_batches(
        dir,
        |line| Ok(annotations(&line.parse()?.truth, policy, file, &categories)),
        |frame| {
            counts.instances += frame.instances;
            for (text, crowd) in frame.annotations {
                counts.annotations += 1;
                counts.crowd += u64::from(crowd);
                // The text opens with a brace; the id goes in first.
                write!(out, "{separator}{{\"id\":{},{}", counts.annotations, &text[1..])?;
                separator = ",\n";
            }
            Ok(())
        },
    )?;
    writeln!(out, "\n]\n}}")?;
    Ok(CocoSummary { counts, licences: licences.into_iter().collect() })
}

fn array(out: &mut dyn Write, name: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    writeln!(out, "\"{name}\": [\n{}\n],", lines.collect::<Vec<_>>().join(",\n"))
}

/// What the whole dataset has.
struct Names {
    categories: Categories,
    /// Categories of which an instance has the 17 keypoints of a person.
    with_keypoints: BTreeSet<Category>,
    licences: BTreeSet<String>,
    /// Lines of the films, by id.
    videos: BTreeMap<u64, String>,
}

/// A film as COCO-VID and TAO have it: one of its pictures in place of a file of its own.
fn video(clip: &ClipTruth, camera: &CameraTruth, file_name: &str) -> String {
    let size = camera.intrinsics.size;
    json!({
        "id": clip.video_id,
        "name": format!("{:06}", clip.video_id - 1),
        "file_name": file_name,
        "width": size.width,
        "height": size.height,
        "frames": clip.frames,
        "fps": clip.fps,
        "events": clip.events,
    })
    .to_string()
}

fn names(dir: &Path, policy: &Policy, file: CocoFile) -> Result<Names, CocoError> {
    let (mut categories, mut licences) = (BTreeSet::<Category>::new(), BTreeSet::new());
    let mut with_keypoints = BTreeSet::new();
    let mut videos = BTreeMap::new();
    in_batches(
        dir,
        |line| {
            let view: NamesView = line.parse()?.truth;
            let found: BTreeSet<(Category, bool)> = view
                .instances
                .iter()
                .filter_map(|instance| {
                    let category = policy.category(file, &instance.class, instance.role, &instance.facts)?;
                    Some((category, instance.keypoints.len() == 3 * PERSON.len()))
                })
                .collect();
            let film = view.clip.map(|clip| (clip.video_id, video(&clip, &view.camera, &view.file_name)));
            Ok((found, view.licences, film))
        },
        |(found, shown, film)| {
            if let Some((id, line)) = film {
                videos.entry(id).or_insert(line);
            }
            for (category, keypoints) in found {
                if keypoints {
                    with_keypoints.insert(category.clone());
                }
                categories.insert(category);
            }
            licences.extend(shown);
            Ok(())
        },
    )?;
    Ok(Names { categories: categories.into_iter().collect(), with_keypoints, licences, videos })
}

/// Maps lines in parallel and hands the results on in order.
fn in_batches<R: Send>(
    dir: &Path,
    map: impl Fn(&RawLine) -> Result<R, WriteError> + Sync,
    mut each: impl FnMut(R) -> io::Result<()>,
) -> Result<(), CocoError> {
    let mut lines = Lines::open(dir)?;
    loop {
        let batch: Vec<RawLine> = lines.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            return Ok(());
        }
        let mapped: Vec<R> = batch.par_iter().map(&map).collect::<Result<_, _>>()?;
        mapped.into_iter().try_for_each(&mut each)?;
    }
}

fn image(record: &Record<ImageView>, licence_ids: &BTreeMap<&str, usize>) -> String {
    let truth = &record.truth;
    text(&Image {
        id: truth.frame + 1,
        file_name: &truth.file_name,
        width: truth.camera.intrinsics.size.width,
        height: truth.camera.intrinsics.size.height,
        frame: truth.frame,
        license_ids: truth.licences.iter().filter_map(|l| licence_ids.get(l.as_str()).copied()).collect(),
        instant: truth.clip.as_ref().map(Instant::from),
        camera: &truth.camera,
        facts: &truth.facts,
    })
}

struct FrameAnnotations {
    instances: u64,
    annotations: Vec<(String, bool)>,
}

fn annotations(
    truth: &FrameTruth,
    policy: &Policy,
    file: CocoFile,
    categories: &Categories,
) -> FrameAnnotations {
    let annotations = truth
        .instances
        .iter()
        .filter_map(|instance| {
            let category = policy.category(file, &instance.class, instance.role, &instance.facts)?;
            let crowd = match policy.admit(instance) {
                Admission::Annotation => false,
                Admission::Crowd => true,
                Admission::Left => return None,
            };
            let annotation = annotation(truth, instance, categories.id(&category)?, crowd)?;
            Some((text(&annotation), crowd))
        })
        .collect();
    FrameAnnotations { instances: truth.instances.len() as u64, annotations }
}

fn annotation<'a>(
    truth: &'a FrameTruth,
    instance: &'a InstanceTruth,
    category_id: u32,
    crowd: bool,
) -> Option<Annotation<'a>> {
    let segmentation = match (&instance.segmentation, &instance.polygon) {
        (Some(mask), _) => Segmentation::Mask(mask),
        (None, Some(outline)) => Segmentation::Outline([outline]),
        (None, None) => return None,
    };
    let mut extra = BTreeMap::new();
    for (name, value) in &instance.probes {
        extra.insert(format!("{name}_visible"), value);
    }
    for (name, value) in &instance.facts {
        let taken = TAKEN.contains(&name.as_str()) || extra.contains_key(name);
        extra.insert(if taken { format!("fact_{name}") } else { name.clone() }, value);
    }
    let keypoints = (!instance.keypoints.is_empty()).then_some(instance.keypoints.as_slice());
    Some(Annotation {
        image_id: truth.frame + 1,
        category_id,
        bbox: instance.bbox?,
        area: instance.area,
        iscrowd: u8::from(crowd),
        segmentation,
        instance_id: instance.instance_id,
        class: &instance.class,
        path: &instance.path,
        visibility: instance.visibility,
        truncation: instance.truncation,
        bbox_amodal: instance.bbox_amodal,
        area_amodal: instance.area_amodal,
        bbox_full: instance.bbox_full,
        pieces: instance.pieces,
        occluders: &instance.occluders,
        distance_m: instance.distance_m,
        depth_m: instance.depth_m,
        camera_from_object: &instance.camera_from_object,
        size_m: instance.size_m,
        keypoints,
        num_keypoints: keypoints.map(|k| k.chunks_exact(3).filter(|triple| triple[2] > 0.0).count()),
        video_id: truth.clip.as_ref().map(|clip| clip.video_id),
        track_id: truth.clip.as_ref().map(|clip| clip.track_id(instance.instance_id)),
        extra,
    })
}

fn text(value: &impl Serialize) -> String {
    // Plain data with text keys: serialising it cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}
