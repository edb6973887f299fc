//! From gradients to new weights. Every parameter is a flat tensor, so that one rule serves all shapes.

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    TrainError,
    config::{OptimConfig, Rule},
    net::{Graph, ParamKind, Weights},
};

/// Adam's decay rates and the number that keeps its division finite (Kingma and Ba 2015, algorithm 1).
const BETA: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// What a rule remembers of one parameter: first and second moment (SGD: the velocity alone).
type Memory = Vec<Tensor<1>>;

/// Weights in training: what is learnt, its running average, and what the rule remembers.
#[derive(Debug)]
pub struct Learner {
    /// On the training device, those that learn with gradients.
    pub weights: Vec<Tensor<1>>,
    average: Vec<Tensor<1>>,
    memory: Vec<Memory>,
    learns: Vec<bool>,
    decays: Vec<bool>,
    config: OptimConfig,
    /// Steps taken.
    pub step: u64,
}

/// Everything a learner holds, in plain memory.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnerState {
    /// The weights.
    pub weights: Weights,
    /// Their running average.
    pub average: Weights,
    /// What the rule remembers: one list of parameters a moment; empty vectors where nothing is learnt.
    pub memory: Vec<Weights>,
    /// Steps taken.
    pub step: u64,
}

impl LearnerState {
    /// A state that has taken no step.
    #[must_use]
    pub fn first(weights: Weights) -> Self {
        Self { average: weights.clone(), weights, memory: Vec::new(), step: 0 }
    }
}

impl Learner {
    /// Puts a state on a device made for training. Parameters whose name begins with one of `freeze` do not learn.
    #[must_use]
    pub fn new(
        graph: &Graph,
        state: &LearnerState,
        config: OptimConfig,
        freeze: &[String],
        device: &Device,
    ) -> Self {
        let learns: Vec<bool> = graph
            .params
            .iter()
            .map(|p| p.kind != ParamKind::Statistic && !freeze.iter().any(|f| p.name.starts_with(f.as_str())))
            .collect();
        let plain = device.clone().without_autodiff();
        let weights = state
            .weights
            .to_device(device)
            .into_iter()
            .zip(&learns)
            .map(|(tensor, &learns)| tensor.set_require_grad(learns))
            .collect();
        let moments = match config.rule {
            Rule::Adamw => 2,
            Rule::Sgd => 1,
        };
        let memory = graph.params.iter().zip(&learns).enumerate().map(|(index, (param, &learns))| {
            let one = |moment: usize| match state.memory.get(moment).map(|w| &w.0[index]) {
                Some(numbers) if numbers.len() == param.len() => {
                    Tensor::from_data(TensorData::new(numbers.clone(), [numbers.len()]), &plain)
                }
                _ => Tensor::zeros([param.len()], &plain),
            };
            if learns { (0..moments).map(one).collect() } else { Vec::new() }
        });
        Self {
            weights,
            average: state.average.to_device(&plain),
            memory: memory.collect(),
            decays: graph.params.iter().map(|p| p.kind == ParamKind::Weight).collect(),
            learns,
            config,
            step: state.step,
        }
    }

    /// Copies everything to plain memory.
    ///
    /// # Errors
    /// When the device fails.
    pub fn state(&self) -> Result<LearnerState, TrainError> {
        let plain: Vec<Tensor<1>> = self.weights.iter().map(|t| t.clone().inner()).collect();
        let moments = self.memory.iter().map(Vec::len).max().unwrap_or(0);
        let memory = (0..moments).map(|moment| {
            let one = |memory: &Memory| memory.get(moment).map_or(Ok(Vec::new()), super::net::numbers);
            self.memory.iter().map(one).collect::<Result<Vec<_>, _>>().map(Weights)
        });
        Ok(LearnerState {
            weights: Weights::from_device(&plain)?,
            average: Weights::from_device(&self.average)?,
            memory: memory.collect::<Result<_, _>>()?,
            step: self.step,
        })
    }

