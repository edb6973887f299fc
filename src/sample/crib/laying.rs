//! How a scenario lays an infant into its crib, and things onto and beside it.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    body::Posed,
    motion::Bearing,
    onward::{self, Midway, Mover},
    peril,
    posture::{self, Angles, Face, Manner, Posture},
    relief::Relief,
    settle::{Ground, Rest, settle},
    wear::Infant,
};
use crate::{config::Scenario, scene::Model, seed::Node};

/// Two infants keep this far from the middle between them, metres.
const APART_M: f32 = 0.027;
/// No part of a lying body sinks deeper into the mattress, metres.
const DEEPEST_M: f32 = 0.04;

/// An infant that has come to rest, before its skin is: what all instants of a film share.
#[derive(Debug)]
pub(super) struct Lying {
    pub(super) posture: Posture,
    /// Where it rests; and where it comes to rest next, if it rolls.
    rests: Vec<Rest>,
    /// What limbs do half-way to the next rest.
    midway: Option<&'static Midway>,
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

    /// Adds what it is to things that lie on it.
    pub(super) fn add_to(&self, relief: &mut Relief, anatomy: &Anatomy, infant: &Infant) {
        for part in anatomy.visible(&infant.worn) {
            relief.add(&self.posed.parts[part], &anatomy.triangles[part]);
        }
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

/// How many infants a scenario has.
pub(super) fn infants(scenario: Scenario) -> usize {
    match scenario {
        Scenario::EmptyCrib => 0,
        Scenario::OtherInfant => 2,
        _ => 1,
    }
}

/// The posture that a scenario asks of an infant; `None` for an empty crib.
pub(super) fn posture(scenario: Scenario, node: &Node) -> Option<Posture> {
    let side = || {
        let left = node.draw("left_side", |rng| rng.random::<bool>());
        if left { Posture::LeftSide } else { Posture::RightSide }
    };
    Some(match scenario {
        Scenario::SafeSupine
        | Scenario::BlanketOverFace
        | Scenario::HeadCovered
        | Scenario::SoftToyOnFace
        | Scenario::LimbThroughSlats
        | Scenario::CordNearNeck
        | Scenario::Rolling
        | Scenario::SittingUp => Posture::Supine,
        Scenario::Side | Scenario::WedgedBetweenMattressAndRail => side(),
        Scenario::Prone | Scenario::ProneFaceDown => Posture::Prone,
        Scenario::CaregiverPresent | Scenario::OtherInfant => {
            match node.draw("posture", |rng| rng.random::<f32>()) {
                k if k < 0.6 => Posture::Supine,
                k if k < 0.85 => side(),
                _ => Posture::Prone,
            }
        }
        Scenario::Sitting | Scenario::PullingUp => Posture::Sitting,
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
        Scenario::OnAllFours | Scenario::SittingUp => 6.0,
        Scenario::Standing => 7.5,
        Scenario::PullingUp => 8.0,
        Scenario::ClimbingOut => 10.0,
        _ => 0.0,
    }
}

/// Whether eyes are closed.
pub(super) fn asleep(scenario: Scenario, night: bool, node: &Node) -> bool {
    let likely = match scenario {
        Scenario::Sitting
        | Scenario::SittingUp
        | Scenario::OnAllFours
        | Scenario::PullingUp
        | Scenario::Standing
        | Scenario::ClimbingOut => 0.0,
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
    (scenario, index): (Scenario, usize),
    node: &Node,
) -> Lying {
    let posture = posture(scenario, node).unwrap_or(Posture::Supine);
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
        bounds: Some(within(crib, half_width - 0.012)),
        gap: None,
        slot: None,
        rail: None,
    };
    match posture {
        _ if scenario == Scenario::PullingUp => {
            onward::sit_before_rail(anatomy, crib, length, (&mut ground, &mut angles), node);
        }
        Posture::Sitting => {
            ground.yaw = Quat::from_rotation_y(
                node.draw("facing_deg", |rng| between(-180.0, 180.0, rng)).to_radians(),
            );
            ground.at = vec3(at.x.clamp(-half_length + 0.3, half_length - 0.3), 0.0, at.z * 0.5);
        }
        _ if scenario == Scenario::LimbThroughSlats => {
            peril::limb_through(anatomy, &infant.body, crib, flipped, (&mut ground, &mut angles), node);
        }
        _ if scenario == Scenario::WedgedBetweenMattressAndRail => {
            peril::wedge(posture, crib, flipped, (&mut ground, &mut angles), node);
        }
        _ if scenario == Scenario::OtherInfant => beside(crib, index, (&mut ground, &mut angles)),
        _ if scenario == Scenario::Rolling => {
            // At a side, with room to roll to the other.
            ground.at.z = if at.z < 0.0 { -0.32 } else { 0.32 } * half_width;
        }
        Posture::Standing | Posture::Climbing => {
            onward::stand(anatomy, crib, length, posture, &mut ground, node)
        }
        _ => {}
    }
    let mut rests = vec![settle(anatomy, model, &infant.body, posture, &angles, &ground)];
    let mover = Mover { anatomy, model, infant, crib, flipped, node };
    let curl = node.draw("curl_deg", |rng| between(12.0, 62.0, rng)).to_radians();
    let phases = node.draw("folds", |rng| [0; 5].map(|_| between(0.0, std::f32::consts::TAU, rng)));
    let floor = (!matches!(posture, Posture::Standing | Posture::Climbing))
        .then_some(ground.gap.map_or(ground.height - DEEPEST_M, |gap| gap.board));
    rests.extend(mover.rests(scenario, ground));
    let midway = onward::midway(scenario);
    let mut lying = Lying { posture, rests, midway, lowest: Vec::new(), curl, phases, floor, towards_head };
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

/// Lays a body into one half of the crib, its limbs close: the other half is another infant's.
fn beside(crib: &Crib, index: usize, (ground, angles): (&mut Ground, &mut Angles)) {
    let side = if index == 0 { -1.0 } else { 1.0 };
    let (near, far) = (APART_M, crib.half[1] - 0.02);
    ground.at.z = side * (near + far) * 0.5 + ground.at.z * 0.1;
    ground.bounds = ground.bounds.map(|[low, high]| {
        let (a, b) = (side * near, side * far);
        [Vec2::new(low.x, a.min(b)), Vec2::new(high.x, a.max(b))]
    });
    for arm in posture::ARMS {
        // Down beside the body, or hands at the chest.
        angles[arm] = angles[arm].min(0.7);
        angles[arm + 2] = angles[arm + 2].max(if angles[arm + 1] > 0.6 { 1.6 } else { 0.0 });
    }
    for leg in posture::LEGS {
        angles[leg + 1] = angles[leg + 1].min(0.3);
        angles[leg + 3] = angles[leg + 3].min(0.5);
    }
}

/// From where to where (x, z) a body that lies stays: `width` to both sides.
fn within(crib: &Crib, width: f32) -> [Vec2; 2] {
    let most = Vec2::new(crib.half[0] - 0.012, width);
    [-most, most]
}

/// Legs share a sack.
pub(super) fn within_clothes(mut angles: Angles, infant: &Infant) -> Angles {
    if infant.worn.contains(&"sack") {
        for leg in posture::LEGS {
            angles[leg] = angles[leg].min(0.6);
            angles[leg + 1] = angles[leg + 1].min(0.45);
            angles[leg + 2] = angles[leg + 2].min(0.8);
        }
    }
    angles
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
            if let (Some(limb), Some(degrees)) = (freedom.checked_sub(6), self.midway) {
                *angle += (degrees[limb].to_radians() - *angle) * midway;
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
