//! Dense convolutions on the processor.
//!
//! The framework copies what each tap of a convolution sees into columns, nine numbers for one, multiplies matrices, and
//! on the way back copies columns again. Here planes are padded once, and taken apart where the convolution strides, so
//! that all taps read the same numbers, each from another start ([`taps`](super::taps)). The way back to x is a sum over
//! taps too, of the padded gradient, and that to the weights is one over places. A core works on a band of rows that it
//! has laid out itself, so that what it reads again for each channel is near it. Numbers differ from the framework's by
//! rounding; how many cores there are has no say in them.
//!
//! Registered as a backend extension of the framework for its processor device alone.

use burn::{
    backend::{
        Autodiff, Backend, Dispatch, Flex,
        autodiff::{
            checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
            grads::Gradients,
            ops::{Backward, Ops, OpsKind},
        },
        backend_extension,
        tensor::FloatTensor,
    },
    tensor::Tensor,
};
use pulp::Arch;
use rayon::prelude::*;

use super::{
    bands::{Lay, Part, Sums, band_rows, packed},
    planes::{Cpu, Planes, numbers, per_channel},
    taps::{Gather, ROWS},
    vectors::Sum,
};

/// Places that are summed over at once.
const STRIP: usize = 1024;
/// Pairs of taps of a task, at most.
const TASK_PAIRS: usize = 48;

/// Convolves `[pictures, from, height, width]` with `[to, from, kernel, kernel]`, padded by half the kernel.
pub(super) fn convolve(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, stride: usize) -> Tensor<4> {
    let bias = bias.unwrap_or_else(|| Tensor::zeros([weight.dims()[0]], &weight.device()));
    Tensor::from_dispatch(<Dispatch as ConvOps>::convolved(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        stride,
    ))
}

/// The operation as the framework knows it.
#[backend_extension(Flex, Autodiff)]
trait ConvOps: Backend {
    fn convolved(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self>;
}

impl ConvOps for Flex {
    fn convolved(x: Cpu, weight: Cpu, bias: Cpu, stride: usize) -> Cpu {
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        let window = Window::new(Planes::of(&x), Planes::of(&weight), stride);
        window.outputs.tensor(window.forwards(numbers(&x), numbers(&weight), numbers(&bias)))
    }
}

#[derive(Debug)]
struct ConvolvedBack;

impl Backward<Flex, 3> for ConvolvedBack {
    /// x, weight, stride.
    type State = (Cpu, Cpu, usize);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let given = grads.consume::<Flex>(&ops.node).to_contiguous();
        let (x, weight, stride) = &ops.state;
        let window = Window::new(Planes::of(x), Planes::of(weight), *stride);
        let given = numbers(&given);
        let [to_x, to_weight, to_bias] = ops.parents;
        if let Some(node) = to_x {
            let grad = window.inputs_back(given, numbers(weight));
            grads.register::<Flex>(node.id, window.inputs.tensor(grad));
        }
        if let Some(node) = to_weight {
            let grad = window.weights_back(given, numbers(x));
            grads.register::<Flex>(node.id, Planes::of(weight).tensor(grad));
        }
        if let Some(node) = to_bias {
            let grad = window.biases_back(given);
            grads.register::<Flex>(node.id, per_channel(grad));
        }
    }
}

