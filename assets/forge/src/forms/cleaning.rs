//! Household bottles of blown polyethylene: a jug with a handle, and a trigger spray.

use glam::{DAffine3, DQuat, DVec2, DVec3};

use super::soft::lean;
use crate::asset::{Form, Slot};
use crate::loft::{Columns, Loft, rect, round};
use crate::material::{film, plastic};
use crate::shell::Shell;
use crate::solid::rod;

pub(super) fn all() -> Vec<Form> {
    vec![jug(), spray()]
}

/// Millimetres moved towards the left at this height, so that there is room for a handle at the right.
fn jug_lean(y: f64) -> f64 {
    let t = ((y - 150.0) / 70.0).clamp(0.0, 1.0);
    -34.0 * t * t * (3.0 - 2.0 * t)
}

fn jug() -> Form {
    let columns = Columns::sides(4, 4);
    let front = columns.front_left() + columns.corner / 2;
    let (body, aspect) = Loft::new(columns, "body")
        .label_columns(front, front + columns.side, "body")
        .to(rect(70.0, 26.0, 20.0, 4.0))
        .bend(rect(76.0, 32.0, 26.0, 0.0), rect(80.0, 36.0, 28.0, 0.0), 1)
        .bend(rect(89.0, 45.0, 34.0, 0.0), rect(90.0, 46.0, 34.0, 12.0), 3)
        .to(rect(90.0, 46.0, 34.0, 26.0))
        .of("label")
        .steps(rect(88.0, 46.0, 34.0, 146.0), 2)
        .of("body")
        .bend(rect(86.0, 46.0, 34.0, 168.0), rect(58.0, 44.0, 34.0, 190.0), 4)
        .bend(rect(40.0, 40.0, 34.0, 208.0), rect(29.0, 30.0, 26.0, 226.0), 4)
        .bend(round(24.0, 236.0), round(23.0, 244.0), 2)
        .to(round(0.0, 244.0))
        .build();
    let path = [
        (74.0, 132.0),
        (84.0, 156.0),
        (84.0, 182.0),
        (74.0, 206.0),
        (52.0, 222.0),
        (22.0, 230.0),
        (-14.0, 232.0),
    ];
    let handle = rod(&smooth(&path), DVec2::new(9.5, 14.0), 10, "body");
    let (cap, _) = Loft::new(Columns::lathe(32), "cap")
        .to(round(0.0, 238.0))
        .to(round(26.0, 238.0))
        .to(round(27.0, 239.5))
        .to(round(27.0, 243.0))
        .to(round(25.6, 245.0))
        .to(round(24.0, 282.0))
        .bend(round(23.8, 286.0), round(20.0, 286.0), 3)
        .to(round(0.0, 286.0))
        .build();
    Form {
        name: "detergent_jug",
        shells: vec![lean(body, jug_lean), handle, cap.at_mm(-34.0, 0.0, 0.0)],
        materials: vec![
            film("label"),
            plastic("body", [0.05, 0.20, 0.55]),
            plastic("cap", [0.85, 0.85, 0.87]),
        ],
        slots: vec![Slot::face("label", aspect)],
        recolour: &["body", "cap"],
        range_mm: [[110.0, 190.0, 60.0], [260.0, 340.0, 140.0]],
        round: false,
        departments: &["household"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}

/// Cuts each corner of a path once (Chaikin), so that a rod bends gently.
fn smooth(path: &[(f64, f64)]) -> Vec<DVec2> {
    let points: Vec<DVec2> = path.iter().map(|(x, y)| DVec2::new(*x, *y)).collect();
    let mut out = vec![points[0]];
    for w in points.windows(2) {
        out.extend([w[0].lerp(w[1], 0.25), w[0].lerp(w[1], 0.75)]);
    }
    out.push(points[points.len() - 1]);
    out
}

fn spray() -> Form {
    let columns = Columns::sides(4, 4);
    let front = columns.front_left() + columns.corner / 2;
    let (body, aspect) = Loft::new(columns, "body")
        .label_columns(front - 1, front + columns.side + 1, "body")
        .to(rect(34.0, 18.0, 14.0, 3.0))
        .bend(rect(38.0, 22.0, 17.0, 0.0), rect(40.0, 24.0, 18.0, 0.0), 1)
        .bend(rect(47.5, 29.5, 22.0, 0.0), rect(48.0, 30.0, 22.0, 9.0), 3)
        .to(rect(48.0, 30.0, 22.0, 22.0))
        .of("label")
        .steps(rect(46.0, 30.0, 22.0, 128.0), 2)
        .of("body")
        .bend(rect(44.0, 30.0, 22.0, 152.0), rect(26.0, 24.0, 20.0, 176.0), 4)
        .bend(round(14.0, 196.0), round(13.5, 212.0), 3)
        .to(round(0.0, 212.0))
        .build();
    let (collar, _) = Loft::new(Columns::lathe(28), "cap")
        .to(round(0.0, 200.0))
        .to(round(15.6, 200.0))
        .to(round(16.4, 201.0))
        .to(round(15.8, 217.0))
        .bend(round(15.6, 219.0), round(13.0, 219.6), 2)
        .to(round(8.0, 222.0))
        .to(round(0.0, 222.0))
        .build();
    let trigger = [(-22.0, 232.0), (-27.0, 222.0), (-34.0, 210.0), (-38.0, 196.0), (-46.0, 184.0)];
    Form {
        name: "spray_bottle",
        shells: vec![
            body,
            collar,
            head(),
            nozzle(),
            rod(&smooth(&trigger), DVec2::new(3.0, 7.5), 8, "trigger"),
        ],
        materials: vec![
            film("label"),
            plastic("body", [0.88, 0.88, 0.88]),
            plastic("cap", [0.88, 0.88, 0.88]),
            plastic("trigger", [0.75, 0.10, 0.05]),
        ],
        slots: vec![Slot::face("label", aspect)],
        recolour: &["body", "cap", "trigger"],
        range_mm: [[80.0, 190.0, 45.0], [140.0, 300.0, 90.0]],
        round: false,
        departments: &["household", "personal_care"],
        poses: &["upright", "lying"],
        stack: 1,
        fragile: false,
    }
}

/// The pump's housing: flat below, bevelled above, lower at its back.
fn head() -> Shell {
    let (head, _) = Loft::new(Columns::sides(2, 4), "cap")
        .to(rect(30.0, 11.0, 6.0, 217.0))
        .to(rect(32.0, 12.5, 7.0, 219.0))
        .to(rect(35.0, 12.5, 7.0, 238.0))
        .bend(rect(34.0, 12.0, 7.0, 248.0), rect(24.0, 8.0, 5.0, 250.0), 3)
        .build();
    head.warp(|p| {
        let back = ((p.x * 1e3 + 6.0) / 26.0).clamp(0.0, 1.0);
        DVec3::new(p.x, p.y - 9.0e-3 * back * ((p.y * 1e3 - 217.0) / 33.0).clamp(0.0, 1.0), p.z)
    })
    .at_mm(-10.0, 0.0, 0.0)
}

/// A square knob at the front end, turned to lock.
fn nozzle() -> Shell {
    let (knob, _) = Loft::new(Columns::sides(2, 2), "trigger")
        .to(rect(7.5, 7.5, 2.0, 0.0))
        .to(rect(8.5, 8.5, 2.5, 2.0))
        .to(rect(8.0, 8.0, 2.5, 11.0))
        .bend(rect(8.0, 8.0, 2.5, 12.0), rect(6.8, 6.8, 2.0, 12.0), 2)
        .build();
    let turned = DQuat::from_rotation_z(std::f64::consts::FRAC_PI_2);
    knob.transform(DAffine3::from_rotation_translation(turned, DVec3::new(-43.0, 234.0, 0.0) * 1e-3))
}
