//! Names of fabrics' pictures, which the art room draws.

use rand::RngExt;

use crate::{scene::ArtKey, seed::Node};

fn key(style: &str, number: u32) -> ArtKey {
    ArtKey { sku: format!("{style}-{number}"), slot: "fabric".to_owned() }
}

/// A print for a garment or a sheet; `None` for a plain fabric.
pub(super) fn pattern(node: &Node) -> Option<ArtKey> {
    let printed = node.draw("printed", |rng| rng.random_bool(0.62));
    printed.then(|| key("print", node.draw("print", |rng| rng.random_range(0..4000_u32))))
}

/// The few marks on a nappy.
pub(super) fn nappy(node: &Node) -> Option<ArtKey> {
    let printed = node.draw("printed", |rng| rng.random_bool(0.5));
    printed.then(|| key("nappy", node.draw("print", |rng| rng.random_range(0..200_u32))))
}
