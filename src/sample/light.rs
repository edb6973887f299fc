//! Lamps of a shop.
//!
//! Lamps are placed first, then all of them are scaled so that together they light the front of the shelf, facing
//! the shopper, with a set irradiance: mid-grey comes out mid-grey at an exposure of 0, whatever the preset. The
//! camera's white balance is part of that: colours are given relative to the white that it settled on, which
//! lies most of the way from D65 to the lamps' own.

use std::f32::consts::PI;

use glam::{Vec3, vec3};

use super::{
    Staged,
    blackbody::linear_rgb,
    lamps::{self, Hall, Lamp, between},
    parts::Parts,
};
use crate::{
    config::{LightPreset, LightRecipe, pick},
    scene::{Light, LightKind},
    seed::Node,
};

/// Irradiance of all lamps together on the shelf's front at brightness 1: in pi, so that a surface of albedo a
/// shows a radiance of `LAMP_SHARE * a`.
pub(super) const LAMP_SHARE: f32 = 0.85;
/// How far the camera's white balance follows the lamps, in mired from D65.
const ADAPTATION: f32 = 0.85;
const D65_K: f32 = 6504.0;

/// Draws the lamps of a frame.
pub(super) fn draw(recipe: &LightRecipe, parts: &Parts, staged: &mut Staged, node: &Node) -> Vec<Light> {
    let weights: Vec<f64> = recipe.presets.iter().map(|(_, weight)| *weight).collect();
    let preset = node.draw("preset", |rng| match weights.is_empty() {
        true => LightPreset::Fluorescent,
        false => recipe.presets[pick(&weights, rng)].0,
    });
    #[expect(clippy::cast_possible_truncation, reason = "light needs no more than f32")]
    let value = |name: &str, dist: &crate::config::Dist| node.draw(name, |rng| dist.sample(rng) as f32);
    let temperature = value("temperature_k", &recipe.temperature_k);
    let brightness = value("brightness", &recipe.brightness).max(0.0);
    let casting = value("shadow_lights", &recipe.shadow_lights).round().max(0.0);
    let mut hall = Hall { parts, staged, node, temperature_k: temperature, broken: 0.0, mixed_k: 0.0 };
    let lamps = lamps::hang(preset, recipe, &mut hall);
    let staged = &*staged;
    let white = camera_white(&lamps);
    let unit: Vec<Light> = lamps.iter().map(|lamp| lit(lamp, Vec3::splat(lamp.strength))).collect();
    let total: f32 = unit.iter().map(|light| mean_irradiance(light, staged)).sum();
    let scale = if total > 1e-9 { LAMP_SHARE * PI * brightness / total } else { 0.0 };
    let mut lights: Vec<Light> = lamps
        .iter()
        .enumerate()
        .map(|(index, lamp)| {
            let own = node.child("lamp", index).draw("spread", |rng| {
                // Old lamps differ.
                between(0.82, 1.1, rng)
            });
            lit(lamp, relative(lamp.temperature_k, white) * (lamp.strength * scale * own))
        })
        .collect();
    let mut order: Vec<usize> = (0..lights.len()).collect();
    order.sort_by(|&a, &b| {
        mean_irradiance(&lights[b], staged).total_cmp(&mean_irradiance(&lights[a], staged)).then(a.cmp(&b))
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let casting = casting.min(1000.0) as usize;
    order.into_iter().take(casting).for_each(|index| lights[index].casts_shadow = true);
    lights
}

fn lit(lamp: &Lamp, colour: Vec3) -> Light {
    Light { kind: lamp.kind, colour, casts_shadow: false }
}

/// The temperature that the camera's white balance settled on, kelvin.
fn camera_white(lamps: &[Lamp]) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lamps")]
    let mired = lamps.iter().map(|lamp| 1e6 / lamp.temperature_k).sum::<f32>() / lamps.len().max(1) as f32;
    1e6 / (1e6 / D65_K + (mired - 1e6 / D65_K) * ADAPTATION)
}

/// A lamp's colour as the balanced camera sees it, luminance 1.
fn relative(temperature_k: f32, white_k: f32) -> Vec3 {
    let colour = linear_rgb(temperature_k) / linear_rgb(white_k);
    colour / luminance(colour)
}

pub(super) fn luminance(colour: Vec3) -> f32 {
    vec3(0.2126, 0.7152, 0.0722).dot(colour)
}

/// What a lamp brings to the shelf's front at its strength.
pub(super) fn reach(lamp: &Lamp, staged: &Staged) -> f32 {
    mean_irradiance(&lit(lamp, Vec3::splat(lamp.strength)), staged)
}

/// Irradiance of all lamps on the front of a scene's goods at the focus' height, in pi.
#[cfg(test)]
pub(super) fn share_of(lights: &[Light], scene: &crate::scene::Scene) -> f32 {
    let goods =
        || scene.instances.iter().filter(|i| i.class == "product").map(|i| i.world_from_object.translation);
    let (half_width, height) =
        goods().fold((0.0_f32, 0.0_f32), |(x, y), at| (x.max(at.x.abs()), y.max(at.y)));
    let mut sum = 0.0;
    for x in [-0.7, 0.0, 0.7] {
        for y in [0.3, 0.6, 0.9] {
            let point = vec3(x * half_width, y * height, 0.0);
            sum += lights.iter().map(|light| irradiance(light, point, Vec3::Z)).sum::<f32>();
        }
    }
    sum / 9.0 / PI
}

/// Luminous irradiance on what is to be seen, averaged over nine points of it: on the front, facing +Z, or on goods
/// in a chest, facing up.
fn mean_irradiance(light: &Light, staged: &Staged) -> f32 {
    let normal = if staged.from_above { Vec3::Y } else { Vec3::Z };
    let mut sum = 0.0;
    for x in [-0.7, 0.0, 0.7] {
        for y in [0.25, 0.5, 0.75] {
            let point = vec3(x * staged.half_width, y * staged.height, staged.focus.z);
            sum += irradiance(light, point, normal);
        }
    }
    sum / 9.0
}

/// What one light brings to a small surface: luminous irradiance, without shadows.
fn irradiance(light: &Light, point: Vec3, normal: Vec3) -> f32 {
    let from_point = |position: Vec3| {
        let to = position - point;
        let squared = to.length_squared().max(1e-4);
        normal.dot(to / squared.sqrt()).max(0.0) / squared
    };
    let shape = match light.kind {
        LightKind::Sun { direction, .. } => normal.dot(-direction).max(0.0),
        LightKind::Spot { position, direction, inner_angle, outer_angle, .. } => {
            let angle = direction.dot((point - position).normalize()).clamp(-1.0, 1.0);
            let edge = ((angle - outer_angle.cos()) / (inner_angle.cos() - outer_angle.cos()).max(1e-4))
                .clamp(0.0, 1.0);
            edge * edge * (3.0 - 2.0 * edge) * from_point(position)
        }
        LightKind::Tube { from, to, .. } => {
            let pieces: u8 = 16;
            let sum: f32 = (0..pieces)
                .map(|piece| from_point(from.lerp(to, (f32::from(piece) + 0.5) / f32::from(pieces))))
                .sum();
            sum * from.distance(to) / f32::from(pieces)
        }
    };
    shape * luminance(light.colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn light(kind: LightKind) -> Light {
        Light { kind, colour: Vec3::ONE, casts_shadow: false }
    }

    #[test]
    fn irradiance_is_what_the_textbook_says() {
        let sun = light(LightKind::Sun { direction: -vec3(0.0, 0.6, 0.8), angular_radius: 0.0 });
        assert!((irradiance(&sun, Vec3::ZERO, Vec3::Z) - 0.8).abs() < 1e-6, "cosine");
        let spot = light(LightKind::Spot {
            position: Vec3::Z * 2.0,
            direction: Vec3::NEG_Z,
            inner_angle: 0.2,
            outer_angle: 0.4,
            radius_m: 0.0,
        });
        assert!((irradiance(&spot, Vec3::ZERO, Vec3::Z) - 0.25).abs() < 1e-6, "1 / d^2");
        assert_eq!(irradiance(&spot, Vec3::X * 3.0, Vec3::Z), 0.0, "outside of the cone");
        // An endless line of unit intensity per metre at distance h over a facing surface brings 2 * 1 / h * (1/1):
        // the integral of h / (h^2 + x^2)^(3/2) over x is 2 / h.
        let far = 200.0;
        let tube = light(LightKind::Tube {
            from: vec3(-far, 0.0, 40.0),
            to: vec3(far, 0.0, 40.0),
            direction: Vec3::NEG_Z,
        });
        let value = irradiance(&tube, Vec3::ZERO, Vec3::Z);
        let exact = 2.0 * far / (40.0 * (40.0_f32.powi(2) + far * far).sqrt());
        assert!((value / exact - 1.0).abs() < 0.02, "{value} against {exact}");
    }

    #[test]
    fn the_camera_balances_most_of_the_lamps_colour_away() {
        let lamp = |temperature_k| Lamp {
            kind: LightKind::Sun { direction: Vec3::NEG_Y, angular_radius: 0.0 },
            temperature_k,
            strength: 1.0,
        };
        let warm = relative(3000.0, camera_white(&[lamp(3000.0)]));
        assert!(warm.x > warm.z, "a little warm: {warm}");
        assert!(warm.x / warm.z < 1.6, "but far from the lamp's own colour: {warm}");
        assert!((luminance(warm) - 1.0).abs() < 1e-5, "{warm}");
    }
}
