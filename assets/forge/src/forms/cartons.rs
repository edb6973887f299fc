//! Folding boxes: four printed sides (front, right, back, left of the art) and a printed top.

use glam::DVec3;

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect};
use crate::material::card;
use crate::shell::Shell;
use crate::solid::block;

pub(super) fn all() -> Vec<Form> {
    vec![
        folding(&Folding {
            name: "cereal_box",
            size: [190.0, 296.0, 62.0],
            range_mm: [[130.0, 190.0, 40.0], [250.0, 370.0, 95.0]],
            bulge: 1.6,
            departments: &["breakfast", "snacks", "pet", "baby"],
            poses: &["upright", "lying", "leaning"],
            stack: 1,
        }),
        folding(&Folding {
            name: "small_box",
            size: [118.0, 84.0, 62.0],
            range_mm: [[55.0, 45.0, 28.0], [185.0, 165.0, 95.0]],
            bulge: 0.5,
            departments: &["coffee_tea", "sweets", "personal_care", "household", "baby", "frozen"],
            poses: &["upright", "lying", "upside_down"],
            stack: 4,
        }),
        folding(&Folding {
            name: "pizza_box",
            size: [296.0, 296.0, 38.0],
            range_mm: [[262.0, 262.0, 28.0], [330.0, 330.0, 52.0]],
            bulge: 1.2,
            departments: &["frozen"],
            poses: &["upright", "lying"],
            stack: 1,
        }),
    ]
}

struct Folding {
    name: &'static str,
    size: [f64; 3],
    range_mm: [[f64; 3]; 2],
    /// How far the front and back belly out.
    bulge: f64,
    departments: &'static [&'static str],
    poses: &'static [&'static str],
    stack: u32,
}

fn folding(f: &Folding) -> Form {
    let [w, h, d] = f.size;
    let (a, b, r) = (0.5 * w, 0.5 * d - f.bulge, 1.1);
    let columns = Columns::sides(2, 4);
    let (body, aspect) = Loft::new(columns, "top")
        .seam(columns.front_left())
        .to(rect(a - r, b - r, 0.3, 0.0))
        .of("label")
        .bend(rect(a, b, r, 0.0), rect(a, b, r, r), 2)
        .steps(rect(a, b, r, h - 0.5 - r), 4)
        .to(rect(a - 0.3 * r, b - 0.3 * r, 0.8, h - 0.5 - 0.3 * r))
        .of("top")
        .to(rect(a - r, b - r, 0.3, h - 0.5))
        .build();
    let bellied = body.warp(|p| belly(p, [a, h, b], f.bulge));
    // The outer flap ends short of the front edge.
    let flap = block(
        DVec3::new(-a + 1.6, h - 0.9, -b + 1.4) * 1e-3,
        DVec3::new(a - 1.6, h, b * 0.45) * 1e-3,
        "flap",
        "flap",
    );
    Form {
        name: f.name,
        shells: vec![bellied, flap_art(flap, a, b)],
        materials: vec![card("label"), card("top")],
        slots: vec![Slot::sides(aspect, w, d), Slot::face("top", w / d)],
        recolour: &[],
        range_mm: f.range_mm,
        round: false,
        departments: f.departments,
        poses: f.poses,
        stack: f.stack,
        fragile: false,
    }
}

/// Pushes front and back out, most in the middle, not at all along the edges.
fn belly(p: DVec3, [a, h, b]: [f64; 3], bulge: f64) -> DVec3 {
    let (s, t) = (p.x * 1e3 / a, p.y * 2e3 / h - 1.0);
    let depth = (p.z.abs() * 1e3 / b).powi(4);
    let out = bulge * (1.0 - s * s).max(0.0) * (1.0 - t * t).max(0.0) * depth;
    DVec3::new(p.x, p.y, p.z + out * 1e-3 * p.z.signum())
}

/// Gives the flap the part of the top's art that it covers.
fn flap_art(mut flap: Shell, a: f64, b: f64) -> Shell {
    for face in &mut flap.faces {
        face.material = "top";
        for c in &mut face.corners {
            c.uv.x = 0.5 + 0.5e3 * c.p.x / a;
            c.uv.y = 0.5 + 0.5e3 * c.p.z / b;
        }
    }
    flap
}
