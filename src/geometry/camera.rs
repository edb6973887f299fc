//! A camera: where it stands, and how it maps directions to pixels.

use glam::{Affine3A, DVec2, DVec3, Vec3};
use serde::{Deserialize, Serialize};

use super::{Lens, Size};

/// The inner geometry of a camera, in pixels of the final picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intrinsics {
    /// Size of the final picture.
    pub size: Size,
    /// Focal length along x, pixels.
    pub fx: f64,
    /// Focal length along y, pixels.
    pub fy: f64,
    /// Principal point, pixels from the left edge.
    pub cx: f64,
    /// Principal point, pixels from the top edge.
    pub cy: f64,
    /// The lens.
    pub lens: Lens,
}

impl Intrinsics {
    /// Square pixels, centred principal point, and a horizontal field of view measured without distortion
    /// (for the fisheye: the angle at which the undistorted equidistant model meets the side edges).
    #[must_use]
    pub fn from_fov(size: Size, fov_x_rad: f64, lens: Lens) -> Self {
        let half = f64::from(size.width) * 0.5;
        let focal = match lens {
            Lens::KannalaBrandt { .. } => half / (fov_x_rad * 0.5),
            _ => half / (fov_x_rad * 0.5).tan(),
        };
        Self { size, fx: focal, fy: focal, cx: half, cy: f64::from(size.height) * 0.5, lens }
    }

    /// For projecting many points.
    #[must_use]
    pub fn projector(&self) -> Projector {
        Projector { intrinsics: *self, limit_squared: self.lens.limit_squared() }
    }

    /// Pixel coordinates of a point in camera space, or `None` where the lens does not see it.
    #[must_use]
    pub fn project(&self, point: DVec3) -> Option<DVec2> {
        self.projector().project(point)
    }

    /// Direction in camera space seen at a pixel coordinate (see [`Lens::undistort`] for its length).
    #[must_use]
    pub fn ray(&self, pixel: DVec2) -> Option<DVec3> {
        self.projector().ray(pixel)
    }
}

/// Projects many points: an [`Intrinsics`] with its lens's limit found once.
#[derive(Clone, Copy, Debug)]
pub struct Projector {
    intrinsics: Intrinsics,
    limit_squared: f64,
}

impl Projector {
    /// See [`Intrinsics::project`].
    #[must_use]
    pub fn project(&self, point: DVec3) -> Option<DVec2> {
        let i = &self.intrinsics;
        let p = i.lens.distort_within(point, self.limit_squared)?;
        Some(DVec2::new(p.x * i.fx + i.cx, p.y * i.fy + i.cy))
    }

    /// See [`Intrinsics::ray`].
    #[must_use]
    pub fn ray(&self, pixel: DVec2) -> Option<DVec3> {
        let i = &self.intrinsics;
        let point = DVec2::new((pixel.x - i.cx) / i.fx, (pixel.y - i.cy) / i.fy);
        i.lens.undistort_within(point, self.limit_squared)
    }
}

/// A camera in the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Rigid transform from the `OpenCV` camera frame (x right, y down, z forward) to the world.
    pub world_from_camera: Affine3A,
    /// Its inner geometry.
    pub intrinsics: Intrinsics,
}

impl Camera {
    /// A camera at `eye` that looks at `target`, rolled by `roll_rad` (positive: the camera turns clockwise as
    /// its user sees it, so the picture turns counter-clockwise).
    #[must_use]
    pub fn look_at(eye: Vec3, target: Vec3, roll_rad: f32, intrinsics: Intrinsics) -> Self {
        let forward = (target - eye).normalize();
        let helper = if forward.y.abs() > 0.999 { Vec3::NEG_Z * forward.y.signum() } else { Vec3::Y };
        let right = forward.cross(helper).normalize();
        let down = forward.cross(right);
        let (sin, cos) = roll_rad.sin_cos();
        let (x, y) = (right * cos + down * sin, down * cos - right * sin);
        let world_from_camera = Affine3A {
            matrix3: glam::Mat3A::from_cols(x.into(), y.into(), forward.into()),
            translation: eye.into(),
        };
        Self { world_from_camera, intrinsics }
    }

    /// From the world to the camera frame.
    #[must_use]
    pub fn camera_from_world(&self) -> Affine3A {
        self.world_from_camera.inverse()
    }

    /// Where the camera stands, world frame, metres.
    #[must_use]
    pub fn position(&self) -> Vec3 {
        self.world_from_camera.translation.into()
    }

    /// Pixel coordinates of a point in the world, or `None` where the lens does not see it.
    #[must_use]
    pub fn project(&self, point: Vec3) -> Option<DVec2> {
        self.intrinsics.project(self.camera_from_world().transform_point3(point).as_dvec3())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_is_up_and_right_is_right() {
        let intrinsics = Intrinsics::from_fov(Size { width: 200, height: 100 }, 1.0, Lens::Pinhole);
        let camera = Camera::look_at(Vec3::new(0.0, 1.0, 3.0), Vec3::new(0.0, 1.0, 0.0), 0.0, intrinsics);
        let centre = camera.project(Vec3::new(0.0, 1.0, 0.0)).expect("in front");
        assert!((centre - DVec2::new(100.0, 50.0)).length() < 1e-4, "{centre}");
        assert!(camera.project(Vec3::new(0.0, 1.2, 0.0)).expect("in front").y < 50.0, "higher is further up");
        assert!(camera.project(Vec3::new(0.2, 1.0, 0.0)).expect("in front").x > 100.0, "+x is to the right");
        assert!(camera.project(Vec3::new(0.0, 1.0, 4.0)).is_none(), "behind the camera");
    }
}
