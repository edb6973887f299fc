//! What a stage asks of a product catalogue.

use crate::art::{Catalogue, Product};

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

    /// Name of the form of the product with this number; may be sooner had than the product.
    fn form_of(&self, index: u32) -> String {
        self.product(index).form
    }

    /// The number of the product called `sku`.
    fn find(&self, sku: &str) -> Option<u32> {
        (0..self.len()).find(|index| self.product(*index).sku == sku)
    }

    /// The SKU most like `sku`, where one is near enough to be meant.
    fn nearest_sku(&self, _sku: &str) -> Option<String> {
        None
    }

    /// Departments that have products, in a fixed order.
    fn departments(&self) -> Vec<String>;

    /// Numbers of a department's products, ascending; empty when there is no such department. Neighbouring
    /// numbers are likely to be one brand's.
    fn in_department(&self, department: &str) -> Vec<u32>;
}

impl Assortment for Catalogue {
    fn len(&self) -> u32 {
        Self::len(self)
    }

    fn product(&self, index: u32) -> Product {
        Self::product(self, index)
    }

    fn form_of(&self, index: u32) -> String {
        Self::form_of(self, index).to_owned()
    }

    fn find(&self, sku: &str) -> Option<u32> {
        Self::find(self, sku)
    }

    fn nearest_sku(&self, sku: &str) -> Option<String> {
        Self::nearest_sku(self, sku)
    }

    fn departments(&self) -> Vec<String> {
        Self::departments(self)
    }

    fn in_department(&self, department: &str) -> Vec<u32> {
        Self::in_department(self, department)
    }
}
