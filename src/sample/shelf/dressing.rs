//! What the shop adds to boards and goods: trays, dividers, lips, hooks, cases on top. All of it is solid: goods
//! keep off it as they keep off each other.

use glam::{Affine3A, Quat, Vec2, Vec3};
use rand::RngExt;
use serde_json::json;

use super::{
    chance,
    fixtures::painted,
    layout::{BOARD_M, Board, Gondola, HOOK_M},
    plan::Facing,
    probability, uniform,
};
use crate::{
    config::{FixtureKind, ShelfRecipe},
    physics::{Footprint, Prism},
    sample::{
        Sampler,
        parts::Part,
        placing::{Placing, Thing, facts},
    },
    scene::{ArtKey, Dress, Role},
    seed::Node,
};

/// Thickness of a tray's card, of dividers and lips, metres.
const CARD_M: f32 = 0.0012;
/// Least air between two facings that leaves room for two walls, metres.
const ROOM_M: f32 = 0.0032;

/// How a frame's boards are dressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dressing {
    trays: f32,
    dividers: f32,
    lips: bool,
    lip_m: f32,
}

impl Dressing {
    pub(super) fn draw(recipe: &ShelfRecipe, root: &Node) -> Self {
        let dressing = &recipe.dressing;
        let share = |name: &str, dist| root.draw(name, |rng| probability(dist, rng));
        let lips = share("lips", &dressing.lips);
        Self {
            trays: share("trays", &dressing.trays),
            dividers: share("dividers_share", &dressing.dividers),
            lips: root.draw("has_lips", |rng| chance(lips, rng)),
            lip_m: root.draw("lip_m", |rng| uniform(0.02, 0.045, rng)),
        }
    }
}

/// What stands on a board besides goods.
#[derive(Debug, Default)]
pub(super) struct Dressed {
    /// What goods keep off.
    pub(super) prisms: Vec<Prism>,
    /// By facing, how far its goods stand above the board, metres.
    pub(super) raised: Vec<f32>,
}

struct Work<'a> {
    sampler: &'a Sampler,
    board: &'a Board,
    placing: &'a mut Placing,
    out: Dressed,
}

/// Dresses one board under its own node.
pub(super) fn board(
    sampler: &Sampler,
    board: &Board,
    facings: &[Facing],
    dressing: &Dressing,
    node: &Node,
    placing: &mut Placing,
) -> Dressed {
    let raised = vec![0.0; facings.len()];
    let mut work = Work { sampler, board, placing, out: Dressed { prisms: Vec::new(), raised } };
    if board.hung {
        for (index, facing) in facings.iter().enumerate() {
            work.hook(facing, &node.child("facing", index));
        }
        return work.out;
    }
    let mut after_tray = true;
    let mut first = 0;
    while first < facings.len() {
        let next = (first + 1..facings.len()).find(|&i| facings[i].leads).unwrap_or(facings.len());
        let block = &facings[first..next];
        let own = node.child("facing", first);
        let roomy = block[0].width - block[0].good.size.x >= ROOM_M;
        let fragile = block[0].good.form.spec.form.ends_with("pack");
        let tray = own.draw("tray", |rng| chance(dressing.trays, rng))
            && roomy
            && !fragile
            && work.tray(block, &own);
        if tray {
            work.out.raised[first..next].fill(CARD_M);
        }
        let before =
            first.checked_sub(1).is_some_and(|i| facings[i].width - facings[i].good.size.x >= ROOM_M);
        if !tray
            && !after_tray
            && roomy
            && before
            && own.draw("divider", |rng| chance(dressing.dividers, rng))
        {
            work.divider(block[0].x - block[0].width * 0.5, &own);
        }
        (after_tray, first) = (tray, next);
    }
    let setback = facings.iter().map(|facing| facing.setback).fold(f32::INFINITY, f32::min);
    if dressing.lips && setback > 2.0 * ROOM_M && !facings.is_empty() {
        work.lip(dressing.lip_m, node);
    }
    work.out
}

