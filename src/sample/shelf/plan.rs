//! The planogram: which product stands where, before any shopper came.
//!
//! A bay shows one department. Its boards are filled from left to right with brand blocks: the products of one
//! brand on one form, next to each other, each with its facings. Brands whose goods use a board's clear height
//! well are likelier to get it; where none fits, the lowest goods do and the board above is raised.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    chance, count,
    layout::{Bay, Board},
    metres, probability, uniform,
};
use crate::{
    config::{ShelfRecipe, pick},
    sample::{SampleError, Sampler, forms::Good},
    seed::Node,
};
use rand::{Rng, RngExt, seq::SliceRandom};

/// Products that a bay is planned from: so many neighbours in the catalogue, that brands come together.
const POOL: usize = 240;
/// Air that a planned facing leaves above its stack, metres.
const AIR_M: f32 = 0.015;
/// Widest extra space put between two facings to spread them over their board, metres.
const SPREAD_M: f32 = 0.03;

/// One facing as planned.
#[derive(Clone, Debug)]
pub(super) struct Facing {
    pub(super) good: Arc<Good>,
    /// Middle, world x, metres.
    pub(super) x: f32,
    /// Width that belongs to it, metres.
    pub(super) width: f32,
    /// Rows in depth.
    pub(super) rows: usize,
    /// From one row to the next, metres.
    pub(super) pitch: f32,
    /// Units on top of each other.
    pub(super) stacks: usize,
    /// Distance of the front row from the board's edge, metres.
    pub(super) setback: f32,
    /// Whether it is the leftmost facing of its product's block.
    pub(super) leads: bool,
    /// Width of the whole block, where it leads.
    pub(super) block_width: f32,
    /// Number of its product in the user's planogram, if there is one.
    pub(super) item: Option<usize>,
}

/// Products of one brand on one form.
struct Family {
    goods: Vec<Arc<Good>>,
    tallest: f32,
    stack: u32,
    volume: f32,
}

/// The goods that one bay may show.
pub(super) struct Pool {
    families: Vec<Family>,
}

impl Pool {
    /// Draws a department and a stretch of its products.
    pub(super) fn draw(sampler: &Sampler, node: &Node) -> Result<Self, SampleError> {
        let shown = sampler.shown();
        let department = node.draw("department", |rng| {
            let chosen = rng.random_range(0..shown.len());
            Named(chosen, shown[chosen].0.clone())
        });
        let indices = &shown[department.0].1;
        let start = node.draw("assortment_start", |rng| rng.random_range(0..indices.len()));
        let mut groups: BTreeMap<(String, String), Vec<Arc<Good>>> = BTreeMap::new();
        for step in 0..POOL.min(indices.len()) {
            let good = sampler.good(indices[(start + step) % indices.len()])?;
            let key = (good.product.brand.clone(), good.product.form.clone());
            groups.entry(key).or_default().push(Arc::new(good));
        }
        let families = groups
            .into_values()
            .map(|goods| Family {
                tallest: goods.iter().map(|good| good.size.y).fold(0.0, f32::max),
                stack: goods[0].form.spec.stack.max(1),
                volume: goods.iter().map(|good| good.size.element_product()).fold(0.0, f32::max),
                goods,
            })
            .collect();
        Ok(Self { families })
    }

    /// All goods no taller than `clear` that fit a board's depth.
    pub(super) fn fitting(&self, clear: f32, depth: f32) -> Vec<Arc<Good>> {
        self.families
            .iter()
            .flat_map(|family| &family.goods)
            .filter(|good| good.size.y <= clear && good.size.x.max(good.size.z) <= depth)
            .cloned()
            .collect()
    }

    /// Any of the goods.
    pub(super) fn any(&self, rng: &mut impl Rng) -> Arc<Good> {
        let family = &self.families[rng.random_range(0..self.families.len())];
        Arc::clone(&family.goods[rng.random_range(0..family.goods.len())])
    }

    /// Height of the lowest goods.
    pub(super) fn lowest(&self) -> f32 {
        self.families.iter().map(|family| family.tallest).fold(f32::INFINITY, f32::min)
    }
}

