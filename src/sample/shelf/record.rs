//! Facts about the whole shelf: the planogram as planned and as found.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    layout::Gondola,
    plan::Facing,
    stock::{Place, Stock, Unit},
};
use crate::{sample::placing::facts, scene::Facts};

/// A hole between goods counts as free from this width on, metres; below, it is the air between facings.
const HOLE_M: f32 = 0.03;

/// The facts, all lists in the order of bay, shelf, facing.
///
/// `planogram.planned` and `planogram.found` have one entry a planned facing, `planogram.compliance` one a block (the
/// facings of one product side by side). `on_shelf_availability` is the share of planned facings in whose front row
/// stands a unit of the planned product (null without a plan); `misplaced` lists units of other products;
/// `free_width_m` is, by board, the empty shelf: the width of all holes of at least 3 cm that no unit of any row
/// stands in.
pub(super) fn record(gondola: &Gondola, plans: &[Vec<Vec<Facing>>], stock: &Stock) -> Facts {
    let mut by_place: BTreeMap<Place, Vec<&Unit>> = BTreeMap::new();
    for unit in &stock.units {
        by_place.entry(unit.place).or_default().push(unit);
    }
    let (mut planned, mut found, mut available) = (Vec::new(), Vec::new(), 0_usize);
    let mut blocks: Vec<Block> = Vec::new();
    for (bay, shelf, index, facing) in all(plans) {
        let product = &facing.good.product;
        let mut entry = json!({
            "bay": bay, "shelf": shelf, "facing": index, "sku": product.sku, "form": product.form,
            "rows": facing.rows, "stacks": facing.stacks, "x_m": rounded(facing.x), "width_m": rounded(facing.width),
        });
        if let (Some(item), Some(entry)) = (facing.item, entry.as_object_mut()) {
            entry.insert("item".to_owned(), json!(item));
        }
        planned.push(entry);
        let units = by_place.get(&(bay, shelf, index)).map_or(&[][..], Vec::as_slice);
        let own = units.iter().filter(|unit| !unit.stranger).count();
        let in_front = units.iter().any(|unit| unit.row == 0 && !unit.stranger);
        available += usize::from(in_front);
        // What a shopper who stands before the facing would see of it.
        let first = units.iter().min_by_key(|unit| unit.row);
        found.push(json!({
            "bay": bay, "shelf": shelf, "facing": index, "sku": product.sku, "units": own,
            "strangers": units.len() - own, "in_front": in_front,
            "sold_out": stock.sold_out.contains(&(bay, shelf, index)),
            "front_sku": first.map(|unit| &unit.good.product.sku), "front_instance_id": first.map(|unit| unit.id.0),
        }));
        if facing.leads || blocks.is_empty() {
            blocks.push(Block::new(bay, shelf, index, facing));
        }
        if let Some(block) = blocks.last_mut() {
            block.add(facing, own, units.len() - own, in_front);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most some thousand facings")]
    let availability =
        if planned.is_empty() { Value::Null } else { json!(available as f64 / planned.len() as f64) };
    let misplaced: Vec<Value> = stock
        .units
        .iter()
        .filter(|unit| unit.stranger)
        .map(|unit| {
            let (bay, shelf, facing) = unit.place;
            json!({
                "instance_id": unit.id.0, "sku": unit.good.product.sku, "bay": bay, "shelf": shelf, "facing": facing,
            })
        })
        .collect();
    let compliance: Vec<Value> = blocks.iter().map(Block::told).collect();
    facts([
        ("planogram", json!({ "planned": planned, "found": found, "compliance": compliance })),
        ("on_shelf_availability", availability),
        ("misplaced", json!(misplaced)),
        ("free_width_m", json!(free_widths(gondola, stock))),
    ])
}

/// The facings of one product side by side: planned against found.
struct Block {
    bay: usize,
    shelf: usize,
    facing: usize,
    item: Option<usize>,
    sku: String,
    /// Planned, and found with a unit of the product in front.
    facings: [usize; 2],
    /// Planned and found.
    units: [usize; 2],
    strangers: usize,
}

impl Block {
    fn new(bay: usize, shelf: usize, facing: usize, first: &Facing) -> Self {
        let sku = first.good.product.sku.clone();
        Self { bay, shelf, facing, item: first.item, sku, facings: [0; 2], units: [0; 2], strangers: 0 }
    }

    fn add(&mut self, facing: &Facing, own: usize, strangers: usize, in_front: bool) {
        self.facings[0] += 1;
        self.facings[1] += usize::from(in_front);
        self.units[0] += facing.rows * facing.stacks;
        self.units[1] += own;
        self.strangers += strangers;
    }

    /// `full`: every facing has its unit in front and no stranger is among them; `empty`: none of the product is
    /// there; `misplaced`: strangers are; `gaps`: anything between.
    fn state(&self) -> &'static str {
        if self.units[1] == 0 {
            "empty"
        } else if self.strangers > 0 {
            "misplaced"
        } else if self.facings[0] == self.facings[1] {
            "full"
        } else {
            "gaps"
        }
    }

    fn told(&self) -> Value {
        json!({
            "bay": self.bay, "shelf": self.shelf, "facing": self.facing, "item": self.item, "sku": self.sku,
            "facings_planned": self.facings[0], "facings_found": self.facings[1],
            "units_planned": self.units[0], "units_found": self.units[1], "strangers": self.strangers,
            "state": self.state(),
        })
    }
}

fn all(plans: &[Vec<Vec<Facing>>]) -> impl Iterator<Item = (usize, usize, usize, &Facing)> {
    plans.iter().enumerate().flat_map(|(bay, boards)| {
        boards.iter().enumerate().flat_map(move |(shelf, facings)| {
            facings.iter().enumerate().map(move |(index, facing)| (bay, shelf, index, facing))
        })
    })
}

/// Tenths of a millimetre, so that files do not carry rounding noise.
fn rounded(metres: f32) -> f64 {
    (f64::from(metres) * 10_000.0).round() / 10_000.0
}

fn free_widths(gondola: &Gondola, stock: &Stock) -> Vec<Value> {
    let mut spans: BTreeMap<(usize, usize), Vec<(f32, f32)>> = BTreeMap::new();
    for unit in &stock.units {
        let (centre, reach) = (unit.prism.footprint.centre().x, unit.prism.footprint.reach().x);
        let (bay, shelf, _) = unit.place;
        spans.entry((bay, shelf)).or_default().push((centre - reach, centre + reach));
    }
    let mut free = Vec::new();
    for (bay, content) in gondola.bays.iter().enumerate() {
        for (shelf, board) in content.boards.iter().enumerate() {
            let mut taken = spans.remove(&(bay, shelf)).unwrap_or_default();
            taken.sort_by(|a, b| a.0.total_cmp(&b.0));
            let (mut from, mut sum) = (board.left, 0.0);
            for (start, end) in taken.into_iter().chain([(board.right, board.right)]) {
                if start - from >= HOLE_M {
                    sum += start - from;
                }
                from = from.max(end);
            }
            free.push(json!({
                "bay": bay, "shelf": shelf, "width_m": rounded(board.width()), "free_m": rounded(sum),
                "free_share": rounded(sum / board.width().max(0.001)),
            }));
        }
    }
    free
}
