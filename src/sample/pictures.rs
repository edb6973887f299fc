//! Small pictures by code.

use crate::scene::Pixels;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped bytes"
)]
/// A square picture: calls `at(u, v)` (0 to 1, v down; red, green, blue and alpha) at every pixel's centre.
pub(super) fn drawn(size: u32, at: &dyn Fn(f32, f32) -> [f32; 4]) -> Pixels {
    let place = |i: u32| (i as f32 + 0.5) / size as f32;
    let byte = |c: f32| (c.clamp(0.0, 1.0) * 255.0).round() as u8;
    let rgba = (0..size * size).flat_map(|i| at(place(i % size), place(i / size)).map(byte)).collect();
    Pixels { width: size, height: size, rgba }
}

/// A number in 0 to 1 for a lattice point.
pub(super) fn hash(x: f32, y: f32, salt: u32) -> f32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lattice numbers")]
    let whole = |v: f32| (v as i32) as u32;
    let mut h = whole(x).wrapping_mul(0x9E37_79B1)
        ^ whole(y).wrapping_mul(0x85EB_CA77)
        ^ salt.wrapping_mul(0xC2B2_AE3D);
    for _ in 0..2 {
        h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
        h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    }
    #[expect(clippy::cast_precision_loss, reason = "24 bits are enough")]
    let share = (h >> 8) as f32 / 16_777_216.0;
    share
}

/// Smooth noise, -1 to 1, repeating over the unit square, `cells` a side.
pub(super) fn noise(u: f32, v: f32, cells: u8, salt: u32) -> f32 {
    let cells = f32::from(cells);
    let (x, y) = (u * cells, v * cells);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (s, t) = (ease(x - x.floor()), ease(y - y.floor()));
    let at =
        |i: f32, j: f32| hash((x.floor() + i).rem_euclid(cells), (y.floor() + j).rem_euclid(cells), salt);
    let row = |j: f32| at(0.0, j) + (at(1.0, j) - at(0.0, j)) * s;
    (row(0.0) + (row(1.0) - row(0.0)) * t) * 2.0 - 1.0
}
