//! Lofts: a closed outline carried through rings, from the middle of the bottom out, up, and in to the top.
//!
//! An outline is a rectangle with rounded corners; with radius equal to both half sides it is a circle, so a
//! lathe is a loft too. Columns start at the back and run, seen from outside, from left to right: `u = 0.5` is
//! the front (+Z) unless the loft has another seam.

use std::f64::consts::{FRAC_PI_2, PI};

use glam::{DVec2, DVec3, DVec4};

use crate::shell::{Corner, Shell};

/// A ring in millimetres: half width, half depth, corner radius, height.
pub(crate) type Knot = DVec4;

/// A circle of radius `r` at height `y`, millimetres.
pub(crate) fn round(r: f64, y: f64) -> Knot {
    Knot::new(r, r, r, y)
}

/// A rectangle with rounded corners: half width, half depth, corner radius, height, millimetres.
pub(crate) fn rect(a: f64, b: f64, radius: f64, y: f64) -> Knot {
    Knot::new(a, b, radius, y)
}

/// How an outline is divided into columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    /// Segments of each corner.
    pub(crate) corner: usize,
    /// Segments of each side; none make circles only.
    pub(crate) side: usize,
    /// When not 0, so many columns of equal length instead, wherever the corners are.
    even: usize,
}

impl Columns {
    /// Segments of each corner and of each side (an even number of these).
    pub(crate) fn sides(corner: usize, side: usize) -> Self {
        Self { corner, side, even: 0 }
    }

    /// So many columns of equal length, a multiple of four: for outlines that turn from round to flat, so that
    /// art runs straight up.
    pub(crate) fn even(n: usize) -> Self {
        Self { corner: 0, side: 0, even: n }
    }

    /// Columns of a lathe, a multiple of four.
    pub(crate) fn lathe(n: usize) -> Self {
        Self::sides(n / 4, 0)
    }

    /// The column at the middle of the corner between the left side and the front.
    pub(crate) fn front_left(self) -> usize {
        self.side / 2 + self.corner + self.side + self.corner / 2
    }

    /// Points of one ring, metres in x and z; the last repeats the first.
    fn outline(self, k: Knot) -> Vec<DVec2> {
        if self.even > 0 {
            return resampled(&Self::sides(24, 2).outline(k), self.even);
        }
        let (w, d, r) = (k.x - k.z, k.y - k.z, k.z);
        let corners = [(-w, -d, -PI), (-w, d, -FRAC_PI_2), (w, d, 0.0), (w, -d, FRAC_PI_2)];
        let mut points = Vec::new();
        let straight =
            |points: &mut Vec<DVec2>, from: DVec2, to: DVec2, steps: std::ops::Range<usize>, of: usize| {
                points.extend(steps.map(|i| from.lerp(to, i as f64 / of as f64)));
            };
        let back = DVec2::new(0.0, -k.y);
        let half = self.side / 2;
        straight(&mut points, back, DVec2::new(-w, -k.y), 0..half, half.max(1));
        for (i, (x, z, from)) in corners.into_iter().enumerate() {
            let last = if self.side > 0 { self.corner + 1 } else { self.corner };
            points.extend((0..last).map(|j| {
                let angle = from + FRAC_PI_2 * j as f64 / self.corner as f64;
                DVec2::new(x + r * angle.sin(), z + r * angle.cos())
            }));
            if self.side > 0 && i < 3 {
                let (nx, nz, _) = corners[i + 1];
                let outward = [DVec2::NEG_X, DVec2::Y, DVec2::X][i] * r;
                let (from, to) = (DVec2::new(x, z) + outward, DVec2::new(nx, nz) + outward);
                straight(&mut points, from, to, 1..self.side, self.side);
            }
        }
        straight(&mut points, DVec2::new(w, -k.y), back, 1..half.max(1), half.max(1));
        points.push(points[0]);
        points.into_iter().map(|p| p * 1e-3).collect()
    }
}

