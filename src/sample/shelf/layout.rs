//! Where boards are: bays side by side, boards one above the other.

use glam::Vec3;

use super::{count, metres};
use crate::{config::ShelfRecipe, seed::Node};

/// Thickness of a board, metres.
pub(super) const BOARD_M: f32 = 0.03;
/// Height of a price rail; it hangs this far down from a board's upper side.
pub(super) const RAIL_M: f32 = 0.045;
/// What the rail of the board above takes from the clear height, and a hand's grip for the shopper.
pub(super) const HEADROOM_M: f32 = RAIL_M - BOARD_M + 0.005;
/// Half the width of what stands between two bays, with a little air.
const SIDE_M: f32 = 0.014;

/// Everything that stands in the frame but goods.
#[derive(Clone, Debug)]
pub(super) struct Gondola {
    /// Bays from left to right.
    pub(super) bays: Vec<Bay>,
    /// Depth of the boards but the lowest, metres; all boards end at `z = -depth`, these begin at 0.
    pub(super) depth: f32,
    /// How much further the lowest board comes forward, metres.
    pub(super) base_extra: f32,
    /// Height of the lowest board's upper side, metres.
    pub(super) base_height: f32,
}

/// One bay.
#[derive(Clone, Debug)]
pub(super) struct Bay {
    /// Left and right edge, world x, metres.
    pub(super) left: f32,
    pub(super) right: f32,
    /// From the lowest up.
    pub(super) boards: Vec<Board>,
}

/// One board.
#[derive(Clone, Copy, Debug)]
pub(super) struct Board {
    /// Height of its upper side, metres.
    pub(super) height: f32,
    /// Clear height above it that goods may take, metres.
    pub(super) clear: f32,
    /// Where goods may stand: left and right, world x.
    pub(super) left: f32,
    pub(super) right: f32,
    /// Front and back edge, world z.
    pub(super) front: f32,
    pub(super) back: f32,
}

impl Board {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn depth(&self) -> f32 {
        self.front - self.back
    }
}

impl Bay {
    /// Height of the bay's upper end, metres.
    pub(super) fn top(&self) -> f32 {
        self.boards.last().map_or(0.0, |board| board.height + board.clear.min(0.35))
    }

    /// Raises every board so that `clear[i]` is free above board `i`.
    pub(super) fn set_clear(&mut self, clear: &[f32]) {
        let mut height = self.boards.first().map_or(0.0, |board| board.height);
        for (board, &clear) in self.boards.iter_mut().zip(clear) {
            (board.height, board.clear) = (height, clear);
            height += clear + HEADROOM_M + BOARD_M;
        }
    }
}

impl Gondola {
    /// Draws bays and boards; clear heights may be stretched later.
    pub(super) fn draw(recipe: &ShelfRecipe, node: &Node) -> Self {
        let bays = node.draw("bays", |rng| count(&recipe.bays, 1, rng));
        let width = node.draw("bay_width_m", |rng| metres(&recipe.bay_width_m, rng)).max(0.2);
        let depth = node.draw("depth_m", |rng| metres(&recipe.depth_m, rng)).max(0.1);
        let base_height = node.draw("base_height_m", |rng| super::uniform(0.11, 0.2, rng));
        let base_extra = node.draw("base_extra_m", |rng| {
            let extra = super::uniform(0.06, 0.14, rng);
            if super::chance(0.4, rng) { extra } else { 0.0 }
        });
        let mut gondola = Self { bays: Vec::new(), depth, base_extra, base_height };
        #[expect(clippy::cast_precision_loss, reason = "a handful of bays")]
        let edge = |index: usize| (index as f32 - bays as f32 * 0.5) * width;
        for index in 0..bays {
            let bay_node = node.child("bay", index);
            let boards = bay_node.draw("boards", |rng| count(&recipe.boards, 1, rng));
            let (left, right) = (edge(index), edge(index + 1));
            let mut bay = Bay { left, right, boards: Vec::with_capacity(boards) };
            let mut clear = Vec::with_capacity(boards);
            for shelf in 0..boards {
                clear.push(
                    bay_node
                        .child("board", shelf)
                        .draw("gap_m", |rng| (metres(&recipe.board_gap_m, rng) - HEADROOM_M).max(0.05)),
                );
                bay.boards.push(Board {
                    height: base_height,
                    clear: 0.0,
                    left: left + SIDE_M,
                    right: right - SIDE_M,
                    front: if shelf == 0 { base_extra } else { 0.0 },
                    back: -depth,
                });
            }
            bay.set_clear(&clear);
            gondola.bays.push(bay);
        }
        gondola
    }

    /// Left and right end, world x, metres.
    pub(super) fn ends(&self) -> (f32, f32) {
        (self.bays.first().map_or(0.0, |bay| bay.left), self.bays.last().map_or(0.0, |bay| bay.right))
    }

    /// Height of the highest bay, metres.
    pub(super) fn top(&self) -> f32 {
        self.bays.iter().map(Bay::top).fold(0.0, f32::max)
    }

    /// The point that a camera looks at when it looks at `share` (0 to 1) of the way through the boards of the
    /// bay in the middle, from the lowest up: the middle of the goods on that board, on the front.
    pub(super) fn focus(&self, share: f32) -> Vec3 {
        let Some(bay) = self.bays.get(self.bays.len() / 2) else { return Vec3::ZERO };
        #[expect(clippy::cast_precision_loss, reason = "a handful of boards")]
        let place = share.clamp(0.0, 0.9999) * bay.boards.len() as f32;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the boards"
        )]
        let board = bay.boards[place as usize];
        Vec3::new(0.0, board.height + board.clear * place.fract(), 0.0)
    }
}
