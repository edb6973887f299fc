//! The shelf as found: units on their boards, after shoppers came.
//!
//! A unit stands, lies or is left out: whatever would overlap a neighbour, leave its board or reach the board
//! above is tried again turned less, then as planned, and otherwise does not exist. Nothing is squeezed.

use std::{collections::BTreeSet, sync::Arc};

use glam::{Affine3A, Vec2, Vec3};
use rand::RngExt;
use serde_json::json;

use super::{
    chance,
    dressing::{self, Dressing},
    found::{self, Found},
    layout::{Board, Gondola},
    metres,
    plan::{Facing, Pool},
    probability, uniform,
};
use crate::{
    config::ShelfRecipe,
    physics::{Footprint, Prism},
    sample::{
        Sampler,
        forms::{Good, Resting},
        placing::{Placing, Thing, facts},
    },
    scene::{InstanceId, Pose, Role},
    seed::Node,
};

/// Rounding that still counts as touching, metres.
const TOUCH_M: f32 = 2e-5;

/// Where a unit belongs: bay, shelf, facing.
pub(super) type Place = (usize, usize, usize);

/// One unit as found.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) id: InstanceId,
    pub(super) place: Place,
    pub(super) row: usize,
    pub(super) good: Arc<Good>,
    pub(super) prism: Prism,
    /// Whether another product is planned here.
    pub(super) stranger: bool,
}

/// Everything as found.
#[derive(Clone, Debug, Default)]
pub(super) struct Stock {
    pub(super) units: Vec<Unit>,
    pub(super) sold_out: BTreeSet<Place>,
}

/// How messy a frame's shelf is: probabilities.
struct Mess {
    sold_out: f32,
    depleted: f32,
    pushed_back: f32,
    turned: f32,
    misplaced: f32,
    lying: f32,
    upside_down: f32,
    leaning: f32,
}

impl Mess {
    fn draw(recipe: &ShelfRecipe, node: &Node) -> Self {
        let mess = &recipe.mess;
        let level = |name: &str, dist| node.draw(name, |rng| probability(dist, rng));
        Self {
            sold_out: level("sold_out_share", &mess.sold_out),
            depleted: level("depleted_share", &mess.depleted),
            pushed_back: level("pushed_back_share", &mess.pushed_back),
            turned: level("turned_share", &mess.turned),
            misplaced: level("misplaced_share", &mess.misplaced),
            lying: level("lying_share", &mess.lying),
            upside_down: level("upside_down_share", &mess.upside_down),
            leaning: level("leaning_share", &mess.leaning),
        }
    }
}

/// What became of a facing.
#[derive(Clone, Copy, Debug)]
struct Fate {
    sold_out: bool,
    /// Front rows that are gone.
    gone: usize,
    /// Units on top of each other in the first row that is left.
    stacks: usize,
    /// How far the rows stand back from where they belong, metres.
    back: f32,
}

/// A unit that could be put down.
#[derive(Clone)]
pub(super) struct Try {
    pub(super) good: Arc<Good>,
    pub(super) pose: Resting,
    pub(super) yaw: f32,
}

impl Try {
    fn prism(&self, centre: Vec2, floor: f32) -> Prism {
        let size = self.good.extents(self.pose);
        let standing = matches!(self.pose, Resting::Upright | Resting::OnHead);
        let footprint = if self.good.form.fits_disc && standing {
            Footprint::Disc { centre, radius: size.x.max(size.z) * 0.5 }
        } else {
            Footprint::Rect { centre, half: Vec2::new(size.x, size.z) * 0.5, yaw: self.yaw }
        };
        Prism { footprint, bottom: floor, top: floor + size.y }
    }

    pub(super) fn world_from_object(&self, centre: Vec2, floor: f32) -> Affine3A {
        let (linear, rest) = self.good.at_rest(self.pose, self.yaw);
        Affine3A::from_mat3_translation(linear, rest + Vec3::new(centre.x, floor, centre.y))
    }

    /// The unit as it stands in its facing.
    pub(super) fn thing(
        &self,
        world_from_object: Affine3A,
        place: Place,
        row_and_stack: (usize, usize),
        node: &Node,
    ) -> Thing {
        let found = Found { good: &self.good, world_from_object, pose: self.pose.pose(), yaw: self.yaw };
        found.thing(found::in_facing(place, row_and_stack), node)
    }
}

/// One board being filled.
pub(super) struct Filling<'a> {
    pub(super) board: &'a Board,
    pub(super) prisms: Vec<Prism>,
}

