//! Where labelled pictures come from.

use std::sync::Arc;

use rand::RngExt;

use super::{TrainError, batch::Batch, config::TrainConfig, sample::Sample};
use crate::seed::Node;

/// Which classes are learnt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only those of these names; everything else is background. All where none is named.
    pub only: Vec<String>,
    /// Whatever is learnt is one class of this name.
    pub as_one: Option<String>,
}

impl Wanted {
    /// The class as which things of this name are learnt; `None` where they are not.
    fn class<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let learnt = self.only.is_empty() || self.only.iter().any(|only| only == name);
        learnt.then(|| self.as_one.as_deref().unwrap_or(name))
    }

    /// The classes that come of these names, in order, and the place of each name's among them.
    ///
    /// # Errors
    /// When something is wanted that is not there, or nothing is.
    pub(super) fn classes<'a>(
        &'a self,
        of: &str,
        names: &[&'a str],
    ) -> Result<(Vec<String>, Vec<Option<usize>>), TrainError> {
        if let Some(missing) = self.only.iter().find(|only| !names.contains(&only.as_str())) {
            let mut there = names.to_vec();
            there.sort_unstable();
            there.dedup();
            return Err(TrainError::data(
                of,
                format!("has no class `{missing}`, expected one of {}", there.join(", ")),
            ));
        }
        let mut classes: Vec<&str> = names.iter().filter_map(|name| self.class(name)).collect();
        classes.sort_unstable();
        classes.dedup();
        if classes.is_empty() {
            return Err(TrainError::data(of, "has no class that a picture shows"));
        }
        let places = names.iter().map(|name| classes.binary_search(&self.class(name)?).ok());
        let places = places.collect();
        Ok((classes.into_iter().map(str::to_owned).collect(), places))
    }
}

/// Gives pictures by number of draw, whatever was drawn before: so a run can be resumed anywhere.
pub trait Source: Send {
    /// Names the data, for the checkpoint: a run is not resumed on other data unawares.
    fn describe(&self) -> String;

    /// Names of the classes; objects refer to them by index.
    fn classes(&self) -> &[String];

    /// Names of the keypoints that objects have; empty when they have none.
    fn keypoints(&self) -> &[String] {
        &[]
    }

    /// The picture of draw `index`; what else must be drawn is named under `node`.
    ///
    /// # Errors
    /// When there is no usable picture.
    fn draw(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError>;

    /// Any further picture that is at hand at draw `index`, for a mosaic; which one is named under `node`.
    ///
    /// # Errors
    /// When there is no usable picture.
    fn another(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError>;

    /// A batch whose pictures are made on the training device, beginning with draw `first`; `None` where this source
    /// makes none, so that its pictures are varied in memory.
    fn on_device(&mut self, config: &TrainConfig, first: u64) -> Option<Result<Batch, TrainError>> {
        let _ = (config, first);
        None
    }
}

/// A few pictures in memory, in order, again and again.
#[derive(Clone, Debug)]
pub struct Few {
    classes: Vec<String>,
    keypoints: Vec<String>,
    samples: Vec<Arc<Sample>>,
}

impl Few {
    /// These pictures.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(classes: Vec<String>, samples: Vec<Sample>) -> Result<Self, TrainError> {
        if samples.is_empty() {
            return Err(TrainError::data("pictures", "there are none: expected at least one"));
        }
        Ok(Self { classes, keypoints: Vec::new(), samples: samples.into_iter().map(Arc::new).collect() })
    }

    /// The same, with keypoints of these names.
    #[must_use]
    pub fn with_keypoints(mut self, names: &[String]) -> Self {
        self.keypoints = names.to_vec();
        self
    }
}

impl Source for Few {
    fn describe(&self) -> String {
        format!("{} pictures in memory", self.samples.len())
    }

    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn keypoints(&self) -> &[String] {
        &self.keypoints
    }

