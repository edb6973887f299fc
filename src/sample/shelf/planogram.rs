//! A user's planogram, with its products known: where each facing is, as planned.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    layout::{BOARD_M, Board, Gondola, HEADROOM_M},
    metres,
    plan::Facing,
};
use crate::{
    config::{At, Planogram, ShelfRecipe},
    json::Mistake,
    sample::{
        SampleError, Sampler,
        forms::{Good, Resting},
    },
    seed::Node,
};

/// Air that a plan leaves above goods and behind the last row, metres.
const AIR_M: f32 = 0.004;
/// From one row to the next, beyond the product's own depth, metres.
const ROW_GAP_M: f32 = 0.003;
/// Units of one plan; a picture has no more numbers for them.
const MOST_UNITS: usize = 20_000;
/// Overlaps of so little are rounding, metres.
const TOUCH_M: f32 = 1e-4;

/// One product of the plan on its board.
#[derive(Clone, Debug)]
struct Block {
    /// Number of its item in the file.
    item: usize,
    good: Arc<Good>,
    /// Left edge, from the board's left end, metres.
    left: f32,
    facings: usize,
    rows: usize,
    stacks: usize,
}

/// A planogram that can be staged.
#[derive(Debug)]
pub(in crate::sample) struct Planned {
    depth: f32,
    gap: f32,
    /// Width and clear heights of each bay: its boards' heights, and what is free above each.
    bays: Vec<(f32, Vec<(f32, f32)>)>,
    /// By bay and board, from left to right.
    blocks: BTreeMap<(usize, usize), Vec<Block>>,
}

#[expect(clippy::cast_possible_truncation, reason = "lengths need no more than f32")]
const fn short(metres: f64) -> f32 {
    metres as f32
}

#[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
fn times(count: usize, metres: f32) -> f32 {
    count as f32 * metres
}

impl Planned {
    /// Looks up the plan's products and makes sure that each fits where it is planned.
    pub(in crate::sample) fn new(
        plan: &Planogram,
        sampler: &Sampler,
        recipe: &ShelfRecipe,
    ) -> Result<Self, SampleError> {
        let mut mistakes = Vec::new();
        let bays: Vec<(f32, Vec<(f32, f32)>)> = plan
            .bays
            .iter()
            .map(|bay| {
                let boards = bay.boards.iter().enumerate().map(|(index, height)| {
                    let next = bay.boards.get(index + 1);
                    let clear =
                        next.map_or(short(bay.top_m), |next| short(*next - *height) - BOARD_M - HEADROOM_M);
                    (short(*height), clear)
                });
                (short(bay.width_m), boards.collect())
            })
            .collect();
        // The front rows may stand back by as much as the scene says; what is planned must fit in any frame.
        let depth = short(plan.depth_m) - short(recipe.setback_m.range().1.max(0.0)) - AIR_M;
        let gap = short(plan.gap_m);
        let mut blocks: BTreeMap<(usize, usize), Vec<(Block, At)>> = BTreeMap::new();
        let mut units = 0;
        for (index, item) in plan.items.iter().enumerate() {
            let mut wrong = |key: &str, what: String| mistakes.push(plan.mistake(index, key, what));
            let Some(number) = sampler.assortment.find(&item.sku) else {
                let near = sampler.assortment.nearest_sku(&item.sku);
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                wrong("sku", format!("expected a product of the catalogue, found \"{}\"{hint}", item.sku));
                continue;
            };
            let good = Arc::new(sampler.good(number)?);
            let (size, spec) = (good.size, &good.form.spec);
            let (_, clear) = bays[item.bay].1[item.board];
            let stacks = item.stack as usize;
            if stacks > spec.stack.max(1) as usize {
                wrong(
                    "stack",
                    format!(
                        "expected at most {} units of form `{}` on top of each other, found {stacks}",
                        spec.stack.max(1),
                        spec.form
                    ),
                );
            } else if times(stacks, size.y) + AIR_M > clear {
                wrong(
                    "board",
                    format!(
                        "expected goods of at most {:.3} m, which is free above board {}; {stacks} x {:.3} m of `{}` are {:.3} m",
                        clear - AIR_M,
                        item.board,
                        size.y,
                        item.sku,
                        times(stacks, size.y)
                    ),
                );
            }
            let pitch = size.z + ROW_GAP_M;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small ratio")]
            let room = (depth / pitch).max(0.0).floor() as usize;
            let rows = item.rows.map_or(room, |rows| rows as usize);
            if rows > room || room == 0 {
                let key = if item.rows.is_some() { "rows" } else { "sku" };
                wrong(
                    key,
                    format!(
                        "expected at most {room} rows of `{}` ({:.3} m deep) on {depth:.3} m of free depth, found {}",
                        item.sku,
                        size.z,
                        rows.max(1)
                    ),
                );
            }
            units += item.facings as usize * rows * stacks;
            if units > MOST_UNITS {
                wrong(
                    "facings",
                    format!("expected at most {MOST_UNITS} units altogether, found more from here on"),
                );
                break;
            }
            let left = if let At::Left(x) = item.at { short(x) } else { 0.0 };
            let block = Block { item: index, good, left, facings: item.facings as usize, rows, stacks };
            blocks.entry((item.bay, item.board)).or_default().push((block, item.at));
        }
        let blocks = blocks
            .into_iter()
            .map(|((bay, board), blocks)| {
                ((bay, board), in_order(plan, blocks, bays[bay].0, gap, &mut mistakes))
            })
            .collect();
        if mistakes.is_empty() {
            Ok(Self { depth: short(plan.depth_m), gap, bays, blocks })
        } else {
            mistakes.sort_by_key(place);
            Err(SampleError::Planogram(mistakes))
        }
    }

