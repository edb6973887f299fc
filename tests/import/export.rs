//! The staged scene as glTF: read back by our own importer and by an independent reader.

use std::sync::Arc;

use diorama::{
    geometry::{Camera, Intrinsics, Lens, Size},
    scene::{
        ArtError, ArtKey, ArtSource, Chain, Dress, ExportOptions, Facts, Instance, InstanceId, Library,
        Light, LightKind, MaterialId, ModelId, Pixels, Role, Scene, export_glb, import,
    },
};
use glam::{Affine3A, DVec3, Mat4, Quat, Vec3};
use image::ImageFormat;
use serde_json::{Value, json};

use super::build::{corners, import_bytes, triangle};
use super::looks::pictured;

#[derive(Debug)]
struct Stripes;

impl ArtSource for Stripes {
    fn pixels(&self, key: &ArtKey, max_side: u32) -> Result<Arc<Pixels>, ArtError> {
        assert_eq!((key.sku.as_str(), max_side), ("sku-1", 512), "asked for what the dress names");
        Ok(Arc::new(Pixels { width: 2, height: 1, rgba: vec![255, 0, 0, 255, 0, 0, 255, 255] }))
    }
}

fn staged() -> (Scene, Library) {
    let folder = tempfile::tempdir().unwrap();
    let mut library = Library::new(Arc::new(Stripes));
    let mut add = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        import(&path, &mut library, &diorama::scene::ImportOptions::default()).unwrap()
    };
    let plain = add("plain.glb", triangle().glb());
    let label = add("label.glb", pictured(ImageFormat::Png).glb());
    let material = library.model(label).primitives[0].material;
    let place = |x: f32, turn: f32| {
        Affine3A::from_scale_rotation_translation(
            Vec3::new(0.5, 2.0, 1.0),
            Quat::from_rotation_y(turn),
            Vec3::new(x, 0.25, -1.0),
        )
    };
    let instances = vec![
        instance(1, Some(plain), place(0.0, 0.3), vec![]),
        instance(2, Some(plain), place(1.0, 2.0), vec![]),
        instance(3, Some(label), place(2.0, -1.0), vec![dress(material)]),
        instance(4, Some(label), place(3.0, 1.0), vec![dress(material)]),
        Instance {
            role: Role::Virtual { half_extents: Vec3::splat(0.1) },
            class: "gap".into(),
            ..instance(5, None, place(4.0, 0.0), vec![])
        },
    ];
    let intrinsics = Intrinsics::from_fov(Size { width: 640, height: 480 }, 1.0, Lens::Pinhole);
    let scene = Scene {
        clip: None,
        instances,
        lights: vec![
            light(LightKind::Sun { direction: Vec3::NEG_Y, angular_radius: 0.01 }),
            light(LightKind::Spot {
                position: Vec3::Y,
                direction: Vec3::NEG_Y,
                inner_angle: 0.2,
                outer_angle: 0.4,
                radius_m: 0.1,
            }),
            light(LightKind::Tube { from: Vec3::ZERO, to: Vec3::X, direction: Vec3::NEG_Y }),
        ],
        environment: None,
        camera: Camera::look_at(Vec3::new(1.0, 1.5, 3.0), Vec3::new(1.0, 1.0, 0.0), 0.1, intrinsics),
        chain: Chain::default(),
        facts: Facts::new(),
        models: Vec::new(),
    };
    (scene, library)
}

fn dress(material: MaterialId) -> Dress {
    let art = ArtKey { sku: "sku-1".into(), slot: "label".into() };
    Dress { material, art: Some(art), colour: None }
}

fn light(kind: LightKind) -> Light {
    Light { kind, colour: Vec3::new(4.0, 2.0, 1.0), casts_shadow: true }
}

fn instance(id: u32, model: Option<ModelId>, place: Affine3A, dresses: Vec<Dress>) -> Instance {
    Instance {
        id: InstanceId(id),
        path: format!("bay0/facing{id}"),
        class: "product".into(),
        role: Role::Labelled,
        model,
        world_from_object: place,
        dresses,
        tint: Vec3::ONE,
        facts: Facts::from_iter([("sku".to_owned(), json!("sku-1"))]),
    }
}

fn json_of(glb: &[u8]) -> Value {
    let length = u32::from_le_bytes(glb[12..16].try_into().unwrap()) as usize;
    serde_json::from_slice(&glb[20..20 + length]).unwrap()
}

