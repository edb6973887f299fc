//! A labelled picture in memory, as it comes from disk or from the renderer.

use std::sync::Arc;

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
    /// Which keypoint each becomes in a mirror; empty where objects have none.
    pub mirrored: Arc<[usize]>,
}

/// An object of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Index of its class.
    pub class: usize,
    /// Its box in the picture's pixels.
    pub bbox: BoxPx,
    /// Square pixels that it covers, or those of its box.
    pub area: f64,
    /// Neither asked for nor blamed on anybody (crowds).
    pub ignore: bool,
    /// Its keypoints: x and y in the picture's pixels, and 0 not labelled, 1 hidden, 2 visible; empty when it has none.
    pub points: Vec<[f64; 3]>,
}

impl Object {
    /// An object without keypoints.
    #[must_use]
    pub fn new(class: usize, bbox: BoxPx) -> Self {
        Self { class, bbox, area: bbox.area(), ignore: false, points: Vec::new() }
    }
}

/// Which keypoint each becomes in a mirror: left ones change places with right ones.
#[must_use]
pub fn mirrored(names: &[String]) -> Arc<[usize]> {
    let other = |name: &str| {
        if name.contains("left") { name.replace("left", "right") } else { name.replace("right", "left") }
    };
    let place = |(index, name): (usize, &String)| {
        let other = other(name);
        names.iter().position(|n| *n == other).unwrap_or(index)
    };
    names.iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_and_right_change_places() {
        let names = ["nose", "left_eye", "right_eye", "left_hand", "tail"].map(str::to_owned);
        assert_eq!(*mirrored(&names), [0, 2, 1, 3, 4], "what has no partner stays");
    }
}
