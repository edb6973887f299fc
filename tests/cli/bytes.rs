//! The same command gives the same bytes: for any number of threads, in parts, and after being killed.

use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    FRAMES, SCENE, assert_same, command, contents, copy, ends, exits, folder, generation, prints, text, whole,
};

#[test]
fn one_thread_or_two() {
    let place = folder();
    let out = place.path().join("one");
    let mut arguments = generation(&out);
    arguments.extend(["--threads", "1"]);
    exits(0, &arguments);
    assert_same(&out, whole());
}

#[test]
fn parts_merge_into_the_whole() {
    let place = folder();
    let parts = [place.path().join("p0"), place.path().join("p1")];
    for (part, shard) in parts.iter().zip(["0/2", "1/2"]) {
        let mut arguments = generation(part);
        arguments.extend(["--shard", shard]);
        exits(0, &arguments);
    }
    let out = place.path().join("merged");
    exits(0, &["merge", text(&parts[1]), text(&parts[0]), "--out", text(&out)]);
    assert_same(&out, whole());
    let missing = place.path().join("missing");
    let stderr = exits(2, &["merge", text(&parts[0]), "--out", text(&missing)]);
    assert!(stderr.contains("missing parts: 1/2"), "{stderr}");
    assert!(!missing.exists(), "nothing was begun");
    exits(0, &["verify", text(&parts[1]), "--rerender", "1"]);
}

/// Waits until a run has put its first frame on disk, which is not its last.
fn wait_for_a_frame(run: &mut Child, out: &Path) {
    let start = Instant::now();
    while fs::metadata(out.join("truth/00000.jsonl")).map_or(0, |found| found.len()) == 0 {
        assert_eq!(run.try_wait().expect("it is ours"), None, "it ended before its first frame");
        assert!(start.elapsed() < Duration::from_secs(120), "no frame in two minutes");
        thread::sleep(Duration::from_millis(5));
    }
}

fn resume(out: &Path) {
    let mut arguments = generation(out);
    arguments.push("--resume");
    exits(0, &arguments);
    assert_same(out, whole());
}

#[test]
fn killed_and_resumed() {
    let place = folder();
    let out = place.path().join("killed");
    let mut run =
        command(&generation(&out)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    wait_for_a_frame(&mut run, &out);
    // SIGKILL, on Unix: nothing of the program runs after it.
    run.kill().expect("it is killed");
    run.wait().expect("it is gone");
    assert!(!out.join("annotations.json").exists(), "it was killed before its end");
    exits(1, &["verify", text(&out), "--rerender", "0"]);
    resume(&out);
    resume(&out);
}

/// Starts a run much longer than the test, stops it as Ctrl-C does once it holds more than `before` frames, and
/// counts the frames that are then complete.
#[cfg(unix)]
fn stopped_after(out: &Path, before: usize, further: &[&str]) -> usize {
    let mut arguments = generation(out);
    arguments[3] = "5000";
    arguments.extend(further);
    let mut run =
        command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let complete =
        || fs::read_to_string(out.join("truth/00000.jsonl")).map_or(0, |text| text.lines().count());
    let start = Instant::now();
    while complete() <= before {
        assert_eq!(run.try_wait().expect("it is ours"), None, "it ended by itself");
        assert!(start.elapsed() < Duration::from_secs(120), "no frame in two minutes");
        thread::sleep(Duration::from_millis(5));
    }
    let id = run.id().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &id]).status().expect("kill is there");
    assert!(sent.success(), "the signal was sent");
    let output = run.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let told = format!("stopped: {} of 5000 frames are complete", complete());
    assert!(stderr.contains(&told) && stderr.contains("--resume"), "{told} in {stderr}");
    complete()
}

