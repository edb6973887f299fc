//! From a JSON file as written to a [`Recipe`] as meant.

mod dist;
mod recipe;

pub use dist::{Dist, pick};
pub use recipe::{
    CameraRecipe, CategorySet, ChainRecipe, DefocusRecipe, LabelPolicy, LensRecipe, LightPreset, LightRecipe,
    MessRecipe, NoiseRecipe, Outputs, Recipe, ShakeRecipe, ShelfRecipe, Stage, ToneRecipe,
    WhiteBalanceRecipe,
};
