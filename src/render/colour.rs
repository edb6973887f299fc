//! Colour: hardware rasterisation of one pinhole view, four samples a pixel, linear and high dynamic range.

use std::collections::BTreeMap;

use glam::{Mat4, Vec4};

use super::{
    arena::Arena,
    cover::material_of,
    draws::{Draw, Seen},
    surface::{FLAG_BLENDED, FLAG_DOUBLE_SIDED, FLAG_MASKED, FLAG_MIRRORED, SurfaceKey, Surfaces},
    upload_storage,
};
use crate::{
    geometry::Size,
    gpu::{
        Binding, Gpu, bind_group, bind_layout,
        layout::{InstanceParams, LensParams, LightParams, View},
        source, uniform,
    },
    scene::{Library, Scene},
};

/// Samples a pixel.
const SAMPLES: u32 = 4;
pub(crate) const HDR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Flags that decide which triangles are culled.
const CULLING: u32 = FLAG_DOUBLE_SIDED | FLAG_MIRRORED;

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

/// What all views of a frame share.
pub(crate) struct FrameInputs<'a> {
    pub(crate) lights: &'a [LightParams],
    pub(crate) lens: LensParams,
    pub(crate) environment: &'a super::environment::Prefiltered,
    pub(crate) shadow_maps: &'a wgpu::TextureView,
    pub(crate) shadow_sampler: &'a wgpu::Sampler,
    pub(crate) occlusion: &'a wgpu::TextureView,
}

/// Draws that share pipeline, surface and shape.
#[derive(Debug)]
struct Batch {
    flags: u32,
    surface: SurfaceKey,
    draw: Draw,
    instances: std::ops::Range<u32>,
}

/// Draws of one frame, sorted and uploaded.
#[derive(Debug)]
pub(crate) struct DrawList {
    batches: Vec<Batch>,
    instances: wgpu::Buffer,
    /// Triangles in the list.
    pub(crate) triangles: u64,
}

/// Pipelines by their specialisation, and the targets.
#[derive(Debug)]
pub(crate) struct ColourPass {
    module: wgpu::ShaderModule,
    frame_layout: wgpu::BindGroupLayout,
    pipeline_layout: wgpu::PipelineLayout,
    sky_layout: wgpu::PipelineLayout,
    pipelines: BTreeMap<u32, wgpu::RenderPipeline>,
    sky: Option<wgpu::RenderPipeline>,
    /// Depth alone; by flags for culling.
    depth: BTreeMap<u32, wgpu::RenderPipeline>,
    environment_sampler: wgpu::Sampler,
    targets: BTreeMap<(u32, u32), (wgpu::TextureView, wgpu::TextureView)>,
}

