//! Datasets on disk as a source: every picture in turn, broken ones passed over by name.

use std::{fs, path::Path};

use diorama::{
    seed::Seed,
    train::{Disk, Source, Wanted},
};

/// A dataset of six small pictures with one can each, and one with a jar.
fn dataset(folder: &Path) {
    fs::create_dir_all(folder.join("images")).expect("a folder");
    let (mut images, mut annotations) = (Vec::new(), Vec::new());
    for id in 1..=6u8 {
        let name = format!("{id}.png");
        image::RgbImage::from_pixel(20, 10, image::Rgb([id * 30, 0, 0]))
            .save(folder.join("images").join(&name))
            .expect("saved");
        images.push(serde_json::json!({ "id": id, "file_name": name, "width": 20, "height": 10 }));
        let kind = if id == 6 { 7 } else { 3 };
        annotations.push(serde_json::json!({
            "id": id, "image_id": id, "category_id": kind, "bbox": [1, 2, 5, 6], "area": 30, "iscrowd": 0,
        }));
    }
    let categories = [(3, "can"), (7, "jar")].map(|(id, name)| serde_json::json!({ "id": id, "name": name }));
    let coco = serde_json::json!({ "images": images, "annotations": annotations, "categories": categories });
    fs::write(folder.join("annotations.json"), coco.to_string()).expect("written");
}

fn names(disk: &mut Disk, draws: std::ops::Range<u64>) -> Vec<String> {
    let one = |i| disk.draw(i, &Seed(0).frame(i)).expect("there").name.rsplit('/').next().unwrap().to_owned();
    draws.map(one).collect()
}

#[test]
fn every_picture_comes_once_a_round_and_a_broken_one_is_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    dataset(folder.path());
    let wanted = |only: &[&str], as_one: Option<&str>| Wanted {
        only: only.iter().map(|name| (*name).to_owned()).collect(),
        as_one: as_one.map(str::to_owned),
    };
    let chosen = |wanted: &Wanted| Disk::open(&[folder.path()], wanted, Seed(4));
    let open = |as_one| chosen(&wanted(&[], as_one)).expect("opens").remove(0);
    let mut disk = open(None);
    assert_eq!(disk.classes(), ["can", "jar"], "by name");
    let (first, second) = (names(&mut disk, 0..6), names(&mut disk, 6..12));
    assert_ne!(first, second, "another order each round");
    for round in [&first, &second] {
        let mut sorted = round.clone();
        sorted.sort();
        assert_eq!(sorted, ["1.png", "2.png", "3.png", "4.png", "5.png", "6.png"], "all, once");
    }
    assert_eq!(
        names(&mut open(None), 8..12),
        second[2..],
        "a resumed run goes on as if it had drawn the rest"
    );
    let jar =
        (0..6).map(|i| disk.draw(i, &Seed(0).frame(i)).expect("there")).find(|s| s.name.ends_with("6.png"));
    assert_eq!(jar.expect("it is there").objects[0].class, 1, "its class");
    assert_eq!(open(Some("product")).classes(), ["product"], "all as one");
    let objects = |disk: &mut Disk| {
        let counts = (0..6).map(|i| disk.draw(i, &Seed(0).frame(i)).expect("there").objects.len());
        counts.sum::<usize>()
    };
    assert_eq!(objects(&mut open(Some("product"))), 6, "every one");
    for as_one in [None, Some("glass")] {
        let mut jars = chosen(&wanted(&["jar"], as_one)).expect("opens").remove(0);
        assert_eq!(jars.classes(), [as_one.unwrap_or("jar")], "nothing else");
        assert_eq!(objects(&mut jars), 1, "cans are background");
    }
    let missing = chosen(&wanted(&["jar", "tin"], None)).expect_err("there is none").to_string();
    assert!(missing.contains("no class `tin`") && missing.contains("can, jar"), "{missing}");

    fs::write(folder.path().join("images/3.png"), b"no picture").expect("written");
    let mut disk = open(None);
    let seen = names(&mut disk, 0..6);
    assert!(!seen.contains(&"3.png".to_owned()), "{seen:?}");
    assert_eq!(disk.broken().load(std::sync::atomic::Ordering::Relaxed), 1, "counted");
}

#[test]
fn what_is_no_dataset_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Disk::open(&[folder.path()], &Wanted::default(), Seed(0)).expect_err("empty").to_string();
    assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
}
