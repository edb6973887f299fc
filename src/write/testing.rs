//! Synthetic frames for tests: ellipses painted over each other, so that every label is known by construction.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{CategorySet, DatasetWriter, FrameFiles, Policy, RunInfo, Shard, encode};
use crate::{
    geometry::{BoxPx, Intrinsics, Lens, Rle, Size},
    truth::{CameraTruth, FrameTruth, InstanceTruth, RoleTruth},
};

pub(crate) const SIZE: Size = Size { width: 64, height: 48 };
const PRODUCTS: u32 = 9;

pub(crate) fn run(frames: u64) -> RunInfo {
    RunInfo {
        scene: "ellipses".into(),
        config: json!({"image": {"width": 64, "height": 48}, "name": "ellipses"}),
        seed: u64::MAX,
        engine: "0.1.0".into(),
        adapter: "none".into(),
        driver: "none 1.0".into(),
        first_frame: 0,
        frames,
        shard: Shard::WHOLE,
    }
}

pub(crate) fn policy() -> Policy {
    Policy {
        categories: CategorySet::Form,
        min_visibility: 0.1,
        min_area_px: 16,
        min_side_px: 3,
        ignore_as_crowd: true,
        extra_classes: vec!["price_tag".into(), "gap".into()],
        part_classes: vec![],
    }
}

/// Evenly spread bits of a name.
fn mix(frame: u64, instance: u32, salt: u64) -> u64 {
    let mut x = frame ^ (u64::from(instance) << 32) ^ (salt << 48);
    for _ in 0..2 {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (x >> 31);
    }
    x
}

fn share(frame: u64, instance: u32, salt: u64) -> f64 {
    (mix(frame, instance, salt) >> 11) as f64 / (1u64 << 53) as f64
}

fn amodal(frame: u64, id: u32) -> Vec<bool> {
    let (cx, cy) = (share(frame, id, 1) * 64.0, share(frame, id, 2) * 48.0);
    let (rx, ry) = (2.0 + share(frame, id, 3) * 12.0, 2.0 + share(frame, id, 4) * 10.0);
    (0..SIZE.pixels())
        .map(|p| {
            let (x, y) = ((p % 64) as f64 + 0.5, (p / 64) as f64 + 0.5);
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
        })
        .collect()
}

/// Components by flood fill: another way than that of `verify`.
fn flood_pieces(mask: &[bool]) -> u32 {
    let mut seen = vec![false; mask.len()];
    let mut pieces = 0;
    for start in 0..mask.len() {
        if !mask[start] || seen[start] {
            continue;
        }
        pieces += 1;
        let mut stack = vec![start];
        seen[start] = true;
        while let Some(p) = stack.pop() {
            let (x, y) = ((p % 64) as i64, (p / 64) as i64);
            for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
                let (x, y) = (x + dx, y + dy);
                let q = (y * 64 + x) as usize;
                if (0..64).contains(&x) && (0..48).contains(&y) && mask[q] && !seen[q] {
                    seen[q] = true;
                    stack.push(q);
                }
            }
        }
    }
    pieces
}

fn extents(mask: &[bool]) -> Option<BoxPx> {
    let pixels = mask.iter().enumerate().filter(|(_, m)| **m).map(|(p, _)| p);
    pixels.map(|p| BoxPx { x: (p % 64) as f64, y: (p / 64) as f64, w: 1.0, h: 1.0 }).reduce(BoxPx::union)
}

/// A frame with ids 1 to 9 products, 10 a tag, 11 a gap; a higher id is nearer. Product 1 is sometimes wholly
/// hidden, since product 9 of every third frame repeats its outline.
pub(crate) fn frame(number: u64) -> FrameFiles {
    let shapes: Vec<Vec<bool>> = (1..=PRODUCTS + 1)
        .map(|id| amodal(number, if id == PRODUCTS && number.is_multiple_of(3) { 1 } else { id }))
        .collect();
    let mut ids = vec![0u16; SIZE.pixels()];
    for (id, shape) in (1u16..).zip(&shapes) {
        for (slot, _) in ids.iter_mut().zip(shape).filter(|(_, inside)| **inside) {
            *slot = id;
        }
    }
    let mut instances: Vec<_> =
        (1..).zip(&shapes).map(|(id, shape)| drawn(number, id, shape, &ids)).collect();
    instances.push(gap(PRODUCTS + 2));
    let intrinsics = Intrinsics::from_fov(SIZE, 1.0, Lens::Pinhole);
    let truth = FrameTruth {
        clip: None,
        frame: number,
        file_name: format!("{number:06}.jpg"),
        camera: CameraTruth { intrinsics, camera_from_world: pose(share(number, 0, 9)) },
        facts: facts(&[("availability", json!(0.1 + 0.2))]),
        instances,
        licences: vec![format!("CC0: pattern {}", number % 3), "MIT: ellipse".into()],
    };
    let rgba: Vec<u8> = ids
        .iter()
        .enumerate()
        .flat_map(|(p, id)| [(id * 25) as u8, (p % 64 * 4) as u8, (p / 64 * 5) as u8, 255])
        .collect();
    let depth: Vec<u16> = ids.iter().map(|id| if *id == 0 { 0 } else { 3000 - 100 * id }).collect();
    FrameFiles {
        files: vec![
            (format!("images/{number:06}.jpg"), encode::jpeg(SIZE, &rgba, 92).unwrap()),
            (format!("instances/{number:06}.png"), encode::png_gray16(SIZE, &ids).unwrap()),
            (format!("depth/{number:06}.png"), encode::png_gray16(SIZE, &depth).unwrap()),
        ],
        truth,
    }
}

