//! Comes to rest under gravity: a body on a soft mattress, joints with muscle tone.
//!
//! The resting pose is a minimum of energy: the weight of all parts of the body, the mattress (which gives way),
//! tone (which draws every joint back to the pose that was drawn), and parts that would enter each other. It is sought
//! by coordinate descent with shrinking steps, a fixed number of them, so that the same start always ends alike.

use glam::{Affine3A, Quat, Vec2, Vec3};

use super::{
    anatomy::Anatomy,
    body::{Body, pulled},
    posture::{Angles, FREE, Posture, limited, turns},
};
use crate::scene::{Model, SkinVertex};

/// How deep the mattress gives way under the heaviest contact, metres; the stiffness follows from it.
const SINK_M: f32 = 0.011;
/// What draws a face into the mattress, in weights of one point over metres: an infant that cannot lift its head.
const PRESS: f32 = 250_000.0;
/// Sweeps over all degrees of freedom.
const SWEEPS: usize = 14;
/// Points of the surface that are weighed and felt.
const POINTS: usize = 420;
/// Turns of the whole body, then its height and its place along Z.
const ROOT: usize = 5;
/// What draws a hand to what it holds, and a limb into the gap that it goes through, in weights of one point over metres.
const HOLD: f32 = 20_000.0;
const THREAD: f32 = 80_000.0;
/// What it takes to push a point by a metre into a side of the crib, in weights of one point.
const WALL: f32 = 4000.0;
/// The same for the side of a mattress, in a gap that a whole body weighs into.
const SIDE: f32 = 20_000.0;

/// Where the infant is and how it is bent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    pub(super) angles: Angles,
    /// World from the object frame: the pelvis.
    pub(super) root: Affine3A,
}

/// Where a body is laid, and what surrounds it.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    /// Turn about the vertical.
    pub(super) yaw: Quat,
    /// Above which place, world, metres; the height is found.
    pub(super) at: Vec3,
    /// Muscle tone: what it takes to bend a joint by a radian, in weights of one point times metres.
    pub(super) tone: f32,
    /// Joints that hold on to something, and where.
    pub(super) reach: Vec<(usize, Vec3)>,
    /// Joints of a limb that may leave the crib, between slats.
    pub(super) through: Vec<usize>,
    /// Height of the pelvis where something else than the mattress carries it (a rail that is straddled).
    pub(super) pelvis: Option<f32>,
    /// Nose and mouth are pressed into the mattress.
    pub(super) face_down: bool,
    /// Height of the mattress, metres.
    pub(super) height: f32,
    /// From where to where (x, z) the body must stay; `None` when it may leave.
    pub(super) bounds: Option<[Vec2; 2]>,
    /// Beside the mattress, where there is room to slip down.
    pub(super) gap: Option<Gap>,
    /// The gap between two slats that a limb goes through.
    pub(super) slot: Option<Slot>,
    /// The side that a body stands at, or lies across on its way out.
    pub(super) rail: Option<Rail>,
}

/// A gap between two slats of a long side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// Its middle, and of the slats' thickness, world.
    pub(super) x: f32,
    pub(super) z: f32,
    /// Half its width.
    pub(super) half: f32,
    /// Half the thickness and the width of a slat.
    pub(super) slat: [f32; 2],
}

impl Slot {
    /// How deep a point is in one of the two slats, along X.
    fn entered(&self, p: Vec3) -> f32 {
        let beyond = (p.x - self.x).abs() - self.half;
        let there = (p.z - self.z).abs() < self.slat[0] + 0.012 && beyond < self.slat[1];
        if there { beyond.max(0.0) } else { 0.0 }
    }
}

/// The upper edge of a long side, along X, and what stands below it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rail {
    /// Where its middle runs, world.
    pub(super) y: f32,
    pub(super) z: f32,
    /// Half its thickness.
    pub(super) radius: f32,
}

impl Rail {
    /// How deep a capsule from `a` to `b` enters the side, metres. One that passes below the edge does so by how much
    /// higher it would have to be.
    fn entered(&self, a: Vec3, b: Vec3, radius: f32) -> f32 {
        let off = |p: Vec3| Vec2::new(p.z - self.z, (p.y - self.y).max(0.0)).length();
        let sampled = (0..=8_u8).map(|i| off(a.lerp(b, f32::from(i) / 8.0))).fold(f32::MAX, f32::min);
        let (from, to) = (a.z - self.z, b.z - self.z);
        let across = if from * to < 0.0 { a.lerp(b, from / (from - to)).y - self.y } else { f32::MAX };
        (radius + self.radius - sampled.min(across)).max(0.0)
    }
}

