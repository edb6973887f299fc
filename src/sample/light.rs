//! Lamps of a shop.
//!
//! Lamps are placed first, then all of them are scaled so that together they light the front of the shelf, facing
//! the shopper, with a set irradiance: mid-grey comes out mid-grey at an exposure of 0, whatever the preset. The
//! camera's white balance is part of that: colours are given relative to the white that it settled on, which
//! lies most of the way from D65 to the lamps' own.

use std::f32::consts::PI;

use glam::{Vec3, vec3};
use rand::{Rng, RngExt};

use super::{Staged, blackbody::linear_rgb};
use crate::{
    config::{LightPreset, LightRecipe, pick},
    scene::{Light, LightKind},
    seed::Node,
};

/// Irradiance of all lamps together on the shelf's front at brightness 1: in pi, so that a surface of albedo a
/// shows a radiance of `LAMP_SHARE * a`.
pub(super) const LAMP_SHARE: f32 = 0.75;
/// How far the camera's white balance follows the lamps, in mired from D65.
const ADAPTATION: f32 = 0.85;
const D65_K: f32 = 6504.0;

/// A lamp before its brightness is known.
struct Lamp {
    kind: LightKind,
    temperature_k: f32,
    /// Relative to the others of its frame.
    strength: f32,
}

/// Draws the lamps of a frame.
pub(super) fn draw(recipe: &LightRecipe, staged: &Staged, node: &Node) -> Vec<Light> {
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
    let lamps = match preset {
        LightPreset::Fluorescent => rows(staged, temperature, node),
        LightPreset::LedPanels => panels(staged, temperature, node),
        LightPreset::Spots => spots(staged, temperature, node),
        LightPreset::Daylight => daylight(staged, temperature, node),
    };
    let white = camera_white(&lamps);
    let unit: Vec<Light> = lamps.iter().map(|lamp| lit(lamp, Vec3::splat(lamp.strength))).collect();
    let total: f32 = unit.iter().map(|light| mean_irradiance(light, staged)).sum();
    let scale = if total > 1e-9 { LAMP_SHARE * PI * brightness / total } else { 0.0 };
    let mut lights: Vec<Light> = lamps
        .iter()
        .enumerate()
        .map(|(index, lamp)| {
            let own = node.child("lamp", index).draw("spread", |rng| {
                // Old lamps differ; now and then one is nearly dead.
                if rng.random::<f32>() < 0.03 { 0.08 } else { between(0.82, 1.1, rng) }
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

fn between(min: f32, max: f32, rng: &mut impl Rng) -> f32 {
    min + (max - min) * rng.random::<f32>()
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

/// A lamp's own temperature: near the others'.
fn aged(temperature: f32, lamp: &Node) -> f32 {
    temperature * lamp.draw("temperature_spread", |rng| between(0.96, 1.04, rng))
}

/// Height at which lamps hang, metres.
fn hang(staged: &Staged, node: &Node) -> f32 {
    let most = staged.ceiling - 0.08;
    let least = (staged.height + 0.45).min(most);
    node.draw("hang_m", |rng| between(0.3, 1.0, rng)).mul_add(most - least, least)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lamps")]
fn spaced(index: usize, count: usize) -> f32 {
    (index as f32 + 0.5) / count as f32 * 2.0 - 1.0
}

/// Two rows of tubes along the aisle.
fn rows(staged: &Staged, temperature: f32, node: &Node) -> Vec<Lamp> {
    let height = hang(staged, node);
    let near = node.draw("row_m", |rng| between(0.9, 1.7, rng));
    let apart = node.draw("row_distance_m", |rng| between(1.8, 2.8, rng));
    let half = staged.half_width + 1.6;
    let count = if half > 3.0 { 4 } else { 3 };
    let slot = half / [3.0, 4.0][count - 3];
    let length = node.draw("tube_share", |rng| between(0.6, 0.95, rng)) * slot;
    let mut lamps = Vec::new();
    for z in [near, near + apart] {
        for index in 0..count {
            let x = spaced(index, count) * half;
            lamps.push(Lamp {
                kind: LightKind::Tube {
                    from: vec3(x - length, height, z),
                    to: vec3(x + length, height, z),
                    direction: Vec3::NEG_Y,
                },
                temperature_k: aged(temperature, &node.child("lamp", lamps.len())),
                strength: 1.0,
            });
        }
    }
    lamps
}

/// Square panels in a grid, as wide cones straight down.
fn panels(staged: &Staged, temperature: f32, node: &Node) -> Vec<Lamp> {
    let height = hang(staged, node);
    let near = node.draw("panel_m", |rng| between(0.8, 1.6, rng));
    let radius = node.draw("panel_radius_m", |rng| between(0.2, 0.4, rng));
    let half = staged.half_width + 1.2;
    let mut lamps = Vec::new();
    for z in [near, near + 2.2] {
        for index in 0..3 {
            lamps.push(Lamp {
                kind: LightKind::Spot {
                    position: vec3(spaced(index, 3) * half, height, z),
                    direction: Vec3::NEG_Y,
                    inner_angle: 35f32.to_radians(),
                    outer_angle: 86f32.to_radians(),
                    radius_m: radius,
                },
                temperature_k: aged(temperature, &node.child("lamp", lamps.len())),
                strength: 1.0,
            });
        }
    }
    lamps
}

/// Spots on a track, each aimed at a place on the shelf.
fn spots(staged: &Staged, temperature: f32, node: &Node) -> Vec<Lamp> {
    let height = hang(staged, node);
    let track = node.draw("track_m", |rng| between(1.0, 1.8, rng));
    let count = node.draw("spots", |rng| rng.random_range(4..=6_usize));
    (0..count)
        .map(|index| {
            let lamp = node.child("lamp", index);
            let position = vec3(spaced(index, count) * (staged.half_width + 0.3), height, track);
            let aim = lamp.draw("aim_m", |rng| {
                vec3(position.x + between(-0.4, 0.4, rng), staged.height * between(0.3, 0.8, rng), 0.0)
            });
            let inner = lamp.draw("inner_deg", |rng| between(14.0, 24.0, rng)).to_radians();
            Lamp {
                kind: LightKind::Spot {
                    position,
                    direction: (aim - position).normalize(),
                    inner_angle: inner,
                    outer_angle: inner + lamp.draw("soft_deg", |rng| between(10.0, 22.0, rng)).to_radians(),
                    radius_m: 0.06,
                },
                temperature_k: aged(temperature, &lamp),
                strength: 1.0,
            }
        })
        .collect()
}

/// The sun from one side, and rows of tubes with what it leaves.
fn daylight(staged: &Staged, temperature: f32, node: &Node) -> Vec<Lamp> {
    let side = node.draw("sun_azimuth_deg", |rng| {
        let angle: f32 = between(25.0, 70.0, rng);
        if rng.random::<bool>() { angle } else { -angle }
    });
    let elevation = node.draw("sun_elevation_deg", |rng| between(18.0, 48.0, rng)).to_radians();
    let softness = node.draw("sun_softness_deg", |rng| between(0.5, 6.0, rng)).to_radians();
    let (sin, cos) = side.to_radians().sin_cos();
    let sun = Lamp {
        kind: LightKind::Sun {
            direction: -vec3(sin * elevation.cos(), elevation.sin(), cos * elevation.cos()).normalize(),
            angular_radius: softness,
        },
        temperature_k: node.draw("sun_temperature_k", |rng| between(4800.0, 7000.0, rng)),
        strength: 1.0,
    };
    let share = node.draw("sun_share", |rng| between(0.35, 0.7, rng));
    let mut lamps = rows(staged, temperature, node);
    let reach = |lamp: &Lamp| mean_irradiance(&lit(lamp, Vec3::ONE), staged);
    let (of_sun, of_lamps) = (reach(&sun).max(1e-6), lamps.iter().map(reach).sum::<f32>().max(1e-6));
    lamps.iter_mut().for_each(|lamp| lamp.strength = (1.0 - share) / of_lamps);
    lamps.insert(0, Lamp { strength: share / of_sun, ..sun });
    lamps
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

/// Luminous irradiance on the shelf's front, facing +Z, averaged over nine points of it.
fn mean_irradiance(light: &Light, staged: &Staged) -> f32 {
    let mut sum = 0.0;
    for x in [-0.7, 0.0, 0.7] {
        for y in [0.25, 0.5, 0.75] {
            let point = vec3(x * staged.half_width, y * staged.height, staged.focus.z);
            sum += irradiance(light, point, Vec3::Z);
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
