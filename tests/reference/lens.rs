//! Lenses forwards and backwards, written a second time.
//!
//! Forwards: the polynomials as their papers print them. Backwards: the radial part by a bracketed root search,
//! the tangential part by fixed-point iteration around it; the engine uses Newton's method on both together.

use diorama::geometry::{Intrinsics, Lens};
use glam::{DVec2, DVec3};

/// What a pixel coordinate sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ray {
    /// Direction in the camera frame; any length.
    pub(crate) direction: DVec3,
    /// Change of the direction per pixel to the right.
    pub(crate) across: DVec3,
    /// Change of the direction per pixel down.
    pub(crate) down: DVec3,
}

/// The answer of a lens at one pixel coordinate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sight {
    /// A ray.
    Sees(Ray),
    /// No ray reaches the sensor here.
    Blind,
    /// So close to where the lens stops seeing that rounding decides.
    Unsure,
}

/// Intrinsics, prepared for both ways.
#[derive(Debug)]
pub(crate) struct Optics {
    intrinsics: Intrinsics,
    /// Odd polynomial: coefficients of x, x^3, x^5 ...
    radial: Vec<f64>,
    tangential: DVec2,
    /// Largest argument of the polynomial that the lens passes.
    end: f64,
}

/// A pixel closer than this to the last ring that the lens sees is unsure.
const RIM_PX: f64 = 0.05;
/// Step of the central differences, pixels.
const STEP_PX: f64 = 1e-4;

fn odd_polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().zip([1, 3, 5, 7, 9]).map(|(c, power)| c * x.powi(power)).sum()
}

fn odd_slope(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().zip([1, 3, 5, 7, 9]).map(|(c, power)| c * f64::from(power) * x.powi(power - 1)).sum()
}

impl Optics {
    pub(crate) fn new(intrinsics: Intrinsics) -> Self {
        let (radial, tangential, reach) = match intrinsics.lens {
            Lens::Pinhole => (vec![1.0], DVec2::ZERO, f64::INFINITY),
            // The engine's lens ends at 83 degrees off the axis (tangent 8) and at half a turn.
            Lens::BrownConrady { k1, k2, k3, p1, p2 } => (vec![1.0, k1, k2, k3], DVec2::new(p1, p2), 8.0),
            Lens::KannalaBrandt { k1, k2, k3, k4 } => {
                (vec![1.0, k1, k2, k3, k4], DVec2::ZERO, std::f64::consts::PI)
            }
        };
        let end = if reach.is_finite() { turning_point(&radial, reach) } else { reach };
        Self { intrinsics, radial, tangential, end }
    }

    fn is_fisheye(&self) -> bool {
        matches!(self.intrinsics.lens, Lens::KannalaBrandt { .. })
    }

    /// Pixel coordinates of a point in the camera frame.
    pub(crate) fn project(&self, point: DVec3) -> Option<DVec2> {
        let flat = point.truncate();
        let normalised = if self.is_fisheye() {
            let theta = flat.length().atan2(point.z);
            if theta > self.end {
                return None;
            }
            flat.normalize_or_zero() * odd_polynomial(&self.radial, theta)
        } else {
            if point.z <= 0.0 {
                return None;
            }
            let u = flat / point.z;
            if u.length() > self.end {
                return None;
            }
            u.normalize_or_zero() * odd_polynomial(&self.radial, u.length()) + self.sideways(u)
        };
        let i = &self.intrinsics;
        Some(DVec2::new(i.fx * normalised.x + i.cx, i.fy * normalised.y + i.cy))
    }

    /// Brown's decentring term.
    fn sideways(&self, u: DVec2) -> DVec2 {
        let (p1, p2, r2) = (self.tangential.x, self.tangential.y, u.dot(u));
        DVec2::new(
            2.0 * p1 * u.x * u.y + p2 * (r2 + 2.0 * u.x.powi(2)),
            p1 * (r2 + 2.0 * u.y.powi(2)) + 2.0 * p2 * u.x * u.y,
        )
    }

