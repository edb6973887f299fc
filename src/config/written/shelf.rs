//! The shelf stage as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;

/// Retail shelves: bays side by side, each with boards of goods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Shelf {
    /// What the goods stand in, and how often each kind is drawn: weights, of which at least one is above 0. Kinds
    /// that are not named here are never drawn.
    pub(in crate::config) fixture: Fixtures,
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
    /// Departments to draw from, all when empty; a bay shows goods of one. Goods of the department `frozen` lie in freezers
    /// alone, and freezers hold no others, unless nothing else is left to draw from.
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
    /// What the shop adds to boards and goods.
    pub(in crate::config) dressing: Dressing,
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
            fixture: Fixtures { gondola: 4.0, wall: 1.0, ..Fixtures::default() },
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
            row_fill: Number::uniform(0.7, 1.0),
            max_rows: Number::uniform(2.0, 5.0),
            spacing_m: Number::uniform(0.002, 0.012),
            setback_m: Number::uniform(0.005, 0.04),
            yaw_jitter_deg: Number::normal(0.0, 4.0, -15.0, 15.0),
            dressing: Dressing::default(),
            mess: Mess::default(),
            tag_share: Number::uniform(0.7, 1.0),
            max_products: 1200,
            planned: true,
        }
    }
}

/// Weights of the kinds of fixture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Fixtures {
    /// Weight of a free-standing gondola.
    pub(in crate::config) gondola: f64,
    /// Weight of shelves along a wall.
    pub(in crate::config) wall: f64,
    /// Weight of the end of a gondola: one bay with a sign, free on both sides.
    pub(in crate::config) end_cap: f64,
    /// Weight of a perforated wall with hooks on which goods hang.
    pub(in crate::config) pegboard: f64,
    /// Weight of an open chiller.
    pub(in crate::config) open_chiller: f64,
    /// Weight of a cooler with glass doors.
    pub(in crate::config) cooler: f64,
    /// Weight of a chest freezer, open above; half of its bays hold goods as they were poured in.
    pub(in crate::config) freezer: f64,
    /// Weight of goods on pallets.
    pub(in crate::config) pallet: f64,
    /// Weight of wire baskets, full of goods as they were poured in; one a bay.
    pub(in crate::config) wire_basket: f64,
}

/// What the shop adds to boards and goods; shares are drawn once per frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct Dressing {
    /// Share of price rails with a printed strip behind the tags.
    pub(in crate::config) strips: Number,
    /// Probability that the boards of a fixture have clear lips at their front edge.
    pub(in crate::config) lips: Number,
    /// Share of blocks of facings that stand in cardboard trays.
    pub(in crate::config) trays: Number,
    /// Share of borders between blocks with a clear divider.
    pub(in crate::config) dividers: Number,
    /// Share of blocks of facings with a card that stands out from the rail.
    pub(in crate::config) wobblers: Number,
    /// Probability that shipping cases stand on top of the fixture.
    pub(in crate::config) cases: Number,
}

impl Default for Dressing {
    fn default() -> Self {
        Self {
            strips: Number::uniform(0.0, 0.8),
            lips: Number::Constant(0.35),
            trays: Number::uniform(0.0, 0.35),
            dividers: Number::uniform(0.0, 0.5),
            wobblers: Number::uniform(0.0, 0.06),
            cases: Number::Constant(0.5),
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
    /// Probability that a front unit leans back against what stands behind it.
    pub(in crate::config) leaning: Number,
    /// Probability that a shopper's arm reaches into the frame; it has no shopper behind it, so that it suits close
    /// views only.
    pub(in crate::config) arm: Number,
    /// Probability that a shopping basket was forgotten before the fixture.
    pub(in crate::config) basket: Number,
    /// Number of other people in the aisle, beyond the ends of the fixture.
    pub(in crate::config) shoppers: Number,
}

impl Default for Mess {
    fn default() -> Self {
        Self {
            sold_out: Number::uniform(0.0, 0.06),
            depleted: Number::uniform(0.0, 0.2),
            pushed_back: Number::uniform(0.0, 0.1),
            turned: Number::uniform(0.0, 0.06),
            misplaced: Number::uniform(0.0, 0.03),
            lying: Number::uniform(0.0, 0.02),
            upside_down: Number::uniform(0.0, 0.01),
            leaning: Number::uniform(0.0, 0.03),
            arm: Number::Constant(0.0),
            basket: Number::Constant(0.04),
            shoppers: Number::uniform(0.0, 3.0),
        }
    }
}
