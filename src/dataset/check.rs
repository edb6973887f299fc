//! One frame's labels, held against each other and against its stored pixels.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    geometry::{BoxPx, Rle, Size},
    truth::{FrameTruth, InstanceTruth, RoleTruth},
};

/// A pixel-aligned box may stick out of the exact projection by half a pixel, since a pixel belongs to what its
/// centre shows.
const ALIGNMENT_PX: f64 = 0.51;
/// Rounding of stored numbers.
const ROUNDING: f64 = 1e-6;
/// Depth pictures are in whole millimetres.
const DEPTH_M: f64 = 0.0011;

/// Pixels that a frame's labels can be held against.
#[derive(Debug, Default)]
pub(super) struct Pixels {
    /// Instance ids, row-major.
    ids: Option<Vec<u16>>,
    /// Number of pixels of each id.
    owned: BTreeMap<u32, u64>,
    /// Depth in millimetres, row-major.
    depth_mm: Option<Vec<u16>>,
}

impl Pixels {
    /// From the pictures that were stored.
    pub(super) fn new(ids: Option<Vec<u16>>, depth_mm: Option<Vec<u16>>) -> Self {
        let mut counts = vec![0u64; usize::from(u16::MAX) + 1];
        for id in ids.iter().flatten() {
            counts[usize::from(*id)] += 1;
        }
        let owned = (0..).zip(counts).filter(|(_, count)| *count > 0).collect();
        Self { ids, owned, depth_mm }
    }
}

/// What is wrong with the labels of a frame: name of the check, where in the frame, and what was found.
pub(super) fn check_frame(truth: &FrameTruth, pixels: &Pixels) -> Vec<(&'static str, String, String)> {
    let size = truth.camera.intrinsics.size;
    let mut faults = Vec::new();
    if !is_rigid(&truth.camera.camera_from_world) {
        faults.push((
            "camera is rigid",
            String::new(),
            "camera_from_world is not a rigid transform".to_owned(),
        ));
    }
    let mut owner = vec![0u32; size.pixels()];
    let mut last_id = 0;
    for instance in &truth.instances {
        let mut found = Vec::new();
        if instance.instance_id <= last_id || instance.instance_id > 65535 {
            found.push(("ids ascend from 1 to 65535", format!("after {last_id}")));
        }
        last_id = instance.instance_id;
        match instance.role {
            RoleTruth::Labelled => check_drawn(instance, size, pixels, &mut owner, &mut found),
            RoleTruth::Virtual => check_virtual(instance, size, &mut found),
            RoleTruth::Whole => check_whole(instance, size, pixels, &mut found),
        }
        check_facts(instance, &mut found);
        let place = format!("instance {}", instance.instance_id);
        faults.extend(found.into_iter().map(|(check, what)| (check, place.clone(), what)));
    }
    for instance in truth.instances.iter().filter(|i| i.segmentation.is_none()) {
        let owned = pixels.owned.get(&instance.instance_id).copied().unwrap_or(0);
        if owned > 0 {
            let place = format!("instance {}", instance.instance_id);
            faults.push(("mask equals the id picture", place, format!("it has no mask, and {owned} pixels")));
        }
    }
    faults
}

