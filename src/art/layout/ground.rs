//! Grounds: what covers the whole art, meeting itself where a sleeve's edges meet.

use std::f32::consts::TAU;
use std::fmt::Write as _;

use super::super::{palette::Colour, pen::area, sheet::Sheet};

/// One colour, a little lighter above.
pub(super) fn plain(s: &mut Sheet<'_>, colour: Colour) {
    let fill = s.pen.linear(true, &[(0.0, colour.lighter(0.06)), (1.0, colour.darker(0.08))]);
    s.pen.rounded(s.whole, 0.0, &fill);
}

/// From one colour above to another below.
pub(super) fn fade(s: &mut Sheet<'_>, top: Colour, bottom: Colour) {
    let fill = s.pen.linear(true, &[(0.0, top), (1.0, bottom)]);
    s.pen.rounded(s.whole, 0.0, &fill);
}

/// A wavy edge at `height` (share from the top), filled below.
pub(super) fn wave(s: &mut Sheet<'_>, height: f32, swing: f32, waves: u8, phase: f32, fill: &str) {
    let w = s.whole;
    let mut d = format!("M{:.2} {:.2}", w.x, w.bottom());
    for step in 0..=64_u8 {
        let t = f32::from(step) / 64.0;
        let y = w.y + w.h * (height + swing * (t * TAU * f32::from(waves) + phase).sin());
        let _ = write!(d, "L{:.2} {y:.2}", w.x + t * w.w);
    }
    let _ = write!(d, "L{:.2} {:.2}Z", w.right(), w.bottom());
    s.pen.path(&d, fill);
}

/// How many cells of about `size` go round, so that edges meet.
pub(super) fn cells(s: &Sheet<'_>, size: f32) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let cells = (s.whole.w / size).round().clamp(1.0, 60.0) as u16;
    cells
}

/// Upright stripes.
pub(super) fn stripes(s: &mut Sheet<'_>, size: f32, colour: Colour) {
    let n = cells(s, size);
    let step = s.whole.w / f32::from(n);
    for k in 0..n {
        s.pen.rect(area(s.whole.x + f32::from(k) * step, s.whole.y, step / 2.0, s.whole.h), colour);
    }
}

/// Dots in a staggered grid.
pub(super) fn dots(s: &mut Sheet<'_>, size: f32, radius: f32, colour: Colour) {
    let n = cells(s, size);
    let step = s.whole.w / f32::from(n);
    let mut row = 0_u16;
    while f32::from(row) * step < s.whole.h + step && row < 60 {
        for k in 0..n {
            let x = s.whole.x + (f32::from(k) + if row.is_multiple_of(2) { 0.25 } else { 0.75 }) * step;
            s.pen.circle(x, s.whole.y + f32::from(row) * step, radius * step, &colour.css());
        }
        row += 1;
    }
}

/// The flavour's illustration all over.
pub(super) fn toile(s: &mut Sheet<'_>, size: f32, ground: Colour) {
    let n = cells(s, size).min(14);
    let step = s.whole.w / f32::from(n);
    let mut row = 0_u16;
    while f32::from(row) * step * 0.8 < s.whole.h + step && row < 16 {
        for k in 0..n {
            let x = s.whole.x + (f32::from(k) + if row.is_multiple_of(2) { 0.25 } else { 0.75 }) * step;
            let turn = f32::from((k * 7 + row * 13) % 9) * 40.0;
            s.picture(
                s.design.flavour.motif,
                x,
                s.whole.y + f32::from(row) * step * 0.8,
                step * 0.62,
                turn,
                ground,
            );
        }
        row += 1;
    }
}

/// Woven squares.
pub(super) fn gingham(s: &mut Sheet<'_>, size: f32, colour: Colour) {
    let n = cells(s, size);
    let step = s.whole.w / f32::from(n);
    let bands = |s: &mut Sheet<'_>| {
        stripes(s, size, colour);
        let mut y = s.whole.y;
        while y < s.whole.bottom() {
            s.pen.rect(area(s.whole.x, y, s.whole.w, (step / 2.0).min(s.whole.bottom() - y)), colour);
            y += step;
        }
    };
    s.pen.raw("<g opacity=\"0.5\">");
    bands(s);
    s.pen.raw("</g>");
}

/// Rays from a point of a front, clipped to it.
pub(super) fn rays(s: &mut Sheet<'_>, front: super::super::pen::Area, y: f32, count: u8, colour: Colour) {
    let (cx, cy, r) = (front.cx(), front.y + y * front.h, front.w + front.h);
    let mut d = String::new();
    for k in 0..count {
        let angle = |t: f32| (f32::from(k) + t) * TAU / f32::from(count);
        let (a, b) = (angle(0.0).sin_cos(), angle(0.5).sin_cos());
        let _ = write!(
            d,
            "M{cx:.2} {cy:.2}L{:.2} {:.2}L{:.2} {:.2}Z",
            cx + r * a.1,
            cy + r * a.0,
            cx + r * b.1,
            cy + r * b.0
        );
    }
    let css = colour.css();
    s.pen.clipped(front, |pen| pen.path(&d, &css));
}
