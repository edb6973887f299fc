//! Food tins: a seamed can with beads under its paper, and a flat one with art on its lid.

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Knot, Loft, rect, round};
use crate::material::{bare_metal, paper, printed_metal};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    vec![tall(), flat()]
}

/// The curl of a double seam, `up` from its lower edge, ending inside the lid's wall.
fn seam(r: f64, y: f64, height: f64) -> Vec<Knot> {
    vec![
        round(r + 0.9, y + 0.4),
        round(r + 1.1, y + height - 0.9),
        round(r + 0.6, y + height),
        round(r - 0.6, y + height),
        round(r - 1.1, y + height - 0.8),
        round(r - 1.4, y + height - 3.6),
    ]
}

/// The same below: from the recessed end out and up to the wall.
fn seam_below(r: f64, height: f64) -> Vec<Knot> {
    let mut knots = seam(r, 0.0, height);
    knots.reverse();
    knots.into_iter().map(|k| Knot::new(k.x, k.y, k.z, height - k.w)).collect()
}

fn tall() -> Form {
    let (r, h) = (36.6, 110.0);
    let mut loft = Loft::new(Columns::lathe(32), "lid")
        .to(round(0.0, 3.4))
        .to(round(r - 8.0, 3.4))
        .to(round(r - 9.2, 4.4))
        .rings(seam_below(r, 4.0))
        .to(round(r, 4.2))
        .of("label")
        .to(round(r, 30.0));
    for i in 0..5 {
        let y = 30.0 + 10.0 * f64::from(i);
        loft = loft.to(round(r - 0.8, y + 5.0)).to(round(r, y + 10.0));
    }
    let (body, aspect) = loft
        .to(round(r, h - 4.2))
        .of("lid")
        .rings(seam(r, h - 4.0, 4.0))
        .to(round(r - 4.4, h - 3.6))
        .to(round(r - 5.6, h - 2.8))
        .to(round(r - 9.0, h - 2.8))
        .to(round(r - 10.0, h - 3.6))
        .to(round(0.0, h - 3.6))
        .build();
    Form {
        name: "food_tin",
        shells: vec![body, ring_pull(h - 3.6, r - 14.0)],
        materials: vec![paper("label"), bare_metal("lid")],
        slots: vec![Slot::sleeve(aspect)],
        recolour: &[],
        range_mm: [[52.0, 60.0, 52.0], [103.0, 155.0, 103.0]],
        round: true,
        departments: &["canned", "pet", "pasta_sauces"],
        poses: &["upright", "lying", "upside_down"],
        stack: 4,
        fragile: false,
    }
}

/// The lever of an easy-opening end, lying on it towards the front.
fn ring_pull(panel: f64, reach: f64) -> Shell {
    let (pull, _) = Loft::new(Columns::sides(3, 2), "lid")
        .to(rect(7.4, 10.4, 7.0, panel + 0.3))
        .to(rect(8.0, 11.0, 7.6, panel + 0.9))
        .to(rect(7.2, 10.2, 6.8, panel + 1.5))
        .to(rect(4.4, 6.4, 4.0, panel + 0.6))
        .build();
    pull.at_mm(0.0, 0.0, reach - 9.0)
}

fn flat() -> Form {
    let (r, h) = (41.5, 42.0);
    let (body, aspect) = Loft::new(Columns::lathe(36), "lid")
        .to(round(0.0, 1.6))
        .bend(round(r - 8.0, 1.6), round(r - 5.0, 0.4), 2)
        .bend(round(r, 0.0), round(r, 5.0), 4)
        .of("label")
        .steps(round(r, h - 4.4), 2)
        .of("lid")
        .rings(seam(r, h - 4.0, 4.0))
        .to(round(r - 3.4, h - 3.4))
        .of("top")
        .to(round(r - 5.0, h - 2.6))
        .to(round(r - 8.0, h - 2.6))
        .to(round(r - 9.0, h - 3.2))
        .to(round(0.0, h - 3.2))
        .build();
    let top = printed_metal().renamed("top");
    Form {
        name: "flat_tin",
        shells: vec![body, ring_pull(h - 3.2, r - 12.0)],
        materials: vec![printed_metal(), top, bare_metal("lid")],
        slots: vec![Slot::sleeve(aspect), Slot::face("top", 1.0)],
        recolour: &[],
        range_mm: [[60.0, 25.0, 60.0], [110.0, 60.0, 110.0]],
        round: true,
        departments: &["canned", "pet", "sweets"],
        poses: &["upright", "lying", "upside_down"],
        stack: 4,
        fragile: false,
    }
}