fn facts(pairs: &[(&str, Value)]) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn pose(turn: f64) -> [[f64; 4]; 4] {
    let (sin, cos) = turn.sin_cos();
    [[cos, -sin, 0.0, turn], [sin, cos, 0.0, 0.5], [0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 0.0, 1.0]]
}

fn drawn(number: u64, id: u32, shape: &[bool], ids: &[u16]) -> InstanceTruth {
    let mask: Vec<bool> = ids.iter().map(|&owner| u32::from(owner) == id).collect();
    let count = |mask: &[bool]| mask.iter().filter(|m| **m).count() as f64;
    let (area, area_amodal) = (count(&mask), count(shape));
    let covering = |other: &u32| {
        let covered =
            ids.iter().zip(shape).filter(|(owner, inside)| **inside && u32::from(**owner) == *other);
        covered.count() as f64 >= 0.01 * area_amodal
    };
    let is_tag = id == PRODUCTS + 1;
    let bbox_amodal = extents(shape);
    InstanceTruth {
        instance_id: id,
        path: format!("bay0/facing{id}"),
        class: if is_tag { "price_tag" } else { "product" }.into(),
        role: RoleTruth::Labelled,
        bbox: extents(&mask),
        area,
        segmentation: (area > 0.0).then(|| Rle::from_mask(SIZE, &mask)),
        polygon: None,
        bbox_amodal,
        area_amodal,
        bbox_full: bbox_amodal.map(|b| BoxPx { x: b.x - 1.0, y: b.y - 1.0, w: b.w + 2.0, h: b.h + 2.0 }),
        visibility: if area_amodal > 0.0 { area / area_amodal } else { 0.0 },
        truncation: share(number, id, 5),
        pieces: flood_pieces(&mask),
        occluders: (id + 1..=PRODUCTS + 1).rev().filter(covering).collect(),
        distance_m: 3.0 - 0.1 * f64::from(id),
        depth_m: (area > 0.0).then(|| 3.0 - 0.1 * f64::from(id)),
        camera_from_object: pose(share(number, id, 6)),
        size_m: [0.1, 0.2, 1.0 / 3.0],
        probes: facts(&[("front", json!(share(number, id, 7)))]),
        keypoints: vec![],
        facts: facts(&[
            ("form", json!(["can", "bottle", "box"][id as usize % 3])),
            ("department", json!(["drinks", "snacks"][id as usize % 2])),
            ("sku", json!(format!("sku-{:03}", mix(number, id, 8) % 20))),
            ("yaw_deg", json!(share(number, id, 6).to_degrees())),
            ("area", json!("a fact with a taken name")),
        ]),
    }
}

fn gap(id: u32) -> InstanceTruth {
    let bbox = BoxPx { x: 3.25, y: 4.5, w: 8.5, h: 12.0 };
    let polygon = vec![3.25, 4.5, 11.75, 4.5, 11.75, 16.5, 3.25, 16.5];
    InstanceTruth {
        instance_id: id,
        path: "bay0/gap0".into(),
        class: "gap".into(),
        role: RoleTruth::Virtual,
        bbox: Some(bbox),
        area: bbox.area(),
        segmentation: None,
        polygon: Some(polygon),
        bbox_amodal: Some(bbox),
        area_amodal: bbox.area(),
        bbox_full: Some(bbox),
        visibility: 1.0,
        truncation: 0.0,
        pieces: 1,
        occluders: vec![],
        distance_m: 2.0,
        depth_m: Some(2.0),
        camera_from_object: pose(0.0),
        size_m: [0.3, 0.3, 0.3],
        probes: Map::new(),
        keypoints: vec![],
        facts: facts(&[("facing", json!(4))]),
    }
}

/// A complete dataset of these frames in a new folder.
pub(crate) fn dataset(dir: &Path, frames: u64) {
    let mut writer = DatasetWriter::create(dir, &run(frames)).unwrap();
    (0..frames).for_each(|number| writer.put(frame(number)).unwrap());
    writer.finish(&policy()).unwrap();
}

/// Every file under a folder, with its content.
pub(crate) fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Fails with the first file that differs.
pub(crate) fn assert_same_bytes(a: &Path, b: &Path, case: &str) {
    let (a, b) = (contents(a), contents(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{case}: other files");
    for (path, content) in &a {
        assert!(b[path] == *content, "{case}: {} differs", path.display());
    }
}
