//! What is told of a unit as it was found, wherever it came to be.

use glam::Affine3A;
use serde_json::json;

use super::stock::Place;
use crate::{
    sample::{
        forms::Good,
        placing::{Thing, facts},
    },
    scene::{Facts, Pose, Role},
    seed::Node,
};

/// A unit in its place.
pub(super) struct Found<'a> {
    pub(super) good: &'a Good,
    pub(super) world_from_object: Affine3A,
    pub(super) pose: Pose,
    /// Its turn about the vertical, radians.
    pub(super) yaw: f32,
}

impl Found<'_> {
    /// The unit as an instance; `place` says where it belongs.
    pub(super) fn thing(&self, place: Facts, node: &Node) -> Thing {
        let goods = &self.good.product;
        let mut told = facts([
            ("sku", json!(goods.sku)),
            ("name", json!(goods.name)),
            ("form", json!(goods.form)),
            ("brand", json!(goods.brand)),
            ("department", json!(goods.department)),
            ("price_cents", json!(goods.price_cents)),
        ]);
        told.extend(place);
        told.extend(facts([("yaw_deg", json!(half_open_degrees(self.yaw))), ("pose", json!(self.pose))]));
        Thing {
            path: node.path().to_owned(),
            class: "product",
            role: Role::Labelled,
            model: Some(self.good.form.model),
            world_from_object: self.world_from_object,
            dresses: self.good.dresses(),
            tint: glam::Vec3::ONE,
            facts: told,
        }
    }
}

/// Facts that place a unit in a facing.
pub(super) fn in_facing((bay, shelf, facing): Place, (row, stack): (usize, usize)) -> Facts {
    let mut told = on_board(bay, shelf);
    told.extend(facts([("facing", json!(facing)), ("row", json!(row)), ("stack", json!(stack))]));
    told
}

/// Facts that place something in a heap.
pub(super) fn in_heap(bay: usize, heap: usize) -> Facts {
    let mut told = on_board(bay, 0);
    told.extend(facts([("heap", json!(heap))]));
    told
}

/// Facts that place something on a board.
pub(super) fn on_board(bay: usize, shelf: usize) -> Facts {
    facts([("bay", json!(bay)), ("shelf", json!(shelf))])
}

/// Degrees in (-180, 180], to a thousandth.
fn half_open_degrees(radians: f32) -> f64 {
    let turn = f64::from(radians).to_degrees().rem_euclid(360.0);
    let thousandths = ((if turn > 180.0 { turn - 360.0 } else { turn }) * 1000.0).round();
    if thousandths <= -180_000.0 { 180.0 } else { thousandths / 1000.0 }
}
