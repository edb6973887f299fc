//! The labels of an infant, from its geometry: keypoints, posture, airway, limbs, distances.

use glam::Vec3;
use serde_json::json;

use super::{
    Cover,
    anatomy::Anatomy,
    bed::Crib,
    growth::Sex,
    lying::Laid,
    measure::{self, GAP, Surface, nearest},
    posture::LIMITS_DEG,
    wear::Infant,
};
use crate::{
    geometry::Camera,
    sample::placing::facts,
    scene::{Facts, Keypoint, ProbeGroup},
};

/// A visible keypoint's surface lies within this distance of it, metres; for a joint, beyond half the limb's thickness.
const KEYPOINT_M: f32 = 0.015;
/// A point of the face is visible when its pixel shows nothing that lies before it by more than this, and nothing but
/// the infant as near, metres.
const FACE_M: f32 = 0.008;
/// Places on a face, about.
const FACE_POINTS: f32 = 300.0;

/// COCO's order: a landmark of the surface, or a joint with half the thickness of the limb there, clothes included, as
/// a share of the body's length.
const KEYPOINTS: [(&str, Option<f32>); 17] = [
    ("nose", None),
    ("eye_l", None),
    ("eye_r", None),
    ("ear_l", None),
    ("ear_r", None),
    ("upperarm_l", Some(0.067)),
    ("upperarm_r", Some(0.067)),
    ("lowerarm_l", Some(0.044)),
    ("lowerarm_r", Some(0.044)),
    ("hand_l", Some(0.036)),
    ("hand_r", Some(0.036)),
    ("thigh_l", Some(0.090)),
    ("thigh_r", Some(0.090)),
    ("calf_l", Some(0.056)),
    ("calf_r", Some(0.056)),
    ("foot_l", Some(0.046)),
    ("foot_r", Some(0.046)),
];

/// What counts as a hazard: loose things, what may strangle, a gap, another body.
const HAZARDS: [&str; 7] = ["blanket", "pillow", "toy", "bumper", "cord", GAP, "infant"];

/// To a hundredth of a millimetre, or of a thousandth.
pub(super) fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e5).round() / 1e5
}

/// What was measured.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) keypoints: Vec<Keypoint>,
    pub(super) probes: Vec<ProbeGroup>,
    pub(super) facts: Facts,
}

impl Measured {
    pub(super) fn of(
        anatomy: &Anatomy,
        infant: &Infant,
        laid: &Laid,
        crib: &Crib,
        covers: &[&Cover],
        camera: &Camera,
    ) -> Self {
        let posed = &laid.posed;
        let keypoints: Vec<Keypoint> = KEYPOINTS
            .iter()
            .map(|(name, thickness)| match thickness {
                None => {
                    let (part, vertex) = anatomy.landmarks[*name];
                    Keypoint { point: posed.parts[part][vertex], tolerance_m: KEYPOINT_M }
                }
                Some(share) => Keypoint {
                    point: posed.joints[anatomy.joint(name)],
                    tolerance_m: KEYPOINT_M + share * infant.size.length_m,
                },
            })
            .collect();
        let surfaces: Vec<Surface<'_>> =
            covers.iter().filter(|c| c.class != GAP).map(|c| c.surface()).collect();
        let airway: Vec<(Vec3, Vec3)> = anatomy
            .airway
            .iter()
            .map(|&(part, vertex)| (posed.parts[part][vertex], posed.normals[part][vertex]))
            .collect();
        let nose = keypoints[0].point;
        let hazard = covers
            .iter()
            .filter(|cover| HAZARDS.contains(&cover.class))
            .filter_map(|cover| Some((cover.class, distance(nose, cover)?)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let joints: Vec<[f64; 3]> = keypoints.iter().map(|k| k.point.to_array().map(rounded)).collect();
        let size = &infant.size;
        let mut all = facts([
            ("posture", json!(measure::posture(anatomy, posed, crib).name())),
            ("airway_covered", json!(rounded(measure::covered(&airway, &surfaces)))),
            ("limbs_outside", json!(measure::limbs_outside(anatomy, posed, crib))),
            ("joints_m", json!(joints)),
            ("age_months", json!(rounded(infant.age_months))),
            ("sex", json!(if infant.sex == Sex::Male { "male" } else { "female" })),
            ("length_m", json!(rounded(size.length_m))),
            ("weight_kg", json!(rounded(size.weight_kg))),
            ("head_circumference_m", json!(rounded(size.head_circumference_m))),
            ("eyes_closed", json!(infant.asleep)),
            ("worn", json!(std::iter::once("nappy").chain(infant.worn.iter().copied()).collect::<Vec<_>>())),
        ]);
        if let Some((class, metres)) = hazard {
            all.insert("nearest_hazard".to_owned(), json!(class));
            all.insert("hazard_distance_m".to_owned(), json!(rounded(metres)));
        }
        if let Some(metres) = measure::adult_distance(anatomy, infant, posed, covers) {
            all.insert("adult_distance_m".to_owned(), json!(rounded(metres)));
        }
        debug_assert!(
            laid.angles
                .iter()
                .zip(LIMITS_DEG)
                .all(|(a, (l, h))| (l - 0.1..=h + 0.1).contains(&a.to_degrees())),
            "joints stay within their limits"
        );
        Self { keypoints, probes: vec![face(anatomy, laid, camera)], facts: all }
    }
}

/// Places on the face, spread evenly as the camera would see it if nothing else were there: they look towards it, and
/// no other part of the face (a nose before a cheek) is in between.
fn face(anatomy: &Anatomy, laid: &Laid, camera: &Camera) -> ProbeGroup {
    let eye = Vec3::from(camera.camera_from_world().inverse().translation);
    let part = anatomy.parts.iter().position(|part| part.name == "skin.face");
    let triangles: Vec<[Vec3; 3]> = part
        .iter()
        .flat_map(|&part| anatomy.triangles[part].chunks_exact(3).map(move |t| (part, t)))
        .map(|(part, t)| [t[0], t[1], t[2]].map(|i| laid.posed.parts[part][i as usize]))
        .collect();
    let middle = |[a, b, c]: &[Vec3; 3]| (*a + *b + *c) / 3.0;
    // Twice the area that a triangle turns to the camera.
    let seen =
        |t: &[Vec3; 3]| (t[1] - t[0]).cross(t[2] - t[0]).dot((eye - middle(t)).normalize_or_zero()).max(0.0);
    let step = triangles.iter().map(seen).sum::<f32>() / FACE_POINTS;
    let (mut passed, mut points) = (0.0, Vec::new());
    for triangle in &triangles {
        let before = (passed / step).floor();
        passed += seen(triangle);
        let place = middle(triangle);
        if (passed / step).floor() > before && !measure::hidden(place, eye, &triangles) {
            points.push(place);
        }
    }
    ProbeGroup { name: "face".to_owned(), points, tolerance_m: FACE_M }
}

fn distance(p: Vec3, cover: &Cover) -> Option<f32> {
    cover
        .indices
        .chunks_exact(3)
        .map(|t| nearest(p, &[t[0], t[1], t[2]].map(|i| cover.positions[i as usize])).distance(p))
        .reduce(f32::min)
}
