//! Truth divided by facts: is it the hidden ones that are missed, the far ones, those in bad light?
//!
//! In a slice, only its own truths are to be found; the others are ignored, so that finding them is no mistake. What a
//! detection of nothing belongs to depends on the fact. Its size is its own, so that it counts in the slice of its
//! size. Its picture is known, so that it counts with its picture. But nobody can say how visible or how far away
//! something is that is not there: so it counts in every slice by such a fact (the protocol of the `CityPersons`
//! benchmark), and these slices tell recall apart better than precision.

use std::{collections::BTreeMap, sync::Arc};

use super::{Detection, Truth};

/// A part of the truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// By what it was divided, as `visibility`.
    pub by: String,
    /// Which part, as `0.50 to 0.75`.
    pub bin: String,
    /// What belongs to it.
    pub view: View,
}

/// What belongs to a part.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Areas in this range, both ends included, square pixels.
    Area([f64; 2]),
    /// Sizes (square root of the area, pixels) in this range, its end excluded.
    Size([f64; 2]),
    /// For each picture and truth the number of its part; and the number of this one.
    Truths(Arc<Vec<Vec<Option<usize>>>>, usize),
    /// For each picture the number of its part; and the number of this one.
    Pictures(Arc<Vec<Option<usize>>>, usize),
}

/// A fact of something.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
}

/// Whose facts they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// Of each truth of each picture.
    Truths(Vec<Vec<Option<Value>>>),
    /// Of each picture.
    Pictures(Vec<Option<Value>>),
}

/// Words that get a slice of their own; rarer ones share `other`.
const WORDS: usize = 12;

impl View {
    pub(super) fn picture(&self, picture: usize) -> bool {
        match self {
            Self::Pictures(parts, part) => parts.get(picture) == Some(&Some(*part)),
            _ => true,
        }
    }

    pub(super) fn truth(&self, picture: usize, place: usize, truth: &Truth) -> bool {
        match self {
            Self::Area([low, high]) => (*low..=*high).contains(&truth.area),
            Self::Size([low, high]) => (*low..*high).contains(&truth.area.sqrt()),
            Self::Truths(parts, part) => {
                parts.get(picture).and_then(|parts| parts.get(place)) == Some(&Some(*part))
            }
            Self::Pictures(..) => true,
        }
    }

    pub(super) fn detection(&self, detection: &Detection) -> bool {
        match self {
            Self::Area([low, high]) => (*low..=*high).contains(&detection.area),
            Self::Size([low, high]) => (*low..*high).contains(&detection.area.sqrt()),
            Self::Truths(..) | Self::Pictures(..) => true,
        }
    }
}

/// Slices by size in pixels (square root of the area) between `edges`.
#[must_use]
pub fn by_size(edges: &[f64]) -> Vec<Slice> {
    let slice = |pair: &[f64]| Slice {
        by: "size_px".to_owned(),
        bin: range(pair[0], pair[1]),
        view: View::Size([pair[0], pair[1]]),
    };
    edges.windows(2).map(slice).collect()
}

/// Slices by a fact. Numbers are divided at `edges`, each part without its upper edge but for the last; without
/// edges, into four parts of about as many truths (or pictures) each. Words are divided as they are. What
/// has no such fact is in no slice; without any fact there are none.
#[must_use]
pub fn by_fact(name: &str, facts: Facts, edges: Option<&[f64]>) -> Vec<Slice> {
    let all: Vec<&Value> = match &facts {
        Facts::Truths(values) => values.iter().flatten().flatten().collect(),
        Facts::Pictures(values) => values.iter().flatten().collect(),
    };
    let mut numbers: Vec<f64> = all.iter().filter_map(|value| value.number()).collect();
    numbers.sort_by(f64::total_cmp);
    let bins = if numbers.is_empty() {
        Bins::Words(frequent(&all))
    } else {
        Bins::Edges(edges.map_or_else(|| quartiles(&numbers), <[f64]>::to_vec))
    };
    let place = |value: Option<&Value>| value.and_then(|value| bins.place(value));
    let views: Box<dyn Fn(usize) -> View> = match facts {
        Facts::Truths(values) => {
            let parts = values.iter().map(|row| row.iter().map(|value| place(value.as_ref())).collect());
            let parts = Arc::new(parts.collect());
            Box::new(move |part| View::Truths(Arc::clone(&parts), part))
        }
        Facts::Pictures(values) => {
            let parts = Arc::new(values.iter().map(|value| place(value.as_ref())).collect());
            Box::new(move |part| View::Pictures(Arc::clone(&parts), part))
        }
    };
    let names = bins.names().into_iter().enumerate();
    names.map(|(part, bin)| Slice { by: name.to_owned(), bin, view: views(part) }).collect()
}

enum Bins {
    Edges(Vec<f64>),
    Words(Vec<String>),
}

impl Bins {
    fn place(&self, value: &Value) -> Option<usize> {
        match (self, value) {
            (Self::Edges(edges), Value::Number(number)) => {
                let last = edges.len().checked_sub(2)?;
                let part = edges.partition_point(|edge| edge <= number).checked_sub(1)?;
                let at_the_end = part == last + 1 && edges.last() == Some(number);
                if at_the_end { Some(last) } else { (part <= last).then_some(part) }
            }
            (Self::Words(words), Value::Word(word)) => {
                let known = words.iter().position(|known| known == word);
                known.or_else(|| words.iter().position(|known| known == OTHER))
            }
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Edges(edges) => edges.windows(2).map(|pair| range(pair[0], pair[1])).collect(),
            Self::Words(words) => words.clone(),
        }
    }
}

const OTHER: &str = "other";

/// The most frequent words, then by the alphabet; `other` last where there are more.
fn frequent(values: &[&Value]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        if let Value::Word(word) = value {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let more = ranked.len() > WORDS;
    let mut words: Vec<String> = ranked.into_iter().take(WORDS).map(|(word, _)| word.to_owned()).collect();
    if more && !words.iter().any(|word| word == OTHER) {
        words.push(OTHER.to_owned());
    }
    words
}

/// Edges of four parts with about as many values each; fewer where values repeat.
fn quartiles(sorted: &[f64]) -> Vec<f64> {
    let at = |quarter: usize| sorted[(sorted.len() - 1) * quarter / 4];
    let mut edges: Vec<f64> = (0..=4).map(at).collect();
    edges.dedup();
    if edges.len() == 1 {
        edges.push(edges[0]);
    }
    edges
}

fn range(low: f64, high: f64) -> String {
    let told = |value: f64| {
        if value == value.trunc() && value.abs() < 1e6 { format!("{value}") } else { format!("{value:.2}") }
    };
    if high.is_infinite() {
        format!("{} and more", told(low))
    } else {
        format!("{} to {}", told(low), told(high))
    }
}

impl Value {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }
}
