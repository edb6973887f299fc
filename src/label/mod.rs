//! From pictures and the scene they show to [`Truth`](crate::truth): the label contract, to the letter.
//!
//! Nothing here looks at colours: ids, depths and amodal masks come from exact visibility, the rest from where things
//! were placed.

mod amodal;
mod mask;
mod outline;
mod probes;
mod whole;

use std::collections::BTreeSet;

use glam::{Affine3A, Vec3};
use serde_json::{Map, Value};

use self::{amodal::Amodal, mask::Mask};
use crate::{
    geometry::BoxPx,
    render::Pictures,
    scene::{Clip, Instance, Library, Role, Scene},
    truth::{CameraTruth, ClipTruth, EventTruth, FrameTruth, InstanceTruth, RoleTruth},
};

/// Everything that is true of one frame.
#[must_use]
pub fn label(
    scene: &Scene,
    library: &Library,
    pictures: &Pictures,
    frame: u64,
    file_name: String,
) -> FrameTruth {
    let owned = library.with_own(&scene.models);
    let library = &*owned;
    let camera_from_world = scene.camera.camera_from_world();
    let masks = mask::masks(pictures, scene.instances.len());
    let amodal = amodal::amodal(pictures, scene.instances.len());
    let distances: Vec<f64> =
        scene.instances.iter().map(|i| distance_m(i, library, &camera_from_world)).collect();
    let instances = scene
        .instances
        .iter()
        .enumerate()
        .filter_map(|(index, instance)| match instance.role {
            Role::Labelled => Some(labelled(
                scene,
                library,
                pictures,
                instance,
                &masks[index],
                amodal[index].as_ref(),
                &distances,
            )),
            Role::Virtual { half_extents } => Some(virtual_one(scene, instance, half_extents)),
            Role::Whole(ref parts) => Some(whole::whole(scene, pictures, instance, parts, &distances)),
            Role::Background | Role::SeeThrough => None,
        })
        .collect();
    let licences: BTreeSet<String> = scene
        .instances
        .iter()
        .filter_map(|i| i.model)
        .map(|id| {
            let model = library.model(id);
            format!("{}: {}", model.source, model.licence)
        })
        .collect();
    FrameTruth {
        frame,
        file_name,
        clip: scene.clip.as_ref().map(clip),
        camera: CameraTruth {
            intrinsics: scene.camera.intrinsics,
            camera_from_world: matrix(&camera_from_world),
        },
        facts: scene.facts.clone(),
        instances,
        licences: licences.into_iter().collect(),
    }
}

fn clip(clip: &Clip) -> ClipTruth {
    ClipTruth {
        video_id: clip.film + 1,
        index: clip.index,
        time_s: f64::from(clip.index) / clip.fps,
        frames: clip.frames,
        fps: clip.fps,
        events: clip
            .events
            .iter()
            .map(|event| EventTruth { name: event.name.clone(), start: event.start, end: event.end })
            .collect(),
    }
}

/// 4 x 4, row-major, as files have it.
fn matrix(m: &Affine3A) -> [[f64; 4]; 4] {
    let columns = [m.matrix3.x_axis, m.matrix3.y_axis, m.matrix3.z_axis, m.translation];
    let mut rows = [[0.0; 4]; 4];
    for (c, column) in columns.iter().enumerate() {
        for (r, value) in column.to_array().into_iter().enumerate() {
            rows[r][c] = f64::from(value);
        }
    }
    rows[3][3] = 1.0;
    rows
}

/// An instance's own box: its centre in the object frame and its half extents, before `world_from_object`.
fn own_box(instance: &Instance, library: &Library) -> (Vec3, Vec3) {
    match (instance.model, &instance.role) {
        (Some(id), _) => {
            let bounds = library.model(id).bounds;
            (bounds.center(), bounds.size() * 0.5)
        }
        (None, Role::Virtual { half_extents }) => (Vec3::ZERO, *half_extents),
        (None, Role::Whole(whole)) => (Vec3::ZERO, whole.half_extents),
        (None, _) => (Vec3::ZERO, Vec3::ZERO),
    }
}

fn distance_m(instance: &Instance, library: &Library, camera_from_world: &Affine3A) -> f64 {
    let (centre, _) = own_box(instance, library);
    let world = instance.world_from_object.transform_point3(centre);
    f64::from(camera_from_world.transform_point3(world).length())
}

