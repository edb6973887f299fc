//! Primitives: from accessors to triangle lists in the object frame.

use std::collections::BTreeMap;

use glam::{DAffine3, DMat3, Vec2, Vec3, Vec4};

use super::{
    accessor::Reader,
    container::{Budget, Buffers},
    error::{ImportFault, Sound, invalid},
    json, shading,
    surface::Use,
};
use crate::scene::{Morph, SkinVertex, Vertices};

/// Coordinates beyond this are a broken file, not a world in metres.
const FARTHEST_M: f32 = 1e7;

/// What an import reads from and what it may spend.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub root: &'a json::Root,
    pub buffers: &'a Buffers,
    pub vertices_left: u64,
    pub indices_left: u64,
}

/// A primitive on its way: not yet skinned to the model's joints.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub vertices: Vertices,
    pub indices: Vec<u32>,
    pub skin: Vec<SkinVertex>,
    pub morphs: Vec<Morph>,
}

impl Source<'_> {
    fn reader(&self, index: usize, shapes: &[&str], max: u64, at: &str) -> Sound<Reader<'_>> {
        Reader::new(self.root, self.buffers, index, shapes, max, at)
    }

    /// Reads one primitive in its own frame; `None` when it holds no triangles (points, lines, nothing).
    pub(super) fn shape(
        &mut self,
        primitive: &json::Primitive,
        skinned: bool,
        weights: &[f32],
        usage: Use,
        at: &str,
        budget: &mut Budget,
    ) -> Sound<Option<Shape>> {
        let mode = primitive.mode.unwrap_or(4);
        match mode {
            0..=3 => {
                tracing::warn!(at, "points and lines have no surface: skipped");
                return Ok(None);
            }
            4..=6 => {}
            _ => return invalid(format!("{at}.mode"), format!("{mode}, expected 0 to 6")),
        }
        let Some(&position) = primitive.attributes.get("POSITION") else {
            return invalid(format!("{at}.attributes"), "there is no POSITION");
        };
        let here = format!("{at}.attributes.POSITION");
        let packed = primitive.extensions.contains_key("KHR_draco_mesh_compression");
        if packed && self.root.accessors.get(position).is_some_and(|a| a.buffer_view.is_none()) {
            return Err(ImportFault::Unsupported {
                at: at.to_owned(),
                what: "the compression KHR_draco_mesh_compression".to_owned(),
                instead: "export the asset without Draco".to_owned(),
            });
        }
        let reader = self.reader(position, &["VEC3"], self.vertices_left, &here)?;
        let count = reader.count();
        let n = count as u64;
        // Positions, normals, tangents, two sets of texture coordinates, colours, skin, and twice that while
        // they are rearranged; morph targets each add positions and normals.
        budget.take(n * (2 * 96 + 48 * primitive.targets.len() as u64), &here)?;
        let mut vertices = Vertices { positions: vec3s(reader.floats::<3>(0.0)?), ..Vertices::default() };
        self.vertices_left -= n;
        let attribute = |name: &str, shapes: &[&str]| -> Sound<Option<Reader<'_>>> {
            let Some(&index) = primitive.attributes.get(name) else { return Ok(None) };
            let here = format!("{at}.attributes.{name}");
            let reader = self.reader(index, shapes, n, &here)?;
            same_count(&reader, count, &here)?;
            Ok(Some(reader))
        };
        if let Some(reader) = attribute("NORMAL", &["VEC3"])? {
            vertices.normals = vec3s(reader.floats::<3>(0.0)?);
            if let (true, Some(reader)) = (usage.tangents, attribute("TANGENT", &["VEC4"])?) {
                vertices.tangents = reader.floats::<4>(1.0)?.into_iter().map(Vec4::from).collect();
            }
        }
        for (slot, set) in [&mut vertices.uv0, &mut vertices.uv1].into_iter().zip(usage.uv_sets) {
            if let Some(reader) = attribute(&format!("TEXCOORD_{set}"), &["VEC2"])? {
                *slot = reader.floats::<2>(0.0)?.into_iter().map(Vec2::from).collect();
            }
        }
        if let Some(reader) = attribute("COLOR_0", &["VEC3", "VEC4"])? {
            vertices.colours = reader.floats::<4>(1.0)?.into_iter().map(Vec4::from).collect();
        }
        let mut skin = Vec::new();
        if skinned {
            let mut pulls = vec![[(0_u32, 0.0_f32); 8]; count];
            for set in 0..2 {
                let joints = attribute(&format!("JOINTS_{set}"), &["VEC4"])?;
                let weights = attribute(&format!("WEIGHTS_{set}"), &["VEC4"])?;
                let (Some(joints), Some(weights)) = (joints, weights) else { continue };
                let pairs = joints.unsigned::<4>()?.into_iter().zip(weights.floats::<4>(0.0)?);
                for (pull, (joints, weights)) in pulls.iter_mut().zip(pairs) {
                    for i in 0..4 {
                        pull[set * 4 + i] = (joints[i], weights[i].max(0.0));
                    }
                }
            }
            skin = pulls.into_iter().map(|pull| strongest(pull, at)).collect::<Sound<_>>()?;
        }
        let mut morphs = Vec::with_capacity(primitive.targets.len());
        for (t, target) in primitive.targets.iter().enumerate() {
            morphs.push(self.morph(target, count, &format!("{at}.targets[{t}]"))?);
        }
        // The file's own weights are part of how it looks at rest.
        for (morph, &weight) in morphs.iter().zip(weights) {
            if !weight.is_finite() {
                return invalid(at, "morph weights must be finite");
            }
            add(&mut vertices.positions, &morph.positions, weight);
            add(&mut vertices.normals, &morph.normals, weight);
        }
        let indices = self.triangles(primitive, mode, count, at, budget)?;
        if indices.is_empty() {
            tracing::warn!(at, "a primitive without triangles: skipped");
            return Ok(None);
        }
        let mut shape = Shape { vertices, indices, skin, morphs };
        if shape.vertices.normals.is_empty() {
            budget.take(shape.indices.len() as u64 * (96 + 24 * shape.morphs.len() as u64), at)?;
            shape = shape.unwelded();
            shape.vertices.normals = shading::flat_normals(&shape.vertices.positions);
            shape.morphs.iter_mut().for_each(|m| m.normals.clear());
        } else {
            shading::mend_normals(&mut shape.vertices.normals, &shape.vertices.positions, &shape.indices);
        }
        let v = &mut shape.vertices;
        if usage.tangents && v.tangents.is_empty() {
            if v.uv0.is_empty() {
                tracing::warn!(at, "a normal map without texture coordinates: it stays flat");
                v.tangents = v.normals.iter().map(|n| n.any_orthonormal_vector().extend(1.0)).collect();
            } else {
                v.tangents = shading::tangents(&v.positions, &v.normals, &v.uv0, &shape.indices);
            }
        }
        Ok(Some(shape))
    }

    fn morph(&self, target: &BTreeMap<String, usize>, count: usize, at: &str) -> Sound<Morph> {
        let read = |name: &str| -> Sound<Vec<Vec3>> {
            let Some(&index) = target.get(name) else { return Ok(Vec::new()) };
            let here = format!("{at}.{name}");
            let reader = self.reader(index, &["VEC3"], count as u64, &here)?;
            same_count(&reader, count, &here)?;
            Ok(vec3s(reader.floats::<3>(0.0)?))
        };
        Ok(Morph { positions: read("POSITION")?, normals: read("NORMAL")? })
    }

    /// The triangle list that indices and mode stand for, without triangles that name a vertex twice.
    fn triangles(
        &mut self,
        primitive: &json::Primitive,
        mode: u32,
        vertex_count: usize,
        at: &str,
        budget: &mut Budget,
    ) -> Sound<Vec<u32>> {
        let end = u32::try_from(vertex_count).unwrap_or(u32::MAX);
        let list: Vec<u32> = match primitive.indices {
            None => (0..end).collect(),
            Some(index) => {
                let here = format!("{at}.indices");
                let reader = self.reader(index, &["SCALAR"], self.indices_left, &here)?;
                budget.take(reader.count() as u64 * 16, &here)?;
                let list: Vec<u32> = reader.unsigned::<1>()?.into_iter().map(|[i]| i).collect();
                if let Some((i, &bad)) = list.iter().enumerate().find(|&(_, &v)| v >= end) {
                    return invalid(here, format!("index {i} names vertex {bad}, there are {vertex_count}"));
                }
                list
            }
        };
        let read = list.len() as u64;
        if read > self.indices_left {
            return Err(ImportFault::TooLarge {
                at: at.to_owned(),
                what: format!("{read} indices"),
                limit: format!("{}", self.indices_left),
            });
        }
        self.indices_left -= read;
        let mut out = Vec::with_capacity(if mode == 4 { list.len() } else { list.len() * 3 });
        let mut push = |t: [u32; 3]| {
            if t[0] != t[1] && t[1] != t[2] && t[2] != t[0] {
                out.extend(t);
            }
        };
        match mode {
            4 => list.chunks_exact(3).for_each(|t| push([t[0], t[1], t[2]])),
            // Every other triangle of a strip is turned, so that all face the same way.
            5 => list.windows(3).enumerate().for_each(|(i, t)| {
                push(if i % 2 == 0 { [t[0], t[1], t[2]] } else { [t[0], t[2], t[1]] });
            }),
            _ => {
                if let Some((&hub, rim)) = list.split_first() {
                    rim.windows(2).for_each(|t| push([t[0], t[1], hub]));
                }
            }
        }
        Ok(out)
    }
}

