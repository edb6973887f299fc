//! The infant's asset, read once: parts, joints, landmarks; and the rule that it is never undressed.

use std::{collections::BTreeMap, path::Path};

use glam::Vec3;
use serde::Deserialize;

use crate::{
    config::InfantMap,
    sample::SampleError,
    scene::{Library, MaterialId, Model, ModelId},
};

/// Name of the model.
const MODEL: &str = "infant";
/// The part that is fused to the body.
const NAPPY: &str = "nappy";
/// Skin below the neck that no garment covers.
const BARE: &str = "bare";

/// What the asset says of itself under `extras.diorama`.
#[derive(Debug, Deserialize)]
struct Extras {
    parts: Vec<String>,
    garments: Vec<String>,
    joints: Vec<String>,
    joint_morphs: BTreeMap<String, Vec<Vec3>>,
    tails: BTreeMap<String, Vec3>,
    landmarks: BTreeMap<String, (usize, usize)>,
    airway: Vec<(usize, usize)>,
    mouth: Vec3,
}

/// One part of the body, or something worn: a primitive of the model.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) material: MaterialId,
    /// For skin below the neck: garments, by number, under which it is left out.
    pub(super) under: Vec<usize>,
}

/// The asset, checked.
///
/// **Dignity is a rule here, not a default.** The file has no skin under the nappy, the nappy is a primitive of the
/// same mesh, and this type cannot be had for a model without it ([`Anatomy::find`] is its only maker). Whatever is
/// worn is chosen by [`Anatomy::visible`], which has no way to leave the nappy out.
#[derive(Debug)]
pub(super) struct Anatomy {
    pub(super) model: ModelId,
    pub(super) parts: Vec<Part>,
    garments: Vec<String>,
    nappy: usize,
    /// Displacement of each joint for each morph target, in the model's order of both.
    pub(super) joint_morphs: Vec<Vec<Vec3>>,
    pub(super) joints: BTreeMap<String, usize>,
    pub(super) tails: BTreeMap<String, Vec3>,
    /// (primitive, vertex) of places on the surface.
    pub(super) landmarks: BTreeMap<String, (usize, usize)>,
    pub(super) airway: Vec<(usize, usize)>,
    pub(super) mouth: Vec3,
    /// Triangles of each part.
    pub(super) triangles: Vec<Vec<u32>>,
    /// For each vertex of each part the number of its place on the surface: skin shares places across parts.
    pub(super) welds: Vec<Vec<u32>>,
    /// How many places there are.
    pub(super) places: usize,
}

impl Anatomy {
    /// Reads the infant of a library.
    ///
    /// # Errors
    /// When there is none, or it has no nappy, lacks a joint, or its extras do not describe an infant.
    pub(super) fn find(library: &Library, own: Option<&Path>, map: &InfantMap) -> Result<Self, SampleError> {
        let found = match own {
            Some(path) => library.find_file(path),
            None => library.find(MODEL),
        };
        let id = found.ok_or_else(|| SampleError::MissingModel {
            name: MODEL,
            present: crate::sample::list(library.names()),
        })?;
        let model = library.model(id);
        let bad = |reason: String| SampleError::BadInfant { source_file: model.source.clone(), reason };
        let extras: Extras = serde_json::from_value(model.extras["diorama"].clone())
            .map_err(|e| bad(format!("extras.diorama describes no infant: {e}")))?;
        if extras.parts.len() != model.primitives.len() {
            let (said, has) = (extras.parts.len(), model.primitives.len());
            return Err(bad(format!("it names {said} parts and has {has}")));
        }
        let nappy = extras.parts.iter().position(|name| name == NAPPY);
        let nappy = nappy
            .filter(|&index| !model.primitives[index].lods[0].indices.is_empty())
            .ok_or_else(|| bad(format!("it has no part '{NAPPY}': an infant without one is never shown")))?;
        let joints = joints(model, map)?;
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| !joints.contains_key(*name)).collect();
        if let Some(first) = missing.first() {
            let present = model.skin.iter().flat_map(|skin| &skin.joints).map(|joint| joint.name.as_str());
            return Err(bad(format!(
                "it has no joint {}; its joints are: {}. A .json file named by stage.crib.own.infant_map says which is \
                 which: {{\"joints\": {{\"{first}\": \"its name in the file\"}}}}",
                missing.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "),
                crate::sample::list(present),
            )));
        }
        let joint_morphs = joint_morphs(model, &extras, &joints).map_err(bad)?;
        let parts = extras.parts.iter().zip(&model.primitives).map(|(name, primitive)| Part {
            name: name.clone(),
            material: primitive.material,
            under: name
                .strip_prefix("skin.")
                .map(|bits| bits.chars().filter_map(|c| c.to_digit(10)).map(|d| d as usize).collect())
                .unwrap_or_default(),
        });
        let known = |at: &(usize, usize)| {
            model.primitives.get(at.0).is_some_and(|p| at.1 < p.vertices.positions.len())
        };
        if let Some(name) = LANDMARKS.iter().find(|name| !extras.landmarks.get(**name).is_some_and(known)) {
            return Err(bad(format!("its landmark '{name}' is missing or on no vertex")));
        }
        if extras.airway.is_empty() || !extras.airway.iter().all(known) {
            return Err(bad("its airway has no vertices, or some that do not exist".to_owned()));
        }
        let (welds, places) = welds(model, &extras.parts);
        Ok(Self {
            triangles: model.primitives.iter().map(|p| p.lods[0].indices.clone()).collect(),
            welds,
            places,
            model: id,
            parts: parts.collect(),
            garments: extras.garments,
            nappy,
            joint_morphs,
            joints,
            tails: extras.tails,
            landmarks: extras.landmarks,
            airway: extras.airway,
            mouth: extras.mouth,
        })
    }

    /// Number of a joint that every infant has.
    pub(super) fn joint(&self, name: &str) -> usize {
        self.joints.get(name).copied().unwrap_or_default()
    }

    /// Which parts are to be seen when `worn` (names of parts) is put on: head and face, skin that nothing covers, what
    /// is worn, and in every case the nappy.
    pub(super) fn visible(&self, worn: &[&str]) -> Vec<usize> {
        let numbers: Vec<usize> =
            (0..self.garments.len()).filter(|&g| worn.contains(&self.garments[g].as_str())).collect();
        (0..self.parts.len())
            .filter(|&index| {
                let part = &self.parts[index];
                let skin = part.name.strip_prefix("skin.");
                let always =
                    index == self.nappy || matches!(skin, Some("face" | "head" | BARE)) || is_eye(&part.name);
                let uncovered = skin.is_some() && !part.under.iter().any(|garment| numbers.contains(garment));
                always || uncovered || worn.contains(&part.name.as_str())
            })
            .collect()
    }
}

