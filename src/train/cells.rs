//! The cells of a picture: where the network's numbers lie, and which box each stands for.

use super::net::{Graph, MAX_LOG_SIDE};

/// A box by its edges: left, top, right, bottom; pixels of the network's input.
pub type Edges = [f32; 4];

/// One level's share of the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Pixels per cell.
    pub stride: u32,
    /// Columns.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Index of its first cell.
    pub first: usize,
}

/// All cells of pictures of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Levels, finest first.
    pub grids: Vec<Grid>,
    /// How many cells all levels have together.
    pub count: usize,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "columns and rows of pictures far smaller than 2^24 pixels a side, clamped to them"
)]
impl Cells {
    /// The cells of pictures of this width and height.
    #[must_use]
    pub fn new(graph: &Graph, [width, height]: [u32; 2]) -> Self {
        let mut count = 0;
        let grids = graph.levels.iter().map(|level| {
            let grid = Grid {
                stride: level.stride,
                columns: width / level.stride,
                rows: height / level.stride,
                first: count,
            };
            count += grid.columns as usize * grid.rows as usize;
            grid
        });
        Self { grids: grids.collect(), count }
    }

    /// Centre of a cell in pixels, and its stride.
    #[must_use]
    pub fn centre(&self, cell: usize) -> ([f32; 2], f32) {
        let at = self.grids.partition_point(|g| g.first <= cell) - 1;
        let grid = &self.grids[at];
        let inside = cell - grid.first;
        let (column, row) = (inside % grid.columns as usize, inside / grid.columns as usize);
        let stride = grid.stride as f32;
        ([(column as f32 + 0.5) * stride, (row as f32 + 0.5) * stride], stride)
    }

    /// The box that logarithms of sides in strides stand for.
    #[must_use]
    pub fn decode(&self, cell: usize, sides: [f32; 4]) -> Edges {
        let ([x, y], stride) = self.centre(cell);
        let [l, t, r, b] = sides.map(|s| s.min(MAX_LOG_SIDE).exp() * stride);
        [x - l, y - t, x + r, y + b]
    }

    /// Cells whose centre lies in a box, all levels; when there is none, the finest level's nearest cell.
    pub fn inside(&self, edges: Edges, mut visit: impl FnMut(usize)) {
        let mut found = false;
        for grid in &self.grids {
            let stride = grid.stride as f32;
            let first = |edge: f32| (edge / stride - 0.5).ceil().max(0.0);
            // Half-open: a centre on the right or bottom edge is outside.
            let after = |edge: f32, limit: u32| (edge / stride - 0.5).ceil().clamp(0.0, limit as f32);
            let (x0, x1) = (first(edges[0]) as u32, after(edges[2], grid.columns) as u32);
            let (y0, y1) = (first(edges[1]) as u32, after(edges[3], grid.rows) as u32);
            for y in y0..y1 {
                for x in x0..x1 {
                    found = true;
                    visit(grid.first + (y * grid.columns + x) as usize);
                }
            }
        }
        if let (false, Some(grid)) = (found, self.grids.first()) {
            let nearest = |low: f32, high: f32, limit: u32| {
                (((low + high) * 0.5 / grid.stride as f32).floor().max(0.0) as u32).min(limit - 1)
            };
            let x = nearest(edges[0], edges[2], grid.columns);
            let y = nearest(edges[1], edges[3], grid.rows);
            visit(grid.first + (y * grid.columns + x) as usize);
        }
    }
}

/// Area that two boxes share over the area that they cover together; 0 for boxes without area.
#[must_use]
pub fn iou(a: Edges, b: Edges) -> f32 {
    let shared = shared(a, b);
    if shared > 0.0 { shared / (area(a) + area(b) - shared) } else { 0.0 }
}

/// Area that two boxes share.
pub(super) fn shared(a: Edges, b: Edges) -> f32 {
    let (w, h) = (a[2].min(b[2]) - a[0].max(b[0]), a[3].min(b[3]) - a[1].max(b[1]));
    if w <= 0.0 || h <= 0.0 { 0.0 } else { w * h }
}

pub(super) fn area(edges: Edges) -> f32 {
    (edges[2] - edges[0]) * (edges[3] - edges[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::net::{Depth, dense};

    #[test]
    fn centres_and_boxes_agree() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [64, 32]);
        assert_eq!(cells.count, 16 * 8 + 8 * 4 + 4 * 2, "all levels");
        assert_eq!(cells.centre(0), ([2.0, 2.0], 4.0), "first");
        assert_eq!(cells.centre(17), ([6.0, 6.0], 4.0), "second row, second column");
        assert_eq!(cells.centre(16 * 8 + 8), ([4.0, 12.0], 8.0), "second level, second row");
        let around = cells.decode(0, [0.0, 2f32.ln(), 0.0, 0.0]);
        assert!((around[1] + 6.0).abs() < 1e-5 && around[0] == -2.0 && around[2] == 6.0, "{around:?}");
    }

    #[test]
    fn cells_inside_are_those_whose_centre_is() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [64, 64]);
        for edges in
            [[3.0, 3.0, 30.0, 17.0], [0.0, 0.0, 64.0, 64.0], [-9.0, 5.0, 6.0, 80.0], [2.0, 2.0, 6.0, 6.0]]
        {
            let mut found = Vec::new();
            cells.inside(edges, |cell| found.push(cell));
            let expected: Vec<usize> = (0..cells.count)
                .filter(|&cell| {
                    let ([x, y], _) = cells.centre(cell);
                    x >= edges[0] && x < edges[2] && y >= edges[1] && y < edges[3]
                })
                .collect();
            assert_eq!(found, expected, "{edges:?}");
        }
        let mut found = Vec::new();
        cells.inside([6.5, 10.5, 8.0, 11.0], |cell| found.push(cell));
        assert_eq!(found, [2 * 16 + 1], "a speck between centres gets its nearest cell");
    }

    #[test]
    fn iou_by_hand() {
        assert_eq!(iou([0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0]), 2.0 / 6.0, "half of each");
        assert_eq!(iou([0.0, 0.0, 2.0, 2.0], [2.0, 0.0, 3.0, 2.0]), 0.0, "touching");
    }
}
