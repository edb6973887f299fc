//! What lies in a crib besides the infant: pillow, plush toys, bumper, blanket; and the monitor on the rail.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;

use super::{bed::Crib, between, mesh::Mesh, relief::Relief};
use crate::{physics::Cloth, seed::Node};

/// A flat pillow on the mattress, about `at`.
pub(super) fn pillow(crib: &Crib, at: Vec3, node: &Node) -> Mesh {
    let half = node.draw("half_m", |rng| {
        vec3(between(0.10, 0.14, rng), between(0.018, 0.035, rng), between(0.15, 0.20, rng))
    });
    let (columns, rows) = (25_usize, 33_usize);
    let mut mesh = Mesh::default();
    for side in [1.0, -1.0] {
        #[expect(clippy::cast_precision_loss, reason = "a small grid")]
        let points: Vec<Vec3> = (0..columns * rows)
            .map(|i| {
                let (u, v) = (
                    (i % columns) as f32 / (columns - 1) as f32 * 2.0 - 1.0,
                    (i / columns) as f32 / (rows - 1) as f32 * 2.0 - 1.0,
                );
                let swell = ((1.0 - u * u) * (1.0 - v * v)).max(0.0).powf(0.42);
                let pinch = 1.0 - 0.06 * (1.0 - u * u) * (1.0 - v * v);
                let x = if side > 0.0 { u } else { -u };
                vec3(
                    at.x + x * half.x / pinch,
                    crib.mattress + half.y * (1.0 + side * swell),
                    at.z + v * half.z / pinch,
                )
            })
            .collect();
        mesh.sheet(&points, columns, |c, r| {
            #[expect(clippy::cast_precision_loss, reason = "a small grid")]
            let uv = Vec2::new(c as f32 * 0.01, r as f32 * 0.011);
            uv
        });
    }
    mesh
}

/// Of how many balls a bear is made: belly and head come first.
pub(super) const BALLS: usize = 9;

/// A plush bear, sitting or lying at `at` (its lowest point), metres tall.
pub(super) fn bear(at: Vec3, tall: f32, lying: bool, node: &Node) -> Mesh {
    let yaw = node.draw("yaw_deg", |rng| between(-180.0, 180.0, rng)).to_radians();
    let s = tall / 0.30;
    let lie = if lying { Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2) } else { Quat::IDENTITY };
    let lift = if lying { 0.062 * s } else { 0.0 };
    let place = Affine3A::from_rotation_translation(Quat::from_rotation_y(yaw) * lie, at + Vec3::Y * lift);
    let mut mesh = Mesh::default();
    let mut part = |x: f32, y: f32, z: f32, half: Vec3| {
        mesh.ball(place * Affine3A::from_translation(vec3(x, y, z) * s), half * s);
    };
    part(0.0, 0.09, 0.0, vec3(0.07, 0.088, 0.06));
    part(0.0, 0.215, 0.005, vec3(0.066, 0.06, 0.058));
    part(0.0, 0.20, 0.058, vec3(0.028, 0.022, 0.022));
    for side in [-1.0, 1.0] {
        part(side * 0.05, 0.265, 0.0, vec3(0.024, 0.024, 0.012));
        part(side * 0.082, 0.12, 0.025, vec3(0.026, 0.055, 0.026));
        part(side * 0.05, 0.03, 0.075, vec3(0.032, 0.03, 0.06));
    }
    mesh
}

/// Padding along the inside of the rails.
pub(super) fn bumper(crib: &Crib, node: &Node) -> Mesh {
    let high = node.draw("high_m", |rng| between(0.18, 0.28, rng));
    let thick = node.draw("half_thickness_m", |rng| between(0.008, 0.018, rng));
    let [length, width] = crib.half;
    let y = crib.mattress + high * 0.5;
    let mut mesh = Mesh::default();
    for side in [-1.0, 1.0] {
        let pieces = 4_u8;
        for i in 0..pieces {
            let step = 2.0 * length / f32::from(pieces);
            let x = -length + step * (f32::from(i) + 0.5);
            mesh.block(vec3(x, y, side * (width - thick)), vec3(step * 0.5, high * 0.5, thick), thick * 0.95);
        }
        mesh.block(
            vec3(side * (length - thick), y, 0.0),
            vec3(thick, high * 0.5, width - 2.0 * thick),
            thick * 0.95,
        );
    }
    mesh
}

