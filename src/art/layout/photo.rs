//! Designs built round a picture that fills the pack: heaps, splashes, portholes, as photographs on packs are.

use super::{
    super::{
        fonts::Face,
        motif::star_path,
        palette::{BLACK, Colour, WHITE},
        pen::{Area, Type, area},
        scenery,
        sheet::Sheet,
    },
    Layout, ground,
};

pub(super) fn ground(layout: Layout, s: &mut Sheet<'_>) {
    let palette = s.design.brand.palette;
    let (g, a) = (vivid(s.ground), s.accent);
    match layout {
        Layout::Feast => {
            let top =
                [g, a.mix(palette.base, 0.4), palette.deep.mix(palette.base, 0.5)][s.habit(0, 3) as usize];
            ground::fade(s, top.lighter(0.12), top.darker(0.4));
            scenery::bokeh(s, s.whole, 14, WHITE, 0.13);
        }
        Layout::Splash => {
            let (top, bottom) =
                [(g.lighter(0.3), g), (WHITE.mix(a, 0.25), a), (g, g.darker(0.45))][s.habit(0, 3) as usize];
            ground::fade(s, top, bottom);
        }
        Layout::Porthole => {
            ground::fade(s, g.lighter(0.1), g.darker(0.22));
            match s.habit(5, 3) {
                0 => ground::stripes(s, s.whole.h * 0.06, g.darker(0.1)),
                1 => ground::dots(s, s.whole.h * 0.1, 0.16, g.lighter(0.14)),
                _ => scenery::bokeh(s, s.whole, 10, WHITE, 0.1),
            }
        }
        Layout::Banner => {
            ground::fade(s, a.lighter(0.2), a.darker(0.35));
            scenery::bokeh(s, s.whole, 10, WHITE, 0.16);
        }
        _ => {
            let dark =
                [Colour(0x10_1012), palette.deep.darker(0.5), Colour(0x1a_120c)][s.habit(0, 3) as usize];
            ground::fade(s, dark.lighter(0.1), dark);
            scenery::bokeh(s, s.whole, 8, a, 0.16);
        }
    }
}

/// At least fairly saturated: pale grounds take some of the flavour's neighbours.
fn vivid(colour: Colour) -> Colour {
    if colour.contrast(WHITE) < 1.6 { colour.mix(Colour(0xe8_b23a), 0.55) } else { colour }
}

pub(super) fn front(layout: Layout, s: &mut Sheet<'_>, front: Area) {
    match layout {
        Layout::Feast => feast(s, front),
        Layout::Splash => splash(s, front),
        Layout::Porthole => porthole(s, front),
        Layout::Banner => banner(s, front),
        _ => night(s, front),
    }
}

/// White letters that read on any picture.
fn over(face: Face, edge: Colour) -> Type {
    Type::new(face, WHITE).outlined(edge.darker(0.55), 0.1).shadowed(BLACK)
}

/// A front that lies in the middle of a sleeve with a little of its sides: bands that ended at its edges would end in
/// sight.
fn bled(s: &Sheet<'_>, front: Area) -> Area {
    let inside = front.x > s.whole.x + 1.0 && front.right() < s.whole.right() - 1.0;
    if inside { front.part(-0.16, 0.0, 1.32, 1.0) } else { front }
}

fn words(s: &mut Sheet<'_>, a: Area, edge: Colour) {
    let (good, variety) = (s.design.good.clone(), s.design.variety.clone());
    let face = s.design.brand.text_face;
    let (upper, lower) = (a.part(0.0, 0.0, 1.0, 0.58), a.part(0.06, 0.64, 0.88, 0.36));
    if variety.is_empty() {
        s.pen.block(&good, a, over(face, edge), 2);
    } else {
        s.pen.line(&good, upper, over(face, edge));
        s.pen.line(
            &variety,
            lower,
            Type::new(Face::Script, Colour(0xff_e89a)).outlined(edge.darker(0.6), 0.1),
        );
    }
}

fn amount(s: &mut Sheet<'_>, a: Area, ink: Colour) {
    let text = s.design.amount.clone();
    s.pen.line(&text, a, Type::new(Face::Narrow, ink).right());
}

