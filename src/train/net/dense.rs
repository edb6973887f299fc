//! `dense`: an anchor-free one-stage detector for crowded scenes, of the family of FCOS (Tian et al. 2019), `YOLOX`
//! (Ge et al. 2021) and `RTMDet` (Lyu et al. 2022).
//!
//! On the pyramid stands a decoupled head whose convolutions all strides share while each stride has its own
//! normalisation (as in `RTMDet`). Convolutions are dense throughout: grouped ones are slow in the framework's backward
//! pass.

use super::{
    build::{Graph, Init, Level},
    pyramid::{Depth, pyramid},
};

/// Share of cells that are expected to hold something at first (the prior of Lin et al. 2017, section 4.1).
const PRIOR: f32 = 0.01;

/// The network for `classes` classes, and for things with so many keypoints.
#[must_use]
pub fn dense(size: Depth, classes: usize, points: usize) -> Graph {
    let plan = size.plan();
    let mut g = Graph { classes, points, ..Graph::default() };
    let features = pyramid(&mut g, &plan);
    let shared = |g: &mut Graph, branch: &str| -> Vec<usize> {
        (0..plan.head).map(|i| g.kernel(&format!("head.{branch}{i}"), [plan.neck; 2], 3, Init::He)).collect()
    };
    let (class_convs, box_convs) = (shared(&mut g, "class"), shared(&mut g, "box"));
    let class_out = g.kernel("head.logits", [plan.neck, classes], 1, Init::Normal(0.01));
    let class_bias = g.offsets("head.logits", classes, -((1.0 - PRIOR) / PRIOR).ln());
    let box_out = g.kernel("head.sides", [plan.neck, 4], 1, Init::Normal(0.01));
    // Nothing of this is there without keypoints, so that such a network has the same names and numbers as ever.
    let of_points = (points > 0).then(|| {
        let convs = shared(&mut g, "points");
        let out = g.kernel("head.points", [plan.neck, 3 * points], 1, Init::Normal(0.01));
        (convs, out, g.offsets("head.points", 3 * points, 0.0))
    });
    for (index, &feature) in features.iter().enumerate() {
        let branch = |g: &mut Graph, convs: &[usize], what: &str| {
            convs.iter().enumerate().fold(feature, |x, (i, &weight)| {
                let x = g.conv(x, weight, None, 1);
                g.settle(&format!("head.{what}{i}.level{index}"), x, plan.neck)
            })
        };
        let class = branch(&mut g, &class_convs, "class");
        let sides = branch(&mut g, &box_convs, "box");
        // A scale of its own for each stride, as an offset of logarithms: half an object is two cells at first.
        let side_bias = g.offsets(&format!("head.sides.level{index}"), 4, std::f32::consts::LN_2);
        let logits = g.conv(class, class_out, Some(class_bias), 1);
        let sides = g.conv(sides, box_out, Some(side_bias), 1);
        let points = of_points.as_ref().map(|(convs, out, bias)| {
            let x = branch(&mut g, convs, "points");
            g.conv(x, *out, Some(*bias), 1)
        });
        g.levels.push(Level { stride: 4 << index, shapes: 1, logits, sides, points });
    }
    g
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_levels_start_at_stride_4() {
        for (size, levels) in [(Depth::Nano, 3), (Depth::Small, 4), (Depth::Medium, 4)] {
            let graph = dense(size, 3, 17);
            let mut names: Vec<&str> = graph.params.iter().map(|p| p.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), graph.params.len(), "two parameters share a name");
            let strides: Vec<u32> = graph.levels.iter().map(|l| l.stride).collect();
            assert_eq!(strides, (0..levels).map(|i| 4 << i).collect::<Vec<u32>>(), "{size:?}");
            assert_eq!(strides.last(), Some(&size.largest_stride()), "{size:?}");
        }
    }

    #[test]
    fn sizes_are_what_their_descriptions_say() {
        let millions = |size| dense(size, 1, 0).numbers() as f64 / 1e6;
        let (nano, small, medium) = (millions(Depth::Nano), millions(Depth::Small), millions(Depth::Medium));
        assert!((0.2..0.9).contains(&nano), "nano has {nano} million");
        assert!((2.0..4.5).contains(&small), "small has {small} million");
        assert!((7.0..16.0).contains(&medium), "medium has {medium} million");
    }
}
