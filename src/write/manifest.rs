//! `manifest.json`: what a dataset is, and how it can be made again.

use std::{fs, io, ops::Range, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FileDigest, Policy, WriteError};

/// Version of the folder's layout and of the files in it.
pub const FORMAT: u32 = 1;
/// File name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// Everything that decides which bytes a run writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Name of the scene.
    pub scene: String,
    /// The resolved config.
    pub config: Value,
    /// The seed.
    pub seed: u64,
    /// Version of the engine.
    pub engine: String,
    /// Name of the adapter that rendered.
    pub adapter: String,
    /// Its driver and the driver's version.
    pub driver: String,
    /// First frame of the whole dataset.
    pub first_frame: u64,
    /// Number of frames of the whole dataset.
    pub frames: u64,
    /// Which part of it this is.
    pub shard: Shard,
}

/// Part `index` (from 0) of `count`. Parts are contiguous blocks of frames whose lengths differ by at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 0.
    pub index: u32,
    /// At least 1.
    pub count: u32,
}

impl Shard {
    /// The whole dataset.
    pub const WHOLE: Self = Self { index: 0, count: 1 };
}

impl RunInfo {
    /// The frames of this part.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        let edge = |part: u32| {
            let offset = u128::from(self.frames) * u128::from(part) / u128::from(self.shard.count.max(1));
            self.first_frame + u64::try_from(offset).unwrap_or(self.frames)
        };
        edge(self.shard.index)..edge(self.shard.index + 1)
    }

    /// The first respect in which two runs differ, with both values as text: name, here, there.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<(String, String, String)> {
        let pairs = [
            ("engine version", self.engine.clone(), other.engine.clone()),
            ("seed", self.seed.to_string(), other.seed.to_string()),
            ("scene", self.scene.clone(), other.scene.clone()),
            ("first frame", self.first_frame.to_string(), other.first_frame.to_string()),
            ("number of frames", self.frames.to_string(), other.frames.to_string()),
            ("shard", self.shard.text(), other.shard.text()),
            ("adapter", self.adapter.clone(), other.adapter.clone()),
            ("driver", self.driver.clone(), other.driver.clone()),
        ];
        let plain = pairs.into_iter().find(|(_, a, b)| a != b).map(|(what, a, b)| (what.to_owned(), a, b));
        plain.or_else(|| differing_value("config", &self.config, &other.config))
    }
}

impl Shard {
    fn text(self) -> String {
        format!("{}/{}", self.index, self.count)
    }
}

fn differing_value(path: &str, a: &Value, b: &Value) -> Option<(String, String, String)> {
    if let (Value::Object(x), Value::Object(y)) = (a, b) {
        let missing = Value::Null;
        let deeper = x.keys().chain(y.keys()).find_map(|key| {
            let (x, y) = (x.get(key).unwrap_or(&missing), y.get(key).unwrap_or(&missing));
            differing_value(&format!("{path}.{key}"), x, y)
        });
        return deeper;
    }
    (a != b).then(|| (path.to_owned(), a.to_string(), b.to_string()))
}

/// Whether a dataset is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Frames are still to come; `--resume` continues.
    InProgress,
    /// All there.
    Complete,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pictures.
    pub frames: u64,
    /// Instances in the truth records, hidden and virtual ones included.
    pub instances: u64,
    /// Annotations in the COCO file, `iscrowd` included.
    pub annotations: u64,
    /// Annotations with `iscrowd: 1`.
    pub crowd: u64,
    /// Categories.
    pub categories: u64,
}

/// The content of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Whether it is whole.
    pub state: State,
    /// How it was made.
    pub run: RunInfo,
    /// The policy behind `annotations.json`; `None` while in progress.
    pub policy: Option<Policy>,
    /// How much there is; `None` while in progress.
    pub counts: Option<Counts>,
    /// Licence lines of everything the pictures show, sorted.
    pub licences: Vec<String>,
    /// `annotations.json` and the truth shards. The digests of a frame's pictures stand in its truth record, so
    /// that this list protects every file of the folder.
    pub files: Vec<FileDigest>,
}

impl Manifest {
    /// Of a run that begins.
    #[must_use]
    pub fn begun(run: RunInfo) -> Self {
        Self {
            format: FORMAT,
            state: State::InProgress,
            run,
            policy: None,
            counts: None,
            licences: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Reads a dataset's manifest.
    ///
    /// # Errors
    /// [`WriteError::NotADataset`] when there is none, [`WriteError::Damaged`] when it is not one, or of
    /// another format.
    pub fn read(dir: &Path) -> Result<Self, WriteError> {
        let path = dir.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(WriteError::NotADataset { dir: dir.to_owned() });
            }
            Err(error) => return Err(WriteError::io("read", path, error)),
        };
        let damaged = |line, what| WriteError::Damaged { path: path.clone(), line, what };
        let loose: Value = serde_json::from_slice(&text)
            .map_err(|error| damaged(Some(error.line() as u64), error.to_string()))?;
        match loose.get("format").and_then(Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => {
                return Err(damaged(None, format!("format {format} where this version reads {FORMAT}")));
            }
            None => return Err(damaged(None, "it is not the manifest of a dataset".to_owned())),
        }
        serde_json::from_slice(&text).map_err(|error| damaged(Some(error.line() as u64), error.to_string()))
    }

    /// Its text.
    pub(crate) fn text(&self) -> Vec<u8> {
        // Plain data with text keys: serialising it cannot fail.
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }
}