/// A heap that bleeds off the pack, and a leaning band with the brand above it.
fn feast(s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let f = front.inset(0.05);
    let wide = front.w > front.h * 1.3;
    let lean = if s.habit(4, 2) == 0 { 0.06 } else { -0.06 } * front.h;
    let heap = if wide { front.part(0.46, 0.08, 0.6, 0.95) } else { front.part(-0.08, 0.46, 1.16, 0.58) };
    scenery::glow(s, heap.cx(), heap.cy(), heap.short() * 0.9, s.accent.lighter(0.6), 0.75);
    let wider = bled(s, front);
    scenery::heap(s, wider, heap, 3);
    let band = if wide { front.part(0.0, 0.1, 0.56, 0.42) } else { front.part(0.0, 0.07, 1.0, 0.24) };
    let grown = if wide { 1.0 } else { wider.w / front.w };
    let edge = |top: f32| {
        let y = band.y + top * band.h;
        let (left, right) = if wide { (band.x, band.right()) } else { (wider.x, wider.right()) };
        [(left, y + lean * grown), (right, y - lean * grown)]
    };
    let quad = |s: &mut Sheet<'_>, top: f32, bottom: f32, fill: Colour| {
        let (a, b) = (edge(top), edge(bottom));
        s.pen.polygon(&[a[0], a[1], b[1], b[0]], &fill.css());
    };
    let fill = [palette.base, palette.deep, palette.second, palette.paper][s.habit(5, 4) as usize];
    quad(s, 0.06, 1.1, fill.darker(0.6));
    quad(s, -0.06, 1.02, if fill.contrast(palette.second) > 1.4 { palette.second } else { WHITE });
    quad(s, 0.0, 0.96, fill);
    let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
    let ink = fill.ink(&[palette.paper, palette.second, palette.deep], 4.0);
    let degrees = (-2.0 * lean / band.w).atan().to_degrees();
    s.pen.turned(degrees, band.cx(), band.cy(), |pen| {
        pen.line(&text, band.part(0.08, 0.16, 0.84, 0.64), Type::new(face, ink).shadowed(fill.darker(0.5)));
    });
    let title = if wide { f.part(0.0, 0.58, 0.5, 0.3) } else { f.part(0.02, 0.335, 0.96, 0.15) };
    words(s, title, s.ground);
    scenery::intakes(s, area(f.x, f.bottom() - f.h * 0.055, f.w * 0.62, f.h * 0.055));
    amount(s, area(f.x + f.w * 0.66, f.bottom() - f.h * 0.05, f.w * 0.34, f.h * 0.05), WHITE);
}

/// One large piece in a splash.
fn splash(s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let f = front.inset(0.05);
    let wide = front.w > front.h * 1.3;
    let h = if wide { front.part(0.5, 0.02, 0.5, 0.96) } else { front.part(0.0, 0.36, 1.0, 0.5) };
    let milk =
        ["dairy", "baby", "breakfast", "personal_care"].contains(&s.design.product.department.as_str());
    let juice = if milk { Colour(0xff_fdf6) } else { s.accent.lighter(0.25) };
    scenery::glow(s, h.cx(), h.cy(), h.short() * 0.8, WHITE, 0.8);
    scenery::splash(s, h, juice);
    let motif = s.design.flavour.motif;
    let size = h.short() * 1.02;
    scenery::shade(s, h.cx(), h.cy() + size * 0.42, size * 0.46, size * 0.1);
    s.picture(motif, h.cx() - size * 0.04, h.cy() - size * 0.04, size, -10.0, s.accent);
    s.picture(motif, h.cx() + size * 0.4, h.cy() + size * 0.27, size * 0.5, 24.0, s.accent);
    scenery::drops(s, h, juice);
    let on = s.ground;
    let logo = if wide { f.part(0.0, 0.04, 0.5, 0.44) } else { f.part(0.0, 0.01, 1.0, 0.24) };
    let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
    let fill = if on.contrast(WHITE) > 2.2 { WHITE } else { palette.deep };
    let rim = fill.ink(&[palette.base, palette.deep, palette.second], 3.0);
    s.pen.turned(if s.habit(4, 3) == 0 { -5.0 } else { 0.0 }, logo.cx(), logo.cy(), |pen| {
        pen.line(
            &text,
            logo.part(0.03, 0.1, 0.94, 0.8),
            Type::new(face, fill).outlined(rim, 0.16).shadowed(rim.darker(0.5)),
        );
    });
    let title = if wide { f.part(0.0, 0.54, 0.5, 0.32) } else { f.part(0.03, 0.25, 0.94, 0.13) };
    words(s, title, palette.deep);
    let bar = area(front.x, front.bottom() - front.h * 0.09, front.w, front.h * 0.09);
    let wider = bled(s, front);
    s.pen.rect(Area { x: wider.x, w: wider.w, ..bar }, palette.deep);
    s.foot(bar.part(0.06, 0.2, 0.88, 0.6), palette.deep);
}

