//! The three lists of a COCO file.

use std::{fmt, path::Path};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    CocoOptions, CocoReadError,
    raw::{AnnotationSeed, ImageSeed, RawAnnotation, RawCategory, RawImage},
};

/// As written.
#[derive(Debug)]
pub(super) struct RawFile {
    pub(super) images: Vec<RawImage>,
    pub(super) annotations: Vec<RawAnnotation>,
    pub(super) categories: Vec<RawCategory>,
}

pub(super) fn parse(path: &Path, text: &[u8], options: &CocoOptions) -> Result<RawFile, CocoReadError> {
    parse_with(path, text, FileSeed(options))
}

/// Reads a whole file with a seed; mistakes carry line, column and JSON path.
pub(super) fn parse_with<'de, S: DeserializeSeed<'de>>(
    path: &Path,
    text: &'de [u8],
    seed: S,
) -> Result<S::Value, CocoReadError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let fail = |error: &serde_json::Error, at: String| {
        let what = error.to_string();
        // serde_json ends its messages with the place, which stands in front of ours.
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what).to_owned();
        let at = if at == "." { String::new() } else { at };
        CocoReadError::Json { path: path.to_owned(), line: error.line(), column: error.column(), at, what }
    };
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let value = seed.deserialize(tracked);
    let value = value.map_err(|error| fail(&error, track.path().to_string()))?;
    json.end().map_err(|error| fail(&error, String::new()))?;
    Ok(value)
}

struct FileSeed<'o>(&'o CocoOptions);

impl<'de> DeserializeSeed<'de> for FileSeed<'_> {
    type Value = RawFile;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawFile, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FileSeed<'_> {
    type Value = RawFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a COCO file: an object with `images`, `annotations` and `categories`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFile, A::Error> {
        let (mut images, mut annotations, mut categories) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "images" => images = Some(map.next_value_seed(ListOf(ImageSeed(self.0)))?),
                "annotations" => annotations = Some(map.next_value_seed(ListOf(AnnotationSeed(self.0)))?),
                "categories" => categories = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(RawFile {
            images: images.ok_or_else(|| A::Error::missing_field("images"))?,
            annotations: annotations.ok_or_else(|| A::Error::missing_field("annotations"))?,
            categories: categories.ok_or_else(|| A::Error::missing_field("categories"))?,
        })
    }
}

/// A list whose items are read with one seed.
pub(super) struct ListOf<S>(pub(super) S);

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for ListOf<S> {
    type Value = Vec<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for ListOf<S> {
    type Value = Vec<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self.0)? {
            items.push(item);
        }
        Ok(items)
    }
}
