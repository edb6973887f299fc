//! The shelf stage: bays that face +Z, boards along X, products as planned and as shoppers left them.

mod cold;
mod dressing;
mod fixtures;
mod found;
mod glass;
mod heap;
mod layout;
mod plan;
mod planogram;
mod record;
mod shoppers;
mod stock;
mod strew;
mod surroundings;
mod tags;
mod wire_basket;

use rand::{Rng, RngExt};

pub(super) use {glass::furnish, planogram::Planned};

use super::{SampleError, Sampler, Staged, placing::Placing};
use crate::{
    config::{Dist, FixtureKind, ShelfRecipe},
    seed::Node,
};

/// Stages a shelf under `root`.
pub(super) fn stage(sampler: &Sampler, recipe: &ShelfRecipe, root: &Node) -> Result<Staged, SampleError> {
    let mut gondola = layout::Gondola::draw(recipe, root);
    let planned = sampler.planned();
    if let Some(planned) = planned {
        planned.shape(&mut gondola);
    }
    let kind = gondola.kind;
    let laid = kind == FixtureKind::Freezer;
    let mut heaps: Vec<heap::Heap> = Vec::new();
    let mut pools = Vec::with_capacity(gondola.bays.len());
    let mut plans = Vec::with_capacity(gondola.bays.len());
    for index in 0..gondola.bays.len() {
        let node = root.child("bay", index);
        let pool = plan::Pool::draw(sampler, kind, &node)?;
        let poured = match planned {
            None if recipe.planned => heap::Heap::draw(&gondola, index, &pool, &node),
            _ => Vec::new(),
        };
        let bay = &mut gondola.bays[index];
        plans.push(if let Some(planned) = planned {
            planned.plan_bay(index, &bay.boards, recipe, &node)
        } else if !poured.is_empty() {
            vec![Vec::new(); bay.boards.len()]
        } else {
            let plan = plan::plan_bay(bay, &pool, (recipe, laid), &node);
            if bay.boards.len() > 1 {
                bay.tighten(&plan, &node);
            }
            plan
        });
        heaps.extend(poured);
        pools.push(pool);
    }
    let mut placing = Placing::default();
    fixtures::place(sampler, &gondola, &heaps, root, &mut placing);
    let most = recipe.max_products as usize;
    let facts = if recipe.planned {
        // What a user planned is shown as planned, however much it is.
        if planned.is_none() {
            plan::limit(&mut plans, most);
        }
        let mut stock = stock::stock(sampler, &gondola, &plans, &pools, recipe, root, &mut placing);
        for heap in &heaps {
            let left = most.saturating_sub(stock.units.len());
            heap.fill(left, &root.child("bay", heap.bay), &mut placing, &mut stock);
        }
        tags::place(sampler, &gondola, &plans, recipe, root, &mut placing);
        tags::offers(sampler, &gondola, &heaps, root, &mut placing);
        record::record(&gondola, &plans, &stock)
    } else {
        let stock = strew::strew(&gondola, &plans, &pools, recipe, root, &mut placing);
        tags::rails(sampler, &gondola, recipe, root, &mut placing);
        record::record(&gondola, &[], &stock)
    };
    let height = dressing::cases(sampler, &gondola, &plans, recipe, root, &mut placing);
    shoppers::place(sampler, &gondola, recipe, root, &mut placing);
    let ceiling = surroundings::place(sampler, &gondola, root, &mut placing);
    let share = root.child("camera", 0).draw("focus_share", |rng| uniform(0.15, 0.95, rng));
    let (left, right) = gondola.ends();
    Ok(Staged {
        placing,
        front: gondola.base_extra,
        edges: gondola.edges(),
        from_above: gondola.walls > 0.0,
        facts,
        focus: gondola.focus(share),
        half_width: (right - left) * 0.5,
        height,
        ceiling,
    })
}

fn uniform(min: f32, max: f32, rng: &mut impl Rng) -> f32 {
    min + (max - min) * rng.random::<f32>()
}

fn chance(probability: f32, rng: &mut impl Rng) -> bool {
    rng.random::<f32>() < probability
}

#[expect(clippy::cast_possible_truncation, reason = "lengths and shares need no more than f32")]
fn metres(dist: &Dist, rng: &mut impl Rng) -> f32 {
    dist.sample(rng) as f32
}

fn probability(dist: &Dist, rng: &mut impl Rng) -> f32 {
    metres(dist, rng).clamp(0.0, 1.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a small range")]
fn count(dist: &Dist, least: usize, rng: &mut impl Rng) -> usize {
    (dist.sample(rng).round().clamp(0.0, 10_000.0) as usize).max(least)
}
