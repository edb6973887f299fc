//! Exposure, cast, vignette, noise, tone and sharpening.

use glam::Vec3;

use super::geometry::linear;
use super::rig::{self, Shot, Stage, square};
use crate::geometry::Size;
use crate::scene::{Chain, ColourCast, Defocus, Noise, Shake, ToneCurve};

const OFF: Chain = Chain {
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
};

/// A byte holds the display value, rounded up or down.
fn holds(byte: u8, display: f64) -> bool {
    let steps = display * 255.0;
    f64::from(byte) >= (steps - 0.05).floor() && f64::from(byte) <= (steps + 0.05).ceil()
}

/// Grows to the right from black past white, in columns.
fn ramp(side: u32) -> (Stage, impl Fn(u32) -> f64) {
    let camera = square(side);
    let value = move |x: f32| (1.3 * x / side as f32).max(0.0);
    let stage = Stage::new(camera, 1.0, move |d| {
        let px = d.x / d.z * camera.fx as f32 + camera.cx as f32;
        Vec3::splat(value(px.floor() + 0.5))
    });
    (stage, move |x| f64::from(half::f16::from_f32(value(x as f32 + 0.5)).to_f32()))
}

#[test]
fn the_default_chain_is_the_srgb_curve_and_its_rounding_has_no_bias() {
    let (stage, value) = ramp(96);
    let shot = stage.shoot(&OFF);
    for x in 0..96 {
        let want = rig::srgb(value(x));
        let mut sum = 0.0;
        for y in 0..96 {
            let byte = shot.bytes(x, y)[0];
            assert!(holds(byte, want), "{x},{y}: {byte} for {}", want * 255.0);
            sum += f64::from(byte);
        }
        assert!((sum / 96.0 - want * 255.0).abs() < 0.25, "column {x}: {} for {}", sum / 96.0, want * 255.0);
    }
}

#[test]
fn stages_that_are_off_change_no_bit() {
    let (stage, _) = ramp(64);
    let plain = stage.shoot(&OFF).rgba;
    let neutral = ToneCurve::Filmic { shoulder: 0.0, contrast: 1.0, saturation: 1.0 };
    for chain in [
        Chain { defocus: Some(Defocus { focus_m: 1.0, blur_at_infinity_px: 0.0 }), ..OFF },
        Chain { shake: Some(Shake { motion_px: glam::Vec2::ZERO, turn_rad: 0.0 }), ..OFF },
        Chain { cast: Some(ColourCast { gains: Vec3::ONE }), ..OFF },
        Chain { noise: Some(Noise { shot: 0.0, read: 0.0, key: [9, 9] }), ..OFF },
        Chain { tone: neutral, ..OFF },
        Chain { jpeg_quality: Some(80), ..OFF },
    ] {
        assert!(stage.shoot(&chain).rgba == plain, "{chain:?}");
    }
    assert!(stage.shoot(&Chain { exposure_ev: 0.1, ..OFF }).rgba != plain, "and exposure is noticed");
}

#[test]
fn exposure_and_cast_multiply_linear_light() {
    let colour = Vec3::new(0.1, 0.2, 0.3);
    let stage = Stage::new(square(32), 1.0, |_| colour);
    let gains = Vec3::new(1.2, 1.0, 0.7);
    let shot = stage.shoot(&Chain { exposure_ev: 1.5, cast: Some(ColourCast { gains }), ..OFF });
    for px in shot.rgba.chunks_exact(4) {
        for c in 0..3 {
            let light =
                f64::from(half::f16::from_f32(colour[c]).to_f32()) * 2f64.powf(1.5) * f64::from(gains[c]);
            assert!(holds(px[c], rig::srgb(light)), "channel {c}: {} for {light}", px[c]);
        }
    }
}

#[test]
fn the_vignette_loses_its_share_at_the_corner_and_nothing_at_the_centre() {
    let side = 101;
    let stage = Stage::new(square(side), 1.0, |_| Vec3::splat(0.5));
    let shot = stage.shoot(&linear(Chain { vignette: 0.4, ..OFF }));
    let at = |x: u32, y: u32| shot.linear[(y * side + x) as usize][0];
    assert!((at(50, 50) - 0.5).abs() < 1e-4, "{}", at(50, 50));
    // cos^4 of an angle whose tangent grows with the radius and whose loss at the very corner is 0.4.
    let tan2 = 1.0 / 0.6f32.sqrt() - 1.0;
    for (x, y) in [(0, 0), (100, 100), (0, 50), (20, 70)] {
        let r2 = ((x as f32 - 50.0).powi(2) + (y as f32 - 50.0).powi(2)) / (2.0 * 50.5f32.powi(2));
        let want = 0.5 / (1.0 + tan2 * r2).powi(2);
        assert!((at(x, y) - want).abs() < 3e-4, "{x},{y}: {} for {want}", at(x, y));
    }
    assert!((at(0, 0) / 0.5 - 0.6).abs() < 0.01, "the corner pixel");
}

fn flat_noise(side: u32, value: f32, noise: Noise) -> Shot {
    Stage::new(square(side), 1.0, |_| Vec3::splat(value)).shoot(&Chain { noise: Some(noise), ..OFF })
}

