//! Flexible packs: a tube on its cap, a stand-up pouch, a pillow bag.

use glam::DVec3;

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{Material, film, plastic};
use crate::shell::Shell;
use crate::solid::block;

pub(super) fn all() -> Vec<Form> {
    vec![tube(), pouch(), crisps(), peg_bag(), frozen_bag()]
}

fn tube() -> Form {
    let (r, h, cap_h) = (22.0, 158.0, 27.0);
    let (body, aspect) = Loft::new(Columns::even(32), "body")
        .to(round(0.0, cap_h - 1.0))
        .to(round(13.0, cap_h - 1.0))
        .to(round(13.0, cap_h + 0.6))
        .bend(round(r, cap_h + 1.0), round(r, cap_h + 6.0), 3)
        .of("label")
        .steps(rect(32.5, 2.2, 2.2, h - 12.0), 5)
        .of("body")
        .to(rect(33.0, 0.7, 0.7, h - 10.5))
        .to(rect(33.2, 0.7, 0.7, h))
        .build();
    let (cap, _) = Loft::new(Columns::lathe(28), "cap")
        .to(round(0.0, 1.0))
        .to(round(r - 4.6, 0.8))
        .bend(round(r - 4.0, 0.0), round(r - 3.2, 0.0), 1)
        .bend(round(r - 2.0, 0.0), round(r - 1.8, 1.6), 2)
        .to(round(r - 0.6, cap_h - 1.4))
        .bend(round(r - 0.6, cap_h), round(r - 2.0, cap_h), 2)
        .to(round(0.0, cap_h))
        .build();
    let bellied = body.warp(|p| {
        // Filled, it is fuller than the straight line from its round end to its seal.
        let t = ((p.y * 1e3 - cap_h) / (h - 12.0 - cap_h)).clamp(0.0, 1.0);
        DVec3::new(p.x, p.y, p.z * (1.0 + 0.9 * t * t * (1.0 - t)))
    });
    Form {
        name: "tube",
        shells: vec![bellied, cap],
        materials: vec![film("label"), plastic("body", [0.9, 0.9, 0.9]), plastic("cap", [0.9, 0.9, 0.9])],
        slots: vec![Slot::flat(aspect)],
        recolour: &["cap", "body"],
        range_mm: [[38.0, 90.0, 26.0], [82.0, 210.0, 58.0]],
        round: false,
        departments: &["personal_care", "spreads", "baby"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}

/// Sideways ripples of a film that is pulled towards its seals, the same on both sides of the pack.
fn ripple(p: DVec3, strength_mm: f64) -> f64 {
    let (x, y) = (p.x * 1e3, p.y * 1e3);
    strength_mm * 1e-3 * ((0.115 * x + 0.031 * y).sin() + 0.6 * (0.067 * x - 0.052 * y + 1.3).sin())
}

fn pouch() -> Form {
    let h = 205.0;
    let (film_body, aspect) = Loft::new(Columns::even(32), "film")
        .to(rect(50.0, 25.0, 25.0, 4.0))
        .of("label")
        .bend(rect(60.0, 34.0, 34.0, 0.0), rect(62.0, 35.0, 35.0, 2.0), 2)
        .bend(rect(66.0, 36.0, 36.0, 10.0), rect(67.0, 34.0, 34.0, 26.0), 2)
        .steps(rect(67.5, 26.0, 26.0, 90.0), 3)
        .steps(rect(69.0, 12.0, 12.0, 150.0), 3)
        .bend(rect(70.0, 4.0, 4.0, 172.0), rect(70.0, 0.9, 0.9, h - 22.0), 3)
        .to(rect(70.0, 0.8, 0.8, h - 10.0))
        .to(rect(70.0, 0.8, 0.8, h))
        .of("film")
        .build();
    let shaped = film_body.warp(|p| {
        let t = p.y * 1e3 / h;
        let edge = 1.0 - (p.x * 1e3 / 70.0).powi(2).min(1.0) * 0.75 * (t * 2.0).min(1.0);
        let sway = ripple(p, 1.6 * (t * (1.0 - t) * 4.0).clamp(0.0, 1.0) * t);
        DVec3::new(p.x, p.y, p.z * edge + sway)
    });
    Form {
        name: "pouch",
        shells: vec![shaped],
        materials: vec![film("label"), film("film")],
        slots: vec![Slot::flat(aspect)],
        recolour: &["film"],
        range_mm: [[90.0, 120.0, 45.0], [240.0, 330.0, 110.0]],
        round: false,
        departments: &["coffee_tea", "pet", "baby", "snacks", "household", "sweets"],
        poses: &["upright", "lying", "leaning"],
        stack: 1,
        fragile: false,
    }
}

/// Metallised film.
fn foil(name: &'static str) -> Material {
    Material::art(name, 0.25).metallic(0.25).coat(0.5, 0.12)
}

fn crisps() -> Form {
    let (h, crimp) = (262.0, 13.0);
    let mut loft = Loft::new(Columns::even(36), "film").to(rect(92.0, 0.7, 0.7, 0.0)).of("label");
    let ridges = 4;
    for i in 1..=ridges {
        let y = crimp * f64::from(i) / f64::from(ridges);
        let half = if i % 2 == 1 { 1.5 } else { 0.7 };
        loft = loft.to(rect(92.0, half, half, y));
    }
    loft = loft
        .bend(rect(91.0, 22.0, 16.0, crimp + 6.0), rect(86.0, 27.0, 20.0, crimp + 46.0), 4)
        .steps(rect(84.5, 31.0, 22.0, 0.5 * h), 2)
        .steps(rect(86.0, 27.0, 20.0, h - crimp - 46.0), 2)
        .bend(rect(91.0, 22.0, 16.0, h - crimp - 6.0), rect(92.0, 0.7, 0.7, h - crimp), 4);
    for i in 1..=ridges {
        let y = h - crimp + crimp * f64::from(i) / f64::from(ridges);
        let half = if i % 2 == 1 { 1.5 } else { 0.7 };
        loft = loft.to(rect(92.0, half, half, y));
    }
    let (bag, aspect) = loft.of("film").build();
    let shaped = bag.warp(|p| {
        let t = (p.y * 1e3 / h - 0.5).abs() * 2.0;
        let edge = 1.0 - 0.72 * (p.x * 1e3 / 92.0).powi(4).min(1.0);
        let flat = if p.y * 1e3 < crimp + 0.5 || p.y * 1e3 > h - crimp - 0.5 { 1.0 } else { edge };
        DVec3::new(p.x, p.y, p.z * flat + ripple(p, 0.4 + 2.0 * t * t))
    });
    Form {
        name: "crisps_bag",
        shells: vec![shaped],
        materials: vec![foil("label"), foil("film")],
        slots: vec![Slot::flat(aspect)],
        recolour: &["film"],
        range_mm: [[110.0, 140.0, 35.0], [270.0, 400.0, 110.0]],
        round: false,
        departments: &["snacks", "sweets"],
        poses: &["upright", "lying", "leaning"],
        stack: 1,
        fragile: false,
    }
}

/// A flat bag under a header with a slot, to hang on a hook: the slot's upper edge is 8 mm below the top.
fn peg_bag() -> Form {
    let (a, h, header) = (60.0, 205.0, 34.0);
    let top = h - header;
    let (bag, aspect) = Loft::new(Columns::even(36), "film")
        .to(rect(a, 0.6, 0.6, 0.0))
        .of("label")
        .to(rect(a, 0.6, 0.6, 7.0))
        .bend(rect(a - 1.0, 12.0, 9.0, 12.0), rect(a - 3.0, 15.0, 11.0, 42.0), 4)
        .steps(rect(a - 3.5, 16.0, 12.0, 0.5 * top), 2)
        .bend(rect(a - 3.0, 14.0, 10.0, top - 40.0), rect(a - 1.0, 6.0, 5.0, top - 8.0), 4)
        .to(rect(a, 0.6, 0.6, top + 2.0))
        .of("film")
        .to(rect(a, 0.55, 0.55, top + 6.0))
        .build();
    let shaped = bag.warp(|p| {
        let t = (p.y * 1e3 / top - 0.5).abs() * 2.0;
        let edge = 1.0 - 0.7 * (p.x * 1e3 / a).powi(4).min(1.0);
        let flat = if p.y * 1e3 < 7.5 || p.y * 1e3 > top + 1.5 { 1.0 } else { edge };
        let sway = if p.y * 1e3 > top + 1.5 { 0.0 } else { ripple(p, 0.5 * (1.0 - t).max(0.0)) };
        DVec3::new(p.x, p.y, p.z * flat + sway)
    });
    let bar = |x0: f64, x1: f64, y0: f64, y1: f64| {
        block(DVec3::new(x0, y0, -0.5) * 1e-3, DVec3::new(x1, y1, 0.5) * 1e-3, "film", "film")
    };
    let mut shells = vec![shaped, bar(-a, a, top + 4.0, h - 15.0), bar(-a, a, h - 8.0, h)];
    shells.extend([bar(-a, -14.0, h - 15.0, h - 8.0), bar(14.0, a, h - 15.0, h - 8.0)]);
    Form {
        name: "peg_bag",
        shells,
        materials: vec![film("label"), film("film")],
        slots: vec![Slot::flat(aspect)],
        recolour: &["film"],
        range_mm: [[85.0, 172.0, 22.0], [150.0, 240.0, 44.0]],
        round: false,
        departments: &["sweets", "snacks", "pet"],
        poses: &["upright"],
        stack: 1,
        fragile: false,
    }
}

/// A pillow bag, full of what lies in it loose: its film shows the lumps.
fn frozen_bag() -> Form {
    let (a, h, seal) = (98.0, 252.0, 10.0);
    let (bag, aspect) = Loft::new(Columns::even(32), "film")
        .to(rect(a, 0.9, 0.9, 0.0))
        .of("label")
        .to(rect(a, 0.9, 0.9, seal))
        .bend(rect(a - 2.0, 16.0, 12.0, seal + 6.0), rect(a - 5.0, 22.0, 16.0, seal + 34.0), 4)
        .steps(rect(a - 6.0, 25.0, 18.0, 0.5 * h), 5)
        .steps(rect(a - 5.0, 22.0, 16.0, h - seal - 34.0), 5)
        .bend(rect(a - 2.0, 16.0, 12.0, h - seal - 6.0), rect(a, 0.9, 0.9, h - seal), 4)
        .to(rect(a, 0.9, 0.9, h))
        .of("film")
        .build();
    let shaped = bag.warp(|p| {
        let (x, y) = (p.x * 1e3, p.y * 1e3);
        if y < seal + 0.5 || y > h - seal - 0.5 {
            return DVec3::new(p.x, p.y, p.z + ripple(p, 0.5));
        }
        let t = (y / h - 0.5).abs() * 2.0;
        let edge = 1.0 - 0.75 * (x / a).powi(4).min(1.0);
        let lumps = (0.21 * x + 0.9).sin() * (0.19 * y).sin() + 0.6 * (0.13 * x - 0.16 * y).sin();
        let full = edge * (1.0 + 0.085 * lumps * (1.0 - t));
        DVec3::new(p.x, p.y, p.z * full + ripple(p, 1.6 * t * t))
    });
    Form {
        name: "frozen_bag",
        shells: vec![shaped],
        materials: vec![film("label"), film("film")],
        slots: vec![Slot::flat(aspect)],
        recolour: &["film"],
        range_mm: [[150.0, 190.0, 36.0], [270.0, 350.0, 75.0]],
        round: false,
        departments: &["frozen"],
        poses: &["upright", "lying", "leaning"],
        stack: 1,
        fragile: false,
    }
}

/// Moves a shell along x by a function of its height, millimetres.
pub(super) fn lean(shell: Shell, by: impl Fn(f64) -> f64) -> Shell {
    shell.warp(|p| DVec3::new(p.x + by(p.y * 1e3) * 1e-3, p.y, p.z))
}
