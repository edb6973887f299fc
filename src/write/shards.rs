//! Reading truth shards, line by line.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::{
    WriteError,
    record::{Record, from_line},
};

/// One line of a truth shard as it stands there, and where.
#[derive(Clone, Debug)]
pub struct RawLine {
    /// The shard.
    pub path: PathBuf,
    /// Number of the line, from 1.
    pub line: u64,
    /// Its text, the line feed included when it has one.
    pub text: Vec<u8>,
}

impl RawLine {
    /// Checks and reads the line.
    ///
    /// # Errors
    /// [`WriteError::Damaged`] with file and line.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<Record<T>, WriteError> {
        let whole = self.text.strip_suffix(b"\n").unwrap_or_default();
        from_line(whole).map_err(|error| self.damaged(error.to_string()))
    }

    /// An error about this line.
    #[must_use]
    pub fn damaged(&self, what: String) -> WriteError {
        WriteError::Damaged { path: self.path.clone(), line: Some(self.line), what }
    }
}

/// Iterates over the lines of every truth shard of a dataset, in order. Memory is that of one line.
#[derive(Debug)]
pub struct Lines {
    /// Shards still to come, last one first.
    shards: Vec<PathBuf>,
    open: Option<(PathBuf, BufReader<File>, u64)>,
}

impl Lines {
    /// Of the dataset in `dir`; one without truth has no lines.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn open(dir: &Path) -> Result<Self, WriteError> {
        let mut shards = truth_shards(dir)?;
        shards.reverse();
        Ok(Self { shards, open: None })
    }

    /// Of one shard.
    #[must_use]
    pub fn one(shard: PathBuf) -> Self {
        Self { shards: vec![shard], open: None }
    }
}

impl Iterator for Lines {
    type Item = Result<RawLine, WriteError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((path, reader, line)) = &mut self.open else {
                let path = self.shards.pop()?;
                match File::open(&path) {
                    Ok(file) => self.open = Some((path, BufReader::with_capacity(1 << 18, file), 0)),
                    Err(error) => return Some(Err(WriteError::io("open", path, error))),
                }
                continue;
            };
            let mut text = Vec::new();
            match reader.read_until(b'\n', &mut text) {
                Ok(0) => self.open = None,
                Ok(_) => {
                    *line += 1;
                    return Some(Ok(RawLine { path: path.clone(), line: *line, text }));
                }
                Err(error) => return Some(Err(WriteError::io("read", path.clone(), error))),
            }
        }
    }
}

/// The truth shards of a dataset, in order.
///
/// # Errors
/// When the folder cannot be listed.
pub fn truth_shards(dir: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let folder = dir.join("truth");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(WriteError::io("list", folder, error)),
    };
    let mut shards = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| WriteError::io("list", &folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            shards.push(path);
        }
    }
    // By number, so that shard 100000 follows 99999.
    shards.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(shards)
}