impl ColourPass {
    pub(crate) fn new(gpu: &Gpu, surfaces: &Surfaces) -> Self {
        use Binding::{Compare, Depth, Read, Sampler, Texture, Uniform};
        use wgpu::TextureViewDimension::{D2, D2Array};
        let frame_layout = bind_layout(
            gpu,
            "colour frame",
            wgpu::ShaderStages::VERTEX_FRAGMENT,
            &[
                Uniform,
                Read,
                Uniform,
                Uniform,
                Texture(D2),
                Sampler,
                Depth(D2Array),
                Compare,
                Texture(D2),
                Read,
            ],
        );
        let layout = |groups: &[Option<&wgpu::BindGroupLayout>]| {
            gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("colour"),
                bind_group_layouts: groups,
                immediate_size: 0,
            })
        };
        Self {
            module: gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some("colour"),
                source: wgpu::ShaderSource::Wgsl(source("colour").into()),
            }),
            pipeline_layout: layout(&[Some(&frame_layout), Some(&surfaces.layout)]),
            sky_layout: layout(&[Some(&frame_layout)]),
            frame_layout,
            pipelines: BTreeMap::new(),
            sky: None,
            depth: BTreeMap::new(),
            environment_sampler: gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("environment"),
                address_mode_u: wgpu::AddressMode::Repeat,
                address_mode_v: wgpu::AddressMode::ClampToEdge,
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                mipmap_filter: wgpu::MipmapFilterMode::Linear,
                ..Default::default()
            }),
            targets: BTreeMap::new(),
        }
    }

    /// Sorts draws into batches (opaque by surface and shape; blended ones last, far to near) and uploads their
    /// instances.
    pub(crate) fn list(
        &mut self,
        gpu: &Gpu,
        scene: &Scene,
        library: &Library,
        seen: &[(Seen, Vec<Draw>)],
    ) -> DrawList {
        let mut keyed: Vec<(u32, SurfaceKey, i64, &Draw)> = Vec::new();
        for (seen, draws) in seen.iter().filter(|(s, _)| s.in_view) {
            let instance = &scene.instances[seen.instance];
            for draw in draws {
                let material = material_of(scene, library, draw);
                let (key, flags) = SurfaceKey::of(library, material, &instance.dresses, draw.mirrored);
                #[expect(clippy::cast_possible_truncation, reason = "micrometres, a sort key")]
                let far = if flags & FLAG_BLENDED != 0 { -(f64::from(seen.near_m) * 1e6) as i64 } else { 0 };
                keyed.push((flags, key, far, draw));
            }
        }
        keyed.sort_by(|a, b| {
            let blended = |f: u32| f & FLAG_BLENDED != 0;
            (blended(a.0), a.2, a.0, &a.1, a.3.first_index, a.3.instance, a.3.primitive).cmp(&(
                blended(b.0),
                b.2,
                b.0,
                &b.1,
                b.3.first_index,
                b.3.instance,
                b.3.primitive,
            ))
        });
        let mut instances = Vec::with_capacity(keyed.len());
        let mut batches: Vec<Batch> = Vec::new();
        let mut triangles = 0;
        for ((flags, surface, _, draw), at) in keyed.into_iter().zip(0u32..) {
            let instance = &scene.instances[draw.instance];
            let world = Mat4::from(instance.world_from_object);
            instances.push(InstanceParams {
                world_from_object: world,
                normal_from_object: world.inverse().transpose(),
                tint: instance.tint.extend(1.0),
            });
            triangles += u64::from(draw.index_count / 3);
            match batches.last_mut() {
                Some(last)
                    if last.flags == flags
                        && last.surface == surface
                        && last.draw.first_index == draw.first_index
                        && last.draw.base_vertex == draw.base_vertex =>
                {
                    last.instances.end = at + 1;
                }
                _ => batches.push(Batch { flags, surface, draw: draw.clone(), instances: at..at + 1 }),
            }
        }
        for batch in &batches {
            self.ensure_pipeline(gpu, batch.flags);
            self.ensure_depth(gpu, batch.flags & CULLING);
        }
        let instances = upload_storage(gpu, "instances", &instances);
        DrawList { batches, instances, triangles }
    }

    /// Records one view of the frame into `target` (one layer, HDR).
    #[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
    pub(crate) fn record(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        arena: &Arena,
        surfaces: &Surfaces,
        list: &DrawList,
        inputs: &FrameInputs<'_>,
        view: View,
        target: (&wgpu::TextureView, Size),
    ) {
        let view_buffer = uniform(gpu, "view", &view);
        let lens = uniform(gpu, "lens", &inputs.lens);
        let irradiance: [Vec4; 9] = inputs.environment.irradiance;
        let irradiance = uniform(gpu, "irradiance", &irradiance);
        let lights = upload_storage(gpu, "lights", inputs.lights);
        let group = bind_group(
            gpu,
            "colour frame",
            &self.frame_layout,
            &[
                view_buffer.as_entire_binding(),
                lights.as_entire_binding(),
                lens.as_entire_binding(),
                irradiance.as_entire_binding(),
                wgpu::BindingResource::TextureView(&inputs.environment.view),
                wgpu::BindingResource::Sampler(&self.environment_sampler),
                wgpu::BindingResource::TextureView(inputs.shadow_maps),
                wgpu::BindingResource::Sampler(inputs.shadow_sampler),
                wgpu::BindingResource::TextureView(inputs.occlusion),
                list.instances.as_entire_binding(),
            ],
        );
        self.ensure_sky(gpu);
        let size = target.1;
        let (colour, depth) = self
            .targets
            .entry((size.width, size.height))
            .or_insert_with(|| {
                (multisampled(gpu, "colour samples", size, HDR), multisampled(gpu, "depth", size, DEPTH))
            })
            .clone();
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("colour"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &colour,
                depth_slice: None,
                resolve_target: Some(target.0),
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Discard,
                },
            })],
            depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                view: &depth,
                depth_ops: Some(wgpu::Operations {
                    load: wgpu::LoadOp::Clear(1.0),
                    store: wgpu::StoreOp::Discard,
                }),
                stencil_ops: None,
            }),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        });
        pass.set_bind_group(0, &group, &[]);
        pass.set_vertex_buffer(0, arena.positions.buffer.slice(..));
        pass.set_vertex_buffer(1, arena.attributes.buffer.slice(..));
        pass.set_index_buffer(arena.indices.buffer.slice(..), wgpu::IndexFormat::Uint32);
        for batch in list.batches.iter().filter(|b| b.flags & (FLAG_BLENDED | FLAG_MASKED) == 0) {
            pass.set_pipeline(&self.depth[&(batch.flags & CULLING)]);
            draw_batch(&mut pass, batch);
        }
        let mut sky_drawn = false;
        for batch in &list.batches {
            if batch.flags & FLAG_BLENDED != 0 && !sky_drawn {
                self.draw_sky(&mut pass);
                sky_drawn = true;
            }
            pass.set_pipeline(&self.pipelines[&batch.flags]);
            pass.set_bind_group(1, surfaces.group(&batch.surface), &[]);
            draw_batch(&mut pass, batch);
        }
        if !sky_drawn {
            self.draw_sky(&mut pass);
        }
    }

    fn draw_sky(&self, pass: &mut wgpu::RenderPass<'_>) {
        if let Some(sky) = &self.sky {
            pass.set_pipeline(sky);
            pass.draw(0..3, 0..1);
        }
    }

    fn ensure_pipeline(&mut self, gpu: &Gpu, flags: u32) {
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
                buffers: &[
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
                ],
            },
            primitive: culling(flags),
            // Opaque surfaces meet their own depth from the pass before.
            depth_stencil: Some(depth_test(wgpu::CompareFunction::LessEqual, !blended)),
            multisample: wgpu::MultisampleState { count: SAMPLES, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("fragment"),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    ..Default::default()
                },
                targets: &[Some(wgpu::ColorTargetState {
                    format: HDR,
                    blend: blended.then_some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        self.pipelines.insert(flags, pipeline);
    }

    fn ensure_depth(&mut self, gpu: &Gpu, flags: u32) {
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
            multisample: wgpu::MultisampleState { count: SAMPLES, ..Default::default() },
            // The pass has a colour target; this pipeline leaves it alone.
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("depth_fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format: HDR,
                    blend: None,
                    write_mask: wgpu::ColorWrites::empty(),
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        self.depth.insert(flags, pipeline);
    }

    fn ensure_sky(&mut self, gpu: &Gpu) {
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
            multisample: wgpu::MultisampleState { count: SAMPLES, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: &self.module,
                entry_point: Some("sky_fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(HDR.into())],
            }),
            multiview_mask: None,
            cache: None,
        }));
    }
}

fn draw_batch(pass: &mut wgpu::RenderPass<'_>, batch: &Batch) {
    pass.draw_indexed(
        batch.draw.first_index..batch.draw.first_index + batch.draw.index_count,
        i32::try_from(batch.draw.base_vertex).unwrap_or(i32::MAX),
        batch.instances.clone(),
    );
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

fn multisampled(gpu: &Gpu, label: &str, size: Size, format: wgpu::TextureFormat) -> wgpu::TextureView {
    gpu.device
        .create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: SAMPLES,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        })
        .create_view(&wgpu::TextureViewDescriptor::default())
}