/// Pose of an instance's own box (origin at its centre, axes along it, no scale) and its extents, metres.
fn pose(
    instance: &Instance,
    centre: Vec3,
    half: Vec3,
    camera_from_world: &Affine3A,
) -> ([[f64; 4]; 4], [f64; 3]) {
    let m = instance.world_from_object;
    let axes = [m.matrix3.x_axis, m.matrix3.y_axis, m.matrix3.z_axis].map(Vec3::from);
    let size = [0, 1, 2].map(|i| f64::from(axes[i].length() * 2.0 * half[i]));
    let [x, y, z] = axes.map(|a| a.normalize_or_zero());
    let world_from_box = Affine3A {
        matrix3: glam::Mat3A::from_cols(x.into(), y.into(), z.into()),
        translation: m.transform_point3(centre).into(),
    };
    (matrix(&(*camera_from_world * world_from_box)), size)
}

fn labelled(
    scene: &Scene,
    library: &Library,
    pictures: &Pictures,
    instance: &Instance,
    mask: &Mask,
    amodal: Option<&Amodal>,
    distances: &[f64],
) -> InstanceTruth {
    let camera_from_world = scene.camera.camera_from_world();
    let (centre, half) = own_box(instance, library);
    let (camera_from_object, size_m) = pose(instance, centre, half, &camera_from_world);
    let inside = amodal.map_or(0, |a| a.inside);
    let bbox_amodal = amodal.and_then(|a| a.bbox);
    let bbox_full = amodal.map(|a| bbox_amodal.map_or(a.full, |b| a.full.union(b)));
    let mut occluders: Vec<u32> = amodal
        .map(|a| {
            let least = a.inside.div_ceil(100);
            a.covered_by.iter().filter(|(_, pixels)| *pixels >= least).map(|(id, _)| *id).collect()
        })
        .unwrap_or_default();
    occluders.retain(|&id| id != instance.id.0);
    occluders.sort_by(|a, b| {
        let at = |id: &u32| distances[*id as usize - 1];
        at(a).total_cmp(&at(b)).then(a.cmp(b))
    });
    InstanceTruth {
        instance_id: instance.id.0,
        path: instance.path.clone(),
        class: instance.class.clone(),
        role: RoleTruth::Labelled,
        bbox: mask.bbox,
        area: count(mask.area),
        segmentation: mask.rle(pictures.size),
        polygon: None,
        bbox_amodal,
        area_amodal: count(inside),
        bbox_full,
        visibility: if inside == 0 { 0.0 } else { count(mask.area) / count(inside) },
        truncation: amodal.map_or(1.0, |a| a.truncation),
        pieces: mask.pieces,
        occluders,
        distance_m: distances[instance.id.0 as usize - 1],
        depth_m: mask.depth_m,
        camera_from_object,
        size_m,
        probes: probes::visible_shares(scene, library, pictures, instance),
        keypoints: Vec::new(),
        facts: instance.facts.clone(),
    }
}

fn virtual_one(scene: &Scene, instance: &Instance, half: Vec3) -> InstanceTruth {
    let camera_from_world = scene.camera.camera_from_world();
    let camera_from_object = camera_from_world * instance.world_from_object;
    let (pose, size_m) = pose(instance, Vec3::ZERO, half, &camera_from_world);
    let outline = outline::project(&scene.camera.intrinsics, &camera_from_object, half);
    let inside = outline.as_ref().map_or(0.0, |o| o.area_inside);
    let whole = outline.as_ref().map_or(0.0, |o| o.area_full);
    let bbox: Option<BoxPx> = outline.as_ref().and_then(|o| o.bbox_inside);
    InstanceTruth {
        instance_id: instance.id.0,
        path: instance.path.clone(),
        class: instance.class.clone(),
        role: RoleTruth::Virtual,
        bbox,
        area: inside,
        segmentation: None,
        polygon: outline.as_ref().filter(|_| bbox.is_some()).map(|o| o.polygon.clone()),
        bbox_amodal: bbox,
        area_amodal: inside,
        bbox_full: outline.as_ref().map(|o| o.bbox_full),
        visibility: if bbox.is_some() { 1.0 } else { 0.0 },
        truncation: if whole > 0.0 { (1.0 - inside / whole).clamp(0.0, 1.0) } else { 1.0 },
        pieces: u32::from(bbox.is_some()),
        occluders: Vec::new(),
        distance_m: f64::from(camera_from_object.translation.length()),
        depth_m: (camera_from_object.translation.z > 0.0)
            .then(|| f64::from(camera_from_object.translation.z)),
        camera_from_object: pose,
        size_m,
        probes: Map::<String, Value>::new(),
        keypoints: Vec::new(),
        facts: instance.facts.clone(),
    }
}

/// A pixel count as a number; pictures have far fewer than 2^52 pixels.
#[expect(clippy::cast_precision_loss, reason = "pixel counts are far below 2^52")]
fn count(pixels: u64) -> f64 {
    pixels as f64
}
