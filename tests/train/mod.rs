//! The trainer from end to end: it learns, it resumes, and its pictures are the renderer's.

mod commands;
mod disk;
mod hand_over;
mod learning;
mod onnx;
mod resume;

use std::{path::Path, sync::atomic::AtomicBool};

use diorama::{
    config::{Override, Recipe},
    engine::World,
    gpu::Gpu,
    render::Renderer,
    seed::Seed,
    train::{
        AugmentConfig, Device, LearnerState, ModelConfig, OptimConfig, Run, Sample, Source, TrainConfig,
        TrainError, Wanted,
        live::{Live, Reuse},
        net::Depth,
        train,
    },
};

/// The small scene, rendered with a seed, and the device that it renders on; each draw is the frame of its number.
fn live_on(seed: u64) -> (Gpu, Live) {
    live_of("scenes/shelf_minimal.json", seed, None)
}

fn live_of(scene: &str, seed: u64, only: Option<&str>) -> (Gpu, Live) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Of cribs, those with a single infant in full view.
    let lying = r#"stage.crib.scenarios={"safe_supine":1}"#;
    let set: Vec<Override> = scene
        .contains("crib")
        .then(|| Override::parse(lying))
        .transpose()
        .expect("sound")
        .into_iter()
        .collect();
    let mut recipe = Recipe::load(&root.join(scene), &set).expect("it ships");
    recipe.seed = seed;
    let gpu = Gpu::open(None).expect("an adapter; `cargo xtask test` installs a software one");
    let world = World::open(recipe, Seed(seed), &root.join("assets")).expect("assets ship");
    let reuse = Reuse { draws: 1, window: 1, ahead: 1 };
    let wanted = Wanted { only: only.map(str::to_owned).into_iter().collect(), as_one: None };
    let live = Live::new(world, Renderer::new(&gpu), &wanted, reuse).expect("it has labels");
    (gpu, live)
}

/// A small run on pictures of this size.
fn config(classes: &[String], input: [u32; 2], steps: u64) -> TrainConfig {
    TrainConfig {
        model: ModelConfig::new(Depth::Nano, classes.to_vec(), input),
        seed: 1,
        steps,
        crop: input,
        batch: 4,
        accumulate: 1,
        optim: OptimConfig { warmup: 20, ema: 0.98, ..OptimConfig::default() },
        augment: AugmentConfig::NONE,
        freeze: Vec::new(),
    }
}

/// Trains on the processor from `state`.
fn run(
    config: &TrainConfig,
    state: &LearnerState,
    source: &mut dyn Source,
    out: Option<&Path>,
    progress: &mut dyn FnMut(diorama::train::Event),
) -> Result<LearnerState, TrainError> {
    let stop = AtomicBool::new(false);
    let mut around =
        Run { device: Device::flex(), out, save_every: 1000, score: None, stop: &stop, progress };
    train(config, state, source, &mut around)
}

/// The first frames of the small scene.
fn frames(seed: u64, count: u64) -> (Vec<String>, Vec<Sample>) {
    let (classes, _, samples) = frames_of("scenes/shelf_minimal.json", seed, count, None);
    (classes, samples)
}

/// The first frames of a scene: classes, names of keypoints, pictures.
fn frames_of(
    scene: &str,
    seed: u64,
    count: u64,
    only: Option<&str>,
) -> (Vec<String>, Vec<String>, Vec<Sample>) {
    let (_, mut live) = live_of(scene, seed, only);
    let samples = (0..count).map(|frame| live.frame(frame).expect("it renders")).collect();
    (live.classes().to_vec(), live.keypoints().to_vec(), samples)
}
