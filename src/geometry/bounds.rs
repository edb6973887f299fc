//! Sizes and boxes, in pixels and in metres.

use glam::{Affine3A, Vec3};
use serde::{Deserialize, Serialize};

/// Size of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// Number of pixels.
    #[must_use]
    pub fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }
}

/// A box in the picture with half-open edges, in pixels, written as `[x, y, w, h]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct BoxPx {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width, never negative.
    pub w: f64,
    /// Height, never negative.
    pub h: f64,
}

impl From<[f64; 4]> for BoxPx {
    fn from([x, y, w, h]: [f64; 4]) -> Self {
        Self { x, y, w, h }
    }
}

impl From<BoxPx> for [f64; 4] {
    fn from(b: BoxPx) -> Self {
        [b.x, b.y, b.w, b.h]
    }
}

impl BoxPx {
    /// The box between two opposite edges on each axis.
    #[must_use]
    pub fn from_edges(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { x: left, y: top, w: right - left, h: bottom - top }
    }

    /// Right edge (exclusive).
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// Bottom edge (exclusive).
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// Area in square pixels.
    #[must_use]
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    /// The smallest box round both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self::from_edges(
            self.x.min(other.x),
            self.y.min(other.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    /// The common part, or `None` when the boxes share no area.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (left, top) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        (left < right && top < bottom).then(|| Self::from_edges(left, top, right, bottom))
    }

    /// Whether `other` lies inside this box, within `tolerance` pixels.
    #[must_use]
    pub fn contains(self, other: Self, tolerance: f64) -> bool {
        self.x <= other.x + tolerance
            && self.y <= other.y + tolerance
            && self.right() >= other.right() - tolerance
            && self.bottom() >= other.bottom() - tolerance
    }
}

/// An axis-aligned box in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aabb {
    /// Smallest corner.
    pub min: Vec3,
    /// Largest corner.
    pub max: Vec3,
}

impl Aabb {
    /// The box that contains nothing; the identity of [`Aabb::union`].
    pub const EMPTY: Self = Self { min: Vec3::INFINITY, max: Vec3::NEG_INFINITY };

    /// The smallest box round `points`.
    pub fn of(points: impl IntoIterator<Item = Vec3>) -> Self {
        points.into_iter().fold(Self::EMPTY, |b, p| Self { min: b.min.min(p), max: b.max.max(p) })
    }

    /// Whether no point was ever put in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        !self.min.cmple(self.max).all()
    }

    /// The smallest box round both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The box's centre.
    #[must_use]
    pub fn center(self) -> Vec3 {
        (self.min + self.max) * 0.5
    }

    /// Extents along x, y and z.
    #[must_use]
    pub fn size(self) -> Vec3 {
        self.max - self.min
    }

    /// The eight corners; bit 0 of the index chooses x, bit 1 y, bit 2 z.
    #[must_use]
    pub fn corners(self) -> [Vec3; 8] {
        std::array::from_fn(|i| {
            let pick = |bit: usize, lo: f32, hi: f32| if i >> bit & 1 == 0 { lo } else { hi };
            Vec3::new(
                pick(0, self.min.x, self.max.x),
                pick(1, self.min.y, self.max.y),
                pick(2, self.min.z, self.max.z),
            )
        })
    }

    /// The box round this one after `transform`.
    #[must_use]
    pub fn transformed(self, transform: &Affine3A) -> Self {
        Self::of(self.corners().map(|c| transform.transform_point3(c)))
    }

    /// Whether the two boxes overlap by more than `depth` metres on every axis.
    #[must_use]
    pub fn overlaps(self, other: Self, depth: f32) -> bool {
        (self.max.min(other.max) - self.min.max(other.min)).cmpgt(Vec3::splat(depth)).all()
    }
}
