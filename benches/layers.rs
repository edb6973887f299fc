//! How long the networks' layers take on the processor: forwards alone as `detect` runs them, and forwards and
//! backwards as `train` does. Prints JSON with the layers themselves, so that another framework can run the same:
//! `benches/torch_layers.py` does, in the same run.
//!
//! usage: cargo bench --profile dev --bench layers -- [REPEATS]

use std::{io::Write, time::Instant};

use burn::tensor::{Device, Tensor, TensorData};
use diorama::{
    seed::Seed,
    train::net::{Depth, Graph, Layer, Statistics, Weights, dense, fold, forward},
};
use serde_json::{Value, json};

/// Side of the pictures, and how many a pass.
const SIDE: usize = 320;
const BATCH: [usize; 2] = [1, 4];

fn main() {
    // Cargo adds `--bench`.
    let repeats = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5);
    let sizes = [(Depth::Nano, "nano"), (Depth::Small, "small")];
    let all: Vec<Value> = sizes
        .into_iter()
        .map(|(size, name)| {
            let graph = dense(size, 1, 0);
            let weights = Weights::first(&graph, Seed(0));
            let (slim, slim_weights) = fold(&graph, &weights);
            json!({
                "name": name,
                "detect": timed(&slim, &slim_weights, BATCH[0], repeats, false),
                "train": timed(&graph, &weights, BATCH[1], repeats, true),
            })
        })
        .collect();
    writeln!(std::io::stdout(), "{}", json!({ "side": SIDE, "networks": all })).expect("somebody reads");
}

/// The layers of a network and the seconds of each pass; the first pass is not counted.
fn timed(graph: &Graph, weights: &Weights, batch: usize, repeats: usize, learn: bool) -> Value {
    let device = if learn { Device::flex().autodiff() } else { Device::flex() };
    let weights: Vec<Tensor<1>> =
        weights.to_device(&device).into_iter().map(|w| if learn { w.require_grad() } else { w }).collect();
    let pixels: Vec<f32> = (0..batch * 3 * SIDE * SIDE).map(|i| (i as f32 * 0.01).sin()).collect();
    let x = Tensor::<4>::from_data(TensorData::new(pixels, [batch, 3, SIDE, SIDE]), &device);
    let pass = || {
        let start = Instant::now();
        if learn {
            let raw = forward(graph, &weights, x.clone(), Statistics::OfBatch(&mut Vec::new()));
            let grads = (raw.logits.square().mean() + raw.sides.square().mean()).backward();
            std::hint::black_box(weights[0].grad(&grads));
        } else {
            let raw = forward(graph, &weights, x.clone(), Statistics::Kept);
            std::hint::black_box(
                raw.logits.sum().into_scalar::<f32>() + raw.sides.sum().into_scalar::<f32>(),
            );
        }
        start.elapsed().as_secs_f64()
    };
    pass();
    let seconds: Vec<f64> = (0..repeats).map(|_| pass()).collect();
    let outputs: Vec<usize> = graph.levels.iter().flat_map(|l| [l.logits, l.sides]).collect();
    json!({ "batch": batch, "seconds": seconds, "layers": layers(graph), "outputs": outputs })
}

fn layers(graph: &Graph) -> Vec<Value> {
    let one = |layer: &Layer| match *layer {
        Layer::Conv { x, weight, bias, stride, kernel } => {
            let [to, from] = [0, 1].map(|side| graph.params[weight].shape[side]);
            let has_bias = bias.is_some();
            json!(["conv", [x], { "weight": weight, "from": from, "to": to, "kernel": kernel, "stride": stride, "bias": has_bias }])
        }
        Layer::Norm { x, first } => json!(["norm", [x], { "channels": graph.params[first].shape[0] }]),
        Layer::Silu { x } => json!(["silu", [x], {}]),
        Layer::Add { a, b } => json!(["add", [a, b], {}]),
        Layer::Double { x } => json!(["double", [x], {}]),
        Layer::Regions | Layer::Full { .. } => unreachable!("of a network that looks twice"),
    };
    graph.layers.iter().map(one).collect()
}
