//! Anybody's COCO file, read into records: ours, photographs with human labels, exports of labelling tools.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use diorama::dataset::{Classes, Coco, CocoOptions, Split};
//!
//! let shelf = Coco::open("datasets/shelf".as_ref(), &CocoOptions::default())?;
//! let photos = Coco::open("photos/annotations/train.json".as_ref(), &CocoOptions::default().skipping())?;
//! println!("{}", photos.faults());            // what was left out, and why
//! let classes = Classes::of(&[&shelf, &photos], None)?;
//! let [train, held_out] = Split::shares(&shelf, [0.9, 0.1], 7)?;
//! # Ok(()) }
//! ```
//!
//! Nothing is lost on the way: boxes stay in double precision as they were written, and categories keep their
//! ids, so that an evaluation of these records is one of the file. What a trainer wants (`f32` boxes, class
//! numbers from 0) is a method away. Format: <https://cocodataset.org/#format-data>.

mod build;
mod classes;
mod fault;
mod file;
mod find;
mod mix;
mod options;
mod raw;
mod results;
mod segmentation;
mod split;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::geometry::{BoxPx, Size};

pub use classes::Classes;
pub use fault::{CocoFault, CocoReadError, Faults, Kind as FaultKind};
pub use mix::{Draws, Mix, MixError};
pub use options::{CocoOptions, OnFault, PictureCheck};
pub use results::{CocoResult, Results, ResultsOptions};
pub use segmentation::Segmentation;
pub use split::{Split, SplitError};

#[cfg(test)]
mod tests;

/// A COCO file with its pictures, in order of their ids.
#[derive(Clone, Debug)]
pub struct Coco {
    file: PathBuf,
    categories: Vec<CocoCategory>,
    /// From each id of the file to its place in `categories`.
    category_of_id: BTreeMap<i64, usize>,
    /// Ids of categories that the file has and that were not asked for.
    left_out: BTreeSet<i64>,
    pictures: Vec<CocoPicture>,
    faults: Faults,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CocoCategory {
    /// Its id in the file; where several were renamed to one name, the lowest of theirs.
    pub id: i64,
    /// Its name, after renaming.
    pub name: String,
    /// `virtual` for what is never drawn (gaps); empty where none is stated.
    pub supercategory: String,
    /// Names of its keypoints, in order; empty when it has none.
    pub keypoints: Vec<String>,
}

/// A picture and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CocoPicture {
    /// Its id in the file.
    pub id: i64,
    /// Its file, as the COCO file names it.
    pub file_name: String,
    /// Where that file is.
    pub path: PathBuf,
    /// Its size as the COCO file states it, or as its file has it where none is stated.
    pub size: Size,
    /// Pictures with the same one (`video_id`) belong to one sequence and are never split apart.
    pub video_id: Option<i64>,
    /// What was asked for with [`CocoOptions::picture_facts`].
    pub facts: BTreeMap<String, Fact>,
    /// In the order of the file.
    pub objects: Vec<CocoObject>,
}

/// An annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct CocoObject {
    /// Its id in the file.
    pub id: i64,
    /// Place of its category in [`Coco::categories`].
    pub category: usize,
    /// `[x, y, w, h]` in pixels with half-open edges, as written; [`CocoObject::xywh`] for a trainer.
    pub bbox: BoxPx,
    /// As written; where nothing is written, of the mask, else of the box. Square pixels.
    pub area: f64,
    /// `iscrowd`: it stands for a crowd. Not to be learnt from as one object; whatever is detected in it is neither
    /// right nor wrong.
    pub crowd: bool,
    /// `ignore`: somebody marked it as not to be scored. The COCO API reads this field and then overwrites it.
    pub ignore: bool,
    /// Its mask or outline; [`Segmentation::None`] unless [`CocoOptions::masks`] asked for it.
    pub segmentation: Segmentation,
    /// `x, y, v` triples (v: 0 not labelled, 1 hidden, 2 visible); empty when it has none.
    pub keypoints: Vec<f64>,
    /// As written, else the number of keypoints with v > 0.
    pub num_keypoints: u32,
    /// Mask area / amodal mask area, 0 to 1, where stated, as our own datasets do.
    pub visibility: Option<f64>,
    /// Share of it outside of the picture, 0 to 1, where stated.
    pub truncation: Option<f64>,
    /// From the camera's centre to the centre of its box, metres, where stated.
    pub distance_m: Option<f64>,
    /// What was asked for with [`CocoOptions::object_facts`].
    pub facts: BTreeMap<String, Fact>,
}

/// A further fact of an annotation or of a picture's record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// A number.
    Number(f64),
    /// A word, or `true` or `false`.
    Word(String),
}

impl Coco {
    /// Reads a COCO file, or the one in a folder.
    ///
    /// A folder holds `annotations.json` (as ours do), or one COCO file in itself or in `annotations/`. Pictures are
    /// looked for in [`CocoOptions::pictures`], else in `images/` beside the file, beside the file itself, and as the
    /// COCO release has them (`val2017/` beside `annotations/instances_val2017.json`).
    ///
    /// # Errors
    /// When there is no such file or it is not COCO (naming line, column and JSON path), when a wanted category is
    /// not in it, and, with [`OnFault::Fail`], when any picture or annotation is faulty (naming each).
    pub fn open(path: &Path, options: &CocoOptions) -> Result<Self, CocoReadError> {
        let file = find::file(path)?;
        let text =
            std::fs::read(&file).map_err(|source| CocoReadError::Read { path: file.clone(), source })?;
        let raw = file::parse(&file, &text, options)?;
        drop(text);
        build::build(file, raw, options)
    }

    /// The COCO file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The categories that were read, in order of id.
    #[must_use]
    pub fn categories(&self) -> &[CocoCategory] {
        &self.categories
    }

    /// Place in [`Coco::categories`] of a category id of the file, also of one that was renamed away.
    #[must_use]
    pub fn category_of_id(&self, id: i64) -> Option<usize> {
        self.category_of_id.get(&id).copied()
    }

    /// The pictures, in order of id.
    #[must_use]
    pub fn pictures(&self) -> &[CocoPicture] {
        &self.pictures
    }

    /// What was found wrong and, as [`OnFault`] had it, left out.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Number of objects, crowds included.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.pictures.iter().map(|picture| picture.objects.len()).sum()
    }
}

impl CocoPicture {
    /// The frame.
    #[must_use]
    pub fn frame(&self) -> BoxPx {
        BoxPx::from_edges(0.0, 0.0, f64::from(self.size.width), f64::from(self.size.height))
    }
}

impl CocoObject {
    /// The box `[x, y, w, h]` in pixels, in single precision.
    #[must_use]
    pub fn xywh(&self) -> [f32; 4] {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a picture's coordinates: a trainer needs no more"
        )]
        let single = <[f64; 4]>::from(self.bbox).map(|value| value as f32);
        single
    }

    /// Whether it is one object to be learnt from: neither a crowd nor marked to be ignored.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.crowd && !self.ignore
    }
}

impl Fact {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Word(_) => None,
        }
    }
}
