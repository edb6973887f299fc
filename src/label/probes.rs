//! Visibility of named points: the label's front, a face, keypoints.

use std::collections::BTreeSet;

use glam::{Affine3A, DVec2, DVec3, Vec3};
use serde_json::{Map, Value};

use crate::{
    geometry::Projector,
    render::Pictures,
    scene::{Instance, Library, Scene},
};

/// Share of each probe group's points that the picture shows, by the group's name.
pub(crate) fn visible_shares(
    scene: &Scene,
    library: &Library,
    pictures: &Pictures,
    instance: &Instance,
) -> Map<String, Value> {
    let Some(model) = instance.model.map(|id| library.model(id)) else { return Map::new() };
    let camera_from_object = scene.camera.camera_from_world() * instance.world_from_object;
    let projector = scene.camera.intrinsics.projector();
    model
        .probes
        .iter()
        .filter(|group| !group.points.is_empty())
        .map(|group| {
            let seen = group
                .points
                .iter()
                .filter(|point| {
                    let p = camera_from_object.transform_point3(**point).as_dvec3();
                    projector.project(p).is_some_and(|px| {
                        shown_at(pictures, px).is_some_and(|(id, z)| {
                            // The surface that the pixel shows: along the ray through the pixel's centre.
                            let centre = px.floor() + 0.5;
                            let ray = projector.ray(centre).unwrap_or(p);
                            let surface = ray * (z / ray.z);
                            id == instance.id.0 && surface.distance(p) <= f64::from(group.tolerance_m)
                        })
                    })
                })
                .count();
            let share = super::count(seen as u64) / super::count(group.points.len() as u64);
            (group.name.clone(), Value::from(share))
        })
        .collect()
}

/// Id and depth at a point of the picture, `None` outside of it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be inside the picture"
)]
fn shown_at(pictures: &Pictures, px: DVec2) -> Option<(u32, f64)> {
    let (w, h) = (pictures.size.width, pictures.size.height);
    if !(px.x >= 0.0 && px.y >= 0.0 && px.x < f64::from(w) && px.y < f64::from(h)) {
        return None;
    }
    let at = px.y as usize * w as usize + px.x as usize;
    Some((pictures.ids[at], f64::from(pictures.depth[at])))
}

/// What a picture shows where a point of the world is projected.
pub(crate) struct Sight<'a> {
    pictures: &'a Pictures,
    camera_from_world: Affine3A,
    projector: Projector,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(scene: &Scene, pictures: &'a Pictures) -> Self {
        let projector = scene.camera.intrinsics.projector();
        Self { pictures, camera_from_world: scene.camera.camera_from_world(), projector }
    }

    /// Where a point is projected, `None` when it is beyond the lens or outside of the frame.
    fn place(&self, point: Vec3) -> Option<(DVec3, DVec2)> {
        let p = self.camera_from_world.transform_point3(point).as_dvec3();
        let px = self.projector.project(p)?;
        shown_at(self.pictures, px).map(|_| (p, px))
    }

    /// Whether a point is projected into the frame.
    pub(crate) fn frames(&self, point: Vec3) -> bool {
        self.place(point).is_some()
    }

    /// Whether nothing hides a point from the camera: its pixel shows one of `ids` there, or what lies beyond.
    pub(crate) fn sees(&self, point: Vec3, tolerance_m: f32, ids: &BTreeSet<u32>) -> bool {
        self.place(point).is_some_and(|(p, px)| {
            shown_at(self.pictures, px).is_some_and(|(id, z)| {
                let ray = self.projector.ray(px.floor() + 0.5).unwrap_or(p);
                let beyond = (ray * (z / ray.z)).length() - p.length();
                let tolerance = f64::from(tolerance_m);
                id == 0 || beyond > tolerance || (ids.contains(&id) && beyond >= -tolerance)
            })
        })
    }

    fn near(&self, p: DVec3, px: DVec2, tolerance_m: f32, ids: &BTreeSet<u32>) -> bool {
        shown_at(self.pictures, px).is_some_and(|(id, z)| {
            let ray = self.projector.ray(px.floor() + 0.5).unwrap_or(p);
            ids.contains(&id) && (ray * (z / ray.z)).distance(p) <= f64::from(tolerance_m)
        })
    }

    /// A COCO triple: x, y and 0 (outside of the frame, both zero), 1 (hidden) or 2 (visible).
    pub(crate) fn keypoint(&self, point: Vec3, tolerance_m: f32, ids: &BTreeSet<u32>) -> [f64; 3] {
        match self.place(point) {
            None => [0.0; 3],
            Some((p, px)) if self.near(p, px, tolerance_m, ids) => [px.x, px.y, 2.0],
            Some((_, px)) => [px.x, px.y, 1.0],
        }
    }
}
