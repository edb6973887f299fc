//! Records as written, of which only what is wanted is taken from the text.
//!
//! Our own annotations carry poses, occluders and facts, some 1 kB each: a file of a million would not fit into memory
//! as a tree, and skipping what nobody asked for is also what makes reading fast.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{CocoOptions, Fact, Segmentation};

#[derive(Debug, Default)]
pub(super) struct RawImage {
    pub(super) id: i64,
    pub(super) file_name: String,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) video_id: Option<i64>,
    pub(super) facts: BTreeMap<String, Fact>,
}

#[derive(Debug, Default)]
pub(super) struct RawAnnotation {
    pub(super) id: i64,
    pub(super) image_id: i64,
    pub(super) category_id: i64,
    pub(super) bbox: Option<[f64; 4]>,
    pub(super) area: Option<f64>,
    pub(super) crowd: bool,
    pub(super) ignore: bool,
    pub(super) segmentation: Segmentation,
    pub(super) keypoints: Vec<f64>,
    pub(super) num_keypoints: Option<u32>,
    pub(super) visibility: Option<f64>,
    pub(super) truncation: Option<f64>,
    pub(super) distance_m: Option<f64>,
    pub(super) facts: BTreeMap<String, Fact>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawCategory {
    pub(super) id: i64,
    pub(super) name: String,
    #[serde(default)]
    pub(super) supercategory: Option<String>,
    #[serde(default)]
    pub(super) keypoints: Option<Vec<String>>,
}

/// Reads an image record.
#[derive(Clone, Copy)]
pub(super) struct ImageSeed<'o>(pub(super) &'o CocoOptions);

/// Reads an annotation.
#[derive(Clone, Copy)]
pub(super) struct AnnotationSeed<'o>(pub(super) &'o CocoOptions);

impl<'de> DeserializeSeed<'de> for ImageSeed<'_> {
    type Value = RawImage;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawImage, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ImageSeed<'_> {
    type Value = RawImage;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an image record: an object with `id` and `file_name`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawImage, A::Error> {
        let mut image = RawImage::default();
        let (mut id, mut file_name) = (false, false);
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key.as_ref() {
                "id" => (image.id, id) = (map.next_value()?, true),
                "file_name" => (image.file_name, file_name) = (map.next_value()?, true),
                "width" => image.width = map.next_value()?,
                "height" => image.height = map.next_value()?,
                "video_id" => image.video_id = map.next_value()?,
                other => further(&mut map, other, &self.0.picture_facts, &mut image.facts)?,
            }
        }
        stated(id, "id")?;
        stated(file_name, "file_name")?;
        Ok(image)
    }
}

impl<'de> DeserializeSeed<'de> for AnnotationSeed<'_> {
    type Value = RawAnnotation;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawAnnotation, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for AnnotationSeed<'_> {
    type Value = RawAnnotation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an annotation: an object with `id`, `image_id`, `category_id` and `bbox`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawAnnotation, A::Error> {
        let mut it = RawAnnotation::default();
        let (mut id, mut image_id, mut category_id) = (false, false, false);
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key.as_ref() {
                "id" => (it.id, id) = (map.next_value()?, true),
                "image_id" => (it.image_id, image_id) = (map.next_value()?, true),
                "category_id" => (it.category_id, category_id) = (map.next_value()?, true),
                "bbox" => it.bbox = map.next_value::<Option<Numbers>>()?.map(Numbers::four).transpose()?,
                "area" => it.area = map.next_value()?,
                "iscrowd" => it.crowd = map.next_value::<Flag>()?.0,
                "ignore" => it.ignore = map.next_value::<Flag>()?.0,
                "segmentation" if self.0.masks => it.segmentation = map.next_value()?,
                "keypoints" => {
                    it.keypoints = map.next_value::<Option<Numbers>>()?.map(|n| n.0).unwrap_or_default();
                }
                "num_keypoints" => it.num_keypoints = map.next_value()?,
                "visibility" => it.visibility = map.next_value::<Value>()?.as_f64(),
                "truncation" => it.truncation = map.next_value::<Value>()?.as_f64(),
                "distance_m" => it.distance_m = map.next_value::<Value>()?.as_f64(),
                other => further(&mut map, other, &self.0.object_facts, &mut it.facts)?,
            }
        }
        stated(id, "id")?;
        stated(image_id, "image_id")?;
        stated(category_id, "category_id")?;
        Ok(it)
    }
}

fn stated<E: Error>(found: bool, name: &'static str) -> Result<(), E> {
    if found { Ok(()) } else { Err(E::missing_field(name)) }
}

/// A field of another name: kept where its path or its beginning is asked for.
fn further<'de, A: MapAccess<'de>>(
    map: &mut A,
    key: &str,
    wanted: &[String],
    facts: &mut BTreeMap<String, Fact>,
) -> Result<(), A::Error> {
    let inside = |path: &str| path == key || path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    if !wanted.iter().any(|path| inside(path)) {
        map.next_value::<IgnoredAny>()?;
        return Ok(());
    }
    let value = map.next_value::<Value>()?;
    for path in wanted.iter().filter(|path| inside(path)) {
        let mut steps = path[key.len()..].split('.').filter(|step| !step.is_empty());
        let found = steps.try_fold(&value, |value, step| match value {
            Value::Array(list) => step.parse::<usize>().ok().and_then(|index| list.get(index)),
            value => value.get(step),
        });
        let fact = match found {
            Some(Value::Number(number)) => number.as_f64().map(Fact::Number),
            Some(Value::String(word)) => Some(Fact::Word(word.clone())),
            Some(Value::Bool(flag)) => Some(Fact::Word(flag.to_string())),
            _ => None,
        };
        if let Some(fact) = fact {
            facts.insert(path.clone(), fact);
        }
    }
    Ok(())
}

/// A key, borrowed from the text where it has no escapes.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = std::borrow::Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = std::borrow::Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.to_owned().into())
    }
}

/// 0, 1, false or true.
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self(false)),
            Value::Bool(flag) => Ok(Self(flag)),
            Value::Number(number) => Ok(Self(number.as_f64() != Some(0.0))),
            other => Err(D::Error::custom(format!("{other}: expected 0 or 1"))),
        }
    }
}

/// A list of numbers; `null`, as some write for what is not finite, becomes NaN and is found later.
#[derive(Debug)]
pub(super) struct Numbers(pub(super) Vec<f64>);

impl Numbers {
    /// A box.
    pub(super) fn four<E: Error>(self) -> Result<[f64; 4], E> {
        let count = self.0.len();
        self.0.try_into().map_err(|_| E::custom(format!("{count} numbers: expected [x, y, width, height]")))
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(Self(list.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
    }
}
