//! What can go wrong in training and in use, in words for people.

use thiserror::Error;

/// Why a detector could not be trained, loaded or used.
#[derive(Debug, Error)]
pub enum TrainError {
    /// A setting that makes no sense.
    #[error("{setting}: {problem}")]
    Setting {
        /// The setting's name, as on the command line.
        setting: &'static str,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// There is no such device.
    #[error("no device for training: {0}")]
    Device(String),
    /// Data cannot be used.
    #[error("{name}: {problem}")]
    Data {
        /// A picture, a dataset, a scene.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A file with weights cannot be used.
    #[error("{path}: {problem}")]
    Checkpoint {
        /// The file.
        path: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// As the system says it.
        #[source]
        source: std::io::Error,
    },
    /// The loss or a gradient is no longer a number.
    #[error(
        "step {step}: {what}. Expected finite numbers. The batch was saved to {saved}; the last checkpoint is intact. \
         A lower --lr usually helps"
    )]
    NotFinite {
        /// The step.
        step: u64,
        /// Which number, with its parts.
        what: String,
        /// Where the batch lies.
        saved: String,
    },
}

impl TrainError {
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), source }
    }

    pub(crate) fn setting(setting: &'static str, problem: impl Into<String>) -> Self {
        Self::Setting { setting, problem: problem.into() }
    }

    pub(crate) fn data(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Data { name: name.into(), problem: problem.into() }
    }
}
