//! The chain's own textures, kept from frame to frame.

use std::sync::{Mutex, PoisonError};

use crate::geometry::Size;
use crate::gpu::{Gpu, Kept, storage, texture_2d};

/// Side of the tiles of `chain_blur.wgsl`.
const TILE: u32 = 16;

/// A texture and its view.
pub(super) type Target = (wgpu::Texture, wgpu::TextureView);

#[derive(Clone, Debug)]
pub(super) struct Targets {
    pub(super) picture: Target,
    pub(super) linear: [Target; 2],
    pub(super) display: Target,
    pub(super) tiles: wgpu::Buffer,
}

impl Targets {
    fn new(gpu: &Gpu, size: Size) -> Self {
        let usage = wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_SRC;
        let half = |label| texture_2d(gpu, label, size, wgpu::TextureFormat::Rgba16Float, usage);
        let tiles = u64::from(size.width.div_ceil(TILE)) * u64::from(size.height.div_ceil(TILE));
        Self {
            picture: texture_2d(gpu, "chain.picture", size, wgpu::TextureFormat::Rgba8Unorm, usage),
            linear: [half("chain.linear0"), half("chain.linear1")],
            display: half("chain.display"),
            tiles: storage(gpu, "chain.tiles", 4 * tiles),
        }
    }
}

/// Targets by size.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Kept<Size, Targets>>);

impl Pool {
    pub(super) fn get(&self, gpu: &Gpu, size: Size) -> Targets {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(size, |_| Targets::new(gpu, size)).clone()
    }
}
