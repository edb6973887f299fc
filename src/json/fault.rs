//! A mistake while it is on its way up: what is wrong, and the path below the current value.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

use super::tree::quoted;

/// One step down a JSON tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// What of the place a mistake points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Value,
    Key,
    /// Byte offset in the text, for mistakes of syntax.
    Offset(usize),
}

/// A mistake; `steps` are innermost first until it has reached the root.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) steps: Vec<Step>,
    pub(crate) spot: Spot,
    pub(crate) what: String,
}

impl Fault {
    pub(crate) fn here(what: impl Into<String>) -> Self {
        Self { steps: Vec::new(), spot: Spot::Value, what: what.into() }
    }

    pub(crate) fn offset(at: usize, what: impl Into<String>) -> Self {
        Self { spot: Spot::Offset(at), ..Self::here(what) }
    }

    pub(crate) fn at(path: &str, what: impl Into<String>) -> Self {
        let mut steps = steps(path);
        steps.reverse();
        Self { steps, ..Self::here(what) }
    }

    #[must_use]
    pub(crate) fn inside(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Steps from the root.
    pub(crate) fn path(&self) -> Vec<Step> {
        self.steps.iter().rev().cloned().collect()
    }
}

/// Splits `stage.shelf.bays.uniform[1]` into its steps. For paths written in our own code only.
pub(crate) fn steps(path: &str) -> Vec<Step> {
    path.split('.')
        .flat_map(|part| {
            let mut pieces = part.split('[');
            let key = pieces.next().map(|key| Step::Key(key.to_owned()));
            key.into_iter()
                .chain(pieces.filter_map(|p| p.trim_end_matches(']').parse().ok().map(Step::Index)))
        })
        .collect()
}

/// Writes steps as `stage.shelf.bays.uniform[1]`; keys that would confuse are quoted.
pub(crate) fn spelled(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(index) => out.push_str(&format!("[{index}]")),
            Step::Key(key) => {
                let plain = !key.is_empty()
                    && key.len() <= 60
                    && key.chars().all(|c| c.is_ascii_alphanumeric() || "_$-".contains(c));
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(&if plain { key.clone() } else { quoted(key) });
            }
        }
    }
    out
}

/// The nearest of `known` when it is near enough to be a slip of the pen.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    // Hostile keys may be a megabyte long, and the distance costs the product of the lengths.
    let word: String = word.chars().take(64).collect::<String>().to_lowercase();
    known
        .iter()
        .map(|candidate| (candidate.to_lowercase(), *candidate))
        .map(|(plain, candidate)| (strsim::normalized_damerau_levenshtein(&word, &plain), plain, candidate))
        .filter(|(likeness, plain, _)| *likeness >= 0.5 || (word.len() >= 3 && plain.contains(&word)))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, _, candidate)| candidate)
}

/// `a`, `b` or `c`.
pub(crate) fn listed(words: &[&str]) -> String {
    let ticked: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match ticked.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn unknown(kind: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("unknown {kind} {}; did you mean `{near}`?", quoted(word)),
        None => format!("unknown {kind} {}; expected {}", quoted(word), listed(known)),
    }
}

fn wanted(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "u64" => format!("a whole number from 0 to {}", u64::MAX),
        "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "an array of length 2" => "a list of two numbers".to_owned(),
        _ if words.starts_with("struct ") => "an object".to_owned(),
        _ => words,
    }
}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Str(text) => quoted(text),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::here(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::here(format!("expected {}, found {}", wanted(expected), found(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::here(format!("expected {}, found {length} of them", wanted(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::here(unknown("kind", variant, expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::here(unknown("key", field, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::here(format!("expected the key `{field}`, which has no default"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::here(format!("expected the key `{field}` once"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_as_they_are_spelled() {
        for path in ["camera", "camera.fov_deg.uniform[1]", "a[0][12].b"] {
            assert_eq!(spelled(&steps(path)), path);
        }
        assert_eq!(spelled(&[Step::Key("a b".into()), Step::Index(0)]), "\"a b\"[0]");
    }

    #[test]
    fn slips_find_their_word_and_strangers_do_not() {
        let known = ["fov_deg", "distance_m", "lens"];
        assert_eq!(nearest("fov", &known), Some("fov_deg"));
        assert_eq!(nearest("Lense", &known), Some("lens"));
        assert_eq!(nearest("distance", &known), Some("distance_m"));
        assert_eq!(nearest("weather", &known), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), &known), None);
    }
}
