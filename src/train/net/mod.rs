//! The network as plain data: a list of layers over named parameters.
//!
//! One list serves everything: the forward pass on tensors, checkpoints, freezing by name, and the ONNX file, which
//! is this list written down. No other description of the network exists that could disagree with it.

mod bands;
mod build;
mod conv;
mod dense;
mod faster_rcnn;
mod fold;
mod forward;
mod planes;
mod pyramid;
mod settled;
mod taps;
mod vectors;
mod weights;

pub use build::{Graph, Init, Layer, Level, Param, ParamId, ParamKind, Second, ValueId};
pub use dense::dense;
pub use faster_rcnn::{ANCHOR_RATIOS, REGION_SIDE, faster_rcnn};
pub use fold::fold;
pub use forward::{Raw, Statistics, forward, look_again};
pub use pyramid::Depth;
pub use weights::Weights;
pub(super) use weights::numbers;

/// Added to variances before the root.
pub const NORM_EPSILON: f64 = 1e-3;

/// Largest exponent of a predicted side: e^7 strides are further than any picture.
pub const MAX_LOG_SIDE: f32 = 7.0;
