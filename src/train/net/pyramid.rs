//! What both architectures see with: a residual backbone (He et al. 2016) under a top-down feature pyramid (Lin et al.
//! 2017), from stride 4 on, since products on a shelf are small.

use serde::{Deserialize, Serialize};

use super::build::{Graph, ValueId};

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
pub(super) struct Plan {
    stem: usize,
    /// Channels from stride 4 on.
    widths: &'static [usize],
    /// Residual blocks from stride 4 on.
    blocks: &'static [usize],
    /// Channels of every level of the pyramid.
    pub(super) neck: usize,
    /// Convolutions of each branch of a head.
    pub(super) head: usize,
    /// Channels of the full layers that look at regions.
    pub(super) full: usize,
}

impl Depth {
    pub(super) fn plan(self) -> Plan {
        match self {
            Self::Nano => {
                Plan { stem: 16, widths: &[24, 48, 96], blocks: &[1, 1, 1], neck: 32, head: 1, full: 128 }
            }
            Self::Small => Plan {
                stem: 24,
                widths: &[48, 96, 160, 256],
                blocks: &[1, 2, 2, 1],
                neck: 64,
                head: 2,
                full: 512,
            },
            Self::Medium => Plan {
                stem: 32,
                widths: &[64, 128, 256, 448],
                blocks: &[2, 3, 3, 2],
                neck: 128,
                head: 2,
                full: 1024,
            },
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

/// Adds backbone and pyramid to a network that is empty so far; gives the levels' features, finest first.
pub(super) fn pyramid(g: &mut Graph, plan: &Plan) -> Vec<ValueId> {
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
    features
}
