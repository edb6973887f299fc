//! A crib as meant.

use std::path::PathBuf;

use crate::config::{Dist, Scenario};

/// A virtual infant in its crib.
#[derive(Clone, Debug, PartialEq)]
pub struct CribRecipe {
    /// What may happen, with weights.
    pub scenarios: Vec<(Scenario, f64)>,
    /// Age of the infant, months.
    pub age_months: Dist,
    /// Makes of crib, with weights.
    pub makes: Vec<(CribMake, f64)>,
    /// Kinds of light, with weights.
    pub light: Vec<(CribLight, f64)>,
    /// Places of the camera, with weights.
    pub views: Vec<(CribView, f64)>,
    /// Probability of a blanket where the scenario does not need one.
    pub blanket: Dist,
    /// Probability of each further thing in the crib.
    pub clutter: Dist,
    /// Probability of a pacifier.
    pub pacifier: Dist,
    /// Probability of a mobile.
    pub mobile: Dist,
    /// Models of the user's own.
    pub own: OwnFiles,
}

/// Models in place of those that ship, with what says how to read them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFiles {
    /// A rigged infant.
    pub infant: Option<PathBuf>,
    /// Names of its joints.
    pub infant_map: Option<PathBuf>,
    /// A crib without its mattress.
    pub crib: Option<PathBuf>,
    /// Its measures; there whenever the crib is.
    pub crib_map: Option<PathBuf>,
}

/// Makes of crib.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CribMake {
    /// Slats all round.
    Slats,
    /// Slats along the sides, panels at the ends.
    Panels,
    /// A travel cot with sides of net.
    Travel,
    /// A small bed of fabric on legs.
    Bassinet,
    /// The user's own.
    Own,
}

impl CribMake {
    /// Whether a limb can get between its slats.
    #[must_use]
    pub fn has_slats(self) -> bool {
        matches!(self, Self::Slats | Self::Panels)
    }
}

/// Kinds of light in a nursery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CribLight {
    /// From a window.
    Daylight,
    /// A lamp.
    Lamplight,
    /// Only a small warm light near the floor.
    NightLight,
    /// The camera's own 850 nm lamps.
    NightVision,
}

/// Where a nursery's camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CribView {
    /// Above the crib, looking down.
    Overhead,
    /// On the rail.
    Rail,
    /// High in a corner of the room.
    Corner,
    /// A fisheye on the wall or rail.
    Fisheye,
    /// As the section `camera` says.
    Own,
}
