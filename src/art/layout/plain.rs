//! The everyday designs of a supermarket: bands, plates, windows, landscapes.

use super::{
    super::{
        fonts::Face,
        palette::WHITE,
        pen::{Area, Type, area},
        sheet::Sheet,
    },
    Layout, ground,
};

pub(super) fn ground(layout: Layout, s: &mut Sheet<'_>) {
    let palette = s.design.brand.palette;
    let (w, g, a) = (s.whole, s.ground, s.accent);
    let unit = w.h * 0.12;
    match layout {
        Layout::Bands => {
            ground::plain(s, palette.paper);
            s.pen.rect(w.part(0.0, 0.0, 1.0, 0.32), palette.base);
            s.pen.rect(w.part(0.0, 0.32, 1.0, 0.02), palette.second);
            s.pen.rect(w.part(0.0, 0.72, 1.0, 0.28), a);
            s.pen.rect(w.part(0.0, 0.7, 1.0, 0.02), palette.second);
        }
        Layout::Medallion => {
            ground::plain(s, g);
            match s.habit(0, 3) {
                0 => ground::dots(s, unit * 0.7, 0.16, g.lighter(0.16)),
                1 => ground::stripes(s, unit * 0.8, g.darker(0.1)),
                _ => {}
            }
        }
        Layout::Blocks => {
            ground::plain(s, palette.paper);
            let n = ground::cells(s, w.h * 0.5).max(2) / 2 * 2;
            let step = w.w / f32::from(n);
            let tones = [palette.base, a, palette.second, palette.deep, a.lighter(0.5)];
            for k in 0..n {
                for row in 0..3_u16 {
                    let cell =
                        area(w.x + f32::from(k) * step, w.y + w.h * f32::from(row) / 3.0, step, w.h / 3.0);
                    let tone = tones[usize::from((k + row * 2) % 5)];
                    match (k + row) % 3 {
                        0 => s.pen.rect(cell, tone),
                        1 => {
                            s.pen.rect(cell, tone.lighter(0.6));
                            s.pen.circle(cell.cx(), cell.cy(), cell.short() * 0.4, &tone.css());
                        }
                        _ => s.pen.polygon(
                            &[(cell.x, cell.y), (cell.right(), cell.y), (cell.x, cell.bottom())],
                            &tone.css(),
                        ),
                    }
                }
            }
        }
        Layout::Window => ground::fade(s, palette.deep, palette.base.darker(0.35)),
        Layout::Landscape => {
            let sky = [a.lighter(0.55), palette.paper, palette.base.lighter(0.5)][s.habit(0, 3) as usize];
            ground::fade(s, sky.mix(palette.base, 0.35), sky);
            let green = [super::super::palette::Colour(0x6b_a83c), palette.base.darker(0.1), a.darker(0.1)]
                [s.habit(5, 3) as usize];
            ground::wave(s, 0.66, 0.035, 3, 0.4, &green.lighter(0.2).css());
            ground::wave(s, 0.73, 0.03, 2, 2.4, &green.css());
            ground::wave(s, 0.83, 0.02, 4, 1.0, &green.darker(0.25).css());
        }
        Layout::Checker => {
            ground::plain(s, palette.paper);
            ground::gingham(s, unit, palette.base);
        }
        Layout::Split => {
            ground::plain(s, palette.paper);
        }
        Layout::Pattern => {
            let light = a.lighter(0.6);
            ground::plain(s, light);
            ground::toile(s, w.h * 0.28, light);
        }
        Layout::Heritage => {
            ground::plain(s, palette.paper);
            s.pen.rect(w.part(0.0, 0.0, 1.0, 0.09), palette.base);
            s.pen.rect(w.part(0.0, 0.1, 1.0, 0.012), palette.second);
            s.pen.rect(w.part(0.0, 0.91, 1.0, 0.09), palette.base);
            s.pen.rect(w.part(0.0, 0.888, 1.0, 0.012), palette.second);
        }
        _ => ground::plain(s, g),
    }
}

