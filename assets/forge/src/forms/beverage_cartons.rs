//! Liquid cartons: a brick and a gable top, each with a screw cap.

use glam::{DAffine3, DQuat, DVec3};

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{Material, card, plastic};
use crate::shell::Shell;
use crate::solid::block;

pub(super) fn all() -> Vec<Form> {
    vec![brick(), gable()]
}

/// A low screw cap standing at the origin.
fn cap(r: f64, h: f64) -> Shell {
    Loft::new(Columns::lathe(24), "cap")
        .to(round(0.0, -0.5))
        .to(round(r + 1.6, -0.5))
        .to(round(r + 1.6, 1.2))
        .to(round(r, 1.6))
        .to(round(r - 0.3, h - 1.2))
        .bend(round(r - 0.4, h), round(r - 1.8, h), 2)
        .to(round(0.0, h))
        .build()
        .0
}

fn brick() -> Form {
    let (a, b, h, r) = (37.5, 34.5, 196.0, 1.4);
    let columns = Columns::sides(2, 4);
    let (body, aspect) = Loft::new(columns, "top")
        .seam(columns.front_left())
        .to(rect(a - r, b - r, 0.4, 0.0))
        .of("label")
        .bend(rect(a, b, r, 0.0), rect(a, b, r, r), 2)
        .steps(rect(a, b, r, h - r), 3)
        .to(rect(a - 0.3 * r, b - 0.3 * r, 1.0, h - 0.3 * r))
        .of("top")
        .to(rect(a - r, b - r, 0.4, h))
        .build();
    // The top's seam, folded flat towards the back.
    let mut seam = block(
        DVec3::new(-a + 1.0, h - 0.6, -9.0) * 1e-3,
        DVec3::new(a - 1.0, h + 0.9, -1.0) * 1e-3,
        "top",
        "top",
    );
    for c in seam.faces.iter_mut().flat_map(|f| &mut f.corners) {
        c.uv = glam::DVec2::new(0.5 + 0.5e3 * c.p.x / a, 0.5 + 0.5e3 * c.p.z / b);
    }
    Form {
        name: "carton_brick",
        shells: vec![body, seam, cap(13.5, 13.0).at_mm(0.0, h, 14.0)],
        materials: vec![card("label"), card("top"), plastic("cap", [0.85, 0.85, 0.85])],
        slots: vec![Slot::sides(aspect, a, b), Slot::face("top", a / b)],
        recolour: &["cap"],
        range_mm: [[45.0, 110.0, 35.0], [98.0, 250.0, 95.0]],
        round: false,
        departments: &["drinks", "dairy", "pasta_sauces"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}

fn gable() -> Form {
    let (a, b, r, wall, ridge, h) = (47.0, 47.0, 1.6, 178.0, 219.0, 233.0);
    let columns = Columns::sides(2, 4);
    let (body, aspect) = Loft::new(columns, "body")
        .seam(columns.front_left())
        .to(rect(a - r, b - r, 0.4, 0.0))
        .of("label")
        .bend(rect(a, b, r, 0.0), rect(a, b, r, r), 2)
        .steps(rect(a, b, r, wall), 3)
        .of("body")
        .steps(rect(a - 0.5, 1.7, 1.2, ridge), 4)
        .to(rect(a - 0.5, 1.7, 1.2, h - 0.6))
        .to(rect(a - 1.0, 1.2, 0.8, h))
        .build();
    // Between wall and ridge the ends are folded inwards.
    let folded = body.warp(|p| {
        let t = ((p.y * 1e3 - wall) / (ridge - wall)).clamp(0.0, 1.0);
        let half = b + (1.7 - b) * t;
        let middle = (1.0 - p.z.abs() * 1e3 / half).clamp(0.0, 1.0);
        let fold = 1.0 - 0.62 * t * (1.0 - t) * 2.0 * middle;
        DVec3::new(p.x * fold, p.y, p.z)
    });
    let lean = DQuat::from_rotation_x(((ridge - wall) / (b - 1.7)).atan());
    let seat = DVec3::new(0.0, 0.5 * (wall + ridge), 0.5 * (b + 1.7)) * 1e-3;
    let cap = cap(14.0, 11.0).transform(DAffine3::from_rotation_translation(lean, seat));
    Form {
        name: "gable_carton",
        shells: vec![folded, cap],
        materials: vec![
            card("label"),
            Material::new("body", [0.9, 0.9, 0.9], 0.5).coat(0.3, 0.3),
            plastic("cap", [0.75, 0.1, 0.1]),
        ],
        slots: vec![Slot::sides(aspect, a, b)],
        recolour: &["cap", "body"],
        range_mm: [[55.0, 110.0, 55.0], [100.0, 300.0, 100.0]],
        round: false,
        departments: &["dairy", "drinks"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}
