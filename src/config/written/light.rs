//! Light as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Choice, Number, Spread};

/// Lamps, and light from all around.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Light {
    /// Kinds of lighting and how often each is drawn: weights, of which at least one is above 0. Kinds that are not
    /// named here are never drawn.
    pub(in crate::config) presets: Presets,
    /// Colour temperature of the lamps, kelvin.
    pub(in crate::config) temperature_k: Number,
    /// Multiplies every lamp.
    pub(in crate::config) brightness: Number,
    /// Multiplies the light from all around.
    pub(in crate::config) ambient: Number,
    /// Number of lamps that cast shadows, rounded.
    pub(in crate::config) shadow_lights: Number,
    /// Share of tubes and panels that are dead.
    pub(in crate::config) broken: Number,
    /// How far the colour temperatures of neighbouring rows of lamps lie apart, kelvin.
    pub(in crate::config) mixed_k: Number,
    /// An equirectangular .hdr or .exr picture in place of the procedural store; a relative path starts from this
    /// file's folder. Null for the procedural store.
    pub(in crate::config) environment: Option<String>,
}

impl Default for Light {
    fn default() -> Self {
        Self {
            presets: Presets {
                fluorescent: 4.0,
                led_panels: 4.0,
                spots: 1.0,
                daylight: 1.0,
                cooler_leds: 0.0,
            },
            temperature_k: Number::normal(4300.0, 700.0, 2700.0, 6500.0),
            brightness: Number::log_uniform(0.7, 1.4),
            ambient: Number::log_uniform(0.6, 1.3),
            shadow_lights: Number::Constant(4.0),
            broken: Number::Spread(Spread::Choice(Choice {
                values: vec![0.0, 0.04, 0.15],
                weights: Some(vec![6.0, 3.0, 1.0]),
            })),
            mixed_k: Number::Spread(Spread::Choice(Choice {
                values: vec![0.0, 300.0, 1500.0],
                weights: Some(vec![6.0, 3.0, 1.0]),
            })),
            environment: None,
        }
    }
}

/// Weights of the kinds of lighting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Presets {
    /// Weight of rows of fluorescent tubes along the aisle.
    pub(in crate::config) fluorescent: f64,
    /// Weight of LED panels in the ceiling.
    pub(in crate::config) led_panels: f64,
    /// Weight of spots aimed at the shelf.
    pub(in crate::config) spots: f64,
    /// Weight of daylight from one side and dim lamps.
    pub(in crate::config) daylight: f64,
    /// Weight of upright strips of LEDs beside the goods, as coolers have them, and dim lamps above.
    pub(in crate::config) cooler_leds: f64,
}
