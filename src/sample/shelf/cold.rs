//! Cabinets that cool: open chillers, coolers with glass doors, chest freezers.

use glam::{Affine3A, Quat, Vec3};
use rand::RngExt;

use super::{chance, fixtures::Shop, glass, heap::Heap, layout::BOARD_M, uniform};
use crate::{
    sample::{parts::Part, placing::Placing},
    scene::Role,
    seed::Node,
};

const WHITE: Vec3 = Vec3::splat(1.0);
/// Height of a freezer's wall above its board, metres.
pub(super) const WALL_M: f32 = 0.46;
/// Thickness of a freezer's wall.
pub(super) const CHEST_M: f32 = 0.05;

/// Back, sides, base and canopy round the boards of a chiller or cooler.
pub(super) fn cabinet(shop: &Shop<'_>, placing: &mut Placing) {
    let gondola = shop.gondola;
    let (left, right) = gondola.ends();
    let (back, top) = (-gondola.depth, gondola.top());
    let front = gondola.base_extra + 0.02;
    let inside = shop.root.draw("inside_tint", |rng| {
        if chance(0.6, rng) { WHITE * 0.75 } else { Vec3::splat(uniform(0.1, 0.4, rng)) }
    });
    let outside = shop.root.draw("outside_tint", super::fixtures::painted);
    let bottom = gondola.base_height - BOARD_M;
    let plain = |placing: &mut Placing, index: usize, corners, tint| {
        shop.block(placing, ("cabinet", index), Part::Plain, corners, tint);
    };
    plain(placing, 0, ([left, bottom, back - 0.04], [right, top, back - 0.002]), inside);
    plain(placing, 1, ([left - 0.05, 0.0, back - 0.04], [left, top + 0.2, front]), outside);
    plain(placing, 2, ([right, 0.0, back - 0.04], [right + 0.05, top + 0.2, front]), outside);
    plain(placing, 3, ([left, 0.0, back], [right, bottom, front - 0.02]), outside * 0.4);
    plain(placing, 4, ([left, top, back - 0.04], [right, top + 0.2, front]), outside);
    // The air grille along the foot, as slats.
    for slat in 0..4_usize {
        #[expect(clippy::cast_precision_loss, reason = "four slats")]
        let y = bottom * (0.2 + 0.18 * slat as f32);
        let corners = ([left, y, front - 0.02], [right, y + 0.012, front - 0.005]);
        plain(placing, 5 + slat, corners, outside * 0.9);
    }
    let led = ([left + 0.02, top - 0.012, front - 0.06], [right - 0.02, top - 0.001, front - 0.03]);
    shop.block(placing, ("led", 0), Part::Glow, led, WHITE);
}

