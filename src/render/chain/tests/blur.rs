//! Defocus and hand shake.

use glam::{Vec2, Vec3};

use super::rig::{Shot, Stage, linear, square};
use crate::geometry::Intrinsics;
use crate::scene::{Chain, Defocus, Shake};

const SIDE: u32 = 97;

/// Light `value` in one pixel, darkness around.
fn point(x: u32, y: u32, value: f32) -> Stage {
    let camera: Intrinsics = square(SIDE);
    Stage::new(camera, 1.0, move |d| {
        let px = d.truncate() / d.z * camera.fx as f32 + Vec2::new(camera.cx as f32, camera.cy as f32);
        let here = px.floor() == Vec2::new(x as f32, y as f32);
        Vec3::splat(if here { value } else { 0.0 })
    })
}

/// Total light, its centre (pixels) and its second moments along x and y about it.
struct Spread {
    total: f64,
    centre: [f64; 2],
    moments: [f64; 2],
}

fn spread(light: impl Iterator<Item = f64>) -> Spread {
    let all: Vec<(f64, f64, f64)> = light
        .enumerate()
        .map(|(i, v)| ((i as u32 % SIDE) as f64 + 0.5, (i as u32 / SIDE) as f64 + 0.5, v))
        .collect();
    let total: f64 = all.iter().map(|p| p.2).sum();
    let centre = [
        all.iter().map(|p| p.0 * p.2).sum::<f64>() / total,
        all.iter().map(|p| p.1 * p.2).sum::<f64>() / total,
    ];
    let moments = [
        all.iter().map(|p| (p.0 - centre[0]).powi(2) * p.2).sum::<f64>() / total,
        all.iter().map(|p| (p.1 - centre[1]).powi(2) * p.2).sum::<f64>() / total,
    ];
    Spread { total, centre, moments }
}

/// Light after the hand's motion, from display values (sharpening writes them, at an amount that does nothing).
fn shaken(stage: &Stage, shake: Shake) -> Shot {
    stage.shoot(&Chain { shake: Some(shake), sharpen: 1e-6, ..Chain::default() })
}

fn displayed(shot: &Shot) -> impl Iterator<Item = f64> {
    shot.display.iter().map(|p| linear(f64::from(p[0])))
}

/// Light after defocus: a motion too small to matter makes it linear.
fn defocused(stage: &Stage, defocus: Defocus) -> Vec<f64> {
    let still = Shake { motion_px: Vec2::new(0.002, 0.0), turn_rad: 0.0 };
    let shot = stage.shoot(&Chain { defocus: Some(defocus), shake: Some(still), ..Chain::default() });
    shot.defocused.iter().map(|p| f64::from(p[0])).collect()
}

#[test]
fn a_straight_shake_draws_a_line_of_its_length_about_the_still_place() {
    let stage = point(48, 48, 1.0);
    let s = spread(displayed(&shaken(&stage, Shake { motion_px: Vec2::new(12.0, 0.0), turn_rad: 0.0 })));
    assert!((s.total - 1.0).abs() < 0.02, "light is kept: {}", s.total);
    assert!((s.centre[0] - 48.5).abs() < 0.05 && (s.centre[1] - 48.5).abs() < 0.05, "{:?}", s.centre);
    // A uniform line of length L has the variance L^2 / 12; a bilinear texel adds up to 1/4.
    assert!((s.moments[0] - 12.0).abs() < 0.5, "along: {}", s.moments[0]);
    assert!(s.moments[1] < 0.05, "across: {}", s.moments[1]);
}

#[test]
fn a_turn_draws_an_arc_about_the_pictures_centre() {
    let turn = Shake { motion_px: Vec2::ZERO, turn_rad: 0.25 };
    let s = spread(displayed(&shaken(&point(88, 48, 1.0), turn)));
    assert!((s.total - 1.0).abs() < 0.05, "light is kept: {}", s.total);
    // 40 px from the centre: an arc of 10 px, upright there.
    assert!((s.moments[1] - 100.0 / 12.0).abs() < 0.5, "along: {}", s.moments[1]);
    assert!(s.moments[0] < 0.3, "across: {}", s.moments[0]);
    let still = spread(displayed(&shaken(&point(48, 48, 1.0), turn)));
    assert!(still.moments[0] < 0.05 && still.moments[1] < 0.05, "the centre stays: {:?}", still.moments);
}

#[test]
fn blurs_leave_a_flat_wall_as_it_is() {
    let stage = Stage::new(square(SIDE), 1.0, |_| Vec3::splat(0.375)).depth(|x, _| 0.3 + x as f32 * 0.05);
    let soft = defocused(&stage, Defocus { focus_m: 1.0, blur_at_infinity_px: 30.0 });
    assert!(soft.iter().all(|v| (v - 0.375).abs() < 5e-4), "defocus");
    let shot = shaken(&stage, Shake { motion_px: Vec2::new(7.0, -4.0), turn_rad: 0.05 });
    assert!(displayed(&shot).all(|v| (v - 0.375).abs() < 1e-3), "shake, up to the picture's edges");
}

#[test]
fn a_point_spreads_over_its_circle_of_confusion() {
    for (blur, radius, tolerance) in
        [(8.0, 2.0, 0.04), (20.0, 5.0, 0.02), (64.0, 16.0, 0.12), (200.0, 24.0, 0.12)]
    {
        // At twice the distance in focus the blur is half of that at infinity.
        let stage = point(48, 48, 400.0).depth(|_, _| 2.0);
        let s = spread(defocused(&stage, Defocus { focus_m: 1.0, blur_at_infinity_px: blur }).into_iter());
        assert!((s.total / 400.0 - 1.0).abs() < tolerance, "radius {radius}: light {}", s.total / 400.0);
        // A uniform disc has the variance r^2 / 4 along each axis; the soft rim adds a little.
        let want = radius * radius / 4.0;
        for m in s.moments {
            assert!((m / want - 1.0).abs() < 0.5 / radius + tolerance, "radius {radius}: {m} for {want}");
        }
    }
}

#[test]
fn what_is_in_focus_stays_sharp_and_does_not_bleed() {
    let camera = square(SIDE);
    let white_left = |d: Vec3| Vec3::splat(if d.x < 0.0 { 1.0 } else { 0.0 });
    // Half of the middle pixel's column: the camera's axis runs through its centre, so it is white at 0.
    let edge = 48;
    let front = Stage::new(camera, 1.0, white_left).depth(|x, _| if x < edge { 1.0 } else { 8.0 });
    let light = defocused(&front, Defocus { focus_m: 1.0, blur_at_infinity_px: 20.0 });
    for (i, v) in light.iter().enumerate() {
        let x = i as u32 % SIDE;
        if x < edge {
            assert!((v - 1.0).abs() < 1e-3, "the sharp foreground keeps its light: {v} at {x}");
        } else if x > edge {
            assert!(*v < 1e-3, "and does not bleed: {v} at {x}");
        }
    }
    let near = Stage::new(camera, 1.0, white_left).depth(|x, _| if x < edge { 0.5 } else { 2.0 });
    let light = defocused(&near, Defocus { focus_m: 2.0, blur_at_infinity_px: 6.0 });
    let beyond = light[(48 * SIDE + edge + 4) as usize];
    assert!(beyond > 0.05, "a blurred foreground spreads over what is behind it: {beyond}");
}
