//! What a killed run left behind, and how much of it is whole.

use std::{fs, ops::Range, path::PathBuf};

use serde::Deserialize;

use super::{
    WriteError,
    publish::Folder,
    record::{Record, shard_path},
    shards::{Lines, RawLine, truth_shards},
};

/// Where to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recovered {
    /// First frame that is missing.
    pub(crate) next: u64,
    /// Length of the truth shard that it goes to.
    pub(crate) shard_len: u64,
}

#[derive(Deserialize)]
struct FrameView {
    frame: u64,
}

/// Cuts away a torn tail, and every frame from the first whose pictures are missing or of another length.
pub(crate) fn recover(folder: &Folder, range: &Range<u64>) -> Result<Recovered, WriteError> {
    let shards = truth_shards(&folder.dir)?;
    let (mut next, mut shard_len) = (range.start, 0u64);
    let mut lines = Lines::open(&folder.dir)?.peekable();
    while let Some(line) = lines.next() {
        let line = line?;
        if line.line == 1 {
            shard_len = 0;
        }
        let record: Record<FrameView> = match line.parse() {
            Ok(record) => record,
            // Only the very last line may be torn: anything after it was written once it was whole.
            Err(_) if lines.peek().is_none() => {
                cut(folder, &shards, &line, shard_len)?;
                break;
            }
            Err(error) => return Err(error),
        };
        check_place(folder, range, next, &line, record.truth.frame)?;
        if let Some(path) = absent_picture(folder, &record) {
            tracing::warn!(
                "{} is not as it was written: frames from {next} on are made again",
                path.display()
            );
            cut(folder, &shards, &line, shard_len)?;
            break;
        }
        shard_len += line.text.len() as u64;
        next += 1;
        if shard_path(next) != shard_path(next - 1) {
            shard_len = 0;
        }
    }
    Ok(Recovered { next, shard_len })
}

/// Shortens the line's shard to `len` and removes the shards after it.
fn cut(folder: &Folder, shards: &[PathBuf], line: &RawLine, len: u64) -> Result<(), WriteError> {
    let keep = shards.iter().position(|shard| *shard == line.path).map_or(shards.len(), |index| index + 1);
    // The last first: a run killed in here leaves no gap.
    for shard in shards[keep..].iter().rev() {
        folder.remove(shard)?;
    }
    folder.truncate(&line.path, len)
}

fn check_place(
    folder: &Folder,
    range: &Range<u64>,
    next: u64,
    line: &RawLine,
    frame: u64,
) -> Result<(), WriteError> {
    if frame != next || frame >= range.end {
        return Err(line.damaged(format!("frame {frame} where frame {next} belongs")));
    }
    let expected = folder.dir.join(shard_path(frame));
    if line.path != expected {
        return Err(line.damaged(format!("frame {frame} belongs into {}", expected.display())));
    }
    Ok(())
}

fn absent_picture(folder: &Folder, record: &Record<FrameView>) -> Option<PathBuf> {
    record.files.iter().map(|file| (folder.dir.join(&file.path), file.bytes)).find_map(|(path, bytes)| {
        let there = fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() == bytes);
        (!there).then_some(path)
    })
}
