//! The products of a shop: generated from a seed, or a user's own.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use glam::{Vec3, Vec4};
use rand::RngExt;

use super::{
    brand::Brand,
    flavour::Flavour,
    generated::Generated,
    user::{CatalogueError, LeftOut, Row, UserGoods},
};
use crate::{
    scene::FormSpec,
    seed::{Node, Seed},
};

/// A product as a shop knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Stock keeping unit, unique in its catalogue.
    pub sku: String,
    /// What it is called, without its brand: `Cola Cherry`.
    pub name: String,
    /// Its brand.
    pub brand: String,
    /// Store department.
    pub department: String,
    /// Name of its form, one of those the catalogue was made for.
    pub form: String,
    /// Width, height, depth, metres; width and depth scale alike where the form is round. Generated products keep to
    /// their form's range, a user's may leave it by half.
    pub size_m: Vec3,
    /// Price in cents, never zero.
    pub price_cents: u32,
    /// Thirteen digits, the last of which checks the others. Generated ones lie in the range that the numbering
    /// system leaves to shops, so that they are nobody's.
    pub ean13: String,
    /// Linear base colour of each material that the form lets products recolour.
    pub colours: BTreeMap<String, Vec4>,
}

/// What a label needs to know of a product and does not stand in [`Product`].
#[derive(Clone, Debug)]
pub(super) struct Design {
    pub(super) product: Product,
    pub(super) brand: Brand,
    /// What it is: `Cola`.
    pub(super) good: String,
    /// Which variety: `Cherry`; may be empty.
    pub(super) variety: String,
    pub(super) flavour: Flavour,
    pub(super) amount: String,
    /// Price of a litre or a kilogram, as a tag says it.
    pub(super) unit_price: String,
    /// What is shouted on the pack, if anything.
    pub(super) offer: Option<&'static str>,
    /// Draws of this product.
    pub(super) node: Node,
    /// Width over height, this product's against its form's nominal: label art is drawn as it will look.
    pub(super) stretch: f32,
}

/// Products by number, each made when it is looked at.
///
/// Neighbours are likely to be one brand's, which is how a shop places them.
#[derive(Clone, Debug)]
pub struct Catalogue {
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Generated(Generated),
    Users(Arc<UserGoods>),
}

impl Catalogue {
    /// The catalogue of `count` invented products in `forms`: defined by its seed, it costs nothing to open. It is
    /// empty when no form is at home in any department.
    #[must_use]
    pub fn generate(seed: Seed, count: u32, forms: &[FormSpec]) -> Self {
        Self { source: Source::Generated(Generated::generate(seed, count, forms)) }
    }

    /// A user's catalogue, a .csv or .json file as docs/catalogue.md describes it, for goods that come in `forms`.
    /// Its pictures are looked at, not loaded. What the user does not say (prices, say) is drawn from `seed`.
    ///
    /// With `keep_going`, products with mistakes are left out and listed in [`Catalogue::left_out`].
    ///
    /// # Errors
    /// When the file cannot be read or has mistakes, or no product is left.
    pub fn open(
        path: &Path,
        seed: Seed,
        forms: &[FormSpec],
        keep_going: bool,
    ) -> Result<Self, CatalogueError> {
        Ok(Self { source: Source::Users(Arc::new(UserGoods::open(path, seed, forms, keep_going)?)) })
    }

    /// The products that were left out, and why.
    #[must_use]
    pub fn left_out(&self) -> &LeftOut {
        static NONE: LeftOut = LeftOut::NONE;
        match &self.source {
            Source::Generated(_) => &NONE,
            Source::Users(goods) => goods.left_out(),
        }
    }

    /// Number of products.
    #[must_use]
    pub fn len(&self) -> u32 {
        match &self.source {
            Source::Generated(goods) => goods.len(),
            Source::Users(goods) => goods.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The product at `index`.
    ///
    /// # Panics
    /// When `index` is not below [`Catalogue::len`].
    #[must_use]
    pub fn product(&self, index: u32) -> Product {
        match &self.source {
            Source::Generated(goods) => goods.product(index),
            Source::Users(goods) => goods.design(index).product,
        }
    }

    /// The name of the form of the product at `index`, sooner had than the product.
    ///
    /// # Panics
    /// When `index` is not below [`Catalogue::len`].
    #[must_use]
    pub fn form_of(&self, index: u32) -> &str {
        match &self.source {
            Source::Generated(goods) => &goods.form_of(index).form,
            Source::Users(goods) => &goods.form_of(index).form,
        }
    }

    /// Names of the departments that have products, sorted.
    #[must_use]
    pub fn departments(&self) -> Vec<String> {
        match &self.source {
            Source::Generated(goods) => goods.departments(),
            Source::Users(goods) => goods.departments(),
        }
    }

    /// Indices of a department's products, ascending; none when it is unknown.
    #[must_use]
    pub fn in_department(&self, name: &str) -> Vec<u32> {
        match &self.source {
            Source::Generated(goods) => goods.in_department(name),
            Source::Users(goods) => goods.in_department(name),
        }
    }

    /// The index of the product called `sku`.
    #[must_use]
    pub fn find(&self, sku: &str) -> Option<u32> {
        match &self.source {
            Source::Generated(goods) => goods.find(sku),
            Source::Users(goods) => goods.find(sku),
        }
    }

    /// The SKU most like `sku`, where one is near enough to be meant.
    #[must_use]
    pub fn nearest_sku(&self, sku: &str) -> Option<String> {
        match &self.source {
            Source::Generated(_) => None,
            Source::Users(goods) => goods.nearest_sku(sku),
        }
    }

    /// The forms that products come in.
    #[must_use]
    pub fn forms(&self) -> &[FormSpec] {
        match &self.source {
            Source::Generated(goods) => goods.forms(),
            Source::Users(goods) => goods.forms(),
        }
    }

    /// Whether all is well with the product at `index`: its pictures are decoded in full, which opening does not do.
    ///
    /// # Errors
    /// What is wrong, a line each.
    pub fn check_pictures(&self, index: u32) -> Result<(), Vec<crate::json::Mistake>> {
        match &self.source {
            Source::Generated(_) => Ok(()),
            Source::Users(goods) => goods.check_pictures(index),
        }
    }

    /// What a person should know of the product at `index` though it is no mistake: no picture, a face that its form
    /// does not show, an unusual size.
    #[must_use]
    pub fn notes(&self, index: u32) -> Vec<String> {
        match &self.source {
            Source::Generated(_) => Vec::new(),
            Source::Users(goods) => goods.notes(index),
        }
    }

    /// Which of the shop's looks (of price tags, say) this catalogue's shop has.
    pub(super) fn shop(&self) -> u32 {
        let root = match &self.source {
            Source::Generated(goods) => goods.root(),
            Source::Users(goods) => goods.root(),
        };
        root.draw("shop", |r| r.random_range(0..8))
    }

    /// The form called `name`.
    pub(super) fn form(&self, name: &str) -> Option<&FormSpec> {
        self.forms().iter().find(|form| form.form == name)
    }

    pub(super) fn design(&self, index: u32) -> Design {
        match &self.source {
            Source::Generated(goods) => goods.design(index),
            Source::Users(goods) => goods.design(index),
        }
    }

    /// The user's goods and the row at `index`, where there are any with pictures.
    pub(super) fn pictured(&self, index: u32) -> Option<(&UserGoods, &Row)> {
        match &self.source {
            Source::Generated(_) => None,
            Source::Users(goods) => goods.pictured(index).map(|row| (&**goods, row)),
        }
    }
}
