//! Quiet designs: much empty space, little colour.

use super::{
    super::{
        fonts::Face,
        palette::{Colour, WHITE},
        pen::{Area, Type, area},
        sheet::Sheet,
    },
    Layout, ground,
};

fn paper(layout: Layout, s: &Sheet<'_>) -> Colour {
    let palette = s.design.brand.palette;
    match layout {
        Layout::Value | Layout::Clinical => WHITE,
        Layout::Minimal => {
            [palette.paper, palette.deep, s.accent.lighter(0.75), palette.base][s.habit(0, 4) as usize]
        }
        Layout::Frame => [palette.deep, palette.paper, palette.base.darker(0.3)][s.habit(0, 3) as usize],
        _ => [palette.paper, s.accent.lighter(0.65), palette.base.lighter(0.7)][s.habit(0, 3) as usize],
    }
}

pub(super) fn ground(layout: Layout, s: &mut Sheet<'_>) {
    let paper = paper(layout, s);
    ground::plain(s, paper);
    let w = s.whole;
    let palette = s.design.brand.palette;
    match layout {
        Layout::Value => {
            s.pen.rect(w.part(0.0, 0.0, 1.0, 0.07), s.accent);
            s.pen.rect(w.part(0.0, 0.93, 1.0, 0.07), s.accent);
        }
        Layout::Clinical => {
            s.pen.rect(w.part(0.0, 0.72, 1.0, 0.28), palette.base);
            s.pen.rect(w.part(0.0, 0.7, 1.0, 0.015), s.accent);
        }
        Layout::Frame => {
            let trim = paper.ink(&[palette.second, palette.base], 2.0);
            s.pen.rect(w.part(0.0, 0.03, 1.0, 0.012), trim);
            s.pen.rect(w.part(0.0, 0.958, 1.0, 0.012), trim);
        }
        _ => {}
    }
}

