//! What is true of an infant, measured on its geometry and not taken from the script.

use glam::{Affine3A, Vec3};

use super::{
    adult::ADULT, anatomy::Anatomy, bed::Crib, body::Posed, posture::Posture, setting::Cover, wear::Infant,
};

/// Something may cover the airway from this distance on, metres.
const AIRWAY_M: f32 = 0.02;
/// As deep in the skin something may lie and still cover it, metres.
const PRESSED_M: f32 = 0.004;

/// A gap between mattress and side takes limbs and faces from this width on, metres (EN 716 allows 30 mm).
const GAP_M: f32 = 0.03;
/// The class of its opening among what may be near a face: nothing is there.
pub(super) const GAP: &str = "gap";

/// The widest gap between the mattress and a long side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gap {
    pub(super) width_m: f32,
    /// From where to where along Z.
    pub(super) across: [f32; 2],
}

/// Measures it on the sheet's edge and the inner faces of the sides, at the height of the mattress.
pub(super) fn gap(covers: &[Cover], crib: &Crib) -> Gap {
    let near = |class: &'static str| {
        let points = covers.iter().filter(move |cover| cover.class == class).flat_map(|c| &c.positions);
        points.filter(|p| (p.y - crib.mattress).abs() < 0.09 && p.x.abs() < 0.6 * crib.half[0]).map(|p| p.z)
    };
    let gaps = [-1.0, 1.0].map(|side: f32| {
        let edge = near("sheet").map(|z| z * side).fold(f32::MIN, f32::max);
        let face = near("crib").map(|z| z * side).filter(|z| *z > 0.0).fold(f32::MAX, f32::min);
        Gap { width_m: face - edge, across: [side * edge, side * face] }
    });
    if gaps[0].width_m > gaps[1].width_m { gaps[0] } else { gaps[1] }
}

impl Gap {
    /// Its opening, if it is wide enough to be a danger.
    pub(super) fn opening(&self, crib: &Crib) -> Option<Cover> {
        let corner = |x: f32, z: f32| Vec3::new(x * crib.half[0], crib.mattress, z);
        let [a, b] = self.across;
        let positions = vec![corner(-1.0, a), corner(1.0, a), corner(1.0, b), corner(-1.0, b)];
        (self.width_m > GAP_M).then(|| Cover { class: GAP, positions, indices: vec![0, 1, 2, 0, 2, 3] })
    }
}

/// Triangles of something near a face.
#[derive(Debug)]
pub(super) struct Surface<'a> {
    pub(super) positions: &'a [Vec3],
    pub(super) indices: &'a [u32],
}

