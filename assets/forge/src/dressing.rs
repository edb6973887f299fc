//! What dresses a shelf: price rails, panels to build with, cases, hooks, lamps. Metres.

use glam::{DVec2, DVec3};

use crate::asset::{Asset, fixture};
use crate::loft::{Columns, Loft, round};
use crate::material::{Material, bare_metal};
use crate::shell::{Corner, Shell};
use crate::solid::{block, extrude, sheet};
use crate::texture::{Picture, hash, inside, mix, noise, wide, wrap};

/// All of them.
pub(crate) fn all() -> Vec<Asset> {
    let white = [0.86, 0.86, 0.86];
    vec![
        rail("shelf_edge", white, None),
        rail("shelf_edge_wood", [0.30, 0.30, 0.31], Some(wood_strip())),
        rail("shelf_edge_stripes", white, Some(stripes())),
        rail("shelf_edge_dots", white, Some(dots())),
        rail("shelf_edge_leaves", white, Some(leaves())),
        rail("shelf_edge_check", white, Some(check())),
        cube("plain_panel", Material::new("panel", [0.82, 0.82, 0.81], 0.4)),
        cube("clear_panel", Material::new("clear", [0.9, 0.93, 0.95], 0.08).clear(0.10, 1.49)),
        cube("glass_panel", Material::new("glass", [0.80, 0.88, 0.88], 0.05).clear(0.07, 1.52)),
        cube("chrome_panel", bare_metal("chrome")),
        cube("glow_panel", Material::new("glow", [0.9, 0.9, 0.9], 0.5).glowing(5.0)),
        cube("card_panel", Material::new("card", [0.50, 0.36, 0.23], 0.85)),
        wooden(),
        case("case_brown", Some(printed_case([0.70, 0.56, 0.40], 11))),
        case("case_white", Some(printed_case([0.90, 0.90, 0.88], 12))),
        case("case_printed", None),
        wobbler(),
        rod(),
        lamp_row(),
        lamp_panel(),
        lamp_spot(),
    ]
}

/// A price rail: origin at the top middle of its back. A lip above and one below hold tags and the strip of
/// print between them; without a strip its face leans back a little and is hollow.
fn rail(name: &'static str, rgb: [f64; 3], strip: Option<Picture>) -> Asset {
    let outline = [
        (0.0, 0.0),
        (0.0, -0.045),
        (0.0095, -0.045),
        (0.0115, -0.0442),
        (0.012, -0.0430),
        (0.0118, -0.0418),
        (0.0100, -0.0408),
        (0.0094, -0.0396),
        (0.0076, -0.0310),
        (0.0066, -0.0225),
        (0.0062, -0.0140),
        (0.0064, -0.0054),
        (0.0070, -0.0042),
        (0.0088, -0.0032),
        (0.0092, -0.0020),
        (0.0086, -0.0006),
        (0.0066, 0.0),
    ];
    let outline = outline.map(|(z, y)| DVec2::new(z, y));
    let mut shells = vec![extrude(&outline, -0.5, 0.5, "rail", 50.0)];
    let mut materials = vec![Material::new("rail", rgb, 0.3)];
    if let Some(picture) = strip {
        let (high, low) = (-0.0040, -0.0404);
        let repeats = (1.0 / (high - low) / f64::from(picture.width / picture.height)).round();
        shells.push(sheet(
            DVec3::new(-0.5, high, 0.0097),
            DVec3::X,
            DVec3::Y * (low - high),
            DVec2::new(repeats, 1.0),
            "strip",
        ));
        // Behind the clear film that holds it.
        materials.push(Material::art("strip", 0.4).coat(0.6, 0.12).picture(picture));
    }
    fixture(name, shells, materials)
}

/// A cube of a metre, origin at the middle of its bottom: what fixtures are put together from.
fn cube(name: &'static str, material: Material) -> Asset {
    let part = material.name;
    let shell = block(DVec3::new(-0.5, 0.0, -0.5), DVec3::new(0.5, 1.0, 0.5), part, part);
    fixture(name, vec![shell], vec![material])
}

