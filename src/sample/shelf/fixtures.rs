//! Boards, posts and panels: drawn, never labelled.

use glam::Vec3;
use rand::{Rng, RngExt};

use super::{
    chance, cold,
    heap::Heap,
    layout::{BOARD_M, Board, Gondola},
    uniform, wire_basket,
};
use crate::{
    config::FixtureKind,
    sample::{Sampler, parts::Part, placing::Placing},
    seed::Node,
};

/// Paint of metal parts, linear.
pub(super) fn painted(rng: &mut impl Rng) -> Vec3 {
    let paints = [
        Vec3::new(0.82, 0.82, 0.80),
        Vec3::new(0.74, 0.72, 0.66),
        Vec3::new(0.42, 0.43, 0.45),
        Vec3::new(0.13, 0.13, 0.14),
        Vec3::new(0.30, 0.22, 0.15),
        Vec3::new(0.60, 0.62, 0.66),
    ];
    paints[rng.random_range(0..paints.len())] * uniform(0.85, 1.05, rng)
}

/// What parts are placed with.
pub(super) struct Shop<'a> {
    pub(super) sampler: &'a Sampler,
    pub(super) gondola: &'a Gondola,
    pub(super) root: &'a Node,
    pub(super) metal: Vec3,
}

impl Shop<'_> {
    /// A box of one of the cubes, named within the fixture.
    pub(super) fn block(
        &self,
        placing: &mut Placing,
        (name, index): (&str, usize),
        part: Part,
        corners: ([f32; 3], [f32; 3]),
        tint: Vec3,
    ) {
        let path = self.root.child(name, index).path().to_owned();
        placing.block(path, self.sampler.model(part), (corners.0.into(), corners.1.into()), tint);
    }
}

/// Places everything of the fixture that is no product, tag or rail.
pub(super) fn place(
    sampler: &Sampler,
    gondola: &Gondola,
    heaps: &[Heap],
    root: &Node,
    placing: &mut Placing,
) {
    let metal = root.draw("metal_tint", painted);
    let shop = Shop { sampler, gondola, root, metal };
    match gondola.kind {
        FixtureKind::Gondola | FixtureKind::Wall => shop.gondola(placing),
        FixtureKind::EndCap => {
            shop.gondola(placing);
            shop.header(placing);
        }
        FixtureKind::Pegboard => shop.pegboard(placing),
        FixtureKind::OpenChiller | FixtureKind::Cooler => {
            shop.boards(placing);
            cold::cabinet(&shop, placing);
            if gondola.kind == FixtureKind::Cooler {
                cold::doors(&shop, placing);
            }
        }
        FixtureKind::Freezer => cold::chest(&shop, heaps, placing),
        FixtureKind::Pallet => shop.pallets(placing),
        FixtureKind::WireBasket => wire_basket::place(&shop, placing),
    }
}

