//! Every single step of writing fails once: by the process being killed there, or by the disk being full.

use std::{
    io::{self, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::super::{
    DatasetWriter, WriteError,
    disk::{Disk, Os},
    testing::{assert_same_bytes, dataset, frame, policy, run},
};

const FRAMES: u64 = 3;

/// Fails at step `at`, half way through it; a killed process does nothing afterwards.
#[derive(Clone, Debug)]
struct Failing {
    steps: Arc<AtomicU64>,
    at: u64,
    full: bool,
    dead: Arc<AtomicBool>,
}

impl Failing {
    fn new(at: u64, full: bool) -> Self {
        Self { steps: Arc::default(), at, full, dead: Arc::default() }
    }

    /// Whether this step is the one that fails.
    fn step(&self) -> io::Result<bool> {
        if self.dead.load(Ordering::SeqCst) {
            return Err(io::Error::other("the process is dead"));
        }
        let fails = self.steps.fetch_add(1, Ordering::SeqCst) == self.at;
        if fails && !self.full {
            self.dead.store(true, Ordering::SeqCst);
        }
        Ok(fails)
    }

    fn error(&self) -> io::Error {
        if self.full { io::ErrorKind::StorageFull.into() } else { io::Error::other("killed") }
    }

    fn whole(&self, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if self.step()? { Err(self.error()) } else { act() }
    }
}

struct FailingFile(Failing, Box<dyn Write + Send>);

impl Write for FailingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.step()? {
            self.1.write_all(&bytes[..bytes.len() / 2])?;
            return Err(self.0.error());
        }
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}

impl Disk for Failing {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.whole(|| Os.create_dir(path))
    }
    fn create(&self, path: &Path) -> io::Result<Box<dyn Write + Send>> {
        if self.step()? {
            return Err(self.error());
        }
        Ok(Box::new(FailingFile(self.clone(), Os.create(path)?)))
    }
    fn append(&self, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        if self.step()? {
            Os.append(path, at, &bytes[..bytes.len() / 2])?;
            return Err(self.error());
        }
        Os.append(path, at, bytes)
    }
    fn truncate(&self, path: &Path, len: u64) -> io::Result<()> {
        self.whole(|| Os.truncate(path, len))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.whole(|| Os.rename(from, to))
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.whole(|| Os.sync(path))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.whole(|| Os.remove(path))
    }
    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.whole(|| Os.remove_dir(path))
    }
}

fn write_on(disk: Box<dyn Disk>, dir: &Path) -> Result<(), WriteError> {
    let mut writer = DatasetWriter::resume_on(disk, dir, &run(FRAMES))?;
    while writer.next_frame() < FRAMES {
        writer.put(frame(writer.next_frame()))?;
    }
    writer.finish(&policy()).map(drop)
}

/// Runs into each step's failure in turn, resumes on a disk that `resume` gives, and compares.
fn fail_everywhere(full: bool) {
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    dataset(&whole, FRAMES);
    let mut failures = 0;
    for at in 0.. {
        let dir = root.path().join(format!("killed at {at}"));
        let disk = Failing::new(at, full);
        let Err(error) = write_on(Box::new(disk), &dir) else { break };
        failures += 1;
        if full {
            assert!(matches!(error, WriteError::DiskFull { .. }), "step {at}: {error}");
            assert!(error.to_string().starts_with("disk full while writing"), "{error}");
        }
        write_on(Box::new(Os), &dir).unwrap_or_else(|error| panic!("step {at}: resume failed: {error}"));
        assert_same_bytes(&whole, &dir, &format!("step {at}"));
    }
    assert!(failures > 40, "only {failures} steps were failed");
}

#[test]
fn killed_at_any_step_and_resumed_gives_the_same_bytes() {
    fail_everywhere(false);
}

#[test]
fn a_full_disk_at_any_step_loses_nothing() {
    fail_everywhere(true);
}

#[test]
fn killed_while_resuming_and_resumed_again_gives_the_same_bytes() {
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    dataset(&whole, FRAMES);
    // A torn tail, so that the resume itself has something to do.
    for at in 0..40 {
        let dir = root.path().join(format!("twice killed at {at}"));
        write_on(Box::new(Failing::new(26, false)), &dir).unwrap_err();
        let _ = write_on(Box::new(Failing::new(at, false)), &dir);
        write_on(Box::new(Os), &dir).unwrap_or_else(|error| panic!("step {at}: {error}"));
        assert_same_bytes(&whole, &dir, &format!("step {at}"));
    }
}

#[test]
fn a_full_disk_says_how_much_is_safe_and_the_same_writer_may_go_on() {
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    dataset(&whole, FRAMES);
    let mut seen = 0;
    for at in 5..40 {
        let dir = root.path().join(format!("full at {at}"));
        let disk = Failing::new(at, true);
        let mut writer = DatasetWriter::create_on(Box::new(disk), &dir, &run(FRAMES)).unwrap();
        while writer.next_frame() < FRAMES {
            let due = writer.next_frame();
            if let Err(error) = writer.put(frame(due)) {
                let WriteError::DiskFull { complete, .. } = error else { panic!("{error}") };
                assert_eq!(complete, due, "frames before the one that failed");
                seen += 1;
            }
        }
        if writer.finish(&policy()).is_ok() {
            assert_same_bytes(&whole, &dir, &format!("step {at}"));
        }
    }
    assert!(seen > 20, "only {seen} puts failed");
}
