//! Scene configs, from text to recipe and back.
#![allow(clippy::unwrap_used, clippy::missing_assert_message, reason = "tests state what they expect")]

mod bad_input;
mod fuzz;
mod promises;
mod shipped;

use diorama::config::{ConfigError, Override, Recipe};

/// Reads a config called `x.json` with overrides.
fn read(text: &str, sets: &[&str]) -> Result<Recipe, ConfigError> {
    let sets = sets.iter().map(|set| Override::parse(set)).collect::<Result<Vec<_>, _>>()?;
    Recipe::parse(text, "x.json", &sets)
}
