//! The store round a fixture: floor, ceiling, walls and other aisles, all cheap in triangles.

use glam::{Affine3A, Quat, Vec3};

use super::{chance, fixtures::painted, layout::Gondola, uniform};
use crate::{
    config::FixtureKind,
    sample::{Sampler, parts::Part, placing::Placing},
    scene::Role,
    seed::Node,
};

/// Side of a floor or ceiling tile, metres.
const TILE_M: f32 = 10.0;
/// Width of a bay of goods far off, metres, and its height.
const FACADE_M: (f32, f32) = (1.25, 2.0);
/// How far the store goes to each side, metres.
const REACH_M: f32 = 9.5;

/// Places floor, ceiling, other aisles and the walls; gives the ceiling's height, metres.
pub(super) fn place(sampler: &Sampler, gondola: &Gondola, root: &Node, placing: &mut Placing) -> f32 {
    let (left, right) = gondola.ends();
    let floor_tint = root.draw("floor_tint", |rng| {
        let grey = uniform(0.35, 0.85, rng);
        Vec3::new(grey, grey * uniform(0.93, 1.0, rng), grey * uniform(0.8, 1.0, rng))
    });
    let ceiling_tint = root.draw("ceiling_tint", |rng| {
        // Light that comes back from a floor is not followed: bright ceilings are painted brighter for it.
        if chance(0.25, rng) {
            Vec3::splat(uniform(0.1, 0.4, rng))
        } else {
            Vec3::splat(uniform(1.8, 2.6, rng))
        }
    });
    let ceiling = root.draw("ceiling_m", |rng| uniform(2.7, 4.0, rng)).max(gondola.top() + 0.6);
    let mut tile = 0;
    for x in [-0.5, 0.5] {
        for z in [-0.5, 0.5] {
            let at = Vec3::new(x * TILE_M, 0.0, z * TILE_M + 2.0);
            let path = |name: &str| root.child(name, tile).path().to_owned();
            placing.fixture(path("floor"), sampler.model(Part::FloorTile), Vec3::ONE, at, floor_tint);
            let above = at + Vec3::Y * ceiling;
            placing.fixture(path("ceiling"), sampler.model(Part::Ceiling), Vec3::ONE, above, ceiling_tint);
            tile += 1;
        }
    }
    let wall_tint = root.draw("wall_tint", |rng| painted(rng).lerp(Vec3::splat(0.8), 0.5));
    let share = match gondola.kind {
        FixtureKind::Wall | FixtureKind::OpenChiller | FixtureKind::Cooler | FixtureKind::Pegboard => 1.0,
        FixtureKind::Gondola => 0.3,
        FixtureKind::EndCap | FixtureKind::Freezer | FixtureKind::Pallet | FixtureKind::WireBasket => 0.0,
    };
    let against_wall = root.draw("against_wall", |rng| chance(share, rng));
    let mut store = Store { sampler, root, placing, index: 0, tint: Vec3::splat(0.85) };
    let opposite = root.draw("opposite_m", |rng| uniform(3.9, 5.2, rng));
    store.aisle((-REACH_M, REACH_M), opposite, true);
    if against_wall {
        let mut wall = |index: usize, world: Affine3A| {
            let path = root.child("wall", index).path().to_owned();
            store.placing.turned(path, sampler.model(Part::Wall), Role::Background, world, wall_tint);
        };
        wall(
            0,
            Affine3A::from_scale_rotation_translation(
                Vec3::new((right - left) + 16.0, ceiling, 1.0),
                Quat::IDENTITY,
                Vec3::new((left + right) * 0.5, 0.0, -gondola.depth - 0.07),
            ),
        );
    } else {
        // Beyond the back of this gondola and its aisle, the next one's goods look this way.
        let behind = -2.0 * gondola.depth - root.draw("next_aisle_m", |rng| uniform(1.8, 2.6, rng));
        store.aisle((-REACH_M, REACH_M), behind, false);
    }
    // The run that the fixture is part of goes on to both sides, and ends at cross aisles.
    if matches!(gondola.kind, FixtureKind::Gondola | FixtureKind::Wall) {
        let gap = root.draw("cross_aisle", |rng| chance(0.4, rng));
        if !gap {
            store.aisle((right + 0.03, REACH_M), -0.02, false);
            store.aisle((-REACH_M, left - 0.03), -0.02, false);
        }
    }
    for side in [-1.0_f32, 1.0] {
        let world = Affine3A::from_scale_rotation_translation(
            Vec3::new(2.0 * REACH_M, ceiling, 1.0),
            Quat::from_rotation_y(-side * std::f32::consts::FRAC_PI_2),
            Vec3::new(side * (REACH_M + 0.4), 0.0, 2.0),
        );
        let path = root.child("end_wall", usize::from(side > 0.0)).path().to_owned();
        store.placing.turned(path, sampler.model(Part::Wall), Role::Background, world, wall_tint);
        store.end(side);
    }
    ceiling
}

struct Store<'a> {
    sampler: &'a Sampler,
    root: &'a Node,
    placing: &'a mut Placing,
    index: usize,
    tint: Vec3,
}

impl Store<'_> {
    fn facade(&mut self, world: Affine3A) {
        let own = self.root.child("facade", self.index);
        let part = if own.draw("facade", |rng| chance(0.5, rng)) { Part::FacadeA } else { Part::FacadeB };
        let model = self.sampler.model(part);
        self.placing.turned(own.path().to_owned(), model, Role::Background, world, self.tint);
        self.index += 1;
    }

    /// Goods along X at a depth, in bays side by side; `facing_back` looks towards -Z.
    fn aisle(&mut self, (from, to): (f32, f32), z: f32, facing_back: bool) {
        let tall = self.root.child("aisle", self.index).draw("tall", |rng| uniform(0.8, 1.1, rng));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a dozen bays")]
        let count = ((to - from) / FACADE_M.0).floor().max(0.0) as usize;
        for bay in 0..count {
            #[expect(clippy::cast_precision_loss, reason = "a dozen bays")]
            let step = FACADE_M.0 * (bay as f32 + 0.5);
            // From the fixture outwards, so that what is left over lies at the far end.
            let x = if from > 0.0 || facing_back || to > 1.0 { from + step } else { to - step };
            let turn = if facing_back { std::f32::consts::PI } else { 0.0 };
            self.facade(Affine3A::from_scale_rotation_translation(
                Vec3::new(1.0, tall, 1.0),
                Quat::from_rotation_y(turn),
                Vec3::new(x, 0.0, z),
            ));
        }
    }

    /// Goods across the end of the aisle.
    fn end(&mut self, side: f32) {
        for bay in -2..=5_i8 {
            let z = f32::from(bay) * FACADE_M.0;
            self.facade(Affine3A::from_rotation_translation(
                Quat::from_rotation_y(-side * std::f32::consts::FRAC_PI_2),
                Vec3::new(side * (REACH_M + 0.3), 0.0, z),
            ));
        }
    }
}
