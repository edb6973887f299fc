//! What commands that train or use a detector share: devices, pictures, and how to choose them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use diorama::{
    dataset::{Coco, CocoResult, Segmentation},
    gpu::Gpu,
    train::{Detector, Device, Model, Sample, kept, live::device_of},
};

use super::progress;

/// Where tensors live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum DeviceChoice {
    /// A graphics card where there is one, else the processor
    Auto,
    /// The graphics adapter, a software one too
    Gpu,
    /// The processor
    Cpu,
}

/// The device, and its name for people.
pub(super) fn device(choice: DeviceChoice, adapter: Option<&str>) -> Result<(Device, String)> {
    let cpu = || (Device::flex(), "the processor".to_owned());
    match choice {
        DeviceChoice::Cpu => Ok(cpu()),
        DeviceChoice::Gpu => {
            let gpu = Gpu::open(adapter)?;
            Ok((device_of(&gpu)?, gpu.summary.name))
        }
        // No adapter at all is no mistake here.
        DeviceChoice::Auto => match Gpu::open(adapter) {
            Ok(gpu) if !gpu.is_software() => Ok((device_of(&gpu)?, gpu.summary.name)),
            _ => Ok(cpu()),
        },
    }
}

/// A picture from a file.
pub(super) fn read(path: &Path) -> Result<Sample> {
    let picture = diorama::dataset::read_picture(path)?;
    let (width, height) = picture.dimensions();
    Ok(Sample {
        name: path.display().to_string(),
        width,
        height,
        rgb: picture.into_raw(),
        objects: Vec::new(),
        mirrored: Arc::default(),
    })
}

/// The files named, and those with a picture's ending in the folders named, in order of name.
pub(super) fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    const ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];
    let mut all = Vec::new();
    for path in named {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let entries = path.read_dir().with_context(|| format!("cannot list {}", path.display()))?;
        let mut inside: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|e| e.path()))
            .filter(|p| {
                let ending = p.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
                ENDINGS.contains(&ending.as_str())
            })
            .collect();
        inside.sort();
        if inside.is_empty() {
            anyhow::bail!("{}: expected pictures in it ({})", path.display(), ENDINGS.join(", "));
        }
        all.extend(inside);
    }
    Ok(all)
}

/// How a model is tried out.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct TrialArgs {
    /// Where a model's tensors live
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    pub(super) device: DeviceChoice,
    /// Look at larger pictures in tiles of this side, in pixels
    #[arg(long, value_name = "PX")]
    pub(super) tile: Option<u32>,
}

/// Everything that a model finds on a dataset's pictures; its classes are the dataset's by name.
pub(super) fn try_out(path: &Path, coco: &Coco, max_dets: usize, how: &TrialArgs) -> Result<Vec<CocoResult>> {
    let model = Model::load(path)?;
    if how.tile.is_some_and(|t| t < 64) {
        bail!("--tile: expected at least 64 pixels");
    }
    let mut ids = Vec::new();
    for class in &model.config.classes {
        ids.push(coco.categories().iter().find(|c| c.name == *class).map(|c| c.id));
    }
    if ids.iter().all(Option::is_none) {
        let there: Vec<&str> = coco.categories().iter().map(|c| c.name.as_str()).collect();
        bail!(
            "{}: none of the model's classes ({}) is among its categories ({}): --rename OLD=NEW makes names agree",
            coco.file().display(),
            model.config.classes.join(", "),
            there.join(", ")
        );
    }
    let (device, _) = device(how.device, None)?;
    let detector = Detector::new(&model, &device);
    let keep = diorama::train::Keep { tile: how.tile, ..kept(max_dets) };
    let bar = progress::bar(coco.pictures().len() as u64, 0, "pictures");
    let mut all = Vec::new();
    for picture in coco.pictures() {
        for found in detector.detect(&read(&picture.path)?, &keep)? {
            let Some(category_id) = ids[found.class] else { continue };
            all.push(CocoResult {
                image_id: picture.id,
                category_id,
                score: f64::from(found.score),
                bbox: Some(found.bbox),
                segmentation: Segmentation::None,
                keypoints: found.points.concat(),
            });
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(all)
}
