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

pub mod config;
pub mod dataset;
pub mod geometry;
pub mod report;
pub mod scene;
pub mod seed;
pub mod truth;
pub mod write;
