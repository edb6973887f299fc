//! Anchors: boxes of a few shapes at every cell, which a proposal network moves onto things (Ren et al. 2015,
//! section 3.1.1).

use super::{
    assign::Target,
    cells::{Cells, Edges, area, iou, shared},
    net::{ANCHOR_RATIOS, Graph, MAX_LOG_SIDE},
};

/// Side of a square anchor in strides. Lin et al. 2017 have 8; products on shelves are smaller.
const SIDE: f32 = 5.0;
/// An anchor that overlaps an object by this much is to find it ...
const FOUND: f32 = 0.7;
/// ... and one that overlaps none by this much is to find nothing (Ren et al. 2015, section 3.1.2).
const NOTHING: f32 = 0.3;
/// Share of a box inside of a crowd from which on nobody asks what it says.
const IN_CROWD: f32 = 0.5;

/// The anchors of pictures of one size, in the order of the network's outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchors {
    cells: Cells,
    /// Width and height of each level's shapes.
    sides: Vec<Vec<[f32; 2]>>,
    /// All of them.
    pub boxes: Vec<Edges>,
}

/// What one picture's anchors should say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matched {
    /// Anchors that are to find an object: anchor, object. In order of anchor.
    pub found: Vec<(usize, usize)>,
    /// Anchors that are to find nothing. In order.
    pub nothing: Vec<usize>,
}

impl Anchors {
    /// The anchors of pictures of this width and height.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "strides")]
    pub fn new(graph: &Graph, size: [u32; 2]) -> Self {
        let cells = Cells::new(graph, size);
        let shapes = |stride: u32| {
            let side = SIDE * stride as f32;
            ANCHOR_RATIOS.iter().map(|ratio: &f32| [side / ratio.sqrt(), side * ratio.sqrt()]).collect()
        };
        let sides: Vec<Vec<[f32; 2]>> = cells.grids.iter().map(|grid| shapes(grid.stride)).collect();
        let mut boxes = Vec::new();
        for (grid, shapes) in cells.grids.iter().zip(&sides) {
            for [w, h] in shapes {
                for cell in 0..(grid.columns * grid.rows) as usize {
                    let ([x, y], _) = cells.centre(grid.first + cell);
                    boxes.push([x - w * 0.5, y - h * 0.5, x + w * 0.5, y + h * 0.5]);
                }
            }
        }
        Self { cells, sides, boxes }
    }

    /// Which anchors are to find which object. An object's best anchors find it however little they overlap.
    #[must_use]
    pub fn matched(&self, objects: &[Target]) -> Matched {
        let mut best: Vec<(f32, usize)> = vec![(0.0, usize::MAX); self.boxes.len()];
        let mut least: Vec<(usize, usize)> = Vec::new();
        for (object, target) in objects.iter().enumerate().filter(|(_, t)| !t.ignore) {
            let (mut most, mut first) = (0.0, None);
            self.touching(target.edges, |anchor| {
                let overlap = iou(self.boxes[anchor], target.edges);
                if overlap > best[anchor].0 {
                    best[anchor] = (overlap, object);
                }
                if overlap > most {
                    (most, first) = (overlap, Some(anchor));
                }
            });
            least.extend(first.map(|anchor| (anchor, object)));
        }
        for (anchor, object) in least {
            if best[anchor].0 < FOUND {
                // No other object needs it more: what is surely found keeps its anchor.
                best[anchor] = (FOUND, object);
            }
        }
        let mut in_crowd = vec![false; self.boxes.len()];
        for target in objects.iter().filter(|t| t.ignore) {
            self.touching(target.edges, |anchor| {
                in_crowd[anchor] |= share_inside(self.boxes[anchor], target.edges) > IN_CROWD;
            });
        }
        let mut matched = Matched::default();
        for (anchor, (overlap, object)) in best.into_iter().enumerate() {
            if overlap >= FOUND {
                matched.found.push((anchor, object));
            } else if overlap < NOTHING && !in_crowd[anchor] {
                matched.nothing.push(anchor);
            }
        }
        matched
    }

    /// Visits every anchor that may share area with a box, in order.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "columns and rows, clamped to the grid"
    )]
    fn touching(&self, edges: Edges, mut visit: impl FnMut(usize)) {
        let mut first = 0;
        for (grid, shapes) in self.cells.grids.iter().zip(&self.sides) {
            let stride = grid.stride as f32;
            let range = |low: f32, high: f32, half: f32, limit: u32| {
                let at = |edge: f32| (edge / stride - 0.5).clamp(0.0, limit as f32);
                (at(low - half).floor() as u32, (at(high + half).ceil() as u32 + 1).min(limit))
            };
            for [w, h] in shapes {
                let (x0, x1) = range(edges[0], edges[2], w * 0.5, grid.columns);
                let (y0, y1) = range(edges[1], edges[3], h * 0.5, grid.rows);
                for y in y0..y1 {
                    (x0..x1).for_each(|x| visit(first + (y * grid.columns + x) as usize));
                }
                first += (grid.columns * grid.rows) as usize;
            }
        }
    }
}

/// Which object each region shows, if it overlaps one by half (Girshick 2015, section 2.3); regions mostly inside of a
/// crowd are left out.
#[must_use]
pub(super) fn shown(regions: &[Edges], objects: &[Target]) -> Matched {
    /// Least overlap.
    const HALF: f32 = 0.5;
    let mut matched = Matched::default();
    for (index, &region) in regions.iter().enumerate() {
        let mut best = (0.0, 0);
        let mut in_crowd = false;
        for (object, target) in objects.iter().enumerate() {
            if target.ignore {
                in_crowd |= share_inside(region, target.edges) > IN_CROWD;
            } else {
                let overlap = iou(region, target.edges);
                if overlap > best.0 {
                    best = (overlap, object);
                }
            }
        }
        if best.0 >= HALF {
            matched.found.push((index, best.1));
        } else if !in_crowd {
            matched.nothing.push(index);
        }
    }
    matched
}

