//! What must hold for every infant, in many frames.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use glam::Vec3;

use super::{
    Nursery,
    anatomy::Anatomy,
    body::Body,
    furnish,
    growth::{Sex, size},
    laying::rest,
    lying::Laid,
    measure,
    posture::LIMITS_DEG,
    wear::Infant,
};
use crate::{
    config::{CribMake, InfantMap, OwnFiles, OwnModels, Recipe, Scenario, Stage},
    sample::{SampleError, moment::Moment},
    scene::{Library, Model, Scene, load_folder},
    seed::Seed,
};

/// How many draws a test makes: `DIORAMA_TRIALS`, or `plain` of them.
pub(super) fn draws(plain: u64) -> u64 {
    std::env::var("DIORAMA_TRIALS").ok().and_then(|n| n.parse().ok()).unwrap_or(plain)
}

/// Nothing of a user's own.
pub(super) fn plain() -> (&'static OwnFiles, OwnModels) {
    const NONE: OwnFiles = OwnFiles { infant: None, infant_map: None, crib: None, crib_map: None };
    (&NONE, OwnModels::default())
}

pub(super) fn library() -> Library {
    let mut library = Library::default();
    for folder in ["assets/infant", "assets/adult", "assets/fixtures"] {
        load_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut library).unwrap();
    }
    furnish(&mut library);
    library
}

fn with_infant(change: impl FnOnce(&mut Model)) -> Result<Anatomy, SampleError> {
    let library = library();
    let mut model = library.model(library.find("infant").unwrap()).as_ref().clone();
    change(&mut model);
    let mut other = Library::default();
    other.add_model(model);
    Anatomy::find(&other, None, &InfantMap::default())
}

pub(super) fn recipe(scenario: &str) -> Recipe {
    let text = format!(
        r#"{{"stage": {{"crib": {{"scenarios": {{"{scenario}": 1}}, "age_months": {{"uniform": [10, 18]}}, "makes": {{"slats": 1}}}}}}}}"#
    );
    Recipe::parse(&text, "test.json", &[]).unwrap()
}

fn laid(nursery: &Nursery, scenario: Scenario, seed: u64) -> (Infant, Laid, super::bed::Crib) {
    let root = Seed(seed).frame(0);
    let node = root.child("infant", 0);
    let crib = super::bed::Crib::draw(CribMake::Slats, &root.child("crib", 0));
    let infant = Infant::draw(&nursery.anatomy, &nursery.model, 12.0, true, false, &node);
    let (_, laid) = rest(&nursery.anatomy, &nursery.model, &infant, &crib, (scenario, 0), &node);
    (infant, laid, crib)
}

const LYING: [Scenario; 4] = [Scenario::SafeSupine, Scenario::Side, Scenario::Prone, Scenario::ProneFaceDown];

#[test]
fn an_infant_without_its_nappy_cannot_be_had() {
    assert!(with_infant(|_| {}).is_ok(), "as it ships");
    let without = with_infant(|model| {
        let at =
            model.extras["diorama"]["parts"].as_array().unwrap().iter().position(|p| p == "nappy").unwrap();
        model.primitives.remove(at);
        model.extras["diorama"]["parts"].as_array_mut().unwrap().remove(at);
    });
    assert!(without.unwrap_err().to_string().contains("no part 'nappy'"), "taken out");
    let hollow = with_infant(|model| {
        let at =
            model.extras["diorama"]["parts"].as_array().unwrap().iter().position(|p| p == "nappy").unwrap();
        model.primitives[at].lods[0].indices.clear();
    });
    assert!(hollow.unwrap_err().to_string().contains("no part 'nappy'"), "emptied");
    let boneless = with_infant(|model| model.skin.as_mut().unwrap().joints[3].name = "x".to_owned());
    assert!(
        boneless.unwrap_err().to_string().contains("it has no joint 'spine_03'; its joints are: pelvis"),
        "a joint missing"
    );
}

