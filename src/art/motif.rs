//! Illustrations of what is inside, drawn in a box from -50 to 50.

use std::fmt::Write as _;

use super::palette::{Colour, WHITE};

/// How a brand's illustrator draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// With light and shade.
    Shaded,
    /// In flat colours.
    Flat,
    /// In outlines of one colour.
    Line,
}

/// Every illustration there is.
#[cfg(test)]
pub(super) const MOTIFS: [&str; 47] = [
    "strawberry",
    "orange",
    "lemon",
    "apple",
    "cherry",
    "blueberry",
    "peach",
    "grape",
    "pear",
    "coconut",
    "leaf",
    "bubbles",
    "ice",
    "sun",
    "mountain",
    "drop",
    "wheat",
    "crisps",
    "chilli",
    "flame",
    "cheese",
    "honey",
    "cookie",
    "nut",
    "bowl",
    "tomato",
    "corn",
    "peas",
    "carrot",
    "mushroom",
    "olive",
    "fish",
    "farfalle",
    "penne",
    "spaghetti",
    "milk",
    "flower",
    "lavender",
    "wave",
    "sparkle",
    "heart",
    "tooth",
    "shield",
    "chocolate",
    "candy",
    "star",
    "cup",
];
#[cfg(test)]
pub(super) const MORE_MOTIFS: [&str; 4] = ["beans", "bone", "paw", "egg"];

const GREEN: Colour = Colour(0x4f_9a3a);
const BROWN: Colour = Colour(0x6b_4226);

struct Ink {
    out: String,
    hand: Hand,
    line: Colour,
    width: f32,
}

impl Ink {
    /// A filled shape; `element` lacks its fill and its end.
    fn shape(&mut self, element: &str, fill: Colour) {
        let css = fill.css();
        let _ = match self.hand {
            Hand::Shaded => write!(self.out, "<{element} fill=\"{css}\"/><{element} fill=\"url(#light)\"/>"),
            Hand::Flat => write!(self.out, "<{element} fill=\"{css}\"/>"),
            Hand::Line => write!(
                self.out,
                "<{element} fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"/>",
                self.line.css(),
                self.width
            ),
        };
    }

    fn c(&mut self, x: f32, y: f32, r: f32, fill: Colour) {
        self.shape(&format!("circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\""), fill);
    }

    fn e(&mut self, x: f32, y: f32, rx: f32, ry: f32, turn: f32, fill: Colour) {
        let turn = format!("transform=\"rotate({turn:.0} {x:.1} {y:.1})\"");
        self.shape(
            &format!("ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{rx:.1}\" ry=\"{ry:.1}\" {turn}"),
            fill,
        );
    }

    fn p(&mut self, d: &str, fill: Colour) {
        self.shape(&format!("path d=\"{d}\""), fill);
    }

    fn l(&mut self, d: &str, colour: Colour, width: f32) {
        let (colour, width) = if self.hand == Hand::Line { (self.line, self.width) } else { (colour, width) };
        let _ = write!(
            self.out,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>",
            colour.css()
        );
    }

    fn leaf(&mut self, x: f32, y: f32, size: f32, turn: f32, fill: Colour) {
        let s = size;
        let place = format!("transform=\"translate({x:.1} {y:.1}) rotate({turn:.0})\"");
        let d = format!(
            "M0 0C{:.1} {:.1} {s:.1} {:.1} {:.1} 0C{s:.1} {:.1} {:.1} {:.1} 0 0Z",
            s * 0.3,
            -s * 0.5,
            -s * 0.45,
            s * 1.2,
            s * 0.3,
            s * 0.3,
            s * 0.45
        );
        self.shape(&format!("path {place} d=\"{d}\""), fill);
    }
}

/// The gradient that shaded shapes refer to; stands once in a document.
pub(super) const LIGHT: &str = "<radialGradient id=\"light\" cx=\"0.35\" cy=\"0.28\" r=\"0.85\"><stop offset=\"0\" stop-color=\"#fff\" stop-opacity=\"0.55\"/><stop offset=\"0.35\" stop-color=\"#fff\" stop-opacity=\"0.08\"/><stop offset=\"0.6\" stop-color=\"#000\" stop-opacity=\"0\"/><stop offset=\"1\" stop-color=\"#000\" stop-opacity=\"0.38\"/></radialGradient>";

fn polar(r: f32, degrees: f32) -> (f32, f32) {
    let (s, c) = degrees.to_radians().sin_cos();
    (r * c, r * s)
}

/// A star with `points` points, outer radius `r`, inner radius `r * inner`.
pub(super) fn star_path(x: f32, y: f32, r: f32, inner: f32, points: u8) -> String {
    let mut d = String::new();
    for i in 0..points * 2 {
        let radius = if i % 2 == 0 { r } else { r * inner };
        let (dx, dy) = polar(radius, f32::from(i) * 180.0 / f32::from(points) - 90.0);
        let _ = write!(d, "{}{:.2} {:.2}", if i == 0 { 'M' } else { 'L' }, x + dx, y + dy);
    }
    d + "Z"
}

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

/// Elements of the illustration `name` in `main`; `None` when there is none of that name.
#[expect(clippy::too_many_lines, reason = "a list of pictures, one after the other")]
pub(super) fn elements(name: &str, hand: Hand, main: Colour, line: Colour) -> Option<String> {
    let mut ink = Ink { out: String::new(), hand, line, width: 3.0 };
    let i = &mut ink;
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
        _ => return None,
    }
    Some(ink.out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::art::department::DEPARTMENTS;

    #[test]
    fn each_flavour_has_its_illustration() {
        let known = |name: &str| MOTIFS.contains(&name) || MORE_MOTIFS.contains(&name);
        for flavour in DEPARTMENTS.iter().flat_map(|d| d.goods).flat_map(|g| g.flavours) {
            assert!(known(flavour.motif), "no picture of '{}'", flavour.motif);
        }
        for name in MOTIFS.iter().chain(&MORE_MOTIFS) {
            for hand in [Hand::Shaded, Hand::Flat, Hand::Line] {
                let drawn = elements(name, hand, Colour(0x33_6699), Colour(0)).unwrap();
                assert!(drawn.len() > 60, "'{name}' is drawn");
            }
        }
        assert!(elements("unheard of", Hand::Flat, WHITE, WHITE).is_none(), "no picture for strangers");
    }
}
