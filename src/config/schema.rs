//! The JSON Schema of scene configs, for editors and for anyone's validator.

use serde_json::{Map, Number, Value};

use super::limits::LIMITS;
use super::written;

/// JSON Schema (2020-12) of a scene config, with every field's description, default and limits. It is committed as
/// `scenes/scene.schema.json`.
#[must_use]
pub fn schema() -> Value {
    let mut root = schemars::schema_for!(written::Scene).to_value();
    // Every structure is used at one path only, so that limits can be written into its definition; a distribution's
    // constants obey the limits beside its reference, since minimum and maximum only concern numbers.
    for (path, min, max) in LIMITS {
        let keys: Vec<&str> = path.split('.').collect();
        let done = limit(&mut root, &keys, *min, *max);
        debug_assert!(done, "{path} is in the table of limits and not in the schema");
    }
    flatten_descriptions(&mut root);
    if let Value::Object(root) = &mut root {
        root.insert("title".into(), "Diorama scene config".into());
    }
    canonical(root)
}

/// Follows `keys` from the root through references and alternatives; whether they lead anywhere.
fn limit(root: &mut Value, keys: &[&str], min: f64, max: f64) -> bool {
    let mut here = String::new();
    for (depth, key) in keys.iter().enumerate() {
        let Some(found) = candidates(root, &here).into_iter().find_map(|at| {
            let next = format!("{at}/properties/{key}");
            root.pointer(&next).is_some().then_some(next)
        }) else {
            return false;
        };
        here = found;
        if depth + 1 == keys.len()
            && let Some(Value::Object(field)) = root.pointer_mut(&here)
        {
            bound(field, min, max);
            return true;
        }
    }
    false
}

/// Pointers to a schema itself, what it refers to, and its alternatives.
fn candidates(root: &Value, at: &str) -> Vec<String> {
    let mut out = vec![at.to_owned()];
    let mut next = 0;
    while let Some(at) = out.get(next).cloned() {
        next += 1;
        let Some(node) = root.pointer(&at) else { continue };
        if let Some(to) = node.get("$ref").and_then(Value::as_str) {
            out.push(to.trim_start_matches('#').to_owned());
        }
        for kind in ["anyOf", "oneOf", "allOf"] {
            let count = node.get(kind).and_then(Value::as_array).map_or(0, Vec::len);
            out.extend((0..count).map(|index| format!("{at}/{kind}/{index}")));
        }
    }
    out
}

fn bound(field: &mut Map<String, Value>, min: f64, max: f64) {
    if max < 1e18 {
        field.insert("minimum".into(), number(min));
        field.insert("maximum".into(), number(max));
        let words = field.get("description").and_then(Value::as_str).unwrap_or_default();
        let words = format!("{words} Values: {min} to {max}.");
        field.insert("description".into(), words.into());
    }
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

pub(super) fn flatten_descriptions(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(flatten_descriptions),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "description" => {
                        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    }
                    _ => flatten_descriptions(value),
                }
            }
        }
        _ => {}
    }
}

/// Keys in alphabetical order, whichever features of `serde_json` are on; whole floats as integers.
pub(super) fn canonical(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.into_iter().map(|(key, value)| (key, canonical(value))).collect()
        }
        Value::Number(ref number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() < 1e15 => {
                (whole as i64).into()
            }
            _ => value,
        },
        other => other,
    }
}
