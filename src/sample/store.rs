//! A procedural store as light from all around: what a shelf's goods mirror, blurred.

use glam::{Vec2, Vec3, vec3};
use rand::{Rng, RngExt};

use super::environment::{Panorama, direction};
use crate::seed::Node;

const WIDTH: usize = 128;
const HEIGHT: usize = 64;
/// Rays a pixel and axis, so that light rows come out soft.
const RAYS: usize = 3;
/// Where the store is seen from: in the aisle before the shelf, world, metres.
const EYE: Vec3 = vec3(0.0, 1.3, 0.3);
/// Width of a colour patch on the shelf across the aisle, metres.
const PATCH_M: f32 = 0.35;

/// A store: an aisle along X between two shelves, under rows of lights.
struct Store {
    ceiling_m: f32,
    ceiling: Vec3,
    rows_m: f32,
    row_half_m: f32,
    row: Vec3,
    floor: Vec3,
    opposite_m: f32,
    shelf_m: f32,
    boards: f32,
    /// Colours of the goods across the aisle, `COLUMNS` a board.
    goods: Vec<Vec3>,
    far: Vec3,
}

const COLUMNS: usize = 32;

/// Renders the store drawn under `node`.
pub(super) fn panorama(node: &Node) -> Panorama {
    let store = Store::draw(node);
    #[expect(clippy::cast_precision_loss, reason = "small picture")]
    let pixel = |index: usize| {
        let (column, row) = (index % WIDTH, index / WIDTH);
        let mut sum = Vec3::ZERO;
        for ray in 0..RAYS * RAYS {
            let shift = Vec2::new((ray % RAYS) as f32 + 0.5, (ray / RAYS) as f32 + 0.5) / RAYS as f32;
            let towards =
                direction((column as f32 + shift.x) / WIDTH as f32, (row as f32 + shift.y) / HEIGHT as f32);
            sum += store.radiance(towards);
        }
        sum / (RAYS * RAYS) as f32
    };
    Panorama::new(WIDTH, HEIGHT, (0..WIDTH * HEIGHT).map(pixel).collect())
}

impl Store {
    fn draw(node: &Node) -> Self {
        fn between(min: f32, max: f32) -> impl FnOnce(&mut crate::seed::Stream) -> f32 {
            move |rng| min + (max - min) * rng.random::<f32>()
        }
        let floor = node.draw("floor", between(0.3, 0.7));
        let ceiling = node.draw("ceiling", between(0.25, 0.7));
        let boards = node.draw("boards", |rng| rng.random_range(4..=6_u8));
        Self {
            ceiling_m: node.draw("ceiling_m", between(2.9, 4.2)),
            ceiling: Vec3::splat(ceiling),
            rows_m: node.draw("rows_m", between(1.8, 3.2)),
            row_half_m: node.draw("row_half_m", between(0.08, 0.3)),
            row: Vec3::splat(node.draw("row", between(8.0, 16.0))),
            floor: vec3(1.0, 0.96, 0.9) * floor,
            opposite_m: node.draw("opposite_m", between(1.8, 3.0)),
            shelf_m: node.draw("shelf_m", between(1.6, 2.2)),
            boards: f32::from(boards),
            goods: node
                .draw("goods", |rng| (0..COLUMNS * usize::from(boards)).map(|_| printed(rng)).collect()),
            far: Vec3::splat(node.draw("far", between(0.15, 0.45))),
        }
    }

    /// Radiance that arrives from a direction.
    fn radiance(&self, towards: Vec3) -> Vec3 {
        // The nearest of three planes: the shelf across the aisle, the ceiling, the floor.
        let hits = |distance: f32| (distance > 0.0).then_some(distance);
        let across = hits((self.opposite_m - EYE.z) / towards.z);
        let upright = hits(if towards.y > 0.0 { self.ceiling_m - EYE.y } else { -EYE.y } / towards.y);
        if let Some(distance) = across.filter(|&d| upright.is_none_or(|u| d < u)) {
            let at = EYE + towards * distance;
            if at.y < self.shelf_m {
                return self.shelf(at);
            }
        }
        let Some(distance) = upright.filter(|&u| u < 40.0) else { return self.far };
        let at = EYE + towards * distance;
        // Far away the rows melt into one; fading to their mean keeps them from flickering.
        let haze = (distance / 25.0).clamp(0.0, 1.0);
        if towards.y > 0.0 {
            let from_row = (at.z / self.rows_m - (at.z / self.rows_m).round()).abs() * self.rows_m;
            let lamp = if from_row < self.row_half_m { self.row } else { self.ceiling };
            let mean = self.ceiling.lerp(self.row, 2.0 * self.row_half_m / self.rows_m);
            lamp.lerp(mean, haze)
        } else {
            self.floor.lerp(self.far, haze)
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices into a small table")]
    fn shelf(&self, at: Vec3) -> Vec3 {
        let height = at.y.max(0.0) / self.shelf_m * self.boards;
        if height.fract() < 0.12 {
            return Vec3::splat(0.45);
        }
        let board = (height as usize).min(self.boards as usize - 1);
        let column = (at.x / PATCH_M).floor().rem_euclid(32.0) as usize % COLUMNS;
        // Goods in the upper part of a board's opening lie in the shadow of the next.
        self.goods[board * COLUMNS + column] * (1.1 - 0.7 * height.fract())
    }
}

/// The mean colour of some package, linear.
fn printed(rng: &mut impl Rng) -> Vec3 {
    let grey: f32 = 0.08 + 0.5 * rng.random::<f32>();
    let tint = vec3(rng.random(), rng.random(), rng.random());
    Vec3::splat(grey).lerp(tint * 0.7, 0.6)
}