pub(super) fn front(layout: Layout, s: &mut Sheet<'_>, front: Area) {
    let on = paper(layout, s);
    let palette = s.design.brand.palette;
    let ink = s.ink(on);
    let face = s.design.brand.text_face;
    let f = front.inset(0.07);
    let (good, flavour, amount) = (s.design.good.clone(), s.design.variety.clone(), s.design.amount.clone());
    match layout {
        Layout::Value => {
            s.pen.block(
                &s.design.brand.logo_text(),
                f.part(0.0, 0.06, 0.7, 0.12),
                Type::new(s.design.brand.logo_face, on.ink(&[palette.base, palette.deep], 4.0)).left(),
                1,
            );
            let shade = on.ink(&[s.accent, s.accent.darker(0.5)], 4.0);
            s.pen.block(
                &good.to_uppercase(),
                f.part(0.0, 0.22, 1.0, 0.28),
                Type::new(Face::Heavy, shade).left(),
                2,
            );
            s.pen.line(
                &flavour,
                f.part(0.0, 0.52, 1.0, 0.12),
                Type::new(Face::Sans, Colour(0x22_2222)).left(),
            );
            s.picture(
                s.design.flavour.motif,
                f.right() - f.short() * 0.2,
                f.bottom() - f.short() * 0.26,
                f.short() * 0.4,
                0.0,
                on,
            );
            s.pen.line(&amount, f.part(0.0, 0.8, 0.5, 0.1), Type::new(Face::Sans, Colour(0x22_2222)).left());
        }
        Layout::Minimal => {
            let tint = on.ink(&[s.accent, s.accent.lighter(0.5)], 1.8);
            match s.habit(4, 3) {
                0 => s.pen.circle(f.cx(), f.part(0.0, 0.58, 1.0, 0.3).cy(), f.short() * 0.3, &tint.css()),
                1 => s.pen.rect(area(front.x, front.y + front.h * 0.48, front.w, front.h * 0.05), tint),
                _ => s.pen.rect(f.part(0.0, 0.5, 0.06, 0.5), tint),
            }
            s.pen.block(
                &s.design.brand.logo_text(),
                f.part(0.0, 0.04, 1.0, 0.2),
                Type::new(s.design.brand.logo_face, ink),
                2,
            );
            s.pen.line(&good, f.part(0.12, 0.3, 0.76, 0.08), Type::new(face, ink));
            s.pen.line(&flavour, f.part(0.15, 0.39, 0.7, 0.055), Type::new(Face::Sans, ink));
            if s.habit(4, 3) == 0 {
                s.picture(
                    s.design.flavour.motif,
                    f.cx(),
                    f.part(0.0, 0.58, 1.0, 0.3).cy(),
                    f.short() * 0.36,
                    0.0,
                    tint,
                );
            }
            s.pen.line(&amount, f.part(0.3, 0.93, 0.4, 0.05), Type::new(Face::Sans, ink));
        }
        Layout::Clinical => {
            s.logo(f.part(0.0, 0.02, 0.8, 0.2), on);
            s.pen.line(
                &good,
                f.part(0.0, 0.28, 1.0, 0.13),
                Type::new(face, on.ink(&[palette.base, palette.deep], 4.0)).left(),
            );
            s.pen.line(
                &flavour,
                f.part(0.0, 0.43, 0.8, 0.09),
                Type::new(Face::Sans, Colour(0x33_3a44)).left(),
            );
            for (k, r) in [0.16, 0.1, 0.06].into_iter().enumerate() {
                let k = k as f32;
                let tint = s.accent.lighter(0.25 * k);
                s.pen.circle(
                    f.x + f.w * (0.62 + 0.14 * k),
                    f.y + f.h * (0.6 + 0.05 * k),
                    f.short() * r,
                    &tint.css(),
                );
            }
            s.picture(
                s.design.flavour.motif,
                f.x + f.w * 0.62,
                f.y + f.h * 0.6,
                f.short() * 0.24,
                0.0,
                s.accent,
            );
            let under = s.ink(palette.base);
            s.pen.line(
                &s.design.brand.motto.clone(),
                f.part(0.0, 0.77, 0.8, 0.07),
                Type::new(Face::Sans, under).left(),
            );
            s.pen.line(&amount, f.part(0.0, 0.89, 0.5, 0.07), Type::new(Face::Narrow, under).left());
        }
        Layout::Frame => {
            let trim = on.ink(&[palette.second, palette.base], 2.0);
            s.pen.outline(f, f.short() * 0.04, trim, f.short() * 0.016);
            s.pen.outline(f.inset(0.035), f.short() * 0.02, trim, f.short() * 0.006);
            let i = f.inset(0.1);
            s.logo(i.part(0.0, 0.02, 1.0, 0.28), on);
            s.pen.line(
                &s.design.brand.motto.clone(),
                i.part(0.2, 0.31, 0.6, 0.05),
                Type::new(Face::Serif, trim),
            );
            let h = i.part(0.2, 0.38, 0.6, 0.32);
            s.pen.circle(h.cx(), h.cy(), h.short() * 0.5, &trim.css());
            s.pen.circle(h.cx(), h.cy(), h.short() * 0.47, &palette.paper.css());
            s.picture(s.design.flavour.motif, h.cx(), h.cy(), h.short() * 0.72, 0.0, palette.paper);
            s.pen.line(&good, i.part(0.0, 0.73, 1.0, 0.13), Type::new(Face::Didone, ink));
            s.pen.line(
                &format!("{flavour} · {amount}"),
                i.part(0.05, 0.88, 0.9, 0.08),
                Type::new(Face::Serif, ink),
            );
        }
        _ => {
            let leaf = if s.design.flavour.motif == "flower" { "flower" } else { "leaf" };
            let size = f.short() * 0.36;
            for (x, y, turn) in [(0.0, 0.0, 135.0), (1.0, 0.0, 225.0), (0.0, 1.0, 45.0), (1.0, 1.0, -45.0)] {
                s.picture(leaf, f.x + f.w * (0.06 + 0.88 * x), f.y + f.h * (0.05 + 0.9 * y), size, turn, on);
            }
            s.logo(f.part(0.1, 0.2, 0.8, 0.2), on);
            s.hero(f.part(0.22, 0.43, 0.56, 0.2), on);
            s.title(f.part(0.14, 0.66, 0.72, 0.18), on);
            s.pen.line(&amount, f.part(0.35, 0.87, 0.3, 0.05), Type::new(Face::Sans, ink));
        }
    }
}
