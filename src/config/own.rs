//! Maps that say how to read a user's own infant and crib.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{
    ConfigError, OwnFiles,
    document::{Document, text},
    fault::Fault,
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
    read: Option<Document>,
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
                let text = text(path, "a map of an infant", MAX_BYTES)?;
                let (map, read) = Document::parse::<WrittenInfant>(text, &path.display().to_string())?;
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
        match &self.read {
            Some(read) => read.mistake(&Fault::at(&path, what)),
            None => Mistake { place: Place::File { name: String::new(), line: 0, column: 0 }, path, what },
        }
    }
}

impl CribMap {
    fn parse(text: String, path: &Path) -> Result<Self, ConfigError> {
        let (map, read) = Document::parse::<Self>(text, &path.display().to_string())?;
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
        read.without(&faults)?;
        Ok(map)
    }
}
