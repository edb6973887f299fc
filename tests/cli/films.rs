//! Films from end to end: tracks, events, flow; and that they are the same however they are made.

use std::{fs, path::Path, process::Command};

use image::{AnimationDecoder, GenericImageView};
use serde_json::Value;

use super::{assert_same, exits, folder, text};

const FRAMES: usize = 6;

/// Arguments of a film with everything that moves in it.
fn film<'a>(scene: &'a str, out: &'a Path, further: &[&'a str]) -> Vec<&'a str> {
    let mut arguments =
        vec!["generate", scene, "--sequence", "6", "--fps", "3", "--seed", "4", "--out", text(out)];
    arguments.extend(["--set", "outputs.flow=true", "--set", "outputs.instance_ids=true"]);
    arguments.extend(further);
    arguments
}

fn coco(dir: &Path) -> Value {
    let text = fs::read_to_string(dir.join("annotations.json")).expect("it is there");
    serde_json::from_str(&text).expect("JSON")
}

struct Motion {
    ids: Vec<u16>,
    next: Vec<u16>,
    size: [usize; 2],
    vectors: Vec<[f32; 2]>,
    seen: Vec<bool>,
}

fn ids(dir: &Path, frame: usize) -> (Vec<u16>, [usize; 2]) {
    let picture = image::open(dir.join(format!("instances/{frame:06}.png"))).expect("a picture");
    let (w, h) = picture.dimensions();
    (picture.into_luma16().into_raw(), [w as usize, h as usize])
}

fn motion(dir: &Path, frame: usize) -> Motion {
    let (now, size) = ids(dir, frame);
    let flo = fs::read(dir.join(format!("flow/{frame:06}.flo"))).expect("flow");
    assert_eq!(&flo[..4], b"PIEH", "the tag of Middlebury's files");
    let float = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().expect("four"));
    let vectors: Vec<[f32; 2]> =
        flo[12..].chunks_exact(8).map(|pair| [float(&pair[..4]), float(&pair[4..])]).collect();
    let hidden = image::open(dir.join(format!("flow_hidden/{frame:06}.png"))).expect("a mask").into_luma8();
    let seen = hidden.into_raw().iter().map(|&value| value == 0).collect();
    Motion { ids: now, next: ids(dir, frame + 1).0, size, vectors, seen }
}

impl Motion {
    /// Of the pixels that are seen in the next picture too, the share whose instance is found where the flow, and
    /// `off` pixels more to the right, leads: at one of the four pixels round that place.
    fn share_found(&self, off: f32) -> f64 {
        let [w, h] = self.size;
        let (mut found, mut all) = (0.0, 0.0);
        for (index, _) in self.seen.iter().enumerate().filter(|(_, seen)| **seen) {
            let [u, v] = self.vectors[index];
            #[expect(clippy::cast_precision_loss, reason = "pixels of a small picture")]
            let at = [(index % w) as f32 + u + off, (index / w) as f32 + v];
            let round = |x: f32, y: f32| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped to the picture"
                )]
                let (x, y) = ((x.max(0.0) as usize).min(w - 1), (y.max(0.0) as usize).min(h - 1));
                self.next[y * w + x] == self.ids[index]
            };
            let [x, y] = at.map(f32::floor);
            all += 1.0;
            let four = [round(x, y), round(x + 1.0, y), round(x, y + 1.0), round(x + 1.0, y + 1.0)];
            found += f64::from(u8::from(four.contains(&true)));
        }
        found / f64::max(all, 1.0)
    }
}

/// What every film with flow must hold; gives back its annotations.
fn sound(dir: &Path) -> Value {
    exits(0, &["verify", text(dir)]);
    let coco = coco(dir);
    let video = &coco["videos"][0];
    assert_eq!(
        (&video["id"], &video["frames"], &video["fps"]),
        (&1.into(), &6.into(), &3.0.into()),
        "the film"
    );
    for (index, image) in coco["images"].as_array().expect("a list").iter().enumerate() {
        assert_eq!((&image["video_id"], &image["frame_id"]), (&1.into(), &index.into()), "picture {index}");
    }
    for annotation in coco["annotations"].as_array().expect("a list") {
        assert_eq!(annotation["track_id"], annotation["instance_id"], "in the first film they are the same");
    }
    let mut moved = 0.0_f32;
    for frame in 0..FRAMES - 1 {
        let motion = motion(dir, frame);
        let seen = motion.seen.iter().filter(|seen| **seen).count();
        assert!(seen * 2 > motion.seen.len(), "most of the picture is seen again");
        let share = motion.share_found(0.0);
        assert!(share >= 0.995, "frame {frame}: {share}");
        assert!(
            motion.share_found(6.0) < 0.995,
            "a wrong flow would be found out: {}",
            motion.share_found(6.0)
        );
        let pairs = motion.vectors.iter().zip(&motion.seen).filter(|(_, seen)| **seen);
        moved = pairs.map(|([u, v], _)| u.hypot(*v)).fold(moved, f32::max);
    }
    assert!(moved > 1.0, "something moves: {moved} pixels at most");
    assert!(!dir.join(format!("flow/{:06}.flo", FRAMES - 1)).exists(), "the last frame has no next one");
    coco
}

