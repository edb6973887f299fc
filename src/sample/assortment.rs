//! What a stage asks of a product catalogue.

use std::collections::BTreeMap;

use glam::{Vec3, Vec4};

/// One product: what it is, how large, how coloured. Its label art is asked for by its SKU.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Stock keeping unit, unique in its catalogue.
    pub sku: String,
    /// As it is called on the price tag.
    pub name: String,
    /// Its brand.
    pub brand: String,
    /// Where in a store it is at home.
    pub department: String,
    /// Name of its form: a model whose extras describe that form.
    pub form: String,
    /// Width, height and depth, metres.
    pub size_m: Vec3,
    /// Price in hundredths of the currency.
    pub price_cents: u32,
    /// The 13 digits of its barcode.
    pub ean13: String,
    /// Linear base colours of the form's recolourable materials, by material name.
    pub colours: BTreeMap<String, Vec4>,
}

/// Products by number and by department.
pub trait Assortment: std::fmt::Debug + Send + Sync {
    /// Number of products.
    fn len(&self) -> u32;

    /// Whether there is no product.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The product with this number, below [`Assortment::len`]. The same number always gives the same product.
    fn product(&self, index: u32) -> Product;

    /// Departments that have products, in a fixed order.
    fn departments(&self) -> Vec<String>;

    /// Numbers of a department's products, ascending; empty when there is no such department. Neighbouring
    /// numbers are likely to be one brand's.
    fn in_department(&self, department: &str) -> Vec<u32>;
}
