//! Is a dataset sound? Every label against the stored pixels, every checksum, every annotation.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::BufWriter,
    path::{Path, PathBuf},
};

use image::RgbImage;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    DatasetError,
    check::{Pixels, check_frame},
    compare::Comparing,
    pictures::{read_depth_mm, read_ids, read_picture},
};
use crate::{
    geometry::Size,
    write::{
        CocoError, CocoFile, FileDigest, FrameFiles, Lines, MANIFEST, Manifest, Policy, RawLine, Record,
        State, digest_file, shard_path, truth_shards, write_coco,
    },
};

/// Standard deviation of the grey values below which a picture counts as blank.
const BLANK: f64 = 2.0;
const BATCH: usize = 16;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The rule that does not hold, as `box is the mask's extents`.
    pub check: String,
    /// File, line, frame, instance or annotation.
    pub place: String,
    /// What was found there.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.check, self.what)
    }
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Frames whose labels were checked.
    pub frames: u64,
    /// Instances whose labels were checked.
    pub instances: u64,
    /// Files whose checksums were checked.
    pub files: u64,
    /// Frames rendered again and compared.
    pub rerendered: u64,
    /// What is wrong, in the order of being found.
    pub faults: Vec<Fault>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, check: &str, place: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault { check: check.to_owned(), place: place.into(), what: what.into() });
    }
}

/// Renders frames again, to be compared with what is stored.
pub struct Rerender<'a> {
    /// The frames to compare.
    pub frames: BTreeSet<u64>,
    /// Makes one frame: its truth and all of its files. An `Err` becomes a fault.
    pub render: &'a mut dyn FnMut(u64) -> Result<FrameFiles, String>,
}

impl fmt::Debug for Rerender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rerender").field("frames", &self.frames).finish_non_exhaustive()
    }
}

/// Checks a dataset: checksums, labels against pixels, `annotations.json` against truth and policy, and, where
/// `rerender` is given, stored frames against fresh ones.
///
/// # Errors
/// Only when there is no dataset to check or its manifest cannot be read; everything else is a [`Fault`].
pub fn verify(dir: &Path, rerender: Option<Rerender<'_>>) -> Result<VerifyReport, DatasetError> {
    let manifest = Manifest::read(dir)?;
    let mut report = VerifyReport::default();
    if manifest.state != State::Complete {
        report.fault("the dataset is complete", MANIFEST, "it is in progress; continue it with --resume");
    }
    check_manifest_files(dir, &manifest, &mut report)?;
    let listed = check_frames(dir, &manifest, rerender, &mut report)?;
    if let Some(policy) = &manifest.policy {
        for file in policy.files() {
            check_annotations(dir, &manifest, policy, file, &mut report);
        }
    }
    check_strays(dir, &manifest, &listed, &mut report)?;
    Ok(report)
}

fn check_manifest_files(
    dir: &Path,
    manifest: &Manifest,
    report: &mut VerifyReport,
) -> Result<(), DatasetError> {
    for file in &manifest.files {
        check_digest(dir, file, report);
    }
    if manifest.state == State::Complete {
        let vouched: BTreeSet<PathBuf> = manifest.files.iter().map(|file| dir.join(&file.path)).collect();
        let there = truth_shards(dir)?.into_iter().chain([dir.join(CocoFile::Instances.name())]);
        for path in there.filter(|path| !vouched.contains(path)) {
            report.fault(
                "the manifest vouches for it",
                path.display().to_string(),
                "it is not in the manifest",
            );
        }
    }
    Ok(())
}

fn check_digest(dir: &Path, file: &FileDigest, report: &mut VerifyReport) {
    report.files += 1;
    let place = dir.join(&file.path).display().to_string();
    match digest_file(&dir.join(&file.path), &file.path) {
        Ok(found) if found == *file => {}
        Ok(found) if found.bytes != file.bytes => {
            report.fault(
                "checksum",
                place,
                format!("{} bytes where {} were written", found.bytes, file.bytes),
            );
        }
        Ok(_) => report.fault("checksum", place, "its content is not what was written"),
        Err(error) => report.fault("file is there", place, error.to_string()),
    }
}

