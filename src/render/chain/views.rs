//! Which pinhole pictures a lens needs.

use glam::{DVec2, DVec3, Mat3, Vec2, Vec3};

use crate::geometry::{Intrinsics, Lens, Size};

/// One pinhole picture that colour is rendered into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ViewSpec {
    /// Rotation from the camera frame to the view's own frame; both `OpenCV` (x right, y down, z forward).
    pub(crate) view_from_camera: Mat3,
    /// Focal lengths, pixels of the view.
    pub(crate) focal_px: Vec2,
    /// Principal point, pixels of the view, from the top-left corner.
    pub(crate) centre_px: Vec2,
    /// Size, pixels. All views of one camera have the same.
    pub(crate) size: Size,
}

/// Pixels round what the rays need: room for the resampling kernel, the shift of colours, and f32.
const MARGIN_PX: f64 = 4.0;

/// Half the widest cone that one pinhole picture may serve: 60 degrees, where its pixels are four times as
/// dense at the rim as at the centre.
const WIDEST_HALF_RAD: f64 = std::f64::consts::FRAC_PI_3;

/// Distance between the pixels whose rays are looked at inside the picture.
const STEP_PX: u32 = 8;

/// The directions of the six faces of a cube, in the order in which they become layers: right, down, forward.
const FACES: [[Vec3; 3]; 6] = [
    [Vec3::X, Vec3::Y, Vec3::Z],
    [Vec3::NEG_Z, Vec3::Y, Vec3::X],
    [Vec3::Z, Vec3::Y, Vec3::NEG_X],
    [Vec3::X, Vec3::NEG_Z, Vec3::Y],
    [Vec3::X, Vec3::Z, Vec3::NEG_Y],
    [Vec3::NEG_X, Vec3::Y, Vec3::NEG_Z],
];

/// The pinhole pictures that cover every ray of the final picture, with a margin of a few pixels.
///
/// One final pixel is about `supersample` view pixels wide at the principal point, less where a side would
/// pass `max_side`. An undistorted camera at `supersample` 1 gets a view whose pixels are the picture's own.
/// Cones wider than 120 degrees get those faces of a cube that are seen.
#[must_use]
pub(crate) fn views_for(intrinsics: &Intrinsics, supersample: f32, max_side: u32) -> Vec<ViewSpec> {
    let scale = f64::from(supersample).max(1e-3);
    let focal = DVec2::new(intrinsics.fx, intrinsics.fy) * scale;
    if intrinsics.lens == Lens::Pinhole {
        let centre = DVec2::new(intrinsics.cx, intrinsics.cy);
        let size = DVec2::new(f64::from(intrinsics.size.width), f64::from(intrinsics.size.height));
        let min = -centre / DVec2::new(intrinsics.fx, intrinsics.fy);
        let max = (size - centre) / DVec2::new(intrinsics.fx, intrinsics.fy);
        return vec![single(min, max, focal, max_side)];
    }
    let (rays, complete) = sampled_rays(intrinsics);
    let limit = intrinsics.lens.limit_squared().sqrt();
    let widest = rays.iter().map(|r| r.truncate().length().atan2(r.z)).fold(0.0, f64::max);
    let fisheye = matches!(intrinsics.lens, Lens::KannalaBrandt { .. });
    // Where the picture is wider than the lens sees, rays crowd towards the limit between the samples.
    let widest = match (complete, fisheye) {
        (true, _) => widest,
        (false, true) => limit,
        (false, false) => limit.atan(),
    };
    if widest <= WIDEST_HALF_RAD {
        let on_plane = || rays.iter().map(|r| r.truncate() / r.z);
        let (min, max) = if complete {
            (on_plane().fold(DVec2::INFINITY, DVec2::min), on_plane().fold(DVec2::NEG_INFINITY, DVec2::max))
        } else {
            (DVec2::splat(-widest.tan()), DVec2::splat(widest.tan()))
        };
        if min.x < max.x && min.y < max.y {
            return vec![single(min, max, focal, max_side)];
        }
    }
    cube(intrinsics, &rays, focal.max_element(), max_side)
}

/// Rays through the picture's edge and through a grid inside it; `false` when some pixel has none.
fn sampled_rays(intrinsics: &Intrinsics) -> (Vec<DVec3>, bool) {
    let Size { width, height } = intrinsics.size;
    let projector = intrinsics.projector();
    let mut pixels = Vec::new();
    for y in 0..=height {
        let edge = y == 0 || y == height;
        if edge || y % STEP_PX == 0 {
            pixels.extend((0..=width).filter(|x| edge || x % STEP_PX == 0 || *x == width).map(|x| (x, y)));
        } else {
            pixels.extend([(0, y), (width, y)]);
        }
    }
    let found: Vec<_> =
        pixels.iter().filter_map(|&(x, y)| projector.ray(DVec2::new(f64::from(x), f64::from(y)))).collect();
    let complete = found.len() == pixels.len();
    (found, complete)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels, positive and small")]
fn single(min: DVec2, max: DVec2, focal: DVec2, max_side: u32) -> ViewSpec {
    let room = f64::from(max_side).max(16.0) - 2.0 * MARGIN_PX - 1.0;
    let shrink = (room / ((max - min) * focal).max_element()).min(1.0);
    let focal = focal * shrink;
    let extent = ((max - min) * focal + 2.0 * MARGIN_PX - 1e-6).ceil().max(DVec2::ONE);
    let centre = DVec2::splat(MARGIN_PX) - min * focal;
    ViewSpec {
        view_from_camera: Mat3::IDENTITY,
        focal_px: focal.as_vec2(),
        centre_px: centre.as_vec2(),
        size: Size { width: extent.x as u32, height: extent.y as u32 },
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels, positive and small")]
fn cube(intrinsics: &Intrinsics, rays: &[DVec3], focal: f64, max_side: u32) -> Vec<ViewSpec> {
    let side = (2.0 * focal + 2.0 * MARGIN_PX).ceil().min(f64::from(max_side)).max(2.0 * MARGIN_PX + 2.0);
    let focal = side * 0.5 - MARGIN_PX;
    // A face may be entered between two samples: faces this near to a sample count as seen.
    let near = 1.5 * f64::from(STEP_PX) / intrinsics.fx.min(intrinsics.fy);
    let seen = |axis: DVec3| {
        rays.iter().any(|r| {
            let r = r.normalize();
            r.dot(axis) >= r.abs().max_element() - near
        })
    };
    FACES
        .iter()
        .filter(|face| seen(face[2].as_dvec3()))
        .map(|face| ViewSpec {
            view_from_camera: Mat3::from_cols(face[0], face[1], face[2]).transpose(),
            focal_px: Vec2::splat(focal as f32),
            centre_px: Vec2::splat(side as f32 * 0.5),
            size: Size { width: side as u32, height: side as u32 },
        })
        .collect()
}
