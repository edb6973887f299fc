//! A pacifier: in the mouth, or lost beside the head.

use glam::{Affine3A, Mat3A, Quat, Vec3, vec3};
use rand::RngExt;

use super::{
    Present, anatomy::Anatomy, bed::Crib, between, lying::Laid, mesh::Mesh, posture::Posture, relief::Relief,
};
use crate::{config::Scenario, seed::Node};

/// Half the shield's width, height and thickness, metres.
const SHIELD_M: Vec3 = vec3(0.020, 0.0125, 0.0028);
/// How far before the lips its inner side is, metres.
const OFF_M: f32 = 0.0012;
/// How often a place beside the head is tried.
const TRIES: usize = 8;

/// Where an infant's pacifier is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pacifier {
    None,
    In,
    Lost,
}

impl Pacifier {
    /// `likely` is the probability of one.
    pub(super) fn draw(likely: f32, scenario: Scenario, posture: Posture, asleep: bool, node: &Node) -> Self {
        let node = node.child("pacifier", 0);
        let there = node.draw("there", |rng| rng.random::<f32>() < likely);
        // Most sleepers have lost it.
        let kept = node.draw("kept", |rng| rng.random_bool(if asleep { 0.55 } else { 0.75 }));
        // Nothing else lies on the mouth, and the mattress does not press it.
        let free = !matches!(
            scenario,
            Scenario::ProneFaceDown
                | Scenario::BlanketOverFace
                | Scenario::HeadCovered
                | Scenario::SoftToyOnFace
                | Scenario::PullingBlanket
                | Scenario::CordNearNeck
                | Scenario::WedgedBetweenMattressAndRail
                | Scenario::Rolling
        ) && posture != Posture::Prone;
        match (there, kept) {
            (false, _) => Self::None,
            (true, true) if free => Self::In,
            _ if posture.lies() && scenario != Scenario::PickedUp => Self::Lost,
            _ => Self::None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::In => "in",
            Self::Lost => "lost",
        }
    }
}

/// One with the nipple towards -Z, in its own frame.
fn made(node: &Node) -> Mesh {
    let ring = node.draw("ring", |rng| rng.random_bool(0.6));
    let mut mesh = Mesh::default();
    mesh.ball(Affine3A::IDENTITY, SHIELD_M);
    mesh.ball(Affine3A::from_translation(vec3(0.0, 0.0, 0.0045)), vec3(0.0085, 0.0085, 0.005));
    if ring {
        let at = |i: u8| {
            let (sin, cos) = (f32::from(i) / 16.0 * std::f32::consts::TAU).sin_cos();
            vec3(0.0105 * cos, -0.010 + 0.0105 * sin, 0.0085)
        };
        for i in 0..16 {
            mesh.bar(at(i), at(i + 1), 0.0014, 6);
        }
    }
    mesh
}

/// In the mouth: right before the lips of the face as it is posed.
pub(super) fn in_mouth(present: &Present, anatomy: &Anatomy, node: &Node) -> Mesh {
    let (posed, body) = (&present.laid.posed, &present.infant.body);
    let head = anatomy.joint("head");
    let frame = posed.world_from_joint[head];
    let mouth = frame.transform_point3(body.mouth - body.joints[head]);
    let [right, up, ahead] =
        [frame.matrix3.x_axis, frame.matrix3.y_axis, frame.matrix3.z_axis].map(Vec3::from);
    let scale = (present.infant.size.length_m / 0.65).clamp(0.85, 1.1);
    let faces = anatomy.parts.iter().position(|part| part.name == "skin.face");
    let within = |p: &&Vec3| {
        let off = **p - mouth;
        let at = vec3(off.dot(right) / SHIELD_M.x, (off.dot(up) + 0.003) / SHIELD_M.y, 0.0) / scale;
        // The nose lies above its upper edge.
        at.length_squared() < 1.1 && off.dot(up) < 0.008
    };
    let lips = faces
        .into_iter()
        .flat_map(|part| &posed.parts[part])
        .filter(within)
        .map(|p| (*p - mouth).dot(ahead))
        .fold(0.0, f32::max);
    let at = mouth + ahead * (lips + OFF_M + SHIELD_M.z * scale * 0.5) - up * 0.003;
    let turn = Quat::from_mat3a(&Mat3A::from_cols(right.into(), up.into(), ahead.into()));
    made(node).moved(Affine3A::from_scale_rotation_translation(Vec3::splat(scale), turn, at))
}

/// Lost on the mattress beside the head; `None` where there is no room.
pub(super) fn beside(
    laid: &Laid,
    anatomy: &Anatomy,
    crib: &Crib,
    relief: &Relief,
    node: &Node,
) -> Option<Mesh> {
    let head = laid.posed.joints[anatomy.joint("head")];
    let bodies = relief.widened(3, |_| false);
    let mesh = made(node);
    (0..TRIES).find_map(|index| {
        let child = node.child("place", index);
        let [aside, along, turn] = child.draw("lost", |rng| {
            let side = if rng.random::<bool>() { 1.0 } else { -1.0 };
            [side * between(0.08, 0.18, rng), between(-0.05, 0.12, rng), between(-3.1, 3.1, rng)]
        });
        let at = vec3(
            head.x + laid.towards_head * along,
            crib.mattress + crib.crease + SHIELD_M.z,
            head.z + aside,
        );
        let free_x = at.x.abs() < crib.half[0] - 0.05;
        let free_z = at.z > crib.bed[0] + 0.05 && at.z < crib.bed[1] - 0.05;
        // The shield lies flat, its button up.
        let flat = Quat::from_rotation_y(turn) * Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2);
        let lost = mesh.clone().moved(Affine3A::from_rotation_translation(flat, at));
        (free_x && free_z && !bodies.meets(&lost.positions)).then_some(lost)
    })
}
