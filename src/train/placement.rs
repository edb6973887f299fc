//! Where a picture comes to lie on a canvas, and how its colours change: drawn once, carried out on the processor
//! (`augment`) or on the device (`live`).

use rand::RngExt;

use super::{assign::Target, config::AugmentConfig, sample::Object};
use crate::seed::Node;

/// Objects of which less than this share is left are dropped.
pub(super) const LEAST_LEFT: f64 = 0.10;
/// Objects with a shorter side than this are dropped, pixels.
const LEAST_SIDE: f64 = 1.5;
/// Where a picture comes to lie: pixel x of it lands at `offset + scale * x`, mirrored before that if asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placement {
    pub(super) scale: [f64; 2],
    pub(super) offset: [f64; 2],
    pub(super) flip: bool,
    /// Part of the canvas that it may fill: left, top, right, bottom, whole pixels.
    pub(super) region: [usize; 4],
}

/// How colours are changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recolour {
    pub(super) brightness: f32,
    pub(super) contrast: f32,
    pub(super) saturation: f32,
    /// Red, green, blue.
    pub(super) tint: [f32; 3],
}

impl Placement {
    /// Draws where a picture of this size, fitted into `input`, comes to lie in a region.
    pub(super) fn draw(
        source: [u32; 2],
        input: [u32; 2],
        config: &AugmentConfig,
        node: &Node,
        region: [usize; 4],
    ) -> Self {
        let [low, high] = config.scale.map(f64::ln);
        let scale =
            fit(source, input) * node.draw("scale", |s| (low + (high - low) * s.random::<f64>()).exp());
        let stretch = node.draw("stretch", |s| 1.0 + config.stretch * (2.0 * s.random::<f64>() - 1.0)).sqrt();
        let scale = [scale * stretch, scale / stretch];
        // A larger picture is cropped at random, a smaller one is put down at random.
        #[expect(clippy::cast_precision_loss, reason = "pixels")]
        let offset = |axis: usize, name: &str| {
            let (from, to) = (region[axis] as f64, region[axis + 2] as f64);
            let spare = to - from - f64::from(source[axis]) * scale[axis];
            from + spare * node.draw(name, |s| s.random::<f64>())
        };
        let offset = [offset(0, "x"), offset(1, "y")];
        let flip = node.draw("flip", |s| s.random::<f64>()) < config.flip;
        Self { scale, offset, flip, region }
    }

    /// Samples a pixel and axis: shrunk pictures are averaged, so that thin lines do not come and go.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 4")]
    pub(super) fn taps(&self) -> [u32; 2] {
        self.scale.map(|s| ((1.0 / s).ceil() as u32).clamp(1, 4))
    }

    /// Where the objects of a picture of this size come to lie; those of which too little is left are dropped.
    /// `mirrored` says which keypoint each becomes in a mirror.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "pixels fit single precision"
    )]
    pub(super) fn follow(&self, objects: &[Object], mirrored: &[usize], source: [u32; 2]) -> Vec<Target> {
        let region = self.region.map(|v| v as f64);
        let width = f64::from(source[0]);
        let one = |object: &Object| {
            let b = object.bbox;
            let (l, r) = if self.flip { (width - b.right(), width - b.x) } else { (b.x, b.right()) };
            let full = [
                self.offset[0] + self.scale[0] * l,
                self.offset[1] + self.scale[1] * b.y,
                self.offset[0] + self.scale[0] * r,
                self.offset[1] + self.scale[1] * b.bottom(),
            ];
            let edges = [
                full[0].max(region[0]),
                full[1].max(region[1]),
                full[2].min(region[2]),
                full[3].min(region[3]),
            ];
            let area = |e: [f64; 4]| (e[2] - e[0]).max(0.0) * (e[3] - e[1]).max(0.0);
            let short = (edges[2] - edges[0]).min(edges[3] - edges[1]);
            (short >= LEAST_SIDE && area(edges) >= LEAST_LEFT * area(full)).then(|| Target {
                class: object.class,
                edges: edges.map(|e| e as f32),
                ignore: object.ignore,
                covers: (object.area / b.area()) as f32,
                points: self.moved(&object.points, mirrored, width),
            })
        };
        objects.iter().filter_map(one).collect()
    }

    /// Where keypoints come to lie; those outside of the region are no longer labelled.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "pixels fit single precision"
    )]
    fn moved(&self, points: &[[f64; 3]], mirrored: &[usize], width: f64) -> Vec<[f32; 3]> {
        let [left, top, right, bottom] = self.region.map(|v| v as f64);
        let one = |place: usize| {
            let partner = mirrored.get(place).copied().unwrap_or(place);
            let [x, y, v] = points[if self.flip { partner } else { place }];
            let x = self.offset[0] + self.scale[0] * if self.flip { width - x } else { x };
            let y = self.offset[1] + self.scale[1] * y;
            let inside = x >= left && x < right && y >= top && y < bottom;
            if v > 0.0 && inside { [x as f32, y as f32, v as f32] } else { [0.0; 3] }
        };
        (0..points.len()).map(one).collect()
    }
}

impl Recolour {
    /// Draws a change; `None` when nothing is to be changed.
    #[expect(clippy::cast_possible_truncation, reason = "colours are single precision")]
    pub(super) fn draw(config: &AugmentConfig, node: &Node) -> Option<Self> {
        let factor =
            |name: &str, most: f64| node.draw(name, |s| 1.0 + most * (2.0 * s.random::<f64>() - 1.0)) as f32;
        (config.colour > 0.0).then(|| Self {
            brightness: factor("brightness", config.colour),
            contrast: factor("contrast", config.colour),
            saturation: factor("saturation", config.colour),
            tint: ["red", "green", "blue"].map(|name| factor(name, config.colour * 0.4)),
        })
    }
}

/// The scale that fits a picture into the canvas.
pub(super) fn fit(source: [u32; 2], [w, h]: [u32; 2]) -> f64 {
    (f64::from(w) / f64::from(source[0])).min(f64::from(h) / f64::from(source[1]))
}