#[test]
fn whatever_is_worn_the_nappy_is_and_there_is_no_skin_below_it() {
    let library = library();
    let anatomy = Anatomy::find(&library, None, &InfantMap::default()).unwrap();
    let model = library.model(anatomy.model);
    let nappy = anatomy.parts.iter().position(|part| part.name == "nappy").unwrap();
    let names: Vec<&str> = anatomy.parts.iter().map(|part| part.name.as_str()).collect();
    // Every single garment, all of them, none, and names of nothing.
    let mut outfits: Vec<Vec<&str>> = names.iter().map(|name| vec![*name]).collect();
    outfits.extend([vec![], names.clone(), vec!["nothing"], vec!["bodysuit", "vest", "sack"]]);
    for outfit in outfits {
        assert!(anatomy.visible(&outfit).contains(&nappy), "{outfit:?}");
    }
    // Skin ends near the edges of the nappy: there is none between its waist and the crotch, front or back.
    for (part, name) in names.iter().enumerate().filter(|(_, name)| name.starts_with("skin.")) {
        for t in anatomy.triangles[part].chunks_exact(3) {
            let [a, b, c] = [t[0], t[1], t[2]].map(|i| model.primitives[part].vertices.positions[i as usize]);
            let p = (a + b + c) / 3.0;
            let deep = p.x.abs() < 0.030 && (-0.030..-0.008).contains(&p.y);
            assert!(!deep, "{name} has skin at {p}, inside of the nappy");
        }
    }
    let of_nappy = &model.primitives[nappy].vertices.positions;
    let there = of_nappy.iter().filter(|p| p.x.abs() < 0.030 && (-0.030..-0.008).contains(&p.y));
    assert!(
        there.clone().any(|p| p.z > 0.03) && there.clone().any(|p| p.z < -0.03),
        "the nappy is, front and back"
    );
}

#[test]
fn every_staged_infant_wears_it() {
    let library = library();
    let nursery = Nursery::find(&library, Seed(0), plain()).unwrap();
    let material = nursery.anatomy.parts.iter().find(|part| part.name == "nappy").unwrap().material;
    for (scenario, name) in Scenario::ALL {
        let recipe = recipe(name);
        let crate::config::Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
        for frame in 0..3 {
            let scene: Scene = nursery.stage(&recipe, crib, &Seed(3).frame(frame), None);
            let nappies =
                scene.models.iter().flat_map(|model| &model.primitives).filter(|primitive| {
                    primitive.material == material && !primitive.lods[0].indices.is_empty()
                });
            assert_eq!(nappies.count(), super::laying::infants(scenario), "{name}, frame {frame}");
        }
    }
}

#[test]
fn bodies_have_the_size_of_the_growth_tables() {
    let library = library();
    let anatomy = Anatomy::find(&library, None, &InfantMap::default()).unwrap();
    let model = library.model(anatomy.model);
    for sex in [Sex::Female, Sex::Male] {
        for age in [0.0, 3.0, 9.0, 18.0, 24.0] {
            let wanted = size(sex, age, [0.0; 3]);
            let body =
                Body::shaped(&anatomy, model, &BTreeMap::from([("older", 0.16 * age / 24.0)]), &wanted);
            let off = |found: f32, wanted: f32| (found / wanted - 1.0).abs();
            assert!(off(body.length(&anatomy), wanted.length_m) < 0.002, "length at {age}");
            let head = body.head_circumference(&anatomy);
            assert!(off(head, wanted.head_circumference_m) < 0.02, "head at {age}: {head}");
            let weight = body.volume(&anatomy) * 0.96 * 1030.0;
            assert!(
                off(weight, wanted.weight_kg) < 0.20,
                "{sex:?} weight at {age}: {weight} of {}",
                wanted.weight_kg
            );
        }
    }
}

#[test]
fn infants_rest_on_the_mattress_within_their_joints_and_lie_as_they_should() {
    let library = library();
    let nursery = Nursery::find(&library, Seed(0), plain()).unwrap();
    for seed in 0..draws(24) {
        for scenario in LYING {
            let (infant, laid, crib) = laid(&nursery, scenario, seed);
            for (angle, (low, high)) in laid.angles.iter().zip(LIMITS_DEG) {
                assert!(
                    (low - 0.01..=high + 0.01).contains(&angle.to_degrees()),
                    "{scenario:?} {seed}: a joint"
                );
            }
            let skin = nursery.anatomy.visible(&infant.worn);
            let lowest =
                skin.iter().flat_map(|&p| &laid.posed.parts[p]).map(|p| p.y).fold(f32::MAX, f32::min);
            let sunk = crib.mattress - lowest;
            assert!((0.0..0.045).contains(&sunk), "{scenario:?} {seed}: sunk in by {sunk} m");
            let height = |name: &str| laid.posed.joints[nursery.anatomy.joint(name)].y - crib.mattress;
            let heavy = ["pelvis", "spine_03", "head"].map(height);
            // Knees drawn up under the belly carry the pelvis of a prone infant.
            let most = if matches!(scenario, Scenario::Prone | Scenario::ProneFaceDown) {
                [0.24, 0.20, 0.17]
            } else {
                [0.17; 3]
            };
            let low = heavy.iter().zip(most).all(|(height, most)| *height < most);
            assert!(low, "{scenario:?} {seed}: floats, {heavy:?}");
            let found = measure::posture(&nursery.anatomy, &laid.posed, &crib).name();
            let expected: &[&str] = match scenario {
                Scenario::SafeSupine => &["supine"],
                Scenario::Side => &["left_side", "right_side"],
                _ => &["prone"],
            };
            assert!(expected.contains(&found), "{scenario:?} {seed} looks {found}");
            let inside = |p: &Vec3| p.x.abs() < crib.half[0] + 0.02 && p.z.abs() < crib.half[1] + 0.02;
            let out = skin.iter().flat_map(|&p| &laid.posed.parts[p]).filter(|p| !inside(p)).count();
            assert_eq!(out, 0, "{scenario:?} {seed}: vertices beyond the slats");
        }
    }
}

