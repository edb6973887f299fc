//! Colours of people and of what they wear. Linear.

use glam::{Vec3, vec3};

/// sRGB-encoded 0 to 255, as linear.
pub(super) fn srgb(r: f32, g: f32, b: f32) -> Vec3 {
    let one = |c: f32| {
        let c = c / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    vec3(one(r), one(g), one(b))
}

/// Skin from the lightest to the darkest, sRGB.
const SKIN: [[f32; 3]; 7] = [
    [247.0, 222.0, 208.0],
    [236.0, 198.0, 174.0],
    [220.0, 172.0, 140.0],
    [190.0, 137.0, 102.0],
    [146.0, 98.0, 68.0],
    [100.0, 66.0, 47.0],
    [66.0, 45.0, 35.0],
];
/// Hair, the two darkest first, sRGB.
pub(super) const HAIR: [[f32; 3]; 6] = [
    [34.0, 26.0, 22.0],
    [48.0, 34.0, 26.0],
    [84.0, 58.0, 38.0],
    [128.0, 94.0, 60.0],
    [176.0, 142.0, 96.0],
    [150.0, 84.0, 44.0],
];
/// Trousers: navy, denim, washed denim, charcoal, grey, khaki. None could be taken for bare legs.
pub(super) const TROUSERS: [Vec3; 6] = [
    vec3(0.016, 0.022, 0.060),
    vec3(0.040, 0.070, 0.150),
    vec3(0.130, 0.200, 0.330),
    vec3(0.025, 0.026, 0.030),
    vec3(0.170, 0.172, 0.180),
    vec3(0.110, 0.115, 0.070),
];
/// A model's picture of skin is relative; this is what it has where it says 'as the tone is' (235 of 255, linear).
pub(super) const SKIN_PICTURE: f32 = 0.8308;

/// Skin of a tone from 0 (lightest) to 1.
pub(super) fn skin(tone: f32) -> Vec3 {
    let place = tone.clamp(0.0, 1.0) * 5.999;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index below 6")]
    let index = place.floor() as usize;
    let [a, b] = [index, index + 1].map(|i| srgb(SKIN[i][0], SKIN[i][1], SKIN[i][2]));
    a.lerp(b, place.fract())
}

/// Number of a colour in [`HAIR`] for a free choice among all; of somebody whose hair is `dark`, one of the dark ones.
pub(super) fn hair(free: usize, dark: bool) -> Vec3 {
    let [r, g, b] = HAIR[if dark { free.min(1) } else { free.min(HAIR.len() - 1) }];
    srgb(r, g, b)
}
