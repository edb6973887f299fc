//! Every command does what its help says.

use std::{fs, path::Path};

use serde_json::Value;

use super::{FRAMES, SCENE, command, contents, copy, ends, exits, folder, prints, prints_json, text, whole};

const COMMANDS: [&str; 14] = [
    "eval",
    "generate",
    "preview",
    "verify",
    "relabel",
    "merge",
    "stats",
    "why",
    "inspect",
    "stage",
    "schema",
    "adapters",
    "bench",
    "completions",
];

#[test]
fn help_has_examples_everywhere() {
    let all = prints(&["--help"]);
    assert!(all.contains("Exit codes:"), "{all}");
    for name in COMMANDS {
        assert!(all.contains(&format!("\n  {name} ")), "{name} is listed");
        let help = prints(&[name, "--help"]);
        assert!(help.contains("Examples:") && help.contains(&format!("diorama {name}")), "{name}: {help}");
    }
    let script = prints(&["completions", "bash"]);
    assert!(COMMANDS.iter().all(|name| script.contains(name)), "every command is completed");
}

#[cfg(unix)]
#[test]
fn nobody_reading_is_no_error() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = command(&["schema"]).stdout(writer).status().expect("it starts");
    assert_eq!(status.code(), Some(0), "broken pipe is success");
}

#[test]
fn the_schema_is_the_one_in_the_project() {
    let committed =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/scene.schema.json"));
    assert_eq!(
        prints(&["schema"]),
        committed.expect("it is there"),
        "diorama schema > scenes/scene.schema.json"
    );
}

#[test]
fn adapters_are_listed_and_chosen() {
    let list = prints_json(&["adapters", "--json"]);
    let name = list[0]["name"].as_str().expect("a name");
    assert!(prints(&["adapters"]).starts_with(name), "the best comes first");
    let manifest: Value = serde_json::from_slice(&contents(whole())["manifest.json"]).expect("JSON");
    assert_eq!(manifest["run"]["adapter"], name, "and is used");
}

#[test]
fn a_preview_shows_four_sides() {
    let place = folder();
    let base = place.path().join("frame.png");
    let set = ["--set", "image.width=200", "--set", "image.height=120"];
    let mut arguments = vec!["preview", SCENE, "--frame", "1", "--json", "--out", text(&base)];
    arguments.extend(set);
    let report = prints_json(&arguments);
    assert!(report["frames"][0]["visible"].as_u64().expect("a count") > 5, "{report}");
    for name in ["frame.png", "frame.labels.png", "frame.ids.png", "frame.depth.png"] {
        let picture = image::open(place.path().join(name)).expect(name).into_rgb8();
        assert_eq!(picture.dimensions(), (200, 120), "{name}");
        let first = picture.get_pixel(0, 0);
        assert!(picture.pixels().any(|pixel| pixel != first), "{name} is not blank");
    }
    let normals = place.path().join("normals.png");
    prints(&["preview", SCENE, "--view", "normals", "--out", text(&normals)]);
    assert_eq!(contents(place.path()).len(), 5, "nothing else is written");
}

#[test]
fn contact_sheets_of_a_scene_and_of_a_dataset() {
    let place = folder();
    let [a, b] = ["a.png", "b.png"].map(|name| place.path().join(name));
    prints(&["preview", SCENE, "--sheet", FRAMES, "--out", text(&a)]);
    prints(&["preview", "--dataset", text(whole()), "--sheet", "100", "--out", text(&b)]);
    let [a, b] = [a, b].map(|path| image::open(path).expect("a sheet").into_rgb8());
    assert!(a.width() > 1000, "three columns");
    assert_eq!(a, b, "frames made again look like those on disk");
}

#[test]
fn a_sound_dataset_passes() {
    let report = prints_json(&["verify", text(whole()), "--rerender", "2", "--json"]);
    assert_eq!(report["rerendered"], 2, "{report}");
    assert_eq!(report["frames"].to_string(), FRAMES, "{report}");
    assert_eq!(report["faults"], serde_json::json!([]), "{report}");
}

#[test]
fn a_box_off_by_one_pixel_is_found() {
    let (_place, out) = copy();
    let path = out.join("annotations.json");
    let coco = fs::read_to_string(&path).expect("COCO");
    let at = coco.find("\"bbox\":[").expect("a box") + "\"bbox\":[".len();
    let end = at + coco[at..].find([',', '.']).expect("its end");
    let x: u32 = coco[at..end].parse().expect("a whole number");
    let line = coco[..at].lines().count();
    fs::write(&path, format!("{}{}{}", &coco[..at], x + 1, &coco[end..])).expect("written");
    let (stdout, stderr) = ends(1, &["verify", text(&out), "--rerender", "0"]);
    let place = format!("annotations.json, line {line}");
    let named = stdout.lines().any(|fault| fault.contains(&place) && fault.contains("bbox"));
    assert!(named, "expected a fault at {place}, found\n{stdout}{stderr}");
}

#[test]
fn a_picture_of_another_frame_is_found() {
    let (_place, out) = copy();
    fs::copy(out.join("images/000001.png"), out.join("images/000000.png")).expect("copied");
    let (stdout, _) = ends(1, &["verify", text(&out), "--rerender", "0"]);
    assert!(stdout.contains("images/000000.png: checksum"), "{stdout}");
}

