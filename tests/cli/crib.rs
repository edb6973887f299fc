//! The crib from end to end: wholes, keypoints, what is measured.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use super::exits;

const SIZE: [&str; 4] = ["--set", "image.width=240", "--set", "image.height=180"];

fn dataset(out: &Path, scenario: &str) -> Value {
    let only = format!("stage.crib.scenarios={{\"{scenario}\": 1}}");
    let out = out.to_str().expect("a plain path");
    let mut arguments = vec!["generate", "scenes/crib.json", "--frames", "4", "--out", out, "--set", &only];
    arguments.extend(SIZE);
    arguments.extend(["--set", "outputs.instance_ids=true"]);
    exits(0, &arguments);
    exits(0, &["verify", out]);
    let text = fs::read_to_string(Path::new(out).join("annotations.json")).expect("it is there");
    serde_json::from_str(&text).expect("JSON")
}

/// Annotations of a class.
fn of<'a>(coco: &'a Value, class: &str) -> Vec<&'a Value> {
    let all = coco["annotations"].as_array().expect("a list");
    all.iter().filter(|annotation| annotation["class"] == class).collect()
}

#[test]
fn a_sleeping_infant_is_labelled_and_its_dataset_is_sound() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("safe");
    let coco = dataset(&dir, "safe_supine");
    let infants = of(&coco, "infant");
    assert_eq!(infants.len(), 4, "one a picture");
    for infant in infants {
        assert_eq!(infant["posture"], "supine", "measured");
        assert_eq!(infant["worn"][0], "nappy", "always");
        assert!(infant["airway_covered"].as_f64().expect("a share") < 0.05, "{}", infant["airway_covered"]);
        assert_eq!(infant["keypoints"].as_array().map(Vec::len), Some(51), "17 triples");
        assert_eq!(infant["limbs_outside"].as_array().map(Vec::len), Some(0), "none");
    }
    // What lies in an infant has a file of its own, so that masks of one file never overlap.
    assert!(of(&coco, "head").is_empty() && of(&coco, "face").is_empty(), "in the other file");
    let parts = dir.join("annotations_parts.json");
    let text = fs::read_to_string(&parts).expect("it is there");
    let nested: Value = serde_json::from_str(&text).expect("JSON");
    let names: Vec<&Value> =
        nested["categories"].as_array().into_iter().flatten().map(|c| &c["name"]).collect();
    assert_eq!(names, ["face", "head", "infant"], "one in the next");
    let same = |list: Vec<&Value>| -> Vec<Value> {
        list.into_iter().map(|one| json!([one["image_id"], one["instance_id"], one["bbox"]])).collect()
    };
    assert_eq!(same(of(&nested, "infant")), same(of(&coco, "infant")), "the same instances");
    assert!(!of(&nested, "head").is_empty(), "heads");
    let out = dir.to_str().expect("a plain path");
    exits(0, &["relabel", out, "--set", "labels.part_classes=[]"]);
    assert!(!parts.exists(), "no parts, no file");
    exits(0, &["verify", out]);
    exits(0, &["relabel", out, "--set", r#"labels.part_classes=["infant", "head", "face"]"#]);
    assert_eq!(fs::read_to_string(&parts).expect("it is back"), text, "as it was");
    let changed = text.replacen("\"area\":", "\"area\":1", 1);
    fs::write(&parts, changed).expect("written");
    exits(1, &["verify", out]);
    if let Some(python) = std::env::var_os("DIORAMA_PYTHON") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_keypoints.py");
        let output = Command::new(python).arg(script).arg(&dir).output().expect("python runs");
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("\"AP\": 1.0"), "{text}");
    }
}

#[test]
fn danger_is_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let shares = |scenario: &str| -> Vec<f64> {
        let coco = dataset(&folder.path().join(scenario), scenario);
        of(&coco, "infant").into_iter().filter_map(|infant| infant["airway_covered"].as_f64()).collect()
    };
    // The scenario is what was meant; how much of the airway is covered is measured, in every frame.
    for scenario in ["prone_face_down", "blanket_over_face"] {
        let found = shares(scenario);
        assert!(!found.is_empty() && found.iter().all(|share| *share > 0.3), "{scenario}: {found:?}");
    }
    let free = shares("safe_supine");
    assert!(free.len() == 4 && free.iter().all(|share| *share < 0.1), "a free face: {free:?}");
    let empty = dataset(&folder.path().join("empty"), "empty_crib");
    assert!(of(&empty, "infant").is_empty() && !of(&empty, "crib").is_empty(), "nobody there");
}

#[test]
fn a_second_infant_and_an_adult_are_labelled_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let two = dataset(&folder.path().join("two"), "other_infant");
    let infants = of(&two, "infant");
    assert!(infants.len() > 4, "more than one a picture: {}", infants.len());
    for infant in &infants {
        assert_eq!(infant["keypoints"].as_array().map(Vec::len), Some(51), "17 triples each");
        assert!(infant["posture"].is_string() && infant["airway_covered"].is_number(), "each is measured");
        let same = |other: &&&Value| {
            other["image_id"] == infant["image_id"] && other["instance_id"] == infant["instance_id"]
        };
        assert_eq!(infants.iter().filter(same).count(), 1, "each has an instance of its own");
    }
    let visit = dataset(&folder.path().join("visit"), "caregiver_present");
    assert!(!of(&visit, "adult").is_empty(), "an adult is to be seen");
    for infant in of(&visit, "infant") {
        assert!(infant["adult_distance_m"].as_f64().is_some_and(|far| far < 0.6), "{infant}");
    }
}
