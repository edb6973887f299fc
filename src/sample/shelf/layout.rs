//! Where boards are: bays side by side, boards one above the other.

use glam::Vec3;

use super::{chance, cold, count, metres, plan::Facing, uniform, wire_basket};
use crate::{
    config::{FixtureKind, ShelfRecipe, pick},
    seed::Node,
};

/// Thickness of a board, metres.
pub(super) const BOARD_M: f32 = 0.03;
/// Greatest height of a price rail.
pub(super) const RAIL_MAX_M: f32 = 0.06;
/// How far a price rail hangs down from a board's upper side; what it is higher stands above the board.
pub(super) const RAIL_HANG_M: f32 = 0.045;
/// What the rail of the board above takes from the clear height, and a hand's grip for the shopper.
pub(super) const HEADROOM_M: f32 = RAIL_HANG_M - BOARD_M + 0.005;
/// Radius of a hook, metres.
pub(super) const HOOK_M: f32 = 0.0025;
/// How far below the top of a hanging pack its slot's upper edge is, by the pack's height: 8 of 205 mm.
const SLOT_SHARE: f32 = 8.0 / 205.0;
/// Half the width of what stands between two bays, with a little air.
const SIDE_M: f32 = 0.014;
/// The same where a door's frame or a chest's wall stands there.
const FRAME_M: f32 = 0.045;

/// Share of a freezer's bays whose goods are poured in.
const POURED_CHESTS: f32 = 0.5;

/// Everything that stands in the frame but goods.
#[derive(Clone, Debug)]
pub(super) struct Gondola {
    pub(super) kind: FixtureKind,
    /// Bays from left to right.
    pub(super) bays: Vec<Bay>,
    /// Depth of the boards but the lowest, metres; all boards end at `z = -depth`, these begin at 0.
    pub(super) depth: f32,
    /// How much further the lowest board comes forward, metres.
    pub(super) base_extra: f32,
    /// Height of the lowest board's upper side, metres.
    pub(super) base_height: f32,
    /// Height of the price rails, metres.
    pub(super) rail: f32,
    /// Height of the walls round the goods above the lowest board, metres; 0 where they are seen from the side.
    pub(super) walls: f32,
    /// Probability that a bay's goods are poured in.
    pub(super) poured: f32,
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

/// One board, or one row of hooks.
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
    /// Whether goods hang from hooks at the upper end of the clear height.
    pub(super) hung: bool,
}

impl Board {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn depth(&self) -> f32 {
        self.front - self.back
    }

    /// Height of the middle of a row of hooks, metres.
    pub(super) fn hook(&self) -> f32 {
        self.height + self.clear - 0.016
    }

    /// Height on which a unit so tall comes to stand, metres. What hangs rests with its slot's upper edge on a hook.
    pub(super) fn floor_of(&self, tall: f32) -> f32 {
        if self.hung { self.hook() + HOOK_M - tall * (1.0 - SLOT_SHARE) } else { self.height }
    }
}

impl Bay {
    /// Height of the bay's upper end, metres.
    pub(super) fn top(&self) -> f32 {
        self.boards.last().map_or(0.0, |board| board.height + board.clear)
    }

