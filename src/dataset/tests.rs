use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{Counted, Dataset, DatasetError, Histogram, Rerender, stats, verify};
use crate::{
    geometry::{BoxPx, Rle},
    truth::{FrameTruth, InstanceTruth},
    write::{
        DatasetWriter, FrameFiles,
        testing::{self, frame, policy, run},
    },
};

fn sound() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    testing::dataset(&dir, 6);
    (root, dir)
}

/// The faults of a dataset, one a line.
fn faults(dir: &Path) -> String {
    let report = verify(dir, None).unwrap();
    report.faults.iter().map(|fault| format!("{fault}\n")).collect()
}

/// A dataset whose checksums are right and whose truth was changed before it was written.
fn faults_of(change: impl Fn(&mut FrameTruth)) -> String {
    let root = tempfile::tempdir().unwrap();
    let mut writer = DatasetWriter::create(root.path(), &run(2)).unwrap();
    for number in 0..2 {
        let mut files = frame(number);
        if number == 1 {
            change(&mut files.truth);
        }
        writer.put(files).unwrap();
    }
    writer.finish(&policy()).unwrap();
    faults(root.path())
}

fn product(truth: &mut FrameTruth) -> &mut InstanceTruth {
    truth.instances.iter_mut().find(|i| i.area > 30.0 && i.visibility < 0.95).expect("a half hidden one")
}

#[test]
fn a_sound_dataset_passes() {
    let (_root, dir) = sound();
    let report = verify(&dir, None).unwrap();
    assert!(report.passed(), "{:#?}", report.faults);
    assert_eq!((report.frames, report.instances), (6, 66), "all were looked at");
    assert_eq!(report.files, 6 * 3 + 2, "three pictures each, one shard, the annotations");
}

/// Something done to a frame's truth.
type Change = Box<dyn Fn(&mut FrameTruth)>;

#[test]
fn every_wrong_label_is_found_and_named() {
    let shift = |b: &mut BoxPx| b.x += 1.0;
    let cases: Vec<(&str, Change)> = vec![
        ("box is the mask's extents", Box::new(move |t| shift(product(t).bbox.as_mut().unwrap()))),
        ("area is the mask's", Box::new(|t| product(t).area += 1.0)),
        ("mask decodes", Box::new(|t| product(t).segmentation.as_mut().unwrap().counts.push('1'))),
        (
            "mask has the picture's size",
            Box::new(|t| product(t).segmentation.as_mut().unwrap().size = [64, 48]),
        ),
        ("visibility is mask area / amodal area", Box::new(|t| product(t).visibility += 0.01)),
        ("amodal mask contains the mask", Box::new(|t| product(t).area_amodal = 1.0)),
        ("amodal box contains the box", Box::new(|t| product(t).bbox_amodal.as_mut().unwrap().x += 40.0)),
        ("full box contains the amodal box", Box::new(|t| product(t).bbox_full.as_mut().unwrap().y += 20.0)),
        ("shares are in 0 to 1", Box::new(|t| product(t).truncation = 1.5)),
        ("pieces are the mask's", Box::new(|t| product(t).pieces += 1)),
        (
            "nothing hides itself",
            Box::new(|t| {
                let i = product(t);
                i.occluders.push(i.instance_id)
            }),
        ),
        ("depth is the median of the depth picture", Box::new(|t| product(t).depth_m = Some(9.0))),
        ("pose is rigid", Box::new(|t| product(t).camera_from_object[0][0] *= 2.0)),
        ("camera is rigid", Box::new(|t| t.camera.camera_from_world[2][2] = -1.0)),
        ("ids ascend from 1 to 65535", Box::new(|t| t.instances.swap(0, 1))),
        ("box is the outline's extents", Box::new(|t| t.instances[10].bbox.as_mut().unwrap().w += 1.0)),
        ("box is inside the frame", Box::new(|t| t.instances[10].bbox.as_mut().unwrap().x = -3.0)),
        (
            "mask equals the id picture",
            Box::new(|t| {
                let (a, b) = (t.instances[4].segmentation.clone(), t.instances[5].segmentation.clone());
                (t.instances[4].segmentation, t.instances[5].segmentation) = (b, a);
            }),
        ),
        (
            "masks of one picture are disjoint",
            Box::new(|t| {
                let size = t.camera.intrinsics.size;
                product(t).segmentation = Some(Rle::from_mask(size, &vec![true; size.pixels()]));
            }),
        ),
    ];
    for (check, change) in cases {
        let found = faults_of(change);
        let line = found.lines().find(|line| line.contains(&format!(": {check}: ")));
        let line = line.unwrap_or_else(|| panic!("'{check}' was not found in:\n{found}"));
        assert!(line.contains("00000.jsonl, line 2, frame 1"), "where: {line}");
    }
}

