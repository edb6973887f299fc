//! A label in the making: the parts that all layouts are put together from.

use super::{
    brand::LogoShape,
    catalogue::Design,
    fonts::Face,
    motif::{self, Hand},
    palette::{BLACK, Colour, WHITE},
    pen::{Area, Pen, Type, area},
    scenery,
};

/// What layouts draw on.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) pen: Pen,
    pub(super) design: &'a Design,
    /// The whole art.
    pub(super) whole: Area,
    /// The colour that most of the pack has.
    pub(super) ground: Colour,
    /// The flavour's colour.
    pub(super) accent: Colour,
    hand: Hand,
}

/// Where the three main parts of a front stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zones {
    pub(super) logo: Area,
    pub(super) hero: Area,
    pub(super) title: Area,
    pub(super) foot: Area,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(design: &'a Design, whole: Area, px_per_unit: f32) -> Self {
        let brand = &design.brand;
        let accent = Colour(design.flavour.colour);
        let mut pen = Pen::new(px_per_unit);
        pen.raw(&format!("<defs>{}{}</defs>", motif::LIGHT, scenery::DEFS));
        Self {
            pen,
            design,
            whole,
            ground: if brand.flavour_ground { accent } else { brand.palette.base },
            accent,
            hand: [
                Hand::Shaded,
                Hand::Shaded,
                Hand::Shaded,
                Hand::Flat,
                Hand::Shaded,
                Hand::Shaded,
                Hand::Line,
            ][(brand.style % 7) as usize],
        }
    }

    /// A habit of this brand's designers: a number below `count`, another for each `habit` below 7.
    pub(super) fn habit(&self, habit: u32, count: u32) -> u32 {
        (self.design.brand.style >> (4 * habit)) % count
    }

    /// A colour of the brand that reads on `ground`.
    pub(super) fn ink(&self, ground: Colour) -> Colour {
        self.design.brand.palette.ink_on(ground, 4.0)
    }

    /// Divides a front; tall ones from top to bottom in one of the brand's orders, wide ones side by side.
    pub(super) fn zones(&self, front: Area) -> Zones {
        let f = front.inset(0.05);
        let foot = f.part(0.0, 0.92, 1.0, 0.08);
        if f.w > f.h * 1.3 {
            let flip = self.habit(1, 2) == 1;
            let (text, hero) = if flip { (0.44, 0.0) } else { (0.0, 0.58) };
            return Zones {
                logo: f.part(text, 0.02, 0.56, 0.44),
                hero: f.part(hero, 0.02, 0.42, 0.96),
                title: f.part(text, 0.5, 0.56, 0.4),
                foot: area(f.x + text * f.w, foot.y, f.w * 0.56, foot.h),
            };
        }
        let (logo, hero, title) = match self.habit(1, 4) {
            0 | 1 => ((0.0, 0.26), (0.28, 0.38), (0.68, 0.23)),
            2 => ((0.0, 0.24), (0.5, 0.41), (0.26, 0.22)),
            _ => ((0.36, 0.22), (0.0, 0.34), (0.6, 0.3)),
        };
        let row = |(top, height): (f32, f32)| f.part(0.0, top, 1.0, height);
        Zones { logo: row(logo), hero: row(hero), title: row(title), foot }
    }

    /// The illustration `name` in a square of side `size`.
    pub(super) fn picture(&mut self, name: &str, x: f32, y: f32, size: f32, turn: f32, ground: Colour) {
        let line = ground.ink(&[self.design.brand.palette.deep, self.accent.darker(0.4)], 3.0);
        if let Some(elements) = motif::elements(name, self.hand, self.accent, line) {
            let scale = size / 100.0;
            self.pen.raw(&format!(
                "<g transform=\"translate({x:.2} {y:.2}) rotate({turn:.1}) scale({scale:.4})\">{elements}</g>"
            ));
        }
    }

    /// What is inside, as this brand shows it: alone, in threes, in a row, in a heap, or on a disc.
    pub(super) fn hero(&mut self, a: Area, ground: Colour) {
        let name = self.design.flavour.motif;
        let s = a.short();
        let mut ground = ground;
        if ground.contrast(self.accent) < 1.7 && self.habit(2, 6) != 3 {
            // A picture on a ground of its own colour gets light behind it.
            let glow = if self.accent.contrast(self.design.brand.palette.paper) > 1.7 {
                self.design.brand.palette.paper
            } else {
                self.design.brand.palette.deep
            };
            self.pen.ellipse(a.cx(), a.cy(), (s * 0.62).min(a.w / 2.0), s * 0.5, &glow.css());
            ground = glow;
        }
        match self.habit(2, 6) {
            0 => self.picture(name, a.cx(), a.cy(), s * 0.98, 0.0, ground),
            1 => {
                for (x, y, size, turn) in
                    [(-0.3, -0.1, 0.62, -18.0), (0.3, -0.06, 0.62, 16.0), (0.0, 0.1, 0.78, 0.0)]
                {
                    self.picture(name, a.cx() + x * s, a.cy() + y * s, size * s, turn, ground);
                }
            }
            2 if a.w > a.h * 1.6 => {
                for k in [-1.0, 0.0, 1.0_f32] {
                    self.picture(name, a.cx() + k * a.w * 0.32, a.cy(), s * 0.8, k * 12.0, ground);
                }
            }
            3 => {
                let disc = if ground.contrast(self.accent) > 1.6 {
                    self.accent.lighter(0.25)
                } else {
                    self.design.brand.palette.paper
                };
                self.pen.circle(a.cx(), a.cy(), s * 0.5, &disc.css());
                self.picture(name, a.cx(), a.cy(), s * 0.76, -6.0, disc);
            }
            4 => {
                for (x, y, size, turn) in [
                    (-0.34, 0.2, 0.5, -40.0),
                    (0.34, 0.2, 0.5, 35.0),
                    (-0.17, -0.14, 0.52, 14.0),
                    (0.2, -0.16, 0.5, -12.0),
                    (0.0, 0.2, 0.62, 5.0),
                ] {
                    self.picture(name, a.cx() + x * s, a.cy() + y * s, size * s, turn, ground);
                }
            }
            _ => {
                self.picture(name, a.cx() - 0.08 * s, a.cy(), s * 0.9, -14.0, ground);
                self.picture(name, a.cx() + 0.34 * s, a.cy() + 0.25 * s, s * 0.45, 20.0, ground);
            }
        }
    }

    /// The brand's name in its shape.
    pub(super) fn logo(&mut self, a: Area, on: Colour) {
        let brand = &self.design.brand;
        let (palette, face, text) = (brand.palette, brand.logo_face, brand.logo_text());
        let (mut a, foreign) = (a, brand.foreign.clone());
        if let Some(foreign) = foreign {
            let under = a.part(0.2, 0.8, 0.6, 0.18);
            self.pen.line(&foreign, under, Type::new(Face::Narrow, self.ink(on)));
            a = a.part(0.0, 0.0, 1.0, 0.78);
        }
        let plate = if on.contrast(palette.base) > 1.8 {
            palette.base
        } else if on.contrast(palette.second) > 1.8 {
            palette.second
        } else if on.contrast(palette.paper) > 1.8 {
            palette.paper
        } else {
            palette.deep
        };
        let ink = plate.ink(&[palette.paper, palette.second, palette.deep], 4.0);
        let bare = self.ink(on);
        // A shape hugs its text: as wide as the text is at the height that the box allows.
        let extent = face.measure(&text);
        let hug = |a: Area, share: f32| {
            let height = a.h.min(a.w * share * (extent.above + extent.below) / extent.width.max(0.1) / 0.6);
            let width =
                (height * 0.6 * extent.width / (extent.above + extent.below).max(0.3) / share).min(a.w);
            area(a.cx() - width / 2.0, a.cy() - height / 2.0, width, height)
        };
        let pen = &mut self.pen;
        match brand.logo_shape {
            LogoShape::Plain => {
                pen.block(&text, a, Type::new(face, bare), 2);
            }
            LogoShape::Outlined => {
                let fill = if on.contrast(palette.second) > 1.3 { palette.second } else { palette.paper };
                let edge = fill.ink(&[palette.deep, palette.base], 4.0);
                pen.line(&text, a, Type::new(face, fill).outlined(edge, 0.16).shadowed(edge.darker(0.3)));
            }
            LogoShape::Oval => {
                let o = hug(a, 0.76);
                pen.ellipse(o.cx(), o.cy(), o.w / 2.0, o.h / 2.0, &ink.css());
                pen.ellipse(o.cx(), o.cy(), o.w * 0.48, o.h * 0.455, &plate.css());
                pen.line(&text, o.part(0.12, 0.18, 0.76, 0.64), Type::new(face, ink));
            }
            LogoShape::Pill => {
                let o = hug(a, 0.8);
                pen.rounded(o, o.h / 2.0, &plate.css());
                pen.line(&text, o.part(0.1, 0.18, 0.8, 0.64), Type::new(face, ink));
            }
            LogoShape::Plate => {
                let o = hug(a, 0.9);
                pen.rounded(o, o.h * 0.08, &plate.css());
                pen.outline(o.inset(0.06), o.h * 0.04, ink, o.h * 0.03);
                pen.line(&text, o.part(0.07, 0.2, 0.86, 0.6), Type::new(face, ink));
            }
            LogoShape::Ruled => {
                let o = hug(a, 0.9);
                pen.rect(o.part(0.0, 0.04, 1.0, 0.05), bare);
                pen.rect(o.part(0.0, 0.91, 1.0, 0.05), bare);
                pen.line(&text, o.part(0.02, 0.18, 0.96, 0.64), Type::new(face, bare));
            }
            LogoShape::Shield => {
                let w = (a.h * 1.7).min(a.w);
                let o = area(a.cx() - w / 2.0, a.y, w, a.h);
                let at = |x: f32, y: f32| format!("{:.2} {:.2}", o.x + x * o.w, o.y + y * o.h);
                let d = format!(
                    "M{}L{}L{}Q{} {}Q{} {}Z",
                    at(0.0, 0.06),
                    at(0.5, 0.0),
                    at(1.0, 0.06),
                    at(1.0, 0.82),
                    at(0.5, 1.0),
                    at(0.0, 0.82),
                    at(0.0, 0.06)
                );
                pen.path(&d, &plate.css());
                pen.stroke(&d, ink, o.h * 0.03);
                pen.line(&text, o.part(0.08, 0.2, 0.84, 0.52), Type::new(face, ink));
            }
            LogoShape::Swoosh => {
                pen.line(&text, a.part(0.0, 0.0, 1.0, 0.76), Type::new(face, bare));
                let at = |x: f32, y: f32| format!("{:.2} {:.2}", a.x + x * a.w, a.y + y * a.h);
                let d = format!(
                    "M{}Q{} {}Q{} {}Z",
                    at(0.12, 0.98),
                    at(0.5, 0.74),
                    at(0.9, 0.8),
                    at(0.5, 0.84),
                    at(0.12, 0.98)
                );
                let under = if on.contrast(palette.second) > 1.5 { palette.second } else { bare };
                pen.path(&d, &under.css());
            }
            LogoShape::Slanted => {
                let o = hug(a, 0.8);
                let lean = o.h * 0.18;
                pen.polygon(
                    &[(o.x + lean, o.y), (o.right(), o.y), (o.right() - lean, o.bottom()), (o.x, o.bottom())],
                    &plate.css(),
                );
                pen.line(&text, o.part(0.1, 0.18, 0.8, 0.64), Type::new(face, ink));
            }
        }
    }

    /// What it is and which variety.
    pub(super) fn title(&mut self, a: Area, on: Colour) {
        let (good, flavour) = (self.design.good.clone(), self.design.variety.clone());
        let face = self.design.brand.text_face;
        let ink = self.ink(on);
        let accent = on.ink(&[self.accent, self.accent.darker(0.45), self.accent.lighter(0.6)], 3.5);
        match self.habit(3, 5) {
            0 => {
                self.pen.line(&good, a.part(0.0, 0.0, 1.0, 0.5), Type::new(face, ink));
                self.pen.line(&flavour, a.part(0.05, 0.56, 0.9, 0.36), Type::new(face, accent));
            }
            1 => {
                self.pen.line(&good.to_uppercase(), a.part(0.0, 0.0, 1.0, 0.46), Type::new(face, ink));
                let pill = a.part(0.1, 0.54, 0.8, 0.44);
                self.pen.rounded(pill, pill.h / 2.0, &self.accent.css());
                let on_pill = self.accent.ink(&[WHITE, BLACK], 4.5);
                self.pen.line(&flavour, pill.part(0.08, 0.16, 0.84, 0.68), Type::new(face, on_pill));
            }
            2 => {
                self.pen.line(&flavour, a.part(0.0, 0.0, 1.0, 0.56), Type::new(Face::Script, accent));
                self.pen.line(&good, a.part(0.05, 0.64, 0.9, 0.34), Type::new(face, ink));
            }
            3 => self.pen.block(&format!("{good} {flavour}"), a, Type::new(face, ink), 3),
            _ => {
                self.pen.line(&flavour.to_uppercase(), a.part(0.0, 0.0, 1.0, 0.62), Type::new(face, ink));
                self.pen.line(&good, a.part(0.15, 0.68, 0.7, 0.3), Type::new(Face::Sans, ink));
            }
        }
    }

    /// The amount, and the motto when there is room.
    pub(super) fn foot(&mut self, a: Area, on: Colour) {
        let ink = self.ink(on);
        let (amount, motto) = (self.design.amount.clone(), self.design.brand.motto.clone());
        let most = self.whole.h * 0.045;
        if a.w > 3.0 * a.h {
            self.pen.line(
                &motto,
                a.part(0.0, 0.1, 0.62, 0.8),
                Type::new(Face::Sans, ink).left().at_most(most),
            );
        }
        self.pen.line(
            &amount,
            a.part(0.66, 0.0, 0.34, 1.0),
            Type::new(Face::Narrow, ink).right().at_most(most * 1.3),
        );
    }

    /// What the pack shouts, on a burst, a flag or a seal in a corner of the front.
    pub(super) fn offer(&mut self, front: Area) {
        let Some(text) = self.design.offer else { return };
        let r = front.short() * 0.125;
        let (x, y) = if self.habit(4, 2) == 0 {
            (front.right() - r * 1.1, front.y + r * 1.1)
        } else {
            (front.x + r * 1.15, front.bottom() - r * 1.9)
        };
        let fills = [Colour(0xff_e000), Colour(0xe6_1f26), Colour(0x1f_8a3b), Colour(0xff_7a00)];
        let fill = fills[self.habit(5, 4) as usize];
        let ink = fill.ink(&[WHITE, BLACK], 4.0);
        match self.habit(6, 3) {
            0 => self.pen.path(&motif::star_path(x, y, r * 1.08, 0.84, 18), &fill.css()),
            1 => {
                self.pen.circle(x, y, r, &fill.css());
                self.pen.ring(x, y, r * 0.88, ink, r * 0.05);
            }
            _ => self.pen.rounded(area(x - r, y - r * 0.5, r * 2.0, r), r * 0.12, &fill.css()),
        }
        let a = area(x - r * 0.74, y - r * 0.42, r * 1.48, r * 0.84);
        self.pen.turned(-9.0, x, y, |pen| pen.block(text, a, Type::new(Face::Heavy, ink), 2));
    }
}
