//! Random COCO files and results, evaluated by both.

use std::{fs, path::Path, process::Command};

use diorama::{
    dataset::{Coco, CocoOptions, Comparing, OnFault, PictureCheck, Results, ResultsOptions},
    eval::{Evaluation, IouType, Options, Report, evaluate},
    geometry::{Mask, Size},
};
use serde_json::Value;

const CASES: usize = 100;
const TOLERANCE: f64 = 1e-6;

/// What `pycocotools` says of a case.
struct Theirs {
    iou: IouType,
    max_dets: Vec<usize>,
    precision: Vec<f64>,
    scores: Vec<f64>,
    recall: Vec<f64>,
    stats: Option<Vec<f64>>,
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is there")).expect("JSON")
}

fn theirs(folder: &Path) -> Theirs {
    let case = json(&folder.join("case.json"));
    let array = |name: &str| {
        let bytes = fs::read(folder.join(format!("{name}.f64"))).expect("an array");
        bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes"))).collect()
    };
    Theirs {
        iou: serde_json::from_value(case["iou"].clone()).expect("an IoU type"),
        max_dets: serde_json::from_value(case["max_dets"].clone()).expect("numbers"),
        stats: serde_json::from_value(case["stats"].clone()).expect("numbers or null"),
        precision: array("precision"),
        scores: array("scores"),
        recall: array("recall"),
    }
}

fn ours(folder: &Path, iou: IouType, max_dets: &[usize]) -> Evaluation {
    let options = CocoOptions {
        masks: iou == IouType::Segm,
        check: PictureCheck::No,
        on_fault: OnFault::KeepBoxes,
        ..CocoOptions::default()
    };
    let coco = Coco::open(&folder.join("truth.json"), &options).expect("a COCO file");
    let results = ResultsOptions { masks: true, ..ResultsOptions::default() };
    let results = Results::open(&folder.join("results.json"), &coco, results).expect("results");
    let how = Comparing { iou, keypoints: 17, ..Comparing::default() };
    let (pictures, _) = coco.judged(&results, how).expect("all can be compared");
    let mut options = match iou {
        IouType::Keypoints => Options::coco_keypoints(20),
        _ => Options::coco(100),
    };
    options.max_dets = max_dets.to_vec();
    evaluate(coco.categories().len(), &pictures, &options, &[]).expect("an evaluation")
}

/// The first entry in which two arrays differ.
fn difference(name: &str, ours: &[f64], theirs: &[f64]) -> Option<String> {
    if ours.len() != theirs.len() {
        return Some(format!("{name}: {} entries and {}", ours.len(), theirs.len()));
    }
    let apart = |(_, (a, b)): &(usize, (&f64, &f64))| (*a - *b).abs() > TOLERANCE || a.is_nan();
    let (at, (a, b)) = ours.iter().zip(theirs).enumerate().find(apart)?;
    Some(format!("{name}[{at}]: {a} and {b}"))
}

/// The numbers that `COCOeval.summarize` prints, in its order.
fn quoted(report: &Report, iou: IouType) -> Vec<f64> {
    let all = &report.all;
    let area = |name: &str| &report.areas.iter().find(|area| area.bin == name).expect("an area").scores;
    let mut numbers = vec![all.ap, all.ap50, all.ap75];
    if iou == IouType::Keypoints {
        numbers.extend([area("medium").ap, area("large").ap, all.ar]);
    } else {
        numbers.extend(["small", "medium", "large"].map(|name| area(name).ap));
        numbers.extend(report.ar_at.iter().map(|(_, recall)| *recall));
        numbers.extend(["small", "medium", "large"].map(|name| area(name).ar));
    }
    numbers.into_iter().map(|number| number.unwrap_or(-1.0)).collect()
}

