//! Goods as they were poured: into wire baskets, and into some bays of chest freezers.
//!
//! A heap holds one product, or a few of one department mixed. Packs are let fall in layers, as somebody would empty cases
//! over the bin; where they come to lie is the solver's. What a heap has lost to shoppers it lost from above.

use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};
use rand::{Rng, RngExt};

use super::{
    chance,
    found::{self, Found},
    layout::Gondola,
    plan::Pool,
    stock::{Stock, Unit},
    uniform,
};
use crate::{
    config::FixtureKind,
    physics::{Bin, Body, Dropped, Footprint, Hull, Prism, pour},
    sample::{forms::Good, placing::Placing},
    scene::Pose,
    seed::Node,
};

/// Width of a stretch of a chest that is worth a heap of its own, metres.
const STRETCH_M: f32 = 0.42;
/// Air between goods and what stands between two heaps, metres.
const AIR_M: f32 = 0.004;
/// Share of a heap's box that packs take, poured.
const PACKED: f32 = 0.5;
/// Most units of a heap: their places are worked out together.
const MOST: usize = 90;
/// Most of a unit's size of the bin's: larger, and only some would fall flat.
const LARGE: f32 = 0.49;
/// Air between two units of a layer as it is let go, metres.
const APART_M: f32 = 0.003;
/// Packs less deep than this share of their width are poured on their backs and fronts.
const FLAT: f32 = 0.6;

/// A heap to be poured.
#[derive(Clone, Debug)]
pub(super) struct Heap {
    pub(super) bay: usize,
    /// Number within its bay, from the left.
    pub(super) number: usize,
    pub(super) bin: Bin,
    /// What is in it: the product of which there is most first.
    pub(super) offers: Vec<Offer>,
    /// Where it ends and another of its bay begins, world x, metres.
    border: Option<f32>,
}

/// A product that is sold from a heap.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) good: Arc<Good>,
    hull: Hull,
}

impl Offer {
    fn new(good: Arc<Good>, bin: &Bin) -> Option<Self> {
        let room = bin.max - bin.min;
        let hull = good.hull()?;
        let fits = hull.reach() < LARGE * room.x.min(room.z) && !good.form.spec.fragile;
        fits.then_some(Self { good, hull })
    }

    /// How a unit is turned as it is let go: flat packs on their backs, some on their fronts; others anyhow.
    fn turn(&self, rng: &mut impl Rng) -> Quat {
        let size = self.good.size;
        let tilt = Quat::from_rotation_z(uniform(-0.25, 0.25, rng))
            * Quat::from_rotation_x(uniform(-0.25, 0.25, rng));
        let yaw = Quat::from_rotation_y(uniform(-1.0, 1.0, rng) * std::f32::consts::PI);
        let on_back = if chance(0.65, rng) { -1.0 } else { 1.0 };
        let about = if size.z < FLAT * size.x {
            Quat::from_rotation_x(on_back * std::f32::consts::FRAC_PI_2)
        } else {
            let (sin, cos) = uniform(0.0, std::f32::consts::TAU, rng).sin_cos();
            Quat::from_axis_angle(Vec3::new(cos, 0.0, sin), uniform(0.0, std::f32::consts::PI, rng))
        };
        tilt * yaw * about
    }
}

impl Heap {
    /// Where a divider stands to its right, world x, metres.
    pub(super) fn border(&self) -> Option<f32> {
        self.border
    }

