//! Price rails along the boards, a tag for each product's block of facings, cards that stand out.

use glam::{Affine3A, Quat, Vec3};
use rand::RngExt;
use serde_json::json;

use super::{
    chance, cold,
    found::{in_heap, on_board},
    heap::Heap,
    layout::{Board, Gondola, RAIL_HANG_M},
    plan::Facing,
    probability, uniform, wire_basket,
};
use crate::{
    art::Product,
    config::{FixtureKind, ShelfRecipe},
    sample::{
        Sampler,
        parts::Part,
        placing::{Placing, Thing},
    },
    scene::{ArtKey, Dress, Facts, Role},
    seed::Node,
};

/// Height and depth of the rail as modelled, metres.
const RAIL_M: (f32, f32) = (0.045, 0.012);
/// A tag's width, height and thickness, metres.
const TAG_M: Vec3 = Vec3::new(0.07, 0.038, 0.001);
/// How much larger the sign of a basket is than a tag.
const SIGN: f32 = 2.1;

/// Where the rail of a board hangs: its upper edge's height and the depth of its back; `None` where there is none.
fn rail_of(gondola: &Gondola, board: &Board) -> Option<(f32, f32)> {
    match gondola.kind {
        FixtureKind::Pegboard | FixtureKind::Pallet | FixtureKind::WireBasket => None,
        FixtureKind::Freezer => {
            Some((board.height + cold::WALL_M - 0.01, board.front + 0.004 + cold::CHEST_M))
        }
        _ => Some((board.height + (gondola.rail - RAIL_HANG_M).max(0.0), board.front)),
    }
}

/// Puts a price rail along every board; a fixture has one design of strip, now and then broken by another.
pub(super) fn rails(
    sampler: &Sampler,
    gondola: &Gondola,
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) {
    let tint = root.draw("rail_tint", super::fixtures::painted);
    let strips = root.draw("strips", |rng| probability(&recipe.dressing.strips, rng));
    let designs = [Part::EdgeWood, Part::EdgeStripes, Part::EdgeDots, Part::EdgeLeaves, Part::EdgeCheck];
    let weights = [4.0, 1.0, 1.0, 1.0, 1.0];
    let design = root.draw("strip_design", |rng| crate::config::pick(&weights, rng));
    for (bay, content) in gondola.bays.iter().enumerate() {
        for (shelf, board) in content.boards.iter().enumerate() {
            let Some((height, back)) = rail_of(gondola, board) else { continue };
            let node = root.child("bay", bay).child("board", shelf);
            let own = node.draw("strip", |rng| {
                let other = if chance(0.15, rng) { rng.random_range(0..designs.len()) } else { design };
                chance(strips, rng).then_some(other)
            });
            let part = own.map_or(Part::ShelfEdge, |design| designs[design]);
            let middle = Vec3::new((content.left + content.right) * 0.5, height, back);
            let width = content.right - content.left - 0.002;
            placing.add(Thing {
                path: node.child("edge", 0).path().to_owned(),
                class: "shelf_edge",
                role: Role::Labelled,
                model: Some(sampler.model(part)),
                world_from_object: Affine3A::from_scale_rotation_translation(
                    Vec3::new(width, gondola.rail / RAIL_M.0, 1.0),
                    Quat::IDENTITY,
                    middle,
                ),
                dresses: Vec::new(),
                tint: if part == Part::ShelfEdge { tint } else { Vec3::ONE },
                facts: on_board(bay, shelf),
            });
        }
    }
}

/// Puts rails along the boards and tags onto the rails.
pub(super) fn place(
    sampler: &Sampler,
    gondola: &Gondola,
    plans: &[Vec<Vec<Facing>>],
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) {
    rails(sampler, gondola, recipe, root, placing);
    let share = root.draw("tag_share", |rng| probability(&recipe.tag_share, rng));
    // Tags are made for the rail: nearly as high as it, now and then a little higher.
    let scale = root.draw("tag_scale", |rng| uniform(0.78, 1.0, rng)) * gondola.rail / TAG_M.y;
    let wobblers = root.draw("wobblers", |rng| probability(&recipe.dressing.wobblers, rng));
    for (bay, plan) in plans.iter().enumerate() {
        for (shelf, facings) in plan.iter().enumerate() {
            let board = &gondola.bays[bay].boards[shelf];
            let node = root.child("bay", bay).child("board", shelf);
            let mut free_from = board.left;
            for (index, facing) in facings.iter().enumerate().filter(|(_, facing)| facing.leads) {
                let own = node.child("facing", index);
                if !own.draw("tagged", |rng| chance(share, rng)) {
                    continue;
                }
                let half = TAG_M.x * scale * 0.5;
                let (left, right) =
                    (facing.x - facing.width * 0.5, facing.x - facing.width * 0.5 + facing.block_width);
                let slack = (facing.block_width - 2.0 * half).clamp(0.0, 0.04);
                let shift = own.draw("tag_shift_m", |rng| uniform(0.0, slack, rng));
                // Slim goods leave a tag less room than it needs: it moves on, while it still is under its block.
                let x = if board.hung { facing.x } else { (left + half + shift).max(free_from + half) };
                if x > right || x + half > board.right + 0.01 {
                    continue;
                }
                free_from = x + half + 0.002;
                let mut place = on_board(bay, shelf);
                place.insert("facing".to_owned(), json!(index));
                let holder = Holder { sampler, gondola, board };
                placing.add(holder.tag(&facing.good.product, place, x, scale, &own));
                if own.draw("wobbler", |rng| chance(wobblers, rng)) && rail_of(gondola, board).is_some() {
                    holder.wobbler(facing, x, &own, placing);
                }
            }
        }
    }
}

