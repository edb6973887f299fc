//! Nothing panics, and what is accepted keeps its promises.

use diorama::config::{Override, Recipe};
use proptest::prelude::*;
use serde_json::Value;

use super::promises;

const SHELF: &str = include_str!("../../scenes/shelf.json");
const PHONE: &str = include_str!("../../scenes/shelf_phone.json");
const CORNER: &str = include_str!("../../scenes/corner_cam.json");
const CRIB: &str = include_str!("../../scenes/crib.json");

fn settle(text: &str, sets: &[Override]) -> bool {
    match Recipe::parse(text, "fuzz.json", sets) {
        Ok(recipe) => promises::hold(&recipe),
        Err(error) => {
            assert!(!error.to_string().is_empty(), "an error without words");
            return false;
        }
    }
    true
}

/// Paths to every value of a resolved config, dotted as overrides are.
fn leaves(value: &Value, path: &str, out: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(value, &below(key), out)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| leaves(value, &below(&index.to_string()), out));
        }
        _ => {}
    }
    if !path.is_empty() {
        out.push(path.to_owned());
    }
}

fn odd_value() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "[]",
            "{}",
            "0",
            "-0.0",
            "-1",
            "1",
            "1e308",
            "-1e308",
            "5e-324",
            "4096",
            "1e999",
            "NaN",
            "0.5",
            "[1,2]",
            "[2,1]",
            "[0,0]",
            "[-1e308,1e308]",
            r#"{"uniform":[0,1]}"#,
            r#"{"log_uniform":[0.3,1]}"#,
            r#"{"log_uniform":[0,1]}"#,
            r#"{"normal":{"mean":1,"std":1}}"#,
            r#"{"normal":{"mean":0,"std":1e308}}"#,
            r#"{"normal":{"mean":1,"std":0,"min":1,"max":1}}"#,
            r#"{"choice":{"values":[1,2],"weights":[1e308,1e308]}}"#,
            r#"{"choice":{"values":[1],"weights":[0]}}"#,
            r#"{"choice":{"values":[1,0.5]}}"#,
            r#"{"kannala_brandt":{}}"#,
            r#"{"pinhole":{}}"#,
            "\"\"",
            "\"sku\"",
        ])
        .prop_map(str::to_owned),
        any::<f64>().prop_map(|value| value.to_string()),
        (-20i32..60).prop_map(|value| value.to_string()),
        (0.0..1.0f64).prop_map(|value| value.to_string()),
        (0.0..2.0f64, 0.0..2.0f64).prop_map(|(a, b)| format!("{{\"uniform\":[{a},{b}]}}")),
    ]
}

/// `cargo xtask fuzz` asks for many more.
fn rounds() -> ProptestConfig {
    let cases = std::env::var("DIORAMA_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn random_text_never_panics(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        settle(&text, &[]);
        settle(&String::from_utf8_lossy(&bytes), &[]);
    }

    #[test]
    fn damaged_configs_never_panic(
        scene in prop::sample::select(vec![SHELF, PHONE, CORNER, CRIB]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}\",:0-9.eE+-]{0,3}|\\PC", 0usize..6), 1..4),
    ) {
        let mut text: Vec<char> = scene.chars().collect();
        for (at, insert, cut) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, insert.chars());
        }
        settle(&text.into_iter().collect::<String>(), &[]);
    }

    #[test]
    fn random_overrides_never_panic(text in "[a-z.=\\[\\]{}\":0-9]{0,40}|\\PC{0,40}") {
        if let Ok(set) = Override::parse(&text) {
            settle(SHELF, &[set]);
        }
    }

    #[test]
    fn whatever_is_accepted_keeps_its_promises(
        scene in prop::sample::select(vec![SHELF, PHONE, CORNER, CRIB]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), odd_value()), 1..3),
    ) {
        let resolved = Recipe::parse(scene, "fuzz.json", &[]).expect("shipped").resolved();
        let mut paths = Vec::new();
        leaves(&resolved, "", &mut paths);
        let sets: Vec<_> = edits
            .iter()
            .filter_map(|(at, value)| Override::parse(&format!("{}={value}", paths[at.index(paths.len())])).ok())
            .collect();
        settle(&resolved.to_string(), &sets);
    }
}

/// The property above would be empty if nothing were ever accepted.
#[test]
fn some_odd_values_are_accepted() {
    let sets = |text: &str| vec![Override::parse(text).expect("an override")];
    assert!(settle(SHELF, &sets("stage.shelf.mess.lying=0.5")), "a probability");
    assert!(settle(SHELF, &sets("camera.lens={\"kannala_brandt\":{}}")), "another lens");
    assert!(!settle(SHELF, &sets("stage.shelf.mess.lying=1.5")), "no probability");
}
