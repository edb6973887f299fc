//! Where a frame's time goes, pass by pass.

use std::time::Instant;

use crate::gpu::{Gpu, GpuError};

/// Names of the passes, in order of execution, as [`super::Renderer::time_passes`] reports them.
pub const PASSES: [&str; 7] = ["rays", "visibility", "occlusion", "shadows", "soft light", "colour", "chain"];

/// Submits every pass alone and waits for it, when somebody wants to know where a frame's time goes.
#[derive(Debug, Default)]
pub(super) struct PassClock {
    /// Seconds of the last frame, in the order of [`PASSES`]; `None` while nobody asks.
    pub(super) seconds: Option<Vec<f64>>,
}

impl PassClock {
    /// Ends a pass: with somebody listening, what was recorded runs now.
    pub(super) fn mark(&mut self, gpu: &Gpu, encoder: &mut wgpu::CommandEncoder) -> Result<(), GpuError> {
        let Some(seconds) = &mut self.seconds else { return Ok(()) };
        let fresh = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let done = std::mem::replace(encoder, fresh);
        let start = Instant::now();
        gpu.queue.submit([done.finish()]);
        gpu.wait()?;
        seconds.push(start.elapsed().as_secs_f64());
        Ok(())
    }
}
