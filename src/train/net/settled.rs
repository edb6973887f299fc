//! Normalisation and `SiLU` as one operation, on the processor.
//!
//! The framework makes them one after the other, each number by itself, on one core, with an exponential that no vector
//! unit helps with, and once more on the way back: two thirds of a step's time. Here a channel is read once for its mean,
//! once for its variance and once for what comes out, with vectors, on all cores. Numbers differ from the framework's by
//! rounding; which core does what has no say in them.
//!
//! Registered as a backend extension of the framework for its processor device alone; other devices fuse by themselves.

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
    tensor::{Tensor, TensorData},
};
use pulp::Arch;
use rayon::prelude::*;

use super::{
    planes::{Cpu, Planes, TASK, numbers, per_channel},
    vectors::{Backwards, Channel, Forwards, Spread, Sum, Sums},
};

/// What a batch looks like after [`settle`], and the mean and the (biased) variance of each of its channels.
pub(super) struct Settled {
    pub(super) output: Tensor<4>,
    pub(super) mean: Tensor<1>,
    pub(super) variance: Tensor<1>,
}

/// Normalises each channel of `[pictures, channels, height, width]` by its own mean and variance, scales it, moves it,
/// and takes `SiLU` of it (Ioffe and Szegedy 2015; Elfwing et al. 2018).
pub(super) fn settle(x: Tensor<4>, scale: Tensor<1>, offset: Tensor<1>, epsilon: f64) -> Settled {
    let (output, mean, variance) = <Dispatch as SettleOps>::settled(
        x.into_dispatch(),
        scale.into_dispatch(),
        offset.into_dispatch(),
        epsilon,
    );
    Settled {
        output: Tensor::from_dispatch(output),
        mean: Tensor::from_dispatch(mean),
        variance: Tensor::from_dispatch(variance),
    }
}

/// `SiLU` of each number: x sigmoid(x).
pub(super) fn silu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as SettleOps>::swished(x.into_dispatch()))
}

/// The operations as the framework knows them.
#[backend_extension(Flex, Autodiff)]
trait SettleOps: Backend {
    /// Output, mean, variance.
    fn settled(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        offset: FloatTensor<Self>,
        epsilon: f64,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// `SiLU`.
    fn swished(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl SettleOps for Flex {
    fn settled(x: Cpu, scale: Cpu, offset: Cpu, epsilon: f64) -> (Cpu, Cpu, Cpu) {
        let x = x.to_contiguous();
        let batch = Planes::of(&x);
        let (mean, variance) = batch.statistics(numbers(&x));
        let channels = Channel::all(&mean, &variance, numbers(&scale), numbers(&offset), epsilon);
        let output = batch.written(|index, out| {
            let channel = channels[index % batch.channels];
            let x = batch.plane(numbers(&x), index);
            Arch::new().dispatch(Forwards { x, out, gain: channel.gain(), bias: channel.bias() });
        });
        (batch.tensor(output), per_channel(mean), per_channel(variance))
    }

    fn swished(x: Cpu) -> Cpu {
        let x = x.to_contiguous();
        let mut out = vec![0.0; numbers(&x).len()];
        let parts = out.par_chunks_mut(TASK).zip(numbers(&x).par_chunks(TASK));
        parts.for_each(|(out, x)| {
            Arch::new().dispatch(Forwards { x, out, gain: 1.0, bias: 0.0 });
        });
        Cpu::from_data(TensorData::new(out, x.layout().shape().clone()))
    }
}

/// What the way back of [`SettleOps::settled`] needs to know: x, scale, offset, mean, variance, epsilon.
type Seen = (Cpu, Cpu, Cpu, Cpu, Cpu, f64);

#[derive(Debug)]
struct SettledBack;

impl Backward<Flex, 3> for SettledBack {
    type State = Seen;

    fn backward(self, ops: Ops<Seen, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let given = grads.consume::<Flex>(&ops.node).to_contiguous();
        let ways = settled_back(&ops.state, &given);
        for (node, grad) in ops.parents.into_iter().zip(ways) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, grad);
            }
        }
    }
}

