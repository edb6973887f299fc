//! What commands that train or use a detector share: devices, pictures, and how to choose them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use diorama::{
    gpu::Gpu,
    train::{Device, Sample, live::device_of},
};

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
