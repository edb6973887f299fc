//! Shelves read from boxes alone: rows, gaps, availability.
//!
//! For whoever has a detector and no planogram. Rows are chains of boxes that stand side by side on one line; the line
//! may slope and bend, as perspective and lenses have it. What a box stands on, or is half hidden by, belongs to its row
//! without being in front. A gap is free width in a row for at least one more product like its neighbours.
//! Everything is relative to the boxes' own sizes, so that no scale need be known. `tests/eval/shelf.rs`
//! measures how well that agrees with staged truth.

mod gaps;
mod rows;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::geometry::BoxPx;

/// A product box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Its box, pixels.
    pub bbox: BoxPx,
    /// Its class, from 0.
    pub class: usize,
}

/// Limits, relative to the boxes' sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShelfOptions {
    /// Neighbours in a row: the most that their lower edges may differ, in heights of the lower one of the two.
    pub step: f64,
    /// A box that begins at most so far above another one's upper edge, in heights, stands on it or behind it.
    pub stacked: f64,
    /// The least free width of a gap, in widths of its neighbours.
    pub gap: f64,
}

impl Default for ShelfOptions {
    fn default() -> Self {
        Self { step: 0.4, stacked: 0.15, gap: 0.7 }
    }
}

/// What a shelf looks like.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shelf {
    /// From the top of the picture downwards.
    pub rows: Vec<Row>,
    /// Number of boxes of each class.
    pub counts: BTreeMap<usize, usize>,
    /// Facings found over facings found and missing; `None` without any box.
    pub availability: Option<f64>,
}

/// A row of products.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// Places of the boxes that stand in front, from left to right: the facings.
    pub front: Vec<usize>,
    /// Places of all boxes of the row, those behind and on top of others included, ascending.
    pub items: Vec<usize>,
    /// From left to right.
    pub gaps: Vec<Gap>,
    /// Facings found over facings found and missing.
    pub availability: f64,
}

/// Free width in a row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// The free place, as high as its neighbours.
    pub bbox: BoxPx,
    /// How many products like its neighbours would fit.
    pub facings: usize,
}

/// Reads a shelf from its boxes.
#[must_use]
pub fn shelf(items: &[Item], options: &ShelfOptions) -> Shelf {
    let boxes: Vec<BoxPx> = items.iter().map(|item| item.bbox).collect();
    let mut rows = rows::rows(&boxes, options);
    gaps::fill(&boxes, &mut rows, options);
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.class).or_insert(0) += 1;
    }
    let found: usize = rows.iter().map(|row| row.front.len()).sum();
    let missing: usize = rows.iter().map(Row::missing).sum();
    let availability = share(found, missing);
    for row in &mut rows {
        row.availability = share(row.front.len(), row.missing()).unwrap_or(0.0);
    }
    Shelf { rows, counts, availability }
}

impl Row {
    /// Facings that are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.gaps.iter().map(|gap| gap.facings).sum()
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of products")]
fn share(found: usize, missing: usize) -> Option<f64> {
    (found + missing > 0).then(|| found as f64 / (found + missing) as f64)
}

/// The middle one; of an even number the lower of the two.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests;