impl<C: CheckpointStrategy> ConvOps for Autodiff<Flex, C> {
    fn convolved(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (x, weight) = (x.to_contiguous(), weight.to_contiguous());
        let output = Flex::convolved(x.clone(), weight.clone(), bias, stride);
        match ConvolvedBack.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((x, weight, stride), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}

/// A convolution of a batch: what goes in, what comes out, and how.
#[derive(Clone, Copy, Debug)]
struct Window {
    inputs: Planes,
    outputs: Planes,
    kernel: usize,
    stride: usize,
}

impl Window {
    fn new(inputs: Planes, weight: Planes, stride: usize) -> Self {
        let (to, kernel) = (weight.pictures, weight.height);
        debug_assert_eq!(weight.channels, inputs.channels, "weights for other channels");
        let side = |side: usize| (side + kernel / 2 * 2 - kernel) / stride + 1;
        let (height, width) = (side(inputs.height), side(inputs.width));
        Self { inputs, outputs: Planes { channels: to, height, width, ..inputs }, kernel, stride }
    }

    /// Places that a window reaches beyond its first, in planes that are apart by stride.
    const fn reach(&self) -> usize {
        (self.kernel - 1) / self.stride
    }

    const fn taps(&self) -> usize {
        self.kernel * self.kernel
    }

    /// How inputs lie for their taps, where so many rows of outputs are asked for.
    const fn seen(&self, rows: usize) -> Lay {
        Lay {
            pad: self.kernel / 2,
            stride: self.stride,
            rows: rows + self.reach(),
            pitch: self.outputs.width + self.reach(),
        }
    }

    /// Where each tap of each input channel begins in what is laid out so.
    fn starts(&self, lay: Lay) -> Vec<usize> {
        let stride = self.stride;
        let start = |(channel, y, x): (usize, usize, usize)| {
            let part = (y % stride) * stride + x % stride;
            channel * lay.channel() + part * lay.plane() + y / stride * lay.pitch + x / stride
        };
        all_taps(self.inputs.channels, self.kernel).map(start).collect()
    }

    fn forwards(&self, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
        let per_row = self.inputs.channels * self.stride * self.stride * self.seen(0).pitch;
        let rows = band_rows(per_row, self.outputs.height);
        let lay = self.seen(rows);
        let starts = self.starts(lay);
        let count = starts.len();
        let weights = packed(self.outputs.channels, count, |channel, tap| weight[channel * count + tap]);
        let parts = [Part { down: 0, right: 0, starts, weights }];
        let sums = Sums { to: self.outputs, stride: 1, pad: 0, parts: &parts, rows, reach: self.reach() };
        sums.of(lay, self.inputs, x, bias)
    }

    /// The gradient of the inputs from that of the outputs.
    fn inputs_back(&self, given: &[f32], weight: &[f32]) -> Vec<f32> {
        let (reach, stride, pad) = (self.reach(), self.stride, self.kernel / 2);
        // A place is seen by windows that begin up to `reach` before it.
        let pitch = self.outputs.width + 2 * reach;
        let rows = band_rows(self.outputs.channels * pitch, (self.inputs.height + pad).div_ceil(stride));
        let lay = Lay { pad: reach, stride: 1, rows: rows + reach, pitch };
        // What is apart by stride has taps of its own.
        let part = |part: usize| {
            let (down, right) = (part / stride, part % stride);
            let taps: Vec<_> = all_taps(self.outputs.channels, self.kernel)
                .filter(|(_, y, x)| y % stride == down && x % stride == right)
                .collect();
            let start = |&(channel, y, x): &(usize, usize, usize)| {
                channel * lay.channel() + (reach - y / stride) * pitch + reach - x / stride
            };
            let weights = packed(self.inputs.channels, taps.len(), |channel, tap| {
                let (to, y, x) = taps[tap];
                weight[(to * self.inputs.channels + channel) * self.taps() + y * self.kernel + x]
            });
            Part { down, right, starts: taps.iter().map(start).collect(), weights }
        };
        let parts: Vec<Part> =
            (0..stride * stride).map(part).filter(|part| !part.starts.is_empty()).collect();
        Sums { to: self.inputs, stride, pad, parts: &parts, rows, reach }.of(lay, self.outputs, given, &[])
    }

    /// The gradient of the weights from that of the outputs.
    fn weights_back(&self, given: &[f32], x: &[f32]) -> Vec<f32> {
        let lay = self.seen(self.outputs.height);
        let (source, starts) = (lay.spread(self.inputs, x), self.starts(lay));
        // Beside the places of the inputs, with zeros where these are padding.
        let beside = Lay { pad: 0, stride: 1, rows: self.outputs.height, pitch: lay.pitch };
        let given = beside.spread(self.outputs, given);
        let last = starts.len() - 1;
        let pairs: Vec<[usize; 2]> = (0..starts.len().div_ceil(2))
            .map(|pair| [starts[pair * 2], starts[(pair * 2 + 1).min(last)]])
            .collect();
        let mut sums = vec![[[0.0; 2]; ROWS]; self.outputs.channels.div_ceil(ROWS) * pairs.len()];
        sums.par_chunks_mut(pairs.len()).enumerate().for_each(|(block, sums)| {
            let parts = sums.par_chunks_mut(TASK_PAIRS).zip(pairs.par_chunks(TASK_PAIRS));
            parts.for_each(|(sums, starts)| {
                for picture in 0..self.inputs.pictures {
                    let source = &source[picture * self.inputs.channels * lay.channel()..];
                    // Rows beyond the last channel are those of the last again; nobody asks for their sums.
                    let planes: [&[f32]; ROWS] = std::array::from_fn(|row| {
                        let channel = (block * ROWS + row).min(self.outputs.channels - 1);
                        let from = (picture * self.outputs.channels + channel) * beside.plane();
                        &given[from..from + beside.plane()]
                    });
                    for from in (0..beside.plane()).step_by(STRIP) {
                        let to = (from + STRIP).min(beside.plane());
                        let given = planes.map(|plane| &plane[from..to]);
                        Arch::new().dispatch(Gather { source: &source[from..], starts, given, sums });
                    }
                }
            });
        });
        let of = |channel: usize, tap: usize| {
            sums[channel / ROWS * pairs.len() + tap / 2][channel % ROWS][tap % 2]
        };
        (0..self.outputs.channels)
            .flat_map(|c| (0..=last).map(move |tap| (c, tap)))
            .map(|(c, tap)| of(c, tap))
            .collect()
    }

    /// The gradient of the biases from that of the outputs.
    fn biases_back(&self, given: &[f32]) -> Vec<f32> {
        self.outputs.each_channel(|channel| {
            let planes = self.outputs.of_channel(channel);
            planes.map(|index| Arch::new().dispatch(Sum { x: self.outputs.plane(given, index) })).sum()
        })
    }
}

/// Channel, row and column of all taps, in the order of the weights.
fn all_taps(channels: usize, kernel: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let one = move |index: usize| {
        let tap = index % (kernel * kernel);
        (index / (kernel * kernel), tap / kernel, tap % kernel)
    };
    (0..channels * kernel * kernel).map(one)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData, module::conv2d, ops::ConvOptions};

    use super::*;

    /// Numbers that repeat nowhere.
    fn some(count: usize, start: f32) -> Vec<f32> {
        (0..u16::try_from(count).expect("few")).map(|i| (start + f32::from(i) * 1.7).sin()).collect()
    }

    /// Pictures, channels in and out, height, width, kernel, stride.
    type Case = [usize; 7];

    /// What comes out, and the gradients of x, weight and bias.
    fn run([pictures, from, to, height, width, kernel, stride]: Case, ours: bool) -> [Vec<f32>; 4] {
        let device = Device::flex().autodiff();
        let tensor = |count: usize, start| {
            Tensor::<1>::from_data(TensorData::new(some(count, start), [count]), &device).require_grad()
        };
        let counts = [pictures * from * height * width, to * from * kernel * kernel, to];
        let [x, weight, bias] = [tensor(counts[0], 0.3), tensor(counts[1], 0.9), tensor(counts[2], 0.1)];
        let whole = x.clone().reshape([pictures, from, height, width]);
        let filters = weight.clone().reshape([to, from, kernel, kernel]);
        let output = if ours {
            convolve(whole, filters, Some(bias.clone()), stride)
        } else {
            let options = ConvOptions::new([stride; 2], [kernel / 2; 2], [1; 2], 1);
            conv2d(whole, filters, Some(bias.clone()), options)
        };
        let dims = output.dims();
        let count = dims.iter().product();
        // Further on, each number pulls by another strength.
        let pull = Tensor::<1>::from_data(TensorData::new(some(count, 2.0), [count]), &device).reshape(dims);
        let grads = (output.clone() * pull).sum().backward();
        let of = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().expect("single precision");
        [
            of(output.reshape([count])),
            of(x.grad(&grads).expect("asked for")),
            of(weight.grad(&grads).expect("asked for")),
            of(bias.grad(&grads).expect("asked for")),
        ]
    }

    #[test]
    fn it_says_what_the_frameworks_own_convolution_says() {
        let cases: [Case; 9] = [
            [2, 3, 5, 7, 9, 3, 1],
            [2, 3, 4, 8, 10, 3, 2],
            [1, 5, 6, 9, 7, 3, 2],
            [3, 6, 2, 5, 5, 1, 1],
            [1, 2, 3, 6, 7, 1, 2],
            [1, 3, 17, 4, 40, 5, 1],
            [1, 2, 9, 11, 12, 7, 2],
            // Several strips of rows, and several tasks of channels.
            [1, 2, 18, 40, 44, 3, 1],
            // A picture that is smaller than what sees it.
            [2, 2, 3, 1, 1, 3, 1],
        ];
        for case in cases {
            let (ours, theirs) = (run(case, true), run(case, false));
            for (name, (a, b)) in ["output", "x", "weight", "bias"].iter().zip(ours.iter().zip(&theirs)) {
                assert_eq!(a.len(), b.len(), "{name} of {case:?}");
                assert!(b.iter().any(|v| v.abs() > 0.05), "{name} of {case:?}: too easy");
                let far = a.iter().zip(b).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max);
                assert!(far < 2e-5, "{name} of {case:?}: {far} apart");
            }
        }
    }

    #[test]
    fn how_many_cores_there_are_changes_nothing() {
        let case = [2, 3, 34, 24, 28, 3, 1];
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| run(case, true))
        };
        let bits = |all: [Vec<f32>; 4]| all.map(|v| v.into_iter().map(f32::to_bits).collect::<Vec<_>>());
        assert_eq!(bits(on(1)), bits(on(5)));
    }
}
