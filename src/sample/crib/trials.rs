//! What must hold where there is more than one infant on a mattress that fits: gaps, slats, adults, a second infant; and
//! of what moves on from rest to rest.

use std::collections::BTreeSet;

use glam::{Vec2, Vec3};

use super::{
    Nursery,
    bed::{Crib, SOFT_SIDE_M},
    growth::{Sex, size},
    laying::{infants, rest},
    lying::Laid,
    peril,
    posture::LIMITS_DEG,
    relief::Relief,
    tests::{draws, film, library, plain, points, recipe, shot},
    wear::Infant,
};
use crate::{
    config::{CribMake, Scenario, Stage},
    scene::{Facts, Scene},
    seed::Seed,
};

/// Bodies may cut into what is hard by this much, metres.
const CUT_M: f32 = 0.005;

fn nursery() -> Nursery {
    Nursery::find(&library(), Seed(0), plain()).unwrap()
}

/// The infants of a scenario in a crib with slats, as they come to rest; each with what it is seen by.
fn laid(nursery: &Nursery, scenario: Scenario, seed: u64) -> (Crib, Vec<(Laid, Vec<Vec3>)>) {
    let root = Seed(seed).frame(0);
    let age = root.draw("trial_months", |rng| super::between(1.0, 18.0, rng));
    let node = root.child("crib", 0);
    let length = size(Sex::Female, age, [0.0; 3]).length_m;
    let crib = peril::adapted(Crib::draw(CribMake::Slats, &node), scenario, length, &node);
    let all = (0..infants(scenario)).map(|index| {
        let node = root.child("infant", index);
        let mut infant = Infant::draw(&nursery.anatomy, &nursery.model, age, true, false, &node);
        infant.worn.retain(|garment| *garment != "sack");
        let (_, laid) = rest(&nursery.anatomy, &nursery.model, &infant, &crib, (scenario, index), &node);
        let shown = nursery.anatomy.visible(&infant.worn);
        let seen = shown.into_iter().flat_map(|part| laid.posed.parts[part].iter().copied()).collect();
        (laid, seen)
    });
    let all = all.collect();
    (crib, all)
}

fn within_limits(laid: &Laid) -> bool {
    let mut angles = laid.angles.iter().zip(LIMITS_DEG);
    angles.all(|(angle, (low, high))| (low - 0.01..=high + 0.01).contains(&angle.to_degrees()))
}

/// Frames of a scenario.
fn staged(nursery: &Nursery, scenario: &str, frames: u64) -> Vec<Scene> {
    let recipe = recipe(scenario);
    let Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
    (0..frames).map(|frame| nursery.stage(&recipe, crib, &Seed(11).frame(frame), None)).collect()
}

fn of<'a>(scene: &'a Scene, class: &str) -> Vec<&'a Facts> {
    scene.instances.iter().filter(|one| one.class == class).map(|one| &one.facts).collect()
}