    /// The ray at a pixel coordinate, with its derivatives.
    pub(crate) fn sight(&self, pixel: DVec2) -> Sight {
        let at = |dx: f64, dy: f64| self.direction(pixel + DVec2::new(dx, dy));
        match at(0.0, 0.0) {
            Ok(direction) => {
                let sides = [at(STEP_PX, 0.0), at(-STEP_PX, 0.0), at(0.0, STEP_PX), at(0.0, -STEP_PX)];
                let [Ok(right), Ok(left), Ok(below), Ok(above)] = sides else { return Sight::Unsure };
                Sight::Sees(Ray {
                    direction,
                    across: (right - left) / (2.0 * STEP_PX),
                    down: (below - above) / (2.0 * STEP_PX),
                })
            }
            Err(beyond_px) if beyond_px < RIM_PX => Sight::Unsure,
            Err(_) => Sight::Blind,
        }
    }

    /// Direction at a pixel coordinate, or by how many pixels it misses the last ring that is seen.
    fn direction(&self, pixel: DVec2) -> Result<DVec3, f64> {
        let i = &self.intrinsics;
        let point = DVec2::new((pixel.x - i.cx) / i.fx, (pixel.y - i.cy) / i.fy);
        if matches!(i.lens, Lens::Pinhole) {
            return Ok(point.extend(1.0));
        }
        let rim = odd_polynomial(&self.radial, self.end);
        let solve = |radius: f64| {
            let inside_px = (rim - radius) * i.fx.min(i.fy);
            if inside_px < RIM_PX { Err((-inside_px).max(0.0)) } else { Ok(self.radial_root(radius)) }
        };
        if self.is_fisheye() {
            let theta = solve(point.length())?;
            return Ok((point.normalize_or_zero() * theta.sin()).extend(theta.cos()));
        }
        let mut u = DVec2::ZERO;
        for _ in 0..400 {
            let radial_part = point - self.sideways(u);
            let next = radial_part.normalize_or_zero() * solve(radial_part.length())?;
            let moved = (next - u).length();
            u = next;
            if moved < 1e-15 * (1.0 + u.length()) {
                break;
            }
        }
        let back = self.project(u.extend(1.0)).ok_or(0.0)?;
        if (back - pixel).length() < 1e-7 { Ok(u.extend(1.0)) } else { Err(0.0) }
    }

    /// The argument below `end` at which the growing polynomial reaches `value`: a bracket that halves
    /// whenever the secant step would leave it.
    fn radial_root(&self, value: f64) -> f64 {
        let (mut low, mut high) = (0.0, self.end);
        let mut x = value.min(high);
        for _ in 0..200 {
            let miss = odd_polynomial(&self.radial, x) - value;
            if miss > 0.0 {
                high = x
            } else {
                low = x
            }
            let slope = odd_slope(&self.radial, x);
            let step = x - miss / slope;
            let next = if slope > 0.0 && step > low && step < high { step } else { 0.5 * (low + high) };
            if (next - x).abs() <= f64::EPSILON * x.abs() || high - low <= f64::EPSILON * high {
                return next;
            }
            x = next;
        }
        x
    }
}

