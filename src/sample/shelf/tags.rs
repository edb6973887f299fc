//! Price rails along the boards, and a tag for each product's block of facings.

use glam::{Affine3A, Quat, Vec3};
use serde_json::json;

use super::{
    chance,
    layout::{Board, Gondola, RAIL_M},
    plan::Facing,
    probability,
    stock::on_board,
    uniform,
};
use crate::{
    config::ShelfRecipe,
    sample::{
        Sampler,
        placing::{Placing, Thing},
    },
    scene::{ArtKey, Dress, Role},
    seed::Node,
};

/// Depth of the rail in front of the board, metres.
const RAIL_DEPTH_M: f32 = 0.012;
/// A tag's width, height and thickness, metres.
const TAG_M: Vec3 = Vec3::new(0.07, 0.038, 0.001);

/// Puts a price rail along every board.
pub(super) fn rails(sampler: &Sampler, gondola: &Gondola, root: &Node, placing: &mut Placing) {
    let tint = root.draw("rail_tint", super::fixtures::painted);
    for (bay, content) in gondola.bays.iter().enumerate() {
        for (shelf, board) in content.boards.iter().enumerate() {
            let node = root.child("bay", bay).child("board", shelf);
            let middle = Vec3::new((content.left + content.right) * 0.5, board.height, board.front);
            let width = content.right - content.left - 0.002;
            placing.add(Thing {
                path: node.child("edge", 0).path().to_owned(),
                class: "shelf_edge",
                role: Role::Labelled,
                model: Some(sampler.fixtures().shelf_edge),
                world_from_object: Affine3A::from_scale_rotation_translation(
                    Vec3::new(width, 1.0, 1.0),
                    Quat::IDENTITY,
                    middle,
                ),
                dresses: Vec::new(),
                tint,
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
    rails(sampler, gondola, root, placing);
    let share = root.draw("tag_share", |rng| probability(&recipe.tag_share, rng));
    let scale = root.draw("tag_scale", |rng| uniform(0.72, 1.0, rng));
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
                let x = (left + half + shift).max(free_from + half);
                if x > right || x + half > board.right + 0.01 {
                    continue;
                }
                free_from = x + half + 0.002;
                placing.add(tag(sampler, board, facing, (bay, shelf, index), x, scale, &own));
            }
        }
    }
}

fn tag(
    sampler: &Sampler,
    board: &Board,
    facing: &Facing,
    (bay, shelf, index): (usize, usize, usize),
    x: f32,
    scale: f32,
    node: &Node,
) -> Thing {
    let tilt = node.draw("tag_tilt_deg", |rng| uniform(-1.2, 1.2, rng)).to_radians();
    let centre =
        Vec3::new(x, board.height - RAIL_M * 0.5, board.front + RAIL_DEPTH_M + TAG_M.z * 0.5 + 0.0003);
    let product = &facing.good.product;
    let mut facts = on_board(bay, shelf);
    facts.insert("facing".to_owned(), json!(index));
    facts.insert("sku".to_owned(), json!(product.sku));
    facts.insert("price_cents".to_owned(), json!(product.price_cents));
    let art = ArtKey { sku: product.sku.clone(), slot: "price_tag".to_owned() };
    Thing {
        path: node.child("tag", 0).path().to_owned(),
        class: "price_tag",
        role: Role::Labelled,
        model: Some(sampler.fixtures().price_tag),
        world_from_object: Affine3A::from_scale_rotation_translation(
            Vec3::new(scale, scale, 1.0),
            Quat::from_rotation_z(tilt),
            centre,
        ),
        dresses: vec![Dress { material: sampler.fixtures().tag, art: Some(art), colour: None }],
        tint: Vec3::ONE,
        facts,
    }
}
