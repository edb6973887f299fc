//! One infant's body: its shape, then its pose, as plain vertices.

use std::collections::BTreeMap;

use glam::{Affine3A, Mat3A, Quat, Vec3, Vec3A};

use super::anatomy::Anatomy;
use super::growth::Size;
use crate::scene::Model;

/// A body of a certain shape, at rest.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// Vertices of each part, object frame: origin at the pelvis joint, +Y towards the head, +Z to the front, +X to the
    /// infant's left. Metres.
    pub(super) parts: Vec<Vec<Vec3>>,
    /// Joints, same frame.
    pub(super) joints: Vec<Vec3>,
    pub(super) parents: Vec<Option<usize>>,
    pub(super) mouth: Vec3,
    /// Joints at the ends of limbs, which no further joint marks.
    pub(super) tails: BTreeMap<String, Vec3>,
}

/// A body in a pose, world frame.
#[derive(Clone, Debug)]
pub(super) struct Posed {
    pub(super) parts: Vec<Vec<Vec3>>,
    pub(super) normals: Vec<Vec<Vec3>>,
    pub(super) joints: Vec<Vec3>,
    /// World from each joint's frame; at rest all are parallel to the object frame.
    pub(super) world_from_joint: Vec<Affine3A>,
}

/// Mean density of an infant's body, kg/m3: what turns the tables' weight into the volume that the mesh must have.
const DENSITY: f32 = 1030.0;
/// How far the front of the belly rises with a breath, metres.
const BELLY_M: f32 = 0.006;
/// The mesh has no skin under the nappy; the nappy closes it, a little larger than the body would be.
const NAPPY_SHARE: f32 = 0.96;

impl Body {
    /// A body with these weights of morph targets (by name), grown to `size`.
    pub(super) fn shaped(
        anatomy: &Anatomy,
        model: &Model,
        weights: &BTreeMap<&str, f32>,
        size: &Size,
    ) -> Self {
        let mut weights = weights.clone();
        // Length first, then head and weight, each changes the others a little: a few rounds settle it.
        let mut body = Self::morphed(anatomy, model, &weights);
        for _ in 0..4 {
            let scale = size.length_m / body.length(anatomy);
            let head = size.head_circumference_m / (body.head_circumference(anatomy) * scale);
            *weights.entry("head_size").or_default() += head - 1.0;
            let volume = body.volume(anatomy) * scale.powi(3) * NAPPY_SHARE;
            let more = size.weight_kg / DENSITY / volume - 1.0;
            let fat = fatness(&weights) + more * 1.6;
            weights.insert("heavy", fat.clamp(0.0, 1.35));
            weights.insert("thin", (-fat).clamp(0.0, 1.1));
            body = Self::morphed(anatomy, model, &weights);
        }
        let scale = size.length_m / body.length(anatomy);
        body.scale(scale);
        body
    }

    fn morphed(anatomy: &Anatomy, model: &Model, weights: &BTreeMap<&str, f32>) -> Self {
        let active: Vec<(usize, f32)> = model
            .morph_names
            .iter()
            .enumerate()
            .filter_map(|(i, name)| weights.get(name.as_str()).map(|w| (i, *w)))
            .filter(|(_, w)| *w != 0.0)
            .collect();
        let parts = model
            .primitives
            .iter()
            .map(|primitive| {
                let mut positions = primitive.vertices.positions.clone();
                for (morph, weight) in &active {
                    let moved = &primitive.morphs[*morph].positions;
                    positions.iter_mut().zip(moved).for_each(|(p, d)| *p += *d * *weight);
                }
                positions
            })
            .collect();
        let skin = model.skin.as_ref().map(|skin| skin.joints.as_slice()).unwrap_or_default();
        let mut joints: Vec<Vec3> =
            skin.iter().map(|joint| joint.joint_from_object.inverse().translation.into()).collect();
        for (morph, weight) in &active {
            joints.iter_mut().zip(&anatomy.joint_morphs[*morph]).for_each(|(j, d)| *j += *d * *weight);
        }
        let shift = |name: &str, at: Vec3| {
            let joint = anatomy.joint(name);
            let rest: Vec3 = skin[joint].joint_from_object.inverse().translation.into();
            joints[joint] + (at - rest)
        };
        let mouth = shift("head", anatomy.mouth);
        let tails = anatomy.tails.iter().map(|(name, at)| (name.clone(), shift(name, *at))).collect();
        Self { parts, parents: skin.iter().map(|j| j.parent).collect(), mouth, tails, joints }
    }

