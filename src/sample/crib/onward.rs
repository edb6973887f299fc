//! Where an infant that goes on from its first rest comes to rest next: it rolls over, sits up, pulls itself up.

use std::f32::consts::FRAC_PI_2;

use glam::{Quat, Vec3, vec3};
use rand::RngExt;

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    laying::within_clothes,
    lying::Laid,
    posture::{self, ARMS, Angles, Face, LEGS, Manner, Posture},
    relief::Relief,
    settle::{Ground, Rest, settle},
    wear::Infant,
};
use crate::{config::Scenario, scene::Model, seed::Node};

/// Arms and legs in the middle of a step from one rest to the next, degrees, in the order of the posture's angles; not a
/// number where they go straight.
pub(super) type Midway = [f32; 16];

/// Rolling over: beside the head and straight, so that no limb is in the way.
const ROLLING_DEG: Midway =
    [150.0, 15.0, 45.0, -60.0, 150.0, 15.0, 45.0, -60.0, 4.0, 6.0, 18.0, 10.0, 12.0, 8.0, 30.0, 10.0];
/// Sitting up: hands push off behind, heels stay down.
const SITTING_UP_DEG: Midway =
    [34.0, -34.0, 14.0, 0.0, 34.0, -34.0, 14.0, 0.0, 52.0, 26.0, 22.0, 30.0, 52.0, 26.0, 22.0, 30.0];

/// Pulling up: feet tucked under, arms ahead.
const PULLING_UP_DEG: Midway =
    [78.0, 74.0, 45.0, 0.0, 78.0, 74.0, 45.0, 0.0, 64.0, 22.0, 122.0, 20.0, 64.0, 22.0, 122.0, 20.0];

/// Pulling a blanket up: hands rise over the face; legs do as they like.
const PULLING_BLANKET_DEG: Midway = {
    const FREE: f32 = f32::NAN;
    [82.0, 62.0, 62.0, 0.0, 82.0, 62.0, 62.0, 0.0, FREE, FREE, FREE, FREE, FREE, FREE, FREE, FREE]
};

/// How many steps a scenario takes from the first rest on; 0 for one that stays as it is.
pub(super) fn steps(scenario: Scenario) -> u8 {
    match scenario {
        Scenario::Rolling | Scenario::PullingUp => 2,
        Scenario::SittingUp | Scenario::PullingBlanket => 1,
        _ => 0,
    }
}

/// What limbs do in the middle of a step, where they do not go straight from one rest to the next.
pub(super) fn midway(scenario: Scenario) -> Option<&'static Midway> {
    match scenario {
        Scenario::Rolling => Some(&ROLLING_DEG),
        Scenario::SittingUp => Some(&SITTING_UP_DEG),
        Scenario::PullingUp => Some(&PULLING_UP_DEG),
        Scenario::PullingBlanket => Some(&PULLING_BLANKET_DEG),
        _ => None,
    }
}

/// Whose rests these are.
pub(super) struct Mover<'a> {
    pub(super) anatomy: &'a Anatomy,
    pub(super) model: &'a Model,
    pub(super) infant: &'a Infant,
    pub(super) crib: &'a Crib,
    /// Whether its head points towards +X when it lies.
    pub(super) flipped: bool,
    /// Angles at the first rest.
    pub(super) first: Angles,
    pub(super) node: &'a Node,
}

