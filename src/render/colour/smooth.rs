//! Targets of one view, and the pass that smooths edges; see `shaders/smooth.wgsl`.

use super::{DEPTH, HDR, SAMPLES, SURFACE, attachment};
use crate::{
    geometry::Size,
    gpu::{Binding, Gpu, bind_group, bind_layout, source, texture_2d},
};

/// What one view is rendered into.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    /// Shaded once a pixel.
    pub(super) colour: wgpu::TextureView,
    pub(super) surface: wgpu::TextureView,
    pub(super) depth: wgpu::TextureView,
    /// Several samples a pixel.
    pub(super) surface_samples: wgpu::TextureView,
    pub(super) depth_samples: wgpu::TextureView,
}

impl Targets {
    pub(super) fn new(gpu: &Gpu, size: Size) -> Self {
        let one = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING;
        Self {
            colour: texture_2d(gpu, "colour", size, HDR, one).1,
            surface: texture_2d(gpu, "surface", size, SURFACE, one).1,
            depth: texture_2d(gpu, "depth", size, DEPTH, wgpu::TextureUsages::RENDER_ATTACHMENT).1,
            surface_samples: multisampled(gpu, "surface samples", size, SURFACE),
            depth_samples: multisampled(gpu, "depth samples", size, DEPTH),
        }
    }
}

/// The pass that smooths edges.
#[derive(Debug)]
pub(super) struct Smooth {
    layout: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
}

impl Smooth {
    pub(super) fn new(gpu: &Gpu) -> Self {
        use Binding::{NumberSamples, Numbers, Texels};
        let slots = [Texels(wgpu::TextureViewDimension::D2), Numbers, NumberSamples];
        let layout = bind_layout(gpu, "smooth", wgpu::ShaderStages::FRAGMENT, &slots);
        let pipeline_layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("smooth"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("smooth"),
            source: wgpu::ShaderSource::Wgsl(source("smooth").into()),
        });
        let pipeline = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("smooth"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("screen"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(HDR.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self { layout, pipeline }
    }

    /// Records it: from `targets` into `view`.
    pub(super) fn draw(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        targets: &Targets,
        view: &wgpu::TextureView,
    ) {
        let [colour, surface, samples] = [&targets.colour, &targets.surface, &targets.surface_samples]
            .map(wgpu::BindingResource::TextureView);
        let group = bind_group(gpu, "smooth", &self.layout, &[colour, surface, samples]);
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("smooth"),
            color_attachments: &[Some(attachment(view))],
            ..Default::default()
        });
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.draw(0..3, 0..1);
    }
}

fn multisampled(gpu: &Gpu, label: &str, size: Size, format: wgpu::TextureFormat) -> wgpu::TextureView {
    gpu.device
        .create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: SAMPLES,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        })
        .create_view(&wgpu::TextureViewDescriptor::default())
}
