//! The ONNX file says in onnxruntime what the model says here.

use std::{fs, path::Path, process::Command};

use diorama::{
    seed::Seed,
    train::{
        Detector, Device, Keep, Model, ModelConfig,
        net::{Depth, Weights, dense},
        onnx::{OnnxOptions, onnx},
    },
};

/// A model whose every number is off its neutral value.
fn model() -> Model {
    let config = ModelConfig::new(Depth::Small, vec!["can".into(), "jar".into()], [96, 64]);
    let graph = dense(config.size, 2);
    let mut weights = Weights::first(&graph, Seed(8));
    for (index, numbers) in weights.0.iter_mut().enumerate() {
        numbers.iter_mut().enumerate().for_each(|(i, v)| *v += 0.02 * ((index * 7 + i) as f32).sin());
    }
    Model { config, graph, weights }
}

/// Runs the file in onnxruntime on two pictures; gives the largest differences of scores and boxes.
fn differences(file: &[u8], pictures: &[f32], scores: &[f32], boxes: &[f32]) -> (f64, f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("writable");
    let raw = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    put("model.onnx", file);
    put("pictures", &raw(pictures));
    put("scores", &raw(scores));
    put("boxes", &raw(boxes));
    let python = std::env::var("DIORAMA_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_onnx.py");
    let out = Command::new(python).arg(script).arg(folder.path()).output().expect("Python starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(said["kept_sorted"], true, "suppression runs and names cells: {said}");
    (said["scores"].as_f64().expect("a number"), said["boxes"].as_f64().expect("a number"))
}

#[test]
fn onnxruntime_says_the_same() {
    let model = model();
    let pictures: Vec<f32> = (0..2 * 3 * 64 * 96).map(|i| 0.5 + 0.5 * (i as f32 * 0.013).sin()).collect();
    let detector = Detector::new(&model, &Device::flex());
    let (scores, boxes) = detector.everything(pictures.clone(), [96, 64]).expect("it runs");
    let keep = Keep { score: 0.005, ..Keep::default() };
    for batch in [None, Some(2)] {
        let options = OnnxOptions { batch, suppress: Some(keep), ..OnnxOptions::default() };
        let (s, b) = differences(&onnx(&model, &options), &pictures, &scores, &boxes);
        // Boxes are in pixels, and some reach far out of the picture: relative there.
        assert!(s < 1e-3 && b < 1e-3, "batch {batch:?}: scores differ by {s}, boxes by {b}");
    }
    let mut other = model.clone();
    other.weights.0[0][0] += 0.5;
    let options = OnnxOptions { suppress: Some(keep), ..OnnxOptions::default() };
    let (s, b) = differences(&onnx(&other, &options), &pictures, &scores, &boxes);
    assert!(s > 1e-3 || b > 1e-3, "another model must differ");
}
