//! A dataset folder, opened for reading.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{
    truth::FrameTruth,
    write::{FRAMES_PER_SHARD, Lines, Manifest, Record, WriteError, shard_path},
};

/// Why a dataset cannot be read.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// The folder or a file in it is not what a dataset holds; names file and line.
    #[error(transparent)]
    Store(#[from] WriteError),
    /// A picture cannot be read.
    #[error("cannot read {}: {why}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// There is no such frame.
    #[error("there is no frame {frame}: this dataset holds frames {first} to {last}")]
    NoSuchFrame {
        /// The frame asked for.
        frame: u64,
        /// The first there is.
        first: u64,
        /// The last there is.
        last: u64,
    },
}

/// A dataset folder that this engine wrote, whole or in progress.
#[derive(Clone, Debug)]
pub struct Dataset {
    dir: PathBuf,
    manifest: Manifest,
}

impl Dataset {
    /// Opens the dataset in a folder.
    ///
    /// # Errors
    /// When there is none, or its manifest is damaged or of another format.
    pub fn open(dir: &Path) -> Result<Self, DatasetError> {
        Ok(Self { dir: dir.to_owned(), manifest: Manifest::read(dir)? })
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How it was made, and how much there is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every frame in order, with the digests of its files. Memory is that of one frame.
    ///
    /// # Errors
    /// When the truth cannot be listed; each item when its line is damaged, naming file and line.
    pub fn records(&self) -> Result<impl Iterator<Item = Result<Record, DatasetError>>, DatasetError> {
        Ok(Lines::open(&self.dir)?.map(|line| Ok(line?.parse()?)))
    }

    /// The truth of every frame in order.
    ///
    /// # Errors
    /// As [`Dataset::records`].
    pub fn frames(&self) -> Result<impl Iterator<Item = Result<FrameTruth, DatasetError>>, DatasetError> {
        Ok(self.records()?.map(|record| Ok(record?.truth)))
    }

    /// One frame. Reads the one shard that holds it.
    ///
    /// # Errors
    /// [`DatasetError::NoSuchFrame`], or when its line is damaged.
    pub fn record(&self, frame: u64) -> Result<Record, DatasetError> {
        let range = self.manifest.run.range();
        let missing = || DatasetError::NoSuchFrame {
            frame,
            first: range.start,
            last: range.end.saturating_sub(1).max(range.start),
        };
        if !range.contains(&frame) {
            return Err(missing());
        }
        // The first shard of a part may begin in its middle.
        let first = range.start.max(frame / FRAMES_PER_SHARD * FRAMES_PER_SHARD);
        let place = usize::try_from(frame - first).unwrap_or(usize::MAX);
        let line = Lines::one(self.dir.join(shard_path(frame))).nth(place).ok_or_else(missing)?;
        Ok(line?.parse()?)
    }

    /// Path of a frame's picture.
    #[must_use]
    pub fn picture_path(&self, truth: &FrameTruth) -> PathBuf {
        self.dir.join("images").join(&truth.file_name)
    }
}
