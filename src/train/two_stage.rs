//! The two-stage detector beyond its layers: which boxes it proposes, what it learns, what it finds.

use burn::tensor::{Tensor, TensorData, activation};
use rand::seq::{SliceRandom, index::sample};
use rayon::prelude::*;

use super::{
    TrainError,
    anchors::{Anchors, Matched, moved, moves, shown},
    assign::Target,
    cells::{Edges, iou},
    detect::{Found, apart},
    loss::{Loss, binary_entropy, chosen as said_of, places},
    net::{Graph, Raw, look_again, numbers},
    regions::{Region, cut},
};
use crate::seed::Node;

/// Surest anchors that enter the suppression of doubles, and the overlap from which on two are doubles (Ren et al.
/// 2015, section 3.3).
pub(super) const CANDIDATES: usize = 2000;
/// See [`CANDIDATES`].
pub(super) const DOUBLE: f32 = 0.7;
/// Regions looked at again, at work and in training.
pub(super) const PROPOSALS: usize = 1000;
const PROPOSALS_IN_TRAINING: usize = 500;
/// Anchors and regions of a picture that are learnt from (Ren et al. 2015, section 3.1.3), at most half of them such
/// that show something. A shelf shows so much that the quarter of Girshick (2015) would leave most objects out.
const ANCHORS: usize = 256;
const REGIONS: usize = 128;
/// What the second look's moves are divided by, so that they are about as large as logits (Girshick 2015, section 2.3
/// normalises them to a variance of one).
pub(super) const SPREAD: [f32; 4] = [0.1, 0.1, 0.2, 0.2];
/// Where the loss of a proposal's move turns from a parabola to a line; the second look's turns at 1.
const BEND: f32 = 1.0 / 9.0;

/// Boxes that may show something, surest first.
///
/// `logits` is `[anchors]`, `sides` is `[4, anchors]`.
pub(super) fn propose(
    anchors: &Anchors,
    logits: &[f32],
    sides: &[f32],
    size: [u32; 2],
    most: usize,
) -> Vec<Edges> {
    let n = anchors.boxes.len();
    let mut order: Vec<usize> = (0..n).collect();
    let surer = |a: &usize, b: &usize| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b));
    if n > CANDIDATES {
        order.select_nth_unstable_by(CANDIDATES - 1, surer);
        order.truncate(CANDIDATES);
    }
    order.sort_unstable_by(surer);
    let edges = order.into_iter().map(|anchor| {
        let by = [0, 1, 2, 3].map(|side| sides[side * n + anchor]);
        clipped(moved(anchors.boxes[anchor], by), size)
    });
    apart(edges, most, |a, b| iou(*a, *b) > DOUBLE)
}

#[expect(clippy::cast_precision_loss, reason = "sides of pictures")]
fn clipped(edges: Edges, size: [u32; 2]) -> Edges {
    [0, 1, 2, 3].map(|i| edges[i].clamp(0.0, size[i % 2] as f32))
}

/// Proposes, and looks again; one result a picture.
///
/// # Errors
/// When the device fails.
pub(super) fn find(
    graph: &Graph,
    weights: &[Tensor<1>],
    raw: &Raw,
    size: [u32; 2],
) -> Result<Vec<Found>, TrainError> {
    let proposals = proposals(&Anchors::new(graph, size), raw, size, PROPOSALS)?;
    let classes = graph.classes;
    let mut found = Vec::new();
    for (picture, boxes) in proposals.into_iter().enumerate() {
        let regions: Vec<Region> = boxes.iter().map(|&edges| Region { picture, edges }).collect();
        let again = (!regions.is_empty())
            .then(|| look_again(graph, weights, cut(&raw.features, &strides(graph), &regions)))
            .flatten();
        let Some((logits, by)) = again else {
            found.push(Found::default());
            continue;
        };
        let scores = activation::softmax(logits, 1).narrow(1, 0, classes);
        let by = numbers(&by)?;
        let boxes = boxes.iter().zip(by.chunks_exact(4)).map(|(&edges, by)| {
            let by = [0, 1, 2, 3].map(|i| by[i] * SPREAD[i]);
            clipped(moved(edges, by), size)
        });
        found.push(Found { boxes: boxes.collect(), scores: numbers(&scores)?, points: Vec::new() });
    }
    Ok(found)
}

fn strides(graph: &Graph) -> Vec<u32> {
    graph.levels.iter().map(|level| level.stride).collect()
}

/// Proposals of every picture.
fn proposals(
    anchors: &Anchors,
    raw: &Raw,
    size: [u32; 2],
    most: usize,
) -> Result<Vec<Vec<Edges>>, TrainError> {
    let n = anchors.boxes.len();
    let (logits, sides) = (numbers(&raw.logits)?, numbers(&raw.sides)?);
    let one = |(logits, sides): (&[f32], &[f32])| propose(anchors, logits, sides, size, most);
    Ok(logits.par_chunks_exact(n).zip(sides.par_chunks_exact(4 * n)).map(one).collect())
}

