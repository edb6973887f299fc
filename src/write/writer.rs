//! Putting frames on disk so that a run may be killed at any moment.
//!
//! Order of events for a frame: each picture is written under a scratch name and renamed; then one line is
//! appended to the truth shard. The line is the frame: without it, its pictures do not exist as far as the
//! dataset is concerned and are written again. So a killed run leaves at most one torn line and a few scratch
//! files, both of which [`DatasetWriter::resume`] clears away. After a power failure frames may have to be made
//! again as well: shards reach the medium every 256 frames, pictures when the system likes, and frames whose
//! pictures have not the stated length are dropped.

use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::{
    FrameFiles, Manifest, Policy, RunInfo, SealedFrame, State, WriteError,
    disk::{Disk, Os},
    frame::SCRATCH,
    manifest::MANIFEST,
    publish::{Folder, Summary, publish_labels},
    record::shard_path,
    recover::recover,
};

/// Writes one dataset folder (or one part of a sharded one), frame after frame.
#[derive(Debug)]
pub struct DatasetWriter {
    folder: Folder,
    lock: File,
    run: RunInfo,
    next: u64,
    /// Length of the truth shard that the next frame goes to.
    shard_len: u64,
    made_dirs: BTreeSet<String>,
}

impl DatasetWriter {
    /// Begins a dataset in a new or empty folder.
    ///
    /// # Errors
    /// [`WriteError::NotEmpty`] when the folder holds something; otherwise as the system says.
    pub fn create(dir: &Path, run: &RunInfo) -> Result<Self, WriteError> {
        Self::create_on(Box::new(Os), dir, run)
    }

    /// Continues the dataset in a folder after cutting away whatever a killed run left half done. A folder that
    /// is new or empty is begun, so that a run killed before its first byte can be resumed too.
    ///
    /// # Errors
    /// [`WriteError::Mismatch`] when it was made by another run, [`WriteError::Damaged`] when a truth shard is
    /// broken elsewhere than at its end, [`WriteError::NotADataset`], [`WriteError::Busy`], or as the system says.
    pub fn resume(dir: &Path, run: &RunInfo) -> Result<Self, WriteError> {
        Self::resume_on(Box::new(Os), dir, run)
    }

    pub(crate) fn create_on(disk: Box<dyn Disk>, dir: &Path, run: &RunInfo) -> Result<Self, WriteError> {
        if !is_vacant(dir)? {
            return Err(WriteError::NotEmpty { dir: dir.to_owned() });
        }
        let (folder, lock) = open_folder(disk, dir)?;
        folder.publish(MANIFEST, &Manifest::begun(run.clone()).text())?;
        Ok(Self::at(folder, lock, run, run.range().start, 0))
    }

    pub(crate) fn resume_on(disk: Box<dyn Disk>, dir: &Path, run: &RunInfo) -> Result<Self, WriteError> {
        if is_vacant(dir)? {
            return Self::create_on(disk, dir, run);
        }
        let manifest = Manifest::read(dir)?;
        if let Some((what, there, now)) = manifest.run.difference(run) {
            return Err(WriteError::Mismatch { dir: dir.to_owned(), what, there, now });
        }
        let (folder, lock) = open_folder(disk, dir)?;
        let found = recover(&folder, &run.range())?;
        if manifest.state == State::Complete && found.next < run.range().end {
            folder.publish(MANIFEST, &Manifest::begun(run.clone()).text())?;
        }
        Ok(Self::at(folder, lock, run, found.next, found.shard_len))
    }

    fn at(folder: Folder, lock: File, run: &RunInfo, next: u64, shard_len: u64) -> Self {
        Self { folder, lock, run: run.clone(), next, shard_len, made_dirs: BTreeSet::new() }
    }

    /// The frame that is due.
    #[must_use]
    pub fn next_frame(&self) -> u64 {
        self.next
    }

    /// The frame after the last one of this run.
    #[must_use]
    pub fn end_frame(&self) -> u64 {
        self.run.range().end
    }

