//! One product by itself, as shelves show it.

use std::{collections::BTreeMap, sync::Arc};

use glam::{Affine3A, Vec3};

use super::{
    SampleError,
    forms::{self, Form, Good, Resting},
    list,
};
use crate::{
    art::Product,
    scene::{Facts, Instance, InstanceId, Library, Role},
};

/// Puts single products onto their forms.
#[derive(Debug)]
pub struct Showroom {
    forms: BTreeMap<String, Arc<Form>>,
}

impl Showroom {
    /// Looks up the forms of `library`.
    ///
    /// # Errors
    /// When a form's extras are broken or it lacks a material that they name.
    pub fn new(library: &Library) -> Result<Self, SampleError> {
        Ok(Self { forms: forms::forms(library)? })
    }

    /// The product upright on the origin, its front towards +Z, and its width, height and depth in metres.
    ///
    /// # Errors
    /// When its form is not in the library.
    pub fn instance(&self, product: Product) -> Result<(Instance, Vec3), SampleError> {
        let Some(form) = self.forms.get(&product.form) else {
            return Err(SampleError::MissingForm {
                sku: product.sku,
                form: product.form,
                present: list(self.forms.keys()),
            });
        };
        let good = Good::new(product, Arc::clone(form));
        let (linear, rest) = good.at_rest(Resting::Upright, 0.0);
        let instance = Instance {
            id: InstanceId(1),
            path: "product0".to_owned(),
            class: "product".to_owned(),
            role: Role::Labelled,
            model: Some(good.form.model),
            world_from_object: Affine3A::from_mat3_translation(linear, rest),
            dresses: good.dresses(),
            tint: Vec3::ONE,
            facts: Facts::new(),
        };
        Ok((instance, good.size))
    }
}
