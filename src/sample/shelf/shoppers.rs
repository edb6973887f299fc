//! What shoppers leave in the picture: an arm that reaches in, a basket on the floor.

use glam::{Affine3A, Quat, Vec2, Vec3};
use rand::{Rng, RngExt};
use serde_json::json;

use super::{chance, count, layout::Gondola, probability, uniform};
use crate::{
    config::ShelfRecipe,
    sample::{
        Sampler,
        parts::Part,
        people::{self, TROUSERS},
        placing::{Placing, Thing, facts},
    },
    scene::{Dress, Facts, Role},
    seed::Node,
};

/// Places what is drawn.
pub(super) fn place(
    sampler: &Sampler,
    gondola: &Gondola,
    recipe: &ShelfRecipe,
    root: &Node,
    placing: &mut Placing,
) {
    if root.draw("arm", |rng| chance(probability(&recipe.mess.arm, rng), rng)) {
        arm(sampler, gondola, &root.child("arm", 0), placing);
    }
    if root.draw("basket", |rng| chance(probability(&recipe.mess.basket, rng), rng)) {
        basket(sampler, gondola, &root.child("basket", 0), placing);
    }
    let mut taken = Vec::new();
    for index in 0..root.draw("shoppers", |rng| count(&recipe.mess.shoppers, 0, rng)) {
        somebody(sampler, gondola, &mut taken, &root.child("shopper", index), placing);
    }
}

/// How far beyond the ends of a fixture others keep, metres, and how far they may be.
const BEYOND_M: [f32; 2] = [1.5, 8.2];

/// Nearest that two of them come to each other, metres, and places that are tried.
const APART_M: f32 = 0.9;
const PLACES: usize = 8;

/// Somebody who shops beside the fixture, far enough not to stand before it or round the camera, nor in anybody of
/// `taken`; nobody where there is no room.
fn somebody(sampler: &Sampler, gondola: &Gondola, taken: &mut Vec<Vec2>, node: &Node, placing: &mut Placing) {
    let (left, right) = gondola.ends();
    let all = &sampler.parts().shoppers;
    let shopper = all[node.draw("who", |rng| rng.random_range(0..all.len()))];
    let place = |index: usize| {
        node.draw(&format!("place{index}_m"), |rng| {
            let (side, end) = if rng.random::<bool>() { (1.0, right) } else { (-1.0, -left) };
            let far = uniform(BEYOND_M[0], (BEYOND_M[1] - end).max(BEYOND_M[0] + 0.5), rng);
            Vec2::new(side * (end + far), uniform(0.75, 2.9, rng))
        })
    };
    let free = |place: &Vec2| taken.iter().all(|other| other.distance(*place) > APART_M);
    let Some(place) = (0..PLACES).map(place).find(free) else { return };
    taken.push(place);
    let at = Vec3::new(place.x, -shopper.sole_y, place.y);
    let tone = node.draw("skin_tone", |rng| rng.random::<f32>());
    let [shirt, trousers, shoes] = node.draw("clothes", |rng| {
        [cloth(rng), TROUSERS[rng.random_range(0..TROUSERS.len())], Vec3::splat(uniform(0.01, 0.4, rng))]
    });
    let hair = node.draw("hair", |rng| {
        let free = rng.random_range(0..people::HAIR.len());
        people::hair(free, rng.random::<f32>() < tone)
    });
    // Along the aisle, or towards one of its sides.
    let yaw =
        node.draw("yaw_deg", |rng| f32::from(rng.random_range(0..4_u8)) * 90.0 + uniform(-30.0, 30.0, rng));
    let height = node.draw("height", |rng| uniform(0.97, 1.06, rng));
    let colours = [people::skin(tone) / people::SKIN_PICTURE, hair, shirt, trousers, shoes];
    let dresses = shopper.worn.into_iter().zip(colours);
    placing.add(Thing {
        path: node.path().to_owned(),
        class: "fixture",
        role: Role::Background,
        model: Some(shopper.model),
        world_from_object: Affine3A::from_scale_rotation_translation(
            Vec3::splat(height),
            Quat::from_rotation_y(yaw.to_radians()),
            at * Vec3::new(1.0, height, 1.0),
        ),
        dresses: dresses
            .map(|(material, colour)| Dress { material, art: None, colour: Some(colour.extend(1.0)) })
            .collect(),
        tint: Vec3::ONE,
        facts: Facts::new(),
    });
}