fn wooden() -> Asset {
    let mut shell = block(DVec3::new(-0.5, 0.0, -0.5), DVec3::new(0.5, 1.0, 0.5), "wood", "wood");
    for face in &mut shell.faces {
        for corner in &mut face.corners {
            corner.uv = DVec2::new(corner.uv.x.clamp(0.0, 1.0), corner.uv.y.clamp(0.0, 1.0));
        }
    }
    let grain = wide(256, 64, |u, v| wood(u, v, [0.62, 0.47, 0.32], 90));
    fixture("wood_panel", vec![shell], vec![Material::art("wood", 0.8).picture(grain)])
}

/// A carton of a metre a side, to be scaled: flaps meet under a tape. Without a picture its front takes art.
fn case(name: &'static str, print: Option<Picture>) -> Asset {
    // A hair smaller than the tape, which lies on it.
    let mut shell = block(DVec3::new(-0.5, 0.0, -0.5), DVec3::new(0.5, 0.999, 0.499), "label", "card");
    // Art of sleeves and flat packs has its front in the middle.
    if print.is_none() {
        for corner in shell.faces.iter_mut().filter(|f| f.material == "label").flat_map(|f| &mut f.corners) {
            corner.uv = DVec2::new(0.3 + 0.4 * corner.uv.x, 0.05 + 0.9 * corner.uv.y);
        }
    }
    let front = match print {
        Some(picture) => Material::art("label", 0.8).picture(picture),
        None => Material::art("label", 0.6),
    };
    let tape = tape();
    fixture(name, vec![shell, tape], vec![front, Material::new("card", [0.44, 0.31, 0.19], 0.85), film()])
}

fn film() -> Material {
    Material::new("tape", [0.55, 0.45, 0.30], 0.15).coat(0.5, 0.1)
}

/// Over the middle of the top and a hand's breadth down the front.
fn tape() -> Shell {
    let mut shell = Shell::new(30.0);
    shell.closed = false;
    let half = 0.06;
    let path = [(-0.5, 1.0), (0.5, 1.0), (0.5, 0.82)];
    for pair in path.windows(2) {
        let at = |x: f64, (z, y): (f64, f64)| Corner { p: DVec3::new(x, y, z), uv: DVec2::ZERO };
        let [a, b] = [pair[0], pair[1]];
        shell.quad("tape", [at(-half, b), at(half, b), at(half, a), at(-half, a)]);
    }
    shell
}

/// A card that stands out from a rail on a springy strip: a disc whose front takes art; fills the unit cube.
fn wobbler() -> Asset {
    let disc = Loft::new(Columns::lathe(24), "tag_back")
        .to(round(500.0, -500.0))
        .of("tag_back")
        .to(round(500.0, 500.0))
        .build()
        .0
        .warp(|p| DVec3::new(p.x, -p.z, p.y));
    let mut disc = disc;
    for face in &mut disc.faces {
        if face.corners.iter().all(|c| c.p.z > 0.499) {
            face.material = "tag";
            for corner in &mut face.corners {
                corner.uv = DVec2::new(0.5 + corner.p.x, 0.5 - corner.p.y);
            }
        }
    }
    fixture(
        "wobbler",
        vec![disc],
        vec![Material::art("tag", 0.4).coat(0.4, 0.2), Material::new("tag_back", [0.9, 0.9, 0.88], 0.5)],
    )
}

/// A rod along +Z, a metre thick and long, to be scaled.
fn rod() -> Asset {
    let shell = Loft::new(Columns::lathe(8), "chrome")
        .to(round(500.0, 0.0))
        .to(round(500.0, 1000.0))
        .build()
        .0
        .warp(|p| DVec3::new(p.x, -p.z, p.y));
    fixture("rod", vec![shell], vec![bare_metal("chrome")])
}

