//! `diorama train`: a detector from a scene, from datasets, or from both.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, Result, bail};
use diorama::{
    seed::Seed,
    train::{
        Architecture, AugmentConfig, Checkpoint, Detector, Device, Disk, Event, LAST, LearnerState, MAX_DETS,
        MODEL, Mix, Model, ModelConfig, OptimConfig, Rule, Run, Sample, Source, Step, TrainConfig, Wanted,
        first_state,
        live::{Live, Reuse, device_of},
        net::Depth,
        scores, train,
    },
};

use super::{
    Outcome, curves, generate, output, progress, reproduce,
    studio::{SceneArgs, SceneChoices, Studio},
    trainer::{self, DeviceChoice},
};

/// The run's picture.
const CURVES: &str = "curves.png";

const EXAMPLES: &str = "\
Examples:
  diorama train --scene scenes/shelf.json --out runs/shelf --steps 5000
  diorama train --scene scenes/shelf.json --out runs/shelf --resume
  diorama train --data datasets/shelf --data photos/ --one-class product --out runs/both
  diorama train --scene scenes/shelf.json --data photos/ --share 0.1 --one-class product --out runs/mixed
  diorama train --scene scenes/shelf_minimal.json --input 320 --steps 500 --out runs/first
  diorama train --scene scenes/shelf.json --init runs/shelf/model.safetensors --freeze stem --out runs/next
  diorama train --scene scenes/shelf.json --model faster_rcnn --out runs/two_looks
  diorama train --scene scenes/crib.json --only infant --keypoints --out runs/crib

Pictures of a scene are rendered while the network trains on them; no dataset is made. In the folder: model.safetensors
(the averaged weights, for `diorama detect`), last.safetensors (everything a resumed run needs), log.jsonl, curves.png.
The same command gives the same weights on the same device. Ctrl-C finishes the step and saves (exit code 2).";

/// What is trained, and on what.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Scene config whose frames are rendered as they are needed
    #[arg(long, value_name = "FILE")]
    scene: Option<PathBuf>,
    /// COCO dataset, ours or any other; may be repeated, and mixed with --scene
    #[arg(long, value_name = "DIR")]
    data: Vec<PathBuf>,
    /// Share of the draws that come from each --data, in order; what is left is the scene's [default: equal shares]
    #[arg(long, value_name = "SHARE")]
    share: Vec<f64>,
    #[command(flatten)]
    choices: SceneChoices,
    /// Folder of the run; new or empty, unless resuming
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Go on with the run in the folder; its own settings are used
    #[arg(long)]
    resume: bool,
    /// Begin with the weights of this model; classes may differ
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    init: Option<PathBuf>,
    /// Layers whose name begins so keep their weights; may be repeated: stem, stage0, neck, head ...
    #[arg(long, value_name = "PREFIX")]
    freeze: Vec<String>,
    /// How the network finds things
    #[arg(long, value_enum, default_value_t = Architecture::Dense)]
    model: Architecture,
    /// How large the network is
    #[arg(long, value_enum, default_value_t = Depth::Nano)]
    size: Depth,
    /// Side of the pictures that the network sees, or both as in 640x480, pixels
    #[arg(long, value_name = "PX", default_value = "640", value_parser = input)]
    input: [u32; 2],
    /// Side of the part of a picture that is looked at in training, or both as in 640x480 [default: all of it]
    #[arg(long, value_name = "PX", value_parser = input)]
    crop: Option<[u32; 2]>,
    /// Learn keypoints too: those of the infants in a crib, or of a dataset that has them
    #[arg(long)]
    keypoints: bool,
    /// Learn only classes of these names; everything else is background
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Everything that is learnt is of this one class
    #[arg(long, value_name = "NAME")]
    one_class: Option<String>,
    /// Steps of the optimizer
    #[arg(long, value_name = "N", default_value_t = 2000)]
    steps: u64,
    /// Pictures a pass
    #[arg(long, value_name = "N", default_value_t = 4)]
    batch: usize,
    /// Passes a step
    #[arg(long, value_name = "N", default_value_t = 1)]
    accumulate: usize,
    /// How weights are moved
    #[arg(long, value_enum, default_value_t = Rule::Adamw)]
    rule: Rule,
    /// Learning rate at its highest
    #[arg(long, value_name = "RATE", default_value_t = 2e-3)]
    lr: f64,
    /// Pictures as they are, without variation
    #[arg(long)]
    plain: bool,
    /// Draws per rendered picture; where pictures stay on the renderer's own device there is one
    #[arg(long, value_name = "N", default_value_t = 8)]
    reuse: u64,
    /// Newest rendered pictures that are drawn from
    #[arg(long, value_name = "N", default_value_t = 64)]
    window: u64,
    /// Steps between checkpoints
    #[arg(long, value_name = "N", default_value_t = 200)]
    save_every: u64,
    /// Try the model out on this COCO dataset
    #[arg(long, value_name = "DIR")]
    val: Option<PathBuf>,
    /// Try the model out on so many frames of the scene, with the next seed: other products, other draws
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "val", requires = "scene")]
    val_frames: u64,
    /// Steps between trials; there is one at the end
    #[arg(long, value_name = "N", default_value_t = 500)]
    val_every: u64,
    /// Where tensors live
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
}

