//! Checks of single values, which collect every mistake and do not stop at the first.

use super::Dist;
use super::fault::{Fault, listed, nearest, steps};
use super::json::{Node, quoted};
use super::limits::{MAX_WEIGHT, limits};
use super::written::{Choice, Normal, Number, Spread};

/// The mistakes found so far, and the tree they are in.
pub(super) struct Check<'a> {
    root: &'a Node,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Check<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self { root, faults: Vec::new() }
    }

    /// Notes a mistake at a path.
    pub(super) fn fault(&mut self, path: &str, what: impl Into<String>) {
        self.faults.push(Fault::at(path, what));
    }

    /// Of several fields that contradict each other, the first that somebody wrote; the others are defaults.
    pub(super) fn blame<'p>(&self, paths: &[&'p str]) -> &'p str {
        let written = paths.iter().find(|path| self.root.get(&steps(path)).is_some());
        written.or(paths.first()).copied().unwrap_or_default()
    }

    fn within(&mut self, path: &str, value: f64, (min, max): (f64, f64)) {
        if !(min..=max).contains(&value) {
            self.fault(path, format!("expected {min} to {max}, found {value}"));
        }
    }

    /// A plain number within the limits of its path.
    pub(super) fn number(&mut self, path: &str, value: f64) -> f64 {
        self.within(path, value, limits(path));
        value
    }

    /// A whole number within the limits of its path.
    pub(super) fn whole(&mut self, path: &str, value: u32) -> u32 {
        self.within(path, f64::from(value), limits(path));
        value
    }

    /// A distribution whose every value lies within the limits of its path.
    pub(super) fn dist(&mut self, path: &str, number: &Number) -> Dist {
        let limits = limits(path);
        match number {
            Number::Constant(value) => {
                self.within(path, *value, limits);
                Dist::Constant(*value)
            }
            Number::Spread(Spread::Uniform([min, max])) => {
                self.ends(&format!("{path}.uniform"), *min, *max, limits);
                Dist::Uniform { min: *min, max: *max }
            }
            Number::Spread(Spread::LogUniform([min, max])) => {
                let path = format!("{path}.log_uniform");
                self.ends(&path, *min, *max, limits);
                if *min <= 0.0 {
                    self.fault(&format!("{path}[0]"), format!("expected a number above 0, found {min}"));
                }
                Dist::LogUniform { min: *min, max: *max }
            }
            Number::Spread(Spread::Normal(normal)) => self.normal(&format!("{path}.normal"), normal, limits),
            Number::Spread(Spread::Choice(choice)) => self.choice(&format!("{path}.choice"), choice, limits),
        }
    }

    /// Like [`Self::dist`], `None` when switched off.
    pub(super) fn maybe(&mut self, path: &str, number: Option<&Number>) -> Option<Dist> {
        number.map(|number| self.dist(path, number))
    }

    fn ends(&mut self, path: &str, min: f64, max: f64, limits: (f64, f64)) {
        self.within(&format!("{path}[0]"), min, limits);
        self.within(&format!("{path}[1]"), max, limits);
        if min > max {
            self.fault(path, format!("expected [min, max], found min {min} above max {max}"));
        }
    }

    fn normal(&mut self, path: &str, normal: &Normal, limits: (f64, f64)) -> Dist {
        let Normal { mean, std, .. } = *normal;
        let spread = 3.0 * std.max(0.0);
        let min = normal.min.unwrap_or((mean - spread).max(limits.0).min(mean));
        let max = normal.max.unwrap_or((mean + spread).min(limits.1).max(mean));
        self.within(&format!("{path}.mean"), mean, limits);
        if std < 0.0 {
            self.fault(&format!("{path}.std"), format!("expected 0 or more, found {std}"));
        }
        if let Some(min) = normal.min {
            self.within(&format!("{path}.min"), min, limits);
        }
        if let Some(max) = normal.max {
            self.within(&format!("{path}.max"), max, limits);
        }
        if min > max {
            self.fault(path, format!("expected min up to max, found min {min} above max {max}"));
        } else if !(min..=max).contains(&mean) {
            self.fault(
                &format!("{path}.mean"),
                format!("expected a mean from min {min} to max {max}, found {mean}"),
            );
        }
        Dist::Normal { mean, std, min, max }
    }

    fn choice(&mut self, path: &str, choice: &Choice, limits: (f64, f64)) -> Dist {
        let Choice { values, weights } = choice;
        for (index, value) in values.iter().enumerate() {
            self.within(&format!("{path}.values[{index}]"), *value, limits);
        }
        if values.is_empty() {
            self.fault(&format!("{path}.values"), "expected at least one value, found an empty list");
        }
        let weights = weights.clone().unwrap_or_else(|| vec![1.0; values.len()]);
        for (index, weight) in weights.iter().enumerate() {
            self.within(&format!("{path}.weights[{index}]"), *weight, (0.0, MAX_WEIGHT));
        }
        if weights.len() != values.len() {
            let what =
                format!("expected {} weights, one for each value, found {}", values.len(), weights.len());
            self.fault(&format!("{path}.weights"), what);
        } else if !weights.is_empty() && weights.iter().all(|weight| *weight == 0.0) {
            self.fault(&format!("{path}.weights"), "expected at least one weight above 0, found only zeros");
        }
        Dist::Choice { values: values.clone(), weights }
    }

    /// A list of names: none empty, none twice, and all of them known when the known ones are given.
    pub(super) fn names(&mut self, path: &str, names: &[String], known: Option<&[&str]>) -> Vec<String> {
        let mut seen = std::collections::BTreeSet::new();
        for (index, name) in names.iter().enumerate() {
            let here = format!("{path}[{index}]");
            if name.trim().is_empty() {
                self.fault(&here, "expected a name, found an empty string");
            } else if !seen.insert(name) {
                self.fault(&here, format!("expected each name once, found {} again", quoted(name)));
            } else if let Some(known) = known.filter(|known| !known.contains(&name.as_str())) {
                let hint = match nearest(name, known) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => String::new(),
                };
                self.fault(&here, format!("expected {}, found {}{hint}", listed(known), quoted(name)));
            }
        }
        names.to_vec()
    }
}
