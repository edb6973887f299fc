//! The training loop.

use std::{
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::sync_channel,
    },
    time::Instant,
};

use burn::tensor::{Device, Tensor};

use super::{
    TrainError,
    assign::assign_batch,
    batch::{Batch, feed, normalised},
    cells::Cells,
    checkpoint::{Checkpoint, Model},
    config::TrainConfig,
    log::Log,
    loss::loss,
    net::{Graph, Statistics, Weights, forward, numbers},
    optim::{Learner, LearnerState},
    source::Source,
    two_stage,
};
use crate::seed::Seed;

/// Batches made ahead.
const AHEAD: usize = 3;
/// The run's files: where it stands, the model that came of it, what was logged.
pub const LAST: &str = "last.safetensors";
/// See [`LAST`].
pub const MODEL: &str = "model.safetensors";
/// See [`LAST`].
pub const LOG: &str = "log.jsonl";

/// One step, as any front end may consume it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// Steps taken, this one included.
    pub step: u64,
    /// Of how many.
    pub of: u64,
    /// Parts of the loss, by name; without objects there is none of boxes.
    pub losses: Vec<(&'static str, f32)>,
    /// Norm of all gradients together, before clipping.
    pub norm: f32,
    /// Learning rate.
    pub lr: f64,
    /// Pictures it looked at.
    pub pictures: usize,
    /// Objects on them.
    pub objects: usize,
    /// Seconds spent waiting for data.
    pub wait_s: f64,
    /// Seconds altogether.
    pub total_s: f64,
}

impl Step {
    fn add(&mut self, name: &'static str, loss: f32) {
        match self.losses.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += loss,
            None => self.losses.push((name, loss)),
        }
    }
}

/// Progress, as any front end may consume it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step was taken.
    Step(Step),
    /// A checkpoint was written.
    Saved(PathBuf),
    /// The averaged weights were tried out: names and values.
    Scored(u64, Vec<(String, f64)>),
}

/// Tries a model out; see [`Run::score`].
pub type Score<'a> = Box<dyn FnMut(&Model) -> Result<Vec<(String, f64)>, TrainError> + 'a>;

/// What surrounds the loop.
pub struct Run<'a> {
    /// Where weights and pictures live.
    pub device: Device,
    /// Folder for checkpoints and the log, which exists; `None` writes nothing.
    pub out: Option<&'a Path>,
    /// Steps between checkpoints; one is always written at the end.
    pub save_every: u64,
    /// Steps between trials, and the trial: gives names and values. One is always held at the end.
    pub score: Option<(u64, Score<'a>)>,
    /// Set from outside: the step at hand is finished, a checkpoint written.
    pub stop: &'a AtomicBool,
    /// Consumes progress.
    pub progress: &'a mut dyn FnMut(Event),
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("out", &self.out)
            .field("save_every", &self.save_every)
            .finish_non_exhaustive()
    }
}

/// Where a run begins.
#[must_use]
pub fn first_state(config: &TrainConfig) -> LearnerState {
    let graph = config.model.graph();
    LearnerState::first(Weights::first(&graph, Seed(config.seed)))
}

