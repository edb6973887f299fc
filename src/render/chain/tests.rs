//! Analytic tests, on whatever adapter there is.

mod rig;

mod blur;
mod cost;
mod geometry;
mod light;
