//! A dataset folder that is being written, and the files that are made last.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    CocoFile, Counts, FileDigest, Manifest, Policy, RunInfo, State, WriteError,
    coco::{CocoError, write_coco},
    disk::{Disk, Os},
    frame::SCRATCH,
    manifest::{FORMAT, MANIFEST},
    record::hex,
    shards::truth_shards,
    writer::open_folder,
};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The folder.
    pub dir: PathBuf,
    /// How much is in it.
    pub counts: Counts,
}

/// A folder and the disk it is on. Paths are relative to it.
#[derive(Debug)]
pub(crate) struct Folder {
    disk: Box<dyn Disk>,
    pub(crate) dir: PathBuf,
}

impl Folder {
    pub(crate) fn new(disk: Box<dyn Disk>, dir: &Path) -> Self {
        Self { disk, dir: dir.to_owned() }
    }

    fn scratch(&self, path: &str) -> PathBuf {
        self.dir.join(SCRATCH).join(path.replace('/', "_"))
    }

    /// Writes a whole file, visible under its name only when it is complete.
    pub(crate) fn publish(&self, path: &str, content: &[u8]) -> Result<(), WriteError> {
        self.publish_with(path, path == MANIFEST, |out| out.write_all(content).map_err(CocoError::Output))
    }

    fn publish_with<R>(
        &self,
        path: &str,
        durable: bool,
        fill: impl FnOnce(&mut dyn Write) -> Result<R, CocoError>,
    ) -> Result<R, WriteError> {
        let (scratch, target) = (self.scratch(path), self.dir.join(path));
        let write = || {
            let failed = |doing| {
                let target = target.clone();
                move |error| WriteError::io(doing, target, error)
            };
            let mut out = self.disk.create(&scratch).map_err(failed("create"))?;
            let result = fill(&mut *out).map_err(|error| match error {
                CocoError::Truth(error) => error,
                CocoError::Output(error) => failed("write")(error),
            })?;
            out.flush().map_err(failed("write"))?;
            drop(out);
            if durable {
                self.disk.sync(&scratch).map_err(failed("write"))?;
            }
            self.disk.rename(&scratch, &target).map_err(failed("create"))?;
            Ok(result)
        };
        write().inspect_err(|_| {
            // Gives the space back; that it may fail changes nothing.
            let _ = self.disk.remove(&scratch);
        })
    }

    pub(crate) fn append(&self, path: &str, at: u64, bytes: &[u8]) -> Result<(), WriteError> {
        let path = self.dir.join(path);
        self.disk.append(&path, at, bytes).map_err(|error| {
            // Should this fail too, the line stays torn and the next resume cuts it.
            let _ = self.disk.truncate(&path, at);
            WriteError::io("append to", path, error)
        })
    }

    pub(crate) fn truncate(&self, path: &Path, len: u64) -> Result<(), WriteError> {
        self.disk.truncate(path, len).map_err(|error| WriteError::io("shorten", path, error))
    }

    pub(crate) fn remove(&self, path: &Path) -> Result<(), WriteError> {
        self.disk.remove(path).map_err(|error| WriteError::io("remove", path, error))
    }

    pub(crate) fn create_dir(&self, path: &str) -> Result<(), WriteError> {
        let path = self.dir.join(path);
        self.disk.create_dir(&path).map_err(|error| WriteError::io("create", path, error))
    }

    pub(crate) fn sync(&self, path: &str) -> Result<(), WriteError> {
        let path = self.dir.join(path);
        self.disk.sync(&path).map_err(|error| WriteError::io("write", path, error))
    }

    pub(crate) fn remove_scratch(&self) -> Result<(), WriteError> {
        let path = self.dir.join(SCRATCH);
        self.disk.remove_dir(&path).map_err(|error| WriteError::io("remove", path, error))
    }
}

/// Writes the COCO files, then the manifest that vouches for them and for the truth. Its counts are those of
/// `annotations.json`.
pub(crate) fn publish_labels(folder: &Folder, run: &RunInfo, policy: &Policy) -> Result<Summary, WriteError> {
    let publish = |file: CocoFile| {
        folder.publish_with(file.name(), true, |out| {
            let mut out = BufWriter::with_capacity(1 << 18, Hashing::new(out));
            let summary = write_coco(&folder.dir, run, policy, file, &mut out)?;
            let hashing = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            Ok((summary, hashing.digest(file.name())))
        })
    };
    let (summary, digest) = publish(CocoFile::Instances)?;
    let mut files = vec![digest];
    for file in policy.files().filter(|file| *file != CocoFile::Instances) {
        files.push(publish(file)?.1);
    }
    for shard in truth_shards(&folder.dir)? {
        let name = shard.file_name().unwrap_or_default().to_string_lossy();
        files.push(digest_file(&shard, &format!("truth/{name}"))?);
    }
    let manifest = Manifest {
        format: FORMAT,
        state: State::Complete,
        run: run.clone(),
        policy: Some(policy.clone()),
        counts: Some(summary.counts),
        licences: summary.licences,
        files,
    };
    folder.publish(MANIFEST, &manifest.text())?;
    // Parts of an earlier policy, of which the manifest no longer knows.
    let parts = folder.dir.join(CocoFile::Parts.name());
    if policy.part_classes.is_empty() && parts.is_file() {
        folder.remove(&parts)?;
    }
    Ok(Summary { dir: folder.dir.clone(), counts: summary.counts })
}

/// Applies a label policy to a complete dataset, without rendering: rewrites the COCO files and the manifest.
///
/// # Errors
/// [`WriteError::Incomplete`] when frames are missing; [`WriteError::NotADataset`], [`WriteError::Damaged`],
/// [`WriteError::Busy`], or as the system says.
pub fn relabel(dir: &Path, policy: &Policy) -> Result<Summary, WriteError> {
    let manifest = Manifest::read(dir)?;
    if manifest.state != State::Complete {
        let range = manifest.run.range();
        let done = super::Lines::open(dir)?.count() as u64;
        return Err(WriteError::Incomplete { done, of: range.end - range.start });
    }
    let (folder, lock) = open_folder(Box::new(Os), dir)?;
    let summary = publish_labels(&folder, &manifest.run, policy)?;
    drop(lock);
    folder.remove_scratch()?;
    Ok(summary)
}

/// Size and checksum of a stored file, read in pieces.
///
/// # Errors
/// When it cannot be read.
pub fn digest_file(path: &Path, name: &str) -> Result<FileDigest, WriteError> {
    let failed = |error| WriteError::io("read", path, error);
    let mut reader = BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?);
    let mut hashing = Hashing::new(io::sink());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(hashing.digest(name));
        }
        hashing.write_all(&buffer[..read]).map_err(failed)?;
    }
}

/// Passes bytes on and hashes them.
pub(crate) struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    pub(crate) fn digest(self, name: &str) -> FileDigest {
        FileDigest { path: name.to_owned(), bytes: self.bytes, sha256: hex(&self.hash.finalize()) }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