/// A gap along X between the mattress and a long side, and what lies below it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// Where along Z the mattress ends.
    pub(super) edge: f32,
    /// On which side of the edge the gap is, along Z: -1 or 1.
    pub(super) side: f32,
    /// Height of the board below.
    pub(super) board: f32,
}

impl Ground {
    /// What it takes to push a point of the body to `p`, into the mattress or the board; `carried` is how many points
    /// carry the rest.
    fn pressed(&self, p: Vec3, carried: f32) -> f32 {
        let stiffness = carried / (2.0 * SINK_M);
        let into = |height: f32| {
            let below = (height - p.y).max(0.0);
            // Foam hardens.
            let hard = (below - SINK_M).max(0.0);
            stiffness * (below * below + 12.0 * hard * hard)
        };
        let Some(gap) = self.gap else { return into(self.height) };
        // Into the mattress from above or, if that is less, from the gap.
        let within = ((gap.edge - p.z) * gap.side).max(0.0);
        into(self.height).min(SIDE * within * within) + into(gap.board)
    }
}

struct Probe {
    place: Vec3,
    pull: SkinVertex,
}

/// A capsule of the body, between two joints.
struct Bone {
    from: usize,
    to: usize,
    radius: f32,
}

struct Settling<'a> {
    anatomy: &'a Anatomy,
    body: &'a Body,
    probes: Vec<Probe>,
    /// Nose and mouth, when they are to be pressed down.
    airway: Vec<Probe>,
    bones: Vec<Bone>,
    /// Pairs of `bones` that must keep apart.
    apart: Vec<(usize, usize)>,
    /// What must not enter a side that the body lies across.
    across: Vec<Bone>,
    start: Angles,
    base: Quat,
    ground: &'a Ground,
    lies: bool,
}

/// Lets the body come to rest from `angles`.
pub(super) fn settle(
    anatomy: &Anatomy,
    model: &Model,
    body: &Body,
    posture: Posture,
    angles: &Angles,
    ground: &Ground,
) -> Rest {
    let settling = Settling::new(anatomy, model, body, posture, angles, ground);
    let mut state = [0.0; FREE + ROOT];
    state[..FREE].copy_from_slice(angles);
    let lowest = settling.lowest(&state);
    state[FREE + 3] = ground.pelvis.unwrap_or(ground.height - lowest);
    let mut energy = settling.energy(&state);
    let mut steps = [0.22_f32; FREE + ROOT];
    steps[FREE + 3..].fill(0.02);
    for _ in 0..SWEEPS {
        for freedom in 0..FREE + ROOT {
            let held = match freedom.checked_sub(FREE) {
                None => false,
                // A rail carries the body wherever it comes to lie.
                Some(3 | 4) if ground.rail.is_some() => false,
                Some(3) => ground.pelvis.is_some(),
                // Friction holds who lies on a mattress.
                Some(4) => ground.gap.is_none(),
                Some(_) => !settling.lies,
            };
            if held {
                continue;
            }
            let mut better = false;
            for sign in [1.0, -1.0] {
                let mut tried = state;
                tried[freedom] += sign * steps[freedom];
                tried = settling.allowed(tried);
                let there = settling.energy(&tried);
                if there < energy {
                    (state, energy, better) = (tried, there, true);
                    break;
                }
            }
            steps[freedom] *= if better { 1.15 } else { 0.6 };
        }
    }
    let (angles, root) = settling.place(&state);
    Rest { angles, root }
}

