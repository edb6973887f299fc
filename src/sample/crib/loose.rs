//! What lies loose in a crib, and where: toys on and beside the infant, a blanket.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    lying::Laid,
    mesh::Mesh,
    onward,
    relief::Relief,
    things::{self, Spread},
};
use crate::{
    config::{CribRecipe, Scenario},
    sample::moment::Moment,
    scene::Event,
    seed::Node,
};

/// The end of the crib that a pillow belongs to: the infant's head's, -1 or 1; any when there is none.
pub(super) fn free_end(laid: Option<&Laid>) -> f32 {
    laid.map_or(1.0, |laid| laid.towards_head)
}

/// A plush toy that lies over nose and mouth.
pub(super) fn toy_on_face(laid: &Laid, anatomy: &Anatomy, relief: &Relief, node: &Node) -> Mesh {
    let (part, vertex) = anatomy.landmarks["nose"];
    let nose = laid.posed.parts[part][vertex];
    let tall = node.draw("tall_m", |rng| between(0.20, 0.27, rng));
    let mesh = things::bear(vec3(nose.x, 0.0, nose.z), tall, true, node);
    // Moved so that its belly is over the nose, then lowered until it touches.
    let centre = mesh.positions.iter().copied().sum::<Vec3>()
        / f32::from(u16::try_from(mesh.positions.len()).unwrap_or(1));
    let shift = vec3(nose.x - centre.x, 0.0, nose.z - centre.z);
    // Of eight ways round, the one in which neither chest nor pillow keeps it off the face.
    let ways = (0..8_u8).map(|eighth| {
        let turn = Quat::from_rotation_y(f32::from(eighth) * std::f32::consts::FRAC_PI_4);
        lowered(mesh.clone().turned(centre, turn), shift, relief, nose.y - 0.004)
    });
    let lowest = |mesh: &Mesh| mesh.positions.iter().map(|p| p.y).fold(f32::MAX, f32::min);
    let mut mesh = ways.min_by(|a, b| lowest(a).total_cmp(&lowest(b))).unwrap_or(mesh);
    // Plush gives way to a face: it sinks on, and what would be inside of the head is pressed to its surface.
    let sink = node.draw("sink_m", |rng| between(0.016, 0.026, rng));
    for p in &mut mesh.positions {
        p.y -= sink;
        if let Some(skin) = relief.highest(p.x, p.z).filter(|skin| *skin > p.y - 0.001 && *skin < p.y + 0.06)
        {
            p.y = skin + 0.001;
        }
    }
    mesh
}

/// A toy that falls from the rail onto where it then lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fall {
    start_s: f32,
    length_s: f32,
    /// From where it comes to lie to its place on the rail.
    from: Vec3,
    /// Upright on the rail: about this axis by a right angle.
    axis: Vec3,
    middle: Vec3,
}

impl Fall {
    /// Of a toy that lies, in a film of some length; `None` where it lies there from the beginning.
    pub(super) fn draw(toy: &Mesh, crib: &Crib, seconds: f32, node: &Node) -> Option<Self> {
        let count = toy.positions.len() / things::BALLS;
        #[expect(clippy::cast_precision_loss, reason = "some hundred points")]
        let mean = |points: &[Vec3]| points.iter().sum::<Vec3>() / points.len().max(1) as f32;
        let (belly, head) = (mean(&toy.positions[..count]), mean(&toy.positions[count..2 * count]));
        let side = if belly.z < 0.0 { -1.0 } else { 1.0 };
        // Seated, its belly is about as high above what it sits on as it is long to the head.
        let seat = vec3(belly.x, crib.rail + 0.6 * belly.distance(head), side * (crib.half[1] + 0.01));
        let from = seat - belly;
        let length_s = (2.0 * from.y.max(0.05) / 9.81).sqrt() * 1.25;
        let falls = node.draw("falls", |rng| rng.random_bool(0.7));
        let share = node.draw("falls_at", |rng| between(0.2, 0.6, rng));
        let axis = (head - belly).cross(Vec3::Y).normalize_or(Vec3::X);
        falls.then_some(Self { start_s: share * seconds, length_s, from, axis, middle: belly })
    }

    /// The toy `t` seconds after the film's beginning: it topples in over the rail, turning, and falls.
    pub(super) fn at(&self, toy: Mesh, t: f32) -> Mesh {
        let x = ((t - self.start_s) / self.length_s).clamp(0.0, 1.0);
        let (aside, down) = ((1.0 - x).powi(2), 1.0 - x * x);
        let turn = Quat::from_axis_angle(self.axis, aside * std::f32::consts::FRAC_PI_2);
        let shift = self.from * vec3(aside, down, aside);
        toy.turned(self.middle, turn).moved(Affine3A::from_translation(shift))
    }

    pub(super) fn event(&self, moment: &Moment) -> Event {
        moment.event("toy_falls", self.start_s, self.start_s + self.length_s)
    }
}

