//! Precision and recall, as `pycocotools` accumulates them.

use rayon::prelude::*;

use super::{
    EvalError, Options, Picture, Slice, View, input,
    matching::{NONE, cells},
};

/// Every precision and recall there is; -1 where there is nothing to find. Averages: [`Evaluation::report`].
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Lengths of the axes: thresholds, recalls, classes, views, numbers of detections. Views are the areas, and
    /// then the slices.
    pub shape: [usize; 5],
    /// `[thresholds][recalls][classes][views][numbers of detections]`, flat: precision at that recall or more.
    pub precision: Vec<f64>,
    /// Like `precision`: the score of the detection at which that recall is reached.
    pub scores: Vec<f64>,
    /// `[thresholds][classes][views][numbers of detections]`, flat: the largest recall.
    pub recall: Vec<f64>,
    /// `[classes][views]`, flat: truths to be found.
    pub truths: Vec<u64>,
    /// For each class, detections among the `max_dets` surest of their picture.
    pub detections: Vec<u64>,
    /// What was computed.
    pub options: Options,
    /// By what, and which part: as (`visibility`, `0.50 to 0.75`).
    pub slices: Vec<(String, String)>,
}

/// How the detections of a cell fare in one view: one bit a threshold.
struct Marks {
    /// Truths to be found.
    truths: u64,
    /// For each detection: right, and neither right nor wrong.
    bits: Vec<(u32, u32)>,
}

/// A class of a picture, judged.
struct Judged {
    class: usize,
    scores: Vec<f64>,
    /// For each view; `None` where the picture does not belong to it.
    views: Vec<Option<Marks>>,
}

/// Compares detections with truth, over all pictures and for each class, area and slice.
///
/// # Errors
/// [`EvalError`] when the input cannot be compared or the options make no evaluation.
pub fn evaluate(
    classes: usize,
    pictures: &[Picture],
    options: &Options,
    slices: &[Slice],
) -> Result<Evaluation, EvalError> {
    options.check()?;
    input::check(classes, pictures, options.sigmas.len())?;
    let areas: Vec<View> = options.areas.iter().map(|area| View::Area(area.range)).collect();
    let views: Vec<&View> = areas.iter().chain(slices.iter().map(|slice| &slice.view)).collect();
    let judged: Vec<Vec<Judged>> = pictures
        .par_iter()
        .enumerate()
        .map(|(place, picture)| judge(place, picture, options, &views))
        .collect();
    let mut of_class: Vec<Vec<&Judged>> = vec![Vec::new(); classes];
    for cell in judged.iter().flatten() {
        of_class[cell.class].push(cell);
    }
    let shape =
        [options.thresholds.len(), options.recalls.len(), classes, views.len(), options.max_dets.len()];
    let parts: Vec<ClassPart> =
        of_class.par_iter().map(|cells| ClassPart::of(cells, views.len(), options)).collect();
    let mut whole = Evaluation {
        shape,
        precision: vec![-1.0; shape.iter().product()],
        scores: vec![-1.0; shape.iter().product()],
        recall: vec![-1.0; shape[0] * shape[2] * shape[3] * shape[4]],
        truths: Vec::with_capacity(classes * views.len()),
        detections: of_class.iter().map(|cells| cells.iter().map(|c| c.scores.len() as u64).sum()).collect(),
        options: options.clone(),
        slices: slices.iter().map(|slice| (slice.by.clone(), slice.bin.clone())).collect(),
    };
    for (class, part) in parts.into_iter().enumerate() {
        whole.truths.extend(part.truths);
        for curve in part.curves {
            whole.put(class, &curve);
        }
    }
    Ok(whole)
}

fn judge(place: usize, picture: &Picture, options: &Options, views: &[&View]) -> Vec<Judged> {
    let judge = |cell: super::matching::Cell<'_>| {
        let of_view = |view: &&View| {
            if !view.picture(place) {
                return None;
            }
            let ignored: Vec<bool> = cell
                .truths
                .iter()
                .map(|(at, truth)| truth.crowd || truth.ignore || !view.truth(place, *at, truth))
                .collect();
            let outside: Vec<bool> =
                cell.detections.iter().map(|(_, detection)| !view.detection(detection)).collect();
            let mut bits = vec![(0, 0); cell.detections.len()];
            for (index, &threshold) in options.thresholds.iter().enumerate() {
                let matches = cell.matches(&ignored, threshold);
                for ((right, neither), (found, outside)) in bits.iter_mut().zip(matches.iter().zip(&outside))
                {
                    let is_neither = if *found == NONE { *outside } else { ignored[*found as usize] };
                    *neither |= u32::from(is_neither) << index;
                    *right |= u32::from(*found != NONE && !is_neither) << index;
                }
            }
            Some(Marks { truths: ignored.iter().filter(|ignored| !**ignored).count() as u64, bits })
        };
        Judged {
            class: cell.class,
            scores: cell.detections.iter().map(|(_, detection)| detection.score).collect(),
            views: views.iter().map(of_view).collect(),
        }
    };
    cells(picture, options).into_iter().map(judge).collect()
}

