//! The averages that people quote.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::Evaluation;

/// Averages over classes; `None` where there is nothing to find (`pycocotools` writes -1).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Average precision over all thresholds.
    pub ap: Option<f64>,
    /// At an overlap of 0.50.
    pub ap50: Option<f64>,
    /// At an overlap of 0.75.
    pub ap75: Option<f64>,
    /// Average of the largest recalls over all thresholds.
    pub ar: Option<f64>,
    /// Truths to be found.
    pub truths: u64,
}

/// Scores of a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassScore {
    /// Its name.
    pub name: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
    /// Its detections that were looked at.
    pub detections: u64,
}

/// Scores of an area range or a slice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceScore {
    /// By what, as `area`.
    pub by: String,
    /// Which part, as `small`.
    pub bin: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
}

/// Precision over recall, the average of the classes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// As `IoU 0.50`.
    pub name: String,
    /// At each recall of [`Report::recalls`].
    pub precision: Vec<f64>,
}

/// Everything that is quoted of an evaluation, at the largest number of detections unless said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Of everything.
    pub all: Scores,
    /// Average recall at each number of detections a picture.
    pub ar_at: Vec<(usize, Option<f64>)>,
    /// By area as COCO has it.
    pub areas: Vec<SliceScore>,
    /// By what was asked for.
    pub slices: Vec<SliceScore>,
    /// By class.
    pub classes: Vec<ClassScore>,
    /// Recalls of the curves.
    pub recalls: Vec<f64>,
    /// At overlaps of 0.50, 0.75, and the average of all.
    pub curves: Vec<Curve>,
}

impl Evaluation {
    /// The averages, with the names of the classes.
    #[must_use]
    pub fn report(&self, names: &[String]) -> Report {
        let [_, _, classes, views, counts] = self.shape;
        let all: Vec<usize> = (0..classes).collect();
        let last = counts - 1;
        let areas = self.options.areas.len();
        let slice = |view: usize| {
            let (by, bin) = match view.checked_sub(areas) {
                None => ("area".to_owned(), self.options.areas[view].name.clone()),
                Some(slice) => self.slices[slice].clone(),
            };
            SliceScore { by, bin, scores: self.scores_of(&all, view) }
        };
        let class = |class: usize| ClassScore {
            name: names.get(class).cloned().unwrap_or_else(|| class.to_string()),
            scores: self.scores_of(&[class], 0),
            detections: self.detections[class],
        };
        let recall_at = |count: usize| (self.options.max_dets[count], self.mean_recall(&all, 0, count));
        Report {
            all: self.scores_of(&all, 0),
            ar_at: (0..counts).map(recall_at).collect(),
            areas: (0..areas).map(slice).collect(),
            slices: (areas..views).map(slice).collect(),
            classes: all.iter().map(|k| class(*k)).collect(),
            recalls: self.options.recalls.clone(),
            curves: self.curves(last),
        }
    }

    fn scores_of(&self, classes: &[usize], view: usize) -> Scores {
        let [_, _, _, views, counts] = self.shape;
        let at =
            |value: f64| self.options.threshold(value).and_then(|t| self.mean_precision(&[t], classes, view));
        let every: Vec<usize> = (0..self.shape[0]).collect();
        Scores {
            ap: self.mean_precision(&every, classes, view),
            ap50: at(0.5),
            ap75: at(0.75),
            ar: self.mean_recall(classes, view, counts - 1),
            truths: classes.iter().map(|class| self.truths[class * views + view]).sum(),
        }
    }

    /// Of classes with something to find.
    fn mean_precision(&self, thresholds: &[usize], classes: &[usize], view: usize) -> Option<f64> {
        let last = self.shape[4] - 1;
        let points = thresholds.iter().flat_map(|threshold| {
            (0..self.shape[1]).flat_map(move |recall| {
                classes
                    .iter()
                    .map(move |class| self.precision[self.point(*threshold, recall, *class, view, last)])
            })
        });
        mean(points.filter(|value| *value > -1.0))
    }

    fn mean_recall(&self, classes: &[usize], view: usize, count: usize) -> Option<f64> {
        let values = (0..self.shape[0]).flat_map(|threshold| {
            classes.iter().map(move |class| self.recall[self.place(threshold, *class, view, count)])
        });
        mean(values.filter(|value| *value > -1.0))
    }

    fn curves(&self, count: usize) -> Vec<Curve> {
        let curve = |name: &str, thresholds: &[usize]| {
            let at = |recall: usize| {
                let points = thresholds.iter().flat_map(|threshold| {
                    (0..self.shape[2])
                        .map(move |class| self.precision[self.point(*threshold, recall, class, 0, count)])
                });
                mean(points.filter(|value| *value > -1.0)).unwrap_or(0.0)
            };
            Curve { name: name.to_owned(), precision: (0..self.shape[1]).map(at).collect() }
        };
        let mut curves = Vec::new();
        for (name, value) in [("IoU 0.50", 0.5), ("IoU 0.75", 0.75)] {
            curves.extend(self.options.threshold(value).map(|threshold| curve(name, &[threshold])));
        }
        curves.push(curve("mean of all", &(0..self.shape[0]).collect::<Vec<_>>()));
        curves
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of curve points are far below 2^53")]
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn told(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = |f: &mut fmt::Formatter<'_>, title: &str| {
            writeln!(f, "{title:<32} {:>7} {:>7} {:>7} {:>7} {:>9}", "AP", "AP50", "AP75", "AR", "objects")
        };
        let row = |f: &mut fmt::Formatter<'_>, name: &str, s: &Scores| {
            let [ap, ap50, ap75, ar] = [s.ap, s.ap50, s.ap75, s.ar].map(told);
            writeln!(f, "{name:<32} {ap:>7} {ap50:>7} {ap75:>7} {ar:>7} {:>9}", s.truths)
        };
        head(f, "")?;
        row(f, "all", &self.all)?;
        for area in self.areas.iter().filter(|area| area.bin != "all") {
            row(f, &format!("{} {}", area.by, area.bin), &area.scores)?;
        }
        let mut line = String::new();
        for (count, recall) in &self.ar_at {
            // Writing to a String cannot fail.
            let _ = write!(line, "  AR@{count} {}", told(*recall));
        }
        writeln!(f, "\n{}", line.trim_start())?;
        let mut by = "";
        // Parts with nothing to find are in the JSON.
        for slice in self.slices.iter().filter(|slice| slice.scores.truths > 0) {
            if slice.by != by {
                by = &slice.by;
                writeln!(f)?;
                head(f, by)?;
            }
            row(f, &slice.bin, &slice.scores)?;
        }
        if self.classes.len() > 1 {
            writeln!(f)?;
            head(f, "class")?;
            for class in &self.classes {
                row(f, &class.name, &class.scores)?;
            }
        }
        Ok(())
    }
}