/// A blanket's size and how it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    /// Where its middle is dropped, world x and z.
    pub(super) at: Vec2,
    /// Width and length along x and z, metres.
    pub(super) size: Vec2,
    pub(super) yaw: f32,
    /// The nose that it is pulled over.
    pub(super) face: Option<Vec2>,
}

/// A blanket fallen onto body, sheet and pillow.
pub(super) fn blanket(crib: &Crib, relief: &Relief, spread: Spread, node: &Node) -> Cloth {
    let spacing_m = 0.014;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some fifty points")]
    let count = |length: f32| (length / spacing_m).round().max(4.0) as usize + 1;
    let (columns, rows) = (count(spread.size.x), count(spread.size.y));
    // Laid down a little gathered, so that it falls into folds.
    let gathered = node.draw("gathered", |rng| between(0.84, 0.95, rng));
    let phase = node.draw("folds", |rng| [0; 6].map(|_| between(0.0, std::f32::consts::TAU, rng)));
    let (sin, cos) = spread.yaw.sin_cos();
    let relief = &bridged(relief, spread.face);
    let top = relief_top(crib, relief, spread);
    #[expect(clippy::cast_precision_loss, reason = "a small grid")]
    let points = (0..columns * rows)
        .map(|i| {
            let (u, v) = (
                (i % columns) as f32 - (columns - 1) as f32 * 0.5,
                (i / columns) as f32 - (rows - 1) as f32 * 0.5,
            );
            let (x, z) = (u * spacing_m, v * spacing_m);
            // Folds of the length that is missing, in three directions.
            let wave = |k: usize, a: f32, b: f32| (a * x + b * z + phase[k]).sin();
            let lift = 0.012 * (wave(0, 31.0, 9.0) + wave(1, -11.0, 27.0) + wave(2, 22.0, 24.0));
            let aside = 0.010 * (wave(3, 14.0, 19.0) + wave(4, -23.0, 8.0));
            let (x, z) = (x * gathered + aside, z * gathered + 0.008 * wave(5, 17.0, -21.0));
            vec3(spread.at.x + x * cos - z * sin, top + 0.05 + lift, spread.at.y + x * sin + z * cos)
        })
        .collect();
    let stiffness = node.draw("stiffness", |rng| between(0.05, 0.4, rng));
    let mut cloth = Cloth { columns, rows, points, spacing_m, stiffness, offset_m: 0.005 };
    cloth.drape(&under(crib, relief));
    cloth
}

/// Wool bridges what is narrow, except where it lies on a face.
pub(super) fn bridged(relief: &Relief, face: Option<Vec2>) -> Relief {
    relief.widened(3, |at| face.is_some_and(|face| at.distance(face) < 0.085))
}

/// The height on which cloth comes to lie above each place of a bed.
pub(super) fn under<'a>(crib: &'a Crib, relief: &'a Relief) -> impl Fn(Vec2) -> f32 + 'a {
    let [length, width] = crib.half;
    move |p: Vec2| {
        // Rails stand all round: cloth that reaches them climbs, a little, and stays inside.
        let beyond = (p.x.abs() - length + 0.015).max(p.y.abs() - width + 0.015).max(0.0);
        // Above the creases of the sheet too.
        let least = crib.mattress + crib.crease;
        let below = relief.highest(p.x, p.y).unwrap_or(least).max(least);
        below + beyond * 2.2
    }
}

