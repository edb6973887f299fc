//! Several drawn instances labelled as one: masks joined, keypoints, points of which the visible share counts.

use std::collections::BTreeSet;

use glam::{Affine3A, Vec3};
use serde_json::{Map, Value};

use super::{amodal::Joined, count, mask::masks, matrix, probes::Sight};
use crate::{
    geometry::BoxPx,
    render::Pictures,
    scene::{Instance, Scene, Whole},
    truth::{InstanceTruth, RoleTruth},
};

/// The record of a whole. `distances` are all instances' by index.
pub(super) fn whole(
    scene: &Scene,
    pictures: &Pictures,
    instance: &Instance,
    whole: &Whole,
    distances: &[f64],
) -> InstanceTruth {
    let parts: BTreeSet<u32> = whole.parts.iter().map(|id| id.0).collect();
    // The same counting as for a drawn instance, over a picture in which the parts are one and all else is nothing.
    let joined = Pictures {
        size: pictures.size,
        colour: Vec::new(),
        ids: pictures.ids.iter().map(|id| u32::from(parts.contains(id))).collect(),
        depth: pictures.depth.clone(),
        normals: Vec::new(),
        tiles: Vec::new(),
        layout: Vec::new(),
        flow: None,
    };
    let mask = masks(&joined, 1).pop().unwrap_or_default();
    let amodal = Joined::of(pictures, &parts);
    let inside = amodal.inside;
    let bbox_amodal = amodal.bbox;
    let bbox_full: Option<BoxPx> = amodal.full.map(|full| bbox_amodal.map_or(full, |b| full.union(b)));
    let least = inside.div_ceil(100);
    let mut occluders: Vec<u32> = amodal
        .covered_by
        .iter()
        .filter(|(id, pixels)| *pixels >= least && !parts.contains(id))
        .map(|(id, _)| *id)
        .collect();
    occluders.sort_by(|a, b| {
        let at = |id: &u32| distances[*id as usize - 1];
        at(a).total_cmp(&at(b)).then(a.cmp(b))
    });
    let camera_from_world = scene.camera.camera_from_world();
    let place = Affine3A::from_translation(instance.world_from_object.translation.into());
    let sight = Sight::new(scene, pictures);
    let keypoints =
        whole.keypoints.iter().flat_map(|k| sight.keypoint(k.point, k.tolerance_m, &parts)).collect();
    let probes: Map<String, Value> = whole
        .probes
        .iter()
        .map(|group| {
            // What lies outside of the frame cannot be seen, whatever is there.
            let inside = || group.points.iter().filter(|p| sight.frames(**p));
            let seen = inside().filter(|p| sight.sees(**p, group.tolerance_m, &parts)).count();
            let share = count(seen as u64) / count(inside().count().max(1) as u64);
            (group.name.clone(), Value::from(share))
        })
        .collect();
    InstanceTruth {
        instance_id: instance.id.0,
        path: instance.path.clone(),
        class: instance.class.clone(),
        role: RoleTruth::Whole,
        bbox: mask.bbox,
        area: count(mask.area),
        segmentation: mask.rle(pictures.size),
        polygon: None,
        bbox_amodal,
        area_amodal: count(inside),
        bbox_full,
        visibility: if inside == 0 { 0.0 } else { count(mask.area) / count(inside) },
        truncation: amodal.truncation,
        pieces: mask.pieces,
        occluders,
        distance_m: distances[instance.id.0 as usize - 1],
        depth_m: mask.depth_m,
        camera_from_object: matrix(&(camera_from_world * place)),
        size_m: (whole.half_extents * 2.0).max(Vec3::ZERO).to_array().map(f64::from),
        probes,
        keypoints,
        facts: instance.facts.clone(),
    }
}
