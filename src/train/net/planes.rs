//! The numbers of a tensor on the processor, as operations of our own see them.

use burn::{
    backend::{Flex, tensor::FloatTensor},
    tensor::{Device, TensorData},
};
use rayon::prelude::*;

/// A tensor on the processor.
pub(super) type Cpu = FloatTensor<Flex>;

/// Numbers that are worth a task of their own.
pub(super) const TASK: usize = 16 * 1024;

/// Whether a tensor lies where these operations are known.
pub(super) fn is_known_on(device: &Device) -> bool {
    *device == Device::flex() || *device == Device::flex().autodiff()
}

/// The tensor of a number for each channel.
pub(super) fn per_channel(numbers: Vec<f32>) -> Cpu {
    let count = numbers.len();
    Cpu::from_data(TensorData::new(numbers, [count]))
}

/// The numbers of a contiguous tensor.
pub(super) fn numbers(tensor: &Cpu) -> &[f32] {
    let start = tensor.layout().start_offset();
    &tensor.storage::<f32>()[start..start + tensor.layout().num_elements()]
}

/// A batch as planes, picture by picture, channel by channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planes {
    pub(super) pictures: usize,
    pub(super) channels: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Planes {
    pub(super) fn of(tensor: &Cpu) -> Self {
        let shape = tensor.layout().shape();
        Self { pictures: shape[0], channels: shape[1], height: shape[2], width: shape[3] }
    }

    /// The tensor of these numbers.
    pub(super) fn tensor(&self, numbers: Vec<f32>) -> Cpu {
        let shape = [self.pictures, self.channels, self.height, self.width];
        Cpu::from_data(TensorData::new(numbers, shape))
    }

    pub(super) const fn area(&self) -> usize {
        self.height * self.width
    }

    pub(super) fn plane<'a>(&self, numbers: &'a [f32], index: usize) -> &'a [f32] {
        &numbers[index * self.area()..(index + 1) * self.area()]
    }

    /// Indices of a channel's planes.
    pub(super) fn of_channel(&self, channel: usize) -> impl Iterator<Item = usize> + use<> {
        let (pictures, channels) = (self.pictures, self.channels);
        (0..pictures).map(move |picture| picture * channels + channel)
    }

    /// Something of each channel.
    pub(super) fn each_channel<T: Send>(&self, of: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
        let least = (TASK / (self.area() * self.pictures).max(1)).max(1);
        (0..self.channels).into_par_iter().with_min_len(least).map(of).collect()
    }

    /// A new batch, each of its planes written by `write`.
    pub(super) fn written(&self, write: impl Fn(usize, &mut [f32]) + Send + Sync) -> Vec<f32> {
        let mut out = vec![0.0; self.pictures * self.channels * self.area()];
        let least = (TASK / self.area().max(1)).max(1);
        let planes = out.par_chunks_mut(self.area().max(1)).enumerate().with_min_len(least);
        planes.for_each(|(index, plane)| write(index, plane));
        out
    }
}
