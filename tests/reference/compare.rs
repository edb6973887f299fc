//! Holding the engine's pictures against the reference.

use std::fmt;

use super::cast::{Alone, Picture};

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Summary {
    /// Pixels that had to agree, and did.
    pub(crate) compared: usize,
    /// Of these, how many show something.
    pub(crate) shown: usize,
    /// Pixels that rounding may decide, which were left out.
    pub(crate) ambiguous: usize,
    /// Largest depth error as a share of what was allowed.
    pub(crate) worst_depth: f64,
}

/// The first pixel that disagrees, and how many do.
#[derive(Clone, Debug)]
pub(crate) struct Mismatch {
    pub(crate) pixel: (u32, u32),
    pub(crate) count: usize,
    message: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (x, y) = self.pixel;
        write!(f, "{} pixels differ, the first at ({x}, {y}): {}", self.count, self.message)
    }
}

/// Depth may be off by what a hundredth of a pixel changes on the surface, plus f32's share.
fn allowed(depth: f64, slope: f64) -> f64 {
    2e-5 * depth.abs() + 0.01 * slope + 1e-6
}

/// Compares instance ids and, where there is something, depth along the optical axis in metres. Both row-major.
///
/// # Errors
/// The first pixel that differs, unless rounding may decide it.
pub(crate) fn compare(reference: &Picture, ids: &[u32], depth: &[f32]) -> Result<Summary, Mismatch> {
    let pixels = reference.size.pixels();
    assert_eq!((ids.len(), depth.len()), (pixels, pixels), "one id and one depth a pixel");
    let mut summary = Summary::default();
    let mut wrong = Vec::new();
    for (at, pixel) in reference.pixels.iter().enumerate() {
        if pixel.ambiguous {
            summary.ambiguous += 1;
            continue;
        }
        let found = f64::from(depth[at]);
        let mut share = 0.0;
        if pixel.id != 0 {
            summary.shown += 1;
            share = (found - pixel.depth).abs() / allowed(pixel.depth, pixel.slope);
        }
        summary.compared += 1;
        if ids[at] == pixel.id && share <= 1.0 {
            summary.worst_depth = summary.worst_depth.max(share);
        } else {
            wrong.push(at);
        }
    }
    let Some(&at) = wrong.first() else { return Ok(summary) };
    let pixel = &reference.pixels[at];
    let message = format!(
        "expected id {} at depth {:.6} m (primitive {}, triangle {}, {:.6} m per pixel), found id {} at {:.6} m; \
         the nearest edge is {:.4} px away",
        pixel.id,
        pixel.depth,
        pixel.primitive,
        pixel.triangle,
        pixel.slope,
        ids[at],
        depth[at],
        pixel.edge_px
    );
    Err(Mismatch { pixel: place(reference, at), count: wrong.len(), message })
}

/// Compares the amodal mask of one instance, row-major.
///
/// # Errors
/// The first pixel that differs, unless rounding may decide it.
pub(crate) fn compare_mask(reference: &Picture, alone: &Alone, mask: &[bool]) -> Result<Summary, Mismatch> {
    assert_eq!(mask.len(), reference.size.pixels(), "one bool a pixel");
    let ambiguous = alone.ambiguous.iter().filter(|a| **a).count();
    let differs = |at: &usize| !alone.ambiguous[*at] && alone.mask[*at] != mask[*at];
    let wrong: Vec<usize> = (0..mask.len()).filter(differs).collect();
    let Some(&at) = wrong.first() else {
        let shown = alone.mask.iter().filter(|m| **m).count();
        return Ok(Summary { compared: mask.len() - ambiguous, shown, ambiguous, worst_depth: 0.0 });
    };
    let message = format!(
        "instance {} alone: expected {}, found {}; the nearest edge is {:.4} px away",
        alone.id, alone.mask[at], mask[at], reference.pixels[at].edge_px
    );
    Err(Mismatch { pixel: place(reference, at), count: wrong.len(), message })
}

fn place(reference: &Picture, at: usize) -> (u32, u32) {
    let width = reference.size.width as usize;
    ((at % width) as u32, (at / width) as u32)
}