/// Puts a tag for each of a heap's offers before it: on a chest's rail, or as a sign on a basket's rim.
pub(super) fn offers(
    sampler: &Sampler,
    gondola: &Gondola,
    heaps: &[Heap],
    root: &Node,
    placing: &mut Placing,
) {
    for heap in heaps {
        let board = &gondola.bays[heap.bay].boards[0];
        let holder = Holder { sampler, gondola, board };
        for (index, (offer, x)) in heap.offers.iter().zip(heap.tag_places()).enumerate() {
            let own = root.child("bay", heap.bay).child("heap", heap.number).child("offer", index);
            let scale = if rail_of(gondola, board).is_some() { gondola.rail / TAG_M.y } else { SIGN };
            placing.add(holder.tag(&offer.good.product, in_heap(heap.bay, heap.number), x, scale, &own));
        }
    }
}

/// What carries tags.
struct Holder<'a> {
    sampler: &'a Sampler,
    gondola: &'a Gondola,
    board: &'a Board,
}

impl Holder<'_> {
    fn tag(&self, product: &Product, mut facts: Facts, x: f32, scale: f32, node: &Node) -> Thing {
        let board = self.board;
        let tilt = node.draw("tag_tilt_deg", |rng| uniform(-1.2, 1.2, rng)).to_radians();
        let (y, z) = match rail_of(self.gondola, board) {
            Some((top, back)) => (top - self.gondola.rail * 0.5, back + RAIL_M.1),
            None if self.gondola.walls > 0.0 => {
                (board.height + self.gondola.walls - TAG_M.y * scale * 0.5, board.front + wire_basket::OUT_M)
            }
            // At the end of a hook; low before a pallet.
            None if board.hung => (board.hook() + 0.034, board.front + 0.012),
            None => (board.height - 0.04, board.front + 0.021),
        };
        let centre = Vec3::new(x, y, z + TAG_M.z * 0.5 + 0.0003);
        facts.insert("sku".to_owned(), json!(product.sku));
        facts.insert("price_cents".to_owned(), json!(product.price_cents));
        let art = ArtKey { sku: product.sku.clone(), slot: "price_tag".to_owned() };
        Thing {
            path: node.child("tag", 0).path().to_owned(),
            class: "price_tag",
            role: Role::Labelled,
            model: Some(self.sampler.model(Part::PriceTag)),
            world_from_object: Affine3A::from_scale_rotation_translation(
                Vec3::new(scale, scale, 1.0),
                Quat::from_rotation_z(tilt),
                centre,
            ),
            dresses: vec![Dress { material: self.sampler.parts().tag, art: Some(art), colour: None }],
            tint: Vec3::ONE,
            facts,
        }
    }

    /// A card on a springy strip, hanging out from the rail over the edge: in the shopper's way, as it is meant.
    fn wobbler(&self, facing: &Facing, x: f32, node: &Node, placing: &mut Placing) {
        let Some((top, back)) = rail_of(self.gondola, self.board) else { return };
        let size = node.draw("wobbler_m", |rng| uniform(0.06, 0.1, rng));
        let turn = node.draw("wobbler_deg", |rng| uniform(-25.0, 25.0, rng)).to_radians();
        let out = node.draw("wobbler_out_m", |rng| uniform(0.03, 0.07, rng));
        let y = top - self.gondola.rail - size * 0.25;
        let z = back + RAIL_M.1 + out;
        let art = ArtKey { sku: facing.good.product.sku.clone(), slot: "price_tag".to_owned() };
        placing.add(Thing {
            path: node.child("wobbler", 0).path().to_owned(),
            class: "fixture",
            role: Role::Background,
            model: Some(self.sampler.model(Part::Wobbler)),
            world_from_object: Affine3A::from_scale_rotation_translation(
                Vec3::new(size, size, 0.0006),
                Quat::from_rotation_y(turn) * Quat::from_rotation_x(-0.1),
                Vec3::new(x, y, z),
            ),
            dresses: vec![Dress { material: self.sampler.parts().wobbler, art: Some(art), colour: None }],
            tint: Vec3::ONE,
            facts: crate::scene::Facts::new(),
        });
        let strip = (
            Vec3::new(x - 0.004, y + size * 0.2, back + RAIL_M.1),
            Vec3::new(x + 0.004, y + size * 0.2 + 0.0006, z),
        );
        let path = node.child("wobbler_strip", 0).path().to_owned();
        placing.pane(path, self.sampler.model(Part::Clear), strip);
    }
}