#[test]
fn a_box_shifted_by_one_pixel_in_the_coco_file_is_named() {
    let (_root, dir) = sound();
    let path = dir.join("annotations.json");
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().position(|l| l.starts_with("{\"id\":8,") && l.contains("bbox")).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let x = lines[line].split_once("\"bbox\":[").unwrap().1.split_once(',').unwrap().0.to_owned();
    let shifted = format!("\"bbox\":[{:?},", x.parse::<f64>().unwrap() + 1.0);
    lines[line] = lines[line].replacen(&format!("\"bbox\":[{x},"), &shifted, 1);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let found = faults(&dir);
    assert!(found.contains(&format!("annotations.json, line {}", line + 1)), "{found}");
    assert!(found.contains("annotation 8: bbox is ["), "{found}");
    assert!(found.contains("annotations.json: checksum"), "{found}");
    assert_eq!(found.lines().count(), 2, "and nothing else: {found}");
}

#[test]
fn every_damaged_file_is_named() {
    let (_root, dir) = sound();
    let names: Vec<PathBuf> = testing::contents(&dir).into_keys().collect();
    for name in names.iter().filter(|name| *name != Path::new("manifest.json")) {
        let path = dir.join(name);
        let kept = fs::read(&path).unwrap();
        let mut bytes = kept.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let found = faults(&dir);
        assert!(found.contains(&name.display().to_string()), "{} changed: {found}", name.display());
        fs::remove_file(&path).unwrap();
        let found = faults(&dir);
        assert!(found.contains(&name.display().to_string()), "{} removed: {found}", name.display());
        fs::write(&path, &kept).unwrap();
    }
    assert_eq!(faults(&dir), "", "all mended");
    fs::write(dir.join("images/stray.jpg"), b"x").unwrap();
    assert!(faults(&dir).contains("stray.jpg: every file belongs to a frame"), "a stray file");
}

#[test]
fn blank_and_misshapen_pictures_are_found() {
    let root = tempfile::tempdir().unwrap();
    let mut writer = DatasetWriter::create(root.path(), &run(2)).unwrap();
    let size = crate::geometry::Size { width: 48, height: 64 };
    for number in 0..2 {
        let mut files = frame(number);
        let shape = if number == 0 { testing::SIZE } else { size };
        let rgba: Vec<u8> = (0..size.pixels()).flat_map(|p| [90 + (p % 3) as u8, 90, 90, 255]).collect();
        files.files[0].1 = crate::write::encode::jpeg(shape, &rgba, 95).unwrap();
        writer.put(files).unwrap();
    }
    writer.finish(&policy()).unwrap();
    let found = faults(root.path());
    assert!(found.contains("000000.jpg: picture is not blank"), "{found}");
    assert!(found.contains("000001.jpg: picture has the stated size: 48 x 64 where 64 x 48"), "{found}");
}