/// Share of the points (with outward normals) that have a surface within 20 mm outside of them.
pub(super) fn covered(points: &[(Vec3, Vec3)], surfaces: &[Surface<'_>]) -> f32 {
    if points.is_empty() {
        return 0.0;
    }
    let (low, high) = points.iter().fold((Vec3::MAX, Vec3::MIN), |(l, h), (p, _)| (l.min(*p), h.max(*p)));
    let (low, high) = (low - AIRWAY_M, high + AIRWAY_M);
    let near: Vec<[Vec3; 3]> = surfaces
        .iter()
        .flat_map(|surface| {
            surface.indices.chunks_exact(3).map(|t| [t[0], t[1], t[2]].map(|i| surface.positions[i as usize]))
        })
        .filter(|[a, b, c]| a.min(*b).min(*c).cmple(high).all() && a.max(*b).max(*c).cmpge(low).all())
        .collect();
    let hit = points.iter().filter(|(p, n)| near.iter().any(|t| is_covered(*p, *n, t))).count();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
    let share = hit as f32 / points.len() as f32;
    share
}

/// Whether a part of a triangle comes within reach outside of a point: in front of its skin.
fn is_covered(p: Vec3, normal: Vec3, triangle: &[Vec3; 3]) -> bool {
    let off = nearest(p, triangle) - p;
    if off.length() > AIRWAY_M {
        return false;
    }
    // What lies in the skin itself (a mattress pressed in) counts; what lies behind it does not.
    off.dot(normal) >= -PRESSED_M
        || before(p, normal, triangle).iter().any(|part| nearest(p, part).distance(p) <= AIRWAY_M)
}

/// What of a triangle lies before a point's skin: it is cut along the plane that is the least ahead.
fn before(p: Vec3, normal: Vec3, triangle: &[Vec3; 3]) -> Vec<[Vec3; 3]> {
    let height = |q: Vec3| normal.dot(q - p) + PRESSED_M;
    let mut outline = Vec::with_capacity(4);
    for (index, &corner) in triangle.iter().enumerate() {
        let next = triangle[(index + 1) % 3];
        let (here, there) = (height(corner), height(next));
        if here >= 0.0 {
            outline.push(corner);
        }
        if here * there < 0.0 {
            outline.push(corner.lerp(next, here / (here - there)));
        }
    }
    (2..outline.len()).map(|k| [outline[0], outline[k - 1], outline[k]]).collect()
}

/// The place of a triangle that is nearest to a point (Ericson 2005, 'Real-Time Collision Detection', 5.1.5).
pub(super) fn nearest(p: Vec3, [a, b, c]: &[Vec3; 3]) -> Vec3 {
    let (ab, ac, ap) = (*b - *a, *c - *a, p - *a);
    let (d1, d2) = (ab.dot(ap), ac.dot(ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return *a;
    }
    let bp = p - *b;
    let (d3, d4) = (ab.dot(bp), ac.dot(bp));
    if d3 >= 0.0 && d4 <= d3 {
        return *b;
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return *a + ab * (d1 / (d1 - d3));
    }
    let cp = p - *c;
    let (d5, d6) = (ab.dot(cp), ac.dot(cp));
    if d6 >= 0.0 && d5 <= d6 {
        return *c;
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return *a + ac * (d2 / (d2 - d6));
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        return *b + (*c - *b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
    }
    let sum = 1.0 / (va + vb + vc);
    *a + ab * (vb * sum) + ac * (vc * sum)
}

/// Whether one of the triangles comes between a place, on one of them, and an eye (Moller and Trumbore 1997).
pub(super) fn hidden(place: Vec3, eye: Vec3, triangles: &[[Vec3; 3]]) -> bool {
    let ray = eye - place;
    triangles.iter().any(|[a, b, c]| {
        let (first, second) = (*b - *a, *c - *a);
        let across = ray.cross(second);
        let volume = first.dot(across);
        if volume.abs() < 1e-12 {
            return false;
        }
        let from = place - *a;
        let u = from.dot(across) / volume;
        let around = from.cross(first);
        let v = ray.dot(around) / volume;
        let share = second.dot(around) / volume;
        // The triangles at the place itself are as good as behind it.
        u >= 0.0 && v >= 0.0 && u + v <= 1.0 && share * ray.length() > 1e-4 && share < 1.0
    })
}

/// From an adult's hand or sleeve to the infant as it is dressed, between the nearest of their vertices, metres.
pub(super) fn adult_distance(
    anatomy: &Anatomy,
    infant: &Infant,
    posed: &Posed,
    covers: &[&Cover],
) -> Option<f32> {
    let adult = covers.iter().filter(|cover| cover.class == ADULT).flat_map(|cover| &cover.positions);
    let shown = || anatomy.visible(&infant.worn).into_iter().flat_map(|part| &posed.parts[part]);
    adult
        .map(|p| shown().map(|q| p.distance_squared(*q)).fold(f32::MAX, f32::min))
        .reduce(f32::min)
        .map(f32::sqrt)
}

/// Limbs of which elbow, wrist, knee or ankle is beyond the inner faces of the sides, with the side's height.
pub(super) fn limbs_outside(anatomy: &Anatomy, posed: &Posed, crib: &Crib) -> Vec<&'static str> {
    let outside = |name: &str| {
        let p = posed.joints[anatomy.joint(name)];
        p.x.abs() > crib.half[0] + 0.01 || p.z.abs() > crib.half[1] + 0.01
    };
    [
        ("left_arm", ["lowerarm_l", "hand_l"]),
        ("right_arm", ["lowerarm_r", "hand_r"]),
        ("left_leg", ["calf_l", "foot_l"]),
        ("right_leg", ["calf_r", "foot_r"]),
    ]
    .into_iter()
    .filter(|(_, joints)| joints.iter().any(|joint| outside(joint)))
    .map(|(limb, _)| limb)
    .collect()
}

/// The posture that the body shows.
pub(super) fn posture(anatomy: &Anatomy, posed: &Posed, crib: &Crib) -> Posture {
    let frame = |name: &str| -> Affine3A { posed.world_from_joint[anatomy.joint(name)] };
    let at = |name: &str| posed.joints[anatomy.joint(name)];
    let chest = frame("spine_02").matrix3;
    let (left, up, front) = (Vec3::from(chest.x_axis), Vec3::from(chest.y_axis), Vec3::from(chest.z_axis));
    let over = |foot: &str| {
        let p = at(foot);
        p.y > crib.rail - 0.08 && (p.x.abs() > crib.half[0] - 0.02 || p.z.abs() > crib.half[1] - 0.02)
    };
    if over("foot_l") || over("foot_r") || over("calf_l") || over("calf_r") {
        return Posture::Climbing;
    }
    if up.y > 0.5 {
        let level = |side: &str| {
            let thigh = at(&format!("calf_{side}")) - at(&format!("thigh_{side}"));
            thigh.y.abs() < 0.7 * thigh.length()
        };
        return if level("l") && level("r") { Posture::Sitting } else { Posture::Standing };
    }
    let shank = (at("foot_l") - at("calf_l")).length();
    let arm = (at("lowerarm_l") - at("upperarm_l")).length() + (at("hand_l") - at("lowerarm_l")).length();
    let height = |left: &str, right: &str| (at(left).y + at(right).y) * 0.5 - crib.mattress;
    // Hands carry the chest, through elbows that are off the mattress; a prone infant with drawn-up knees lies on its
    // chest or on its forearms.
    let below = |side: &str| {
        let reach = at(&format!("hand_{side}")) - at(&format!("upperarm_{side}"));
        -reach.y > 0.5 * arm
    };
    let carried = height("upperarm_l", "upperarm_r") > 0.62 * arm
        && height("lowerarm_l", "lowerarm_r") > 0.3 * arm
        && below("l")
        && below("r");
    let raised = at("pelvis").y - crib.mattress > 0.8 * shank && carried;
    if front.y < -0.4 && raised {
        return Posture::OnAllFours;
    }
    if front.y.abs() >= left.y.abs() {
        return if front.y > 0.0 { Posture::Supine } else { Posture::Prone };
    }
    if left.y < 0.0 { Posture::LeftSide } else { Posture::RightSide }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::vec3;

    #[test]
    fn the_nearest_place_of_a_triangle_is_found_on_face_edge_and_corner() {
        let t = [Vec3::ZERO, Vec3::X, Vec3::Y];
        assert!(nearest(vec3(0.2, 0.2, 0.5), &t).distance(vec3(0.2, 0.2, 0.0)) < 1e-6, "face");
        assert!(nearest(vec3(0.5, -1.0, 0.0), &t).distance(vec3(0.5, 0.0, 0.0)) < 1e-6, "edge");
        assert!(nearest(vec3(3.0, -1.0, 0.0), &t).distance(Vec3::X) < 1e-6, "corner");
        assert!(nearest(vec3(1.0, 1.0, 2.0), &t).distance(vec3(0.5, 0.5, 0.0)) < 1e-6, "the long edge");
    }

    #[test]
    fn what_stands_before_an_eye_hides_and_what_lies_at_the_place_does_not() {
        let plate = |z: f32| [vec3(-1.0, -1.0, z), vec3(1.0, -1.0, z), vec3(0.0, 1.0, z)];
        let hides = |z: f32| hidden(Vec3::ZERO, vec3(0.0, 0.0, 2.0), &[plate(0.0), plate(z)]);
        assert!(hides(1.0) && !hides(2.5) && !hides(-1.0) && !hides(0.0), "between the two alone");
    }

    #[test]
    fn a_cover_counts_in_front_within_reach_and_not_behind() {
        let points = [(Vec3::ZERO, Vec3::Z), (vec3(0.05, 0.0, 0.0), Vec3::Z)];
        let plate = |z: f32| [vec3(-0.02, -0.02, z), vec3(0.02, -0.02, z), vec3(0.0, 0.04, z)];
        let share = |z: f32| covered(&points, &[Surface { positions: &plate(z), indices: &[0, 1, 2] }]);
        assert_eq!(share(0.015), 0.5, "over one of two points");
        assert_eq!(share(0.025), 0.0, "too far");
        assert_eq!(share(-0.015), 0.0, "behind the skin");
        // It begins behind the skin, nearest there, and comes round before it.
        let leaning = [vec3(-0.005, -0.02, -0.01), vec3(-0.005, 0.02, -0.01), vec3(0.02, 0.0, 0.015)];
        let around = |points: &[(Vec3, Vec3)]| {
            covered(points, &[Surface { positions: &leaning, indices: &[0, 1, 2] }])
        };
        assert_eq!(around(&[(Vec3::ZERO, Vec3::X)]), 1.0, "before the skin");
        assert_eq!(around(&[(Vec3::ZERO, Vec3::NEG_X * 0.6 + Vec3::Z * 0.8)]), 1.0, "a part of it is");
        assert_eq!(covered(&points, &[]), 0.0, "nothing there");
    }
}
