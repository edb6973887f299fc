//! How finely the lens must look into the views.

use glam::{DVec2, DVec3, IVec2, Vec2};

use super::ViewSpec;
use crate::geometry::{Intrinsics, Lens, Size};

/// Places along each side of the picture where the size of its pixels is measured.
const PLACES: u32 = 9;

/// Sampling a view bilinearly, one look does for a pixel that is up to this many view pixels wide.
const WIDEST_LOOK_PX: f64 = 1.5;

const MOST_TAPS: f64 = 4.0;

/// Off by less than this, pixels count as the same.
const SAME_PX: f32 = 0.002;

/// From a pixel of the picture to the view pixel that is a copy of it, where the one view is made so.
#[expect(clippy::cast_possible_truncation, reason = "shaders compute in f32")]
pub(super) fn copy_shift(views: &[ViewSpec], intrinsics: &Intrinsics) -> Option<[i32; 2]> {
    let [view] = views else { return None };
    if intrinsics.lens != Lens::Pinhole {
        return None;
    }
    let focal = Vec2::new(intrinsics.fx as f32, intrinsics.fy as f32);
    let shift = view.centre_px - Vec2::new(intrinsics.cx as f32, intrinsics.cy as f32);
    let size = Vec2::new(intrinsics.size.width as f32, intrinsics.size.height as f32);
    // Of the pixel farthest from the axis.
    let drift = (view.focal_px / focal - 1.0).abs() * size;
    let off = drift + (shift - shift.round()).abs();
    off.cmplt(Vec2::splat(SAME_PX)).all().then(|| {
        let IVec2 { x, y } = shift.round().as_ivec2();
        [x, y]
    })
}

/// Samples along each side of a final pixel: enough for its size in the views on average, and hardly too few where
/// it is largest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1 to 4")]
pub(super) fn taps(views: &[ViewSpec], intrinsics: &Intrinsics) -> u8 {
    let projector = intrinsics.projector();
    let place = |view: &ViewSpec, ray: DVec3| {
        let d = view.view_from_camera.as_dmat3() * ray;
        d.truncate() / d.z * view.focal_px.as_dvec2()
    };
    let side_px = |pixel: DVec2| {
        let ray = projector.ray(pixel)?;
        let depth = |v: &&ViewSpec| (v.view_from_camera.as_dmat3() * ray).z;
        let view = views.iter().max_by(|a, b| depth(a).total_cmp(&depth(b)))?;
        let here = place(view, ray);
        let edges = [DVec2::X, DVec2::Y].map(|e| projector.ray(pixel + e).map(|r| place(view, r) - here));
        Some(edges[0]?.length().max(edges[1]?.length()))
    };
    let Size { width, height } = intrinsics.size;
    let at = |i: u32, length: u32| f64::from(i) * (f64::from(length) - 1.0).max(0.0) / f64::from(PLACES - 1);
    let sides = || {
        let grid = (0..PLACES).flat_map(|y| (0..PLACES).map(move |x| (x, y)));
        grid.filter_map(|(x, y)| side_px(DVec2::new(at(x, width), at(y, height))))
    };
    let mean = sides().sum::<f64>() / (sides().count().max(1) as f64);
    let most = sides().fold(0.0, f64::max);
    mean.round().max((most / WIDEST_LOOK_PX).round()).clamp(1.0, MOST_TAPS) as u8
}
