//! Pipelines of the colour pass, compiled when a frame first needs them.

use super::{ColourPass, DEPTH, HDR, SAMPLES, SURFACE};
use crate::{
    gpu::Gpu,
    render::surface::{FLAG_BLENDED, FLAG_DOUBLE_SIDED, FLAG_MASKED, FLAG_MIRRORED},
};

/// Specialisation constants of `colour.wgsl`, in the order of the flag bits.
const CONSTANTS: [&str; 8] = [
    "HAS_METALLIC_ROUGHNESS",
    "HAS_NORMAL",
    "HAS_OCCLUSION",
    "HAS_EMISSIVE",
    "HAS_CLEARCOAT",
    "UNLIT",
    "MASKED",
    "BLENDED",
];

/// Positions, and the other attributes as [`Arena`] stores them.
const VERTEX: &[Option<wgpu::VertexBufferLayout<'_>>] = &[
    Some(wgpu::VertexBufferLayout {
        array_stride: 12,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &wgpu::vertex_attr_array![0 => Float32x3],
    }),
    Some(wgpu::VertexBufferLayout {
        array_stride: 36,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &wgpu::vertex_attr_array![
            1 => Snorm16x4, 2 => Snorm16x4, 3 => Float32x2, 4 => Float32x2, 5 => Unorm8x4
        ],
    }),
];

impl ColourPass {
    pub(super) fn ensure_pipeline(&mut self, gpu: &Gpu, flags: u32) {
        if self.pipelines.contains_key(&flags) {
            return;
        }
        let number = |set: bool| f64::from(u8::from(set));
        let constants: Vec<(&str, f64)> = CONSTANTS
            .iter()
            .zip(0u32..)
            .map(|(name, bit)| (*name, number(flags >> bit & 1 != 0)))
            .chain([("OWN_ANISOTROPY", number(gpu.is_software()))])
            .collect();
        let blended = flags & FLAG_BLENDED != 0;
        let pipeline = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("colour"),
            layout: Some(&self.pipeline_layout),
            vertex: wgpu::VertexState {
                module: &self.module,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: VERTEX,
            },
            primitive: culling(flags),
            // Opaque surfaces meet their own depth from the pass before.
            depth_stencil: Some(depth_test(wgpu::CompareFunction::LessEqual, !blended)),
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("fragment"),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    ..Default::default()
                },
                targets: &[
                    Some(wgpu::ColorTargetState {
                        format: HDR,
                        blend: blended.then_some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: wgpu::ColorWrites::ALL,
                    }),
                    Some(SURFACE.into()),
                ],
            }),
            multiview_mask: None,
            cache: None,
        });
        self.pipelines.insert(flags, pipeline);
    }

    pub(super) fn ensure_depth(&mut self, gpu: &Gpu, flags: u32) {
        if self.depth.contains_key(&flags) {
            return;
        }
        let pipeline = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("depth"),
            layout: Some(&self.sky_layout),
            vertex: wgpu::VertexState {
                module: &self.module,
                entry_point: Some("depth_vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(wgpu::VertexBufferLayout {
                    array_stride: 12,
                    step_mode: wgpu::VertexStepMode::Vertex,
                    attributes: &wgpu::vertex_attr_array![0 => Float32x3],
                })],
            },
            primitive: culling(flags),
            depth_stencil: Some(depth_test(wgpu::CompareFunction::Less, true)),
            multisample: wgpu::MultisampleState::default(),
            // The pass has targets of colour; this pipeline leaves them alone.
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("depth_fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[HDR, SURFACE].map(|format| {
                    Some(wgpu::ColorTargetState {
                        format,
                        blend: None,
                        write_mask: wgpu::ColorWrites::empty(),
                    })
                }),
            }),
            multiview_mask: None,
            cache: None,
        });
        self.depth.insert(flags, pipeline);
    }

    pub(super) fn ensure_surface(&mut self, gpu: &Gpu, flags: u32) {
        if self.surfaces.contains_key(&flags) {
            return;
        }
        let masked = flags & FLAG_MASKED != 0;
        let anisotropy = [("OWN_ANISOTROPY", f64::from(u8::from(gpu.is_software())))];
        let pipeline = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("surfaces"),
            layout: Some(if masked { &self.pipeline_layout } else { &self.sky_layout }),
            vertex: wgpu::VertexState {
                module: &self.module,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: VERTEX,
            },
            primitive: culling(flags),
            depth_stencil: Some(depth_test(wgpu::CompareFunction::LessEqual, flags & FLAG_BLENDED == 0)),
            multisample: wgpu::MultisampleState { count: SAMPLES, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some(if masked { "surface_fragment_masked" } else { "surface_fragment" }),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: if masked { &anisotropy } else { &[] },
                    ..Default::default()
                },
                targets: &[Some(SURFACE.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        self.surfaces.insert(flags, pipeline);
    }

    pub(super) fn ensure_sky(&mut self, gpu: &Gpu) {
        if self.sky.is_some() {
            return;
        }
        self.sky = Some(gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("sky"),
            layout: Some(&self.sky_layout),
            vertex: wgpu::VertexState {
                module: &self.module,
                entry_point: Some("sky_vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: Some(depth_test(wgpu::CompareFunction::LessEqual, false)),
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("sky_fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(HDR.into()), Some(SURFACE.into())],
            }),
            multiview_mask: None,
            cache: None,
        }));
    }
}

fn culling(flags: u32) -> wgpu::PrimitiveState {
    wgpu::PrimitiveState {
        cull_mode: (flags & FLAG_DOUBLE_SIDED == 0).then_some(wgpu::Face::Back),
        front_face: if flags & FLAG_MIRRORED != 0 { wgpu::FrontFace::Cw } else { wgpu::FrontFace::Ccw },
        ..Default::default()
    }
}

fn depth_test(compare: wgpu::CompareFunction, write: bool) -> wgpu::DepthStencilState {
    wgpu::DepthStencilState {
        format: DEPTH,
        depth_write_enabled: Some(write),
        depth_compare: Some(compare),
        stencil: wgpu::StencilState::default(),
        bias: wgpu::DepthBiasState::default(),
    }
}