#[test]
fn frames_rendered_again_are_compared() {
    let (_root, dir) = sound();
    let frames = BTreeSet::from([1, 4]);
    let report =
        verify(&dir, Some(Rerender { frames: frames.clone(), render: &mut |n| Ok(frame(n)) })).unwrap();
    assert!(report.passed() && report.rerendered == 2, "{report:#?}");
    let mut other = |n: u64| -> Result<FrameFiles, String> {
        let mut files = frame(n);
        if n == 1 {
            files.truth.instances[3].yaw_by(1.0);
            return Ok(files);
        }
        files.files[1].1[40] ^= 1;
        Ok(files)
    };
    let report = verify(&dir, Some(Rerender { frames: frames.clone(), render: &mut other })).unwrap();
    let text: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert_eq!(text.len(), 2, "{text:?}");
    assert!(text[0].starts_with("frame 1") && text[0].contains("instance 4 differs"), "{text:?}");
    assert!(text[1].starts_with("frame 4") && text[1].contains("instances/000004.png"), "{text:?}");
    let mut fails = |_| Err("no adapter".to_owned());
    let report = verify(&dir, Some(Rerender { frames, render: &mut fails })).unwrap();
    assert!(report.faults[0].to_string().contains("no adapter"), "{report:#?}");
}

impl InstanceTruth {
    fn yaw_by(&mut self, degrees: f64) {
        self.facts.insert("yaw_deg".into(), degrees.into());
    }
}

#[test]
fn an_unfinished_dataset_is_said_to_be_one() {
    let root = tempfile::tempdir().unwrap();
    let mut writer = DatasetWriter::create(root.path(), &run(3)).unwrap();
    writer.put(frame(0)).unwrap();
    drop(writer);
    let found = faults(root.path());
    assert!(
        found.contains("the dataset is complete") && found.contains("they end before frame 1"),
        "{found}"
    );
}

#[test]
fn frames_are_read_in_order_and_one_at_a_time() {
    let (_root, dir) = sound();
    let dataset = Dataset::open(&dir).unwrap();
    let all: Vec<FrameTruth> = dataset.frames().unwrap().collect::<Result<_, _>>().unwrap();
    let expected: Vec<FrameTruth> = (0..6).map(|n| frame(n).truth).collect();
    assert_eq!(all, expected, "exactly what was put in");
    assert_eq!(dataset.record(4).unwrap().truth, expected[4], "one");
    let error = dataset.record(6).unwrap_err();
    assert_eq!(error.to_string(), "there is no frame 6: this dataset holds frames 0 to 5", "past the end");
    let shard = dir.join("truth/00000.jsonl");
    let text = fs::read_to_string(&shard).unwrap().replacen("facing7", "facing8", 1);
    fs::write(&shard, text).unwrap();
    let error = dataset.frames().unwrap().find_map(Result::err).unwrap().to_string();
    assert!(error.contains("00000.jsonl, line 1: the line's checksum"), "{error}");
    assert!(matches!(Dataset::open(&dir.join("no")), Err(DatasetError::Store(_))), "no dataset");
}

#[test]
fn percentiles_are_nearest_ranks() {
    let histogram = Histogram::of("x", (1..=100).rev().map(f64::from).collect());
    assert_eq!(histogram.percentiles, [5.0, 25.0, 50.0, 75.0, 95.0], "of 1 to 100");
    assert_eq!((histogram.count, histogram.mean, histogram.range), (100, 50.5, [1.0, 100.0]), "the rest");
    assert_eq!(histogram.bars.iter().sum::<u64>(), 100, "every value is in a bar");
    let single = Histogram::of("x", vec![2.0; 7]);
    assert_eq!((single.percentiles, single.bars[0]), ([2.0; 5], 7), "all the same");
    assert_eq!(Histogram::of("x", vec![]).count, 0, "none");
}

#[test]
fn stats_count_what_the_frames_hold() {
    let (_root, dir) = sound();
    let stats = stats(&dir, Counted::All).unwrap();
    let truths: Vec<FrameTruth> = (0..6).map(|n| frame(n).truth).collect();
    let all = || truths.iter().flat_map(|t| &t.instances);
    let visible = all().filter(|i| i.bbox.is_some()).count() as u64;
    assert_eq!((stats.frames, stats.visible, stats.hidden), (6, visible, 66 - visible), "instances");
    assert_eq!(stats.classes[0].0, "product", "most of them");
    assert_eq!(stats.classes.iter().map(|(_, n)| n).sum::<u64>(), visible, "every one has a class");
    let text = stats.to_string();
    for word in ["6 pictures", "visibility", "distance, m", "bottle", "price_tag", "95%"] {
        assert!(text.contains(word), "{word} is not in:\n{text}");
    }
}