#[test]
fn stats_as_text_picture_and_data() {
    let place = folder();
    let page = place.path().join("stats.png");
    let words = prints(&["stats", text(whole()), "--out", text(&page)]);
    assert!(words.starts_with(&format!("{FRAMES} pictures")) && words.contains("price_tag"), "{words}");
    assert!(image::open(&page).expect("a page").width() > 600, "a page");
    let data = prints_json(&["stats", text(whole()), "--json"]);
    assert_eq!(data["frames"].to_string(), FRAMES, "{data}");
    let asked = prints_json(&["stats", text(whole()), "--annotations", "--json"]);
    let coco: Value = serde_json::from_slice(&contents(whole())["annotations.json"]).expect("JSON");
    let written =
        coco["annotations"].as_array().expect("a list").iter().filter(|one| one["iscrowd"] == 0).count();
    assert_eq!(asked["visible"], written, "as many as the COCO file holds");
    assert!(asked["visible"].as_u64() < data["visible"].as_u64(), "and fewer than there are: {data}");
}

#[test]
fn why_names_every_draw_behind_an_instance() {
    let truth = String::from_utf8(contents(whole())["truth/00000.jsonl"].clone()).expect("text");
    let line: Value = serde_json::from_str(truth.lines().nth(1).expect("frame 1")).expect("JSON");
    let instances = line["record"]["truth"]["instances"].as_array().expect("a list");
    let product = instances.iter().find(|i| i["class"] == "product").expect("a product");
    let id = product["instance_id"].to_string();
    let told = prints_json(&["why", text(whole()), "1", &id, "--json"]);
    assert_eq!(told["record"], *product, "its record");
    let path = product["path"].as_str().expect("a path");
    let draws = |list: &str| told["draws"][list].as_array().expect("a list").clone();
    let of_path = |draw: &Value| draw["path"].as_str().map(str::to_owned).expect("a path");
    assert!(draws("frame").iter().any(|draw| of_path(draw).starts_with("camera")), "the camera's: {told}");
    let above = draws("entities");
    assert!(!above.is_empty(), "the shelf's: {told}");
    assert!(above.iter().all(|draw| path.starts_with(&of_path(draw))), "of no other entity: {told}");
    let own = draws("own");
    assert!(own.iter().any(|draw| draw["parameter"].as_str().is_some_and(|p| p.contains("yaw"))), "{own:?}");
    let words = prints(&["why", text(whole()), "1", &id]);
    assert!(words.contains(path) && words.contains("camera0"), "{words}");
    assert!(exits(2, &["why", text(whole()), "99", "1"]).contains("frames 0 to 4"), "no such frame");
    assert!(
        exits(2, &["why", text(whole()), "1", "60000"]).contains("no labelled instance"),
        "no such instance"
    );
}

#[test]
fn an_asset_is_described_and_turned() {
    let place = folder();
    let sheet = place.path().join("can.png");
    let facts =
        prints_json(&["inspect", "assets/forms/can.glb", "--json", "--views", "3", "--out", text(&sheet)]);
    assert_eq!(facts["name"], "can", "{facts}");
    assert!(facts["triangles"][0].as_u64().expect("a count") > 100, "{facts}");
    let picture = image::open(&sheet).expect("a sheet").into_rgb8();
    // Three views side by side, each with the can before a plain background.
    assert!(picture.width() > 3 * 320, "{:?}", picture.dimensions());
    let (edge, middle) = (picture.get_pixel(20, 20), picture.get_pixel(168, 60));
    assert_ne!(edge, middle, "something stands in the middle");
    let words = prints(&["inspect", "assets/forms/can.glb", "--no-sheet"]);
    assert!(words.contains("licence: ") && words.contains("bounds_m:"), "{words}");
}

#[test]
fn a_staged_frame_carries_the_numbers_of_the_truth() {
    let place = folder();
    let file = place.path().join("frame.glb");
    exits(0, &["stage", SCENE, "--frame", "1", "--out", text(&file), "--art-side", "64"]);
    let glb = gltf::Gltf::open(&file).expect("glTF");
    let mut numbers: Vec<u64> = glb
        .nodes()
        .filter_map(|node| {
            let extras: Value = serde_json::from_str(node.extras().as_ref()?.get()).ok()?;
            extras["instance_id"].as_u64()
        })
        .collect();
    numbers.sort_unstable();
    let truth = String::from_utf8(contents(whole())["truth/00000.jsonl"].clone()).expect("text");
    let line: Value = serde_json::from_str(truth.lines().nth(1).expect("frame 1")).expect("JSON");
    for instance in line["record"]["truth"]["instances"].as_array().expect("a list") {
        let id = instance["instance_id"].as_u64().expect("a number");
        assert!(numbers.binary_search(&id).is_ok(), "{id} is staged");
    }
    assert_eq!(glb.cameras().len(), 1, "one camera");
}

#[test]
fn bench_says_where_the_time_goes() {
    let set = ["--set", "image.width=128", "--set", "image.height=128"];
    let mut arguments = vec!["bench", SCENE, "--frames", "2", "--json"];
    arguments.extend(set);
    let found = prints_json(&arguments);
    for stage in ["sample", "record", "gpu", "read_back", "label", "encode", "write"] {
        assert!(found["ms"][stage].as_f64().is_some_and(|ms| ms > 0.0), "{stage}: {found}");
    }
    assert!(found["images_per_s"].as_f64().is_some_and(|rate| rate > 0.0), "{found}");
    assert!(found["per_frame"]["products_visible"].as_f64().is_some_and(|n| n > 1.0), "{found}");
}