impl Work<'_> {
    fn wall(&mut self, min: Vec3, max: Vec3) {
        let centre = Vec2::new((min.x + max.x) * 0.5, (min.z + max.z) * 0.5);
        let half = Vec2::new((max.x - min.x) * 0.5, (max.z - min.z) * 0.5);
        let footprint = Footprint::Rect { centre, half, yaw: 0.0 };
        self.out.prisms.push(Prism { footprint, bottom: min.y, top: max.y });
    }

    /// A shelf-ready tray under a block: false where there is no room for its walls.
    fn tray(&mut self, block: &[Facing], node: &Node) -> bool {
        let (lead, board) = (&block[0], self.board);
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let deep = lead.rows as f32 * lead.pitch;
        let front = board.front - lead.setback + 0.0005 + CARD_M;
        let back = board.front - lead.setback - deep - 0.0005 - CARD_M;
        if front > board.front || back < board.back || lead.good.size.y < 0.05 {
            return false;
        }
        let left = lead.x - lead.width * 0.5;
        let right = block.iter().map(|facing| facing.x + facing.width * 0.5).fold(left, f32::max);
        let side =
            node.draw("tray_side_m", |rng| (lead.good.size.y * uniform(0.25, 0.6, rng)).clamp(0.02, 0.12));
        let lip = side * node.draw("tray_lip", |rng| uniform(0.25, 0.8, rng));
        let tint = node.draw("tray_tint", |rng| {
            let brown = Vec3::splat(uniform(0.7, 1.3, rng));
            // Printed in the brand's colour, or bare, or white.
            match rng.random_range(0..4) {
                0 => Vec3::splat(1.9),
                1 => brown,
                _ => match lead.good.product.colours.values().next() {
                    Some(colour) => colour.truncate() * Vec3::new(2.0, 2.6, 3.8),
                    None => brown,
                },
            }
        });
        let y = board.height;
        let parts = [
            (Vec3::new(left, y, back), Vec3::new(right, y + CARD_M, front)),
            (Vec3::new(left, y, back), Vec3::new(left + CARD_M, y + side, front)),
            (Vec3::new(right - CARD_M, y, back), Vec3::new(right, y + side, front)),
            (Vec3::new(left, y, front - CARD_M), Vec3::new(right, y + lip, front)),
            (Vec3::new(left, y, back), Vec3::new(right, y + side, back + CARD_M)),
        ];
        let model = self.sampler.model(Part::Card);
        for (index, (min, max)) in parts.into_iter().enumerate() {
            let path = node.child("tray", index).path().to_owned();
            self.placing.block(path, model, (min, max), tint);
            if index > 0 {
                self.wall(min, max);
            }
        }
        true
    }

    fn divider(&mut self, x: f32, node: &Node) {
        let board = self.board;
        let tall = node.draw("divider_m", |rng| uniform(0.04, 0.09, rng)).min(board.clear * 0.6);
        let half = CARD_M * 0.5;
        let (min, max) = (
            Vec3::new(x - half, board.height, board.back + 0.01),
            Vec3::new(x + half, board.height + tall, board.front - 0.004),
        );
        self.placing.pane(
            node.child("divider", 0).path().to_owned(),
            self.sampler.model(Part::Clear),
            (min, max),
        );
        self.wall(min, max);
    }

    fn lip(&mut self, tall: f32, node: &Node) {
        let board = self.board;
        let (min, max) = (
            Vec3::new(board.left, board.height, board.front - 0.0025),
            Vec3::new(board.right, board.height + tall, board.front - 0.0010),
        );
        self.placing.pane(
            node.child("lip", 0).path().to_owned(),
            self.sampler.model(Part::Clear),
            (min, max),
        );
        self.wall(min, max);
    }

    /// A hook for a facing: through the holes of its packs, with a bend of its own for the tag.
    fn hook(&mut self, facing: &Facing, node: &Node) {
        let board = self.board;
        let y = board.hook();
        let long = board.depth() + 0.012;
        let rod = |at: Vec3, along: Quat, long: f32| {
            Affine3A::from_scale_rotation_translation(Vec3::new(2.0 * HOOK_M, 2.0 * HOOK_M, long), along, at)
        };
        let parts = [
            rod(Vec3::new(facing.x, y, board.back), Quat::IDENTITY, long),
            rod(Vec3::new(facing.x, y + 0.034, board.back), Quat::IDENTITY, long - 0.002),
        ];
        for (index, world) in parts.into_iter().enumerate() {
            let path = node.child("hook", index).path().to_owned();
            self.placing.turned(path, self.sampler.model(Part::Rod), Role::Background, world, Vec3::ONE);
        }
    }
}

