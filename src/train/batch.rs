//! Batches: made ahead of time on a thread of their own, handed over through a bounded queue.

use std::{collections::HashMap, sync::mpsc::SyncSender};

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::TensorView;

use super::{
    TrainError, assign::Target, augment::Canvas, checkpoint::publish, config::TrainConfig, net::numbers,
    source::Source,
};
use crate::seed::Seed;

/// Pictures, `[pictures, 3, height, width]`, 0 to 1.
#[derive(Clone, Debug)]
pub enum Pixels {
    /// In plain memory.
    Memory(Vec<f32>),
    /// On the training device already.
    Device(Box<Tensor<4>>),
}

/// Pictures for one pass through the network.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Number of its first draw.
    pub first: u64,
    /// Names of the pictures.
    pub names: Vec<String>,
    /// The pictures.
    pub pixels: Pixels,
    /// Width and height.
    pub size: [u32; 2],
    /// Objects of each picture.
    pub targets: Vec<Vec<Target>>,
}

impl Batch {
    /// Draws a batch; each picture is a function of (seed, number of draw) alone.
    ///
    /// # Errors
    /// When the source fails.
    pub fn draw(source: &mut dyn Source, config: &TrainConfig, first: u64) -> Result<Self, TrainError> {
        let size = config.crop;
        let (mut names, mut planes, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        for index in (first..).take(config.batch) {
            let node = Seed(config.seed).frame(index);
            let sample = source.draw(index, &node.child("draw", 0))?;
            let others = |number: usize| source.another(index, &node.child("draw", number));
            let (input, vary) = (config.model.input, node.child("vary", 0));
            let canvas = Canvas::varied(&sample, input, size, &config.augment, &vary, others)?;
            names.push(sample.name.clone());
            planes.extend(canvas.planes);
            targets.push(canvas.targets);
        }
        Ok(Self { first, names, pixels: Pixels::Memory(planes), size, targets })
    }

    /// Writes the batch to a safetensors file, targets in its header, for whoever asks why it broke a run.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &std::path::Path) -> Result<(), TrainError> {
        let planes = match &self.pixels {
            Pixels::Memory(planes) => planes.clone(),
            Pixels::Device(tensor) => numbers(tensor)?,
        };
        let bytes: Vec<u8> = planes.iter().flat_map(|x| x.to_le_bytes()).collect();
        let shape = vec![self.targets.len(), 3, self.size[1] as usize, self.size[0] as usize];
        let fault = |e: safetensors::SafeTensorError| TrainError::data("the batch", e.to_string());
        let view = TensorView::new(safetensors::Dtype::F32, shape, &bytes).map_err(fault)?;
        let pictures: Vec<serde_json::Value> = self
            .names
            .iter()
            .zip(&self.targets)
            .map(|(name, targets)| {
                let objects: Vec<_> = targets
                    .iter()
                    .map(|t| serde_json::json!({ "class": t.class, "edges": t.edges, "ignore": t.ignore }))
                    .collect();
                serde_json::json!({ "name": name, "objects": objects })
            })
            .collect();
        let text = serde_json::json!({ "first": self.first, "pictures": pictures }).to_string();
        let header = HashMap::from([("batch".to_owned(), text)]);
        let file = safetensors::serialize([("pictures", view)], Some(header)).map_err(fault)?;
        publish(path, &file)
    }

    /// The pictures on a device made for training, not yet normalised.
    #[must_use]
    pub fn to_device(&self, device: &Device) -> Tensor<4> {
        let shape = [self.targets.len(), 3, self.size[1] as usize, self.size[0] as usize];
        match &self.pixels {
            Pixels::Memory(planes) => Tensor::from_data(TensorData::new(planes.clone(), shape), device),
            Pixels::Device(tensor) => Tensor::from_inner(Tensor::clone(tensor)),
        }
    }
}

/// Shifts and scales pictures as the model wants them.
#[must_use]
pub(super) fn normalised(x: Tensor<4>, mean: [f32; 3], std: [f32; 3]) -> Tensor<4> {
    let device = x.device();
    let channel = |v: [f32; 3]| Tensor::<4>::from_data(TensorData::new(v.to_vec(), [1, 3, 1, 1]), &device);
    (x - channel(mean)) * channel(std.map(f32::recip))
}

/// Draws batches `from` to the run's end and puts them into the queue; ends early when nobody takes them.
pub fn feed(
    source: &mut dyn Source,
    config: &TrainConfig,
    from: u64,
    queue: &SyncSender<Result<Batch, TrainError>>,
) {
    let batches = config.steps * config.accumulate as u64;
    for number in from..batches {
        let first = number * config.batch as u64;
        let batch = match source.on_device(config, first) {
            Some(batch) => batch,
            None => Batch::draw(source, config, first),
        };
        let failed = batch.is_err();
        if queue.send(batch).is_err() || failed {
            return;
        }
    }
}
