//! The three ways in which COCO files describe a shape.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use crate::geometry::{Mask, Rle, RleError, Size};

/// Farthest that an outline may leave its picture, pixels: rasterising walks along every edge.
const FARTHEST: f64 = 1e5;

/// A shape, as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Segmentation {
    /// Not stated, or not asked for.
    #[default]
    None,
    /// Closed outlines, each `x, y` alternating in pixels; the shape is their union.
    Polygons(Vec<Vec<f64>>),
    /// A mask as runs, compressed.
    Rle(Rle),
    /// A mask as runs down the columns, background first.
    Runs {
        /// `[height, width]`.
        size: [u32; 2],
        /// Lengths of the runs.
        counts: Vec<u32>,
    },
}

impl Segmentation {
    /// Its pixels in a picture of `size`.
    ///
    /// # Errors
    /// In words, when it is no shape of such a picture: another size, runs that do not add up, outlines with less than
    /// three corners or an odd number of coordinates.
    pub fn mask(&self, size: Size) -> Result<Mask, String> {
        let same = |found: [u32; 2]| {
            if found == [size.height, size.width] {
                return Ok(());
            }
            let [height, width] = found;
            Err(format!("a mask of {width} x {height} in a picture of {} x {}", size.width, size.height))
        };
        let told = |error: RleError| error.to_string();
        match self {
            Self::None => Err("there is none".to_owned()),
            Self::Rle(rle) => same(rle.size).and_then(|()| Mask::from_rle(rle).map_err(told)),
            Self::Runs { size: found, counts } => {
                same(*found).and_then(|()| Mask::from_runs(size, counts).map_err(told))
            }
            Self::Polygons(outlines) => {
                for outline in outlines {
                    if outline.len() < 6 || !outline.len().is_multiple_of(2) {
                        let count = outline.len();
                        return Err(format!(
                            "an outline of {count} numbers: expected x, y of 3 corners or more"
                        ));
                    }
                    if let Some(far) =
                        outline.iter().find(|value| !value.is_finite() || value.abs() > FARTHEST)
                    {
                        return Err(format!("a corner at {far}: expected one in or near the picture"));
                    }
                }
                Mask::from_polygons(size, outlines).map_err(told)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Segmentation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Segmentation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of outlines, or a mask with `size` and `counts`")
    }

    fn visit_unit<E>(self) -> Result<Segmentation, E> {
        Ok(Segmentation::None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Segmentation, A::Error> {
        let mut outlines = Vec::new();
        while let Some(outline) = list.next_element()? {
            outlines.push(outline);
        }
        Ok(if outlines.is_empty() { Segmentation::None } else { Segmentation::Polygons(outlines) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Segmentation, A::Error> {
        let (mut size, mut counts) = (None, None);
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match key.as_ref() {
                "size" => size = Some(map.next_value::<[u32; 2]>()?),
                "counts" => counts = Some(map.next_value::<Counts>()?),
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        let size = size.ok_or_else(|| A::Error::missing_field("size"))?;
        Ok(match counts.ok_or_else(|| A::Error::missing_field("counts"))? {
            Counts::Compressed(counts) => Segmentation::Rle(Rle { size, counts }),
            Counts::Runs(counts) => Segmentation::Runs { size, counts },
        })
    }
}

enum Counts {
    Compressed(String),
    Runs(Vec<u32>),
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Counts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("compressed runs as text, or a list of runs")
            }

            fn visit_str<E>(self, text: &str) -> Result<Counts, E> {
                Ok(Counts::Compressed(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Counts, A::Error> {
                let mut runs = Vec::new();
                while let Some(run) = list.next_element()? {
                    runs.push(run);
                }
                Ok(Counts::Runs(runs))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