impl Shape {
    /// The same triangles, each with three vertices of its own.
    fn unwelded(self) -> Self {
        fn spread<T: Copy>(list: &[T], indices: &[u32]) -> Vec<T> {
            if list.is_empty() { Vec::new() } else { indices.iter().map(|&i| list[i as usize]).collect() }
        }
        let (v, indices) = (&self.vertices, &self.indices);
        let vertices = Vertices {
            positions: spread(&v.positions, indices),
            normals: spread(&v.normals, indices),
            tangents: spread(&v.tangents, indices),
            uv0: spread(&v.uv0, indices),
            uv1: spread(&v.uv1, indices),
            colours: spread(&v.colours, indices),
        };
        let morphs = self
            .morphs
            .iter()
            .map(|m| Morph { positions: spread(&m.positions, indices), normals: spread(&m.normals, indices) })
            .collect();
        let count = u32::try_from(indices.len()).unwrap_or(u32::MAX);
        Self { vertices, skin: spread(&self.skin, indices), morphs, indices: (0..count).collect() }
    }

    /// Moves everything into another frame; a mirroring transform turns the triangles round.
    pub(super) fn transform(&mut self, to_from: &DAffine3, at: &str) -> Sound<()> {
        let matrix = to_from.matrix3;
        let mirror = matrix.determinant() < 0.0;
        // Cofactors instead of the inverse transpose: they also exist where a scale is zero.
        let normal_matrix = DMat3::from_cols(
            matrix.y_axis.cross(matrix.z_axis),
            matrix.z_axis.cross(matrix.x_axis),
            matrix.x_axis.cross(matrix.y_axis),
        ) * if mirror { -1.0 } else { 1.0 };
        let v = &mut self.vertices;
        for p in &mut v.positions {
            *p = to_from.transform_point3(p.as_dvec3()).as_vec3();
            if p.abs().max_element().is_nan() || p.abs().max_element() > FARTHEST_M {
                return invalid(at, format!("a vertex lies at {p}, expected metres within {FARTHEST_M:e}"));
            }
        }
        for n in &mut v.normals {
            *n = shading::unit_or_up((normal_matrix * n.as_dvec3()).as_vec3());
        }
        for t in &mut v.tangents {
            let along = shading::unit_or_up((matrix * t.truncate().as_dvec3()).as_vec3());
            let hand = if t.w < 0.0 { -1.0 } else { 1.0 };
            *t = along.extend(if mirror { -hand } else { hand });
        }
        for morph in &mut self.morphs {
            for p in &mut morph.positions {
                *p = (matrix * p.as_dvec3()).as_vec3();
            }
            // Displacements of normals turn with them; what scaling does to their length is renormalised away.
            let scale = normal_matrix.determinant().abs().cbrt().max(1e-30).recip();
            for n in &mut morph.normals {
                *n = (normal_matrix * n.as_dvec3() * scale).as_vec3();
            }
            if !morph.positions.iter().chain(&morph.normals).all(|p| p.is_finite()) {
                return invalid(at, "a morph target overflows");
            }
        }
        if mirror {
            self.indices.chunks_exact_mut(3).for_each(|t| t.swap(1, 2));
        }
        Ok(())
    }
}

