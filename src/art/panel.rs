//! Backs and sides: tables, small print, barcodes, marks.

use rand::RngExt;

use super::{
    ean,
    fonts::Face,
    palette::{BLACK, Colour, WHITE},
    pen::{Area, Pen, Type, area},
    sheet::Sheet,
};

/// A barcode on white with its digits, filling `a`.
pub(super) fn barcode(pen: &mut Pen, code: &str, a: Area, ground: Option<Colour>) {
    let Some(bars) = ean::bars(code) else { return };
    if let Some(ground) = ground {
        pen.rect(a, ground);
    }
    // Eleven modules of quiet to the left, seven to the right.
    let module = a.w / 113.0;
    let mut x = 0;
    let mut d = String::new();
    while x < bars.len() {
        let run = bars[x..].iter().take_while(|b| **b == bars[x]).count();
        if bars[x] {
            let guard = !(3..92).contains(&x) || (45..50).contains(&x);
            #[expect(clippy::cast_precision_loss, reason = "at most 95 modules")]
            let (left, width) = (a.x + (x as f32 + 11.0) * module, run as f32 * module);
            let (top, bottom) = (a.y + a.h * 0.06, a.y + a.h * if guard { 0.88 } else { 0.8 });
            d += &format!("M{left:.3} {top:.2}h{width:.3}V{bottom:.2}h-{width:.3}Z");
        }
        x += run;
    }
    pen.path(&d, &BLACK.css());
    let digits = |from: usize, to: usize| code.get(from..to).unwrap_or_default().to_owned();
    for (text, left, width) in
        [(digits(0, 1), 2.0, 7.0), (digits(1, 7), 15.0, 40.0), (digits(7, 13), 61.0, 40.0)]
    {
        let place = area(a.x + left * module, a.y + a.h * 0.83, width * module, a.h * 0.14);
        pen.line(&text, place, Type::new(Face::Sans, BLACK));
    }
}

/// Three arrows in a triangle.
fn recycling(pen: &mut Pen, x: f32, y: f32, r: f32, ink: Colour) {
    for turn in [0.0, 120.0, 240.0] {
        pen.turned(turn, x, y, |pen| {
            pen.stroke(
                &format!("M{:.2} {:.2}L{:.2} {:.2}", x - 0.5 * r, y + 0.5 * r, x + 0.3 * r, y + 0.5 * r),
                ink,
                r * 0.22,
            );
            pen.polygon(
                &[(x + 0.25 * r, y + 0.15 * r), (x + 0.75 * r, y + 0.5 * r), (x + 0.25 * r, y + 0.85 * r)],
                &ink.css(),
            );
        });
    }
}

/// Fills `a` with what the law wants on a pack.
pub(super) fn information(s: &mut Sheet<'_>, a: Area) {
    let node = s.design.node.child("back", 0);
    let palette = s.design.brand.palette;
    let light = s.habit(3, 2) == 0;
    let plate = if light { WHITE } else { palette.paper };
    let p = a.part(0.06, 0.05, 0.88, 0.9);
    s.pen.rounded(p, p.short() * 0.03, &plate.css());
    let i = p.inset(0.05);
    let ink = Colour(0x22_2226);
    s.pen.line(
        &format!("{} {}", s.design.good, s.design.variety),
        i.part(0.0, 0.0, 1.0, 0.07),
        Type::new(Face::Narrow, ink).left(),
    );
    let food = !matches!(s.design.product.department.as_str(), "household" | "personal_care");
    let rows: [(&str, u32, &str); 7] = if food {
        [
            ("Energy kJ", 2200, "kJ"),
            ("Fat", 32, "g"),
            ("of which saturates", 14, "g"),
            ("Carbohydrate", 70, "g"),
            ("of which sugars", 40, "g"),
            ("Protein", 22, "g"),
            ("Salt", 3, "g"),
        ]
    } else {
        [
            ("Surfactants", 30, "%"),
            ("Perfume", 3, "%"),
            ("Water", 90, "%"),
            ("Glycerin", 9, "%"),
            ("pH", 9, ""),
            ("Limonene", 2, "%"),
            ("Citric acid", 5, "%"),
        ]
    };
    let table = i.part(0.0, 0.1, 1.0, 0.36);
    s.pen.outline(table, 0.0, ink, table.short() * 0.012);
    let height = table.h / 7.0;
    for (row, (label, most, unit)) in rows.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "seven rows")]
        let y = table.y + row as f32 * height;
        if row % 2 == 1 {
            s.pen.rect(area(table.x, y, table.w, height), plate.darker(0.08));
        }
        let value = node.child("row", row).draw("value", |r| r.random_range(1..=most));
        s.pen.line(
            label,
            area(table.x + table.w * 0.03, y + height * 0.18, table.w * 0.6, height * 0.62),
            Type::new(Face::Sans, ink).left().at_most(height * 0.7),
        );
        s.pen.line(
            &format!("{value} {unit}"),
            area(table.x + table.w * 0.66, y + height * 0.18, table.w * 0.3, height * 0.62),
            Type::new(Face::Sans, ink).right().at_most(height * 0.7),
        );
    }
    const WORDS: [&str; 26] = [
        "water",
        "sugar",
        "salt",
        "store cool and dry",
        "Zutaten",
        "ingrédients",
        "contains",
        "may contain traces of nuts",
        "best before",
        "see base",
        "shake well",
        "conserver au frais",
        "kühl lagern",
        "emulsifier",
        "citric acid",
        "natural flavouring",
        "lecithin",
        "glucose",
        "wheat",
        "milk",
        "starch",
        "produced for",
        "keep out of reach",
        "do not freeze",
        "ingredientes",
        "složení",
    ];
    for line in 0..7_u8 {
        let text = node.child("line", usize::from(line)).draw("words", |r| {
            (0..5).map(|_| WORDS[r.random_range(0..WORDS.len())]).collect::<Vec<_>>().join(", ")
        });
        let y = 0.49 + 0.033 * f32::from(line);
        s.pen.line(&text, i.part(0.0, y, 1.0, 0.027), Type::new(Face::Sans, ink).left());
    }
    let width = (i.w * 0.66).min(i.h * 0.42);
    let code = area(i.x, i.y + i.h * 0.755, width, i.h * 0.235);
    barcode(&mut s.pen, &s.design.product.ean13.clone(), code, Some(WHITE));
    let mark = (i.w - width).min(code.h) * 0.32;
    recycling(&mut s.pen, i.right() - mark * 1.1, code.y + code.h * 0.4, mark * 0.8, Colour(0x2f_7a43));
    s.pen.line(
        &s.design.amount.clone(),
        area(
            code.right() + i.w * 0.02,
            code.y + code.h * 0.76,
            (i.right() - code.right() - i.w * 0.02).max(1.0),
            code.h * 0.2,
        ),
        Type::new(Face::Narrow, ink),
    );
}
