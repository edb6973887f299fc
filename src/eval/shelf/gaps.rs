//! Free places between the boxes of a row, and at its ends.

use super::{Gap, Row, ShelfOptions, median, rows::occupied};
use crate::geometry::BoxPx;

/// Neighbours on each side that say how wide a product is here.
const NEIGHBOURS: usize = 2;
/// Rows of one bay have at least so much of their joint width in common.
const ALIKE: f64 = 0.7;

/// Finds the gaps of every row.
pub(super) fn fill(boxes: &[BoxPx], rows: &mut [Row], options: &ShelfOptions) {
    for row in rows.iter_mut() {
        row.front.sort_by(|a, b| boxes[*a].x.total_cmp(&boxes[*b].x).then(a.cmp(b)));
    }
    let ends: Vec<[f64; 2]> = rows.iter().map(|row| ends(boxes, rows, row)).collect();
    for (row, [left, right]) in rows.iter_mut().zip(ends) {
        let spacing = spacing(boxes, row);
        let mut gaps = Vec::new();
        let mut reached = left;
        for (at, place) in row.front.iter().enumerate() {
            let b = boxes[*place];
            gaps.extend(gap(boxes, row, at, [reached, b.x, spacing], options));
            reached = reached.max(b.right());
        }
        gaps.extend(gap(boxes, row, row.front.len(), [reached, right, spacing], options));
        row.gaps = gaps;
    }
}

/// Where a row should begin and end: where most of those above and below it do, if there are two that reach about as far;
/// else where it does.
fn ends(boxes: &[BoxPx], rows: &[Row], row: &Row) -> [f64; 2] {
    let extent = |row: &Row| {
        let left = row.front.iter().map(|place| boxes[*place].x).fold(f64::INFINITY, f64::min);
        let right = row.front.iter().map(|place| boxes[*place].right()).fold(f64::NEG_INFINITY, f64::max);
        [left, right]
    };
    let own = extent(row);
    let alike = |[left, right]: &[f64; 2]| {
        let common = right.min(own[1]) - left.max(own[0]);
        common >= ALIKE * (right.max(own[1]) - left.min(own[0]))
    };
    // The row itself among them.
    let peers: Vec<[f64; 2]> =
        rows.iter().filter(|row| row.front.len() >= 3).map(extent).filter(alike).collect();
    if peers.len() < 3 {
        return own;
    }
    let middle = |side: usize| median(peers.iter().map(|extent| extent[side]).collect());
    match (middle(0), middle(1)) {
        (Some(left), Some(right)) => [left.min(own[0]), right.max(own[1])],
        _ => own,
    }
}

/// What neighbours usually leave free between them.
fn spacing(boxes: &[BoxPx], row: &Row) -> f64 {
    let pairs = row.front.iter().zip(row.front.iter().skip(1)).map(|(a, b)| (boxes[*a], boxes[*b]));
    let free =
        pairs.map(|(a, b)| ((b.x - a.right()).max(0.0), a.w.min(b.w))).filter(|(free, w)| *free < 0.5 * w);
    median(free.map(|(free, _)| free).collect()).unwrap_or(0.0)
}

/// The gap in front of the row's box number `at`, if a product fits into it: from where to where, and what neighbours
/// leave free.
fn gap(boxes: &[BoxPx], row: &Row, at: usize, place: [f64; 3], options: &ShelfOptions) -> Option<Gap> {
    let [from, to, spacing] = place;
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
    let facings = ((free - spacing) / (width + spacing)).round().max(1.0) as usize;
    let bbox = BoxPx::from_edges(from, bottom - height, to, bottom);
    // Where something stands further back, nothing is sold out; where other rows are, no row is interrupted.
    (occupied(boxes, bbox) < 0.4).then_some(Gap { bbox, facings })
}