    /// Whether a bay's goods are poured, and the heaps it is divided into then. None where the pool has nothing to pour.
    pub(super) fn draw(gondola: &Gondola, bay: usize, pool: &Pool, node: &Node) -> Vec<Self> {
        if !node.draw("poured", |rng| chance(gondola.poured, rng)) {
            return Vec::new();
        }
        let board = gondola.bays[bay].boards[0];
        let chest = gondola.kind == FixtureKind::Freezer;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of stretches")]
        let most = if chest { ((board.width() / STRETCH_M) as usize).clamp(1, 3) } else { 1 };
        let count = node.draw("heaps", |rng| rng.random_range(1..=most));
        #[expect(clippy::cast_precision_loss, reason = "a handful of stretches")]
        let edge = |index: usize| board.left + board.width() * index as f32 / count as f32;
        let top = board.height + gondola.walls;
        let heaps: Vec<Self> = (0..count)
            .map(|number| {
                let bin = Bin {
                    min: Vec3::new(edge(number) + AIR_M, board.height, board.back + AIR_M),
                    max: Vec3::new(edge(number + 1) - AIR_M, top, board.front - AIR_M),
                };
                let offers = offers(pool, &bin, chest, &node.child("heap", number));
                let border = (number + 1 < count).then(|| edge(number + 1));
                Self { bay, number, bin, offers, border }
            })
            .collect();
        if heaps.iter().all(|heap| !heap.offers.is_empty()) { heaps } else { Vec::new() }
    }

    /// Lets the goods fall and places what came to lie in the bin.
    pub(super) fn fill(&self, most: usize, node: &Node, placing: &mut Placing, stock: &mut Stock) {
        let node = node.child("heap", self.number);
        let room = self.bin.max - self.bin.min;
        let level = node.draw("level", |rng| uniform(0.3, 1.0, rng).powf(0.7));
        let unit = self.offers.iter().map(|offer| offer.hull.volume()).sum::<f32>() / self.count();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to a small range"
        )]
        let wanted = (room.element_product() * level * PACKED / unit).clamp(3.0, 1e4) as usize;
        let units = self.units(wanted.min(MOST).min(most), &node);
        let layers = self.layers(&units);
        for (number, place) in pour(&self.bin, &layers).into_iter().enumerate() {
            let (Some(place), own) = (place, node.child("poured", number)) else { continue };
            let offer = &self.offers[units[number].0];
            let world_from_object = place * Affine3A::from_scale(offer.good.scale);
            let turn = Quat::from_mat3a(&place.matrix3);
            let found = Found { good: &offer.good, world_from_object, pose: pose(turn), yaw: yaw(turn) };
            let id = placing.add(found.thing(found::in_heap(self.bay, self.number), &own));
            let prism = around(&offer.hull.at(&place));
            let place = (self.bay, 0, usize::MAX);
            stock.units.push(Unit {
                id,
                place,
                row: 0,
                good: Arc::clone(&offer.good),
                prism,
                stranger: false,
            });
        }
    }

    /// Where along the front of the bin each offer has its tag, world x, metres.
    pub(super) fn tag_places(&self) -> Vec<f32> {
        let width = self.bin.max.x - self.bin.min.x;
        #[expect(clippy::cast_precision_loss, reason = "a handful of offers")]
        let at = |index: usize| self.bin.min.x + width * (index as f32 + 0.5) / self.count();
        (0..self.offers.len()).map(at).collect()
    }

    fn count(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of offers")]
        let count = self.offers.len().max(1) as f32;
        count
    }

    /// Which offer each unit is of, and how it is turned.
    fn units(&self, count: usize, node: &Node) -> Vec<(usize, Quat)> {
        let unit =
            |number: usize| {
                let own = node.child("poured", number);
                // The first offer is most of the heap.
                let offer = own.draw("offer", |rng| {
                    if chance(0.5, rng) { 0 } else { rng.random_range(0..self.offers.len()) }
                });
                (offer, own.draw("turn", |rng| self.offers[offer].turn(rng)))
            };
        (0..count).map(unit).collect()
    }

    /// Units side by side in layers, each layer as many as it has room for.
    fn layers(&self, units: &[(usize, Quat)]) -> Vec<Vec<Dropped<'_>>> {
        let (min, room) = (self.bin.min, self.bin.max - self.bin.min);
        let boxes: Vec<(Vec3, Vec3)> = units
            .iter()
            .map(|&(offer, turn)| self.offers[offer].hull.at(&Affine3A::from_quat(turn)).bounds())
            .collect();
        let mut layers = Vec::new();
        let mut first = 0;
        while first < units.len() {
            let mut layer = Vec::new();
            // Rows along x, from the back to the front.
            let mut z = 0.0;
            while let Some(row) = row(&boxes[first + layer.len()..], room.x) {
                let from = first + layer.len();
                let taken = &boxes[from..from + row];
                let deep = taken.iter().map(|(lo, hi)| hi.z - lo.z).fold(0.0, f32::max);
                if z + deep > room.z {
                    break;
                }
                #[expect(clippy::cast_precision_loss, reason = "a few units")]
                let slack =
                    (room.x - taken.iter().map(|(lo, hi)| hi.x - lo.x).sum::<f32>()) / (row + 1) as f32;
                let mut x = slack;
                for (index, (lo, hi)) in taken.iter().enumerate() {
                    let (offer, turn) = units[from + index];
                    let over = [min.x + x - lo.x, min.z + z - lo.z];
                    layer.push(Dropped { hull: &self.offers[offer].hull, turn, over });
                    x += hi.x - lo.x + slack;
                }
                z += deep + APART_M;
            }
            // What is left of the depth is shared, on this side in one layer and on that in the next.
            let spare = (room.z - z).max(0.0);
            let shift = if layers.len() % 2 == 0 { spare } else { 0.0 };
            layer.iter_mut().for_each(|dropped| dropped.over[1] += shift);
            if layer.is_empty() {
                break;
            }
            first += layer.len();
            layers.push(layer);
        }
        layers
    }
}

