//! Convex bodies, and how deep one is in another.
//!
//! Depth is measured along separating axes (Gottschalk, Lin and Manocha 1996, for all convex polyhedra): two of them are
//! apart if and only if they are apart along the normal of a face of one, or along the product of an edge of one and an
//! edge of the other. What overlaps along all of these is as deep as along the one where it overlaps least. Those pairs of
//! edges are tried first whose arcs cross on the sphere of normals (Gregorius, "The Separating Axis Test between Convex
//! Polyhedra", 2013). Nothing iterates and nothing can fail, so that this can judge what a solver made.

use std::collections::BTreeSet;

use glam::{Affine3A, Vec3};
use rapier3d::{
    math::Vector,
    prelude::{ColliderBuilder, SharedShape},
};

/// Bodies are made ten times as large for the solver, whose tolerances are meant for metres and not for a pack of tea.
pub(super) const SCALE: f32 = 10.0;
/// Directions in which a body's outermost points are looked for first.
const DIRECTIONS: u32 = 32;
/// Normals closer than this are one, radians: what is 20 cm long is a tenth of a millimetre off by it.
const ALIKE_FACES: f32 = 0.0005;

/// What has less is flat, cubic metres: a cube of a millimetre.
const LEAST_M3: f32 = 1e-9;

/// A convex body in a frame of its own, metres.
#[derive(Clone, Debug)]
pub struct Hull {
    points: Vec<Vec3>,
    /// Outward normals of its faces.
    normals: Vec<Vec3>,
    edges: Vec<Edge>,
    volume: f32,
    shape: SharedShape,
}

/// A hull in its place, world frame, metres.
#[derive(Clone, Debug)]
pub struct Body {
    points: Vec<Vec3>,
    normals: Vec<Vec3>,
    edges: Vec<Edge>,
    min: Vec3,
    max: Vec3,
}

/// Where two faces meet: their normals, and its direction, along the product of these.
#[derive(Clone, Copy, Debug)]
struct Edge {
    along: Vec3,
    normals: [Vec3; 2],
}

impl Edge {
    /// Whether the edge's arc of normals crosses that of another body's, whose normals are turned about.
    fn crosses(&self, other: &Self) -> bool {
        let ([a, b], [c, d]) = (self.normals, other.normals.map(|normal| -normal));
        let (c_side, d_side) = (c.dot(self.along), d.dot(self.along));
        let (a_side, b_side) = (a.dot(other.along), b.dot(other.along));
        c_side * d_side < 0.0 && a_side * b_side < 0.0 && c_side * b_side > 0.0
    }
}

impl Hull {
    /// A hull of few of `points`, beyond whose faces no other reaches further than `most` metres; `None` when they have no
    /// volume. It begins with those outermost in directions evenly spread, and takes in the furthest beyond each face
    /// until none is left.
    #[must_use]
    pub fn nearly(points: &[Vec3], most: f32) -> Option<Self> {
        let mut kept: BTreeSet<usize> = (0..DIRECTIONS)
            .filter_map(|index| {
                let towards = spread(index);
                let ahead =
                    |a: &usize, b: &usize| points[*a].dot(towards).total_cmp(&points[*b].dot(towards));
                (0..points.len()).max_by(ahead)
            })
            .collect();
        loop {
            let some: Vec<Vec3> = kept.iter().map(|index| points[*index]).collect();
            // A few points of a thin body may lie in a plane where all of them do not.
            let Some(hull) = Self::around(&some) else { return Self::around(points) };
            let beyond = hull.beyond(points, most);
            if beyond.iter().all(|index| kept.contains(index)) {
                return Some(hull);
            }
            kept.extend(beyond);
        }
    }

    /// Of each face, the point furthest beyond it, where that is further than `most`.
    fn beyond(&self, points: &[Vec3], most: f32) -> BTreeSet<usize> {
        let furthest = |normal: &Vec3| {
            let (_, face) = extent(&self.points, *normal);
            let ahead = |index: &usize| points[*index].dot(*normal) - face;
            let index = (0..points.len()).max_by(|a, b| ahead(a).total_cmp(&ahead(b)))?;
            (ahead(&index) > most).then_some(index)
        };
        self.normals.iter().filter_map(furthest).collect()
    }

