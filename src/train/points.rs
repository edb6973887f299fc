//! Keypoints: where they lie, and how wrong that is.

use burn::tensor::{Tensor, TensorData};

use super::{
    assign::{Assignment, Target},
    cells::Cells,
    loss::{Loss, binary_entropy, chosen},
};
use crate::eval::COCO_SIGMAS;

/// What the network's offsets from a cell's centre are counted in, strides: numbers about 1 reach across an infant.
pub const REACH: f32 = 8.0;
/// Less than this share of its box nobody covers: what is said of hidden keypoints stays in proportion.
const LEAST_COVERED: f32 = 0.05;
/// Weight of how far off keypoints are, against scores.
const WHERE_WEIGHT: f32 = 2.0;
/// Weight of whether they are visible.
const VISIBLE_WEIGHT: f32 = 0.25;
/// How far off a keypoint may be, relative to the object's size, where there are not COCO's 17.
const OTHER_SIGMA: f64 = 0.07;

/// Where a cell's keypoints lie, in pixels, and how surely each is visible, 0 to 1. `said` gives the network's number
/// of a channel.
#[must_use]
pub(super) fn read(cells: &Cells, cell: usize, count: usize, said: impl Fn(usize) -> f32) -> Vec<[f32; 3]> {
    let ([x, y], stride) = cells.centre(cell);
    let one = |point: usize| {
        let visible = 1.0 / (1.0 + (-said(2 * count + point)).exp());
        [x + said(point) * REACH * stride, y + said(count + point) * REACH * stride, visible]
    };
    (0..count).map(one).collect()
}

/// How far off each of so many keypoints may be, relative to the object's size.
pub(super) fn sigmas(count: usize) -> Vec<f64> {
    if count == COCO_SIGMAS.len() { COCO_SIGMAS.to_vec() } else { vec![OTHER_SIGMA; count] }
}