/// First argument in `0..reach` at which the polynomial stops growing, or `reach`.
fn turning_point(coefficients: &[f64], reach: f64) -> f64 {
    let cells = 30_000;
    for cell in 1..=cells {
        let (mut grows, mut turns) =
            (reach * f64::from(cell - 1) / f64::from(cells), reach * f64::from(cell) / f64::from(cells));
        if odd_slope(coefficients, turns) <= 0.0 {
            while turns - grows > 1e-13 {
                let middle = 0.5 * (grows + turns);
                if odd_slope(coefficients, middle) > 0.0 { grows = middle } else { turns = middle }
            }
            return grows;
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use diorama::geometry::Size;

    use super::*;

    const SIZE: Size = Size { width: 160, height: 120 };

    fn seen(optics: &Optics, pixel: DVec2) -> DVec3 {
        match optics.sight(pixel) {
            Sight::Sees(ray) => ray.direction.normalize(),
            other => panic!("{pixel}: {other:?}"),
        }
    }

    #[test]
    fn known_points_of_each_model() {
        let brown = Lens::BrownConrady { k1: -0.2, k2: 0.0, k3: 0.0, p1: 0.0, p2: 0.0 };
        let optics =
            Optics::new(Intrinsics { size: SIZE, fx: 100.0, fy: 100.0, cx: 80.0, cy: 60.0, lens: brown });
        // 0.5 - 0.2 / 8 = 0.475 focal lengths from the centre.
        let at = optics.project(DVec3::new(0.5, 0.0, 1.0)).expect("seen");
        assert!((at - DVec2::new(127.5, 60.0)).length() < 1e-12, "{at}");
        assert!((seen(&optics, at) - DVec3::new(0.5, 0.0, 1.0).normalize()).length() < 1e-12, "and back");
        assert!((optics.end - (1.0f64 / 0.6).sqrt()).abs() < 1e-9, "1 = 3 k1 r2 at the turning point");
        assert!(
            matches!(optics.sight(DVec2::new(80.0 + 87.0, 60.0)), Sight::Blind),
            "beyond 2/3 of 1.29 focal lengths"
        );

        // An ideal equidistant fisheye: a right angle off the axis is pi/2 focal lengths from the centre.
        let ideal = Lens::KannalaBrandt { k1: 0.0, k2: 0.0, k3: 0.0, k4: 0.0 };
        let optics =
            Optics::new(Intrinsics { size: SIZE, fx: 40.0, fy: 40.0, cx: 80.0, cy: 60.0, lens: ideal });
        let side = DVec2::new(80.0 + 20.0 * std::f64::consts::PI, 60.0);
        assert!((seen(&optics, side) - DVec3::X).length() < 1e-12, "sideways");
    }

    #[test]
    fn the_derivative_is_the_change_over_a_small_step() {
        let lens = Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: -0.001, k4: 0.0 };
        let optics = Optics::new(Intrinsics::from_fov(SIZE, 2.4, lens));
        let at = DVec2::new(31.5, 80.5);
        let Sight::Sees(ray) = optics.sight(at) else { panic!("seen") };
        let moved = seen(&optics, at + DVec2::new(0.01, -0.02));
        let predicted = (ray.direction + ray.across * 0.01 - ray.down * 0.02).normalize();
        assert!((moved - predicted).length() < 1e-7, "{moved} and {predicted}");
    }

    #[test]
    fn the_engine_s_lenses_agree() {
        let lenses = [
            Lens::Pinhole,
            Lens::BrownConrady { k1: -0.28, k2: 0.07, k3: -0.005, p1: 0.001, p2: -0.0007 },
            Lens::BrownConrady { k1: 0.15, k2: 0.02, k3: 0.0, p1: -0.01, p2: 0.02 },
            Lens::BrownConrady { k1: -0.4, k2: 0.0, k3: 0.0, p1: 0.0, p2: 0.0 },
            Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: -0.001, k4: 0.0 },
            Lens::KannalaBrandt { k1: 0.0, k2: 0.0, k3: 0.0, k4: 0.0 },
        ];
        for lens in lenses {
            let fov = if matches!(lens, Lens::KannalaBrandt { .. }) { 3.9 } else { 1.6 };
            let intrinsics = Intrinsics::from_fov(SIZE, fov, lens);
            let optics = Optics::new(intrinsics);
            for y in 0..SIZE.height {
                for x in 0..SIZE.width {
                    let pixel = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                    match (optics.sight(pixel), intrinsics.ray(pixel)) {
                        (Sight::Unsure, _) | (Sight::Blind, None) => {}
                        (Sight::Sees(ours), Some(theirs)) => {
                            let apart = (ours.direction.normalize() - theirs.normalize()).length();
                            assert!(apart < 1e-8, "{lens:?} at {pixel}: {apart:e} apart");
                        }
                        (ours, theirs) => panic!("{lens:?} at {pixel}: {ours:?} and {theirs:?}"),
                    }
                }
            }
        }
    }
}