/// Before the goods of some board, fingers first, coming up from the shopper's side; it touches nothing.
fn arm(sampler: &Sampler, gondola: &Gondola, node: &Node, placing: &mut Placing) {
    let (left, right) = gondola.ends();
    let tip = node.draw("tip_m", |rng| {
        let bay = &gondola.bays[rng.random_range(0..gondola.bays.len())];
        let board = bay.boards[rng.random_range(0..bay.boards.len())];
        let x = uniform(left * 0.6, right * 0.6, rng);
        let y = board.height + board.clear * uniform(0.3, 0.7, rng);
        Vec3::new(x, y.max(0.5), gondola.base_extra + uniform(0.09, 0.16, rng))
    });
    let yaw = node.draw("yaw_deg", |rng| uniform(-35.0, 35.0, rng)).to_radians();
    let pitch = node.draw("pitch_deg", |rng| uniform(5.0, 35.0, rng)).to_radians();
    let roll = node.draw("roll_deg", |rng| uniform(-80.0, 80.0, rng)).to_radians();
    let turn = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch) * Quat::from_rotation_z(roll);
    let world = Affine3A::from_rotation_translation(turn, tip);
    let skin = node.draw("skin", |rng| {
        let skins = [
            Vec3::new(1.25, 1.35, 1.35),
            Vec3::new(1.0, 1.0, 1.0),
            Vec3::new(0.7, 0.62, 0.55),
            Vec3::new(0.32, 0.27, 0.24),
        ];
        skins[rng.random_range(0..skins.len())]
    });
    let cloth = node.draw("cloth", cloth);
    for (name, part, tint) in [("hand", Part::ArmHand, skin), ("sleeve", Part::ArmSleeve, cloth)] {
        placing.add(Thing {
            path: node.child(name, 0).path().to_owned(),
            class: "arm",
            role: Role::Labelled,
            model: Some(sampler.model(part)),
            world_from_object: world,
            dresses: Vec::new(),
            tint,
            facts: facts([("part", json!(name))]),
        });
    }
}

fn cloth(rng: &mut impl Rng) -> Vec3 {
    let dye = Vec3::new(rng.random(), rng.random(), rng.random());
    Vec3::splat(uniform(0.03, 1.0, rng)).lerp(dye, uniform(0.0, 0.7, rng))
}

/// A basket of plastic on the floor, empty.
fn basket(sampler: &Sampler, gondola: &Gondola, node: &Node, placing: &mut Placing) {
    let (left, right) = gondola.ends();
    let at = node.draw("place_m", |rng| {
        Vec3::new(uniform(left, right, rng), 0.0, gondola.base_extra + uniform(0.35, 0.9, rng))
    });
    let yaw = node.draw("yaw_deg", |rng| uniform(-90.0, 90.0, rng)).to_radians();
    let tint = node.draw("tint", |rng| {
        let colours = [
            Vec3::new(0.7, 0.03, 0.03),
            Vec3::new(0.03, 0.12, 0.5),
            Vec3::splat(0.05),
            Vec3::new(0.05, 0.35, 0.1),
        ];
        colours[rng.random_range(0..colours.len())]
    });
    let world = Affine3A::from_rotation_translation(Quat::from_rotation_y(yaw), at);
    let (a, b, h) = (0.22, 0.15, 0.23);
    let mut parts: Vec<(Vec3, Vec3)> = vec![(Vec3::new(-a, 0.0, -b), Vec3::new(a, 0.006, b))];
    for rail in [0.06_f32, 0.12, 0.17, h - 0.02] {
        let (low, high) = (rail, rail + if rail > 0.2 { 0.02 } else { 0.012 });
        for side in [-1.0_f32, 1.0] {
            parts.push((Vec3::new(-a, low, side * b - 0.004), Vec3::new(a, high, side * b + 0.004)));
            parts.push((Vec3::new(side * a - 0.004, low, -b), Vec3::new(side * a + 0.004, high, b)));
        }
    }
    for rib in -4..=4_i8 {
        let x = f32::from(rib) * a * 0.25;
        for side in [-1.0_f32, 1.0] {
            parts.push((
                Vec3::new(x - 0.005, 0.0, side * b - 0.003),
                Vec3::new(x + 0.005, h, side * b + 0.003),
            ));
        }
    }
    for rib in -2..=2_i8 {
        let z = f32::from(rib) * b * 0.5;
        for side in [-1.0_f32, 1.0] {
            parts.push((
                Vec3::new(side * a - 0.003, 0.0, z - 0.005),
                Vec3::new(side * a + 0.003, h, z + 0.005),
            ));
        }
    }
    // Handles, folded out to both sides.
    for side in [-1.0_f32, 1.0] {
        let z = side * (b + 0.006);
        parts.push((Vec3::new(-0.1, h, z - 0.004), Vec3::new(0.1, h + 0.012, z + 0.004)));
    }
    let model = sampler.model(Part::Plain);
    for (index, (min, max)) in parts.into_iter().enumerate() {
        let middle = Vec3::new((min.x + max.x) * 0.5, min.y, (min.z + max.z) * 0.5);
        let part = world * Affine3A::from_scale_rotation_translation(max - min, Quat::IDENTITY, middle);
        placing.turned(node.child("part", index).path().to_owned(), model, Role::Background, part, tint);
    }
}
