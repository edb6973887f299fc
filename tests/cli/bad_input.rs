//! Mistakes of users: one clear message, exit code 2, and nothing begun or lost.

use std::{fs, path::Path};

use super::{SCENE, assert_same, contents, copy, exits, folder, text, whole};

/// A run that must fail before it writes anything; gives back what it said.
#[track_caller]
fn refused(scene: &str, further: &[&str]) -> String {
    let place = folder();
    let out = place.path().join("out");
    let mut arguments = vec!["generate", scene, "--out", text(&out)];
    if !further.contains(&"--frames") {
        arguments.extend(["--frames", "2"]);
    }
    arguments.extend(further);
    let stderr = exits(2, &arguments);
    assert!(!out.exists(), "diorama {}: it began a dataset", arguments.join(" "));
    assert!(stderr.contains("error: "), "{stderr}");
    stderr
}

#[track_caller]
fn says(stderr: &str, words: &[&str]) {
    for word in words {
        assert!(stderr.contains(word), "expected '{word}' in\n{stderr}");
    }
}

#[test]
fn configs_with_mistakes() {
    says(&refused("scenes/nowhere.json", &[]), &["scenes/nowhere.json: cannot be read"]);
    let place = folder();
    for (config, words) in [
        ("{\"stage\": {\"shelf\": {}},\n \"image\": {", &["scene.json:2:", "expected"][..]),
        (
            "{\"stage\": {\"shelf\": {}},\n \"camera\": {\"fov\": 60}}",
            &["scene.json:2:13", "camera.fov", "`fov_deg`"],
        ),
        (
            "{\"stage\": {\"shelf\": {}},\n \"image\": {\"width\": \"wide\"}}",
            &["scene.json:2:21", "image.width", "wide"],
        ),
        (
            "{\"stage\": {\"shelf\": {}},\n \"camera\": {\"fov_deg\": {\"uniform\": [70, 50]}}}",
            &["scene.json:2:", "camera.fov_deg", "min 70 above max 50"],
        ),
        (
            "{\"stage\": {\"shelf\": {\"boards\": 15,\n \"board_gap_m\": 2}}}",
            &["scene.json:", "stage.shelf", "m high", "15 boards"],
        ),
        ("{\"stage\": {\"shelf\": {\"departments\": [\"weather\"]}}}", &["weather", "its departments are"]),
        ("{}", &["scene.json:1:1", "stage"]),
    ] {
        let path = place.path().join("scene.json");
        fs::write(&path, config).expect("written");
        says(&refused(text(&path), &[]), words);
    }
}

#[test]
fn options_with_mistakes() {
    for (further, words) in [
        (&["--frames", "0"][..], &["--frames 0", "at least 1"][..]),
        (&["--frames", "many"], &["--frames", "many"]),
        (&["--set", "image.width"], &["image.width=320", "no `=`"]),
        (&["--set", "image.widht=320"], &["--set image.widht=320", "`width`"]),
        (&["--set", "image.width=wide"], &["--set image.width=wide"]),
        (&["--set", "image.width=100000"], &["--set image.width=100000", "16 to 4096"]),
        (&["--shard", "4/4"], &["--shard 4/4", "0 to N - 1"]),
        (&["--shard", "0/0"], &["--shard 0/0"]),
        (&["--shard", "half"], &["--shard half", "no `/`"]),
        (&["--threads", "0"], &["--threads 0", "1 to 1024"]),
        (&["--first-frame", "18446744073709551615"], &["--first-frame"]),
        (&["--adapter", "abacus"], &["no adapter's name contains 'abacus'", "found: "]),
        (&["--assets", "no/such/folder"], &["no assets at 'no/such/folder'"]),
        (&["--colour", "red"], &["--colour"]),
    ] {
        says(&refused(SCENE, further), words);
    }
}

