use std::{fs, path::Path, process::Command};

use serde_json::Value;

use super::super::{
    CategorySet, DatasetWriter, Manifest, Policy, relabel,
    testing::{assert_same_bytes, contents, dataset, frame, policy, run},
};

fn coco(dir: &Path) -> Value {
    serde_json::from_slice(&fs::read(dir.join("annotations.json")).unwrap()).unwrap()
}

fn list<'a>(coco: &'a Value, name: &str) -> &'a Vec<Value> {
    coco[name].as_array().unwrap()
}

#[test]
fn annotations_say_what_the_truth_says() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    dataset(&dir, 4);
    let coco = coco(&dir);
    let names: Vec<_> = list(&coco, "categories").iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["bottle", "box", "can", "gap", "price_tag"], "sorted by name");
    let ids: Vec<_> = list(&coco, "categories").iter().map(|c| c["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5], "from 1");
    assert_eq!(coco["categories"][3]["supercategory"], "virtual", "a gap is virtual");
    assert_eq!(list(&coco, "licenses").len(), 4, "each licence once");

    let mut annotations = list(&coco, "annotations").iter();
    for number in 0..4 {
        let truth = frame(number).truth;
        assert_eq!(coco["images"][number as usize]["id"], number + 1, "image ids follow frames");
        for instance in truth.instances.iter().filter(|i| i.area > 0.0) {
            let annotation = annotations.next().unwrap();
            let fails = instance.instance_id != 11
                && (instance.visibility < 0.1
                    || instance.area < 16.0
                    || instance.bbox.unwrap().w < 3.0
                    || instance.bbox.unwrap().h < 3.0);
            assert_eq!(annotation["image_id"], number + 1, "image");
            assert_eq!(annotation["instance_id"], instance.instance_id, "every visible one, in order");
            assert_eq!(annotation["iscrowd"], u8::from(fails), "the policy's limits");
            assert_eq!(annotation["area"].as_f64().unwrap(), instance.area, "a fact does not take its place");
            if instance.instance_id < 11 {
                assert_eq!(annotation["fact_area"], "a fact with a taken name", "it is kept beside it");
                assert_eq!(annotation["front_visible"], instance.probes["front"], "a probe");
                assert_eq!(annotation["sku"], instance.facts["sku"], "a fact, flattened");
            } else {
                assert!(annotation["segmentation"][0].is_array(), "an outline");
            }
        }
    }
    assert!(annotations.next().is_none(), "and nothing else");
    let expected: Vec<u64> = (1..=list(&coco, "annotations").len() as u64).collect();
    let ids: Vec<_> = list(&coco, "annotations").iter().map(|a| a["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, expected, "annotation ids count up");
}

#[test]
fn a_policy_can_be_applied_again_and_undone() {
    let root = tempfile::tempdir().unwrap();
    let (kept, dir) = (root.path().join("kept"), root.path().join("d"));
    dataset(&kept, 5);
    dataset(&dir, 5);
    let strict = Policy { min_visibility: 0.99, ignore_as_crowd: false, ..policy() };
    let before = Manifest::read(&dir).unwrap().counts.unwrap();
    let after = relabel(&dir, &strict).unwrap().counts;
    assert!(before.crowd > 0 && after.crowd == 0, "left out rather than ignored");
    assert!(after.annotations < before.annotations, "fewer");
    for annotation in list(&coco(&dir), "annotations").iter().filter(|a| a["class"] != "gap") {
        assert!(annotation["visibility"].as_f64().unwrap() >= 0.99, "{annotation}");
    }
    assert_eq!(after.categories, before.categories, "limits do not change categories");
    for set in [CategorySet::Product, CategorySet::Sku, CategorySet::Department] {
        relabel(&dir, &Policy { categories: set, extra_classes: vec![], ..policy() }).unwrap();
        let coco = coco(&dir);
        let count = list(&coco, "categories").len();
        match set {
            CategorySet::Product => assert_eq!(count, 1, "one class"),
            CategorySet::Department => assert_eq!(count, 2, "two departments"),
            _ => assert!(count > 10, "{count} SKUs"),
        }
        assert!(list(&coco, "annotations").iter().all(|a| a["class"] == "product"), "products only");
    }
    relabel(&dir, &policy()).unwrap();
    assert_same_bytes(&kept, &dir, "relabelled back");
}

#[test]
fn a_dataset_without_any_object_is_still_one() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let mut writer = DatasetWriter::create(&dir, &run(1)).unwrap();
    let mut empty = frame(0);
    empty.truth.instances.clear();
    writer.put(empty).unwrap();
    writer.finish(&policy()).unwrap();
    let coco = coco(&dir);
    assert_eq!((list(&coco, "images").len(), list(&coco, "annotations").len()), (1, 0), "one picture");
    assert!(!contents(&dir).keys().any(|path| path.starts_with(".part")), "no scratch files stay");
}

/// Runs a check in Python, when `DIORAMA_PYTHON` names an interpreter with pycocotools (`cargo xtask test` sets it).
fn python(script: &Path, dir: &Path) -> Option<(bool, String)> {
    let interpreter = std::env::var_os("DIORAMA_PYTHON")?;
    let output = Command::new(interpreter).arg(script).arg(dir).output().expect("DIORAMA_PYTHON runs");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Some((output.status.success(), text.into_owned()))
}

#[test]
fn pycocotools_agrees_and_notices_a_box_shifted_by_one_pixel() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_coco.py");
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    dataset(&dir, 12);
    let Some((passed, text)) = python(&script, &dir) else {
        eprintln!("DIORAMA_PYTHON is not set: pycocotools was not asked");
        return;
    };
    assert!(passed && text.contains("AP 1.000"), "{text}");
    let path = dir.join("annotations.json");
    let mut coco = coco(&dir);
    let x = coco["annotations"][7]["bbox"][0].as_f64().unwrap();
    coco["annotations"][7]["bbox"][0] = (x + 1.0).into();
    fs::write(&path, coco.to_string()).unwrap();
    let (passed, text) = python(&script, &dir).unwrap();
    assert!(!passed && text.contains("annotation 8"), "{text}");
}