impl Mover<'_> {
    /// The rests that follow the first, one for each of [`steps`]. `ground` is the first one's.
    pub(super) fn rests(&self, scenario: Scenario, ground: Ground) -> Vec<Rest> {
        match scenario {
            Scenario::Rolling => self.roll(ground).to_vec(),
            Scenario::SittingUp => vec![self.sit_up(ground)],
            Scenario::PullingUp => self.pull_up(ground).to_vec(),
            Scenario::PullingBlanket => vec![self.pull_blanket(ground)],
            _ => Vec::new(),
        }
    }

    fn settled(&self, posture: Posture, angles: &Angles, ground: &Ground) -> Rest {
        settle(self.anatomy, self.model, &self.infant.body, posture, angles, ground)
    }

    fn drawn(&self, posture: Posture, name: &str, index: usize) -> Angles {
        let manner = Manner { posture, face: Face::Free };
        within_clothes(posture::draw(manner, &self.node.child(name, index)), self.infant)
    }

    /// From its back over a side to its stomach, each a step further.
    fn roll(&self, mut ground: Ground) -> [Rest; 2] {
        // Over the side where there is more room. A head towards -X has its left towards -Z when on its back.
        let over_left = if self.flipped { ground.at.z < 0.0 } else { ground.at.z > 0.0 };
        let towards = if ground.at.z > 0.0 { -1.0 } else { 1.0 };
        let side = if over_left { Posture::LeftSide } else { Posture::RightSide };
        let step = (0.14 * self.infant.size.length_m).min(self.crib.half[1] * 0.3);
        [(side, 0_usize), (Posture::Prone, 1)].map(|(posture, index)| {
            ground.at.z += towards * step;
            self.settled(posture, &self.drawn(posture, "rolled", index), &ground)
        })
    }

    /// From its back straight up: it then looks where its feet are.
    fn sit_up(&self, mut ground: Ground) -> Rest {
        ground.yaw *= Quat::from_rotation_y(FRAC_PI_2);
        ground.tone *= 12.0;
        self.settled(Posture::Sitting, &self.drawn(Posture::Sitting, "up", 0), &ground)
    }

    /// Its hands go up beside its head, and on; the rest stays.
    fn pull_blanket(&self, mut ground: Ground) -> Rest {
        ground.reach.clear();
        let mut angles = self.first;
        for (arm, side) in ARMS.into_iter().zip([-1.0, 1.0]) {
            let beyond = self.node.child("arm", arm).draw("pulled", |rng| {
                vec3(-between(0.40, 0.48, rng), between(0.02, 0.045, rng), side * between(0.17, 0.24, rng))
            });
            hold(self.anatomy, self.infant.size.length_m, &mut ground, side, beyond);
            angles[arm..arm + 4].copy_from_slice(&[128.0, 10.0, 62.0, -35.0].map(f32::to_radians));
        }
        self.settled(Posture::Supine, &angles, &ground)
    }

    /// From sitting before a long side over the knees to its feet, hands on the slats and then on the rail.
    fn pull_up(&self, ground: Ground) -> [Rest; 2] {
        let mut standing = ground.clone();
        stand(
            self.anatomy,
            self.crib,
            self.infant.size.length_m,
            Posture::Standing,
            &mut standing,
            self.node,
        );
        let mut kneeling = standing.clone();
        let length = self.infant.size.length_m;
        kneeling.at.z -= kneeling.at.z.signum() * 0.05 * length;
        for (_, place) in &mut kneeling.reach {
            place.y = place.y.min(self.crib.mattress + 0.50 * length);
            place.z = place.z.signum() * (self.crib.half[1] - 0.02);
        }
        let mut angles = self.drawn(Posture::Standing, "up", 0);
        for leg in LEGS {
            angles[leg] = 0.1;
            angles[leg + 2] = 1.6;
        }
        let knees = self.settled(Posture::Standing, &angles, &kneeling);
        [knees, self.settled(Posture::Standing, &self.drawn(Posture::Standing, "up", 1), &standing)]
    }
}

/// A hand's skin is this near to its knuckles, metres.
const FIST_M: f32 = 0.05;

/// The two hands.
pub(super) const HANDS: [&str; 2] = ["hand_l", "hand_r"];

/// A hand (of the body's left at `side` -1, when it is on its back) at a place relative to the pelvis, in lengths of the
/// body: towards the feet, up, to the body's right.
fn hold(anatomy: &Anatomy, length: f32, ground: &mut Ground, side: f32, place: Vec3) {
    let hand = anatomy.joint(HANDS[usize::from(side > 0.0)]);
    let at = ground.at + ground.yaw * (place * length) + Vec3::Y * ground.height;
    ground.reach.push((hand, at));
}

/// On its back, both hands at the chest, on the edge of a blanket.
pub(super) fn hold_edge(
    anatomy: &Anatomy,
    length: f32,
    (ground, angles): (&mut Ground, &mut Angles),
    node: &Node,
) {
    let along = node.draw("edge_at", |rng| between(0.17, 0.25, rng));
    for (arm, side) in ARMS.into_iter().zip([-1.0, 1.0]) {
        let place = vec3(-along, 0.20, side * 0.13);
        hold(anatomy, length, ground, side, place);
        angles[arm..arm + 4].copy_from_slice(&[34.0, 58.0, 92.0, 20.0].map(f32::to_radians));
    }
}

