//! Drawing by way of SVG, with the one font that is built in, so that a page looks the same on every machine.

use std::{
    fmt::Write as _,
    sync::{Arc, OnceLock},
};

use image::RgbImage;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{self, fontdb},
};
use thiserror::Error;

const FONT: &[u8] = include_bytes!("../../assets/fonts/sans.ttf");

/// Why a page could not be drawn.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The drawing is not well formed.
    #[error("cannot draw: {0}")]
    Drawing(#[from] usvg::Error),
    /// There is nothing to draw, or it is too large for memory.
    #[error("a picture of {0} x {1} pixels cannot be made")]
    Size(u32, u32),
    /// The pixels given are not as many as the size says.
    #[error("{found} values for a picture of {expected} pixels")]
    Pixels {
        /// Values given.
        found: usize,
        /// Pixels of the picture.
        expected: usize,
    },
    /// A frame that stands alone.
    #[error("frame {0} is of no film")]
    NoFilm(u64),
    /// The picture cannot be encoded.
    #[error("cannot encode: {0}")]
    Encode(#[from] image::ImageError),
    /// The film cannot be encoded.
    #[error("cannot encode the film: {0}")]
    Film(String),
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_font_data(FONT.to_vec());
            let family = fonts.faces().next().map(|face| face.families[0].0.clone());
            if let Some(family) = family {
                fonts.set_sans_serif_family(family);
            }
            Arc::new(fonts)
        })
        .clone()
}

/// Draws SVG elements over a picture; coordinates are its pixels.
pub(super) fn draw_over(picture: &mut RgbImage, elements: &str) -> Result<(), ReportError> {
    let (width, height) = picture.dimensions();
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">{elements}</svg>"#
    );
    let options = usvg::Options { fontdb: fonts(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&svg, &options)?;
    let mut layer = Pixmap::new(width, height).ok_or(ReportError::Size(width, height))?;
    resvg::render(&tree, Transform::identity(), &mut layer.as_mut());
    for (pixel, over) in picture.pixels_mut().zip(layer.pixels()) {
        // The layer's colours are premultiplied by its alpha.
        let rest = 255 - u16::from(over.alpha());
        let blend = |under: u8, over: u8| {
            u8::try_from(u16::from(over) + (u16::from(under) * rest + 127) / 255).unwrap_or(255)
        };
        let [r, g, b] = pixel.0;
        pixel.0 = [blend(r, over.red()), blend(g, over.green()), blend(b, over.blue())];
    }
    Ok(())
}

/// Text as SVG may hold it.
pub(super) fn escape(text: &str) -> String {
    let printable = text.chars().filter(|c| !c.is_control());
    printable.fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}

/// Colour of text.
pub(super) const INK: &str = "#22262e";
/// Colour of a grid.
pub(super) const FAINT: &str = "#d5d8de";
/// Colours of lines in a plot, one after the other.
pub(super) const LINES: [&str; 6] = ["#3a7bd5", "#e08a1e", "#5b6472", "#2e9d64", "#b04fb8", "#c8443c"];

/// Adds a filled rectangle.
pub(super) fn rect(out: &mut String, x: f64, y: f64, width: f64, height: f64, colour: &str) {
    let _ = write!(
        out,
        r#"<rect x="{x:.2}" y="{y:.2}" width="{:.2}" height="{height:.2}" fill="{colour}"/>"#,
        width.max(0.01)
    );
}

/// Adds a line of text.
pub(super) fn text(out: &mut String, x: f64, y: f64, size: u32, words: &str) {
    let _ = write!(
        out,
        r#"<text x="{x:.2}" y="{y:.2}" font-size="{size}" fill="{INK}" xml:space="preserve">{}</text>"#,
        escape(words)
    );
}
