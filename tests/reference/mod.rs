//! The independent eye: a brute-force ray caster in f64 that says what every pixel must show.
//!
//! It shares the scene's plain data with the engine and nothing else: lenses are inverted by other means, rays
//! meet triangles by other formulae (Moller and Trumbore 1997), and every triangle of every body near the ray is
//! tried. Where an exact answer would hang on less than [`cast::BAND_PX`] it says so, pixel by pixel.
//!
//! Camera frame throughout: `OpenCV`, metres. Depth is along the optical axis; it is negative where a fisheye
//! looks backwards.

mod cast;
mod closed_forms;
mod compare;
mod cutout;
mod facts;
pub(crate) mod lens;
pub(crate) mod near;
mod scenes;
pub(crate) mod surface;

pub(crate) use cast::cast;
pub(crate) use compare::{compare, compare_mask};
pub(crate) use scenes::{Kit, LENSES, bars, heap, scene};