    /// The hull of points; `None` when they have no volume.
    #[must_use]
    pub fn around(points: &[Vec3]) -> Option<Self> {
        let scaled: Vec<Vector> =
            points.iter().map(|p| Vector::from_array((*p * SCALE).to_array())).collect();
        let shape = SharedShape::convex_hull(&scaled)?;
        let polyhedron = shape.as_convex_polyhedron()?;
        let own = |p: &Vector| Vec3::from_array(p.to_array());
        // Edges within a face are left over in the list, with faces that are no more.
        let edges = polyhedron.edges().iter().filter_map(|edge| {
            let normal = |face: u32| polyhedron.faces().get(face as usize).map(|face| own(&face.normal));
            let normals = [normal(edge.faces[0])?, normal(edge.faces[1])?];
            let dir = own(&edge.dir).normalize_or_zero();
            let along = if dir.dot(normals[1].cross(normals[0])) < 0.0 { -dir } else { dir };
            (normals[0] != normals[1]).then_some(Edge { along, normals })
        });
        let volume = shape.mass_properties(1.0).mass() / SCALE.powi(3);
        (volume > LEAST_M3).then(|| Self {
            points: polyhedron.points().iter().map(|p| own(p) / SCALE).collect(),
            normals: distinct(polyhedron.faces().iter().map(|face| own(&face.normal))),
            edges: edges.collect(),
            volume,
            shape: shape.clone(),
        })
    }

    /// Its corners, metres.
    #[must_use]
    pub fn points(&self) -> &[Vec3] {
        &self.points
    }

    /// Its volume, cubic metres.
    #[must_use]
    pub fn volume(&self) -> f32 {
        self.volume
    }

    /// Half the diagonal of its box, metres: no turn makes it reach further from the middle of that box.
    #[must_use]
    pub fn reach(&self) -> f32 {
        let (min, max) = bounds(&self.points);
        (max - min).length() * 0.5
    }

    /// The hull moved and turned; `place` neither scales nor shears.
    #[must_use]
    pub fn at(&self, place: &Affine3A) -> Body {
        let points: Vec<Vec3> = self.points.iter().map(|p| place.transform_point3(*p)).collect();
        let (min, max) = bounds(&points);
        let turn = |v: Vec3| place.transform_vector3(v);
        let edge = |edge: &Edge| Edge { along: turn(edge.along), normals: edge.normals.map(turn) };
        let edges = self.edges.iter().map(edge).collect();
        Body { points, normals: self.normals.iter().map(|v| turn(*v)).collect(), edges, min, max }
    }

    pub(super) fn collider(&self) -> ColliderBuilder {
        ColliderBuilder::new(self.shape.clone())
    }
}

impl Body {
    /// Its least and greatest coordinates.
    #[must_use]
    pub fn bounds(&self) -> (Vec3, Vec3) {
        (self.min, self.max)
    }

    /// How far the two must be moved apart until they only touch, metres. Not positive when they are apart; then it is minus
    /// a lower bound of the distance between them. What is known not to be more than `enough` is not worked out further: then
    /// it may be less than what is told.
    #[must_use]
    pub fn depth(&self, other: &Self, enough: f32) -> f32 {
        self.least(other, enough, &[true, false])
    }

    /// How far the two are apart at least, metres, negative where they may be in each other: by faces and by the edges whose
    /// arcs cross. Cheaper than [`Body::depth`]; what is known to be at least `enough` is not worked out further.
    #[must_use]
    pub fn gap(&self, other: &Self, enough: f32) -> f32 {
        -self.least(other, -enough, &[true])
    }

