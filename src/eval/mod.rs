//! How good detections are: numbers in, numbers out.
//!
//! [`evaluate`] computes the metrics of the COCO challenge as `pycocotools` 2.0 defines them, entry by entry equal for
//! the same thresholds, areas and numbers of detections; `tests/eval/` holds it to that. What differs is stated:
//! the averages of [`Evaluation`] are taken at the largest number of detections, where `COCOeval.summarize` insists
//! on 100; and an annotation with id 0 is found like any other, where `pycocotools` takes the id for a flag.
//!
//! Beside the areas, [`slices`] divide truth by any fact: how visible, how far, in which light.
//! [`shelf`] reads rows, gaps and availability from boxes alone.

mod accumulate;
mod input;
mod matching;
mod options;
mod outcome;
mod overlap;
mod report;
pub mod shelf;
pub mod slices;

pub use accumulate::{Evaluation, evaluate};
pub use input::{Detection, EvalError, Picture, Shape, Truth};
pub use options::{AreaRange, COCO_SIGMAS, IouType, Options};
pub use outcome::{Operating, Outcome, Tally, Verdict, operating, outcomes};
pub use report::{ClassScore, Curve, Report, Scores, SliceScore};
pub use slices::{Slice, View};

#[cfg(test)]
mod tests;
