//! Price tags on shelf edges.

use rand::RngExt;

use super::{
    catalogue::Design,
    fonts::Face,
    palette::{BLACK, Colour, WHITE},
    panel,
    pen::{Area, Pen, Type},
};

/// Draws the tag of a product over `a`. A shop has one style of tag, and a second one for promotions.
pub(super) fn draw(pen: &mut Pen, design: &Design, a: Area, shop: u32) {
    let product = &design.product;
    let promotion = design.node.draw("promotion", |r| r.random_bool(0.14));
    let style = shop % 4;
    let (ground, ink, loud) = match (style, promotion) {
        (_, true) => [(Colour(0xff_e11a), BLACK, Colour(0xd6_1a1f)), (Colour(0xdf_1f26), WHITE, WHITE)]
            [(shop / 4 % 2) as usize],
        (0, false) => (WHITE, BLACK, BLACK),
        (1, false) => (Colour(0xfd_f3b4), BLACK, BLACK),
        (2, false) => (Colour(0xe4_e6e2), Colour(0x1c_2022), Colour(0x1c_2022)),
        _ => (WHITE, Colour(0x14_2a5a), Colour(0xc8_1d25)),
    };
    pen.rect(a, ground);
    if style == 2 {
        // An electronic tag: a grey case round the display.
        pen.outline(a.inset(0.02), a.short() * 0.05, Colour(0x9a_9ea0), a.short() * 0.05);
    }
    if style == 3 && !promotion {
        pen.rect(a.part(0.0, 0.0, 1.0, 0.06), Colour(0x14_2a5a));
    }
    let i = a.inset(0.07);
    let head = if promotion { 0.2 } else { 0.0 };
    if promotion {
        let bar = a.part(0.0, 0.0, 1.0, 0.2);
        let (bar_ground, bar_ink) =
            if ground == Colour(0xdf_1f26) { (Colour(0xff_e11a), BLACK) } else { (Colour(0xd6_1a1f), WHITE) };
        pen.rect(bar, bar_ground);
        let text = design.node.draw("promotion_text", |r| {
            ["OFFER", "-20%", "SALE", "2 for 1", "THIS WEEK"][r.random_range(0..5)]
        });
        pen.line(text, bar.part(0.05, 0.16, 0.9, 0.68), Type::new(Face::Heavy, bar_ink));
    }
    pen.line(&product.brand, i.part(0.0, head * 0.9 + 0.02, 0.7, 0.11), Type::new(Face::Heavy, ink).left());
    pen.line(&product.name, i.part(0.0, head * 0.9 + 0.15, 0.8, 0.1), Type::new(Face::Sans, ink).left());
    let price = i.part(0.42, 0.32 + head * 0.4, 0.58, 0.5);
    let (whole, cents) =
        ((product.price_cents / 100).to_string(), format!("{:02}", product.price_cents % 100));
    if style.is_multiple_of(2) {
        pen.line(&format!("{whole}.{cents}"), price, Type::new(Face::Heavy, loud).right());
    } else {
        pen.line(&whole, price.part(0.0, 0.0, 0.62, 1.0), Type::new(Face::Heavy, loud).right());
        pen.line(&cents, price.part(0.66, 0.0, 0.34, 0.52), Type::new(Face::Heavy, loud).left());
    }
    pen.line(&design.unit_price, i.part(0.5, 0.88, 0.5, 0.11), Type::new(Face::Sans, ink).right());
    pen.line(&design.amount, i.part(0.0, 0.38 + head * 0.3, 0.34, 0.1), Type::new(Face::Narrow, ink).left());
    panel::barcode(pen, &product.ean13, i.part(0.0, 0.58, 0.38, 0.42), None);
}
