//! Levels of detail, made once at import: the same vertices, ever fewer triangles.
//!
//! All primitives of a model are simplified together, as one surface: where two of them meet, their vertices lie on
//! each other and move as one, so that no crack opens between a label and its can. Every level holds all
//! primitives; level `i` of one fits level `i` of every other.

use std::{collections::BTreeMap, mem::size_of};

use bytemuck::cast_slice;
use glam::Vec3;
use meshopt::{SimplifyOptions, SimplifyVertex, VertexDataAdapter};

use super::{Lod, Model, Morph, Primitive, SkinVertex, Vertices};

/// No level is made below this many triangles a model.
const FEWEST: usize = 40;
/// Relative to the model's size: beyond this, a level no longer resembles it.
const WORST_ERROR: f32 = 0.15;
/// How much a normal or a texture coordinate counts against a displacement, at a scale of 1 for the whole model.
const WEIGHTS: [f32; 5] = [0.1; 5];

/// Remakes all levels of detail from each primitive's finest one: about 1/2, 1/4 ... down to some 40 triangles in
/// all. Deterministic: the same triangles give the same levels.
pub fn build(primitives: &mut [Primitive]) {
    let mut positions: Vec<[f32; 3]> = Vec::new();
    let mut attributes: Vec<f32> = Vec::new();
    let mut indices: Vec<u32> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for primitive in primitives.iter_mut() {
        primitive.lods.truncate(1);
        let Ok(base) = u32::try_from(positions.len()) else { return };
        let v = &primitive.vertices;
        positions.extend(v.positions.iter().map(|p| p.to_array()));
        for i in 0..v.positions.len() {
            attributes.extend(v.normals.get(i).copied().unwrap_or(Vec3::Y).to_array());
            attributes.extend(v.uv0.get(i).copied().unwrap_or_default().to_array());
        }
        indices.extend(primitive.lods.iter().flat_map(|lod| lod.indices.iter().map(|i| i + base)));
        ends.push(base + u32::try_from(v.positions.len()).unwrap_or(0));
    }
    if !attributes.iter().all(|a| a.is_finite()) {
        return;
    }
    let Ok(adapter) = VertexDataAdapter::new(cast_slice(&positions), size_of::<[f32; 3]>(), 0) else {
        return;
    };
    let scale_m = meshopt::simplify_scale(&adapter);
    let seams = seams(&positions, &attributes, &ends);
    let mut last = indices.len() / 3;
    let mut target = last / 2;
    while target >= FEWEST && last > FEWEST {
        let mut error = 0.0;
        let coarse = meshopt::simplify_with_attributes_and_locks(
            &indices,
            &adapter,
            &attributes,
            &WEIGHTS,
            size_of::<[f32; 5]>(),
            &seams,
            target * 3,
            WORST_ERROR,
            SimplifyOptions::Permissive,
            Some(&mut error),
        );
        let count = coarse.len() / 3;
        // A level that saves little is not worth its memory; nor will the next one be.
        let whole = coarse.chunks_exact(3).all(|t| {
            part_of(t[0], &ends) == part_of(t[1], &ends) && part_of(t[0], &ends) == part_of(t[2], &ends)
        });
        if count == 0 || count * 5 > last * 4 || !error.is_finite() || !whole {
            break;
        }
        let distance_m = farthest(&positions, &indices, &coarse).unwrap_or(error * scale_m);
        share_out(primitives, &coarse, &ends, micrometres(distance_m));
        last = count;
        target = target.min(count) / 2;
    }
}

/// Marks the vertices whose seams must stay: where two primitives meet, and where the texture jumps (the back of a
/// sleeve). Creases, where only the normal jumps, may go.
fn seams(positions: &[[f32; 3]], attributes: &[f32], ends: &[u32]) -> Vec<SimplifyVertex> {
    const JUMP: f32 = 0.05;
    let uv = |i: usize| [attributes[i * 5 + 3], attributes[i * 5 + 4]];
    let part = |i: usize| ends.partition_point(|&end| end as usize <= i);
    // Adding zero makes -0 the same place as 0.
    let place = |i: usize| positions[i].map(|c| (c + 0.0).to_bits());
    let mut first: BTreeMap<[u32; 3], (usize, bool)> = BTreeMap::new();
    for i in 0..positions.len() {
        let (other, seam) = first.entry(place(i)).or_insert((i, false));
        let jump = uv(i).into_iter().zip(uv(*other)).any(|(a, b)| (a - b).abs() > JUMP);
        *seam |= jump || part(i) != part(*other);
    }
    (0..positions.len())
        .map(|i| if first[&place(i)].1 { SimplifyVertex::Protect } else { SimplifyVertex::None })
        .collect()
}

/// Largest distance from the full surface (its corners and the middles of its triangles) to the coarse one, metres;
/// `None` when that would take long. The simplifier's own number also counts what happens to normals and texture
/// coordinates, so that it is no distance.
fn farthest(positions: &[[f32; 3]], full: &[u32], coarse: &[u32]) -> Option<f32> {
    const MOST: usize = 60_000_000;
    let corner = |i: u32| Vec3::from(positions[i as usize]);
    let triangles: Vec<Facet> =
        coarse.chunks_exact(3).map(|t| Facet::new(corner(t[0]), corner(t[1]), corner(t[2]))).collect();
    let mut points: Vec<u32> = full.to_vec();
    points.sort_unstable();
    points.dedup();
    // Corners that the coarse level still has are no distance away.
    let mut kept: Vec<u32> = coarse.to_vec();
    kept.sort_unstable();
    kept.dedup();
    points.retain(|p| kept.binary_search(p).is_err());
    let middles = full.chunks_exact(3).map(|t| (corner(t[0]) + corner(t[1]) + corner(t[2])) / 3.0);
    if (points.len() + full.len() / 3).saturating_mul(triangles.len()) > MOST {
        return None;
    }
    let mut worst = 0.0_f32;
    for point in points.into_iter().map(corner).chain(middles) {
        let mut nearest = f32::INFINITY;
        for triangle in &triangles {
            if triangle.at_least(point) < nearest {
                nearest = nearest.min(triangle.distance_squared(point));
                if nearest <= worst {
                    break;
                }
            }
        }
        worst = worst.max(nearest);
    }
    worst.is_finite().then(|| worst.sqrt())
}

