//! A trained detector at work.

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    TrainError,
    augment::Canvas,
    batch::normalised,
    cells::{Cells, Edges, iou},
    checkpoint::Model,
    config::ModelConfig,
    net::{Graph, Raw, Statistics, fold, forward, numbers},
    points,
    sample::Sample,
    two_stage,
};
use crate::geometry::BoxPx;

/// Everything that the network says of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Boxes, pixels of the network's input.
    pub boxes: Vec<Edges>,
    /// Scores, 0 to 1, those of a box in a row.
    pub scores: Vec<f32>,
    /// Keypoints, those of a box in a row: x, y in pixels, how surely visible; empty when the network finds none.
    pub points: Vec<[f32; 3]>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Index of its class.
    pub class: usize,
    /// How sure, 0 to 1.
    pub score: f32,
    /// Where, in the picture's pixels.
    pub bbox: BoxPx,
    /// Its keypoints: x and y in the picture's pixels, and how surely visible, 0 to 1; empty when none are looked for.
    pub points: Vec<[f64; 3]>,
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
    /// multiples of the largest stride: the boxes of all cells, or of all regions that were looked at again.
    ///
    /// # Errors
    /// When the device fails.
    pub fn everything(&self, planes: Vec<f32>, size: [u32; 2]) -> Result<Vec<Found>, TrainError> {
        self.above(planes, size, 0.0)
    }

    /// The same without the cells of which no score reaches `least`: boxes and keypoints are made of the few others.
    fn above(&self, planes: Vec<f32>, size: [u32; 2], least: f32) -> Result<Vec<Found>, TrainError> {
        let pixels = size[0] as usize * size[1] as usize * 3;
        let pictures = planes.len() / pixels.max(1);
        let raw = self.pass(planes, pictures, size);
        if self.graph.second.is_some() {
            return two_stage::find(&self.graph, &self.weights, &raw, size);
        }
        let (classes, cells) = (self.graph.classes, Cells::new(&self.graph, size));
        let n = cells.count;
        let (logits, sides) = (numbers(&raw.logits)?, numbers(&raw.sides)?);
        let points = raw.points.as_ref().map_or(Ok(Vec::new()), numbers)?;
        let count = self.graph.points;
        let floor = (least / (1.0 - least)).ln();
        let one = |picture: usize| {
            let mut found = Found::default();
            for cell in 0..n {
                let logit = |class: usize| logits[(picture * classes + class) * n + cell];
                if (0..classes).all(|class| logit(class) < floor) {
                    continue;
                }
                found.scores.extend((0..classes).map(|class| 1.0 / (1.0 + (-logit(class)).exp())));
                found
                    .boxes
                    .push(cells.decode(cell, [0, 1, 2, 3].map(|i| sides[(picture * 4 + i) * n + cell])));
                let said = |channel: usize| points[(picture * 3 * count + channel) * n + cell];
                found.points.extend(points::read(&cells, cell, count, said));
            }
            found
        };
        Ok((0..pictures).map(one).collect())
    }

    /// One pass, or the first of two.
    fn pass(&self, planes: Vec<f32>, pictures: usize, size: [u32; 2]) -> Raw {
        let shape = [pictures, 3, size[1] as usize, size[0] as usize];
        let x = Tensor::from_data(TensorData::new(planes, shape), &self.device);
        let x = normalised(x, self.config.mean, self.config.std);
        forward(&self.graph, &self.weights, x, Statistics::Kept)
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
                    for point in &mut found.points {
                        point[0] += f64::from(x);
                        point[1] += f64::from(y);
                    }
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
        let limits = [f64::from(picture.width), f64::from(picture.height)];
        let found = self.above(canvas.planes, size, least)?.into_iter().next().unwrap_or_default();
        Ok(surest(&found, self.graph.classes, least)
            .into_iter()
            .filter_map(|(class, score, place)| {
                let edges = found.boxes[place].map(|e| f64::from(e) / scale);
                let [l, t] = [0, 1].map(|i| edges[i].clamp(0.0, limits[i]));
                let [r, b] = [2, 3].map(|i| edges[i].clamp(0.0, limits[i - 2]));
                (r - l > 0.0 && b - t > 0.0).then(|| Detection {
                    class,
                    score,
                    bbox: BoxPx::from_edges(l, t, r, b),
                    points: found
                        .points_of(place, self.graph.points)
                        .iter()
                        .map(|p| [f64::from(p[0]) / scale, f64::from(p[1]) / scale, f64::from(p[2])])
                        .collect(),
                })
            })
            .collect())
    }
}

impl Found {
    fn points_of(&self, place: usize, count: usize) -> &[[f32; 3]] {
        &self.points[place * count..][..count]
    }
}

/// Class, score and place of everything above a score, surest first.
fn surest(found: &Found, classes: usize, least: f32) -> Vec<(usize, f32, usize)> {
    let scores = &found.scores;
    let mut order: Vec<usize> = (0..scores.len()).filter(|&at| scores[at] >= least).collect();
    order.sort_by(|&a, &b| {
        let place = |at: usize| (at % classes, at / classes);
        scores[b].total_cmp(&scores[a]).then(place(a).cmp(&place(b)))
    });
    order.truncate(CANDIDATES);
    order.into_iter().map(|at| (at % classes, scores[at], at / classes)).collect()
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
    apart(found, keep.most, |a, b| a.class == b.class && iou(edges(a), edges(b)) > keep.overlap)
}

/// Of things in order, surest first, those that double none before them; at most so many.
pub(super) fn apart<T>(
    sorted: impl IntoIterator<Item = T>,
    most: usize,
    doubles: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in sorted {
        if kept.len() == most {
            break;
        }
        if !kept.iter().any(|other| doubles(other, &one)) {
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
    let (name, mirrored) = (picture.name.clone(), picture.mirrored.clone());
    Sample { name, width, height, rgb, objects: Vec::new(), mirrored }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(class: usize, score: f32, x: f64) -> Detection {
        Detection { class, score, bbox: BoxPx { x, y: 0.0, w: 10.0, h: 10.0 }, points: Vec::new() }
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
        let mirrored = std::sync::Arc::default();
        let picture = Sample { name: "x".into(), width: 4, height: 3, rgb, objects: Vec::new(), mirrored };
        let part = crop(&picture, [1, 1, 2, 2]);
        assert_eq!(
            part.rgb,
            [15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32],
            "rows 1 and 2, columns 1 and 2"
        );
    }
}
