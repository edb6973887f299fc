//! Light sources and surroundings.

use std::sync::Arc;

use glam::Vec3;

/// The shape of a light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LightKind {
    /// Parallel light from far away. Intensity: lux-like, radiance times solid angle.
    Sun {
        /// The way the light travels, unit length.
        direction: Vec3,
        /// Angular radius, radians: how soft its shadows are.
        angular_radius: f32,
    },
    /// A cone of light. Intensity: candela-like.
    Spot {
        /// World position, metres.
        position: Vec3,
        /// Axis of the cone, unit length.
        direction: Vec3,
        /// Half angle inside which the light is full, radians.
        inner_angle: f32,
        /// Half angle outside which there is none, radians; below pi / 2.
        outer_angle: f32,
        /// Radius of the lamp, metres: how soft its shadows are.
        radius_m: f32,
    },
    /// A straight tube or panel row that shines downwards and to its sides (a fluorescent row); shaded as a
    /// line light, its shadow cast from its middle with a softness that follows its length.
    Tube {
        /// One end, world, metres.
        from: Vec3,
        /// The other end.
        to: Vec3,
        /// Main direction of its light, unit length.
        direction: Vec3,
    },
}

/// One light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Its shape and place.
    pub kind: LightKind,
    /// Linear RGB, intensity multiplied in.
    pub colour: Vec3,
    /// Whether it casts shadows.
    pub casts_shadow: bool,
}

/// Light from all around: an equirectangular picture, linear RGB.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// Columns; the middle column looks along -Z, the left edge along +Z.
    pub width: u32,
    /// Rows; the top row looks along +Y.
    pub height: u32,
    /// `width * height` radiances. Shared: the same surroundings serve many frames.
    pub radiance: Arc<Vec<Vec3>>,
    /// Multiplies every radiance.
    pub gain: f32,
    /// Turn about +Y, radians.
    pub yaw: f32,
    /// Whether it is also seen where nothing else is.
    pub visible: bool,
}
