//! Small shapes by code: rounded bars, boards, cylinders, balls, sheets. Metres; texture coordinates in metres too.

use glam::{Affine3A, Quat, Vec2, Vec3, vec3};
use serde_json::Value;

use crate::{
    geometry::Aabb,
    scene::{Lod, MaterialId, Model, Primitive, Vertices},
};

/// Licence of shapes made here, and what stands for their file in a dataset's list.
const LICENCE: &str = "Diorama contributors, CC0-1.0";
const SOURCE: &str = "made by code";

/// Triangles of one material in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Mesh {
    pub(super) positions: Vec<Vec3>,
    pub(super) normals: Vec<Vec3>,
    pub(super) uv: Vec<Vec2>,
    pub(super) indices: Vec<u32>,
}

/// Pieces that a straight length is made of.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few dozen")]
fn segments(length: f32) -> u16 {
    (length / 0.08).ceil().clamp(1.0, 48.0) as u16
}

impl Mesh {
    fn vertex(&mut self, position: Vec3, normal: Vec3, uv: Vec2) -> u32 {
        self.positions.push(position);
        self.normals.push(normal.normalize_or(Vec3::Y));
        self.uv.push(uv);
        u32::try_from(self.positions.len() - 1).unwrap_or(u32::MAX)
    }

    fn quad(&mut self, [a, b, c, d]: [u32; 4]) {
        self.indices.extend([a, b, c, a, c, d]);
    }

    /// A box with edges rounded over `radius`, each edge by one chamfer with smooth normals.
    pub(super) fn block(&mut self, centre: Vec3, half: Vec3, radius: f32) {
        let r = radius.min(half.min_element() * 0.9).max(0.0);
        let core = half - Vec3::splat(r);
        // A sphere of 8 x 16 patches whose octants are moved apart.
        let (rings, sectors) = (8_u16, 16_u16);
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        let sign = |v: f32| if v >= 0.0 { 1.0 } else { -1.0 };
        // From -1 to 1 where the sphere is cut open, in steps short enough that a lens may bend what is straight.
        let steps = |from: f32, to: f32, half: f32| {
            let count = segments(2.0 * half);
            (0..=count).map(move |k| from + (to - from) * f32::from(k) / f32::from(count))
        };
        let polar: Vec<(f32, f32)> = (0..=rings)
            .flat_map(|i| {
                let angle = f32::from(i) / f32::from(rings) * std::f32::consts::PI;
                let middle = i == rings / 2;
                let up = if angle.cos() > 0.0 { 1.0 } else { -1.0 };
                let places: Vec<f32> = if middle { steps(1.0, -1.0, core.y).collect() } else { vec![up] };
                places.into_iter().map(move |y| (angle, y))
            })
            .collect();
        let around: Vec<(f32, f32, f32)> = (0..=sectors)
            .flat_map(|i| {
                let angle = f32::from(i) / f32::from(sectors) * std::f32::consts::TAU;
                let quarter = |a: f32| (sign((a).cos()), sign((a).sin()));
                let (before, after) = (quarter(angle - 0.1), quarter(angle + 0.1));
                // Where it begins the last step will end.
                let places: Vec<(f32, f32)> = if before == after || i == 0 {
                    vec![after]
                } else if (before.0 - after.0).abs() > 0.5 {
                    steps(before.0, after.0, core.x).map(|x| (x, after.1)).collect()
                } else {
                    steps(before.1, after.1, core.z).map(|z| (after.0, z)).collect()
                };
                places.into_iter().map(move |(x, z)| (angle, x, z))
            })
            .collect();
        for &(theta, up) in &polar {
            for &(phi, x, z) in &around {
                let n = vec3(theta.sin() * phi.cos(), theta.cos(), theta.sin() * phi.sin());
                let p = centre + vec3(x, up, z) * core + n * r;
                let local = p - centre;
                let n_abs = n.abs();
                let uv = if n_abs.y > n_abs.x.max(n_abs.z) {
                    Vec2::new(local.x, local.z)
                } else if n_abs.x > n_abs.z {
                    Vec2::new(local.z, local.y)
                } else {
                    Vec2::new(local.x, local.y)
                };
                self.vertex(p, n, uv);
            }
        }
        let width = u32::try_from(around.len()).unwrap_or(u32::MAX);
        let height = u32::try_from(polar.len()).unwrap_or(u32::MAX);
        // The faces at the poles.
        for (ring, up) in [(0, 1.0), (height - 1, -1.0)] {
            let middle = self.vertex(centre + Vec3::Y * (half.y * up), Vec3::Y * up, Vec2::ZERO);
            for k in 0..width - 1 {
                let (a, b) = (first + ring * width + k, first + ring * width + k + 1);
                self.indices.extend(if up > 0.0 { [middle, b, a] } else { [middle, a, b] });
            }
        }
        for i in 0..height - 1 {
            for k in 0..width - 1 {
                let at = |i: u32, k: u32| first + i * width + k;
                self.quad([at(i, k), at(i, k + 1), at(i + 1, k + 1), at(i + 1, k)]);
            }
        }
    }