#[test]
fn the_same_frame_is_the_same_scene() {
    let library = library();
    let recipe = recipe("prone");
    let crate::config::Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
    let stage =
        || Nursery::find(&library, Seed(5), plain()).unwrap().stage(&recipe, crib, &Seed(5).frame(7), None);
    let (a, b) = (stage(), stage());
    assert_eq!(a.instances, b.instances, "instances");
    assert!(
        a.models.iter().zip(&b.models).all(|(a, b): (&Arc<Model>, _)| a.primitives == b.primitives),
        "models"
    );
    assert_eq!(a.facts, b.facts, "facts");
}

/// What is measured of the infant in each of some frames of a scenario.
fn measured(nursery: &Nursery, scenario: &str, frames: u64) -> Vec<crate::scene::Facts> {
    let recipe = recipe(scenario);
    let crate::config::Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
    (0..frames)
        .map(|frame| {
            let scene = nursery.stage(&recipe, crib, &Seed(11).frame(frame), None);
            scene.instances.into_iter().find(|one| one.class == "infant").expect("an infant").facts
        })
        .collect()
}

#[test]
fn danger_is_in_the_geometry() {
    let library = library();
    let nursery = Nursery::find(&library, Seed(0), plain()).unwrap();
    let share = |facts: &crate::scene::Facts| facts["airway_covered"].as_f64().unwrap();
    // Every frame of a scenario, not some: what was meant is what is measured.
    for (scenario, range) in [
        ("prone_face_down", 0.4..=1.0),
        ("blanket_over_face", 0.3..=1.0),
        ("head_covered", 0.3..=1.0),
        ("soft_toy_on_face", 0.3..=1.0),
        ("safe_supine", 0.0..=0.1),
    ] {
        for (frame, facts) in measured(&nursery, scenario, 32).iter().enumerate() {
            let covered = share(facts);
            assert!(
                range.contains(&covered),
                "{scenario}, frame {frame}: {covered} of the airway is covered"
            );
            let posture = if scenario.starts_with("prone") { "prone" } else { "supine" };
            assert_eq!(facts["posture"], posture, "{scenario}, frame {frame}");
        }
    }
    for (frame, facts) in measured(&nursery, "limb_through_slats", 32).iter().enumerate() {
        let limbs = facts["limbs_outside"].as_array().unwrap();
        assert!(limbs.len() == 1, "limb_through_slats, frame {frame}: {limbs:?}");
    }
    // A bumper may be nearer still to the nose of an infant that lies at the side.
    let cords = measured(&nursery, "cord_near_neck", 32);
    let nearest = cords.iter().filter(|facts| facts["nearest_hazard"] == "cord").count();
    assert!(nearest >= 30, "the cord is the nearest hazard in {nearest} of 32 frames");
    for (frame, facts) in cords.iter().enumerate() {
        let far = facts["hazard_distance_m"].as_f64().unwrap();
        assert!(far < 0.12, "cord_near_neck, frame {frame}: {far} m from the nose");
    }
    let upright = measured(&nursery, "on_all_fours", 24);
    let found: Vec<&str> = upright.iter().filter_map(|facts| facts["posture"].as_str()).collect();
    assert_eq!(found, ["on_all_fours"; 24], "on hands and knees");
}

pub(super) fn film(scenario: &str, age_months: u8, set: &str) -> (Recipe, Nursery) {
    let text = format!(
        r#"{{"sequence": {{"frames": 12, "fps": 3}}, "stage": {{"crib": {{"scenarios": {{"{scenario}": 1}}, "age_months": {age_months}, "makes": {{"slats": 1}}{set}}}}}}}"#
    );
    let library = library();
    let nursery = Nursery::find(&library, Seed(2), plain()).unwrap();
    (Recipe::parse(&text, "test.json", &[]).unwrap(), nursery)
}

