//! At which overlaps, areas and numbers of detections.

use serde::{Deserialize, Serialize};

use super::EvalError;

/// How far off annotators place each of COCO's 17 keypoints, relative to the object's size
/// (<https://cocodataset.org/#keypoints-eval>, `cocoeval.py`).
pub const COCO_SIGMAS: [f64; 17] = [
    0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087,
    0.089, 0.089,
];

/// What is compared, by its name in COCO.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IouType {
    /// Boxes.
    #[default]
    Bbox,
    /// Masks.
    Segm,
    /// Keypoints.
    Keypoints,
}

/// A range of areas, both ends included, in square pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaRange {
    /// As `small`.
    pub name: String,
    /// Smallest and largest.
    pub range: [f64; 2],
}

/// What is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Overlaps from which a detection is right; at most 32.
    pub thresholds: Vec<f64>,
    /// Recalls at which precision is read.
    pub recalls: Vec<f64>,
    /// Numbers of detections a picture and class, ascending; the surest count.
    pub max_dets: Vec<usize>,
    /// Area ranges; the first is that of all.
    pub areas: Vec<AreaRange>,
    /// How far off keypoints may be, one each.
    pub sigmas: Vec<f64>,
}

impl Options {
    /// COCO's for boxes and masks: overlaps 0.50 to 0.95, areas parted at 32 x 32 and 96 x 96 pixels.
    ///
    /// Recall is taken at 1, 10, 100 and `max_dets`, as far as these are not above it. COCO has 100; SKU-110K, with
    /// 147 objects a picture, has 300 (Goldman et al. 2019).
    #[must_use]
    pub fn coco(max_dets: usize) -> Self {
        let mut counts: Vec<usize> = [1, 10, 100].into_iter().filter(|count| *count < max_dets).collect();
        counts.push(max_dets);
        let (small, medium, all) = (1024.0, 9216.0, 1e10);
        let area = |name: &str, range| AreaRange { name: name.to_owned(), range };
        Self {
            thresholds: linspace(0.5, 0.95, 10),
            recalls: linspace(0.0, 1.0, 101),
            max_dets: counts,
            areas: vec![
                area("all", [0.0, all]),
                area("small", [0.0, small]),
                area("medium", [small, medium]),
                area("large", [medium, all]),
            ],
            sigmas: COCO_SIGMAS.to_vec(),
        }
    }

    /// COCO's for keypoints: as for boxes without small ones, and at one number of detections, 20 by their rule.
    #[must_use]
    pub fn coco_keypoints(max_dets: usize) -> Self {
        let mut options = Self { max_dets: vec![max_dets], ..Self::coco(max_dets) };
        options.areas.remove(1);
        options
    }

    /// Place of the threshold `value`.
    #[must_use]
    pub fn threshold(&self, value: f64) -> Option<usize> {
        self.thresholds.iter().position(|threshold| (threshold - value).abs() < 1e-9)
    }

    pub(super) fn check(&self) -> Result<(), EvalError> {
        let fail = |what: String| Err(EvalError::Options(what));
        if self.thresholds.is_empty() || self.thresholds.len() > 32 {
            return fail(format!("{} thresholds: expected 1 to 32", self.thresholds.len()));
        }
        if let Some(wrong) = self.thresholds.iter().find(|t| !(f64::EPSILON..=1.0).contains(*t)) {
            return fail(format!("an overlap of {wrong}: expected more than 0 and at most 1"));
        }
        if self.max_dets.first().is_none_or(|count| *count == 0) || !self.max_dets.is_sorted() {
            return fail(format!(
                "numbers of detections {:?}: expected 1 and more, ascending",
                self.max_dets
            ));
        }
        if self.areas.is_empty() || self.recalls.is_empty() {
            return fail("expected at least one area range and one recall".to_owned());
        }
        if let Some(wrong) = self.sigmas.iter().find(|sigma| **sigma <= 0.0 || !sigma.is_finite()) {
            return fail(format!("a sigma of {wrong}: expected a number above 0"));
        }
        Ok(())
    }
}

/// Evenly spaced numbers, rounded as `numpy.linspace` has them: a recall of 0.07 is `7 * 0.01` and not `0.07`.
fn linspace(first: f64, last: f64, count: u32) -> Vec<f64> {
    let step = (last - first) / f64::from(count - 1);
    (0..count).map(|i| if i + 1 == count { last } else { f64::from(i) * step + first }).collect()
}
