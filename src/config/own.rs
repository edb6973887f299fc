//! Maps that say how to read a user's own infant and crib.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

use super::{
    ConfigError, OwnFiles,
    error::Source,
    fault::{Fault, steps},
    json::{self, Node, Origin, line_column},
};
use crate::json::{Mistake, Place};

/// Longest map, bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Which of a model's joints is which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a map of an infant: an object with the key `joints`")]
struct WrittenInfant {
    /// From our names to the model's.
    joints: BTreeMap<String, String>,
}

/// Measures of a crib, metres.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a map of a crib: an object with the keys `inner_m`, `mattress_m` and `rail_m`"
)]
pub struct CribMap {
    /// Length and width between the sides' inner faces: 0.6 to 1.6 and 0.35 to 1.
    pub inner_m: [f64; 2],
    /// Height of the mattress's upper side above the floor: 0.05 to 1.
    pub mattress_m: f64,
    /// Height of the long sides' upper edge above the floor: at least 0.15 above the mattress, to 1.5.
    pub rail_m: f64,
    /// Turn of the model about its vertical, degrees: its length then runs along X.
    #[serde(default)]
    pub yaw_deg: f64,
    /// Shift after the turn: the middle of the mattress is then at x = z = 0, the floor at y = 0.
    #[serde(default)]
    pub at_m: [f64; 3],
}

/// A map of an infant as read, which can still say where in it something is wrong.
#[derive(Clone, Debug, Default)]
pub struct InfantMap {
    joints: BTreeMap<String, String>,
    read: Option<Text>,
}

/// A JSON file as read.
#[derive(Clone, Debug)]
struct Text {
    name: String,
    text: String,
    root: Node,
}

/// How to read the models of a user's own.
#[derive(Clone, Debug, Default)]
pub struct OwnModels {
    /// Names of the infant's joints; empty for the one that ships.
    pub infant: InfantMap,
    /// Measures of the crib; `None` for those that ship.
    pub crib: Option<CribMap>,
}

impl OwnModels {
    /// Reads the maps that a recipe names.
    ///
    /// # Errors
    /// When a file cannot be read, is no UTF-8 text or longer than 1 MiB, or has mistakes, each with line, column and
    /// JSON path.
    pub fn load(files: &OwnFiles) -> Result<Self, ConfigError> {
        let infant = match &files.infant_map {
            None => InfantMap::default(),
            Some(path) => {
                let (map, read) =
                    parsed::<WrittenInfant>(text(path, "a map of an infant", MAX_BYTES)?, path)?;
                InfantMap { joints: map.joints, read: Some(read) }
            }
        };
        let crib = match &files.crib_map {
            None => None,
            Some(path) => Some(CribMap::parse(text(path, "a map of a crib", MAX_BYTES)?, path)?),
        };
        Ok(Self { infant, crib })
    }
}

impl InfantMap {
    /// The joints that it names, ours first.
    pub fn joints(&self) -> impl Iterator<Item = (&str, &str)> {
        self.joints.iter().map(|(ours, theirs)| (ours.as_str(), theirs.as_str()))
    }

    /// A mistake in what it says of one of our joints.
    #[must_use]
    pub fn mistake(&self, joint: &str, what: String) -> Mistake {
        let path = format!("joints.{joint}");
        let place =
            self.read.as_ref().map_or(Place::File { name: String::new(), line: 0, column: 0 }, |read| {
                let node = read.root.get(&steps(&path)).unwrap_or(&read.root);
                let at = if let Origin::Text(at) = node.origin { at } else { 0 };
                let (line, column) = line_column(&read.text, at);
                Place::File { name: read.name.clone(), line, column }
            });
        Mistake { place, path, what }
    }
}

impl CribMap {
    fn parse(text: String, path: &Path) -> Result<Self, ConfigError> {
        let (map, read) = parsed::<Self>(text, path)?;
        let mut faults = Vec::new();
        let mut within = |at: &str, value: f64, (min, max): (f64, f64)| {
            if !(min..=max).contains(&value) {
                faults.push(Fault::at(at, format!("expected {min} to {max}, found {value}")));
            }
        };
        within("inner_m[0]", map.inner_m[0], (0.6, 1.6));
        within("inner_m[1]", map.inner_m[1], (0.35, 1.0));
        within("mattress_m", map.mattress_m, (0.05, 1.0));
        within("rail_m", map.rail_m, (map.mattress_m + 0.15, 1.5));
        within("yaw_deg", map.yaw_deg, (-360.0, 360.0));
        for (axis, value) in map.at_m.into_iter().enumerate() {
            within(&format!("at_m[{axis}]"), value, (-10.0, 10.0));
        }
        if faults.is_empty() {
            return Ok(map);
        }
        let source = Source { name: &read.name, text: &read.text, overrides: &[] };
        let mistake = |fault: &Fault| source.mistake(fault, Some(&read.root));
        Err(ConfigError::Mistakes(faults.iter().map(mistake).collect()))
    }
}

fn parsed<T: DeserializeOwned>(text: String, path: &Path) -> Result<(T, Text), ConfigError> {
    let name = path.display().to_string();
    let source = Source { name: &name, text: &text, overrides: &[] };
    let root = json::parse(&text, |at, _| Origin::Text(at), 0)
        .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, None)]))?;
    let read = T::deserialize(&root)
        .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, Some(&root))]))?;
    Ok((read, Text { name, text, root }))
}

/// Reads a small text file whole; `what` is what it should be.
pub(super) fn text(path: &Path, what: &str, max_bytes: u64) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let not_text = |expected: String| ConfigError::NotText { path: path.to_owned(), expected };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // Bounded, because the path may name a device that never ends.
    file.take(max_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > max_bytes {
        return Err(not_text(format!("{what} of at most {max_bytes} bytes, found more")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good =
            String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let (line, column) = line_column(&good, good.len());
        not_text(format!("UTF-8 text, found a byte that is none at {line}:{column}"))
    })
}
