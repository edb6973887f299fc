//! Infants held against a second way to measure them: in f64, from nothing but the triangles that a frame shows.
//!
//! A few frames of `scenes/crib.json` here; `cargo xtask trials 300` asks for as many as it says.

mod measured;

use std::{collections::BTreeMap, path::Path};

use diorama::{
    config::Recipe,
    engine::World,
    gpu::Gpu,
    label::label,
    render::Renderer,
    scene::{Instance, Library, Scene},
    seed::Seed,
};

use measured::{Body, Cut};

/// Bodies may cut into what is hard, and cloth or toys into bodies, by this much, metres.
const CUT_M: f64 = 0.005;
/// Frames of the plain test.
const FRAMES: u64 = 24;
/// Films of the plain test, and of how many instants of each bodies are measured.
const FILMS: u64 = 8;
const INSTANTS: u64 = 4;
/// How far a share of the face may be off in one picture, where a face has some dozens of pixels, and on average.
const FACE: f64 = 0.15;
const MEAN: f64 = 0.03;

/// How many: `DIORAMA_TRIALS`, or a few.
fn trials(few: u64) -> u64 {
    std::env::var("DIORAMA_TRIALS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

fn world(scene: &str) -> World {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("scenes").join(scene)).expect("shipped");
    let recipe = Recipe::parse(&text, scene, &[]).expect("sound");
    World::open(recipe, Seed(17), &root.join("assets")).expect("shipped")
}

/// Numbers of the infants in a scene.
fn infants(scene: &Scene) -> Vec<(usize, &Instance)> {
    (0..2)
        .filter_map(|number| {
            Some((number, scene.instances.iter().find(|one| one.path == format!("infant{number}"))?))
        })
        .collect()
}

fn scenario(scene: &Scene) -> &str {
    scene.facts["scenario"].as_str().expect("a name")
}

#[test]
fn airways_are_covered_as_the_reference_says_and_nothing_cuts_a_body() {
    let world = world("crib.json");
    let (mut faults, mut deepest) = (Vec::new(), BTreeMap::<(String, String), (f64, u64)>::new());
    let (mut compared, mut covered) = (0, 0);
    for frame in 0..trials(FRAMES) {
        let scene = world.sampler.stage(frame).expect("staged");
        let library = world.library.with_own(&scene.models);
        for (number, infant) in infants(&scene) {
            let body = Body::of(&scene, &library, number);
            let share = infant.facts["airway_covered"].as_f64().expect("a share");
            let (least, most) = body.airway(&world.library);
            let place = format!("frame {frame} ({}), infant {number}", scenario(&scene));
            if share < least - 1e-4 || share > most + 1e-4 {
                faults.push(format!("{place}: airway {share}, the reference says {least} to {most}"));
            }
            compared += 1;
            covered += u32::from(share > 0.25);
            if !body.is_carried() {
                faults.push(format!("{place}: floats"));
            }
            for Cut { class, depth_m, part } in body.cuts() {
                let entry = deepest.entry((scenario(&scene).to_owned(), class.clone())).or_default();
                if depth_m > entry.0 {
                    *entry = (depth_m, frame);
                }
                if depth_m > CUT_M {
                    faults.push(format!("{place}: {class} cuts {part} by {:.1} mm", depth_m * 1e3));
                }
            }
        }
    }
    for ((scenario, class), (depth_m, frame)) in &deepest {
        eprintln!("{scenario:32} {class:12} {:5.1} mm, frame {frame}", depth_m * 1e3);
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(covered > 1 && covered < compared, "{covered} of {compared} airways are covered: too easy");
}

#[test]
fn in_films_nothing_cuts_a_body_either() {
    let world = world("crib_film.json");
    let length = u64::from(world.recipe.sequence.expect("films").frames);
    let (mut faults, mut deepest, mut scenarios) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for film in 0..trials(FILMS) {
        for instant in 0..INSTANTS {
            let frame = film * length + (length - 1) * instant / (INSTANTS - 1);
            let scene = world.sampler.stage(frame).expect("staged");
            *scenarios.entry(scenario(&scene).to_owned()).or_insert(0_u32) += 1;
            let library = world.library.with_own(&scene.models);
            for (number, _) in infants(&scene) {
                let body = Body::of(&scene, &library, number);
                let place = format!("film {film}, frame {frame} ({}), infant {number}", scenario(&scene));
                if !body.is_carried() {
                    faults.push(format!("{place}: floats"));
                }
                for Cut { class, depth_m, part } in body.cuts() {
                    let entry =
                        deepest.entry((scenario(&scene).to_owned(), class.clone())).or_insert(0.0_f64);
                    *entry = entry.max(depth_m);
                    if depth_m > CUT_M {
                        faults.push(format!("{place}: {class} cuts {part} by {:.1} mm", depth_m * 1e3));
                    }
                }
            }
        }
    }
    for ((scenario, class), depth_m) in &deepest {
        eprintln!("{scenario:32} {class:12} {:5.1} mm", depth_m * 1e3);
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(scenarios.len() > 3, "films of several kinds: {scenarios:?}");
}

#[test]
fn faces_are_seen_as_the_reference_sees_them() {
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let mut renderer = Renderer::new(&gpu);
    let world = world("crib.json");
    let (mut faults, mut off, mut compared, mut hidden) = (Vec::new(), 0.0, 0_u32, 0);
    for frame in 0..trials(FRAMES) {
        let scene = world.sampler.stage(frame).expect("staged");
        let library: &Library = &world.library.with_own(&scene.models);
        let seen = |(number, one)| Some((number, one, Body::of(&scene, library, number).face_seen()?));
        let faces: Vec<(usize, &Instance, f64)> = infants(&scene).into_iter().filter_map(seen).collect();
        if faces.is_empty() {
            continue;
        }
        let rendered = renderer.render(&scene, &world.library).expect("it fits any device");
        let pictures = rendered.download(&gpu, false).wait(&gpu).expect("the device is there");
        let truth = label(&scene, &world.library, &pictures, frame, "0.png".to_owned());
        for (number, infant, expected) in faces {
            let one = truth.instances.iter().find(|one| one.instance_id == infant.id.0).expect("labelled");
            let share = one.probes["face"].as_f64().expect("a share");
            let place = format!("frame {frame} ({}), infant {number}", scenario(&scene));
            if (share - expected).abs() > FACE {
                faults.push(format!("{place}: {share:.3} of the face, the reference says {expected:.3}"));
            }
            off += (share - expected).abs();
            compared += 1;
            hidden += u32::from(expected < 0.7);
        }
    }
    off /= f64::from(compared.max(1));
    eprintln!("{compared} faces, {hidden} of them hidden in part, {off:.4} off on average");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(off < MEAN, "shares are {off} off on average");
    assert!(hidden > 0 && hidden < compared, "{hidden} of {compared} faces are hidden: too easy");
}
