//! Masks of all instances from one id picture: runs, extents, area, pieces, median depth.

use crate::{
    geometry::{BoxPx, Rle, Size},
    render::Pictures,
};

/// One instance's mask.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mask {
    /// Number of pixels.
    pub(crate) area: u64,
    /// Smallest box round them.
    pub(crate) bbox: Option<BoxPx>,
    /// 8-connected components.
    pub(crate) pieces: u32,
    /// Median of the depths, metres.
    pub(crate) depth_m: Option<f64>,
    /// First position and length of each run, counting down the columns.
    runs: Vec<(u32, u32)>,
}

impl Mask {
    /// In COCO's encoding; `None` when it is empty.
    pub(crate) fn rle(&self, size: Size) -> Option<Rle> {
        if self.runs.is_empty() {
            return None;
        }
        let total = size.width * size.height;
        let mut counts = Vec::with_capacity(self.runs.len() * 2 + 1);
        let mut at = 0;
        for &(start, length) in &self.runs {
            counts.push(start - at);
            counts.push(length);
            at = start + length;
        }
        if at < total {
            counts.push(total - at);
        }
        Some(Rle::from_runs(size, &counts))
    }
}

/// A vertical run of one instance within one column.
#[derive(Clone, Copy)]
struct Run {
    id: u32,
    top: u32,
    bottom: u32,
    node: u32,
}

/// Masks of instances 1 to `count`, in order.
pub(crate) fn masks(pictures: &Pictures, count: usize) -> Vec<Mask> {
    let (width, height) = (pictures.size.width, pictures.size.height);
    let mut masks = vec![Mask::default(); count];
    let mut edges = vec![[u32::MAX, u32::MAX, 0, 0]; count];
    let mut depths: Vec<Vec<f32>> = vec![Vec::new(); count];
    let mut parents: Vec<u32> = Vec::new();
    let mut owners: Vec<u32> = Vec::new();
    let (mut last, mut column): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    for x in 0..width {
        column.clear();
        let mut y = 0;
        while y < height {
            let id = pictures.ids[(y * width + x) as usize];
            let top = y;
            while y < height && pictures.ids[(y * width + x) as usize] == id {
                y += 1;
            }
            let Some(index) = (id as usize).checked_sub(1).filter(|i| *i < count) else { continue };
            let node = u32::try_from(parents.len()).unwrap_or(u32::MAX);
            parents.push(node);
            owners.push(id);
            column.push(Run { id, top, bottom: y, node });
            let mask = &mut masks[index];
            mask.area += u64::from(y - top);
            let start = x * height + top;
            match mask.runs.last_mut() {
                Some((s, length)) if *s + *length == start => *length += y - top,
                _ => mask.runs.push((start, y - top)),
            }
            let e = &mut edges[index];
            *e = [e[0].min(x), e[1].min(top), e[2].max(x + 1), e[3].max(y)];
            depths[index].extend((top..y).map(|row| pictures.depth[(row * width + x) as usize]));
        }
        join(&last, &column, &mut parents);
        std::mem::swap(&mut last, &mut column);
    }
    for node in 0..parents.len() {
        if parents[node] as usize == node {
            masks[owners[node] as usize - 1].pieces += 1;
        }
    }
    for ((mask, e), depths) in masks.iter_mut().zip(edges).zip(&mut depths) {
        if mask.area > 0 {
            let [left, top, right, bottom] = e.map(f64::from);
            mask.bbox = Some(BoxPx::from_edges(left, top, right, bottom));
            mask.depth_m = Some(median(depths));
        }
    }
    masks
}

/// Joins runs of the same instance in neighbouring columns that touch, corners included.
fn join(left: &[Run], right: &[Run], parents: &mut [u32]) {
    let mut first = 0;
    for run in right {
        while first < left.len() && left[first].bottom < run.top {
            first += 1;
        }
        for other in left[first..].iter().take_while(|o| o.top <= run.bottom) {
            if other.id == run.id {
                let (a, b) = (root(parents, other.node), root(parents, run.node));
                parents[a.max(b) as usize] = a.min(b);
            }
        }
    }
}

fn root(parents: &mut [u32], mut node: u32) -> u32 {
    while parents[node as usize] != node {
        parents[node as usize] = parents[parents[node as usize] as usize];
        node = parents[node as usize];
    }
    node
}

/// Middle value; of an even number, the mean of both.
fn median(values: &mut [f32]) -> f64 {
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    let upper = f64::from(*upper);
    if even {
        let lower = below.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        return (f64::from(lower) + upper) * 0.5;
    }
    upper
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(width: u32, height: u32, ids: &[u32]) -> Pictures {
        Pictures {
            size: Size { width, height },
            colour: Vec::new(),
            ids: ids.to_vec(),
            depth: (0u16..).map(f32::from).take(ids.len()).collect(),
            normals: Vec::new(),
            tiles: Vec::new(),
            layout: Vec::new(),
            flow: None,
        }
    }

    #[test]
    fn area_extents_runs_and_pieces_of_a_known_picture() {
        #[rustfmt::skip]
        let p = pictures(5, 4, &[
            1, 1, 0, 2, 0,
            1, 0, 2, 0, 0,
            0, 0, 0, 0, 2,
            3, 0, 0, 0, 2,
        ]);
        let masks = masks(&p, 4);
        assert_eq!(masks.iter().map(|m| m.area).collect::<Vec<_>>(), [3, 4, 1, 0], "areas");
        assert_eq!(masks.iter().map(|m| m.pieces).collect::<Vec<_>>(), [1, 2, 1, 0], "corners connect");
        assert_eq!(masks[1].bbox, Some(BoxPx::from_edges(2.0, 0.0, 5.0, 4.0)), "box");
        assert_eq!(masks[3], Mask::default(), "an unseen instance has an empty mask");
        for (index, mask) in masks.iter().enumerate().take(3) {
            let decoded = mask.rle(p.size).expect("not empty").to_mask().expect("decodes");
            let expected: Vec<bool> = p.ids.iter().map(|&id| id as usize == index + 1).collect();
            assert_eq!(decoded, expected, "mask of instance {}", index + 1);
        }
    }

    #[test]
    fn a_mask_that_goes_round_the_column_edge_is_one_run() {
        let p = pictures(2, 2, &[0, 1, 1, 0]);
        let masks = masks(&p, 1);
        assert_eq!(masks[0].runs, [(1, 2)], "bottom of the first column, top of the second");
        assert_eq!(masks[0].pieces, 1, "they touch at a corner");
    }

    #[test]
    fn medians() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0, "odd");
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5, "even");
        assert_eq!(median(&mut [7.0]), 7.0, "one");
    }
}
