//! Numbers of a network: in memory as plain vectors, on a device as flat tensors.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use super::{Graph, Init};
use crate::{seed::Seed, train::TrainError};

/// The numbers of every parameter, in the graph's order, flat.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(pub Vec<Vec<f32>>);

impl Weights {
    /// First weights: each parameter's draws are named by its own name, so that adding a layer changes no other.
    #[must_use]
    pub fn first(graph: &Graph, seed: Seed) -> Self {
        let node = seed.dataset();
        let numbers = graph.params.iter().map(|param| {
            let fan_in: usize = param.shape.iter().skip(1).product();
            let std = match param.init {
                Init::Constant(value) => return vec![value; param.len()],
                #[expect(clippy::cast_precision_loss, reason = "fan-in is far below 2^52")]
                Init::He => (2.0 / fan_in as f64).sqrt(),
                Init::Normal(std) => std,
            };
            let mut stream = node.stream(&format!("weights/{}", param.name));
            #[expect(clippy::cast_possible_truncation, reason = "weights are single precision")]
            let mut normal = || {
                // Box-Muller (1958); one of the pair is enough.
                let radius = (-2.0 * (1.0 - stream.random::<f64>()).ln()).sqrt();
                (std * radius * (std::f64::consts::TAU * stream.random::<f64>()).cos()) as f32
            };
            (0..param.len()).map(|_| normal()).collect()
        });
        Self(numbers.collect())
    }

    /// Copies to a device.
    #[must_use]
    pub fn to_device(&self, device: &Device) -> Vec<Tensor<1>> {
        self.0
            .iter()
            .map(|numbers| Tensor::from_data(TensorData::new(numbers.clone(), [numbers.len()]), device))
            .collect()
    }

    /// Copies from a device.
    ///
    /// # Errors
    /// When the device fails.
    pub fn from_device(tensors: &[Tensor<1>]) -> Result<Self, TrainError> {
        tensors.iter().map(numbers).collect::<Result<_, _>>().map(Self)
    }
}

/// A tensor's numbers, row-major.
pub(crate) fn numbers<const D: usize>(tensor: &Tensor<D>) -> Result<Vec<f32>, TrainError> {
    tensor.try_to_vec_as::<f32>().map_err(|e| TrainError::Device(format!("cannot read a tensor: {e:?}")))
}
