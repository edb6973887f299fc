//! The ray through every pixel centre of the final picture.

use crate::geometry::{Intrinsics, Size};
use crate::gpu::layout::LensParams;
use crate::gpu::{Binding, ComputePass, Gpu, storage, uniform};

/// Bytes of one stored ray.
pub(crate) const RAY_BYTES: u64 = 8;

/// Fills ray tables.
#[derive(Debug)]
pub(crate) struct RayPass {
    pass: ComputePass,
}

impl RayPass {
    /// Compiles the pass.
    pub(crate) fn new(gpu: &Gpu) -> Self {
        Self { pass: ComputePass::new(gpu, "rays", "main", &[&[Binding::Uniform, Binding::Write]]) }
    }

    /// A buffer for the rays of a picture of `size`: one `vec2f` a pixel, row-major, see `shaders/ray.wgsl`.
    pub(crate) fn buffer(gpu: &Gpu, size: Size) -> wgpu::Buffer {
        storage(gpu, "rays", RAY_BYTES * size.pixels() as u64)
    }

    /// Records the pass: each entry is the direction in the camera frame through that pixel's centre.
    pub(crate) fn record(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        intrinsics: &Intrinsics,
        rays: &wgpu::Buffer,
    ) {
        let lens = uniform(gpu, "rays.lens", &LensParams::from(intrinsics));
        let bind = self.pass.bind(gpu, 0, &[lens.as_entire_binding(), rays.as_entire_binding()]);
        let Size { width, height } = intrinsics.size;
        self.pass.dispatch(encoder, &[&bind], [width.div_ceil(8), height.div_ceil(8), 1]);
    }
}
