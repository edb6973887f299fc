//! Illustrations of what is inside, drawn in a box from -50 to 50.

mod goods;
mod plants;

use std::fmt::Write as _;

use super::palette::Colour;

/// How a brand's illustrator draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// With light and shade.
    Shaded,
    /// In flat colours.
    Flat,
    /// In outlines of one colour.
    Line,
}

/// Every illustration there is.
#[cfg(test)]
pub(super) const MOTIFS: [&str; 47] = [
    "strawberry",
    "orange",
    "lemon",
    "apple",
    "cherry",
    "blueberry",
    "peach",
    "grape",
    "pear",
    "coconut",
    "leaf",
    "bubbles",
    "ice",
    "sun",
    "mountain",
    "drop",
    "wheat",
    "crisps",
    "chilli",
    "flame",
    "cheese",
    "honey",
    "cookie",
    "nut",
    "bowl",
    "tomato",
    "corn",
    "peas",
    "carrot",
    "mushroom",
    "olive",
    "fish",
    "farfalle",
    "penne",
    "spaghetti",
    "milk",
    "flower",
    "lavender",
    "wave",
    "sparkle",
    "heart",
    "tooth",
    "shield",
    "chocolate",
    "candy",
    "star",
    "cup",
];
#[cfg(test)]
pub(super) const MORE_MOTIFS: [&str; 7] = ["beans", "bone", "paw", "egg", "pizza", "fries", "scoop"];

const GREEN: Colour = Colour(0x4f_9a3a);
const BROWN: Colour = Colour(0x6b_4226);

struct Ink {
    out: String,
    hand: Hand,
    line: Colour,
    width: f32,
}

impl Ink {
    /// A filled shape; `element` lacks its fill and its end.
    fn shape(&mut self, element: &str, fill: Colour) {
        let css = fill.css();
        let _ = match self.hand {
            Hand::Shaded => write!(self.out, "<{element} fill=\"{css}\"/><{element} fill=\"url(#light)\"/>"),
            Hand::Flat => write!(self.out, "<{element} fill=\"{css}\"/>"),
            Hand::Line => write!(
                self.out,
                "<{element} fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"/>",
                self.line.css(),
                self.width
            ),
        };
    }

    fn c(&mut self, x: f32, y: f32, r: f32, fill: Colour) {
        self.shape(&format!("circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\""), fill);
    }

    fn e(&mut self, x: f32, y: f32, rx: f32, ry: f32, turn: f32, fill: Colour) {
        let turn = format!("transform=\"rotate({turn:.0} {x:.1} {y:.1})\"");
        self.shape(
            &format!("ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{rx:.1}\" ry=\"{ry:.1}\" {turn}"),
            fill,
        );
    }

    fn p(&mut self, d: &str, fill: Colour) {
        self.shape(&format!("path d=\"{d}\""), fill);
    }

    fn l(&mut self, d: &str, colour: Colour, width: f32) {
        let (colour, width) = if self.hand == Hand::Line { (self.line, self.width) } else { (colour, width) };
        let _ = write!(
            self.out,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>",
            colour.css()
        );
    }

    fn leaf(&mut self, x: f32, y: f32, size: f32, turn: f32, fill: Colour) {
        let s = size;
        let place = format!("transform=\"translate({x:.1} {y:.1}) rotate({turn:.0})\"");
        let d = format!(
            "M0 0C{:.1} {:.1} {s:.1} {:.1} {:.1} 0C{s:.1} {:.1} {:.1} {:.1} 0 0Z",
            s * 0.3,
            -s * 0.5,
            -s * 0.45,
            s * 1.2,
            s * 0.3,
            s * 0.3,
            s * 0.45
        );
        self.shape(&format!("path {place} d=\"{d}\""), fill);
    }
}

/// The gradient that shaded shapes refer to; stands once in a document.
pub(super) const LIGHT: &str = "<radialGradient id=\"light\" cx=\"0.35\" cy=\"0.28\" r=\"0.85\"><stop offset=\"0\" stop-color=\"#fff\" stop-opacity=\"0.55\"/><stop offset=\"0.35\" stop-color=\"#fff\" stop-opacity=\"0.08\"/><stop offset=\"0.6\" stop-color=\"#000\" stop-opacity=\"0\"/><stop offset=\"1\" stop-color=\"#000\" stop-opacity=\"0.38\"/></radialGradient>";

fn polar(r: f32, degrees: f32) -> (f32, f32) {
    let (s, c) = degrees.to_radians().sin_cos();
    (r * c, r * s)
}

/// A star with `points` points, outer radius `r`, inner radius `r * inner`.
pub(super) fn star_path(x: f32, y: f32, r: f32, inner: f32, points: u8) -> String {
    let mut d = String::new();
    for i in 0..points * 2 {
        let radius = if i % 2 == 0 { r } else { r * inner };
        let (dx, dy) = polar(radius, f32::from(i) * 180.0 / f32::from(points) - 90.0);
        let _ = write!(d, "{}{:.2} {:.2}", if i == 0 { 'M' } else { 'L' }, x + dx, y + dy);
    }
    d + "Z"
}

/// Elements of the illustration `name` in `main`; `None` when there is none of that name.
pub(super) fn elements(name: &str, hand: Hand, main: Colour, line: Colour) -> Option<String> {
    let mut ink = Ink { out: String::new(), hand, line, width: 3.0 };
    (plants::draw(&mut ink, name, main) || goods::draw(&mut ink, name, main)).then_some(ink.out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::art::department::DEPARTMENTS;
    use crate::art::palette::WHITE;

    #[test]
    fn each_flavour_has_its_illustration() {
        let known = |name: &str| MOTIFS.contains(&name) || MORE_MOTIFS.contains(&name);
        for flavour in DEPARTMENTS.iter().flat_map(|d| d.goods).flat_map(|g| g.flavours) {
            assert!(known(flavour.motif), "no picture of '{}'", flavour.motif);
        }
        for name in MOTIFS.iter().chain(&MORE_MOTIFS) {
            for hand in [Hand::Shaded, Hand::Flat, Hand::Line] {
                let drawn = elements(name, hand, Colour(0x33_6699), Colour(0)).unwrap();
                assert!(drawn.len() > 60, "'{name}' is drawn");
            }
        }
        assert!(elements("unheard of", Hand::Flat, WHITE, WHITE).is_none(), "no picture for strangers");
    }
}
