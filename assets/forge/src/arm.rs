//! A shopper's arm: a hand with its fingers ahead along -Z, a sleeve behind it. Metres.

use glam::{DAffine3, DQuat, DVec3};

use crate::asset::{Asset, fixture};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::Material;
use crate::shell::Shell;

/// Hand and sleeve are two models, so that each takes its own colour.
pub(crate) fn all() -> Vec<Asset> {
    vec![hand(), sleeve()]
}

/// Turns what was lofted upwards so that its upper end is ahead, at -Z, and puts it so far behind the origin.
fn ahead(shell: Shell, behind_mm: f64) -> Shell {
    shell.warp(|p| DVec3::new(p.x, p.z, behind_mm * 1e-3 - p.y))
}

/// A finger of this length and half thickness, its root at the origin.
fn finger(length: f64, r: f64) -> Shell {
    Loft::new(Columns::lathe(12), "skin")
        .to(round(r * 0.9, -6.0))
        .to(round(r, length * 0.3))
        .to(round(r * 0.92, length * 0.45))
        .to(round(r * 0.98, length * 0.6))
        .bend(round(r * 0.9, length), round(r * 0.3, length), 4)
        .build()
        .0
}

fn hand() -> Asset {
    let root = 82.0;
    let mut shells = Vec::new();
    for (x, length, r) in [(-30.0, 68.0, 8.4), (-10.0, 78.0, 9.0), (10.5, 82.0, 9.0), (30.0, 62.0, 7.8)] {
        shells.push(ahead(finger(length, r), root).at_mm(x, 0.0, 0.0));
    }
    let thumb = ahead(finger(62.0, 10.0), 0.0).transform(DAffine3::from_rotation_translation(
        DQuat::from_rotation_y(0.75),
        DVec3::new(-0.018, 0.0, 0.150),
    ));
    shells.push(thumb);
    let palm = Loft::new(Columns::sides(4, 2), "skin")
        .to(round(25.0, 0.0))
        .to(round(24.0, 40.0))
        .bend(rect(26.0, 20.0, 18.0, 62.0), rect(38.0, 17.5, 15.0, 92.0), 4)
        .to(rect(41.5, 15.0, 13.0, 128.0))
        .bend(rect(41.5, 12.0, 11.0, 158.0), rect(36.0, 6.0, 5.5, 158.0), 3)
        .build()
        .0;
    shells.push(ahead(palm, 235.0));
    fixture("arm_hand", front_at_origin(shells), vec![Material::new("skin", [0.62, 0.40, 0.30], 0.5)])
}

/// Brings the foremost point to z = 0 and cuts nothing.
fn front_at_origin(shells: Vec<Shell>) -> Vec<Shell> {
    let (min, _) = crate::asset::bounds(&shells);
    shells.into_iter().map(|s| s.warp(|p| p - DVec3::Z * min.z)).collect()
}

fn sleeve() -> Asset {
    let shell = Loft::new(Columns::lathe(16), "cloth")
        .to(round(50.0, 0.0))
        .steps(round(52.0, 180.0), 3)
        .steps(round(42.0, 480.0), 4)
        .bend(round(39.0, 545.0), round(40.0, 550.0), 2)
        .to(round(34.0, 548.0))
        .build()
        .0;
    let folded = shell.warp(|p| {
        let y = p.y * 1e3;
        let fold = 1.0 + 0.03 * (y * 0.09 + 3.0 * p.x * 20.0).sin() * (y / 550.0);
        let fold = if (190.0..=470.0).contains(&y) { fold } else { 1.0 };
        DVec3::new(p.x * fold.min(1.0), p.y, p.z * fold.min(1.0))
    });
    fixture("arm_sleeve", vec![ahead(folded, 750.0)], vec![Material::new("cloth", [0.7, 0.7, 0.7], 0.9)])
}
