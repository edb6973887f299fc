//! What photographs on packs are made of: heaps in light and shade, splashes, light behind, and the small marks on
//! top: seals, sashes, reference intakes.

use std::{f32::consts::TAU, fmt::Write as _};

use super::{
    fonts::Face,
    motif::{self, star_path},
    palette::{BLACK, Colour, WHITE},
    pen::{Area, Type, area},
    sheet::Sheet,
};

/// Soft light and soft shade; stands once in a document.
pub(super) const DEFS: &str = "<radialGradient id=\"shade\"><stop offset=\"0\" stop-color=\"#000\" stop-opacity=\"0.6\"/><stop offset=\"0.6\" stop-color=\"#000\" stop-opacity=\"0.25\"/><stop offset=\"1\" stop-color=\"#000\" stop-opacity=\"0\"/></radialGradient>";

/// The `k`-th of a sequence that fills 0 to 1 evenly (golden ratio).
fn even(k: u8, phase: f32) -> f32 {
    (f32::from(k) * 0.618_034 + phase).fract()
}

/// A number of this brand, 0 to 1.
fn phase(s: &Sheet<'_>, habit: u32) -> f32 {
    f32::from(u8::try_from(s.habit(habit, 251)).unwrap_or(0)) / 251.0
}

/// Blurred lights all over an area.
pub(super) fn bokeh(s: &mut Sheet<'_>, a: Area, count: u8, colour: Colour, opacity: f32) {
    let phase = phase(s, 2);
    for k in 0..count {
        let (x, y) = (a.x + a.w * even(k, phase), a.y + a.h * even(k.wrapping_mul(3), phase * 0.7));
        let r = a.h * (0.04 + 0.13 * even(k.wrapping_mul(7), phase));
        let _ = write!(
            s.pen.body(),
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\" fill=\"{}\" fill-opacity=\"{opacity:.2}\"/>",
            colour.css()
        );
    }
}

/// Light that comes from a point.
pub(super) fn glow(s: &mut Sheet<'_>, x: f32, y: f32, r: f32, colour: Colour, opacity: f32) {
    let css = colour.css();
    let stops = format!(
        "<stop offset=\"0\" stop-color=\"{css}\" stop-opacity=\"{opacity:.2}\"/><stop offset=\"1\" stop-color=\"{css}\" stop-opacity=\"0\"/>"
    );
    let id = s.pen.define("radialGradient", "", &stops);
    s.pen.circle(x, y, r, &format!("url(#{id})"));
}

/// A soft shadow.
pub(super) fn shade(s: &mut Sheet<'_>, x: f32, y: f32, rx: f32, ry: f32) {
    s.pen.ellipse(x, y, rx, ry, "url(#shade)");
}

/// A heap of what is inside, clipped to the front.
pub(super) fn heap(s: &mut Sheet<'_>, front: Area, a: Area, rows: u8) {
    let rect = format!(
        "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\"/>",
        front.x, front.y, front.w, front.h
    );
    let id = s.pen.define("clipPath", "", &rect);
    s.pen.raw(&format!("<g clip-path=\"url(#{id})\">"));
    heap_pieces(s, a, rows);
    s.pen.raw("</g>");
}

