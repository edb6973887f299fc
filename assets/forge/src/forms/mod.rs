//! Product forms. Sizes here are in millimetres.

mod cans;
mod cartons;
mod pet;

use crate::asset::Asset;

/// All of them.
pub(crate) fn all() -> Vec<Asset> {
    let forms = [cans::all(), pet::all(), cartons::all()];
    forms.into_iter().flatten().map(crate::asset::Form::finish).collect()
}
