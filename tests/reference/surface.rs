//! Scenes as triangles in the camera frame.

use diorama::scene::{Library, Role, Scene};
use glam::{DAffine3, DMat3, DVec2, DVec3};

pub(crate) use super::cutout::Exists;
use super::{cutout::Cutout, lens::Ray};

/// One instance, laid out before the camera.
#[derive(Debug)]
pub(crate) struct Body {
    /// Its number in the picture.
    pub(crate) id: u32,
    /// Centre and radius of a sphere round it.
    pub(crate) centre: DVec3,
    pub(crate) radius: f64,
    pub(crate) triangles: Vec<Triangle>,
    cutouts: Vec<Cutout>,
}

/// A triangle, counter-clockwise from its front.
#[derive(Debug)]
pub(crate) struct Triangle {
    pub(crate) corners: [DVec3; 3],
    pub(crate) primitive: u32,
    pub(crate) index: u32,
    two_sided: bool,
    cutout: Option<usize>,
    uv: [DVec2; 3],
    alpha: [f64; 3],
}

/// Where a ray meets the plane of a triangle that it hits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meeting {
    /// In multiples of the ray's direction.
    pub(crate) t: f64,
    /// Weights of the second and third corner.
    weights: [f64; 2],
}

fn affine(a: glam::Affine3A) -> DAffine3 {
    let m = a.matrix3;
    DAffine3 {
        matrix3: DMat3::from_cols(m.x_axis.as_dvec3(), m.y_axis.as_dvec3(), m.z_axis.as_dvec3()),
        translation: a.translation.as_dvec3(),
    }
}

/// From the world to the camera frame, in f64.
pub(crate) fn camera_from_world(scene: &Scene) -> DAffine3 {
    affine(scene.camera.world_from_camera).inverse()
}

/// From an instance's object frame to the camera frame.
pub(crate) fn camera_from_object(scene: &Scene, instance: usize) -> DAffine3 {
    camera_from_world(scene) * affine(scene.instances[instance].world_from_object)
}

/// Everything in the scene that owns pixels.
pub(crate) fn bodies(scene: &Scene, library: &Library, lod: &dyn Fn(usize, usize) -> usize) -> Vec<Body> {
    let drawn = |role: &Role| matches!(role, Role::Labelled | Role::Background);
    let solid = scene.instances.iter().enumerate().filter(|(_, i)| drawn(&i.role));
    solid.map(|(index, _)| body(scene, library, index, lod)).collect()
}

fn body(scene: &Scene, library: &Library, index: usize, lod: &dyn Fn(usize, usize) -> usize) -> Body {
    let instance = &scene.instances[index];
    let place = camera_from_object(scene, index);
    let mirrored = place.matrix3.determinant() < 0.0;
    let model = library.model(instance.model.expect("what is drawn has a model"));
    let (mut triangles, mut cutouts) = (Vec::new(), Vec::new());
    for (number, primitive) in model.primitives.iter().enumerate() {
        let vertices = &primitive.vertices;
        let cutout = Cutout::of(instance, primitive, library).map(|cutout| {
            cutouts.push(cutout);
            cutouts.len() - 1
        });
        let uvs = if cutout.is_some_and(|c| cutouts[c].uv_set == 1) { &vertices.uv1 } else { &vertices.uv0 };
        let two_sided = library.material(primitive.material).double_sided;
        for (nth, list) in primitive.lods[lod(index, number)].indices.chunks_exact(3).enumerate() {
            let order = if mirrored { [list[0], list[2], list[1]] } else { [list[0], list[1], list[2]] };
            let at = order.map(|v| v as usize);
            triangles.push(Triangle {
                corners: at.map(|v| place.transform_point3(vertices.positions[v].as_dvec3())),
                primitive: number as u32,
                index: nth as u32,
                two_sided,
                cutout,
                uv: at.map(|v| uvs.get(v).map_or(DVec2::ZERO, |uv| uv.as_dvec2())),
                alpha: at.map(|v| vertices.colours.get(v).map_or(1.0, |c| f64::from(c.w))),
            });
        }
    }
    let corners = || triangles.iter().flat_map(|t| t.corners);
    let (low, high) =
        corners().fold((DVec3::INFINITY, DVec3::NEG_INFINITY), |(l, h), p| (l.min(p), h.max(p)));
    let centre = (low + high) * 0.5;
    let radius = corners().map(|p| p.distance(centre)).fold(0.0, f64::max);
    Body { id: instance.id.0, centre, radius, triangles, cutouts }
}

