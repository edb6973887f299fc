//! The road from a recipe to checked frames, wired: what the command line, tests and other front ends all drive.

mod encode;
mod run;
mod world;

use thiserror::Error;

pub use encode::{FrameOutput, encode};
pub use run::{Event, FrameTimes, RunOptions, generate};
pub use world::{Take, World, policy_of, run_info};

use crate::{
    art::CatalogueError, config::ConfigError, gpu::GpuError, render::RenderError, sample::SampleError,
    scene::ImportError, write::WriteError,
};

/// Why a world could not be opened or a frame not be made.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The scene config.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The user's catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// An asset.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The recipe asks for what the assets do not have.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The device.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// A frame could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A frame could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The folder with models is not there.
    #[error(
        "no assets at '{path}': expected a folder with the models of the stage (forms/ and fixtures/, or infant/) (name another with --assets)"
    )]
    NoAssets {
        /// Where they were looked for.
        path: String,
    },
    /// One frame failed; the others are untouched.
    #[error("frame {frame}: {source}")]
    Frame {
        /// Its number.
        frame: u64,
        /// What went wrong.
        #[source]
        source: Box<EngineError>,
    },
}

impl EngineError {
    /// Says which frame it was.
    #[must_use]
    pub fn at(self, frame: u64) -> Self {
        match self {
            Self::Frame { .. } | Self::Write(_) => self,
            other => Self::Frame { frame, source: Box::new(other) },
        }
    }
}