/// The pieces of a heap: darker behind, larger in front, each on its own shadow.
pub(super) fn heap_pieces(s: &mut Sheet<'_>, a: Area, rows: u8) {
    let phase = phase(s, 3);
    let name = s.design.flavour.motif;
    let size = (a.h / (0.42 * f32::from(rows) + 0.62)).min(a.w * 0.5);
    let tones = [s.accent.darker(0.35), s.accent.darker(0.12), s.accent.lighter(0.06)];
    let drawn: Vec<Option<String>> =
        tones.iter().map(|tone| motif::elements(name, motif::Hand::Shaded, *tone, BLACK)).collect();
    for row in 0..rows {
        let depth = f32::from(row + 1) / f32::from(rows);
        let own = size * (0.72 + 0.28 * depth);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let pieces = (a.w / (own * 0.72)).ceil().clamp(2.0, 9.0) as u8;
        for k in 0..pieces {
            let shake = even(k + row * 5, phase) - 0.5;
            let x = a.x + a.w * (f32::from(k) + 0.5 + 0.5 * shake) / f32::from(pieces);
            let y = a.y
                + own * 0.5
                + (a.h - own) * (f32::from(row) + 0.4 * even(k * 3 + row, phase))
                    / f32::from(rows.max(2) - 1).max(1.0);
            let y = y.min(a.bottom() - own * 0.3);
            shade(s, x + own * 0.05, y + own * 0.2, own * 0.58, own * 0.5);
            let turn = (even(k * 7 + row * 2, phase) - 0.5) * 110.0;
            let tone = usize::from((row * 3 / rows.max(1) + k % 2).min(2));
            if let Some(elements) = &drawn[tone] {
                let scale = own / 100.0;
                let _ = write!(
                    s.pen.body(),
                    "<g transform=\"translate({x:.1} {y:.1}) rotate({turn:.0}) scale({scale:.3})\">{elements}</g>"
                );
            }
        }
    }
}

/// A crown of liquid.
pub(super) fn splash(s: &mut Sheet<'_>, a: Area, colour: Colour) {
    let phase = phase(s, 2);
    let (cx, cy, r) = (a.cx(), a.cy() + a.h * 0.1, a.short() * 0.5);
    for (grow, tone) in [(1.0, colour.darker(0.18)), (0.9, colour), (0.72, colour.lighter(0.35))] {
        let mut d = String::new();
        let count = 11_u8;
        for k in 0..count {
            let angle = |t: f32| (f32::from(k) + t) / f32::from(count) * TAU;
            let reach = r * grow * (0.92 + 0.42 * even(k, phase));
            let low = r * grow * 0.66;
            let at = |angle: f32, r: f32| {
                (
                    (cx + r * angle.cos()).clamp(a.x, a.right()),
                    (cy + 0.82 * r * angle.sin()).clamp(a.y, a.bottom()),
                )
            };
            let (valley, tip, next) = (at(angle(0.0), low), at(angle(0.45), reach), at(angle(1.0), low));
            let (c1, c2) = (at(angle(0.3), low * 1.02), at(angle(0.62), low * 1.02));
            if k == 0 {
                let _ = write!(d, "M{:.1} {:.1}", valley.0, valley.1);
            }
            let _ = write!(
                d,
                "Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                c1.0, c1.1, tip.0, tip.1, c2.0, c2.1, next.0, next.1
            );
        }
        s.pen.path(&(d + "Z"), &tone.css());
    }
}

/// Drops that fly about.
pub(super) fn drops(s: &mut Sheet<'_>, a: Area, colour: Colour) {
    let phase = phase(s, 4);
    for k in 0..9_u8 {
        let (angle, far) = (even(k, phase) * TAU, 0.36 + 0.12 * even(k * 5, phase));
        let (x, y) = (a.cx() + a.w * far * angle.cos(), a.cy() + a.h * far * angle.sin());
        let r = a.short() * (0.012 + 0.022 * even(k * 3, phase));
        s.pen.circle(x, y, r, &colour.darker(0.15).css());
        s.pen.circle(x - r * 0.15, y - r * 0.2, r * 0.8, &colour.css());
        s.pen.circle(x - r * 0.3, y - r * 0.35, r * 0.25, &WHITE.css());
    }
}

