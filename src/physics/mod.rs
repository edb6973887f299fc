//! Where things come to rest: exact tests in the plane for bodies that stand on flat ground, and cloth.

mod cloth;
mod footprint;

pub use cloth::{Cloth, Held};
pub use footprint::{Footprint, Prism};