    /// The least overlap along normals, and along products of the edges whose arcs cross or do not.
    fn least(&self, other: &Self, enough: f32, crossings: &[bool]) -> f32 {
        let boxes = (self.max - other.min).min(other.max - self.min).min_element();
        if boxes <= enough {
            return boxes;
        }
        let mut least = boxes;
        for (mine, theirs) in [(self, other), (other, self)] {
            for normal in &mine.normals {
                let (_, ahead) = extent(&mine.points, *normal);
                let (back, _) = extent(&theirs.points, *normal);
                least = least.min(ahead - back);
                if least <= enough {
                    return least;
                }
            }
        }
        // The solver takes faces that are nearly in a plane for one, so that an arc may end short of the one it crosses: the
        // others are tried where those that cross say more than enough.
        for &crossing in crossings {
            for a in &self.edges {
                for b in other.edges.iter().filter(|b| a.crosses(b) == crossing) {
                    let Some(axis) = a.along.cross(b.along).try_normalize() else { continue };
                    let (mine, theirs) = (extent(&self.points, axis), extent(&other.points, axis));
                    least = least.min(mine.1 - theirs.0).min(theirs.1 - mine.0);
                    if least <= enough {
                        return least;
                    }
                }
            }
        }
        least
    }
}

/// A direction of a spiral round the sphere, all about equally far from their neighbours (Vogel 1979's angle).
fn spread(index: u32) -> Vec3 {
    #[expect(clippy::cast_precision_loss, reason = "a hundred directions")]
    let (step, all) = (index as f32, DIRECTIONS as f32);
    let up = 1.0 - (2.0 * step + 1.0) / all;
    let (sin, cos) = (step * 2.399_963).sin_cos();
    let flat = (1.0 - up * up).sqrt();
    Vec3::new(flat * cos, up, flat * sin)
}

/// Unit vectors without those that are alike.
fn distinct(all: impl Iterator<Item = Vec3>) -> Vec<Vec3> {
    let mut kept: Vec<Vec3> = Vec::new();
    for one in all.filter(|v| *v != Vec3::ZERO) {
        if !kept.iter().any(|other| one.distance(*other) < ALIKE_FACES) {
            kept.push(one);
        }
    }
    kept
}

fn bounds(points: &[Vec3]) -> (Vec3, Vec3) {
    points.iter().fold((Vec3::MAX, Vec3::MIN), |(lo, hi), p| (lo.min(*p), hi.max(*p)))
}

