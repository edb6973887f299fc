//! Brand families: what all products of one brand share.

use rand::RngExt;

use super::{
    department::Department,
    fonts::{Face, LOGO_FACES, TEXT_FACES},
    layout::{Layout, PICTURES},
    palette::Palette,
    words,
};
use crate::seed::Node;

/// The shape that a brand's name stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogoShape {
    /// The name alone.
    Plain,
    /// On an oval.
    Oval,
    /// On a bar with round ends.
    Pill,
    /// On a rectangle.
    Plate,
    /// With a heavy outline.
    Outlined,
    /// Between two rules.
    Ruled,
    /// On a shield.
    Shield,
    /// Underlined by a swoosh.
    Swoosh,
    /// On a leaning bar.
    Slanted,
}

/// How the pack speaks of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The shop's cheapest.
    Value,
    /// The usual.
    Standard,
    /// The dearest.
    Premium,
}

/// A brand family's identity.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Brand {
    pub(super) name: String,
    pub(super) palette: Palette,
    pub(super) logo_face: Face,
    pub(super) text_face: Face,
    pub(super) logo_shape: LogoShape,
    pub(super) layout: Layout,
    pub(super) motto: String,
    /// The name in another script, for brands from where that is written.
    pub(super) foreign: Option<String>,
    pub(super) tier: Tier,
    /// Whether the whole ground takes the flavour's colour rather than the brand's.
    pub(super) flavour_ground: bool,
    /// Whether the logo is set in capitals.
    pub(super) capitals: bool,
    /// Small habits of its designers: bits that layouts read.
    pub(super) style: u32,
}

impl Brand {
    /// Brand `number` of a department.
    pub(super) fn draw(root: &Node, department: &Department, number: usize) -> Self {
        let node = root.child(department.name, 0).child("brand", number);
        // Half of what shops sell shows what is inside, as large as the pack allows.
        let layout = node.draw("layout", |r| {
            let list = if r.random_bool(0.5) { &PICTURES[..] } else { department.layouts };
            list[r.random_range(0..list.len())]
        });
        let name = words::brand_name(&node);
        let tier = match layout {
            Layout::Value => Tier::Value,
            Layout::Minimal | Layout::Heritage | Layout::Frame | Layout::Night => Tier::Premium,
            _ => node.draw("tier", |r| if r.random_bool(0.2) { Tier::Premium } else { Tier::Standard }),
        };
        let faces: &[Face] = match layout {
            Layout::Kids => &[Face::Comic, Face::Bubble, Face::Deco, Face::Slab],
            Layout::Script => &[Face::Script, Face::Brush],
            Layout::Heritage | Layout::Frame => &[Face::Didone, Face::Serif, Face::Script, Face::Slab],
            Layout::Minimal | Layout::Clinical => {
                &[Face::Round, Face::Sans, Face::Serif, Face::Narrow, Face::Heavy]
            }
            Layout::Value => &[Face::Heavy, Face::Narrow, Face::Sans],
            Layout::Retro => &[Face::Deco, Face::Slab, Face::Script, Face::Brush],
            _ => &LOGO_FACES,
        };
        let logo_face = node.draw("logo_face", |r| faces[r.random_range(0..faces.len())]);
        let foreign = node.draw("script", |r| match r.random_range(0..14) {
            0 => Some(words::transliterated(&name, true)),
            1 | 2 => Some(words::transliterated(&name, false)),
            3 | 4 => Some(words::EASTERN[r.random_range(0..words::EASTERN.len())].to_owned()),
            _ => None,
        });
        use LogoShape as S;
        const SHAPES: [LogoShape; 12] = [
            S::Plain,
            S::Plain,
            S::Oval,
            S::Pill,
            S::Plate,
            S::Outlined,
            S::Outlined,
            S::Ruled,
            S::Shield,
            S::Swoosh,
            S::Slanted,
            S::Plain,
        ];
        Self {
            palette: Palette::draw(&node),
            logo_face,
            text_face: node.draw("text_face", |r| TEXT_FACES[r.random_range(0..TEXT_FACES.len())]),
            logo_shape: node.draw("logo_shape", |r| SHAPES[r.random_range(0..SHAPES.len())]),
            motto: words::motto(&node),
            foreign,
            tier,
            flavour_ground: node.draw("flavour_ground", |r| r.random_bool(0.3)),
            capitals: node.draw("capitals", |r| r.random_bool(0.45)) && !logo_face.is_script(),
            style: node.draw("style", |r| r.random_range(0..=u32::MAX)),
            layout,
            name,
        }
    }

    /// The name as the logo writes it.
    pub(super) fn logo_text(&self) -> String {
        if self.capitals { self.name.to_uppercase() } else { self.name.clone() }
    }
}
