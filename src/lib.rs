//! Diorama: staged scenes, rendered on the GPU, labelled perfectly.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::cast_possible_truncation,
        clippy::float_cmp,
        reason = "tests state what they expect"
    )
)]

pub mod art;
pub mod config;
pub mod dataset;
pub mod engine;
pub mod geometry;
pub mod gpu;
pub mod json;
pub mod label;
pub mod physics;
pub mod render;
pub mod report;
pub mod sample;
pub mod scene;
pub mod seed;
#[cfg(feature = "train")]
pub mod train;
pub mod truth;
pub mod write;
