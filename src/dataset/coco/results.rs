//! COCO results: what a detector, any detector, says of the pictures of a COCO file.
//!
//! <https://cocodataset.org/#format-results>: a list of `{image_id, category_id, score}` with `bbox`, `segmentation`
//! or `keypoints`.

use std::{collections::BTreeMap, path::Path};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error},
};

use super::{
    Coco, CocoReadError, Faults, OnFault, Segmentation,
    fault::Kind,
    file::{ListOf, parse_with},
    raw::Numbers,
};
use crate::geometry::BoxPx;

/// One detection, as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CocoResult {
    /// Id of its picture.
    pub image_id: i64,
    /// Id of its category.
    pub category_id: i64,
    /// How sure the detector is; only the order counts.
    pub score: f64,
    /// `[x, y, w, h]` in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<BoxPx>,
    /// Its mask.
    #[serde(skip_serializing_if = "is_none")]
    pub segmentation: Segmentation,
    /// `x, y, v` triples.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keypoints: Vec<f64>,
}

fn is_none(shape: &Segmentation) -> bool {
    *shape == Segmentation::None
}

/// How results are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultsOptions {
    /// What is done about detections of pictures or categories that the COCO file does not have.
    pub on_fault: OnFault,
    /// Whether masks are kept.
    pub masks: bool,
}

/// Detections by picture.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// For each picture of the COCO file, in its order, the detections in the order of the results, each with the place
    /// of its category in [`Coco::categories`].
    pub of_picture: Vec<Vec<(usize, CocoResult)>>,
    /// What was found wrong and left out.
    pub faults: Faults,
}

impl Results {
    /// Reads a results file for the pictures of `coco`. Detections of categories that `coco` was told to leave out
    /// are left out too.
    ///
    /// # Errors
    /// When it cannot be read, is not a results file (naming line, column and JSON path), or, with
    /// [`OnFault::Fail`], a detection is of an unknown picture or category.
    pub fn open(path: &Path, coco: &Coco, options: ResultsOptions) -> Result<Self, CocoReadError> {
        let text =
            std::fs::read(path).map_err(|source| CocoReadError::Read { path: path.to_owned(), source })?;
        let list = parse_with(path, &text, ListOf(ResultSeed { masks: options.masks }))?;
        drop(text);
        let results = Self::of(list, coco);
        if options.on_fault == OnFault::Fail && !results.faults.is_empty() {
            return Err(CocoReadError::Faulty { path: path.to_owned(), faults: results.faults });
        }
        Ok(results)
    }

    /// Sorts detections by picture; those of unknown pictures or categories become faults.
    #[must_use]
    pub fn of(list: Vec<CocoResult>, coco: &Coco) -> Self {
        let places: BTreeMap<i64, usize> =
            coco.pictures().iter().enumerate().map(|(place, picture)| (picture.id, place)).collect();
        let mut of_picture = vec![Vec::new(); places.len()];
        let mut faults = Faults::default();
        for (index, result) in list.into_iter().enumerate() {
            let place = || format!("[{index}]");
            if !result.score.is_finite() {
                faults.add(Kind::NothingToCompare, place(), format!("score {}", result.score));
                continue;
            }
            let picture = places.get(&result.image_id);
            match (picture, coco.category_of_id(result.category_id)) {
                (Some(&picture), Some(category)) => of_picture[picture].push((category, result)),
                (None, _) => {
                    let what = format!("image_id {} is not in {}", result.image_id, coco.file().display());
                    faults.add(Kind::UnknownPicture, place(), what);
                }
                (_, None) if coco.left_out.contains(&result.category_id) => {}
                (_, None) => {
                    let what =
                        format!("category_id {} is not in {}", result.category_id, coco.file().display());
                    faults.add(Kind::UnknownCategory, place(), what);
                }
            }
        }
        Self { of_picture, faults }
    }

    /// Number of detections.
    #[must_use]
    pub fn len(&self) -> usize {
        self.of_picture.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of_picture.iter().all(Vec::is_empty)
    }
}

#[derive(Clone, Copy)]
struct ResultSeed {
    masks: bool,
}

#[derive(Deserialize)]
struct RawResult {
    image_id: i64,
    category_id: i64,
    score: f64,
    bbox: Option<Numbers>,
    #[serde(default)]
    segmentation: Segmentation,
    keypoints: Option<Numbers>,
}

impl<'de> DeserializeSeed<'de> for ResultSeed {
    type Value = CocoResult;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<CocoResult, D::Error> {
        let raw = RawResult::deserialize(deserializer)?;
        // `"bbox": []` is how the COCO API writes that there is none.
        let bbox =
            raw.bbox.filter(|numbers| !numbers.0.is_empty()).map(Numbers::four::<D::Error>).transpose()?;
        let keypoints = raw.keypoints.map(|numbers| numbers.0).unwrap_or_default();
        if !keypoints.len().is_multiple_of(3) {
            let count = keypoints.len();
            return Err(D::Error::custom(format!("{count} numbers of keypoints: expected triples x, y, v")));
        }
        let segmentation = if self.masks { raw.segmentation } else { Segmentation::None };
        Ok(CocoResult {
            image_id: raw.image_id,
            category_id: raw.category_id,
            score: raw.score,
            bbox: bbox.map(BoxPx::from),
            segmentation,
            keypoints,
        })
    }
}
