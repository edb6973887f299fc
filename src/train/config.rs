//! What a training run is: everything that decides its result, but for the data and the device.

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    net::{Depth, Graph, dense, faster_rcnn},
};

/// How a network finds things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// Looks once, without anchors.
    Dense,
    /// Proposes regions through anchors, and looks at each again (Ren et al. 2015).
    #[value(name = "faster_rcnn")]
    FasterRcnn,
}

/// A detector's description: with its weights it is complete, nothing needs to be remembered beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// How it finds things.
    pub architecture: Architecture,
    /// How large the network is.
    pub size: Depth,
    /// Names of the classes, in the order of the network's outputs.
    pub classes: Vec<String>,
    /// Names of the keypoints that it finds; of `dense` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keypoints: Vec<String>,
    /// Width and height of the pictures it was trained on, pixels.
    pub input: [u32; 2],
    /// Subtracted from each channel (red, green, blue; 0 to 1) ...
    pub mean: [f32; 3],
    /// ... which is then divided by this.
    pub std: [f32; 3],
}

impl ModelConfig {
    /// A `dense` model of this size for these classes and pictures.
    #[must_use]
    pub fn new(size: Depth, classes: Vec<String>, input: [u32; 2]) -> Self {
        let architecture = Architecture::Dense;
        Self { architecture, size, classes, keypoints: Vec::new(), input, mean: [0.45; 3], std: [0.25; 3] }
    }

    /// Its layers.
    #[must_use]
    pub fn graph(&self) -> Graph {
        match self.architecture {
            Architecture::Dense => dense(self.size, self.classes.len(), self.keypoints.len()),
            Architecture::FasterRcnn => faster_rcnn(self.size, self.classes.len()),
        }
    }
}

/// Which rule turns gradients into steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    Adamw,
    /// Stochastic gradient descent with Nesterov momentum.
    Sgd,
}

/// How weights are moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimConfig {
    /// The rule.
    pub rule: Rule,
    /// Learning rate at its highest.
    pub lr: f64,
    /// Learning rate at the end, as a share of the highest.
    pub last_lr_share: f64,
    /// Steps over which the learning rate rises from nothing.
    pub warmup: u64,
    /// Decay of convolution weights; offsets and normalisation are never decayed.
    pub weight_decay: f64,
    /// Largest norm of all gradients together; more is scaled down.
    pub clip_norm: f64,
    /// Momentum of SGD.
    pub momentum: f64,
    /// Share that the running average of the weights keeps at each step, once it has settled.
    pub ema: f64,
}

impl Default for OptimConfig {
    fn default() -> Self {
        Self {
            rule: Rule::Adamw,
            lr: 2e-3,
            last_lr_share: 0.02,
            warmup: 50,
            weight_decay: 0.02,
            clip_norm: 10.0,
            momentum: 0.9,
            ema: 0.999,
        }
    }
}

/// How pictures are varied; every value is drawn anew for each picture. Zero switches a variation off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentConfig {
    /// Smallest and largest scale, on top of the one that fits the picture into the input.
    pub scale: [f64; 2],
    /// Largest change of the ratio of width to height, as a factor less one.
    pub stretch: f64,
    /// Probability of a mirrored picture.
    pub flip: f64,
    /// Share of pictures put together from four.
    pub mosaic: f64,
    /// Largest relative change of brightness, contrast, saturation and of each channel.
    pub colour: f64,
    /// Probability of blur, of up to two pixels.
    pub blur: f64,
    /// Probability that rectangles are painted over.
    pub erase: f64,
}

impl AugmentConfig {
    /// Pictures as they are, fitted into the input.
    pub const NONE: Self =
        Self { scale: [1.0, 1.0], stretch: 0.0, flip: 0.0, mosaic: 0.0, colour: 0.0, blur: 0.0, erase: 0.0 };
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self { scale: [0.7, 1.5], stretch: 0.1, flip: 0.5, mosaic: 0.25, colour: 0.25, blur: 0.1, erase: 0.1 }
    }
}