/// Shipping cases on a board over the fixture; gives how high they reach, metres.
pub(super) fn cases(
    sampler: &Sampler,
    gondola: &Gondola,
    plans: &[Vec<Vec<Facing>>],
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) -> f32 {
    let top = gondola.top();
    let some = root.draw("cases", |rng| chance(probability(&recipe.dressing.cases, rng), rng));
    if !some || !matches!(gondola.kind, FixtureKind::Gondola | FixtureKind::Wall) {
        return top;
    }
    let goods: Vec<&Facing> = plans.iter().flatten().flatten().filter(|facing| facing.leads).collect();
    let tint = root.draw("cap_tint", painted);
    let mut highest = top;
    for (index, bay) in gondola.bays.iter().enumerate() {
        let node = root.child("bay", index).child("cap", 0);
        let (left, right) = (bay.left + 0.014, bay.right - 0.014);
        placing.fixture(
            node.path().to_owned(),
            sampler.model(Part::ShelfBoard),
            Vec3::new(right - left + 0.004, 1.0, gondola.depth),
            Vec3::new((left + right) * 0.5, top + BOARD_M, 0.0),
            tint,
        );
        let mut x = left + 0.004;
        for number in 0..12 {
            let own = node.child("case", number);
            let size = own.draw("case_m", |rng| {
                Vec3::new(uniform(0.2, 0.45, rng), uniform(0.14, 0.3, rng), uniform(0.2, 0.4, rng))
            });
            let size = size.min(Vec3::new(f32::INFINITY, f32::INFINITY, gondola.depth - 0.03));
            if x + size.x > right {
                break;
            }
            let gone = own.draw("case_gone", |rng| chance(0.25, rng));
            let back =
                own.draw("case_back_m", |rng| uniform(0.0, (gondola.depth - size.z - 0.01).min(0.08), rng));
            let turn = own.draw("case_deg", |rng| uniform(-2.0, 2.0, rng)).to_radians();
            let reach = size.x * turn.cos().abs() + size.z * turn.sin().abs();
            if !gone && x + reach < right {
                let front = -0.006 - back - 0.5 * size.x * turn.sin().abs();
                let at = Vec3::new(x + reach * 0.5, top + BOARD_M, front - size.z * 0.5);
                let world = Affine3A::from_scale_rotation_translation(size, Quat::from_rotation_y(turn), at);
                placing.add(case(sampler, &goods, index, world, &own));
                highest = highest.max(top + BOARD_M + size.y);
            }
            x += reach + own.draw("case_gap_m", |rng| uniform(0.004, 0.03, rng));
        }
    }
    highest
}

fn case(sampler: &Sampler, goods: &[&Facing], bay: usize, world: Affine3A, node: &Node) -> Thing {
    let kind = node.draw("case_kind", |rng| rng.random_range(0..5_u8));
    let part = match kind {
        0 | 1 => Part::CaseBrown,
        2 => Part::CaseWhite,
        _ if goods.is_empty() => Part::CaseBrown,
        _ => Part::CasePrinted,
    };
    let mut told = facts([("bay", json!(bay))]);
    let mut dresses = Vec::new();
    if part == Part::CasePrinted {
        let chosen = node.draw("case_sku", |rng| rng.random_range(0..goods.len()));
        let product = &goods[chosen].good.product;
        let slot = goods[chosen].good.form.spec.slots.first().map_or("label", |slot| slot.name.as_str());
        told.insert("sku".to_owned(), json!(product.sku));
        let art = ArtKey { sku: product.sku.clone(), slot: slot.to_owned() };
        dresses.push(Dress { material: sampler.parts().case, art: Some(art), colour: None });
    }
    let tint = node.draw("case_tint", |rng| Vec3::splat(uniform(0.75, 1.15, rng)));
    Thing {
        path: node.path().to_owned(),
        class: "case",
        role: Role::Labelled,
        model: Some(sampler.model(part)),
        world_from_object: world,
        dresses,
        tint,
        facts: told,
    }
}