/// The highest place under a blanket.
fn relief_top(crib: &Crib, relief: &Relief, spread: Spread) -> f32 {
    let reach = spread.size.length() * 0.5;
    let mut top = crib.mattress;
    for i in 0..40_u8 {
        for k in 0..40_u8 {
            let at = spread.at + (Vec2::new(f32::from(i), f32::from(k)) / 39.0 * 2.0 - 1.0) * reach;
            top = top.max(relief.highest(at.x, at.y).unwrap_or(crib.mattress));
        }
    }
    top
}

/// A mobile: its frame, clamped to an end of a long side, and the plush stars and balls that hang from it.
pub(super) fn mobile(crib: &Crib, node: &Node) -> (Mesh, Mesh) {
    let end = node.draw("end", |rng| if rng.random::<bool>() { 1.0 } else { -1.0 });
    let high = node.draw("high_m", |rng| between(0.38, 0.52, rng));
    let turn = node.draw("turn_deg", |rng| between(0.0, 90.0, rng)).to_radians();
    let foot = vec3(end * crib.half[0] * 0.72, crib.rail - 0.02, -crib.half[1] - 0.022);
    let (mut frame, mut toys) = (Mesh::default(), Mesh::default());
    frame.block(foot, vec3(0.02, 0.04, 0.026), 0.006);
    // A pole that bends over to the middle.
    let top = vec3(foot.x * 0.6, crib.rail + high, 0.0);
    let steps = 10_u8;
    let bow = |i: u8| {
        let t = f32::from(i) / f32::from(steps);
        let up = (t * 1.7).min(1.0);
        foot.lerp(top, t) * vec3(1.0, 0.0, 1.0)
            + Vec3::Y * (foot.y + (top.y - foot.y) * (1.0 - (1.0 - up).powi(2)))
    };
    for i in 0..steps {
        frame.bar(bow(i), bow(i + 1), 0.006, 8);
        frame.ball(Affine3A::from_translation(bow(i + 1)), Vec3::splat(0.006));
    }
    let hub = top - Vec3::Y * 0.05;
    frame.bar(top, hub, 0.003, 6);
    frame.ball(Affine3A::from_translation(hub), vec3(0.022, 0.014, 0.022));
    for arm in 0..4_u8 {
        let angle = turn + f32::from(arm) * std::f32::consts::FRAC_PI_2;
        let out = hub + vec3(angle.cos(), 0.0, angle.sin()) * 0.13;
        frame.bar(hub, out, 0.004, 6);
        let long = node.child("string", usize::from(arm)).draw("long_m", |rng| between(0.07, 0.14, rng));
        let low = out - Vec3::Y * long;
        frame.bar(out, low, 0.0012, 4);
        let place = Affine3A::from_rotation_translation(Quat::from_rotation_y(angle), low);
        if arm % 2 == 0 {
            toys.ball(place, vec3(0.03, 0.026, 0.03));
        } else {
            // A cloud.
            for (x, y, size) in [(-0.022, -0.004, 0.018), (0.0, 0.004, 0.024), (0.024, -0.004, 0.017)] {
                toys.ball(place * Affine3A::from_translation(vec3(x, y, 0.0)), vec3(size, size, 0.016));
            }
        }
    }
    (frame, toys)
}

/// A baby monitor clamped to the rail.
pub(super) fn monitor(crib: &Crib, x: f32) -> Mesh {
    let mut mesh = Mesh::default();
    let at = vec3(x, crib.rail, -crib.half[1] - 0.022);
    mesh.block(at + vec3(0.0, 0.0, 0.0), vec3(0.022, 0.03, 0.024), 0.006);
    mesh.bar(at, at + Vec3::Y * 0.07, 0.008, 10);
    mesh.ball(Affine3A::from_translation(at + Vec3::Y * 0.10), vec3(0.036, 0.042, 0.034));
    mesh.bar(at + vec3(0.0, 0.104, 0.026), at + vec3(0.0, 0.102, 0.040), 0.014, 14);
    mesh
}
