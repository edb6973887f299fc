use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// A file of two pictures, 20 x 10 and 8 x 8, with these annotations.
fn coco(annotations: Value) -> Value {
    json!({
        "images": [
            {"id": 7, "file_name": "b.png", "width": 8, "height": 8, "scene": {"lamp": {"lux": 300}, "name": "aisle"}},
            {"id": 3, "file_name": "a.png", "width": 20, "height": 10},
        ],
        "categories": [
            {"id": 5, "name": "can", "supercategory": "product"},
            {"id": 2, "name": "box"},
            {"id": 9, "name": "gap", "supercategory": "virtual"},
        ],
        "annotations": annotations,
    })
}

fn one(further: Value) -> Value {
    let mut annotation =
        json!({"id": 1, "image_id": 3, "category_id": 5, "bbox": [2.0, 3.0, 4.0, 5.0], "iscrowd": 0});
    annotation.as_object_mut().unwrap().append(&mut further.as_object().unwrap().clone());
    annotation
}

/// A folder with this file and its pictures.
fn folder(file: &Value) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("images")).unwrap();
    for (name, width, height) in [("a.png", 20, 10), ("b.png", 8, 8)] {
        image::RgbImage::new(width, height).save(place.path().join("images").join(name)).unwrap();
    }
    let path = place.path().join("annotations.json");
    fs::write(&path, serde_json::to_string_pretty(file).unwrap()).unwrap();
    (place, path)
}

fn open(file: &Value, options: &CocoOptions) -> Result<Coco, CocoReadError> {
    let (place, _) = folder(file);
    Coco::open(place.path(), options)
}

#[test]
fn records_are_what_is_written() {
    let further = json!({"segmentation": [[2, 3, 6, 3, 6, 8, 2, 8]], "visibility": 0.25, "yaw_deg": 30,
        "pose": {"lying": true}, "camera_from_object": [[1, 0], [0, 1]]});
    let crowd =
        json!({"id": 2, "image_id": 7, "category_id": 2, "bbox": [0, 0, 8, 8], "area": 64, "iscrowd": 1});
    let options = CocoOptions {
        object_facts: vec![
            "yaw_deg".into(),
            "pose.lying".into(),
            "camera_from_object.0.1".into(),
            "none".into(),
        ],
        picture_facts: vec!["scene.lamp.lux".into(), "scene.name".into()],
        check: PictureCheck::Size,
        ..CocoOptions::default().with_masks()
    };
    let read = open(&coco(json!([crowd, one(further)])), &options).unwrap();
    assert_eq!(read.pictures().iter().map(|p| p.id).collect::<Vec<_>>(), [3, 7], "in order of id");
    assert_eq!(read.categories().iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["box", "can", "gap"]);
    let [can] = &read.pictures()[0].objects[..] else { panic!("one can: {:?}", read.pictures()) };
    assert_eq!((can.category, can.xywh(), can.is_plain()), (1, [2.0, 3.0, 4.0, 5.0], true));
    assert_eq!((can.area, can.visibility), (20.0, Some(0.25)), "area of the outline, which is not written");
    assert_eq!(can.facts["yaw_deg"], Fact::Number(30.0));
    assert_eq!(can.facts["pose.lying"], Fact::Word("true".into()));
    assert_eq!(can.facts["camera_from_object.0.1"], Fact::Number(0.0));
    assert_eq!(can.facts.len(), 3, "and no more");
    let [crowd] = &read.pictures()[1].objects[..] else { panic!("one crowd") };
    assert!(crowd.crowd && !crowd.is_plain());
    assert_eq!(read.pictures()[1].facts["scene.lamp.lux"].number(), Some(300.0));
    assert!(read.faults().is_empty(), "{}", read.faults());
}

#[test]
fn the_three_ways_to_write_a_shape_agree() {
    let size = Size { width: 20, height: 10 };
    let outline: Segmentation = serde_json::from_value(json!([[2, 3, 6, 3, 6, 8, 2, 8]])).unwrap();
    let mask = outline.mask(size).unwrap();
    assert_eq!(mask.area(), 20, "4 x 5 pixels");
    let rle = serde_json::to_value(mask.to_rle()).unwrap();
    let runs = json!({"size": [10, 20], "counts": mask.to_rle().runs().unwrap()});
    for written in [rle, runs] {
        let shape: Segmentation = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(shape.mask(size).unwrap(), mask, "{written}");
        assert!(
            shape.mask(Size { width: 10, height: 20 }).unwrap_err().contains("20 x 10"),
            "another picture"
        );
        assert_eq!(serde_json::to_value(&shape).unwrap(), written, "written as it was");
    }
    for bad in [json!([[1, 2, 3, 4]]), json!([[1, 2, 3, 4, 5, 6, 7]]), json!([[1e9, 2, 3, 4, 5, 6]])] {
        let shape: Segmentation = serde_json::from_value(bad.clone()).unwrap();
        assert!(shape.mask(size).is_err(), "{bad}");
    }
}

