//! Broken and hostile files: each gets one clear error that names the file and the place.

use diorama::scene::{ImportOptions, Library, import};
use image::ImageFormat;
use serde_json::{Value, json};

use super::build::{Asset, error_of, import_path, triangle};
use super::looks::pictured;

/// A triangle with one value of its JSON replaced.
fn with(pointer: &str, value: Value) -> Asset {
    let mut asset = triangle();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match asset.json.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
    asset
}

#[test]
fn every_broken_number_is_named() {
    let far = u64::MAX;
    let cases = [
        ("/accessors/0/count", json!(4), "accessors[0]"),
        ("/accessors/0/count", json!(far), "accessors[0].count"),
        ("/accessors/0/count", json!(-1), "accessors[0].count"),
        ("/accessors/0/byteOffset", json!(far), "accessors[0]"),
        ("/accessors/0/componentType", json!(1), "componentType"),
        ("/accessors/0/type", json!("VEC9"), "accessors[0]"),
        ("/accessors/0/bufferView", json!(99), "buffer view 99"),
        ("/bufferViews/0/byteLength", json!(far), "bufferViews[0]"),
        ("/bufferViews/0/byteOffset", json!(far), "bufferViews[0]"),
        ("/bufferViews/0/byteStride", json!(1), "byteStride"),
        ("/bufferViews/0/byteStride", json!(far), "byteStride"),
        ("/bufferViews/0/buffer", json!(7), "buffer 7"),
        ("/meshes/0/primitives/0/attributes/POSITION", json!(77), "accessor 77"),
        ("/meshes/0/primitives/0/attributes/NORMAL", json!(2), "accessors[2]"),
        ("/meshes/0/primitives/0/indices", json!(0), "accessors[0]"),
        ("/meshes/0/primitives/0/mode", json!(9), "mode"),
        ("/meshes/0/primitives/0/material", json!(3), "material 3"),
        ("/nodes/0/mesh", json!(5), "mesh 5"),
        ("/nodes/0/skin", json!(5), "skin 5"),
        ("/nodes/0/rotation", json!([0, 0, 0, 0]), "nodes[0].rotation"),
        ("/nodes/0/scale", json!([1e38, 1e38, 1e38]), "primitives[0]"),
        ("/nodes/0/matrix", json!([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "nodes[0].matrix"),
        ("/scenes/0/nodes", json!([8]), "node 8"),
        ("/scenes/0/nodes", json!([]), "no triangles"),
        ("/scene", json!(3), "scene 3"),
        ("/asset/version", json!("1.0"), "asset.version"),
        ("/buffers", json!([{ "byteLength": far }]), "buffers[0]"),
    ];
    for (pointer, value, expected) in cases {
        let text = with(pointer, value.clone()).error();
        assert!(text.contains(expected), "{pointer} = {value}: '{text}' should contain '{expected}'");
    }
}

#[test]
fn indices_out_of_range_and_numbers_that_are_none_are_named() {
    let mut asset = triangle();
    let at = asset.json["bufferViews"][2]["byteOffset"].as_u64().unwrap() as usize;
    asset.bin[at] = 200;
    assert!(asset.error().contains("index 0 names vertex 200, there are 3"), "{}", asset.error());
    for bad in [f32::NAN, f32::INFINITY] {
        let mut asset = triangle();
        asset.bin[..4].copy_from_slice(&bad.to_le_bytes());
        assert!(asset.error().contains("accessors[0]: element 0"), "{}", asset.error());
    }
}

#[test]
fn zero_elements_are_no_triangles() {
    let mut asset = triangle();
    for accessor in asset.json["accessors"].as_array_mut().unwrap() {
        accessor["count"] = json!(0);
    }
    assert!(asset.error().contains("no triangles"), "{}", asset.error());
}

#[test]
fn cycles_shared_nodes_and_deep_nests() {
    let mut asset = triangle();
    asset.json["nodes"][0]["children"] = json!([0]);
    assert!(asset.error().contains("reached twice"), "its own child: {}", asset.error());
    let mut asset = triangle();
    asset.push("nodes", json!({ "children": [0] }));
    asset.json["scenes"][0]["nodes"] = json!([0, 1]);
    assert!(asset.error().contains("reached twice"), "two parents: {}", asset.error());
    let mut asset = triangle();
    let deep = 100_000;
    for i in 1..=deep {
        asset.push("nodes", json!({ "children": [i - 1], "translation": [0.001, 0, 0] }));
    }
    asset.json["scenes"][0]["nodes"] = json!([deep]);
    assert!(
        (asset.model().bounds.min.x - 100.0).abs() < 1e-2,
        "a hundred thousand deep is only slow to write"
    );
}

#[test]
fn containers_that_are_cut_or_lie() {
    let good = triangle().glb();
    for length in 0..good.len().min(200) {
        error_of("cut.glb", &good[..length]);
    }
    let mut wrong = good.clone();
    wrong[0] = b'x';
    assert!(error_of("w.glb", &wrong).contains("'glTF'"), "wrong magic");
    let mut old = good.clone();
    old[4] = 1;
    assert!(error_of("o.glb", &old).contains("version 1"), "an old container");
    let mut long = good.clone();
    long[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(error_of("l.glb", &long).contains("runs past the end"), "a chunk beyond the end");
    let text = error_of("s.gltf", b"{ \"asset\": { \"version\": 2 } }");
    assert!(text.contains("asset.version") && text.contains("line 1"), "{text}");
    assert!(error_of("n.gltf", &[b'['; 100_000]).contains("neither"), "no object");
    let nest =
        format!("{{\"asset\":{{\"version\":\"2.0\"}},\"scenes\":[{{\"extras\":{}1", "[".repeat(100_000));
    assert!(error_of("n.gltf", nest.as_bytes()).contains("recursion"), "deep JSON");
}

#[test]
fn paths_stay_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.bin"), [0; 256]).unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("secret.bin"), inner.join("link.bin")).unwrap();
    let absolute = folder.path().join("secret.bin").to_string_lossy().into_owned();
    let mut cases = vec![
        ("../secret.bin", ".."),
        ("%2e%2e/secret.bin", ".."),
        ("..\\secret.bin", ".."),
        ("https://example.org/a.bin", "scheme"),
        ("file:///etc/passwd", "scheme"),
        (absolute.as_str(), "absolute"),
        ("none.bin", "cannot be read"),
        (".", "not a regular file"),
        ("data:application/octet-stream,abc", "base64"),
        ("data:;base64,@@@@", "base64"),
    ];
    if cfg!(unix) {
        cases.push(("link.bin", "symbolic link"));
    }
    for (uri, expected) in cases {
        let mut asset = triangle();
        asset.json["buffers"] = json!([{ "byteLength": 8, "uri": uri }]);
        let path = inner.join("a.gltf");
        std::fs::write(&path, asset.json.to_string()).unwrap();
        let text = import_path(&path).expect_err(uri).to_string();
        assert!(text.contains(expected) && text.contains("buffers[0]"), "{uri}: {text}");
    }
}

#[test]
fn sizes_are_measured_before_memory_is_taken() {
    let mut asset = triangle();
    // Nothing in the file but a promise of thousands of millions of zeros.
    asset.json["accessors"][0] = json!({ "componentType": 5126, "type": "VEC3", "count": 4_000_000_000_u64 });
    assert!(asset.error().contains("above the limit"), "{}", asset.error());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.glb");
    std::fs::write(&path, pictured(ImageFormat::Png).glb()).unwrap();
    let limits = [
        (ImportOptions { max_bytes: 100, ..ImportOptions::default() }, "bytes"),
        (ImportOptions { max_vertices: 2, ..ImportOptions::default() }, "limit of 2"),
        (ImportOptions { max_indices: 2, ..ImportOptions::default() }, "limit of 2"),
        (ImportOptions { max_image_side: 3, ..ImportOptions::default() }, "4 x 2 pixels"),
    ];
    for (options, expected) in limits {
        let text = import(&path, &mut Library::default(), &options).expect_err(expected).to_string();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn pictures_that_lie_are_named() {
    let mut asset = pictured(ImageFormat::Png);
    let view = asset.json["images"][0]["bufferView"].as_u64().unwrap() as usize;
    let at = asset.json["bufferViews"][view]["byteOffset"].as_u64().unwrap() as usize;
    let good = asset.bin.clone();
    asset.bin[at + 40] ^= 0xff;
    assert!(asset.error().contains("images[0]"), "{}", asset.error());
    asset.bin = good.clone();
    asset.bin[at..at + 4].copy_from_slice(b"GIF8");
    assert!(asset.error().contains("neither PNG, JPEG nor WebP"), "{}", asset.error());
    asset.bin[at..at + 4].copy_from_slice(b"\xabKTX");
    assert!(asset.error().contains("KTX2"), "{}", asset.error());
    // A width of a thousand million, checksum and all.
    asset.bin = good;
    asset.bin[at + 16..at + 20].copy_from_slice(&1_000_000_000_u32.to_be_bytes());
    let sum = crc32(&asset.bin[at + 12..at + 29]);
    asset.bin[at + 29..at + 33].copy_from_slice(&sum.to_be_bytes());
    assert!(asset.error().contains("images[0]"), "{}", asset.error());
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |s, _| if s & 1 == 1 { s >> 1 ^ 0xedb8_8320 } else { s >> 1 })
    })
}

#[test]
fn what_is_not_supported_is_named() {
    for name in ["KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_texture_basisu", "ACME_wobble"]
    {
        let text = {
            let mut asset = triangle();
            asset.json["extensionsRequired"] = json!([name]);
            asset.error()
        };
        assert!(text.contains(name) && text.contains("not supported"), "{text}");
    }
    let mut asset = triangle();
    asset.json["accessors"][0].as_object_mut().unwrap().remove("bufferView");
    asset.json["meshes"][0]["primitives"][0]["extensions"] = json!({ "KHR_draco_mesh_compression": {} });
    assert!(asset.error().contains("Draco"), "{}", asset.error());
    let mut asset = pictured(ImageFormat::Png);
    asset.json["textures"][0] = json!({ "extensions": { "KHR_texture_basisu": { "source": 0 } } });
    assert!(asset.error().contains("KTX2"), "{}", asset.error());
}
