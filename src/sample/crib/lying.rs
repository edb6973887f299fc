//! An infant that has come to rest, and what is seen of it at any instant: it moves on from rest to rest, and stops where
//! the sides of its crib are.

use glam::{Affine3A, Quat, Vec2, Vec3};

use super::{
    anatomy::Anatomy,
    bed::Crib,
    between,
    body::{Body, Posed},
    motion::{Bearing, smooth},
    onward::Midway,
    posture::{self, ARMS, Angles, LEGS, Posture},
    relief::Relief,
    settle::{self, Rail, Rest},
    wear::Infant,
};
use crate::{scene::Model, seed::Node};

/// The sides' inner faces are at least this far beyond the bounds in which a body comes to rest, metres.
const BEYOND_M: f32 = 0.02;
/// From a joint near the end of a limb to its skin and clothes, as a share of the body's length.
const THICK_SHARE: f32 = 0.042;
/// What is worn below something else lies this much closer, metres for a body of 0.6 m: no layer shows through the next.
const UNDER_M: f32 = 0.005;

/// An infant that has come to rest, before its skin is: what all instants of a film share.
#[derive(Debug)]
pub(super) struct Lying {
    pub(super) posture: Posture,
    /// Where it rests; and where it comes to rest next, if it goes on.
    pub(super) rests: Vec<Rest>,
    /// What limbs do half-way to the next rest.
    pub(super) midway: Option<&'static Midway>,
    /// The lowest point of each of those, metres above the floor.
    pub(super) lowest: Vec<f32>,
    /// Curl of the fingers, radians.
    pub(super) curl: f32,
    /// Of the folds of its clothes.
    pub(super) phases: [f32; 5],
    /// Height that it must not sink below, metres; `None` where a rail carries it.
    pub(super) floor: Option<f32>,
    pub(super) towards_head: f32,
    /// From where to where (x, z) it rests; `None` where it may leave the crib.
    pub(super) bounds: Option<[Vec2; 2]>,
    /// The side that it pulls itself up at, and how deep its hands press into it at rest, metres.
    pub(super) rail: Option<(Rail, f32)>,
    /// How it is lifted out, where it is.
    pub(super) carry: Option<Carry>,
}

/// How an adult at +Z lifts an infant: up and towards itself, the head a little higher.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carry {
    pivot: Vec3,
    axis: Vec3,
    tilt: f32,
    way: Vec3,
    /// The arm, by its first freedom, that comes to the chest as it is lifted.
    folds: Option<usize>,
}

/// A leg of who is held, degrees: drawn up a little.
const DRAWN_UP_DEG: [f32; 4] = [52.0, 12.0, 74.0, 10.0];
/// An arm of who is held, degrees: on its own chest, out of the way of the sleeves.
const ON_CHEST_DEG: [f32; 4] = [27.0, 43.0, 70.0, 50.0];

impl Carry {
    pub(super) fn draw(
        rest: &Rest,
        (anatomy, body): (&Anatomy, &Body),
        towards_head: f32,
        node: &Node,
    ) -> Self {
        let [tilt, high, out] = node.draw("carried", |rng| {
            [between(14.0, 24.0, rng), between(0.30, 0.46, rng), between(0.02, 0.12, rng)]
        });
        let pivot = Vec3::from(rest.root.translation);
        // Turned about Z, a head towards +X rises with a positive angle.
        let axis = Vec3::Z * towards_head;
        // The adult's arm comes in below the chest. An arm on its side that lies beyond it, beside the head, stays there.
        let side = usize::from(rest.root.matrix3.x_axis.z < 0.0);
        let joints = rest.joints(anatomy, body);
        let joint = |name: &str| joints[anatomy.joint(&format!("{name}_{}", ["l", "r"][side]))].x;
        let beyond = (joint("hand") - joint("upperarm")) * towards_head > 0.0;
        let folds = (!beyond).then_some(ARMS[side]);
        Self { pivot, axis, tilt: tilt.to_radians(), way: Vec3::new(0.0, high, out), folds }
    }

    /// World of who is lifted by a share of the way, from the world of who lies.
    pub(super) fn at(&self, lifted: f32) -> Affine3A {
        let turn = Quat::from_axis_angle(self.axis, self.tilt * lifted);
        let to = self.pivot + self.way * lifted;
        Affine3A::from_translation(to) * Affine3A::from_quat(turn) * Affine3A::from_translation(-self.pivot)
    }
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

