//! Dangers that are built: a limb through the slats, a cord across the neck.

use glam::{Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    body::Body,
    laying::Laid,
    mesh::Mesh,
    posture::{Angles, LEGS},
    relief::Relief,
    settle::Ground,
};
use crate::seed::Node;

/// Lays a supine body so near to a long side that one leg, spread, goes out between two slats as far as the knee.
/// `flipped` is whether the head points towards +X.
pub(super) fn leg_through(
    anatomy: &Anatomy,
    body: &Body,
    crib: &Crib,
    flipped: bool,
    (ground, angles): (&mut Ground, &mut Angles),
    node: &Node,
) {
    let front = node.draw("front_side", |rng| rng.random::<bool>());
    let side = if front { 1.0 } else { -1.0 };
    // On its back with the head towards -X, the left of a body is at -Z.
    let left = front == flipped;
    let letter = if left { "l" } else { "r" };
    let [hip, knee, foot] = ["thigh", "calf", "foot"].map(|name| anatomy.joint(&format!("{name}_{letter}")));
    let (thigh, shank) =
        (body.joints[hip].distance(body.joints[knee]), body.joints[knee].distance(body.joints[foot]));
    let rail = crib.half[1];
    let at = LEGS[usize::from(!left)];
    let leg = node.draw("leg_deg", |rng| {
        [between(8.0, 30.0, rng), between(58.0, 74.0, rng), between(4.0, 24.0, rng), between(20.0, 60.0, rng)]
    });
    angles[at..at + 4].copy_from_slice(&leg.map(f32::to_radians));
    let inside = node.draw("knee_inside_m", |rng| between(0.015, 0.05, rng));
    ground.yaw = glam::Quat::from_rotation_y(if flipped { std::f32::consts::PI } else { 0.0 });
    ground.at.z = side * (rail - inside - 0.86 * thigh - body.joints[hip].x.abs());
    // Legs point away from the head; the gap nearest to where the leg would go.
    let feet = if flipped { -1.0 } else { 1.0 };
    let gap = crib.gap_near(ground.at.x + feet * 0.30 * thigh);
    let height = crib.mattress + node.draw("height_m", |rng| between(0.045, 0.07, rng));
    ground.reach.push((knee, vec3(gap, height, side * (rail - inside))));
    ground.reach.push((foot, vec3(gap, height - 0.012, side * (rail - inside + 0.97 * shank))));
    ground.through = vec![knee, foot, anatomy.joint(&format!("ball_{letter}"))];
}

/// A blind's cord: hangs from the rail of a long side, lies across the neck and ends on the mattress.
pub(super) fn cord(laid: &Laid, anatomy: &Anatomy, crib: &Crib, relief: &Relief, node: &Node) -> Mesh {
    let radius = node.draw("radius_m", |rng| between(0.0022, 0.004, rng));
    let side = if node.draw("front_side", |rng| rng.random::<bool>()) { 1.0 } else { -1.0 };
    // The throat: from above, the chin hides the neck's own joint.
    let joint = |name: &str| laid.posed.joints[anatomy.joint(name)];
    let neck = joint("neck_01").lerp(joint("spine_03"), 0.3);
    let tail = node
        .draw("tail", |rng| [between(0.10, 0.24, rng), between(-0.12, 0.12, rng), between(0.0, 6.3, rng)]);
    let rail = side * (crib.half[1] - 0.012);
    // Seen from above: from below the rail to the neck, across it, and on in a curve.
    let (start, end) = (rail, neck.z - side * (0.06 + tail[0]));
    let steps = 72_u8;
    let mut points: Vec<Vec3> = (0..=steps)
        .map(|i| {
            let t = f32::from(i) / f32::from(steps);
            let z = (start + (end - start) * t).clamp(-crib.half[1] + 0.02, crib.half[1] - 0.012);
            let past = ((neck.z - side * 0.05 - z) * side).max(0.0);
            let sway = 0.016 * (t * 9.0 + tail[2]).sin() + tail[1] * (past / 0.2).min(1.2).powi(2);
            let x = (neck.x + sway).clamp(-crib.half[0] + 0.02, crib.half[0] - 0.02);
            let below = relief.highest(x, z).unwrap_or(crib.mattress).max(crib.mattress);
            vec3(x, below + radius, z)
        })
        .collect();
    // A cord bridges what is narrow: taut over the hollows, never below the surface.
    let floor: Vec<f32> = points.iter().map(|p| p.y).collect();
    for _ in 0..14 {
        for i in 1..points.len() - 1 {
            let middle = (points[i - 1].y + points[i + 1].y) * 0.5;
            points[i].y = points[i].y.max(middle * 0.96 + floor[i] * 0.04).max(floor[i]);
        }
    }
    let first = points[0];
    points.insert(0, vec3(first.x + 0.006, crib.rail - 0.004, rail));
    let mut mesh = Mesh::default();
    for pair in points.windows(2) {
        mesh.bar(pair[0], pair[1], radius, 8);
    }
    for p in &points {
        mesh.ball(glam::Affine3A::from_translation(*p), Vec3::splat(radius));
    }
    mesh
}