/// Share of a box that lies in another.
fn share_inside(a: Edges, b: Edges) -> f32 {
    let area = area(a);
    if area > 0.0 { shared(a, b) / area } else { 0.0 }
}

/// Shifts of the centre in widths and heights, logarithms of growth (Ren et al. 2015, equation 2): what moves `from`
/// onto `to`.
#[must_use]
pub fn moves(from: Edges, to: Edges) -> [f32; 4] {
    let side = |e: Edges, axis: usize| (e[axis + 2] - e[axis]).max(1e-3);
    let shift =
        |axis: usize| ((to[axis] + to[axis + 2]) - (from[axis] + from[axis + 2])) * 0.5 / side(from, axis);
    let growth = |axis: usize| (side(to, axis) / side(from, axis)).ln();
    [shift(0), shift(1), growth(0), growth(1)]
}

/// A box moved so.
#[must_use]
pub fn moved(from: Edges, by: [f32; 4]) -> Edges {
    let along = |axis: usize| {
        let side = from[axis + 2] - from[axis];
        let centre = from[axis] + side * 0.5 + by[axis] * side;
        let half = by[axis + 2].min(MAX_LOG_SIDE).exp() * side * 0.5;
        [centre - half, centre + half]
    };
    let ([l, r], [t, b]) = (along(0), along(1));
    [l, t, r, b]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::net::{Depth, faster_rcnn};

    fn target(edges: Edges) -> Target {
        Target::new(0, edges)
    }

    #[test]
    fn anchors_lie_as_the_network_speaks() {
        let anchors = Anchors::new(&faster_rcnn(Depth::Nano, 1), [64, 32]);
        assert_eq!(anchors.boxes.len(), 3 * (16 * 8 + 8 * 4 + 4 * 2), "three a cell");
        let at = |i: usize, middle: f32| {
            let [l, t, r, b] = anchors.boxes[i];
            ((l + r) * 0.5 - middle).abs() < 1e-4 && ((t + b) * 0.5 - middle).abs() < 1e-4
        };
        assert!(at(17, 6.0), "second row, second column of the first shape");
        assert!(at(16 * 8, 2.0), "the second shape begins anew");
        assert_eq!(anchors.boxes[16 * 8], [-8.0, -8.0, 12.0, 12.0], "a square of five strides");
        let [l, t, r, b] = anchors.boxes[0];
        assert!(((b - t) / (r - l) - 0.5).abs() < 1e-5, "the first is flat");
        assert!(at(3 * 16 * 8, 4.0), "the second level");
    }

    #[test]
    fn moving_onto_a_box_gives_the_box() {
        let (from, to) = ([10.0, 20.0, 40.0, 35.0], [-3.0, 24.0, 11.0, 80.0]);
        let there = moved(from, moves(from, to));
        assert!(there.iter().zip(to).all(|(a, b)| (a - b).abs() < 1e-3), "{there:?}");
        // By hand: half a width to the right, twice as wide.
        let there = moved([0.0, 0.0, 10.0, 10.0], [0.5, 0.0, 2f32.ln(), 0.0]);
        let by_hand = [0.0, 0.0, 20.0, 10.0];
        assert!(there.iter().zip(by_hand).all(|(a, b)| (a - b).abs() < 1e-4), "{there:?}");
    }

    #[test]
    fn matching_is_that_of_trying_every_anchor() {
        let anchors = Anchors::new(&faster_rcnn(Depth::Nano, 1), [96, 64]);
        let objects = [
            target([10.0, 12.0, 31.0, 30.0]),
            target([30.0, 5.0, 90.0, 60.0]),
            target([50.0, 50.0, 53.0, 54.0]),
            Target { ignore: true, ..target([0.0, 40.0, 40.0, 64.0]) },
        ];
        let matched = anchors.matched(&objects);
        let overlap = |anchor: usize, object: usize| iou(anchors.boxes[anchor], objects[object].edges);
        for object in 0..3 {
            let best = (0..anchors.boxes.len()).map(|a| overlap(a, object)).fold(0.0, f32::max);
            let has = matched.found.iter().filter(|(_, o)| *o == object).map(|(a, _)| overlap(*a, object));
            assert!(has.fold(0.0, f32::max) >= best, "object {object} has its best anchor");
        }
        for anchor in 0..anchors.boxes.len() {
            let most = (0..3).map(|o| overlap(anchor, o)).fold(0.0, f32::max);
            let found = matched.found.iter().any(|(a, _)| *a == anchor);
            let crowd = share_inside(anchors.boxes[anchor], objects[3].edges) > IN_CROWD;
            assert!(found || most < FOUND, "anchor {anchor} overlaps by {most}");
            let nothing = matched.nothing.binary_search(&anchor).is_ok();
            assert_eq!(nothing, !found && most < NOTHING && !crowd, "anchor {anchor}, {most}");
        }
    }

    #[test]
    fn regions_show_what_they_overlap_by_half() {
        let crowd = Target { ignore: true, ..target([50.0, 0.0, 90.0, 40.0]) };
        let objects = [target([0.0, 0.0, 10.0, 10.0]), target([4.0, 0.0, 14.0, 10.0]), crowd];
        let regions = [[3.0, 0.0, 13.0, 10.0], [20.0, 0.0, 30.0, 10.0], [52.0, 2.0, 60.0, 9.0]];
        let matched = shown(&regions, &objects);
        assert_eq!((matched.found, matched.nothing), (vec![(0, 1)], vec![1]), "the third is in a crowd");
    }
}
