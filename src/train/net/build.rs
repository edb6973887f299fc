//! Layers, parameters, and how a list of them is put together.

/// Which parameter.
pub type ParamId = usize;
/// Which value: 0 is the picture, n + 1 what layer n gives.
pub type ValueId = usize;

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Weights of a convolution or a full layer: learnt, decayed.
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
    /// Its shape; convolutions have `[out, in, height, width]`, full layers `[out, in]`.
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
    /// Where the second look begins: what was cut out of the features, `[regions, channels, side, side]`.
    Regions,
    /// Every number of a region with every other: `[regions, out, 1, 1]`.
    Full {
        /// What it looks at.
        x: ValueId,
        /// Its weights.
        weight: ParamId,
        /// Its offsets.
        bias: ParamId,
    },
}

impl Layer {
    /// What it looks at.
    pub fn inputs(self) -> impl Iterator<Item = ValueId> {
        let (first, second) = match self {
            Self::Conv { x, .. }
            | Self::Norm { x, .. }
            | Self::Silu { x }
            | Self::Double { x }
            | Self::Full { x, .. } => (Some(x), None),
            Self::Add { a, b } => (Some(a), Some(b)),
            Self::Regions => (None, None),
        };
        first.into_iter().chain(second)
    }
}

/// What the network says at one stride.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Pixels of the picture per cell.
    pub stride: u32,
    /// Boxes that each cell answers for: 1, or as many as there are anchors of different shape.
    pub shapes: usize,
    /// Logits: a channel a class, for each shape.
    pub logits: ValueId,
    /// Four channels a shape, all shapes' first before all shapes' second. Logarithms of the distances to the left,
    /// top, right and bottom edge, in strides; of a two-stage network what moves an anchor ([`Anchors`]).
    ///
    /// [`Anchors`]: crate::train::Anchors
    pub sides: ValueId,
    /// Three channels a keypoint: all their x, all their y, from the cell's centre in units of [`REACH`] strides; then
    /// logits of their being visible. `None` when the network finds none.
    ///
    /// [`REACH`]: crate::train::REACH
    pub points: Option<ValueId>,
}

/// The second look of a two-stage network: at regions that are cut out of the levels' features.
#[derive(Clone, Debug, PartialEq)]
pub struct Second {
    /// What regions are cut out of, finest first.
    pub features: Vec<ValueId>,
    /// The layer that stands for what was cut out. Those before it run once a picture, those after once a region.
    pub start: usize,
    /// A logit a class, and a last one for nothing at all.
    pub logits: ValueId,
    /// What moves a region, as it moves an anchor.
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
    /// Its second look, of a two-stage network.
    pub second: Option<Second>,
    /// Number of classes.
    pub classes: usize,
    /// Number of keypoints.
    pub points: usize,
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

    /// `SiLU`.
    pub(super) fn silu(&mut self, x: ValueId) -> ValueId {
        self.layer(Layer::Silu { x })
    }

    /// A full layer.
    pub(super) fn full(&mut self, name: &str, x: ValueId, [from, to]: [usize; 2], init: Init) -> ValueId {
        let weight = self.param(format!("{name}.weight"), &[to, from], ParamKind::Weight, init);
        let bias = self.offsets(name, to, 0.0);
        self.layer(Layer::Full { x, weight, bias })
    }

    /// Where the second look begins.
    pub(super) fn regions(&mut self) -> ValueId {
        self.layer(Layer::Regions)
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
        let first = self.levels.iter().flat_map(|l| [l.logits, l.sides].into_iter().chain(l.points));
        let second = self.second.iter().flat_map(|s| s.features.iter().copied().chain([s.logits, s.sides]));
        first.chain(second).for_each(|output| last[output] = usize::MAX);
        last
    }
}
