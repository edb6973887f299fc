//! A staged scene as one .glb file, which Blender and other viewers open.
//!
//! Every mesh is stored once and shown by as many nodes as there are instances; each instance's node carries
//! `extras.instance_id` (the number in truth records), `path`, `class`, `role` and its facts. Only the finest level of
//! detail is written. What glTF cannot say is in extras: lens distortion and principal point on the camera's node, the
//! environment's gain and turn on the scene (its picture is left out). Blend shapes and skins are left out: a staged
//! scene stands still.

mod glb;
mod surface;

use std::collections::BTreeMap;

use glam::{Affine3A, Mat4, Quat, Vec3};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{ArtError, Dress, Instance, Library, Light, LightKind, ModelId, Primitive, Role, Scene};
use crate::geometry::Camera;
use glb::{Document, push};

/// What goes into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// Longest side of label art, pixels.
    pub art_side_px: u32,
    /// Whether the camera goes in.
    pub camera: bool,
    /// Whether the lights go in (`KHR_lights_punctual`).
    pub lights: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { art_side_px: 512, camera: true, lights: true }
    }
}

/// Why a scene could not be written as glTF.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A product's label art could not be had.
    #[error(transparent)]
    Art(#[from] ArtError),
    /// A picture could not be encoded.
    #[error("texture '{name}' cannot be written: {reason}")]
    Picture {
        /// The texture.
        name: String,
        /// Why.
        reason: String,
    },
    /// A .glb holds at most 4 GiB.
    #[error("the scene takes {bytes} bytes, a .glb holds at most 4294967295")]
    TooLarge {
        /// What it would take.
        bytes: usize,
    },
}

/// Points that stand for one fluorescent tube, which glTF does not know.
const TUBE_POINTS: u8 = 5;

/// The staged scene as the bytes of one .glb file. The same scene gives the same bytes.
///
/// # Errors
/// When label art is missing or the file would be larger than a .glb can be.
pub fn export_glb(scene: &Scene, library: &Library, include: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    let owned = library.with_own(&scene.models);
    let library = &*owned;
    let mut out = Document::default();
    let mut meshes = Meshes {
        library,
        surfaces: surface::Surfaces::new(library, include),
        geometry: BTreeMap::new(),
        dressed: BTreeMap::new(),
    };
    let mut roots = Vec::new();
    for instance in &scene.instances {
        let mesh = match instance.model {
            Some(model) => Some(meshes.dressed(&mut out, model, instance)?),
            None => None,
        };
        roots.push(push(&mut out.nodes, node(instance, mesh)));
    }
    let mut root = json!({});
    if include.camera {
        root["cameras"] = json!([camera(&scene.camera)]);
        roots.push(push(&mut out.nodes, camera_node(&scene.camera)));
    }
    if include.lights {
        for (index, light) in scene.lights.iter().enumerate() {
            add_light(&mut out, &mut roots, light, index);
        }
    }
    let mut extras = Map::from_iter([("facts".to_owned(), Value::Object(scene.facts.clone()))]);
    if let Some(e) = &scene.environment {
        extras
            .insert("environment".into(), json!({ "gain": e.gain, "yaw_rad": e.yaw, "visible": e.visible }));
    }
    root["asset"] = json!({ "version": "2.0", "generator": concat!("Diorama ", env!("CARGO_PKG_VERSION")) });
    let mut licences: Vec<&str> =
        scene.instances.iter().filter_map(|i| i.model).map(|m| library.model(m).licence.as_str()).collect();
    licences.sort_unstable();
    licences.dedup();
    if !licences.is_empty() {
        root["asset"]["copyright"] = licences.join("; ").into();
    }
    root["scene"] = 0.into();
    root["scenes"] = json!([{ "extras": { "staged": extras } }]);
    if !roots.is_empty() {
        root["scenes"][0]["nodes"] = json!(roots);
    }
    let mut used = Vec::new();
    collect_extensions(&out.materials, &mut used);
    if !out.lights.is_empty() {
        used.push("KHR_lights_punctual".to_owned());
    }
    used.sort();
    used.dedup();
    if !used.is_empty() {
        root["extensionsUsed"] = json!(used);
    }
    out.finish(root)
}

