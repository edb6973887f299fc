//! The only place where buffers are mapped, and the only one that knows of padded rows.

use super::{Gpu, GpuError};
use crate::geometry::Size;

/// Rows of a texture copy are padded to this many bytes (WebGPU, 'bytesPerRow').
pub const PADDED_ROW: u32 = wgpu::COPY_BYTES_PER_ROW_ALIGNMENT;

/// Copies on their way from the device: record them into an encoder, submit, then take them.
#[derive(Debug, Default)]
pub struct Download {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    buffer: wgpu::Buffer,
    bytes: u64,
    /// `(useful, padded)` bytes a row, for textures.
    rows: Option<(usize, usize)>,
}

impl Download {
    /// Records a copy of the first `bytes` bytes of `source`; returns the part's number.
    pub fn buffer(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::Buffer,
        bytes: u64,
    ) -> usize {
        let staging = staging(gpu, bytes);
        encoder.copy_buffer_to_buffer(source, 0, &staging, 0, bytes.next_multiple_of(4));
        self.parts.push(Part { buffer: staging, bytes, rows: None });
        self.parts.len() - 1
    }

    /// Records a copy of a 2D texture of `texel` bytes a texel; returns the part's number.
    pub fn texture(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::Texture,
        size: Size,
        texel: u32,
    ) -> usize {
        let useful = size.width * texel;
        let padded = useful.next_multiple_of(PADDED_ROW);
        let bytes = u64::from(padded) * u64::from(size.height);
        let staging = staging(gpu, bytes);
        encoder.copy_texture_to_buffer(
            source.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &staging,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(padded),
                    rows_per_image: Some(size.height),
                },
            },
            wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
        );
        self.parts.push(Part { buffer: staging, bytes, rows: Some((useful as usize, padded as usize)) });
        self.parts.len() - 1
    }

    /// Waits for `submission` and returns every part's bytes, textures without padding.
    ///
    /// # Errors
    /// When the device was lost.
    pub fn take(self, gpu: &Gpu, submission: wgpu::SubmissionIndex) -> Result<Vec<Vec<u8>>, GpuError> {
        gpu.healthy()?;
        for part in &self.parts {
            part.buffer.map_async(wgpu::MapMode::Read, .., |_| {});
        }
        gpu.device
            .poll(wgpu::PollType::Wait { submission_index: Some(submission), timeout: None })
            .map_err(|e| GpuError::Device(e.to_string()))?;
        self.parts
            .into_iter()
            .map(|part| {
                let view = part.buffer.get_mapped_range(..).map_err(|e| GpuError::Device(e.to_string()))?;
                let bytes = match part.rows {
                    None => view[..usize::try_from(part.bytes).unwrap_or(usize::MAX)].to_vec(),
                    Some((useful, padded)) => {
                        view.chunks_exact(padded).flat_map(|row| &row[..useful]).copied().collect()
                    }
                };
                drop(view);
                part.buffer.unmap();
                Ok(bytes)
            })
            .collect()
    }
}

fn staging(gpu: &Gpu, bytes: u64) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("read-back"),
        size: bytes.next_multiple_of(4).max(4),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
