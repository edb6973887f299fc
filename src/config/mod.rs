//! From a JSON file as written to a [`Recipe`] as meant.
//!
//! What a user types and what it means are two types. The structs in `written` mirror the JSON: every field but
//! `stage` may be left out, and their doc comments are the descriptions in the JSON Schema ([`schema()`], committed
//! as `scenes/scene.schema.json`). A [`Recipe`] is what they mean once checked: nothing downstream checks again.
//!
//! ```text
//! text --json--> tree --set--> tree --read--> written --meant--> Recipe
//!                (every value knows            (serde)  (checks)    |
//!                 where it was written)                             v
//!                                     written <--resolve-- Recipe::resolved()
//! ```
//!
//! # Numbers
//! Any numeric field that may vary is a constant, or an object whose only key names a distribution:
//! `{"uniform": [min, max]}`, `{"normal": {"mean": .., "std": .., "min": .., "max": ..}}` (both ends may be left
//! out), `{"log_uniform": [min, max]}`, `{"choice": {"values": [..], "weights": [..]}}`. Units stand in the names:
//! `_m` metres, `_deg` degrees, `_px` pixels, `_ev` stops, `_k` kelvin. Nothing is clamped silently: a value that
//! may leave its field's limits is a mistake.
//!
//! # Kinds and off switches
//! Where there are several kinds of a thing, its only key names the kind: `"stage": {"shelf": {}}`, `"lens":
//! {"pinhole": {}}`. A part that can be switched off is off when it is `null`, and on with its defaults when it is
//! `{}`; left out, it is whatever its default says.
//!
//! # Mistakes
//! A [`ConfigError`] prints one line a mistake, with file, line, column (in characters), JSON path, what was
//! expected and what was found:
//!
//! ```text
//! scenes/shelf.json:12:17: camera.fov_deg: expected 1 to 179, found 500
//! --set camera.fov=60: camera.fov: unknown key "fov"; did you mean `fov_deg`?
//! ```
//!
//! The first mistake of syntax or of shape (an unknown key, a wrong type) ends the reading; mistakes of value are
//! collected, all of them. Where two fields contradict each other, the one that somebody wrote is named.
//!
//! # Example
//! ```
//! use diorama::config::{Override, Recipe};
//!
//! let set = [Override::parse("image.width=320")?];
//! let recipe = Recipe::parse(r#"{"stage": {"shelf": {"bays": 2}}}"#, "mine.json", &set)?;
//! assert_eq!((recipe.name.as_str(), recipe.image.width), ("mine", 320));
//! assert_eq!(Recipe::from_resolved(&recipe.resolved())?, recipe);
//! # Ok::<(), diorama::config::ConfigError>(())
//! ```

mod check;
mod crib;
mod dist;
mod document;
mod error;
mod limits;
mod load;
mod meant;
mod own;
mod planogram;
mod preset;
mod recipe;
mod resolve;
mod scenario;
mod schema;
mod set;
mod written;

use crate::json::{fault, tree as json};

pub use crate::json::{Mistake, Place};
pub use dist::{Dist, pick};
pub use error::ConfigError;
pub use own::{CribMap, InfantMap, OwnModels};
pub use planogram::{At, Bay, Item, Planogram, planogram_schema};
pub use recipe::{
    CameraRecipe, CategorySet, ChainRecipe, CribLight, CribMake, CribRecipe, CribView, DefocusRecipe,
    DressingRecipe, FixtureKind, LabelPolicy, LensRecipe, LightPreset, LightRecipe, MessRecipe, NoiseRecipe,
    Outputs, OwnFiles, Recipe, SequenceRecipe, ShakeRecipe, ShelfRecipe, Stage, ToneRecipe,
    WhiteBalanceRecipe,
};
pub use scenario::Scenario;
pub use schema::schema;
pub use set::Override;
