//! Everything that touches the disk: pictures, truth shards, COCO, manifest.
//!
//! A dataset folder:
//!
//! | path | what |
//! | --- | --- |
//! | `images/000000.jpg` | the picture; further folders beside it: `instances/`, `depth/`, `normals/`, `semantic/` |
//! | `truth/00000.jsonl` | everything that is true of frames 0 to 255, one checked line a frame |
//! | `annotations.json` | COCO, made from the truth by a [`Policy`] |
//! | `annotations_parts.json` | COCO of classes that lie in each other (infant, head, face), where the policy names any |
//! | `manifest.json` | how it was made, how much there is, checksums |
//! | `.part/` | scratch files, only while it is being written |
//!
//! No file depends on time, place, or on how often a run was killed.

mod coco;
mod disk;
pub mod encode;
mod error;
mod frame;
mod manifest;
mod merge;
mod order;
mod policy;
mod publish;
mod record;
mod recover;
mod shards;
mod writer;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use coco::{CocoError, CocoSummary, write_coco};
pub use error::WriteError;
pub use frame::{FrameFiles, SealedFrame};
pub use manifest::{Counts, FORMAT, MANIFEST, Manifest, RunInfo, Shard, State};
pub use merge::merge;
pub use order::InOrder;
pub use policy::{Admission, Categories, Category, CategorySet, CocoFile, Policy};
pub use publish::{Summary, digest_file, relabel};
pub use record::{FRAMES_PER_SHARD, FileDigest, LineError, Record, from_line, shard_path};
pub use shards::{Lines, RawLine, truth_shards};
pub use writer::DatasetWriter;
