//! Every model is measured as it is written: surfaces, frames, art, and what it says of itself.
#![expect(clippy::unwrap_used, reason = "tests state what they expect")]

use std::collections::BTreeMap;

use glam::{DVec2, DVec3, IVec3};
use serde_json::Value;

use crate::asset::{Asset, bounds};
use crate::glb::{self, Primitive, primitive};
use crate::shell::{Shell, micrometres};

fn forms() -> Vec<Asset> {
    crate::forms::all()
}

fn everything() -> Vec<Asset> {
    forms().into_iter().chain(crate::all_fixtures()).collect()
}

/// How far the directed edges are from cancelling out: 0 for a surface without holes.
fn open_edges(shell: &Shell) -> usize {
    let mut edges: BTreeMap<([i32; 3], [i32; 3]), i32> = BTreeMap::new();
    for face in &shell.faces {
        let p = face.corners.map(|c| micrometres(c.p).to_array());
        for (a, b) in [(p[0], p[1]), (p[1], p[2]), (p[2], p[0])] {
            *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
    }
    edges.values().filter(|n| **n != 0).count()
}

fn volume(shell: &Shell) -> f64 {
    let six = |p: [DVec3; 3]| p[0].dot(p[1].cross(p[2]));
    shell.faces.iter().map(|f| six(f.corners.map(|c| c.p)) / 6.0).sum()
}

#[test]
fn closed_shells_are_watertight_and_face_outwards() {
    for asset in everything() {
        for (i, shell) in asset.shells.iter().enumerate().filter(|(_, s)| s.closed) {
            assert_eq!(open_edges(shell), 0, "{} shell {i} has open edges", asset.name);
            assert!(volume(shell) > 0.0, "{} shell {i} is inside out", asset.name);
        }
    }
}

#[test]
fn a_missing_triangle_is_noticed() {
    let mut shell = forms().remove(0).shells.remove(0);
    shell.faces.pop();
    assert_eq!(open_edges(&shell), 3, "a hole of one triangle has three open edges");
}

/// The three corners of every triangle as written.
fn triangles(p: &Primitive) -> impl Iterator<Item = [usize; 3]> {
    p.indices.chunks_exact(3).map(|t| [usize::from(t[0]), usize::from(t[1]), usize::from(t[2])])
}

fn at(p: &Primitive, i: usize) -> DVec3 {
    DVec3::from_array(p.positions[i].map(f64::from))
}

#[test]
fn normals_are_unit_agree_with_winding_and_no_triangle_is_degenerate() {
    for asset in everything() {
        for material in &asset.materials {
            let p = primitive(&asset.shells, material);
            assert!(!p.indices.is_empty(), "{}: nothing has the material {}", asset.name, material.name);
            let context = format!("{}, {}", asset.name, material.name);
            for n in &p.normals {
                let length = DVec3::from_array(n.map(f64::from)).length();
                assert!((length - 1.0).abs() < 1e-5, "{context}: a normal of length {length}");
            }
            for t in triangles(&p) {
                let [a, b, c] = t.map(|i| at(&p, i));
                let face = (b - a).cross(c - a);
                assert!(face.length() > 2e-10, "{context}: a degenerate triangle at {a}");
                let height = face.length() / (b - a).length().max((c - b).length()).max((a - c).length());
                assert!(height > 1e-5, "{context}: a sliver {height} m high at {a}");
                for i in t {
                    let n = DVec3::from_array(p.normals[i].map(f64::from));
                    assert!(n.dot(face.normalize()) > 0.3, "{context}: a normal against the winding at {a}");
                }
            }
        }
        let known: Vec<&str> = asset.materials.iter().map(|m| m.name).collect();
        for face in asset.shells.iter().flat_map(|s| &s.faces) {
            assert!(known.contains(&face.material), "{}: {} is not described", asset.name, face.material);
        }
    }
}

fn vec3(v: &Value) -> DVec3 {
    let n: Vec<f64> = v.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
    DVec3::from_slice(&n)
}

#[test]
fn sizes_are_as_stated() {
    for asset in everything() {
        let (min, max) = bounds(&asset.shells);
        let stated = vec3(&asset.extras["size_m"]);
        assert!(
            (max - min - stated).abs().max_element() < 1e-4,
            "{}: {} is not {stated}",
            asset.name,
            max - min
        );
    }
}

#[test]
fn forms_stand_with_the_middle_of_their_bottom_at_the_origin() {
    for asset in forms() {
        let (min, max) = bounds(&asset.shells);
        assert!(min.y.abs() < 1e-6, "{} stands at {}", asset.name, min.y);
        assert!((min.x + max.x).abs() < 3e-6 && (min.z + max.z).abs() < 3e-6, "{} is off centre", asset.name);
        let (low, high) = (vec3(&asset.extras["size_min_m"]), vec3(&asset.extras["size_max_m"]));
        let size = max - min;
        assert!(
            low.cmple(size).all() && size.cmple(high).all(),
            "{}: {size} is out of its range",
            asset.name
        );
    }
}

#[test]
fn fixtures_have_the_frames_that_stagers_rely_on() {
    let frames = [
        ("shelf_board", [-0.5, -0.03, -1.0], [0.5, 0.0, 0.0]),
        ("shelf_edge", [-0.5, -0.045, 0.0], [0.5, 0.0, 0.012]),
        ("price_tag", [-0.035, -0.019, -0.0005], [0.035, 0.019, 0.0005]),
        ("upright", [-0.02, 0.0, -0.03], [0.02, 1.0, 0.03]),
        ("back_panel", [-0.5, 0.0, -0.01], [0.5, 1.0, 0.0]),
        ("base_kick", [-0.5, 0.0, -1.0], [0.5, 0.1, 0.0]),
        ("side_panel", [-0.01, 0.0, -1.0], [0.01, 1.0, 0.0]),
        ("floor_tile", [-5.0, 0.0, -5.0], [5.0, 0.0, 5.0]),
        ("ceiling", [-5.0, 0.0, -5.0], [5.0, 0.0, 5.0]),
        ("wall", [-0.5, 0.0, 0.0], [0.5, 1.0, 0.0]),
        ("plain_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("clear_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("glass_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("chrome_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("glow_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("card_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("wood_panel", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("case_brown", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("case_white", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("case_printed", [-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]),
        ("wobbler", [-0.5, -0.5, -0.5], [0.5, 0.5, 0.5]),
        ("rod", [-0.5, -0.5, 0.0], [0.5, 0.5, 1.0]),
        ("lamp_row", [-0.5, -0.05, -0.06], [0.5, 0.02, 0.06]),
        ("lamp_panel", [-0.3, -0.012, -0.3], [0.3, 0.03, 0.3]),
        ("lamp_spot", [-0.04, -0.08, -0.04], [0.04, 0.08, 0.04]),
        ("facade_a", [-0.625, 0.0, 0.0], [0.625, 2.0, 0.0]),
        ("facade_b", [-0.625, 0.0, 0.0], [0.625, 2.0, 0.0]),
    ];
    let made = crate::all_fixtures();
    let stated = |name: &str| {
        frames.iter().any(|f| f.0 == name) || name.starts_with("shelf_edge_") || name.starts_with("arm_")
    };
    for asset in &made {
        assert!(stated(asset.name), "{} has no stated frame", asset.name);
    }
    let reach = |name: &str| bounds(&made.iter().find(|a| a.name == name).unwrap().shells);
    assert!(reach("arm_hand").0.z.abs() < 1e-6, "fingers begin at the origin");
    assert!(reach("arm_sleeve").0.z < reach("arm_hand").1.z, "the sleeve goes over the wrist");
    let rails = made.iter().filter(|a| a.name.starts_with("shelf_edge"));
    for asset in rails {
        let (min, max) = bounds(&asset.shells);
        assert!((min - DVec3::new(-0.5, -0.045, 0.0)).abs().max_element() < 1e-6, "{}: {min}", asset.name);
        assert!((max - DVec3::new(0.5, 0.0, 0.012)).abs().max_element() < 1e-6, "{}: {max}", asset.name);
    }
    for (name, low, high) in frames {
        let asset = made.iter().find(|a| a.name == name).unwrap();
        let (min, max) = bounds(&asset.shells);
        assert!((min - DVec3::from(low)).abs().max_element() < 1e-6, "{name} begins at {min}");
        assert!((max - DVec3::from(high)).abs().max_element() < 1e-6, "{name} ends at {max}");
    }
    let facing =
        |name: &str| made.iter().find(|a| a.name == name).unwrap().shells[0].faces[0].normal().normalize();
    assert!(facing("floor_tile").y > 0.999, "the floor faces up");
    assert!(facing("ceiling").y < -0.999, "the ceiling faces down");
    assert!(facing("wall").z > 0.999, "the wall faces the front");
}

/// Triangles of a material with positions and texture coordinates.
fn art(asset: &Asset, name: &str) -> Vec<[(DVec3, DVec2); 3]> {
    let p = primitive(&asset.shells, asset.materials.iter().find(|m| m.name == name).unwrap());
    let uv = |i: usize| p.uvs.get(i).map_or(DVec2::ZERO, |uv| DVec2::from_array(uv.map(f64::from)));
    triangles(&p).map(|t| t.map(|i| (at(&p, i), uv(i)))).collect()
}

#[test]
fn art_spans_the_unit_square_unmirrored_and_is_not_stretched() {
    for asset in forms() {
        for slot in asset.extras["slots"].as_array().unwrap() {
            let name = slot["material"].as_str().unwrap();
            let context = format!("{}, {name}", asset.name);
            let triangles = art(&asset, name);
            let uvs = || triangles.iter().flatten().map(|c| c.1);
            let (low, high) = uvs().fold((DVec2::MAX, DVec2::MIN), |(l, h), c| (l.min(c), h.max(c)));
            assert!(low.min_element() >= 0.0 && high.max_element() <= 1.0, "{context}: {low} to {high}");
            assert!(
                low.max_element() < 0.02 && high.min_element() > 0.98,
                "{context} spans {low} to {high} only"
            );

            let front: Vec<f64> =
                slot["front_uv"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
            let mut ratios = Vec::new();
            for t in &triangles {
                let middle = (t[0].1 + t[1].1 + t[2].1) / 3.0;
                let in_front =
                    (front[0]..=front[2]).contains(&middle.x) && (front[1]..=front[3]).contains(&middle.y);
                let (e, f) = (t[1].1 - t[0].1, t[2].1 - t[0].1);
                let area = e.perp_dot(f);
                if !in_front || area.abs() < 1e-9 {
                    continue;
                }
                if name == "top" && (t[1].0 - t[0].0).cross(t[2].0 - t[0].0).normalize().y < 0.5 {
                    continue;
                }
                // v runs down, so that outwards facing art is clockwise in texture space.
                assert!(area < 0.0, "{context}: mirrored at {}", t[0].0);
                let (p, q) = (t[1].0 - t[0].0, t[2].0 - t[0].0);
                let (du, dv) = ((p * f.y - q * e.y) / area, (q * e.x - p * f.x) / area);
                ratios.push((du.length() / dv.length(), area.abs()));
            }
            ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
            let half = ratios.iter().map(|r| r.1).sum::<f64>() / 2.0;
            let mut seen = 0.0;
            let median = ratios
                .iter()
                .find(|r| {
                    seen += r.1;
                    seen >= half
                })
                .unwrap()
                .0;
            let stated = slot["aspect"].as_f64().unwrap();
            assert!((median / stated - 1.0).abs() < 0.12, "{context}: {median} on the form, {stated} stated");
        }
    }
}

/// Distance from a point to a triangle, by closest point (Ericson, Real-Time Collision Detection, 5.1.5).
fn distance(p: DVec3, [a, b, c]: [DVec3; 3]) -> f64 {
    let n = (b - a).cross(c - a).normalize();
    let inside = [(a, b), (b, c), (c, a)].iter().all(|(s, t)| (*t - *s).cross(p - *s).dot(n) >= 0.0);
    if inside {
        return (p - a).dot(n).abs();
    }
    let segment = |s: DVec3, t: DVec3| {
        let along = ((p - s).dot(t - s) / (t - s).length_squared()).clamp(0.0, 1.0);
        p.distance(s.lerp(t, along))
    };
    segment(a, b).min(segment(b, c)).min(segment(c, a))
}

#[test]
fn front_points_lie_on_the_front_of_the_label() {
    for asset in forms() {
        let points = asset.extras["front_points"].as_array().unwrap();
        assert_eq!(points.len(), 48, "{}: a point of the front lies beside the art", asset.name);
        let name = asset.extras["slots"][0]["material"].as_str().unwrap();
        let triangles: Vec<[DVec3; 3]> = art(&asset, name).iter().map(|t| t.map(|c| c.0)).collect();
        for p in points.iter().map(vec3) {
            let nearest =
                triangles.iter().map(|t| (distance(p, *t), t)).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
            assert!(nearest.0 < 1e-4, "{}: {p} is {} m off the label", asset.name, nearest.0);
            let [a, b, c] = *nearest.1;
            assert!((b - a).cross(c - a).z > 0.0, "{}: {p} looks away from the shopper", asset.name);
        }
        let left = points.iter().map(vec3).map(|p| p.x).fold(f64::MAX, f64::min);
        assert!(vec3(&points[0]).x < left + 0.01 * 2.0, "{}: the first point is at the left", asset.name);
    }
}

#[test]
fn extras_have_the_shape_of_a_form() {
    let departments = [
        "drinks",
        "snacks",
        "breakfast",
        "canned",
        "pasta_sauces",
        "dairy",
        "household",
        "personal_care",
        "sweets",
        "coffee_tea",
        "baby",
        "pet",
        "spreads",
        "frozen",
    ];
    let poses = ["upright", "lying", "upside_down", "leaning"];
    let words =
        |v: &Value| v.as_array().unwrap().iter().map(|w| w.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    for asset in forms() {
        let e = asset.extras.as_object().unwrap();
        let mut keys: Vec<&str> = e.keys().map(String::as_str).collect();
        keys.sort_unstable();
        let expected = [
            "departments",
            "form",
            "fragile",
            "front_points",
            "poses",
            "recolour",
            "round",
            "size_m",
            "size_max_m",
            "size_min_m",
            "slots",
            "stack",
        ];
        assert_eq!(keys, expected, "{}", asset.name);
        assert_eq!(e["form"], asset.name, "a form is called like its file");
        assert!(e["stack"].as_u64().is_some_and(|n| n >= 1), "{}: stack", asset.name);
        let has = |list: &[&str], v: &Value| {
            !words(v).is_empty() && words(v).iter().all(|w| list.contains(&w.as_str()))
        };
        assert!(has(&departments, &e["departments"]), "{}: departments", asset.name);
        assert!(has(&poses, &e["poses"]), "{}: poses", asset.name);
        let materials: Vec<&str> = asset.materials.iter().map(|m| m.name).collect();
        let slots = e["slots"].as_array().unwrap();
        assert_eq!(slots[0]["name"], "label", "{}: the main slot", asset.name);
        let named =
            slots.iter().map(|s| s["material"].as_str().unwrap().to_owned()).chain(words(&e["recolour"]));
        for name in named {
            assert!(materials.contains(&name.as_str()), "{}: no material {name}", asset.name);
        }
        let triangles: usize = asset.shells.iter().map(|s| s.faces.len()).sum();
        assert!(triangles < 3000, "{} has {triangles} triangles", asset.name);
    }
    assert!(forms().len() >= 23, "at least 23 forms");
}

/// The header, the JSON and the binary chunk of a file.
fn parse(bytes: &[u8]) -> (Value, &[u8]) {
    let word = |i: usize| u32::from_le_bytes(bytes[i..i + 4].try_into().unwrap()) as usize;
    assert_eq!((&bytes[..4], word(4), word(8)), (&b"glTF"[..], 2, bytes.len()), "the header");
    let json = word(12);
    assert_eq!((&bytes[16..20], json % 4), (&b"JSON"[..], 0), "the first chunk");
    assert_eq!(
        (word(20 + json), &bytes[24 + json..28 + json]),
        (bytes.len() - 28 - json, &b"BIN\0"[..]),
        "the second"
    );
    (serde_json::from_slice(&bytes[20..20 + json]).unwrap(), &bytes[28 + json..])
}

#[test]
fn files_are_plain_gltf() {
    let mut total = 0;
    for asset in everything() {
        let bytes = glb::write(&asset);
        total += bytes.len();
        let (root, bin) = parse(&bytes);
        assert_eq!(root["asset"]["copyright"], "Diorama contributors, CC0-1.0", "{}", asset.name);
        assert_eq!(root["scenes"][0]["extras"]["diorama"], asset.extras, "{}", asset.name);
        assert_eq!(root["buffers"][0]["byteLength"], bin.len(), "{}", asset.name);
        let number = |v: &Value, key: &str| usize::try_from(v[key].as_u64().unwrap()).unwrap();
        let views = root["bufferViews"].as_array().unwrap();
        for view in views {
            assert_eq!(number(view, "byteOffset") % 4, 0, "{}: alignment", asset.name);
            assert!(
                number(view, "byteOffset") + number(view, "byteLength") <= bin.len(),
                "{}: a view",
                asset.name
            );
        }
        for accessor in root["accessors"].as_array().unwrap() {
            let wide = match accessor["type"].as_str().unwrap() {
                "SCALAR" => 2,
                "VEC2" => 8,
                _ => 12,
            };
            let view = &views[number(accessor, "bufferView")];
            assert_eq!(
                number(accessor, "count") * wide,
                number(view, "byteLength"),
                "{}: an accessor",
                asset.name
            );
        }
        for p in root["meshes"][0]["primitives"].as_array().unwrap() {
            let position = &root["accessors"][number(&p["attributes"], "POSITION")];
            assert!(position["min"].is_array() && position["max"].is_array(), "{}: bounds", asset.name);
        }
    }
    assert!(total < 8 << 20, "{total} bytes of models");
}

#[test]
fn committed_files_are_what_the_code_makes() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    crate::check_all(assets, &crate::files()).unwrap();
    let mut files = crate::files();
    let first = files.values_mut().next().unwrap();
    first[20] ^= 1;
    assert!(crate::check_all(assets, &files).is_err(), "one changed bit must be noticed");
}

#[test]
fn equal_points_fall_together_at_a_micrometre() {
    assert_eq!(micrometres(DVec3::new(1e-7, 0.0, -1e-7)), IVec3::ZERO, "below half a micrometre");
}

/// Distance along a ray to a triangle (Möller and Trumbore 1997).
fn hit(from: DVec3, along: DVec3, [a, b, c]: [DVec3; 3]) -> Option<f64> {
    let (e, f, g) = (b - a, c - a, from - a);
    let h = along.cross(f);
    let det = e.dot(h);
    let (u, v) = (g.dot(h) / det, along.dot(g.cross(e)) / det);
    let t = f.dot(g.cross(e)) / det;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.0).then_some(t)
}

#[test]
fn liquid_stays_inside_of_a_clear_wall() {
    let clear = |a: &Asset| a.materials.iter().any(|m| m.is_clear());
    let bottles: Vec<Asset> = forms().into_iter().filter(clear).collect();
    assert_eq!(bottles.len(), 2, "the forms with a clear wall");
    for asset in bottles {
        let wall: Vec<[DVec3; 3]> =
            ["body", "label"].iter().flat_map(|m| art(&asset, m)).map(|t| t.map(|c| c.0)).collect();
        for p in art(&asset, "content").iter().flatten().map(|c| c.0).filter(|p| p.x.hypot(p.z) > 1e-6) {
            // Turned a little, so that no ray meets an edge.
            let along = (DVec3::new(p.x, 0.0, p.z).normalize() + DVec3::new(0.003, 0.002, 0.001)).normalize();
            let hits: Vec<f64> = wall.iter().filter_map(|t| hit(p, along, *t)).collect();
            assert_eq!(hits.len() % 2, 1, "{}: the liquid leaves the bottle at {p}", asset.name);
            let gap = hits.into_iter().fold(f64::MAX, f64::min);
            assert!(gap > 3e-4, "{}: the wall is {gap} m thick at {p}", asset.name);
        }
    }
}
