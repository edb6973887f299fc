//! Lens models: from a direction in camera space to a point on the picture, and back.
//!
//! Both models act on coordinates normalised by the focal length. Brown-Conrady (Brown 1966, in the
//! form and coefficient order `OpenCV` documents): `x' = x (1 + k1 r2 + k2 r4 + k3 r6) + 2 p1 x y +
//! p2 (r2 + 2 x2)`. Kannala-Brandt (Kannala and Brandt 2006; `OpenCV`'s fisheye): `theta_d = theta (1 +
//! k1 theta2 + k2 theta4 + k3 theta6 + k4 theta8)`, at that radius along the direction of (x, y).

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

/// What stands between the pinhole and the sensor.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "snake_case")]
pub enum Lens {
    /// No distortion.
    #[default]
    Pinhole,
    /// Radial and tangential polynomial distortion of ordinary lenses.
    BrownConrady {
        /// Radial, r^2.
        k1: f64,
        /// Radial, r^4.
        k2: f64,
        /// Radial, r^6.
        k3: f64,
        /// Tangential.
        p1: f64,
        /// Tangential.
        p2: f64,
    },
    /// Equidistant fisheye with a polynomial in the angle.
    KannalaBrandt {
        /// theta^3.
        k1: f64,
        /// theta^5.
        k2: f64,
        /// theta^7.
        k3: f64,
        /// theta^9.
        k4: f64,
    },
}

/// Newton's method stops below this error, in units of the focal length (1e-9 px at 1000 px focal length).
const TOLERANCE: f64 = 1e-12;
const ITERATIONS: usize = 40;

impl Lens {
    /// Normalised, distorted coordinates of a direction in camera space (any length), or `None` where the
    /// lens does not see it: behind a pinhole, or past the radius at which the polynomial turns back.
    #[must_use]
    pub fn distort(&self, direction: DVec3) -> Option<DVec2> {
        self.distort_within(direction, self.limit_squared())
    }

    /// [`Lens::distort`] with [`Lens::limit_squared`] at hand: finding the limit costs a thousand projections.
    pub(super) fn distort_within(&self, direction: DVec3, limit_squared: f64) -> Option<DVec2> {
        match *self {
            Self::Pinhole => (direction.z > 0.0).then(|| direction.truncate() / direction.z),
            Self::BrownConrady { .. } => {
                if direction.z <= 0.0 {
                    return None;
                }
                let u = direction.truncate() / direction.z;
                (u.length_squared() <= limit_squared).then(|| self.brown(u))
            }
            Self::KannalaBrandt { .. } => {
                let r = direction.truncate().length();
                let theta = r.atan2(direction.z);
                if theta * theta > limit_squared {
                    return None;
                }
                if r < 1e-300 {
                    return Some(DVec2::ZERO);
                }
                Some(direction.truncate() / r * self.radial(theta))
            }
        }
    }

    /// The direction in camera space seen at normalised, distorted coordinates; z = 1 for pinhole and
    /// Brown-Conrady, unit length for the fisheye. `None` where no ray reaches the sensor.
    #[must_use]
    pub fn undistort(&self, point: DVec2) -> Option<DVec3> {
        self.undistort_within(point, self.limit_squared())
    }

    /// [`Lens::undistort`] with [`Lens::limit_squared`] at hand.
    pub(super) fn undistort_within(&self, point: DVec2, limit_squared: f64) -> Option<DVec3> {
        match *self {
            Self::Pinhole => Some(point.extend(1.0)),
            Self::BrownConrady { .. } => self.brown_inverse(point, limit_squared).map(|u| u.extend(1.0)),
            Self::KannalaBrandt { .. } => {
                let r = point.length();
                if r < 1e-300 {
                    return Some(DVec3::Z);
                }
                let theta = self.radial_inverse(r, limit_squared)?;
                Some((point / r * theta.sin()).extend(theta.cos()))
            }
        }
    }

    /// Square of the largest undistorted radius (Brown-Conrady, tangent units) or angle (fisheye, radians) up
    /// to which the radial polynomial still grows. Beyond it one pixel would see two directions.
    #[must_use]
    pub fn limit_squared(&self) -> f64 {
        // The derivative's sign change, found by marching: the polynomials are short, and a missed double
        // root inside one step would not change which pixels exist.
        let (slope, reach): (Box<dyn Fn(f64) -> f64>, f64) = match *self {
            Self::Pinhole => return f64::INFINITY,
            Self::BrownConrady { k1, k2, k3, .. } => (
                Box::new(move |r| {
                    let r2 = r * r;
                    1.0 + r2 * (3.0 * k1 + r2 * (5.0 * k2 + r2 * 7.0 * k3))
                }),
                8.0,
            ),
            Self::KannalaBrandt { k1, k2, k3, k4 } => (
                Box::new(move |t| {
                    let t2 = t * t;
                    1.0 + t2 * (3.0 * k1 + t2 * (5.0 * k2 + t2 * (7.0 * k3 + t2 * 9.0 * k4)))
                }),
                std::f64::consts::PI,
            ),
        };
        let steps = 4096;
        for i in 1..=steps {
            let r = reach * f64::from(i) / f64::from(steps);
            if slope(r) <= 0.0 {
                let inside = reach * f64::from(i - 1) / f64::from(steps);
                return inside * inside;
            }
        }
        reach * reach
    }