    /// How far it is from how a body should rest, metres: 0 for one that is sound. What was drawn at the edge of what
    /// can be may not find its way to it.
    pub(super) fn amiss(&self, anatomy: &Anatomy, infant: &Infant, lying: &Lying, crib: &Crib) -> f32 {
        let seen = || anatomy.visible(&infant.worn).into_iter().flat_map(|part| &self.posed.parts[part]);
        let over = |value: f32, most: f32| (value - most).max(0.0);
        let mut sum = 0.0;
        if let Some([low, high]) = lying.bounds {
            let beyond = |p: &Vec3| {
                let at = Vec2::new(p.x, p.z);
                (low - at).max(at - high).max_element()
            };
            sum += over(seen().map(beyond).fold(0.0, f32::max), BEYOND_M + 0.002);
        }
        if let Some(side) = crib.gap_side() {
            let edge = crib.bed[usize::from(side > 0.0)] * side;
            let lowest = seen().map(|p| p.y).fold(f32::MAX, f32::min);
            let below = crib.board() - lowest;
            let beyond = seen().map(|p| p.z.abs()).fold(0.0, f32::max) - crib.inner_side();
            let into = seen().filter(|p| p.y < crib.mattress - 0.05).map(|p| edge - p.z * side);
            let held = (-0.019 - below).min(-0.019 - beyond);
            return sum
                + over(0.026, crib.mattress - lowest)
                + over(below, 0.004)
                + over(beyond, 0.004)
                + over(into.fold(0.0, f32::max), super::bed::SOFT_SIDE_M - 0.001)
                + held.max(0.0);
        }
        if !self.posture_shows(anatomy, lying, crib) {
            sum += 1.0;
        }
        if lying.posture.lies() {
            let height = |name: &str| self.posed.joints[anatomy.joint(name)].y - crib.mattress;
            // Knees drawn up under the belly carry the pelvis of a prone infant.
            let most = if lying.posture == Posture::Prone { [0.235, 0.195, 0.165] } else { [0.165; 3] };
            let heights = ["pelvis", "spine_03", "head"].map(height);
            sum += heights.iter().zip(most).map(|(height, most)| over(*height, most)).sum::<f32>();
        }
        sum
    }

    /// Whether it looks as it was meant to.
    fn posture_shows(&self, anatomy: &Anatomy, lying: &Lying, crib: &Crib) -> bool {
        let found = super::measure::posture(anatomy, &self.posed, crib);
        let stands = matches!(lying.posture, Posture::Standing | Posture::Climbing);
        stands || found == lying.posture
    }
}

fn lowest(posed: &Posed, parts: &[usize]) -> f32 {
    parts.iter().flat_map(|&part| &posed.parts[part]).map(|p| p.y).fold(f32::MAX, f32::min)
}

impl Lying {
    /// Angles at its first rest.
    pub(super) fn angles(&self) -> &Angles {
        &self.rests[0].angles
    }

    /// Works out how low it lies at each of its rests, if there are several.
    pub(super) fn with_lowest(mut self, anatomy: &Anatomy, model: &Model, infant: &Infant) -> Self {
        if self.rests.len() > 1 {
            let worn = anatomy.visible(&infant.worn);
            let of = |rest: &Rest| {
                let posed = self.posed(anatomy, model, infant, &rest.angles, rest.root, 0.0);
                lowest(&posed, &worn).max(self.floor.unwrap_or(f32::MIN))
            };
            self.lowest = self.rests.iter().map(of).collect();
        }
        self
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
        let scale = infant.size.length_m / 0.6;
        let worn = |name: &str| infant.worn.contains(&name);
        for (part, known) in anatomy.parts.iter().enumerate() {
            let height_m = match known.name.as_str() {
                "nappy" if worn("sleepsuit") || worn("bodysuit") => {
                    posed.draw_in(anatomy, part, UNDER_M * scale);
                    continue;
                }
                "bodysuit" if worn("sack") => {
                    posed.draw_in(anatomy, part, UNDER_M * scale);
                    continue;
                }
                "bodysuit" | "vest" => 0.0035,
                "sleepsuit" => 0.0045,
                "sack" => 0.009,
                "socks" => 0.0015,
                _ => continue,
            };
            posed.fold(anatomy, body, part, height_m * scale, self.phases);
        }
        posed
    }

    /// What comes of a joint's angle in an adult's hands, degrees, and by what share of the way it has.
    fn held(&self, freedom: usize, lifted: f32) -> Option<(f32, f32)> {
        let folds = self.carry.as_ref()?.folds;
        let drawn = smooth(lifted * 2.0);
        if let Some(of_legs) = freedom.checked_sub(LEGS[0]) {
            return Some((DRAWN_UP_DEG[of_legs % 4], drawn * 0.7));
        }
        let of_arm = freedom.checked_sub(folds?)?;
        Some((*ON_CHEST_DEG.get(of_arm)?, drawn))
    }

