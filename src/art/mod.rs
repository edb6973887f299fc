//! Invented products, and the label art on their packs: drawn on demand, under a byte budget.
//!
//! A generated [`Catalogue`] is defined by a seed and costs nothing to open: each product is made from named draws
//! when it is looked at. A user's is read from a file, its pictures when they are first seen. An [`ArtStudio`] draws what a product's form asks for: the sleeve of a can, the sides of a box,
//! the price tag below it. All names are invented, and all barcodes lie in the range left to shops.

mod brand;
mod cache;
mod catalogue;
mod department;
mod ean;
mod fabric;
mod flavour;
mod fonts;
mod generated;
mod layout;
mod motif;
mod palette;
mod panel;
mod pen;
mod scenery;
mod sheet;
mod studio;
#[cfg(test)]
mod studio_tests;
mod tag;
#[cfg(test)]
mod testing;
mod user;
mod words;

pub use catalogue::{Catalogue, Product};
pub use ean::is_valid_ean13;
pub use studio::{ArtStudio, PRICE_TAG, PRICE_TAG_ASPECT};
pub use user::{CatalogueError, LeftOut};
