//! The shipped scenes and the published schema.

use std::path::{Path, PathBuf};

use diorama::config::{CategorySet, Dist, LensRecipe, Recipe, Stage, schema};
use serde_json::{Value, json};

use super::{promises, read};

fn scenes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|e| e == "json") && !path.to_string_lossy().ends_with(".schema.json")
    });
    paths.sort();
    assert!(paths.len() >= 5, "found {paths:?}");
    paths
}

#[test]
fn shipped_scenes_load_and_keep_their_promises() {
    for path in scenes() {
        let recipe = Recipe::load(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
        promises::hold(&recipe);
        assert_eq!(recipe.name, path.file_stem().unwrap().to_str().unwrap(), "named after its file");
    }
}

#[test]
fn shipped_scenes_and_resolved_configs_obey_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a schema");
    for path in scenes() {
        let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let resolved = Recipe::load(&path, &[]).unwrap().resolved();
        for value in [&written, &resolved] {
            let errors: Vec<_> =
                validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        }
        assert_eq!(written["$schema"], "./scene.schema.json", "{}: editors need it", path.display());
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a schema");
    for wrong in [
        json!({}),
        json!({"stage": {"shelf": {}}, "sed": 1}),
        json!({"stage": {"shelf": {"bays": 0}}}),
        json!({"stage": {"shelf": {"bays": "two"}}}),
        json!({"stage": {"shelf": {}}, "camera": {"fov_deg": {"uniform": [1]}}}),
        json!({"stage": {"shelf": {}}, "camera": {"fov_deg": {"unifrom": [1, 2]}}}),
        json!({"stage": {"shelf": {}}, "camera": {"lens": {"brown_conrady": {"k1": 9}}}}),
        json!({"stage": {"shelf": {}}, "chain": {"noise": false}}),
        json!({"stage": {"shelf": {}}, "chain": {"noise": {"shot": -1}}}),
        json!({"stage": {"shelf": {}}, "image": {"width": 8}}),
    ] {
        assert!(!validator.is_valid(&wrong), "the schema takes {wrong}");
        assert!(read(&wrong.to_string(), &[]).is_err(), "the reader takes {wrong}");
    }
    assert!(
        validator.is_valid(&json!({"stage": {"shelf": {}}, "chain": {"noise": null, "vignette": null}})),
        "off"
    );
}

#[test]
fn the_committed_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/scene.schema.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let current = format!("{:#}\n", schema());
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scene.schema.json");
    if committed != current {
        std::fs::write(&fresh, &current).unwrap();
    }
    assert!(
        committed == current,
        "scenes/scene.schema.json is stale: diorama schema > scenes/scene.schema.json (or copy {})",
        fresh.display()
    );
}

/// Every field of every structure is described, and every number has its limits.
#[test]
fn the_schema_documents_every_field() {
    let schema = schema();
    let mut structures: Vec<(&str, &Value)> = vec![("root", &schema)];
    structures
        .extend(schema["$defs"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)));
    let mut fields = 0;
    for (name, structure) in structures {
        let Some(properties) = structure.get("properties").and_then(Value::as_object) else { continue };
        for (key, field) in properties {
            let words = field["description"].as_str().unwrap_or_default();
            assert!(words.len() > 10 && !words.contains('\n'), "{name}.{key} has no description: {field}");
            let text = field.to_string();
            let free = ["Normal", "Choice"].contains(&name) || key == "seed";
            if !free
                && (text.contains("/Number\"") || text.contains("\"number\"") || text.contains("\"integer\""))
            {
                assert!(
                    field.get("minimum").is_some() && field.get("maximum").is_some(),
                    "{name}.{key}: {field}"
                );
            }
            fields += 1;
        }
    }
    assert!(fields > 70, "only {fields} fields were looked at");
}

