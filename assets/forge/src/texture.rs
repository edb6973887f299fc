//! Small pictures that repeat without a seam, drawn from hashed lattices.

/// 8-bit RGB pixels, top row first.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

/// A number in 0..1 for a lattice point, the same on every platform.
pub(crate) fn hash(x: u32, y: u32, salt: u32) -> f64 {
    let mut h = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ salt.wrapping_mul(0xC2B2_AE3D);
    for _ in 0..2 {
        h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
        h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    }
    f64::from(h ^ (h >> 15)) / f64::from(u32::MAX)
}

/// Smooth noise in 0..1 over the unit square, `cells` lattice cells a side, repeating.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lattice cells of the unit square"
)]
pub(crate) fn noise(u: f64, v: f64, cells: u32, salt: u32) -> f64 {
    let (x, y) = (u * f64::from(cells), v * f64::from(cells));
    let (i, j) = (x.floor() as u32, y.floor() as u32);
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (s, t) = (ease(x - x.floor()), ease(y - y.floor()));
    let at = |di: u32, dj: u32| hash((i + di) % cells, (j + dj) % cells, salt);
    let row = |dj: u32| at(0, dj) + (at(1, dj) - at(0, dj)) * s;
    row(0) + (row(1) - row(0)) * t
}

/// A square picture: calls `colour(u, v)` (0..1, sRGB) at every pixel's centre.
fn draw(size: u32, colour: impl Fn(f64, f64) -> [f64; 3]) -> Picture {
    wide(size, size, colour)
}

/// Calls `colour(u, v)` (0..1, sRGB) at every pixel's centre.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
pub(crate) fn wide(width: u32, height: u32, colour: impl Fn(f64, f64) -> [f64; 3]) -> Picture {
    let at = |i: u32, n: u32| (f64::from(i) + 0.5) / f64::from(n);
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let bytes = pixels.flat_map(|(x, y)| {
        colour(at(x, width), at(y, height)).map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8)
    });
    Picture { width, height, rgb: bytes.collect() }
}

/// 1 inside of a shape, 0 outside, `d` its signed distance (negative inside), softened over `width`.
pub(crate) fn inside(d: f64, width: f64) -> f64 {
    (0.5 - d / width).clamp(0.0, 1.0)
}

pub(crate) fn mix(a: [f64; 3], b: [f64; 3], t: f64) -> [f64; 3] {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

/// Vinyl tiles with chips of several sizes; the picture covers 4 x 4 tiles.
pub(crate) fn vinyl_floor() -> Picture {
    let chips = |u: f64, v: f64, cells: u32, salt: u32| -> Option<f64> {
        let (x, y) = (u * f64::from(cells), v * f64::from(cells));
        let mut best = (f64::MAX, 0.0);
        for dj in 0..3 {
            for di in 0..3 {
                let (cx, cy) = (x.floor() + f64::from(di) - 1.0, y.floor() + f64::from(dj) - 1.0);
                let (i, j) = (wrap(cx, cells), wrap(cy, cells));
                let (ox, oy) = (cx + hash(i, j, salt), cy + hash(i, j, salt + 1));
                let d = (x - ox).hypot(y - oy) / (0.12 + 0.34 * hash(i, j, salt + 2));
                if d < best.0 {
                    best = (d, hash(i, j, salt + 3));
                }
            }
        }
        (best.0 < 1.0).then_some(best.1)
    };
    draw(512, |u, v| {
        let (tile_x, tile_y) = (wrap((u * 4.0).floor(), 4), wrap((v * 4.0).floor(), 4));
        let shade = 0.012 * (hash(tile_x, tile_y, 3) - 0.5) + 0.02 * (noise(u, v, 8, 5) - 0.5);
        let mut c = [0.745, 0.73, 0.70].map(|k| k + shade + 0.02 * (noise(u, v, 128, 9) - 0.5));
        for (cells, salt, strength) in [(90, 20, 0.45), (46, 30, 0.55)] {
            if let Some(tone) = chips(u, v, cells, salt) {
                let chip = if tone < 0.45 {
                    [0.60, 0.585, 0.56]
                } else if tone < 0.8 {
                    [0.84, 0.83, 0.81]
                } else {
                    [0.66, 0.60, 0.53]
                };
                c = mix(c, chip, strength);
            }
        }
        let edge = |t: f64| (0.5 - ((t * 4.0).fract() - 0.5).abs()) / 4.0;
        let joint = inside(edge(u).min(edge(v)) - 0.0011, 0.0022);
        mix(c, [0.50, 0.485, 0.46], 0.65 * joint)
    })
}

/// Mineral fibre tiles in a white grid; the picture covers 2 x 2 tiles.
pub(crate) fn ceiling_tiles() -> Picture {
    draw(256, |u, v| {
        let grain = noise(u, v, 96, 40);
        let pit = if hash(wrap(u * 128.0, 128), wrap(v * 128.0, 128), 41) > 0.93 { 0.09 } else { 0.0 };
        let base = [0.86, 0.86, 0.845].map(|k| k + 0.03 * (grain - 0.5) - pit);
        let edge = |t: f64| 0.5 - ((t * 2.0).fract() - 0.5).abs();
        let d = edge(u).min(edge(v));
        let shadow = 0.10 * inside(d - 0.034, 0.012);
        let c = base.map(|k| k - shadow);
        mix(c, [0.93, 0.93, 0.925], inside(d - 0.024, 0.006))
    })
}

/// Round holes in painted steel; the picture covers 4 x 4 of them.
pub(crate) fn perforated() -> Picture {
    draw(256, |u, v| {
        let (x, y) = ((u * 4.0).fract() - 0.5, (v * 4.0).fract() - 0.5);
        let r = x.hypot(y);
        let paint = [0.87, 0.87, 0.855].map(|k| k + 0.012 * (noise(u, v, 64, 50) - 0.5));
        // The lower inner edge of a hole catches the light from above, the upper one is dark.
        let hole = [0.13, 0.13, 0.13].map(|k| k + 0.22 * (y / 0.13).clamp(0.0, 1.0) * inside(0.09 - r, 0.03));
        mix(paint, hole, inside(r - 0.115, 0.016))
    })
}

/// Two columns of slots in painted steel; the picture covers one slot's pitch.
pub(crate) fn slotted() -> Picture {
    draw(128, |u, v| {
        let bar = |x: f64| {
            let (dx, dy) = ((u - x).abs() - 0.055, (v - 0.5).abs() - 0.30);
            dx.max(dy)
        };
        let d = bar(0.3).min(bar(0.7));
        let paint = [0.85, 0.85, 0.84].map(|k| k + 0.012 * (noise(u, v, 32, 60) - 0.5));
        let rim = paint.map(|k| k - 0.10 * inside(d - 0.02, 0.03));
        mix(rim, [0.09, 0.09, 0.09], inside(d, 0.016))
    })
}

/// Plaster under paint: faint, broad marks.
pub(crate) fn plaster() -> Picture {
    draw(256, |u, v| {
        let broad = noise(u, v, 5, 70) - 0.5 + 0.5 * (noise(u, v, 13, 71) - 0.5);
        [0.83, 0.825, 0.80].map(|k| k + 0.022 * broad + 0.03 * (noise(u, v, 90, 72) - 0.5))
    })
}

/// A whole number of cells, brought into `0..cells`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "taken modulo the lattice")]
pub(crate) fn wrap(x: f64, cells: u32) -> u32 {
    x.floor().rem_euclid(f64::from(cells)) as u32 % cells
}
