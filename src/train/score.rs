//! How good a detector is: what it finds and what is true, handed to the evaluator.

use super::{
    TrainError,
    detect::{Detector, Keep},
    sample::Sample,
};
use crate::eval::{self, Options, Picture, Report, Shape, Truth, evaluate};

/// Most detections a picture: shelves show far more than COCO's 100 (Goldman et al. 2019).
pub const MAX_DETS: usize = 300;

/// What is kept for an evaluation: nearly everything, since a curve needs its tail.
#[must_use]
pub fn kept(max_dets: usize) -> Keep {
    Keep { score: 0.01, most: max_dets, ..Keep::default() }
}

/// Detections and truth of a picture, as the evaluator has them.
///
/// # Errors
/// When the device fails.
pub fn judged(detector: &Detector, sample: &Sample, keep: &Keep) -> Result<Picture, TrainError> {
    let detections = detector.detect(sample, keep)?.into_iter().map(|found| eval::Detection {
        class: found.class,
        shape: Shape::Box(found.bbox),
        area: found.bbox.area(),
        score: f64::from(found.score),
    });
    let truths = sample.objects.iter().map(|object| Truth {
        class: object.class,
        shape: Shape::Box(object.bbox),
        area: object.bbox.area(),
        crowd: object.ignore,
        ignore: object.ignore,
    });
    Ok(Picture { truths: truths.collect(), detections: detections.collect() })
}

/// COCO's averages of a detector on pictures.
///
/// # Errors
/// When the device fails, or there is nothing to compare.
pub fn scores(detector: &Detector, samples: &[Sample], max_dets: usize) -> Result<Report, TrainError> {
    let keep = kept(max_dets);
    let pictures = samples.iter().map(|s| judged(detector, s, &keep)).collect::<Result<Vec<_>, _>>()?;
    let names = &detector.config().classes;
    let fault = |e: eval::EvalError| TrainError::data("the evaluation", e.to_string());
    let evaluation = evaluate(names.len(), &pictures, &Options::coco(max_dets), &[]).map_err(fault)?;
    Ok(evaluation.report(names))
}
