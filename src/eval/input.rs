//! What is compared with what.

use thiserror::Error;

use crate::geometry::{BoxPx, Mask};

/// What is true of a picture, and what a detector says of it.
///
/// The order of pictures decides among detections of equal score: `pycocotools` has them in order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// In the order of their file, which decides between equal overlaps.
    pub truths: Vec<Truth>,
    /// In any order; of equal scores the earlier comes first.
    pub detections: Vec<Detection>,
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Its class, from 0.
    pub class: usize,
    /// What detections must overlap.
    pub shape: Shape,
    /// Square pixels: decides to which area range it belongs.
    pub area: f64,
    /// It stands for a crowd: any number of detections may lie in it, none is right or wrong by it.
    pub crowd: bool,
    /// It need not be found, and finding it is no mistake. Crowds are ignored anyway; for keypoints, an object without a
    /// labelled one must be.
    pub ignore: bool,
}

/// An object that somebody says is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Its class, from 0.
    pub class: usize,
    /// Of the same kind as the truths'.
    pub shape: Shape,
    /// Square pixels: one outside of an area range is no mistake within it.
    pub area: f64,
    /// Larger is surer; finite.
    pub score: f64,
}

/// What overlaps are measured between.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Intersection over union of boxes.
    Box(BoxPx),
    /// Intersection over union of masks.
    Mask(Mask),
    /// Object keypoint similarity.
    Keypoints {
        /// Box of a truth, twice as wide and high of which bounds where detections of an object without labelled
        /// keypoints may lie.
        bbox: BoxPx,
        /// `x, y, v` triples.
        points: Vec<f64>,
    },
}

impl Shape {
    /// The box round it; `None` for an empty mask.
    #[must_use]
    pub fn bbox(&self) -> Option<BoxPx> {
        match self {
            Self::Box(bbox) | Self::Keypoints { bbox, .. } => Some(*bbox),
            Self::Mask(mask) => mask.bounds(),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Box(_) => 0,
            Self::Mask(_) => 1,
            Self::Keypoints { .. } => 2,
        }
    }
}

/// Why there is nothing to evaluate.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EvalError {
    /// Boxes, masks and keypoints cannot be compared with each other.
    #[error("picture {picture} (from 0): boxes, masks and keypoints cannot be compared with each other")]
    MixedShapes {
        /// Which.
        picture: usize,
    },
    /// A class that there is not.
    #[error("picture {picture} (from 0): class {class}: expected less than {classes}")]
    Class {
        /// Which.
        picture: usize,
        /// The class.
        class: usize,
        /// How many there are.
        classes: usize,
    },
    /// A score that is not finite.
    #[error("picture {picture} (from 0): score {score}: expected a finite number")]
    Score {
        /// Which.
        picture: usize,
        /// The score.
        score: f64,
    },
    /// Keypoints that do not fit the sigmas.
    #[error("picture {picture} (from 0): {found} keypoints, and sigmas for {sigmas}: expected as many")]
    Keypoints {
        /// Which.
        picture: usize,
        /// Keypoints.
        found: usize,
        /// Sigmas.
        sigmas: usize,
    },
    /// Options that make no evaluation.
    #[error("{0}")]
    Options(String),
}

/// Checks what the arithmetic relies on.
pub(super) fn check(classes: usize, pictures: &[Picture], sigmas: usize) -> Result<(), EvalError> {
    let first = pictures.iter().flat_map(Picture::shapes).next().map(|(_, shape)| shape.kind());
    for (picture, it) in pictures.iter().enumerate() {
        for (class, shape) in it.shapes() {
            if class >= classes {
                return Err(EvalError::Class { picture, class, classes });
            }
            if Some(shape.kind()) != first {
                return Err(EvalError::MixedShapes { picture });
            }
            if let Shape::Keypoints { points, .. } = shape
                && points.len() != sigmas * 3
            {
                return Err(EvalError::Keypoints { picture, found: points.len() / 3, sigmas });
            }
        }
        if let Some(detection) = it.detections.iter().find(|detection| !detection.score.is_finite()) {
            return Err(EvalError::Score { picture, score: detection.score });
        }
    }
    Ok(())
}

impl Picture {
    fn shapes(&self) -> impl Iterator<Item = (usize, &Shape)> {
        let truths = self.truths.iter().map(|truth| (truth.class, &truth.shape));
        truths.chain(self.detections.iter().map(|detection| (detection.class, &detection.shape)))
    }
}