    /// Moves it; all lengths change alike.
    pub(super) fn moved(mut self, by: Affine3A) -> Self {
        self.positions.iter_mut().for_each(|p| *p = by.transform_point3(*p));
        self.normals.iter_mut().for_each(|n| *n = by.transform_vector3(*n).normalize_or(Vec3::Y));
        self
    }

    /// Turns it about a point.
    pub(super) fn turned(self, about: Vec3, by: Quat) -> Self {
        let back = Affine3A::from_translation(-about);
        self.moved(Affine3A::from_rotation_translation(by, about) * back)
    }

    /// Adds the triangles of another one.
    pub(super) fn append(&mut self, other: Self) {
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        self.positions.extend(other.positions);
        self.normals.extend(other.normals);
        self.uv.extend(other.uv);
        self.indices.extend(other.indices.into_iter().map(|i| first + i));
    }

    /// A round bar between two points, its ends closed.
    pub(super) fn bar(&mut self, from: Vec3, to: Vec3, radius: f32, sides: u16) {
        let axis = (to - from).normalize_or(Vec3::Y);
        let turn = Quat::from_rotation_arc(Vec3::Y, axis);
        let length = from.distance(to);
        let rings = segments(length);
        let mut profile = vec![(0.0, 0.0, -1.0), (0.0, 1.0, -1.0)];
        profile.extend((0..=rings).map(|k| (f32::from(k) / f32::from(rings), 1.0, 0.0)));
        profile.extend([(1.0, 1.0, 1.0), (1.0, 0.0, 1.0)]);
        let last = u32::try_from(profile.len()).unwrap_or(u32::MAX) - 1;
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        for (t, r, end) in profile {
            for k in 0..=sides {
                let angle = f32::from(k) / f32::from(sides) * std::f32::consts::TAU;
                let out = vec3(angle.cos(), 0.0, angle.sin());
                let n = if end == 0.0 { out } else { Vec3::Y * end };
                let p = from + turn * (out * (radius * r) + Vec3::Y * (t * length));
                self.vertex(p, turn * n, Vec2::new(angle * radius, t * length));
            }
        }
        let width = u32::from(sides) + 1;
        for i in (0..last).filter(|i| *i != 1 && *i + 2 != last) {
            for k in 0..width - 1 {
                let at = |i: u32, k: u32| first + i * width + k;
                self.quad([at(i, k), at(i + 1, k), at(i + 1, k + 1), at(i, k + 1)]);
            }
        }
    }

