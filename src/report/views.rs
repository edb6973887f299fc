//! Numbers per pixel, made visible.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::{ReportError, distinct, turbo};
use crate::geometry::Size;

/// Instance ids (row-major) in distinct colours; nothing is black.
///
/// # Errors
/// When there are not as many ids as pixels.
pub fn id_view(size: Size, ids: &[u16]) -> Result<RgbImage, ReportError> {
    view(size, ids, |id| distinct(u32::from(id)))
}

/// Depth in millimetres (row-major) from near, blue, to far, red; nothing (0) is black.
///
/// # Errors
/// When there are not as many depths as pixels.
pub fn depth_view(size: Size, depth_mm: &[u16]) -> Result<RgbImage, ReportError> {
    let mut sorted: Vec<u16> = depth_mm.iter().copied().filter(|depth| *depth > 0).collect();
    sorted.sort_unstable();
    // Without the outermost percent, so that one far speck does not flatten all the rest.
    let cut = sorted.len() / 100;
    let near = sorted.get(cut).copied().unwrap_or(0);
    let far = sorted.len().checked_sub(cut + 1).and_then(|i| sorted.get(i)).copied().unwrap_or(0);
    let (near, range) = (f64::from(near), (f64::from(far) - f64::from(near)).max(1.0));
    view(size, depth_mm, |depth| if depth == 0 { [0; 3] } else { turbo((f64::from(depth) - near) / range) })
}

fn view(size: Size, values: &[u16], colour: impl Fn(u16) -> [u8; 3]) -> Result<RgbImage, ReportError> {
    if values.len() != size.pixels() {
        return Err(ReportError::Pixels { found: values.len(), expected: size.pixels() });
    }
    let mut picture = RgbImage::new(size.width, size.height);
    for (pixel, &value) in picture.pixels_mut().zip(values) {
        *pixel = Rgb(colour(value));
    }
    Ok(picture)
}

/// The bytes of a PNG file.
///
/// # Errors
/// When the picture is empty.
pub fn to_png(picture: &RgbImage) -> Result<Vec<u8>, ReportError> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png)?;
    Ok(out.into_inner())
}
