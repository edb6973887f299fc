//! The store round a shelf, as pictures on sheets: cheap in triangles, seen from far or out of focus.

use glam::{DVec2, DVec3};

use crate::asset::{Asset, fixture};
use crate::material::Material;
use crate::solid::sheet;
use crate::texture::{Picture, hash, inside, mix, noise, wide, wrap};

/// What packages are printed in, sRGB.
const INKS: [[f64; 3]; 10] = [
    [0.78, 0.12, 0.12],
    [0.92, 0.78, 0.20],
    [0.90, 0.88, 0.84],
    [0.16, 0.36, 0.62],
    [0.24, 0.48, 0.24],
    [0.86, 0.50, 0.16],
    [0.88, 0.86, 0.80],
    [0.42, 0.25, 0.16],
    [0.55, 0.68, 0.78],
    [0.66, 0.24, 0.40],
];

/// All of them.
pub(crate) fn all() -> Vec<Asset> {
    vec![facade("facade_a", 101), facade("facade_b", 202)]
}

/// A bay of goods, 1.25 m wide and 2 m high, facing +Z, origin at the middle of its bottom edge.
fn facade(name: &'static str, salt: u32) -> Asset {
    let front = sheet(DVec3::new(-0.625, 2.0, 0.0), DVec3::X * 1.25, DVec3::NEG_Y * 2.0, DVec2::ONE, "goods");
    fixture(name, vec![front], vec![Material::art("goods", 0.5).picture(goods(salt))])
}

/// Boards with blocks of packages, dark above them, rails with tags below.
fn goods(salt: u32) -> Picture {
    let boards: u32 = 5 + u32::from(salt.is_multiple_of(2));
    wide(256, 384, move |u, v| {
        let y = v * f64::from(boards);
        let board = wrap(y.floor(), boards);
        let t = y.fract();
        // From top to bottom of an opening: the dark under the next board, goods, the rail.
        if t > 0.86 {
            let tag = (u * 9.0 + hash(board, 1, salt)).fract();
            let rail = if board.is_multiple_of(2) { [0.80, 0.80, 0.79] } else { [0.36, 0.29, 0.24] };
            return if tag < 0.5 && t > 0.88 && t < 0.98 { [0.93, 0.93, 0.91] } else { rail };
        }
        let dark = [0.07, 0.07, 0.075];
        let blocks = 3.0 + (hash(board, 2, salt) * 4.0).floor();
        let x = u * blocks;
        let block = wrap(x.floor(), 16);
        let facings = 1.0 + (hash(board, block, salt + 1) * 4.0).floor();
        let (fx, facing) = ((x.fract() * facings).fract(), wrap((x.fract() * facings).floor(), 8));
        let high = 0.45 + 0.4 * hash(board, block, salt + 2);
        let top = 0.86 - high * 0.86;
        let gone = hash(board * 31 + block, facing, salt + 3) < 0.07;
        let slim = 0.03 + 0.06 * hash(board, block, salt + 4);
        if t < top || gone || fx < slim || fx > 1.0 - slim {
            return mix(dark, [0.16, 0.15, 0.15], 0.5 * noise(u, v, 16, salt) + 0.5 * t);
        }
        let ink = |k: u32| {
            let tone = hash(board * 17 + block, k, salt + 5) * 9.999;
            INKS[wrap(tone.floor(), 10) as usize]
        };
        let (ground, print) = (ink(0), ink(7));
        let (px, py) = (fx - 0.5, (t - top) / (0.86 - top) - 0.5);
        let patch = inside(px.abs().max(py.abs() * 0.9) - 0.28, 0.08);
        let band = inside((py + 0.22).abs() - 0.09, 0.04);
        let round = inside(px.hypot(py - 0.1) - 0.2, 0.06);
        let shade = (1.0 - 1.3 * px * px) * (0.62 + 0.38 * (t - top) / (0.86 - top));
        let mut c = mix(ground, print, 0.8 * patch);
        c = mix(c, [0.92, 0.90, 0.86], 0.9 * band);
        c = mix(c, ink(13), 0.7 * round);
        c.map(|k| k * shade)
    })
}