    /// An ellipsoid.
    pub(super) fn ball(&mut self, place: Affine3A, half: Vec3) {
        let (rings, sectors) = (12_u16, 20_u16);
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        for i in 0..=rings {
            for k in 0..=sectors {
                let theta = f32::from(i) / f32::from(rings) * std::f32::consts::PI;
                let phi = f32::from(k) / f32::from(sectors) * std::f32::consts::TAU;
                let n = vec3(theta.sin() * phi.cos(), theta.cos(), theta.sin() * phi.sin());
                let normal = place.transform_vector3(n / half);
                let mean = (half.x + half.y + half.z) / 3.0;
                self.vertex(place.transform_point3(n * half), normal, Vec2::new(phi * mean, theta * mean));
            }
        }
        let width = u32::from(sectors) + 1;
        for i in 0..u32::from(rings) {
            for k in 0..u32::from(sectors) {
                let at = |i: u32, k: u32| first + i * width + k;
                self.quad([at(i, k), at(i, k + 1), at(i + 1, k + 1), at(i + 1, k)]);
            }
        }
    }

    /// A grid of points, row by row, with normals from its own slopes; `uv` gives the coordinates of a point by column
    /// and row.
    pub(super) fn sheet(&mut self, points: &[Vec3], columns: usize, uv: impl Fn(usize, usize) -> Vec2) {
        let rows = points.len() / columns.max(1);
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        let at = |column: usize, row: usize| points[row.min(rows - 1) * columns + column.min(columns - 1)];
        for row in 0..rows {
            for column in 0..columns {
                let along = at(column + 1, row) - at(column.saturating_sub(1), row);
                let across = at(column, row + 1) - at(column, row.saturating_sub(1));
                self.vertex(at(column, row), across.cross(along), uv(column, row));
            }
        }
        let number = |column: usize, row: usize| first + u32::try_from(row * columns + column).unwrap_or(0);
        for row in 0..rows - 1 {
            for column in 0..columns - 1 {
                let [a, b, c, d] = [(0, 0), (0, 1), (1, 1), (1, 0)].map(|(i, k)| number(column + i, row + k));
                self.quad([a, b, c, d]);
            }
        }
    }

    /// A round plate, seen from the side that `normal` points to.
    pub(super) fn disc(&mut self, centre: Vec3, normal: Vec3, radius: f32) {
        let along = normal.any_orthonormal_vector();
        let across = normal.cross(along);
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        let sides = 16_u16;
        self.vertex(centre, normal, Vec2::splat(0.5));
        for i in 0..sides {
            let (sin, cos) = (f32::from(i) / f32::from(sides) * std::f32::consts::TAU).sin_cos();
            self.vertex(centre + (along * cos + across * sin) * radius, normal, Vec2::new(cos, sin));
        }
        for i in 0..u32::from(sides) {
            self.indices.extend([first, first + 1 + i, first + 1 + (i + 1) % u32::from(sides)]);
        }
    }

    /// A flat rectangle from a corner along two edges; seen from the side of `along x across`.
    pub(super) fn plane(&mut self, corner: Vec3, along: Vec3, across: Vec3) {
        let normal = along.cross(across);
        let (u, v) = (along.length(), across.length());
        let (columns, rows) = (segments(u), segments(v));
        let first = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        for row in 0..=rows {
            for column in 0..=columns {
                let (s, t) = (f32::from(column) / f32::from(columns), f32::from(row) / f32::from(rows));
                self.vertex(corner + along * s + across * t, normal, Vec2::new(s * u, v - t * v));
            }
        }
        let at =
            |row: u16, column: u16| first + u32::from(row) * (u32::from(columns) + 1) + u32::from(column);
        for row in 0..rows {
            for column in 0..columns {
                self.quad([
                    at(row, column),
                    at(row, column + 1),
                    at(row + 1, column + 1),
                    at(row + 1, column),
                ]);
            }
        }
    }