/// `640` or `640x480`.
pub(super) fn input(text: &str) -> Result<[u32; 2], String> {
    let number =
        |part: &str| part.trim().parse::<u32>().map_err(|_| format!("`{part}` is no number of pixels"));
    match text.split_once('x') {
        Some((w, h)) => Ok([number(w)?, number(h)?]),
        None => number(text).map(|side| [side; 2]),
    }
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let saved = saved(args)?;
    let Given { device, name, mut source, broken } = given(args)?;
    let (config, state) = match saved {
        Some(Checkpoint { config, data, state }) => {
            if data != source.describe() {
                bail!("{}: was trained on {data}, not on {}", args.out.display(), source.describe());
            }
            (config, state)
        }
        None => {
            let config = config(args, source.as_ref())?;
            config.check()?;
            let state = match &args.init {
                Some(path) => tuned(&config, path)?,
                None => first_state(&config),
            };
            (config, state)
        }
    };
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    let numbers = config.model.graph().numbers();
    output::say(&format!(
        "{} numbers, classes: {}; on {name}; {}",
        numbers,
        config.model.classes.join(", "),
        source.describe()
    ));
    let held_out = held_out(args, &config.model.classes)?;
    let trial_device = device.clone();
    let mut trial = move |model: &Model| {
        let scores = scores(&Detector::new(model, &trial_device), &held_out, MAX_DETS)?;
        let boxes = scores.boxes.all;
        let mut named = vec![("AP", boxes.ap), ("AP50", boxes.ap50), ("AP75", boxes.ap75), ("AR", boxes.ar)];
        if let Some(points) = scores.keypoints {
            named.extend([("AP keypoints", points.all.ap), ("AP50 keypoints", points.all.ap50)]);
        }
        Ok(named.into_iter().filter_map(|(name, v)| v.map(|v| (name.to_owned(), v))).collect())
    };
    let tries = args.val.is_some() || args.val_frames > 0;
    let stop =
        generate::stop_on_interrupt("stopping: the step in hand is finished first (again to stop at once)")?;
    let bar = progress::bar(config.steps, state.step, "steps");
    let mut tally = Tally::new();
    let mut on_event = |event: Event| match event {
        Event::Step(step) => {
            tally.add(&step);
            bar.set_position(step.step);
            bar.set_message(tally.message(&step));
        }
        Event::Scored(step, values) => {
            let values: Vec<String> = values.iter().map(|(name, v)| format!("{name} {v:.3}")).collect();
            bar.suspend(|| output::say(&format!("step {step}: {}", values.join(", "))));
        }
        Event::Saved(_) => {}
    };
    let mut around = Run {
        device,
        out: Some(&args.out),
        save_every: args.save_every,
        score: if tries { Some((args.val_every, Box::new(&mut trial))) } else { None },
        stop: &stop,
        progress: &mut on_event,
    };
    let ended = train(&config, &state, source.as_mut(), &mut around);
    drop(around);
    bar.finish_and_clear();
    let ended = ended?;
    output::say(&tally.summary());
    for (data, count) in broken {
        let count = count.load(Ordering::Relaxed);
        if count > 0 {
            output::say(&format!(
                "{data}: {count} draws of pictures that cannot be decoded were passed over"
            ));
        }
    }
    if ended.step < config.steps {
        let go_on = reproduce::resume();
        output::say(&format!(
            "stopped after {} of {} steps; go on with\n  {go_on}",
            ended.step, config.steps
        ));
        return Ok(Outcome::Stopped);
    }
    curves::draw(std::slice::from_ref(&args.out), &args.out.join(CURVES))?;
    output::say(&format!("the model: {}", args.out.join(MODEL).display()));
    Ok(Outcome::Done)
}

