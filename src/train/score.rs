//! How good a detector is: what it finds and what is true, handed to the evaluator.

use super::{
    TrainError,
    detect::{Detection, Detector, Keep},
    sample::Sample,
};
use crate::{
    eval::{self, Options, Picture, Report, Shape, Truth, evaluate},
    geometry::BoxPx,
};

/// Most detections a picture: shelves show far more than COCO's 100 (Goldman et al. 2019).
pub const MAX_DETS: usize = 300;
/// Most detections a picture of things with keypoints, as COCO has it.
const MAX_PEOPLE: usize = 20;

/// What is kept for an evaluation: nearly everything, since a curve needs its tail.
#[must_use]
pub fn kept(max_dets: usize) -> Keep {
    Keep { score: 0.01, most: max_dets, ..Keep::default() }
}

/// COCO's averages of a detector.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoresOf {
    /// By boxes.
    pub boxes: Report,
    /// By keypoints; `None` of a detector that finds none.
    pub keypoints: Option<Report>,
}

/// COCO's averages of a detector on pictures.
///
/// # Errors
/// When the device fails, or there is nothing to compare.
pub fn scores(detector: &Detector, samples: &[Sample], max_dets: usize) -> Result<ScoresOf, TrainError> {
    let keep = kept(max_dets);
    let found = samples.iter().map(|s| detector.detect(s, &keep)).collect::<Result<Vec<_>, _>>()?;
    let names = &detector.config().classes;
    let report = |shape: &Shaped<'_>, options: &Options| {
        let pictures: Vec<Picture> =
            samples.iter().zip(&found).map(|(sample, found)| judged(sample, found, shape)).collect();
        let fault = |e: eval::EvalError| TrainError::data("the evaluation", e.to_string());
        let evaluation = evaluate(names.len(), &pictures, options, &[]).map_err(fault)?;
        Ok::<_, TrainError>(evaluation.report(names))
    };
    let boxes = report(&|bbox, _| Shape::Box(bbox), &Options::coco(max_dets))?;
    let count = detector.config().keypoints.len();
    let keypoints = (count > 0).then(|| {
        let mut options = Options::coco_keypoints(MAX_PEOPLE);
        options.sigmas = super::points::sigmas(count);
        let shape = |bbox, points: &[[f64; 3]]| {
            let mut points = points.concat();
            points.resize(3 * count, 0.0);
            Shape::Keypoints { bbox, points }
        };
        report(&shape, &options)
    });
    Ok(ScoresOf { boxes, keypoints: keypoints.transpose()? })
}

/// The shape that is compared, of a box and its keypoints.
type Shaped<'a> = dyn Fn(BoxPx, &[[f64; 3]]) -> Shape + 'a;

/// Detections and truth of a picture, as the evaluator has them.
fn judged(sample: &Sample, found: &[Detection], shape: &Shaped<'_>) -> Picture {
    let detections = found.iter().map(|found| eval::Detection {
        class: found.class,
        shape: shape(found.bbox, &found.points),
        area: found.bbox.area(),
        score: f64::from(found.score),
    });
    let truths = sample.objects.iter().map(|object| {
        let shape = shape(object.bbox, &object.points);
        let by_points = matches!(shape, Shape::Keypoints { .. });
        let nothing_known = by_points && object.points.iter().all(|p| p[2] <= 0.0);
        Truth {
            class: object.class,
            shape,
            area: object.area,
            crowd: object.ignore,
            ignore: object.ignore || nothing_known,
        }
    });
    Picture { truths: truths.collect(), detections: detections.collect() }
}
