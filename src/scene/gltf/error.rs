//! Why a glTF file could not be imported, always with the file and the place in it.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// A file that could not be imported: nothing of it was added to the library.
#[derive(Debug, Error)]
#[error("{}: {fault}", path.display())]
pub struct ImportError {
    /// The file named by the user (or the folder, when that could not be listed).
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: ImportFault,
}

/// What is wrong with a glTF file. `at` is a JSON path, as `meshes[0].primitives[1].indices`.
#[derive(Debug, Error)]
pub enum ImportFault {
    /// A file cannot be read.
    #[error("{what} cannot be read: {source}")]
    Io {
        /// Which file: `the file` itself, or the URI of a buffer or image.
        what: String,
        /// The system's reason.
        source: io::Error,
    },
    /// It is no glTF: wrong magic, truncated container, unknown version.
    #[error("not a readable glTF 2.0 file: {reason}")]
    Container {
        /// What was found and what was expected.
        reason: String,
    },
    /// Its JSON does not parse, or a value has the wrong type.
    #[error("JSON line {line}, column {column}, at {at}: {reason}")]
    Json {
        /// Path of the value.
        at: String,
        /// Line within the JSON part, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was expected.
        reason: String,
    },
    /// It is sound, but needs something that Diorama does not read.
    #[error("{at}: {what} is not supported; {instead}")]
    Unsupported {
        /// Where it is asked for.
        at: String,
        /// The feature or extension.
        what: String,
        /// What to do about it.
        instead: String,
    },
    /// Something in it contradicts glTF 2.0 or itself.
    #[error("{at}: {reason}")]
    Invalid {
        /// Where.
        at: String,
        /// What was found and what was expected.
        reason: String,
    },
    /// It would need more memory than [`super::ImportOptions`] allows. Found out before anything is allocated.
    #[error("{at}: {what} is above the limit of {limit}")]
    TooLarge {
        /// Where.
        at: String,
        /// What is too large, with its size.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// A URI names something outside of the file's own folder.
    #[error("{at}: '{uri}' {reason}; buffers and images must lie in the file's own folder")]
    Outside {
        /// Where.
        at: String,
        /// The URI as written.
        uri: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Its `extras.diorama` call it a product form, but describe none.
    #[error(transparent)]
    Form(#[from] crate::scene::FormError),
    /// It names no licence, and [`super::ImportOptions::require_licence`] is set.
    #[error(
        "no licence is stated; put one into asset.copyright, or into the first line of '{stem}.license' or \
         'LICENSE' beside it"
    )]
    NoLicence {
        /// The file's stem.
        stem: String,
    },
}

impl ImportFault {
    pub(super) fn of(self, path: &Path) -> ImportError {
        ImportError { path: path.to_owned(), fault: self }
    }
}

pub(super) type Sound<T> = Result<T, ImportFault>;

pub(super) fn invalid<T>(at: impl Into<String>, reason: impl Into<String>) -> Sound<T> {
    Err(ImportFault::Invalid { at: at.into(), reason: reason.into() })
}

/// The element that an index refers to, or an error that names both.
pub(super) fn get<'a, T>(list: &'a [T], index: usize, name: &str, at: &str) -> Sound<&'a T> {
    list.get(index).ok_or_else(|| ImportFault::Invalid {
        at: at.to_owned(),
        reason: format!("{name} {index} does not exist; the file has {}", list.len()),
    })
}
