//! Reading configs, and writing them back with every default filled in.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::check::Check;
use super::error::{ConfigError, Source};
use super::fault::{Fault, steps};
use super::json::{self, Origin};
use super::{Override, Recipe, Stage, document, meant, resolve, schema, written};

/// Longest config, bytes. Hand-written ones have a few thousand.
const MAX_BYTES: u64 = 1 << 20;

impl Recipe {
    /// Reads a config file, with overrides put over it. A relative path in the file (`light.environment`, a
    /// catalogue, a planogram, a model) starts from the file's folder, one in an override from the working directory; it must be
    /// a file.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8 text or longer than 1 MiB, or has mistakes.
    pub fn load(path: &Path, overrides: &[Override]) -> Result<Self, ConfigError> {
        if path.is_dir() {
            let expected = "a scene config file, found a folder".into();
            return Err(ConfigError::NotText { path: path.to_owned(), expected });
        }
        let text = document::text(path, "a scene config", MAX_BYTES)?;
        read(&text, &path.display().to_string(), overrides, path.parent())
    }

    /// Reads a config's text, with overrides put over it. `name` is what mistakes call the text, and stands in for
    /// a scene name not given. Paths in it stay as they are written.
    ///
    /// # Errors
    /// When there are mistakes.
    pub fn parse(text: &str, name: &str, overrides: &[Override]) -> Result<Self, ConfigError> {
        read(text, name, overrides, None)
    }

    /// Reads what [`Self::resolved`] gave, for instance from a dataset's manifest.
    ///
    /// # Errors
    /// When there are mistakes; they count lines in the value as it is printed in full.
    pub fn from_resolved(value: &Value) -> Result<Self, ConfigError> {
        Self::parse(&format!("{value:#}"), "resolved config", &[])
    }

    /// The recipe in the form of a config, every default filled in, keys in alphabetical order. Reading it again
    /// gives an equal recipe.
    #[must_use]
    pub fn resolved(&self) -> Value {
        schema::canonical(serde_json::to_value(resolve::written(self)).unwrap_or_default())
    }
}

fn read(
    text: &str,
    name: &str,
    overrides: &[Override],
    folder: Option<&Path>,
) -> Result<Recipe, ConfigError> {
    let source = Source { name, text, overrides };
    let mut root = json::parse(text, |at, _| Origin::Text(at), 0)
        .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, None)]))?;
    for (index, set) in overrides.iter().enumerate() {
        set.apply(&mut root, index)?;
    }
    super::preset::fill_in(&mut root);
    let scene = written::Scene::deserialize(&root)
        .map_err(|fault| ConfigError::Mistakes(vec![source.mistake(&fault, Some(&root))]))?;
    let mut check = Check::new(&root);
    let mut recipe = meant::recipe(&scene, name, &mut check);
    if let Some(folder) = folder {
        let mut named = vec![("light.environment", &mut recipe.light.environment)];
        match &mut recipe.stage {
            Stage::Shelf(shelf) => named.extend([
                ("stage.shelf.catalogue", &mut shelf.catalogue),
                ("stage.shelf.planogram", &mut shelf.planogram),
            ]),
            Stage::Crib(crib) => named.extend([
                ("stage.crib.own.infant", &mut crib.own.infant),
                ("stage.crib.own.infant_map", &mut crib.own.infant_map),
                ("stage.crib.own.crib", &mut crib.own.crib),
                ("stage.crib.own.crib_map", &mut crib.own.crib_map),
            ]),
        }
        for (at, path) in named {
            let Some(path) = path else { continue };
            if matches!(root.get(&steps(at)).map(|node| node.origin), Some(Origin::Text(_))) {
                *path = folder.join(&*path);
            }
            if !path.is_file() {
                check.fault(at, format!("expected an existing file, found none at {}", path.display()));
            }
        }
    }
    if check.faults.is_empty() {
        return Ok(recipe);
    }
    let place = |fault: &Fault| source.mistake(fault, Some(&root));
    Err(ConfigError::Mistakes(check.faults.iter().map(place).collect()))
}