    /// The running average of the weights, which is what detects.
    #[must_use]
    pub fn average(&self) -> &[Tensor<1>] {
        &self.average
    }

    /// Which parameters learn.
    #[must_use]
    pub fn learns(&self) -> &[bool] {
        &self.learns
    }

    /// Moves means and variances towards what a batch showed.
    pub fn observe(&mut self, seen: Vec<(usize, Tensor<1>, Tensor<1>)>) {
        /// Share of the new observation.
        const NEW: f32 = 0.05;
        for (first, mean, variance) in seen {
            for (index, new) in [(first, mean), (first + 1, variance)] {
                let old = self.weights[index].clone();
                self.weights[index] = old.mul_scalar(1.0 - NEW) + new.mul_scalar(NEW);
            }
        }
    }

    /// Takes one step with these gradients, `None` where there is none. Returns the norm of all gradients together.
    /// When that is no finite number, nothing is changed.
    ///
    /// # Errors
    /// When the device fails.
    pub fn step(&mut self, gradients: Vec<Option<Tensor<1>>>, lr: f64) -> Result<f32, TrainError> {
        let squares: Vec<Tensor<1>> = gradients.iter().flatten().map(|g| g.clone().square().sum()).collect();
        let norm = if squares.is_empty() {
            0.0
        } else {
            super::net::numbers(&Tensor::cat(squares, 0).sum())?.first().copied().unwrap_or(f32::NAN).sqrt()
        };
        if !norm.is_finite() {
            return Ok(norm);
        }
        #[expect(clippy::cast_possible_truncation, reason = "tensors are single precision")]
        let shrink = (self.config.clip_norm / f64::from(norm).max(f64::MIN_POSITIVE)).min(1.0) as f32;
        self.step += 1;
        for (index, gradient) in gradients.into_iter().enumerate() {
            let Some(gradient) = gradient else { continue };
            let old = self.weights[index].clone().inner();
            let decay = if self.decays[index] { self.config.weight_decay } else { 0.0 };
            let new = self.moved(index, old, gradient.mul_scalar(shrink), lr, decay);
            self.weights[index] = Tensor::from_inner(new).require_grad();
        }
        self.follow();
        Ok(norm)
    }

    #[expect(clippy::cast_possible_truncation, reason = "tensors are single precision")]
    fn moved(&mut self, index: usize, old: Tensor<1>, g: Tensor<1>, lr: f64, decay: f64) -> Tensor<1> {
        let memory = &mut self.memory[index];
        match self.config.rule {
            Rule::Adamw => {
                let mix = |old: &Tensor<1>, new: Tensor<1>, keep: f32| {
                    old.clone().mul_scalar(keep) + new.mul_scalar(1.0 - keep)
                };
                let first = mix(&memory[0], g.clone(), BETA[0]);
                let second = mix(&memory[1], g.square(), BETA[1]);
                *memory = vec![first.clone(), second.clone()];
                // Both moments start at zero; this makes up for it.
                let unbiased = |beta: f32| 1.0 - f64::from(beta).powf(self.step as f64);
                let first = first.mul_scalar((1.0 / unbiased(BETA[0])) as f32);
                let root = second.mul_scalar((1.0 / unbiased(BETA[1])) as f32).sqrt().add_scalar(EPSILON);
                old.mul_scalar((1.0 - lr * decay) as f32) - (first / root).mul_scalar(lr as f32)
            }
            Rule::Sgd => {
                let momentum = self.config.momentum as f32;
                let g = g + old.clone().mul_scalar(decay as f32);
                let velocity = memory[0].clone().mul_scalar(momentum) + g.clone();
                *memory = vec![velocity.clone()];
                old - (velocity.mul_scalar(momentum) + g).mul_scalar(lr as f32)
            }
        }
    }

