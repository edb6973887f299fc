//! Prints of children's fabrics, seamless, and the marks on a nappy.

use std::f32::consts::TAU;

use rand::{Rng, RngExt};

use super::{
    palette::Colour,
    pen::{Area, Pen},
};
use crate::seed::Seed;

/// The slot that asks for a fabric; the key's name is `print-N` or `nappy-N`.
pub(super) const SLOT: &str = "fabric";
/// Side of the drawing, units.
const SIDE: f32 = 100.0;

/// The drawing of a fabric, square; `None` when there is none of that name.
pub(super) fn svg(name: &str, px_per_unit: f32) -> Option<String> {
    // In the near infrared: the same drawing with most of its contrast gone.
    let (name, faint) = name.strip_prefix("nir-").map_or((name, false), |name| (name, true));
    let (style, number) = name.rsplit_once('-')?;
    let number: usize = number.parse().ok()?;
    let node = Seed(0x0fab).dataset().child(style, number);
    let mut pen = Pen::new(px_per_unit);
    let mut rng = node.stream("print");
    match style {
        "print" => print(&mut pen, &mut rng),
        "nappy" => nappy(&mut pen, &mut rng),
        _ => return None,
    }
    if faint {
        pen.raw(&format!("<rect width=\"{SIDE}\" height=\"{SIDE}\" fill=\"#f4f4f4\" opacity=\"0.72\"/>"));
    }
    Some(pen.finish(SIDE, SIDE))
}

/// Drawing units of a fabric's side.
pub(super) const fn side() -> f32 {
    SIDE
}

