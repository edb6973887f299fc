//! Which detection has found which truth: greedily, the surest first.

use std::collections::BTreeMap;

use super::{Detection, Options, Picture, Truth, overlap};

/// No truth was found.
pub(super) const NONE: u32 = u32::MAX;

/// The truths and the surest detections of one class in one picture, and how they overlap.
pub(super) struct Cell<'a> {
    pub(super) class: usize,
    /// In the picture's order.
    pub(super) truths: Vec<(usize, &'a Truth)>,
    /// By falling score.
    pub(super) detections: Vec<(usize, &'a Detection)>,
    candidates: overlap::Candidates,
}

/// Those of a picture, in order of class.
pub(super) fn cells<'a>(picture: &'a Picture, options: &Options) -> Vec<Cell<'a>> {
    type Members<'a> = (Vec<(usize, &'a Truth)>, Vec<(usize, &'a Detection)>);
    let mut of_class: BTreeMap<usize, Members<'a>> = BTreeMap::new();
    for (place, truth) in picture.truths.iter().enumerate() {
        of_class.entry(truth.class).or_default().0.push((place, truth));
    }
    for (place, detection) in picture.detections.iter().enumerate() {
        of_class.entry(detection.class).or_default().1.push((place, detection));
    }
    let least = options.thresholds.iter().copied().fold(1.0, f64::min).min(ALMOST_ONE);
    let most = options.max_dets.last().copied().unwrap_or(0);
    let cell = |(class, (truths, mut detections)): (usize, Members<'a>)| {
        // Stable: of equal scores the earlier comes first. Scores are finite.
        detections.sort_by(|a, b| b.1.score.partial_cmp(&a.1.score).unwrap_or(std::cmp::Ordering::Equal));
        detections.truncate(most);
        let found: Vec<&Detection> = detections.iter().map(|(_, detection)| *detection).collect();
        let there: Vec<&Truth> = truths.iter().map(|(_, truth)| *truth).collect();
        let candidates = overlap::candidates(&found, &there, &options.sigmas, least);
        Cell { class, truths, detections, candidates }
    };
    of_class.into_iter().map(cell).collect()
}

/// An overlap of 1 may come out a little smaller.
const ALMOST_ONE: f64 = 1.0 - 1e-10;

impl Cell<'_> {
    /// For each detection, the place within the cell of the truth that it has found at this threshold, or [`NONE`].
    ///
    /// A detection takes the truth it overlaps most (the later of equals) among those that none has taken and that are
    /// not `ignored`; only where there is none, one that is. A crowd can be taken again and again.
    pub(super) fn matches(&self, ignored: &[bool], threshold: f64) -> Vec<u32> {
        let mut taken = vec![false; self.truths.len()];
        let mut find = |candidates: &[(usize, f64)]| {
            let (mut best, mut found) = (threshold.min(ALMOST_ONE), None);
            for wanted in [false, true] {
                for &(truth, overlap) in candidates.iter().filter(|(truth, _)| ignored[*truth] == wanted) {
                    let free = !taken[truth] || self.truths[truth].1.crowd;
                    if free && overlap >= best {
                        (best, found) = (overlap, Some(truth));
                    }
                }
                if found.is_some() {
                    break;
                }
            }
            let Some(truth) = found else { return NONE };
            taken[truth] = true;
            u32::try_from(truth).unwrap_or(NONE)
        };
        self.candidates.iter().map(|candidates| find(candidates)).collect()
    }
}