    pub(super) fn primitive(self, material: MaterialId) -> Primitive {
        Primitive {
            vertices: Vertices {
                // Any direction along the surface will do for the grain of fabrics.
                tangents: self.normals.iter().map(|n| n.any_orthonormal_vector().extend(1.0)).collect(),
                positions: self.positions,
                normals: self.normals,
                uv0: self.uv,
                ..Vertices::default()
            },
            lods: vec![Lod { indices: self.indices, error_um: 0 }],
            material,
            skin: Vec::new(),
            morphs: Vec::new(),
        }
    }
}

/// A model of these meshes, each with its material; empty ones are left out.
pub(super) fn model(name: &str, meshes: Vec<(Mesh, MaterialId)>) -> Model {
    let primitives = meshes
        .into_iter()
        .filter(|(mesh, _)| !mesh.indices.is_empty())
        .map(|(mesh, m)| mesh.primitive(m))
        .collect();
    of_primitives(name, primitives, LICENCE, SOURCE)
}

/// A model of finished primitives.
pub(super) fn of_primitives(name: &str, primitives: Vec<Primitive>, licence: &str, source: &str) -> Model {
    let points = primitives.iter().flat_map(|p: &Primitive| p.vertices.positions.iter().copied());
    Model {
        name: name.to_owned(),
        bounds: Aabb::of(points),
        primitives,
        skin: None,
        morph_names: Vec::new(),
        probes: Vec::new(),
        extras: Value::Null,
        licence: licence.to_owned(),
        source: source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Volume by the divergence theorem: positive when all triangles face outwards.
    fn volume(mesh: &Mesh) -> f32 {
        let corner = |i: u32| mesh.positions[i as usize];
        mesh.indices.chunks_exact(3).map(|t| corner(t[0]).dot(corner(t[1]).cross(corner(t[2]))) / 6.0).sum()
    }

    #[test]
    fn solids_face_outwards_and_have_their_volume() {
        let mut block = Mesh::default();
        block.block(vec3(1.0, 2.0, 3.0), vec3(0.5, 0.2, 0.1), 0.0);
        assert!((volume(&block) - 0.08).abs() < 1e-3, "a box: {}", volume(&block));
        let mut bar = Mesh::default();
        bar.bar(vec3(0.1, 0.0, 0.0), vec3(0.1, 2.0, 0.3), 0.05, 32);
        let exact = std::f32::consts::PI * 0.05_f32.powi(2) * vec3(0.0, 2.0, 0.3).length();
        assert!((volume(&bar) / exact - 1.0).abs() < 0.02, "a bar: {} of {exact}", volume(&bar));
        let mut ball = Mesh::default();
        ball.ball(Affine3A::from_translation(Vec3::X), vec3(0.1, 0.2, 0.3));
        let exact = 4.0 / 3.0 * std::f32::consts::PI * 0.006;
        assert!((volume(&ball) / exact - 1.0).abs() < 0.05, "a ball: {} of {exact}", volume(&ball));
    }

    #[test]
    fn normals_agree_with_triangles() {
        let mut mesh = Mesh::default();
        mesh.block(Vec3::ZERO, vec3(0.3, 0.2, 0.1), 0.05);
        mesh.bar(Vec3::ZERO, Vec3::X, 0.1, 12);
        mesh.plane(Vec3::ZERO, Vec3::X, Vec3::Z);
        let grid: Vec<Vec3> = (0..12_u8).map(|i| vec3(f32::from(i % 4), 0.0, f32::from(i / 4))).collect();
        mesh.sheet(&grid, 4, |_, _| Vec2::ZERO);
        for t in mesh.indices.chunks_exact(3) {
            let [a, b, c] = [t[0], t[1], t[2]].map(|i| mesh.positions[i as usize]);
            let face = (b - a).cross(c - a);
            if face.length() > 1e-7 {
                let mean: Vec3 = t.iter().map(|i| mesh.normals[*i as usize]).sum();
                assert!(face.dot(mean) > 0.0, "triangle {a} {b} {c} faces away from its normals {mean}");
            }
        }
    }
}