/// Names of the extensions that materials and their textures use.
fn collect_extensions(values: &[Value], used: &mut Vec<String>) {
    let mut stack: Vec<&Value> = values.iter().collect();
    while let Some(Value::Object(map)) = stack.pop() {
        if let Some(Value::Object(extensions)) = map.get("extensions") {
            used.extend(extensions.keys().cloned());
        }
        stack.extend(map.values().filter(|v| v.is_object()));
    }
}

/// Meshes, shared by all instances that look the same.
#[derive(Debug)]
struct Meshes<'a> {
    library: &'a Library,
    surfaces: surface::Surfaces<'a>,
    /// Attributes and indices of each model's primitives.
    geometry: BTreeMap<ModelId, Vec<(Value, usize)>>,
    dressed: BTreeMap<(ModelId, String), usize>,
}

impl Meshes<'_> {
    fn dressed(
        &mut self,
        out: &mut Document,
        id: ModelId,
        instance: &Instance,
    ) -> Result<usize, ExportError> {
        // Debug text is exact for floats: shortest digits that read back the same.
        let key = (id, format!("{:?} {:?}", instance.dresses, instance.tint));
        if let Some(&known) = self.dressed.get(&key) {
            return Ok(known);
        }
        let model = self.library.model(id);
        let geometry = self
            .geometry
            .entry(id)
            .or_insert_with(|| model.primitives.iter().map(|p| store(out, p)).collect())
            .clone();
        let mut materials = BTreeMap::new();
        let mut primitives = Vec::new();
        for (primitive, (attributes, indices)) in model.primitives.iter().zip(geometry) {
            let dress: Option<&Dress> = instance.dresses.iter().find(|d| d.material == primitive.material);
            let material = match materials.get(&primitive.material) {
                Some(&known) => known,
                None => {
                    let new = self.surfaces.material(out, primitive.material, dress, instance.tint)?;
                    materials.insert(primitive.material, new);
                    new
                }
            };
            primitives.push(json!({ "attributes": attributes, "indices": indices, "material": material }));
        }
        let mesh = push(&mut out.meshes, json!({ "name": model.name, "primitives": primitives }));
        self.dressed.insert(key, mesh);
        Ok(mesh)
    }
}

fn store(out: &mut Document, primitive: &Primitive) -> (Value, usize) {
    let v = &primitive.vertices;
    let mut attributes = Map::new();
    let mut add = |name: &str, accessor: usize| attributes.insert(name.to_owned(), accessor.into());
    let three = |list: &[Vec3]| list.iter().map(|v| v.to_array()).collect::<Vec<_>>();
    add("POSITION", out.floats(&three(&v.positions), true));
    if !v.normals.is_empty() {
        add("NORMAL", out.floats(&three(&v.normals), false));
    }
    if !v.tangents.is_empty() {
        add("TANGENT", out.floats(&v.tangents.iter().map(|t| t.to_array()).collect::<Vec<_>>(), false));
    }
    for (name, list) in [("TEXCOORD_0", &v.uv0), ("TEXCOORD_1", &v.uv1)] {
        if !list.is_empty() {
            add(name, out.floats(&list.iter().map(|t| t.to_array()).collect::<Vec<_>>(), false));
        }
    }
    if !v.colours.is_empty() {
        add("COLOR_0", out.floats(&v.colours.iter().map(|c| c.to_array()).collect::<Vec<_>>(), false));
    }
    let finest = primitive.lods.first().map(|lod| lod.indices.as_slice()).unwrap_or_default();
    let indices = out.indices(finest);
    (Value::Object(attributes), indices)
}