    /// The infant at an instant.
    pub(super) fn at(&self, anatomy: &Anatomy, model: &Model, infant: &Infant, bearing: &Bearing) -> Laid {
        let (from, share, to) = self.between_rests(bearing.turned);
        let mut rested = from.angles;
        let midway = 4.0 * share * (1.0 - share);
        for (freedom, angle) in rested.iter_mut().enumerate() {
            *angle += (to.angles[freedom] - *angle) * share;
            if let (Some(limb), Some(degrees)) = (freedom.checked_sub(6), self.midway) {
                let there = degrees[limb].to_radians();
                *angle += if there.is_nan() { 0.0 } else { (there - *angle) * midway };
            }
            if let Some((held, share)) = self.held(freedom, bearing.lifted) {
                *angle += (held.to_radians() - *angle) * share;
            }
        }
        let rested = posture::limited(rested);
        let moved =
            posture::limited(std::array::from_fn(|freedom| rested[freedom] + bearing.angles[freedom]));
        let turn = Quat::from_mat3a(&from.root.matrix3).slerp(Quat::from_mat3a(&to.root.matrix3), share);
        let root = if share == 0.0 {
            from.root
        } else {
            let at = from.root.translation.lerp(to.root.translation, share);
            Affine3A::from_rotation_translation(turn, at.into())
        };
        let root = match &self.carry {
            Some(carry) if bearing.lifted > 0.0 => carry.at(bearing.lifted) * root,
            _ => root,
        };
        let angles = self.kept_inside(anatomy, infant, &rested, moved, root);
        let mut posed = self.posed(anatomy, model, infant, &angles, root, bearing.breath);
        let worn = anatomy.visible(&infant.worn);
        if let Some(floor) = self.floor {
            let now = lowest(&posed, &worn);
            match self.lowest_at(bearing.turned) {
                // On the way from one rest to the next, it lies as deep as between them.
                Some(wanted) => posed.shift(Vec3::Y * (wanted - now)),
                // Where the surface between the points that were felt, or a fold, lies lower, all of it comes up.
                None => posed.shift(Vec3::Y * (floor - now).max(0.0)),
            }
        }
        let inwards = self.inwards(&posed, &worn);
        posed.shift(inwards);
        self.step_aside(anatomy, infant, &mut posed);
        Laid { posed, angles, towards_head: self.towards_head }
    }

    /// The angles of limbs that move, less what would take them beyond the sides: there they stop.
    fn kept_inside(
        &self,
        anatomy: &Anatomy,
        infant: &Infant,
        rested: &Angles,
        mut angles: Angles,
        root: Affine3A,
    ) -> Angles {
        let Some([low, high]) = self.bounds.filter(|_| angles != *rested) else { return angles };
        let (low, high) = (low - BEYOND_M, high + BEYOND_M);
        let thick = THICK_SHARE * infant.size.length_m;
        let limbs = [(ARMS[0], "l"), (ARMS[1], "r"), (LEGS[0], "l"), (LEGS[1], "r")];
        for (start, side) in limbs {
            let names = if ARMS.contains(&start) {
                ["lowerarm", "hand", "middle_02"]
            } else {
                ["calf", "foot", "ball"]
            };
            let joints: Vec<usize> = names
                .iter()
                .filter_map(|name| anatomy.joints.get(&format!("{name}_{side}")).copied())
                .collect();
            let blended = |share: f32| {
                let mut tried = angles;
                for freedom in start..start + 4 {
                    tried[freedom] = rested[freedom] + (angles[freedom] - rested[freedom]) * share;
                }
                tried
            };
            let beyond = |share: f32| {
                let turns = posture::turns(anatomy, &infant.body, &blended(share), self.curl);
                let frames = infant.body.frames(&turns, root);
                let of = |joint: &usize| {
                    let at = frames[*joint].translation;
                    let at = Vec2::new(at.x, at.z);
                    (low - at).max(at - high).max_element() + thick
                };
                joints.iter().map(of).fold(0.0, f32::max)
            };
            let most = beyond(0.0);
            if beyond(1.0) <= most {
                continue;
            }
            let (mut free, mut stopped) = (0.0, 1.0);
            for _ in 0..7 {
                let middle = (free + stopped) * 0.5;
                if beyond(middle) > most { stopped = middle } else { free = middle }
            }
            angles = blended(free);
        }
        angles
    }

    /// The way back for a body of which some is beyond the sides.
    fn inwards(&self, posed: &Posed, worn: &[usize]) -> Vec3 {
        let Some([low, high]) = self.bounds else { return Vec3::ZERO };
        let points = worn.iter().flat_map(|&part| &posed.parts[part]).map(|p| Vec2::new(p.x, p.z));
        let (least, most) =
            points.fold((Vec2::MAX, Vec2::MIN), |(least, most), p| (least.min(p), most.max(p)));
        let back = (low - BEYOND_M - least).max(Vec2::ZERO) - (most - high - BEYOND_M).max(Vec2::ZERO);
        Vec3::new(back.x, 0.0, back.y)
    }

    /// On its way up beside a rail, a body keeps as far from it as its knees and chest need.
    fn step_aside(&self, anatomy: &Anatomy, infant: &Infant, posed: &mut Posed) {
        let Some((rail, pressed)) = self.rail else { return };
        for _ in 0..3 {
            let entered = settle::rail_entered(anatomy, &infant.body, &posed.joints, rail);
            posed.shift(Vec3::Z * (-rail.z.signum() * (entered - pressed).max(0.0)));
        }
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

impl Rest {
    /// How deep it presses into a rail, metres.
    pub(super) fn enters(&self, anatomy: &Anatomy, body: &Body, rail: Rail) -> f32 {
        settle::rail_entered(anatomy, body, &self.joints(anatomy, body), rail)
    }

    /// Where its joints are, world.
    fn joints(&self, anatomy: &Anatomy, body: &Body) -> Vec<Vec3> {
        let frames = body.frames(&posture::turns(anatomy, body, &self.angles, 0.6), self.root);
        frames.iter().map(|frame| frame.translation.into()).collect()
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
