//! How a scenario lays an infant into its crib, and things onto and beside it.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    body::Posed,
    mesh::Mesh,
    motion::Bearing,
    peril,
    posture::{self, Angles, Face, Manner, Posture},
    relief::Relief,
    settle::{Ground, Rest, settle},
    things::{self, Spread},
    wear::Infant,
};
use crate::{
    config::{CribRecipe, Scenario},
    scene::Model,
    seed::Node,
};

/// No part of a lying body sinks deeper into the mattress, metres.
const DEEPEST_M: f32 = 0.04;

/// Arms and legs in the middle of rolling over, degrees, in the order of the posture's angles: beside the head and
/// straight, so that no limb is in the way.
const ROLLING_DEG: [f32; 16] =
    [150.0, 15.0, 45.0, -60.0, 150.0, 15.0, 45.0, -60.0, 4.0, 6.0, 18.0, 10.0, 12.0, 8.0, 30.0, 10.0];

/// An infant that has come to rest, before its skin is: what all instants of a film share.
#[derive(Debug)]
pub(super) struct Lying {
    pub(super) posture: Posture,
    /// Where it rests; and where it comes to rest next, if it rolls.
    rests: Vec<Rest>,
    /// The lowest point of each of those, metres above the floor.
    lowest: Vec<f32>,
    /// Curl of the fingers, radians.
    curl: f32,
    /// Of the folds of its clothes.
    phases: [f32; 5],
    /// Height that it must not sink below, metres; `None` where a rail carries it.
    floor: Option<f32>,
    towards_head: f32,
}

/// An infant in its crib, as it is seen.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    pub(super) posed: Posed,
    pub(super) angles: Angles,
    /// The way from the pelvis to the head, along X: -1 or 1.
    pub(super) towards_head: f32,
}

impl Laid {
    /// Middle of chest and pelvis.
    pub(super) fn middle(&self) -> Vec3 {
        self.posed.joints.iter().copied().sum::<Vec3>()
            / f32::from(u16::try_from(self.posed.joints.len()).unwrap_or(1))
    }

    /// What it is to things that lie on it.
    pub(super) fn relief(&self, anatomy: &Anatomy, infant: &Infant, crib: &Crib) -> Relief {
        let mut relief = Relief::new(Vec2::from_array(crib.half));
        for part in anatomy.visible(&infant.worn) {
            relief.add(&self.posed.parts[part], &anatomy.triangles[part]);
        }
        relief
    }

