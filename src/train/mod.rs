//! Detectors, trained and used: tensors live here and nowhere else.
//!
//! Labelled pictures come from a [`Source`], are varied by name ([`augment`]), and become batches on a thread of their
//! own. The network is a list of layers ([`net`]); the loop ([`train`]) runs it, asks which cell answers for which
//! object ([`assign`]), and moves the weights. A [`Detector`] is a [`Model`] at work.

mod anchors;
pub mod assign;
pub mod augment;
mod batch;
mod cells;
mod checkpoint;
mod config;
mod detect;
mod disk;
mod error;
pub mod live;
mod log;
mod loss;
pub mod net;
pub mod onnx;
mod optim;
mod placement;
mod points;
mod regions;
mod run;
mod sample;
mod score;
mod source;
mod two_stage;

pub use anchors::{Anchors, Matched, moved, moves};
pub use batch::{Batch, Pixels, feed};
pub use burn::tensor::Device;
pub use cells::{Cells, Edges, Grid, iou};
pub use checkpoint::{Checkpoint, Model};
pub use config::{Architecture, AugmentConfig, ModelConfig, OptimConfig, Rule, TrainConfig};
pub use detect::{Detection, Detector, Found, Keep, suppress};
pub use disk::Disk;
pub use error::TrainError;
pub use loss::{Loss, Part, loss};
pub use optim::{Learner, LearnerState};
pub use points::REACH;
pub use regions::{Region, cut};
pub use run::{Event, LAST, LOG, MODEL, Run, Score, Step, first_state, train};
pub use sample::{Object, Sample, mirrored};
pub use score::{MAX_DETS, ScoresOf, kept, scores};
pub use source::{Few, Mix, Source, Wanted};
