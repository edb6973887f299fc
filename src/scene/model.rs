//! Shapes: triangles with their levels of detail, skins and morph targets.

use glam::{Affine3A, Quat, Vec2, Vec3, Vec4};
use serde_json::Value;

use super::MaterialId;
use crate::geometry::Aabb;

/// Vertex data of one primitive, object frame; every non-empty list is as long as `positions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vertices {
    /// Metres.
    pub positions: Vec<Vec3>,
    /// Unit length; never empty after import.
    pub normals: Vec<Vec3>,
    /// Unit tangent and handedness; empty when no normal map needs them.
    pub tangents: Vec<Vec4>,
    /// First texture coordinates; empty when there are none.
    pub uv0: Vec<Vec2>,
    /// Second texture coordinates; empty when there are none.
    pub uv1: Vec<Vec2>,
    /// Linear vertex colours; empty means white.
    pub colours: Vec<Vec4>,
}

/// One level of detail: fewer triangles over the same vertices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lod {
    /// Triangle list, counter-clockwise seen from outside.
    pub indices: Vec<u32>,
    /// Largest distance to the full surface, micrometres (an integer, so that it compares exactly).
    pub error_um: u32,
}

/// Up to four joints and their weights, which sum to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkinVertex {
    /// Indices into [`Skin::joints`].
    pub joints: [u16; 4],
    /// Weights.
    pub weights: [f32; 4],
}

/// A morph target: displacements per vertex.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Morph {
    /// Added to positions; empty when the target leaves this primitive alone.
    pub positions: Vec<Vec3>,
    /// Added to normals; may be empty.
    pub normals: Vec<Vec3>,
}

/// Triangles with one material.
#[derive(Clone, Debug, PartialEq)]
pub struct Primitive {
    /// Vertex data.
    pub vertices: Vertices,
    /// Levels of detail, finest first; never empty.
    pub lods: Vec<Lod>,
    /// Its material, unless the instance overrides it.
    pub material: MaterialId,
    /// One entry a vertex when the model has a skin and this primitive follows it, else empty.
    pub skin: Vec<SkinVertex>,
    /// Morph targets; all primitives of a model list the same targets in the same order.
    pub morphs: Vec<Morph>,
}

/// A joint of a skin, with its rest pose.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// Its name in the file.
    pub name: String,
    /// Index of the parent in [`Skin::joints`], always smaller than its own.
    pub parent: Option<usize>,
    /// Rest translation relative to the parent, metres (for a root: object frame).
    pub translation: Vec3,
    /// Rest rotation.
    pub rotation: Quat,
    /// Rest scale.
    pub scale: Vec3,
    /// From the object frame to the joint's, in bind pose.
    pub joint_from_object: Affine3A,
}

/// A skeleton that moves a model's vertices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skin {
    /// Joints, parents first.
    pub joints: Vec<Joint>,
}

/// Named points on the surface, whose visibility becomes a label (the label's front, a face, a keypoint).
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeGroup {
    /// The label's name; `front` becomes `front_visible`.
    pub name: String,
    /// Points on the surface, object frame, metres.
    pub points: Vec<Vec3>,
    /// A point is visible when the surface that its pixel shows lies within this distance, metres.
    pub tolerance_m: f32,
}

/// A thing that can be placed: a product's form, a shelf board, an infant.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Unique within its library; what scene configs and messages call it.
    pub name: String,
    /// Its triangles, in the object frame (node transforms are already applied).
    pub primitives: Vec<Primitive>,
    /// Box round the finest level at rest.
    pub bounds: Aabb,
    /// Its skeleton, if any.
    pub skin: Option<Skin>,
    /// Names of the morph targets, in the order of [`Primitive::morphs`].
    pub morph_names: Vec<String>,
    /// Probe points.
    pub probes: Vec<ProbeGroup>,
    /// The `extras` of the file's root node or scene, as they stand.
    pub extras: Value,
    /// Licence line of the file, recorded in every dataset that shows it.
    pub licence: String,
    /// File it came from, for messages and for the licences in a manifest.
    pub source: String,
}