    /// Middle and half extents of the box round what is to be seen.
    pub(super) fn extent(&self, anatomy: &Anatomy, worn: &[&'static str], head: bool) -> (Vec3, Vec3) {
        let of_head =
            |name: &str| matches!(name, "skin.face" | "skin.head" | "hat") || name.starts_with("hair");
        let points = anatomy
            .visible(worn)
            .into_iter()
            .filter(|&part| !head || of_head(&anatomy.parts[part].name))
            .flat_map(|part| self.posed.parts[part].iter().copied());
        let (low, high) = points.fold((Vec3::MAX, Vec3::MIN), |(l, h), p| (l.min(p), h.max(p)));
        ((low + high) * 0.5, (high - low) * 0.5)
    }
}

/// The posture that a scenario asks for; `None` for an empty crib.
pub(super) fn posture(scenario: Scenario, root: &Node) -> Option<Posture> {
    let left = || root.child("infant", 0).draw("left_side", |rng| rng.random::<bool>());
    Some(match scenario {
        Scenario::SafeSupine
        | Scenario::BlanketOverFace
        | Scenario::HeadCovered
        | Scenario::SoftToyOnFace
        | Scenario::LimbThroughSlats
        | Scenario::CordNearNeck
        | Scenario::Rolling => Posture::Supine,
        Scenario::Side => {
            if left() {
                Posture::LeftSide
            } else {
                Posture::RightSide
            }
        }
        Scenario::Prone | Scenario::ProneFaceDown => Posture::Prone,
        Scenario::Sitting => Posture::Sitting,
        Scenario::OnAllFours => Posture::OnAllFours,
        Scenario::Standing => Posture::Standing,
        Scenario::ClimbingOut => Posture::Climbing,
        Scenario::EmptyCrib => return None,
    })
}

/// The youngest age of a scenario, months (see `config::limits`, which refuses what cannot be).
pub(super) fn youngest(scenario: Scenario) -> f32 {
    match scenario {
        Scenario::Rolling => 3.0,
        Scenario::Sitting => 5.0,
        Scenario::OnAllFours => 6.0,
        Scenario::Standing => 7.5,
        Scenario::ClimbingOut => 10.0,
        _ => 0.0,
    }
}

/// Whether eyes are closed.
pub(super) fn asleep(scenario: Scenario, night: bool, node: &Node) -> bool {
    let likely = match scenario {
        Scenario::Sitting | Scenario::OnAllFours | Scenario::Standing | Scenario::ClimbingOut => 0.0,
        Scenario::ProneFaceDown | Scenario::BlanketOverFace | Scenario::HeadCovered => 0.9,
        Scenario::Rolling => 0.3,
        _ if night => 0.85,
        _ => 0.6,
    };
    node.draw("asleep", |rng| rng.random_bool(likely))
}

/// Draws a pose and lets it come to rest.
pub(super) fn rest(
    anatomy: &Anatomy,
    model: &Model,
    infant: &Infant,
    crib: &Crib,
    scenario: Scenario,
    root: &Node,
    node: &Node,
) -> Lying {
    let posture = posture(scenario, root).unwrap_or(Posture::Supine);
    let face = match scenario {
        Scenario::ProneFaceDown => Face::Down,
        Scenario::BlanketOverFace | Scenario::HeadCovered | Scenario::SoftToyOnFace => Face::Up,
        _ => Face::Free,
    };
    let mut angles = within_clothes(posture::draw(Manner { posture, face }, node), infant);
    let length = infant.size.length_m;
    let [half_length, half_width] = crib.half;
    let flipped = node.draw("flipped", |rng| rng.random::<bool>());
    let towards_head = if flipped { 1.0 } else { -1.0 };
    let spin = node.draw("yaw_deg", |rng| {
        let most = if posture.lies() { 16.0 } else { 40.0 };
        (between(-0.5, 0.5, rng) + between(-0.5, 0.5, rng)) * most
    });
    let room = (half_length - 0.58 * length).max(0.02);
    let at = node.draw("place", |rng| {
        let x = towards_head * -0.045 * length + between(-1.0, 1.0, rng) * room * 0.7;
        vec3(x, 0.0, between(-0.25, 0.25, rng) * half_width)
    });
    let mut ground = Ground {
        yaw: Quat::from_rotation_y(spin.to_radians() + if flipped { std::f32::consts::PI } else { 0.0 }),
        at,
        tone: node.draw("tone", |rng| between(3.0, 14.0, rng)) * if posture.lies() { 1.0 } else { 12.0 },
        reach: Vec::new(),
        through: Vec::new(),
        pelvis: None,
        face_down: face == Face::Down,
        height: crib.mattress,
        half: Some([half_length - 0.012, half_width - 0.012]),
    };
    match posture {
        Posture::Sitting => {
            ground.yaw = Quat::from_rotation_y(
                node.draw("facing_deg", |rng| between(-180.0, 180.0, rng)).to_radians(),
            );
            ground.at = vec3(at.x.clamp(-half_length + 0.3, half_length - 0.3), 0.0, at.z * 0.5);
        }
        _ if scenario == Scenario::LimbThroughSlats => {
            peril::leg_through(anatomy, &infant.body, crib, flipped, (&mut ground, &mut angles), node);
        }
        _ if scenario == Scenario::Rolling => {
            // At a side, with room to roll to the other.
            ground.at.z = if at.z < 0.0 { -0.32 } else { 0.32 } * half_width;
        }
        Posture::Standing | Posture::Climbing => stand(anatomy, crib, length, posture, &mut ground, node),
        _ => {}
    }
    let mut rests = vec![settle(anatomy, model, &infant.body, posture, &angles, &ground)];
    if scenario == Scenario::Rolling {
        rests.extend(roll(anatomy, model, infant, (&mut ground, half_width), flipped, node));
    }
    let curl = node.draw("curl_deg", |rng| between(12.0, 62.0, rng)).to_radians();
    let phases = node.draw("folds", |rng| [0; 5].map(|_| between(0.0, std::f32::consts::TAU, rng)));
    let floor =
        (!matches!(posture, Posture::Standing | Posture::Climbing)).then_some(ground.height - DEEPEST_M);
    let mut lying = Lying { posture, rests, lowest: Vec::new(), curl, phases, floor, towards_head };
    if lying.rests.len() > 1 {
        let worn = anatomy.visible(&infant.worn);
        lying.lowest = lying
            .rests
            .iter()
            .map(|rest| {
                let posed = lying.posed(anatomy, model, infant, &rest.angles, rest.root, 0.0);
                lowest(&posed, &worn).max(floor.unwrap_or(f32::MIN))
            })
            .collect();
    }
    lying
}

/// Legs share a sack.
fn within_clothes(mut angles: Angles, infant: &Infant) -> Angles {
    if infant.worn.contains(&"sack") {
        for leg in posture::LEGS {
            angles[leg] = angles[leg].min(0.6);
            angles[leg + 1] = angles[leg + 1].min(0.45);
            angles[leg + 2] = angles[leg + 2].min(0.8);
        }
    }
    angles
}

/// Where a body comes to rest that rolls over from its back: on a side, then on its stomach, each a step further.
fn roll(
    anatomy: &Anatomy,
    model: &Model,
    infant: &Infant,
    (ground, half_width): (&mut Ground, f32),
    flipped: bool,
    node: &Node,
) -> [Rest; 2] {
    // Over the side where there is more room. A head towards -X has its left towards -Z when on its back.
    let over_left = if flipped { ground.at.z < 0.0 } else { ground.at.z > 0.0 };
    let towards = if ground.at.z > 0.0 { -1.0 } else { 1.0 };
    let side = if over_left { Posture::LeftSide } else { Posture::RightSide };
    let step = (0.14 * infant.size.length_m).min(half_width * 0.3);
    [(side, 0_usize), (Posture::Prone, 1)].map(|(posture, index)| {
        ground.at.z += towards * step;
        let drawn = posture::draw(Manner { posture, face: Face::Free }, &node.child("rolled", index));
        let angles = within_clothes(drawn, infant);
        settle(anatomy, model, &infant.body, posture, &angles, ground)
    })
}

fn lowest(posed: &Posed, parts: &[usize]) -> f32 {
    parts.iter().flat_map(|&part| &posed.parts[part]).map(|p| p.y).fold(f32::MAX, f32::min)
}

impl Lying {
    /// Angles at its first rest.
    pub(super) fn angles(&self) -> &Angles {
        &self.rests[0].angles
    }

