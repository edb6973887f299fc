//! Writes SVG: shapes, gradients, and text that fits its box.

use std::fmt::Write as _;

use super::{fonts::Face, palette::Colour};

/// A rectangle in drawing units, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) w: f32,
    pub(super) h: f32,
}

pub(super) const fn area(x: f32, y: f32, w: f32, h: f32) -> Area {
    Area { x, y, w, h }
}

impl Area {
    /// A part, in shares of this: left, top, width, height.
    pub(super) fn part(self, x: f32, y: f32, w: f32, h: f32) -> Self {
        area(self.x + x * self.w, self.y + y * self.h, w * self.w, h * self.h)
    }

    /// Smaller by `share` of the shorter side, all round.
    pub(super) fn inset(self, share: f32) -> Self {
        let by = share * self.w.min(self.h);
        area(self.x + by, self.y + by, self.w - 2.0 * by, self.h - 2.0 * by)
    }

    pub(super) fn cx(self) -> f32 {
        self.x + self.w / 2.0
    }

    pub(super) fn cy(self) -> f32 {
        self.y + self.h / 2.0
    }

    pub(super) fn short(self) -> f32 {
        self.w.min(self.h)
    }

    pub(super) fn right(self) -> f32 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f32 {
        self.y + self.h
    }

    pub(super) fn moved(self, dx: f32) -> Self {
        Self { x: self.x + dx, ..self }
    }
}

/// Where a line stands in its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

/// How letters are painted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) face: Face,
    pub(super) fill: Colour,
    pub(super) align: Align,
    /// Colour of an outline and its width in shares of the font size.
    pub(super) outline: Option<(Colour, f32)>,
    /// A copy below and to the right, in this colour.
    pub(super) shadow: Option<Colour>,
    /// Letters at most this large, drawing units.
    pub(super) largest: f32,
}

impl Type {
    pub(super) fn new(face: Face, fill: Colour) -> Self {
        Self { face, fill, align: Align::Middle, outline: None, shadow: None, largest: f32::INFINITY }
    }

    pub(super) fn left(self) -> Self {
        Self { align: Align::Left, ..self }
    }

    pub(super) fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    pub(super) fn outlined(self, colour: Colour, width: f32) -> Self {
        Self { outline: Some((colour, width)), ..self }
    }

    pub(super) fn shadowed(self, colour: Colour) -> Self {
        Self { shadow: Some(colour), ..self }
    }

    pub(super) fn at_most(self, size: f32) -> Self {
        Self { largest: size, ..self }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Font size below which letters are no longer drawn, pixels.
const SMALLEST_PX: f32 = 3.5;

/// An SVG in the making.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    /// Letters smaller than this many drawing units could not be read: they become grey lines, which are cheap.
    legible: f32,
    defs: String,
    body: String,
    ids: u32,
}

impl Pen {
    /// A pen for a picture of `px_per_unit` pixels a drawing unit.
    pub(super) fn new(px_per_unit: f32) -> Self {
        Self { legible: SMALLEST_PX / px_per_unit, defs: String::new(), body: String::new(), ids: 0 }
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("d{}", self.ids)
    }

    /// Appends elements as they stand.
    pub(super) fn raw(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// What has been drawn, for elements that no method has.
    pub(super) fn body(&mut self) -> &mut String {
        &mut self.body
    }

    /// Appends definitions and returns their id; `open` and `close` stand around `id="..."`.
    pub(super) fn define(&mut self, open: &str, attributes: &str, inner: &str) -> String {
        let id = self.id();
        let _ = write!(self.defs, "<{open} id=\"{id}\" {attributes}>{inner}</{open}>");
        id
    }

    pub(super) fn rect(&mut self, a: Area, fill: Colour) {
        self.rounded(a, 0.0, &fill.css());
    }

    pub(super) fn rounded(&mut self, a: Area, radius: f32, fill: &str) {
        let _ = write!(
            self.body,
            "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" rx=\"{radius:.2}\" fill=\"{fill}\"/>",
            a.x,
            a.y,
            a.w.max(0.01),
            a.h.max(0.01)
        );
    }

    pub(super) fn outline(&mut self, a: Area, radius: f32, colour: Colour, width: f32) {
        let _ = write!(
            self.body,
            "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" rx=\"{radius:.2}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.2}\"/>",
            a.x,
            a.y,
            a.w.max(0.01),
            a.h.max(0.01),
            colour.css()
        );
    }

    pub(super) fn circle(&mut self, x: f32, y: f32, r: f32, fill: &str) {
        self.ellipse(x, y, r, r, fill);
    }

    pub(super) fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, fill: &str) {
        let _ = write!(
            self.body,
            "<ellipse cx=\"{x:.2}\" cy=\"{y:.2}\" rx=\"{rx:.2}\" ry=\"{ry:.2}\" fill=\"{fill}\"/>"
        );
    }

