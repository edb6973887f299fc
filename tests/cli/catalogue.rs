//! Catalogues and planograms of one's own, good and bad, through the real binary.

use std::{fs, path::Path};

use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

use super::{SCENE, ends, exits, folder, prints, text};

const HEADINGS: &str = "sku,name,brand,department,form,width_m,height_m,depth_m,front";
const GOOD: &str = "A1,Honey Flakes,Tarnholt,breakfast,cereal_box,0.19,0.28,0.06,front.png\n\
                    A2,Choco Flakes,Tarnholt,breakfast,cereal_box,0.19,0.28,0.06,\n\
                    A3,Cola,Vrenlo,drinks,can,0.066,0.122,0.066,front.png\n";

/// A folder with a picture and a catalogue of these rows.
fn catalogue(rows: &str) -> TempDir {
    let place = folder();
    RgbImage::from_fn(60, 90, |x, y| Rgb([200, (x * 3) as u8, (y * 2) as u8]))
        .save(place.path().join("front.png"))
        .expect("a picture");
    fs::write(place.path().join("my.csv"), format!("{HEADINGS}\n{rows}")).expect("a catalogue");
    place
}

fn set(place: &Path, key: &str, file: &str) -> String {
    format!("stage.shelf.{key}={}", place.join(file).display())
}

#[test]
fn bad_rows_stop_a_run_and_are_named() {
    for (row, words) in [
        ("B,n,b,dairy,yogurt_cup,0.07,0.07,0.07,\n", &["my.csv:5: column form", "`yoghurt_cup`"][..]),
        ("B,n,b,dairy,yoghurt_cup,0.0758,2,0.0758,\n", &["column height_m", "found 2"]),
        ("B,n,b,dairy,yoghurt_cup,75.8,76,75.8,\n", &["column width_m", "were millimetres meant?"]),
        ("A1,n,b,drinks,can,0.066,0.122,0.066,\n", &["column sku", "already in line 2"]),
        ("B,n,b,drinks,can,0.066,0.122,0.066,frnt.png\n", &["column front", "no file at", "front.png"]),
        ("B,n,b,drinks,can,0.066,0.122,0.066,my.csv\n", &["column front", "neither PNG nor JPEG"]),
        ("B,n,b,drinks\n", &["my.csv:5: expected 9 values", "found 4"]),
    ] {
        let place = catalogue(&format!("{GOOD}{row}"));
        let out = place.path().join("out");
        let own = set(place.path(), "catalogue", "my.csv");
        let arguments = ["generate", SCENE, "--frames", "1", "--out", text(&out), "--set", &own];
        let stderr = exits(2, &arguments);
        for word in words {
            assert!(stderr.contains(word), "expected '{word}' in\n{stderr}");
        }
        assert!(!out.exists(), "nothing was begun");
    }
}

#[test]
fn one_can_keep_going_without_bad_products() {
    let place = catalogue(&format!("{GOOD}B,n,b,drinks,cann,0.066,0.122,0.066,\n"));
    let own = set(place.path(), "catalogue", "my.csv");
    let out = place.path().join("out");
    let arguments = ["generate", SCENE, "--frames", "1", "--out", text(&out), "--keep-going", "--set", &own];
    let stderr = exits(0, &arguments);
    assert!(stderr.contains("left out 1 products") && stderr.contains("my.csv:5: column form"), "{stderr}");
    let coco: Value = serde_json::from_slice(&fs::read(out.join("annotations.json")).unwrap()).unwrap();
    let skus: Vec<&str> =
        coco["annotations"].as_array().unwrap().iter().filter_map(|a| a["sku"].as_str()).collect();
    assert!(!skus.is_empty() && skus.iter().all(|sku| ["A1", "A2", "A3"].contains(sku)), "{skus:?}");
    exits(0, &["verify", text(&out)]);
}