#[test]
fn every_fault_is_named_and_can_be_left_out() {
    use FaultKind as K;
    let good = one(json!({"id": 100}));
    for (kind, words, annotation) in [
        (K::DuplicateId, "annotations[1] (id 100)", one(json!({"id": 100}))),
        (K::UnknownCategory, "category_id 6", one(json!({"category_id": 6}))),
        (K::UnknownPicture, "image_id 12", one(json!({"image_id": 12}))),
        (K::NoArea, "[1, 1, 0, 4]", one(json!({"bbox": [1, 1, 0, 4]}))),
        (K::NoArea, "[1, 1, NaN, 4]", one(json!({"bbox": [1, 1, null, 4]}))),
        (K::NoArea, "[1, 1, 3, -4]", one(json!({"bbox": [1, 1, 3, -4]}))),
        (K::NoArea, "no `bbox`", one(json!({"bbox": null}))),
        (K::OutsidePicture, "20 x 10", one(json!({"bbox": [20, 1, 3, 4]}))),
        (K::BadSegmentation, "35", one(json!({"segmentation": {"size": [10, 20], "counts": [30, 5]}}))),
        (K::BadKeypoints, "4 numbers", one(json!({"keypoints": [1, 2, 2, 5]}))),
    ] {
        let file = coco(json!([good, annotation]));
        let options = CocoOptions::default().with_masks();
        let error = open(&file, &options).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("annotations[1]"), "{kind:?}: {error}");
        let read = open(&file, &options.skipping()).unwrap();
        assert_eq!(
            (read.faults().of(kind), read.faults().len(), read.objects()),
            (1, 1, 1),
            "{}",
            read.faults()
        );
    }
    let file =
        coco(json!([good, one(json!({"bbox": [1, 1, 0, 4]})), one(json!({"id": 2, "category_id": 6}))]));
    let kept = CocoOptions { on_fault: OnFault::KeepBoxes, ..CocoOptions::default() };
    let read = open(&file, &kept).unwrap();
    assert_eq!((read.objects(), read.faults().len()), (2, 2), "a box without area stays, and is counted");
}

#[test]
fn pictures_are_looked_at_as_asked() {
    let file = coco(json!([one(json!({}))]));
    let (place, _) = folder(&file);
    fs::remove_file(place.path().join("images/a.png")).unwrap();
    image::RgbImage::new(9, 8).save(place.path().join("images/b.png")).unwrap();
    let with = |check| CocoOptions { check, ..CocoOptions::default() };
    let error = Coco::open(place.path(), &with(PictureCheck::There)).unwrap_err().to_string();
    assert!(error.contains("1 x missing picture") && error.contains("a.png"), "{error}");
    let error = Coco::open(place.path(), &with(PictureCheck::Size)).unwrap_err().to_string();
    assert!(error.contains("1 x wrong size") && error.contains("9 x 8"), "{error}");
    assert_eq!(Coco::open(place.path(), &with(PictureCheck::No)).unwrap().pictures().len(), 2);
    let read = Coco::open(place.path(), &with(PictureCheck::Size).skipping()).unwrap();
    assert_eq!(
        (read.pictures().len(), read.objects(), read.faults().len()),
        (0, 0, 2),
        "annotations go with them"
    );
}

#[test]
fn mistakes_have_line_column_and_path() {
    for (file, words) in [
        (
            "{\"images\": [],\n \"annotations\": [{\"id\": 1,\n \"bbox\": [1, 2, 3]}]",
            &["annotations[0]", ":3:"][..],
        ),
        (
            "{\"images\": [],\n \"annotations\": [{\"id\": 1, \"image_id\": \"x\"}]",
            &["annotations[0].image_id", ":2:"],
        ),
        ("{\"images\": [{\"id\": 4}]}", &["images[0]", "file_name"]),
        ("{\"images\": [], \"annotations\": []}", &["`categories`"]),
        ("[]", &["expected a COCO file"]),
        ("{\"images\": [", &[":1:", "EOF"]),
    ] {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("x.json");
        fs::write(&path, file).unwrap();
        let error = Coco::open(&path, &CocoOptions::default()).unwrap_err().to_string();
        for word in words.iter().chain(&["x.json:"]) {
            assert!(error.contains(word), "expected '{word}' in {error}");
        }
    }
    let error = Coco::open(Path::new("nowhere"), &CocoOptions::default()).unwrap_err().to_string();
    assert!(error.contains("cannot read nowhere"), "{error}");
}