    /// Brings boards down to what their goods need and a hand's breadth more, as shops do to save height.
    pub(super) fn tighten(&mut self, plan: &[Vec<Facing>], node: &Node) {
        let clear: Vec<f32> = self
            .boards
            .iter()
            .zip(plan)
            .enumerate()
            .map(|(shelf, (board, facings))| {
                #[expect(clippy::cast_precision_loss, reason = "a handful of units")]
                let tall = |facing: &Facing| facing.size().y * facing.stacks as f32;
                let need = facings.iter().map(tall).fold(0.0, f32::max);
                let spare = node.child("board", shelf).draw("spare_m", |rng| uniform(0.02, 0.11, rng));
                if facings.is_empty() { board.clear } else { board.clear.min(need + spare) }
            })
            .collect();
        self.set_clear(&clear);
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

/// What is different from one kind of fixture to the next: data, where no other code need ask for the kind.
struct Frame {
    /// Most bays, boards.
    most: (usize, usize),
    /// Height of the lowest board, least and greatest, metres.
    base_m: (f32, f32),
    /// Probability that the lowest board comes forward.
    forward: f32,
    /// Half the width that stands between bays, metres.
    side_m: f32,
    hung: bool,
    /// Least clear height of the uppermost board, metres; 0 where it is like the others.
    open_m: f32,
    /// Height of the walls round goods that are seen from above, metres; 0 where they are seen from the side.
    walls_m: f32,
    /// Probability that a bay's goods are poured in.
    poured: f32,
}

fn frame(kind: FixtureKind) -> Frame {
    let shelf = Frame {
        most: (20, 15),
        base_m: (0.11, 0.2),
        forward: 0.4,
        side_m: SIDE_M,
        hung: false,
        open_m: 0.0,
        walls_m: 0.0,
        poured: 0.0,
    };
    let flat = Frame { most: (20, 1), forward: 0.0, ..shelf };
    match kind {
        FixtureKind::Gondola | FixtureKind::Wall => shelf,
        FixtureKind::EndCap => Frame { most: (1, 8), forward: 0.0, side_m: 0.03, ..shelf },
        FixtureKind::Pegboard => Frame { base_m: (0.25, 0.4), forward: 0.0, hung: true, ..shelf },
        FixtureKind::OpenChiller => Frame { base_m: (0.3, 0.42), forward: 1.0, ..shelf },
        FixtureKind::Cooler => Frame { base_m: (0.2, 0.32), forward: 0.0, side_m: FRAME_M, ..shelf },
        FixtureKind::Freezer => Frame {
            base_m: (0.3, 0.42),
            side_m: FRAME_M,
            open_m: 0.5,
            walls_m: cold::WALL_M,
            poured: POURED_CHESTS,
            ..flat
        },
        FixtureKind::Pallet => Frame { base_m: (0.144, 0.144), side_m: 0.05, open_m: 1.3, ..flat },
        FixtureKind::WireBasket => Frame {
            base_m: (0.42, 0.58),
            side_m: FRAME_M,
            open_m: 0.5,
            walls_m: wire_basket::WALL_M,
            poured: 1.0,
            ..flat
        },
    }
}

impl Gondola {
    /// Draws the kind of fixture, bays and boards; clear heights may be stretched later.
    pub(super) fn draw(recipe: &ShelfRecipe, node: &Node) -> Self {
        let weights: Vec<f64> = recipe.fixtures.iter().map(|(_, weight)| *weight).collect();
        let kind = node.draw("fixture", |rng| match weights.is_empty() {
            true => FixtureKind::Gondola,
            false => recipe.fixtures[pick(&weights, rng)].0,
        });
        let frame = frame(kind);
        let bays = node.draw("bays", |rng| count(&recipe.bays, 1, rng)).min(frame.most.0);
        let width = node.draw("bay_width_m", |rng| metres(&recipe.bay_width_m, rng)).max(0.2);
        let depth = node.draw("depth_m", |rng| metres(&recipe.depth_m, rng)).max(0.1);
        let base_height = node.draw("base_height_m", |rng| uniform(frame.base_m.0, frame.base_m.1, rng));
        let base_extra = node.draw("base_extra_m", |rng| {
            let extra = uniform(0.06, 0.14, rng);
            if chance(frame.forward, rng) { extra } else { 0.0 }
        });
        let rail = node.draw("rail_m", |rng| uniform(0.042, RAIL_MAX_M, rng));
        let (walls, poured) = (frame.walls_m, frame.poured);
        let mut gondola =
            Self { kind, bays: Vec::new(), depth, base_extra, base_height, rail, walls, poured };
        #[expect(clippy::cast_precision_loss, reason = "a handful of bays")]
        let edge = |index: usize| (index as f32 - bays as f32 * 0.5) * width;
        // Bays of one fixture are of one height, wherever their boards are.
        let mut tall = 0.0_f32;
        for index in 0..bays {
            let bay_node = node.child("bay", index);
            let boards = bay_node.draw("boards", |rng| count(&recipe.boards, 1, rng)).min(frame.most.1);
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
                    left: left + frame.side_m,
                    right: right - frame.side_m,
                    front: if shelf == 0 { base_extra } else { 0.0 },
                    back: -depth,
                    hung: frame.hung,
                });
            }
            if let Some(last) = clear.last_mut() {
                *last = last.max(frame.open_m);
            }
            let sum: f32 = clear.iter().sum();
            tall = if index == 0 { sum } else { tall };
            let like_first = (tall / sum).clamp(0.75, 1.3);
            clear.iter_mut().for_each(|clear| *clear *= like_first);
            bay.set_clear(&clear);
            gondola.bays.push(bay);
        }
        gondola
    }

    /// Left and right end, world x, metres.
    pub(super) fn ends(&self) -> (f32, f32) {
        (self.bays.first().map_or(0.0, |bay| bay.left), self.bays.last().map_or(0.0, |bay| bay.right))
    }

    /// Left and right edges of all bays, each once.
    pub(super) fn edges(&self) -> Vec<f32> {
        self.bays.iter().map(|bay| bay.left).chain([self.ends().1]).collect()
    }

    /// Height of the highest bay, metres.
    pub(super) fn top(&self) -> f32 {
        self.bays.iter().map(Bay::top).fold(0.0, f32::max)
    }

    /// The point that a camera looks at when it looks at `share` (0 to 1) of the way through the boards of the
    /// bay in the middle, from the lowest up: the middle of the goods on that board, on the front.
    pub(super) fn focus(&self, share: f32) -> Vec3 {
        let Some(bay) = self.bays.get(self.bays.len() / 2) else { return Vec3::ZERO };
        if self.walls > 0.0 {
            return Vec3::new(0.0, self.base_height + self.walls * 0.45, -self.depth * 0.5);
        }
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
