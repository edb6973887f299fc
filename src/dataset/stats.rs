//! What is in a dataset: how many, how large, how visible, of which classes.

use std::{collections::BTreeMap, fmt, path::Path};

use serde::Serialize;

use super::{Dataset, DatasetError};
use crate::{
    truth::InstanceTruth,
    write::{Admission, CocoFile, Manifest},
};

/// Bars of a histogram.
const BARS: usize = 30;

/// How a quantity is spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// What is measured, with its unit.
    pub name: String,
    /// How many values.
    pub count: u64,
    /// Mean; 0 when there are no values.
    pub mean: f64,
    /// 5th, 25th, 50th, 75th and 95th percentile (nearest rank); zeros when there are no values.
    pub percentiles: [f64; 5],
    /// Left edge of the first bar, and right edge of the last.
    pub range: [f64; 2],
    /// Values per bar; bars are equally wide.
    pub bars: Vec<u64>,
}

impl Histogram {
    /// Of these values. Costs their sorting.
    #[must_use]
    pub fn of(name: &str, mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let mut bars = vec![0; BARS];
        let (Some(&first), Some(&last)) = (values.first(), values.last()) else {
            let empty = [0.0; 5];
            return Self {
                name: name.to_owned(),
                count: 0,
                mean: 0.0,
                percentiles: empty,
                range: [0.0, 0.0],
                bars,
            };
        };
        let width = (last - first).max(f64::MIN_POSITIVE);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "indices of a sorted list"
        )]
        {
            for value in &values {
                bars[(((value - first) / width * BARS as f64) as usize).min(BARS - 1)] += 1;
            }
            let rank = |share: f64| values[((share * values.len() as f64).ceil() as usize).max(1) - 1];
            Self {
                name: name.to_owned(),
                count: values.len() as u64,
                mean: values.iter().sum::<f64>() / values.len() as f64,
                percentiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(rank),
                range: [first, last],
                bars,
            }
        }
    }
}

/// Which instances are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// All that the truth records know.
    All,
    /// Those that a detector is asked for: what the label policy writes into the COCO file as ordinary annotations.
    Annotations,
}

/// What is in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stats {
    /// Pictures.
    pub frames: u64,
    /// Counted instances with at least one visible pixel (virtual ones: with an outline inside the frame).
    pub visible: u64,
    /// Counted instances that are completely hidden or outside of the frame.
    pub hidden: u64,
    /// Spread of objects per picture, box sizes and shape, visibility, distance.
    pub histograms: Vec<Histogram>,
    /// Visible instances per class, most first, then by name.
    pub classes: Vec<(String, u64)>,
    /// Visible instances per category of the label policy, most first, then by name.
    pub categories: Vec<(String, u64)>,
}

#[derive(Default)]
struct Values {
    per_frame: Vec<f64>,
    width: Vec<f64>,
    height: Vec<f64>,
    area: Vec<f64>,
    aspect: Vec<f64>,
    visibility: Vec<f64>,
    distance: Vec<f64>,
}

/// Counts what is in a dataset, whole or in progress. Of a dataset without a label policy nothing is an annotation.
///
/// # Errors
/// When it cannot be read.
pub fn stats(dir: &Path, counted: Counted) -> Result<Stats, DatasetError> {
    let dataset = Dataset::open(dir)?;
    let mut values = Values::default();
    let (mut frames, mut visible, mut hidden) = (0, 0, 0);
    let (mut classes, mut categories) = (BTreeMap::new(), BTreeMap::new());
    for truth in dataset.frames()? {
        let truth = truth?;
        frames += 1;
        let size = truth.camera.intrinsics.size;
        let mut objects = 0u32;
        let asked =
            |instance: &&InstanceTruth| counted == Counted::All || annotated(dataset.manifest(), instance);
        for instance in truth.instances.iter().filter(asked) {
            let Some(bbox) = instance.bbox else {
                hidden += 1;
                continue;
            };
            visible += 1;
            objects += 1;
            let (width, height) = (f64::from(size.width), f64::from(size.height));
            values.width.push(100.0 * bbox.w / width);
            values.height.push(100.0 * bbox.h / height);
            values.area.push(100.0 * bbox.area() / (width * height));
            values.aspect.push(bbox.w / bbox.h.max(f64::MIN_POSITIVE));
            values.visibility.push(instance.visibility);
            values.distance.push(instance.distance_m);
            *classes.entry(instance.class.clone()).or_insert(0) += 1;
            if let Some(name) = category(dataset.manifest(), instance) {
                *categories.entry(name).or_insert(0) += 1;
            }
        }
        values.per_frame.push(f64::from(objects));
    }
    let histograms = vec![
        Histogram::of("objects per picture", values.per_frame),
        Histogram::of("box width, % of the picture's", values.width),
        Histogram::of("box height, % of the picture's", values.height),
        Histogram::of("box area, % of the picture's", values.area),
        Histogram::of("box width / height", values.aspect),
        Histogram::of("visibility", values.visibility),
        Histogram::of("distance, m", values.distance),
    ];
    Ok(Stats {
        frames,
        visible,
        hidden,
        histograms,
        classes: ranked(classes),
        categories: ranked(categories),
    })
}

fn annotated(manifest: &Manifest, instance: &InstanceTruth) -> bool {
    let admitted = |policy: &crate::write::Policy| policy.admit(instance) == Admission::Annotation;
    category(manifest, instance).is_some() && manifest.policy.as_ref().is_some_and(admitted)
}

fn category(manifest: &Manifest, instance: &InstanceTruth) -> Option<String> {
    let policy = manifest.policy.as_ref()?;
    Some(policy.category(CocoFile::Instances, &instance.class, instance.role, &instance.facts)?.name)
}

fn ranked(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut list: Vec<_> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} pictures, {} visible instances, {} hidden", self.frames, self.visible, self.hidden)?;
        writeln!(
            f,
            "\n{:<32} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "", "mean", "5%", "25%", "50%", "75%", "95%"
        )?;
        for histogram in &self.histograms {
            write!(f, "{:<32} {:>9.3}", histogram.name, histogram.mean)?;
            for value in histogram.percentiles {
                write!(f, " {value:>9.3}")?;
            }
            writeln!(f)?;
        }
        for (title, list) in [("class", &self.classes), ("category", &self.categories)] {
            if !list.is_empty() {
                writeln!(f, "\n{title:<32} {:>9}", "instances")?;
                for (name, count) in list {
                    writeln!(f, "{name:<32} {count:>9}")?;
                }
            }
        }
        Ok(())
    }
}
