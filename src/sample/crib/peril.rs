//! Dangers that are built: a limb through the slats, a body in a gap beside the mattress, a cord across the neck.

use glam::{Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    body::Body,
    lying::Laid,
    mesh::Mesh,
    posture::{ARMS, Angles, LEGS, Posture},
    relief::Relief,
    settle::{Gap, Ground},
};
use crate::{config::Scenario, seed::Node};

/// Thickness of a dressed knee, the thickest that goes out between slats, as a share of the body's length.
const KNEE_SHARE: f32 = 0.105;
/// Clothes, folds and what lies between the points of skin that are felt stand out by this much, metres.
const CLOTH_M: f32 = 0.019;

/// Lays a supine body so near to a long side that one limb goes out between two slats: a leg as far as the knee, or an
/// arm as far as the elbow. `flipped` is whether the head points towards +X.
pub(super) fn limb_through(
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
    let arm = node.draw("arm", |rng| rng.random_bool(0.45));
    let names = if arm { ["upperarm", "lowerarm", "hand"] } else { ["thigh", "calf", "foot"] };
    let [root, bend, end] = names.map(|name| anatomy.joint(&format!("{name}_{letter}")));
    let joints = &body.joints;
    let (upper, lower) = (joints[root].distance(joints[bend]), joints[bend].distance(joints[end]));
    let rail = crib.half[1];
    // Degrees of the limb; how much of its upper part points to the side; where along the body, towards the head, it
    // goes out; how high.
    let (at, degrees, aside, ahead, height) = if arm {
        let degrees = node.draw("arm_deg", |rng| {
            [
                between(72.0, 100.0, rng),
                between(-6.0, 14.0, rng),
                between(4.0, 20.0, rng),
                between(-30.0, 30.0, rng),
            ]
        });
        let height = node.draw("height_m", |rng| between(0.03, 0.055, rng));
        (ARMS[usize::from(!left)], degrees, 0.97, joints[root].y + 0.1 * upper, height)
    } else {
        let degrees = node.draw("leg_deg", |rng| {
            [
                between(8.0, 30.0, rng),
                between(58.0, 74.0, rng),
                between(4.0, 24.0, rng),
                between(20.0, 60.0, rng),
            ]
        });
        let height = node.draw("height_m", |rng| between(0.045, 0.07, rng));
        (LEGS[usize::from(!left)], degrees, 0.86, -0.30 * upper, height)
    };
    angles[at..at + 4].copy_from_slice(&degrees.map(f32::to_radians));
    let inside =
        node.draw(
            "knee_inside_m",
            |rng| if arm { between(0.005, 0.025, rng) } else { between(0.015, 0.05, rng) },
        );
    ground.yaw = glam::Quat::from_rotation_y(if flipped { std::f32::consts::PI } else { 0.0 });
    ground.at.z = side * (rail - inside - aside * upper - joints[root].x.abs());
    // The gap nearest to where the limb would go; the body moves along until it is right there.
    let towards_head = if flipped { 1.0 } else { -1.0 };
    let slot = crib.slot_near(ground.at.x + towards_head * ahead, side);
    let gap = slot.x;
    ground.at.x = gap - towards_head * ahead;
    ground.slot = Some(slot);
    let height = crib.mattress + height;
    ground.reach.push((bend, vec3(gap, height, side * (rail - inside))));
    ground.reach.push((end, vec3(gap, height - 0.012, side * (rail - inside + 0.97 * lower))));
    let ends: &[&str] = if arm { &["thumb_", "index_", "middle_", "ring_", "pinky_"] } else { &["ball"] };
    let beyond = anatomy.joints.iter().filter(|(name, _)| {
        ends.iter().any(|end| name.starts_with(end)) && name.ends_with(&format!("_{letter}"))
    });
    ground.through = [bend, end].into_iter().chain(beyond.map(|(_, joint)| *joint)).collect();
}

/// How much room there must be behind the crib, metres: limbs that go out there do not go through a wall.
pub(super) fn clearance(scenario: Scenario) -> f32 {
    match scenario {
        Scenario::LimbThroughSlats => 0.35,
        Scenario::Standing | Scenario::PullingUp => 0.2,
        _ => 0.0,
    }
}

/// The crib that a danger needs, for an infant of this length: slats of which a limb fits between two; a mattress that
/// is too narrow, and leaves a gap that takes part of a body.
pub(super) fn adapted(crib: Crib, scenario: Scenario, length_m: f32, node: &Node) -> Crib {
    match scenario {
        Scenario::LimbThroughSlats => crib.with_slats_apart(KNEE_SHARE * length_m),
        Scenario::WedgedBetweenMattressAndRail => gapped(crib, length_m, &node.child("gap", 0)),
        _ => crib,
    }
}

fn gapped(crib: Crib, length_m: f32, node: &Node) -> Crib {
    let front = node.draw("front_side", |rng| rng.random::<bool>());
    let width = length_m * node.draw("share", |rng| between(0.12, 0.175, rng));
    crib.with_gap(front, width)
}

/// Lays a body on its side along the gap, into which it then slips; it faces the mattress or the slats, as it comes.
pub(super) fn wedge(
    posture: Posture,
    crib: &Crib,
    flipped: bool,
    (ground, angles): (&mut Ground, &mut Angles),
    node: &Node,
) {
    let side = crib.gap_side().unwrap_or(-1.0);
    let edge = crib.bed[usize::from(side > 0.0)];
    let wall = crib.inner_side() - CLOTH_M;
    ground.gap = Some(Gap { edge, side, board: crib.board() });
    ground.bounds = ground.bounds.map(|[low, high]| [Vec2::new(low.x, -wall), Vec2::new(high.x, wall)]);
    let share = node.draw("into_gap", |rng| between(0.3, 0.6, rng));
    ground.at.z = edge + (side * wall - edge) * share;
    // On its left side with the head towards -X it faces -Z.
    let faces = if (posture == Posture::LeftSide) == flipped { 1.0 } else { -1.0 };
    let lower = usize::from(posture == Posture::RightSide);
    let limbs = node.draw("wedged_deg", |rng| {
        let mut along = |most: f32| between(0.0, most, rng);
        // The lower limbs go down beside the body, the upper ones along it, or over the mattress that it faces.
        let mut arms = [[8.0 + along(16.0), along(20.0), along(35.0), along(20.0)]; 2];
        let mut legs = [[along(16.0), along(8.0), along(30.0), along(10.0)]; 2];
        if faces != side {
            arms[1] = [40.0 + along(45.0), 55.0 + along(35.0), 15.0 + along(60.0), along(20.0)];
            legs[1] = [45.0 + along(45.0), 6.0 + along(14.0), 30.0 + along(60.0), along(10.0)];
        }
        [arms, legs]
    });
    for (starts, of) in [ARMS, LEGS].into_iter().zip(limbs) {
        for (limb, degrees) in [lower, 1 - lower].into_iter().zip(of) {
            angles[starts[limb]..starts[limb] + 4].copy_from_slice(&degrees.map(f32::to_radians));
        }
    }
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
