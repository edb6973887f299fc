//! Visibility of named points: the label's front, a face, keypoints.

use glam::DVec2;
use serde_json::{Map, Value};

use crate::{
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