/// Where the hands are that hold a blanket's edge.
pub(super) fn held(anatomy: &Anatomy, laid: &Laid) -> Vec<Vec3> {
    let knuckles = |side: &str| {
        let hand = laid.posed.joints[anatomy.joint(&format!("hand_{side}"))];
        let finger = anatomy.joints.get(&format!("middle_01_{side}"));
        finger.map_or(hand, |finger| hand.lerp(laid.posed.joints[*finger], 0.8))
    };
    ["l", "r"].map(knuckles).to_vec()
}

/// Adds the two hands alone to what cloth lies on.
pub(super) fn fists(anatomy: &Anatomy, laid: &Laid, relief: &mut Relief) {
    let hands = held(anatomy, laid);
    for (part, triangles) in anatomy.triangles.iter().enumerate() {
        if !anatomy.parts[part].name.starts_with("skin.") {
            continue;
        }
        let points = &laid.posed.parts[part];
        let near = |i: &u32| hands.iter().any(|hand| points[*i as usize].distance(*hand) < FIST_M);
        let of_hands: Vec<u32> =
            triangles.chunks_exact(3).filter(|t| t.iter().all(near)).flatten().copied().collect();
        relief.add(points, &of_hands);
    }
}

/// Sits before the long side at which [`stand`] stands, legs apart, hands before it.
pub(super) fn sit_before_rail(
    anatomy: &Anatomy,
    crib: &Crib,
    length: f32,
    (ground, angles): (&mut Ground, &mut Angles),
    node: &Node,
) {
    let mut standing = ground.clone();
    stand(anatomy, crib, length, Posture::Standing, &mut standing, node);
    ground.yaw = standing.yaw;
    ground.at = standing.at - vec3(0.0, 0.0, standing.at.z.signum() * 0.22 * length);
    for leg in LEGS {
        angles[leg + 1] = angles[leg + 1].max(0.9);
        angles[leg + 2] = angles[leg + 2].max(1.2);
    }
    for arm in ARMS {
        angles[arm + 1] = angles[arm + 1].max(1.0);
    }
}

/// At a long side, holding the rail; or with a leg over it.
pub(super) fn stand(
    anatomy: &Anatomy,
    crib: &Crib,
    length: f32,
    posture: Posture,
    ground: &mut Ground,
    node: &Node,
) {
    let [half_length, half_width] = crib.half;
    let climbing = posture == Posture::Climbing;
    // Whoever leans out at the back leans into the wall.
    let front = climbing || node.draw("front_rail", |rng| rng.random_bool(0.7));
    let side = if front { 1.0 } else { -1.0 };
    let x = node.draw("x_m", |rng| between(-1.0, 1.0, rng) * (half_length - 0.25));
    let back = if climbing { 0.14 } else { 0.17 } * length;
    ground.at = vec3(x, 0.0, side * (half_width - back));
    let turn = node.draw("turn_deg", |rng| between(-18.0, 18.0, rng)).to_radians();
    ground.yaw = Quat::from_rotation_y(turn + if front { 0.0 } else { std::f32::consts::PI });
    if climbing {
        // Bent over the rail.
        let lean = node.draw("lean_deg", |rng| between(28.0, 48.0, rng)).to_radians();
        ground.yaw *= Quat::from_rotation_x(lean);
    }
    ground.bounds = None;
    let apart = node.draw("hands_m", |rng| between(0.10, 0.19, rng)) * length;
    for (hand, sign) in [("hand_l", 1.0), ("hand_r", -1.0)] {
        let place = vec3(x + side * sign * apart, crib.rail + 0.03, side * (half_width + 0.012));
        ground.reach.push((anatomy.joint(hand), place));
    }
    if climbing {
        // The left leg over the rail; chest and arms lie on it.
        let over = vec3(x + side * 0.16 * length, crib.rail + 0.01, side * (half_width + 0.15 * length));
        ground.reach.push((anatomy.joint("foot_l"), over));
        ground.pelvis = Some((crib.rail + 0.03).max(crib.mattress + 0.42 * length));
    }
    ground.rail = Some(crib.edge(side));
}
