//! Loud designs: diagonals, bursts, waves, big letters.

use super::{
    super::{
        fonts::Face,
        motif::star_path,
        palette::{Colour, WHITE},
        pen::{Area, Type, area},
        sheet::Sheet,
    },
    Layout, ground,
};

pub(super) fn ground(layout: Layout, s: &mut Sheet<'_>) {
    let palette = s.design.brand.palette;
    let (g, a, unit) = (s.ground, s.accent, s.whole.h * 0.12);
    match layout {
        Layout::Diagonal => ground::fade(s, palette.base.lighter(0.08), palette.deep),
        Layout::Wave => {
            let top = [WHITE, palette.base, palette.paper][s.habit(0, 3) as usize];
            ground::fade(s, top, top.mix(palette.base, 0.25));
            ground::wave(s, 0.56, 0.05, 2, 0.0, &palette.second.css());
            ground::wave(s, 0.6, 0.05, 2, 0.5, &a.css());
            ground::wave(s, 0.7, 0.04, 3, 1.4, &a.darker(0.2).css());
        }
        Layout::Glow => ground::fade(s, palette.deep.darker(0.35), palette.deep.mix(palette.base, 0.3)),
        Layout::Retro => ground::plain(s, palette.paper.mix(Colour(0xf2_dfb5), 0.6)),
        Layout::Kids => {
            ground::plain(s, a.lighter(0.1));
            ground::dots(s, unit * 1.4, 0.22, a.lighter(0.28));
        }
        Layout::BigType | Layout::Poster => ground::plain(s, g),
        Layout::Tech => {
            ground::fade(s, palette.base.lighter(0.25), palette.base.darker(0.3));
            ground::wave(s, 0.8, 0.05, 2, 2.0, &WHITE.css());
        }
        Layout::Chevron => {
            ground::plain(s, g);
            let n = ground::cells(s, unit * 2.2);
            let step = s.whole.w / f32::from(n);
            let tones = [a, g.darker(0.25), palette.second];
            for (row, tone) in tones.into_iter().enumerate() {
                for k in 0..n {
                    let (x, y) =
                        (s.whole.x + f32::from(k) * step, s.whole.y + s.whole.h * (0.56 + 0.12 * row as f32));
                    let (h, lift) = (s.whole.h * 0.12, step * 0.4);
                    s.pen.polygon(
                        &[
                            (x, y),
                            (x + step / 2.0, y - lift),
                            (x + step, y),
                            (x + step, y + h),
                            (x + step / 2.0, y + h - lift),
                            (x, y + h),
                        ],
                        &tone.css(),
                    );
                }
            }
        }
        _ => ground::fade(s, g.lighter(0.1), g.darker(0.18)),
    }
}