/// Least and greatest coordinate along an axis.
fn extent(points: &[Vec3], axis: Vec3) -> (f32, f32) {
    points.iter().fold((f32::MAX, f32::MIN), |(lo, hi), p| {
        let along = p.dot(axis);
        (lo.min(along), hi.max(along))
    })
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::*;

    fn cube(half: Vec3) -> Hull {
        let corner = |i: u32| Vec3::new(sign(i & 1), sign(i & 2), sign(i & 4)) * half;
        Hull::around(&(0..8).map(corner).collect::<Vec<_>>()).expect("it has a volume")
    }

    fn sign(bit: u32) -> f32 {
        if bit == 0 { -1.0 } else { 1.0 }
    }

    fn close(value: f32, expected: f32) {
        assert!((value - expected).abs() < 1e-5, "{value} is not {expected}");
    }

    #[test]
    fn depths_are_what_a_ruler_says() {
        let unit = cube(Vec3::splat(0.05));
        close(unit.volume(), 0.001);
        let still = unit.at(&Affine3A::IDENTITY);
        let beside = |x: f32| unit.at(&Affine3A::from_translation(Vec3::new(x, 0.03, 0.01)));
        close(still.depth(&beside(0.09), 0.0), 0.01);
        assert!(still.depth(&beside(0.12), 0.0) < 0.0, "apart");
        // On its corner, a cube reaches sqrt(3) of half its side.
        let on_corner = Quat::from_rotation_arc(Vec3::ONE.normalize(), Vec3::X);
        let poised =
            |x: f32| unit.at(&Affine3A::from_rotation_translation(on_corner, Vec3::new(x, 0.0, 0.0)));
        let reach = 0.05 + 0.05 * 3f32.sqrt();
        close(still.depth(&poised(reach - 0.004), 0.0), 0.004);
        assert!(still.depth(&poised(reach + 0.001), 0.0) < 0.0, "apart");
    }

    #[test]
    fn edges_that_cross_are_told_apart() {
        // Two bars, one turned by 45 degrees about its own length and laid across the other on an edge, tipped: no face's
        // normal lies between the two edges that meet.
        let bar = cube(Vec3::new(0.1, 0.01, 0.01));
        let on_edge = |yaw: f32, y: f32| {
            let turn = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(std::f32::consts::FRAC_PI_4);
            bar.at(&Affine3A::from_rotation_translation(turn, Vec3::new(0.0, y, 0.0)))
        };
        let (low, reach) = (on_edge(0.0, 0.0), 2.0 * 0.01 * 2f32.sqrt());
        close(low.depth(&on_edge(1.2, reach - 0.003), 0.0), 0.003);
        assert!(low.depth(&on_edge(1.2, reach + 0.001), 0.0) < 0.0, "apart");
    }

    /// The same by every product of two edges, held against all points.
    fn depth_by_all(a: &Body, b: &Body) -> f32 {
        let products = a.edges.iter().flat_map(|one| b.edges.iter().map(|two| one.along.cross(two.along)));
        let axes =
            a.normals.iter().chain(&b.normals).copied().chain(products.filter_map(Vec3::try_normalize));
        let along = |axis: Vec3| {
            let (mine, theirs) = (extent(&a.points, axis), extent(&b.points, axis));
            (mine.1 - theirs.0).min(theirs.1 - mine.0)
        };
        axes.map(along).fold(f32::MAX, f32::min)
    }

    #[test]
    fn crossing_arcs_leave_out_no_edges_that_count() {
        let spun = |i: u32| Quat::from_euler(glam::EulerRot::XYZ, i as f32, i as f32 * 0.7, i as f32 * 0.3);
        let cloud =
            |from: u32| (0..24).map(|i| spun(from + i) * Vec3::new(0.05, 0.02, 0.03)).collect::<Vec<_>>();
        let mut met = 0;
        for trial in 0..200_u32 {
            let (a, b) = (Hull::around(&cloud(trial)).unwrap(), Hull::around(&cloud(trial * 7 + 3)).unwrap());
            let to = spun(trial * 3) * Vec3::X * (0.05 + 0.0004 * trial as f32);
            let (a, b) = (a.at(&Affine3A::IDENTITY), b.at(&Affine3A::from_translation(to)));
            let (depth, all) = (a.depth(&b, f32::MIN), depth_by_all(&a, &b));
            assert_eq!(depth > 0.0, all > 0.0, "trial {trial}: {depth} and {all}");
            if all > 0.0 {
                met += 1;
                close(depth, all);
            }
        }
        assert!((40..160).contains(&met), "{met} of 200 meet");
    }

    #[test]
    fn few_points_hold_a_body_nearly_as_tightly_as_all() {
        let ball: Vec<Vec3> = (0..2000_u32)
            .map(|i| {
                Quat::from_rotation_y(i as f32) * Quat::from_rotation_x(i as f32 * 0.37) * Vec3::Z * 0.05
            })
            .collect();
        let (all, few) = (Hull::around(&ball).unwrap(), Hull::nearly(&ball, 0.001).unwrap());
        assert!(few.points.len() < 400, "{} points", few.points.len());
        assert!(few.volume() > 0.9 * all.volume(), "{} of {}", few.volume(), all.volume());
        let out =
            |p: &Vec3| few.normals.iter().map(|n| p.dot(*n) - extent(&few.points, *n).1).fold(0.0, f32::max);
        let most = ball.iter().map(out).fold(0.0, f32::max);
        assert!(most <= 0.001, "a point is {most} m outside");
        assert!(Hull::around(&[Vec3::X, Vec3::Y, Vec3::Z]).is_none(), "a triangle has no volume");
    }
}
