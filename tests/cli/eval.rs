//! `diorama eval`, from the command line.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{ends, exits, folder, prints, prints_json, text};

const DATA: &str = "datasets/tiny";

/// The truth of the committed dataset as detections, changed; written into a folder.
fn results(dir: &Path, change: impl Fn(usize, &mut Value)) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(DATA).join("annotations.json");
    let coco: Value = serde_json::from_slice(&fs::read(root).expect("there")).expect("JSON");
    let annotations = coco["annotations"].as_array().expect("a list");
    let mut list: Vec<Value> = annotations
        .iter()
        .map(|a| {
            json!({"image_id": a["image_id"], "category_id": a["category_id"], "bbox": a["bbox"],
                "segmentation": a["segmentation"], "score": 0.9})
        })
        .collect();
    for (index, result) in list.iter_mut().enumerate() {
        change(index, result);
    }
    let path = dir.join("results.json");
    fs::write(&path, Value::from(list).to_string()).expect("written");
    text(&path).to_owned()
}

#[test]
fn the_truth_scores_one_and_worse_scores_less() {
    let place = folder();
    let perfect = results(place.path(), |_, _| {});
    for iou in ["bbox", "segm"] {
        let report = prints_json(&["eval", "--detections", &perfect, "--data", DATA, "--iou", iou, "--json"]);
        assert_eq!(report["all"]["ap"], 1.0, "{iou}: {report}");
        assert_eq!(report["max_dets"], json!([1, 10, 100, 300]));
    }
    let shifted = results(place.path(), |index, result| {
        if index.is_multiple_of(2) {
            result["bbox"][0] = (result["bbox"][0].as_f64().expect("a number") + 300.0).into();
        }
    });
    let arguments = ["eval", "--detections", &shifted, "--data", DATA];
    let report = prints_json(
        &[&arguments[..], &["--json", "--slices", "--slice", "form", "--slice", "image.frame"]].concat(),
    );
    assert!(report["all"]["ap"].as_f64().expect("a number") < 0.9, "{report}");
    let by: Vec<&str> =
        report["slices"].as_array().expect("a list").iter().filter_map(|s| s["by"].as_str()).collect();
    for name in ["visibility", "size_px", "distance_m", "form", "image.frame"] {
        assert!(by.contains(&name), "{name} in {by:?}");
    }
    assert!(prints(&arguments).contains("AP50"), "as text");
    let passed = exits(0, &[&arguments[..], &["--min-ap", "0.1"]].concat());
    assert!(passed.is_empty(), "{passed}");
    let (_, said) = ends(1, &[&arguments[..], &["--min-ap", "0.95"]].concat());
    assert!(said.contains("below 0.95"), "{said}");
}

#[test]
fn a_report_is_a_page_with_pictures() {
    let place = folder();
    let found = results(place.path(), |index, result| {
        let x = result["bbox"][0].as_f64().expect("a number");
        // Some are missed, some are nowhere near.
        result["bbox"][0] = (x + [0.0, 1.0, 25.0][index % 3]).into();
        result["score"] = (0.9 - 0.01 * index as f64).max(0.05).into();
    });
    let out = place.path().join("report");
    prints(&["eval", "--detections", &found, "--data", DATA, "--slices", "--out", text(&out)]);
    let page = fs::read_to_string(out.join("index.html")).expect("a page");
    for name in ["scores.png", "best.jpg", "worst.jpg", "false_positives.jpg", "misses.jpg"] {
        assert!(page.contains(name), "{name}");
        let picture = image::open(out.join(name)).expect(name).into_rgb8();
        let first = picture.get_pixel(0, 0);
        assert!(picture.width() > 300 && picture.pixels().any(|pixel| pixel != first), "{name} is not blank");
    }
    let report: Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).expect("there")).expect("JSON");
    assert!(report["operating"]["f1"].as_f64().expect("a number") > 0.3, "{report}");
    assert!(
        fs::read_to_string(out.join("report.txt")).expect("there").contains("size_px"),
        "slices in the text"
    );
}

#[test]
fn mistakes_are_named() {
    let place = folder();
    let good = results(place.path(), |_, _| {});
    let eval =
        |further: &[&str]| exits(2, &[&["eval", "--detections", &good, "--data", DATA], further].concat());
    for (further, words) in [
        (&["--category", "bottle"][..], &["no category 'bottle'", "product"][..]),
        (&["--slice", "nothing"], &["--slice nothing", "no record"]),
        (&["--slice", "visibility=1,0"], &["ascending"]),
        (&["--rename", "product"], &["OLD=NEW"]),
        (&["--max-dets", "0"], &["at least 1"]),
        (&["--iou", "keypoints"], &["nothing to compare", "no `keypoints`"]),
    ] {
        let said = eval(further);
        assert!(words.iter().all(|word| said.contains(word)), "{further:?}: {said}");
    }
    let said = exits(2, &["eval", "--detections", "nowhere.json", "--data", DATA]);
    assert!(said.contains("cannot read nowhere.json"), "{said}");
    let said = exits(2, &["eval", "--detections", &good, "--data", "scenes"]);
    assert!(said.contains("scenes"), "{said}");
    let unknown = results(place.path(), |index, result| {
        if index == 3 {
            result["category_id"] = 77.into();
        }
    });
    let said = exits(2, &["eval", "--detections", &unknown, "--data", DATA]);
    assert!(said.contains("[3]: unknown category: category_id 77"), "{said}");
    let (report, said) =
        ends(0, &["eval", "--detections", &unknown, "--data", DATA, "--faulty", "skip", "--json"]);
    assert!(said.contains("1 x unknown category") && report.contains("unknown_category"), "{said}");
}
