//! Overrides from the command line: `--set camera.fov_deg=60`.

use super::error::ConfigError;
use super::fault::{Step, spelled};
use super::json::{self, Data, Entry, Node, Origin};

/// Deepest path of an override; no field lies deeper than a handful.
const MAX_STEPS: usize = 32;

/// One field set to one value, over whatever the file says.
#[derive(Clone, Debug)]
pub struct Override {
    text: String,
    path: Vec<Step>,
    value: Node,
}

impl Override {
    /// Reads `path=value`. The path is dotted, list items by their index (`camera.fov_deg.uniform.0`); the value is
    /// read as JSON, or taken as a string when it is none.
    ///
    /// # Errors
    /// [`ConfigError::Override`] when there is no `=`, when the path has an empty part or is too long, or when the
    /// value starts like JSON but is broken.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |what: String| ConfigError::Override { text: text.chars().take(200).collect(), what };
        let Some((path, value)) = text.split_once('=') else {
            return Err(wrong("expected PATH=VALUE, as in image.width=320; found no `=`".into()));
        };
        let parts: Vec<&str> = path.trim().split('.').map(str::trim).collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(wrong(
                "expected a dotted path before the `=`, as in image.width; found an empty part".into(),
            ));
        }
        if parts.len() > MAX_STEPS {
            return Err(wrong(format!(
                "expected a path of at most {MAX_STEPS} parts, found {}",
                parts.len()
            )));
        }
        let path = parts.into_iter().map(|part| Step::Key(part.to_owned())).collect();
        let value = match json::parse(value, |_, _| Origin::Set(0), 0) {
            Ok(node) => node,
            Err(fault) if value.trim_start().starts_with(['{', '[', '"']) => {
                return Err(wrong(format!("after the `=`: {fault}")));
            }
            Err(_) => Node { origin: Origin::Set(0), data: Data::Text(value.to_owned()) },
        };
        Ok(Self { text: text.to_owned(), path, value })
    }

    /// The override as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts the value into the tree, creating the objects on the way (also in place of a null, which is 'off').
    pub(super) fn apply(&self, root: &mut Node, index: usize) -> Result<(), ConfigError> {
        let wrong = |done: usize, what: String| ConfigError::Override {
            text: self.text.clone(),
            what: format!("{}: {what}", spelled(&self.path[..done])),
        };
        let origin = Origin::Set(index);
        let mut node = root;
        for (done, step) in self.path.iter().enumerate() {
            let Step::Key(key) = step else { continue };
            let words = node.words();
            if matches!(node.data, Data::Null) {
                *node = Node { origin, data: Data::Object(Vec::new()) };
            }
            node = match &mut node.data {
                Data::Object(entries) => {
                    let at = entries.iter().position(|entry| entry.key == *key).unwrap_or(entries.len());
                    if at == entries.len() {
                        let value = Node { origin, data: Data::Null };
                        entries.push(Entry { key: key.clone(), origin, value });
                    }
                    &mut entries[at].value
                }
                Data::List(items) => {
                    let length = items.len();
                    match key.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
                        Some(item) => item,
                        None => {
                            let what =
                                format!("expected an index below {length} into the list, found `{key}`");
                            return Err(wrong(done, what));
                        }
                    }
                }
                _ => {
                    let what = format!("expected an object to set `{key}` in, found {words}");
                    return Err(wrong(done, what));
                }
            };
        }
        *node = self.value.clone();
        stamp(node, origin);
        Ok(())
    }
}

pub(super) fn stamp(node: &mut Node, origin: Origin) {
    node.origin = origin;
    match &mut node.data {
        Data::List(items) => items.iter_mut().for_each(|item| stamp(item, origin)),
        Data::Object(entries) => {
            for entry in entries {
                entry.origin = origin;
                stamp(&mut entry.value, origin);
            }
        }
        _ => {}
    }
}