impl Body {
    /// Whether a ray, or a neighbour of it within a small part of a pixel, could touch the body.
    pub(crate) fn near(&self, ray: &Ray) -> bool {
        let unit = ray.direction.normalize();
        let slack = 0.05 * ray.across.length().max(ray.down.length()) / ray.direction.length();
        let reach = self.radius * (1.0 + 1e-9) + slack * (self.centre.length() + self.radius);
        let along = self.centre.dot(unit);
        along > -reach && (self.centre - unit * along).length_squared() <= reach * reach
    }

    /// Whether the triangle's surface exists where it is met.
    pub(crate) fn exists(&self, triangle: &Triangle, meeting: Meeting) -> Exists {
        let Some(cutout) = triangle.cutout else { return Exists::Yes };
        let [b, c] = meeting.weights;
        let a = 1.0 - b - c;
        let uv = triangle.uv[0] * a + triangle.uv[1] * b + triangle.uv[2] * c;
        let alpha = triangle.alpha[0] * a + triangle.alpha[1] * b + triangle.alpha[2] * c;
        self.cutouts[cutout].exists(uv, alpha)
    }
}

impl Triangle {
    pub(crate) fn normal(&self) -> DVec3 {
        let [a, b, c] = self.corners;
        (b - a).cross(c - a)
    }

    /// Whether the side that a ray would meet exists.
    pub(crate) fn faces(&self, direction: DVec3) -> bool {
        self.two_sided || self.normal().dot(direction) < 0.0
    }

    /// Moller and Trumbore (1997): where the ray from the origin meets the triangle's plane, if it does so
    /// within the triangle.
    pub(crate) fn meet(&self, direction: DVec3) -> Option<Meeting> {
        let meeting = self.meet_plane(direction)?;
        let [b, c] = meeting.weights;
        (b >= 0.0 && c >= 0.0 && b + c <= 1.0 && meeting.t > 0.0).then_some(meeting)
    }

    /// The same for the whole plane.
    pub(crate) fn meet_plane(&self, direction: DVec3) -> Option<Meeting> {
        let [origin, b, c] = self.corners;
        let (edge1, edge2) = (b - origin, c - origin);
        let p = direction.cross(edge2);
        let det = edge1.dot(p);
        if det == 0.0 {
            return None;
        }
        let to_ray = -origin;
        let q = to_ray.cross(edge1);
        let weights = [to_ray.dot(p) / det, direction.dot(q) / det];
        Some(Meeting { t: edge2.dot(q) / det, weights })
    }

    /// How far inside of the triangle's outline the ray passes, pixels; negative outside. To first order in the
    /// distance, which is exact enough within a hundredth of a pixel under any lens.
    pub(crate) fn inside_px(&self, ray: &Ray) -> f64 {
        let [a, b, c] = self.corners;
        let turn = a.dot(b.cross(c)).signum();
        [(a, b), (b, c), (c, a)].into_iter().fold(f64::INFINITY, |least, (from, to)| {
            let plane = from.cross(to);
            let change = DVec2::new(plane.dot(ray.across), plane.dot(ray.down)).length();
            let distance = turn * plane.dot(ray.direction) / change;
            if distance.is_nan() { least } else { least.min(distance) }
        })
    }
}
