//! Thermoformed cups and tubs.

use glam::DVec3;

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{Material, film, plastic};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    vec![yoghurt(), margarine(), ice_cup()]
}

fn yoghurt() -> Form {
    let (low, high, h) = (27.5, 34.0, 76.0);
    let (cup, aspect) = Loft::new(Columns::lathe(32), "body")
        .to(round(0.0, 4.0))
        .to(round(low - 5.0, 4.0))
        .to(round(low - 4.0, 0.4))
        .bend(round(low - 3.4, 0.0), round(low - 2.6, 0.0), 1)
        .bend(round(low, 0.2), round(low + 0.2, 4.0), 3)
        .of("label")
        .steps(round(high, h - 9.0), 2)
        .of("body")
        .to(round(high + 0.1, h - 6.0))
        .bend(round(high + 0.2, h - 4.4), round(high + 1.4, h - 4.2), 1)
        .bend(round(high + 1.2, h - 1.6), round(high + 3.2, h - 1.4), 2)
        .to(round(high + 3.4, h - 0.7))
        .to(round(0.0, h - 0.7))
        .build();
    let top = Material::art("top", 0.28).metallic(0.75);
    Form {
        name: "yoghurt_cup",
        shells: vec![cup, foil_lid(high + 3.9, h)],
        materials: vec![film("label"), top, plastic("body", [0.90, 0.89, 0.86])],
        slots: vec![Slot::sleeve(aspect), Slot::face("top", 1.0)],
        recolour: &["body"],
        range_mm: [[55.0, 50.0, 55.0], [118.0, 135.0, 118.0]],
        round: true,
        departments: &["dairy", "baby"],
        poses: &["upright", "lying", "upside_down"],
        stack: 3,
        fragile: false,
    }
}

/// A sealed foil with a tab to pull, its rim drawn down a little.
fn foil_lid(r: f64, h: f64) -> Shell {
    let (foil, _) = Loft::new(Columns::lathe(32), "top")
        .to(round(0.0, h - 0.9))
        .to(round(r - 0.3, h - 1.3))
        .to(round(r, h - 1.2))
        .to(round(r - 0.8, h - 0.1))
        .to(round(r - 3.4, h))
        .to(round(r - 4.4, h - 0.4))
        .to(round(0.0, h - 0.2))
        .build();
    foil.warp(|p| {
        let angle = p.x.atan2(p.z) - std::f64::consts::FRAC_PI_4;
        let rim = ((p.x.hypot(p.z) * 1e3 - (r - 2.0)) / 2.0).clamp(0.0, 1.0);
        let tab = rim * (1.0 - (angle / 0.30).powi(4)).max(0.0);
        DVec3::new(p.x * (1.0 + 0.24 * tab), p.y - 2.2e-3 * tab, p.z * (1.0 + 0.24 * tab))
    })
}

fn margarine() -> Form {
    let h = 63.0;
    let columns = Columns::sides(4, 2);
    let (tub, aspect) = Loft::new(columns, "body")
        .to(rect(46.0, 30.0, 14.0, 2.0))
        .to(rect(50.0, 34.0, 18.0, 0.0))
        .bend(rect(54.5, 38.5, 22.0, 0.0), rect(55.0, 39.0, 22.0, 5.0), 3)
        .of("label")
        .steps(rect(60.0, 44.0, 24.0, h - 12.0), 2)
        .of("body")
        .to(rect(60.2, 44.2, 24.0, h - 8.0))
        .to(rect(62.0, 46.0, 25.0, h - 7.6))
        .to(rect(62.0, 46.0, 25.0, h - 5.0))
        .to(rect(40.0, 24.0, 10.0, h - 5.0))
        .build();
    let (lid, _) = Loft::new(columns, "lid")
        .to(rect(58.0, 42.0, 22.0, h - 6.0))
        .to(rect(62.4, 46.4, 25.4, h - 9.6))
        .bend(rect(63.6, 47.6, 26.4, h - 9.8), rect(63.5, 47.5, 26.4, h - 8.4), 2)
        .to(rect(63.0, 47.0, 26.0, h - 1.6))
        .bend(rect(63.0, 47.0, 26.0, h), rect(61.4, 45.4, 25.0, h), 3)
        .to(rect(58.6, 42.6, 23.0, h))
        .of("top")
        .to(rect(57.4, 41.4, 22.0, h - 1.4))
        .build();
    let (w, d) = (57.4, 41.4);
    Form {
        name: "margarine_tub",
        shells: vec![tub, lid],
        materials: vec![
            film("label"),
            film("top"),
            plastic("body", [0.88, 0.86, 0.78]),
            plastic("lid", [0.88, 0.86, 0.78]),
        ],
        slots: vec![Slot::sleeve(aspect), Slot::face("top", w / d)],
        recolour: &["body", "lid"],
        range_mm: [[85.0, 40.0, 70.0], [190.0, 125.0, 145.0]],
        round: false,
        departments: &["dairy", "spreads", "household", "frozen"],
        poses: &["upright", "upside_down"],
        stack: 4,
        fragile: false,
    }
}

/// A cup of coated card, rolled at its foot, under a flat lid with a skirt.
fn ice_cup() -> Form {
    let (low, high, h) = (40.0, 46.0, 98.0);
    let (cup, aspect) = Loft::new(Columns::lathe(36), "body")
        .to(round(0.0, 3.0))
        .to(round(low - 3.0, 3.0))
        .bend(round(low - 2.6, 0.0), round(low - 1.6, 0.0), 1)
        .bend(round(low, 0.2), round(low + 0.2, 3.0), 2)
        .of("label")
        .steps(round(high, h - 16.0), 3)
        .of("body")
        .to(round(high + 0.2, h - 6.0))
        .to(round(0.0, h - 6.0))
        .build();
    let (lid, _) = Loft::new(Columns::lathe(36), "lid")
        .to(round(0.0, h - 5.5))
        .to(round(high + 1.0, h - 5.5))
        .to(round(high + 1.0, h - 16.0))
        .bend(round(high + 2.6, h - 16.2), round(high + 2.6, h - 14.0), 2)
        .to(round(high + 2.3, h - 1.4))
        .bend(round(high + 2.2, h), round(high + 0.8, h), 3)
        .to(round(high - 1.0, h))
        .of("top")
        .to(round(high - 2.2, h - 1.8))
        .to(round(0.0, h - 1.8))
        .build();
    Form {
        name: "ice_cup",
        shells: vec![cup, lid],
        materials: vec![
            film("label"),
            film("top"),
            plastic("body", [0.92, 0.91, 0.88]),
            plastic("lid", [0.92, 0.91, 0.88]),
        ],
        slots: vec![Slot::sleeve(aspect), Slot::face("top", 1.0)],
        recolour: &["lid"],
        range_mm: [[78.0, 62.0, 78.0], [122.0, 130.0, 122.0]],
        round: true,
        departments: &["frozen"],
        poses: &["upright", "lying", "upside_down"],
        stack: 3,
        fragile: false,
    }
}
