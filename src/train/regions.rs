//! What a region looks like: features cut out at a common size (`RoIAlign`, He et al. 2017, section 3).

use burn::tensor::{Tensor, TensorData};

use super::{
    cells::{Edges, area},
    loss::places as placed,
    net::REGION_SIDE,
};

/// Samples along either side of each of a region's cells.
pub(super) const SAMPLES: usize = 2;
/// A region as large as so many strides of a level is cut out of the next (Lin et al. 2017, equation 1).
pub(super) const COARSER_FROM: f32 = 28.0;

/// A part of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Which picture of the batch.
    pub picture: usize,
    /// Its box, pixels of the network's input.
    pub edges: Edges,
}

/// Along one axis: two neighbouring cells and the weight of each.
type Tap = [(usize, f32); 2];

/// Cuts regions out of features, finest level first, `[pictures, channels, rows, columns]` with cells of `strides`
/// pixels: `[regions, channels, side, side]`. Each region comes from the level that suits its size. There must be at least
/// one.
#[must_use]
pub fn cut(features: &[Tensor<4>], strides: &[u32], regions: &[Region]) -> Tensor<4> {
    let device = features[0].device();
    let channels = features[0].dims()[1];
    let (mut rows, mut grids, mut first) = (Vec::new(), Vec::new(), 0);
    for feature in features {
        let [n, c, h, w] = feature.dims();
        rows.push(feature.clone().permute([0, 2, 3, 1]).reshape([n * h * w, c]));
        grids.push((first, h, w));
        first += n * h * w;
    }
    let (mut places, mut weights) = (Vec::new(), Vec::new());
    for region in regions {
        let level = level(region.edges, strides);
        let (first, h, w) = grids[level];
        let xs = taps(region.edges[0], region.edges[2], strides[level], w);
        let ys = taps(region.edges[1], region.edges[3], strides[level], h);
        for cell_ys in ys.chunks_exact(SAMPLES) {
            for cell_xs in xs.chunks_exact(SAMPLES) {
                for &(y, wy) in cell_ys.iter().flatten() {
                    for &(x, wx) in cell_xs.iter().flatten() {
                        places.push(first + (region.picture * h + y) * w + x);
                        weights.push(wx * wy);
                    }
                }
            }
        }
    }
    let count = places.len();
    let cells = regions.len() * REGION_SIDE * REGION_SIDE;
    let weights = Tensor::<2>::from_data(TensorData::new(weights, [count, 1]), &device);
    let looked_up = Tensor::cat(rows, 0).select(0, placed(&places, &device)) * weights;
    looked_up
        .reshape([cells, count / cells, channels])
        .sum_dim(1)
        .reshape([regions.len(), REGION_SIDE, REGION_SIDE, channels])
        .permute([0, 3, 1, 2])
}

/// The level that suits a box's size.
fn level(edges: Edges, strides: &[u32]) -> usize {
    let side = area(edges).max(0.0).sqrt();
    #[expect(clippy::cast_precision_loss, reason = "strides")]
    let coarser = |stride: &&u32| side >= COARSER_FROM * **stride as f32;
    strides[..strides.len() - 1].iter().take_while(coarser).count()
}

/// Samples of all cells along an axis, between the centres of the features' cells; samples beyond the features weigh
/// nothing. A weight holds its share of the mean over a cell's samples.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "indices of features, clamped to them"
)]
fn taps(low: f32, high: f32, stride: u32, limit: usize) -> Vec<Tap> {
    let scale = 1.0 / stride as f32;
    let (start, length) = (low * scale - 0.5, (high - low) * scale);
    let count = REGION_SIDE * SAMPLES;
    let one = |index: usize| {
        let at = start + (index as f32 + 0.5) * length / count as f32;
        if at < -1.0 || at > limit as f32 {
            return [(0, 0.0); 2];
        }
        let at = at.clamp(0.0, (limit - 1) as f32);
        let cell = (at as usize).min(limit - 1);
        let part = at - cell as f32;
        let share = 1.0 / SAMPLES as f32;
        [(cell, (1.0 - part) * share), ((cell + 1).min(limit - 1), part * share)]
    };
    (0..count).map(one).collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::train::net::numbers;

    /// Features whose value is linear in the picture's x and y are cut out at the cells' centres.
    #[test]
    fn linear_features_give_the_cells_centres() {
        let device = Device::flex();
        let strides = [4, 8];
        let feature = |stride: f32, h: usize, w: usize| {
            let at = |i: usize| {
                let (picture, y, x) = (i / (h * w), i / w % h, i % w);
                let (x, y) = ((x as f32 + 0.5) * stride, (y as f32 + 0.5) * stride);
                picture as f32 * 1000.0 + stride * 100.0 + x + 3.0 * y
            };
            let values: Vec<f32> = (0..2 * h * w).map(at).collect();
            Tensor::<4>::from_data(TensorData::new(values, [2, 1, h, w]), &device)
        };
        let features = [feature(4.0, 60, 80), feature(8.0, 30, 40)];
        let regions = [
            Region { picture: 0, edges: [20.0, 30.0, 62.0, 51.0] },
            Region { picture: 1, edges: [40.0, 24.0, 180.0, 220.0] },
        ];
        let out = cut(&features, &strides, &regions);
        assert_eq!(out.dims(), [2, 1, 7, 7], "one map a region");
        let out = numbers(&out).expect("readable");
        for (index, (region, stride)) in regions.iter().zip([4.0f32, 8.0]).enumerate() {
            let [l, t, r, b] = region.edges;
            for cell in 0..49 {
                let (column, row) = ((cell % 7) as f32 + 0.5, (cell / 7) as f32 + 0.5);
                let (x, y) = (l + (r - l) * column / 7.0, t + (b - t) * row / 7.0);
                let expected = region.picture as f32 * 1000.0 + stride * 100.0 + x + 3.0 * y;
                let got = out[index * 49 + cell];
                assert!((got - expected).abs() < 2e-3, "region {index}, cell {cell}: {got}, not {expected}");
            }
        }
    }

    #[test]
    fn nothing_is_seen_beyond_the_picture() {
        let device = Device::flex();
        let ones = Tensor::<4>::ones([1, 2, 8, 8], &device);
        let regions = [Region { picture: 0, edges: [40.0, 0.0, 72.0, 20.0] }];
        assert_eq!(
            numbers(&cut(std::slice::from_ref(&ones), &[4], &regions)).expect("readable"),
            [0.0; 98],
            "outside"
        );
        let inside = [Region { picture: 0, edges: [0.0, 0.0, 32.0, 32.0] }];
        let seen = numbers(&cut(&[ones], &[4], &inside)).expect("readable");
        assert!(seen.iter().all(|v| (v - 1.0).abs() < 1e-5), "{seen:?}");
    }

    #[test]
    fn larger_regions_come_from_coarser_levels() {
        let of = |side: f32| level([0.0, 0.0, side, side], &[4, 8, 16]);
        assert_eq!(
            [20.0, 111.0, 113.0, 223.0, 225.0, 4000.0].map(of),
            [0, 0, 1, 1, 2, 2],
            "by powers of two"
        );
    }
}
