//! Packs of several things: eggs, paper rolls, bottles under shrink film.

use glam::DVec3;

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{Material, film, paper, plastic};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    vec![eggs(), rolls(), multipack()]
}

/// Ten eggs in moulded pulp, two rows of five.
fn eggs() -> Form {
    let (a, b, h, split) = (123.0, 52.0, 68.0, 40.0);
    let columns = Columns::sides(2, 20);
    let (base, _) = Loft::new(columns, "body")
        .to(rect(a - 24.0, b - 14.0, 8.0, 3.0))
        .to(rect(a - 18.0, b - 10.0, 10.0, 0.0))
        .bend(rect(a - 8.0, b - 6.0, 12.0, 4.0), rect(a - 6.0, b - 5.0, 12.0, 18.0), 3)
        .to(rect(a - 2.0, b - 2.0, 12.0, split - 4.0))
        .to(rect(a, b, 12.0, split - 2.4))
        .to(rect(a, b, 12.0, split))
        .to(rect(a - 4.0, b - 4.0, 10.0, split))
        .build();
    let cups = base.warp(|p| cup_walls(p, [a, b], split));
    let lid_columns = Columns::sides(3, 4);
    let lid_front = lid_columns.front_left() + lid_columns.corner / 2 + 1;
    let (lid, aspect) = Loft::new(lid_columns, "body")
        .label_columns(lid_front, lid_front + lid_columns.side, "body")
        .to(rect(a - 4.0, b - 4.0, 10.0, split + 0.2))
        .to(rect(a, b, 12.0, split + 0.2))
        .to(rect(a, b, 12.0, split + 2.4))
        .to(rect(a - 2.2, b - 2.2, 12.0, split + 3.6))
        .of("label")
        .to(rect(a - 5.6, b - 5.6, 12.0, h - 4.0))
        .of("body")
        .bend(rect(a - 6.4, b - 6.4, 12.0, h), rect(a - 11.0, b - 11.0, 9.0, h), 3)
        .of("top")
        .to(rect(a - 13.0, b - 13.0, 8.0, h - 0.4))
        .build();
    let pulp = Material::new("body", [0.42, 0.41, 0.38], 0.95);
    Form {
        name: "egg_carton",
        shells: vec![cups, lid],
        materials: vec![paper("label"), paper("top"), pulp],
        slots: vec![Slot::face("label", aspect), Slot::face("top", (a - 11.0) / (b - 11.0))],
        recolour: &["body"],
        range_mm: [[145.0, 60.0, 100.0], [310.0, 78.0, 115.0]],
        round: false,
        departments: &["dairy"],
        poses: &["upright"],
        stack: 4,
        fragile: true,
    }
}

/// Draws the wall in between the eggs.
fn cup_walls(p: DVec3, [a, b]: [f64; 2], split: f64) -> DVec3 {
    let (x, y, z) = (p.x * 1e3, p.y * 1e3, p.z * 1e3);
    let pitch = 2.0 * a / 5.0;
    let gap = |t: f64, pitch: f64| (0.5 - 0.5 * (std::f64::consts::TAU * t / pitch).cos()).powi(2);
    let height = (1.0 - y / (split - 4.0)).clamp(0.0, 1.0).sqrt();
    let long_side = (z.abs() / b).powi(6);
    let short_side = (x.abs() / a).powi(8);
    let in_z = 9.0 * height * gap(x, pitch) * long_side;
    let in_x = 9.0 * height * (1.0 - gap(z, 2.0 * b)) * short_side;
    DVec3::new(p.x - in_x * 1e-3 * p.x.signum(), p.y, p.z - in_z * 1e-3 * p.z.signum())
}

/// Eight rolls in film, two by two by two.
fn rolls() -> Form {
    let (r, tall) = (56.0, 98.0);
    let h = 2.0 * tall;
    let a = 2.0 * r;
    let columns = Columns::sides(5, 6);
    let (pack, aspect) = Loft::new(columns, "film")
        .to(rect(a - 30.0, a - 30.0, r - 28.0, 1.0))
        .to(rect(a - 7.0, a - 7.0, r - 6.0, 0.0))
        .of("label")
        .bend(rect(a, a, r, 0.0), rect(a, a, r, 8.0), 2)
        .steps(rect(a, a, r, tall - 7.0), 2)
        .bend(rect(a - 6.0, a - 6.0, r - 4.0, tall), rect(a, a, r, tall + 7.0), 4)
        .steps(rect(a, a, r, h - 8.0), 2)
        .bend(rect(a, a, r, h), rect(a - 7.0, a - 7.0, r - 6.0, h), 2)
        .of("top")
        .to(rect(a - 30.0, a - 30.0, r - 28.0, h - 1.0))
        .to(rect(a - 70.0, a - 70.0, 20.0, h - 1.5))
        .build();
    // Film between two rolls sags towards the gap.
    let sagging = pack.warp(|p| {
        let sag = |along: f64, across: f64| {
            let near = (1.0 - along.abs() * 1e3 / (0.8 * r)).clamp(0.0, 1.0);
            let outer = (across.abs() * 1e3 / a).powi(6);
            4.5e-3 * near * near * outer * across.signum()
        };
        DVec3::new(p.x - sag(p.z, p.x), p.y, p.z - sag(p.x, p.z))
    });
    Form {
        name: "toilet_roll_pack",
        shells: vec![sagging],
        materials: vec![film("label"), film("top"), film("film")],
        slots: vec![Slot::sleeve(aspect).front(0.39, 0.61), Slot::face("top", 1.0)],
        recolour: &[],
        range_mm: [[195.0, 95.0, 98.0], [345.0, 300.0, 250.0]],
        round: false,
        departments: &["household", "personal_care"],
        poses: &["upright", "lying"],
        stack: 3,
        fragile: false,
    }
}