#[test]
fn nothing_but_a_stage_is_needed() {
    let recipe = read(r#"{"stage": {"shelf": {}}}"#, &[]).unwrap();
    promises::hold(&recipe);
    assert_eq!((recipe.name.as_str(), recipe.seed), ("x", 0));
    assert_eq!((recipe.image.width, recipe.image.height), (640, 640));
    assert_eq!(recipe.camera.distance_m, Dist::Uniform { min: 1.2, max: 2.5 });
    assert_eq!(recipe.labels.categories, CategorySet::Product);
    assert!(recipe.chain.shake.is_none() && recipe.chain.noise.is_some(), "on a tripod, with noise");
}

#[test]
fn numbers_and_switches_are_read_as_documented() {
    let recipe = read(
        r#"{"name": "two words", "seed": 18446744073709551615, "stage": {"shelf": {"bays": 3.0, "max_products": 20.0}},
            "image": {"width": 512}, "chain": {"noise": null, "shake": {}, "vignette": {"choice": {"values": [0, 1]}}},
            "camera": {"fov_deg": {"normal": {"mean": 178, "std": 1}}, "lens": {"pinhole": {}},
            "distance_m": {"log_uniform": [1, 2]}, "roll_deg": {"normal": {"mean": 1, "std": 2, "max": 3}}},
            "light": {"presets": {"spots": 2}, "environment": "hall.HDR"}, "labels": {"extra_classes": ["gap"]}}"#,
        &[],
    )
    .unwrap();
    promises::hold(&recipe);
    assert_eq!((recipe.name.as_str(), recipe.seed, recipe.image.width), ("two words", u64::MAX, 512));
    assert_eq!(recipe.camera.fov_deg, Dist::Normal { mean: 178.0, std: 1.0, min: 175.0, max: 179.0 });
    assert_eq!(recipe.camera.roll_deg, Dist::Normal { mean: 1.0, std: 2.0, min: -5.0, max: 3.0 });
    assert_eq!(recipe.camera.distance_m, Dist::LogUniform { min: 1.0, max: 2.0 });
    assert_eq!(recipe.camera.lens, LensRecipe::Pinhole);
    assert_eq!(recipe.chain.vignette, Some(Dist::Choice { values: vec![0.0, 1.0], weights: vec![1.0, 1.0] }));
    assert!(recipe.chain.noise.is_none() && recipe.chain.shake.is_some(), "null is off, {{}} is on");
    assert_eq!(recipe.light.presets.len(), 1, "only the named kind of lighting");
    assert_eq!(recipe.light.environment.as_deref(), Some(Path::new("hall.HDR")));
    let Stage::Shelf(shelf) = &recipe.stage else { panic!("a shelf") };
    assert_eq!((&shelf.bays, shelf.max_products), (&Dist::Constant(3.0), 20));
}

#[test]
fn overrides_reach_everything() {
    let text =
        r#"{"stage": {"shelf": {}}, "chain": {"noise": null}, "camera": {"fov_deg": {"uniform": [50, 60]}}}"#;
    let sets = [
        "image.width=320",
        "camera.fov_deg.uniform.0=55",
        "chain.noise.read=0.01",
        "name=mine",
        "seed = 7",
        r#"light.presets={"spots": 1}"#,
        "chain.tone=null",
        "image.width=321",
    ];
    let recipe = read(text, &sets).unwrap();
    assert_eq!(
        (recipe.name.as_str(), recipe.seed, recipe.image.width),
        ("mine", 7, 321),
        "the last one wins"
    );
    assert_eq!(recipe.camera.fov_deg, Dist::Uniform { min: 55.0, max: 60.0 });
    assert_eq!(
        recipe.chain.noise.as_ref().map(|noise| &noise.read),
        Some(&Dist::Constant(0.01)),
        "switched on"
    );
    assert!(recipe.chain.tone.is_none(), "switched off");
    assert_eq!(recipe.light.presets.len(), 1, "only spots");
}

#[test]
fn a_resolved_config_says_everything_in_alphabetical_order() {
    let resolved = read(r#"{"stage": {"shelf": {}}}"#, &[]).unwrap().resolved();
    let text = resolved.to_string();
    assert!(text.starts_with(r#"{"camera":{"aim_right_m":{"uniform":[-0.3,0.3]}"#), "{text}");
    assert_eq!(resolved["stage"]["shelf"]["max_products"], 1200);
    assert_eq!(resolved["chain"]["shake"], Value::Null, "what is off stays off");
}

#[test]
fn environments_start_from_the_files_folder() {
    let folder = tempfile::tempdir().unwrap();
    let scene = folder.path().join("my scene.json");
    std::fs::write(&scene, r#"{"stage": {"shelf": {}}, "light": {"environment": "hall.exr"}}"#).unwrap();
    let error = Recipe::load(&scene, &[]).unwrap_err().to_string();
    assert!(error.contains(":1:51: light.environment: expected an existing file"), "{error}");
    std::fs::write(folder.path().join("hall.exr"), b"").unwrap();
    let recipe = Recipe::load(&scene, &[]).unwrap();
    assert_eq!(recipe.light.environment, Some(folder.path().join("hall.exr")));
    assert_eq!(recipe.name, "my scene");
}