/// A round window full of it, with a ribbon across.
fn porthole(s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let f = front.inset(0.05);
    let wide = front.w > front.h * 1.3;
    let (cx, cy, r) = if wide {
        (front.x + front.w * 0.73, front.cy(), front.h * 0.44)
    } else {
        (front.cx(), front.y + front.h * 0.55, (front.w * 0.46).min(front.h * 0.34))
    };
    let rim = [palette.second, WHITE, palette.deep, Colour(0xd4_af37)][s.habit(6, 4) as usize];
    scenery::shade(s, cx, cy + r * 0.1, r * 1.25, r * 1.2);
    s.pen.circle(cx, cy, r * 1.06, &rim.css());
    let inside = s.accent.darker(0.55);
    let fill = s.pen.radial(0.4, 0.3, 0.9, &[(0.0, s.accent.lighter(0.35)), (1.0, inside)]);
    s.pen.circle(cx, cy, r, &fill);
    let disc = area(cx - r, cy - r, 2.0 * r, 2.0 * r);
    let id = s.pen.define("clipPath", "", &format!("<circle cx=\"{cx:.2}\" cy=\"{cy:.2}\" r=\"{r:.2}\"/>"));
    s.pen.raw(&format!("<g clip-path=\"url(#{id})\">"));
    scenery::heap_pieces(s, disc.part(-0.1, 0.16, 1.2, 0.95), 3);
    s.pen.raw("</g>");
    s.pen.ring(cx, cy, r * 0.99, rim.darker(0.25), r * 0.03);
    let g = s.ground;
    let logo = if wide { f.part(0.0, 0.06, 0.46, 0.4) } else { f.part(0.0, 0.0, 1.0, 0.19) };
    s.logo(logo, vivid(g));
    let ribbon = if wide {
        f.part(0.0, 0.56, 0.5, 0.26)
    } else {
        area(front.x, cy + r * 0.5, front.w, front.h * 0.15)
    };
    let tone = if rim.contrast(palette.base) > 1.5 { palette.base } else { palette.deep };
    let wider = bled(s, front);
    let all = if wide { ribbon } else { Area { x: wider.x, w: wider.w, ..ribbon } };
    s.pen.rect(area(all.x, all.y + all.h * 0.08, all.w, all.h), tone.darker(0.6));
    s.pen.rect(all, tone);
    s.pen.rect(area(all.x, all.y + all.h * 0.05, all.w, all.h * 0.03), rim);
    s.pen.rect(area(all.x, all.y + all.h * 0.92, all.w, all.h * 0.03), rim);
    words(s, ribbon.part(0.06, 0.14, 0.88, 0.72), tone);
    let ink = s.ink(g.darker(0.2));
    amount(s, area(f.x + f.w * 0.6, f.bottom() - f.h * 0.05, f.w * 0.4, f.h * 0.05), ink);
    scenery::intakes(s, area(f.x, f.bottom() - f.h * 0.055, f.w * 0.56, f.h * 0.055));
}

