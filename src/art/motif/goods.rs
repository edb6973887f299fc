//! Landscapes, food and household things.

use std::fmt::Write as _;

use super::super::palette::{Colour, WHITE};
use super::{BROWN, GREEN, Ink, polar, star_path};

/// Draws `name`; false when it is not one of these.
#[expect(clippy::too_many_lines, reason = "a list of pictures, one after the other")]
pub(super) fn draw(i: &mut Ink, name: &str, main: Colour) -> bool {
    match name {
        "sun" => {
            i.p(&star_path(0.0, 0.0, 48.0, 0.66, 16), Colour(0xf9_c22e));
            i.c(0.0, 0.0, 27.0, Colour(0xfd_dd55));
        }
        "mountain" => {
            i.p("M-50 36L-14 -34L6 2L18 -16L50 36Z", Colour(0x4a_7296));
            i.p("M-14 -34L-28 -6L-18 -12L-12 -4L-6 -12L2 -6Z", WHITE);
            i.p("M18 -16L9 -2L17 -4L24 0Z", WHITE);
        }
        "drop" => {
            i.p("M0 -46C10 -22 32 -4 32 16A32 30 0 0 1 -32 16C-32 -4 -10 -22 0 -46Z", main);
            i.l("M-18 16A18 17 0 0 0 -4 32", WHITE, 4.0);
        }
        "wheat" => {
            let gold = Colour(0xde_a93c);
            for (x, tilt) in [(-16.0, -14.0_f32), (0.0, 0.0), (16.0, 14.0)] {
                let (s, c) = tilt.to_radians().sin_cos();
                i.l(&format!("M0 48L{:.1} {:.1}", x * 2.0, -36.0 * c), gold.darker(0.2), 2.5);
                for k in 0..6 {
                    let t = k as f32 / 6.0;
                    let (px, py) = (x * (0.9 + t) + s * 4.0, 2.0 - t * 40.0);
                    i.e(px - 5.0, py, 3.6, 7.5, -25.0 + tilt, gold);
                    i.e(px + 5.0, py, 3.6, 7.5, 25.0 + tilt, gold);
                }
            }
        }
        "crisps" => {
            for (x, y, turn) in [
                (-18.0, -14.0, -30.0),
                (18.0, -18.0, 25.0),
                (-14.0, 20.0, 20.0),
                (20.0, 16.0, -20.0),
                (0.0, 0.0, 5.0),
            ] {
                i.e(x, y, 25.0, 17.0, turn, Colour(0xf4_c64e));
                i.e(x + 2.0, y - 1.0, 15.0, 8.0, turn + 8.0, Colour(0xfb_dc82));
            }
        }
        "chilli" => {
            i.p("M-30 -24C-10 -30 24 -10 40 40C14 34 -34 10 -36 -14Z", Colour(0xd8_2a20));
            i.p("M-38 -12C-40 -26 -28 -32 -20 -24L-30 -18Z", GREEN);
            i.l("M-34 -26L-44 -44", GREEN, 5.0);
        }
        "flame" => {
            i.p("M0 -48C12 -26 36 -10 32 18C28 40 10 48 0 48C-16 48 -32 36 -32 14C-32 -2 -20 -8 -16 -24C-8 -18 -4 -30 0 -48Z", Colour(0xe8_4a1c));
            i.p("M2 -10C8 4 20 12 16 28C13 40 -14 42 -16 26C-18 12 -2 8 2 -10Z", Colour(0xfb_c02d));
        }
        "cheese" => {
            let c = Colour(0xf7_c53c);
            i.p("M-46 10L30 -28L46 6L46 32L-46 34Z", c);
            i.p("M-46 10L30 -28L46 6Z", c.lighter(0.35));
            for (x, y, r) in [(-20.0, 22.0, 6.0), (6.0, 20.0, 8.0), (30.0, 24.0, 5.0), (20.0, -8.0, 5.0)] {
                i.c(x, y, r, c.darker(0.25));
            }
        }
        "honey" => {
            let c = Colour(0xee_a51e);
            for (x, y) in [(-18.0, -16.0), (18.0, -16.0), (0.0, 15.0)] {
                let mut d = String::new();
                for k in 0..6 {
                    let (px, py) = polar(19.0, k as f32 * 60.0 + 30.0);
                    let _ = write!(d, "{}{:.1} {:.1}", if k == 0 { 'M' } else { 'L' }, x + px, y + py);
                }
                i.p(&(d + "Z"), c);
            }
            i.p("M14 24C22 34 26 36 26 42A9 8 0 0 1 8 42C8 36 10 34 14 24Z", c.darker(0.1));
        }
        "cookie" => {
            i.c(0.0, 0.0, 42.0, Colour(0xc8_9050));
            for (x, y, r) in [
                (-16.0, -14.0, 7.0),
                (12.0, -20.0, 6.0),
                (20.0, 8.0, 7.5),
                (-6.0, 10.0, 6.0),
                (-24.0, 14.0, 5.0),
                (4.0, 28.0, 6.5),
            ] {
                i.c(x, y, r, Colour(0x3c_1e10));
            }
        }
        "nut" => {
            for (x, y, turn) in [(-20.0, 8.0, -20.0), (20.0, 12.0, 25.0), (0.0, -16.0, 0.0)] {
                i.e(x, y, 18.0, 23.0, turn, Colour(0xa8_6a34));
                i.e(x, y - 13.0, 12.0, 7.0, turn, Colour(0xe0_bd8c));
            }
        }
        "bowl" => {
            for k in 0..9 {
                i.c(-32.0 + k as f32 * 8.0, -8.0 - ((k * 7) % 5) as f32 * 2.5, 8.0, Colour(0xe0_a24a));
            }
            i.p("M-46 -4L46 -4C44 28 26 40 0 40C-26 40 -44 28 -46 -4Z", main);
            i.e(0.0, -4.0, 46.0, 7.0, 0.0, Colour(0xfd_fdf8));
            for k in 0..7 {
                i.c(-30.0 + k as f32 * 10.0, -6.0 - ((k * 3) % 4) as f32, 6.0, Colour(0xd8_9238));
            }
        }
        "tomato" => {
            i.e(0.0, 6.0, 42.0, 36.0, 0.0, Colour(0xd9_3222));
            i.p(&star_path(0.0, -24.0, 22.0, 0.3, 5), GREEN);
        }
        "corn" => {
            let c = Colour(0xf8_cf3c);
            i.p("M0 -46C20 -34 24 10 12 42L-12 42C-24 10 -20 -34 0 -46Z", c);
            for row in 0..7 {
                for col in 0..3 {
                    i.c((col as f32 - 1.0) * 11.0, -28.0 + row as f32 * 10.0, 4.6, c.lighter(0.25));
                }
            }
            i.p("M-10 46C-36 30 -34 0 -24 -16C-16 10 -10 24 0 46Z", GREEN);
            i.p("M10 46C36 30 34 0 24 -16C16 10 10 24 0 46Z", GREEN.darker(0.15));
        }
        "peas" => {
            i.p("M-48 -14C-20 34 24 36 48 -18C34 -2 -28 2 -48 -14Z", GREEN);
            for k in 0..5 {
                let x = -26.0 + k as f32 * 13.0;
                i.c(x, 4.0 - (x / 16.0).powi(2) * 2.0 + 4.0, 8.0, main.mix(Colour(0x9a_d04e), 0.4));
            }
        }
        "carrot" => {
            i.p("M-16 -22C-4 -34 18 -28 20 -14C16 12 0 38 -30 46C-36 20 -28 -8 -16 -22Z", Colour(0xf2_8426));
            for turn in [-100.0, -70.0, -40.0] {
                i.leaf(6.0, -24.0, 24.0, turn, GREEN);
            }
            i.l("M-22 4L-8 8M-26 22L-14 24M0 -8L10 -4", Colour(0xc9_6414), 2.0);
        }
        "mushroom" => {
            i.p("M-12 4L12 4C10 24 16 34 14 44L-14 44C-16 34 -10 24 -12 4Z", Colour(0xf3_e7d3));
            i.p(
                "M-44 8C-44 -24 -20 -40 0 -40C20 -40 44 -24 44 8C24 14 -24 14 -44 8Z",
                main.mix(Colour(0xc0_9a74), 0.5),
            );
        }
        "fish" => {
            i.p("M-46 0C-26 -30 12 -26 26 0C12 26 -26 30 -46 0Z", main.mix(Colour(0x8f_b2c4), 0.45));
            i.p("M22 0L48 -22L42 0L48 22Z", main.darker(0.1));
            i.c(-28.0, -5.0, 4.0, WHITE);
            i.c(-28.0, -5.0, 2.0, Colour(0x11_1111));
            i.l("M-16 -14C-10 -6 -10 6 -16 14", WHITE, 2.0);
        }
        "farfalle" => {
            for (x, y, turn) in [(-14.0, -18.0, -15), (16.0, 18.0, 20)] {
                let place = format!("transform=\"translate({x} {y}) rotate({turn})\"");
                i.shape(&format!("path {place} d=\"M-32 -18L-22 -12L0 -5L22 -12L32 -18L28 0L32 18L22 12L0 5L-22 12L-32 18L-28 0Z\""), Colour(0xf2_cf7e));
                i.e(x, y, 5.0, 7.0, turn as f32, Colour(0xe0_b258));
            }
        }
        "penne" => {
            for (x, y, turn) in [(-12.0, -20.0, -20), (10.0, 2.0, 15), (-6.0, 26.0, -8)] {
                let place = format!("transform=\"translate({x} {y}) rotate({turn})\"");
                i.shape(&format!("path {place} d=\"M-36 -9L30 -9L38 9L-28 9Z\""), Colour(0xf0_c76c));
                i.e(x + 33.0, y + turn as f32 * 0.55, 5.0, 9.0, turn as f32 - 25.0, Colour(0xb8_8436));
            }
        }
        "spaghetti" => {
            for k in 0..9 {
                let x = -24.0 + k as f32 * 6.0;
                i.l(
                    &format!("M{:.1} -46C{:.1} -10 {:.1} 10 {:.1} 46", x * 0.9, x * 0.3, x * 0.3, x * 1.3),
                    Colour(0xf0_c45c),
                    4.0,
                );
            }
            i.p("M-14 -6L14 -6L14 6L-14 6Z", main);
        }
        "milk" => {
            i.p("M-26 -34L26 -34L20 46L-20 46Z", Colour(0xe8_f1f7));
            i.p("M-23 -12C-10 -20 8 -6 23 -14L19 43L-19 43Z", Colour(0xfe_fefe));
            i.c(34.0, -26.0, 6.0, Colour(0xfe_fefe));
            i.c(40.0, -10.0, 3.5, Colour(0xfe_fefe));
        }
        "flower" => {
            for k in 0..9 {
                let (x, y) = polar(27.0, k as f32 * 40.0);
                i.e(
                    x,
                    y,
                    19.0,
                    9.0,
                    k as f32 * 40.0,
                    if name == "flower" { main.lighter(0.55) } else { main },
                );
            }
            i.c(0.0, 0.0, 14.0, Colour(0xf5_bd2d));
        }
        "lavender" => {
            for x in [-22.0, 0.0, 22.0] {
                i.l(&format!("M{:.1} 48L{x:.1} -10", x * 0.4), GREEN, 3.0);
                for k in 0..5 {
                    let y = 4.0 - k as f32 * 11.0;
                    i.e(x - 5.0, y, 6.5, 4.5, 30.0, main);
                    i.e(x + 5.0, y, 6.5, 4.5, -30.0, main.lighter(0.2));
                }
            }
        }
        "wave" => {
            i.p("M-50 8C-30 -34 6 -44 26 -18C10 -22 0 -12 6 2C14 18 34 12 50 2L50 40L-50 40Z", main);
            i.p("M-50 24C-30 10 -14 34 8 26C26 18 36 20 50 26L50 44L-50 44Z", main.darker(0.25));
        }
        "sparkle" => {
            for (x, y, r) in [(-8.0, 6.0, 38.0), (30.0, -28.0, 17.0), (32.0, 30.0, 11.0)] {
                i.p(&star_path(x, y, r, 0.22, 4), if r > 30.0 { main } else { main.lighter(0.5) });
            }
        }
        "heart" => {
            i.p("M0 44C-60 0 -44 -40 -20 -38C-8 -37 -2 -30 0 -22C2 -30 8 -37 20 -38C44 -40 60 0 0 44Z", main)
        }
        "tooth" => {
            i.p("M-34 -20C-34 -42 -12 -42 0 -34C12 -42 34 -42 34 -20C34 2 26 8 22 36C20 48 10 46 8 30C6 16 -6 16 -8 30C-10 46 -20 48 -22 36C-26 8 -34 2 -34 -20Z", Colour(0xfb_fdff));
        }
        "shield" => {
            i.p("M0 -46L38 -32C38 6 28 32 0 46C-28 32 -38 6 -38 -32Z", main);
            i.l("M-18 -2L-4 14L20 -16", WHITE, 8.0);
        }
        "chocolate" => {
            let c = main.mix(Colour(0x5a_301a), 0.6);
            for row in 0..3 {
                for col in 0..3 {
                    let (x, y) = (-44.0 + col as f32 * 30.0, -40.0 + row as f32 * 28.0);
                    i.shape(&format!("rect x=\"{x}\" y=\"{y}\" width=\"27\" height=\"25\" rx=\"2\""), c);
                    i.shape(
                        &format!(
                            "rect x=\"{}\" y=\"{}\" width=\"17\" height=\"15\" rx=\"1\"",
                            x + 5.0,
                            y + 5.0
                        ),
                        c.lighter(0.08),
                    );
                }
            }
        }
        "candy" => {
            i.p("M-22 0L-48 -20L-44 0L-48 20Z", main.lighter(0.3));
            i.p("M22 0L48 -20L44 0L48 20Z", main.lighter(0.3));
            i.c(0.0, 0.0, 26.0, main);
            i.l("M-10 -22C2 -8 2 8 -10 22M8 -23C18 -8 18 8 8 23", WHITE, 4.0);
        }
        "star" => i.p(&star_path(0.0, 2.0, 46.0, 0.45, 5), main),
        "cup" => {
            i.e(0.0, 36.0, 46.0, 9.0, 0.0, WHITE.darker(0.12));
            i.l("M28 -4C48 -8 48 20 24 18", WHITE.darker(0.1), 6.0);
            i.p("M-32 -12L32 -12C32 18 20 34 0 34C-20 34 -32 18 -32 -12Z", Colour(0xfb_f8f2));
            i.e(0.0, -12.0, 32.0, 8.0, 0.0, main.mix(BROWN, 0.4));
            i.l("M-10 -26C-18 -34 -2 -38 -10 -48M8 -26C0 -34 16 -38 8 -48", Colour(0xc9_c2ba), 3.0);
        }
        "beans" => {
            for (x, y, turn) in
                [(-20.0, -16.0, -35.0), (20.0, -12.0, 30.0), (-8.0, 22.0, 15.0), (28.0, 28.0, -40.0)]
            {
                i.e(x, y, 14.0, 21.0, turn, Colour(0x5a_3018));
                let (dx, dy) = polar(17.0, turn - 90.0);
                i.l(
                    &format!(
                        "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                        x + dx,
                        y + dy,
                        x + dx * 0.3 + 5.0,
                        y + dy * 0.3,
                        x - dx * 0.3 - 5.0,
                        y - dy * 0.3,
                        x - dx,
                        y - dy
                    ),
                    Colour(0x2a_140a),
                    2.5,
                );
            }
        }
        "bone" => {
            i.shape("path transform=\"rotate(-30)\" d=\"M-24 -8L24 -8C24 -24 46 -24 42 -6C50 0 50 4 42 8C46 24 24 24 24 8L-24 8C-24 24 -46 24 -42 8C-50 4 -50 0 -42 -6C-46 -24 -24 -24 -24 -8Z\"", Colour(0xf6_efdf));
        }
        "paw" => {
            i.p("M0 0C22 0 34 20 28 34C22 46 8 38 0 38C-8 38 -22 46 -28 34C-34 20 -22 0 0 0Z", main);
            for (x, y, turn) in
                [(-36.0, -2.0, -25.0), (-15.0, -22.0, -8.0), (15.0, -22.0, 8.0), (36.0, -2.0, 25.0)]
            {
                i.e(x, y, 10.0, 14.0, turn, main);
            }
        }
        "egg" => {
            for (x, y, c) in [(-18.0, 4.0, 0xd9_a06c), (20.0, 8.0, 0xf3_e3cc)] {
                i.p(
                    &format!(
                        "M{x} {:.1}C{:.1} {:.1} {:.1} {:.1} {x} {:.1}C{:.1} {:.1} {:.1} {:.1} {x} {:.1}Z",
                        y - 38.0,
                        x + 34.0,
                        y - 30.0,
                        x + 38.0,
                        y + 34.0,
                        y + 34.0,
                        x - 38.0,
                        y + 34.0,
                        x - 34.0,
                        y - 30.0,
                        y - 38.0
                    ),
                    Colour(c),
                );
            }
        }
        "pizza" => {
            i.c(0.0, 0.0, 46.0, Colour(0xd9_9a4a));
            i.c(0.0, 0.0, 39.0, Colour(0xd1_4a25));
            i.c(0.0, 0.0, 36.0, Colour(0xf6_cf62));
            for k in 0..7_u8 {
                let turn = f32::from(k) * 51.0;
                let (x, y) = polar(if k % 2 == 0 { 24.0 } else { 12.0 }, turn);
                i.c(x, y, 8.0, main.mix(Colour(0xb4_2a1e), 0.5));
                let (x, y) = polar(27.0, turn + 24.0);
                i.leaf(x, y, 9.0, turn * 3.0, GREEN);
            }
            i.l("M0 0L0 -46M0 0L40 23M0 0L-40 23", Colour(0xb8_7a35), 1.5);
        }
        "fries" => {
            for (x, y, turn) in [
                (-34.0, -20.0, -16),
                (-22.0, -30.0, -9),
                (-10.0, -34.0, -4),
                (2.0, -36.0, 2),
                (14.0, -32.0, 7),
                (26.0, -24.0, 13),
            ] {
                let place = format!("transform=\"rotate({turn} {x} {y})\"");
                let c = if turn % 2 == 0 { Colour(0xf4_c542) } else { Colour(0xe9_b02e) };
                i.shape(&format!("rect {place} x=\"{x}\" y=\"{y}\" width=\"9\" height=\"60\""), c);
            }
            i.p("M-38 0C-16 12 16 12 38 0L28 46L-28 46Z", main);
        }
        "scoop" => {
            i.p("M-26 2L26 2L2 50L-2 50Z", Colour(0xd6_9a50));
            i.l("M-18 4L8 38M-4 4L14 26M18 4L-8 38M4 4L-14 26", Colour(0xa8_6c2c), 1.6);
            i.c(-15.0, -10.0, 18.0, main.lighter(0.25));
            i.c(15.0, -10.0, 18.0, main.mix(Colour(0xff_f3d8), 0.7));
            i.c(0.0, -28.0, 19.0, main);
        }
        _ => return false,
    }
    true
}