    pub(super) fn ring(&mut self, x: f32, y: f32, r: f32, colour: Colour, width: f32) {
        let css = colour.css();
        let _ = write!(
            self.body,
            "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{r:.2}\" fill=\"none\" stroke=\"{css}\" stroke-width=\"{width:.2}\"/>"
        );
    }

    pub(super) fn path(&mut self, d: &str, fill: &str) {
        let _ = write!(self.body, "<path d=\"{d}\" fill=\"{fill}\"/>");
    }

    pub(super) fn stroke(&mut self, d: &str, colour: Colour, width: f32) {
        let css = colour.css();
        let _ = write!(
            self.body,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{css}\" stroke-width=\"{width:.2}\" stroke-linecap=\"round\"/>"
        );
    }

    /// A polygon through `points`.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], fill: &str) {
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{x:.2},{y:.2}")).collect();
        let _ = write!(self.body, "<polygon points=\"{}\" fill=\"{fill}\"/>", list.join(" "));
    }

    /// A linear gradient from top to bottom (or left to right) of whatever it fills.
    pub(super) fn linear(&mut self, down: bool, stops: &[(f32, Colour)]) -> String {
        let ends =
            if down { "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"" } else { "x1=\"0\" y1=\"0\" x2=\"1\" y2=\"0\"" };
        let stops = stops_svg(stops);
        format!("url(#{})", self.define("linearGradient", ends, &stops))
    }

    /// A radial gradient about (`x`, `y`) with radius `r`, in shares of what it fills.
    pub(super) fn radial(&mut self, x: f32, y: f32, r: f32, stops: &[(f32, Colour)]) -> String {
        let about = format!("cx=\"{x}\" cy=\"{y}\" r=\"{r}\"");
        let stops = stops_svg(stops);
        format!("url(#{})", self.define("radialGradient", &about, &stops))
    }

    /// Draws with `inner` inside of `a` only.
    pub(super) fn clipped(&mut self, a: Area, inner: impl FnOnce(&mut Self)) {
        let rect =
            format!("<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\"/>", a.x, a.y, a.w, a.h);
        let id = self.define("clipPath", "", &rect);
        let _ = write!(self.body, "<g clip-path=\"url(#{id})\">");
        inner(self);
        self.body.push_str("</g>");
    }

    /// Draws with `inner` turned by `degrees` about (`x`, `y`).
    pub(super) fn turned(&mut self, degrees: f32, x: f32, y: f32, inner: impl FnOnce(&mut Self)) {
        let _ = write!(self.body, "<g transform=\"rotate({degrees:.2} {x:.2} {y:.2})\">");
        inner(self);
        self.body.push_str("</g>");
    }