pub(super) fn front(layout: Layout, s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let (g, a) = (s.ground, s.accent);
    let z = s.zones(front);
    match layout {
        Layout::Bands => {
            let f = front.inset(0.05);
            s.logo(f.part(0.0, 0.02, 1.0, 0.26), palette.base);
            s.hero(f.part(0.0, 0.36, 1.0, 0.33), palette.paper);
            s.title(f.part(0.04, 0.74, 0.92, 0.18), a);
            s.foot(f.part(0.0, 0.94, 1.0, 0.06), a);
        }
        Layout::Medallion => {
            let r = front.short() * 0.46;
            let (x, y) =
                (front.cx(), front.cy() + if front.h > front.w * 1.2 { front.h * 0.04 } else { 0.0 });
            s.pen.circle(x, y, r * 1.04, &palette.second.css());
            s.pen.circle(x, y, r, &palette.paper.css());
            s.pen.ring(x, y, r * 0.94, palette.deep, r * 0.015);
            let m = area(x - r, y - r, 2.0 * r, 2.0 * r);
            s.hero(m.part(0.25, 0.1, 0.5, 0.34), palette.paper);
            s.logo(m.part(0.1, 0.44, 0.8, 0.22), palette.paper);
            s.title(m.part(0.22, 0.68, 0.56, 0.22), palette.paper);
            if front.h > front.w * 1.25 {
                let ink = s.ink(g);
                let motto = s.design.brand.motto.clone();
                s.pen.arc(&motto, x, y, r * 1.12, Type::new(s.design.brand.text_face, ink).at_most(r * 0.17));
                s.foot(front.part(0.08, 0.92, 0.84, 0.05), g);
            }
        }
        Layout::Blocks => {
            let plate = front.part(0.1, 0.22, 0.8, 0.56);
            s.pen.rounded(plate, 0.0, &palette.paper.css());
            s.logo(plate.part(0.06, 0.06, 0.88, 0.42), palette.paper);
            s.title(plate.part(0.06, 0.52, 0.88, 0.34), palette.paper);
            s.foot(plate.part(0.06, 0.88, 0.88, 0.09), palette.paper);
        }
        Layout::Vertical => {
            let strip = front.part(0.0, 0.0, 0.36, 1.0);
            s.pen.rect(strip, palette.deep);
            let (x, y) = (strip.cx(), strip.cy());
            let ink = palette.deep.ink(&[palette.paper, palette.second], 4.0);
            let text = s.design.brand.logo_text();
            let lying = area(x - strip.h * 0.45, y - strip.w * 0.36, strip.h * 0.9, strip.w * 0.72);
            let face = s.design.brand.logo_face;
            s.pen.turned(-90.0, x, y, |pen| {
                pen.line(&text, lying, Type::new(face, ink));
            });
            let side = front.part(0.4, 0.04, 0.56, 0.92);
            s.hero(side.part(0.0, 0.0, 1.0, 0.5), g);
            s.title(side.part(0.0, 0.56, 1.0, 0.28), g);
            s.foot(side.part(0.0, 0.92, 1.0, 0.08), g);
        }
        Layout::Window => {
            s.logo(z.logo, palette.deep);
            let h = z.hero;
            let fill = s.pen.radial(0.5, 0.4, 0.7, &[(0.0, a.lighter(0.5)), (1.0, a.darker(0.3))]);
            s.pen.rounded(h, h.short() * 0.3, &palette.second.css());
            s.pen.rounded(h.inset(0.03), h.short() * 0.28, &fill);
            let size = h.h * 0.5;
            let inner = h.inset(0.08);
            for k in 0..9_u8 {
                let t = (f32::from(k % 5) + if k > 4 { 0.5 } else { 0.0 }) / 5.0 + 0.1;
                let y = inner.y + inner.h * if k > 4 { 0.45 } else { 0.75 };
                let x = inner.x + size * 0.4 + (inner.w - size * 0.8) * t.min(1.0);
                s.picture(s.design.flavour.motif, x, y, size, f32::from(k) * 41.0, a);
            }
            s.title(z.title, palette.deep.mix(palette.base.darker(0.35), 0.7));
            s.foot(z.foot, palette.base.darker(0.35));
        }
        Layout::Landscape => {
            let sky = [a.lighter(0.55), palette.paper, palette.base.lighter(0.5)][s.habit(0, 3) as usize];
            let f = front.inset(0.05);
            if s.habit(6, 2) == 0 {
                s.picture("sun", f.x + f.w * 0.82, f.y + f.h * 0.1, f.short() * 0.3, 0.0, sky);
            } else {
                s.picture("mountain", f.cx(), f.y + f.h * 0.5, f.w * 0.9, 0.0, sky);
            }
            s.logo(f.part(0.0, 0.02, 0.9, 0.24), sky.mix(palette.base, 0.2));
            s.hero(f.part(0.05, 0.52, 0.9, 0.44), sky);
            let plate = f.part(0.08, 0.29, 0.84, 0.2);
            s.pen.rounded(plate, plate.h * 0.15, &palette.paper.css());
            s.title(plate.inset(0.1), palette.paper);
        }
        Layout::Checker => {
            let p = front.part(0.07, 0.12, 0.86, 0.76);
            s.pen.rounded(p, p.short() * 0.16, &palette.second.css());
            s.pen.rounded(p.inset(0.02), p.short() * 0.15, &palette.paper.css());
            let i = p.inset(0.07);
            s.logo(i.part(0.0, 0.0, 1.0, 0.32), palette.paper);
            s.hero(i.part(0.0, 0.34, 1.0, 0.32), palette.paper);
            s.title(i.part(0.0, 0.68, 1.0, 0.24), palette.paper);
            s.foot(i.part(0.0, 0.94, 1.0, 0.07), palette.paper);
        }
        Layout::Split => {
            let wide = front.w > front.h * 1.1;
            let (dark, light) = if wide {
                (front.part(0.0, 0.0, 0.5, 1.0), front.part(0.5, 0.0, 0.5, 1.0))
            } else {
                (front.part(0.0, 0.0, 1.0, 0.52), front.part(0.0, 0.52, 1.0, 0.48))
            };
            s.pen.rect(dark, g);
            let fill = s.pen.radial(0.5, 0.5, 0.75, &[(0.0, WHITE), (1.0, a.lighter(0.35))]);
            s.pen.rounded(light, 0.0, &fill);
            s.logo(dark.part(0.07, 0.08, 0.86, 0.42), g);
            s.title(dark.part(0.07, 0.54, 0.86, 0.36), g);
            s.hero(light.inset(0.08), a.lighter(0.6));
            s.foot(light.part(0.06, 0.9, 0.88, 0.08), a.lighter(0.35));
        }
        Layout::Pattern => {
            let p = front.part(0.08, 0.2, 0.84, 0.6);
            let plate = if s.habit(5, 2) == 0 { palette.paper } else { palette.deep };
            s.pen.rounded(p, p.short() * [0.5, 0.08, 0.0][s.habit(6, 3) as usize], &plate.css());
            s.logo(p.part(0.12, 0.12, 0.76, 0.36), plate);
            s.title(p.part(0.14, 0.52, 0.72, 0.28), plate);
            s.foot(p.part(0.2, 0.84, 0.6, 0.08), plate);
        }
        _ => {
            let f = front.part(0.06, 0.12, 0.88, 0.76);
            let on = palette.paper;
            s.logo(f.part(0.0, 0.02, 1.0, 0.26), on);
            let h = f.part(0.1, 0.3, 0.8, 0.38);
            s.hero(h, on);
            let trim = on.ink(&[palette.base, palette.deep], 3.0);
            for side in [0.0, 0.88] {
                s.pen.path(
                    &super::super::motif::star_path(
                        f.x + f.w * (side + 0.06),
                        h.cy(),
                        f.short() * 0.04,
                        0.45,
                        5,
                    ),
                    &trim.css(),
                );
            }
            s.title(f.part(0.03, 0.71, 0.94, 0.2), on);
            s.pen.line(
                &s.design.brand.motto.clone(),
                f.part(0.05, 0.94, 0.6, 0.055),
                Type::new(Face::Serif, trim).left(),
            );
            s.pen.line(
                &s.design.amount.clone(),
                f.part(0.7, 0.94, 0.27, 0.055),
                Type::new(Face::Serif, trim).right(),
            );
        }
    }
}
