//! How wrong the network is: quality focal loss for scores (Li et al. 2020, equation 2), `GIoU` for boxes
//! (Rezatofighi et al. 2019).

use burn::tensor::{Device, Int, Tensor, TensorData, activation};

use super::{
    assign::{Assignment, Target},
    cells::Cells,
    net::{MAX_LOG_SIDE, Raw},
    points,
};

/// Weight of boxes against scores, as in `RTMDet`.
const BOX_WEIGHT: f32 = 2.0;
/// Keeps divisions by the area of a box finite.
const TINY: f32 = 1e-6;

/// How wrong a batch is, in parts.
#[derive(Clone, Debug, Default)]
pub struct Loss {
    /// Those that the batch has; without objects there is nothing to say of boxes.
    pub parts: Vec<Part>,
}

/// A part of a loss.
#[derive(Clone, Debug)]
pub struct Part {
    /// What is judged; its name in the log.
    pub name: &'static str,
    /// A single number on the device.
    pub value: Tensor<1>,
    /// What it is worth beside the others.
    pub weight: f32,
}

impl Loss {
    pub(super) fn add(&mut self, name: &'static str, value: Tensor<1>, weight: f32) {
        self.parts.push(Part { name, value, weight });
    }

    /// What is minimised; `None` when nothing is judged.
    #[must_use]
    pub fn total(&self) -> Option<Tensor<1>> {
        self.parts.iter().map(|part| part.value.clone().mul_scalar(part.weight)).reduce(|a, b| a + b)
    }
}

/// The loss of a batch against what its cells should say. Divided by the sum of scores asked for, and by the number
/// of cells that answer, over the whole batch.
#[must_use]
pub fn loss(raw: &Raw, cells: &Cells, objects: &[Vec<Target>], assignments: &[Assignment]) -> Loss {
    let device = raw.logits.device();
    let [pictures, classes, n] = raw.logits.dims();
    let mut asked = vec![0.0f32; pictures * classes * n];
    let mut judged = vec![1.0f32; pictures * n];
    let (mut rows, mut centres, mut strides, mut edges) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut sum = 0.0f32;
    for (picture, (assignment, objects)) in assignments.iter().zip(objects).enumerate() {
        for answer in &assignment.answers {
            let target = &objects[answer.object];
            asked[(picture * classes + target.class) * n + answer.cell] = answer.score;
            sum += answer.score;
            let (centre, stride) = cells.centre(answer.cell);
            rows.push(picture * n + answer.cell);
            centres.extend([-centre[0], -centre[1], centre[0], centre[1]]);
            strides.push(stride);
            edges.extend(target.edges);
        }
        for &cell in &assignment.ignored {
            judged[picture * n + cell] = 0.0;
        }
    }
    let asked = Tensor::<3>::from_data(TensorData::new(asked, [pictures, classes, n]), &device);
    let judged = Tensor::<3>::from_data(TensorData::new(judged, [pictures, 1, n]), &device);
    let mut loss = Loss::default();
    loss.add("class", (focal(raw.logits.clone(), asked) * judged).sum().div_scalar(sum.max(1.0)), 1.0);
    let count = rows.len();
    if count > 0 {
        let said = chosen(&raw.sides, &rows);
        let column = |numbers: Vec<f32>, width: usize, device: &Device| {
            Tensor::<2>::from_data(TensorData::new(numbers, [count, width]), device)
        };
        let sides = said.clamp_max(MAX_LOG_SIDE).exp() * column(strides, 1, &device);
        // Left and top edges lie against the axes: with negated centres all four edges are sums, negated in front.
        let said = sides + column(centres, 4, &device);
        let asked = column(edges, 4, &device);
        loss.add("box", giou_loss(said, asked).mean(), BOX_WEIGHT);
    }
    if let Some(points) = &raw.points {
        points::add(&mut loss, points, cells, objects, assignments);
    }
    loss
}

/// What is said of some boxes: of `[pictures, channels, boxes]` the channels of each, `[chosen, channels]`. Rows count the
/// boxes of all pictures, one picture after the other.
pub(super) fn chosen(said: &Tensor<3>, rows: &[usize]) -> Tensor<2> {
    let [pictures, channels, boxes] = said.dims();
    let all = said.clone().permute([0, 2, 1]).reshape([pictures * boxes, channels]);
    all.select(0, places(rows, &said.device()))
}