/// A triangle with a ball round it.
struct Facet {
    corners: [Vec3; 3],
    centre: Vec3,
    radius: f32,
}

impl Facet {
    fn new(a: Vec3, b: Vec3, c: Vec3) -> Self {
        let centre = (a + b + c) / 3.0;
        let radius = [a, b, c].map(|p| p.distance(centre)).into_iter().fold(0.0, f32::max);
        Self { corners: [a, b, c], centre, radius }
    }

    /// A lower bound of the squared distance.
    fn at_least(&self, p: Vec3) -> f32 {
        let gap = (p.distance(self.centre) - self.radius).max(0.0);
        gap * gap
    }

    fn distance_squared(&self, p: Vec3) -> f32 {
        let [a, b, c] = self.corners;
        let normal = (b - a).cross(c - a);
        let inside =
            [(a, b), (b, c), (c, a)].iter().all(|&(from, to)| (to - from).cross(p - from).dot(normal) >= 0.0);
        let length = normal.length_squared();
        if inside && length > 0.0 {
            let height = (p - a).dot(normal);
            return height * height / length;
        }
        let edge = |from: Vec3, to: Vec3| {
            let along = to - from;
            let t = ((p - from).dot(along) / along.length_squared().max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
            p.distance_squared(from + along * t)
        };
        edge(a, b).min(edge(b, c)).min(edge(c, a))
    }
}

/// The primitive that owns a vertex.
fn part_of(vertex: u32, ends: &[u32]) -> usize {
    ends.partition_point(|&end| end <= vertex)
}

/// Gives every primitive its triangles of one level. A part that vanished keeps the level before.
fn share_out(primitives: &mut [Primitive], coarse: &[u32], ends: &[u32], error_um: u32) {
    let mut parts = vec![Vec::new(); primitives.len()];
    for triangle in coarse.chunks_exact(3) {
        let part = part_of(triangle[0], ends);
        let base = part.checked_sub(1).map_or(0, |before| ends[before]);
        parts[part].extend(triangle.iter().map(|i| i - base));
    }
    for (primitive, part) in primitives.iter_mut().zip(parts) {
        let indices = match (part.is_empty(), primitive.lods.last()) {
            (true, Some(before)) => before.indices.clone(),
            _ => meshopt::optimize_vertex_cache(&part, primitive.vertices.positions.len()),
        };
        primitive.lods.push(Lod { indices, error_um });
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped, and a cast saturates")]
fn micrometres(metres: f32) -> u32 {
    (f64::from(metres.max(0.0)) * 1e6).ceil() as u32
}

/// Orders the triangles for the vertex cache and the vertices by first use; drops vertices that nothing uses.
pub(super) fn compact(primitive: &mut Primitive) {
    let count = primitive.vertices.positions.len();
    for lod in &mut primitive.lods {
        meshopt::optimize_vertex_cache_in_place(&mut lod.indices, count);
    }
    let mut new_from_old = vec![u32::MAX; count];
    let mut old_from_new: Vec<usize> = Vec::with_capacity(count);
    for index in primitive.lods.iter_mut().flat_map(|lod| &mut lod.indices) {
        let slot = &mut new_from_old[*index as usize];
        if *slot == u32::MAX {
            *slot = u32::try_from(old_from_new.len()).unwrap_or(u32::MAX);
            old_from_new.push(*index as usize);
        }
        *index = *slot;
    }
    let v = &primitive.vertices;
    primitive.vertices = Vertices {
        positions: pick(&v.positions, &old_from_new),
        normals: pick(&v.normals, &old_from_new),
        tangents: pick(&v.tangents, &old_from_new),
        uv0: pick(&v.uv0, &old_from_new),
        uv1: pick(&v.uv1, &old_from_new),
        colours: pick(&v.colours, &old_from_new),
    };
    primitive.skin = pick::<SkinVertex>(&primitive.skin, &old_from_new);
    for morph in &mut primitive.morphs {
        *morph = Morph {
            positions: pick(&morph.positions, &old_from_new),
            normals: pick(&morph.normals, &old_from_new),
        };
    }
}

fn pick<T: Copy>(list: &[T], which: &[usize]) -> Vec<T> {
    if list.is_empty() { Vec::new() } else { which.iter().map(|&i| list[i]).collect() }
}

/// Triangles at each level, over all primitives.
#[must_use]
pub fn triangle_counts(model: &Model) -> Vec<usize> {
    let levels = model.primitives.iter().map(|p| p.lods.len()).max().unwrap_or(0);
    let at = |level: usize| {
        model
            .primitives
            .iter()
            .filter_map(|p| p.lods.get(level).or(p.lods.last()))
            .map(|l| l.indices.len() / 3)
            .sum()
    };
    (0..levels).map(at).collect()
}
