//! `faster_rcnn`: the two-stage detector of Ren et al. (2015) on a feature pyramid (Lin et al. 2017).
//!
//! A proposal network looks at every cell through anchors of three shapes and says which hold something, and how to
//! move them onto it. What it proposes is cut out of the features ([`cut`]) and looked at once more by full layers,
//! which tell classes apart and move the box again, whatever the class.
//!
//! [`cut`]: crate::train::cut

use super::{
    build::{Graph, Init, Level, Second},
    pyramid::{Depth, pyramid},
};

/// Height over width of the anchors (Ren et al. 2015, section 3.3).
pub const ANCHOR_RATIOS: [f32; 3] = [0.5, 1.0, 2.0];
/// Cells that a region is cut into, along either side (Lin et al. 2017, section 4.2).
pub const REGION_SIDE: usize = 7;

/// The network for `classes` classes.
#[must_use]
pub fn faster_rcnn(size: Depth, classes: usize) -> Graph {
    let plan = size.plan();
    let mut g = Graph { classes, ..Graph::default() };
    let features = pyramid(&mut g, &plan);

    let shapes = ANCHOR_RATIOS.len();
    let conv = g.kernel("proposals.conv", [plan.neck; 2], 3, Init::He);
    let logits_out = g.kernel("proposals.logits", [plan.neck, shapes], 1, Init::Normal(0.01));
    let logits_bias = g.offsets("proposals.logits", shapes, 0.0);
    let sides_out = g.kernel("proposals.sides", [plan.neck, 4 * shapes], 1, Init::Normal(0.01));
    let sides_bias = g.offsets("proposals.sides", 4 * shapes, 0.0);
    for (index, &feature) in features.iter().enumerate() {
        let x = g.conv(feature, conv, None, 1);
        let x = g.settle(&format!("proposals.conv.level{index}"), x, plan.neck);
        let logits = g.conv(x, logits_out, Some(logits_bias), 1);
        let sides = g.conv(x, sides_out, Some(sides_bias), 1);
        g.levels.push(Level { stride: 4 << index, shapes, logits, sides, points: None });
    }

    let start = g.layers.len();
    let mut x = g.regions();
    let mut from = plan.neck * REGION_SIDE * REGION_SIDE;
    for number in 0..2 {
        x = g.full(&format!("regions.full{number}"), x, [from, plan.full], Init::He);
        x = g.silu(x);
        from = plan.full;
    }
    let logits = g.full("regions.logits", x, [from, classes + 1], Init::Normal(0.01));
    let sides = g.full("regions.sides", x, [from, 4], Init::Normal(0.001));
    g.second = Some(Second { features, start, logits, sides });
    g
}
