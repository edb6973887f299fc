//! The shelf stage as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;

/// Retail shelves: bays side by side, each with boards of goods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Shelf {
    /// Number of bays side by side, rounded.
    pub(in crate::config) bays: Number,
    /// Width of a bay, metres.
    pub(in crate::config) bay_width_m: Number,
    /// Boards per bay, the lowest included, rounded. At most 3 m high together: the most boards times the largest
    /// `board_gap_m`.
    pub(in crate::config) boards: Number,
    /// Clear height between boards, metres; stretched where the tallest planned product needs more.
    pub(in crate::config) board_gap_m: Number,
    /// Depth of the boards, metres.
    pub(in crate::config) depth_m: Number,
    /// Number of different products of the generated catalogue to draw from.
    pub(in crate::config) assortment: u32,
    /// A catalogue of your own in place of the generated one: a .csv or .json file, its path relative to this file.
    pub(in crate::config) catalogue: Option<String>,
    /// Products of your own catalogue that have mistakes are left out and listed; false stops at them.
    pub(in crate::config) keep_going: bool,
    /// A planogram of your own, a .json file, its path relative to this file: which product stands where. It decides
    /// bays, boards and facings; `mess` still happens.
    pub(in crate::config) planogram: Option<String>,
    /// Departments to draw from, all when empty; a bay shows goods of one.
    pub(in crate::config) departments: Vec<String>,
    /// Product forms to draw from, all when empty.
    pub(in crate::config) forms: Vec<String>,
    /// Facings (columns side by side) per product, rounded.
    pub(in crate::config) facings: Number,
    /// Share of the board's depth that is filled with rows.
    pub(in crate::config) row_fill: Number,
    /// Most rows in depth, rounded.
    pub(in crate::config) max_rows: Number,
    /// Free width between facings, metres.
    pub(in crate::config) spacing_m: Number,
    /// Distance of the front row from the board's front edge, metres; leaves at least 0.05 m of the board's depth.
    pub(in crate::config) setback_m: Number,
    /// Turn of each unit about the vertical, degrees.
    pub(in crate::config) yaw_jitter_deg: Number,
    /// What shoppers did to the tidy shelf.
    pub(in crate::config) mess: Mess,
    /// Share of facings with a price tag.
    pub(in crate::config) tag_share: Number,
    /// Most products in a frame, the hidden ones in the back rows included; a plan that reaches it stops there.
    pub(in crate::config) max_products: u32,
    /// Whether products are placed by plan; false strews them over the boards at random (for ablations).
    pub(in crate::config) planned: bool,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            bays: Number::uniform(3.0, 4.0),
            bay_width_m: Number::uniform(0.9, 1.3),
            boards: Number::uniform(5.0, 7.0),
            board_gap_m: Number::uniform(0.24, 0.36),
            depth_m: Number::uniform(0.35, 0.5),
            assortment: 2000,
            catalogue: None,
            keep_going: false,
            planogram: None,
            departments: Vec::new(),
            forms: Vec::new(),
            facings: Number::uniform(1.0, 5.0),
            row_fill: Number::uniform(0.5, 1.0),
            max_rows: Number::uniform(1.0, 3.0),
            spacing_m: Number::uniform(0.002, 0.012),
            setback_m: Number::uniform(0.005, 0.04),
            yaw_jitter_deg: Number::normal(0.0, 4.0, -15.0, 15.0),
            mess: Mess::default(),
            tag_share: Number::uniform(0.7, 1.0),
            max_products: 1200,
            planned: true,
        }
    }
}

/// Probabilities of what happens to a tidy shelf, each drawn once per frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Mess {
    /// Probability that a facing is sold out.
    pub(in crate::config) sold_out: Number,
    /// Probability that a facing's front rows are gone.
    pub(in crate::config) depleted: Number,
    /// Probability that a unit was pushed back.
    pub(in crate::config) pushed_back: Number,
    /// Probability that a unit is turned by any angle.
    pub(in crate::config) turned: Number,
    /// Probability that a unit of another product stands in a facing.
    pub(in crate::config) misplaced: Number,
    /// Probability that a unit lies.
    pub(in crate::config) lying: Number,
    /// Probability that a unit stands upside down.
    pub(in crate::config) upside_down: Number,
}

impl Default for Mess {
    fn default() -> Self {
        Self {
            sold_out: Number::uniform(0.0, 0.1),
            depleted: Number::uniform(0.0, 0.2),
            pushed_back: Number::uniform(0.0, 0.1),
            turned: Number::uniform(0.0, 0.06),
            misplaced: Number::uniform(0.0, 0.03),
            lying: Number::uniform(0.0, 0.02),
            upside_down: Number::uniform(0.0, 0.01),
        }
    }
}