pub(super) fn front(layout: Layout, s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let (g, a) = (s.ground, s.accent);
    let z = s.zones(front);
    let f = front.inset(0.05);
    match layout {
        Layout::Diagonal => {
            let lean = front.h * 0.16 * if s.habit(5, 2) == 0 { 1.0 } else { -1.0 };
            let band = |top: f32, bottom: f32| {
                let y = |t: f32| front.y + t * front.h;
                [
                    (front.x, y(top) + lean),
                    (front.right(), y(top) - lean),
                    (front.right(), y(bottom) - lean),
                    (front.x, y(bottom) + lean),
                ]
            };
            s.pen.clipped(front, |pen| {
                pen.polygon(&band(0.4, 1.3), &palette.second.css());
                pen.polygon(&band(0.43, 1.3), &a.css());
            });
            s.logo(f.part(0.0, 0.02, 1.0, 0.28), palette.base);
            s.hero(f.part(0.0, 0.36, 1.0, 0.36), a);
            s.title(f.part(0.0, 0.76, 1.0, 0.16), a);
            s.foot(f.part(0.0, 0.94, 1.0, 0.06), a);
        }
        Layout::Wave => {
            let top = [WHITE, palette.base, palette.paper][s.habit(0, 3) as usize];
            s.logo(f.part(0.0, 0.03, 1.0, 0.24), top);
            s.title(f.part(0.05, 0.29, 0.9, 0.2), top.mix(palette.base, 0.1));
            s.hero(f.part(0.0, 0.52, 1.0, 0.39), a);
            s.foot(f.part(0.0, 0.94, 1.0, 0.06), a.darker(0.2));
        }
        Layout::Glow => {
            let on = palette.deep.darker(0.2);
            let h = z.hero;
            let fill = s.pen.radial(
                0.5,
                0.5,
                0.5,
                &[(0.0, a.lighter(0.35)), (0.45, a), (1.0, palette.deep.darker(0.2))],
            );
            let r = (h.short() * 0.62).min(front.w * 0.5);
            s.pen.circle(h.cx(), h.cy(), r, &fill);
            s.hero(h, palette.deep);
            s.logo(z.logo, on);
            s.title(z.title, on);
            s.foot(z.foot, on);
        }
        Layout::Retro => {
            let paper = palette.paper.mix(Colour(0xf2_dfb5), 0.6);
            ground::rays(s, front, 0.45, 18, palette.base.mix(paper, 0.25));
            let r = front.short() * 0.4;
            let (x, y) = (f.cx(), f.y + f.h * 0.46);
            s.pen.circle(x, y, r, &paper.css());
            s.pen.ring(x, y, r * 0.95, palette.deep, r * 0.03);
            s.hero(area(x - r * 0.6, y - r * 0.75, r * 1.2, r * 0.95), paper);
            let ribbon = area(f.x, y + r * 0.25, f.w, f.h * 0.16);
            s.pen.rect(area(front.x, ribbon.y + ribbon.h * 0.2, front.w, ribbon.h), palette.deep.darker(0.2));
            s.pen.rect(ribbon, palette.second);
            let face = s.design.brand.logo_face;
            let ink = palette.second.ink(&[palette.deep, palette.paper], 4.0);
            s.pen.line(
                &s.design.brand.logo_text(),
                ribbon.part(0.04, 0.12, 0.92, 0.76),
                Type::new(face, ink),
            );
            let plate = f.part(0.08, 0.0, 0.84, 0.14);
            s.pen.rounded(plate, plate.h * 0.5, &palette.deep.css());
            let light = palette.deep.ink(&[palette.paper], 4.0);
            s.pen.line(
                &s.design.brand.motto.to_uppercase(),
                plate.part(0.1, 0.25, 0.8, 0.5),
                Type::new(Face::Narrow, light),
            );
            let foot = f.part(0.04, 0.82, 0.92, 0.18);
            s.pen.rounded(foot, 0.0, &paper.css());
            s.title(foot.inset(0.08), paper);
        }
        Layout::Kids => {
            let tilt = [-8.0, 7.0, -5.0][s.habit(5, 3) as usize];
            let burst = star_path(f.cx(), f.part(0.0, 0.44, 1.0, 0.56).cy(), f.short() * 0.52, 0.8, 14);
            s.pen.path(&burst, &palette.second.css());
            s.hero(f.part(0.05, 0.44, 0.9, 0.4), palette.second);
            let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
            let edge = palette.base.mix(palette.deep, 0.6);
            let fill = edge.ink(&[palette.second, WHITE], 4.0);
            let logo = f.part(0.02, 0.06, 0.96, 0.28);
            s.pen.turned(tilt, logo.cx(), logo.cy(), |pen| {
                pen.line(
                    &text,
                    logo.part(0.03, 0.05, 0.94, 0.8),
                    Type::new(face, fill).outlined(edge, 0.24).shadowed(edge.darker(0.6)),
                );
            });
            let pill = f.part(0.04, 0.82, 0.92, 0.17);
            s.pen.rounded(pill, pill.h * 0.4, &palette.base.css());
            let ink = s.ink(palette.base);
            let name = format!("{} {}", s.design.good, s.design.variety);
            s.pen.block(&name, pill.inset(0.12), Type::new(Face::Bubble, ink), 2);
        }
        Layout::BigType => {
            let initial: String = s.design.brand.name.chars().take(1).collect();
            let face = s.design.brand.logo_face;
            let shade = if s.habit(5, 2) == 0 { g.lighter(0.16) } else { g.darker(0.2) };
            s.pen.clipped(front, |pen| {
                pen.line(&initial, front.part(-0.15, -0.05, 1.3, 1.1), Type::new(face, shade));
            });
            s.logo(z.logo, g);
            s.hero(z.hero, g);
            s.title(z.title, g);
            s.foot(z.foot, g);
        }
        Layout::Poster => {
            let s_hero = front.short() * 1.05;
            let disc = a.lighter(0.3);
            s.pen.clipped(front, |pen| {
                pen.circle(
                    front.right() - front.w * 0.25,
                    front.bottom() - front.h * 0.22,
                    s_hero * 0.55,
                    &disc.css(),
                );
            });
            s.picture(
                s.design.flavour.motif,
                front.right() - s_hero * 0.36,
                front.bottom() - s_hero * 0.4,
                s_hero * 0.66,
                -12.0,
                disc,
            );
            let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
            let ink = s.ink(g);
            s.pen.block(&text, f.part(0.0, 0.02, 1.0, 0.3), Type::new(face, ink).left(), 2);
            let (good, flavour) = (s.design.good.clone(), s.design.variety.clone());
            s.pen.line(&good, f.part(0.0, 0.35, 0.7, 0.09), Type::new(Face::Heavy, ink).left());
            s.pen.line(&flavour, f.part(0.0, 0.45, 0.6, 0.065), Type::new(Face::Sans, ink).left());
            let amount = s.design.amount.clone();
            s.pen.line(&amount, f.part(0.0, 0.94, 0.3, 0.06), Type::new(Face::Narrow, ink).left());
        }
        Layout::Tech => {
            let on = palette.base;
            let h = f.part(0.0, 0.42, 1.0, 0.38);
            let glow = s.pen.radial(0.5, 0.5, 0.5, &[(0.0, WHITE), (0.5, a.lighter(0.3)), (1.0, on)]);
            s.pen.circle(h.cx(), h.cy(), h.short() * 0.52, &glow);
            for (k, lift) in [0.5, 0.42, 0.34].into_iter().enumerate() {
                let tone = if k == 1 { WHITE } else { a };
                s.pen.ring(h.cx(), h.cy(), h.short() * lift, tone, h.short() * 0.018);
            }
            s.picture(s.design.flavour.motif, h.cx(), h.cy(), h.short() * 0.6, 0.0, a);
            s.logo(f.part(0.0, 0.02, 1.0, 0.22), on);
            s.title(f.part(0.05, 0.25, 0.9, 0.16), on);
            let badge = area(f.x, f.bottom() - f.short() * 0.2, f.short() * 0.2, f.short() * 0.2);
            s.pen.circle(badge.cx(), badge.cy(), badge.w / 2.0, &palette.second.css());
            let ink = s.ink(palette.second);
            s.pen.block("2x CLEAN", badge.inset(0.2), Type::new(Face::Heavy, ink), 2);
            s.pen.line(
                &s.design.amount.clone(),
                f.part(0.6, 0.93, 0.4, 0.06),
                Type::new(Face::Narrow, Colour(0x22_2a36)).right(),
            );
        }
        Layout::Burst => {
            ground::rays(s, front, 0.32, 24, g.lighter(0.2));
            let b = f.part(0.0, 0.02, 1.0, 0.52);
            let r = b.short() * 0.55;
            s.pen.path(
                &star_path(b.cx(), b.cy(), r.max(f.w * 0.42).min(f.w * 0.5), 0.78, 20),
                &palette.second.css(),
            );
            s.logo(b.part(0.08, 0.28, 0.84, 0.44), palette.second);
            s.hero(f.part(0.0, 0.52, 1.0, 0.3), g);
            let bar = area(front.x, f.y + f.h * 0.83, front.w, f.h * 0.17);
            s.pen.rect(bar, a.darker(0.15));
            s.title(bar.part(0.06, 0.1, 0.6, 0.8), a.darker(0.15));
            s.foot(bar.part(0.7, 0.3, 0.25, 0.4), a.darker(0.15));
        }
        Layout::Script => {
            let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
            let ink = s.ink(g);
            let logo = f.part(0.0, 0.1, 1.0, 0.26);
            s.pen.turned(-9.0, logo.cx(), logo.cy(), |pen| {
                pen.line(
                    &text,
                    logo.part(0.04, 0.0, 0.92, 0.86),
                    Type::new(face, ink).shadowed(g.darker(0.4)),
                );
                let at = |x: f32, y: f32| format!("{:.2} {:.2}", logo.x + x * logo.w, logo.y + y * logo.h);
                pen.path(
                    &format!(
                        "M{}Q{} {}Q{} {}Z",
                        at(0.1, 1.0),
                        at(0.5, 0.84),
                        at(0.92, 0.9),
                        at(0.5, 0.94),
                        at(0.1, 1.0)
                    ),
                    &ink.css(),
                );
            });
            s.hero(f.part(0.0, 0.44, 1.0, 0.32), g);
            let pill = f.part(0.03, 0.79, 0.94, 0.2);
            s.pen.rounded(pill, pill.h * 0.2, &palette.paper.css());
            s.title(pill.inset(0.1), palette.paper);
        }
        Layout::Chevron => {
            s.logo(f.part(0.0, 0.04, 1.0, 0.26), g);
            s.title(f.part(0.03, 0.32, 0.94, 0.16), g);
            s.hero(f.part(0.0, 0.52, 1.0, 0.38), a);
            s.foot(f.part(0.0, 0.93, 1.0, 0.06), g);
        }
        _ => {
            s.hero(f.part(0.0, 0.0, 1.0, 0.42), g);
            let r = f.part(0.0, 0.46, 1.0, 0.22);
            let tone = if g.contrast(palette.second) > 1.5 { palette.second } else { palette.deep };
            for side in [0.0, 1.0] {
                let (inner, outer) = (r.x + r.w * (0.1 + 0.8 * side), r.x + r.w * side);
                let notch = outer + r.w * 0.05 * (1.0 - 2.0 * side);
                let (top, bottom) = (r.y + r.h * 0.2, r.bottom() + r.h * 0.2);
                s.pen.polygon(
                    &[
                        (inner, top),
                        (outer, top),
                        (notch, (top + bottom) / 2.0),
                        (outer, bottom),
                        (inner, bottom),
                    ],
                    &tone.darker(0.35).css(),
                );
            }
            let middle = r.part(0.06, 0.0, 0.88, 1.0);
            s.pen.rect(middle, tone);
            let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
            let ink = tone.ink(&[palette.paper, palette.deep], 4.0);
            s.pen.line(&text, middle.part(0.06, 0.14, 0.88, 0.72), Type::new(face, ink));
            s.title(f.part(0.04, 0.74, 0.92, 0.16), g);
            s.foot(f.part(0.0, 0.94, 1.0, 0.06), g);
        }
    }
}
