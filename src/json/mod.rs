//! JSON in which every key and value knows where it was written, and mistakes that say so.
//!
//! What people write by hand (scene configs, catalogues, planograms) is read through this room, so that a mistake
//! found late still names file, line, column and JSON path.

pub(crate) mod fault;
mod mistake;
mod read;
pub(crate) mod tree;

pub use mistake::{Mistake, Place};
