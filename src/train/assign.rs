//! Which cell answers for which object: task-aligned assignment (TOOD, Feng et al. 2021, section 3.2).
//!
//! It runs on plain numbers on the CPU: lists of thousands of objects of different length suit neither tensors nor
//! a batch, and no gradient goes through it.

use rayon::prelude::*;

use super::cells::{Cells, Edges, iou};

/// Cells that answer for one object.
const CELLS_PER_OBJECT: usize = 10;
/// Exponents of score and overlap in the alignment (TOOD, equation 6, with the values that `YOLOv8` settled on).
const SCORE_POWER: f32 = 0.5;
const OVERLAP_POWER: i32 = 6;

/// An object of a picture, in pixels of the network's input.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its class.
    pub class: usize,
    /// Its box.
    pub edges: Edges,
    /// Nobody asks for it and nobody may be blamed for finding it (crowds).
    pub ignore: bool,
    /// Pixels that it covers as a share of its box: what of it is in view.
    pub covers: f32,
    /// Its keypoints: x, y, and 0 not labelled, 1 hidden, 2 visible; empty when it has none.
    pub points: Vec<[f32; 3]>,
}

impl Target {
    /// An object that fills its box, without keypoints.
    #[must_use]
    pub fn new(class: usize, edges: Edges) -> Self {
        Self { class, edges, ignore: false, covers: 1.0, points: Vec::new() }
    }
}

/// A cell that answers for an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The cell.
    pub cell: usize,
    /// Which of the picture's objects.
    pub object: usize,
    /// How sure the cell should be: its alignment, scaled so that the best cell of an object gets the best overlap.
    pub score: f32,
}

/// What one picture's cells should say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// Cells that answer, in order of cell.
    pub answers: Vec<Answer>,
    /// Cells inside ignored regions that answer for nothing: their scores are not judged. In order.
    pub ignored: Vec<usize>,
}

/// Assigns one picture: `logits` is `[classes, cells]`, `sides` is `[4, cells]`, as the network gave them.
#[must_use]
pub fn assign(cells: &Cells, logits: &[f32], sides: &[f32], objects: &[Target]) -> Assignment {
    let n = cells.count;
    let box_of = |cell: usize| cells.decode(cell, [0, 1, 2, 3].map(|side| sides[side * n + cell]));
    // For every cell the best object so far: (overlap, object, alignment).
    let mut best: Vec<Option<(f32, usize, f32)>> = vec![None; n];
    let mut candidates: Vec<(f32, f32, usize)> = Vec::new();
    for (object, target) in objects.iter().enumerate().filter(|(_, t)| !t.ignore) {
        candidates.clear();
        cells.inside(target.edges, |cell| {
            let overlap = iou(box_of(cell), target.edges);
            let score = 1.0 / (1.0 + (-logits[target.class * n + cell]).exp());
            candidates.push((score.powf(SCORE_POWER) * overlap.powi(OVERLAP_POWER), overlap, cell));
        });
        // Ties (all of them when nothing overlaps yet) go to the cells nearest the object's centre, then to the first.
        let centre = [(target.edges[0] + target.edges[2]) * 0.5, (target.edges[1] + target.edges[3]) * 0.5];
        let off = |cell: usize| {
            let ([x, y], stride) = cells.centre(cell);
            ((x - centre[0]).powi(2) + (y - centre[1]).powi(2)) / stride
        };
        let order = |a: &(f32, f32, usize), b: &(f32, f32, usize)| {
            b.0.total_cmp(&a.0).then_with(|| off(a.2).total_cmp(&off(b.2))).then(a.2.cmp(&b.2))
        };
        if candidates.len() > CELLS_PER_OBJECT {
            candidates.select_nth_unstable_by(CELLS_PER_OBJECT - 1, order);
            candidates.truncate(CELLS_PER_OBJECT);
        }
        for &(alignment, overlap, cell) in &candidates {
            if best[cell].is_none_or(|(other, _, _)| overlap > other) {
                best[cell] = Some((overlap, object, alignment));
            }
        }
    }
    // Scores: alignments of one object, scaled so that the largest equals its largest overlap (TOOD, section 3.2).
    let mut most = vec![(0.0f32, 0.0f32); objects.len()];
    for (overlap, object, alignment) in best.iter().flatten() {
        let (a, o) = &mut most[*object];
        *a = a.max(*alignment);
        *o = o.max(*overlap);
    }
    let answers = best.iter().enumerate().filter_map(|(cell, slot)| {
        let (_, object, alignment) = (*slot)?;
        let (a, o) = most[object];
        Some(Answer { cell, object, score: if a > 0.0 { alignment / a * o } else { 0.0 } })
    });
    let answers: Vec<Answer> = answers.collect();
    let mut ignored = Vec::new();
    for target in objects.iter().filter(|t| t.ignore) {
        cells.inside(target.edges, |cell| {
            if best[cell].is_none() {
                ignored.push(cell);
            }
        });
    }
    ignored.sort_unstable();
    ignored.dedup();
    Assignment { answers, ignored }
}

