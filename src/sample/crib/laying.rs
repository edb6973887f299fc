//! How a scenario lays an infant into its crib, and things onto and beside it.

use glam::{Quat, Vec2, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    lying::{Carry, Laid, Lying},
    motion::Bearing,
    onward::{self, Mover},
    peril,
    posture::{self, Angles, Face, Manner, Posture},
    settle::{Ground, settle},
    wear::Infant,
};
use crate::{config::Scenario, scene::Model, seed::Node};

/// Two infants keep this far from the middle between them, metres.
const APART_M: f32 = 0.031;
/// No part of a lying body sinks deeper into the mattress, metres.
const DEEPEST_M: f32 = 0.04;
/// How often a pose is drawn again that does not come to rest as it should.
const TRIES: usize = 5;

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
        | Scenario::SittingUp
        | Scenario::PullingBlanket
        | Scenario::PickedUp => Posture::Supine,
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

/// Whether eyes are closed.
pub(super) fn asleep(scenario: Scenario, night: bool, node: &Node) -> bool {
    let likely = match scenario {
        Scenario::Sitting
        | Scenario::SittingUp
        | Scenario::OnAllFours
        | Scenario::PullingUp
        | Scenario::PullingBlanket
        | Scenario::Standing
        | Scenario::ClimbingOut => 0.0,
        Scenario::ProneFaceDown | Scenario::BlanketOverFace | Scenario::HeadCovered => 0.9,
        Scenario::Rolling | Scenario::PickedUp => 0.3,
        _ if night => 0.85,
        _ => 0.6,
    };
    node.draw("asleep", |rng| rng.random_bool(likely))
}

/// Draws a pose and lets it come to rest; again, if it does not rest as it should.
pub(super) fn rest(
    anatomy: &Anatomy,
    model: &Model,
    infant: &Infant,
    crib: &Crib,
    of: (Scenario, usize),
    node: &Node,
) -> (Lying, Laid) {
    let once = |node: &Node| {
        let lying = come_to_rest(anatomy, model, infant, crib, of, node);
        let laid = lying.at(anatomy, model, infant, &Bearing::STILL);
        let amiss = laid.amiss(anatomy, infant, &lying, crib);
        (lying, laid, amiss)
    };
    let mut best = once(node);
    for again in 1..TRIES {
        if best.2 == 0.0 {
            break;
        }
        let other = once(&node.child("again", again));
        if other.2 < best.2 {
            best = other;
        }
    }
    (best.0, best.1)
}

fn come_to_rest(
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
        Scenario::BlanketOverFace
        | Scenario::HeadCovered
        | Scenario::SoftToyOnFace
        | Scenario::PullingBlanket => Face::Up,
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
        _ if scenario == Scenario::PickedUp => within_reach(&mut angles),
        _ if scenario == Scenario::PullingBlanket => {
            onward::hold_edge(anatomy, length, (&mut ground, &mut angles), node);
        }
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
    let mover = Mover { anatomy, model, infant, crib, flipped, first: rests[0].angles, node };
    let curl = node.draw("curl_deg", |rng| between(12.0, 62.0, rng)).to_radians();
    let phases = node.draw("folds", |rng| [0; 5].map(|_| between(0.0, std::f32::consts::TAU, rng)));
    let floor = (!matches!(posture, Posture::Standing | Posture::Climbing))
        .then_some(ground.gap.map_or(ground.height - DEEPEST_M, |gap| gap.board));
    let bounds = ground.bounds.filter(|_| ground.through.is_empty() && scenario != Scenario::PullingUp);
    rests.extend(mover.rests(scenario, ground));
    let rail = (rests.len() > 1 && posture == Posture::Sitting || posture == Posture::Standing).then(|| {
        let last = &rests[rests.len() - 1];
        let rail = crib.edge(last.root.translation.z.signum());
        (rail, last.enters(anatomy, &infant.body, rail))
    });
    let carry = (scenario == Scenario::PickedUp)
        .then(|| Carry::draw(&rests[0], (anatomy, &infant.body), towards_head, node));
    let (midway, lowest) = (onward::midway(scenario), Vec::new());
    Lying { posture, rests, midway, lowest, curl, phases, floor, towards_head, bounds, rail, carry }
        .with_lowest(anatomy, model, infant)
}

/// Arms beside the head and legs together: hands come in below shoulders and bottom.
fn within_reach(angles: &mut Angles) {
    for arm in posture::ARMS {
        angles[arm] = angles[arm].max(1.9);
        angles[arm + 1] = angles[arm + 1].min(0.4);
    }
    for leg in posture::LEGS {
        angles[leg + 1] = angles[leg + 1].min(0.3);
    }
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