/// One class's numbers.
struct ClassPart {
    /// For each view.
    truths: Vec<u64>,
    curves: Vec<CurvePart>,
}

/// At one threshold, view and number of detections.
struct CurvePart {
    at: [usize; 3],
    recall: f64,
    /// At each recall: precision and score.
    points: Vec<(f64, f64)>,
}

impl ClassPart {
    fn of(cells: &[&Judged], views: usize, options: &Options) -> Self {
        // (cell, place in the cell) by falling score; of equal scores the earlier picture's comes first.
        let mut order: Vec<(usize, usize)> = cells
            .iter()
            .enumerate()
            .flat_map(|(cell, judged)| (0..judged.scores.len()).map(move |place| (cell, place)))
            .collect();
        let score = |&(cell, place): &(usize, usize)| cells[cell].scores[place];
        order.sort_by(|a, b| score(b).partial_cmp(&score(a)).unwrap_or(std::cmp::Ordering::Equal));
        let (mut truths, mut curves) = (Vec::with_capacity(views), Vec::new());
        for view in 0..views {
            let marks: Vec<Option<&Marks>> = cells.iter().map(|judged| judged.views[view].as_ref()).collect();
            let positives: u64 = marks.iter().flatten().map(|marks| marks.truths).sum();
            truths.push(positives);
            if positives == 0 {
                continue;
            }
            for (most, &max_dets) in options.max_dets.iter().enumerate() {
                let kept: Vec<(f64, u32, u32)> = order
                    .iter()
                    .filter(|(_, place)| *place < max_dets)
                    .filter_map(|at| {
                        let (right, neither) = marks[at.0]?.bits[at.1];
                        Some((score(at), right, neither))
                    })
                    .collect();
                for threshold in 0..options.thresholds.len() {
                    let (recall, points) = curve(&kept, threshold, positives, &options.recalls);
                    curves.push(CurvePart { at: [threshold, view, most], recall, points });
                }
            }
        }
        Self { truths, curves }
    }
}

/// Largest recall, and precision and score at each recall. `kept`: score, right, neither.
#[expect(clippy::cast_precision_loss, reason = "counts of detections are far below 2^53")]
fn curve(
    kept: &[(f64, u32, u32)],
    threshold: usize,
    positives: u64,
    recalls: &[f64],
) -> (f64, Vec<(f64, f64)>) {
    let (mut right, mut wrong) = (0u64, 0u64);
    let mut precisions = Vec::with_capacity(kept.len());
    let mut reached = Vec::with_capacity(kept.len());
    for (_, rights, neithers) in kept {
        if neithers >> threshold & 1 == 0 {
            let is_right = rights >> threshold & 1;
            right += u64::from(is_right);
            wrong += u64::from(1 - is_right);
        }
        precisions.push(right as f64 / ((wrong as f64 + right as f64) + f64::EPSILON));
        reached.push(right as f64 / positives as f64);
    }
    // From here on only falling: the best precision at this recall or a larger one.
    for place in (1..precisions.len()).rev() {
        precisions[place - 1] = f64::max(precisions[place - 1], precisions[place]);
    }
    let at = |recall: &f64| {
        let place = reached.partition_point(|reached| reached < recall);
        precisions.get(place).map_or((0.0, 0.0), |precision| (*precision, kept[place].0))
    };
    (reached.last().copied().unwrap_or(0.0), recalls.iter().map(at).collect())
}

impl Evaluation {
    fn put(&mut self, class: usize, curve: &CurvePart) {
        let [threshold, view, most] = curve.at;
        let at = self.place(threshold, class, view, most);
        self.recall[at] = curve.recall;
        for (recall, (precision, score)) in curve.points.iter().enumerate() {
            let at = self.point(threshold, recall, class, view, most);
            self.precision[at] = *precision;
            self.scores[at] = *score;
        }
    }

    /// Place in `recall`.
    #[must_use]
    pub fn place(&self, threshold: usize, class: usize, view: usize, max_dets: usize) -> usize {
        let [_, _, classes, views, counts] = self.shape;
        ((threshold * classes + class) * views + view) * counts + max_dets
    }

    /// Place in `precision` and `scores`.
    #[must_use]
    pub fn point(
        &self,
        threshold: usize,
        recall: usize,
        class: usize,
        view: usize,
        max_dets: usize,
    ) -> usize {
        let [_, recalls, classes, views, counts] = self.shape;
        (((threshold * recalls + recall) * classes + class) * views + view) * counts + max_dets
    }
}