/// A metre of a row of tubes: a housing with the tubes below; origin where it hangs.
fn lamp_row() -> Asset {
    let housing = block(DVec3::new(-0.5, -0.02, -0.06), DVec3::new(0.5, 0.02, 0.06), "housing", "housing");
    let tube = |z: f64| {
        block(DVec3::new(-0.49, -0.05, z - 0.014), DVec3::new(0.49, -0.022, z + 0.014), "glow", "glow")
    };
    fixture(
        "lamp_row",
        vec![housing, tube(-0.03), tube(0.03)],
        vec![
            Material::new("housing", [0.85, 0.85, 0.85], 0.5),
            Material::new("glow", [0.9, 0.9, 0.9], 0.5).glowing(6.0),
        ],
    )
}

/// A square panel in a thin frame, flush with a ceiling.
fn lamp_panel() -> Asset {
    let frame = block(DVec3::new(-0.3, -0.01, -0.3), DVec3::new(0.3, 0.03, 0.3), "housing", "housing");
    let glow = block(DVec3::new(-0.28, -0.012, -0.28), DVec3::new(0.28, -0.0102, 0.28), "glow", "glow");
    fixture(
        "lamp_panel",
        vec![frame, glow],
        vec![
            Material::new("housing", [0.88, 0.88, 0.88], 0.5),
            Material::new("glow", [0.9, 0.9, 0.9], 0.5).glowing(4.5),
        ],
    )
}

/// A spot: a can that shines down its own axis.
fn lamp_spot() -> Asset {
    let can = Loft::new(Columns::lathe(12), "housing").to(round(40.0, -76.0)).to(round(40.0, 80.0)).build().0;
    let glow = Loft::new(Columns::lathe(12), "glow").to(round(34.0, -80.0)).to(round(34.0, -77.0)).build().0;
    fixture(
        "lamp_spot",
        vec![can, glow],
        vec![
            Material::new("housing", [0.06, 0.06, 0.06], 0.4),
            Material::new("glow", [0.9, 0.9, 0.9], 0.5).glowing(12.0),
        ],
    )
}

/// Planks of dark wood, as printed film shows them.
fn wood(u: f64, v: f64, base: [f64; 3], salt: u32) -> [f64; 3] {
    let wave = noise(u, v, 4, salt) + 0.4 * noise(u, v, 16, salt + 1);
    let grain = noise(u, (v * 9.0 + wave * 0.6).rem_euclid(1.0), 24, salt + 2) - 0.5;
    let fine = noise((u * 0.5).rem_euclid(1.0), v, 128, salt + 3) - 0.5;
    base.map(|k| k * (1.0 + 0.35 * grain + 0.16 * fine + 0.2 * (wave - 0.7)))
}

fn wood_strip() -> Picture {
    wide(512, 64, |u, v| wood(u, v, [0.33, 0.23, 0.17], 80))
}

/// Slanted stripes in two reds with a pale edge.
fn stripes() -> Picture {
    wide(256, 64, |u, v| {
        let t = (u * 8.0 + v * 1.0).rem_euclid(1.0);
        let stripe = inside((t - 0.5).abs() - 0.25, 0.04);
        let c = mix([0.80, 0.10, 0.12], [0.93, 0.80, 0.20], stripe);
        mix(c, [0.96, 0.94, 0.88], inside(0.5 - (v - 0.5).abs() - 0.09, 0.02))
    })
}

/// Dots of several colours on cream.
fn dots() -> Picture {
    wide(512, 64, |u, v| {
        let (x, y) = (u * 16.0, v * 2.0);
        let j = wrap(y.floor(), 2);
        let shift = if j == 1 { 0.5 } else { 0.0 };
        let column = wrap((x + shift).floor(), 16);
        let d = ((x + shift).fract() - 0.5).hypot(y.fract() - 0.5) - 0.18 - 0.2 * hash(column, j, 6);
        let colours = [[0.90, 0.30, 0.25], [0.20, 0.55, 0.75], [0.95, 0.70, 0.15], [0.35, 0.65, 0.35]];
        let tone = (hash(column, j, 7) * 4.0).min(3.0);
        let dot = colours[wrap(tone.floor(), 4) as usize];
        mix([0.97, 0.94, 0.85], dot, inside(d, 0.06))
    })
}