    fn draw(&mut self, index: u64, _: &Node) -> Result<Arc<Sample>, TrainError> {
        let count = self.samples.len() as u64;
        let at = usize::try_from(index % count).unwrap_or(0);
        Ok(self.samples[at].clone())
    }

    fn another(&mut self, _: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        let at = node.draw("another", |s| s.random_range(0..self.samples.len()));
        Ok(self.samples[at].clone())
    }
}

/// Several sources, each with its share of the draws.
pub struct Mix {
    parts: Vec<(f64, Box<dyn Source>)>,
}

impl std::fmt::Debug for Mix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mix({})", self.describe())
    }
}

impl Mix {
    /// These sources; shares need not sum to 1.
    ///
    /// # Errors
    /// When there is none, a share is not positive, or their classes differ.
    pub fn new(parts: Vec<(f64, Box<dyn Source>)>) -> Result<Self, TrainError> {
        let Some((_, first)) = parts.first() else {
            return Err(TrainError::setting("--data", "nothing to train on: give --scene or --data"));
        };
        for (share, part) in &parts {
            if !(share.is_finite() && *share > 0.0) {
                return Err(TrainError::setting("--share", format!("{share}: expected more than 0")));
            }
            if part.classes() != first.classes() {
                return Err(TrainError::data(
                    part.describe(),
                    format!(
                        "has the classes [{}], {} has [{}]: expected the same (--one-class NAME makes them one)",
                        part.classes().join(", "),
                        first.describe(),
                        first.classes().join(", ")
                    ),
                ));
            }
            if part.keypoints() != first.keypoints() {
                let (a, b) = (part.describe(), first.describe());
                return Err(TrainError::data(a, format!("has other keypoints than {b}: expected the same")));
            }
        }
        Ok(Self { parts })
    }

    /// The part whose turn it is.
    fn pick(&mut self, node: &Node) -> &mut dyn Source {
        let total: f64 = self.parts.iter().map(|(share, _)| share).sum();
        let mut left = total * node.draw("source", |s| s.random::<f64>());
        let mut at = 0;
        while at + 1 < self.parts.len() && left >= self.parts[at].0 {
            left -= self.parts[at].0;
            at += 1;
        }
        self.parts[at].1.as_mut()
    }
}

impl Source for Mix {
    fn describe(&self) -> String {
        let parts: Vec<String> =
            self.parts.iter().map(|(share, part)| format!("{share} of {}", part.describe())).collect();
        parts.join(", ")
    }

    fn classes(&self) -> &[String] {
        self.parts.first().map_or(&[], |(_, part)| part.classes())
    }

    fn keypoints(&self) -> &[String] {
        self.parts.first().map_or(&[], |(_, part)| part.keypoints())
    }

    fn draw(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        self.pick(node).draw(index, node)
    }

    fn another(&mut self, index: u64, node: &Node) -> Result<Arc<Sample>, TrainError> {
        self.pick(node).another(index, node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn few(name: &str, class: &str) -> Box<dyn Source> {
        let sample = Sample {
            name: name.into(),
            width: 1,
            height: 1,
            rgb: vec![0; 3],
            objects: Vec::new(),
            mirrored: Arc::default(),
        };
        Box::new(Few::new(vec![class.into()], vec![sample]).expect("one picture"))
    }

    #[test]
    fn shares_are_kept() {
        let mut mix = Mix::new(vec![(0.9, few("a", "x")), (0.1, few("b", "x"))]).expect("fits");
        let drawn = (0..2000).filter(|&i| mix.draw(i, &Seed(0).frame(i)).expect("there").name == "b").count();
        assert!((140..260).contains(&drawn), "{drawn} of 2000 from a tenth");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let said = |parts| Mix::new(parts).expect_err("refused").to_string();
        assert!(said(vec![]).contains("give --scene or --data"), "nothing");
        assert!(said(vec![(1.0, few("a", "x")), (1.0, few("b", "y"))]).contains("[y]"), "other classes");
        assert!(said(vec![(0.0, few("a", "x"))]).contains("--share: 0"), "no share");
    }
}