#[test]
fn a_folder_is_searched_as_people_lay_them_out() {
    let (place, path) = folder(&coco(json!([])));
    let root = place.path();
    fs::create_dir(root.join("annotations")).unwrap();
    fs::rename(root.join("images"), root.join("val2017")).unwrap();
    let released = root.join("annotations/instances_val2017.json");
    fs::rename(path, &released).unwrap();
    let options = CocoOptions::default();
    assert_eq!(Coco::open(root, &options).unwrap().pictures()[0].path, root.join("val2017/a.png"));
    fs::copy(&released, root.join("annotations/train.json")).unwrap();
    let error = Coco::open(root, &options).unwrap_err().to_string();
    assert!(error.contains("instances_val2017.json, ") && error.contains("train.json"), "{error}");
    let elsewhere = CocoOptions { pictures: Some(root.join("val2017")), ..options.clone() };
    assert_eq!(Coco::open(&root.join("annotations/train.json"), &elsewhere).unwrap().pictures().len(), 2);
    assert!(
        matches!(Coco::open(&root.join("val2017"), &options), Err(CocoReadError::NoFile { .. })),
        "none there"
    );
}

#[test]
fn categories_are_chosen_and_renamed() {
    let file = coco(json!([
        one(json!({})),
        one(json!({"id": 2, "category_id": 2})),
        one(json!({"id": 3, "category_id": 9}))
    ]));
    let wanting = |names: &[&str]| CocoOptions {
        categories: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..CocoOptions::default()
    };
    let read = open(&file, &wanting(&["can"])).unwrap();
    assert_eq!((read.objects(), read.categories().len(), read.faults().len()), (1, 1, 0));
    let error = open(&file, &wanting(&["bottle"])).unwrap_err().to_string();
    assert!(error.contains("no category 'bottle'") && error.contains("box, can, gap"), "{error}");
    let rename = vec![("*".to_owned(), "product".to_owned()), ("gap".to_owned(), "gap".to_owned())];
    let joined = open(&file, &CocoOptions { rename, ..wanting(&["product"]) }).unwrap();
    assert_eq!((joined.objects(), joined.categories().len()), (2, 1), "can and box are products");
    assert_eq!(
        (joined.category_of_id(2), joined.category_of_id(5), joined.category_of_id(9)),
        (Some(0), Some(0), None)
    );
    let all = open(&file, &CocoOptions::default()).unwrap();
    let classes = Classes::of(&[&all, &joined], None).unwrap();
    assert_eq!(classes.names, ["box", "can", "product"], "gaps are never drawn");
    assert_eq!(classes.of_category, [vec![Some(0), Some(1), None], vec![Some(2)]]);
    assert!(Classes::of(&[&all], Some(&["jar".to_owned()])).is_err(), "nobody has it");
}

#[test]
fn results_find_their_pictures() {
    let (place, _) = folder(&coco(json!([])));
    let read = Coco::open(place.path(), &CocoOptions::default()).unwrap();
    let path = place.path().join("results.json");
    let write = |value: Value| fs::write(&path, value.to_string()).unwrap();
    let detection = json!({"image_id": 7, "category_id": 5, "bbox": [1, 2, 3, 4], "score": 0.5});
    write(
        json!([detection, {"image_id": 3, "category_id": 2, "bbox": [], "keypoints": [1, 2, 2], "score": 1}]),
    );
    let results = Results::open(&path, &read, ResultsOptions::default()).unwrap();
    assert_eq!((results.of_picture[0].len(), results.of_picture[1].len(), results.len()), (1, 1, 2));
    let (category, result) = &results.of_picture[1][0];
    assert_eq!((*category, result.bbox.unwrap().w), (1, 3.0));
    assert_eq!(results.of_picture[0][0].1.bbox, None, "an empty list is none");
    write(json!([detection, {"image_id": 8, "category_id": 5, "bbox": [1, 2, 3, 4], "score": 0.5}]));
    let error = Results::open(&path, &read, ResultsOptions::default()).unwrap_err().to_string();
    assert!(error.contains("[1]: unknown picture: image_id 8"), "{error}");
    let skipping = ResultsOptions { on_fault: OnFault::Skip, masks: false };
    assert_eq!(Results::open(&path, &read, skipping).unwrap().len(), 1);
    write(json!([detection, {"image_id": 7, "category_id": 5, "bbox": [1, 2, 3], "score": 0.5}]));
    let error = Results::open(&path, &read, skipping).unwrap_err().to_string();
    assert!(error.contains("[1]") && error.contains("3 numbers"), "{error}");
}