#[test]
fn an_infant_rolls_over_in_one_run_as_in_parts() {
    let place = folder();
    let rolling: [&str; 8] = [
        "--set",
        r#"stage.crib.scenarios={"rolling": 1}"#,
        "--set",
        r#"stage.crib.views={"overhead": 1}"#,
        "--set",
        "image.width=240",
        "--set",
        "image.height=180",
    ];
    let whole = place.path().join("whole");
    exits(0, &film("scenes/crib.json", &whole, &[&rolling[..], &["--threads", "2"]].concat()));
    let coco = sound(&whole);
    let infants: Vec<&Value> =
        coco["annotations"].as_array().expect("a list").iter().filter(|a| a["class"] == "infant").collect();
    assert_eq!(infants.len(), FRAMES, "one a picture");
    assert!(infants.iter().all(|a| a["track_id"] == infants[0]["track_id"]), "one infant");
    let phases: Vec<f64> = infants.iter().filter_map(|a| a["breathing_phase"].as_f64()).collect();
    assert!(phases.len() == FRAMES && phases.iter().all(|p| (0.0..1.0).contains(p)), "{phases:?}");
    let event = &coco["videos"][0]["events"][0];
    assert!(event["name"] == "roll" && event["start"].as_u64() < event["end"].as_u64(), "{event}");
    let shown = place.path().join("film.gif");
    exits(0, &["play", text(&whole), "--out", text(&shown), "--width", "200"]);
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(fs::read(&shown).expect("a GIF")));
    let frames = decoder.expect("a GIF").into_frames().collect_frames().expect("whole");
    assert_eq!(frames.len(), FRAMES, "all of them");
    assert_ne!(frames[0].buffer(), frames[5].buffer(), "it moves");
    plays(&whole, &place.path().join("film.mp4"));
    let other = exits(2, &["play", text(&whole), "--out", text(&place.path().join("film.avi"))]);
    assert!(other.contains("expected a name that ends in .mp4 or .gif"), "{other}");
    let none = exits(2, &["play", text(&whole), "--film", "2", "--out", text(&shown)]);
    assert!(none.contains("expected pictures of film 2, found no such film; its last is 1"), "{none}");

    let parts = ["0/2", "1/2"].map(|shard| {
        let out = place.path().join(shard.replace('/', "of"));
        exits(
            0,
            &film("scenes/crib.json", &out, &[&rolling[..], &["--threads", "1", "--shard", shard]].concat()),
        );
        out
    });
    let merged = place.path().join("merged");
    exits(0, &["merge", text(&parts[1]), text(&parts[0]), "--out", text(&merged)]);
    assert_same(&whole, &merged);
}

/// As a file for players, the film shows the pictures of the dataset in their order.
fn plays(dataset: &Path, out: &Path) {
    exits(0, &["play", text(dataset), "--out", text(out), "--width", "240", "--plain"]);
    let bytes = fs::read(out).expect("a film");
    assert!(bytes[4..8] == *b"ftyp" && bytes.windows(4).any(|w| w == b"av01"), "AV1 in MP4");
    if let Some(python) = std::env::var_os("DIORAMA_PYTHON") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_film.py");
        let output =
            Command::new(python).arg(script).args([out, dataset]).arg("3").output().expect("python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_robot_passes_a_shelf() {
    let place = folder();
    let out = place.path().join("robot");
    exits(0, &film("scenes/shelf_minimal.json", &out, &["--set", "camera.travel_m_per_s=0.15"]));
    let coco = sound(&out);
    let first = &coco["annotations"][0];
    let places: Vec<f64> = coco["annotations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|a| a["track_id"] == first["track_id"])
        .filter_map(|a| a["bbox"][0].as_f64())
        .collect();
    assert!(places.len() > 1, "it stays in view for a while");
    assert!(places.windows(2).all(|pair| pair[1] < pair[0] + 0.5), "goods go by to the left: {places:?}");
}

#[test]
fn films_that_cannot_be_are_refused() {
    let place = folder();
    let out = place.path().join("none");
    let minimal = ["generate", "scenes/shelf_minimal.json", "--out", text(&out)];
    let says = |further: &[&str]| exits(2, &[&minimal[..], further].concat());
    assert!(says(&[]).contains("--frames: expected the number of frames"));
    let flow = says(&["--frames", "2", "--set", "outputs.flow=true"]);
    assert!(flow.contains("outputs.flow") && flow.contains("at least 2 frames"), "{flow}");
    let none = says(&["--sequence", "0"]);
    assert!(none.contains("sequence.frames: expected 1 to 20000, found 0"), "{none}");
    let endless = says(&["--sequence", "20001"]);
    assert!(endless.contains("sequence.frames: expected 1 to 20000"), "{endless}");
    assert!(says(&["--frames", "2", "--fps", "3"]).contains("--sequence"), "fps of what");
    assert!(!out.exists(), "nothing was begun");
    let single = exits(2, &["play", text(super::whole()), "--out", text(&place.path().join("x.gif"))]);
    assert!(single.contains("found single pictures"), "{single}");
}
