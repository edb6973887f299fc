use std::{fs, path::Path};

use super::super::{
    DatasetWriter, InOrder, Manifest, RunInfo, Shard, State, WriteError,
    testing::{assert_same_bytes, contents, dataset, frame, policy, run},
};

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_written_again() {
    let root = tempfile::tempdir().unwrap();
    let (whole, torn) = (root.path().join("whole"), root.path().join("torn"));
    dataset(&whole, 3);
    dataset(&torn, 3);
    let shard = torn.join("truth/00000.jsonl");
    let text = fs::read(&shard).unwrap();
    let second_end = text.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0 + 1;
    let last = frame(2).seal().unwrap();
    for len in second_end..=text.len() {
        fs::write(&shard, &text[..len]).unwrap();
        let mut writer = DatasetWriter::resume(&torn, &run(3)).unwrap();
        let due = if len == text.len() { 3 } else { 2 };
        assert_eq!(writer.next_frame(), due, "torn after {len} bytes");
        if due == 2 {
            writer.put_sealed(&last).unwrap();
        }
        drop(writer);
        assert!(fs::read(&shard).unwrap() == text, "torn after {len} bytes: other text");
    }
    DatasetWriter::resume(&torn, &run(3)).unwrap().finish(&policy()).unwrap();
    assert_same_bytes(&whole, &torn, "torn and mended");
}

#[test]
fn damage_before_the_tail_is_named_and_not_cut() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    dataset(&dir, 3);
    let shard = dir.join("truth/00000.jsonl");
    let mut text = fs::read(&shard).unwrap();
    let second = text.iter().position(|b| *b == b'\n').unwrap() + 200;
    text[second] ^= 1;
    fs::write(&shard, &text).unwrap();
    let error = DatasetWriter::resume(&dir, &run(3)).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("00000.jsonl, line 2") && message.contains("checksum"), "{message}");
    assert!(fs::read(&shard).unwrap() == text, "nothing was changed");
}

#[test]
fn a_truth_shard_holds_256_frames_counted_from_frame_0() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let mut frames = run(300);
    frames.first_frame = 200;
    let mut writer = DatasetWriter::create(&dir, &frames).unwrap();
    for number in 200..500 {
        let mut files = frame(number % 3);
        files.truth.frame = number;
        files.files.truncate(1);
        writer.put(files).unwrap();
    }
    drop(writer);
    let lines = |shard: &str| fs::read_to_string(dir.join(shard)).unwrap().lines().count();
    assert_eq!((lines("truth/00000.jsonl"), lines("truth/00001.jsonl")), (56, 244), "frames per shard");
    let writer = DatasetWriter::resume(&dir, &frames).unwrap();
    assert_eq!((writer.next_frame(), writer.complete()), (500, 300), "all are there");
}

#[test]
fn frames_whose_pictures_are_gone_are_made_again() {
    let root = tempfile::tempdir().unwrap();
    let (whole, hurt) = (root.path().join("whole"), root.path().join("hurt"));
    dataset(&whole, 4);
    dataset(&hurt, 4);
    fs::write(hurt.join("instances/000001.png"), b"").unwrap();
    let mut writer = DatasetWriter::resume(&hurt, &run(4)).unwrap();
    assert_eq!(writer.next_frame(), 1, "from the first damaged one on");
    assert_eq!(Manifest::read(&hurt).unwrap().state, State::InProgress, "no longer complete");
    (1..4).for_each(|number| writer.put(frame(number)).unwrap());
    writer.finish(&policy()).unwrap();
    assert_same_bytes(&whole, &hurt, "mended");
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("precious.txt"), b"keep").unwrap();
    let error = DatasetWriter::create(root.path(), &run(1)).unwrap_err();
    assert!(matches!(error, WriteError::NotEmpty { .. }), "{error}");
    assert!(error.to_string().contains("--resume"), "{error}");
    let error = DatasetWriter::resume(root.path(), &run(1)).unwrap_err();
    assert!(matches!(error, WriteError::NotADataset { .. }), "{error}");
    assert_eq!(contents(root.path()).len(), 1, "nothing was added");
}