fn check_frames(
    dir: &Path,
    manifest: &Manifest,
    mut rerender: Option<Rerender<'_>>,
    report: &mut VerifyReport,
) -> Result<BTreeSet<PathBuf>, DatasetError> {
    let range = manifest.run.range();
    let mut next = range.start;
    let mut listed = BTreeSet::new();
    let mut lines = Lines::open(dir)?;
    loop {
        let batch: Vec<RawLine> = lines.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            break;
        }
        let parsed: Vec<_> = batch
            .into_par_iter()
            .map(|line| {
                line.parse::<crate::truth::FrameTruth>().map(|record| {
                    let part = check_record(dir, &line, &record);
                    (line.text, record, part)
                })
            })
            .collect();
        for result in parsed {
            match result {
                Err(error) => report.fault("truth line is whole", String::new(), error.to_string()),
                Ok((text, record, part)) => {
                    absorb(report, part);
                    listed.extend(record.files.iter().map(|file| dir.join(&file.path)));
                    check_rerender(&text, &record, rerender.as_mut(), report);
                    if record.truth.frame != next {
                        let place = dir.join(shard_path(record.truth.frame)).display().to_string();
                        report.fault(
                            "frames follow each other",
                            place,
                            format!("frame {} where frame {next} is due", record.truth.frame),
                        );
                    }
                    next = record.truth.frame;
                }
            }
            next += 1;
        }
    }
    if next != range.end {
        let what = format!("they end before frame {next} where {} is the end", range.end);
        report.fault("every frame is there", dir.join("truth").display().to_string(), what);
    }
    Ok(listed)
}

fn absorb(report: &mut VerifyReport, part: VerifyReport) {
    report.frames += part.frames;
    report.instances += part.instances;
    report.files += part.files;
    report.faults.extend(part.faults);
}

type Gray16Reader = fn(&Path) -> Result<(Size, Vec<u16>), DatasetError>;

fn check_record(dir: &Path, line: &RawLine, record: &Record) -> VerifyReport {
    let truth = &record.truth;
    let mut report =
        VerifyReport { frames: 1, instances: truth.instances.len() as u64, ..VerifyReport::default() };
    for file in &record.files {
        check_digest(dir, file, &mut report);
    }
    let size = truth.camera.intrinsics.size;
    let picture = dir.join("images").join(&truth.file_name);
    match read_picture(&picture) {
        Err(error) => report.fault("picture decodes", picture.display().to_string(), error.to_string()),
        Ok(pixels) => check_picture(&picture, size, &pixels, &mut report),
    }
    let mut read = |folder: &str, reader: Gray16Reader| {
        let is_ours = |file: &&FileDigest| file.path.starts_with(folder) && file.path.ends_with(".png");
        let path = dir.join(&record.files.iter().find(is_ours)?.path);
        match reader(&path) {
            Ok((found, values)) if found == size => Some(values),
            Ok((found, _)) => {
                let what = format!("{} x {} pixels", found.width, found.height);
                report.fault("picture has the stated size", path.display().to_string(), what);
                None
            }
            Err(error) => {
                report.fault("picture decodes", path.display().to_string(), error.to_string());
                None
            }
        }
    };
    let pixels = Pixels::new(read("instances/", read_ids), read("depth/", read_depth_mm));
    for (check, place, what) in check_frame(truth, &pixels) {
        let place = format!("{}, line {}, frame {} {place}", line.path.display(), line.line, truth.frame);
        report.fault(check, place.trim_end(), what);
    }
    report
}

