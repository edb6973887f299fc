//! The planogram: which product stands where, before any shopper came.
//!
//! A bay shows one department. Its boards are filled from left to right with brand blocks: the products of one
//! brand on one form, next to each other, each with its facings. As a merchandiser would: a bay's brands stand in
//! columns through all boards (vertical blocks), or have a board each (horizontal ones), or are mixed; the dearer goods
//! stand at the height of the eyes, the cheap ones above and below, what is large and heavy at the bottom. Brands whose
//! goods use a board's clear height well are likelier to get it; where none fits, the lowest goods do and the board
//! above is raised.

use std::{collections::BTreeMap, sync::Arc};

use glam::Vec3;

use super::{
    chance, count,
    layout::{Bay, Board},
    metres, probability, uniform,
};
use crate::{
    config::{FixtureKind, ShelfRecipe, pick},
    sample::{
        SampleError, Sampler,
        forms::{Good, Resting},
    },
    scene::Pose,
    seed::Node,
};
use rand::{Rng, RngExt, seq::SliceRandom};

/// The department whose goods are sold from freezers.
const FROZEN: &str = "frozen";
/// Products that a bay is planned from: so many neighbours in the catalogue, that brands come together.
const POOL: usize = 240;
/// Air that a planned facing leaves above its stack, metres.
const AIR_M: f32 = 0.015;
/// Brands that are tried for what is left of a block.
const TRIES: u32 = 6;
/// Widest extra space put between two facings to spread them over their board, metres.
const SPREAD_M: f32 = 0.03;

/// One facing as planned.
#[derive(Clone, Debug)]
pub(super) struct Facing {
    pub(super) good: Arc<Good>,
    /// How its units are put down.
    pub(super) pose: Resting,
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

impl Facing {
    /// Width, height and depth of a unit as it is put down, metres.
    pub(super) fn size(&self) -> Vec3 {
        self.good.extents(self.pose)
    }
}

/// Most units of a kind that are laid on each other.
const LAID: u32 = 7;
/// Packs less deep than this share of their height are laid down.
const FLAT: f32 = 0.6;
/// Share of a chest's goods that are laid down where they may be.
const LAID_SHARE: f32 = 0.75;

/// Height at which goods sell best, metres above the floor.
const EYE_M: f32 = 1.35;
/// How far from it half of the effect is gone, metres.
const EYE_REACH_M: f32 = 0.45;
/// How much likelier a brand comes into its own block than into another's.
const OWN_BLOCK: f64 = 300.0;

/// Products of one brand on one form.
struct Family {
    brand: String,
    goods: Vec<Arc<Good>>,
    tallest: f32,
    stack: u32,
    volume: f32,
    /// Rank of its price per litre among the pool's, 0 (cheapest) to 1.
    dear: f32,
}

/// How a bay's brands are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blocks {
    /// In columns through all boards.
    Vertical,
    /// A board each.
    Horizontal,
    /// As they fit.
    Mixed,
}

/// A stretch of each board and the brand that it belongs to.
struct Column {
    /// Right end, as a share of the board.
    to: f32,
    brand: Option<String>,
}

/// The goods that one bay may show.
pub(super) struct Pool {
    families: Vec<Family>,
}