type Found = Vec<(&'static str, String)>;

fn check_drawn(instance: &InstanceTruth, size: Size, pixels: &Pixels, owner: &mut [u32], found: &mut Found) {
    let Some(mask) = &instance.segmentation else {
        if instance.bbox.is_some() || instance.area != 0.0 || instance.depth_m.is_some() {
            found.push(("an empty mask has no box, area or depth", "it has one".to_owned()));
        }
        return;
    };
    if mask.size != [size.height, size.width] {
        found.push(("mask has the picture's size", format!("{:?}", mask.size)));
        return;
    }
    let (runs, extents) = match (mask.runs(), mask.extents()) {
        (Ok(runs), Ok(extents)) => (runs, extents),
        (Err(error), _) | (_, Err(error)) => {
            found.push(("mask decodes", error.to_string()));
            return;
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "pixel counts are far below 2^53")]
    let area = extents.0 as f64;
    if area != instance.area || area == 0.0 {
        found.push(("area is the mask's", format!("{} where the mask has {area}", instance.area)));
    }
    if instance.bbox != extents.1 {
        found.push((
            "box is the mask's extents",
            format!("{:?} where the mask has {:?}", instance.bbox, extents.1),
        ));
    }
    check_pixels(instance, size, pixels, &runs, owner, found);
    let pieces = pieces(mask, &runs);
    if pieces != instance.pieces {
        found.push(("pieces are the mask's", format!("{} where the mask has {pieces}", instance.pieces)));
    }
    check_amodal(instance, area, found);
}

/// A whole's mask is the union of its parts'; it may overlap other wholes and is itself no owner of pixels.
fn check_whole(instance: &InstanceTruth, size: Size, pixels: &Pixels, found: &mut Found) {
    let parts: Option<BTreeSet<u32>> = instance.facts.get("parts").and_then(|list| {
        list.as_array()?.iter().map(|id| u32::try_from(id.as_u64()?).ok()).collect::<Option<_>>()
    });
    let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
        found.push(("a whole names its parts", "its facts have no list of ids called `parts`".to_owned()));
        return;
    };
    // As if it were drawn, over a picture of ids in which its parts are one.
    let joined = Pixels {
        ids: pixels.ids.as_ref().map(|ids| {
            let own = u16::try_from(instance.instance_id).unwrap_or(0);
            ids.iter().map(|id| if parts.contains(&u32::from(*id)) { own } else { 0 }).collect()
        }),
        owned: parts
            .iter()
            .filter_map(|id| pixels.owned.get(id))
            .copied()
            .reduce(|a, b| a + b)
            .map(|pixels| (instance.instance_id, pixels))
            .into_iter()
            .collect(),
        depth_mm: pixels.depth_mm.clone(),
    };
    check_drawn(instance, size, &joined, &mut vec![0; size.pixels()], found);
}

fn check_pixels(
    instance: &InstanceTruth,
    size: Size,
    pixels: &Pixels,
    runs: &[u32],
    owner: &mut [u32],
    found: &mut Found,
) {
    let (mut overlap, mut foreign, mut matched) = (None, 0u64, 0u64);
    let mut depths = Vec::new();
    for pixel in mask_pixels(runs, size) {
        if owner[pixel] != 0 {
            overlap = overlap.or(Some(owner[pixel]));
        }
        owner[pixel] = instance.instance_id;
        if let Some(ids) = &pixels.ids {
            let same = u32::from(ids[pixel]) == instance.instance_id;
            matched += u64::from(same);
            foreign += u64::from(!same);
        }
        if let Some(depth) = &pixels.depth_mm {
            depths.push(depth[pixel]);
        }
    }
    if let Some(other) = overlap {
        found.push(("masks of one picture are disjoint", format!("it shares pixels with instance {other}")));
    }
    let missing = pixels.owned.get(&instance.instance_id).copied().unwrap_or(0).saturating_sub(matched);
    if foreign + missing > 0 {
        found.push(("mask equals the id picture", format!("{foreign} pixels too many, {missing} too few")));
    }
    check_depth(instance, &mut depths, found);
}

fn check_depth(instance: &InstanceTruth, depths: &mut [u16], found: &mut Found) {
    let Some(depth_m) = instance.depth_m else {
        found.push(("a visible instance has a depth", "it has none".to_owned()));
        return;
    };
    if depths.is_empty() {
        return;
    }
    depths.sort_unstable();
    // Whichever of the two middle values an even number of pixels takes, or their mean.
    let (lower, upper) = (depths[(depths.len() - 1) / 2], depths[depths.len() / 2]);
    let inside = f64::from(lower) / 1000.0 - DEPTH_M <= depth_m
        && (depth_m <= f64::from(upper) / 1000.0 + DEPTH_M || upper == u16::MAX);
    if !inside {
        found.push((
            "depth is the median of the depth picture",
            format!("{depth_m} m where the picture has {lower} to {upper} mm"),
        ));
    }
}