    /// One line of text, as large as fits `a`; returns its font size.
    pub(super) fn line(&mut self, text: &str, a: Area, style: Type) -> f32 {
        if text.is_empty() || a.w <= 0.0 || a.h <= 0.0 {
            return 0.0;
        }
        let face = style.face.for_text(text);
        let extent = face.measure(text);
        let frame = style.outline.map_or(0.0, |(_, width)| width) + style.shadow.map_or(0.0, |_| 0.08);
        let across = a.w * 0.97 / (extent.width + frame).max(0.01);
        let size = across.min(a.h / (extent.above + extent.below + frame).max(0.3)).min(style.largest);
        let (anchor, x) = match style.align {
            Align::Left => ("start", a.x),
            Align::Middle => ("middle", a.cx()),
            Align::Right => ("end", a.right()),
        };
        let baseline = a.cy() + (extent.above - extent.below) * size / 2.0;
        if size < self.legible {
            let width = extent.width * size;
            let left = match style.align {
                Align::Left => a.x,
                Align::Middle => a.cx() - width / 2.0,
                Align::Right => a.right() - width,
            };
            let _ = write!(
                self.body,
                "<rect x=\"{left:.2}\" y=\"{:.2}\" width=\"{width:.2}\" height=\"{:.2}\" fill=\"{}\" fill-opacity=\"0.5\"/>",
                baseline - 0.5 * size,
                0.5 * size,
                style.fill.css(),
            );
            return size;
        }
        let text = escaped(text);
        let mut letters = |dx: f32, paint: &str| {
            let _ = write!(
                self.body,
                "<text x=\"{:.2}\" y=\"{:.2}\" font-family=\"{}\" font-size=\"{size:.2}\" text-anchor=\"{anchor}\" {paint}>{text}</text>",
                x + dx,
                baseline + dx,
                face.family(),
            );
        };
        let fill = style.fill.css();
        let round = "stroke-linejoin=\"round\"";
        if let Some(shadow) = style.shadow {
            let c = shadow.css();
            let w = style.outline.map_or(0.0, |(_, width)| width) * size;
            letters(0.045 * size, &format!("fill=\"{c}\" stroke=\"{c}\" stroke-width=\"{w:.2}\" {round}"));
        }
        if let Some((colour, width)) = style.outline {
            let (c, w) = (colour.css(), width * size);
            letters(0.0, &format!("fill=\"{c}\" stroke=\"{c}\" stroke-width=\"{w:.2}\" {round}"));
        }
        letters(0.0, &format!("fill=\"{fill}\""));
        size
    }

    /// Words broken into as many lines (up to `lines`) as make them largest.
    pub(super) fn block(&mut self, text: &str, a: Area, style: Type, lines: usize) {
        let words: Vec<&str> = text.split(' ').collect();
        let mut best: (f32, Vec<String>) = (0.0, vec![text.to_owned()]);
        for count in 1..=lines.min(words.len()) {
            let split = broken(&words, count);
            let widest = split.iter().map(|l| style.face.measure(l).width).fold(0.01, f32::max);
            #[expect(clippy::cast_precision_loss, reason = "a few lines")]
            let size = (a.w * 0.97 / widest).min(a.h / count as f32 / 0.95);
            if size > best.0 {
                best = (size, split);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let height = a.h / best.1.len() as f32;
        let mut row = area(a.x, a.y, a.w, height * 0.92);
        for line in best.1 {
            self.line(&line, row, style.at_most(style.largest.min(best.0)));
            row.y += height;
        }
    }

    /// Text along the top of a circle about (`x`, `y`); `style.largest` is its size.
    pub(super) fn arc(&mut self, text: &str, x: f32, y: f32, r: f32, style: Type) {
        let face = style.face.for_text(text);
        // Long text is set smaller rather than let run round to its own beginning.
        let size = style.largest.min(r * 2.4 / face.measure(text).width.max(0.01));
        let d = format!("M{:.2} {y:.2}A{r:.2} {r:.2} 0 0 1 {:.2} {y:.2}", x - r, x + r);
        let id = self.id();
        let _ = write!(self.defs, "<path id=\"{id}\" d=\"{d}\"/>");
        let _ = write!(
            self.body,
            "<text font-family=\"{}\" font-size=\"{size:.2}\" text-anchor=\"middle\" fill=\"{}\"><textPath href=\"#{id}\" startOffset=\"50%\">{}</textPath></text>",
            face.family(),
            style.fill.css(),
            escaped(text)
        );
    }

    /// The finished document.
    pub(super) fn finish(self, width: f32, height: f32) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.2}\" height=\"{height:.2}\" viewBox=\"0 0 {width:.2} {height:.2}\"><defs>{}</defs>{}</svg>",
            self.defs, self.body
        )
    }
}

fn stops_svg(stops: &[(f32, Colour)]) -> String {
    stops.iter().map(|(at, c)| format!("<stop offset=\"{at}\" stop-color=\"{}\"/>", c.css())).collect()
}

/// `words` in `count` lines of about the same length.
fn broken(words: &[&str], count: usize) -> Vec<String> {
    let total: usize = words.iter().map(|w| w.len() + 1).sum();
    let mut lines = vec![String::new()];
    for (place, word) in words.iter().enumerate() {
        let left = words.len() - place;
        let last = lines.last().map_or(0, String::len);
        let need = count - lines.len();
        if last > 0 && need > 0 && (left <= need || (last + word.len() / 2) * count > total) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
