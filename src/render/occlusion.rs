//! Ambient occlusion of the final picture, from exact depths and normals.

use crate::{
    geometry::Size,
    gpu::{Binding, ComputePass, Gpu, Kept, layout::LensParams, storage, texture_2d, uniform},
};

const GROUP: &[Binding] = {
    use Binding::{Read, Store, Uniform, Write};
    &[Uniform, Read, Read, Read, Write, Store(wgpu::TextureFormat::Rgba8Unorm)]
};

/// The two passes, and their targets by size of picture.
#[derive(Debug)]
pub(crate) struct OcclusionPass {
    gather: ComputePass,
    smooth: ComputePass,
    targets: Kept<Size, (wgpu::Buffer, wgpu::TextureView)>,
}

impl OcclusionPass {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let pass = |entry| ComputePass::new(gpu, "occlusion", entry, &[GROUP]);
        Self { gather: pass("gather"), smooth: pass("smooth_out"), targets: Kept::default() }
    }

    /// Records both passes; the returned map is half as large as the picture, 1 where all is open.
    pub(crate) fn record(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        lens: &LensParams,
        rays: &wgpu::Buffer,
        depth: &wgpu::Buffer,
        normals: &wgpu::Buffer,
    ) -> wgpu::TextureView {
        let size = Size { width: lens.size[0].div_ceil(2), height: lens.size[1].div_ceil(2) };
        let (coarse, view) = self
            .targets
            .get(size, |_| {
                let usage = wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING;
                let format = wgpu::TextureFormat::Rgba8Unorm;
                let (_, view) = texture_2d(gpu, "ambient occlusion", size, format, usage);
                (storage(gpu, "ambient occlusion", size.pixels() as u64 * 4), view)
            })
            .clone();
        let lens = uniform(gpu, "occlusion lens", lens);
        for pass in [&self.gather, &self.smooth] {
            let bind = pass.bind(
                gpu,
                0,
                &[
                    lens.as_entire_binding(),
                    rays.as_entire_binding(),
                    depth.as_entire_binding(),
                    normals.as_entire_binding(),
                    coarse.as_entire_binding(),
                    wgpu::BindingResource::TextureView(&view),
                ],
            );
            pass.dispatch(encoder, &[&bind], [size.width.div_ceil(8), size.height.div_ceil(8), 1]);
        }
        view
    }
}