fn vec3s(list: Vec<[f32; 3]>) -> Vec<Vec3> {
    list.into_iter().map(Vec3::from).collect()
}

fn add(to: &mut [Vec3], what: &[Vec3], weight: f32) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += *what * weight);
}

fn same_count(reader: &Reader<'_>, count: usize, at: &str) -> Sound<()> {
    if reader.count() == count {
        return Ok(());
    }
    invalid(at, format!("{} elements, but POSITION has {count}", reader.count()))
}

/// The four strongest of up to eight pulls, weights summing to 1.
fn strongest(mut pull: [(u32, f32); 8], at: &str) -> Sound<SkinVertex> {
    pull.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut out = SkinVertex { joints: [0; 4], weights: [0.0; 4] };
    let sum: f32 = pull.iter().take(4).map(|p| p.1).sum();
    for (i, &(joint, weight)) in pull.iter().take(4).enumerate() {
        if weight > 0.0 {
            out.joints[i] = u16::try_from(joint).map_err(|_| ImportFault::Invalid {
                at: at.to_owned(),
                reason: format!("a vertex follows joint {joint}, expected at most 65535"),
            })?;
            out.weights[i] = if sum.is_finite() { weight / sum } else { 0.0 };
        }
    }
    if !(sum.is_finite() && sum > 0.0) {
        // No pull at all: the first joint of its skin carries it.
        out.weights = [1.0, 0.0, 0.0, 0.0];
        out.joints = [0; 4];
    }
    Ok(out)
}
