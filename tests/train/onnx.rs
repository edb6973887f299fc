//! The ONNX file says in onnxruntime what the model says here.

use std::{fs, path::Path, process::Command};

use diorama::{
    seed::Seed,
    train::{
        Architecture, Detector, Device, Found, Keep, Model, ModelConfig,
        net::{Depth, Weights},
        onnx::{OnnxOptions, onnx},
    },
};

/// A model whose every number is off its neutral value.
fn model(architecture: Architecture, keypoints: usize) -> Model {
    let classes = vec!["can".into(), "jar".into()];
    let keypoints = (0..keypoints).map(|i| format!("point {i}")).collect();
    let config = ModelConfig { architecture, keypoints, ..ModelConfig::new(Depth::Small, classes, [96, 64]) };
    let graph = config.graph();
    let mut weights = Weights::first(&graph, Seed(8));
    for (index, numbers) in weights.0.iter_mut().enumerate() {
        numbers.iter_mut().enumerate().for_each(|(i, v)| *v += 0.02 * ((index * 7 + i) as f32).sin());
    }
    Model { config, graph, weights }
}

/// Runs the file in onnxruntime on two pictures; gives the largest differences of scores and boxes.
fn differences(file: &[u8], pictures: &[f32], found: &[Found]) -> (f64, f64) {
    let scores: Vec<f32> = found.iter().flat_map(|f| f.scores.iter().copied()).collect();
    let boxes: Vec<f32> = found.iter().flat_map(|f| f.boxes.iter().flatten().copied()).collect();
    let keypoints: Vec<f32> = found.iter().flat_map(|f| f.points.iter().flatten().copied()).collect();
    let counts: Vec<f32> = found.iter().map(|f| f.boxes.len() as f32).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("writable");
    let raw = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    put("model.onnx", file);
    put("pictures", &raw(pictures));
    put("scores", &raw(&scores));
    put("boxes", &raw(&boxes));
    put("counts", &raw(&counts));
    put("keypoints", &raw(&keypoints));
    let python = std::env::var("DIORAMA_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_onnx.py");
    let out = Command::new(python).arg(script).arg(folder.path()).output().expect("Python starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(said["kept_sorted"], true, "suppression runs and names cells: {said}");
    let number = |name: &str| said[name].as_f64().expect("a number");
    assert_eq!(said["has_keypoints"], !keypoints.is_empty(), "keypoints are compared where there are any");
    (number("scores"), number("boxes").max(number("keypoints")))
}

#[test]
fn onnxruntime_says_the_same() {
    says_the_same(Architecture::Dense, 0);
}

#[test]
fn onnxruntime_says_the_same_of_keypoints() {
    says_the_same(Architecture::Dense, 5);
}

#[test]
fn onnxruntime_says_the_same_in_two_looks() {
    says_the_same(Architecture::FasterRcnn, 0);
}

fn says_the_same(architecture: Architecture, keypoints: usize) {
    let model = model(architecture, keypoints);
    let pictures: Vec<f32> = (0..2 * 3 * 64 * 96).map(|i| 0.5 + 0.5 * (i as f32 * 0.013).sin()).collect();
    let detector = Detector::new(&model, &Device::flex());
    let found = detector.everything(pictures.clone(), [96, 64]).expect("it runs");
    assert!(found.iter().all(|f| f.boxes.len() > 50), "there is much to compare");
    let keep = Keep { score: 0.005, ..Keep::default() };
    for batch in [None, Some(2)] {
        let options = OnnxOptions { batch, suppress: Some(keep), ..OnnxOptions::default() };
        let (s, b) = differences(&onnx(&model, &options), &pictures, &found);
        // Boxes are in pixels, and some reach far out of the picture: relative there.
        assert!(s < 1e-3 && b < 1e-3, "batch {batch:?}: scores differ by {s}, boxes by {b}");
    }
    let mut other = model.clone();
    other.weights.0[0][0] += 0.5;
    let options = OnnxOptions { suppress: Some(keep), ..OnnxOptions::default() };
    let (s, b) = differences(&onnx(&other, &options), &pictures, &found);
    assert!(s > 1e-3 || b > 1e-3, "another model must differ");
}