fn check_amodal(instance: &InstanceTruth, area: f64, found: &mut Found) {
    if instance.area_amodal < area {
        let what = format!("{} amodal pixels, {area} visible", instance.area_amodal);
        found.push(("amodal mask contains the mask", what));
    } else if (instance.visibility - area / instance.area_amodal).abs() > ROUNDING {
        let what = format!("{} where {area} / {} is due", instance.visibility, instance.area_amodal);
        found.push(("visibility is mask area / amodal area", what));
    }
    let contains = |outer: Option<BoxPx>, inner: Option<BoxPx>, tolerance| match (outer, inner) {
        (Some(outer), Some(inner)) => outer.contains(inner, tolerance),
        (outer, inner) => inner.is_none() || outer.is_some(),
    };
    if !contains(instance.bbox_amodal, instance.bbox, ROUNDING) {
        let what = format!("{:?} round {:?}", instance.bbox_amodal, instance.bbox);
        found.push(("amodal box contains the box", what));
    }
    if instance.bbox_full.is_some() && !contains(instance.bbox_full, instance.bbox_amodal, ALIGNMENT_PX) {
        let what = format!("{:?} round {:?}", instance.bbox_full, instance.bbox_amodal);
        found.push(("full box contains the amodal box", what));
    }
}

fn check_virtual(instance: &InstanceTruth, size: Size, found: &mut Found) {
    if instance.segmentation.is_some() {
        found.push(("a virtual instance has no mask", "it has one".to_owned()));
    }
    let (Some(outline), Some(bbox)) = (&instance.polygon, instance.bbox) else {
        if instance.polygon.is_some() != instance.bbox.is_some() {
            found.push((
                "a virtual instance has outline and box, or neither",
                "it has one of them".to_owned(),
            ));
        }
        return;
    };
    let frame = BoxPx::from_edges(0.0, 0.0, f64::from(size.width), f64::from(size.height));
    if !frame.contains(bbox, ROUNDING) {
        found.push(("box is inside the frame", format!("{bbox:?}")));
    }
    let corners = outline.chunks_exact(2).map(|c| BoxPx { x: c[0], y: c[1], w: 0.0, h: 0.0 });
    let round = corners.reduce(BoxPx::union);
    if outline.len() % 2 != 0 || outline.len() < 6 {
        found.push(("outline has at least 3 corners", format!("{} numbers", outline.len())));
    } else if !round.is_some_and(|round| round.contains(bbox, 0.01) && bbox.contains(round, 0.01)) {
        found.push(("box is the outline's extents", format!("{bbox:?} where the outline has {round:?}")));
    }
}

fn check_facts(instance: &InstanceTruth, found: &mut Found) {
    let shares = [("visibility", instance.visibility), ("truncation", instance.truncation)];
    let probes = instance.probes.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_f64()?)));
    for (name, share) in shares.into_iter().chain(probes) {
        if !(-ROUNDING..=1.0 + ROUNDING).contains(&share) {
            found.push(("shares are in 0 to 1", format!("{name} is {share}")));
        }
    }
    if instance.occluders.contains(&instance.instance_id) {
        found.push(("nothing hides itself", "it is among its own occluders".to_owned()));
    }
    if instance.distance_m <= 0.0 || instance.size_m.iter().any(|side| *side < 0.0) {
        found.push((
            "distance and size are lengths",
            format!("{} m, {:?} m", instance.distance_m, instance.size_m),
        ));
    }
    if !is_rigid(&instance.camera_from_object) {
        found.push(("pose is rigid", "camera_from_object is not a rigid transform".to_owned()));
    }
}