    /// Gives `gondola` the planned bays and boards; posts, rails and whatever else it has stay as they were drawn.
    pub(super) fn shape(&self, gondola: &mut Gondola) {
        let (Some(bay), Some(&drawn)) =
            (gondola.bays.first(), gondola.bays.first().and_then(|b| b.boards.first()))
        else {
            return;
        };
        let (side, template) = (drawn.left - bay.left, bay.clone());
        let total: f32 = self.bays.iter().map(|(width, _)| width + 2.0 * side).sum();
        let mut left = -total * 0.5;
        gondola.depth = self.depth;
        gondola.base_height =
            self.bays.iter().filter_map(|(_, boards)| boards.first()).map(|b| b.0).fold(3.0, f32::min);
        gondola.bays = self
            .bays
            .iter()
            .map(|(width, boards)| {
                let mut bay = template.clone();
                (bay.left, bay.right) = (left, left + width + 2.0 * side);
                left = bay.right;
                bay.boards = boards
                    .iter()
                    .enumerate()
                    .map(|(index, (height, clear))| {
                        let mut board: Board = drawn;
                        (board.height, board.clear) = (*height, *clear);
                        (board.left, board.right) = (bay.left + side, bay.right - side);
                        (board.front, board.back) =
                            (if index == 0 { gondola.base_extra } else { 0.0 }, -self.depth);
                        board
                    })
                    .collect();
                bay
            })
            .collect();
    }

    /// The facings of one bay, by board.
    pub(super) fn plan_bay(
        &self,
        bay: usize,
        boards: &[Board],
        recipe: &ShelfRecipe,
        node: &Node,
    ) -> Vec<Vec<Facing>> {
        boards
            .iter()
            .enumerate()
            .map(|(shelf, board)| {
                let own = node.child("board", shelf);
                let setback = own.draw("setback_m", |rng| metres(&recipe.setback_m, rng)).max(0.0);
                let blocks = self.blocks.get(&(bay, shelf)).map_or(&[][..], Vec::as_slice);
                blocks.iter().flat_map(|block| self.facings(block, board, setback)).collect()
            })
            .collect()
    }

    fn facings<'a>(
        &self,
        block: &'a Block,
        board: &'a Board,
        setback: f32,
    ) -> impl Iterator<Item = Facing> + use<'a> {
        let width = block.good.size.x + self.gap;
        (0..block.facings).map(move |index| Facing {
            good: Arc::clone(&block.good),
            pose: Resting::Upright,
            x: board.left + block.left + times(index, width) + width * 0.5,
            width,
            rows: block.rows,
            pitch: block.good.size.z + ROW_GAP_M,
            stacks: block.stacks,
            setback,
            leads: index == 0,
            block_width: if index == 0 { times(block.facings, width) } else { 0.0 },
            item: Some(block.item),
        })
    }
}

fn place(mistake: &Mistake) -> (usize, usize) {
    match mistake.place {
        crate::json::Place::File { line, column, .. } => (line, column),
        _ => (0, 0),
    }
}

/// A board's blocks from left to right; notes what overlaps or leaves the board.
fn in_order(
    plan: &Planogram,
    mut blocks: Vec<(Block, At)>,
    width: f32,
    gap: f32,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Block> {
    let wide = |block: &Block| times(block.facings, block.good.size.x + gap);
    blocks.sort_by(|(a, at), (b, bt)| match (at, bt) {
        (At::Position(a), At::Position(b)) => a.cmp(b),
        _ => a.left.total_cmp(&b.left).then(a.item.cmp(&b.item)),
    });
    let mut free_from = 0.0;
    let mut before: Option<usize> = None;
    for (block, at) in &mut blocks {
        let key = match at {
            At::Position(_) => {
                block.left = free_from;
                "position"
            }
            At::Left(_) => "x_m",
        };
        let end = block.left + wide(block);
        if let Some(before) = before
            && block.left < free_from - TOUCH_M
        {
            let what = format!(
                "expected at least {free_from:.3}, where items[{before}] ends, found {:.3}: they overlap by {:.3} m",
                block.left,
                free_from - block.left
            );
            mistakes.push(plan.mistake(block.item, key, what));
        }
        if end > width + TOUCH_M {
            let what = format!(
                "expected its {} facings to end on the board, which is {width:.3} m wide; they end at {end:.3} m",
                block.facings
            );
            mistakes.push(plan.mistake(block.item, key, what));
        }
        free_from = end.max(free_from);
        before = Some(block.item);
    }
    blocks.into_iter().map(|(block, _)| block).collect()
}