impl Filling<'_> {
    fn accepts(&self, prism: &Prism) -> bool {
        let (centre, reach) = (prism.footprint.centre(), prism.footprint.reach());
        let board = self.board;
        centre.x - reach.x >= board.left - TOUCH_M
            && centre.x + reach.x <= board.right + TOUCH_M
            && centre.y + reach.y <= board.front + TOUCH_M
            && centre.y - reach.y >= board.back - TOUCH_M
            && prism.top <= board.height + board.clear + TOUCH_M
            && self.prisms.iter().all(|other| prism.overlap(other) <= TOUCH_M)
    }

    /// The first try that fits, with what it covers.
    pub(super) fn first_fit(
        &self,
        tries: &[Try],
        floor: f32,
        at: impl Fn(&Try) -> Vec2,
    ) -> Option<(Try, Vec2, Prism)> {
        tries.iter().find_map(|a| {
            let centre = at(a);
            let prism = a.prism(centre, floor);
            self.accepts(&prism).then(|| (a.clone(), centre, prism))
        })
    }
}

/// Dresses the boards and puts the planned goods onto them, as messy as the recipe says.
pub(super) fn stock(
    sampler: &Sampler,
    gondola: &Gondola,
    plans: &[Vec<Vec<Facing>>],
    pools: &[Pool],
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) -> Stock {
    let mess = Mess::draw(recipe, root);
    let dressing = Dressing::draw(recipe, root);
    let mut stock = Stock::default();
    for (bay, plan) in plans.iter().enumerate() {
        for (shelf, facings) in plan.iter().enumerate() {
            let board = &gondola.bays[bay].boards[shelf];
            let board_node = root.child("bay", bay).child("board", shelf);
            let nodes: Vec<Node> =
                (0..facings.len()).map(|index| board_node.child("facing", index)).collect();
            let fates: Vec<Fate> =
                facings.iter().zip(&nodes).map(|(facing, node)| fate(facing, board, &mess, node)).collect();
            let dressed = dressing::board(sampler, board, facings, &dressing, &board_node, placing);
            let mut filling = Filling { board, prisms: dressed.prisms };
            for (index, facing) in facings.iter().enumerate() {
                let place = (bay, shelf, index);
                if fates[index].sold_out {
                    stock.sold_out.insert(place);
                    placing.add(gap(facing, board, place, &nodes[index]));
                    continue;
                }
                // A lying round thing needs a neighbour on either side, or it would roll away.
                let stands = |other: Option<usize>| {
                    other
                        .and_then(|other| fates.get(other))
                        .is_some_and(|fate| !fate.sold_out && fate.gone == 0 && fate.back < 0.03)
                };
                let held = stands(index.checked_sub(1)) && stands(Some(index + 1));
                let raised = dressed.raised[index];
                // Nobody pushes goods through the back of their tray.
                let back = if raised > 0.0 { 0.0 } else { fates[index].back };
                let fate = Fate { back, ..fates[index] };
                let mut column = Column {
                    mess: &mess,
                    recipe,
                    pools,
                    facing,
                    fate,
                    held,
                    place,
                    raised,
                    hung: board.hung,
                };
                column.fill(&mut filling, &nodes[index], placing, &mut stock);
            }
        }
    }
    stock
}

fn fate(facing: &Facing, board: &Board, mess: &Mess, node: &Node) -> Fate {
    let sold_out = node.draw("sold_out", |rng| chance(mess.sold_out, rng));
    let depleted = node.draw("depleted", |rng| chance(mess.depleted, rng));
    let gone = if depleted && facing.rows > 1 {
        node.draw("rows_gone", |rng| rng.random_range(1..facing.rows))
    } else {
        0
    };
    let stacks = if depleted && facing.stacks > 1 {
        node.draw("stacks_left", |rng| rng.random_range(1..=facing.stacks))
    } else {
        facing.stacks
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
    let slack = (board.depth() - facing.setback - facing.rows as f32 * facing.pitch).max(0.0);
    let pushed = node.draw("pushed_back", |rng| chance(mess.pushed_back, rng));
    let back = if pushed { node.draw("pushed_back_m", |rng| uniform(0.0, slack, rng)) } else { 0.0 };
    Fate { sold_out, gone, stacks, back }
}

fn gap(facing: &Facing, board: &Board, (bay, shelf, index): Place, node: &Node) -> Thing {
    let size = facing.size();
    let centre = Vec3::new(
        facing.x,
        board.floor_of(size.y) + size.y * 0.5,
        board.front - facing.setback - size.z * 0.5,
    );
    Thing {
        path: node.child("gap", 0).path().to_owned(),
        class: "gap",
        role: Role::Virtual { half_extents: Vec3::new(facing.width, size.y, size.z) * 0.5 },
        model: None,
        world_from_object: Affine3A::from_translation(centre),
        dresses: Vec::new(),
        tint: Vec3::ONE,
        facts: facts([
            ("bay", json!(bay)),
            ("shelf", json!(shelf)),
            ("facing", json!(index)),
            ("sku", json!(facing.good.product.sku)),
        ]),
    }
}

/// One facing while its rows are put down.
struct Column<'a> {
    mess: &'a Mess,
    recipe: &'a ShelfRecipe,
    pools: &'a [Pool],
    facing: &'a Facing,
    fate: Fate,
    held: bool,
    place: Place,
    /// Height of the goods' floor above the board, metres.
    raised: f32,
    hung: bool,
}

