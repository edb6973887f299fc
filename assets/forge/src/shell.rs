//! Triangles as they are shaped: corners with positions and texture coordinates; normals come last.

use std::collections::HashMap;

use glam::{DAffine3, DVec2, DVec3, IVec3};

/// A corner of a triangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corner {
    /// Metres.
    pub(crate) p: DVec3,
    /// Texture coordinates, v down.
    pub(crate) uv: DVec2,
}

/// A triangle, counter-clockwise seen from outside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Face {
    /// Its corners.
    pub(crate) corners: [Corner; 3],
    /// Name of its material.
    pub(crate) material: &'static str,
}

impl Face {
    /// Its normal, twice as long as its area.
    pub(crate) fn normal(&self) -> DVec3 {
        let [a, b, c] = self.corners.map(|c| c.p);
        (b - a).cross(c - a)
    }
}

/// One surface: edges sharper than `crease_deg` stay hard, the rest is smooth.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) faces: Vec<Face>,
    pub(crate) crease_deg: f64,
    /// Whether it encloses a volume.
    pub(crate) closed: bool,
}

/// A position in whole micrometres: what is written, and how corners are recognised as the same point.
pub(crate) fn micrometres(p: DVec3) -> IVec3 {
    (p * 1e6).round().as_ivec3()
}

impl Shell {
    pub(crate) fn new(crease_deg: f64) -> Self {
        Self { faces: Vec::new(), crease_deg, closed: true }
    }

    /// Adds a triangle, unless two of its corners fall together.
    pub(crate) fn tri(&mut self, material: &'static str, corners: [Corner; 3]) {
        let [a, b, c] = corners.map(|c| micrometres(c.p));
        if a != b && b != c && c != a {
            self.faces.push(Face { corners, material });
        }
    }

    /// Adds a quadrilateral, counter-clockwise seen from outside.
    pub(crate) fn quad(&mut self, material: &'static str, [a, b, c, d]: [Corner; 4]) {
        self.tri(material, [a, b, c]);
        self.tri(material, [a, c, d]);
    }

    /// Moves every corner; equal points must stay equal, and orientation must be kept.
    pub(crate) fn warp(mut self, f: impl Fn(DVec3) -> DVec3) -> Self {
        for corner in self.faces.iter_mut().flat_map(|f| &mut f.corners) {
            corner.p = f(corner.p);
        }
        self
    }

    pub(crate) fn transform(self, to: DAffine3) -> Self {
        self.warp(|p| to.transform_point3(p))
    }

    /// Moves by millimetres.
    pub(crate) fn at_mm(self, x: f64, y: f64, z: f64) -> Self {
        self.warp(|p| p + DVec3::new(x, y, z) * 1e-3)
    }

    /// Unit normals of every face's corners: neighbours within the crease angle are averaged, weighted by
    /// area and angle, so that a large flat face stays flat next to its rounded edge.
    pub(crate) fn normals(&self) -> Vec<[DVec3; 3]> {
        let mut around: HashMap<IVec3, Vec<(usize, f64)>> = HashMap::new();
        for (i, face) in self.faces.iter().enumerate() {
            for k in 0..3 {
                let p = face.corners[k].p;
                let (a, b) = (face.corners[(k + 1) % 3].p - p, face.corners[(k + 2) % 3].p - p);
                around.entry(micrometres(p)).or_default().push((i, a.angle_between(b)));
            }
        }
        let flat: Vec<DVec3> = self.faces.iter().map(Face::normal).collect();
        let unit: Vec<DVec3> = flat.iter().map(|n| n.normalize()).collect();
        let limit = self.crease_deg.to_radians().cos();
        let corner_normal = |i: usize, p: DVec3| {
            let near = &around[&micrometres(p)];
            let kept = near.iter().filter(|(j, _)| unit[i].dot(unit[*j]) > limit);
            kept.map(|(j, angle)| flat[*j] * *angle).sum::<DVec3>().normalize()
        };
        let of_face = |(i, face): (usize, &Face)| face.corners.map(|c| corner_normal(i, c.p));
        self.faces.iter().enumerate().map(of_face).collect()
    }
}
