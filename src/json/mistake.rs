//! A mistake in something that a person wrote, ready to be shown.

use std::fmt;

/// One mistake in a file or in an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it was written.
    pub place: Place,
    /// JSON path, as `camera.fov_deg.uniform[1]`, or a table's column; empty for the whole.
    pub path: String,
    /// What was expected, and what was found.
    pub what: String,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    File {
        /// Its name.
        name: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// In a row of a table; its column is the mistake's path.
    Row {
        /// The file's name.
        name: String,
        /// The line that the row begins on, from 1; 1 is the heading.
        line: usize,
    },
    /// In an override.
    Override {
        /// As it was written.
        text: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line, column } => write!(f, "{name}:{line}:{column}"),
            Self::Row { name, line } => write!(f, "{name}:{line}"),
            Self::Override { text } => write!(f, "--set {text}"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, path, what } = self;
        if path.is_empty() { write!(f, "{place}: {what}") } else { write!(f, "{place}: {path}: {what}") }
    }
}
