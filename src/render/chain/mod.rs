//! What the camera does to light, on the GPU: the final picture from HDR pinhole views.
//!
//! Passes in order of execution, each recorded only when its stage is on:
//!
//! | pass | reads | writes |
//! | --- | --- | --- |
//! | resample: lens, aberration, vignette | views, rays | linear light |
//! | coc, defocus | linear light, depth | linear light |
//! | shake | linear light | |
//! | develop: exposure, cast, noise, tone | | display values or the picture |
//! | sharpen | display values | the picture |
//!
//! Developing is no pass of its own: the last pass on linear light does it. The usual chain is one pass, or
//! two with sharpening.

mod lens;
mod params;
mod passes;
mod rays;
mod screen;
mod targets;
mod views;

pub(crate) use passes::{ChainInput, ChainPasses};
pub(crate) use rays::{RAY_BYTES, RayPass};
pub(crate) use views::{ViewSpec, views_for};

#[cfg(test)]
mod tests;
