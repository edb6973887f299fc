//! One frame as one line of a truth shard.
//!
//! A line is valid JSON, `{"record":{...},"sha256":"..."}`, and its checksum is taken over the record's text
//! exactly as it stands in the file. So a torn or altered line is known as such without parsing it, and the
//! digests of a frame's pictures, which the record carries, are protected too.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::truth::FrameTruth;

/// Frames per truth shard.
pub const FRAMES_PER_SHARD: u64 = 256;

const HEAD: &[u8] = br#"{"record":"#;
const MIDDLE: &[u8] = br#","sha256":""#;
const TAIL: &[u8] = br#""}"#;

/// Size and checksum of one file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Path relative to the dataset, with `/` between its parts.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl FileDigest {
    /// Of a file with this content.
    #[must_use]
    pub fn of(path: &str, content: &[u8]) -> Self {
        Self { path: path.to_owned(), bytes: content.len() as u64, sha256: hex(&Sha256::digest(content)) }
    }
}

/// What a line of a truth shard holds. `T` may be a lighter view of the truth than [`FrameTruth`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record<T = FrameTruth> {
    /// The frame's pictures.
    pub files: Vec<FileDigest>,
    /// Everything that is true of it.
    pub truth: T,
}

/// Why a line is no record.
#[derive(Debug, Error)]
pub enum LineError {
    /// It does not end as a line must, or does not begin so.
    #[error("the line is torn or not a truth record")]
    Torn,
    /// Its text is not what was written.
    #[error("the line's checksum does not match its text")]
    Checksum,
    /// It is whole, but not what this version reads.
    #[error("the record cannot be read: {0}")]
    Parse(#[from] serde_json::Error),
}

/// Path of the shard that holds a frame, relative to the dataset.
#[must_use]
pub fn shard_path(frame: u64) -> String {
    format!("truth/{:05}.jsonl", frame / FRAMES_PER_SHARD)
}

/// The line of a record, its line feed included.
///
/// # Errors
/// When a fact cannot be written as JSON.
pub(crate) fn to_line(record: &Record) -> Result<Vec<u8>, serde_json::Error> {
    let text = serde_json::to_vec(record)?;
    let sum = hex(&Sha256::digest(&text));
    Ok([HEAD, &text, MIDDLE, sum.as_bytes(), TAIL, b"\n"].concat())
}

/// Reads a line without its line feed.
///
/// # Errors
/// When it is torn, altered, or not a record.
pub fn from_line<T: DeserializeOwned>(line: &[u8]) -> Result<Record<T>, LineError> {
    Ok(serde_json::from_slice(checked_text(line)?)?)
}

fn checked_text(line: &[u8]) -> Result<&[u8], LineError> {
    let inner = line.strip_prefix(HEAD).and_then(|l| l.strip_suffix(TAIL)).ok_or(LineError::Torn)?;
    let (rest, sum) = inner.split_at_checked(inner.len().saturating_sub(64)).ok_or(LineError::Torn)?;
    let text = rest.strip_suffix(MIDDLE).ok_or(LineError::Torn)?;
    if hex(&Sha256::digest(text)).as_bytes() == sum { Ok(text) } else { Err(LineError::Checksum) }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
