//! The camera chain as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;

/// What the camera does to the light, in the order in which light passes; null switches a stage off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Chain {
    /// Share of light that is lost in the picture's corners; null for none.
    pub(in crate::config) vignette: Option<Number>,
    /// Lateral chromatic aberration: relative magnification of red against green, blue the other way (0.001 is one
    /// pixel at 1000 px from the centre); null for none.
    pub(in crate::config) aberration: Option<Number>,
    /// Blur of what is not in focus; null for a lens that has everything in focus.
    pub(in crate::config) defocus: Option<Defocus>,
    /// Motion blur from an unsteady hand; null for a camera on a tripod.
    pub(in crate::config) shake: Option<Shake>,
    /// Error of the exposure, stops: 1 is twice as bright; null for none.
    pub(in crate::config) exposure_ev: Option<Number>,
    /// Error of the white balance; null for none.
    pub(in crate::config) white_balance: Option<WhiteBalance>,
    /// Sensor noise, variance `shot * signal + read^2` in linear light where white is 1; null for none.
    pub(in crate::config) noise: Option<Noise>,
    /// Tone curve from linear light to the display; null for plain sRGB.
    pub(in crate::config) tone: Option<Tone>,
    /// Amount of sharpening: 1 is strong; null for none.
    pub(in crate::config) sharpen: Option<Number>,
    /// Quality of the JPEG that is written, rounded; null writes PNG.
    pub(in crate::config) jpeg_quality: Option<Number>,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            vignette: Some(Number::uniform(0.05, 0.3)),
            aberration: Some(Number::uniform(0.0, 0.0008)),
            defocus: None,
            shake: None,
            exposure_ev: Some(Number::normal(0.0, 0.25, -0.7, 0.7)),
            white_balance: Some(WhiteBalance::default()),
            noise: Some(Noise::default()),
            tone: Some(Tone::default()),
            sharpen: Some(Number::uniform(0.0, 0.4)),
            jpeg_quality: Some(Number::uniform(80.0, 95.0)),
        }
    }
}

/// Blur of what is not in focus. The camera focuses on the stage's focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Defocus {
    /// Diameter of the blur of a point infinitely far away, pixels.
    pub(in crate::config) blur_at_infinity_px: Number,
    /// Error of the focus distance, metres.
    pub(in crate::config) focus_error_m: Number,
}

impl Default for Defocus {
    fn default() -> Self {
        Self {
            blur_at_infinity_px: Number::uniform(0.0, 3.0),
            focus_error_m: Number::normal(0.0, 0.1, -0.3, 0.3),
        }
    }
}

/// Straight motion and a turn during the exposure; the motion's direction is drawn evenly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Shake {
    /// Length of the motion, pixels.
    pub(in crate::config) length_px: Number,
    /// Turn about the picture's centre, degrees.
    pub(in crate::config) turn_deg: Number,
}

impl Default for Shake {
    fn default() -> Self {
        Self { length_px: Number::uniform(0.0, 2.0), turn_deg: Number::normal(0.0, 0.05, -0.15, 0.15) }
    }
}

/// Error of the white balance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct WhiteBalance {
    /// Warm (positive) to cold (negative).
    pub(in crate::config) warmth: Number,
    /// Magenta (positive) to green (negative).
    pub(in crate::config) tint: Number,
}

impl Default for WhiteBalance {
    fn default() -> Self {
        Self { warmth: Number::normal(0.0, 0.15, -0.4, 0.4), tint: Number::normal(0.0, 0.06, -0.2, 0.2) }
    }
}

/// Sensor noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Noise {
    /// Photon noise: variance per unit of signal.
    pub(in crate::config) shot: Number,
    /// Read noise: standard deviation in the dark.
    pub(in crate::config) read: Number,
}

impl Default for Noise {
    fn default() -> Self {
        Self { shot: Number::log_uniform(0.000_02, 0.000_5), read: Number::log_uniform(0.000_5, 0.004) }
    }
}

/// Tone curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Tone {
    /// Strength of the filmic shoulder.
    pub(in crate::config) shoulder: Number,
    /// Contrast about middle grey; 1 is neutral.
    pub(in crate::config) contrast: Number,
    /// Saturation; 1 is neutral.
    pub(in crate::config) saturation: Number,
}

impl Default for Tone {
    fn default() -> Self {
        Self {
            shoulder: Number::uniform(0.3, 0.9),
            contrast: Number::uniform(0.95, 1.15),
            saturation: Number::uniform(0.9, 1.15),
        }
    }
}
