//! Where things come to rest: exact tests in the plane for bodies that stand on flat ground, heaps, and cloth.

mod cloth;
mod footprint;
mod heap;
mod hull;

pub use cloth::{Cloth, Held};
pub use footprint::{Footprint, Prism};
pub use heap::{Bin, Dropped, pour};
pub use hull::{Body, Hull};
