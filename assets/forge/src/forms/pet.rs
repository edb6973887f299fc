//! Bottles of clear PET: a thin tinted body over its content, a film sleeve, a screw cap.

use std::f64::consts::PI;

use glam::DVec3;

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, round};
use crate::material::{Material, film, plastic};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    let small = Shape { r: 32.5, h: 232.0, label: [92.0, 148.0], grip: 3, shoulder: 160.0, fill: 186.0 };
    let large = Shape { r: 44.0, h: 318.0, label: [142.0, 216.0], grip: 4, shoulder: 226.0, fill: 268.0 };
    vec![
        bottle("pet_bottle", &small, [[55.0, 175.0, 55.0], [76.0, 275.0, 76.0]]),
        bottle("pet_bottle_large", &large, [[78.0, 270.0, 78.0], [112.0, 350.0, 112.0]]),
    ]
}

/// Millimetres.
struct Shape {
    r: f64,
    h: f64,
    /// Lower and upper edge of the sleeve.
    label: [f64; 2],
    /// Grooves below the sleeve.
    grip: u32,
    /// Where the wall begins to lean in.
    shoulder: f64,
    /// Height of the liquid.
    fill: f64,
}

impl Shape {
    /// Where each groove of the grip begins, and their distance.
    fn grooves(&self) -> impl Iterator<Item = (f64, f64)> {
        let first = self.r * 0.62 + 6.0;
        let pitch = (self.label[0] - 4.0 - first) / f64::from(self.grip);
        (0..self.grip).map(move |i| (first + pitch * f64::from(i), pitch))
    }
}

fn bottle(name: &'static str, s: &Shape, range_mm: [[f64; 3]; 2]) -> Form {
    let (body, aspect) = body(s);
    let tint = Material::new("body", [0.86, 0.93, 0.95], 0.06).clear(0.26, 1.57);
    let content = Material::new("content", [0.42, 0.20, 0.05], 0.12).coat(0.6, 0.05);
    Form {
        name,
        shells: vec![content_of(s), body.warp(|p| petals(p, s.r)), cap(s.h)],
        materials: vec![film("label"), content, plastic("cap", [0.75, 0.05, 0.04]), tint],
        slots: vec![Slot::sleeve(aspect)],
        recolour: &["cap", "content", "body"],
        range_mm,
        round: true,
        departments: &["drinks", "household"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}

fn body(s: &Shape) -> (Shell, f64) {
    let (r, h) = (s.r, s.h);
    let [low, high] = s.label;
    let foot = r * 0.62;
    let mut loft = Loft::new(Columns::lathe(24), "body")
        .to(round(0.0, 7.0))
        .bend(round(foot * 0.8, 6.0), round(foot, 0.0), 3)
        .bend(round(r * 0.98, 1.0), round(r, r * 0.62), 4);
    for (y, pitch) in s.grooves() {
        loft = loft.to(round(r, y)).bend(round(r - 3.4, y + pitch * 0.35), round(r, y + pitch * 0.7), 2);
    }
    loft.to(round(r, low - 2.4))
        .to(round(r - 0.4, low))
        .of("label")
        .to(round(r - 0.4, high))
        .of("body")
        .to(round(r, high + 2.4))
        .to(round(r, s.shoulder))
        .bend(round(r, s.shoulder + (h - 36.0 - s.shoulder) * 0.55), round(17.5, h - 44.0), 4)
        .bend(round(13.0, h - 34.0), round(12.6, h - 27.5), 2)
        .rings([round(16.4, h - 26.5), round(16.4, h - 24.2), round(12.8, h - 23.6), round(12.6, h - 19.5)])
        .to(round(0.0, h - 19.5))
        .build()
}

/// The liquid, a little inside of the wall.
fn content_of(s: &Shape) -> Shell {
    let r = s.r - 1.0;
    let [low, high] = s.label;
    let at = |y: f64| {
        // The same shoulder as the body's, solved for the height of the surface.
        let t = ((y - s.shoulder) / (s.h - 44.0 - s.shoulder)).clamp(0.0, 1.0);
        r + (17.5 - 1.2 - r) * t * t - 0.6 * t
    };
    let mid = 0.5 * (s.shoulder + s.fill);
    let mut loft = Loft::new(Columns::lathe(16), "content")
        .to(round(0.0, 8.5))
        .to(round(r * 0.55, 7.5))
        .bend(round(r * 0.9, 7.0), round(r, r * 0.7), 3);
    for (y, pitch) in s.grooves() {
        loft = loft.rings([round(r, y), round(r - 1.7, y + pitch * 0.35), round(r, y + pitch * 0.7)]);
    }
    loft.to(round(r, low - 4.0))
        .to(round(r - 0.8, low + 2.0))
        .to(round(r - 0.8, high))
        .to(round(r - 0.2, s.shoulder))
        .to(round(at(mid), mid))
        .to(round(at(s.fill), s.fill))
        .to(round(0.0, s.fill))
        .build()
        .0
}

/// Five feet, pressed out of the base.
fn petals(p: DVec3, r: f64) -> DVec3 {
    let reach = r * 0.62e-3;
    let low = (1.0 - p.y / reach).clamp(0.0, 1.0);
    let out = (p.x.hypot(p.z) / (r * 0.5e-3)).clamp(0.0, 1.0);
    let valley = 0.5 + 0.5 * (5.0 * p.x.atan2(p.z) + PI).cos();
    let lift = 5.0e-3 * valley * low * out * out;
    p + DVec3::new(-0.05 * p.x * valley * low, lift, -0.05 * p.z * valley * low)
}

/// A screw cap over the mouth, with its tamper ring.
fn cap(h: f64) -> Shell {
    Loft::new(Columns::lathe(16), "cap")
        .to(round(0.0, h - 19.2))
        .to(round(13.6, h - 23.0))
        .to(round(15.0, h - 23.0))
        .to(round(15.1, h - 19.8))
        .to(round(14.6, h - 19.4))
        .to(round(15.1, h - 19.0))
        .to(round(14.8, h - 2.2))
        .bend(round(14.7, h), round(12.8, h), 2)
        .to(round(0.0, h))
        .build()
        .0
}
