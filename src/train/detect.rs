//! A trained detector at work.

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    TrainError,
    augment::Canvas,
    batch::normalised,
    cells::{Cells, Edges, iou},
    checkpoint::Model,
    config::ModelConfig,
    net::{Graph, Statistics, fold, forward, numbers},
    sample::Sample,
};
use crate::geometry::BoxPx;

/// One thing found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Index of its class.
    pub class: usize,
    /// How sure, 0 to 1.
    pub score: f32,
    /// Where, in the picture's pixels.
    pub bbox: BoxPx,
}

/// What is kept of what the network says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keep {
    /// Smallest score.
    pub score: f32,
    /// Of two boxes of one class that overlap more than this, the surer one stays.
    pub overlap: f32,
    /// Most detections a picture.
    pub most: usize,
    /// Pictures with a side longer than this are looked at in tiles of this size, pixels; `None` shrinks them.
    pub tile: Option<u32>,
}

impl Default for Keep {
    fn default() -> Self {
        Self { score: 0.05, overlap: 0.6, most: 300, tile: None }
    }
}

/// Share of a tile that its neighbour covers again.
const TILE_OVERLAP: f64 = 0.25;
/// Detections of one tile or picture that enter the suppression of doubles.
const CANDIDATES: usize = 5000;

/// A detector on a device.
#[derive(Debug)]
pub struct Detector {
    config: ModelConfig,
    graph: Graph,
    weights: Vec<Tensor<1>>,
    device: Device,
}

impl Detector {
    /// Puts a model on a device; normalisations are folded into the convolutions before them.
    #[must_use]
    pub fn new(model: &Model, device: &Device) -> Self {
        let (graph, weights) = fold(&model.graph, &model.weights);
        let weights = weights.to_device(device);
        Self { config: model.config.clone(), graph, weights, device: device.clone() }
    }

    /// Its classes, input and normalisation.
    #[must_use]
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Everything that the network says about pictures `[pictures, 3, height, width]`, 0 to 1, whose sides are
    /// multiples of the largest stride: scores `[pictures, cells, classes]`, boxes `[pictures, cells, 4]` in pixels.
    ///
    /// # Errors
    /// When the device fails.
    pub fn everything(&self, planes: Vec<f32>, size: [u32; 2]) -> Result<(Vec<f32>, Vec<f32>), TrainError> {
        let pixels = size[0] as usize * size[1] as usize * 3;
        let pictures = planes.len() / pixels.max(1);
        let (classes, cells) = (self.graph.classes, Cells::new(&self.graph, size));
        let (logits, sides) = self.pass(planes, pictures, size)?;
        let n = cells.count;
        let (mut scores, mut boxes) = (Vec::new(), Vec::new());
        for picture in 0..pictures {
            for cell in 0..n {
                let logit = |class: usize| logits[(picture * classes + class) * n + cell];
                scores.extend((0..classes).map(|class| 1.0 / (1.0 + (-logit(class)).exp())));
                let sides = [0, 1, 2, 3].map(|side| sides[(picture * 4 + side) * n + cell]);
                boxes.extend(cells.decode(cell, sides));
            }
        }
        Ok((scores, boxes))
    }

    /// One pass: logits `[pictures, classes, cells]` and sides `[pictures, 4, cells]`.
    fn pass(
        &self,
        planes: Vec<f32>,
        pictures: usize,
        size: [u32; 2],
    ) -> Result<(Vec<f32>, Vec<f32>), TrainError> {
        let shape = [pictures, 3, size[1] as usize, size[0] as usize];
        let x = Tensor::from_data(TensorData::new(planes, shape), &self.device);
        let x = normalised(x, self.config.mean, self.config.std);
        let raw = forward(&self.graph, &self.weights, x, Statistics::Kept);
        Ok((numbers(&raw.logits)?, numbers(&raw.sides)?))
    }

