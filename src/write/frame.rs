//! A frame on its way to the disk.

use std::path::{Component, Path};

use super::{
    FileDigest, WriteError,
    record::{Record, to_line},
};
use crate::{
    geometry::BoxPx,
    truth::{FrameTruth, InstanceTruth},
};

/// Folder of the scratch files while a dataset is being written.
pub(crate) const SCRATCH: &str = ".part";

/// Everything that is stored of one frame.
#[derive(Clone, Debug)]
pub struct FrameFiles {
    /// What is true of it.
    pub truth: FrameTruth,
    /// Its pictures: path relative to the dataset (`images/000000.jpg`), content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A frame that was checked and hashed, so that nothing but writing is left.
#[derive(Clone, Debug)]
pub struct SealedFrame {
    pub(crate) frame: u64,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) line: Vec<u8>,
}

impl SealedFrame {
    /// Its number.
    #[must_use]
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// The line that its truth shard gets, line feed included.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        &self.line
    }
}

impl FrameFiles {
    /// Checks and hashes the frame. Costs a few milliseconds, so producers do it on their own threads.
    ///
    /// # Errors
    /// [`WriteError::BadFrame`] when the picture that the truth names is not among the files, a path leaves the
    /// dataset, or a number is not finite (JSON knows no such numbers).
    pub fn seal(self) -> Result<SealedFrame, WriteError> {
        let frame = self.truth.frame;
        let bad = |what: String| WriteError::BadFrame { frame, what };
        let picture = format!("images/{}", self.truth.file_name);
        if !self.files.iter().any(|(path, _)| *path == picture) {
            return Err(bad(format!("its picture {picture} is not among its files")));
        }
        for (index, (path, _)) in self.files.iter().enumerate() {
            if !stays_inside(path) {
                return Err(bad(format!("{path} is not a path for a picture of a dataset")));
            }
            if self.files[..index].iter().any(|(other, _)| other == path) {
                return Err(bad(format!("{path} is there twice")));
            }
        }
        if let Some(what) = not_finite(&self.truth) {
            return Err(bad(format!("{what} is not a finite number")));
        }
        let digests = self.files.iter().map(|(path, content)| FileDigest::of(path, content)).collect();
        let record = Record { files: digests, truth: self.truth };
        let line = to_line(&record).map_err(|error| bad(error.to_string()))?;
        Ok(SealedFrame { frame, files: self.files, line })
    }
}

/// Whether a relative path names a file in a folder of pictures.
pub(crate) fn stays_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    let folder = match parts.next() {
        Some(Component::Normal(folder)) => folder.to_string_lossy().into_owned(),
        _ => return false,
    };
    let rest: Vec<_> = parts.collect();
    folder != SCRATCH
        && folder != "truth"
        && !path.contains('\\')
        && !rest.is_empty()
        && rest.iter().all(|part| matches!(part, Component::Normal(_)))
}

fn not_finite(truth: &FrameTruth) -> Option<String> {
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    let intrinsics = &truth.camera.intrinsics;
    if !finite(&[intrinsics.fx, intrinsics.fy, intrinsics.cx, intrinsics.cy])
        || !finite(truth.camera.camera_from_world.as_flattened())
    {
        return Some("the camera".to_owned());
    }
    truth.instances.iter().find_map(|instance| {
        let field = bad_field(instance)?;
        Some(format!("{field} of instance {}", instance.instance_id))
    })
}

fn bad_field(instance: &InstanceTruth) -> Option<&'static str> {
    let boxed = |b: Option<BoxPx>| b.map_or(Vec::new(), |b| <[f64; 4]>::from(b).to_vec());
    let fields: [(&'static str, Vec<f64>); 13] = [
        ("bbox", boxed(instance.bbox)),
        ("area", vec![instance.area]),
        ("polygon", instance.polygon.clone().unwrap_or_default()),
        ("bbox_amodal", boxed(instance.bbox_amodal)),
        ("area_amodal", vec![instance.area_amodal]),
        ("bbox_full", boxed(instance.bbox_full)),
        ("visibility", vec![instance.visibility]),
        ("truncation", vec![instance.truncation]),
        ("distance_m", vec![instance.distance_m]),
        ("depth_m", instance.depth_m.into_iter().collect()),
        ("camera_from_object", instance.camera_from_object.as_flattened().to_vec()),
        ("size_m", instance.size_m.to_vec()),
        ("keypoints", instance.keypoints.clone()),
    ];
    fields.into_iter().find(|(_, values)| values.iter().any(|v| !v.is_finite())).map(|(name, _)| name)
}