    /// Frames that are complete on disk.
    #[must_use]
    pub fn complete(&self) -> u64 {
        self.next - self.run.range().start
    }

    /// Stores the frame that is due.
    ///
    /// # Errors
    /// As [`FrameFiles::seal`] and [`DatasetWriter::put_sealed`].
    pub fn put(&mut self, frame: FrameFiles) -> Result<(), WriteError> {
        self.put_sealed(&frame.seal()?)
    }

    /// Stores the frame that is due, already checked and hashed.
    ///
    /// # Errors
    /// [`WriteError::OutOfOrder`] when another frame is due; [`WriteError::DiskFull`] or [`WriteError::Io`], upon
    /// which the frame is not part of the dataset and may be put again.
    pub fn put_sealed(&mut self, frame: &SealedFrame) -> Result<(), WriteError> {
        if frame.frame != self.next || self.next >= self.end_frame() {
            return Err(WriteError::OutOfOrder { expected: self.next, got: frame.frame });
        }
        self.store(frame).map_err(|error| error.with_complete(self.complete()))
    }

    fn store(&mut self, frame: &SealedFrame) -> Result<(), WriteError> {
        for (path, content) in &frame.files {
            self.make_dir_of(path)?;
            self.folder.publish(path, content)?;
        }
        let shard = shard_path(frame.frame);
        self.make_dir_of(&shard)?;
        self.folder.append(&shard, self.shard_len, &frame.line)?;
        self.shard_len += frame.line.len() as u64;
        self.next += 1;
        if shard_path(self.next) != shard {
            self.shard_len = 0;
            self.folder.sync(&shard)?;
        }
        Ok(())
    }

    fn make_dir_of(&mut self, path: &str) -> Result<(), WriteError> {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        if !self.made_dirs.contains(dir) {
            self.folder.create_dir(dir)?;
            self.made_dirs.insert(dir.to_owned());
        }
        Ok(())
    }

    /// Writes `annotations.json` and the final manifest. May be repeated, also by a run that resumed after being
    /// killed in here.
    ///
    /// # Errors
    /// [`WriteError::Incomplete`] when frames are missing; otherwise as the system says.
    pub fn finish(self, policy: &Policy) -> Result<Summary, WriteError> {
        let range = self.run.range();
        if self.next < range.end {
            return Err(WriteError::Incomplete { done: self.complete(), of: range.end - range.start });
        }
        let complete = self.complete();
        let finish = || {
            if self.next > range.start {
                self.folder.sync(&shard_path(self.next - 1))?;
            }
            let summary = publish_labels(&self.folder, &self.run, policy)?;
            drop(self.lock);
            self.folder.remove_scratch()?;
            Ok(summary)
        };
        finish().map_err(|error: WriteError| error.with_complete(complete))
    }
}

/// Whether a folder is not there, empty, or holds nothing but scratch files.
fn is_vacant(dir: &Path) -> Result<bool, WriteError> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            for entry in entries {
                if entry.map_err(|error| WriteError::io("list", dir, error))?.file_name() != SCRATCH {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(WriteError::NotEmpty { dir: dir.to_owned() })
        }
        Err(error) => Err(WriteError::io("list", dir, error)),
    }
}

/// Opens a folder for writing, alone, with an empty scratch folder in it.
pub(crate) fn open_folder(disk: Box<dyn Disk>, dir: &Path) -> Result<(Folder, File), WriteError> {
    let scratch: PathBuf = dir.join(SCRATCH);
    disk.create_dir(&scratch).map_err(|error| WriteError::io("create", &scratch, error))?;
    let path = scratch.join("lock");
    let lock = File::create(&path).map_err(|error| WriteError::io("create", &path, error))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(WriteError::Busy { dir: dir.to_owned() }),
        // Some network file systems know no locks; working there without one beats not working there.
        Err(TryLockError::Error(error)) => tracing::warn!("cannot lock {}: {error}", path.display()),
    }
    Ok((Folder::new(disk, dir), lock))
}