/// Frames, panes and handles before a cooler; one door may stand open.
pub(super) fn doors(shop: &Shop<'_>, placing: &mut Placing) {
    let gondola = shop.gondola;
    let front = gondola.base_extra + 0.03;
    let (low, high) = (gondola.base_height - BOARD_M - 0.02, gondola.top() + 0.01);
    let (sampler, root) = (shop.sampler, shop.root);
    let tint = root.draw("door_tint", |rng| Vec3::splat(if chance(0.5, rng) { 0.05 } else { 0.75 }));
    let open = root.draw("open_door", |rng| {
        let some = chance(0.3, rng);
        let which = rng.random_range(0..gondola.bays.len());
        some.then_some(which)
    });
    for (index, x) in gondola.edges().into_iter().enumerate() {
        // A post behind the doors, with its strip of light.
        let post = ([x - 0.018, low, front - 0.035], [x + 0.018, high, front - 0.005]);
        shop.block(placing, ("post", index), Part::Plain, post, tint);
        for side in [-1.0_f32, 1.0] {
            let x = x + side * 0.024;
            let led = ([x - 0.005, low + 0.05, front - 0.03], [x + 0.005, high - 0.05, front - 0.012]);
            shop.block(placing, ("strip", index * 2 + usize::from(side > 0.0)), Part::Glow, led, WHITE);
        }
    }
    for (index, bay) in gondola.bays.iter().enumerate() {
        let door = root.child("door", index);
        let hinge_left = index.is_multiple_of(2);
        let angle = if open == Some(index) {
            door.draw("open_deg", |rng| uniform(35.0, 80.0, rng)).to_radians()
        } else {
            0.0
        };
        let (hinge, turn) = if hinge_left { (bay.left, -angle) } else { (bay.right, angle) };
        let width = bay.right - bay.left - 0.006;
        let from_hinge =
            Affine3A::from_rotation_translation(Quat::from_rotation_y(turn), Vec3::new(hinge, 0.0, front));
        // Along x from the hinge, which lies at the left or at the right.
        let across = |u: f32| if hinge_left { u + 0.003 } else { -u - 0.003 };
        let mut piece =
            |name: &str, part: Part, (u0, u1): (f32, f32), (y0, y1): (f32, f32), (z0, z1): (f32, f32)| {
                let (a, b) = (across(u0).min(across(u1)), across(u0).max(across(u1)));
                let size = Vec3::new(b - a, y1 - y0, z1 - z0);
                let at = Vec3::new((a + b) * 0.5, y0, (z0 + z1) * 0.5);
                let world = from_hinge * Affine3A::from_scale_rotation_translation(size, Quat::IDENTITY, at);
                let glass = part == Part::Glass;
                let role = if glass { Role::SeeThrough } else { Role::Background };
                let tint = match part {
                    Part::Glass | Part::Chrome => WHITE,
                    _ => tint,
                };
                placing.turned(door.child(name, 0).path().to_owned(), sampler.model(part), role, world, tint);
            };
        let bar = 0.035;
        piece("stile", Part::Plain, (0.0, bar), (low, high), (0.0, 0.03));
        piece("lock_stile", Part::Plain, (width - bar, width), (low, high), (0.0, 0.03));
        piece("sill", Part::Plain, (bar, width - bar), (low, low + bar), (0.0, 0.03));
        piece("head", Part::Plain, (bar, width - bar), (high - bar, high), (0.0, 0.03));
        piece("glass", Part::Glass, (bar, width - bar), (low + bar, high - bar), (0.010, 0.020));
        let grip = (low + (high - low) * 0.45, low + (high - low) * 0.68);
        piece("handle", Part::Chrome, (width - 0.03, width - 0.012), grip, (0.045, 0.06));
        piece(
            "handle_low",
            Part::Chrome,
            (width - 0.03, width - 0.012),
            (grip.0, grip.0 + 0.015),
            (0.03, 0.045),
        );
        piece(
            "handle_high",
            Part::Chrome,
            (width - 0.03, width - 0.012),
            (grip.1 - 0.015, grip.1),
            (0.03, 0.045),
        );
        let middle = (across(bar) + across(width - bar)) * 0.5;
        let foot = from_hinge * Affine3A::from_translation(Vec3::new(middle, low + bar, 0.0));
        let size = Vec3::new(width - 2.0 * bar, high - low - 2.0 * bar, 1.0);
        haze(shop, placing, &door, (foot, size), hinge_left);
    }
}

/// Condensation behind a door's pane, where it is cold, and smears before it, where people are, most of them on the side
/// that opens. `foot` is the middle of the pane's lower edge.
fn haze(
    shop: &Shop<'_>,
    placing: &mut Placing,
    door: &Node,
    (foot, size): (Affine3A, Vec3),
    hinge_left: bool,
) {
    let materials = shop.sampler.parts().haze;
    let share = |name: &str, often: f32, least: f32, most: f32| {
        door.draw(name, |rng| if chance(often, rng) { uniform(least, most, rng) } else { 0.0 })
    };
    let grip = if hinge_left { 1.0 } else { -1.0 };
    let films = [
        ("mist", Part::Mist, materials[0], share("mist_share", 0.35, 0.25, 1.0), 0.0085, 1.0),
        ("smears", Part::Smears, materials[1], share("smears_share", 0.7, 0.3, 1.0), 0.0215, grip),
    ];
    for (name, part, material, strength, z, side) in films {
        if strength > 0.0 {
            let scale = size * Vec3::new(side, 1.0, 1.0);
            let world = foot
                * Affine3A::from_scale_rotation_translation(scale, Quat::IDENTITY, Vec3::new(0.0, 0.0, z));
            let path = door.child(name, 0).path().to_owned();
            glass::cover(placing, path, (shop.sampler.model(part), material), world, strength);
        }
    }
}

