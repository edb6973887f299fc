//! A frame on its way from the device, and as it arrives.

use super::{Frame, RenderError, Tile};
use crate::{
    geometry::Size,
    gpu::{Download, Gpu},
};

/// A frame's pictures, copied but not yet waited for. Other frames may be rendered meanwhile.
#[derive(Debug)]
pub struct InFlight {
    size: Size,
    download: Download,
    submission: wgpu::SubmissionIndex,
    layout: Vec<Tile>,
    tile_words: usize,
    with_normals: bool,
    with_flow: bool,
}

/// Motion to the next frame in memory; row-major, one entry a pixel. See [`super::Flow`].
#[derive(Clone, Debug, PartialEq)]
pub struct FlowPicture {
    /// Motion of each pixel's surface point, right and down, pixels.
    pub vectors: Vec<[f32; 2]>,
    /// 0 seen in the next frame too, 1 hidden there, 2 leaves the picture, 3 no surface in this frame.
    pub hidden: Vec<u8>,
}

/// A frame's pictures in memory; row-major, one entry a pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// Their size.
    pub size: Size,
    /// sRGB-encoded RGBA, four bytes a pixel.
    pub colour: Vec<u8>,
    /// Instance ids; 0 is nothing.
    pub ids: Vec<u32>,
    /// Metres along the optical axis; 0 where there is nothing.
    pub depth: Vec<f32>,
    /// Camera-space normals as unorm RGBA; empty unless asked for.
    pub normals: Vec<u8>,
    /// Bits of the amodal masks.
    pub tiles: Vec<u32>,
    /// Where each labelled instance's bits lie, in order of instance.
    pub layout: Vec<Tile>,
    /// Motion to the next frame, where one was given.
    pub flow: Option<FlowPicture>,
}

impl Frame {
    /// Starts copying the frame's pictures to memory.
    #[must_use]
    pub fn download(&self, gpu: &Gpu, normals: bool) -> InFlight {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut download = Download::default();
        let pixels = self.size.pixels() as u64 * 4;
        let v = &self.visibility;
        download.texture(gpu, &mut encoder, &self.colour, self.size, 4);
        download.buffer(gpu, &mut encoder, &v.ids, pixels);
        download.buffer(gpu, &mut encoder, &v.depth, pixels);
        download.buffer(gpu, &mut encoder, &v.tiles, u64::from(v.tile_words.max(1)) * 4);
        if normals {
            download.buffer(gpu, &mut encoder, &v.normals, pixels);
        }
        if let Some(flow) = &self.flow {
            download.buffer(gpu, &mut encoder, &flow.vectors, pixels * 2);
            download.buffer(gpu, &mut encoder, &flow.hidden, pixels);
        }
        InFlight {
            size: self.size,
            download,
            submission: gpu.queue.submit([encoder.finish()]),
            layout: v.layout.clone(),
            tile_words: v.tile_words as usize,
            with_normals: normals,
            with_flow: self.flow.is_some(),
        }
    }
}

impl InFlight {
    /// Waits until the pictures have arrived.
    ///
    /// # Errors
    /// When the device was lost.
    pub fn wait(self, gpu: &Gpu) -> Result<Pictures, RenderError> {
        let mut parts = self.download.take(gpu, self.submission)?.into_iter();
        let mut next = || parts.next().unwrap_or_default();
        let (colour, ids, depth, tiles) = (next(), next(), next(), next());
        let mut tiles: Vec<u32> = bytemuck::pod_collect_to_vec(&tiles);
        tiles.truncate(self.tile_words);
        Ok(Pictures {
            size: self.size,
            colour,
            ids: bytemuck::pod_collect_to_vec(&ids),
            depth: bytemuck::pod_collect_to_vec(&depth),
            normals: if self.with_normals { next() } else { Vec::new() },
            tiles,
            layout: self.layout,
            flow: self.with_flow.then(|| FlowPicture {
                vectors: bytemuck::pod_collect_to_vec(&next()),
                // Numbers below 4, lowest byte first.
                hidden: next().chunks_exact(4).map(|number| number[0]).collect(),
            }),
        })
    }
}
