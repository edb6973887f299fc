//! Numbers that vary: constants and distributions.

use rand::{Rng, RngExt};

/// A number as meant: checked, so that drawing from it cannot fail.
#[derive(Clone, Debug, PartialEq)]
pub enum Dist {
    /// Always the same.
    Constant(f64),
    /// Evenly between `min` and `max`.
    Uniform {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// Bell curve, drawn again (at most 64 times, then clamped) until within `min..=max`.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, not negative.
        std: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// Evenly in the logarithm between `min` and `max`, both positive.
    LogUniform {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// One of several values, by weight.
    Choice {
        /// Values, at least one.
        values: Vec<f64>,
        /// As many weights, none negative, with a positive sum.
        weights: Vec<f64>,
    },
}

impl Dist {
    /// Draws a value.
    pub fn sample(&self, rng: &mut impl Rng) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { min, max } => min + (max - min) * rng.random::<f64>(),
            Self::LogUniform { min, max } => {
                (min.ln() + (max.ln() - min.ln()) * rng.random::<f64>()).exp().clamp(*min, *max)
            }
            Self::Normal { mean, std, min, max } => {
                for _ in 0..64 {
                    // Box-Muller (1958); one of the pair is enough.
                    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
                    let value = mean + std * radius * (std::f64::consts::TAU * rng.random::<f64>()).cos();
                    if (*min..=*max).contains(&value) {
                        return value;
                    }
                }
                mean.clamp(*min, *max)
            }
            Self::Choice { values, weights } => values[pick(weights, rng)],
        }
    }

    /// Smallest and largest value that can come out.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        match self {
            Self::Constant(value) => (*value, *value),
            Self::Uniform { min, max } | Self::Normal { min, max, .. } | Self::LogUniform { min, max } => {
                (*min, *max)
            }
            Self::Choice { values, weights } => values
                .iter()
                .zip(weights)
                .filter(|(_, weight)| **weight > 0.0)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), (v, _)| (lo.min(*v), hi.max(*v))),
        }
    }
}

/// Index drawn by weight; the weights need not sum to 1, but one must be positive.
pub fn pick(weights: &[f64], rng: &mut impl Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    let mut last = 0;
    for (index, &weight) in weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
        if left < weight {
            return index;
        }
        left -= weight;
        last = index;
    }
    last
}
