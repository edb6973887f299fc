//! What became of each detection and each truth: for pictures that people look at.

use rayon::prelude::*;
use serde::Serialize;

use super::{EvalError, Options, Picture, input, matching};

/// What became of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has found this truth of its picture.
    Right(usize),
    /// It has found nothing.
    Wrong,
    /// It lies on something to be ignored.
    Neither,
    /// It is not among the surest of its picture and class, and was not looked at.
    Cut,
}

/// What became of a picture's detections and truths.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// For each detection.
    pub verdicts: Vec<Verdict>,
    /// For each truth, the detection that has found it.
    pub found_by: Vec<Option<usize>>,
    /// For each truth, whether it is to be found.
    pub wanted: Vec<bool>,
}

/// Rights and wrongs among detections of at least some score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Truths found.
    pub right: u64,
    /// Detections of nothing.
    pub wrong: u64,
    /// Truths not found.
    pub missed: u64,
}

impl Tally {
    /// Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was said.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of objects are far below 2^53")]
    pub fn f1(self) -> f64 {
        let mistakes = (self.wrong + self.missed) as f64;
        if self.right == 0 && mistakes == 0.0 {
            return 1.0;
        }
        2.0 * self.right as f64 / (2.0 * self.right as f64 + mistakes)
    }
}

/// A score from which on detections are taken seriously, and how good they are then.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Operating {
    /// The score.
    pub score: f64,
    /// Share of the detections that are right.
    pub precision: f64,
    /// Share of the truths that are found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// What became of everything, where a detection is right from an overlap of `threshold` on.
///
/// # Errors
/// As [`evaluate`](super::evaluate).
pub fn outcomes(
    classes: usize,
    pictures: &[Picture],
    options: &Options,
    threshold: f64,
) -> Result<Vec<Outcome>, EvalError> {
    let options = Options { thresholds: vec![threshold], ..options.clone() };
    options.check()?;
    input::check(classes, pictures, options.sigmas.len())?;
    Ok(pictures.par_iter().map(|picture| outcome(picture, &options, threshold)).collect())
}

fn outcome(picture: &Picture, options: &Options, threshold: f64) -> Outcome {
    let mut outcome = Outcome {
        verdicts: vec![Verdict::Cut; picture.detections.len()],
        found_by: vec![None; picture.truths.len()],
        wanted: picture.truths.iter().map(|truth| !truth.crowd && !truth.ignore).collect(),
    };
    for cell in matching::cells(picture, options) {
        let ignored: Vec<bool> = cell.truths.iter().map(|(place, _)| !outcome.wanted[*place]).collect();
        for ((detection, _), found) in cell.detections.iter().zip(cell.matches(&ignored, threshold)) {
            outcome.verdicts[*detection] = match cell.truths.get(found as usize) {
                None => Verdict::Wrong,
                Some((truth, _)) if outcome.wanted[*truth] => {
                    outcome.found_by[*truth] = Some(*detection);
                    Verdict::Right(*truth)
                }
                Some(_) => Verdict::Neither,
            };
        }
    }
    outcome
}

impl Outcome {
    /// Rights and wrongs among this picture's detections of at least `score`.
    #[must_use]
    pub fn tally(&self, picture: &Picture, score: f64) -> Tally {
        let mut tally = Tally::default();
        for (verdict, detection) in self.verdicts.iter().zip(&picture.detections) {
            match verdict {
                _ if detection.score < score => {}
                Verdict::Right(_) => tally.right += 1,
                Verdict::Wrong => tally.wrong += 1,
                Verdict::Neither | Verdict::Cut => {}
            }
        }
        let wanted = self.wanted.iter().filter(|wanted| **wanted).count() as u64;
        tally.missed = wanted - tally.right;
        tally
    }
}

/// The score at which all detections together have the best F1, the lowest of equals; `None` without a right one.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of objects are far below 2^53")]
pub fn operating(pictures: &[Picture], outcomes: &[Outcome]) -> Option<Operating> {
    let wanted: usize = outcomes.iter().map(|o| o.wanted.iter().filter(|wanted| **wanted).count()).sum();
    let mut judged: Vec<(f64, bool)> = Vec::new();
    for (picture, outcome) in pictures.iter().zip(outcomes) {
        for (detection, verdict) in picture.detections.iter().zip(&outcome.verdicts) {
            match verdict {
                Verdict::Right(_) => judged.push((detection.score, true)),
                Verdict::Wrong => judged.push((detection.score, false)),
                Verdict::Neither | Verdict::Cut => {}
            }
        }
    }
    judged.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best) = (0usize, None::<Operating>);
    for (index, &(score, is_right)) in judged.iter().enumerate() {
        right += usize::from(is_right);
        // Equal scores stand or fall together.
        if right == 0 || judged.get(index + 1).is_some_and(|next| next.0 == score) {
            continue;
        }
        let (precision, recall) = (right as f64 / (index + 1) as f64, right as f64 / wanted as f64);
        let f1 = 2.0 * precision * recall / (precision + recall);
        if best.is_none_or(|best| f1 >= best.f1) {
            best = Some(Operating { score, precision, recall, f1 });
        }
    }
    best
}