pub(super) fn shot(recipe: &Recipe, nursery: &Nursery, frame: u64) -> Scene {
    let Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
    let moment = Moment::of(recipe.sequence.unwrap(), frame);
    nursery.stage(recipe, crib, &moment.root(Seed(2)), Some(&moment))
}

pub(super) fn points<'a>(scene: &'a Scene, nursery: &Nursery, path: &str) -> &'a [glam::Vec3] {
    let instance = scene.instances.iter().find(|i| i.path == path).unwrap();
    let own = instance.model.unwrap().0 - nursery.shared;
    &scene.models[own as usize].primitives[0].vertices.positions
}

#[test]
fn a_film_is_one_infant_that_breathes() {
    let (recipe, nursery) = film("safe_supine", 6, "");
    let shots: Vec<Scene> = (0..12).map(|frame| shot(&recipe, &nursery, frame)).collect();
    let paths = |scene: &Scene| scene.instances.iter().map(|i| i.path.clone()).collect::<Vec<_>>();
    for (index, scene) in shots.iter().enumerate() {
        assert_eq!(paths(scene), paths(&shots[0]), "the same things all through");
        assert_eq!(scene.camera, shots[0].camera, "the camera stands");
        let clip = scene.clip.as_ref().unwrap();
        assert_eq!((clip.film, clip.index as usize), (0, index));
        assert_eq!(clip.events, shots[0].clip.as_ref().unwrap().events);
    }
    let body: Vec<&[glam::Vec3]> = shots.iter().map(|s| points(s, &nursery, "infant0/body0")).collect();
    let most =
        |a: &[glam::Vec3], b: &[glam::Vec3]| a.iter().zip(b).map(|(p, q)| p.distance(*q)).fold(0.0, f32::max);
    assert!(most(body[0], body[1]) > 5e-4, "something moves");
    assert_ne!(shots[0].chain.noise, shots[1].chain.noise, "noise is new in each picture");
    let again = shot(&recipe, &nursery, 7);
    assert_eq!(points(&again, &nursery, "infant0/body0"), body[7], "alone as in order");
    let other = shot(&recipe, &nursery, 12);
    assert_eq!(other.clip.as_ref().unwrap().film, 1);
    assert!(most(body[0], points(&other, &nursery, "infant0/body0")) > 0.01, "another film, another infant");
}

#[test]
fn the_belly_rises_by_millimetres_and_arms_do_not() {
    let (_, nursery) = film("safe_supine", 6, "");
    let (infant, _, _) = laid(&nursery, Scenario::SafeSupine, 4);
    let full = infant.body.breathing(&nursery.anatomy, 1.0);
    let moved: Vec<f32> = infant
        .body
        .parts
        .iter()
        .flatten()
        .zip(full.parts.iter().flatten())
        .map(|(a, b)| a.distance(*b))
        .collect();
    let most = moved.iter().copied().fold(0.0, f32::max);
    assert!((0.003..0.012).contains(&most), "{most} m");
    let still = moved.iter().filter(|m| **m < 2e-4).count();
    assert!(still * 3 > moved.len(), "limbs and head stay: {still} of {}", moved.len());
}

#[test]
fn rolling_ends_on_the_stomach_and_its_blanket_is_the_same_in_any_order() {
    let (recipe, nursery) = film("rolling", 6, r#", "blanket": 1"#);
    let posture = |scene: &Scene| {
        let infant = scene.instances.iter().find(|i| i.class == "infant").unwrap();
        infant.facts["posture"].as_str().unwrap().to_owned()
    };
    let (first, last) = (shot(&recipe, &nursery, 0), shot(&recipe, &nursery, 11));
    assert_eq!((posture(&first).as_str(), posture(&last).as_str()), ("supine", "prone"));
    let event = &first.clip.as_ref().unwrap().events[0];
    assert!(event.name == "roll" && event.start < event.end && event.end < 12, "{event:?}");
    let cloth = points(&last, &nursery, "blanket0").to_vec();
    let (_, fresh) = film("rolling", 6, "");
    shot(&recipe, &fresh, 5);
    assert_eq!(points(&shot(&recipe, &fresh, 11), &fresh, "blanket0"), cloth, "whatever was staged before");
    let before = points(&first, &nursery, "blanket0");
    let moved = before.iter().zip(&cloth).map(|(a, b)| a.distance(*b)).fold(0.0, f32::max);
    assert!(moved > 0.02, "who rolls moves a blanket: {moved} m");
    for (index, p) in cloth.iter().enumerate() {
        assert!(p.is_finite() && p.y > 0.0, "point {index} at {p}");
    }
}