/// The loss of a batch: of proposals, and of what the second look says about them and about the objects themselves.
/// Which anchors and regions are learnt from is drawn under `node`.
///
/// # Errors
/// When the device fails.
pub(super) fn loss(
    graph: &Graph,
    weights: &[Tensor<1>],
    raw: &Raw,
    size: [u32; 2],
    objects: &[Vec<Target>],
    node: &Node,
) -> Result<Loss, TrainError> {
    let mut loss = Loss::default();
    let anchors = Anchors::new(graph, size);
    propose_loss(&mut loss, &anchors, raw, objects, node);

    let proposals = proposals(&anchors, raw, size, PROPOSALS_IN_TRAINING)?;
    let (mut regions, mut classes, mut rows, mut asked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (picture, (mut boxes, objects)) in proposals.into_iter().zip(objects).enumerate() {
        // At first no proposal shows anything: the objects themselves do.
        boxes.extend(objects.iter().filter(|t| !t.ignore).map(|t| t.edges));
        let chosen = chosen(shown(&boxes, objects), REGIONS, &node.child("regions", picture));
        for (index, object) in chosen.found {
            let target = &objects[object];
            let by = moves(boxes[index], target.edges);
            asked.extend([0, 1, 2, 3].map(|i| by[i] / SPREAD[i]));
            rows.push(regions.len());
            classes.push(target.class);
            regions.push(Region { picture, edges: boxes[index] });
        }
        for index in chosen.nothing {
            classes.push(graph.classes);
            regions.push(Region { picture, edges: boxes[index] });
        }
    }
    let count = regions.len();
    if count == 0 {
        return Ok(loss);
    }
    let Some((logits, by)) = look_again(graph, weights, cut(&raw.features, &strides(graph), &regions)) else {
        return Ok(loss);
    };
    let device = logits.device();
    let mut one_hot = vec![0.0f32; count * (graph.classes + 1)];
    for (row, class) in classes.iter().enumerate() {
        one_hot[row * (graph.classes + 1) + class] = 1.0;
    }
    let one_hot = Tensor::<2>::from_data(TensorData::new(one_hot, [count, graph.classes + 1]), &device);
    let entropy = (activation::log_softmax(logits, 1) * one_hot).sum().neg();
    loss.add("class", entropy.div_scalar(count as f32), 1.0);
    if !rows.is_empty() {
        let asked = Tensor::<2>::from_data(TensorData::new(asked, [rows.len(), 4]), &device);
        let wrong = smooth(by.select(0, places(&rows, &device)) - asked, 1.0).sum();
        loss.add("box", wrong.div_scalar(count as f32), 1.0);
    }
    Ok(loss)
}

/// What the proposal network has to learn.
fn propose_loss(loss: &mut Loss, anchors: &Anchors, raw: &Raw, objects: &[Vec<Target>], node: &Node) {
    let n = anchors.boxes.len();
    let matched: Vec<Matched> = objects.par_iter().map(|objects| anchors.matched(objects)).collect();
    let all = matched.into_iter().enumerate();
    let chosen: Vec<Matched> =
        all.map(|(picture, one)| chosen(one, ANCHORS, &node.child("anchors", picture))).collect();
    let (mut asked_rows, mut asked, mut rows, mut by) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (picture, (chosen, objects)) in chosen.iter().zip(objects).enumerate() {
        for &(anchor, object) in &chosen.found {
            rows.push(picture * n + anchor);
            by.extend(moves(anchors.boxes[anchor], objects[object].edges));
        }
        asked_rows.extend(chosen.found.iter().map(|(anchor, _)| picture * n + anchor));
        asked.extend(std::iter::repeat_n(1.0f32, chosen.found.len()));
        asked_rows.extend(chosen.nothing.iter().map(|anchor| picture * n + anchor));
        asked.extend(std::iter::repeat_n(0.0f32, chosen.nothing.len()));
    }
    let count = asked.len();
    if count == 0 {
        return;
    }
    let device = raw.logits.device();
    let asked = Tensor::<2>::from_data(TensorData::new(asked, [count, 1]), &device);
    let said = said_of(&raw.logits, &asked_rows);
    loss.add("proposal", binary_entropy(said, asked).sum().div_scalar(count as f32), 1.0);
    if !rows.is_empty() {
        let by = Tensor::<2>::from_data(TensorData::new(by, [rows.len(), 4]), &device);
        let wrong = smooth(said_of(&raw.sides, &rows) - by, BEND).sum();
        loss.add("proposal_box", wrong.div_scalar(count as f32), 1.0);
    }
}

/// Draws at most so many, at most half of them such that show something.
fn chosen(mut matched: Matched, most: usize, node: &Node) -> Matched {
    node.draw("found", |s| matched.found.shuffle(s));
    matched.found.truncate(most / 2);
    let left = most - matched.found.len();
    let left = left.min(matched.nothing.len());
    let picked = node.draw("nothing", |s| sample(s, matched.nothing.len(), left));
    matched.nothing = picked.into_iter().map(|i| matched.nothing[i]).collect();
    matched.found.sort_unstable();
    matched.nothing.sort_unstable();
    matched
}

/// Smooth L1 (Girshick 2015, equation 3): a parabola up to `bend`, then a line of slope 1.
fn smooth(off: Tensor<2>, bend: f32) -> Tensor<2> {
    let off = off.abs();
    let near = off.clone().clamp_max(bend);
    near.clone().square().mul_scalar(0.5 / bend) + (off - near)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::{
        seed::Seed,
        train::net::{Depth, Statistics, Weights, faster_rcnn, forward},
    };

    #[test]
    fn proposals_come_surest_first_without_doubles_and_inside() {
        let anchors = Anchors::new(&faster_rcnn(Depth::Nano, 1), [64, 64]);
        let n = anchors.boxes.len();
        let logits: Vec<f32> = (0..n).map(|i| (i as f32 * 0.7).sin()).collect();
        let sides = vec![0.0; 4 * n];
        let kept = propose(&anchors, &logits, &sides, [64, 64], 40);
        let surest = (0..n).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).expect("there are");
        assert_eq!(kept[0], clipped(anchors.boxes[surest], [64, 64]), "the surest is first");
        assert_eq!(kept.len(), 40, "so many were asked for");
        for (index, a) in kept.iter().enumerate() {
            assert!(a.iter().all(|edge| (0.0..=64.0).contains(edge)), "{a:?} is inside");
            assert!(kept[..index].iter().all(|b| iou(*a, *b) <= DOUBLE), "{a:?} is no double");
        }
    }

    #[test]
    fn at_most_half_of_what_is_chosen_shows_something() {
        let all = Matched { found: (0..200).map(|i| (i, 0)).collect(), nothing: (200..900).collect() };
        let node = Seed(1).frame(0);
        let some = chosen(all.clone(), 256, &node);
        assert_eq!((some.found.len(), some.nothing.len()), (128, 128), "half and half");
        assert_eq!(some, chosen(all.clone(), 256, &node), "the same draw");
        assert_ne!(some, chosen(all.clone(), 256, &Seed(2).frame(0)), "another draw");
        let few = chosen(Matched { found: vec![(3, 0)], ..all }, 256, &node);
        assert_eq!((few.found.len(), few.nothing.len()), (1, 255), "filled up with nothing");
    }

    #[test]
    fn smooth_by_hand() {
        let device = Device::flex();
        let of = |x: f32, bend: f32| {
            smooth(Tensor::<2>::from_data(TensorData::new(vec![x], [1, 1]), &device), bend)
                .into_scalar::<f32>()
        };
        for (x, bend, expected) in [(0.5, 1.0, 0.125), (-2.0, 1.0, 1.5), (0.0, 0.1, 0.0), (1.0, 0.5, 0.75)] {
            assert!((of(x, bend) - expected).abs() < 1e-6, "{x}, {bend}: {}", of(x, bend));
        }
    }

    #[test]
    fn pictures_without_objects_have_no_boxes_to_learn_and_every_weight_learns_from_others() {
        let graph = faster_rcnn(Depth::Nano, 2);
        let device = Device::flex().autodiff();
        let weights: Vec<Tensor<1>> = Weights::first(&graph, Seed(3))
            .to_device(&device)
            .into_iter()
            .map(Tensor::require_grad)
            .collect();
        let picture = |i: usize| (i as f32 * 0.37).sin();
        let pixels: Vec<f32> = (0..3 * 64 * 64).map(picture).collect();
        let of = |objects: Vec<Target>| {
            let x = Tensor::<4>::from_data(TensorData::new(pixels.clone(), [1, 3, 64, 64]), &device);
            let raw = forward(&graph, &weights, x, Statistics::OfBatch(&mut Vec::new()));
            loss(&graph, &weights, &raw, [64, 64], &[objects], &Seed(0).frame(0)).expect("it runs")
        };
        let names = |loss: &Loss| loss.parts.iter().map(|part| part.name).collect::<Vec<_>>();
        assert_eq!(names(&of(Vec::new())), ["proposal", "class"], "nothing is there");
        let object = Target::new(1, [10.0, 12.0, 31.0, 40.0]);
        let full = of(vec![object]);
        assert_eq!(names(&full), ["proposal", "proposal_box", "class", "box"], "an object");
        let gradients = full.total().expect("parts").backward();
        for (param, weight) in graph.params.iter().zip(&weights) {
            let statistic = param.kind == crate::train::net::ParamKind::Statistic;
            let moves = weight.grad(&gradients).is_some_and(|g| {
                numbers(&g).expect("readable").iter().any(|v| v.is_finite() && v.abs() > 0.0)
            });
            assert!(statistic || moves, "{} learns nothing", param.name);
        }
    }
}