#[derive(Debug)]
struct SwishedBack;

impl Backward<Flex, 1> for SwishedBack {
    type State = Cpu;

    fn backward(self, ops: Ops<Cpu, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let given = grads.consume::<Flex>(&ops.node).to_contiguous();
        let x = &ops.state;
        let mut out = vec![0.0; numbers(x).len()];
        let parts = numbers(x).par_chunks(TASK).zip(numbers(&given).par_chunks(TASK));
        out.par_chunks_mut(TASK).zip(parts).for_each(|(out, (x, given))| {
            Arch::new().dispatch(Backwards { x, given, out, channel: Channel::AS_IT_IS, shares: [0.0; 2] });
        });
        let [node] = ops.parents;
        if let Some(node) = node {
            grads.register::<Flex>(node.id, Cpu::from_data(TensorData::new(out, x.layout().shape().clone())));
        }
    }
}

impl<C: CheckpointStrategy> SettleOps for Autodiff<Flex, C> {
    fn settled(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        offset: FloatTensor<Self>,
        epsilon: f64,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let ((x, x_node), (scale, scale_node), (offset, offset_node)) =
            (x.into_parts(), scale.into_parts(), offset.into_parts());
        let x = x.to_contiguous();
        let (output, mean, variance) = Flex::settled(x.clone(), scale.clone(), offset.clone(), epsilon);
        let kind = SettledBack.prepare::<C>([x_node, scale_node, offset_node]).compute_bound().stateful();
        let output = match kind {
            OpsKind::Tracked(prep) => {
                prep.finish((x, scale, offset, mean.clone(), variance.clone(), epsilon), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(output),
        };
        (output, FloatTensor::<Self>::new(mean), FloatTensor::<Self>::new(variance))
    }

    fn swished(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let x = x.to_contiguous();
        match SwishedBack.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let output = Flex::swished(x.clone());
                prep.finish(x, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(Flex::swished(x)),
        }
    }
}

/// Gradients of x, scale and offset from that of the output.
fn settled_back((x, scale, offset, mean, variance, epsilon): &Seen, given: &Cpu) -> [Cpu; 3] {
    let batch = Planes::of(x);
    let (x, given) = (numbers(x), numbers(given));
    let channels = Channel::all(numbers(mean), numbers(variance), numbers(scale), numbers(offset), *epsilon);
    let sums: Vec<[f64; 2]> = batch.each_channel(|channel| {
        let planes = batch.of_channel(channel).map(|index| {
            let (x, given) = (batch.plane(x, index), batch.plane(given, index));
            Arch::new().dispatch(Sums { x, given, channel: channels[channel] })
        });
        planes.fold([0.0; 2], |a, b| [a[0] + f64::from(b[0]), a[1] + f64::from(b[1])])
    });
    #[expect(clippy::cast_precision_loss, reason = "fewer numbers than 2^52")]
    let count = (batch.pictures * batch.height * batch.width) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "gradients are single precision")]
    let way = batch.written(|index, out| {
        let channel = index % batch.channels;
        let shares = sums[channel].map(|sum| (sum / count) as f32);
        let (x, given) = (batch.plane(x, index), batch.plane(given, index));
        Arch::new().dispatch(Backwards { x, given, out, channel: channels[channel], shares });
    });
    #[expect(clippy::cast_possible_truncation, reason = "gradients are single precision")]
    let sums_to = |which: usize| per_channel(sums.iter().map(|sum| sum[which] as f32).collect());
    [batch.tensor(way), sums_to(1), sums_to(0)]
}