fn is_eye(name: &str) -> bool {
    name.starts_with("eye_") || name == "lashes"
}

/// Joints by our names, of which a map may say what the model calls them.
fn joints(model: &Model, map: &InfantMap) -> Result<BTreeMap<String, usize>, SampleError> {
    let skin = model.skin.iter().flat_map(|skin| &skin.joints);
    let mut joints: BTreeMap<String, usize> =
        skin.enumerate().map(|(index, joint)| (joint.name.clone(), index)).collect();
    let mistakes: Vec<_> = map
        .joints()
        .filter(|(_, theirs)| !joints.contains_key(*theirs))
        .map(|(ours, theirs)| {
            let all = crate::sample::list(joints.keys());
            let file = &model.source;
            map.mistake(ours, format!("expected a joint of {file}, found '{theirs}'; its joints are: {all}"))
        })
        .collect();
    if !mistakes.is_empty() {
        return Err(SampleError::InfantMap(mistakes));
    }
    for (ours, theirs) in map.joints() {
        if let Some(&index) = joints.get(theirs) {
            joints.insert(ours.to_owned(), index);
        }
    }
    Ok(joints)
}

/// Joints that move; fingers and toes may be missing.
const REQUIRED: [&str; 17] = [
    "pelvis",
    "spine_01",
    "spine_02",
    "spine_03",
    "neck_01",
    "head",
    "upperarm_l",
    "lowerarm_l",
    "hand_l",
    "upperarm_r",
    "lowerarm_r",
    "hand_r",
    "thigh_l",
    "calf_l",
    "foot_l",
    "thigh_r",
    "calf_r",
];
const LANDMARKS: [&str; 7] = ["nose", "eye_l", "eye_r", "ear_l", "ear_r", "crown", "occiput"];

fn joint_morphs(
    model: &Model,
    extras: &Extras,
    joints: &BTreeMap<String, usize>,
) -> Result<Vec<Vec<Vec3>>, String> {
    model
        .morph_names
        .iter()
        .map(|morph| {
            let moved = extras.joint_morphs.get(morph).filter(|moved| moved.len() == extras.joints.len());
            let moved = moved.ok_or_else(|| {
                format!("its morph target '{morph}' does not say where each of the joints goes")
            })?;
            let mut row = vec![Vec3::ZERO; joints.len()];
            for (name, shift) in extras.joints.iter().zip(moved) {
                if let Some(&index) = joints.get(name) {
                    row[index] = *shift;
                }
            }
            Ok(row)
        })
        .collect()
}

fn welds(model: &Model, parts: &[String]) -> (Vec<Vec<u32>>, usize) {
    let mut known: BTreeMap<(usize, [u32; 3]), u32> = BTreeMap::new();
    let welds = model
        .primitives
        .iter()
        .zip(parts)
        .enumerate()
        .map(|(index, (primitive, name))| {
            let group = if name.starts_with("skin.") { usize::MAX } else { index };
            let places = primitive.vertices.positions.iter().map(|p| {
                let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                *known.entry((group, p.to_array().map(f32::to_bits))).or_insert(next)
            });
            places.collect()
        })
        .collect();
    (welds, known.len())
}