/// Energy, fat, sugar and salt of a portion, as little coloured fields.
pub(super) fn intakes(s: &mut Sheet<'_>, a: Area) {
    if matches!(s.design.product.department.as_str(), "household" | "personal_care" | "pet") {
        return;
    }
    let w = (a.w / 4.3).min(a.h * 1.6);
    let seed = phase(s, 1);
    let shift = if s.habit(2, 2) == 0 { 0 } else { 1 };
    let tones = [Colour(0xf4_f4ee), Colour(0x8f_c640), Colour(0xf2_b233), Colour(0xe0_5a3a)];
    for (k, label) in (0..4_u8).zip(["kcal", "fat", "sugar", "salt"]) {
        let x = a.x + f32::from(k) * w * 1.08;
        let tone = if k == 0 { tones[0] } else { tones[usize::from((k + shift) % 3 + 1)] };
        s.pen.rounded(area(x, a.y, w, a.h), a.h * 0.25, &tone.css());
        s.pen.line(
            label,
            area(x + w * 0.1, a.y + a.h * 0.1, w * 0.8, a.h * 0.3),
            Type::new(Face::Narrow, BLACK),
        );
        let value = format!("{:.0}", 2.0 + 90.0 * even(k, seed));
        s.pen.line(
            &value,
            area(x + w * 0.1, a.y + a.h * 0.48, w * 0.8, a.h * 0.4),
            Type::new(Face::Heavy, BLACK),
        );
    }
}

/// A seal, a sash over a corner, a green mark: what a brand's designers cannot leave out.
pub(super) fn decals(s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let r = front.short() * 0.085;
    // The offer keeps one corner.
    let offer_above = s.design.offer.is_some() && s.habit(4, 2) == 0;
    let (left, right) = (front.x + r * 1.15, front.right() - r * 1.15);
    match s.habit(7, 6) {
        0 if !offer_above => {
            let words =
                ["NEW RECIPE", "LIMITED", "FAMILY PACK", "HALF PRICE", "BEST EVER"][s.habit(3, 5) as usize];
            let fill = [Colour(0xe6_1f26), Colour(0xff_d400), Colour(0x1f_8a3b), palette.second]
                [s.habit(5, 4) as usize];
            let (x, y, d) = (front.right(), front.y, front.short() * 0.27);
            s.pen.polygon(&[(x - d, y), (x - d * 0.58, y), (x, y + d * 0.58), (x, y + d)], &fill.css());
            let ink = fill.ink(&[WHITE, BLACK], 4.0);
            let (cx, cy) = (x - d * 0.395, y + d * 0.395);
            s.pen.turned(45.0, cx, cy, |pen| {
                pen.line(
                    words,
                    area(cx - d * 0.42, cy - d * 0.1, d * 0.84, d * 0.2),
                    Type::new(Face::Heavy, ink),
                );
            });
        }
        1 => {
            let y = front.y + front.h * 0.72;
            let gold = Colour(0xd9_b44a);
            s.pen.path(&star_path(right, y, r * 1.05, 0.88, 24), &gold.darker(0.25).css());
            let fill = s.pen.radial(0.4, 0.35, 0.7, &[(0.0, gold.lighter(0.5)), (1.0, gold)]);
            s.pen.path(&star_path(right, y, r, 0.88, 24), &fill);
            s.pen.ring(right, y, r * 0.78, gold.darker(0.45), r * 0.04);
            let words = ["BEST QUALITY", "GOLD AWARD", "TESTED GOOD", "100% TASTE"][s.habit(3, 4) as usize];
            s.pen.block(
                words,
                area(right - r * 0.6, y - r * 0.38, r * 1.2, r * 0.76),
                Type::new(Face::Heavy, gold.darker(0.75)),
                2,
            );
        }
        2 => {
            let y = front.y + front.h * 0.7;
            let green = Colour(0x3c_8f3a);
            s.pen.circle(left, y, r * 0.95, &WHITE.css());
            s.pen.circle(left, y, r * 0.87, &green.css());
            if let Some(leaf) = motif::elements("leaf", motif::Hand::Shaded, Colour(0x9c_d84e), WHITE) {
                let scale = r * 0.011;
                s.pen.raw(&format!(
                    "<g transform=\"translate({left:.1} {:.1}) scale({scale:.4})\">{leaf}</g>",
                    y - r * 0.22
                ));
            }
            let words = ["BIO", "VEGAN", "ORGANIC", "NATURAL"][s.habit(3, 4) as usize];
            s.pen.line(
                words,
                area(left - r * 0.6, y + r * 0.26, r * 1.2, r * 0.36),
                Type::new(Face::Heavy, WHITE),
            );
        }
        _ => {}
    }
}
