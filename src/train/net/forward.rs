//! The forward pass: the list of layers, executed on tensors.

use std::ops::Range;

use burn::tensor::{
    Tensor, activation,
    module::{batch_norm, batch_norm_train, conv2d, interpolate},
    ops::{ConvOptions, InterpolateMode, InterpolateOptions},
};

use super::{Graph, Layer, NORM_EPSILON, ValueId, conv, planes, settled};

/// What the network says of pictures, all boxes of all levels in a row: level by level from the finest, shape by shape,
/// row by row.
#[derive(Clone, Debug)]
pub struct Raw {
    /// `[pictures, classes, boxes]`; of a two-stage network one class: something.
    pub logits: Tensor<3>,
    /// `[pictures, 4, boxes]`; see [`Level`](super::Level).
    pub sides: Tensor<3>,
    /// `[pictures, 3 * keypoints, boxes]`; `None` when the network finds none.
    pub points: Option<Tensor<3>>,
    /// What the second look cuts regions out of, finest first: `[pictures, channels, rows, columns]`.
    pub features: Vec<Tensor<4>>,
}

/// Where normalisations take mean and variance from.
#[derive(Debug)]
pub enum Statistics<'a> {
    /// From the batch; what was seen is put here: parameter of the mean, mean, variance.
    OfBatch(&'a mut Vec<(usize, Tensor<1>, Tensor<1>)>),
    /// From the weights.
    Kept,
}

/// Runs the network on normalised pictures `[pictures, 3, height, width]`; height and width are multiples of the
/// largest stride. Of a two-stage network this is the first look.
#[must_use]
pub fn forward(graph: &Graph, weights: &[Tensor<1>], x: Tensor<4>, statistics: Statistics<'_>) -> Raw {
    let layers = graph.second.as_ref().map_or(graph.layers.len(), |second| second.start);
    let mut values = vec![Some(x)];
    run(graph, weights, &mut values, 0..layers, statistics);
    let mut flat = |pick: fn(&super::Level) -> ValueId, groups: usize| {
        let parts = graph.levels.iter().map(|level| {
            let tensor = taken(&mut values, pick(level));
            let [n, c, h, w] = tensor.dims();
            tensor.reshape([n, groups, c / groups * h * w])
        });
        Tensor::cat(parts.collect(), 2)
    };
    let classes = if graph.second.is_some() { 1 } else { graph.classes };
    let (logits, sides) = (flat(|l| l.logits, classes), flat(|l| l.sides, 4));
    let points = (graph.points > 0)
        .then(|| flat(|l| l.points.unwrap_or_else(|| unreachable!("each level has them")), 3 * graph.points));
    let features = graph.second.iter().flat_map(|second| second.features.iter().copied());
    Raw { logits, sides, points, features: features.map(|f| taken(&mut values, f)).collect() }
}

/// The second look, at what was cut out for regions, `[regions, channels, side, side]`: logits
/// `[regions, classes + 1]` and what moves each region, `[regions, 4]`. `None` of a network that looks once.
#[must_use]
pub fn look_again(
    graph: &Graph,
    weights: &[Tensor<1>],
    regions: Tensor<4>,
) -> Option<(Tensor<2>, Tensor<2>)> {
    let second = graph.second.as_ref()?;
    let count = regions.dims()[0];
    let mut values = vec![None; second.start + 1];
    values.push(Some(regions));
    run(graph, weights, &mut values, second.start + 1..graph.layers.len(), Statistics::Kept);
    let [logits, sides] = [second.logits, second.sides].map(|output| taken(&mut values, output));
    Some((logits.reshape([count, graph.classes + 1]), sides.reshape([count, 4])))
}

fn taken(values: &mut [Option<Tensor<4>>], output: ValueId) -> Tensor<4> {
    values[output].take().unwrap_or_else(|| unreachable!("outputs are never forgotten"))
}

/// Runs some of the layers; `values` holds what those before them gave.
fn run(
    graph: &Graph,
    weights: &[Tensor<1>],
    values: &mut Vec<Option<Tensor<4>>>,
    layers: Range<usize>,
    mut statistics: Statistics<'_>,
) {
    let last_uses = graph.last_uses();
    let own = planes::is_known_on(&weights[0].device());
    // What only the next layer looks at, and it is `SiLU`.
    let is_settled = |index: usize| {
        matches!(graph.layers.get(index + 1), Some(Layer::Silu { x }) if *x == index + 1)
            && last_uses[index + 1] == index + 1
    };
    let mut done = false;
    for index in layers {
        // The layer before took this one with it.
        if std::mem::take(&mut done) {
            continue;
        }
        // The last layer that looks at a value takes it, so that memory does not grow with the depth.
        let mut take = |value: ValueId| {
            let slot = &mut values[value];
            let tensor = if last_uses[value] == index { slot.take() } else { slot.clone() };
            tensor.unwrap_or_else(|| unreachable!("a layer only looks at layers before it"))
        };
        let y = match graph.layers[index] {
            Layer::Conv { x, weight, bias, stride, kernel } => {
                let shape = &graph.params[weight].shape;
                let weight = weights[weight].clone().reshape([shape[0], shape[1], kernel, kernel]);
                let bias = bias.map(|b| weights[b].clone());
                if own {
                    conv::convolve(take(x), weight, bias, stride)
                } else {
                    let options = ConvOptions::new([stride; 2], [kernel / 2; 2], [1; 2], 1);
                    conv2d(take(x), weight, bias, options)
                }
            }
            Layer::Norm { x, first } => {
                let [scale, offset, mean, variance] = [0, 1, 2, 3].map(|i| weights[first + i].clone());
                match &mut statistics {
                    Statistics::OfBatch(seen) if own && is_settled(index) => {
                        let out = settled::settle(take(x), scale, offset, NORM_EPSILON);
                        seen.push((first + 2, out.mean.detach(), out.variance.detach()));
                        values.push(None);
                        done = true;
                        out.output
                    }
                    Statistics::OfBatch(seen) => {
                        let out = batch_norm_train(take(x), scale, offset, NORM_EPSILON);
                        seen.push((first + 2, out.mean.detach(), out.variance.detach()));
                        out.output
                    }
                    Statistics::Kept => batch_norm(take(x), scale, offset, mean, variance, NORM_EPSILON),
                }
            }
            Layer::Silu { x } if own => settled::silu(take(x)),
            Layer::Silu { x } => activation::silu(take(x)),
            Layer::Add { a, b } => take(a) + take(b),
            Layer::Double { x } => {
                let x = take(x);
                let [_, _, h, w] = x.dims();
                let options = InterpolateOptions::new(InterpolateMode::Nearest);
                interpolate(x, options.with_output_size([h * 2, w * 2]))
            }
            Layer::Full { x, weight, bias } => {
                let [out, from] = [0, 1].map(|side| graph.params[weight].shape[side]);
                let x = take(x);
                let count = x.dims()[0];
                let weight = weights[weight].clone().reshape([out, from]).transpose();
                let y = x.reshape([count, from]).matmul(weight) + weights[bias].clone().reshape([1, out]);
                y.reshape([count, out, 1, 1])
            }
            Layer::Regions => unreachable!("the second look begins after it"),
        };
        values.push(Some(y));
    }
}
