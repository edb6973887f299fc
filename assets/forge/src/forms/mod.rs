//! Product forms. Sizes here are in millimetres.

mod beverage_cartons;
mod cans;
mod cartons;
mod cleaning;
mod glass;
mod packs;
mod pet;
mod soft;
mod tins;
mod tubs;

use crate::asset::Asset;

/// All of them.
pub(crate) fn all() -> Vec<Asset> {
    let forms = [
        cans::all(),
        pet::all(),
        glass::all(),
        tins::all(),
        beverage_cartons::all(),
        cartons::all(),
        soft::all(),
        tubs::all(),
        cleaning::all(),
        packs::all(),
    ];
    forms.into_iter().flatten().map(crate::asset::Form::finish).collect()
}