fn hsv(h: f32, s: f32, v: f32) -> Colour {
    let wheel = |offset: f32| {
        let k = (offset + h * 6.0).rem_euclid(6.0);
        v - v * s * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = |c: f32| (c.clamp(0.0, 1.0) * 255.0).round() as u32;
    Colour(byte(wheel(5.0)) << 16 | byte(wheel(3.0)) << 8 | byte(wheel(1.0)))
}

fn between(min: f32, max: f32, rng: &mut impl Rng) -> f32 {
    min + (max - min) * rng.random::<f32>()
}

/// Ground and inks: mostly light grounds, inks a step away.
fn colours(rng: &mut impl Rng) -> (Colour, [Colour; 3]) {
    let hue: f32 = rng.random();
    let dark = rng.random_bool(0.16);
    let ground = match (dark, rng.random_bool(0.45)) {
        (true, _) => hsv(hue, between(0.3, 0.6, rng), between(0.22, 0.45, rng)),
        (false, true) => hsv(hue, between(0.0, 0.04, rng), between(0.93, 0.99, rng)),
        (false, false) => hsv(hue, between(0.08, 0.28, rng), between(0.84, 0.97, rng)),
    };
    let mut ink = |shift: f32| {
        let v = if dark { between(0.8, 0.97, rng) } else { between(0.45, 0.82, rng) };
        hsv(hue + shift, between(0.18, 0.6, rng), v)
    };
    (ground, [ink(0.0), ink(0.33), ink(-0.12)])
}

fn print(pen: &mut Pen, rng: &mut impl Rng) {
    let (ground, inks) = colours(rng);
    pen.rect(Area { x: 0.0, y: 0.0, w: SIDE, h: SIDE }, ground);
    match rng.random_range(0..8_u8) {
        0 => stripes(pen, &inks, rng),
        1 => gingham(pen, inks[0]),
        kind => scatter(pen, kind, &inks, rng),
    }
}

fn stripes(pen: &mut Pen, inks: &[Colour; 3], rng: &mut impl Rng) {
    let count = rng.random_range(4..14_u8);
    let two = rng.random_bool(0.3);
    let share = between(0.25, 0.6, rng);
    let step = SIDE / f32::from(count * 2);
    for i in 0..count * 2 {
        let ink = if two && i % 2 == 1 { inks[1] } else { inks[0] };
        let y = f32::from(i) * step;
        pen.rect(Area { x: 0.0, y, w: SIDE, h: step * share }, ink);
    }
}

fn gingham(pen: &mut Pen, ink: Colour) {
    let css = ink.css();
    for i in 0..8_u8 {
        let at = f32::from(i) * SIDE / 8.0;
        let half = SIDE / 16.0;
        pen.raw(&format!(
            "<rect x=\"{at}\" y=\"0\" width=\"{half}\" height=\"{SIDE}\" fill=\"{css}\" opacity=\"0.45\"/>"
        ));
        pen.raw(&format!(
            "<rect x=\"0\" y=\"{at}\" width=\"{SIDE}\" height=\"{half}\" fill=\"{css}\" opacity=\"0.45\"/>"
        ));
    }
}

/// Figures in offset rows, drawn over the edges too, so that the print repeats.
fn scatter(pen: &mut Pen, kind: u8, inks: &[Colour; 3], rng: &mut impl Rng) {
    let rows = rng.random_range(3..8_u8);
    let step = SIDE / f32::from(rows);
    let size = step * between(0.16, 0.36, rng);
    let wobble = step * between(0.0, 0.16, rng);
    for row in 0..rows {
        for column in 0..rows {
            let shift = if row % 2 == 1 && rows % 2 == 0 { 0.5 } else { 0.0 };
            let x = (f32::from(column) + 0.5 + shift) * step + between(-wobble, wobble, rng);
            let y = (f32::from(row) + 0.5) * step + between(-wobble, wobble, rng);
            let ink = inks[usize::from((row + column * 2) % 3)];
            let turn = between(0.0, TAU, rng);
            for dx in [-SIDE, 0.0, SIDE] {
                for dy in [-SIDE, 0.0, SIDE] {
                    figure(pen, kind, x + dx, y + dy, size, turn, ink);
                }
            }
        }
    }
}

fn figure(pen: &mut Pen, kind: u8, x: f32, y: f32, r: f32, turn: f32, ink: Colour) {
    let css = ink.css();
    let polygon = |points: &[(f32, f32)]| {
        let list: Vec<String> = points.iter().map(|(a, b)| format!("{:.2} {:.2}", x + a, y + b)).collect();
        format!("M{}Z", list.join("L"))
    };
    match kind {
        2 => pen.circle(x, y, r * 0.8, &css),
        3 => {
            let star: Vec<(f32, f32)> = (0..10_u8)
                .map(|i| {
                    let reach = if i % 2 == 0 { r } else { r * 0.42 };
                    let angle = turn + f32::from(i) * TAU / 10.0;
                    (reach * angle.sin(), -reach * angle.cos())
                })
                .collect();
            pen.path(&polygon(&star), &css);
        }
        4 => {
            // A moon.
            let (w, h) = (r * 0.9, r);
            pen.path(
                &format!(
                    "M{:.2} {:.2}a{h:.2} {h:.2} 0 1 0 {w:.2} {:.2}a{:.2} {:.2} 0 0 1 {:.2} {:.2}z",
                    x,
                    y - h,
                    1.7 * h,
                    r * 0.8,
                    r * 0.8,
                    -w,
                    -1.7 * h
                ),
                &css,
            );
        }
        5 => {
            pen.circle(x - r * 0.42, y - r * 0.3, r * 0.5, &css);
            pen.circle(x + r * 0.42, y - r * 0.3, r * 0.5, &css);
            pen.path(&polygon(&[(-r * 0.88, -r * 0.08), (r * 0.88, -r * 0.08), (0.0, r)]), &css);
        }
        6 => {
            // A cloud.
            for (dx, dy, s) in [(-0.6, 0.1, 0.45), (0.0, -0.15, 0.6), (0.6, 0.1, 0.45), (0.0, 0.2, 0.45)] {
                pen.circle(x + dx * r, y + dy * r, s * r, &css);
            }
        }
        _ => {
            // A bear's head.
            for (dx, dy, s) in [(-0.55, -0.55, 0.32), (0.55, -0.55, 0.32), (0.0, 0.0, 0.78)] {
                pen.circle(x + dx * r, y + dy * r, s * r, &css);
            }
            pen.ellipse(x, y + r * 0.22, r * 0.3, r * 0.22, "#ffffff");
            for dx in [-0.3, 0.3] {
                pen.circle(x + dx * r, y - r * 0.15, r * 0.09, "#302820");
            }
        }
    }
}

/// White, with a band of small figures.
fn nappy(pen: &mut Pen, rng: &mut impl Rng) {
    pen.rect(Area { x: 0.0, y: 0.0, w: SIDE, h: SIDE }, Colour(0xfa_faf8));
    let hue: f32 = rng.random();
    let ink = hsv(hue, between(0.15, 0.45, rng), 0.85);
    let kind = rng.random_range(2..8_u8);
    for i in 0..4_u8 {
        let (x, y) = (12.5 + f32::from(i) * 25.0, if i % 2 == 0 { 25.0 } else { 70.0 });
        figure(pen, kind, x, y, 6.0, 0.0, ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_differ_repeat_and_are_named() {
        let all: std::collections::BTreeSet<String> =
            (0..60).filter_map(|i| svg(&format!("print-{i}"), 2.56)).collect();
        assert!(all.len() > 55, "{} different of 60", all.len());
        assert_eq!(svg("print-7", 2.0), svg("print-7", 2.0), "the same name, the same print");
        assert!(
            svg("nappy-3", 2.0).is_some() && svg("velvet-3", 2.0).is_none() && svg("print", 2.0).is_none(),
            "names"
        );
    }
}