#[test]
fn inspect_shows_products_and_says_what_is_wrong() {
    let place = catalogue(&format!("{GOOD}B,n,b,drinks,cann,0.066,0.122,0.066,\n"));
    let (csv, sheet) = (place.path().join("my.csv"), place.path().join("sheet.png"));
    let (stdout, _) = ends(1, &["inspect", text(&csv), "--out", text(&sheet), "--json"]);
    let told: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((told["products"].as_u64(), told["left_out"].as_u64()), (Some(3), Some(1)), "{told}");
    assert!(told["mistakes"][0].as_str().unwrap().contains("my.csv:5: column form"), "{told}");
    assert!(told["notes"][0]["note"].as_str().unwrap().contains("no picture"), "{told}");
    let picture = image::open(&sheet).expect("a sheet").into_rgb8();
    let first = picture.view_of(0, 0, 256, 256);
    assert!(first > 40, "the first tile shows a product in many colours, found {first}");

    let good = catalogue(GOOD);
    let page = prints(&["inspect", text(&good.path().join("my.csv")), "--no-sheet"]);
    assert!(page.contains("products: 3") && page.contains("mistakes: none"), "{page}");
    // In the middle of a picture, where opening does not look, decoding does.
    let mut bytes = fs::read(good.path().join("front.png")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(good.path().join("front.png"), bytes).unwrap();
    let (page, _) = ends(1, &["inspect", text(&good.path().join("my.csv")), "--no-sheet"]);
    assert!(page.contains("my.csv:2: column front"), "{page}");
}

/// Counts colours of a part of a picture.
trait Colours {
    fn view_of(&self, x: u32, y: u32, width: u32, height: u32) -> usize;
}

impl Colours for RgbImage {
    fn view_of(&self, x: u32, y: u32, width: u32, height: u32) -> usize {
        let part = image::imageops::crop_imm(self, x, y, width, height).to_image();
        part.pixels().map(|p| p.0.map(|c| c / 16)).collect::<std::collections::BTreeSet<_>>().len()
    }
}

#[test]
fn bad_planograms_are_named() {
    let place = catalogue(GOOD);
    let own = set(place.path(), "catalogue", "my.csv");
    let item = |sku: &str, rest: &str| format!("{{\"sku\": \"{sku}\", \"bay\": 0, {rest}}}");
    for (items, words) in [
        (
            item("A11", "\"board\": 0, \"position\": 0"),
            &["plan.json:3:9: items[0].sku", "did you mean `A1`?"][..],
        ),
        (item("A1", "\"board\": 7, \"position\": 0"), &["items[0].board", "0 to 1, found 7"]),
        (
            item("A1", "\"board\": 0, \"position\": 0, \"facings\": 9"),
            &["items[0].position", "9 facings", "0.900 m wide"],
        ),
        (
            item("A1", "\"board\": 0, \"x_m\": 0.1, \"facings\": 2")
                + ",\n"
                + &item("A3", "\"board\": 0, \"x_m\": 0.3"),
            &["plan.json:4:", "items[1].x_m", "where items[0] ends", "overlap"],
        ),
        (item("A1", "\"board\": 0, \"position\": 0, \"stack\": 2"), &["items[0].stack", "at most 1"]),
        (
            item("A1", "\"board\": 0, \"position\": 0, \"rows\": 40"),
            &["items[0].rows", "rows of `A1`", "found 40"],
        ),
        (item("A1", "\"board\": 1, \"position\": 0"), &["items[0].board", "free above board 1"]),
        (item("A1", "\"board\": 0, \"place\": 0"), &["items[0]", "unknown key \"place\""]),
    ] {
        let plan = format!(
            "{{\"bays\": [{{\"width_m\": 0.9, \"boards\": [0.15, 0.6], \"top_m\": 0.2}}], \"items\":\n[\n{items}]}}"
        );
        fs::write(place.path().join("plan.json"), plan).expect("a plan");
        let planned = set(place.path(), "planogram", "plan.json");
        let stderr = exits(2, &["preview", SCENE, "--set", &own, "--set", &planned]);
        for word in words {
            assert!(stderr.contains(word), "expected '{word}' in\n{stderr}");
        }
    }
    let stderr = exits(2, &["preview", SCENE, "--set", "stage.shelf.planogram=nowhere.json"]);
    assert!(stderr.contains("none at nowhere.json"), "{stderr}");
}

/// The example that ships: what is planned is found when nobody came, and the plan is in every picture's facts.
#[test]
fn the_example_is_rendered_as_planned_and_as_disturbed() {
    let place = folder();
    let scene = "scenes/planogram_example.json";
    let small = ["--set", "image.width=320", "--set", "image.height=240"];
    let facts = |out: &str, further: &[&str]| -> Value {
        let out = place.path().join(out);
        let mut arguments = vec!["generate", scene, "--frames", "1", "--out", text(&out)];
        arguments.extend(small);
        arguments.extend(further);
        exits(0, &arguments);
        let coco: Value = serde_json::from_slice(&fs::read(out.join("annotations.json")).unwrap()).unwrap();
        coco["images"][0]["facts"].clone()
    };
    let mut tidy = vec!["--set".to_owned(), "stage.shelf.yaw_jitter_deg=0".to_owned()];
    let sold_out = ["sold_out", "depleted", "pushed_back", "turned", "misplaced", "lying", "upside_down"];
    for key in sold_out {
        tidy.extend(["--set".to_owned(), format!("stage.shelf.mess.{key}=0")]);
    }
    let tidy: Vec<&str> = tidy.iter().map(String::as_str).collect();
    let as_planned = facts("planned", &tidy);
    assert_eq!(as_planned["on_shelf_availability"], 1.0, "everything stands where it should");
    let compliance = as_planned["planogram"]["compliance"].as_array().unwrap();
    let plan: Value =
        serde_json::from_slice(&fs::read("scenes/planogram_example/planogram.json").unwrap()).unwrap();
    assert_eq!(compliance.len(), plan["items"].as_array().unwrap().len(), "one entry an item");
    for entry in compliance {
        let item = &plan["items"][usize::try_from(entry["item"].as_u64().unwrap()).unwrap()];
        assert_eq!(entry["state"], "full", "{entry}");
        for (fact, key) in
            [("sku", "sku"), ("shelf", "board"), ("bay", "bay"), ("facings_planned", "facings")]
        {
            assert_eq!(entry[fact], item[key], "{fact} of {entry}");
        }
        assert_eq!(entry["units_planned"], entry["units_found"], "{entry}");
    }
    let disturbed = facts("disturbed", &["--set", "stage.shelf.mess.sold_out=0.5"]);
    let share = disturbed["on_shelf_availability"].as_f64().unwrap();
    assert!((0.1..0.95).contains(&share), "half is sold out, {share} available");
    let free = |facts: &Value| -> f64 {
        facts["free_width_m"].as_array().unwrap().iter().map(|b| b["free_m"].as_f64().unwrap()).sum()
    };
    assert!(free(&disturbed) > free(&as_planned) + 0.3, "and the boards are emptier");
    let states: Vec<&Value> =
        disturbed["planogram"]["compliance"].as_array().unwrap().iter().map(|b| &b["state"]).collect();
    assert!(states.iter().any(|state| *state != "full"), "{states:?}");
}

#[test]
fn the_planogram_schema_is_published() {
    let printed: Value = serde_json::from_str(&prints(&["schema", "planogram"])).expect("JSON");
    let committed: Value =
        serde_json::from_slice(&fs::read("scenes/planogram.schema.json").expect("committed")).expect("JSON");
    assert_eq!(printed, committed, "write it again with `diorama schema planogram`");
    let validator = jsonschema::validator_for(&printed).expect("the schema is a schema");
    let plan: Value =
        serde_json::from_slice(&fs::read("scenes/planogram_example/planogram.json").unwrap()).unwrap();
    assert!(validator.is_valid(&plan), "the example obeys it");
    assert!(
        !validator.is_valid(&serde_json::json!({"bays": [], "items": [{"sku": 1}]})),
        "and it can refuse"
    );
}
