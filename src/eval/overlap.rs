//! How much each detection overlaps each truth, for those that overlap enough to count anywhere.
//!
//! Almost no two boxes of a full shelf meet: truths are sorted by their left edge, and each detection looks only at
//! those that can reach it. Intersections and unions follow `maskApi.c` (`bbIou`, `rleIou`) to the rounding: with a crowd
//! the union is the detection alone. Similarities of keypoints follow `cocoeval.py` (`computeOks`).

use super::{Detection, Shape, Truth};
use crate::geometry::BoxPx;

/// For each detection: places of truths, ascending, and how much it overlaps them.
pub(super) type Candidates = Vec<Vec<(usize, f64)>>;

/// Overlaps of at least `least`.
pub(super) fn candidates(
    detections: &[&Detection],
    truths: &[&Truth],
    sigmas: &[f64],
    least: f64,
) -> Candidates {
    if truths.is_empty() {
        return vec![Vec::new(); detections.len()];
    }
    let reach = truths.iter().map(|truth| truth.shape.bbox());
    let mut order: Vec<(BoxPx, usize)> =
        reach.enumerate().filter_map(|(place, b)| Some((b?, place))).collect();
    order.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
    let widest = order.iter().map(|(b, _)| b.w).fold(0.0, f64::max);
    let meet = |detection: &Detection| {
        let mut found = Vec::new();
        let mut test = |place: usize| {
            let overlap = overlap(detection, truths[place], sigmas);
            if overlap >= least {
                found.push((place, overlap));
            }
        };
        match reach_of_detection(&detection.shape) {
            Reach::Anywhere => (0..truths.len()).for_each(&mut test),
            Reach::Nowhere => {}
            Reach::Within(b) => {
                let from = order.partition_point(|(truth, _)| truth.x < b.x - widest);
                let near = order[from..].iter().take_while(|(truth, _)| truth.x < b.right());
                near.filter(|(truth, _)| truth.y < b.bottom() && b.y < truth.bottom())
                    .for_each(|(_, place)| test(*place));
                found.sort_unstable_by_key(|(place, _)| *place);
            }
        }
        found
    };
    detections.iter().map(|detection| meet(detection)).collect()
}

enum Reach {
    Anywhere,
    Nowhere,
    Within(BoxPx),
}

fn reach_of_detection(shape: &Shape) -> Reach {
    match shape {
        Shape::Keypoints { .. } => Reach::Anywhere,
        other => other.bbox().map_or(Reach::Nowhere, Reach::Within),
    }
}

fn overlap(detection: &Detection, truth: &Truth, sigmas: &[f64]) -> f64 {
    match (&detection.shape, &truth.shape) {
        (Shape::Box(a), Shape::Box(b)) => {
            let w = a.right().min(b.right()) - a.x.max(b.x);
            let h = a.bottom().min(b.bottom()) - a.y.max(b.y);
            if w <= 0.0 || h <= 0.0 {
                return 0.0;
            }
            let common = w * h;
            let union = if truth.crowd { a.area() } else { a.area() + b.area() - common };
            common / union
        }
        #[expect(clippy::cast_precision_loss, reason = "pixel counts are far below 2^53")]
        (Shape::Mask(a), Shape::Mask(b)) => {
            let common = a.common(b);
            if common == 0 {
                return 0.0;
            }
            let union = if truth.crowd { a.area() } else { a.area() + b.area() - common };
            common as f64 / union as f64
        }
        (Shape::Keypoints { points: a, .. }, Shape::Keypoints { points: b, bbox }) => {
            similarity(a, b, *bbox, truth.area, sigmas)
        }
        // Mixed shapes are refused before.
        _ => 0.0,
    }
}

/// Object keypoint similarity: the mean over the labelled keypoints of `exp(-d^2 / (2 area (2 sigma)^2))`. Where none is
/// labelled, `d` is how far the detection's keypoints leave the truth's box, doubled.
fn similarity(found: &[f64], there: &[f64], bbox: BoxPx, area: f64, sigmas: &[f64]) -> f64 {
    let labelled = there.chunks_exact(3).filter(|triple| triple[2] > 0.0).count();
    let (x0, x1) = (bbox.x - bbox.w, bbox.x + bbox.w * 2.0);
    let (y0, y1) = (bbox.y - bbox.h, bbox.y + bbox.h * 2.0);
    let outside = |value: f64, low: f64, high: f64| (low - value).max(0.0) + (value - high).max(0.0);
    let (mut sum, mut count) = (0.0, 0u32);
    for ((f, t), sigma) in found.chunks_exact(3).zip(there.chunks_exact(3)).zip(sigmas) {
        let (dx, dy) = if labelled > 0 {
            if t[2] <= 0.0 {
                continue;
            }
            (f[0] - t[0], f[1] - t[1])
        } else {
            (outside(f[0], x0, x1), outside(f[1], y0, y1))
        };
        let variance = (sigma * 2.0) * (sigma * 2.0);
        sum += (-((dx * dx + dy * dy) / variance / (area + f64::EPSILON) / 2.0)).exp();
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
