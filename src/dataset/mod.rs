//! Reading datasets: their truth, whether they are sound, and what is in them.

mod check;
mod coco;
mod compare;
mod open;
mod pictures;
mod stats;
mod verify;

pub use coco::{
    Classes, Coco, CocoCategory, CocoFault, CocoObject, CocoOptions, CocoPicture, CocoReadError, CocoResult,
    Comparing, Draws, Fact, FaultKind, Faults, Mix, MixError, OnFault, PictureCheck, Results, ResultsOptions,
    Segmentation, Split, SplitError,
};
pub use open::{Dataset, DatasetError};
pub use pictures::{read_depth_mm, read_ids, read_picture};
pub use stats::{Counted, Histogram, Stats, stats};
pub use verify::{Fault, Rerender, VerifyReport, verify};

#[cfg(test)]
mod tests;

/// Made-up frames, for the tests of rooms that read datasets.
#[cfg(test)]
pub(crate) use crate::write::testing;