    /// Lets the average follow the weights: quickly at first, so that it forgets where they started.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "tensors are single precision, steps far below 2^52"
    )]
    fn follow(&mut self) {
        let step = self.step as f64;
        let keep = self.config.ema.min((1.0 + step) / (10.0 + step)) as f32;
        for (average, weight) in self.average.iter_mut().zip(&self.weights) {
            *average = average.clone().mul_scalar(keep) + weight.clone().inner().mul_scalar(1.0 - keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::net::{Init, Param};

    /// One parameter of two numbers whose loss is a bowl round (3, -1).
    fn descend(config: OptimConfig, steps: u64) -> Vec<f32> {
        let param = Param {
            name: "w".into(),
            shape: vec![2, 1, 1, 1],
            kind: ParamKind::Weight,
            init: Init::Constant(0.0),
        };
        let graph = Graph { params: vec![param], ..Graph::default() };
        let device = Device::flex().autodiff();
        let state = LearnerState::first(Weights(vec![vec![0.0, 0.0]]));
        let mut learner = Learner::new(&graph, &state, config, &[], &device);
        let goal = Tensor::<1>::from_data(TensorData::new(vec![3.0f32, -1.0], [2]), &device);
        for _ in 0..steps {
            let loss = (learner.weights[0].clone() - goal.clone()).square().sum();
            let mut grads = loss.backward();
            let gradient = learner.weights[0].grad_remove(&mut grads);
            learner.step(vec![gradient], config.lr).expect("finite");
        }
        learner.state().expect("readable").weights.0.remove(0)
    }

    #[test]
    fn both_rules_reach_the_bottom() {
        let base = OptimConfig { weight_decay: 0.0, ..OptimConfig::default() };
        for (rule, lr) in [(Rule::Adamw, 0.05), (Rule::Sgd, 0.01)] {
            let end = descend(OptimConfig { rule, lr, ..base }, 400);
            assert!((end[0] - 3.0).abs() < 0.02 && (end[1] + 1.0).abs() < 0.02, "{rule:?}: {end:?}");
        }
    }

    #[test]
    fn the_first_adam_step_is_the_learning_rate_whatever_the_gradient() {
        let config = OptimConfig { lr: 0.01, weight_decay: 0.0, ..OptimConfig::default() };
        let end = descend(config, 1);
        assert!((end[0] - 0.01).abs() < 1e-5 && (end[1] + 0.01).abs() < 1e-5, "{end:?}");
    }

    #[test]
    fn clipping_shrinks_a_step_of_sgd_and_decay_pulls_to_zero() {
        let base = OptimConfig {
            rule: Rule::Sgd,
            lr: 0.1,
            momentum: 0.0,
            weight_decay: 0.0,
            ..OptimConfig::default()
        };
        // The gradient at the start is (-6, 2), its norm the root of 40.
        let clipped = descend(OptimConfig { clip_norm: 1.0, ..base }, 1);
        assert!((clipped[0] - 0.1 * 6.0 / 40f32.sqrt()).abs() < 1e-5, "{clipped:?}");
        let decayed = descend(OptimConfig { weight_decay: 1.0, clip_norm: 1e9, ..base }, 300);
        assert!((decayed[0] - 2.0).abs() < 1e-3, "2 (w - 3) + w = 0 at 2, not {decayed:?}");
    }

    #[test]
    fn what_is_frozen_stays() {
        let graph = crate::train::net::dense(crate::train::net::Depth::Nano, 1, 0);
        let state = LearnerState::first(Weights::first(&graph, crate::seed::Seed(1)));
        let device = Device::flex().autodiff();
        let learner =
            Learner::new(&graph, &state, OptimConfig::default(), &["stem".into(), "stage".into()], &device);
        for (param, learns) in graph.params.iter().zip(learner.learns()) {
            let frozen = param.name.starts_with("st") || param.kind == ParamKind::Statistic;
            assert_eq!(*learns, !frozen, "{}", param.name);
        }
    }
}
