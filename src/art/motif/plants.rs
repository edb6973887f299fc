//! Fruit, leaves, bubbles.

use super::super::palette::{Colour, WHITE};
use super::{BROWN, GREEN, Hand, Ink, polar, star_path};

fn citrus(i: &mut Ink, main: Colour) {
    i.c(-8.0, -4.0, 34.0, main);
    i.leaf(-6.0, -36.0, 24.0, -20.0, GREEN);
    i.c(18.0, 18.0, 28.0, main.darker(0.08));
    if i.hand == Hand::Line {
        return i.c(18.0, 18.0, 22.0, main);
    }
    i.out += &format!("<circle cx=\"18\" cy=\"18\" r=\"24.5\" fill=\"{}\"/>", WHITE.mix(main, 0.15).css());
    for k in 0..8 {
        let (a, b) = (polar(22.0, k as f32 * 45.0 + 4.0), polar(22.0, k as f32 * 45.0 + 41.0));
        let m = polar(2.5, k as f32 * 45.0 + 22.0);
        i.out += &format!(
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}A22 22 0 0 1 {:.1} {:.1}Z\" fill=\"{}\"/>",
            18.0 + m.0,
            18.0 + m.1,
            18.0 + a.0,
            18.0 + a.1,
            18.0 + b.0,
            18.0 + b.1,
            main.lighter(0.12).css()
        );
    }
}

/// Draws `name`; false when it is not one of these.
#[expect(clippy::too_many_lines, reason = "a list of pictures, one after the other")]
pub(super) fn draw(i: &mut Ink, name: &str, main: Colour) -> bool {
    match name {
        "strawberry" => {
            i.p("M0 46C-30 30 -44 0 -34 -18C-24 -34 24 -34 34 -18C44 0 30 30 0 46Z", main);
            for (x, y) in [(-18, -8), (0, -10), (18, -8), (-12, 8), (10, 8), (0, 24), (-22, 6), (22, 6)] {
                i.e(x as f32, y as f32, 1.8, 3.2, 0.0, Colour(0xf8_e08a));
            }
            for turn in [-160.0, -120.0, -90.0, -60.0, -20.0] {
                i.leaf(0.0, -24.0, 20.0, turn, GREEN);
            }
        }
        "orange" | "lemon" => citrus(i, main),
        "apple" => {
            i.p(
                "M0 -22C20 -40 48 -24 42 8C38 32 20 48 0 40C-20 48 -38 32 -42 8C-48 -24 -20 -40 0 -22Z",
                main,
            );
            i.l("M0 -22C0 -34 4 -40 8 -46", BROWN, 4.0);
            i.leaf(4.0, -34.0, 26.0, -15.0, GREEN);
        }
        "cherry" => {
            i.l("M-18 14C-14 -14 0 -30 18 -42C20 -20 22 0 22 16", GREEN, 3.5);
            i.c(-20.0, 24.0, 20.0, main);
            i.c(22.0, 28.0, 20.0, main);
            i.leaf(16.0, -40.0, 26.0, 15.0, GREEN);
        }
        "blueberry" => {
            for (x, y) in [(-20.0, 10.0), (20.0, 14.0), (0.0, -18.0), (0.0, 30.0)] {
                i.c(x, y, 19.0, main);
                i.p(&star_path(x, y, 6.5, 0.5, 5), main.darker(0.45));
            }
            i.leaf(10.0, -30.0, 26.0, -25.0, GREEN);
        }
        "peach" | "olive" => {
            i.e(0.0, 6.0, 36.0, 38.0, 0.0, main);
            if name == "olive" {
                i.e(6.0, -8.0, 8.0, 9.0, 0.0, Colour(0xc4_2a20));
            } else {
                i.l("M0 -30C-10 -8 -8 18 2 36", main.darker(0.25), 2.5);
            }
            i.leaf(0.0, -32.0, 32.0, -30.0, GREEN);
            i.leaf(0.0, -32.0, 26.0, 200.0, GREEN.darker(0.2));
        }
        "grape" => {
            for (row, n) in [4, 3, 2, 1].into_iter().enumerate() {
                for k in 0..n {
                    i.c((k as f32 - (n as f32 - 1.0) / 2.0) * 20.0, -16.0 + row as f32 * 17.0, 11.5, main);
                }
            }
            i.l("M0 -26L4 -46", BROWN, 4.0);
            i.leaf(2.0, -36.0, 26.0, -10.0, GREEN);
        }
        "pear" => {
            i.p(
                "M0 -36C14 -36 14 -16 22 -4C40 20 26 46 0 46C-26 46 -40 20 -22 -4C-14 -16 -14 -36 0 -36Z",
                main,
            );
            i.l("M0 -36L5 -48", BROWN, 4.0);
            i.leaf(2.0, -40.0, 24.0, 5.0, GREEN);
        }
        "coconut" => {
            i.c(-10.0, -4.0, 34.0, BROWN);
            i.e(14.0, 18.0, 32.0, 24.0, -15.0, BROWN.darker(0.3));
            i.e(14.0, 16.0, 28.0, 20.0, -15.0, Colour(0xfd_fbf4));
            i.e(14.0, 16.0, 19.0, 12.0, -15.0, Colour(0xe4_e6de));
        }
        "leaf" => {
            for (turn, size) in [(-90.0, 40.0), (-145.0, 36.0), (-35.0, 36.0)] {
                i.leaf(0.0, 26.0, size, turn, if turn < -90.0 { GREEN.darker(0.15) } else { GREEN });
            }
            i.l("M0 46L0 -16", GREEN.darker(0.35), 2.5);
        }
        "bubbles" => {
            for (x, y, r) in [
                (-18.0, 22.0, 20.0),
                (20.0, 8.0, 15.0),
                (-8.0, -18.0, 12.0),
                (16.0, -34.0, 8.0),
                (24.0, 36.0, 9.0),
                (-34.0, -14.0, 6.0),
                (-14.0, -42.0, 5.0),
            ] {
                i.c(x, y, r, main.lighter(0.35));
                i.l(
                    &format!(
                        "M{:.1} {:.1}A{r} {r} 0 0 1 {:.1} {:.1}",
                        x - r * 0.6,
                        y - r * 0.1,
                        x - r * 0.05,
                        y - r * 0.6
                    ),
                    WHITE,
                    2.0,
                );
            }
        }
        "ice" => {
            let c = Colour(0xbf_e3f2);
            i.p("M-40 -8L-8 -20L14 0L-16 16Z", c.lighter(0.5));
            i.p("M-40 -8L-16 16L-14 44L-36 20Z", c);
            i.p("M-16 16L14 0L14 28L-14 44Z", c.darker(0.2));
            i.p("M6 -36L30 -44L46 -26L22 -16Z", c.lighter(0.5));
            i.p("M22 -16L46 -26L46 -2L24 8Z", c.darker(0.2));
        }
        _ => return false,
    }
    true
}
