//! How the front of a pack is laid out: thirty-two designs that brands choose from.

/// A design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Layout {
    Bands,
    Diagonal,
    Medallion,
    Script,
    Minimal,
    Value,
    Retro,
    Kids,
    Wave,
    Glow,
    Pattern,
    Heritage,
    Blocks,
    Vertical,
    Window,
    Ribbon,
    Landscape,
    BigType,
    Checker,
    Tech,
    Burst,
    Botanical,
    Clinical,
    Split,
    Frame,
    Chevron,
    Poster,
    Feast,
    Splash,
    Porthole,
    Banner,
    Night,
}

/// Those built round a picture that fills the pack.
pub(super) const PICTURES: [Layout; 5] =
    [Layout::Feast, Layout::Splash, Layout::Porthole, Layout::Banner, Layout::Night];

mod bold;
mod calm;
mod ground;
mod photo;
mod plain;

use super::{pen::Area, scenery, sheet::Sheet};

#[cfg(test)]
pub(super) const ALL: [Layout; 32] = [
    Layout::Bands,
    Layout::Diagonal,
    Layout::Medallion,
    Layout::Script,
    Layout::Minimal,
    Layout::Value,
    Layout::Retro,
    Layout::Kids,
    Layout::Wave,
    Layout::Glow,
    Layout::Pattern,
    Layout::Heritage,
    Layout::Blocks,
    Layout::Vertical,
    Layout::Window,
    Layout::Ribbon,
    Layout::Landscape,
    Layout::BigType,
    Layout::Checker,
    Layout::Tech,
    Layout::Burst,
    Layout::Botanical,
    Layout::Clinical,
    Layout::Split,
    Layout::Frame,
    Layout::Chevron,
    Layout::Poster,
    Layout::Feast,
    Layout::Splash,
    Layout::Porthole,
    Layout::Banner,
    Layout::Night,
];

impl Layout {
    /// Covers the whole art; the front goes on top, once or twice.
    pub(super) fn ground(self, s: &mut Sheet<'_>) {
        match self {
            Self::Value | Self::Minimal | Self::Clinical | Self::Frame | Self::Botanical => {
                calm::ground(self, s)
            }
            Self::Bands
            | Self::Medallion
            | Self::Blocks
            | Self::Vertical
            | Self::Window
            | Self::Landscape
            | Self::Checker
            | Self::Split
            | Self::Pattern
            | Self::Heritage => plain::ground(self, s),
            Self::Feast | Self::Splash | Self::Porthole | Self::Banner | Self::Night => {
                photo::ground(self, s)
            }
            _ => bold::ground(self, s),
        }
    }

    /// The main design, inside of `front`.
    pub(super) fn front(self, s: &mut Sheet<'_>, front: Area) {
        match self {
            Self::Value | Self::Minimal | Self::Clinical | Self::Frame | Self::Botanical => {
                calm::front(self, s, front)
            }
            Self::Bands
            | Self::Medallion
            | Self::Blocks
            | Self::Vertical
            | Self::Window
            | Self::Landscape
            | Self::Checker
            | Self::Split
            | Self::Pattern
            | Self::Heritage => plain::front(self, s, front),
            Self::Feast | Self::Splash | Self::Porthole | Self::Banner | Self::Night => {
                photo::front(self, s, front)
            }
            _ => bold::front(self, s, front),
        }
        if self != Self::Value {
            scenery::decals(s, front);
        }
        s.offer(front);
    }
}
