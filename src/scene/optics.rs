//! What a camera does to light, stage by stage; `None` or zero switches a stage off.

use glam::{Vec2, Vec3};

/// Circle of confusion of a thin lens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Defocus {
    /// Distance in focus along the optical axis, metres.
    pub focus_m: f32,
    /// Diameter of the blur of a point infinitely far away, pixels of the final picture.
    pub blur_at_infinity_px: f32,
}

/// Straight hand shake during the exposure, in pixels of the final picture, and a turn about its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shake {
    /// Whole motion, pixels.
    pub motion_px: Vec2,
    /// Whole turn, radians.
    pub turn_rad: f32,
}

/// White balance and mixed light, as factors on linear RGB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourCast {
    /// Factors; green is usually 1.
    pub gains: Vec3,
}

/// Sensor noise: variance `shot * signal + read^2`, in linear units where white is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Photon noise: variance per unit of signal.
    pub shot: f32,
    /// Read noise: standard deviation in the dark.
    pub read: f32,
    /// Key of the counter-based generator that makes the noise.
    pub key: [u32; 2],
}

/// From linear to display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ToneCurve {
    /// Clip at 1, then sRGB.
    Srgb,
    /// A filmic shoulder (Hable 2010's shape), then sRGB; `shoulder` in 0 to 1 mixes it in.
    Filmic {
        /// Strength of the shoulder.
        shoulder: f32,
        /// Contrast about middle grey, 1 is neutral.
        contrast: f32,
        /// Saturation, 1 is neutral.
        saturation: f32,
    },
}

/// The camera chain, in the order in which light passes it. The lens itself is in the camera's intrinsics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chain {
    /// Fall-off towards the corners: share of light lost at the corner, 0 to 1.
    pub vignette: f32,
    /// Lateral chromatic aberration: relative magnification of red against green, blue the other way (0.001 is
    /// one pixel at 1000 px from the centre).
    pub aberration: f32,
    /// Depth of field.
    pub defocus: Option<Defocus>,
    /// Hand shake.
    pub shake: Option<Shake>,
    /// Exposure in stops; 0 keeps linear values.
    pub exposure_ev: f32,
    /// Colour cast left by an imperfect white balance.
    pub cast: Option<ColourCast>,
    /// Sensor noise.
    pub noise: Option<Noise>,
    /// Tone curve.
    pub tone: ToneCurve,
    /// Unsharp mask: its amount, 0 is off, 1 is strong.
    pub sharpen: f32,
    /// JPEG quality of the written picture, 1 to 100, or `None` for PNG.
    pub jpeg_quality: Option<u8>,
}

impl Default for Chain {
    /// Every stage off: linear light, clipped, sRGB, PNG.
    fn default() -> Self {
        Self {
            vignette: 0.0,
            aberration: 0.0,
            defocus: None,
            shake: None,
            exposure_ev: 0.0,
            cast: None,
            noise: None,
            tone: ToneCurve::Srgb,
            sharpen: 0.0,
            jpeg_quality: None,
        }
    }
}
