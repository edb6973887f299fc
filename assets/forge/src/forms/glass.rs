//! Glass: bottles under a crown cork or a capsule, and a jar with a twist-off lid.
//!
//! Glass is opaque here: dark and glossy where it is tinted, the colour of what it holds where it is clear.

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, round};
use crate::material::{Material, paper};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    vec![beer(), wine(), jar()]
}

fn tinted(rgb: [f64; 3]) -> Material {
    Material::new("body", rgb, 0.1).coat(1.0, 0.03)
}

fn beer() -> Form {
    let (r, h) = (30.5, 228.0);
    let (bottle, aspect) = Loft::new(Columns::lathe(32), "body")
        .to(round(0.0, 3.0))
        .to(round(r - 10.0, 1.4))
        .bend(round(r - 7.0, 0.0), round(r - 4.5, 0.0), 2)
        .bend(round(r - 0.2, 0.0), round(r, 5.5), 3)
        .to(round(r, 32.0))
        .to(round(r + 0.15, 32.1))
        .of("label")
        .steps(round(r + 0.15, 108.0), 2)
        .of("body")
        .to(round(r, 108.1))
        .to(round(r, 120.0))
        .bend(round(r, 136.0), round(r * 0.72, 150.0), 4)
        .bend(round(15.6, 165.0), round(14.6, 184.0), 4)
        .to(round(13.0, h - 16.0))
        .bend(round(13.2, h - 14.8), round(14.0, h - 14.6), 1)
        .bend(round(14.4, h - 12.5), round(13.4, h - 10.5), 2)
        .to(round(13.1, h - 4.0))
        .to(round(0.0, h - 4.0))
        .build();
    Form {
        name: "glass_bottle",
        shells: vec![bottle, crown(h)],
        materials: vec![paper("label"), tinted([0.045, 0.016, 0.004]), crown_metal()],
        slots: vec![Slot::sleeve(aspect)],
        recolour: &["cap", "body"],
        range_mm: [[52.0, 170.0, 52.0], [76.0, 275.0, 76.0]],
        round: true,
        departments: &["drinks"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: true,
    }
}

fn crown_metal() -> Material {
    Material::new("cap", [0.55, 0.42, 0.10], 0.3).metallic(0.8)
}

/// A crown cork; every other column of its skirt is a tooth.
fn crown(h: f64) -> Shell {
    let (crown, _) = Loft::new(Columns::lathe(40), "cap")
        .to(round(0.0, h - 5.5))
        .to(round(15.0, h - 6.2))
        .to(round(15.9, h - 6.0))
        .to(round(14.7, h - 2.4))
        .bend(round(14.2, h), round(12.0, h), 2)
        .to(round(0.0, h))
        .build();
    crown.warp(|p| {
        let low = ((h * 1e-3 - 2.2e-3 - p.y) / 3.6e-3).clamp(0.0, 1.0);
        let tooth = 1.0 + 0.035 * low * (20.0 * p.x.atan2(p.z)).cos();
        glam::DVec3::new(p.x * tooth, p.y, p.z * tooth)
    })
}

fn wine() -> Form {
    let (r, h) = (37.5, 300.0);
    let (bottle, aspect) = Loft::new(Columns::lathe(32), "body")
        .label_columns(8, 24, "body")
        .to(round(0.0, 26.0))
        .bend(round(14.0, 24.0), round(r - 10.0, 2.5), 3)
        .bend(round(r - 8.0, 0.0), round(r - 6.0, 0.0), 2)
        .bend(round(r - 0.3, 0.0), round(r, 6.0), 3)
        .to(round(r, 42.0))
        .of("label")
        .steps(round(r, 138.0), 2)
        .of("body")
        .to(round(r, 178.0))
        .bend(round(r, 205.0), round(r * 0.6, 218.0), 4)
        .bend(round(15.2, 225.0), round(14.6, 236.0), 3)
        .of("foil")
        .to(round(14.9, 236.4))
        .to(round(14.5, h - 24.0))
        .bend(round(15.9, h - 23.0), round(15.9, h - 21.0), 2)
        .to(round(15.5, h - 8.0))
        .to(round(15.2, h - 1.4))
        .bend(round(15.1, h), round(13.6, h), 2)
        .to(round(0.0, h))
        .build();
    let foil = Material::new("foil", [0.22, 0.01, 0.02], 0.38).metallic(0.75);
    Form {
        name: "wine_bottle",
        shells: vec![bottle],
        materials: vec![paper("label"), tinted([0.012, 0.022, 0.008]), foil],
        slots: vec![Slot::face("label", aspect)],
        recolour: &["foil", "body"],
        range_mm: [[65.0, 240.0, 65.0], [98.0, 345.0, 98.0]],
        round: true,
        departments: &["drinks", "pasta_sauces"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: true,
    }
}

fn jar() -> Form {
    let (r, h) = (37.5, 108.0);
    let (glass, aspect) = Loft::new(Columns::lathe(32), "content")
        .to(round(0.0, 4.0))
        .to(round(r - 9.0, 2.6))
        .bend(round(r - 7.0, 0.0), round(r - 5.0, 0.0), 2)
        .bend(round(r, 0.3), round(r, 8.0), 3)
        .to(round(r - 0.2, 20.0))
        .to(round(r, 20.0))
        .of("label")
        .steps(round(r, 72.0), 2)
        .of("content")
        .to(round(r - 0.2, 72.0))
        .bend(round(r, 84.0), round(r - 5.0, 89.0), 4)
        .of("body")
        .to(round(r - 5.6, 92.0))
        .to(round(0.0, 92.0))
        .build();
    let (lid, _) = Loft::new(Columns::lathe(40), "lid")
        .to(round(0.0, 93.0))
        .to(round(r - 4.4, 91.2))
        .bend(round(r - 2.6, 90.6), round(r - 2.4, 92.2), 2)
        .to(round(r - 2.9, 94.0))
        .to(round(r - 2.9, h - 2.4))
        .bend(round(r - 3.0, h), round(r - 5.4, h), 3)
        .to(round(r - 7.0, h - 0.2))
        .to(round(r - 8.6, h - 1.2))
        .to(round(0.0, h - 0.8))
        .build();
    let content = Material::new("content", [0.32, 0.03, 0.015], 0.3).coat(1.0, 0.03);
    let glass_body = Material::new("body", [0.50, 0.54, 0.53], 0.1).coat(1.0, 0.03);
    let lid_metal = Material::new("lid", [0.80, 0.80, 0.78], 0.32).metallic(0.5);
    Form {
        name: "jar",
        shells: vec![glass, lid],
        materials: vec![paper("label"), content, glass_body, lid_metal],
        slots: vec![Slot::sleeve(aspect)],
        recolour: &["lid", "content"],
        range_mm: [[48.0, 62.0, 48.0], [105.0, 185.0, 105.0]],
        round: true,
        departments: &["spreads", "pasta_sauces", "canned", "baby", "coffee_tea"],
        poses: &["upright", "lying", "upside_down"],
        stack: 2,
        fragile: true,
    }
}
