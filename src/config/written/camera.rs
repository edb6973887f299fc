//! The camera as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;

/// Where the camera stands and how its lens draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Camera {
    /// Horizontal field of view without distortion, degrees; up to 179 unless the lens is `kannala_brandt`.
    pub(in crate::config) fov_deg: Number,
    /// Distance from the focus, metres.
    pub(in crate::config) distance_m: Number,
    /// Sideways round the focus, degrees: 0 is straight in front, positive to the shopper's right.
    pub(in crate::config) azimuth_deg: Number,
    /// Above the focus, degrees: positive looks down.
    pub(in crate::config) elevation_deg: Number,
    /// Turn about the optical axis, degrees.
    pub(in crate::config) roll_deg: Number,
    /// Shift of the point looked at, metres to the stage's right.
    pub(in crate::config) aim_right_m: Number,
    /// Shift of the point looked at, metres up.
    pub(in crate::config) aim_up_m: Number,
    /// Speed at which a sequence's camera goes along the stage, metres a second to its right: a robot in an aisle. In the
    /// middle of the sequence it is where it would be if it stood.
    pub(in crate::config) travel_m_per_s: Number,
    /// The lens: an object whose only key names the model, `{"pinhole": {}}`.
    pub(in crate::config) lens: Lens,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            fov_deg: Number::uniform(55.0, 70.0),
            distance_m: Number::uniform(1.2, 2.5),
            azimuth_deg: Number::normal(0.0, 10.0, -30.0, 30.0),
            elevation_deg: Number::uniform(-5.0, 15.0),
            roll_deg: Number::normal(0.0, 1.0, -3.0, 3.0),
            aim_right_m: Number::uniform(-0.3, 0.3),
            aim_up_m: Number::uniform(-0.2, 0.2),
            travel_m_per_s: Number::Constant(0.0),
            lens: Lens::BrownConrady(BrownConrady::default()),
        }
    }
}

/// The lens model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Lens {
    /// No distortion.
    Pinhole(Pinhole),
    /// Radial and tangential distortion of ordinary lenses, in `OpenCV`'s form. Negative `k1` is barrel-shaped.
    BrownConrady(BrownConrady),
    /// Fisheye, in `OpenCV`'s form.
    KannalaBrandt(KannalaBrandt),
}

/// No distortion, no parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Pinhole {}

/// Coefficients act on coordinates divided by the focal length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct BrownConrady {
    /// Radial coefficient of r^2.
    pub(in crate::config) k1: Number,
    /// Radial coefficient of r^4.
    pub(in crate::config) k2: Number,
    /// Radial coefficient of r^6.
    pub(in crate::config) k3: Number,
    /// Tangential coefficient.
    pub(in crate::config) p1: Number,
    /// Tangential coefficient.
    pub(in crate::config) p2: Number,
}

impl Default for BrownConrady {
    fn default() -> Self {
        Self {
            k1: Number::uniform(-0.06, 0.02),
            k2: Number::uniform(-0.005, 0.01),
            k3: Number::Constant(0.0),
            p1: Number::uniform(-0.0005, 0.0005),
            p2: Number::uniform(-0.0005, 0.0005),
        }
    }
}

/// Coefficients of the polynomial in the angle from the optical axis; all zero is an ideal equidistant fisheye.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct KannalaBrandt {
    /// Coefficient of theta^3.
    pub(in crate::config) k1: Number,
    /// Coefficient of theta^5.
    pub(in crate::config) k2: Number,
    /// Coefficient of theta^7.
    pub(in crate::config) k3: Number,
    /// Coefficient of theta^9.
    pub(in crate::config) k4: Number,
}

impl Default for KannalaBrandt {
    fn default() -> Self {
        Self {
            k1: Number::uniform(-0.03, 0.03),
            k2: Number::uniform(-0.005, 0.005),
            k3: Number::Constant(0.0),
            k4: Number::Constant(0.0),
        }
    }
}
