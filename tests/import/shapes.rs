//! Geometry: accessors, modes, node transforms, missing normals.

use diorama::scene::{ImportOptions, Library, load_folder, lod};
use glam::{Vec2, Vec3, Vec4};
use serde_json::json;

use super::build::{Asset, CORNERS, UP, corners, face_normal, import_bytes, import_path, triangle};

#[test]
fn a_triangle_comes_through_as_it_is() {
    let model = triangle().model();
    assert_eq!(model.name, "asset", "named after the file");
    assert_eq!(model.licence, "Nobody, CC0-1.0", "from asset.copyright");
    let p = &model.primitives[0];
    assert_eq!(p.lods[0].indices.len(), 3, "one triangle");
    assert!(p.vertices.normals.iter().all(|&n| n == Vec3::Z), "its normals are kept");
    assert!(face_normal(corners(&model)[0]).distance(Vec3::Z) < 1e-6, "its winding is kept");
    assert_eq!((model.bounds.min, model.bounds.max), (Vec3::ZERO, Vec3::new(1.0, 1.0, 0.0)), "its box");
}

#[test]
fn node_transforms_are_applied_and_mirrors_turn_triangles_round() {
    let mut asset = triangle();
    asset.json["nodes"][0]["scale"] = json!([-2.0, 1.0, 1.0]);
    let parent = asset.push("nodes", json!({ "children": [0], "translation": [5.0, 0.0, 0.0] }));
    asset.json["scenes"][0]["nodes"] = json!([parent]);
    let model = asset.model();
    assert!(face_normal(corners(&model)[0]).distance(Vec3::Z) < 1e-6, "still faces +Z");
    assert_eq!((model.bounds.min.x, model.bounds.max.x), (3.0, 5.0), "scaled, mirrored, moved");
    assert!(model.primitives[0].vertices.normals.iter().all(|n| n.distance(Vec3::Z) < 1e-6), "normals too");
}

#[test]
fn a_matrix_node_equals_its_parts() {
    let turn = std::f32::consts::FRAC_1_SQRT_2;
    let mut parts = triangle();
    parts.json["nodes"][0]["rotation"] = json!([0.0, turn, 0.0, turn]);
    parts.json["nodes"][0]["translation"] = json!([0.0, 3.0, 0.0]);
    let mut matrix = triangle();
    matrix.json["nodes"][0]["matrix"] = json!([0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 3, 0, 1]);
    for (a, b) in corners(&parts.model()).iter().flatten().zip(corners(&matrix.model()).iter().flatten()) {
        assert!(a.distance(*b) < 1e-6, "{a} {b}");
    }
}

#[test]
fn a_mesh_shown_twice_is_there_twice() {
    let mut asset = triangle();
    let second = asset.push("nodes", json!({ "mesh": 0, "translation": [0, 0, 1] }));
    asset.json["scenes"][0]["nodes"] = json!([0, second]);
    assert_eq!(corners(&asset.model()).len(), 2, "two nodes, two triangles");
}

#[test]
fn strips_and_fans_become_triangles_that_face_one_way() {
    let square = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]];
    for (mode, order) in [(5, [0, 1, 2, 3]), (6, [0, 1, 3, 2])] {
        let mut asset = Asset::new();
        let position = asset.floats(&square);
        let indices = asset.indices(&order);
        asset.show(json!({ "attributes": { "POSITION": position }, "indices": indices, "mode": mode }));
        let triangles = corners(&asset.model());
        assert_eq!(triangles.len(), 2, "mode {mode}");
        let area: f32 = triangles.iter().map(|t| (t[1] - t[0]).cross(t[2] - t[0]).z * 0.5).sum();
        assert!((area - 1.0).abs() < 1e-6, "mode {mode} covers the square once, facing +Z: {area}");
    }
}

#[test]
fn points_and_lines_are_skipped_beside_triangles_and_an_error_alone() {
    let mut asset = triangle();
    let line = json!({ "attributes": { "POSITION": 0 }, "mode": 1 });
    asset.json["meshes"][0]["primitives"].as_array_mut().unwrap().push(line.clone());
    assert_eq!(asset.model().primitives.len(), 1, "the line is left out");
    asset.json["meshes"][0]["primitives"] = json!([line]);
    assert!(asset.error().contains("no triangles"), "{}", asset.error());
}

