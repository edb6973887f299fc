//! Where the camera stands and which lens it has.

use glam::{DVec3, Vec3};

use super::{Staged, moment::Moment};
use crate::{
    config::{CameraRecipe, Dist, LensRecipe},
    geometry::{Camera, Intrinsics, Lens, Size},
    seed::Node,
};

/// Closest that a camera comes to floor or ceiling, metres.
const KEEP_OFF_M: f64 = 0.15;

/// Draws a camera that orbits the focus, or in a film passes by where it would do so.
pub(super) fn draw(
    recipe: &CameraRecipe,
    size: Size,
    staged: &Staged,
    moment: Option<&Moment>,
    node: &Node,
) -> Camera {
    let value = |name: &str, dist: &Dist| node.draw(name, |rng| dist.sample(rng));
    let fov = value("fov_deg", &recipe.fov_deg).to_radians();
    let distance = value("distance_m", &recipe.distance_m);
    let azimuth = value("azimuth_deg", &recipe.azimuth_deg).to_radians();
    let elevation = value("elevation_deg", &recipe.elevation_deg).to_radians();
    let roll = value("roll_deg", &recipe.roll_deg).to_radians();
    let aim = DVec3::new(value("aim_right_m", &recipe.aim_right_m), value("aim_up_m", &recipe.aim_up_m), 0.0);
    let lens = match &recipe.lens {
        LensRecipe::Pinhole => Lens::Pinhole,
        LensRecipe::BrownConrady { k1, k2, k3, p1, p2 } => Lens::BrownConrady {
            k1: value("k1", k1),
            k2: value("k2", k2),
            k3: value("k3", k3),
            p1: value("p1", p1),
            p2: value("p2", p2),
        },
        LensRecipe::KannalaBrandt { k1, k2, k3, k4 } => Lens::KannalaBrandt {
            k1: value("k1", k1),
            k2: value("k2", k2),
            k3: value("k3", k3),
            k4: value("k4", k4),
        },
    };
    let focus = staged.focus.as_dvec3();
    let towards =
        DVec3::new(azimuth.sin() * elevation.cos(), elevation.sin(), azimuth.cos() * elevation.cos());
    let mut eye = focus + distance * towards;
    eye.y = eye.y.clamp(KEEP_OFF_M, f64::from(staged.ceiling) - KEEP_OFF_M);
    let mut target = focus + aim;
    if eye.distance(target) < 1e-3 {
        target.z -= 1.0;
    }
    if let Some(moment) = moment {
        let along = DVec3::X * (value("travel_m_per_s", &recipe.travel_m_per_s) * moment.since_middle_s());
        (eye, target) = (eye + along, target + along);
    }
    #[expect(clippy::cast_possible_truncation, reason = "radians")]
    let roll = roll as f32;
    Camera::look_at(eye.as_vec3(), target.as_vec3(), roll, Intrinsics::from_fov(size, fov, lens))
}

/// Distance of a point along the optical axis, metres.
pub(super) fn depth(camera: &Camera, point: Vec3) -> f32 {
    camera.camera_from_world().transform_point3(point).z
}
