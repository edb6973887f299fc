//! The lowest and highest surface above each place of the mattress: what a sheet is pressed by, what a blanket falls on.

use glam::{Vec2, Vec3};

/// Cell side, metres.
const CELL_M: f32 = 0.008;

/// Heights over a rectangle of the floor plan.
#[derive(Clone, Debug)]
pub(super) struct Relief {
    low: Vec2,
    columns: usize,
    rows: usize,
    lowest: Vec<f32>,
    highest: Vec<f32>,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "cells of a small grid"
)]
impl Relief {
    /// Over `[-half, half]`, nothing on it.
    pub(super) fn new(half: Vec2) -> Self {
        let count = |h: f32| (2.0 * h / CELL_M).ceil() as usize + 1;
        let (columns, rows) = (count(half.x), count(half.y));
        let cells = columns * rows;
        Self { low: -half, columns, rows, lowest: vec![f32::MAX; cells], highest: vec![f32::MIN; cells] }
    }

    /// Adds triangles.
    pub(super) fn add(&mut self, positions: &[Vec3], triangles: &[u32]) {
        for t in triangles.chunks_exact(3) {
            self.triangle([t[0], t[1], t[2]].map(|i| positions[i as usize]));
        }
    }

    fn triangle(&mut self, [a, b, c]: [Vec3; 3]) {
        let grid = |p: Vec3| (Vec2::new(p.x, p.z) - self.low) / CELL_M;
        let (u, v, w) = (grid(a), grid(b), grid(c));
        let (min, max) = (u.min(v).min(w), u.max(v).max(w));
        if max.x < 0.0 || max.y < 0.0 || min.x > self.columns as f32 || min.y > self.rows as f32 {
            return;
        }
        let area = (v - u).perp_dot(w - u);
        let first = |m: f32| m.ceil().max(0.0) as usize;
        let last = |m: f32, n: usize| (m.floor().max(-1.0) + 1.0).min(n as f32) as usize;
        for row in first(min.y)..last(max.y, self.rows) {
            for column in first(min.x)..last(max.x, self.columns) {
                let p = Vec2::new(column as f32, row as f32);
                if area.abs() < 1e-9 {
                    continue;
                }
                let (s, t) = ((p - u).perp_dot(w - u) / area, (v - u).perp_dot(p - u) / area);
                if s >= -1e-4 && t >= -1e-4 && s + t <= 1.0 + 1e-4 {
                    let y = a.y + (b.y - a.y) * s + (c.y - a.y) * t;
                    let cell = row * self.columns + column;
                    self.lowest[cell] = self.lowest[cell].min(y);
                    self.highest[cell] = self.highest[cell].max(y);
                }
            }
        }
    }

    /// What both have, over the same rectangle.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut out = self.clone();
        out.lowest.iter_mut().zip(&other.lowest).for_each(|(a, b)| *a = a.min(*b));
        out.highest.iter_mut().zip(&other.highest).for_each(|(a, b)| *a = a.max(*b));
        out
    }

    /// The same with every place as high as the highest within `cells` of it, or within one cell where `close` says:
    /// what a coarse cloth can lie on without being pierced, and bridges what is narrow.
    pub(super) fn widened(&self, cells: usize, close: impl Fn(Vec2) -> bool) -> Self {
        let mut out = self.clone();
        for row in 0..self.rows {
            for column in 0..self.columns {
                let at = self.low + Vec2::new(column as f32, row as f32) * CELL_M;
                let cells = if close(at) { 1 } else { cells };
                let rows = row.saturating_sub(cells)..(row + cells + 1).min(self.rows);
                let columns = column.saturating_sub(cells)..(column + cells + 1).min(self.columns);
                let place = |r: usize| r * self.columns;
                let highest =
                    rows.flat_map(|r| &self.highest[place(r) + columns.start..place(r) + columns.end]);
                out.highest[row * self.columns + column] = highest.copied().fold(f32::MIN, f32::max);
            }
        }
        out
    }

    fn cell(&self, x: f32, z: f32) -> Option<usize> {
        let at = ((Vec2::new(x, z) - self.low) / CELL_M).round();
        let inside = at.x >= 0.0 && at.y >= 0.0 && at.x < self.columns as f32 && at.y < self.rows as f32;
        inside.then(|| at.y as usize * self.columns + at.x as usize)
    }

    /// The lowest surface at a place.
    pub(super) fn lowest(&self, x: f32, z: f32) -> Option<f32> {
        self.cell(x, z).map(|cell| self.lowest[cell]).filter(|y| *y < f32::MAX)
    }

    /// The highest surface at a place.
    pub(super) fn highest(&self, x: f32, z: f32) -> Option<f32> {
        self.cell(x, z).map(|cell| self.highest[cell]).filter(|y| *y > f32::MIN)
    }
}

impl Relief {
    /// Whether something lies where any of these points are.
    pub(super) fn meets(&self, points: &[Vec3]) -> bool {
        points.iter().any(|p| self.highest(p.x, p.z).is_some())
    }
}