fn compare(evaluation: &Evaluation, theirs: &Theirs) -> Option<String> {
    let arrays = [
        ("precision", &evaluation.precision, &theirs.precision),
        ("scores", &evaluation.scores, &theirs.scores),
        ("recall", &evaluation.recall, &theirs.recall),
    ];
    let mut stats = theirs.stats.clone();
    if theirs.iou == IouType::Keypoints
        && let Some(stats) = &mut stats
    {
        // Recall at single overlaps and by area has no place in our report.
        stats.truncate(6);
    }
    let report = quoted(&evaluation.report(&[]), theirs.iou);
    arrays
        .into_iter()
        .find_map(|(name, a, b)| difference(name, a, b))
        .or_else(|| stats.and_then(|stats| difference("stats", &report, &stats)))
}

#[test]
fn the_same_numbers_as_pycocotools() {
    let Some(python) = std::env::var_os("DIORAMA_PYTHON") else {
        eprintln!("DIORAMA_PYTHON is not set: pycocotools was not asked");
        return;
    };
    let place = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/coco_cases.py");
    let made = Command::new(python).arg(script).arg(place.path()).arg(CASES.to_string()).output();
    let made = made.expect("DIORAMA_PYTHON runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (mut something, mut quotes) = (0, 0);
    for case in 0..CASES {
        let folder = place.path().join(case.to_string());
        let mut theirs = theirs(&folder);
        let evaluation = ours(&folder, theirs.iou, &theirs.max_dets);
        assert_eq!(compare(&evaluation, &theirs), None, "case {case}: {:?}", theirs.iou);
        // No comparison of nothing: most cases have truth that is partly found.
        let partly = evaluation.precision.iter().any(|p| *p > 0.01 && *p < 0.99);
        something += usize::from(partly);
        quotes += usize::from(theirs.stats.is_some());
        // And this comparison can fail: by one entry, in each array.
        for array in [&mut theirs.precision, &mut theirs.scores, &mut theirs.recall] {
            let middle = array.len() / 2;
            array[middle] += 2e-6;
        }
        assert!(compare(&evaluation, &theirs).is_some(), "case {case}: a difference would be seen");
    }
    assert!(something > CASES * 7 / 10 && quotes > CASES / 4, "{something} and {quotes} of {CASES}");
    same_masks(place.path());
}

/// Polygons become the same pixels, to the last.
fn same_masks(folder: &Path) {
    let all = json(&folder.join("masks.json"));
    let [height, width] = serde_json::from_value(all["size"].clone()).expect("a size");
    let size = Size { width, height };
    let list = all["masks"].as_array().expect("a list");
    for (case, mask) in list.iter().enumerate() {
        let polygons: Vec<Vec<f64>> = serde_json::from_value(mask["polygons"].clone()).expect("polygons");
        let ours = Mask::from_polygons(size, &polygons).expect("fits").to_rle().counts;
        assert_eq!(ours, mask["counts"].as_str().expect("text"), "mask {case}: {polygons:?}");
    }
    assert_eq!(list.len(), 300, "masks");
}

#[test]
fn a_detection_moved_a_little_changes_the_numbers() {
    let place = tempfile::tempdir().expect("a folder");
    let truth = serde_json::json!({
        "images": [{"id": 1, "file_name": "1.jpg", "width": 100, "height": 100}],
        "categories": [{"id": 1, "name": "can"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0}],
    });
    fs::write(place.path().join("truth.json"), truth.to_string()).expect("written");
    let mut last = 1.1;
    for (x, passed) in [(10.0, 10), (11.0, 9), (12.0, 7), (30.0, 0)] {
        let result =
            serde_json::json!([{"image_id": 1, "category_id": 1, "bbox": [x, 10, 20, 20], "score": 0.5}]);
        fs::write(place.path().join("results.json"), result.to_string()).expect("written");
        let ap = ours(place.path(), IouType::Bbox, &[1, 10, 100]).report(&[]).all.ap.expect("there is truth");
        // Shifted by d of 20 pixels, the overlap is (20 - d) / (20 + d): 19/21 = 0.905, 18/22 = 0.818.
        assert!((ap - f64::from(passed) / 10.0).abs() < 1e-9, "at {x}: {ap}");
        assert!(ap < last, "worse at {x}");
        last = ap;
    }
}