impl Pool {
    /// Draws a department and a stretch of its products. Frozen goods lie in freezers, and nothing else does, unless
    /// there is nothing else to draw from.
    pub(super) fn draw(sampler: &Sampler, kind: FixtureKind, node: &Node) -> Result<Self, SampleError> {
        let all = sampler.shown();
        let suits = |name: &str| (name == FROZEN) == (kind == FixtureKind::Freezer);
        let suiting: Vec<_> = all.iter().filter(|(name, _)| suits(name)).collect();
        let shown = if suiting.is_empty() { all.iter().collect() } else { suiting };
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
        let mut families: Vec<Family> = groups
            .into_iter()
            .map(|((brand, _), goods)| Family {
                brand,
                dear: price_per_litre(&goods),
                tallest: goods.iter().map(|good| good.size.y).fold(0.0, f32::max),
                stack: goods[0].form.spec.stack.max(1),
                volume: goods.iter().map(|good| good.size.element_product()).fold(0.0, f32::max),
                goods,
            })
            .collect();
        let mut prices: Vec<f32> = families.iter().map(|family| family.dear).collect();
        prices.sort_by(f32::total_cmp);
        for family in &mut families {
            let below = prices.iter().filter(|price| **price < family.dear).count();
            #[expect(clippy::cast_precision_loss, reason = "a few dozen families")]
            let rank = below as f32 / (prices.len().max(2) - 1) as f32;
            family.dear = rank;
        }
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

    /// Its brands, those with the most goods first.
    fn brands(&self) -> Vec<String> {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for family in &self.families {
            *count.entry(&family.brand).or_default() += family.goods.len();
        }
        let mut brands: Vec<(&str, usize)> = count.into_iter().collect();
        brands.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        brands.into_iter().map(|(brand, _)| brand.to_owned()).collect()
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

/// Mean price of a litre of outer volume, cents.
fn price_per_litre(goods: &[Arc<Good>]) -> f32 {
    let of = |good: &Arc<Good>| {
        #[expect(clippy::cast_precision_loss, reason = "cents of one product")]
        let cents = good.product.price_cents as f32;
        cents / (good.size.element_product() * 1000.0).max(1e-3)
    };
    #[expect(clippy::cast_precision_loss, reason = "a few products")]
    let count = goods.len().max(1) as f32;
    goods.iter().map(of).sum::<f32>() / count
}

/// The columns of a bay's blocks; one without a brand where it has none.
fn columns(blocks: Blocks, pool: &Pool, node: &Node) -> Vec<Column> {
    if blocks != Blocks::Vertical {
        return vec![Column { to: 1.0, brand: None }];
    }
    let brands = pool.brands();
    let count = node.draw("columns", |rng| rng.random_range(2..=4_usize)).min(brands.len()).max(1);
    let shares: Vec<f32> = (0..count)
        .map(|index| node.child("column", index).draw("share", |rng| uniform(0.6, 1.6, rng)))
        .collect();
    let chosen = node.draw("column_brands", |rng| {
        let mut brands = brands.clone();
        brands.shuffle(rng);
        brands.truncate(count);
        brands
    });
    let total: f32 = shares.iter().sum();
    let mut to = 0.0;
    shares
        .into_iter()
        .zip(chosen)
        .map(|(share, brand)| {
            to += share / total;
            Column { to, brand: Some(brand) }
        })
        .collect()
}

/// Plans all boards of a bay, raising boards where goods need it; facings by board. With `laid`, goods are laid on their
/// backs where they may be, as in a chest that is seen from above.
pub(super) fn plan_bay(
    bay: &mut Bay,
    pool: &Pool,
    (recipe, laid): (&ShelfRecipe, bool),
    node: &Node,
) -> Vec<Vec<Facing>> {
    let mut used = vec![0_u32; pool.families.len()];
    let mut clear: Vec<f32> = bay.boards.iter().map(|board| board.clear).collect();
    let mut plans = Vec::with_capacity(clear.len());
    let blocks = node.draw("blocks", |rng| {
        let kinds = [Blocks::Vertical, Blocks::Horizontal, Blocks::Mixed];
        kinds[pick(&[0.45, 0.3, 0.25], rng)]
    });
    let mut columns = columns(blocks, pool, node);
    let brands = pool.brands();
    // The height that the board would have as drawn; raising boards moves them by little.
    let heights: Vec<f32> = bay.boards.iter().map(|board| board.height).collect();
    for (shelf, clear) in clear.iter_mut().enumerate() {
        let board_node = node.child("board", shelf);
        if pool.lowest() + AIR_M > *clear {
            *clear = pool.lowest() + AIR_M;
        }
        if let (Blocks::Horizontal, [column]) = (blocks, &mut *columns) {
            let most = brands.len().min(6);
            column.brand = board_node
                .draw("block_brand", |rng| (most > 0).then(|| brands[rng.random_range(0..most)].clone()));
        }
        let board = Board { clear: *clear, height: heights[shelf], ..bay.boards[shelf] };
        plans.push(plan_board(&board, shelf == 0, pool, &columns, &mut used, (recipe, laid), &board_node));
    }
    bay.set_clear(&clear);
    plans
}

/// How likely a family comes onto a board: by how well its stacks use the clear height, how often the bay already shows
/// it, whether the block is its brand's, how dear it is for the height above the floor, and, on the lowest board, how
/// large its goods are.
fn weight(family: &Family, board: &Board, lowest: bool, used: u32, block: Option<&str>) -> f64 {
    if family.tallest + AIR_M > board.clear || family.goods.iter().all(|good| good.size.z > board.depth()) {
        return 0.0;
    }
    let stack = stack_that_fits(family.stack, family.tallest, board.clear);
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let use_of_height = stack as f32 * family.tallest / board.clear;
    let size = if lowest { (family.volume / 0.001).clamp(0.1, 10.0) } else { 1.0 };
    // Good, better, best: 1 at the height of the eyes, falling to either side.
    let seen = 1.0 / (1.0 + ((board.height + board.clear * 0.4 - EYE_M) / EYE_REACH_M).powi(2));
    let better = (3.0 * (family.dear - 0.5) * (2.0 * seen - 1.0)).exp();
    let own = block == Some(family.brand.as_str());
    let (block, again) = if own { (OWN_BLOCK, 0.25_f64) } else { (1.0, 0.02) };
    f64::from(use_of_height.powi(3) * size * better) * block * again.powi(used.min(3).cast_signed())
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
    columns: &[Column],
    used: &mut [u32],
    (recipe, laid): (&ShelfRecipe, bool),
    node: &Node,
) -> Vec<Facing> {
    let mut facings: Vec<Facing> = Vec::new();
    let mut x = board.left;
    let mut column = 0;
    let spacing = node.draw("spacing_m", |rng| metres(&recipe.spacing_m, rng)).max(0.001);
    let setback = node.draw("setback_m", |rng| metres(&recipe.setback_m, rng)).max(0.0);
    let row_fill = node.draw("row_fill", |rng| probability(&recipe.row_fill, rng));
    let max_rows = node.draw("max_rows", |rng| count(&recipe.max_rows, 1, rng));
    // Goods that no longer fit leave a hole narrower than themselves; a few narrower ones are tried.
    let mut misses = 0;
    while misses < TRIES {
        let first = node.child("facing", facings.len());
        let weights: Vec<f64> = pool
            .families
            .iter()
            .zip(&*used)
            .map(|(family, &used)| weight(family, board, lowest, used, columns[column].brand.as_deref()))
            .collect();
        if weights.iter().all(|&weight| weight <= 0.0) {
            break;
        }
        let ends = if column + 1 == columns.len() {
            board.right
        } else {
            board.left + columns[column].to * board.width()
        };
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
            let flat = good.size.z < FLAT * good.size.y && !good.form.spec.round && good.allows(Pose::Lying);
            let lies = laid && flat && block.draw("laid", |rng| chance(LAID_SHARE, rng));
            let pose = if lies { Resting::OnBack } else { Resting::Upright };
            let size = good.extents(pose);
            let width = size.x + spacing;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small ratio")]
            let room = ((ends - x) / width).max(0.0).floor() as usize;
            let depth = board.depth() - setback - 0.004;
            if room == 0 || size.z > depth {
                continue;
            }
            let pitch = size.z + block.draw("row_gap_m", |rng| uniform(0.001, 0.006, rng));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small ratio")]
            let rows = ((depth * row_fill / pitch).floor() as usize).clamp(1, max_rows);
            let fit = stack_that_fits(if lies { LAID } else { good.form.spec.stack }, size.y, board.clear);
            let stacks = block.draw("stacks", |rng| {
                if fit > 1 && !chance(0.75, rng) { rng.random_range(1..=fit) } else { fit }
            });
            let number = wanted.min(room);
            for index in 0..number {
                #[expect(clippy::cast_precision_loss, reason = "a handful of facings")]
                let block_width = if index == 0 { number as f32 * width } else { 0.0 };
                facings.push(Facing {
                    good: Arc::clone(&good),
                    pose,
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
        if misses == TRIES && column + 1 < columns.len() {
            (misses, column) = (0, column + 1);
        }
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