    fn posed(
        &self,
        anatomy: &Anatomy,
        model: &Model,
        infant: &Infant,
        angles: &Angles,
        root: Affine3A,
        breath: f32,
    ) -> Posed {
        let breathing = (breath != 0.0).then(|| infant.body.breathing(anatomy, breath));
        let body = breathing.as_ref().unwrap_or(&infant.body);
        let turns = posture::turns(anatomy, body, angles, self.curl);
        let every: Vec<usize> = (0..anatomy.parts.len()).collect();
        let mut posed = body.posed(anatomy, model, &turns, root, &every);
        for (part, known) in anatomy.parts.iter().enumerate() {
            let height_m = match known.name.as_str() {
                "bodysuit" | "vest" => 0.0035,
                "sleepsuit" => 0.0045,
                "sack" => 0.009,
                "socks" => 0.0015,
                _ => continue,
            };
            posed.fold(anatomy, body, part, height_m * infant.size.length_m / 0.6, self.phases);
        }
        posed
    }

    /// The infant at an instant.
    pub(super) fn at(&self, anatomy: &Anatomy, model: &Model, infant: &Infant, bearing: &Bearing) -> Laid {
        let (from, share, to) = self.between_rests(bearing.turned);
        let mut angles = from.angles;
        let midway = 4.0 * share * (1.0 - share);
        for (freedom, angle) in angles.iter_mut().enumerate() {
            *angle += (to.angles[freedom] - *angle) * share;
            if let Some(degrees) = freedom.checked_sub(6).map(|limb| ROLLING_DEG[limb]) {
                *angle += (degrees.to_radians() - *angle) * midway;
            }
            *angle += bearing.angles[freedom];
        }
        let angles = posture::limited(angles);
        let turn = Quat::from_mat3a(&from.root.matrix3).slerp(Quat::from_mat3a(&to.root.matrix3), share);
        let root = if share == 0.0 {
            from.root
        } else {
            let at = from.root.translation.lerp(to.root.translation, share);
            Affine3A::from_rotation_translation(turn, at.into())
        };
        let mut posed = self.posed(anatomy, model, infant, &angles, root, bearing.breath);
        if let Some(floor) = self.floor {
            let now = lowest(&posed, &anatomy.visible(&infant.worn));
            match self.lowest_at(bearing.turned) {
                // On the way from one rest to the next, it lies as deep as between them.
                Some(wanted) => posed.lift(wanted - now),
                // Where the surface between the points that were felt, or a fold, lies lower, all of it comes up.
                None => posed.lift((floor - now).max(0.0)),
            }
        }
        Laid { posed, angles, towards_head: self.towards_head }
    }