impl Column<'_> {
    fn fill(&mut self, filling: &mut Filling<'_>, node: &Node, placing: &mut Placing, stock: &mut Stock) {
        let board = filling.board;
        let own = Try { good: Arc::clone(&self.facing.good), pose: self.facing.pose, yaw: 0.0 };
        let first = self.lean(filling, &own, node, placing, stock).unwrap_or(self.fate.gone);
        for row in first..self.facing.rows {
            let row_node = node.child("row", row);
            let stacks = if row == self.fate.gone { self.fate.stacks } else { self.facing.stacks };
            #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
            let front = board.front - self.facing.setback - self.fate.back - row as f32 * self.facing.pitch;
            let mut floor = board.floor_of(self.facing.size().y) + self.raised;
            for stack in 0..stacks {
                let unit = row_node.child("stack", stack);
                let tries = self.tries(&own, row, stack, stacks, &unit);
                // Fronts are flush, whatever the depth of what stands there.
                let at = |a: &Try| Vec2::new(self.facing.x, front - a.good.extents(a.pose).z * 0.5);
                let Some((taken, centre, prism)) = filling.first_fit(&tries, floor, at) else { break };
                filling.prisms.push(prism);
                let world = taken.world_from_object(centre, floor);
                let id = placing.add(taken.thing(world, self.place, (row, stack), &unit));
                let stranger = taken.good.product.sku != own.good.product.sku;
                let good = Arc::clone(&taken.good);
                stock.units.push(Unit { id, place: self.place, row, good, prism, stranger });
                if stranger || taken.pose != own.pose {
                    break;
                }
                floor = prism.top;
            }
        }
    }

    /// Leans a unit back against the next one, when that is drawn and there is room; gives the first row that is
    /// left to be filled. Rows in between are gone.
    fn lean(
        &self,
        filling: &mut Filling<'_>,
        own: &Try,
        node: &Node,
        placing: &mut Placing,
        stock: &mut Stock,
    ) -> Option<usize> {
        let (board, facing) = (filling.board, self.facing);
        if self.hung
            || own.pose != Resting::Upright
            || own.good.form.spec.round
            || !own.good.allows(Pose::Leaning)
            || own.good.form.outline.len() < 2
        {
            return None;
        }
        if !node.draw("leaning", |rng| chance(self.mess.leaning, rng)) {
            return None;
        }
        // Less, and it would tip back to where it stands.
        let least = (own.good.size.z / own.good.size.y).atan().to_degrees();
        let tilt = least + node.draw("lean_deg", |rng| uniform(2.0, 8.0, rng));
        if tilt > 30.0 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 300")]
        let pose = Resting::Leaning((tilt * 10.0) as u16);
        let floor = board.height + self.raised;
        for row in self.fate.gone + 1..facing.rows.min(self.fate.gone + 5) {
            #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
            let front = board.front - facing.setback - self.fate.back - row as f32 * facing.pitch;
            let support_at = Vec2::new(facing.x, front - own.good.size.z * 0.5);
            let support = own.prism(support_at, floor);
            let (world, prism) = leaning(own, pose, support_at, floor)?;
            if !filling.accepts(&support) || !filling.accepts(&prism) || prism.overlap(&support) > TOUCH_M {
                continue;
            }
            let tilted = Try { pose, ..own.clone() };
            let standing = own.world_from_object(support_at, floor);
            for (row, taken, world, prism) in
                [(row, own, standing, support), (row - 1, &tilted, world, prism)]
            {
                let unit = node.child("row", row).child("stack", 0);
                filling.prisms.push(prism);
                let id = placing.add(taken.thing(world, self.place, (row, 0), &unit));
                let good = Arc::clone(&own.good);
                stock.units.push(Unit { id, place: self.place, row, good, prism, stranger: false });
            }
            return Some(row + 1);
        }
        None
    }

    /// What to put down, most wanted first.
    fn tries(&self, own: &Try, row: usize, stack: usize, stacks: usize, unit: &Node) -> Vec<Try> {
        let mess = self.mess;
        if self.hung {
            // What hangs swings a little, and nothing else.
            let swing = unit.draw("yaw_jitter_deg", |rng| uniform(-6.0, 6.0, rng)).to_radians();
            return [1.0, 0.4, 0.0].map(|share| Try { yaw: swing * share, ..own.clone() }).to_vec();
        }
        let jitter = unit.draw("yaw_jitter_deg", |rng| metres(&self.recipe.yaw_jitter_deg, rng)).to_radians();
        let mut tries = Vec::new();
        let (first, upright) = (row == self.fate.gone && stack == 0, own.pose == Resting::Upright);
        let last = stack + 1 == stacks;
        if first && unit.draw("misplaced", |rng| chance(mess.misplaced, rng)) {
            let from = unit.draw("misplaced_from_bay", |rng| rng.random_range(0..self.pools.len()));
            let mut good = Arc::clone(&own.good);
            unit.draw("misplaced_sku", |rng| {
                good = self.pools[from].any(rng);
                good.product.sku.clone()
            });
            tries.push(Try { good, pose: Resting::Upright, yaw: jitter });
        }
        if first
            && upright
            && own.good.allows(Pose::Lying)
            && unit.draw("lying", |rng| chance(mess.lying, rng))
        {
            let round = own.good.form.spec.round;
            let pose = unit.draw("lying_on", |rng| match rng.random_range(0..3) {
                0 if !round => Resting::OnSide,
                1 => Resting::OnFront,
                _ => Resting::OnBack,
            });
            if !round || self.held {
                tries.push(Try { pose, yaw: jitter, ..own.clone() });
                tries.push(Try { pose, ..own.clone() });
            }
        }
        if last
            && upright
            && own.good.allows(Pose::UpsideDown)
            && unit.draw("upside_down", |rng| chance(mess.upside_down, rng))
        {
            tries.push(Try { pose: Resting::OnHead, yaw: jitter, ..own.clone() });
        }
        if unit.draw("turned", |rng| chance(mess.turned, rng)) {
            let turn = unit.draw("turned_deg", |rng| uniform(-180.0, 180.0, rng)).to_radians();
            tries.push(Try { yaw: turn, ..own.clone() });
            // Boxes between neighbours can stand only the right way round, or the wrong one.
            let half_turn = (turn / std::f32::consts::PI).round() * std::f32::consts::PI;
            tries.push(Try { yaw: half_turn, ..own.clone() });
        }
        tries.extend([1.0, 0.5, 0.2, 0.0].map(|share| Try { yaw: jitter * share, ..own.clone() }));
        tries
    }
}

