//! `dense`: an anchor-free one-stage detector for crowded scenes, of the family of FCOS (Tian et al. 2019), `YOLOX`
//! (Ge et al. 2021) and `RTMDet` (Lyu et al. 2022).
//!
//! A residual backbone, a top-down feature pyramid (Lin et al. 2017) from stride 4 on, since products on a shelf are
//! small, and a decoupled head whose convolutions all strides share while each stride has its own normalisation (as
//! in `RTMDet`). Convolutions are dense throughout: grouped ones are slow in the framework's backward pass.

use serde::{Deserialize, Serialize};

use super::build::{Graph, Init, Level};

/// How large the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// A few hundred thousand numbers, strides 4 to 16: for processors.
    Nano,
    /// About three million, strides 4 to 32.
    Small,
    /// About ten million, strides 4 to 32.
    Medium,
}

/// Widths and depths of one size.
struct Plan {
    stem: usize,
    /// Channels from stride 4 on.
    widths: &'static [usize],
    /// Residual blocks from stride 4 on.
    blocks: &'static [usize],
    neck: usize,
    head: usize,
}

impl Depth {
    fn plan(self) -> Plan {
        match self {
            Self::Nano => Plan { stem: 16, widths: &[24, 48, 96], blocks: &[1, 1, 1], neck: 32, head: 1 },
            Self::Small => {
                Plan { stem: 24, widths: &[48, 96, 160, 256], blocks: &[1, 2, 2, 1], neck: 64, head: 2 }
            }
            Self::Medium => {
                Plan { stem: 32, widths: &[64, 128, 256, 448], blocks: &[2, 3, 3, 2], neck: 128, head: 2 }
            }
        }
    }

    /// Pixels per cell of the coarsest level; pictures are padded to multiples of it.
    #[must_use]
    pub fn largest_stride(self) -> u32 {
        match self {
            Self::Nano => 16,
            Self::Small | Self::Medium => 32,
        }
    }
}

/// Share of cells that are expected to hold something at first (the prior of Lin et al. 2017, section 4.1).
const PRIOR: f32 = 0.01;

/// The network for `classes` classes.
#[must_use]
pub fn dense(size: Depth, classes: usize) -> Graph {
    let plan = size.plan();
    let mut g = Graph { classes, ..Graph::default() };
    let mut x = g.block("stem", 0, [3, plan.stem], 3, 2);
    let mut from = plan.stem;
    let mut stages = Vec::new();
    for (stage, (&width, &blocks)) in plan.widths.iter().zip(plan.blocks).enumerate() {
        x = g.block(&format!("stage{stage}.down"), x, [from, width], 3, 2);
        for block in 0..blocks {
            x = g.residual(&format!("stage{stage}.block{block}"), x, width);
        }
        from = width;
        stages.push((x, width));
    }
    let mut features = Vec::new();
    let mut above = None;
    for (stage, &(x, width)) in stages.iter().enumerate().rev() {
        let mut y = g.block(&format!("neck{stage}.side"), x, [width, plan.neck], 1, 1);
        if let Some(above) = above {
            y = g.add_doubled(y, above);
        }
        y = g.block(&format!("neck{stage}.out"), y, [plan.neck; 2], 3, 1);
        above = Some(y);
        features.push(y);
    }
    features.reverse();

    let shared = |g: &mut Graph, branch: &str| -> Vec<usize> {
        (0..plan.head).map(|i| g.kernel(&format!("head.{branch}{i}"), [plan.neck; 2], 3, Init::He)).collect()
    };
    let (class_convs, box_convs) = (shared(&mut g, "class"), shared(&mut g, "box"));
    let class_out = g.kernel("head.logits", [plan.neck, classes], 1, Init::Normal(0.01));
    let class_bias = g.offsets("head.logits", classes, -((1.0 - PRIOR) / PRIOR).ln());
    let box_out = g.kernel("head.sides", [plan.neck, 4], 1, Init::Normal(0.01));
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
        g.levels.push(Level { stride: 4 << index, logits, sides });
    }
    g
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_levels_start_at_stride_4() {
        for (size, levels) in [(Depth::Nano, 3), (Depth::Small, 4), (Depth::Medium, 4)] {
            let graph = dense(size, 3);
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
        let millions = |size| dense(size, 1).numbers() as f64 / 1e6;
        let (nano, small, medium) = (millions(Depth::Nano), millions(Depth::Small), millions(Depth::Medium));
        assert!((0.2..0.9).contains(&nano), "nano has {nano} million");
        assert!((2.0..4.5).contains(&small), "small has {small} million");
        assert!((7.0..16.0).contains(&medium), "medium has {medium} million");
    }
}