impl Planes {
    /// Mean and biased variance of each channel.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "statistics are single precision, of fewer numbers than 2^52"
    )]
    fn statistics(&self, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let count = (self.pictures * self.area()).max(1) as f64;
        let both = self.each_channel(|channel| {
            let planes = || self.of_channel(channel).map(|index| self.plane(x, index));
            let sum: f64 = planes().map(|x| f64::from(Arch::new().dispatch(Sum { x }))).sum();
            let mean = (sum / count) as f32;
            let spread: f64 = planes().map(|x| f64::from(Arch::new().dispatch(Spread { x, mean }))).sum();
            (mean, (spread / count) as f32)
        });
        both.into_iter().unzip()
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, activation, module::batch_norm_train};

    use super::*;

    /// Numbers that repeat nowhere, within `reach` of `start`.
    fn some(count: usize, start: f32, reach: f32) -> Vec<f32> {
        (0..u16::try_from(count).expect("few"))
            .map(|i| start + (start + f32::from(i) * 1.7).sin() * reach)
            .collect()
    }

    fn far(a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len(), "as many numbers");
        a.iter().zip(b).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max)
    }

    /// Output, mean, variance, and gradients of x, scale and offset.
    fn run(fused: bool) -> [Vec<f32>; 6] {
        let device = Device::flex().autodiff();
        let tensor = |count: usize, start, reach| {
            let data = TensorData::new(some(count, start, reach), [count]);
            Tensor::<1>::from_data(data, &device).require_grad()
        };
        let [x, scale, offset] = [tensor(3 * 5 * 7 * 9, 0.3, 6.0), tensor(5, 0.9, 1.5), tensor(5, 0.1, 1.5)];
        let whole = x.clone().reshape([3, 5, 7, 9]);
        let (output, mean, variance) = if fused {
            let all = settle(whole, scale.clone(), offset.clone(), 1e-3);
            (all.output, all.mean, all.variance)
        } else {
            let all = batch_norm_train(whole, scale.clone(), offset.clone(), 1e-3);
            (activation::silu(all.output), all.mean, all.variance)
        };
        // Further on, each number pulls by another strength.
        let pull = Tensor::from_data(TensorData::new(some(3 * 5 * 7 * 9, 2.0, 1.0), [3, 5, 7, 9]), &device);
        let grads = (output.clone() * pull).sum().backward();
        let of = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().expect("single precision");
        [
            of(output.reshape([3 * 5 * 7 * 9])),
            of(mean),
            of(variance),
            of(x.grad(&grads).expect("asked for")),
            of(scale.grad(&grads).expect("asked for")),
            of(offset.grad(&grads).expect("asked for")),
        ]
    }

    #[test]
    fn it_says_what_the_frameworks_own_operations_say() {
        let (ours, theirs) = (run(true), run(false));
        for (name, (a, b)) in
            ["output", "mean", "variance", "x", "scale", "offset"].into_iter().zip(ours.iter().zip(&theirs))
        {
            assert!(b.iter().any(|v| v.abs() > 0.05), "{name}: too easy");
            assert!(far(a, b) < 2e-5, "{name}: {} apart", far(a, b));
        }
    }

    #[test]
    fn silu_alone_and_its_slope_are_right_far_out_too() {
        let device = Device::flex().autodiff();
        let given: Vec<f32> = (-400_i16..=400).map(|i| f32::from(i) * 0.1).collect();
        let x = Tensor::<1>::from_data(TensorData::new(given.clone(), [given.len()]), &device).require_grad();
        let y = silu(x.clone());
        let slope = x.grad(&y.clone().sum().backward()).expect("asked for").into_data().try_to_vec::<f32>();
        let y = y.into_data().try_to_vec::<f32>().expect("single precision");
        let sigmoid = |v: f32| 1.0 / (1.0 + (-f64::from(v)).exp());
        #[expect(clippy::cast_possible_truncation, reason = "compared in single precision")]
        let (right, right_slope): (Vec<f32>, Vec<f32>) = given
            .iter()
            .map(|&v| {
                let s = sigmoid(v);
                ((f64::from(v) * s) as f32, (s * (1.0 + f64::from(v) * (1.0 - s))) as f32)
            })
            .unzip();
        assert!(far(&y, &right) < 5e-6, "{} apart", far(&y, &right));
        let slope = slope.expect("single precision");
        assert!(far(&slope, &right_slope) < 5e-6, "slopes {} apart", far(&slope, &right_slope));
    }
}