/// Where a unit comes to lie that leans against an upright one of its kind: it slides back until it touches. Its
/// prism leaves out the sliver that reaches over the other's bulging front.
fn leaning(own: &Try, pose: Resting, support: Vec2, floor: f32) -> Option<(Affine3A, Prism)> {
    let (scale, outline) = (own.good.scale, &own.good.form.outline);
    let turn = pose.rotation();
    let points: Vec<Vec3> = outline
        .iter()
        .flat_map(|&[y, near, far]| [Vec3::new(0.0, y, near), Vec3::new(0.0, y, far)])
        .map(|p| turn * (p * scale))
        .collect();
    let lowest = points.iter().map(|p| p.y).fold(f32::INFINITY, f32::min);
    let fronts: Vec<(f32, f32)> = outline.iter().map(|&[y, _, far]| (y * scale.y, far * scale.z)).collect();
    let front_at = |y: f32| {
        let pair = fronts.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&y))?;
        let share = (y - pair[0].0) / (pair[1].0 - pair[0].0).max(1e-6);
        Some(pair[0].1 + (pair[1].1 - pair[0].1) * share)
    };
    // The other's middle is the middle of its box, as it is of the form's own frame.
    let touch =
        points.iter().filter_map(|p| Some(front_at(p.y - lowest)? - p.z)).fold(f32::NEG_INFINITY, f32::max);
    let z = support.y + touch;
    let linear = turn * glam::Mat3::from_diagonal(scale);
    let world = Affine3A::from_mat3_translation(linear, Vec3::new(support.x, floor - lowest, z));
    let (near, far) = points.iter().fold((f32::MAX, f32::MIN), |(lo, hi), p| (lo.min(p.z), hi.max(p.z)));
    let high = points.iter().map(|p| p.y).fold(f32::MIN, f32::max) - lowest;
    let back = (z + near).max(support.y + own.good.size.z * 0.5);
    let footprint = Footprint::Rect {
        centre: Vec2::new(support.x, (back + z + far) * 0.5),
        half: Vec2::new(own.good.size.x * 0.5, (z + far - back) * 0.5),
        yaw: 0.0,
    };
    touch.is_finite().then_some((world, Prism { footprint, bottom: floor, top: floor + high }))
}