#[test]
fn the_way_back_gives_the_same_triangles_in_the_world() {
    let (scene, library) = staged();
    let glb = export_glb(&scene, &library, &ExportOptions::default()).unwrap();
    let back = import_bytes("scene.glb", &glb).unwrap_or_else(|error| panic!("{error}")).0;
    let expected: Vec<Vec3> = scene
        .instances
        .iter()
        .filter_map(|i| Some((i, i.model?)))
        .flat_map(|(i, model)| {
            corners(library.model(model))
                .into_iter()
                .flatten()
                .map(|p| i.world_from_object.transform_point3(p))
        })
        .collect();
    let found: Vec<Vec3> = corners(&back).into_iter().flatten().collect();
    assert_eq!(found.len(), expected.len(), "as many corners");
    for (a, b) in found.iter().zip(&expected) {
        assert!(a.distance(*b) < 1e-5, "{a} {b}");
    }
    assert_eq!(back.licence, "Nobody, CC0-1.0", "licences travel with it");
}

#[test]
fn meshes_and_pictures_are_stored_once_and_instances_say_who_they_are() {
    let (scene, library) = staged();
    let glb = export_glb(&scene, &library, &ExportOptions::default()).unwrap();
    assert_eq!(glb, export_glb(&scene, &library, &ExportOptions::default()).unwrap(), "the same bytes again");
    let json = json_of(&glb);
    let count = |list: &str| json[list].as_array().map_or(0, Vec::len);
    assert_eq!((count("meshes"), count("images"), count("textures")), (2, 1, 1), "{json}");
    for (node, instance) in json["nodes"].as_array().unwrap().iter().zip(&scene.instances) {
        let extras = &node["extras"];
        assert_eq!(extras["instance_id"], json!(instance.id.0), "the number that truth records carry");
        assert_eq!(extras["path"], json!(instance.path), "its path");
        assert_eq!(node.get("mesh").is_some(), instance.model.is_some(), "a gap shows nothing");
    }
    assert_eq!(json["nodes"][4]["extras"]["role"], json!("virtual"), "the gap says so");
    let lights = json["extensions"]["KHR_lights_punctual"]["lights"].as_array().unwrap();
    let kinds: Vec<_> = lights.iter().map(|l| l["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["directional", "spot"], "{kinds:?}");
    assert!(
        kinds[2..].iter().all(|k| *k == "point") && kinds.len() > 4,
        "a tube is a row of points: {kinds:?}"
    );
    let total: f64 = lights[2..].iter().map(|l| l["intensity"].as_f64().unwrap()).sum();
    assert!((total - 4.0).abs() < 1e-4, "which together shine as much: {total}");
}

#[test]
fn the_camera_sees_the_same_pixels() {
    let (scene, library) = staged();
    let json = json_of(&export_glb(&scene, &library, &ExportOptions::default()).unwrap());
    let node = json["nodes"].as_array().unwrap().iter().find(|n| n.get("camera").is_some()).unwrap();
    let matrix: Vec<f32> = serde_json::from_value(node["matrix"].clone()).unwrap();
    let view = Mat4::from_cols_slice(&matrix).inverse();
    let lens = &json["cameras"][0]["perspective"];
    let (yfov, aspect) = (lens["yfov"].as_f64().unwrap(), lens["aspectRatio"].as_f64().unwrap());
    for point in [Vec3::new(0.7, 0.9, 0.1), Vec3::new(1.4, 1.3, -0.5)] {
        // glTF's camera: x right, y up, looking along -z.
        let p: DVec3 = view.transform_point3(point).as_dvec3();
        let tan = (yfov * 0.5).tan();
        let x = (p.x / -p.z / (tan * aspect) + 1.0) * 320.0;
        let y = (1.0 - p.y / -p.z / tan) * 240.0;
        let ours = scene.camera.project(point).unwrap();
        assert!((ours.x - x).abs() < 1e-2 && (ours.y - y).abs() < 1e-2, "{ours} against {x}, {y}");
    }
}

#[test]
fn camera_and_lights_can_be_left_out() {
    let (scene, library) = staged();
    let bare = ExportOptions { camera: false, lights: false, ..ExportOptions::default() };
    let json = json_of(&export_glb(&scene, &library, &bare).unwrap());
    assert!(json.get("cameras").is_none() && json.get("extensions").is_none(), "neither is there");
}

#[test]
fn an_independent_reader_accepts_it() {
    let (scene, library) = staged();
    let glb = export_glb(&scene, &library, &ExportOptions::default()).unwrap();
    let read = gltf::Gltf::from_slice(&glb).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.nodes().filter(|n| n.mesh().is_some()).count(), 4, "four things to see");
    assert_eq!(read.lights().unwrap().count(), 7, "one sun, one spot, five points");
    assert_eq!(read.cameras().count(), 1, "one camera");
}