/// Indices (row-major) of the pixels of a mask with these runs.
fn mask_pixels(runs: &[u32], size: Size) -> impl Iterator<Item = usize> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut at = 0usize;
    runs.iter().enumerate().flat_map(move |(index, &run)| {
        let first = at;
        at += run as usize;
        let pixels = if index % 2 == 1 { first..at } else { 0..0 };
        pixels.map(move |p| p % height * width + p / height)
    })
}

/// 8-connected components of a mask, from its runs cut at the columns' ends.
fn pieces(mask: &Rle, runs: &[u32]) -> u32 {
    let height = mask.size[0];
    // (column, first row, last row), in order of column and row.
    let mut spans: Vec<(u32, u32, u32)> = Vec::new();
    let mut at = 0u32;
    for (index, &run) in runs.iter().enumerate() {
        if index % 2 == 1 {
            let end = at + run;
            let mut first = at;
            while first < end {
                let last = (end - 1).min(first / height * height + height - 1);
                spans.push((first / height, first % height, last % height));
                first = last + 1;
            }
        }
        at += run;
    }
    let mut parent: Vec<usize> = (0..spans.len()).collect();
    let mut count = u32::try_from(spans.len()).unwrap_or(u32::MAX);
    let mut from = 0;
    for (index, &(column, top, bottom)) in spans.iter().enumerate() {
        while spans[from].0 + 1 < column {
            from += 1;
        }
        for (before, &(other, other_top, other_bottom)) in spans.iter().enumerate().take(index).skip(from) {
            if other + 1 == column && other_top <= bottom + 1 && top <= other_bottom + 1 {
                let (a, b) = (root(&mut parent, before), root(&mut parent, index));
                if a != b {
                    parent[a] = b;
                    count -= 1;
                }
            }
        }
    }
    count
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}

fn is_rigid(m: &[[f64; 4]; 4]) -> bool {
    // Poses are computed in single precision.
    const TOLERANCE: f64 = 1e-4;
    let dot = |a: usize, b: usize| (0..3).map(|k| m[a][k] * m[b][k]).sum::<f64>();
    let orthonormal =
        (0..3).all(|a| (0..3).all(|b| (dot(a, b) - if a == b { 1.0 } else { 0.0 }).abs() < TOLERANCE));
    let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
    let determinant = m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1);
    orthonormal && determinant > 0.0 && m[3] == [0.0, 0.0, 0.0, 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces_of(rows: &[&str]) -> u32 {
        let size =
            Size { width: u32::try_from(rows[0].len()).unwrap(), height: u32::try_from(rows.len()).unwrap() };
        let mask: Vec<bool> = rows.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect();
        let rle = Rle::from_mask(size, &mask);
        pieces(&rle, &rle.runs().unwrap())
    }

    #[test]
    fn pieces_are_8_connected() {
        assert_eq!(pieces_of(&["#..", ".#.", "..#"]), 1, "diagonals join");
        assert_eq!(pieces_of(&["#.#", "...", "#.#"]), 4, "four corners");
        assert_eq!(pieces_of(&["###", "#.#", "###"]), 1, "a ring");
        assert_eq!(
            pieces_of(&["..#", "...", "#.."]),
            2,
            "a column's end does not touch the next one's start"
        );
        assert_eq!(pieces_of(&["#.#", "#.#", "###"]), 1, "joined at the last");
    }

    #[test]
    fn a_scaled_pose_is_not_rigid() {
        let mut pose =
            [[1.0, 0.0, 0.0, 4.0], [0.0, 1.0, 0.0, 5.0], [0.0, 0.0, 1.0, 6.0], [0.0, 0.0, 0.0, 1.0]];
        assert!(is_rigid(&pose), "a shift is");
        pose[0][0] = 1.01;
        assert!(!is_rigid(&pose), "a stretch is not");
        pose[0][0] = -1.0;
        assert!(!is_rigid(&pose), "a mirror is not");
    }
}