fn node(instance: &Instance, mesh: Option<usize>) -> Value {
    let (role, half) = match &instance.role {
        Role::Labelled => ("labelled", None),
        Role::Background => ("background", None),
        Role::SeeThrough => ("see_through", None),
        Role::Virtual { half_extents } => ("virtual", Some(*half_extents)),
        Role::Whole(whole) => ("whole", Some(whole.half_extents)),
    };
    let mut value = json!({
        "name": instance.path,
        "matrix": Mat4::from(instance.world_from_object).to_cols_array(),
        "extras": {
            "instance_id": instance.id.0,
            "path": instance.path,
            "class": instance.class,
            "role": role,
            "facts": instance.facts,
        },
    });
    if let Some(half) = half {
        value["extras"]["half_extents_m"] = json!(half.to_array());
    }
    if let Some(mesh) = mesh {
        value["mesh"] = mesh.into();
    }
    value
}

fn camera(camera: &Camera) -> Value {
    let i = &camera.intrinsics;
    let (width, height) = (f64::from(i.size.width), f64::from(i.size.height));
    json!({
        "type": "perspective",
        "perspective": {
            "yfov": 2.0 * (height * 0.5 / i.fy).atan(),
            "aspectRatio": width / height * i.fy / i.fx,
            "znear": 0.01,
            "zfar": 1000.0,
        },
    })
}

fn camera_node(camera: &Camera) -> Value {
    // glTF's camera looks along -Z with +Y up, OpenCV's along +Z with +Y down: a half turn about X.
    let half_turn = Affine3A::from_mat4(Mat4::from_scale(Vec3::new(1.0, -1.0, -1.0)));
    json!({
        "name": "camera",
        "camera": 0,
        "matrix": Mat4::from(camera.world_from_camera * half_turn).to_cols_array(),
        "extras": { "intrinsics": serde_json::to_value(camera.intrinsics).unwrap_or_default() },
    })
}

fn add_light(out: &mut Document, roots: &mut Vec<usize>, light: &Light, index: usize) {
    let intensity = light.colour.max_element();
    if !intensity.is_finite() || intensity <= 0.0 {
        return;
    }
    let mut colour = json!((light.colour / intensity).to_array());
    let mut add = |kind: Value, place: Option<Vec3>, direction: Option<Vec3>| {
        let light = push(&mut out.lights, kind);
        let mut node = json!({
            "name": format!("light{index}"),
            "extensions": { "KHR_lights_punctual": { "light": light } },
        });
        if let Some(place) = place {
            node["translation"] = json!(place.to_array());
        }
        if let Some(direction) = direction {
            node["rotation"] =
                json!(Quat::from_rotation_arc(Vec3::NEG_Z, direction.normalize_or(Vec3::NEG_Z)).to_array());
        }
        roots.push(push(&mut out.nodes, node));
    };
    match light.kind {
        LightKind::Sun { direction, .. } => add(
            json!({ "type": "directional", "color": colour.take(), "intensity": intensity }),
            None,
            Some(direction),
        ),
        LightKind::Spot { position, direction, inner_angle, outer_angle, .. } => add(
            json!({
                "type": "spot",
                "color": colour.take(),
                "intensity": intensity,
                "spot": {
                    "innerConeAngle": inner_angle.clamp(0.0, outer_angle.min(1.57) - 1e-4),
                    "outerConeAngle": outer_angle.min(std::f32::consts::FRAC_PI_2),
                },
            }),
            Some(position),
            Some(direction),
        ),
        LightKind::Tube { from, to, .. } => {
            for i in 0..TUBE_POINTS {
                let along = (f32::from(i) + 0.5) / f32::from(TUBE_POINTS);
                let kind = json!({
                    "type": "point", "color": colour.clone(), "intensity": intensity / f32::from(TUBE_POINTS),
                });
                add(kind, Some(from.lerp(to, along)), None);
            }
        }
    }
}
