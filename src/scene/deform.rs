//! A model in another pose: morph targets, then linear blend skinning, on the CPU.

use glam::{Affine3A, Mat3A, Vec3, Vec3A};

use super::{Model, Primitive, Skin};
use crate::geometry::Aabb;

/// A pose of one model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoseState {
    /// Each joint relative to its parent (a root: to the object frame), in the order of [`Skin::joints`]. Joints
    /// beyond the end of the list rest.
    pub joints: Vec<Affine3A>,
    /// Weights of the morph targets, in the order of [`Model::morph_names`], added to how the model looks at rest.
    /// Targets beyond the end of the list weigh nothing.
    pub morph_weights: Vec<f32>,
}

impl PoseState {
    /// The pose in which the file left its joints, every morph at zero.
    #[must_use]
    pub fn rest(model: &Model) -> Self {
        let joints =
            model.skin.iter().flat_map(|skin| (0..skin.joints.len()).map(|i| rest_of(skin, i))).collect();
        Self { joints, morph_weights: vec![0.0; model.morph_names.len()] }
    }
}

fn rest_of(skin: &Skin, joint: usize) -> Affine3A {
    let j = &skin.joints[joint];
    Affine3A::from_scale_rotation_translation(j.scale, j.rotation, j.translation)
}

/// The model in that pose: same triangles and levels of detail, moved vertices, normals and tangents, bounds
/// measured anew. Probe points move with the nearest vertex.
#[must_use]
pub fn deform(model: &Model, pose: &PoseState) -> Model {
    let mut out = model.clone();
    let moves = model.skin.as_ref().map(|skin| joint_moves(skin, pose)).unwrap_or_default();
    for primitive in &mut out.primitives {
        morph(primitive, &pose.morph_weights);
        skin(primitive, &moves);
    }
    let mut probes = std::mem::take(&mut out.probes);
    for point in probes.iter_mut().flat_map(|group| &mut group.points) {
        *point = follow(*point, model, &out, &moves);
    }
    out.probes = probes;
    out.bounds = Aabb::of(out.primitives.iter().flat_map(|p| p.vertices.positions.iter().copied()));
    out
}

/// For each joint: from the object frame at bind to the object frame in the pose.
fn joint_moves(skin: &Skin, pose: &PoseState) -> Vec<Affine3A> {
    let mut object_from_joint: Vec<Affine3A> = Vec::with_capacity(skin.joints.len());
    for (i, joint) in skin.joints.iter().enumerate() {
        let local = pose.joints.get(i).copied().unwrap_or_else(|| rest_of(skin, i));
        let parent = joint.parent.and_then(|p| object_from_joint.get(p)).copied().unwrap_or_default();
        object_from_joint.push(parent * local);
    }
    object_from_joint
        .iter()
        .zip(&skin.joints)
        .map(|(place, joint)| *place * joint.joint_from_object)
        .collect()
}

fn morph(primitive: &mut Primitive, weights: &[f32]) {
    let v = &mut primitive.vertices;
    let mut turned = false;
    for (target, &weight) in primitive.morphs.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
        v.positions.iter_mut().zip(&target.positions).for_each(|(p, d)| *p += *d * weight);
        v.normals.iter_mut().zip(&target.normals).for_each(|(n, d)| *n += *d * weight);
        turned |= !target.normals.is_empty();
    }
    if turned {
        v.normals.iter_mut().for_each(|n| *n = n.normalize_or(Vec3::Y));
    }
}

fn skin(primitive: &mut Primitive, moves: &[Affine3A]) {
    if moves.is_empty() {
        return;
    }
    let v = &mut primitive.vertices;
    for (i, pull) in primitive.skin.iter().enumerate() {
        let blend = blend(moves, pull.joints, pull.weights);
        v.positions[i] = blend.transform_point3(v.positions[i]);
        if let Some(normal) = v.normals.get_mut(i) {
            *normal = Vec3::from(cofactors(&blend.matrix3) * Vec3A::from(*normal)).normalize_or(Vec3::Y);
        }
        if let Some(tangent) = v.tangents.get_mut(i) {
            *tangent = blend.transform_vector3(tangent.truncate()).normalize_or(Vec3::X).extend(tangent.w);
        }
    }
}

fn blend(moves: &[Affine3A], joints: [u16; 4], weights: [f32; 4]) -> Affine3A {
    let mut sum = Affine3A { matrix3: Mat3A::ZERO, translation: Vec3A::ZERO };
    for (joint, weight) in joints.into_iter().zip(weights).filter(|(_, weight)| *weight != 0.0) {
        let step = moves.get(usize::from(joint)).copied().unwrap_or_default();
        sum.matrix3 += step.matrix3 * weight;
        sum.translation += step.translation * weight;
    }
    sum
}

/// What normals transform by, up to a positive factor; exists where the inverse does not.
fn cofactors(m: &Mat3A) -> Mat3A {
    let sign = if m.determinant() < 0.0 { -1.0 } else { 1.0 };
    Mat3A::from_cols(m.y_axis.cross(m.z_axis), m.z_axis.cross(m.x_axis), m.x_axis.cross(m.y_axis)) * sign
}

/// Where a point on the surface went: as its nearest vertex, turned with that vertex's joints.
fn follow(point: Vec3, before: &Model, after: &Model, moves: &[Affine3A]) -> Vec3 {
    let nearest = before
        .primitives
        .iter()
        .enumerate()
        .flat_map(|(p, primitive)| {
            primitive.vertices.positions.iter().enumerate().map(move |(i, v)| (p, i, *v))
        })
        .min_by(|a, b| a.2.distance_squared(point).total_cmp(&b.2.distance_squared(point)));
    let Some((p, i, at)) = nearest else { return point };
    let turn = match before.primitives[p].skin.get(i) {
        Some(pull) if !moves.is_empty() => blend(moves, pull.joints, pull.weights).matrix3,
        _ => Mat3A::IDENTITY,
    };
    after.primitives[p].vertices.positions[i] + Vec3::from(turn * Vec3A::from(point - at))
}