#[test]
fn the_wedged_lie_in_the_gap_and_cut_neither_slats_nor_mattress() {
    let nursery = nursery();
    let mut faults = Vec::new();
    for seed in 0..draws(40) {
        let (crib, all) = laid(&nursery, Scenario::WedgedBetweenMattressAndRail, seed);
        let (laid, seen) = &all[0];
        let front = crib.bed[0] + crib.bed[1] < 0.0;
        let (side, edge) = if front { (1.0, crib.bed[1]) } else { (-1.0, -crib.bed[0]) };
        let lowest = seen.iter().map(|p| p.y).fold(f32::MAX, f32::min);
        let (sunk, below) = (crib.mattress - lowest, crib.board() - lowest);
        let beyond = seen.iter().map(|p| p.z.abs()).fold(0.0, f32::max) - crib.inner_side();
        // The mattress's upper part gives way under who lies on it, and its side beside who lies in the gap.
        let solid = seen.iter().filter(|p| p.y < crib.mattress - 0.05).map(|p| edge - p.z * side);
        let into = solid.fold(0.0, f32::max);
        // Held: on the board, or between mattress and slats.
        let held = below > -0.02 || beyond > -0.02;
        let sound = within_limits(laid)
            && sunk > 0.025
            && below < CUT_M
            && beyond < CUT_M
            && into < SOFT_SIDE_M
            && held;
        if !sound {
            faults.push(format!(
                "{seed}: down by {sunk}, below the board by {below}, into the slats by {beyond}, into the mattress by {into}"
            ));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_gap_is_a_hazard_of_the_width_that_it_has() {
    let nursery = nursery();
    let (mut nearest, mut covered) = (0, 0);
    for (frame, scene) in staged(&nursery, "wedged_between_mattress_and_rail", 24).iter().enumerate() {
        let width = scene.facts["mattress_gap_m"].as_f64().unwrap();
        assert!((0.07..0.16).contains(&width), "frame {frame}: {width} m");
        let facts = of(scene, "infant")[0];
        nearest += usize::from(facts["nearest_hazard"] == "gap");
        covered += usize::from(facts["airway_covered"].as_f64().unwrap() > 0.25);
        assert!(facts["hazard_distance_m"].as_f64().unwrap() < 0.25, "frame {frame}");
    }
    assert!(nearest >= 22, "the gap is the nearest hazard in {nearest} of 24");
    assert!(covered > 0, "some of the faces are pressed");
    for scene in staged(&nursery, "safe_supine", 6) {
        let width = scene.facts["mattress_gap_m"].as_f64().unwrap();
        assert!((0.0..0.03).contains(&width), "a mattress that fits leaves {width} m");
        assert!(!of(&scene, "infant")[0].contains_key("nearest_hazard"), "and no hazard");
    }
}

#[test]
fn each_limb_goes_out_between_slats_in_some_frames() {
    let nursery = nursery();
    let out: BTreeSet<String> = staged(&nursery, "limb_through_slats", 32)
        .iter()
        .map(|scene| of(scene, "infant")[0]["limbs_outside"][0].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(out.len(), 4, "each of the limbs, not only {out:?}");
}

#[test]
fn an_adults_hand_rests_on_the_infant_and_does_not_cut_it() {
    let nursery = nursery();
    let mut resting = 0;
    for (frame, scene) in staged(&nursery, "caregiver_present", 24).iter().enumerate() {
        assert_eq!(of(scene, "adult").len(), 1, "frame {frame}");
        let mut relief = Relief::new(Vec2::new(0.7, 0.35));
        for part in ["body0", "clothes0", "head0", "face0"] {
            let path = format!("infant0/{part}");
            let Some(instance) = scene.instances.iter().find(|one| one.path == path) else { continue };
            let own = (instance.model.unwrap().0 - nursery.shared) as usize;
            for primitive in &scene.models[own].primitives {
                relief.add(&primitive.vertices.positions, &primitive.lods[0].indices);
            }
        }
        for part in ["hand0", "sleeve0"] {
            for p in points(scene, &nursery, &format!("adult0/{part}")) {
                let inside = relief.highest(p.x, p.z).map_or(0.0, |top| top - p.y);
                assert!(inside < CUT_M, "frame {frame}: {part} is {inside} m inside of the infant");
            }
        }
        let far = of(scene, "infant")[0]["adult_distance_m"].as_f64().unwrap();
        resting += usize::from(far < 0.015);
        assert!(far < 0.5, "frame {frame}: {far} m away");
    }
    assert!((10..24).contains(&resting), "it rests on {resting} of 24, and comes to others");
    assert!(of(&staged(&nursery, "safe_supine", 1)[0], "adult").is_empty(), "nobody else");
}

#[test]
fn two_infants_lie_side_by_side_and_are_two() {
    let nursery = nursery();
    for seed in 0..draws(24) {
        let (crib, all) = laid(&nursery, Scenario::OtherInfant, seed);
        let reach = |index: usize| {
            let along = all[index].1.iter().map(|p| p.z);
            along.fold((f32::MAX, f32::MIN), |(low, high), z| (low.min(z), high.max(z)))
        };
        let overlap = reach(0).1 - reach(1).0;
        // Each may reach across the middle a little: to meet, both must do so in one place.
        assert!(overlap < 2.0 * CUT_M, "{seed}: they overlap by {overlap} m");
        for (index, (laid, seen)) in all.iter().enumerate() {
            assert!(within_limits(laid), "{seed}, infant {index}: a joint");
            let lowest = seen.iter().map(|p| p.y).fold(f32::MAX, f32::min);
            let sunk = crib.mattress - lowest;
            assert!((0.0..0.045).contains(&sunk), "{seed}, infant {index}: sunk in by {sunk} m");
            let beyond = reach(index).0.abs().max(reach(index).1.abs()) - crib.inner_side();
            assert!(beyond < CUT_M, "{seed}, infant {index}: into the slats by {beyond} m");
        }
    }
    for scene in staged(&nursery, "other_infant", 6) {
        let both = of(&scene, "infant");
        assert_eq!((both.len(), of(&scene, "head").len()), (2, 2), "two wholes of each");
        assert_ne!(both[0]["age_months"], both[1]["age_months"], "each of its own age");
        assert_ne!(both[0]["joints_m"], both[1]["joints_m"], "each in its own place");
        for facts in both {
            assert_eq!(facts["worn"][0], "nappy", "always");
            assert!(facts.contains_key("posture") && facts.contains_key("airway_covered"), "measured");
        }
        assert_eq!(scene.facts["infants"], 2);
    }
}

#[test]
fn in_a_film_the_hand_comes_and_goes_when_its_events_say() {
    let (recipe, nursery) = film("caregiver_present", 6, "");
    let shots: Vec<Scene> = (0..12).map(|frame| shot(&recipe, &nursery, frame)).collect();
    let far = |scene: &Scene| of(scene, "infant")[0]["adult_distance_m"].as_f64().unwrap();
    let events = &shots[0].clip.as_ref().unwrap().events;
    let of_name = |name: &str| events.iter().find(|event| event.name == name).unwrap();
    let (comes, goes) = (of_name("hand_in"), of_name("hand_out"));
    assert!(comes.start < comes.end && comes.end <= goes.start && goes.start < goes.end, "{events:?}");
    assert!(far(&shots[comes.start as usize]) > 0.4, "not there yet");
    for index in comes.end + 1..=goes.start {
        assert!(far(&shots[index as usize]) < 0.03, "picture {index}: it rests");
    }
    assert!(far(&shots[11]) > 0.2, "it has gone, or is about to");
}

#[test]
fn who_sits_up_and_who_pulls_up_ends_so_and_never_floats_or_sinks() {
    for (scenario, age, first, last, name) in [
        ("sitting_up", 9_u8, "supine", "sitting", "sit_up"),
        ("pulling_up", 11, "sitting", "standing", "pull_up"),
    ] {
        let (recipe, nursery) = film(scenario, age, "");
        for number in 0..2 {
            let shots: Vec<Scene> =
                (0..12).map(|frame| shot(&recipe, &nursery, number * 12 + frame)).collect();
            let posture = |scene: &Scene| of(scene, "infant")[0]["posture"].as_str().unwrap().to_owned();
            let ends = [posture(&shots[0]), posture(&shots[11])];
            assert_eq!(ends, [first, last], "{scenario}, film {number}");
            let events = &shots[0].clip.as_ref().unwrap().events;
            assert!(events.iter().any(|event| event.name == name && event.end < 12), "{events:?}");
            for (index, scene) in shots.iter().enumerate() {
                let sheet = points(scene, &nursery, "bedding0/sheet0");
                let top = sheet.iter().map(|p| p.y).fold(f32::MIN, f32::max);
                let parts = scene.instances.iter().filter(|one| one.path.starts_with("infant0/"));
                let models = parts.filter_map(|one| Some((one.model?.0 - nursery.shared) as usize));
                let lowest = models
                    .flat_map(|own| &scene.models[own].primitives)
                    .flat_map(|primitive| &primitive.vertices.positions)
                    .map(|p| p.y)
                    .fold(f32::MAX, f32::min);
                let sunk = top - lowest;
                assert!((0.0..0.055).contains(&sunk), "{scenario}, film {number}, {index}: {sunk} m");
            }
        }
    }
}

#[test]
fn a_toy_that_falls_covers_the_airway_only_then() {
    let (recipe, nursery) = film("soft_toy_on_face", 6, "");
    let mut fell = 0;
    for number in 0..4 {
        let shots = [0, 11].map(|index| shot(&recipe, &nursery, number * 12 + index));
        let covered =
            shots.each_ref().map(|scene| of(scene, "infant")[0]["airway_covered"].as_f64().unwrap());
        let falls = shots[0].clip.as_ref().unwrap().events.iter().any(|event| event.name == "toy_falls");
        fell += usize::from(falls);
        assert!(covered[1] > 0.3, "film {number}: it ends on the face, {covered:?}");
        assert_eq!(covered[0] > 0.3, !falls, "film {number}: {covered:?}");
    }
    assert!((1..4).contains(&fell), "{fell} of 4 fall");
}

#[test]
fn who_pulls_a_blanket_up_covers_its_own_face() {
    let (recipe, nursery) = film("pulling_blanket", 8, "");
    for number in 0..3 {
        let shots = [0, 11].map(|index| shot(&recipe, &nursery, number * 12 + index));
        let covered =
            shots.each_ref().map(|scene| of(scene, "infant")[0]["airway_covered"].as_f64().unwrap());
        assert!(covered[0] < 0.1 && covered[1] > 0.3, "film {number}: {covered:?}");
        let event = &shots[0].clip.as_ref().unwrap().events[0];
        assert!(event.name == "pull_blanket" && event.start < event.end, "{event:?}");
        assert_eq!(of(&shots[1], "infant")[0]["posture"], "supine", "film {number}");
    }
    let shares: Vec<f64> = staged(&nursery, "pulling_blanket", 12)
        .iter()
        .map(|scene| of(scene, "infant")[0]["airway_covered"].as_f64().unwrap())
        .collect();
    let open = shares.iter().filter(|share| **share < 0.1).count();
    assert!((1..12).contains(&open), "single pictures show all of it: {shares:?}");
}

#[test]
fn who_is_picked_up_rises_in_two_hands() {
    let (recipe, nursery) = film("picked_up", 5, "");
    for number in 0..2 {
        let shots: Vec<Scene> = (0..12).map(|frame| shot(&recipe, &nursery, number * 12 + frame)).collect();
        let hips = |scene: &Scene| of(scene, "infant")[0]["joints_m"][11][1].as_f64().unwrap();
        let far = |scene: &Scene| of(scene, "infant")[0]["adult_distance_m"].as_f64().unwrap();
        let events = &shots[0].clip.as_ref().unwrap().events;
        let of_name = |name: &str| events.iter().find(|event| event.name == name).unwrap();
        let (comes, rises) = (of_name("hand_in"), of_name("pick_up"));
        assert!(comes.start < comes.end && comes.end <= rises.start + 1, "{events:?}");
        assert!(far(&shots[0]) > 0.2, "film {number}: nobody yet");
        assert!(hips(&shots[11]) > hips(&shots[0]) + 0.25, "film {number}: it rises");
        for (index, scene) in shots.iter().enumerate().skip(rises.start as usize + 1) {
            assert!(far(scene) < 0.02, "film {number}, picture {index}: held, {} m", far(scene));
            assert_eq!(of(scene, "adult")[0]["hands"], serde_json::json!(["left", "right"]), "both");
        }
    }
}
