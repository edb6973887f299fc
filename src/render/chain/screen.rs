//! A pass over every pixel of a target, drawn as one triangle.
//!
//! Software drivers run fragments far faster than they write storage textures, and hardware drivers are at home
//! with them. They also compile: each variant of a shader costs tenths of a second there, so that a variant is
//! compiled when a frame first needs it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use wgpu::{BindingResource, TextureFormat};

use crate::gpu::{Binding, Gpu, bind_group, bind_layout, source};

/// A value for each of a shader's `override` constants, by name.
pub(super) type Constants = BTreeMap<&'static str, u8>;

/// One shader, its bindings (all in group 0), and the pipelines compiled from it so far.
#[derive(Debug)]
pub(super) struct ScreenPass {
    shader: &'static str,
    module: wgpu::ShaderModule,
    slots: wgpu::BindGroupLayout,
    layout: wgpu::PipelineLayout,
    pipelines: Mutex<BTreeMap<(&'static str, Constants), wgpu::RenderPipeline>>,
}

impl ScreenPass {
    pub(super) fn new(gpu: &Gpu, shader: &'static str, slots: &[Binding]) -> Self {
        let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(shader),
            source: wgpu::ShaderSource::Wgsl(source(shader).into()),
        });
        let slots = bind_layout(gpu, shader, wgpu::ShaderStages::FRAGMENT, slots);
        let layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(shader),
            bind_group_layouts: &[Some(&slots)],
            immediate_size: 0,
        });
        Self { shader, module, slots, layout, pipelines: Mutex::default() }
    }

    /// Records entry point `entry`, specialised by `constants`, over the whole of `target`.
    pub(super) fn draw(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        (entry, constants): (&'static str, Constants),
        resources: &[BindingResource<'_>],
        (target, format): (&wgpu::TextureView, TextureFormat),
    ) {
        let bind = bind_group(gpu, self.shader, &self.slots, resources);
        let mut known = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        let pipeline = known
            .entry((entry, constants))
            .or_insert_with_key(|(entry, constants)| self.compile(gpu, entry, constants, format));
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some(self.shader),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: target,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &bind, &[]);
        pass.draw(0..3, 0..1);
    }

    fn compile(
        &self,
        gpu: &Gpu,
        entry: &str,
        constants: &Constants,
        format: TextureFormat,
    ) -> wgpu::RenderPipeline {
        let constants: Vec<_> = constants.iter().map(|(name, value)| (*name, f64::from(*value))).collect();
        gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(self.shader),
            layout: Some(&self.layout),
            vertex: wgpu::VertexState {
                module: &self.module,
                entry_point: Some("screen"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    ..Default::default()
                },
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}