/// How many of the first of these boxes have room side by side; `None` when there is none.
fn row(boxes: &[(Vec3, Vec3)], width: f32) -> Option<usize> {
    let mut sum = APART_M;
    let fits = boxes.iter().take_while(|(lo, hi)| {
        sum += hi.x - lo.x + APART_M;
        sum <= width
    });
    let count = fits.count();
    (count > 0).then_some(count)
}

/// What a heap holds: in a chest mostly one product, in a basket up to four.
fn offers(pool: &Pool, bin: &Bin, chest: bool, node: &Node) -> Vec<Offer> {
    let most = if chest { 2 } else { 4 };
    let wanted = node.draw("offers", |rng| rng.random_range(1..=most));
    let mut offers: Vec<Offer> = Vec::new();
    for attempt in 0..24_usize {
        let mut good = None;
        node.child("offer", attempt).draw("sku", |rng| {
            let any = pool.any(rng);
            let sku = any.product.sku.clone();
            good = Some(any);
            sku
        });
        let Some(offer) = good.and_then(|good| Offer::new(good, bin)) else { continue };
        // Others are of about the same size: a heap of tea has no bread in it.
        let like = offers.first().is_none_or(|first| {
            let ratio = offer.hull.volume() / first.hull.volume();
            (0.4..2.5).contains(&ratio) && first.good.product.sku != offer.good.product.sku
        });
        if like {
            offers.push(offer);
        }
        if offers.len() == wanted {
            break;
        }
    }
    offers
}

/// The pose as labels call it, by where a unit's upper end points.
fn pose(turn: Quat) -> Pose {
    let up = (turn * Vec3::Y).y;
    match up {
        _ if up > 0.985 => Pose::Upright,
        _ if up < -0.985 => Pose::UpsideDown,
        _ if up.abs() < 0.7 => Pose::Lying,
        _ => Pose::Leaning,
    }
}

/// The part of a turn that is about the vertical, radians (swing and twist).
fn yaw(turn: Quat) -> f32 {
    2.0 * turn.y.atan2(turn.w)
}

fn around(body: &Body) -> Prism {
    let (min, max) = body.bounds();
    let (centre, half) = ((min + max) * 0.5, (max - min) * 0.5);
    let footprint = Footprint::Rect {
        centre: glam::Vec2::new(centre.x, centre.z),
        half: glam::Vec2::new(half.x, half.z),
        yaw: 0.0,
    };
    Prism { footprint, bottom: min.y, top: max.y }
}