/// Trains from `state` to the configured number of steps, or until stopped. Gives the state in which it ended.
///
/// # Errors
/// When settings make no sense, data or device fail, or the loss is no longer a number.
pub fn train(
    config: &TrainConfig,
    state: &LearnerState,
    source: &mut dyn Source,
    run: &mut Run<'_>,
) -> Result<LearnerState, TrainError> {
    config.check()?;
    let data = source.describe();
    let graph = config.model.graph();
    let cells = Cells::new(&graph, config.crop);
    let device = run.device.clone().autodiff();
    let mut learner = Learner::new(&graph, state, config.optim, &config.freeze, &device);
    let mut log = run.out.map(|out| Log::open(&out.join(LOG), state.step)).transpose()?;
    let first = state.step * config.accumulate as u64;
    std::thread::scope(|scope| {
        let (into_queue, batches) = sync_channel(AHEAD);
        scope.spawn(move || feed(source, config, first, &into_queue));
        while learner.step < config.steps && !run.stop.load(Ordering::SeqCst) {
            let start = Instant::now();
            let lr = config.lr(learner.step);
            let mut step = Step { of: config.steps, lr, ..Step::default() };
            let mut gradients: Vec<Option<Tensor<1>>> = vec![None; graph.params.len()];
            let mut broken = None;
            for _ in 0..config.accumulate {
                let waiting = Instant::now();
                let batch: Batch =
                    batches.recv().map_err(|_| TrainError::data("the data", "ended early"))??;
                step.wait_s += waiting.elapsed().as_secs_f64();
                let x = normalised(batch.to_device(&device), config.model.mean, config.model.std);
                let mut seen = Vec::new();
                let raw = forward(&graph, &learner.weights, x, Statistics::OfBatch(&mut seen));
                let loss = if graph.second.is_some() {
                    let node = Seed(config.seed).frame(batch.first).child("chosen", 0);
                    let (size, targets) = (config.crop, &batch.targets);
                    two_stage::loss(&graph, &learner.weights, &raw, size, targets, &node)?
                } else {
                    let (logits, sides) = (numbers(&raw.logits)?, numbers(&raw.sides)?);
                    let assignments = assign_batch(&cells, graph.classes, &logits, &sides, &batch.targets);
                    loss(&raw, &cells, &batch.targets, &assignments)
                };
                let share = 1.0 / config.accumulate as f32;
                for part in &loss.parts {
                    step.add(part.name, share * numbers(&part.value)?[0]);
                }
                step.pictures += batch.targets.len();
                step.objects += batch.targets.iter().map(Vec::len).sum::<usize>();
                let Some(total) = loss.total() else { continue };
                let mut grads = total.mul_scalar(share).backward();
                for (sum, weight) in gradients.iter_mut().zip(&learner.weights) {
                    let new = weight.grad_remove(&mut grads);
                    *sum = match (sum.take(), new) {
                        (Some(a), Some(b)) => Some(a + b),
                        (a, b) => a.or(b),
                    };
                }
                learner.observe(seen);
                broken = Some(batch);
            }
            step.norm = if step.losses.iter().all(|(_, loss)| loss.is_finite()) {
                learner.step(gradients, lr)?
            } else {
                f32::NAN
            };
            step.step = learner.step;
            if !step.norm.is_finite() {
                return Err(not_finite(&step, learner.step + 1, broken.as_ref(), run.out));
            }
            step.total_s = start.elapsed().as_secs_f64();
            if let Some(log) = &mut log {
                log.step(&step)?;
            }
            (run.progress)(Event::Step(step));
            let last = learner.step == config.steps;
            if last || learner.step.is_multiple_of(run.save_every.max(1)) {
                save(config, &data, &graph, &learner, run)?;
            }
            if let Some((every, score)) = &mut run.score
                && (last || learner.step.is_multiple_of((*every).max(1)))
            {
                let values = score(&averaged(config, &graph, &learner)?)?;
                if let Some(log) = &mut log {
                    log.scored(learner.step, &values)?;
                }
                (run.progress)(Event::Scored(learner.step, values));
            }
        }
        if learner.step < config.steps {
            save(config, &data, &graph, &learner, run)?;
        }
        // Lets the thread that draws find nobody listening, and end.
        drop(batches);
        learner.state()
    })
}

fn averaged(config: &TrainConfig, graph: &Graph, learner: &Learner) -> Result<Model, TrainError> {
    let weights = Weights::from_device(learner.average())?;
    Ok(Model { config: config.model.clone(), graph: graph.clone(), weights })
}

fn save(
    config: &TrainConfig,
    data: &str,
    graph: &Graph,
    learner: &Learner,
    run: &mut Run<'_>,
) -> Result<(), TrainError> {
    let Some(out) = run.out else { return Ok(()) };
    let state = learner.state()?;
    let model = Model { config: config.model.clone(), graph: graph.clone(), weights: state.average.clone() };
    let path = out.join(LAST);
    Checkpoint { config: config.clone(), data: data.to_owned(), state }.save(graph, &path)?;
    model.save(&out.join(MODEL))?;
    (run.progress)(Event::Saved(path));
    Ok(())
}

fn not_finite(step: &Step, number: u64, batch: Option<&Batch>, out: Option<&Path>) -> TrainError {
    let saved = match (batch, out) {
        (Some(batch), Some(out)) => {
            let path = out.join(format!("not-finite-{number}.safetensors"));
            match batch.save(&path) {
                Ok(()) => path.display().to_string(),
                Err(error) => format!("nowhere ({error})"),
            }
        }
        _ => "nowhere (no output folder)".to_owned(),
    };
    let losses: Vec<String> = step.losses.iter().map(|(name, loss)| format!("{name} {loss}")).collect();
    let what =
        format!("loss: {}; norm of gradients {}, learning rate {}", losses.join(", "), step.norm, step.lr);
    TrainError::NotFinite { step: number, what, saved }
}