#[test]
fn noise_has_its_mean_and_variance_and_no_correlation() {
    let noise = Noise { shot: 0.006, read: 0.02, key: [0, 0] };
    for value in [0.25f32, 0.5] {
        let shot = flat_noise(256, value, noise);
        let light: Vec<[f64; 3]> = shot
            .rgba
            .chunks_exact(4)
            .map(|p| std::array::from_fn(|c| rig::linear(f64::from(p[c]) / 255.0)))
            .collect();
        let n = light.len() as f64;
        let want = f64::from(noise.shot * value + noise.read * noise.read);
        for c in 0..3 {
            let mean = light.iter().map(|p| p[c]).sum::<f64>() / n;
            let variance = light.iter().map(|p| (p[c] - mean).powi(2)).sum::<f64>() / n;
            assert!(
                (mean - f64::from(value)).abs() < 5.0 * (want / n).sqrt() + 2e-4,
                "mean {mean} for {value}"
            );
            assert!((variance / want - 1.0).abs() < 0.03, "variance {variance} for {want}");
            let with = |d: usize, other: usize| {
                let pairs = light.iter().zip(&light[d..]);
                pairs.map(|(a, b)| (a[c] - mean) * (b[other] - f64::from(value))).sum::<f64>() / n / variance
            };
            assert!(with(1, c).abs() < 0.02, "with the neighbour: {}", with(1, c));
            assert!(with(256, c).abs() < 0.02, "with the row below: {}", with(256, c));
            assert!(with(0, (c + 1) % 3).abs() < 0.02, "with the next channel: {}", with(0, (c + 1) % 3));
        }
    }
}

#[test]
fn noise_depends_on_key_and_pixel_alone() {
    let noise = Noise { shot: 0.01, read: 0.02, key: [7, 8] };
    let small = flat_noise(40, 0.3, noise);
    assert!(small.rgba == flat_noise(40, 0.3, noise).rgba, "same key, same bytes");
    let large = flat_noise(72, 0.3, noise);
    for y in 0..40 {
        for x in 0..40 {
            assert_eq!(small.bytes(x, y), large.bytes(x, y), "{x},{y}: whatever the size of the picture");
        }
    }
    for key in [[7, 9], [8, 8], [8, 7]] {
        let other = flat_noise(40, 0.3, Noise { key, ..noise });
        let same = other.rgba.chunks_exact(4).zip(small.rgba.chunks_exact(4)).filter(|(a, b)| a == b).count();
        assert!(same < 20, "another key is another noise: {same} pixels agree");
    }
}

fn toned(colour: Vec3, tone: ToneCurve) -> [u8; 3] {
    Stage::new(square(16), 1.0, |_| colour).shoot(&Chain { tone, ..OFF }).bytes(5, 7)
}

#[test]
fn the_filmic_curve_keeps_grey_and_rolls_off_highlights() {
    let filmic = ToneCurve::Filmic { shoulder: 1.0, contrast: 1.0, saturation: 1.0 };
    assert!(holds(toned(Vec3::splat(0.18), filmic)[1], rig::srgb(0.18)), "middle grey stays");
    let bright: Vec<u8> = [0.8, 1.2, 2.0, 3.0].map(|v| toned(Vec3::splat(v), filmic)[1]).to_vec();
    assert!(bright.windows(2).all(|w| w[0] + 5 < w[1]), "highlights stay apart: {bright:?}");
    assert_eq!(toned(Vec3::splat(4.0), filmic), [255; 3], "and end in white");
    let half = ToneCurve::Filmic { shoulder: 0.5, contrast: 1.0, saturation: 1.0 };
    let (a, b, c) =
        (toned(Vec3::ONE, ToneCurve::Srgb)[0], toned(Vec3::ONE, half)[0], toned(Vec3::ONE, filmic)[0]);
    assert!(a > b && b > c, "the shoulder mixes in: {a} {b} {c}");
}

#[test]
fn contrast_turns_about_grey_and_saturation_about_luma() {
    let contrast = ToneCurve::Filmic { shoulder: 0.0, contrast: 2.0, saturation: 1.0 };
    for value in [0.09f32, 0.18, 0.36] {
        let want = rig::srgb(0.18 * (f64::from(value) / 0.18).powi(2));
        assert!(holds(toned(Vec3::splat(value), contrast)[0], want), "{value}");
    }
    let grey = ToneCurve::Filmic { shoulder: 0.0, contrast: 1.0, saturation: 0.0 };
    let luma = rig::srgb(0.2126 * 0.5 + 0.7152 * 0.25 + 0.0722 * 0.125);
    assert!(toned(Vec3::new(0.5, 0.25, 0.125), grey).iter().all(|&b| holds(b, luma)), "saturation 0 is luma");
}

#[test]
fn sharpening_steepens_edges_and_leaves_walls_alone() {
    let camera = square(48);
    let stage = Stage::new(camera, 1.0, |d| Vec3::splat(if d.x < 0.0 { 0.1 } else { 0.4 }));
    let plain = stage.shoot(&OFF);
    let sharp = stage.shoot(&Chain { sharpen: 1.0, ..OFF });
    let (low, high) = (rig::srgb(0.1), rig::srgb(0.4));
    // A step of height h: a 1-2-1 blur moves a quarter of it across.
    let overshoot = 0.25 * (high - low);
    for y in 0..48 {
        for x in (0..22).chain(26..48) {
            let (a, b) = (plain.bytes(x, y)[0], sharp.bytes(x, y)[0]);
            assert!(a.abs_diff(b) <= 1, "{x},{y}: {a} {b}");
        }
        assert!((f64::from(sharp.bytes(23, y)[0]) - 255.0 * (low - overshoot)).abs() < 1.5, "dark side");
        assert!((f64::from(sharp.bytes(24, y)[0]) - 255.0 * (high + overshoot)).abs() < 1.5, "bright side");
    }
    let odd = Stage::new(
        crate::geometry::Intrinsics { size: Size { width: 33, height: 9 }, ..camera },
        1.0,
        |_| Vec3::splat(0.3),
    );
    assert!(
        odd.shoot(&OFF)
            .rgba
            .iter()
            .zip(&odd.shoot(&Chain { sharpen: 1.0, ..OFF }).rgba)
            .all(|(a, b)| a.abs_diff(*b) <= 1)
    );
}