    /// Finds things on a picture; surest first.
    ///
    /// # Errors
    /// When the device fails.
    pub fn detect(&self, picture: &Sample, keep: &Keep) -> Result<Vec<Detection>, TrainError> {
        let tiles = keep.tile.filter(|&t| picture.width > t || picture.height > t);
        let Some(side) = tiles else {
            let found = self.look(picture, keep.score)?;
            return Ok(suppress(found, keep));
        };
        let mut all = Vec::new();
        for [x, y, w, h] in tiling(picture.width, picture.height, side) {
            for mut found in self.look(&crop(picture, [x, y, w, h]), keep.score)? {
                let b = found.bbox;
                let inner = |from: u32, len: u32, limit: u32, low: f64, high: f64| {
                    let cut = |edge: f64, at: u32| (edge - f64::from(at)).abs() < 2.0;
                    (from == 0 || !cut(low, 0)) && (from + len == limit || !cut(high, len))
                };
                // What a tile's inner edge cuts is whole in the neighbour.
                if inner(x, w, picture.width, b.x, b.right()) && inner(y, h, picture.height, b.y, b.bottom())
                {
                    found.bbox.x += f64::from(x);
                    found.bbox.y += f64::from(y);
                    all.push(found);
                }
            }
        }
        Ok(suppress(all, keep))
    }

    /// One pass over one picture, shrunk or grown to the model's input: everything above a score, doubles included.
    fn look(&self, picture: &Sample, least: f32) -> Result<Vec<Detection>, TrainError> {
        let [w, h] = self.config.input;
        let stride = self.config.size.largest_stride();
        let longest = f64::from(w.max(h));
        let fit = longest / f64::from(picture.width.max(picture.height));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the input's longer side, plus a stride"
        )]
        let side = |v: u32| ((f64::from(v) * fit - 1e-9).ceil() as u32).next_multiple_of(stride);
        let size = [side(picture.width), side(picture.height)];
        let (canvas, scale) = Canvas::fitted_by(picture, size, fit);
        let cells = Cells::new(&self.graph, size);
        let (logits, sides) = self.pass(canvas.planes, 1, size)?;
        let limits = [f64::from(picture.width), f64::from(picture.height)];
        Ok(read(&cells, self.graph.classes, &logits, &sides, least)
            .into_iter()
            .filter_map(|(class, score, edges)| {
                let edges = edges.map(|e| f64::from(e) / scale);
                let [l, t] = [0, 1].map(|i| edges[i].clamp(0.0, limits[i]));
                let [r, b] = [2, 3].map(|i| edges[i].clamp(0.0, limits[i - 2]));
                (r - l > 0.0 && b - t > 0.0).then(|| Detection {
                    class,
                    score,
                    bbox: BoxPx::from_edges(l, t, r, b),
                })
            })
            .collect())
    }
}

/// What the network says about one picture: class, score and box of everything above a score, surest first.
fn read(
    cells: &Cells,
    classes: usize,
    logits: &[f32],
    sides: &[f32],
    least: f32,
) -> Vec<(usize, f32, Edges)> {
    let n = cells.count;
    let floor = (least / (1.0 - least)).ln();
    let mut found: Vec<(usize, usize)> =
        (0..classes * n).filter(|&at| logits[at] >= floor).map(|at| (at / n, at % n)).collect();
    found.sort_by(|a, b| logits[b.0 * n + b.1].total_cmp(&logits[a.0 * n + a.1]).then(a.cmp(b)));
    found.truncate(CANDIDATES);
    found
        .into_iter()
        .map(|(class, cell)| {
            let score = 1.0 / (1.0 + (-logits[class * n + cell]).exp());
            (class, score, cells.decode(cell, [0, 1, 2, 3].map(|side| sides[side * n + cell])))
        })
        .collect()
}