fn check_picture(path: &Path, size: Size, pixels: &RgbImage, report: &mut VerifyReport) {
    let place = path.display().to_string();
    if pixels.dimensions() != (size.width, size.height) {
        let what = format!(
            "{} x {} where {} x {} is stated",
            pixels.width(),
            pixels.height(),
            size.width,
            size.height
        );
        report.fault("picture has the stated size", place.as_str(), what);
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for pixel in pixels.pixels() {
        let [r, g, b] = pixel.0.map(f64::from);
        let grey = 0.299 * r + 0.587 * g + 0.114 * b;
        sum += grey;
        squares += grey * grey;
    }
    let count = f64::from(pixels.width()) * f64::from(pixels.height());
    let deviation = (squares / count - (sum / count).powi(2)).max(0.0).sqrt();
    if deviation <= BLANK {
        report.fault("picture is not blank", place, format!("its grey values vary by {deviation:.2}"));
    }
}

fn check_rerender(
    stored: &[u8],
    record: &Record,
    rerender: Option<&mut Rerender<'_>>,
    report: &mut VerifyReport,
) {
    let frame = record.truth.frame;
    let Some(rerender) = rerender.filter(|r| r.frames.contains(&frame)) else { return };
    report.rerendered += 1;
    let place = format!("frame {frame}");
    let sealed = (rerender.render)(frame).and_then(|files| files.seal().map_err(|error| error.to_string()));
    let sealed = match sealed {
        Ok(sealed) => sealed,
        Err(error) => return report.fault("frame renders again", place, error),
    };
    if sealed.line() == stored {
        return;
    }
    let Ok(fresh) = crate::write::from_line::<crate::truth::FrameTruth>(sealed.line().trim_ascii_end())
    else {
        return report.fault("frame renders again", place, "its new record cannot be read");
    };
    for (old, new) in record.files.iter().zip(&fresh.files).filter(|(old, new)| old != new) {
        let what = format!("{} differs from {}", new.path, old.path);
        report.fault("frame renders the same", place.as_str(), what);
    }
    if fresh.truth != record.truth {
        let pairs = record.truth.instances.iter().zip(&fresh.truth.instances);
        let first = pairs.into_iter().find(|(old, new)| old != new).map(|(old, _)| old.instance_id);
        let what = first.map_or("its truth differs".to_owned(), |id| format!("instance {id} differs"));
        report.fault("frame renders the same", place, what);
    }
}

fn check_annotations(
    dir: &Path,
    manifest: &Manifest,
    policy: &Policy,
    file: CocoFile,
    report: &mut VerifyReport,
) {
    let path = dir.join(file.name());
    let place = path.display().to_string();
    let comparing = match Comparing::with(&path) {
        Ok(comparing) => comparing,
        Err(error) => return report.fault("file is there", place, error.to_string()),
    };
    let mut out = BufWriter::new(comparing);
    let summary = match write_coco(dir, &manifest.run, policy, file, &mut out) {
        Ok(summary) => summary,
        // Its line was reported with the frames.
        Err(CocoError::Truth(error)) => {
            return report.fault("annotations follow from the truth", place, error.to_string());
        }
        Err(CocoError::Output(error)) => return report.fault("file is readable", place, error.to_string()),
    };
    let finished = out.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(Comparing::finish);
    match finished {
        Err(error) => report.fault("file is readable", place, error.to_string()),
        Ok((differing, found)) => {
            let listed = found.len() as u64;
            for (line, what) in found {
                report.fault("annotations follow from the truth", format!("{place}, line {line}"), what);
            }
            if differing > listed {
                let what = format!("{} further lines differ", differing - listed);
                report.fault("annotations follow from the truth", place, what);
            }
        }
    }
    if file != CocoFile::Instances {
        return;
    }
    if manifest.counts != Some(summary.counts) || manifest.licences != summary.licences {
        let what = format!("{:?} where {:?} is due", manifest.counts, summary.counts);
        report.fault("counts and licences are the truth's", dir.join(MANIFEST).display().to_string(), what);
    }
}

/// Files that no record and no manifest knows.
fn check_strays(
    dir: &Path,
    manifest: &Manifest,
    listed: &BTreeSet<PathBuf>,
    report: &mut VerifyReport,
) -> Result<(), DatasetError> {
    let fail = |path: &Path, error: std::io::Error| DatasetError::Picture {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let coco: Vec<PathBuf> = match &manifest.policy {
        Some(policy) => policy.files().map(|file| dir.join(file.name())).collect(),
        // Its end may have come between the files of labels and the manifest.
        None => [CocoFile::Instances, CocoFile::Parts].map(|file| dir.join(file.name())).to_vec(),
    };
    let mut folders = BTreeSet::from([dir.to_owned()]);
    let mut strays = Vec::new();
    while let Some(folder) = folders.pop_first() {
        for entry in fs::read_dir(&folder).map_err(|error| fail(&folder, error))? {
            let path = entry.map_err(|error| fail(&folder, error))?.path();
            let ours = path == dir.join(MANIFEST)
                || coco.contains(&path)
                || path == dir.join(".part")
                || path == dir.join("truth");
            if path.is_dir() && !ours {
                folders.insert(path);
            } else if !ours && !listed.contains(&path) {
                strays.push(path);
            }
        }
    }
    strays.sort();
    for path in strays {
        report.fault("every file belongs to a frame", path.display().to_string(), "no record knows it");
    }
    Ok(())
}