/// The brand's colour above, a picture below, parted by a swung or a slanting edge.
fn banner(s: &mut Sheet<'_>, front: Area) {
    let palette = s.design.brand.palette;
    let f = front.inset(0.05);
    let base = vivid(palette.base);
    let wider = bled(s, front);
    let heap = wider.part(-0.06, 0.5, 1.12, 0.46);
    scenery::heap(s, wider, heap, 2);
    let at = |x: f32, y: f32| format!("{:.2} {:.2}", wider.x + x * wider.w, wider.y + y * wider.h);
    let (low, high) = if s.habit(4, 2) == 0 { (0.56, 0.4) } else { (0.42, 0.56) };
    let swung = s.habit(5, 2) == 0;
    for (lift, fill) in [(0.025, palette.second), (0.0, base)] {
        let d = if swung {
            format!(
                "M{}L{}L{}Q{} {}Z",
                at(0.0, 0.0),
                at(1.0, 0.0),
                at(1.0, high + lift),
                at(0.5, 0.62 + lift),
                at(0.0, low + lift)
            )
        } else {
            format!("M{}L{}L{}L{}Z", at(0.0, 0.0), at(1.0, 0.0), at(1.0, high + lift), at(0.0, low + lift))
        };
        let paint = if lift > 0.0 {
            fill.css()
        } else {
            s.pen.linear(true, &[(0.0, fill.lighter(0.12)), (1.0, fill.darker(0.2))])
        };
        s.pen.path(&d, &paint);
    }
    s.logo(f.part(0.02, 0.02, 0.96, 0.24), base);
    s.title(f.part(0.05, 0.27, 0.9, 0.14), base);
    let foot = area(front.x, front.bottom() - front.h * 0.08, front.w, front.h * 0.08);
    s.pen.rect(Area { x: wider.x, w: wider.w, ..foot }, palette.deep);
    s.foot(foot.part(0.05, 0.2, 0.9, 0.6), palette.deep);
}

/// Dark, with light behind the goods and thin gold.
fn night(s: &mut Sheet<'_>, front: Area) {
    let f = front.inset(0.06);
    let wide = front.w > front.h * 1.3;
    let gold = [Colour(0xd4_af37), Colour(0xe6_d3a0), Colour(0xc9_8a4b)][s.habit(5, 3) as usize];
    let h = if wide { front.part(0.5, 0.05, 0.48, 0.9) } else { front.part(0.05, 0.32, 0.9, 0.43) };
    scenery::glow(s, h.cx(), h.cy(), h.short() * 0.85, s.accent.lighter(0.25), 0.95);
    scenery::shade(s, h.cx(), h.bottom() - h.h * 0.06, h.w * 0.4, h.h * 0.08);
    scenery::heap_pieces(s, h.part(0.1, 0.18, 0.8, 0.8), 2);
    s.pen.outline(front.inset(0.03), 0.0, gold, front.short() * 0.008);
    let (text, face) = (s.design.brand.logo_text(), s.design.brand.logo_face);
    let logo = if wide { f.part(0.02, 0.08, 0.46, 0.4) } else { f.part(0.04, 0.03, 0.92, 0.22) };
    s.pen.line(&text, logo.part(0.0, 0.1, 1.0, 0.74), Type::new(face, gold));
    s.pen.rect(area(logo.cx() - logo.w * 0.2, logo.bottom(), logo.w * 0.4, front.short() * 0.006), gold);
    let star = star_path(logo.cx(), logo.bottom(), front.short() * 0.025, 0.4, 5);
    s.pen.path(&star, &gold.css());
    let title = if wide { f.part(0.02, 0.58, 0.46, 0.28) } else { f.part(0.04, 0.79, 0.92, 0.14) };
    let (good, variety) = (s.design.good.clone(), s.design.variety.clone());
    s.pen.line(
        &good.to_uppercase(),
        title.part(0.0, 0.0, 1.0, 0.52),
        Type::new(s.design.brand.text_face, WHITE),
    );
    s.pen.line(&variety, title.part(0.05, 0.6, 0.9, 0.38), Type::new(Face::Script, gold));
    amount(s, area(f.x + f.w * 0.6, f.bottom() - f.h * 0.035, f.w * 0.4, f.h * 0.045), gold);
}
