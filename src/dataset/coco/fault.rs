//! What can be wrong with a COCO file.

use std::{collections::BTreeMap, fmt, io, path::PathBuf};

use serde::Serialize;
use thiserror::Error;

/// A kind of fault; each names what is wrong with one picture or annotation, and none hides another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A picture's file is not there or cannot be read.
    MissingPicture,
    /// A picture has another size than stated, or none.
    WrongSize,
    /// An id is there twice.
    DuplicateId,
    /// An annotation or result of a picture that the file does not list.
    UnknownPicture,
    /// An annotation or result of a category that the file does not list.
    UnknownCategory,
    /// A box without area, or with numbers that are not finite.
    NoArea,
    /// A box that shares nothing with its picture.
    OutsidePicture,
    /// A mask or outline that is none of its picture.
    BadSegmentation,
    /// Keypoints that are not triples, or not as many as the category has.
    BadKeypoints,
    /// A result without what the evaluation compares.
    NothingToCompare,
}

impl Kind {
    /// In words.
    fn words(self) -> &'static str {
        match self {
            Self::MissingPicture => "missing picture",
            Self::WrongSize => "wrong size",
            Self::DuplicateId => "duplicate id",
            Self::UnknownPicture => "unknown picture",
            Self::UnknownCategory => "unknown category",
            Self::NoArea => "box without area",
            Self::OutsidePicture => "box outside of the picture",
            Self::BadSegmentation => "bad segmentation",
            Self::BadKeypoints => "bad keypoints",
            Self::NothingToCompare => "nothing to compare",
        }
    }
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CocoFault {
    /// What kind.
    pub kind: Kind,
    /// Where, as `annotations[17] (id 18)`.
    pub place: String,
    /// What was found, and what was expected.
    pub what: String,
}

impl fmt::Display for CocoFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.kind.words(), self.what)
    }
}

/// Faults kept in full; more are counted. A broken export of a million annotations shall not fill the memory.
const KEPT: usize = 1000;
/// Faults told in a message.
const TOLD: usize = 8;

/// All faults of a file, in the order of the file. Displays as a summary that names the first ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// How many of each kind.
    pub counts: BTreeMap<Kind, u64>,
    /// The first thousand.
    pub first: Vec<CocoFault>,
}

impl Faults {
    pub(super) fn add(&mut self, kind: Kind, place: String, what: String) {
        *self.counts.entry(kind).or_insert(0) += 1;
        if self.first.len() < KEPT {
            self.first.push(CocoFault { kind, place, what });
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many there are of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or(0)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.iter().map(|(kind, count)| format!("{count} x {}", kind.words()));
        write!(
            f,
            "{}",
            if self.is_empty() { "no faults".to_owned() } else { counts.collect::<Vec<_>>().join(", ") }
        )?;
        for fault in self.first.iter().take(TOLD) {
            write!(f, "\n  {fault}")?;
        }
        let told = self.first.len().min(TOLD) as u64;
        if self.len() > told {
            write!(f, "\n  and {} more", self.len() - told)?;
        }
        Ok(())
    }
}

/// Why a COCO file or a file of results could not be read.
#[derive(Debug, Error)]
pub enum CocoReadError {
    /// The operating system refused.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder without a COCO file.
    #[error("{}: no COCO file is in this folder: expected annotations.json, or one .json here or in annotations/", dir.display())]
    NoFile {
        /// The folder.
        dir: PathBuf,
    },
    /// A folder with several.
    #[error("{}: several COCO files could be meant: name one of {}", dir.display(), names.join(", "))]
    SeveralFiles {
        /// The folder.
        dir: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// The file is not JSON, or not the JSON that COCO is.
    #[error("{}:{line}:{column}: {}{what}", path.display(), if at.is_empty() { String::new() } else { format!("{at}: ") })]
    Json {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// JSON path, as `annotations[17].bbox`.
        at: String,
        /// What was found and expected.
        what: String,
    },
    /// A category that was asked for is not there.
    #[error("{}: no category '{wanted}': its categories are {}", path.display(), listed(there))]
    NoCategory {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        wanted: String,
        /// What there is.
        there: Vec<String>,
    },
    /// Datasets whose categories were to be joined have none.
    #[error("no category to learn is in {}", files.join(", "))]
    NoCategories {
        /// The files.
        files: Vec<String>,
    },
    /// Pictures or annotations are faulty, and shall not be left out.
    #[error("{}: {faults}", path.display())]
    Faulty {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        faults: Faults,
    },
}

/// Names for a message: not more than fit into one.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut text = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}