#[cfg(unix)]
#[test]
fn stopped_by_ctrl_c_and_continued() {
    let place = folder();
    let out = place.path().join("stopped");
    let first = stopped_after(&out, 0, &[]);
    let second = stopped_after(&out, first, &["--resume"]);
    assert!(first < 100 && second > first && second < 200, "it stops soon: {first}, {second}");
    let (here, there) = (contents(&out), contents(whole()));
    let lines = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        let text = String::from_utf8(files["truth/00000.jsonl"].clone()).expect("text");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let shared = second.min(lines(&there).len());
    assert_eq!(lines(&here)[..shared], lines(&there)[..shared], "the truth of an uninterrupted run");
    for frame in 0..shared {
        let name = format!("images/{frame:06}.png");
        assert_eq!(here[&name], there[&name], "{name}");
    }
}

/// A scratch file that leads to a device that is always full stands in for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing() {
    let place = folder();
    let out = place.path().join("full");
    fs::create_dir_all(out.join(".part")).expect("a scratch folder");
    let blocked = out.join(".part/images_000002.png");
    std::os::unix::fs::symlink("/dev/full", &blocked).expect("a link");
    let stderr = exits(2, &generation(&out));
    assert!(stderr.contains("disk full") && stderr.contains("2 frames are complete"), "{stderr}");
    assert!(stderr.contains("--resume"), "{stderr}");
    resume(&out);
    let stderr = exits(2, &["preview", SCENE, "--frame", "0", "--view", "ids", "--out", "/dev/full"]);
    assert!(stderr.contains("cannot write /dev/full"), "{stderr}");
    assert!(Path::new("/dev/full").exists(), "a device is written to, and never replaced");
}

#[test]
fn another_run_is_not_resumed() {
    let (_place, out) = copy();
    for (change, word) in [(["--seed", "5"], "seed"), (["--set", "image.width=300"], "image.width")] {
        let mut arguments = generation(&out);
        arguments.extend(change);
        arguments.push("--resume");
        let stderr = exits(2, &arguments);
        assert!(stderr.contains("was made with another") && stderr.contains(word), "{stderr}");
    }
    assert_same(&out, whole());
}

#[test]
fn a_frame_alone_is_the_frame_of_the_run() {
    let place = folder();
    let file = place.path().join("frame.png");
    let listed = prints(&["preview", SCENE, "--frame", "3", "--view", "picture", "--out", text(&file)]);
    assert_eq!(listed.trim_end(), text(&file), "what was written is listed");
    let picture = |path: &Path| image::open(path).expect("a picture").into_rgb8();
    let stored = picture(&whole().join("images/000003.png"));
    assert_eq!(picture(&file), stored, "frame 3 alone");
    assert_ne!(picture(&whole().join("images/000002.png")), stored, "frames are told apart");
}

#[test]
fn relabelling_there_and_back() {
    let (_place, out) = copy();
    exits(0, &["relabel", text(&out), "--categories", "form"]);
    let coco: serde_json::Value =
        serde_json::from_slice(&contents(&out)["annotations.json"]).expect("COCO is JSON");
    let categories = coco["categories"].as_array().expect("a list");
    assert!(categories.len() > 1, "{categories:?}");
    exits(0, &["relabel", text(&out), "--set", "labels.min_visibility=0.9"]);
    let (stdout, stderr) = ends(0, &["verify", text(&out), "--rerender", "2"]);
    assert!(stdout.is_empty() && stderr.contains("2 frames rendered again"), "{stdout}{stderr}");
    for (set, word) in [("image.width=3", "label policy"), ("labels.min_visibility=7", "0 to 1")] {
        let stderr = exits(2, &["relabel", text(&out), "--set", set]);
        assert!(stderr.contains(word), "{stderr}");
    }
    exits(0, &["relabel", text(&out), "--categories", "product", "--set", "labels.min_visibility=0.1"]);
    assert_same(&out, whole());
    assert_eq!(FRAMES.parse::<usize>().ok(), coco["images"].as_array().map(Vec::len), "one entry a picture");
}
