//! Sound files, damaged at random: an import ends quickly, with a model or with an error, and never panics.

use std::path::Path;

use diorama::scene::{ImportOptions, Library, import};
use image::ImageFormat;
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use super::build::{Asset, import_bytes};
use super::looks::pictured;

/// A file that uses a little of everything.
fn rich() -> Asset {
    let mut asset = pictured(ImageFormat::Png);
    let joints = asset.accessor(&[0; 12], 5121, "VEC4", 3);
    let weights = asset.floats(&[[1.0, 0.0, 0.0, 0.0]; 3]);
    let target = asset.floats(&[[0.0, 0.0, 1.0]; 3]);
    let indices = asset.indices(&[0, 1, 2]);
    let primitive = &mut asset.json["meshes"][0]["primitives"][0];
    primitive["attributes"]["JOINTS_0"] = json!(joints);
    primitive["attributes"]["WEIGHTS_0"] = json!(weights);
    primitive["targets"] = json!([{ "POSITION": target }]);
    primitive["indices"] = json!(indices);
    asset.json["materials"][0]["normalTexture"] = json!({ "index": 0 });
    let at = asset.view(&[1, 0]);
    let to = asset.view(&[0; 12]);
    asset.json["accessors"][0]["sparse"] = json!({
        "count": 1, "indices": { "bufferView": at, "componentType": 5121 }, "values": { "bufferView": to },
    });
    let joint = asset.push("nodes", json!({ "rotation": [0, 0, 0, 1], "scale": [1, 1, 1] }));
    asset.push("skins", json!({ "joints": [joint] }));
    asset.json["nodes"][0]["skin"] = json!(0);
    asset.json["scenes"][0]["nodes"].as_array_mut().unwrap().push(joint.into());
    asset
}

fn try_import(path: &Path) {
    let small = ImportOptions {
        max_bytes: 8 << 20,
        max_vertices: 50_000,
        max_indices: 50_000,
        max_image_side: 256,
        ..ImportOptions::default()
    };
    let mut library = Library::default();
    if let Ok(id) = import(path, &mut library, &small) {
        let model = library.model(id);
        for p in &model.primitives {
            let count = p.vertices.positions.len();
            assert!(p.vertices.positions.iter().all(|v| v.is_finite()), "positions are finite");
            assert_eq!(p.vertices.normals.len(), count, "every vertex has a normal");
            assert!(p.vertices.normals.iter().all(|n| (n.length() - 1.0).abs() < 1e-3), "of unit length");
            for lod in &p.lods {
                assert!(lod.indices.iter().all(|&i| (i as usize) < count), "indices are in range");
            }
        }
    } else {
        assert_eq!(library.texture_count() + library.material_count(), 0, "nothing is left behind");
    }
}

/// Every number of a JSON value, by pointer.
fn numbers(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Number(_) => out.push(at),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| numbers(v, format!("{at}/{i}"), out)),
        Value::Object(map) => map.iter().for_each(|(k, v)| numbers(v, format!("{at}/{k}"), out)),
        _ => {}
    }
}

fn odd_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0_u64..12).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (0_u32..6).prop_map(|i| Value::from([5120, 5121, 5122, 5123, 5125, 5126][i as usize])),
        any::<f32>().prop_map(|f| json!(f)),
        Just(json!(u64::MAX)),
        Just(json!(1e300)),
        Just(json!(-0.0)),
    ]
}

#[test]
fn the_file_to_be_damaged_is_sound() {
    let (model, _) = import_bytes("rich.glb", &rich().glb()).unwrap_or_else(|error| panic!("{error}"));
    assert!(model.skin.is_some() && !model.morph_names.is_empty(), "and rich");
}

/// Rounds of each loop; `DIORAMA_FUZZ_CASES` asks for more.
fn rounds() -> Config {
    let cases = std::env::var("DIORAMA_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    Config { cases, failure_persistence: None, ..Config::default() }
}

#[test]
fn damaged_numbers_never_panic() {
    let good = rich();
    let mut pointers = Vec::new();
    numbers(&good.json, String::new(), &mut pointers);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.glb");
    let damage = prop::collection::vec((0..pointers.len(), odd_number()), 1..4);
    proptest!(rounds(), |(damage in damage)| {
        let mut asset = good.clone();
        for (which, value) in damage {
            *asset.json.pointer_mut(&pointers[which]).unwrap() = value;
        }
        std::fs::write(&path, asset.glb()).unwrap();
        try_import(&path);
    });
}

#[test]
fn damaged_bytes_never_panic() {
    let good = rich().glb();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.glb");
    let damage = prop::collection::vec((0..good.len(), any::<u8>()), 1..16);
    proptest!(rounds(), |(damage in damage, keep in 0..good.len() * 4)| {
        let mut bytes = good.clone();
        for (at, value) in damage {
            bytes[at] = value;
        }
        bytes.truncate(keep.max(1));
        std::fs::write(&path, bytes).unwrap();
        try_import(&path);
    });
}

#[test]
fn damaged_buffers_never_panic() {
    let good = rich();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.glb");
    let damage = prop::collection::vec((0..good.bin.len(), any::<u8>()), 1..24);
    proptest!(rounds(), |(damage in damage)| {
        let mut asset = good.clone();
        for (at, value) in damage {
            asset.bin[at] = value;
        }
        std::fs::write(&path, asset.glb()).unwrap();
        try_import(&path);
    });
}
