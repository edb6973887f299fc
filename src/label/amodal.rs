//! What each instance would own alone: counted from its bits.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::{
    geometry::BoxPx,
    render::{Pictures, Tile},
};

/// One instance's amodal mask, counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amodal {
    /// Pixels inside the frame.
    pub(crate) inside: u64,
    /// Share of the projection beyond the frame's edges, 0 to 1, from the samples of its coarse tile.
    pub(crate) truncation: f64,
    /// Box of the pixels inside.
    pub(crate) bbox: Option<BoxPx>,
    /// Box of the projection.
    pub(crate) full: BoxPx,
    /// Ids that own pixels of it, with how many, in order of id; its own id included.
    pub(crate) covered_by: Vec<(u32, u64)>,
}

/// By instance, `None` where an instance has no bits: out of view, or not labelled.
pub(crate) fn amodal(pictures: &Pictures, count: usize) -> Vec<Option<Amodal>> {
    let mut all = vec![None; count];
    let counted: Vec<Amodal> = pictures
        .layout
        .par_iter()
        .map_init(|| vec![0u64; count + 1], |owned, tile| of(pictures, tile, owned))
        .collect();
    for (tile, amodal) in pictures.layout.iter().zip(counted) {
        all[tile.instance] = Some(amodal);
    }
    all
}

fn of(pictures: &Pictures, tile: &Tile, owned: &mut [u64]) -> Amodal {
    let width = pictures.size.width;
    let mut inside = 0;
    let mut edges = [u32::MAX, u32::MAX, 0, 0];
    let mut touched: Vec<u32> = Vec::new();
    for (y, row) in (tile.min[1]..tile.max[1]).zip(0u32..) {
        let first = (tile.offset + row * tile.stride) as usize;
        let words = &pictures.tiles[first..first + tile.stride as usize];
        for (word, column) in words.iter().zip((tile.min[0]..).step_by(32)) {
            let mut bits = *word;
            while bits != 0 {
                let x = column + bits.trailing_zeros().cast_signed();
                bits &= bits - 1;
                let (px, py) = (x.cast_unsigned(), y.cast_unsigned());
                inside += 1;
                edges = [edges[0].min(px), edges[1].min(py), edges[2].max(px + 1), edges[3].max(py + 1)];
                let id = pictures.ids[(py * width + px) as usize];
                let slot = &mut owned[id as usize];
                if *slot == 0 {
                    touched.push(id);
                }
                *slot += 1;
            }
        }
    }
    touched.sort_unstable();
    let covered_by = touched
        .into_iter()
        .map(|id| (id, std::mem::take(&mut owned[id as usize])))
        .filter(|(id, _)| *id != 0)
        .collect();
    let [left, top, right, bottom] = edges.map(f64::from);
    Amodal {
        inside,
        truncation: truncation(pictures, tile, inside),
        bbox: (inside > 0).then(|| BoxPx::from_edges(left, top, right, bottom)),
        full: tile.full,
        covered_by,
    }
}

/// Share of samples beyond the frame. Where no sample met the instance (a sliver), what is seen decides.
fn truncation(pictures: &Pictures, tile: &Tile, inside: u64) -> f64 {
    let Some(coarse) = &tile.coarse else { return 0.0 };
    let within = |at: i32, length: u32| u32::try_from(at).is_ok_and(|at| at < length);
    let (mut beyond, mut all) = (0u64, 0u64);
    for row in 0..64u32 {
        for word in 0..2u32 {
            let mut bits = pictures.tiles[(coarse.offset + row * 2 + word) as usize];
            while bits != 0 {
                let column = word * 32 + bits.trailing_zeros();
                bits &= bits - 1;
                let x = coarse.min[0] + coarse.step[0] * column.cast_signed();
                let y = coarse.min[1] + coarse.step[1] * row.cast_signed();
                all += 1;
                if !within(x, pictures.size.width) || !within(y, pictures.size.height) {
                    beyond += 1;
                }
            }
        }
    }
    match (all, inside) {
        (0, 0) => 1.0,
        (0, _) => 0.0,
        _ => super::count(beyond) / super::count(all),
    }
}

/// The amodal masks of several instances, joined.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Joined {
    /// Pixels inside the frame.
    pub(crate) inside: u64,
    /// Share of the projection beyond the frame's edges: that of the parts, weighted by their projected areas.
    pub(crate) truncation: f64,
    /// Box of the pixels inside.
    pub(crate) bbox: Option<BoxPx>,
    /// Box of the projection.
    pub(crate) full: Option<BoxPx>,
    /// Ids that own pixels of it, with how many, in order of id.
    pub(crate) covered_by: Vec<(u32, u64)>,
}

impl Joined {
    /// Of the instances with these ids.
    pub(crate) fn of(pictures: &Pictures, ids: &BTreeSet<u32>) -> Self {
        let width = pictures.size.width;
        let mut inside = vec![false; pictures.size.pixels()];
        let (mut beyond, mut all) = (0.0, 0.0);
        let mut out = Self::default();
        let own = |tile: &&Tile| u32::try_from(tile.instance + 1).is_ok_and(|id| ids.contains(&id));
        for tile in pictures.layout.iter().filter(own) {
            let mut area = 0u64;
            each_pixel(pictures, tile, |x, y| {
                inside[(y * width + x) as usize] = true;
                area += 1;
            });
            let truncation = truncation(pictures, tile, area);
            // Where nothing of a part is inside, its box says how much is beyond.
            let whole = if truncation < 1.0 {
                super::count(area) / (1.0 - truncation)
            } else {
                tile.full.w * tile.full.h
            };
            all += whole;
            beyond += whole * truncation;
            out.full = Some(out.full.map_or(tile.full, |full| full.union(tile.full)));
        }
        out.truncation = if all > 0.0 { (beyond / all).clamp(0.0, 1.0) } else { 1.0 };
        let mut owners: BTreeMap<u32, u64> = BTreeMap::new();
        let mut edges = [u32::MAX, u32::MAX, 0, 0];
        for (index, _) in inside.iter().enumerate().filter(|(_, inside)| **inside) {
            let at = u32::try_from(index).unwrap_or(u32::MAX);
            let (x, y) = (at % width, at / width);
            out.inside += 1;
            edges = [edges[0].min(x), edges[1].min(y), edges[2].max(x + 1), edges[3].max(y + 1)];
            if pictures.ids[index] != 0 {
                *owners.entry(pictures.ids[index]).or_default() += 1;
            }
        }
        let [left, top, right, bottom] = edges.map(f64::from);
        out.bbox = (out.inside > 0).then(|| BoxPx::from_edges(left, top, right, bottom));
        out.covered_by = owners.into_iter().collect();
        out
    }
}

/// Calls `each` with column and row of every pixel whose bit is set.
fn each_pixel(pictures: &Pictures, tile: &Tile, mut each: impl FnMut(u32, u32)) {
    for (y, row) in (tile.min[1]..tile.max[1]).zip(0u32..) {
        let first = (tile.offset + row * tile.stride) as usize;
        let words = &pictures.tiles[first..first + tile.stride as usize];
        for (word, column) in words.iter().zip((tile.min[0]..).step_by(32)) {
            let mut bits = *word;
            while bits != 0 {
                let x = column + bits.trailing_zeros().cast_signed();
                bits &= bits - 1;
                each(x.cast_unsigned(), y.cast_unsigned());
            }
        }
    }
}
