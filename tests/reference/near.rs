//! Triangles near a place, straight from a scene, in f64: what a segment meets, what lies before a point of skin.

use std::collections::{BTreeMap, BTreeSet};

use diorama::scene::{Instance, Library, Primitive, Scene};
use glam::{DAffine3, DMat3, DVec3, IVec3};

/// Side of a cell, metres.
const CELL_M: f64 = 0.05;

/// A triangle of an instance, world frame, metres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facet {
    pub(crate) corners: [DVec3; 3],
    /// Index of its instance.
    pub(crate) instance: usize,
}

/// Triangles, found by place.
#[derive(Debug, Default)]
pub(crate) struct Near {
    facets: Vec<Facet>,
    cells: BTreeMap<[i32; 3], Vec<usize>>,
}

/// Where a segment meets a triangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crossing {
    /// How far along the segment, 0 to 1.
    pub(crate) share: f64,
    /// Whether the triangle's front looks the way the segment goes: it leaves what the triangle bounds.
    pub(crate) leaves: bool,
    /// Index of the triangle's instance.
    pub(crate) instance: usize,
}

/// Vertices of a primitive where the scene has put them, with their normals.
pub(crate) fn placed(instance: &Instance, primitive: &Primitive) -> Vec<(DVec3, DVec3)> {
    let m = instance.world_from_object.matrix3;
    let place = DAffine3 {
        matrix3: DMat3::from_cols(m.x_axis.as_dvec3(), m.y_axis.as_dvec3(), m.z_axis.as_dvec3()),
        translation: instance.world_from_object.translation.as_dvec3(),
    };
    let vertices = &primitive.vertices;
    let turned = vertices.positions.iter().zip(&vertices.normals).map(|(p, n)| {
        (place.transform_point3(p.as_dvec3()), place.transform_vector3(n.as_dvec3()).normalize_or_zero())
    });
    turned.collect()
}

fn cell(p: DVec3) -> IVec3 {
    (p / CELL_M).floor().as_ivec3()
}

fn cells(low: DVec3, high: DVec3) -> impl Iterator<Item = [i32; 3]> {
    let (low, high) = (cell(low), cell(high));
    (low.x..=high.x)
        .flat_map(move |x| (low.y..=high.y).flat_map(move |y| (low.z..=high.z).map(move |z| [x, y, z])))
}

impl Near {
    /// The triangles of a scene within a box, of primitives that `keep` wants.
    pub(crate) fn of(
        scene: &Scene,
        library: &Library,
        (low, high): (DVec3, DVec3),
        keep: &dyn Fn(&Instance, &Primitive) -> bool,
    ) -> Self {
        let mut near = Self::default();
        for (index, instance) in scene.instances.iter().enumerate() {
            let Some(model) = instance.model else { continue };
            for primitive in library.model(model).primitives.iter().filter(|one| keep(instance, one)) {
                let at = placed(instance, primitive);
                for list in primitive.lods[0].indices.chunks_exact(3) {
                    let corners = [list[0], list[1], list[2]].map(|i| at[i as usize].0);
                    near.add(Facet { corners, instance: index }, low, high);
                }
            }
        }
        near
    }

    fn add(&mut self, facet: Facet, low: DVec3, high: DVec3) {
        let [a, b, c] = facet.corners;
        let (least, most) = (a.min(b).min(c).max(low), a.max(b).max(c).min(high));
        if least.cmpgt(most).any() {
            return;
        }
        for cell in cells(least, most) {
            self.cells.entry(cell).or_default().push(self.facets.len());
        }
        self.facets.push(facet);
    }

    /// Triangles that may touch a box.
    pub(crate) fn touching(&self, low: DVec3, high: DVec3) -> impl Iterator<Item = &Facet> {
        let numbers: BTreeSet<usize> =
            cells(low, high).filter_map(|cell| self.cells.get(&cell)).flatten().copied().collect();
        numbers.into_iter().map(|number| &self.facets[number])
    }

    /// Everything that a segment meets, in no order.
    pub(crate) fn crossings(&self, from: DVec3, to: DVec3) -> Vec<Crossing> {
        self.touching(from.min(to), from.max(to)).filter_map(|facet| facet.crossing(from, to)).collect()
    }
}

