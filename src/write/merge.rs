//! Joining the parts of a sharded run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    DatasetWriter, FileDigest, Lines, Manifest, Policy, RunInfo, SealedFrame, Shard, State, Summary,
    WriteError, record::Record,
};

#[derive(Deserialize)]
struct FrameView {
    frame: u64,
}

/// Joins all parts of a run into `out`: byte for byte what one run would have written. Pictures are checked
/// against their checksums on the way. A merge that was killed is continued by calling it again.
///
/// # Errors
/// [`WriteError::Merge`] naming the part at fault when parts are missing, there twice, unfinished, or from runs
/// that differ in anything but the shard; [`WriteError::Damaged`] when a file of a part is not what it was;
/// otherwise as [`DatasetWriter`].
pub fn merge(parts: &[PathBuf], out: &Path) -> Result<Summary, WriteError> {
    let (parts, run, policy) = check_parts(parts)?;
    let mut writer = match Manifest::read(out) {
        Ok(begun) if begun.state == State::InProgress => DatasetWriter::resume(out, &run)?,
        _ => DatasetWriter::create(out, &run)?,
    };
    for part in &parts {
        for line in Lines::open(part)? {
            let line = line?;
            let record: Record<FrameView> = line.parse()?;
            if record.truth.frame < writer.next_frame() {
                continue;
            }
            let files = record.files.iter().map(|file| read_checked(part, file)).collect::<Result<_, _>>()?;
            writer.put_sealed(&SealedFrame { frame: record.truth.frame, files, line: line.text })?;
        }
    }
    writer.finish(&policy)
}

fn read_checked(part: &Path, file: &FileDigest) -> Result<(String, Vec<u8>), WriteError> {
    let path = part.join(&file.path);
    let damaged = |what: &str| WriteError::Damaged { path: path.clone(), line: None, what: what.to_owned() };
    if !super::frame::stays_inside(&file.path) {
        return Err(damaged("the path leaves the dataset"));
    }
    let content = fs::read(&path).map_err(|error| WriteError::io("read", &path, error))?;
    if FileDigest::of(&file.path, &content) != *file {
        return Err(damaged("its checksum is not the one in the truth record"));
    }
    Ok((file.path.clone(), content))
}

fn check_parts(parts: &[PathBuf]) -> Result<(Vec<PathBuf>, RunInfo, Policy), WriteError> {
    let mut found: BTreeMap<u32, &PathBuf> = BTreeMap::new();
    let mut first: Option<(&PathBuf, RunInfo, Policy)> = None;
    for path in parts {
        let manifest = Manifest::read(path)?;
        let fail = |what: String| Err(WriteError::Merge(format!("{}: {what}", path.display())));
        let (State::Complete, Some(policy)) = (manifest.state, manifest.policy) else {
            return fail("it is not complete; run it again with --resume".to_owned());
        };
        let Shard { index, count } = manifest.run.shard;
        if let Some(other) = found.insert(index, path) {
            return fail(format!("it is part {index}/{count}, and so is {}", other.display()));
        }
        let Some((other, run, other_policy)) = &first else {
            first = Some((path, manifest.run, policy));
            continue;
        };
        if count != run.shard.count {
            return fail(format!(
                "it is one of {count} parts, {} one of {}",
                other.display(),
                run.shard.count
            ));
        }
        let aligned = RunInfo { shard: run.shard, ..manifest.run };
        if let Some((what, here, there)) = aligned.difference(run) {
            return fail(format!("its {what} is {here}, that of {} is {there}", other.display()));
        }
        if policy != *other_policy {
            return fail(format!("its label policy is not that of {}; relabel one of them", other.display()));
        }
    }
    let Some((_, run, policy)) = first else {
        return Err(WriteError::Merge("no parts were given".to_owned()));
    };
    let missing: Vec<String> = (0..run.shard.count)
        .filter(|index| !found.contains_key(index))
        .map(|index| format!("{index}/{}", run.shard.count))
        .collect();
    if !missing.is_empty() {
        return Err(WriteError::Merge(format!("missing parts: {}", missing.join(", "))));
    }
    Ok((found.into_values().cloned().collect(), RunInfo { shard: Shard::WHOLE, ..run }, policy))
}
