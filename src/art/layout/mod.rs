//! How the front of a pack is laid out: two dozen designs that brands choose from.

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
}
