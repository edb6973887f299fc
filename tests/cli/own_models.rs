//! A user's own infant and crib: what is refused, with which words; and that what is sound is shown.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ends, exits};

const SMALL: [&str; 6] =
    ["--set", "image.width=160", "--set", "image.height=120", "--set", "chain.jpeg_quality=null"];

/// The JSON chunk of a .glb file changed, the binary one as it was.
fn changed(glb: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let word = |at: usize| u32::from_le_bytes(glb[at..at + 4].try_into().expect("four bytes")) as usize;
    let text = word(12);
    let mut root: Value = serde_json::from_slice(&glb[20..20 + text]).expect("JSON");
    change(&mut root);
    let mut json = serde_json::to_vec(&root).expect("JSON");
    json.resize(json.len().next_multiple_of(4), b' ');
    let rest = &glb[20 + text..];
    let length = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
    let mut out = glb[..8].to_vec();
    out.extend(length(20 + json.len() + rest.len()));
    out.extend(length(json.len()));
    out.extend(&glb[16..20]);
    out.extend(json);
    out.extend(rest);
    out
}

/// The infant that ships, with other names for two joints.
fn renamed(folder: &TempDir) -> PathBuf {
    let ships = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/infant/infant.glb");
    let glb = changed(&fs::read(ships).expect("it ships"), |root| {
        for node in root["nodes"].as_array_mut().expect("nodes") {
            match node["name"].as_str() {
                Some("pelvis") => node["name"] = json!("Hips"),
                Some("calf_l") => node["name"] = json!("LeftLeg"),
                _ => {}
            }
        }
    });
    let path = folder.path().join("mine.glb");
    fs::write(&path, glb).expect("written");
    path
}

/// A scene with models of one's own, in a folder of its own.
fn scene(folder: &TempDir, own: &Value, scenarios: &Value) -> String {
    let text = json!({"stage": {"crib": {"own": own, "scenarios": scenarios, "age_months": 12}}});
    let path = folder.path().join("scene.json");
    fs::write(&path, text.to_string()).expect("written");
    path.to_str().expect("a plain path").to_owned()
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).expect("written");
}