/// A plush toy on a free place of the mattress.
pub(super) fn toy_beside(crib: &Crib, relief: &Relief, node: &Node) -> Mesh {
    let tall = node.draw("tall_m", |rng| between(0.14, 0.28, rng));
    let lying = node.draw("lying", |rng| rng.random_bool(0.5));
    let place = node.draw("place", |rng| {
        vec3(
            between(-1.0, 1.0, rng) * (crib.half[0] - 0.13),
            0.0,
            (crib.bed[0] + crib.bed[1]) * 0.5
                + between(-1.0, 1.0, rng) * ((crib.bed[1] - crib.bed[0]) * 0.5 - 0.122),
        )
    });
    let mesh = things::bear(place, tall, lying, node);
    lowered(mesh, Vec3::ZERO, relief, crib.mattress)
}

/// Moved aside by `shift`, then down until it touches what lies below it, `least` at the lowest.
fn lowered(mut mesh: Mesh, shift: Vec3, relief: &Relief, least: f32) -> Mesh {
    let lowest = mesh.positions.iter().map(|p| p.y).fold(f32::MAX, f32::min);
    mesh.positions.iter_mut().for_each(|p| *p += shift - Vec3::Y * lowest);
    let rise = mesh
        .positions
        .iter()
        .map(|p| relief.highest(p.x, p.z).unwrap_or(least).max(least) - p.y)
        .filter(|rise| *rise < least + 0.4)
        .fold(least, f32::max);
    // Plush gives way a little.
    mesh.positions.iter_mut().for_each(|p| p.y += rise - 0.006);
    mesh
}

/// Where a blanket is spread, if there is one.
pub(super) fn blanket(
    scenario: Scenario,
    laid: Option<&Laid>,
    anatomy: &Anatomy,
    crib: &Crib,
    recipe: &CribRecipe,
    node: &Node,
) -> Option<Spread> {
    let whole_head = scenario == Scenario::HeadCovered;
    let over_face = whole_head || scenario == Scenario::BlanketOverFace;
    #[expect(clippy::cast_possible_truncation, reason = "a probability")]
    let there = node.draw("there", |rng| rng.random::<f32>() < recipe.blanket.sample(rng) as f32);
    let upright = matches!(
        scenario,
        Scenario::Sitting
            | Scenario::OnAllFours
            | Scenario::PullingUp
            | Scenario::Standing
            | Scenario::ClimbingOut
    );
    let free = matches!(
        scenario,
        Scenario::SafeSupine
            | Scenario::SoftToyOnFace
            | Scenario::LimbThroughSlats
            | Scenario::CordNearNeck
            | Scenario::WedgedBetweenMattressAndRail
            | Scenario::CaregiverPresent
            | Scenario::PickedUp
    );
    let pulled = scenario == Scenario::PullingBlanket;
    if !(over_face || pulled || there) || free {
        return None;
    }
    let size = node.draw("size_m", |rng| Vec2::new(between(0.55, 0.8, rng), between(0.5, 0.62, rng)));
    let yaw = node.draw("yaw_deg", |rng| between(-14.0, 14.0, rng)).to_radians();
    let (Some(laid), false) = (laid, upright) else {
        // Beside whoever sits, or in an empty bed.
        let x = node.draw("x_m", |rng| between(-0.4, 0.4, rng));
        let end = laid.map_or(1.0, |laid| if laid.middle().x > 0.0 { -1.0 } else { 1.0 });
        let at = Vec2::new(if laid.is_some() { end * crib.half[0] * 0.55 } else { x * crib.half[0] }, 0.0);
        return Some(Spread { at, size: Vec2::new(size.y * 0.8, size.y * 0.9), yaw, face: None });
    };
    let joint = |name: &str| laid.posed.joints[anatomy.joint(name)];
    let (part, vertex) = anatomy.landmarks["nose"];
    let nose = laid.posed.parts[part][vertex];
    let edge = if pulled {
        // Its edge is in the hands.
        let hands = onward::held(anatomy, laid);
        (hands[0].x + hands[1].x) * 0.5 + laid.towards_head * 0.03
    } else if over_face {
        // Beyond the nose, towards the crown.
        let beyond = if whole_head { [0.18, 0.26] } else { [0.05, 0.13] };
        nose.x + laid.towards_head * node.draw("beyond_m", |rng| between(beyond[0], beyond[1], rng))
    } else {
        let chest = joint("spine_03").x;
        let waist = joint("pelvis").x;
        let share: f32 = node.draw("edge_share", |rng| between(-0.3, 0.9, rng));
        waist + (chest - waist) * share
    };
    let at = Vec2::new(edge - laid.towards_head * size.x * 0.47, joint("pelvis").z * 0.5 + nose.z * 0.5);
    let face = (over_face || pulled).then_some(Vec2::new(nose.x, nose.z));
    Some(Spread { at, size, yaw: yaw * if over_face || pulled { 0.5 } else { 1.0 }, face })
}