/// The run to go on with; a folder that is taken is refused.
fn saved(args: &Args) -> Result<Option<Checkpoint>> {
    let last = args.out.join(LAST);
    if args.resume && last.exists() {
        return Ok(Some(Checkpoint::load(&last)?));
    }
    if !args.resume && args.out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!(
            "{} is not empty: choose a new folder, or go on with the run in it with --resume",
            args.out.display()
        );
    }
    Ok(None)
}

/// What a run is given.
struct Given {
    device: Device,
    /// The device's, for people.
    name: String,
    source: Box<dyn Source>,
    /// Counts of pictures passed over, by dataset.
    broken: Vec<(String, Arc<AtomicU64>)>,
}

/// The device, and everything that was named to train on.
fn given(args: &Args) -> Result<Given> {
    if args.share.len() != args.data.len() && !args.share.is_empty() {
        bail!("--share: expected one for each --data, found {} for {}", args.share.len(), args.data.len());
    }
    if !args.share.is_empty() && args.scene.is_some() && args.share.iter().sum::<f64>() >= 1.0 {
        bail!("--share: expected less than 1 altogether, so that something is left for --scene");
    }
    let paths: Vec<&Path> = args.data.iter().map(PathBuf::as_path).collect();
    let seed = Seed(args.choices.seed.unwrap_or(0));
    let datasets = if paths.is_empty() { Vec::new() } else { Disk::open(&paths, &wanted(args), seed)? };
    for (disk, path) in datasets.iter().zip(&paths) {
        if !disk.coco().faults().is_empty() {
            output::say(&format!("{}: left out: {}", path.display(), disk.coco().faults()));
        }
    }
    let broken = datasets.iter().map(|disk| (disk.describe(), disk.broken())).collect();
    let mut parts: Vec<(f64, Box<dyn Source>)> = Vec::new();
    let mut shares = args.share.iter().copied();
    for disk in datasets {
        parts.push((shares.next().unwrap_or(1.0), Box::new(disk)));
    }
    let Some(scene) = &args.scene else {
        let (device, name) = trainer::device(args.device, args.choices.place.adapter.as_deref())?;
        return Ok(Given { device, name, source: joined(parts)?, broken });
    };
    let (device, name, live) = live(args, scene, parts.is_empty())?;
    let rest = if args.share.is_empty() { 1.0 } else { 1.0 - args.share.iter().sum::<f64>() };
    parts.push((rest, Box::new(live)));
    Ok(Given { device, name, source: joined(parts)?, broken })
}

fn wanted(args: &Args) -> Wanted {
    Wanted { only: args.only.clone(), as_one: args.one_class.clone() }
}

/// One source, or a mix of several.
fn joined(mut parts: Vec<(f64, Box<dyn Source>)>) -> Result<Box<dyn Source>> {
    if parts.len() == 1 {
        return Ok(parts.remove(0).1);
    }
    Ok(Box::new(Mix::new(parts)?))
}

/// A scene, and the device to train on: the renderer's own where that is to be used. Pictures are handed over there
/// when nothing else is mixed in.
fn live(args: &Args, scene: &Path, alone: bool) -> Result<(Device, String, Live)> {
    let scene = SceneArgs { scene: scene.to_owned(), choices: args.choices.clone() };
    let studio = Studio::open(scene.recipe()?, &args.choices.place)?;
    let gpu = studio.renderer.gpu().clone();
    let shared = match args.device {
        DeviceChoice::Gpu => true,
        DeviceChoice::Auto => !gpu.is_software(),
        DeviceChoice::Cpu => false,
    };
    if args.reuse == 0 || args.window == 0 {
        bail!("--reuse {} --window {}: expected at least 1", args.reuse, args.window);
    }
    let reuse = Reuse { draws: args.reuse, window: args.window, ahead: 8.min(args.window) };
    let live = Live::new(studio.world, studio.renderer, &wanted(args), reuse)?;
    if !shared {
        let (device, name) = trainer::device(DeviceChoice::Cpu, None)?;
        return Ok((device, name, live));
    }
    let device = device_of(&gpu)?;
    let live = if alone { live.on_device(&device) } else { live };
    Ok((device, gpu.summary.name, live))
}

