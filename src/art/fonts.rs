//! The typefaces of label art: committed files, parsed once.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Source};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
};

/// A typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Face {
    Sans,
    Heavy,
    Narrow,
    Tall,
    Serif,
    Round,
    Script,
    Didone,
    Slab,
    Comic,
    Brush,
    Bubble,
    Deco,
    Cjk,
}

const FACES: [(Face, &str, &[u8]); 14] = [
    (Face::Sans, "Diorama Sans", include_bytes!("../../assets/fonts/sans.ttf")),
    (Face::Heavy, "Diorama Heavy", include_bytes!("../../assets/fonts/heavy.ttf")),
    (Face::Narrow, "Diorama Narrow", include_bytes!("../../assets/fonts/narrow.ttf")),
    (Face::Tall, "Diorama Tall", include_bytes!("../../assets/fonts/tall.otf")),
    (Face::Serif, "Diorama Serif", include_bytes!("../../assets/fonts/serif.otf")),
    (Face::Round, "Diorama Round", include_bytes!("../../assets/fonts/round.ttf")),
    (Face::Script, "Diorama Script", include_bytes!("../../assets/fonts/script.otf")),
    (Face::Didone, "Diorama Didone", include_bytes!("../../assets/fonts/didone.ttf")),
    (Face::Slab, "Diorama Slab", include_bytes!("../../assets/fonts/slab.ttf")),
    (Face::Comic, "Diorama Comic", include_bytes!("../../assets/fonts/comic.ttf")),
    (Face::Brush, "Diorama Brush", include_bytes!("../../assets/fonts/brush.ttf")),
    (Face::Bubble, "Diorama Bubble", include_bytes!("../../assets/fonts/bubble.ttf")),
    (Face::Deco, "Diorama Deco", include_bytes!("../../assets/fonts/deco.ttf")),
    (Face::Cjk, "Diorama Cjk", include_bytes!("../../assets/fonts/cjk.otf")),
];

/// Faces that logos are set in.
pub(super) const LOGO_FACES: [Face; 12] = [
    Face::Heavy,
    Face::Narrow,
    Face::Tall,
    Face::Serif,
    Face::Round,
    Face::Script,
    Face::Didone,
    Face::Slab,
    Face::Comic,
    Face::Brush,
    Face::Bubble,
    Face::Deco,
];

/// Faces that names of goods are set in; each has the whole Latin range.
pub(super) const TEXT_FACES: [Face; 8] =
    [Face::Heavy, Face::Narrow, Face::Tall, Face::Serif, Face::Round, Face::Sans, Face::Bubble, Face::Narrow];

impl Face {
    /// The family's name, as SVG asks for it.
    pub(super) fn family(self) -> &'static str {
        FACES[self as usize].1
    }

    /// Whether capitals alone are unreadable in it.
    pub(super) fn is_script(self) -> bool {
        matches!(self, Self::Script | Self::Brush)
    }

    /// Width of `text` at size 1, and its extent above and below the baseline (both positive), of its ink.
    pub(super) fn measure(self, text: &str) -> Extent {
        static FONTS: OnceLock<Vec<Option<FontRef<'static>>>> = OnceLock::new();
        let fonts = FONTS.get_or_init(|| FACES.iter().map(|(_, _, data)| FontRef::new(data).ok()).collect());
        let mut extent = Extent { width: 0.0, above: 0.0, below: 0.0 };
        let Some(font) = &fonts[self as usize] else {
            return extent;
        };
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        for letter in text.chars() {
            let glyph = font.charmap().map(letter).unwrap_or(GlyphId::NOTDEF);
            extent.width += metrics.advance_width(glyph).unwrap_or(0.6);
            if let Some(ink) = metrics.bounds(glyph) {
                extent.above = extent.above.max(ink.y_max);
                extent.below = extent.below.max(-ink.y_min);
            }
        }
        extent
    }

    /// This face where it can write all of `text`, else one that can, or at least most of it.
    pub(super) fn for_text(self, text: &str) -> Self {
        if self.covers(text) {
            self
        } else if Self::Cjk.covers(text) {
            Self::Cjk
        } else {
            Self::Narrow
        }
    }

    /// Whether it can write all of `text`.
    pub(super) fn covers(self, text: &str) -> bool {
        FontRef::new(FACES[self as usize].2)
            .is_ok_and(|font| text.chars().all(|letter| font.charmap().map(letter).is_some()))
    }
}

/// Size of a line of text, in units of its font size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) width: f32,
    pub(super) above: f32,
    pub(super) below: f32,
}

/// Every face, ready for text layout.
pub(super) fn database() -> Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    DATABASE
        .get_or_init(|| {
            let mut database = Database::new();
            for (_, _, data) in FACES {
                database.load_font_source(Source::Binary(Arc::new(data)));
            }
            Arc::new(database)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_where_its_enum_says_and_loads_under_its_name() {
        let database = database();
        for (index, (face, family, _)) in FACES.iter().enumerate() {
            assert_eq!(*face as usize, index, "{face:?} stands in its place");
            assert!(
                database.faces().any(|f| f.families.iter().any(|(name, _)| name == family)),
                "{family} is loaded"
            );
            assert!(face.covers("Aa Zz 0-9 %&'.+,!"), "{face:?} writes plain text");
        }
    }

    #[test]
    fn text_faces_write_what_goods_are_called_and_some_write_other_scripts() {
        for face in TEXT_FACES {
            assert!(face.covers("Caffè Purée"), "{face:?}");
        }
        assert!(Face::Narrow.covers("ВРЕНЛО ΒΡΕΝΛΟ"), "Cyrillic and Greek");
        assert!(!Face::Slab.covers("Ж"), "and a face can lack letters");
        for word in crate::art::words::EASTERN {
            assert_eq!(Face::Slab.for_text(word), Face::Cjk, "{word}");
            assert!(Face::Cjk.covers(word), "{word}");
        }
    }

    #[test]
    fn measures_grow_with_the_text() {
        let (one, two) = (Face::Heavy.measure("m"), Face::Heavy.measure("mm"));
        assert!((two.width - 2.0 * one.width).abs() < 1e-5, "advances add up");
        assert!(Face::Heavy.measure("g").below > 0.1 && Face::Heavy.measure("M").above > 0.6, "ink extents");
    }
}
