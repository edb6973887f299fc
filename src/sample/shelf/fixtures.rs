//! Boards, posts and panels, and the store round them: drawn, never labelled.

use glam::Vec3;
use rand::{Rng, RngExt};

use super::{
    chance,
    layout::{BOARD_M, Gondola},
    uniform,
};
use crate::{
    sample::{Sampler, placing::Placing},
    seed::Node,
};

/// Side of a floor or ceiling tile, metres.
const TILE_M: f32 = 10.0;

/// Paint of metal parts, linear.
pub(super) fn painted(rng: &mut impl Rng) -> Vec3 {
    let paints = [
        Vec3::new(0.82, 0.82, 0.80),
        Vec3::new(0.74, 0.72, 0.66),
        Vec3::new(0.42, 0.43, 0.45),
        Vec3::new(0.13, 0.13, 0.14),
        Vec3::new(0.55, 0.42, 0.29),
        Vec3::new(0.60, 0.62, 0.66),
    ];
    paints[rng.random_range(0..paints.len())] * uniform(0.85, 1.05, rng)
}

/// Places everything that is no product, tag or rail; gives the ceiling's height, metres.
pub(super) fn place(sampler: &Sampler, gondola: &Gondola, root: &Node, placing: &mut Placing) -> f32 {
    let models = sampler.fixtures();
    let metal = root.draw("metal_tint", painted);
    let back_tint = root.draw("back_tint", |rng| if chance(0.6, rng) { metal } else { painted(rng) });
    let dividers = root.draw("dividers", |rng| chance(0.3, rng));
    let bottom = gondola.base_height - BOARD_M;
    for (index, bay) in gondola.bays.iter().enumerate() {
        let node = root.child("bay", index);
        let path = |name: &str| node.child(name, 0).path().to_owned();
        let (middle, width, top) = ((bay.left + bay.right) * 0.5, bay.right - bay.left, bay.top());
        for (shelf, board) in bay.boards.iter().enumerate() {
            placing.fixture(
                node.child("board", shelf).child("shelf_board", 0).path().to_owned(),
                models.shelf_board,
                Vec3::new(width - 0.024, 1.0, board.depth()),
                Vec3::new(middle, board.height, board.front),
                metal,
            );
        }
        let recess = 0.03;
        placing.fixture(
            path("base_kick"),
            models.base_kick,
            Vec3::new(width - 0.004, bottom / 0.1, gondola.depth + gondola.base_extra - recess),
            Vec3::new(middle, 0.0, gondola.base_extra - recess),
            metal * 0.6,
        );
        placing.fixture(
            path("back_panel"),
            models.back_panel,
            Vec3::new(width - 0.04, top - bottom, 1.0),
            Vec3::new(middle, bottom, -gondola.depth - 0.002),
            back_tint,
        );
    }
    let (left, right) = gondola.ends();
    let height = gondola.top();
    let edges: Vec<f32> = gondola.bays.iter().map(|bay| bay.left).chain([right]).collect();
    let reach = gondola.depth + gondola.base_extra;
    for (index, &x) in edges.iter().enumerate() {
        placing.fixture(
            root.child("upright", index).path().to_owned(),
            models.upright,
            Vec3::new(1.0, height, 1.0),
            Vec3::new(x, 0.0, -gondola.depth - 0.032),
            metal,
        );
        let outer = index == 0 || index + 1 == edges.len();
        if outer || dividers {
            let shift = if index == 0 {
                -0.012
            } else if outer {
                0.012
            } else {
                0.0
            };
            let depth = if dividers { gondola.depth } else { reach };
            placing.fixture(
                root.child("side_panel", index).path().to_owned(),
                models.side_panel,
                Vec3::new(1.0, height, depth - 0.002),
                Vec3::new(x + shift, 0.0, depth - gondola.depth - 0.001),
                metal,
            );
        }
    }
    store(sampler, gondola, (left, right), height, root, placing)
}

/// Floor, ceiling and the wall behind, if there is one.
fn store(
    sampler: &Sampler,
    gondola: &Gondola,
    (left, right): (f32, f32),
    height: f32,
    root: &Node,
    placing: &mut Placing,
) -> f32 {
    let models = sampler.fixtures();
    let floor_tint = root.draw("floor_tint", |rng| {
        let grey = uniform(0.35, 0.85, rng);
        Vec3::new(grey, grey * uniform(0.93, 1.0, rng), grey * uniform(0.8, 1.0, rng))
    });
    let ceiling = root.draw("ceiling_m", |rng| uniform(2.9, 4.2, rng)).max(height + 0.6);
    let mut tile = 0;
    for x in [-0.5, 0.5] {
        for z in [-0.5, 0.5] {
            let at = Vec3::new(x * TILE_M, 0.0, z * TILE_M + 2.0);
            placing.fixture(
                root.child("floor", tile).path().to_owned(),
                models.floor_tile,
                Vec3::ONE,
                at,
                floor_tint,
            );
            placing.fixture(
                root.child("ceiling", tile).path().to_owned(),
                models.ceiling,
                Vec3::ONE,
                at + Vec3::Y * ceiling,
                Vec3::ONE,
            );
            tile += 1;
        }
    }
    if root.draw("against_wall", |rng| chance(0.5, rng)) {
        let tint = root.draw("wall_tint", |rng| painted(rng).lerp(Vec3::splat(0.8), 0.5));
        placing.fixture(
            root.child("wall", 0).path().to_owned(),
            models.wall,
            Vec3::new((right - left) + 16.0, ceiling, 1.0),
            Vec3::new((left + right) * 0.5, 0.0, -gondola.depth - 0.07),
            tint,
        );
    }
    ceiling
}
