//! Outline of a box that is never drawn: the convex hull of its projection.

use glam::{Affine3A, DVec2, Vec3};

use crate::geometry::{Aabb, BoxPx, Intrinsics};

/// Points along each edge: a lens bends edges.
const STEPS: u16 = 8;

/// A projected outline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    /// Inside the frame: x, y alternating.
    pub(crate) polygon: Vec<f64>,
    pub(crate) bbox_inside: Option<BoxPx>,
    pub(crate) bbox_full: BoxPx,
    pub(crate) area_inside: f64,
    pub(crate) area_full: f64,
}

/// `None` when a part of the box is not in front of the lens.
pub(crate) fn project(intrinsics: &Intrinsics, camera_from_object: &Affine3A, half: Vec3) -> Option<Outline> {
    let corners = Aabb { min: -half, max: half }.corners();
    let projector = intrinsics.projector();
    let mut points = Vec::new();
    for (a, from) in corners.iter().enumerate() {
        for axis in [1usize, 2, 4].into_iter().filter(|axis| a & axis == 0) {
            let to = corners[a | axis];
            for step in 0..=STEPS {
                let p = from.lerp(to, f32::from(step) / f32::from(STEPS));
                points.push(projector.project(camera_from_object.transform_point3(p).as_dvec3())?);
            }
        }
    }
    let full = hull(points);
    let size = DVec2::new(f64::from(intrinsics.size.width), f64::from(intrinsics.size.height));
    let inside = clip(&full, size);
    Some(Outline {
        polygon: inside.iter().flat_map(|p| [p.x, p.y]).collect(),
        bbox_inside: bounds(&inside).filter(|b| b.w > 0.0 && b.h > 0.0),
        bbox_full: bounds(&full)?,
        area_inside: area(&inside),
        area_full: area(&full),
    })
}

/// Convex hull by monotone chain (Andrew 1979), without repeated or collinear points.
fn hull(mut points: Vec<DVec2>) -> Vec<DVec2> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = DVec2>| {
        let mut chain: Vec<DVec2> = Vec::new();
        for p in points {
            while chain.len() >= 2 {
                let (a, b) = (chain[chain.len() - 2], chain[chain.len() - 1]);
                if (b - a).perp_dot(p - a) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut lower = half(&mut points.iter().copied());
    lower.extend(half(&mut points.iter().rev().copied()));
    lower
}

/// The part inside `[0, size]` (Sutherland and Hodgman 1974).
fn clip(polygon: &[DVec2], size: DVec2) -> Vec<DVec2> {
    let mut out = polygon.to_vec();
    // Signed distance to each edge of the frame, positive inside.
    let sides: [fn(DVec2, DVec2) -> f64; 4] = [|p, _| p.x, |p, _| p.y, |p, s| s.x - p.x, |p, s| s.y - p.y];
    for side in sides {
        let input = std::mem::take(&mut out);
        for (i, &to) in input.iter().enumerate() {
            let from = input[(i + input.len() - 1) % input.len()];
            let (df, dt) = (side(from, size), side(to, size));
            if (df < 0.0) != (dt < 0.0) {
                out.push(from.lerp(to, df / (df - dt)).clamp(DVec2::ZERO, size));
            }
            if dt >= 0.0 {
                out.push(to);
            }
        }
    }
    out
}

fn bounds(polygon: &[DVec2]) -> Option<BoxPx> {
    let low = polygon.iter().copied().reduce(DVec2::min)?;
    let high = polygon.iter().copied().reduce(DVec2::max)?;
    Some(BoxPx::from_edges(low.x, low.y, high.x, high.y))
}

/// Area by the shoelace formula.
fn area(polygon: &[DVec2]) -> f64 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>().abs() * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Lens, Size};

    #[test]
    fn a_box_straight_ahead_is_a_square_and_half_of_it_can_be_outside() {
        let intrinsics = Intrinsics {
            size: Size { width: 100, height: 100 },
            fx: 100.0,
            fy: 100.0,
            cx: 50.0,
            cy: 50.0,
            lens: Lens::Pinhole,
        };
        let half = Vec3::new(0.1, 0.1, 0.0);
        let ahead = Affine3A::from_translation(Vec3::new(0.0, 0.0, 1.0));
        let outline = project(&intrinsics, &ahead, half).expect("in front");
        let b = outline.bbox_inside.expect("in the picture");
        assert!((b.x - 40.0).abs() < 1e-4 && (b.w - 20.0).abs() < 1e-4, "{b:?}");
        assert!((outline.area_inside - 400.0).abs() < 1e-2, "{}", outline.area_inside);
        let aside = Affine3A::from_translation(Vec3::new(0.5, 0.0, 1.0));
        let outline = project(&intrinsics, &aside, half).expect("in front");
        assert!((outline.area_inside / outline.area_full - 0.5).abs() < 1e-4, "half is cut off");
        let behind = Affine3A::from_translation(Vec3::new(0.0, 0.0, -1.0));
        assert!(project(&intrinsics, &behind, half).is_none(), "behind the camera");
    }
}