    fn brown(&self, u: DVec2) -> DVec2 {
        let Self::BrownConrady { k1, k2, k3, p1, p2 } = *self else { return u };
        let r2 = u.length_squared();
        let radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
        DVec2::new(
            u.x * radial + 2.0 * p1 * u.x * u.y + p2 * (r2 + 2.0 * u.x * u.x),
            u.y * radial + p1 * (r2 + 2.0 * u.y * u.y) + 2.0 * p2 * u.x * u.y,
        )
    }

    fn brown_inverse(&self, point: DVec2, limit: f64) -> Option<DVec2> {
        let Self::BrownConrady { k1, k2, k3, p1, p2 } = *self else { return Some(point) };
        let mut u = point;
        if u.length_squared() > limit {
            u *= (limit / u.length_squared()).sqrt() * 0.999;
        }
        for _ in 0..ITERATIONS {
            let error = self.brown(u) - point;
            if error.length_squared() < TOLERANCE * TOLERANCE {
                break;
            }
            let r2 = u.length_squared();
            let radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
            let slope = 2.0 * (k1 + r2 * (2.0 * k2 + r2 * 3.0 * k3));
            let xx = radial + slope * u.x * u.x + 2.0 * p1 * u.y + 6.0 * p2 * u.x;
            let yy = radial + slope * u.y * u.y + 6.0 * p1 * u.y + 2.0 * p2 * u.x;
            let xy = slope * u.x * u.y + 2.0 * p1 * u.x + 2.0 * p2 * u.y;
            let det = xx * yy - xy * xy;
            if det.abs() < 1e-12 {
                return None;
            }
            u -= DVec2::new(yy * error.x - xy * error.y, xx * error.y - xy * error.x) / det;
        }
        let good = (self.brown(u) - point).length() < 1e-9 && u.length_squared() <= limit;
        good.then_some(u)
    }

    fn radial(&self, theta: f64) -> f64 {
        let Self::KannalaBrandt { k1, k2, k3, k4 } = *self else { return theta };
        let t2 = theta * theta;
        theta * (1.0 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))))
    }

    fn radial_inverse(&self, r: f64, limit: f64) -> Option<f64> {
        // Bisection with the monotone part as bracket: never leaves it, and forty-odd halvings are exact.
        let (mut low, mut high) = (0.0, limit.sqrt());
        if r > self.radial(high) {
            return None;
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.radial(middle) < r { low = middle } else { high = middle }
        }
        Some(0.5 * (low + high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lenses() -> [Lens; 4] {
        [
            Lens::Pinhole,
            Lens::BrownConrady { k1: -0.28, k2: 0.07, k3: -0.005, p1: 0.001, p2: -0.0007 },
            Lens::BrownConrady { k1: 0.15, k2: 0.02, k3: 0.0, p1: 0.0, p2: 0.0 },
            Lens::KannalaBrandt { k1: -0.02, k2: 0.003, k3: -0.001, k4: 0.0 },
        ]
    }

    #[test]
    fn undistort_inverts_distort() {
        for lens in lenses() {
            for i in -10..=10 {
                for j in -10..=10 {
                    let point = DVec2::new(f64::from(i), f64::from(j)) * 0.06;
                    let ray = lens.undistort(point).expect("inside the picture");
                    let back = lens.distort(ray).expect("was seen");
                    assert!((back - point).length() < 1e-9, "{lens:?} at {point}: {back}");
                }
            }
        }
    }

    #[test]
    fn a_fisheye_sees_behind_its_own_plane_and_a_pinhole_does_not() {
        let behind = DVec3::new(1.0, 0.0, -0.1);
        assert!(lenses()[3].distort(behind).is_some(), "95 degrees off the axis");
        assert!(Lens::Pinhole.distort(behind).is_none(), "behind the pinhole");
    }

    #[test]
    fn past_the_turning_point_nothing_is_seen() {
        let lens = Lens::BrownConrady { k1: -0.5, k2: 0.0, k3: 0.0, p1: 0.0, p2: 0.0 };
        assert!((lens.limit_squared() - 2.0 / 3.0).abs() < 0.01, "3 k1 r2 = -1 at r2 = 2/3");
        assert!(lens.distort(DVec3::new(0.9, 0.0, 1.0)).is_none(), "0.81 is past 2/3");
        assert!(lens.undistort(DVec2::new(0.6, 0.0)).is_none(), "no direction lands there");
    }
}
