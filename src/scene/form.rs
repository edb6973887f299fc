//! What a stager must know of a product form: read from a glTF's `extras`.
//!
//! A form's file carries `extras: {"diorama": {...}}` on its default scene, in the shape of [`FormSpec`]. Object
//! frame of every form: origin at the middle of its bottom, +Y up, the label's front towards +Z, metres.

use glam::Vec3;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// How a unit may come to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pose {
    /// As it is meant to stand.
    Upright,
    /// On its side.
    Lying,
    /// On its head.
    UpsideDown,
    /// Against a neighbour or the back.
    Leaning,
}

/// A place on a form that takes label art.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSlot {
    /// Its name in art keys: `label`, `top` ...
    pub name: String,
    /// Name of the material whose base colour texture it is; its texture coordinates span the unit square.
    pub material: String,
    /// Width over height of the art, as it lies on the form at nominal size.
    pub aspect: f32,
    /// The front within the art: left, top, right, bottom in texture coordinates (v down).
    pub front_uv: [f32; 4],
    /// Whether left and right edge meet (a sleeve round a can).
    pub wraps: bool,
}

/// A product form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSpec {
    /// Its name: `can`, `cereal_box` ...
    pub form: String,
    /// Width, height, depth as modelled, metres.
    pub size_m: Vec3,
    /// Smallest real goods of this form.
    pub size_min_m: Vec3,
    /// Largest.
    pub size_max_m: Vec3,
    /// Whether width and depth must scale alike.
    pub round: bool,
    /// Store departments where it is at home.
    pub departments: Vec<String>,
    /// Poses it can take.
    pub poses: Vec<Pose>,
    /// Most units on top of each other, 1 when it does not stack.
    pub stack: u32,
    /// Whether it is never strewn or dropped.
    pub fragile: bool,
    /// Label slots; the first is the main one.
    pub slots: Vec<LabelSlot>,
    /// Names of materials that may be recoloured per product: `cap`, `body`, `content` ...
    pub recolour: Vec<String>,
    /// Points on the front of the main label, object frame, metres, at nominal size.
    pub front_points: Vec<Vec3>,
}

/// Why `extras` describe no form.
#[derive(Debug, Error)]
#[error("extras.diorama describes no product form: {0}")]
pub struct FormError(String);

impl FormSpec {
    /// Reads a model's extras; `None` when it is no product form (`extras.diorama` is missing or has no `form`).
    ///
    /// # Errors
    /// When it calls itself a form but fields are missing, unknown or of the wrong type.
    pub fn from_extras(extras: &Value) -> Result<Option<Self>, FormError> {
        match extras.get("diorama") {
            Some(spec) if spec.get("form").is_some() => {
                serde_json::from_value(spec.clone()).map(Some).map_err(|e| FormError(e.to_string()))
            }
            _ => Ok(None),
        }
    }
}
