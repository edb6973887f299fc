//! Drink cans: drawn aluminium with a domed base, a necked-in top, a rolled rim and a stay-on tab.

use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{bare_metal, printed_metal};
use crate::shell::Shell;

pub(super) fn all() -> Vec<Form> {
    vec![
        can("can", 33.0, 122.0, 27.2, [[53.0, 88.0, 53.0], [84.0, 168.0, 84.0]]),
        can("slim_can", 28.5, 145.0, 24.6, [[49.0, 90.0, 49.0], [59.0, 157.0, 59.0]]),
    ]
}

fn can(name: &'static str, r: f64, h: f64, rim: f64, range_mm: [[f64; 3]; 2]) -> Form {
    let foot = r - 9.0;
    let (body, aspect) = Loft::new(Columns::lathe(32), "lid")
        .to(round(0.0, 9.5))
        .bend(round(foot * 0.7, 9.2), round(foot - 1.6, 1.2), 4)
        .bend(round(foot - 1.2, 0.0), round(foot, 0.0), 2)
        .bend(round(foot + 1.2, 0.0), round(foot + 2.2, 1.6), 2)
        .to(round(r - 2.4, 6.8))
        .of("label")
        .bend(round(r, 9.4), round(r, 13.0), 3)
        .steps(round(r, h - 18.0), 2)
        .bend(round(r, h - 14.0), round(0.5 * (r + rim) - 0.4, h - 9.4), 3)
        .bend(round(rim - 1.4, h - 5.6), round(rim - 1.2, h - 3.6), 2)
        .of("lid")
        .bend(round(rim, h - 3.4), round(rim, h - 1.9), 2)
        .bend(round(rim, h), round(rim - 0.9, h), 3)
        .bend(round(rim - 1.8, h), round(rim - 2.0, h - 1.4), 2)
        .to(round(rim - 3.2, h - 6.6))
        .bend(round(rim - 3.6, h - 7.6), round(rim - 4.4, h - 7.0), 2)
        .to(round(rim - 4.9, h - 4.9))
        .bend(round(rim - 5.0, h - 4.6), round(rim - 5.6, h - 4.6), 1)
        .to(round(0.0, h - 4.6))
        .build();
    let panel = h - 4.7;
    Form {
        name,
        shells: vec![body, tab(panel), rivet(panel)],
        materials: vec![printed_metal(), bare_metal("lid")],
        slots: vec![Slot::sleeve(aspect)],
        recolour: &[],
        range_mm,
        round: true,
        departments: &["drinks"],
        poses: &["upright", "lying", "upside_down"],
        stack: 3,
        fragile: false,
    }
}

/// The lever, over the front half of the lid.
fn tab(panel: f64) -> Shell {
    let columns = Columns::sides(3, 2);
    let (tab, _) = Loft::new(columns, "lid")
        .to(rect(7.2, 11.2, 6.8, panel + 0.9))
        .bend(rect(7.8, 11.8, 7.4, panel + 0.9), rect(7.8, 11.8, 7.4, panel + 1.5), 2)
        .bend(rect(7.8, 11.8, 7.4, panel + 2.1), rect(7.0, 11.0, 6.6, panel + 2.1), 2)
        .to(rect(4.6, 7.8, 4.4, panel + 1.3))
        .build();
    tab.at_mm(0.0, 0.0, -4.0)
}

fn rivet(panel: f64) -> Shell {
    let (rivet, _) = Loft::new(Columns::lathe(12), "lid")
        .to(round(0.0, panel - 0.5))
        .to(round(2.6, panel - 0.5))
        .bend(round(2.4, panel + 2.3), round(0.0, panel + 2.3), 3)
        .build();
    rivet
}
