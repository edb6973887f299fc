//! The forward pass: the list of layers, executed on tensors.

use burn::tensor::{
    Tensor, activation,
    module::{batch_norm, batch_norm_train, conv2d, interpolate},
    ops::{ConvOptions, InterpolateMode, InterpolateOptions},
};

use super::{Graph, Layer, NORM_EPSILON, ValueId};

/// What the network says, all cells of all levels in a row: level by level from the finest, row by row.
#[derive(Clone, Debug)]
pub struct Raw {
    /// `[pictures, classes, cells]`.
    pub logits: Tensor<3>,
    /// `[pictures, 4, cells]`: logarithms of the distances to the left, top, right and bottom edge, in strides.
    pub sides: Tensor<3>,
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
/// largest stride.
#[must_use]
pub fn forward(graph: &Graph, weights: &[Tensor<1>], x: Tensor<4>, mut statistics: Statistics<'_>) -> Raw {
    let last_uses = graph.last_uses();
    let mut values: Vec<Option<Tensor<4>>> = Vec::with_capacity(graph.layers.len() + 1);
    values.push(Some(x));
    for (index, layer) in graph.layers.iter().enumerate() {
        // The last layer that looks at a value takes it, so that memory does not grow with the depth.
        let mut take = |value: ValueId| {
            let slot = &mut values[value];
            let tensor = if last_uses[value] == index { slot.take() } else { slot.clone() };
            tensor.unwrap_or_else(|| unreachable!("a layer only looks at layers before it"))
        };
        let y = match *layer {
            Layer::Conv { x, weight, bias, stride, kernel } => {
                let shape = &graph.params[weight].shape;
                let weight = weights[weight].clone().reshape([shape[0], shape[1], kernel, kernel]);
                let half = kernel / 2;
                let options = ConvOptions::new([stride; 2], [half; 2], [1; 2], 1);
                conv2d(take(x), weight, bias.map(|b| weights[b].clone()), options)
            }
            Layer::Norm { x, first } => {
                let [scale, offset, mean, variance] = [0, 1, 2, 3].map(|i| weights[first + i].clone());
                match &mut statistics {
                    Statistics::OfBatch(seen) => {
                        let out = batch_norm_train(take(x), scale, offset, NORM_EPSILON);
                        seen.push((first + 2, out.mean.detach(), out.variance.detach()));
                        out.output
                    }
                    Statistics::Kept => batch_norm(take(x), scale, offset, mean, variance, NORM_EPSILON),
                }
            }
            Layer::Silu { x } => activation::silu(take(x)),
            Layer::Add { a, b } => take(a) + take(b),
            Layer::Double { x } => {
                let x = take(x);
                let [_, _, h, w] = x.dims();
                let options = InterpolateOptions::new(InterpolateMode::Nearest);
                interpolate(x, options.with_output_size([h * 2, w * 2]))
            }
        };
        values.push(Some(y));
    }
    let mut flat = |pick: fn(&super::build::Level) -> ValueId| {
        let parts = graph.levels.iter().map(|level| {
            let tensor =
                values[pick(level)].take().unwrap_or_else(|| unreachable!("outputs are never forgotten"));
            let [n, c, h, w] = tensor.dims();
            tensor.reshape([n, c, h * w])
        });
        Tensor::cat(parts.collect(), 2)
    };
    Raw { logits: flat(|l| l.logits), sides: flat(|l| l.sides) }
}
