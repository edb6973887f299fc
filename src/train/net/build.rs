//! Layers, parameters, and how a list of them is put together.

/// Which parameter.
pub type ParamId = usize;
/// Which value: 0 is the picture, n + 1 what layer n gives.
pub type ValueId = usize;

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Weights of a convolution: learnt, decayed.
    Weight,
    /// Offsets, and scales of a normalisation: learnt, not decayed.
    Offset,
    /// Means and variances of a normalisation: observed, not learnt.
    Statistic,
}

/// Where a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Normal with a variance of 2 / fan-in (He et al. 2015, equation 10).
    He,
    /// Normal with this standard deviation.
    Normal(f64),
    /// The same number everywhere.
    Constant(f32),
}

/// A parameter without its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Dotted name, unique.
    pub name: String,
    /// Its shape; convolutions have `[out, in, height, width]`.
    pub shape: Vec<usize>,
    /// What it is for.
    pub kind: ParamKind,
    /// Where it starts.
    pub init: Init,
}

impl Param {
    /// How many numbers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it holds nothing, which no parameter does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A dense convolution, padded by half the kernel.
    Conv {
        /// What it looks at.
        x: ValueId,
        /// Its weights.
        weight: ParamId,
        /// Its offsets, where no normalisation follows.
        bias: Option<ParamId>,
        /// Pixels between outputs.
        stride: usize,
        /// Side of the kernel, odd.
        kernel: usize,
    },
    /// Batch normalisation (Ioffe and Szegedy 2015).
    Norm {
        /// What it looks at.
        x: ValueId,
        /// The first of four parameters in a row: scale, offset, mean, variance.
        first: ParamId,
    },
    /// x times its sigmoid.
    Silu {
        /// What it looks at.
        x: ValueId,
    },
    /// The sum of two values of one shape.
    Add {
        /// One.
        a: ValueId,
        /// The other.
        b: ValueId,
    },
    /// Every pixel twice in both directions.
    Double {
        /// What it looks at.
        x: ValueId,
    },
}

impl Layer {
    /// What it looks at.
    pub fn inputs(self) -> impl Iterator<Item = ValueId> {
        let (first, second) = match self {
            Self::Conv { x, .. } | Self::Norm { x, .. } | Self::Silu { x } | Self::Double { x } => (x, None),
            Self::Add { a, b } => (a, Some(b)),
        };
        std::iter::once(first).chain(second)
    }
}

/// What the network says at one stride.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Pixels of the picture per cell.
    pub stride: u32,
    /// Logits, a channel a class.
    pub logits: ValueId,
    /// Logarithms of the distances to the left, top, right and bottom edge, in strides.
    pub sides: ValueId,
}

/// The whole network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its layers, in order of execution.
    pub layers: Vec<Layer>,
    /// Its outputs, finest first.
    pub levels: Vec<Level>,
    /// Number of classes.
    pub classes: usize,
}

impl Graph {
    fn param(&mut self, name: String, shape: &[usize], kind: ParamKind, init: Init) -> ParamId {
        self.params.push(Param { name, shape: shape.to_vec(), kind, init });
        self.params.len() - 1
    }

    fn layer(&mut self, layer: Layer) -> ValueId {
        self.layers.push(layer);
        self.layers.len()
    }

    /// Weights that several convolutions may share.
    pub(super) fn kernel(
        &mut self,
        name: &str,
        [from, to]: [usize; 2],
        kernel: usize,
        init: Init,
    ) -> ParamId {
        self.param(format!("{name}.weight"), &[to, from, kernel, kernel], ParamKind::Weight, init)
    }

    /// Offsets that several convolutions may share.
    pub(super) fn offsets(&mut self, name: &str, channels: usize, start: f32) -> ParamId {
        self.param(format!("{name}.bias"), &[channels], ParamKind::Offset, Init::Constant(start))
    }

    /// Convolution with given weights.
    pub(super) fn conv(
        &mut self,
        x: ValueId,
        weight: ParamId,
        bias: Option<ParamId>,
        stride: usize,
    ) -> ValueId {
        let kernel = self.params[weight].shape[2];
        self.layer(Layer::Conv { x, weight, bias, stride, kernel })
    }

    /// Normalisation, then `SiLU`.
    pub(super) fn settle(&mut self, name: &str, x: ValueId, channels: usize) -> ValueId {
        let mut one = |part: &str, kind, start| {
            self.param(format!("{name}.{part}"), &[channels], kind, Init::Constant(start))
        };
        let first = one("scale", ParamKind::Offset, 1.0);
        one("offset", ParamKind::Offset, 0.0);
        one("mean", ParamKind::Statistic, 0.0);
        one("variance", ParamKind::Statistic, 1.0);
        let x = self.layer(Layer::Norm { x, first });
        self.layer(Layer::Silu { x })
    }

    /// Convolution, normalisation, `SiLU`.
    pub(super) fn block(
        &mut self,
        name: &str,
        x: ValueId,
        channels: [usize; 2],
        kernel: usize,
        stride: usize,
    ) -> ValueId {
        let weight = self.kernel(name, channels, kernel, Init::He);
        let x = self.conv(x, weight, None, stride);
        self.settle(name, x, channels[1])
    }

    /// Two blocks and a way round them (He et al. 2016).
    pub(super) fn residual(&mut self, name: &str, x: ValueId, channels: usize) -> ValueId {
        let a = self.block(&format!("{name}.a"), x, [channels; 2], 3, 1);
        let b = self.block(&format!("{name}.b"), a, [channels; 2], 3, 1);
        self.layer(Layer::Add { a: x, b })
    }

    /// `coarse` at twice its size, added to `fine`.
    pub(super) fn add_doubled(&mut self, fine: ValueId, coarse: ValueId) -> ValueId {
        let b = self.layer(Layer::Double { x: coarse });
        self.layer(Layer::Add { a: fine, b })
    }

    /// How many numbers all parameters hold.
    #[must_use]
    pub fn numbers(&self) -> usize {
        self.params.iter().map(Param::len).sum()
    }

    /// For each value, the last layer that looks at it; after that it can be forgotten. Outputs are never forgotten.
    pub(super) fn last_uses(&self) -> Vec<usize> {
        let mut last = vec![0; self.layers.len() + 1];
        for (index, layer) in self.layers.iter().enumerate() {
            for value in layer.inputs() {
                last[value] = index;
            }
        }
        for level in &self.levels {
            last[level.logits] = usize::MAX;
            last[level.sides] = usize::MAX;
        }
        last
    }
}