/// Greedy non-maximum suppression, class by class; surest first.
#[must_use]
pub fn suppress(mut found: Vec<Detection>, keep: &Keep) -> Vec<Detection> {
    found.sort_by(|a, b| {
        let place = |d: &Detection| [d.bbox.x, d.bbox.y, d.bbox.w, d.bbox.h];
        b.score
            .total_cmp(&a.score)
            .then(a.class.cmp(&b.class))
            .then_with(|| place(a).partial_cmp(&place(b)).unwrap_or(std::cmp::Ordering::Equal))
    });
    #[expect(clippy::cast_possible_truncation, reason = "pixels fit single precision")]
    let edges =
        |d: &Detection| [d.bbox.x as f32, d.bbox.y as f32, d.bbox.right() as f32, d.bbox.bottom() as f32];
    let mut kept: Vec<Detection> = Vec::new();
    for one in found {
        if kept.len() == keep.most {
            break;
        }
        let doubled = kept.iter().any(|k| k.class == one.class && iou(edges(k), edges(&one)) > keep.overlap);
        if !doubled {
            kept.push(one);
        }
    }
    kept
}

/// Tiles that cover a picture with overlap: x, y, width, height. The last of a row or column lies against the edge.
fn tiling(width: u32, height: u32, side: u32) -> Vec<[u32; 4]> {
    let starts = |length: u32| -> Vec<u32> {
        if length <= side {
            return vec![0];
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of the tile's side"
        )]
        let most = (f64::from(side) * (1.0 - TILE_OVERLAP)) as u32;
        let count = (length - side).div_ceil(most.max(1));
        let at = |i: u32| u64::from(length - side) * u64::from(i) / u64::from(count);
        (0..=count).map(|i| u32::try_from(at(i)).unwrap_or(0)).collect()
    };
    let columns = starts(width);
    let (w, h) = (width.min(side), height.min(side));
    starts(height).into_iter().flat_map(|y| columns.iter().map(move |&x| [x, y, w, h])).collect()
}

/// A part of a picture, without its objects.
fn crop(picture: &Sample, [x, y, width, height]: [u32; 4]) -> Sample {
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in y..y + height {
        let start = (row as usize * picture.width as usize + x as usize) * 3;
        rgb.extend_from_slice(&picture.rgb[start..start + width as usize * 3]);
    }
    Sample { name: picture.name.clone(), width, height, rgb, objects: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(class: usize, score: f32, x: f64) -> Detection {
        Detection { class, score, bbox: BoxPx { x, y: 0.0, w: 10.0, h: 10.0 } }
    }

    #[test]
    fn of_doubles_the_surest_stays() {
        let keep = Keep { overlap: 0.5, most: 10, ..Keep::default() };
        let all = vec![found(0, 0.5, 1.0), found(0, 0.9, 0.0), found(1, 0.4, 0.0), found(0, 0.3, 40.0)];
        let kept = suppress(all.clone(), &keep);
        assert_eq!(kept, [found(0, 0.9, 0.0), found(1, 0.4, 0.0), found(0, 0.3, 40.0)], "other classes stay");
        assert_eq!(suppress(all, &Keep { most: 1, ..keep }).len(), 1, "no more than asked for");
    }

    #[test]
    fn tiles_cover_the_picture_and_overlap() {
        for (w, h) in [(3264, 2448), (1000, 300), (641, 640), (640, 640)] {
            let tiles = tiling(w, h, 640);
            for probe in 0..w {
                assert!(tiles.iter().any(|t| t[0] <= probe && probe < t[0] + t[2]), "column {probe} of {w}");
            }
            for pair in tiles.windows(2).filter(|p| p[0][1] == p[1][1]) {
                assert!(pair[1][0] + 159 < pair[0][0] + 640, "{pair:?} overlap by a quarter");
            }
            assert!(tiles.iter().all(|t| t[0] + t[2] <= w && t[1] + t[3] <= h), "inside {w} x {h}");
        }
    }

    #[test]
    fn a_crop_is_the_part() {
        let rgb: Vec<u8> = (0..4 * 3 * 3).collect();
        let picture = Sample { name: "x".into(), width: 4, height: 3, rgb, objects: Vec::new() };
        let part = crop(&picture, [1, 1, 2, 2]);
        assert_eq!(
            part.rgb,
            [15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32],
            "rows 1 and 2, columns 1 and 2"
        );
    }
}