impl Shop<'_> {
    fn every_board(&self) -> impl Iterator<Item = (usize, usize, &Board)> {
        let boards = self.gondola.bays.iter().enumerate();
        boards.flat_map(|(bay, content)| {
            content.boards.iter().enumerate().map(move |(shelf, board)| (bay, shelf, board))
        })
    }

    fn boards(&self, placing: &mut Placing) {
        for (bay, shelf, board) in self.every_board() {
            let node = self.root.child("bay", bay).child("board", shelf).child("shelf_board", 0);
            placing.fixture(
                node.path().to_owned(),
                self.sampler.model(Part::ShelfBoard),
                Vec3::new(board.width() + 0.004, 1.0, board.depth()),
                Vec3::new((board.left + board.right) * 0.5, board.height, board.front),
                self.metal,
            );
        }
    }

    fn back(&self, placing: &mut Placing, from: f32, top: f32, tint: Vec3) {
        for (index, bay) in self.gondola.bays.iter().enumerate() {
            placing.fixture(
                self.root.child("bay", index).child("back_panel", 0).path().to_owned(),
                self.sampler.model(Part::BackPanel),
                Vec3::new(bay.right - bay.left - 0.04, top - from, 1.0),
                Vec3::new((bay.left + bay.right) * 0.5, from, -self.gondola.depth - 0.002),
                tint,
            );
        }
    }

    fn gondola(&self, placing: &mut Placing) {
        let (gondola, root) = (self.gondola, self.root);
        let back_tint = root.draw("back_tint", |rng| {
            let own = painted(rng);
            // Behind goods a panel is mostly seen dusty and in the dark.
            if chance(0.5, rng) { self.metal * 0.7 } else { own * 0.6 }
        });
        let dividers = root.draw("dividers", |rng| chance(0.3, rng));
        let bottom = gondola.base_height - BOARD_M;
        let height = gondola.top();
        self.boards(placing);
        for (index, bay) in gondola.bays.iter().enumerate() {
            let recess = 0.03;
            placing.fixture(
                root.child("bay", index).child("base_kick", 0).path().to_owned(),
                self.sampler.model(Part::BaseKick),
                Vec3::new(
                    bay.right - bay.left - 0.004,
                    bottom / 0.1,
                    gondola.depth + gondola.base_extra - recess,
                ),
                Vec3::new((bay.left + bay.right) * 0.5, 0.0, gondola.base_extra - recess),
                self.metal * 0.6,
            );
        }
        self.back(placing, bottom, height, back_tint);
        let edges = gondola.edges();
        let reach = gondola.depth + gondola.base_extra;
        for (index, &x) in edges.iter().enumerate() {
            placing.fixture(
                root.child("upright", index).path().to_owned(),
                self.sampler.model(Part::Upright),
                Vec3::new(1.0, height, 1.0),
                Vec3::new(x, 0.0, -gondola.depth - 0.032),
                self.metal,
            );
            let outer = index == 0 || index + 1 == edges.len();
            if outer || dividers {
                let shift = match index {
                    0 => -0.012,
                    _ if outer => 0.012,
                    _ => 0.0,
                };
                let depth = if dividers { gondola.depth } else { reach };
                placing.fixture(
                    root.child("side_panel", index).path().to_owned(),
                    self.sampler.model(Part::SidePanel),
                    Vec3::new(1.0, height, depth - 0.002),
                    Vec3::new(x + shift, 0.0, depth - gondola.depth - 0.001),
                    self.metal,
                );
            }
        }
    }

    /// A sign over the end of a gondola.
    fn header(&self, placing: &mut Placing) {
        let (left, right) = self.gondola.ends();
        let top = self.gondola.top();
        let tint = self.root.draw("header_tint", |rng| {
            let signs = [
                Vec3::new(0.75, 0.05, 0.05),
                Vec3::new(0.90, 0.70, 0.05),
                Vec3::new(0.05, 0.22, 0.55),
                Vec3::new(0.10, 0.42, 0.16),
            ];
            signs[rng.random_range(0..signs.len())]
        });
        let board = ([left, top + 0.02, -0.03], [right, top + 0.27, 0.0]);
        self.block(placing, ("header", 0), Part::Plain, board, tint);
        let band = ([left + 0.05, top + 0.10, 0.0], [right - 0.05, top + 0.19, 0.002]);
        self.block(placing, ("header", 1), Part::Plain, band, Vec3::splat(1.1));
    }

    /// Hooks are placed with their goods; here is what they are stuck in.
    fn pegboard(&self, placing: &mut Placing) {
        let gondola = self.gondola;
        let top = gondola.top() + 0.08;
        self.back(placing, 0.0, top, self.metal);
        for (index, x) in gondola.edges().into_iter().enumerate() {
            placing.fixture(
                self.root.child("upright", index).path().to_owned(),
                self.sampler.model(Part::Upright),
                Vec3::new(1.0, top, 1.0),
                Vec3::new(x, 0.0, -gondola.depth - 0.032),
                self.metal,
            );
        }
        let (left, right) = gondola.ends();
        let base = ([left, 0.0, -gondola.depth], [right, 0.1, 0.04]);
        self.block(placing, ("base", 0), Part::Plain, base, self.metal * 0.5);
    }

    /// Slats on bearers, a sheet of card on top.
    fn pallets(&self, placing: &mut Placing) {
        let tint = self.root.draw("wood_tint", |rng| Vec3::splat(uniform(0.6, 1.1, rng)));
        let mut index = 0;
        for bay in &self.gondola.bays {
            let Some(board) = bay.boards.first() else { continue };
            let (left, right) = (board.left - 0.02, board.right + 0.02);
            let (back, front) = (board.back - 0.02, board.front + 0.02);
            let mut wood = |placing: &mut Placing, corners| {
                self.block(placing, ("pallet", index), Part::Wood, corners, tint);
                index += 1;
            };
            for share in [0.0_f32, 0.5, 1.0] {
                let x = left + (right - left - 0.1) * share;
                wood(placing, ([x, 0.022, back], [x + 0.1, 0.1, front]));
                wood(placing, ([x, 0.0, back], [x + 0.1, 0.022, front]));
                let z = back + (front - back - 0.1) * share;
                wood(placing, ([left, 0.1, z], [right, 0.121, z + 0.1]));
            }
            for share in [0.0_f32, 0.25, 0.5, 0.75, 1.0] {
                let x = left + (right - left - 0.14) * share;
                wood(placing, ([x, 0.121, back], [x + 0.14, 0.142, front]));
            }
            let sheet = ([left, board.height - 0.002, back], [right, board.height, front]);
            self.block(placing, ("sheet", index), Part::Card, sheet, Vec3::splat(1.1));
        }
    }
}