/// Everything that decides a run's result, but for data and device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// The network.
    pub model: ModelConfig,
    /// Names every random draw: first weights, order of pictures, variations.
    pub seed: u64,
    /// Steps of the optimizer.
    pub steps: u64,
    /// Width and height of the part of a picture that is looked at in training, pixels; at most the model's input.
    /// Pictures are scaled as for the whole input, so that parts show things as large as the model will meet them.
    pub crop: [u32; 2],
    /// Pictures a pass through the network.
    pub batch: usize,
    /// Passes whose gradients are added up before a step.
    pub accumulate: usize,
    /// How weights are moved.
    pub optim: OptimConfig,
    /// How pictures are varied.
    pub augment: AugmentConfig,
    /// Layers whose name begins with one of these keep their weights.
    pub freeze: Vec<String>,
}

impl TrainConfig {
    /// Refuses what cannot work.
    ///
    /// # Errors
    /// When a setting is out of range; it is named as on the command line.
    pub fn check(&self) -> Result<(), TrainError> {
        let fault = |setting, problem: String| Err(TrainError::Setting { setting, problem });
        let stride = self.model.size.largest_stride();
        for (name, [w, h]) in [("--input", self.model.input), ("--crop", self.crop)] {
            if w == 0 || h == 0 || w % stride != 0 || h % stride != 0 || w > 8192 || h > 8192 {
                return fault(
                    name,
                    format!("{w} x {h}: expected multiples of {stride}, from {stride} to 8192"),
                );
            }
        }
        if self.crop[0] > self.model.input[0] || self.crop[1] > self.model.input[1] {
            return fault(
                "--crop",
                format!("{:?}: expected no more than the input, {:?}", self.crop, self.model.input),
            );
        }
        if self.model.classes.is_empty() {
            return fault("--class", "there are no classes: expected at least one".to_owned());
        }
        if self.model.architecture == Architecture::FasterRcnn && !self.model.keypoints.is_empty() {
            return fault("--keypoints", "faster_rcnn finds none: expected --model dense".to_owned());
        }
        if self.steps == 0 {
            return fault("--steps", "0: expected at least 1".to_owned());
        }
        if self.batch == 0 || self.accumulate == 0 {
            return fault("--batch", "0: batch and accumulation are at least 1".to_owned());
        }
        let o = &self.optim;
        if !(o.lr.is_finite() && o.lr > 0.0) {
            return fault("--lr", format!("{}: expected more than 0", o.lr));
        }
        if !(0.0..1.0).contains(&o.ema) {
            return fault("--ema", format!("{}: expected 0 to below 1", o.ema));
        }
        let a = &self.augment;
        if !(a.scale[0] > 0.05 && a.scale[0] <= a.scale[1] && a.scale[1] < 20.0) {
            return fault("augment.scale", format!("{:?}: expected two rising numbers, 0.05 to 20", a.scale));
        }
        for (name, value) in [
            ("augment.stretch", a.stretch),
            ("augment.flip", a.flip),
            ("augment.mosaic", a.mosaic),
            ("augment.colour", a.colour),
            ("augment.blur", a.blur),
            ("augment.erase", a.erase),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return fault(name, format!("{value}: expected 0 to 1"));
            }
        }
        Ok(())
    }

    /// The learning rate of a step, counted from 0: a linear rise, then half a cosine.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "steps are far below 2^52")]
    pub fn lr(&self, step: u64) -> f64 {
        let o = &self.optim;
        let warmup = o.warmup.min(self.steps / 2);
        if step < warmup {
            return o.lr * (step + 1) as f64 / warmup as f64;
        }
        let along = (step - warmup) as f64 / (self.steps - warmup).max(1) as f64;
        let share = 0.5 * (1.0 + (std::f64::consts::PI * along.min(1.0)).cos());
        o.lr * (o.last_lr_share + (1.0 - o.last_lr_share) * share)
    }
}
