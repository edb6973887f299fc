//! The one integration binary.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "tests state what they expect"
)]

mod agree;
mod cli;
mod colour;
mod config;
mod eval;
mod import;
mod infants;
mod labels;
mod layout;
mod reference;
mod tidy;
#[cfg(feature = "train")]
mod train;