impl<'a> Settling<'a> {
    fn new(
        anatomy: &'a Anatomy,
        model: &'a Model,
        body: &'a Body,
        posture: Posture,
        angles: &Angles,
        ground: &'a Ground,
    ) -> Self {
        let felt = |name: &str| name.starts_with("skin.") || name == "nappy";
        let all: Vec<Probe> = anatomy
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| felt(&part.name))
            .flat_map(|(index, _)| {
                let skin = &model.primitives[index].skin;
                body.parts[index].iter().zip(skin).map(|(p, pull)| Probe { place: *p, pull: *pull })
            })
            .collect();
        let probes = evenly(all);
        let airway = anatomy.airway.iter().filter(|_| ground.face_down).map(|&(part, vertex)| Probe {
            place: body.parts[part][vertex],
            pull: model.primitives[part].skin[vertex],
        });
        let airway: Vec<Probe> = airway.step_by(3).collect();
        let joint = |name: &str| anatomy.joint(name);
        let mut bones = vec![
            Bone { from: joint("pelvis"), to: joint("spine_03"), radius: 0.105 * body.joints_scale() },
            Bone { from: joint("head"), to: joint("neck_01"), radius: 0.115 * body.joints_scale() },
        ];
        let mut apart = Vec::new();
        for side in ["l", "r"] {
            let arm = bones.len();
            let of = |name: &str| joint(&format!("{name}_{side}"));
            bones.push(Bone { from: of("lowerarm"), to: of("hand"), radius: 0.03 * body.joints_scale() });
            bones.push(Bone { from: of("calf"), to: of("foot"), radius: 0.045 * body.joints_scale() });
            apart.extend([(arm, 0), (arm, 1), (arm + 1, 0)]);
        }
        // Shins, shins with arms, and the arms.
        apart.extend([(3, 5), (2, 4), (2, 3), (2, 5), (4, 3), (4, 5)]);
        Self {
            anatomy,
            body,
            probes,
            airway,
            bones,
            apart,
            across: across(anatomy, body, ground.pelvis.is_some()),
            start: *angles,
            base: ground.yaw * posture.base(),
            ground,
            lies: posture.lies(),
        }
    }

    fn allowed(&self, mut state: [f32; FREE + ROOT]) -> [f32; FREE + ROOT] {
        let mut angles = [0.0; FREE];
        angles.copy_from_slice(&state[..FREE]);
        state[..FREE].copy_from_slice(&limited(angles));
        state
    }

    fn place(&self, state: &[f32; FREE + ROOT]) -> (Angles, Affine3A) {
        let mut angles = [0.0; FREE];
        angles.copy_from_slice(&state[..FREE]);
        let [x, y, z, height, aside] = [0, 1, 2, 3, 4].map(|i| state[FREE + i]);
        let rock = Quat::from_rotation_x(x) * Quat::from_rotation_z(z) * Quat::from_rotation_y(y);
        let at = self.ground.at + Vec3::new(0.0, height, aside);
        (angles, Affine3A::from_rotation_translation(rock * self.base, at))
    }

    fn moves(&self, state: &[f32; FREE + ROOT]) -> (Vec<Affine3A>, Vec<Vec3>) {
        let (angles, root) = self.place(state);
        let frames = self.body.frames(&turns(self.anatomy, self.body, &angles, 0.6), root);
        let joints = frames.iter().map(|f| f.translation.into()).collect();
        let moves = frames
            .iter()
            .zip(&self.body.joints)
            .map(|(frame, rest)| *frame * Affine3A::from_translation(-*rest))
            .collect();
        (moves, joints)
    }

    /// Whether a point belongs to a limb that may leave the crib.
    fn goes_through(&self, probe: &Probe) -> bool {
        let strongest = probe.pull.weights.iter().zip(probe.pull.joints).max_by(|a, b| a.0.total_cmp(b.0));
        strongest.is_some_and(|(_, joint)| self.ground.through.contains(&usize::from(joint)))
    }

    fn lowest(&self, state: &[f32; FREE + ROOT]) -> f32 {
        let (moves, _) = self.moves(state);
        self.probes.iter().map(|p| pulled(&moves, &p.pull, p.place).y).fold(f32::MAX, f32::min)
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
    fn energy(&self, state: &[f32; FREE + ROOT]) -> f32 {
        let (moves, joints) = self.moves(state);
        // Units: the weight of one point over one metre is 1. About a tenth of all points carry the rest.
        let carried = self.probes.len() as f32 / 40.0;
        // In a gap the sides carry a body.
        let wall = if self.ground.gap.is_some() { SIDE } else { WALL };
        let (mut sum, mut lowest) = (0.0, f32::MAX);
        for probe in &self.probes {
            let p = pulled(&moves, &probe.pull, probe.place);
            sum += p.y + self.ground.pressed(p, carried);
            if let Some([low, high]) = self.ground.bounds.filter(|_| !self.goes_through(probe)) {
                let at = Vec2::new(p.x, p.z);
                let beyond = (low - at).max(at - high).max(Vec2::ZERO).element_sum();
                sum += wall * beyond * beyond;
            }
            if let Some(slot) = self.ground.slot {
                sum += SIDE * slot.entered(p).powi(2);
            }
            lowest = lowest.min(p.y);
        }
        for &(a, b) in &self.apart {
            let (a, b) = (&self.bones[a], &self.bones[b]);
            let near = between_segments(joints[a.from], joints[a.to], joints[b.from], joints[b.to]);
            let inside = (a.radius + b.radius - near).max(0.0);
            sum += 60_000.0 * inside * inside;
        }
        // Whoever stands does not hang from its hands.
        if self.ground.rail.is_some() && self.ground.pelvis.is_none() {
            sum += HOLD * 4.0 * (lowest - self.ground.height).max(0.0).powi(2);
        }
        if let Some(rail) = self.ground.rail {
            sum += 60_000.0 * entered(&self.across, &joints, rail).map(|into| into * into).sum::<f32>();
        }
        for probe in &self.airway {
            let above = (pulled(&moves, &probe.pull, probe.place).y - self.ground.height).max(0.0);
            sum += PRESS * above * above / self.airway.len() as f32;
        }
        let pull = if self.ground.through.is_empty() { HOLD } else { THREAD };
        for (joint, place) in &self.ground.reach {
            sum += pull * joints[*joint].distance_squared(*place);
        }
        let strained = state[..FREE].iter().zip(&self.start).map(|(now, then)| (now - then).powi(2));
        sum + self.ground.tone * strained.sum::<f32>()
            + 6.0 * self.ground.tone * state[FREE..FREE + 3].iter().map(|a| a * a).sum::<f32>()
    }
}

