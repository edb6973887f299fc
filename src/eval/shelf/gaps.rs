//! Free places between the boxes of a row, and at its ends.

use super::{Gap, Row, ShelfOptions, median};
use crate::geometry::BoxPx;

/// Neighbours on each side that say how wide a product is here.
const NEIGHBOURS: usize = 2;

/// Finds the gaps of every row.
pub(super) fn fill(boxes: &[BoxPx], rows: &mut [Row], options: &ShelfOptions) {
    for row in rows.iter_mut() {
        row.front.sort_by(|a, b| boxes[*a].x.total_cmp(&boxes[*b].x).then(a.cmp(b)));
    }
    let ends = ends(boxes, rows);
    for row in rows.iter_mut() {
        let mut gaps = Vec::new();
        let mut reached: Option<f64> = ends.map(|(left, _)| left);
        for (at, place) in row.front.iter().enumerate() {
            let b = boxes[*place];
            if let Some(from) = reached {
                gaps.extend(gap(boxes, row, at, from, b.x, options));
            }
            reached = Some(reached.map_or(b.right(), |from| from.max(b.right())));
        }
        if let (Some((_, right)), Some(from)) = (ends, reached) {
            gaps.extend(gap(boxes, row, row.front.len(), from, right, options));
        }
        row.gaps = gaps;
    }
}

/// Where most rows begin and end: one that is shorter is sold out there. With fewer than three rows nobody can say.
fn ends(boxes: &[BoxPx], rows: &[Row]) -> Option<(f64, f64)> {
    // A stray box is no row.
    let long: Vec<&Row> = rows.iter().filter(|row| row.front.len() >= 4).collect();
    if long.len() < 3 {
        return None;
    }
    let edge = |of: fn(&BoxPx) -> f64, pick: fn(f64, f64) -> f64| {
        let of_row = |row: &&Row| row.front.iter().map(|place| of(&boxes[*place])).reduce(pick);
        long.iter().filter_map(of_row).collect::<Vec<f64>>()
    };
    let left = median(edge(|b| b.x, f64::min))?;
    let right = median(edge(|b| b.right(), f64::max))?;
    Some((left, right))
}

/// The gap from `from` to `to` in front of the row's box number `at`, if a product fits into it.
fn gap(boxes: &[BoxPx], row: &Row, at: usize, from: f64, to: f64, options: &ShelfOptions) -> Option<Gap> {
    let near = &row.front[at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(row.front.len())];
    let width = median(near.iter().map(|place| boxes[*place].w).collect())?;
    let free = to - from;
    if free < options.gap * width || width <= 0.0 {
        return None;
    }
    let sides = [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|at| row.front.get(at));
    let sides: Vec<BoxPx> = sides.map(|place| boxes[*place]).collect();
    let count = f64::from(u32::try_from(sides.len()).ok()?);
    let bottom = sides.iter().map(|b| b.bottom()).sum::<f64>() / count;
    let height = median(near.iter().map(|place| boxes[*place].h).collect())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few products")]
    let facings = (free / width).round().max(1.0) as usize;
    Some(Gap { bbox: BoxPx::from_edges(from, bottom - height, to, bottom), facings })
}