    fn scale(&mut self, by: f32) {
        self.parts.iter_mut().flatten().for_each(|p| *p *= by);
        self.joints.iter_mut().for_each(|p| *p *= by);
        self.tails.values_mut().for_each(|p| *p *= by);
        self.mouth *= by;
    }

    pub(super) fn at(&self, place: (usize, usize)) -> Vec3 {
        self.parts[place.0][place.1]
    }

    fn skin<'a>(&'a self, anatomy: &'a Anatomy) -> impl Iterator<Item = &'a Vec<Vec3>> {
        self.parts
            .iter()
            .zip(&anatomy.parts)
            .filter(|(_, part)| part.name.starts_with("skin."))
            .map(|(p, _)| p)
    }

    /// Crown to heel at rest, metres.
    pub(super) fn length(&self, anatomy: &Anatomy) -> f32 {
        let heights = || self.skin(anatomy).flatten().map(|p| p.y);
        heights().fold(f32::MIN, f32::max) - heights().fold(f32::MAX, f32::min)
    }

    /// Round the head above the brows, where a tape would lie: the largest outline of level cuts between the eyes and
    /// the crown, by the width of the head in 36 directions (Cauchy's formula for convex outlines).
    pub(super) fn head_circumference(&self, anatomy: &Anatomy) -> f32 {
        let (eye, crown) = (self.at(anatomy.landmarks["eye_l"]).y, self.at(anatomy.landmarks["crown"]).y);
        let head: Vec<Vec3> = self
            .parts
            .iter()
            .zip(&anatomy.parts)
            .filter(|(_, part)| matches!(part.name.as_str(), "skin.face" | "skin.head"))
            .flat_map(|(p, _)| p.iter().copied())
            .filter(|p| p.y > eye + 0.16 * (crown - eye))
            .collect();
        let steps: u16 = 36;
        let width = |step: u16| {
            let (sin, cos) = (f32::from(step) / f32::from(steps) * std::f32::consts::PI).sin_cos();
            let across = head.iter().map(|p| p.x * sin + p.z * cos);
            let (low, high) = across.fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
            high - low
        };
        (0..steps).map(width).sum::<f32>() / f32::from(steps) * std::f32::consts::PI
    }

    /// Volume within skin and nappy, cubic metres (divergence theorem over their triangles).
    pub(super) fn volume(&self, anatomy: &Anatomy) -> f32 {
        let closed = |name: &str| name.starts_with("skin.") || name == "nappy";
        let mut sum = 0.0_f64;
        for (index, _) in anatomy.parts.iter().enumerate().filter(|(_, part)| closed(&part.name)) {
            let positions = &self.parts[index];
            for t in anatomy.triangles[index].chunks_exact(3) {
                let [a, b, c] = [t[0], t[1], t[2]].map(|i| positions[i as usize]);
                sum += f64::from(a.dot(b.cross(c)));
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "a few litres")]
        let volume = (sum / 6.0) as f32;
        volume
    }