    fn between_rests(&self, turned: f32) -> (&Rest, f32, &Rest) {
        let (index, share) = step_of(turned, self.rests.len());
        (&self.rests[index], share, &self.rests[(index + 1).min(self.rests.len() - 1)])
    }

    fn lowest_at(&self, turned: f32) -> Option<f32> {
        let (index, share) = step_of(turned, self.lowest.len().max(1));
        let from = self.lowest.get(index)?;
        let to = self.lowest.get(index + 1).unwrap_or(from);
        Some(from + (to - from) * share)
    }
}

/// Which of `count` stops in a row a place lies behind, and how far it is on to the next.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few stops"
)]
fn step_of(at: f32, count: usize) -> (usize, f32) {
    let index = (at.max(0.0).floor() as usize).min(count - 1);
    (index, if index + 1 == count { 0.0 } else { at - index as f32 })
}

/// At a long side, holding the rail; or with a leg over it.
fn stand(anatomy: &Anatomy, crib: &Crib, length: f32, posture: Posture, ground: &mut Ground, node: &Node) {
    let [half_length, half_width] = crib.half;
    let front = node.draw("front_rail", |rng| rng.random_bool(0.7));
    let side = if front { 1.0 } else { -1.0 };
    let climbing = posture == Posture::Climbing;
    let x = node.draw("x_m", |rng| between(-1.0, 1.0, rng) * (half_length - 0.25));
    let back = if climbing { 0.06 } else { 0.17 } * length;
    ground.at = vec3(x, 0.0, side * (half_width - back));
    let turn = node.draw("turn_deg", |rng| between(-18.0, 18.0, rng)).to_radians();
    ground.yaw = Quat::from_rotation_y(turn + if front { 0.0 } else { std::f32::consts::PI });
    if climbing {
        // Bent over the rail.
        let lean = node.draw("lean_deg", |rng| between(28.0, 48.0, rng)).to_radians();
        ground.yaw *= Quat::from_rotation_x(lean);
    }
    ground.half = None;
    let apart = node.draw("hands_m", |rng| between(0.10, 0.19, rng)) * length;
    for (hand, sign) in [("hand_l", 1.0), ("hand_r", -1.0)] {
        let place = vec3(x + side * sign * apart, crib.rail + 0.028, side * (half_width + 0.012));
        ground.reach.push((anatomy.joint(hand), place));
    }
    if climbing {
        // The left leg over the rail; chest and arms lie on it.
        let over = vec3(x + side * 0.16 * length, crib.rail + 0.01, side * (half_width + 0.13 * length));
        ground.reach.push((anatomy.joint("foot_l"), over));
        ground.pelvis = Some((crib.rail - 0.05).max(crib.mattress + 0.42 * length));
    }
}

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
        let mut turned = mesh.clone();
        turned.positions.iter_mut().for_each(|p| *p = centre + turn * (*p - centre));
        turned.normals.iter_mut().for_each(|n| *n = turn * *n);
        lowered(turned, shift, relief, nose.y - 0.004)
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

/// A plush toy on a free place of the mattress.
pub(super) fn toy_beside(crib: &Crib, relief: &Relief, node: &Node) -> Mesh {
    let tall = node.draw("tall_m", |rng| between(0.14, 0.28, rng));
    let lying = node.draw("lying", |rng| rng.random_bool(0.5));
    let place = node.draw("place", |rng| {
        vec3(
            between(-1.0, 1.0, rng) * (crib.half[0] - 0.13),
            0.0,
            between(-1.0, 1.0, rng) * (crib.half[1] - 0.13),
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
        Scenario::Sitting | Scenario::OnAllFours | Scenario::Standing | Scenario::ClimbingOut
    );
    let free = matches!(
        scenario,
        Scenario::SafeSupine | Scenario::SoftToyOnFace | Scenario::LimbThroughSlats | Scenario::CordNearNeck
    );
    if !(over_face || there) || free {
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
    let edge = if over_face {
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
    let face = over_face.then_some(Vec2::new(nose.x, nose.z));
    Some(Spread { at, size, yaw: yaw * if over_face { 0.5 } else { 1.0 }, face })
}