#[test]
fn a_resume_with_another_run_names_what_differs() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    drop(DatasetWriter::create(&dir, &run(2)).unwrap());
    let other = |change: fn(&mut RunInfo)| {
        let mut run = run(2);
        change(&mut run);
        DatasetWriter::resume(&dir, &run).unwrap_err().to_string()
    };
    assert!(other(|r| r.seed = 0).contains("another seed"), "seed");
    assert!(other(|r| r.frames = 9).contains("another number of frames: there 2, now 9"), "frames");
    assert!(other(|r| r.engine = "9".into()).contains("another engine version"), "engine");
    assert!(other(|r| r.adapter = "x".into()).contains("another adapter"), "adapter");
    let message = other(|r| r.config["image"]["width"] = 320.into());
    assert!(message.contains("another config.image.width: there 64, now 320"), "{message}");
}

#[test]
fn only_one_process_writes_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let first = DatasetWriter::create(&dir, &run(2)).unwrap();
    let error = DatasetWriter::resume(&dir, &run(2)).unwrap_err();
    assert!(matches!(error, WriteError::Busy { .. }), "{error}");
    drop(first);
    DatasetWriter::resume(&dir, &run(2)).unwrap();
}

#[test]
fn frames_come_in_order_and_whole() {
    let root = tempfile::tempdir().unwrap();
    let mut writer = DatasetWriter::create(&root.path().join("d"), &run(2)).unwrap();
    let error = writer.put(frame(1)).unwrap_err();
    assert!(matches!(error, WriteError::OutOfOrder { expected: 0, got: 1 }), "{error}");
    let mut bad = frame(0);
    bad.truth.instances[2].distance_m = f64::NAN;
    let error = writer.put(bad).unwrap_err().to_string();
    assert_eq!(error, "frame 0: distance_m of instance 3 is not a finite number", "a NaN");
    let mut bad = frame(0);
    bad.files.remove(0);
    assert!(writer.put(bad).unwrap_err().to_string().contains("is not among its files"), "no picture");
    for path in ["../x.png", "/tmp/x.png", "x.png", "truth/x.png", ".part/x.png", "images/../../x.png"] {
        let mut bad = frame(0);
        bad.files.push((path.into(), vec![1]));
        assert!(matches!(writer.put(bad), Err(WriteError::BadFrame { .. })), "{path}");
    }
    writer.put(frame(0)).unwrap();
    let error = writer.finish(&policy()).unwrap_err();
    assert!(matches!(error, WriteError::Incomplete { done: 1, of: 2 }), "{error}");
}

#[test]
fn an_unwritable_target_is_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = DatasetWriter::create(&file.join("d"), &run(1)).unwrap_err();
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    // A device that is always full.
    if Path::new("/dev/full").exists() {
        let error = WriteError::io("write", "x", fs::write("/dev/full", b"x").unwrap_err());
        assert!(matches!(error, WriteError::DiskFull { .. }), "{error}");
    }
}

#[test]
fn parallel_producers_come_out_in_order() {
    let mut order = InOrder::new(3);
    for frame in [5, 4, 7, 3, 6] {
        assert!(order.push(frame, frame * 10), "new");
    }
    assert!(!order.push(5, 0) && !order.push(2, 0), "twice, or too late");
    let out: Vec<u64> = std::iter::from_fn(|| order.pop()).collect();
    assert_eq!(out, [30, 40, 50, 60, 70], "in order");
    assert_eq!((order.next_frame(), order.waiting()), (8, 0), "and done");
}

#[test]
fn blocks_of_a_sharded_run_cover_it_once() {
    for (frames, count) in [(10, 4), (3, 5), (1000, 7), (0, 2)] {
        let mut next = 40;
        for index in 0..count {
            let part = RunInfo { first_frame: 40, shard: Shard { index, count }, ..run(frames) }.range();
            assert_eq!(part.start, next, "{frames} frames in {count} parts: part {index}");
            assert!(part.end - part.start <= frames / u64::from(count) + 1, "even parts");
            next = part.end;
        }
        assert_eq!(next, 40 + frames, "{frames} frames in {count} parts");
    }
}