/// Rows as a tensor, to select by.
pub(super) fn places(rows: &[usize], device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i64> = rows.iter().map(|&row| i64::try_from(row).unwrap_or(i64::MAX)).collect();
    Tensor::from_data(TensorData::new(numbers, [rows.len()]), device)
}

/// Quality focal loss of each number, with its usual exponent 2: cross-entropy against a soft target, weighted by
/// the squared distance from it.
fn focal(logits: Tensor<3>, asked: Tensor<3>) -> Tensor<3> {
    let score = activation::sigmoid(logits.clone());
    (asked.clone() - score).square() * binary_entropy(logits, asked)
}

/// Cross-entropy of each number against a probability: log(1 + e^x) - x t, without overflow.
pub(super) fn binary_entropy<const D: usize>(logits: Tensor<D>, asked: Tensor<D>) -> Tensor<D> {
    logits.clone().clamp_min(0.0) - logits.clone() * asked + logits.abs().neg().exp().log1p()
}

/// 1 - `GIoU` of pairs of boxes. `said` is `[-left, -top, right, bottom]`, `asked` plain edges; both `[pairs, 4]`.
fn giou_loss(said: Tensor<2>, asked: Tensor<2>) -> Tensor<2> {
    let edge = |t: &Tensor<2>, i: usize| t.clone().narrow(1, i, 1);
    let [l, t] = [0, 1].map(|i| edge(&said, i).neg());
    let [r, b] = [2, 3].map(|i| edge(&said, i));
    let [al, at, ar, ab] = [0, 1, 2, 3].map(|i| edge(&asked, i));
    let area = |l: &Tensor<2>, t: &Tensor<2>, r: &Tensor<2>, b: &Tensor<2>| {
        (r.clone() - l.clone()) * (b.clone() - t.clone())
    };
    let shared_w = (r.clone().min_pair(ar.clone()) - l.clone().max_pair(al.clone())).clamp_min(0.0);
    let shared_h = (b.clone().min_pair(ab.clone()) - t.clone().max_pair(at.clone())).clamp_min(0.0);
    let shared = shared_w * shared_h;
    let union = area(&l, &t, &r, &b) + area(&al, &at, &ar, &ab) - shared.clone();
    let hull = (r.max_pair(ar) - l.min_pair(al)) * (b.max_pair(ab) - t.min_pair(at));
    let iou = shared / union.clone().add_scalar(TINY);
    let spare = (hull.clone() - union) / hull.add_scalar(TINY);
    iou.neg().add_scalar(1.0) + spare
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{
        assign::{Answer, assign_batch},
        net::{Depth, dense},
    };

    fn scalar(tensor: Tensor<1>) -> f32 {
        tensor.into_scalar::<f32>()
    }

    fn pair(said: [f32; 4], asked: [f32; 4]) -> f32 {
        let device = Device::flex();
        let said = [-said[0], -said[1], said[2], said[3]];
        let make = |e: [f32; 4]| Tensor::<2>::from_data(TensorData::new(e.to_vec(), [1, 4]), &device);
        scalar(giou_loss(make(said), make(asked)).sum())
    }

    #[test]
    fn giou_by_hand() {
        assert!(pair([0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.0]).abs() < 1e-5, "the same box");
        // Shared 2, together 6, hull 6: 1 - 1/3 + 0.
        assert!((pair([0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0]) - 2.0 / 3.0).abs() < 1e-5, "half shared");
        // Apart by one: shared 0, together 8, hull 10: 1 + 2/10.
        assert!((pair([0.0, 0.0, 2.0, 2.0], [3.0, 0.0, 5.0, 2.0]) - 1.2).abs() < 1e-5, "apart");
    }

    #[test]
    fn focal_by_hand() {
        let device = Device::flex();
        let one = |x: f32| Tensor::<3>::from_data(TensorData::new(vec![x], [1, 1, 1]), &device);
        for (x, t) in [(0.0f32, 0.0f32), (2.0, 0.7), (-30.0, 1.0), (40.0, 0.0), (-3.0, 0.2)] {
            let p = 1.0 / (1.0 + f64::from(-x).exp());
            let entropy = f64::from(x).max(0.0) - f64::from(x * t) + (-f64::from(x).abs()).exp().ln_1p();
            let expected = (f64::from(t) - p).powi(2) * entropy;
            let got = f64::from(scalar(focal(one(x), one(t)).sum()));
            assert!((got - expected).abs() <= 1e-5 * expected.max(1.0), "{x} {t}: {got}, not {expected}");
        }
    }

    /// The gradient of the whole loss, against differences of the loss itself.
    #[test]
    fn gradients_are_those_of_the_loss() {
        let cells = Cells::new(&dense(Depth::Nano, 2, 0), [32, 32]);
        let n = cells.count;
        let objects = vec![
            vec![Target::new(1, [3.0, 5.0, 20.0, 24.0]), Target::new(0, [18.0, 2.0, 30.0, 14.0])],
            vec![],
        ];
        let wave = |count: usize, f: f32| (0..count).map(|i| (i as f32 * f).sin()).collect::<Vec<f32>>();
        let (logits, sides) = (wave(2 * 2 * n, 0.37), wave(2 * 4 * n, 0.23));
        let assignments = assign_batch(&cells, 2, &logits, &sides, &objects);
        let device = Device::flex().autodiff();
        let tensor = |numbers: &[f32], c: usize| {
            Tensor::<3>::from_data(TensorData::new(numbers.to_vec(), [2, c, n]), &device).require_grad()
        };
        let value = |logits: &[f32], sides: &[f32]| {
            let raw = Raw {
                logits: tensor(logits, 2),
                sides: tensor(sides, 4),
                points: None,
                features: Vec::new(),
            };
            let total = loss(&raw, &cells, &objects, &assignments).total();
            (raw, total.expect("scores are judged"))
        };
        let (raw, total) = value(&logits, &sides);
        let grads = total.backward();
        let numbers =
            |t: &Tensor<3>| crate::train::net::numbers(&t.grad(&grads).expect("it has one")).unwrap();
        let (dl, ds) = (numbers(&raw.logits), numbers(&raw.sides));
        let answer = assignments[0].answers[0];
        let step = 1e-2;
        for index in [answer.cell, n + answer.cell, 3 * n + 5] {
            let at = |d: f32| {
                let mut moved = logits.clone();
                moved[index] += d;
                scalar(value(&moved, &sides).1)
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            assert!((slope - dl[index]).abs() < 2e-3, "logit {index}: {slope}, not {}", dl[index]);
        }
        for side in 0..4 {
            let index = side * n + answer.cell;
            let at = |d: f32| {
                let mut moved = sides.clone();
                moved[index] += d;
                scalar(value(&logits, &moved).1)
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            assert!((slope - ds[index]).abs() < 2e-3, "side {index}: {slope}, not {}", ds[index]);
        }
    }

    #[test]
    fn no_objects_and_ignored_cells_need_no_special_case() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [32, 32]);
        let n = cells.count;
        let device = Device::flex();
        let raw = Raw {
            logits: Tensor::full([1, 1, n], 1.0, &device),
            sides: Tensor::zeros([1, 4, n], &device),
            points: None,
            features: Vec::new(),
        };
        let total = |loss: &Loss| scalar(loss.total().expect("scores are judged"));
        let empty = loss(&raw, &cells, &[vec![]], &[Assignment::default()]);
        assert!(empty.parts.len() == 1 && total(&empty) > 0.0, "false alarms cost");
        let all = Assignment { answers: vec![], ignored: (0..n).collect() };
        assert_eq!(total(&loss(&raw, &cells, &[vec![]], &[all])), 0.0, "nothing is judged");
        let sure = Assignment { answers: vec![Answer { cell: 0, object: 0, score: 1.0 }], ignored: vec![] };
        let object = Target::new(0, [0.0, 0.0, 4.0, 4.0]);
        let parts = loss(&raw, &cells, &[vec![object]], &[sure]).parts;
        assert!(parts.iter().any(|part| part.name == "box"), "a box to learn");
    }
}