#[test]
fn a_broken_asset_is_named() {
    let place = folder();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    for folder in ["forms", "fixtures", "shoppers"] {
        for (name, content) in contents(&assets.join(folder)) {
            let path = place.path().join(folder).join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, content).expect("a copy");
        }
    }
    let can = place.path().join("forms/can.glb");
    let whole = fs::read(&can).expect("a can");
    fs::write(&can, &whole[..whole.len() / 2]).expect("half a can");
    says(&refused(SCENE, &["--assets", text(place.path())]), &["forms/can.glb: "]);
    says(&exits(2, &["inspect", text(&can), "--no-sheet"]), &["can.glb: "]);
    says(&exits(2, &["inspect", "assets/forms/teapot.glb"]), &["teapot.glb: ", "cannot be read"]);
    fs::remove_dir_all(place.path().join("fixtures")).expect("removed");
    says(&refused(SCENE, &["--assets", text(place.path())]), &["no assets at", "fixtures/"]);
}

#[test]
fn a_folder_that_holds_something_is_refused() {
    let (_place, out) = copy();
    says(
        &exits(2, &["generate", SCENE, "--frames", "1", "--out", text(&out)]),
        &["is not empty", "--resume"],
    );
    assert_same(&out, whole());
    let (_place, other) = copy();
    says(&exits(2, &["merge", text(whole()), "--out", text(&other)]), &["is not empty"]);
    assert_same(&other, whole());

    let place = folder();
    fs::write(place.path().join("holiday.txt"), "sun").expect("written");
    let arguments = ["generate", SCENE, "--frames", "1", "--resume", "--out", text(place.path())];
    says(&exits(2, &arguments), &["holds no dataset"]);
    assert_eq!(contents(place.path()).len(), 1, "it is as it was");
}

#[test]
fn a_target_that_cannot_be_written() {
    let place = folder();
    let file = place.path().join("file");
    fs::write(&file, "no folder").expect("written");
    let below = file.join("dataset");
    for out in [&file, &below] {
        exits(2, &["generate", SCENE, "--frames", "1", "--out", text(out)]);
        exits(2, &["preview", SCENE, "--view", "picture", "--out", text(&below)]);
    }
    exits(2, &["stats", text(whole()), "--out", text(place.path())]);
    assert_eq!(fs::read_to_string(&file).expect("still there"), "no folder", "it is as it was");
    assert_eq!(contents(place.path()).len(), 1, "and alone");
}

#[test]
fn what_is_no_dataset() {
    let place = folder();
    let dir = text(place.path());
    for arguments in [
        &["verify", dir][..],
        &["relabel", dir, "--categories", "form"],
        &["stats", dir],
        &["why", dir, "0", "1"],
        &["merge", dir, "--out", "no/such/folder"],
        &["preview", "--dataset", dir, "--sheet", "4"],
    ] {
        says(&exits(2, arguments), &["holds no dataset"]);
    }
    let (_place, out) = copy();
    fs::write(out.join("manifest.json"), "{\"format\": 1,\n \"state\": ").expect("written");
    says(&exits(2, &["verify", text(&out)]), &["manifest.json, line 2"]);
    for arguments in [&["preview", SCENE, "--sheet", "0"][..], &["bench", SCENE, "--frames", "0"]] {
        says(&exits(2, arguments), &["at least 1"]);
    }
    says(&exits(2, &["relabel", text(whole())]), &["nothing is to be changed"]);
    says(&exits(2, &["preview"]), &["required"]);
}

/// Some adapters can render as large as the config allows, others cannot: either way it is said, and how to
/// reproduce it.
#[test]
fn a_frame_too_large_for_the_adapter() {
    let place = folder();
    let out = place.path().join("out");
    let set = ["image.width=4096", "image.height=4096"];
    let arguments = [
        "generate",
        SCENE,
        "--frames",
        "1",
        "--seed",
        "3",
        "--set",
        set[0],
        "--set",
        set[1],
        "--out",
        text(&out),
    ];
    let output = super::diorama(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(super::rudeness(output.status.code(), &stderr), None, "{stderr}");
    if output.status.success() {
        let size = image::image_dimensions(out.join("images/000000.png")).expect("a picture");
        assert_eq!(size, (4096, 4096), "as large as asked for");
    } else {
        let again = format!("diorama preview {SCENE} --frame 0 --seed 3 --set {} --set {}", set[0], set[1]);
        says(&stderr, &["frame 0: ", "needs", "allows", &again]);
    }
}