/// A closed outline in `n` pieces of equal length.
fn resampled(outline: &[DVec2], n: usize) -> Vec<DVec2> {
    let total: f64 = outline.windows(2).map(|w| w[0].distance(w[1])).sum();
    if total < 1e-9 {
        return vec![outline[0]; n + 1];
    }
    let (mut segment, mut before) = (0, 0.0);
    let mut points = vec![outline[0]];
    for i in 1..n {
        let wanted = total * i as f64 / n as f64;
        let length = |s: usize| outline[s].distance(outline[s + 1]);
        while before + length(segment) < wanted {
            before += length(segment);
            segment += 1;
        }
        points.push(outline[segment].lerp(outline[segment + 1], (wanted - before) / length(segment)));
    }
    points.push(outline[0]);
    points
}

/// Edges sharper than this stay hard.
const CREASE_DEG: f64 = 50.0;

/// A loft under construction.
#[derive(Clone, Debug)]
pub(crate) struct Loft {
    columns: Columns,
    seam: usize,
    partial: Option<(usize, usize, &'static str)>,
    material: &'static str,
    knots: Vec<(Knot, &'static str)>,
}

impl Loft {
    /// Starts with the material of the first bands (and of the bottom).
    pub(crate) fn new(columns: Columns, material: &'static str) -> Self {
        Self { columns, seam: 0, partial: None, material, knots: Vec::new() }
    }

    /// Puts `u = 0` at another column.
    pub(crate) fn seam(mut self, column: usize) -> Self {
        self.seam = column;
        self
    }

    /// The label covers these columns only; the rest of its bands has another material.
    pub(crate) fn label_columns(mut self, from: usize, to: usize, rest: &'static str) -> Self {
        self.partial = Some((from, to, rest));
        self
    }

    /// Material of the bands that follow.
    pub(crate) fn of(mut self, material: &'static str) -> Self {
        self.material = material;
        self
    }

    /// A straight band up to this ring.
    pub(crate) fn to(mut self, knot: Knot) -> Self {
        self.knots.push((knot, self.material));
        self
    }

    /// A straight wall in several bands, so that it can be bent later.
    pub(crate) fn steps(mut self, knot: Knot, n: usize) -> Self {
        let from = self.knots.last().map_or(knot, |k| k.0);
        for i in 1..=n {
            self = self.to(from.lerp(knot, i as f64 / n as f64));
        }
        self
    }

    /// A quadratic curve of `n` bands, pulled towards `control`.
    pub(crate) fn bend(mut self, control: Knot, knot: Knot, n: usize) -> Self {
        let from = self.knots.last().map_or(knot, |k| k.0);
        for i in 1..=n {
            let t = i as f64 / n as f64;
            self = self.to(from.lerp(control, t).lerp(control.lerp(knot, t), t));
        }
        self
    }

    /// Straight bands through these rings.
    pub(crate) fn rings(mut self, knots: impl IntoIterator<Item = Knot>) -> Self {
        for knot in knots {
            self = self.to(knot);
        }
        self
    }

    /// The finished surface, and width over height of its label (1 without one).
    pub(crate) fn build(self) -> (Shell, f64) {
        let rings: Vec<Vec<DVec3>> = self.knots.iter().map(|(k, _)| self.ring(*k)).collect();
        let n = rings[0].len() - 1;
        let label: Vec<usize> =
            (0..rings.len()).filter(|i| self.is_label(*i) || self.is_label(i + 1)).collect();
        let perimeter = |ring: &[DVec3]| ring.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>();
        let pool: Vec<usize> = if label.is_empty() { (0..rings.len()).collect() } else { label.clone() };
        let widest = pool.iter().copied().fold(pool[0], |best, i| {
            if perimeter(&rings[i]) > perimeter(&rings[best]) + 1e-9 { i } else { best }
        });
        let mut u = vec![0.0];
        for w in rings[widest].windows(2) {
            u.push(u[u.len() - 1] + w[0].distance(w[1]));
        }
        let (c0, c1) = self.partial.map_or((0, n), |(c0, c1, _)| (c0, c1));
        let width = u[c1] - u[c0];
        let u_label = |j: usize| (u[j] - u[c0]) / width;

        let middle = if self.partial.is_some() || self.seam == 0 { (c0 + c1) / 2 } else { 2 * n / 16 };
        let mut along = vec![0.0];
        for w in rings.windows(2) {
            along.push(along[along.len() - 1] + w[0][middle].distance(w[1][middle]));
        }
        let (s0, s1) = label.first().zip(label.last()).map_or((0.0, 1.0), |(a, b)| (along[*a], along[*b]));
        let total = along[along.len() - 1];
        let top = self.top_extent(&rings);

        let mut shell = Shell::new(CREASE_DEG);
        let uv = |i: usize, j: usize, material: &str| match material {
            "label" => DVec2::new(u_label(j), 1.0 - (along[i] - s0) / (s1 - s0)),
            "top" => planar(rings[i][j], top),
            _ => DVec2::new(u[j] / u[n], 1.0 - along[i] / total),
        };
        for i in 1..rings.len() {
            for j in 0..n {
                let mut material = self.knots[i].1;
                if let Some((from, to, rest)) = self.partial
                    && material == "label"
                    && !(from..to).contains(&j)
                {
                    material = rest;
                }
                let corner = |i: usize, j: usize| Corner { p: rings[i][j], uv: uv(i, j, material) };
                shell
                    .quad(material, [corner(i - 1, j), corner(i - 1, j + 1), corner(i, j + 1), corner(i, j)]);
            }
        }
        self.cap(&mut shell, &rings[0], self.knots[0].1, top, true);
        self.cap(&mut shell, &rings[rings.len() - 1], self.material, top, false);
        (shell, width / (s1 - s0))
    }

    fn is_label(&self, ring: usize) -> bool {
        ring > 0 && self.knots.get(ring).is_some_and(|k| k.1 == "label")
    }

    fn ring(&self, k: Knot) -> Vec<DVec3> {
        let mut outline = self.columns.outline(k);
        outline.pop();
        outline.rotate_left(self.seam);
        outline.push(outline[0]);
        outline.into_iter().map(|p| DVec3::new(p.x, k.w * 1e-3, p.y)).collect()
    }

    /// Half extents in x and z of what the `top` material covers.
    fn top_extent(&self, rings: &[Vec<DVec3>]) -> DVec2 {
        let last = rings.len() - 1;
        let first = (1..=last).find(|i| self.knots[*i].1 == "top").map_or(last, |i| i - 1);
        let points = rings[first..].iter().flatten();
        points.fold(DVec2::splat(1e-9), |m, p| m.max(DVec2::new(p.x.abs(), p.z.abs())))
    }

    /// Closes an end that is not a point already with a fan round its middle.
    fn cap(&self, shell: &mut Shell, ring: &[DVec3], material: &'static str, top: DVec2, bottom: bool) {
        let middle = ring[1..].iter().sum::<DVec3>() / (ring.len() - 1) as f64;
        let middle = DVec3::new(0.0, middle.y, 0.0);
        let extent = ring.iter().fold(DVec2::splat(1e-9), |m, p| m.max(DVec2::new(p.x.abs(), p.z.abs())));
        let extent = if material == "top" && !bottom { top } else { extent };
        let corner = |p: DVec3| {
            let uv = planar(p, extent);
            Corner { p, uv: if bottom { DVec2::new(uv.x, 1.0 - uv.y) } else { uv } }
        };
        for w in ring.windows(2) {
            let (a, b) = if bottom { (w[1], w[0]) } else { (w[0], w[1]) };
            shell.tri(material, [corner(a), corner(b), corner(middle)]);
        }
    }
}

/// Texture coordinates seen from above, the lower edge of the art towards the front.
fn planar(p: DVec3, half: DVec2) -> DVec2 {
    DVec2::new(0.5 + 0.5 * p.x / half.x, 0.5 + 0.5 * p.z / half.y)
}