/// Assigns a batch; `logits` is `[pictures, classes, cells]`, `sides` is `[pictures, 4, cells]`.
#[must_use]
pub fn assign_batch(
    cells: &Cells,
    classes: usize,
    logits: &[f32],
    sides: &[f32],
    objects: &[Vec<Target>],
) -> Vec<Assignment> {
    let n = cells.count;
    objects
        .par_iter()
        .enumerate()
        .map(|(picture, objects)| {
            let logits = &logits[picture * classes * n..][..classes * n];
            assign(cells, logits, &sides[picture * 4 * n..][..4 * n], objects)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::net::{Depth, dense};

    fn blank(cells: &Cells, classes: usize) -> (Vec<f32>, Vec<f32>) {
        (vec![-4.6; classes * cells.count], vec![std::f32::consts::LN_2; 4 * cells.count])
    }

    fn target(class: usize, edges: Edges) -> Target {
        Target::new(class, edges)
    }

    #[test]
    fn a_picture_without_objects_has_no_answers() {
        let cells = Cells::new(&dense(Depth::Nano, 2, 0), [64, 64]);
        let (logits, sides) = blank(&cells, 2);
        assert_eq!(assign(&cells, &logits, &sides, &[]), Assignment::default(), "nothing");
    }

    #[test]
    fn two_thousand_objects_all_get_a_cell() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [640, 640]);
        let (logits, sides) = blank(&cells, 1);
        let objects: Vec<Target> = (0..2000)
            .map(|i| {
                let (x, y) = ((i % 50) as f32 * 12.8, (i / 50) as f32 * 16.0);
                target(0, [x, y, x + 11.0, y + 14.0])
            })
            .collect();
        let assignment = assign(&cells, &logits, &sides, &objects);
        let mut asked: Vec<usize> = assignment.answers.iter().map(|a| a.object).collect();
        asked.sort_unstable();
        asked.dedup();
        assert_eq!(asked.len(), 2000, "each is asked for");
        assert!(assignment.answers.is_sorted_by_key(|a| a.cell), "one answer a cell, in order");
    }

    #[test]
    fn the_cell_that_says_it_best_gets_the_overlap_as_its_score() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [64, 64]);
        let (mut logits, mut sides) = blank(&cells, 1);
        let edges = [8.0, 8.0, 24.0, 24.0];
        // Cell (3, 3) of the finest level, centre (14, 14), says the box exactly; it is sure of it.
        let cell = 3 * 16 + 3;
        for (side, pixels) in [6.0f32, 6.0, 10.0, 10.0].into_iter().enumerate() {
            sides[side * cells.count + cell] = (pixels / 4.0).ln();
        }
        logits[cell] = 2.0;
        let assignment = assign(&cells, &logits, &sides, &[target(0, edges)]);
        assert_eq!(assignment.answers.len(), CELLS_PER_OBJECT, "so many answer");
        let best = assignment.answers.iter().max_by(|a, b| a.score.total_cmp(&b.score)).expect("there are");
        assert_eq!(best.cell, cell, "the one that says it");
        assert!((best.score - 1.0).abs() < 1e-5, "{best:?}");
    }

    #[test]
    fn a_cell_of_two_objects_answers_for_the_one_it_overlaps_more_and_ignored_regions_are_not_judged() {
        let cells = Cells::new(&dense(Depth::Nano, 1, 0), [64, 64]);
        let (logits, sides) = blank(&cells, 1);
        let small = target(0, [4.0, 4.0, 20.0, 20.0]);
        let large = target(0, [0.0, 0.0, 64.0, 64.0]);
        let crowd = Target { ignore: true, ..target(0, [0.0, 0.0, 32.0, 64.0]) };
        let assignment = assign(&cells, &logits, &sides, &[large, small, crowd]);
        for answer in assignment.answers.iter().filter(|a| a.object == 0) {
            let ([x, y], _) = cells.centre(answer.cell);
            let stolen = (4.0..20.0).contains(&x) && (4.0..20.0).contains(&y);
            assert!(!stolen || answer.cell >= 16 * 16, "{answer:?} should answer for the small one");
        }
        assert!(!assignment.ignored.is_empty(), "the crowd covers cells");
        assert!(
            assignment.ignored.iter().all(|c| assignment.answers.iter().all(|a| a.cell != *c)),
            "a cell that answers is judged"
        );
    }
}