impl Facet {
    /// By signed volumes: the segment's ends lie on two sides of the plane, and its line passes all edges on one.
    fn crossing(&self, from: DVec3, to: DVec3) -> Option<Crossing> {
        let [a, b, c] = self.corners;
        let normal = (b - a).cross(c - a);
        let (begin, end) = (normal.dot(from - a), normal.dot(to - a));
        if begin * end > 0.0 || begin == end {
            return None;
        }
        let along = to - from;
        let side = |p: DVec3, q: DVec3| along.dot((p - from).cross(q - from));
        let sides = [side(a, b), side(b, c), side(c, a)];
        let one_side = sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0);
        let crossing =
            Crossing { share: begin / (begin - end), leaves: end > begin, instance: self.instance };
        one_side.then_some(crossing)
    }

    /// How far from `p` the nearest place of the triangle is that lies at least `ahead_m` along `normal` from `p`: the
    /// triangle is cut along that plane, and the rest looked at edge by edge. `None` when nothing is left of it.
    pub(crate) fn distance_ahead(&self, p: DVec3, normal: DVec3, ahead_m: f64) -> Option<f64> {
        let height = |q: DVec3| normal.dot(q - p) - ahead_m;
        let mut kept: Vec<DVec3> = Vec::with_capacity(4);
        for (index, &q) in self.corners.iter().enumerate() {
            let next = self.corners[(index + 1) % 3];
            let (here, there) = (height(q), height(next));
            if here >= 0.0 {
                kept.push(q);
            }
            if here * there < 0.0 {
                kept.push(q.lerp(next, here / (here - there)));
            }
        }
        if kept.is_empty() {
            return None;
        }
        let edges = || kept.iter().zip(kept.iter().cycle().skip(1));
        let to_edge = |(a, b): (&DVec3, &DVec3)| {
            let along = *b - *a;
            let share = (p - *a).dot(along) / along.length_squared().max(1e-300);
            p.distance(*a + along * share.clamp(0.0, 1.0))
        };
        let outline = edges().map(to_edge).fold(f64::INFINITY, f64::min);
        let plane =
            (self.corners[1] - self.corners[0]).cross(self.corners[2] - self.corners[0]).normalize_or_zero();
        let inside = kept.len() > 2
            && plane != DVec3::ZERO
            && edges().all(|(a, b)| plane.dot((*b - *a).cross(p - *a)) >= 0.0);
        Some(if inside { outline.min(plane.dot(p - self.corners[0]).abs()) } else { outline })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Facet = Facet { corners: [DVec3::ZERO, DVec3::X, DVec3::Y], instance: 7 };

    #[test]
    fn a_segment_meets_a_triangle_from_either_side() {
        let at = |x: f64, y: f64, z: f64| DVec3::new(x, y, z);
        let up = FLAT.crossing(at(0.2, 0.2, -1.0), at(0.2, 0.2, 3.0)).expect("through it");
        assert!((up.share - 0.25).abs() < 1e-12 && up.leaves && up.instance == 7, "{up:?}");
        let down = FLAT.crossing(at(0.2, 0.2, 1.0), at(0.2, 0.2, -1.0)).expect("back");
        assert!(!down.leaves, "it enters");
        assert!(FLAT.crossing(at(0.8, 0.8, -1.0), at(0.8, 0.8, 1.0)).is_none(), "beside it");
        assert!(FLAT.crossing(at(0.2, 0.2, 0.5), at(0.2, 0.2, 1.0)).is_none(), "too short");
    }

    #[test]
    fn only_what_lies_ahead_counts() {
        let p = DVec3::new(0.2, 0.2, -0.5);
        let ahead = |normal: DVec3, by: f64| FLAT.distance_ahead(p, normal, by);
        assert!((ahead(DVec3::Z, 0.0).expect("ahead") - 0.5).abs() < 1e-12, "over its middle");
        assert!(ahead(DVec3::NEG_Z, 0.0).is_none(), "behind");
        assert!(ahead(DVec3::Z, 0.6).is_none(), "not so far ahead");
        // Seen along +X, only the part with x of at least 0.2 + 0.3 counts; its nearest place is on the cut.
        let cut = ahead(DVec3::X, 0.3).expect("a part of it");
        assert!((cut - 0.3f64.hypot(0.5)).abs() < 1e-12, "{cut}");
    }
}
