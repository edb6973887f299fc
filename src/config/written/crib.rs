//! The crib stage as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;

/// A virtual infant in its crib. It always wears at least a nappy; no setting changes that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Crib {
    /// What happens, and how often: weights, of which at least one is above 0. Scenarios that are not named here never
    /// happen. The truth measures each frame, whatever was staged.
    pub(in crate::config) scenarios: Scenarios,
    /// Age of the infant, months; decides length, weight and head circumference by the WHO's growth tables.
    pub(in crate::config) age_months: Number,
    /// Makes of crib and how often each is drawn.
    pub(in crate::config) makes: Makes,
    /// Light in the room and how often each kind is drawn. `light.brightness` and `light.ambient` multiply it;
    /// nothing else of the section `light` is used.
    pub(in crate::config) light: CribLight,
    /// Where the camera is and how often. All but `own` choose their own lens and place; `own` is the section
    /// `camera`, which orbits the middle of the mattress.
    pub(in crate::config) views: Views,
    /// Probability of a blanket where the scenario does not need one.
    pub(in crate::config) blanket: Number,
    /// Probability of each further thing in the crib: pillow, bumper, plush toys.
    pub(in crate::config) clutter: Number,
    /// Probability of a pacifier: in the mouth of who has it free, or lost beside the head.
    pub(in crate::config) pacifier: Number,
    /// Probability of a mobile over the crib, where nobody stands or reaches in.
    pub(in crate::config) mobile: Number,
    /// Models of your own in place of the infant or the cribs that ship.
    pub(in crate::config) own: Own,
}

impl Default for Crib {
    fn default() -> Self {
        Self {
            scenarios: Scenarios::default_mix(),
            age_months: Number::uniform(0.0, 18.0),
            makes: Makes { slats: 4.0, panels: 2.0, travel: 1.5, bassinet: 1.0 },
            light: CribLight { daylight: 4.0, lamplight: 2.0, night_light: 0.5, night_vision: 3.0 },
            views: Views { overhead: 3.0, rail: 2.5, corner: 2.0, fisheye: 1.0, own: 0.0 },
            blanket: Number::Constant(0.25),
            clutter: Number::Constant(0.25),
            pacifier: Number::Constant(0.25),
            mobile: Number::Constant(0.12),
            own: Own::default(),
        }
    }
}

/// Weights of what happens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Scenarios {
    /// On the back, face free, nothing loose near the head.
    pub(in crate::config) safe_supine: f64,
    /// On the side.
    pub(in crate::config) side: f64,
    /// On the front, head turned to a side.
    pub(in crate::config) prone: f64,
    /// On the front, face into the mattress.
    pub(in crate::config) prone_face_down: f64,
    /// A blanket over the face.
    pub(in crate::config) blanket_over_face: f64,
    /// A blanket over the whole head.
    pub(in crate::config) head_covered: f64,
    /// A soft toy on the face.
    pub(in crate::config) soft_toy_on_face: f64,
    /// Slipped into a gap between a mattress that is too narrow and the slats; only in cribs that have slats.
    pub(in crate::config) wedged_between_mattress_and_rail: f64,
    /// An arm or a leg out between two slats; only in cribs that have slats.
    pub(in crate::config) limb_through_slats: f64,
    /// A cord, as of a blind, across the neck.
    pub(in crate::config) cord_near_neck: f64,
    /// Rolling over from the back to the stomach: in a film all of it, in a single picture an instant of it.
    pub(in crate::config) rolling: f64,
    /// From the back up to sitting: in a film all of it, in a single picture an instant of it.
    pub(in crate::config) sitting_up: f64,
    /// From sitting up to standing at the rail: in a film all of it, in a single picture an instant of it.
    pub(in crate::config) pulling_up: f64,
    /// On the back, it pulls a blanket up over its face: in a film all of it, in a single picture an instant of it.
    pub(in crate::config) pulling_blanket: f64,
    /// Sitting.
    pub(in crate::config) sitting: f64,
    /// On hands and knees.
    pub(in crate::config) on_all_fours: f64,
    /// Standing at the rail.
    pub(in crate::config) standing: f64,
    /// A leg over the rail.
    pub(in crate::config) climbing_out: f64,
    /// An adult's arm reaches in over the rail: in a film it comes, stays a while and goes.
    pub(in crate::config) caregiver_present: f64,
    /// An adult lifts the infant out with both hands: in a film all of it, in a single picture an instant of it.
    pub(in crate::config) picked_up: f64,
    /// Two infants in one crib, each of its own age; not in bassinets.
    pub(in crate::config) other_infant: f64,
    /// Nobody is in the crib.
    pub(in crate::config) empty_crib: f64,
}

impl Scenarios {
    fn default_mix() -> Self {
        Self {
            safe_supine: 5.0,
            side: 2.5,
            prone: 2.5,
            prone_face_down: 1.5,
            blanket_over_face: 1.5,
            head_covered: 1.0,
            soft_toy_on_face: 1.0,
            wedged_between_mattress_and_rail: 1.0,
            limb_through_slats: 1.0,
            cord_near_neck: 0.7,
            rolling: 0.0,
            sitting_up: 0.0,
            pulling_up: 0.0,
            pulling_blanket: 0.0,
            sitting: 1.5,
            on_all_fours: 1.0,
            standing: 1.5,
            climbing_out: 1.0,
            caregiver_present: 1.0,
            picked_up: 0.0,
            other_infant: 0.7,
            empty_crib: 0.5,
        }
    }
}

/// Weights of the makes of crib.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Makes {
    /// Slats all round.
    pub(in crate::config) slats: f64,
    /// Slats along the sides, panels at the ends.
    pub(in crate::config) panels: f64,
    /// A travel cot with sides of net.
    pub(in crate::config) travel: f64,
    /// A small bed of fabric on legs, for the first months: drawn only where the infant is younger than 6.
    pub(in crate::config) bassinet: f64,
}

/// Weights of the kinds of light.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct CribLight {
    /// Light from a window.
    pub(in crate::config) daylight: f64,
    /// A lamp.
    pub(in crate::config) lamplight: f64,
    /// Only a small warm light near the floor.
    pub(in crate::config) night_light: f64,
    /// Darkness, the camera's own 850 nm lamps, a monochrome picture.
    pub(in crate::config) night_vision: f64,
}

/// Models of your own; docs/infants.md says what they must have. Paths are relative to this file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Own {
    /// A rigged infant, a .gltf or .glb file.
    pub(in crate::config) infant: Option<String>,
    /// Which of its joints is which, a .json file: `{"joints": {"pelvis": "Hips"}}`; joints that are not named in it are
    /// looked for by the names that docs/infants.md lists.
    pub(in crate::config) infant_map: Option<String>,
    /// A crib without its mattress, a .gltf or .glb file. No scenario may need slats then.
    pub(in crate::config) crib: Option<String>,
    /// Its measures, a .json file: `{"inner_m": [1.2, 0.6], "mattress_m": 0.45, "rail_m": 0.85}`.
    pub(in crate::config) crib_map: Option<String>,
}

/// Weights of the camera's places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Views {
    /// Above the crib, looking down.
    pub(in crate::config) overhead: f64,
    /// On the rail.
    pub(in crate::config) rail: f64,
    /// High in a corner of the room.
    pub(in crate::config) corner: f64,
    /// A fisheye on the wall or rail.
    pub(in crate::config) fisheye: f64,
    /// As the section `camera` says.
    pub(in crate::config) own: f64,
}
