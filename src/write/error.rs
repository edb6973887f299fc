//! What can go wrong between a frame and the disk.

use std::{io, path::PathBuf};

use thiserror::Error;

/// Why a dataset could not be written. Nothing that was complete before the error is lost by it.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The folder already holds something.
    #[error(
        "{} is not empty: choose a new folder, or continue the dataset in it with --resume", dir.display()
    )]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder holds no dataset.
    #[error("{} holds no dataset: it has no manifest.json", dir.display())]
    NotADataset {
        /// The folder.
        dir: PathBuf,
    },
    /// Another process is writing here.
    #[error("{} is being written by another process", dir.display())]
    Busy {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder was made by a different run.
    #[error("{} was made with another {what}: there {there}, now {now}", dir.display())]
    Mismatch {
        /// The folder.
        dir: PathBuf,
        /// What differs, as `seed`.
        what: String,
        /// Its value in the folder.
        there: String,
        /// Its value in the run that was asked for.
        now: String,
    },
    /// No space is left.
    #[error(
        "disk full while writing {}: {complete} frames are complete; free space and run again with --resume",
        path.display()
    )]
    DiskFull {
        /// The file that did not fit.
        path: PathBuf,
        /// Frames that are safe on disk.
        complete: u64,
    },
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried, as `create`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A stored file does not hold what it should.
    #[error("{}{}: {what}", path.display(), line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Line within it, from 1.
        line: Option<u64>,
        /// What is wrong with it.
        what: String,
    },
    /// A frame came out of turn.
    #[error("frame {got} was handed over where frame {expected} was due")]
    OutOfOrder {
        /// The frame that is due.
        expected: u64,
        /// The frame that came.
        got: u64,
    },
    /// A frame cannot be stored as it is.
    #[error("frame {frame}: {what}")]
    BadFrame {
        /// The frame.
        frame: u64,
        /// What is wrong with it.
        what: String,
    },
    /// Frames are missing, so that the dataset cannot be finished.
    #[error("{done} of {of} frames are complete; run again with --resume to continue")]
    Incomplete {
        /// Frames on disk.
        done: u64,
        /// Frames of this run.
        of: u64,
    },
    /// Parts do not make a whole.
    #[error("cannot merge: {0}")]
    Merge(String),
    /// A picture cannot be encoded.
    #[error("cannot encode {what}: {why}")]
    Encode {
        /// What, as `JPEG`.
        what: &'static str,
        /// Why.
        why: String,
    },
}

impl WriteError {
    /// Wraps an error of the operating system; a full disk is told apart.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, complete: 0 },
            _ => Self::Io { doing, path, source },
        }
    }

    /// States how many frames are safe, where the disk is full.
    pub(crate) fn with_complete(self, frames: u64) -> Self {
        match self {
            Self::DiskFull { path, .. } => Self::DiskFull { path, complete: frames },
            other => other,
        }
    }
}