/// A drawn index with its name, so that a trace tells both.
#[derive(Debug)]
struct Named(usize, #[expect(dead_code, reason = "read by a trace through Debug")] String);

/// Plans all boards of a bay, raising boards where goods need it; facings by board.
pub(super) fn plan_bay(bay: &mut Bay, pool: &Pool, recipe: &ShelfRecipe, node: &Node) -> Vec<Vec<Facing>> {
    let mut used = vec![0_u32; pool.families.len()];
    let mut clear: Vec<f32> = bay.boards.iter().map(|board| board.clear).collect();
    let mut plans = Vec::with_capacity(clear.len());
    for (shelf, clear) in clear.iter_mut().enumerate() {
        let board_node = node.child("board", shelf);
        if pool.lowest() + AIR_M > *clear {
            *clear = pool.lowest() + AIR_M;
        }
        let board = Board { clear: *clear, ..bay.boards[shelf] };
        plans.push(plan_board(&board, shelf == 0, pool, &mut used, recipe, &board_node));
    }
    bay.set_clear(&clear);
    plans
}

/// How likely a family comes onto a board: by how well its stacks use the clear height, how often the bay
/// already shows it, and, on the lowest board, how large its goods are.
fn weight(family: &Family, board: &Board, lowest: bool, used: u32) -> f64 {
    if family.tallest + AIR_M > board.clear || family.goods.iter().all(|good| good.size.z > board.depth()) {
        return 0.0;
    }
    let stack = stack_that_fits(family.stack, family.tallest, board.clear);
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let use_of_height = stack as f32 * family.tallest / board.clear;
    let size = if lowest { (family.volume / 0.001).clamp(0.1, 10.0) } else { 1.0 };
    f64::from(use_of_height.powi(3) * size) * 0.02_f64.powi(used.min(3).cast_signed())
}

fn stack_that_fits(stack: u32, height: f32, clear: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive ratio")]
    let room = ((clear - AIR_M) / height.max(0.005)).floor() as usize;
    room.clamp(1, stack.max(1) as usize)
}

fn plan_board(
    board: &Board,
    lowest: bool,
    pool: &Pool,
    used: &mut [u32],
    recipe: &ShelfRecipe,
    node: &Node,
) -> Vec<Facing> {
    let mut facings: Vec<Facing> = Vec::new();
    let mut x = board.left;
    let spacing = node.draw("spacing_m", |rng| metres(&recipe.spacing_m, rng)).max(0.001);
    let setback = node.draw("setback_m", |rng| metres(&recipe.setback_m, rng)).max(0.0);
    let row_fill = node.draw("row_fill", |rng| probability(&recipe.row_fill, rng));
    let max_rows = node.draw("max_rows", |rng| count(&recipe.max_rows, 1, rng));
    // Goods that no longer fit leave a hole narrower than themselves; a few narrower ones are tried.
    let mut misses = 0;
    while misses < 6 {
        let first = node.child("facing", facings.len());
        let weights: Vec<f64> = pool
            .families
            .iter()
            .zip(&*used)
            .map(|(family, &used)| weight(family, board, lowest, used))
            .collect();
        if weights.iter().all(|&weight| weight <= 0.0) {
            break;
        }
        let chosen = first.draw(&format!("brand{misses}"), |rng| pick(&weights, rng));
        used[chosen] += 1;
        let before = facings.len();
        let mut goods = pool.families[chosen].goods.clone();
        let most = first.draw("products", |rng| rng.random_range(1..=goods.len().min(6)));
        first.draw("order", |rng| {
            goods.shuffle(rng);
            goods.iter().take(most).map(|good| good.product.sku.clone()).collect::<Vec<_>>()
        });
        for good in goods.into_iter().take(most) {
            let block = node.child("facing", facings.len());
            let wanted = block.draw("facings", |rng| count(&recipe.facings, 1, rng));
            let width = good.size.x + spacing;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small ratio")]
            let room = ((board.right - x) / width).max(0.0).floor() as usize;
            let depth = board.depth() - setback - 0.004;
            if room == 0 || good.size.z > depth {
                continue;
            }
            let pitch = good.size.z + block.draw("row_gap_m", |rng| uniform(0.001, 0.006, rng));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small ratio")]
            let rows = ((depth * row_fill / pitch).floor() as usize).clamp(1, max_rows);
            let fit = stack_that_fits(good.form.spec.stack, good.size.y, board.clear);
            let stacks = block.draw("stacks", |rng| {
                if fit > 1 && !chance(0.75, rng) { rng.random_range(1..=fit) } else { fit }
            });
            let number = wanted.min(room);
            for index in 0..number {
                #[expect(clippy::cast_precision_loss, reason = "a handful of facings")]
                let block_width = if index == 0 { number as f32 * width } else { 0.0 };
                facings.push(Facing {
                    good: Arc::clone(&good),
                    x: x + width * 0.5,
                    width,
                    rows,
                    pitch,
                    stacks,
                    setback,
                    leads: index == 0,
                    block_width,
                    item: None,
                });
                x += width;
            }
        }
        misses = if facings.len() == before { misses + 1 } else { 0 };
    }
    spread(&mut facings, board.right - x);
    facings
}

/// Shares out the width that is left over, so that a board ends where its bay ends and holes are even.
fn spread(facings: &mut [Facing], left_over: f32) {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen facings")]
    let extra = (left_over / facings.len().max(1) as f32).clamp(0.0, SPREAD_M);
    let mut shift = 0.0;
    for facing in facings.iter_mut() {
        facing.x += shift + extra * 0.5;
        facing.width += extra;
        if facing.leads {
            facing.block_width *= facing.width / (facing.width - extra);
        }
        shift += extra;
    }
}

/// Takes away back rows, then whole facings from the end, until no more than `most` units are planned.
pub(super) fn limit(plans: &mut [Vec<Vec<Facing>>], most: usize) {
    let total = |plans: &[Vec<Vec<Facing>>]| -> usize {
        plans.iter().flatten().flatten().map(|facing| facing.rows * facing.stacks).sum()
    };
    let deepest = plans.iter().flatten().flatten().map(|facing| facing.rows).max().unwrap_or(0);
    for rows in (1..deepest).rev() {
        if total(plans) <= most {
            return;
        }
        plans.iter_mut().flatten().flatten().for_each(|facing| facing.rows = facing.rows.min(rows));
    }
    let mut left = most;
    for board in plans.iter_mut().flatten() {
        for facing in board.iter_mut() {
            facing.rows = if left == 0 { 0 } else { facing.rows };
            facing.stacks = facing.stacks.min(left);
            left = left.saturating_sub(facing.rows * facing.stacks);
        }
        board.retain(|facing| facing.rows > 0);
    }
}
