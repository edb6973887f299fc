//! Cameras, lenses, boxes and masks: the mathematics that every room shares.
//!
//! World frame: right-handed, +Y up, metres. Camera frame: `OpenCV`, x right, y down, z forward.
//! Image frame: continuous pixels, origin at the top-left corner of the top-left pixel; pixel (i, j)
//! covers `[i, i+1) x [j, j+1)` and its centre is (i+0.5, j+0.5).

mod bounds;
mod camera;
mod lens;
mod mask;
mod polygon;
mod rle;

pub use bounds::{Aabb, BoxPx, Size};
pub use camera::{Camera, Intrinsics, Projector};
pub use lens::Lens;
pub use mask::Mask;
pub use rle::{Rle, RleError};