/// Pictures to try the model out on.
fn held_out(args: &Args, classes: &[String]) -> Result<Vec<Sample>> {
    if let Some(path) = &args.val {
        let disk = Disk::open(&[path], &wanted(args), Seed(0))?.remove(0);
        if disk.classes() != classes {
            bail!(
                "{}: has the classes {}, expected {}",
                path.display(),
                disk.classes().join(", "),
                classes.join(", ")
            );
        }
        return disk.coco().pictures().iter().map(|p| Ok(disk.load(p)?)).collect();
    }
    let (Some(scene), 1..) = (&args.scene, args.val_frames) else { return Ok(Vec::new()) };
    let mut recipe = SceneArgs { scene: scene.clone(), choices: args.choices.clone() }.recipe()?;
    recipe.seed = recipe.seed.wrapping_add(1);
    let studio = Studio::open(recipe, &args.choices.place)?;
    let reuse = Reuse { draws: 1, window: 1, ahead: 1 };
    let mut live = Live::new(studio.world, studio.renderer, &wanted(args), reuse)?;
    let bar = progress::bar(args.val_frames, 0, "frames held out");
    let frames = (0..args.val_frames).map(|frame| {
        bar.inc(1);
        Ok(live.frame(frame)?)
    });
    let frames = frames.collect();
    bar.finish_and_clear();
    frames
}

fn config(args: &Args, source: &dyn Source) -> Result<TrainConfig> {
    if args.batch > 4096 || args.accumulate > 4096 {
        bail!("--batch {} --accumulate {}: expected at most 4096", args.batch, args.accumulate);
    }
    if args.keypoints && source.keypoints().is_empty() {
        bail!("--keypoints: {} has none", source.describe());
    }
    let keypoints = if args.keypoints { source.keypoints().to_vec() } else { Vec::new() };
    Ok(TrainConfig {
        model: ModelConfig {
            architecture: args.model,
            keypoints,
            ..ModelConfig::new(args.size, source.classes().to_vec(), args.input)
        },
        seed: args.choices.seed.unwrap_or(0),
        steps: args.steps,
        crop: args.crop.unwrap_or(args.input),
        batch: args.batch,
        accumulate: args.accumulate,
        optim: OptimConfig { rule: args.rule, lr: args.lr, ..OptimConfig::default() },
        augment: if args.plain { AugmentConfig::NONE } else { AugmentConfig::default() },
        freeze: args.freeze.clone(),
    })
}

/// First weights, with those of another model wherever name and shape agree: backbones do, whatever looks at them.
fn tuned(config: &TrainConfig, path: &Path) -> Result<LearnerState> {
    let other = Model::load(path)?;
    if other.config.size != config.model.size {
        bail!("{}: is {:?}, expected {:?} (--size)", path.display(), other.config.size, config.model.size);
    }
    let mut state = first_state(config);
    let graph = config.model.graph();
    for (param, numbers) in graph.params.iter().zip(&mut state.weights.0) {
        let found = other.graph.params.iter().position(|p| p.name == param.name && p.shape == param.shape);
        if let Some(index) = found {
            numbers.clone_from(&other.weights.0[index]);
        }
    }
    state.average = state.weights.clone();
    Ok(state)
}

/// Counts for people.
struct Tally {
    start: Instant,
    pictures: usize,
    wait_s: f64,
    total_s: f64,
}

#[expect(clippy::cast_precision_loss, reason = "rates for people")]
impl Tally {
    fn new() -> Self {
        Self { start: Instant::now(), pictures: 0, wait_s: 0.0, total_s: 0.0 }
    }

    fn add(&mut self, step: &Step) {
        self.pictures += step.pictures;
        self.wait_s += step.wait_s;
        self.total_s += step.total_s;
    }

    fn waited(&self) -> f64 {
        100.0 * self.wait_s / self.total_s.max(1e-9)
    }

    fn message(&self, step: &Step) -> String {
        let rate = self.pictures as f64 / self.start.elapsed().as_secs_f64().max(1e-9);
        let losses: Vec<String> = step.losses.iter().map(|(name, v)| format!("{name} {v:.3}")).collect();
        format!("  {rate:.1} images/s, waiting for data {:.0}%, loss: {}", self.waited(), losses.join(", "))
    }

    fn summary(&self) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        format!(
            "{} pictures in {seconds:.1} s, {:.2} images/s; {:.1}% of the steps' time was spent waiting for data",
            self.pictures,
            self.pictures as f64 / seconds.max(1e-9),
            self.waited()
        )
    }
}
