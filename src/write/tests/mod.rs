//! Datasets written, killed, resumed, merged and relabelled.

mod coco;
mod encode;
mod faults;
mod masks;
mod merge;
mod writer;