/// Six bottles, three by two, necks out of the film.
fn multipack() -> Form {
    let (r, wrap, h) = (32.0, 158.0, 226.0);
    let columns = Columns::sides(5, 6);
    let (a, b) = (3.0 * r, 2.0 * r);
    let (film_shell, aspect) = Loft::new(columns, "film")
        .to(rect(a - 16.0, b - 16.0, r - 14.0, 2.0))
        .to(rect(a - 5.0, b - 5.0, r - 4.0, 0.0))
        .of("label")
        .bend(rect(a, b, r, 0.0), rect(a, b, r, 9.0), 2)
        .steps(rect(a, b, r, wrap - 22.0), 4)
        .bend(rect(a, b, r, wrap - 6.0), rect(a - 9.0, b - 9.0, r - 8.0, wrap), 3)
        .of("film")
        .to(rect(a - 16.0, b - 16.0, r - 14.0, wrap - 1.5))
        .to(rect(a - 40.0, b - 40.0, 14.0, wrap - 12.0))
        .build();
    let drawn = film_shell.warp(|p| {
        let (x, z) = (p.x * 1e3, p.z * 1e3);
        let gap = |t: f64| (0.5 + 0.5 * (std::f64::consts::TAU * t / (2.0 * r)).cos()).powi(3);
        let front =
            3.2e-3 * gap(x.abs() - r) * (z.abs() / b).powi(6) * if x.abs() < 1.6 * r { 1.0 } else { 0.0 };
        let side = 3.2e-3 * gap(z) * (x.abs() / a).powi(8) * if z.abs() < 0.7 * r { 1.0 } else { 0.0 };
        DVec3::new(p.x - side * p.x.signum(), p.y, p.z - front * p.z.signum())
    });
    let mut shells = vec![drawn];
    for column in [-1.0, 0.0, 1.0] {
        for row in [-1.0, 1.0] {
            shells.extend(neck(r, wrap, h).map(|s| s.at_mm(2.0 * r * column, 0.0, r * row)));
        }
    }
    Form {
        name: "multipack",
        shells,
        materials: vec![
            film("label"),
            Material::new("film", [0.80, 0.84, 0.86], 0.2).coat(0.8, 0.08),
            Material::new("body", [0.62, 0.75, 0.80], 0.1).coat(1.0, 0.04),
            plastic("cap", [0.03, 0.20, 0.60]),
        ],
        slots: vec![Slot::sleeve(aspect).front(0.36, 0.64)],
        recolour: &["cap", "body"],
        range_mm: [[165.0, 115.0, 110.0], [345.0, 345.0, 235.0]],
        round: false,
        departments: &["drinks"],
        poses: &["upright"],
        stack: 2,
        fragile: false,
    }
}

/// Shoulder and cap of one bottle, from just below the film's upper edge.
fn neck(r: f64, wrap: f64, h: f64) -> [Shell; 2] {
    let (shoulder, _) = Loft::new(Columns::lathe(12), "body")
        .to(round(0.0, wrap - 24.0))
        .to(round(r - 1.6, wrap - 24.0))
        .bend(round(r - 2.0, wrap + 4.0), round(17.0, h - 38.0), 4)
        .bend(round(12.6, h - 30.0), round(12.4, h - 20.0), 2)
        .to(round(0.0, h - 20.0))
        .build();
    let (cap, _) = Loft::new(Columns::lathe(12), "cap")
        .to(round(0.0, h - 22.5))
        .to(round(15.0, h - 22.5))
        .to(round(14.8, h - 2.0))
        .bend(round(14.7, h), round(12.8, h), 2)
        .to(round(0.0, h))
        .build();
    [shoulder, cap]
}
