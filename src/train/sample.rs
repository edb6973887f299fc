//! A labelled picture in memory, as it comes from disk or from the renderer.

use crate::geometry::BoxPx;

/// A labelled picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Names it in messages: a file, or a frame of a scene.
    pub name: String,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, sRGB-encoded, row-major.
    pub rgb: Vec<u8>,
    /// What it shows.
    pub objects: Vec<Object>,
}

/// An object of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Object {
    /// Index of its class.
    pub class: usize,
    /// Its box in the picture's pixels.
    pub bbox: BoxPx,
    /// Neither asked for nor blamed on anybody (crowds).
    pub ignore: bool,
}