fn many(pictures: usize, per_video: usize) -> Coco {
    let images: Vec<Value> = (0..pictures)
        .map(|i| json!({"id": i, "file_name": format!("{i}.png"), "width": 4, "height": 4, "video_id": i / per_video}))
        .map(|mut image| {
            if per_video == 1 {
                image.as_object_mut().unwrap().remove("video_id");
            }
            image
        })
        .collect();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("x.json");
    fs::write(&path, json!({"images": images, "annotations": [], "categories": []}).to_string()).unwrap();
    Coco::open(&path, &CocoOptions { check: PictureCheck::No, ..CocoOptions::default() }).unwrap()
}

#[test]
fn splits_are_disjoint_repeatable_and_as_large_as_asked() {
    let coco = many(200, 1);
    let [train, held, test] = Split::shares(&coco, [0.7, 0.2, 0.1], 5).unwrap();
    assert_eq!([&train, &held, &test].map(|part| part.pictures.len()), [140, 40, 20]);
    let all: BTreeSet<usize> = [&train, &held, &test].iter().flat_map(|part| part.pictures.clone()).collect();
    assert_eq!(all.len(), 200, "disjoint and complete");
    assert_eq!(Split::shares(&coco, [0.7, 0.2, 0.1], 5).unwrap()[1], held, "repeatable");
    assert_ne!(Split::shares(&coco, [0.7, 0.2, 0.1], 6).unwrap()[1], held, "the seed counts");
    assert_eq!(Split::shares(&coco, [0.1], 5).unwrap()[0].pictures.len(), 20, "the rest is left");
    assert!(Split::shares(&coco, [0.9, 0.2], 5).is_err() && Split::shares(&coco, [0.0], 5).is_err());
    let films = many(200, 10);
    let [a, b] = Split::shares(&films, [0.5, 0.5], 1).unwrap();
    let videos = |part: &Split| part.pictures.iter().map(|p| p / 10).collect::<BTreeSet<_>>();
    assert_eq!((a.pictures.len(), b.pictures.len()), (100, 100));
    assert!(videos(&a).is_disjoint(&videos(&b)), "sequences stay whole");
}

#[test]
fn a_mix_keeps_its_shares_at_every_length() {
    let mix = Mix::new(vec![(50, 0.9), (7, 0.1)], 3).unwrap();
    let draws: Vec<(usize, usize)> = mix.draws().take(1000).collect();
    for n in [10, 100, 333, 1000] {
        let second = draws[..n].iter().filter(|(source, _)| *source == 1).count() as f64;
        assert!((second - 0.1 * n as f64).abs() <= 1.0, "{second} of {n}");
    }
    let first: Vec<usize> = draws.iter().filter(|(source, _)| *source == 0).map(|(_, p)| *p).collect();
    for pass in first[..100].chunks(50) {
        assert_eq!(pass.iter().collect::<BTreeSet<_>>().len(), 50, "every picture once");
    }
    assert_ne!(first[..50], first[50..100], "in another order each time");
    assert_eq!(mix.draws().skip(437).take(50).collect::<Vec<_>>(), draws[437..487], "going on is the same");
    assert_eq!(mix.draws().nth(437), Some(draws[437]));
    assert_ne!(
        Mix::new(vec![(50, 0.9), (7, 0.1)], 4).unwrap().draws().take(50).collect::<Vec<_>>(),
        draws[..50]
    );
    assert!(
        Mix::new(vec![], 0).is_err()
            && Mix::new(vec![(0, 1.0)], 0).is_err()
            && Mix::new(vec![(5, 0.0)], 0).is_err()
    );
    let chances: Vec<f64> = (0..100).map(|draw| mix.chance(draw, "flip")).collect();
    assert!(chances.iter().all(|c| (0.0..1.0).contains(c)) && chances[0] != chances[1]);
}

#[test]
fn our_own_dataset_is_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tiny");
    let options = CocoOptions {
        check: PictureCheck::Size,
        object_facts: ["sku", "shelf", "facing"].map(String::from).to_vec(),
        picture_facts: vec!["facts.on_shelf_availability".into()],
        ..CocoOptions::default().with_masks()
    };
    let read = Coco::open(&root, &options).unwrap();
    assert!(read.objects() > 20 && read.faults().is_empty(), "{} objects, {}", read.objects(), read.faults());
    for picture in read.pictures() {
        assert!(picture.path.is_file() && picture.facts["facts.on_shelf_availability"].number().is_some());
        for object in &picture.objects {
            let mask = object.segmentation.mask(picture.size).unwrap();
            assert_eq!((mask.area() as f64, mask.bounds()), (object.area, Some(object.bbox)));
            assert!(object.visibility.is_some() && object.distance_m.is_some() && object.facts.len() == 3);
        }
    }
}