/// A chest: walls round the goods, dividers of wire between bays and between heaps, a bumper below.
pub(super) fn chest(shop: &Shop<'_>, heaps: &[Heap], placing: &mut Placing) {
    let gondola = shop.gondola;
    let (left, right) = gondola.ends();
    let (back, front) = (-gondola.depth - 0.004, gondola.base_extra + 0.004);
    let (floor, rim) = (gondola.base_height, gondola.base_height + WALL_M);
    let t = CHEST_M;
    let outside = shop.root.draw("outside_tint", |rng| Vec3::splat(uniform(0.7, 1.1, rng)));
    let plain = |placing: &mut Placing, index: usize, corners, tint| {
        shop.block(placing, ("chest", index), Part::Plain, corners, tint);
    };
    let inside = WHITE * 1.1;
    plain(placing, 0, ([left - t, 0.12, front], [right + t, rim, front + t]), outside);
    plain(placing, 1, ([left - t, 0.12, back - t], [right + t, rim, back]), outside);
    plain(placing, 2, ([left - t, 0.12, back], [left, rim, front]), outside);
    plain(placing, 3, ([right, 0.12, back], [right + t, rim, front]), outside);
    plain(placing, 4, ([left, floor - 0.05, back], [right, floor, front]), inside);
    plain(
        placing,
        5,
        ([left - t + 0.04, 0.0, back - t + 0.04], [right + t - 0.04, 0.12, front + t - 0.04]),
        outside * 0.1,
    );
    plain(
        placing,
        6,
        ([left - t - 0.01, 0.2, front + t], [right + t + 0.01, 0.26, front + t + 0.02]),
        outside * 0.2,
    );
    // Rime on the walls, which grows down from the rim.
    let rime = shop.root.draw("rime", |rng| if chance(0.6, rng) { uniform(0.25, 1.0, rng) } else { 0.0 });
    let (wide, deep) = (right - left, front - back);
    let middle = (left + right) * 0.5;
    let walls = [
        (Vec3::new(middle, floor, back + 0.001), 0.0, wide),
        (Vec3::new(middle, floor, front - 0.001), std::f32::consts::PI, wide),
        (Vec3::new(left + 0.001, floor, (back + front) * 0.5), std::f32::consts::FRAC_PI_2, deep),
        (Vec3::new(right - 0.001, floor, (back + front) * 0.5), -std::f32::consts::FRAC_PI_2, deep),
    ];
    let frost = (shop.sampler.model(Part::Frost), shop.sampler.parts().haze[2]);
    for (index, (at, yaw, long)) in walls.into_iter().enumerate().filter(|_| rime > 0.0) {
        let scale = Vec3::new(long, WALL_M, 1.0);
        let world = Affine3A::from_scale_rotation_translation(scale, Quat::from_rotation_y(yaw), at);
        glass::cover(placing, shop.root.child("frost", index).path().to_owned(), frost, world, rime);
    }
    let inner = gondola.edges();
    let borders = inner[1..inner.len() - 1].iter().copied().chain(heaps.iter().filter_map(Heap::border));
    for (index, x) in borders.enumerate() {
        for wire in 0..9_usize {
            #[expect(clippy::cast_precision_loss, reason = "a few wires")]
            let y = floor + 0.02 + 0.045 * wire as f32;
            let corners = ([x - 0.0025, y, back], [x + 0.0025, y + 0.005, front]);
            shop.block(placing, ("wire", index * 9 + wire), Part::Chrome, corners, WHITE);
        }
    }
}