/// What must not enter a side that a body stands at, or lies across on its way out with a foot on both sides of it
/// (`astride`).
fn across(anatomy: &Anatomy, body: &Body, astride: bool) -> Vec<Bone> {
    let bone = |from: usize, to: usize, radius: f32| Bone { from, to, radius: radius * body.joints_scale() };
    let mut across = vec![bone(anatomy.joint("pelvis"), anatomy.joint("spine_03"), 0.082)];
    for side in ["l", "r"] {
        let of = |name: &str| anatomy.joint(&format!("{name}_{side}"));
        across.extend([
            bone(of("thigh"), of("calf"), 0.056),
            bone(of("calf"), of("foot"), 0.042),
            bone(of("upperarm"), of("lowerarm"), 0.032),
            bone(of("lowerarm"), of("hand"), 0.024),
        ]);
        let toes = anatomy.joints.get(&format!("ball_{side}")).filter(|_| !astride);
        across.extend(toes.map(|toes| bone(of("foot"), *toes, 0.018)));
        let knuckles = anatomy.joints.get(&format!("middle_02_{side}")).copied();
        across.extend(knuckles.map(|knuckles| bone(of("hand"), knuckles, 0.018)));
    }
    across
}

fn entered(bones: &[Bone], joints: &[Vec3], rail: Rail) -> impl Iterator<Item = f32> {
    bones.iter().map(move |b| rail.entered(joints[b.from], joints[b.to], b.radius))
}

/// How deep a body with these joints is in a rail beside it, metres.
pub(super) fn rail_entered(anatomy: &Anatomy, body: &Body, joints: &[Vec3], rail: Rail) -> f32 {
    entered(&across(anatomy, body, false), joints, rail).fold(0.0, f32::max)
}

impl Body {
    /// Size relative to a body of 0.6 m.
    fn joints_scale(&self) -> f32 {
        let heights = || self.joints.iter().map(|j| j.y);
        (heights().fold(f32::MIN, f32::max) - heights().fold(f32::MAX, f32::min)) / 0.50
    }
}

/// Every so-many-th of them.
fn evenly(all: Vec<Probe>) -> Vec<Probe> {
    let every = all.len().div_ceil(POINTS).max(1);
    all.into_iter().step_by(every).collect()
}

/// Smallest distance of two segments, sampled along the first (9 places), exact along the second.
fn between_segments(a: Vec3, b: Vec3, c: Vec3, d: Vec3) -> f32 {
    (0..=8_u8)
        .map(|i| {
            let p = a.lerp(b, f32::from(i) / 8.0);
            let along = ((p - c).dot(d - c) / (d - c).length_squared().max(1e-9)).clamp(0.0, 1.0);
            p.distance(c.lerp(d, along))
        })
        .fold(f32::MAX, f32::min)
}
