//! A JSON file that stands beside a config, such as a planogram or a map.

use std::{fs::File, io::Read, path::Path};

use serde::de::DeserializeOwned;

use super::{
    ConfigError,
    error::Source,
    fault::{Fault, steps},
    json::{self, Node, Origin, line_column},
};
use crate::json::Mistake;

/// A JSON file as read, which can still say where in it something is wrong.
#[derive(Clone, Debug)]
pub(super) struct Document {
    name: String,
    text: String,
    root: Node,
}

impl Document {
    /// Reads a text's content; `name` is what mistakes call it.
    ///
    /// # Errors
    /// When it is no JSON, or not of the content's shape.
    pub(super) fn parse<T: DeserializeOwned>(text: String, name: &str) -> Result<(T, Self), ConfigError> {
        let source = Source { name, text: &text, overrides: &[] };
        let root = json::parse(&text, |at, _| Origin::Text(at), 0)
            .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, None)]))?;
        let read = T::deserialize(&root)
            .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, Some(&root))]))?;
        Ok((read, Self { name: name.to_owned(), text, root }))
    }

    /// Whether somebody wrote something at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.root.get(&steps(path)).is_some()
    }

    /// A mistake at a path, or at the nearest thing round it that somebody wrote.
    pub(super) fn mistake(&self, fault: &Fault) -> Mistake {
        Source { name: &self.name, text: &self.text, overrides: &[] }.mistake(fault, Some(&self.root))
    }

    /// # Errors
    /// When there are faults.
    pub(super) fn without(&self, faults: &[Fault]) -> Result<(), ConfigError> {
        if faults.is_empty() {
            return Ok(());
        }
        Err(ConfigError::Mistakes(faults.iter().map(|fault| self.mistake(fault)).collect()))
    }
}

/// Reads a small text file whole; `what` is what it should be.
pub(super) fn text(path: &Path, what: &str, max_bytes: u64) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let not_text = |expected: String| ConfigError::NotText { path: path.to_owned(), expected };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // Bounded, because the path may name a device that never ends.
    file.take(max_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > max_bytes {
        return Err(not_text(format!("{what} of at most {max_bytes} bytes, found more")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good =
            String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let (line, column) = line_column(&good, good.len());
        not_text(format!("UTF-8 text, found a byte that is none at {line}:{column}"))
    })
}