    /// The body with each joint turned (axes parallel to the object frame at rest) and the pelvis put in the world.
    pub(super) fn posed(
        &self,
        anatomy: &Anatomy,
        model: &Model,
        turns: &[Quat],
        root: Affine3A,
        parts: &[usize],
    ) -> Posed {
        let world_from_joint = self.frames(turns, root);
        let moves: Vec<Affine3A> = world_from_joint
            .iter()
            .zip(&self.joints)
            .map(|(frame, rest)| *frame * Affine3A::from_translation(-*rest))
            .collect();
        let mut posed: Vec<Vec<Vec3>> = vec![Vec::new(); self.parts.len()];
        for &part in parts {
            let skin = &model.primitives[part].skin;
            posed[part] =
                self.parts[part].iter().zip(skin).map(|(p, pull)| pulled(&moves, pull, *p)).collect();
        }
        let normals = normals(anatomy, &posed);
        let joints = world_from_joint.iter().map(|frame| frame.translation.into()).collect();
        Posed { parts: posed, normals, joints, world_from_joint }
    }

    /// The body with air in it, 0 to 1: an infant breathes with its belly, of which the front rises by `BELLY_M` for a
    /// body of 0.6 m, and the chest by a third of it. Clothes go along.
    pub(super) fn breathing(&self, anatomy: &Anatomy, breath: f32) -> Self {
        let (pelvis, neck) = (self.joints[anatomy.joint("pelvis")], self.joints[anatomy.joint("neck_01")]);
        let tall = (neck.y - pelvis.y).max(1e-3);
        let scale = self.length(anatomy) / 0.6;
        let bump = |y: f32, at: f32, spread: f32| (-((y - at) / spread).powi(2)).exp();
        let mut out = self.clone();
        for p in out.parts.iter_mut().flatten() {
            let y = (p.y - pelvis.y) / tall;
            let rise = bump(y, 0.28, 0.24) + 0.34 * bump(y, 0.72, 0.2);
            // The trunk alone: arms lie further out.
            let aside = (p.x / (0.42 * tall)).abs();
            let trunk = (-aside.powi(4)).exp() * rise * BELLY_M * scale * breath;
            let front = ((p.z - pelvis.z) / (0.25 * tall)).clamp(-0.3, 1.0);
            *p += Vec3::new(0.3 * trunk * (p.x / (0.3 * tall)).clamp(-1.0, 1.0), 0.0, trunk * front);
        }
        out
    }

    /// World from each joint's frame.
    pub(super) fn frames(&self, turns: &[Quat], root: Affine3A) -> Vec<Affine3A> {
        let mut frames: Vec<Affine3A> = Vec::with_capacity(self.joints.len());
        for (index, at) in self.joints.iter().enumerate() {
            let (above, from) = match self.parents[index] {
                Some(parent) => (frames[parent], self.joints[parent]),
                None => (root, Vec3::ZERO),
            };
            let turn = turns.get(index).copied().unwrap_or(Quat::IDENTITY);
            frames.push(above * Affine3A::from_rotation_translation(turn, *at - from));
        }
        frames
    }
}

impl Posed {
    /// Moves everything, metres.
    pub(super) fn shift(&mut self, by: Vec3) {
        if by == Vec3::ZERO {
            return;
        }
        self.parts.iter_mut().flatten().for_each(|p| *p += by);
        self.joints.iter_mut().for_each(|p| *p += by);
        self.world_from_joint.iter_mut().for_each(|frame| frame.translation += Vec3A::from(by));
    }

    /// Draws a part that is worn below another closer to the body, metres.
    pub(super) fn draw_in(&mut self, anatomy: &Anatomy, part: usize, by_m: f32) {
        let mut outwards: BTreeMap<u32, Vec3> = BTreeMap::new();
        let welds = &anatomy.welds[part];
        for (weld, normal) in welds.iter().zip(&self.normals[part]) {
            outwards.entry(*weld).or_insert(*normal);
        }
        for (p, weld) in self.parts[part].iter_mut().zip(welds) {
            *p -= outwards.get(weld).copied().unwrap_or_default() * by_m;
        }
    }

