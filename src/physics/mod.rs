//! Where bodies come to rest: exact tests in the plane for things that stand on flat ground.

mod footprint;

pub use footprint::{Footprint, Prism};