#[test]
fn missing_normals_are_flat() {
    // Two triangles that share an edge at a right angle: flat shading needs six vertices.
    let mut asset = Asset::new();
    let position = asset.floats(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    let indices = asset.indices(&[0, 1, 2, 0, 3, 1]);
    asset.show(json!({ "attributes": { "POSITION": position }, "indices": indices }));
    let model = asset.model();
    let p = &model.primitives[0];
    assert_eq!(p.vertices.positions.len(), 6, "no vertex is shared");
    for t in p.lods[0].indices.chunks_exact(3) {
        let face = face_normal([0, 1, 2].map(|i| p.vertices.positions[t[i] as usize]));
        assert!(
            t.iter().all(|&i| p.vertices.normals[i as usize].distance(face) < 1e-6),
            "the face's own normal"
        );
    }
}

#[test]
fn quantised_attributes_are_what_they_stand_for() {
    let mut asset = Asset::new();
    asset.json["extensionsRequired"] = json!(["KHR_mesh_quantization"]);
    // Signed bytes, normalised, padded to four: -127 is -1, and so is -128.
    let position = asset.accessor(&[129, 0, 0, 9, 127, 0, 0, 9, 128, 127, 0, 9], 5120, "VEC3", 3);
    let view = asset.json["accessors"][position]["bufferView"].clone();
    asset.json["bufferViews"][view.as_u64().unwrap() as usize]["byteStride"] = json!(4);
    asset.json["accessors"][position]["normalized"] = json!(true);
    let uv = asset.accessor(&[0, 0, 255, 255, 0, 0, 255, 255, 0, 128, 0, 0], 5123, "VEC2", 3);
    asset.json["accessors"][uv]["normalized"] = json!(true);
    let colour = asset.accessor(&[255, 0, 51, 255, 0, 51, 255, 0, 51], 5121, "VEC3", 3);
    asset.json["accessors"][colour]["normalized"] = json!(true);
    asset.show(json!({ "attributes": { "POSITION": position, "TEXCOORD_0": uv, "COLOR_0": colour } }));
    let model = asset.model();
    assert_eq!(
        (model.bounds.min, model.bounds.max),
        (Vec3::new(-1.0, 0.0, 0.0), Vec3::new(1.0, 1.0, 0.0)),
        "bytes"
    );
    let v = &model.primitives[0].vertices;
    assert!(v.uv0.contains(&Vec2::new(0.0, 1.0)), "shorts: {:?}", v.uv0);
    assert_eq!(v.colours[0], Vec4::new(1.0, 0.0, 0.2, 1.0), "three bytes, alpha one");
}

#[test]
fn unnormalised_integers_are_numbers() {
    let mut asset = Asset::new();
    let bytes: Vec<u8> = [0_i16, 0, 0, 300, 0, 0, 0, -300, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let position = asset.accessor(&bytes, 5122, "VEC3", 3);
    asset.show(json!({ "attributes": { "POSITION": position } }));
    assert_eq!(asset.model().bounds.size(), Vec3::new(300.0, 300.0, 0.0), "shorts as they are");
}

#[test]
fn sparse_accessors_patch_what_they_name() {
    for base in [true, false] {
        let mut asset = triangle();
        let at = asset.view(&[2, 0]);
        let to: Vec<u8> = [0.0_f32, 7.0, 0.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let values = asset.view(&to);
        asset.json["accessors"][0]["sparse"] = json!({
            "count": 1,
            "indices": { "bufferView": at, "componentType": 5123 },
            "values": { "bufferView": values },
        });
        if !base {
            asset.json["accessors"][0].as_object_mut().unwrap().remove("bufferView");
        }
        let model = asset.model();
        assert_eq!(model.bounds.max.y, 7.0, "patched, base {base}");
        assert_eq!(model.bounds.max.x, if base { 1.0 } else { 0.0 }, "without a view the rest is zero");
    }
}

#[test]
fn buffers_may_be_base64_or_files_beside() {
    let mut asset = triangle();
    let bytes = asset.bin.clone();
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |w, &b| w << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let keep = i <= chunk.len();
            text.push(if keep { char::from(alphabet[(word >> (18 - 6 * i) & 63) as usize]) } else { '=' });
        }
    }
    asset.json["buffers"] = json!([{
        "byteLength": bytes.len(), "uri": format!("data:application/octet-stream;base64,{text}"),
    }]);
    let whole = asset.json.to_string();
    let base64 = import_bytes("a.gltf", whole.as_bytes()).unwrap().0;
    asset.json["buffers"][0]["uri"] = json!("parts/my%20data.bin");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    std::fs::write(folder.path().join("parts/my data.bin"), &bytes).unwrap();
    std::fs::write(folder.path().join("a.gltf"), asset.json.to_string()).unwrap();
    let beside = import_path(&folder.path().join("a.gltf")).unwrap().0;
    assert_eq!(corners(&base64), corners(&triangle().model()), "base64");
    assert_eq!(corners(&beside), corners(&base64), "a file, its name escaped");
}

#[test]
fn a_folder_is_read_in_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.glb", "a.GLB", "c.glb"] {
        std::fs::write(folder.path().join(name), triangle().glb()).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "not a model").unwrap();
    let mut library = Library::default();
    let ids = load_folder(folder.path(), &mut library).unwrap();
    let names: Vec<_> = ids.iter().map(|&id| library.model(id).name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"], "sorted, others ignored");
    assert!(load_folder(&folder.path().join("none"), &mut library).is_err(), "a missing folder is an error");
}