fn generate(folder: &TempDir, own: &Value, scenarios: &Value) -> (i32, String) {
    let scene = scene(folder, own, scenarios);
    let out = folder.path().join("out");
    let mut arguments = vec!["generate", &scene, "--frames", "2", "--out", out.to_str().expect("plain")];
    arguments.extend(SMALL);
    let output = super::diorama(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(super::rudeness(output.status.code(), &stderr), None, "{stderr}");
    (output.status.code().expect("a code"), stderr)
}

#[test]
fn joints_that_are_missing_are_all_named_with_what_a_map_looks_like() {
    let folder = tempfile::tempdir().expect("a folder");
    renamed(&folder);
    let (code, said) = generate(&folder, &json!({"infant": "mine.glb"}), &json!({"prone": 1}));
    assert_eq!(code, 2, "{said}");
    for words in [
        "mine.glb: it has no joint 'pelvis', 'calf_l'; its joints are:",
        "Hips",
        r#"stage.crib.own.infant_map says which is which: {"joints": {"pelvis": "its name in the file"}}"#,
    ] {
        assert!(said.contains(words), "expected '{words}' in\n{said}");
    }
    assert!(!folder.path().join("out").exists(), "nothing is begun");
}

#[test]
fn with_a_map_the_infant_is_shown_and_its_dataset_is_sound() {
    let folder = tempfile::tempdir().expect("a folder");
    renamed(&folder);
    write(&folder, "map.json", r#"{"joints": {"pelvis": "Hips", "calf_l": "LeftLeg"}}"#);
    let own = json!({"infant": "mine.glb", "infant_map": "map.json"});
    let (code, said) = generate(&folder, &own, &json!({"prone": 1}));
    assert_eq!(code, 0, "{said}");
    let out = folder.path().join("out");
    exits(0, &["verify", out.to_str().expect("plain")]);
    let text = fs::read_to_string(out.join("annotations.json")).expect("it is there");
    let coco: Value = serde_json::from_str(&text).expect("JSON");
    let infants = || {
        let all = coco["annotations"].as_array().expect("a list");
        all.iter().filter(|annotation| annotation["class"] == "infant")
    };
    assert_eq!(infants().count(), 2, "one a picture");
    assert!(infants().all(|one| one["posture"] == "prone" && one["worn"][0] == "nappy"), "as ours");
}

#[test]
fn maps_that_are_wrong_are_mistakes_with_a_place() {
    let folder = tempfile::tempdir().expect("a folder");
    renamed(&folder);
    let own = json!({"infant": "mine.glb", "infant_map": "map.json"});
    for (map, words) in [
        ("{\"joints\": {\n \"pelvis\": \"Hip\"}}", "map.json:2:12: joints.pelvis: expected a joint of"),
        ("{\"joints\": {\"pelvis\": 3}}", "map.json:1:23: joints.pelvis: expected"),
        ("{\"joint\": {}}", "map.json:1:2: joint: unknown key"),
        ("{\"joints\": {\"pelvis\" \"Hips\"}}", "map.json:1:22"),
    ] {
        write(&folder, "map.json", map);
        let (code, said) = generate(&folder, &own, &json!({"prone": 1}));
        assert_eq!(code, 2, "{map}: {said}");
        assert!(said.contains(words), "expected '{words}' in\n{said}");
    }
}

#[test]
fn an_infant_of_ones_own_wears_a_nappy_or_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let ships = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/infant/infant.glb");
    let glb = changed(&fs::read(ships).expect("it ships"), |root| {
        let parts = root["scenes"][0]["extras"]["diorama"]["parts"].as_array_mut().expect("names");
        parts.iter_mut().filter(|part| *part == "nappy").for_each(|part| *part = json!("trousers"));
    });
    fs::write(folder.path().join("bare.glb"), glb).expect("written");
    let (code, said) = generate(&folder, &json!({"infant": "bare.glb"}), &json!({"prone": 1}));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("bare.glb: it has no part 'nappy': an infant without one is never shown"),
        "{said}"
    );
}

#[test]
fn a_crib_of_ones_own_is_shown_as_its_map_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let any = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/side_panel.glb");
    fs::copy(any, folder.path().join("crib.glb")).expect("it ships");
    let own = json!({"crib": "crib.glb", "crib_map": "crib.json"});
    write(&folder, "crib.json", r#"{"inner_m": [1.2, 0.6], "mattress_m": 0.45, "rail_m": 0.5}"#);
    let (code, said) = generate(&folder, &own, &json!({"side": 1}));
    assert!(code == 2 && said.contains("crib.json:1:55: rail_m: expected 0.6 to 1.5, found 0.5"), "{said}");
    write(
        &folder,
        "crib.json",
        r#"{"inner_m": [1.2, 0.6], "mattress_m": 0.45, "rail_m": 0.85, "yaw_deg": 90, "at_m": [0, 0.2, 0]}"#,
    );
    let (code, said) = generate(&folder, &own, &json!({"side": 1, "empty_crib": 1}));
    assert_eq!(code, 0, "{said}");
    let out = folder.path().join("out");
    ends(0, &["verify", out.to_str().expect("plain")]);
    let text = fs::read_to_string(out.join("annotations.json")).expect("it is there");
    let coco: Value = serde_json::from_str(&text).expect("JSON");
    let makes: Vec<&Value> = coco["annotations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|annotation| annotation["class"] == "crib")
        .map(|annotation| &annotation["make"])
        .collect();
    assert!(!makes.is_empty() && makes.iter().all(|make| **make == "own"), "{makes:?}");
    let (code, said) = generate(&folder, &own, &json!({"limb_through_slats": 1}));
    assert!(code == 2 && said.contains("whose slats are not known"), "{said}");
    let (code, said) = generate(&folder, &json!({"crib": "crib.glb"}), &json!({"side": 1}));
    assert!(code == 2 && said.contains("expected stage.crib.own.crib_map beside it"), "{said}");
}