/// Yellow and brown fruit halves on black.
fn leaves() -> Picture {
    wide(512, 64, |u, v| {
        let x = u * 8.0;
        let i = wrap(x.floor(), 8);
        let turn = (hash(i, 0, 31) - 0.5) * 1.2;
        let (dx, dy) = ((x.fract() - 0.5) * 1.0, (v - 0.5) * 1.0);
        let (px, py) = (dx * turn.cos() + dy * turn.sin(), dy * turn.cos() - dx * turn.sin());
        let d = (px / 0.36).hypot(py / 0.24) - 1.0;
        let body = if i.is_multiple_of(2) { [0.88, 0.76, 0.18] } else { [0.30, 0.19, 0.13] };
        let vein = inside((py.abs() * 14.0).fract() - 0.35, 0.3);
        mix([0.10, 0.11, 0.12], mix(body, body.map(|k| k * 0.7), vein), inside(d, 0.08))
    })
}

/// A small blue and white check.
fn check() -> Picture {
    wide(256, 64, |u, v| {
        let x = inside(((u * 16.0).fract() - 0.5).abs() - 0.25, 0.08);
        let y = inside(((v * 4.0).fract() - 0.5).abs() - 0.25, 0.08);
        mix([0.95, 0.96, 0.97], [0.16, 0.38, 0.66], 0.5 * (x + y))
    })
}

/// The front of a shipping carton: handling marks, a code, lines of print, a perforated lid.
fn printed_case(paper: [f64; 3], salt: u32) -> Picture {
    let ink = if salt.is_multiple_of(2) { [0.10, 0.22, 0.45] } else { [0.16, 0.13, 0.11] };
    wide(192, 192, move |u, v| {
        let mut c =
            paper.map(|k| k + 0.03 * (noise(u, v, 6, salt) - 0.5) + 0.02 * (noise(u, v, 64, salt + 1) - 0.5));
        let within = |x0: f64, y0: f64, x1: f64, y1: f64| u > x0 && u < x1 && v > y0 && v < y1;
        // Bars of a code, white under them.
        if within(0.56, 0.66, 0.94, 0.90) {
            c = [0.93, 0.93, 0.92];
            let bar = hash(wrap((u * 96.0).floor(), 96), 3, salt) > 0.5;
            if bar && within(0.59, 0.69, 0.91, 0.84) {
                c = [0.08, 0.08, 0.08];
            }
        }
        // A bold name and lines of small print, as runs of letter-like blocks.
        let run = |x0: f64, y0: f64, x1: f64, y1: f64, n: f64, key: u32| {
            let letter = wrap(((u - x0) / (x1 - x0) * n).floor(), 64);
            let gap = ((u - x0) / (x1 - x0) * n).fract();
            let stroke = hash(letter, wrap(((v - y0) / (y1 - y0) * 4.0).floor(), 8), salt + key) > 0.3;
            within(x0, y0, x1, y1) && gap < 0.8 && stroke && hash(letter, 1, salt + key) > 0.12
        };
        if run(0.08, 0.24, 0.66, 0.44, 9.0, 50)
            || run(0.08, 0.50, 0.48, 0.56, 18.0, 51)
            || run(0.08, 0.60, 0.42, 0.65, 20.0, 52)
            || run(0.08, 0.82, 0.36, 0.89, 10.0, 53)
        {
            c = mix(c, ink, 0.85);
        }
        // Two arrows up, and a frame round them.
        for x in [0.78, 0.88] {
            let shaft = (u - x).abs() < 0.012 && v > 0.20 && v < 0.34;
            let head = v > 0.13 && v < 0.22 && (u - x).abs() < (v - 0.13) * 0.42;
            if shaft || head {
                c = mix(c, ink, 0.85);
            }
        }
        // The perforation along which the lid is torn off.
        let cut = (v - 0.60 - 0.25 * (u - 0.5).abs()).abs() < 0.006 && (u * 40.0).fract() < 0.6;
        if cut && u > 0.5 && v < 0.66 { mix(c, [0.2, 0.15, 0.1], 0.5) } else { c }
    })
}
