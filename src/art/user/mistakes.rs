//! What is wrong with a catalogue.

use std::{fmt, io, path::PathBuf};

use thiserror::Error;

use crate::json::Mistake;

/// Mistakes that are told one by one; of further ones only the number is.
const TOLD: usize = 50;

/// Why a catalogue could not be opened.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The file could not be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no catalogue at all.
    #[error("{}: expected {expected}", path.display())]
    NoCatalogue {
        /// The file.
        path: PathBuf,
        /// What was expected, and what was found.
        expected: String,
    },
    /// The headings or single products are wrong.
    #[error("{0}")]
    Mistakes(LeftOut),
    /// Every product was left out.
    #[error("{}: no product is left of {rows}, all have mistakes:\n{left_out}", path.display())]
    NothingLeft {
        /// The file.
        path: PathBuf,
        /// How many it lists.
        rows: usize,
        /// What is wrong.
        left_out: LeftOut,
    },
}

/// Mistakes in products, which are left out when one keeps going.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The first mistakes, in the order of the file.
    pub mistakes: Vec<Mistake>,
    /// Number of mistakes altogether.
    pub total: usize,
    /// Number of products that have one or more.
    pub products: usize,
}

impl LeftOut {
    /// Nothing is wrong.
    pub const NONE: Self = Self { mistakes: Vec::new(), total: 0, products: 0 };

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    pub(super) fn push(&mut self, mistake: impl FnOnce() -> Mistake) {
        self.total += 1;
        // Placing a mistake costs a walk through the file, so that only those that will be told are placed.
        if self.mistakes.len() < TOLD {
            self.mistakes.push(mistake());
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.mistakes.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        match self.total - self.mistakes.len() {
            0 => Ok(()),
            more => write!(f, "\n... and {more} more mistakes"),
        }
    }
}
