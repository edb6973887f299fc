//! Several datasets as one endless sequence of pictures, with stated shares.

use rand::{RngExt as _, seq::SliceRandom as _};
use thiserror::Error;

use crate::seed::Seed;

/// Datasets to draw from: how many pictures each has, and which share of the draws are its.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    sources: Vec<(usize, f64)>,
    seed: u64,
}

/// Why datasets cannot be mixed so.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum MixError {
    /// Nothing to draw from.
    #[error("nothing to mix: expected at least one dataset")]
    Nothing,
    /// A dataset without pictures.
    #[error("dataset {0} of the mix (from 0) has no pictures")]
    Empty(usize),
    /// Shares that are no shares.
    #[error("shares of {0:?}: expected numbers above 0")]
    Shares(Vec<f64>),
}

impl Mix {
    /// Of datasets with so many pictures and such shares, which need not add up to 1: only their ratio counts.
    ///
    /// # Errors
    /// When there are none, one has no pictures, or a share is not above 0.
    pub fn new(sources: Vec<(usize, f64)>, seed: u64) -> Result<Self, MixError> {
        if sources.is_empty() {
            return Err(MixError::Nothing);
        }
        if let Some(empty) = sources.iter().position(|(pictures, _)| *pictures == 0) {
            return Err(MixError::Empty(empty));
        }
        let sum: f64 = sources.iter().map(|(_, share)| share).sum();
        if sources.iter().any(|(_, share)| *share <= 0.0 || !share.is_finite()) || !sum.is_finite() {
            return Err(MixError::Shares(sources.iter().map(|(_, share)| *share).collect()));
        }
        Ok(Self { sources: sources.into_iter().map(|(n, share)| (n, share / sum)).collect(), seed })
    }

    /// The draws, from the first: `(dataset, picture)`. To go on where a run was stopped, skip what it had; that
    /// costs no more than counting.
    ///
    /// After every `n` draws each dataset was drawn its share of them, to within one picture per dataset. Within a
    /// dataset every picture comes once, in an order of its own, before any comes again.
    #[must_use]
    pub fn draws(&self) -> Draws {
        Draws { mix: self.clone(), drawn: vec![0; self.sources.len()], total: 0, orders: Vec::new() }
    }

    /// The order of a dataset's pictures in its `round`-th pass.
    fn order(&self, source: usize, round: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.sources[source].0).collect();
        let node = Seed(self.seed).frame(round).child("mix", source);
        order.shuffle(&mut node.stream("order"));
        order
    }

    /// A number from 0 up to 1 for what a trainer draws itself about a draw, as augmentation: keyed by seed, the
    /// draw's number and a name.
    #[must_use]
    pub fn chance(&self, draw: u64, name: &str) -> f64 {
        Seed(self.seed).frame(draw).child("draw", 0).stream(name).random()
    }
}

/// An endless sequence of draws.
#[derive(Clone, Debug)]
pub struct Draws {
    mix: Mix,
    drawn: Vec<u64>,
    total: u64,
    /// For each dataset: round, and its order.
    orders: Vec<Option<(u64, Vec<usize>)>>,
}

impl Draws {
    /// The dataset that is most behind its share.
    #[expect(clippy::cast_precision_loss, reason = "counts of draws are far below 2^53")]
    fn step(&mut self) -> (usize, u64) {
        self.total += 1;
        let (mut best, mut most) = (0, f64::NEG_INFINITY);
        for (source, (_, share)) in self.mix.sources.iter().enumerate() {
            let behind = share * self.total as f64 - self.drawn[source] as f64;
            if behind > most {
                (best, most) = (source, behind);
            }
        }
        let number = self.drawn[best];
        self.drawn[best] += 1;
        (best, number)
    }
}

impl Iterator for Draws {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let (source, number) = self.step();
        let pictures = self.mix.sources[source].0 as u64;
        let (round, place) = (number / pictures, usize::try_from(number % pictures).ok()?);
        self.orders.resize(self.mix.sources.len(), None);
        let slot = &mut self.orders[source];
        if slot.as_ref().is_none_or(|(there, _)| *there != round) {
            *slot = Some((round, self.mix.order(source, round)));
        }
        let (_, order) = slot.as_ref()?;
        Some((source, order[place]))
    }

    fn nth(&mut self, skipped: usize) -> Option<(usize, usize)> {
        for _ in 0..skipped {
            self.step();
        }
        self.next()
    }
}