    /// Throws folds into a part that is cloth: up to `height_m` outwards, where the body at rest has `phases` of some
    /// waves. Places that are one stay one.
    pub(super) fn fold(
        &mut self,
        anatomy: &Anatomy,
        body: &Body,
        part: usize,
        height_m: f32,
        phases: [f32; 5],
    ) {
        let mut outwards: BTreeMap<u32, Vec3> = BTreeMap::new();
        let welds = &anatomy.welds[part];
        for (i, weld) in welds.iter().enumerate() {
            let (p, normal) = (body.parts[part][i], self.normals[part][i]);
            outwards.entry(*weld).or_insert_with(|| normal * (height_m * folds(p, phases)));
        }
        for (p, weld) in self.parts[part].iter_mut().zip(welds) {
            *p += outwards.get(weld).copied().unwrap_or_default();
        }
        let mut sums: BTreeMap<u32, Vec3> = BTreeMap::new();
        for t in anatomy.triangles[part].chunks_exact(3) {
            let [a, b, c] = [t[0], t[1], t[2]].map(|i| self.parts[part][i as usize]);
            for &i in t {
                *sums.entry(welds[i as usize]).or_default() += (b - a).cross(c - a);
            }
        }
        for (n, weld) in self.normals[part].iter_mut().zip(welds) {
            *n = sums.get(weld).copied().unwrap_or_default().normalize_or(*n);
        }
    }
}

/// Folds of a garment, 0 to 1: ridges across the body that wander, and come and go.
fn folds(p: Vec3, [a, b, c, d, e]: [f32; 5]) -> f32 {
    let along = 78.0 * p.y + 3.0 * (29.0 * p.x + a).sin() + 2.4 * (37.0 * p.z + b).sin();
    let slant = 61.0 * p.x + 48.0 * p.y + 2.0 * (33.0 * p.z + c).sin();
    let ridge = |phase: f32| (1.0 - (phase * 0.5).sin().abs()).powi(2);
    let here = 0.5 + 0.5 * (21.0 * p.x + 13.0 * p.z + d).sin() * (17.0 * p.y + e).sin();
    (ridge(along + d) * here + ridge(slant + e) * (1.0 - here)).clamp(0.0, 1.0)
}

fn fatness(weights: &BTreeMap<&str, f32>) -> f32 {
    weights.get("heavy").copied().unwrap_or(0.0) - weights.get("thin").copied().unwrap_or(0.0)
}

/// Linear blend skinning of one vertex.
pub(super) fn pulled(moves: &[Affine3A], pull: &crate::scene::SkinVertex, p: Vec3) -> Vec3 {
    let mut sum = Affine3A { matrix3: Mat3A::ZERO, translation: Vec3A::ZERO };
    for (joint, weight) in pull.joints.iter().zip(pull.weights).filter(|(_, w)| *w != 0.0) {
        let step = &moves[usize::from(*joint)];
        sum.matrix3 += step.matrix3 * weight;
        sum.translation += step.translation * weight;
    }
    sum.transform_point3(p)
}

/// Smooth normals; vertices that are one place of the surface share theirs, across parts too.
fn normals(anatomy: &Anatomy, posed: &[Vec<Vec3>]) -> Vec<Vec<Vec3>> {
    let mut sums = vec![Vec3::ZERO; anatomy.places];
    for ((positions, triangles), welds) in posed.iter().zip(&anatomy.triangles).zip(&anatomy.welds) {
        if positions.is_empty() {
            continue;
        }
        for t in triangles.chunks_exact(3) {
            let [a, b, c] = [t[0], t[1], t[2]].map(|i| positions[i as usize]);
            let n = (b - a).cross(c - a);
            for &i in t {
                sums[welds[i as usize] as usize] += n;
            }
        }
    }
    posed
        .iter()
        .zip(&anatomy.welds)
        .map(|(positions, welds)| {
            positions.iter().zip(welds).map(|(_, w)| sums[*w as usize].normalize_or(Vec3::Y)).collect()
        })
        .collect()
}
