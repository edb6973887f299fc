//! What is wrong with a config, and where.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::fault::{Fault, Spot, Step, spelled};
use super::json::{Data, Node, Origin, line_column};
use super::set::Override;
use crate::json::{Mistake, Place};

/// Why a config could not be read.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file could not be opened or read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no text that could be a config.
    #[error("{}: expected {expected}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What was expected, and what was found.
        expected: String,
    },
    /// An override makes no sense by itself, or does not fit the file.
    #[error("--set {text}: {what}")]
    Override {
        /// The override as written.
        text: String,
        /// What was expected, and what was found.
        what: String,
    },
    /// The config has mistakes: at least one, in the order in which they were found; one line each.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Mistakes(Vec<Mistake>),
}

/// What mistakes point into.
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) overrides: &'a [Override],
}

impl Source<'_> {
    /// Places a fault: at what it is about, or at the nearest thing round it that somebody wrote.
    pub(super) fn mistake(&self, fault: &Fault, root: Option<&Node>) -> Mistake {
        let path = fault.path();
        let mut note = String::new();
        let origin = match (fault.spot, root) {
            (Spot::Offset(at), _) => Origin::Text(at),
            (_, None) => Origin::Text(0),
            (spot, Some(root)) => {
                let origin = nearest_origin(root, &path, spot);
                if let (Origin::Text(_), Some(index)) = (origin, root.get(&path).and_then(set_inside)) {
                    note =
                        self.overrides.get(index).map_or(note, |set| format!(" (with --set {})", set.text()));
                }
                origin
            }
        };
        let place = match origin {
            Origin::Set(index) => {
                Place::Override { text: self.overrides.get(index).map_or("", Override::text).to_owned() }
            }
            Origin::Text(at) => {
                let (line, column) = line_column(self.text, at);
                Place::File { name: self.name.to_owned(), line, column }
            }
        };
        Mistake { place, path: spelled(&path), what: format!("{}{note}", fault.what) }
    }
}

fn nearest_origin(root: &Node, path: &[Step], spot: Spot) -> Origin {
    if let (Spot::Key, Some((Step::Key(last), above))) = (spot, path.split_last())
        && let Some(Data::Object(entries)) = root.get(above).map(|node| &node.data)
        && let Some(entry) = entries.iter().find(|entry| entry.key == *last)
    {
        return entry.origin;
    }
    (0..=path.len()).rev().find_map(|end| root.get(&path[..end])).unwrap_or(root).origin
}

fn set_inside(node: &Node) -> Option<usize> {
    match (&node.origin, &node.data) {
        (Origin::Set(index), _) => Some(*index),
        (_, Data::List(items)) => items.iter().find_map(set_inside),
        (_, Data::Object(entries)) => entries.iter().find_map(|entry| set_inside(&entry.value)),
        _ => None,
    }
}
