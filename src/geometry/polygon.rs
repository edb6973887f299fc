//! Outlines as pixels, by the COCO API's rule.
//!
//! Ground truth given as polygons is compared with masks after rasterising it, and every published number rests on the
//! rule of `maskApi.c`'s `rleFrPoly`: corners are rounded to a grid five times finer than the pixels, edges are walked
//! on that grid in steps of one along their longer axis, and where the walk crosses the centre line of a column
//! of pixels the colour changes there, at the crossing's upper end. The same rule must be followed here, rounding
//! included, or boundary pixels would differ.

use super::Size;

/// Fine steps to a pixel.
const FINE: i64 = 5;

/// Sorted column-major pixel numbers at which the colour changes, for one closed outline, `x, y` alternating.
/// The picture must have fewer than 2^32 pixels.
pub(super) fn toggles(size: Size, outline: &[f64]) -> Vec<u32> {
    let corners: Vec<[i64; 2]> =
        outline.chunks_exact(2).map(|xy| [round(5.0 * xy[0]), round(5.0 * xy[1])]).collect();
    let mut found = Vec::new();
    let mut last: Option<[i64; 2]> = None;
    for (index, &from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        walk(from, to, size, |point| {
            if let Some(before) = last {
                found.extend(crossing(before, point, size));
            }
            last = Some(point);
        });
    }
    found.sort_unstable();
    found
}

/// Where a step of the walk crosses the centre line of a column.
fn crossing(before: [i64; 2], point: [i64; 2], size: Size) -> Option<u32> {
    let column = before[0].min(point[0]);
    if before[0] == point[0] || column.rem_euclid(FINE) != FINE / 2 {
        return None;
    }
    let (width, height) = (i64::from(size.width), i64::from(size.height));
    let column = column.div_euclid(FINE);
    if !(0..width).contains(&column) {
        return None;
    }
    // The first row whose centre is not above the crossing.
    let row = -(-(before[1].min(point[1]) - FINE / 2)).div_euclid(FINE);
    u32::try_from(column * height + row.clamp(0, height)).ok()
}

/// Calls `visit` for every fine grid point from one corner to the next, both included.
fn walk(from: [i64; 2], to: [i64; 2], size: Size, mut visit: impl FnMut([i64; 2])) {
    let (dx, dy) = ((to[0] - from[0]).abs(), (to[1] - from[1]).abs());
    let long = usize::from(dy > dx);
    let steps = dx.max(dy);
    if steps == 0 {
        return;
    }
    // Edges are walked from their lower coordinate on the longer axis, whichever way the outline turns, so that
    // neighbours that share an edge round it alike.
    let flip = from[long] > to[long];
    let (start, end) = if flip { (to, from) } else { (from, to) };
    let short = 1 - long;
    #[expect(clippy::cast_precision_loss, reason = "coordinates of pictures")]
    let slope = (end[short] - start[short]) as f64 / steps as f64;
    // What lies far outside of the picture on the left or right crosses no column and would only cost time.
    let (low, high) = if long == 0 { columns(start[0], steps, size) } else { (0, steps) };
    for step in low..=high {
        let t = if flip { high - (step - low) } else { step };
        let mut point = [0; 2];
        point[long] = start[long] + t;
        #[expect(clippy::cast_precision_loss, reason = "coordinates of pictures")]
        let at = start[short] as f64 + slope * t as f64;
        point[short] = round(at);
        visit(point);
    }
}

/// The part of a walk along x that is inside the picture, with one step to spare on both sides.
fn columns(start: i64, steps: i64, size: Size) -> (i64, i64) {
    let right = i64::from(size.width) * FINE;
    let low = (-1 - start).clamp(0, steps);
    let high = (right + 1 - start).clamp(0, steps);
    (low, high.max(low))
}

/// Half up, then towards zero, as a C cast does: -0.7 becomes 0, and -1.7 becomes -1.
fn round(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, far outside of every picture")]
    let rounded = (value + 0.5) as i64;
    rounded.clamp(-(1 << 40), 1 << 40)
}
