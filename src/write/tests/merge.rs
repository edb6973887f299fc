use std::{
    fs,
    path::{Path, PathBuf},
};

use super::super::{
    DatasetWriter, Policy, RunInfo, Shard, merge,
    testing::{assert_same_bytes, dataset, frame, policy, run},
};

fn part(dir: &Path, frames: u64, index: u32, count: u32, policy: &Policy) -> PathBuf {
    let run = RunInfo { shard: Shard { index, count }, ..run(frames) };
    let dir = dir.join(format!("part{index}of{count}-{frames}"));
    let mut writer = DatasetWriter::create(&dir, &run).unwrap();
    run.range().for_each(|number| writer.put(frame(number)).unwrap());
    writer.finish(policy).unwrap();
    dir
}

#[test]
fn parts_merged_are_what_one_run_writes() {
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    dataset(&whole, 10);
    for count in [1, 4, 13] {
        let mut parts: Vec<_> = (0..count).map(|i| part(root.path(), 10, i, count, &policy())).collect();
        parts.reverse();
        let out = root.path().join(format!("merged{count}"));
        merge(&parts, &out).unwrap();
        assert_same_bytes(&whole, &out, &format!("{count} parts"));
    }
}

#[test]
fn a_merge_that_was_stopped_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let (whole, out) = (root.path().join("whole"), root.path().join("merged"));
    dataset(&whole, 6);
    let parts = [part(root.path(), 6, 0, 2, &policy()), part(root.path(), 6, 1, 2, &policy())];
    let mut writer = DatasetWriter::create(&out, &run(6)).unwrap();
    (0..4).for_each(|number| writer.put(frame(number)).unwrap());
    drop(writer);
    merge(&parts, &out).unwrap();
    assert_same_bytes(&whole, &out, "continued");
}

#[test]
fn parts_that_make_no_whole_are_refused_by_name() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path();
    let a = part(dir, 6, 0, 2, &policy());
    let b = part(dir, 6, 1, 2, &policy());
    let refuse = |parts: &[&PathBuf], expected: &str| {
        let parts: Vec<PathBuf> = parts.iter().map(|p| (*p).clone()).collect();
        let out = dir.join("refused");
        let message = merge(&parts, &out).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        assert!(!out.exists(), "nothing was begun");
    };
    refuse(&[], "no parts");
    refuse(&[&a], "missing parts: 1/2");
    refuse(&[&a, &a, &b], "is part 0/2, and so is");
    refuse(&[&a, &part(dir, 7, 1, 2, &policy())], "its number of frames is 7");
    refuse(&[&a, &part(dir, 6, 1, 3, &policy())], "it is one of 3 parts");
    let other = Policy { min_area_px: 99, ..policy() };
    fs::remove_dir_all(&b).unwrap();
    let b = part(dir, 6, 1, 2, &other);
    refuse(&[&a, &b], "its label policy is not that of");
    let unfinished = dir.join("unfinished");
    let run = RunInfo { shard: Shard { index: 1, count: 2 }, ..run(6) };
    drop(DatasetWriter::create(&unfinished, &run).unwrap());
    refuse(&[&a, &unfinished], "unfinished: it is not complete");
}

#[test]
fn a_damaged_picture_is_not_merged() {
    let root = tempfile::tempdir().unwrap();
    let a = part(root.path(), 4, 0, 2, &policy());
    let b = part(root.path(), 4, 1, 2, &policy());
    let picture = b.join("images/000003.jpg");
    let mut bytes = fs::read(&picture).unwrap();
    bytes[300] ^= 1;
    fs::write(&picture, bytes).unwrap();
    let message = merge(&[a, b], &root.path().join("out")).unwrap_err().to_string();
    assert!(message.contains("000003.jpg") && message.contains("checksum"), "{message}");
}
