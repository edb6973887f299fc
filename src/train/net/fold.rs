//! Normalisation folded into the convolution before it: the same function with a third of the layers.

use super::{Graph, Init, Layer, NORM_EPSILON, Param, ParamKind, Second, Weights};

/// The network without normalisations. Convolutions that shared weights get their own.
#[must_use]
pub fn fold(graph: &Graph, weights: &Weights) -> (Graph, Weights) {
    let mut out = Graph { classes: graph.classes, points: graph.points, ..Graph::default() };
    let mut numbers = Vec::new();
    // Where each old value is found in the new list.
    let mut place = vec![0];
    let mut put = |out: &mut Graph, name: &str, old: &Param, data: Vec<f32>| {
        let shape = if data.len() == old.len() { old.shape.clone() } else { vec![data.len()] };
        let kind = if shape.len() > 1 { ParamKind::Weight } else { ParamKind::Offset };
        out.params.push(Param { name: name.to_owned(), shape, kind, init: Init::Constant(0.0) });
        numbers.push(data);
        out.params.len() - 1
    };
    for (index, layer) in graph.layers.iter().enumerate() {
        let new = match *layer {
            Layer::Conv { x, weight, bias, stride, kernel } => {
                let kernel_of = &graph.params[weight];
                let norm = graph.layers.get(index + 1).and_then(|next| match next {
                    Layer::Norm { x, first } if *x == index + 1 && bias.is_none() => Some(*first),
                    _ => None,
                });
                let (name, data, offsets) = match norm {
                    Some(first) => {
                        let name = graph.params[first].name.trim_end_matches(".scale").to_owned();
                        let (data, offsets) = folded(&weights.0[weight], first, weights);
                        (name, data, Some(offsets))
                    }
                    None => {
                        // Named after its offsets, which are never shared where weights are.
                        let named = bias.map_or(kernel_of.name.as_str(), |b| graph.params[b].name.as_str());
                        let name = named.trim_end_matches(".bias").trim_end_matches(".weight").to_owned();
                        (
                            format!("{name}.{index}"),
                            weights.0[weight].clone(),
                            bias.map(|b| weights.0[b].clone()),
                        )
                    }
                };
                let weight = put(&mut out, &format!("{name}.weight"), kernel_of, data);
                let bias = offsets.map(|data| put(&mut out, &format!("{name}.bias"), kernel_of, data));
                Layer::Conv { x: place[x], weight, bias, stride, kernel }
            }
            Layer::Norm { x, .. } => {
                place.push(place[x]);
                continue;
            }
            Layer::Silu { x } => Layer::Silu { x: place[x] },
            Layer::Add { a, b } => Layer::Add { a: place[a], b: place[b] },
            Layer::Double { x } => Layer::Double { x: place[x] },
            Layer::Regions => Layer::Regions,
            Layer::Full { x, weight, bias } => {
                let [weight, bias] = [weight, bias].map(|index| {
                    let old = &graph.params[index];
                    put(&mut out, &old.name, old, weights.0[index].clone())
                });
                Layer::Full { x: place[x], weight, bias }
            }
        };
        out.layers.push(new);
        place.push(out.layers.len());
    }
    out.levels = graph.levels.clone();
    for level in &mut out.levels {
        level.logits = place[level.logits];
        level.sides = place[level.sides];
        level.points = level.points.map(|points| place[points]);
    }
    out.second = graph.second.as_ref().map(|second| Second {
        features: second.features.iter().map(|&f| place[f]).collect(),
        // The value of layer n is number n + 1.
        start: place[second.start + 1] - 1,
        logits: place[second.logits],
        sides: place[second.sides],
    });
    (out, Weights(numbers))
}

/// Weights and offsets of a convolution with a normalisation after it.
#[expect(clippy::cast_possible_truncation, reason = "weights are single precision")]
fn folded(kernel: &[f32], first: usize, weights: &Weights) -> (Vec<f32>, Vec<f32>) {
    let [scale, offset, mean, variance] = [0, 1, 2, 3].map(|i| &weights.0[first + i]);
    let gain: Vec<f64> = scale
        .iter()
        .zip(variance)
        .map(|(s, v)| f64::from(*s) / (f64::from(*v) + NORM_EPSILON).sqrt())
        .collect();
    let inner = kernel.len() / gain.len();
    let data = kernel
        .chunks_exact(inner)
        .zip(&gain)
        .flat_map(|(row, g)| row.iter().map(move |w| (f64::from(*w) * g) as f32))
        .collect();
    let offsets = gain.iter().zip(offset).zip(mean);
    (data, offsets.map(|((g, o), m)| (f64::from(*o) - f64::from(*m) * g) as f32).collect())
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};

    use super::*;
    use crate::{
        seed::Seed,
        train::net::{Depth, Statistics, dense, forward, numbers},
    };

    #[test]
    fn the_folded_network_says_the_same() {
        let graph = dense(Depth::Small, 2, 3);
        let mut weights = Weights::first(&graph, Seed(1));
        for (param, data) in graph.params.iter().zip(&mut weights.0) {
            if param.kind != ParamKind::Weight {
                // Nothing of a normalisation may happen to be neutral.
                data.iter_mut().enumerate().for_each(|(i, v)| *v += 0.3 + 0.2 * (i as f32).sin());
            }
        }
        let (slim, slim_weights) = fold(&graph, &weights);
        assert!(!slim.layers.iter().any(|l| matches!(l, Layer::Norm { .. })), "none is left");
        let mut names: Vec<_> = slim.params.iter().map(|p| &p.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), slim.params.len(), "names are unique");
        let device = Device::flex();
        let x: Vec<f32> = (0..3 * 64 * 96).map(|i| (i as f32 * 0.01).sin()).collect();
        let say = |graph: &Graph, weights: &Weights| {
            let x = Tensor::from_data(TensorData::new(x.clone(), [1, 3, 64, 96]), &device);
            let raw = forward(graph, &weights.to_device(&device), x, Statistics::Kept);
            let said = [Some(raw.logits), Some(raw.sides), raw.points];
            said.iter().flatten().flat_map(|t| numbers(t).expect("read")).collect::<Vec<f32>>()
        };
        let (a, b) = (say(&graph, &weights), say(&slim, &slim_weights));
        assert_eq!(a.len(), (2 + 4 + 9) * (24 * 16 + 12 * 8 + 6 * 4 + 3 * 2), "all was said");
        for (x, y) in a.iter().zip(&b) {
            assert!((x - y).abs() <= 1e-3 * x.abs().max(1.0), "{x}, folded {y}");
        }
    }
}
