//! Goods without a plan, for ablations: anywhere on their boards, but still solid.

use std::sync::Arc;

use glam::Vec2;
use rand::RngExt;

use super::{
    layout::{Board, Gondola},
    plan::{Facing, Pool},
    stock::{Filling, Stock, Try, Unit},
    uniform,
};
use crate::{
    config::ShelfRecipe,
    physics::Prism,
    sample::{
        forms::{Good, Resting},
        placing::Placing,
    },
    scene::Pose,
    seed::Node,
};

/// Strews goods over the boards at random: no plan, but still nothing overlaps or floats.
pub(super) fn strew(
    gondola: &Gondola,
    plans: &[Vec<Vec<Facing>>],
    pools: &[Pool],
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) -> Stock {
    let mut stock = Stock::default();
    let mut left = recipe.max_products as usize;
    for (bay, pool) in pools.iter().enumerate() {
        for (shelf, plan) in plans[bay].iter().enumerate() {
            let board = &gondola.bays[bay].boards[shelf];
            let node = root.child("bay", bay).child("board", shelf);
            let wanted = plan.iter().map(|facing| facing.rows).sum::<usize>().min(left);
            let mut units = strew_board(board, &pool.fitting(board.clear, board.depth()), wanted, &node);
            left -= units.len();
            units.sort_by(|a, b| a.2.x.total_cmp(&b.2.x));
            for (facing, (unit, taken, centre, prism)) in units.into_iter().enumerate() {
                let place = (bay, shelf, facing);
                let world = taken.world_from_object(centre, board.height);
                let id = placing.add(taken.thing(world, place, (0, 0), &unit));
                stock.units.push(Unit { id, place, row: 0, good: taken.good, prism, stranger: false });
            }
        }
    }
    stock
}

fn strew_board(
    board: &Board,
    goods: &[Arc<Good>],
    wanted: usize,
    node: &Node,
) -> Vec<(Node, Try, Vec2, Prism)> {
    let mut filling = Filling { board, prisms: Vec::new() };
    let mut units = Vec::new();
    if goods.is_empty() {
        return units;
    }
    for attempt in 0..wanted * 6 {
        if units.len() == wanted {
            break;
        }
        let unit = node.child("strewn", attempt);
        let mut good = Arc::clone(&goods[0]);
        unit.draw("sku", |rng| {
            good = Arc::clone(&goods[rng.random_range(0..goods.len())]);
            good.product.sku.clone()
        });
        let yaw = unit.draw("yaw_deg", |rng| uniform(-180.0, 180.0, rng)).to_radians();
        let pose = unit.draw("pose", |rng| match rng.random_range(0..10) {
            0 if good.allows(Pose::UpsideDown) => Resting::OnHead,
            1 if good.allows(Pose::Lying) && !good.form.spec.round => Resting::OnBack,
            _ => Resting::Upright,
        });
        let centre = unit.draw("place_m", |rng| {
            Vec2::new(uniform(board.left, board.right, rng), uniform(board.back, board.front, rng))
        });
        let tries = [Try { good, pose, yaw }];
        if let Some((taken, centre, prism)) = filling.first_fit(&tries, board.height, |_| centre) {
            filling.prisms.push(prism);
            units.push((unit, taken, centre, prism));
        }
    }
    units
}
