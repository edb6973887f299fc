//! What the camera does to light, stage by stage. A stage that the recipe leaves out draws nothing.

use glam::{Vec2, Vec3};
use rand::{Rng, RngExt};

use super::camera::depth;
use crate::{
    config::{ChainRecipe, Dist},
    geometry::Camera,
    scene::{Chain, ColourCast, Defocus, Noise, Shake, ToneCurve},
    seed::Node,
};

/// Draws every stage of the chain. What differs from picture to picture of a film is drawn from `instant`.
pub(super) fn draw(recipe: &ChainRecipe, camera: &Camera, focus: Vec3, node: &Node, instant: &Node) -> Chain {
    #[expect(clippy::cast_possible_truncation, reason = "pictures need no more than f32")]
    let from = |node: &Node, name: &str, dist: &Dist| node.draw(name, |rng| dist.sample(rng) as f32);
    let value = |name: &str, dist: &Dist| from(node, name, dist);
    let defocus = recipe.defocus.as_ref().map(|defocus| Defocus {
        focus_m: (depth(camera, focus) + value("focus_error_m", &defocus.focus_error_m)).max(0.05),
        blur_at_infinity_px: value("blur_at_infinity_px", &defocus.blur_at_infinity_px).max(0.0),
    });
    let shake = recipe.shake.as_ref().map(|shake| {
        let along = instant.draw("shake_direction_deg", |rng| 360.0 * rng.random::<f32>()).to_radians();
        Shake {
            motion_px: Vec2::from_angle(along) * from(instant, "shake_length_px", &shake.length_px),
            turn_rad: from(instant, "shake_turn_deg", &shake.turn_deg).to_radians(),
        }
    });
    let cast = recipe.white_balance.as_ref().map(|balance| ColourCast {
        gains: gains(value("warmth", &balance.warmth), value("tint", &balance.tint)),
    });
    let noise = recipe.noise.as_ref().map(|noise| Noise {
        shot: value("shot_noise", &noise.shot).max(0.0),
        read: value("read_noise", &noise.read).max(0.0),
        key: instant.draw("noise_key", |rng| [rng.next_u32(), rng.next_u32()]),
    });
    let tone = recipe.tone.as_ref().map_or(ToneCurve::Srgb, |tone| ToneCurve::Filmic {
        shoulder: value("shoulder", &tone.shoulder),
        contrast: value("contrast", &tone.contrast),
        saturation: value("saturation", &tone.saturation),
    });
    let or_off = |name: &str, dist: &Option<Dist>| dist.as_ref().map_or(0.0, |dist| value(name, dist));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1 to 100")]
    let quality = |dist: &Dist| value("jpeg_quality", dist).round().clamp(1.0, 100.0) as u8;
    Chain {
        vignette: or_off("vignette", &recipe.vignette).clamp(0.0, 1.0),
        aberration: or_off("aberration", &recipe.aberration),
        defocus,
        shake,
        exposure_ev: or_off("exposure_ev", &recipe.exposure_ev),
        cast,
        noise,
        tone,
        sharpen: or_off("sharpen", &recipe.sharpen).max(0.0),
        jpeg_quality: recipe.jpeg_quality.as_ref().map(quality),
    }
}

/// Factors on linear RGB of a white balance that is off: full warmth is a third of a stop more red and as much
/// less blue, full tint a fifth of a stop less green.
fn gains(warmth: f32, tint: f32) -> Vec3 {
    Vec3::new((warmth / 3.0).exp2(), (-tint / 5.0).exp2(), (-warmth / 3.0).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warm_is_red_and_magenta_is_not_green() {
        assert_eq!(gains(0.0, 0.0), Vec3::ONE, "no error, no cast");
        let (warm, magenta) = (gains(1.0, 0.0), gains(0.0, 1.0));
        assert!(warm.x > 1.0 && warm.z < 1.0 && warm.y == 1.0, "{warm}");
        assert!(magenta.y < 1.0 && magenta.x == 1.0 && magenta.z == 1.0, "{magenta}");
    }
}