#[test]
fn licences_come_from_the_file_or_from_beside_it() {
    let mut asset = triangle();
    asset.json["asset"].as_object_mut().unwrap().remove("copyright");
    assert_eq!(asset.model().licence, "unstated", "nobody said");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.glb");
    std::fs::write(&path, asset.glb()).unwrap();
    let strict = ImportOptions { require_licence: true, ..ImportOptions::default() };
    let error = diorama::scene::import(&path, &mut Library::default(), &strict).expect_err("required");
    assert!(error.to_string().contains("a.license"), "{error}");
    std::fs::write(folder.path().join("LICENSE"), "\nMIT\nmore").unwrap();
    assert_eq!(import_path(&path).unwrap().0.licence, "MIT", "the folder's");
    std::fs::write(folder.path().join("a.license"), "CC-BY-4.0, Someone").unwrap();
    assert_eq!(import_path(&path).unwrap().0.licence, "CC-BY-4.0, Someone", "its own comes first");
}

/// A ball of two primitives that meet at the equator, both with normals.
fn ball() -> Asset {
    let (around, down) = (48_u16, 24_u16);
    let mut asset = Asset::new();
    let mut primitives = Vec::new();
    for half in 0..2_u16 {
        let mut points = Vec::new();
        let mut indices = Vec::new();
        for row in 0..=down {
            let latitude = std::f32::consts::FRAC_PI_2 * (f32::from(row) / f32::from(down) - f32::from(half));
            for column in 0..around {
                let turn = std::f32::consts::TAU * f32::from(column) / f32::from(around);
                let ring = if row == (1 - half) * down { 0.0 } else { latitude.cos() };
                points.push([ring * turn.cos(), latitude.sin(), ring * -turn.sin()]);
                let right = (column + 1) % around;
                if row < down {
                    let (a, b) = (row * around + column, row * around + right);
                    let (c, d) = (a + around, b + around);
                    indices.extend([a, b, c, c, b, d]);
                }
            }
        }
        let position = asset.floats(&points);
        let indices = asset.indices(&indices);
        primitives
            .push(json!({ "attributes": { "POSITION": position, "NORMAL": position }, "indices": indices }));
    }
    asset.push("meshes", json!({ "primitives": primitives }));
    let node = asset.push("nodes", json!({ "mesh": 0 }));
    asset.json["scenes"][0]["nodes"] = json!([node]);
    asset
}

#[test]
fn levels_of_detail_shrink_stay_near_and_do_not_crack() {
    let model = ball().model();
    let counts = lod::triangle_counts(&model);
    assert!(counts.len() >= 4, "{counts:?}");
    for (a, b) in counts.iter().zip(&counts[1..]) {
        assert!(b * 5 <= a * 4, "every level saves: {counts:?}");
    }
    assert!(counts.last().unwrap() >= &20, "{counts:?}");
    for (level, lod) in model.primitives[0].lods.iter().enumerate() {
        let error_m = f64::from(lod.error_um) * 1e-6;
        let mut open = std::collections::BTreeMap::new();
        for p in &model.primitives {
            assert_eq!(p.lods[level].error_um, lod.error_um, "level {level} is one level for all primitives");
            let at = |i: u32| p.vertices.positions[i as usize];
            for t in p.lods[level].indices.chunks_exact(3) {
                let middle = (at(t[0]) + at(t[1]) + at(t[2])) / 3.0;
                // A chord lies inside of the ball; how far, is what the error must cover.
                let depth = 1.0 - f64::from(middle.length());
                assert!(depth < error_m + 0.02, "level {level}: {depth} m deep, error {error_m} m");
                for (a, b) in [(0, 1), (1, 2), (2, 0)] {
                    let key = |i: u32| at(i).to_array().map(|c| (c * 1e5).round() as i32);
                    let (from, to) = (key(t[a]), key(t[b]));
                    *open.entry((from.min(to), from.max(to))).or_insert(0_i32) +=
                        if from < to { 1 } else { -1 };
                }
            }
        }
        let cracks = open.iter().filter(|((a, b), n)| a != b && **n != 0).count();
        assert_eq!(cracks, 0, "level {level}: every edge has a face on both sides, across primitives too");
    }
    assert!(model.primitives == ball().model().primitives, "the same file gives the same levels");
}

#[test]
fn vertices_that_nothing_uses_are_dropped() {
    let mut asset = Asset::new();
    let mut many = CORNERS.to_vec();
    many.push([900.0, 0.0, 0.0]);
    let position = asset.floats(&many);
    let mut normals = UP.to_vec();
    normals.push([0.0, 1.0, 0.0]);
    let normal = asset.floats(&normals);
    let indices = asset.indices(&[2, 0, 1]);
    asset.show(json!({ "attributes": { "POSITION": position, "NORMAL": normal }, "indices": indices }));
    let model = asset.model();
    assert_eq!(model.primitives[0].vertices.positions.len(), 3, "the stray is gone");
    assert_eq!(model.bounds.max.x, 1.0, "and not in the box");
}
