//! Baskets of wire on legs, one a bay, into which goods are poured.

use glam::{Affine3A, Quat, Vec3};

use super::{fixtures::Shop, layout::Board};
use crate::{
    sample::{parts::Part, placing::Placing},
    scene::Role,
};

/// Height of a basket's walls above its floor, metres.
pub(super) const WALL_M: f32 = 0.3;
/// Thickness of its wires, and of its rim and legs.
pub(super) const WIRE_M: f32 = 0.0045;
pub(super) const RIM_M: f32 = 0.009;
/// How far its front reaches out before where goods may be.
pub(super) const OUT_M: f32 = WIRE_M * 1.5 + RIM_M;
/// From one wire to the next.
const MESH_M: f32 = 0.052;

/// Places the baskets: a mesh below and on four sides, a rim, legs with a shelf of wires between them.
pub(super) fn place(shop: &Shop<'_>, placing: &mut Placing) {
    for (number, bay) in shop.gondola.bays.iter().enumerate() {
        let Some(board) = bay.boards.first() else { continue };
        let mut basket = Basket { shop, placing, index: 0, number, board };
        basket.mesh();
        basket.frame();
    }
}

struct Basket<'a> {
    shop: &'a Shop<'a>,
    placing: &'a mut Placing,
    board: &'a Board,
    number: usize,
    index: usize,
}

impl Basket<'_> {
    /// A round bar between two points.
    fn bar(&mut self, from: Vec3, to: Vec3, thick: f32) {
        let node = self.shop.root.child("basket", self.number).child("wire", self.index);
        self.index += 1;
        let along = to - from;
        let turn = Quat::from_rotation_arc(Vec3::Z, along.normalize());
        let scale = Vec3::new(thick, thick, along.length());
        let world = Affine3A::from_scale_rotation_translation(scale, turn, from);
        let model = self.shop.sampler.model(Part::Rod);
        self.placing.turned(node.path().to_owned(), model, Role::Background, world, self.shop.metal);
    }

    /// Wires evenly between two lines, both ends too: each from `a` of one to `b`.
    fn wires(&mut self, (a, b): (Vec3, Vec3), across: Vec3) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen wires")]
        let count = (across.length() / MESH_M).round().max(1.0) as usize;
        for index in 0..=count {
            #[expect(clippy::cast_precision_loss, reason = "a few dozen wires")]
            let shift = across * (index as f32 / count as f32);
            self.bar(a + shift, b + shift, WIRE_M);
        }
    }

    fn mesh(&mut self) {
        let board = self.board;
        // Wires lie outside of where goods may be.
        let out = WIRE_M * 0.5;
        let (low, high) = (board.height - out, board.height + WALL_M);
        let (left, right) = (board.left - out, board.right + out);
        let (back, front) = (board.back - out, board.front + out);
        let (x, z, up) = (Vec3::X * (right - left), Vec3::Z * (front - back), Vec3::Y * (high - low));
        let corner = Vec3::new(left, low, back);
        self.wires((corner, corner + z), x);
        self.wires((corner - Vec3::Y * WIRE_M, corner - Vec3::Y * WIRE_M + x), z);
        for (start, along, apart) in [
            (corner, x, Vec3::NEG_Z),
            (corner + z, x, Vec3::Z),
            (corner, z, Vec3::NEG_X),
            (corner + x, z, Vec3::X),
        ] {
            self.wires((start, start + up), along);
            // Those along lie outside of those that stand.
            let start = start + apart * WIRE_M;
            self.wires((start, start + along), up);
        }
    }

    fn frame(&mut self) {
        let board = self.board;
        let out = WIRE_M * 1.5 + RIM_M * 0.5;
        let (left, right) = (board.left - out, board.right + out);
        let (back, front) = (board.back - out, board.front + out);
        let corners = [(left, back), (right, back), (right, front), (left, front)];
        for (index, &(x, z)) in corners.iter().enumerate() {
            let (next_x, next_z) = corners[(index + 1) % 4];
            for y in [board.height + WALL_M, board.height - WIRE_M - RIM_M * 0.5, 0.14] {
                self.bar(Vec3::new(x, y, z), Vec3::new(next_x, y, next_z), RIM_M);
            }
            let top = board.height + WALL_M + RIM_M * 0.5;
            self.bar(Vec3::new(x, 0.0, z), Vec3::new(x, top, z), RIM_M * 1.8);
        }
    }
}