/// Adds what the cells that answer say of keypoints: one less the similarity by which COCO scores them, which counts in
/// pixels that the object covers and is blind to what is far off, and the plain distance in units of the object's size,
/// which is not; and the cross-entropy of being visible. `points` is `[pictures, 3 * keypoints, cells]`.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^24")]
pub(super) fn add(
    loss: &mut Loss,
    points: &Tensor<3>,
    cells: &Cells,
    objects: &[Vec<Target>],
    assignments: &[Assignment],
) {
    let [_, channels, n] = points.dims();
    let count = channels / 3;
    #[expect(clippy::cast_possible_truncation, reason = "a hundredth or so")]
    let sharp = sigmas(count).into_iter().map(|s| -1.0 / (2.0 * (2.0 * s as f32).powi(2)));
    let sharp: Vec<f32> = sharp.collect();
    let (mut rows, mut offsets, mut scales) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sharpness, mut labelled, mut visible) = (Vec::new(), Vec::new(), Vec::new());
    for (picture, (assignment, objects)) in assignments.iter().zip(objects).enumerate() {
        for answer in &assignment.answers {
            let target = &objects[answer.object];
            if target.points.len() != count {
                continue;
            }
            let ([x, y], stride) = cells.centre(answer.cell);
            let [l, t, r, b] = target.edges;
            let area = ((r - l) * (b - t)).max(1.0);
            rows.push(picture * n + answer.cell);
            // Everything in units of the object's size.
            let size = area.sqrt();
            scales.push(REACH * stride / size);
            offsets.extend(target.points.iter().map(|p| (p[0] - x) / size));
            offsets.extend(target.points.iter().map(|p| (p[1] - y) / size));
            sharpness.extend(sharp.iter().map(|s| s / target.covers.max(LEAST_COVERED)));
            labelled.extend(target.points.iter().map(|p| f32::from(u8::from(p[2] > 0.0))));
            visible.extend(target.points.iter().map(|p| f32::from(u8::from(p[2] > 1.0))));
        }
    }
    let (answers, known) = (rows.len(), labelled.iter().sum::<f32>());
    if answers == 0 {
        return;
    }
    let device = points.device();
    let table = |numbers: Vec<f32>, width: usize| {
        Tensor::<2>::from_data(TensorData::new(numbers, [answers, width]), &device)
    };
    let said = chosen(points, &rows);
    let off = said.clone().narrow(1, 0, 2 * count) * table(scales, 1) - table(offsets, 2 * count);
    let (dx, dy) = (off.clone().narrow(1, 0, count), off.narrow(1, count, count));
    let labelled = table(labelled, count);
    let close = ((dx.clone().square() + dy.clone().square()) * table(sharpness, count)).exp();
    let wrong = (close.neg().add_scalar(1.0) + dx.abs() + dy.abs()) * labelled;
    loss.add("points", wrong.sum().div_scalar(known.max(1.0)), WHERE_WEIGHT);
    let seen = binary_entropy(said.narrow(1, 2 * count, count), table(visible, count));
    loss.add("visible", seen.sum().div_scalar((answers * count) as f32), VISIBLE_WEIGHT);
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::train::{
        assign::Answer,
        net::{Depth, dense, numbers},
    };

    /// What is said exactly costs nothing but the doubt about being visible; each point off costs what COCO says.
    #[test]
    fn what_is_read_is_what_is_learnt() {
        let count = 17;
        let cells = Cells::new(&dense(Depth::Nano, 1, count), [64, 64]);
        let (n, cell) = (cells.count, 16 * 16 + 9);
        let points: Vec<[f32; 3]> =
            (0..17u8).map(|i| [10.0 + f32::from(i) * 2.0, 50.0 - f32::from(i), f32::from(i % 3)]).collect();
        let mut said = vec![0.0f32; 3 * count * n];
        let ([x, y], stride) = cells.centre(cell);
        for (i, p) in points.iter().enumerate() {
            said[i * n + cell] = (p[0] - x) / (REACH * stride);
            said[(count + i) * n + cell] = (p[1] - y) / (REACH * stride);
            said[(2 * count + i) * n + cell] = if p[2] > 1.0 { 20.0 } else { -20.0 };
        }
        let read = read(&cells, cell, count, |channel| said[channel * n + cell]);
        for (a, b) in read.iter().zip(&points) {
            let visible = f32::from(u8::from(b[2] > 1.0));
            assert!((a[0] - b[0]).abs() < 1e-4 && (a[1] - b[1]).abs() < 1e-4, "{a:?}, not {b:?}");
            assert!((a[2] - visible).abs() < 1e-6, "{a:?}, not {b:?}");
        }
        let edges = [8.0, 20.0, 48.0, 60.0];
        let target = Target { points: points.clone(), covers: 0.4, ..Target::new(0, edges) };
        let assignment =
            Assignment { answers: vec![Answer { cell, object: 0, score: 1.0 }], ignored: Vec::new() };
        let of = |said: Vec<f32>| {
            let tensor = Tensor::from_data(TensorData::new(said, [1, 3 * count, n]), &Device::flex());
            let mut loss = Loss::default();
            add(&mut loss, &tensor, &cells, &[vec![target.clone()]], std::slice::from_ref(&assignment));
            let parts: Vec<f32> =
                loss.parts.iter().map(|part| numbers(&part.value).expect("readable")[0]).collect();
            (parts[0], parts[1])
        };
        let (wrong, doubt) = of(said.clone());
        assert!(wrong.abs() < 1e-5 && doubt < 1e-6, "{wrong}, {doubt}");
        // Four pixels to the right, of an object that covers 0.4 of 40 x 40 pixels: keypoint 11, a hip, with a sigma of
        // 0.107.
        said[11 * n + cell] += 4.0 / (REACH * stride);
        let known = points.iter().filter(|p| p[2] > 0.0).count() as f32;
        let similar = (-16.0f32 / (2.0 * 0.4 * 1600.0 * (2.0f32 * 0.107).powi(2))).exp();
        let expected = (1.0 - similar + 0.1) / known;
        let (wrong, _) = of(said.clone());
        assert!((wrong - expected).abs() < 1e-5, "{wrong}, not {expected}");
        // One that is not labelled may be anywhere.
        said[12 * n + cell] += 7.0;
        assert_eq!(of(said).0, wrong, "keypoint 12 is not labelled");
    }
}
