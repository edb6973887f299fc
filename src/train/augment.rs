//! Pictures varied: scaled, cropped, mirrored, recoloured, blurred, painted over, put together from four.
//! Boxes follow. Every value has a name, so that picture n of a run is the same whatever came before it.

use rand::RngExt;

use super::{
    assign::Target,
    config::AugmentConfig,
    placement::{LEAST_LEFT, Placement, Recolour, fit},
    sample::Sample,
};
use crate::seed::Node;

/// What lies outside of pictures.
const GREY: f32 = 0.45;

/// A picture as the network will see it, but for normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Three planes: red, green, blue, each row-major, 0 to 1.
    pub planes: Vec<f32>,
    /// Objects, in pixels of this picture.
    pub targets: Vec<Target>,
}

impl Canvas {
    /// An empty picture.
    #[must_use]
    pub fn grey([width, height]: [u32; 2]) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, planes: vec![GREY; 3 * width * height], targets: Vec::new() }
    }

    /// A picture fitted into the top left corner, otherwise as it is. Returns the scale too.
    #[must_use]
    pub fn fitted(sample: &Sample, size: [u32; 2]) -> (Self, f64) {
        let scale = fit([sample.width, sample.height], size);
        Self::fitted_by(sample, size, scale)
    }

    /// A picture scaled by this into the top left corner, otherwise as it is. Returns the scale too.
    #[must_use]
    pub fn fitted_by(sample: &Sample, size: [u32; 2], scale: f64) -> (Self, f64) {
        let mut canvas = Self::grey(size);
        let region = [0, 0, canvas.width, canvas.height];
        canvas.place(sample, Placement { scale: [scale; 2], offset: [0.0; 2], flip: false, region });
        (canvas, scale)
    }

    /// A varied picture, or a part of one: fitted into `input`, varied, and looked at through `size`. `others` gives further pictures for a mosaic, by number 1 to 3.
    ///
    /// # Errors
    /// When `others` fails.
    pub fn varied<E>(
        first: &Sample,
        input: [u32; 2],
        size: [u32; 2],
        config: &AugmentConfig,
        node: &Node,
        mut others: impl FnMut(usize) -> Result<std::sync::Arc<Sample>, E>,
    ) -> Result<Self, E> {
        let mut canvas = Self::grey(size);
        let (w, h) = (canvas.width, canvas.height);
        if node.draw("mosaic", |s| s.random::<f64>()) < config.mosaic {
            let [cx, cy] = [("centre_x", w), ("centre_y", h)].map(|(name, side)| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "between 0.3 and 0.7 of a picture's side"
                )]
                node.draw(name, |s| (side as f64 * (0.3 + 0.4 * s.random::<f64>())) as usize)
            });
            let quarters = [[0, 0, cx, cy], [cx, 0, w, cy], [0, cy, cx, h], [cx, cy, w, h]];
            for (number, region) in quarters.into_iter().enumerate() {
                let other;
                let sample = if number == 0 {
                    first
                } else {
                    other = others(number)?;
                    &other
                };
                let placement = Placement::draw(
                    [sample.width, sample.height],
                    input,
                    config,
                    &node.child("quarter", number),
                    region,
                );
                canvas.place(sample, placement);
            }
        } else {
            let placement = Placement::draw([first.width, first.height], input, config, node, [0, 0, w, h]);
            canvas.place(first, placement);
        }
        if let Some(by) = Recolour::draw(config, node) {
            canvas.recolour(by);
        }
        if node.draw("blur", |s| s.random::<f64>()) < config.blur {
            let sigma = node.draw("blur_px", |s| 0.3 + 1.7 * s.random::<f64>());
            canvas.blur(sigma);
        }
        if node.draw("erase", |s| s.random::<f64>()) < config.erase {
            canvas.erase(node);
        }
        Ok(canvas)
    }

    /// Paints a picture and takes over its objects.
    #[expect(clippy::cast_precision_loss, reason = "pixel coordinates")]
    fn place(&mut self, sample: &Sample, at: Placement) {
        let (sw, sh) = (f64::from(sample.width), f64::from(sample.height));
        let [left, top, right, bottom] = at.region;
        let taps = at.taps();
        let plane = self.width * self.height;
        for y in top..bottom {
            for x in left..right {
                let mut sum = [0.0f32; 3];
                let mut hits = 0u8;
                for ty in 0..taps[1] {
                    for tx in 0..taps[0] {
                        let px = x as f64 + (f64::from(tx) + 0.5) / f64::from(taps[0]);
                        let py = y as f64 + (f64::from(ty) + 0.5) / f64::from(taps[1]);
                        let mut u = (px - at.offset[0]) / at.scale[0];
                        let v = (py - at.offset[1]) / at.scale[1];
                        if u < 0.0 || v < 0.0 || u >= sw || v >= sh {
                            continue;
                        }
                        if at.flip {
                            u = sw - u;
                        }
                        let rgb = bilinear(sample, u - 0.5, v - 0.5);
                        (0..3).for_each(|c| sum[c] += rgb[c]);
                        hits += 1;
                    }
                }
                if hits > 0 {
                    for (c, sum) in sum.into_iter().enumerate() {
                        self.planes[c * plane + y * self.width + x] = sum / f32::from(hits) / 255.0;
                    }
                }
            }
        }
        self.targets.extend(at.follow(&sample.objects, &sample.mirrored, [sample.width, sample.height]));
    }

    fn recolour(&mut self, by: Recolour) {
        let plane = self.width * self.height;
        let (red, rest) = self.planes.split_at_mut(plane);
        let (green, blue) = rest.split_at_mut(plane);
        for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
            let luma = 0.299 * *r + 0.587 * *g + 0.114 * *b;
            for (value, tint) in [r, g, b].into_iter().zip(by.tint) {
                let coloured = (luma + by.saturation * (*value - luma)) * tint * by.brightness;
                *value = (GREY + by.contrast * (coloured - GREY)).clamp(0.0, 1.0);
            }
        }
    }

    /// Gaussian blur.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small radii"
    )]
    fn blur(&mut self, sigma: f64) {
        let radius = (2.5 * sigma).ceil() as usize;
        let raw: Vec<f64> =
            (0..=2 * radius).map(|i| (-0.5 * ((i as f64 - radius as f64) / sigma).powi(2)).exp()).collect();
        let total: f64 = raw.iter().sum();
        let kernel: Vec<f32> = raw.iter().map(|k| (k / total) as f32).collect();
        let (w, h) = (self.width, self.height);
        let mut line = Vec::new();
        let mut pass = |plane: &mut [f32], start: usize, step: usize, count: usize| {
            line.clear();
            line.extend((0..count).map(|i| plane[start + i * step]));
            for i in 0..count {
                let sum = kernel
                    .iter()
                    .enumerate()
                    .map(|(k, weight)| weight * line[(i + k).saturating_sub(radius).min(count - 1)]);
                plane[start + i * step] = sum.sum();
            }
        };
        for plane in self.planes.chunks_exact_mut(w * h) {
            (0..h).for_each(|y| pass(plane, y * w, 1, w));
            (0..w).for_each(|x| pass(plane, x, w, h));
        }
    }

    /// Paints rectangles over the picture (Zhong et al. 2020); objects of which little is left are dropped.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "pixel coordinates inside of the picture"
    )]
    fn erase(&mut self, node: &Node) {
        let (w, h) = (self.width, self.height);
        let mut gone = vec![false; w * h];
        let count = node.draw("rectangles", |s| s.random_range(1..=4usize));
        for index in 0..count {
            let one = node.child("rectangle", index);
            let part =
                |name: &str, low: f64, high: f64| one.draw(name, |s| low + (high - low) * s.random::<f64>());
            let (rw, rh) = (part("width", 0.03, 0.18) * w as f64, part("height", 0.03, 0.18) * h as f64);
            let (x0, y0) = (part("x", 0.0, 1.0) * (w as f64 - rw), part("y", 0.0, 1.0) * (h as f64 - rh));
            let colour = ["red", "green", "blue"].map(|name| part(name, 0.0, 1.0) as f32);
            for y in y0 as usize..((y0 + rh) as usize).min(h) {
                for x in x0 as usize..((x0 + rw) as usize).min(w) {
                    gone[y * w + x] = true;
                    for (c, value) in colour.into_iter().enumerate() {
                        self.planes[c * w * h + y * w + x] = value;
                    }
                }
            }
        }
        self.targets.retain(|target| {
            let [l, t, r, b] = target.edges.map(|e| e.round().max(0.0) as usize);
            let (r, b) = (r.min(w), b.min(h));
            let cells = (t..b).flat_map(|y| (l..r).map(move |x| y * w + x));
            let (mut all, mut left) = (0u32, 0u32);
            for cell in cells {
                all += 1;
                left += u32::from(!gone[cell]);
            }
            target.ignore || f64::from(left) >= LEAST_LEFT * f64::from(all)
        });
    }
}

