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
/// `planogram.planned` and `planogram.found` have one entry a planned facing. `on_shelf_availability` is the share
/// of planned facings in whose front row stands a unit of the planned product (null without a plan);
/// `misplaced` lists units of other products; `free_width_m` is, by board, the width of all holes of at least
/// 3 cm that no unit of any row stands in.
pub(super) fn record(gondola: &Gondola, plans: &[Vec<Vec<Facing>>], stock: &Stock) -> Facts {
    let mut by_place: BTreeMap<Place, Vec<&Unit>> = BTreeMap::new();
    for unit in &stock.units {
        by_place.entry(unit.place).or_default().push(unit);
    }
    let (mut planned, mut found, mut available) = (Vec::new(), Vec::new(), 0_usize);
    for (bay, shelf, index, facing) in all(plans) {
        let product = &facing.good.product;
        planned.push(json!({
            "bay": bay, "shelf": shelf, "facing": index, "sku": product.sku, "form": product.form,
            "rows": facing.rows, "stacks": facing.stacks, "x_m": rounded(facing.x), "width_m": rounded(facing.width),
        }));
        let units = by_place.get(&(bay, shelf, index)).map_or(&[][..], Vec::as_slice);
        let own = units.iter().filter(|unit| !unit.stranger).count();
        let in_front = units.iter().any(|unit| unit.row == 0 && !unit.stranger);
        available += usize::from(in_front);
        found.push(json!({
            "bay": bay, "shelf": shelf, "facing": index, "sku": product.sku, "units": own,
            "strangers": units.len() - own, "in_front": in_front,
            "sold_out": stock.sold_out.contains(&(bay, shelf, index)),
        }));
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
    facts([
        ("planogram", json!({ "planned": planned, "found": found })),
        ("on_shelf_availability", availability),
        ("misplaced", json!(misplaced)),
        ("free_width_m", json!(free_widths(gondola, stock))),
    ])
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
            free.push(json!({ "bay": bay, "shelf": shelf, "width_m": rounded(board.width()), "free_m": rounded(sum) }));
        }
    }
    free
}