/// Colour between pixel centres, 0 to 255; pixel 0's centre is at 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture before it is used as an index"
)]
fn bilinear(sample: &Sample, x: f64, y: f64) -> [f32; 3] {
    let (w, h) = (sample.width as usize, sample.height as usize);
    let split = |v: f64, limit: usize| {
        let v = v.max(0.0);
        let low = (v as usize).min(limit - 1);
        (low, (low + 1).min(limit - 1), (v - v.floor()) as f32)
    };
    let ((x0, x1, fx), (y0, y1, fy)) = (split(x, w), split(y, h));
    let at = |x: usize, y: usize, c: usize| f32::from(sample.rgb[(y * w + x) * 3 + c]);
    [0, 1, 2].map(|c| {
        let top = at(x0, y0, c) * (1.0 - fx) + at(x1, y0, c) * fx;
        let bottom = at(x0, y1, c) * (1.0 - fx) + at(x1, y1, c) * fx;
        top * (1.0 - fy) + bottom * fy
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{geometry::BoxPx, seed::Seed, train::sample::Object};

    /// A grey picture with one bright rectangle, which is its object.
    fn sample(width: u32, height: u32, bbox: [f64; 4]) -> Sample {
        let b = BoxPx::from(bbox);
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let (x, y) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
                let inside = x > b.x && x < b.right() && y > b.y && y < b.bottom();
                rgb.extend(if inside { [250, 250, 250] } else { [20, 20, 20] });
            }
        }
        Sample {
            name: "x".into(),
            width,
            height,
            rgb,
            objects: vec![Object::new(0, b)],
            mirrored: Arc::default(),
        }
    }

    fn varied(sample: &Sample, config: &AugmentConfig, frame: u64) -> Canvas {
        let other = Arc::new(sample.clone());
        let node = Seed(1).frame(frame);
        Canvas::varied(sample, [64, 48], [64, 48], config, &node, |_| Ok::<_, ()>(other.clone()))
            .expect("no errors")
    }

    #[test]
    fn an_unchanged_picture_is_itself() {
        let s = sample(64, 48, [10.0, 8.0, 20.0, 16.0]);
        for canvas in [Canvas::fitted(&s, [64, 48]).0, varied(&s, &AugmentConfig::NONE, 0)] {
            assert_eq!(canvas.targets[0].edges, [10.0, 8.0, 30.0, 24.0], "the box");
            for (i, pixel) in s.rgb.chunks_exact(3).enumerate() {
                for (c, value) in pixel.iter().enumerate() {
                    assert_eq!(canvas.planes[c * 64 * 48 + i], f32::from(*value) / 255.0, "pixel {i}");
                }
            }
        }
    }

    /// Whatever is drawn, the bright pixels stay inside the box that followed them, and fill it.
    #[test]
    fn boxes_follow() {
        let config =
            AugmentConfig { colour: 0.0, blur: 0.0, erase: 0.0, mosaic: 0.5, ..AugmentConfig::default() };
        let s = sample(80, 60, [20.0, 15.0, 24.0, 20.0]);
        let mut seen = 0;
        for frame in 0..60 {
            let canvas = varied(&s, &config, frame);
            let bright = |x: usize, y: usize| canvas.planes[y * 64 + x] > 0.7;
            for y in 0..48 {
                for x in 0..64 {
                    let inside = |slack: f32| {
                        canvas.targets.iter().any(|t| {
                            let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
                            x > t.edges[0] - slack
                                && x < t.edges[2] + slack
                                && y > t.edges[1] - slack
                                && y < t.edges[3] + slack
                        })
                    };
                    if canvas.targets.is_empty() {
                        continue;
                    }
                    assert!(!inside(-1.0) || bright(x, y), "frame {frame}: dark at {x}, {y} in a box");
                    seen += usize::from(inside(-1.0));
                }
            }
        }
        assert!(seen > 5000, "only {seen} pixels were compared");
    }

    /// Left and right change places in a mirror; what lies outside is no longer labelled.
    #[test]
    fn keypoints_follow() {
        let mut s = sample(64, 48, [10.0, 8.0, 20.0, 16.0]);
        s.mirrored = Arc::from([1usize, 0, 2]);
        s.objects[0].points = vec![[12.0, 10.0, 2.0], [28.0, 10.0, 1.0], [63.0, 20.0, 2.0]];
        let flipped = varied(&s, &AugmentConfig { flip: 1.0, ..AugmentConfig::NONE }, 0);
        let expected = [[36.0, 10.0, 1.0], [52.0, 10.0, 2.0], [1.0, 20.0, 2.0]];
        assert_eq!(flipped.targets[0].points, expected, "mirrored");
        let config = AugmentConfig { scale: [1.5, 1.5], ..AugmentConfig::NONE };
        let (mut inside, mut outside) = (0, 0);
        for canvas in (0..40).map(|frame| varied(&s, &config, frame)) {
            for target in &canvas.targets {
                let [x, y, v] = target.points[2];
                if v > 0.0 {
                    assert!((0.0..64.0).contains(&x) && (0.0..48.0).contains(&y), "{:?}", target.points);
                    inside += 1;
                } else {
                    assert_eq!(target.points[2], [0.0; 3], "nothing is said of it");
                    outside += 1;
                }
            }
        }
        assert!(inside > 3 && outside > 3, "{inside} inside, {outside} outside");
    }

    #[test]
    fn objects_that_are_nearly_gone_are_dropped() {
        let config = AugmentConfig { scale: [3.0, 3.0], ..AugmentConfig::NONE };
        let s = sample(64, 48, [20.0, 15.0, 24.0, 20.0]);
        let (mut kept, mut dropped) = (0, 0);
        for frame in 0..80 {
            let canvas = varied(&s, &config, frame);
            match canvas.targets.first() {
                None => dropped += 1,
                Some(t) => {
                    let area = (t.edges[2] - t.edges[0]) * (t.edges[3] - t.edges[1]);
                    assert!(area >= 0.1 * 9.0 * 480.0 - 1.0, "{t:?}");
                    kept += 1;
                }
            }
        }
        assert!(kept > 5 && dropped > 0, "{kept} kept, {dropped} dropped");
    }

    #[test]
    fn the_same_names_give_the_same_picture_and_others_do_not() {
        let s = sample(64, 48, [10.0, 8.0, 20.0, 16.0]);
        let config = AugmentConfig { mosaic: 1.0, blur: 1.0, erase: 1.0, ..AugmentConfig::default() };
        assert_eq!(varied(&s, &config, 5), varied(&s, &config, 5), "repeatable");
        assert_ne!(varied(&s, &config, 5).planes, varied(&s, &config, 6).planes, "varied");
    }

    #[test]
    fn blur_keeps_the_sum_of_a_flat_picture() {
        let mut canvas = Canvas::grey([16, 8]);
        canvas.blur(1.5);
        assert!(canvas.planes.iter().all(|v| (v - GREY).abs() < 1e-6), "flat stays flat");
    }
}
