//! Lights as shaders see them, and their shadow maps.

use glam::{Mat4, Vec3};

use super::{
    arena::Arena,
    draws::{Draw, Seen, draws_of},
};
use crate::{
    geometry::Aabb,
    gpu::{Binding, Gpu, bind_group, bind_layout, layout::LightParams, source, uniform},
    scene::{Library, Light, LightKind, Role, Scene},
};

/// Side of one shadow map, texels.
const SIDE: u32 = 1024;
/// Most lights that cast shadows; the others shine without.
const LAYERS: u32 = 6;
/// Shadows need fewer triangles than the picture: tolerated error relative to it.
const DETAIL: f32 = 6.0;
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// The shadow pipeline and its maps.
#[derive(Debug)]
pub(crate) struct ShadowPass {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    layers: Vec<wgpu::TextureView>,
    pub(crate) maps: wgpu::TextureView,
    pub(crate) sampler: wgpu::Sampler,
}

impl ShadowPass {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let layout =
            bind_layout(gpu, "shadow", wgpu::ShaderStages::VERTEX, &[Binding::Uniform, Binding::Read]);
        let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("shadow"),
            source: wgpu::ShaderSource::Wgsl(source("shadow").into()),
        });
        let pipeline_layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("shadow"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("shadow"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(wgpu::VertexBufferLayout {
                    array_stride: 12,
                    step_mode: wgpu::VertexStepMode::Vertex,
                    attributes: &wgpu::vertex_attr_array![0 => Float32x3],
                })],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: Some(wgpu::DepthStencilState {
                format: FORMAT,
                depth_write_enabled: Some(true),
                depth_compare: Some(wgpu::CompareFunction::Less),
                stencil: wgpu::StencilState::default(),
                bias: wgpu::DepthBiasState { constant: 2, slope_scale: 2.0, clamp: 0.0 },
            }),
            multisample: wgpu::MultisampleState::default(),
            fragment: None,
            multiview_mask: None,
            cache: None,
        });
        let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("shadow maps"),
            size: wgpu::Extent3d { width: SIDE, height: SIDE, depth_or_array_layers: LAYERS },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let layers = (0..LAYERS)
            .map(|layer| {
                texture.create_view(&wgpu::TextureViewDescriptor {
                    dimension: Some(wgpu::TextureViewDimension::D2),
                    base_array_layer: layer,
                    array_layer_count: Some(1),
                    ..Default::default()
                })
            })
            .collect();
        let maps = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("shadow"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            compare: Some(wgpu::CompareFunction::LessEqual),
            ..Default::default()
        });
        Self { pipeline, layout, layers, maps, sampler }
    }

    /// Records a depth pass for every light that casts shadows; returns all lights as shaders see them, those with
    /// shadows first.
    pub(crate) fn record(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        scene: &Scene,
        library: &Library,
        arena: &Arena,
        seen: &[(Seen, Vec<Draw>)],
    ) -> Vec<LightParams> {
        let region = lit_region(scene, library);
        let casters = Casters::of(gpu, scene, library, arena, seen);
        let mut layer = 0;
        let mut all: Vec<LightParams> = scene
            .lights
            .iter()
            .map(|light| {
                let mut params = params(light, region);
                if light.casts_shadow && layer < LAYERS {
                    params.shadow = i32::try_from(layer).unwrap_or(-1);
                    self.draw(gpu, encoder, arena, &casters, layer, &params.shadow_from_world);
                    layer += 1;
                }
                params
            })
            .collect();
        // Shaders go over the shadowed ones first and spare the others the look-ups.
        all.sort_by_key(|l| l.shadow < 0);
        all
    }

    fn draw(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        arena: &Arena,
        casters: &Casters,
        layer: u32,
        matrix: &Mat4,
    ) {
        let matrix = uniform(gpu, "shadow", matrix);
        let group = bind_group(
            gpu,
            "shadow",
            &self.layout,
            &[matrix.as_entire_binding(), casters.transforms.as_entire_binding()],
        );
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("shadow"),
            color_attachments: &[],
            depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                view: &self.layers[layer as usize],
                depth_ops: Some(wgpu::Operations {
                    load: wgpu::LoadOp::Clear(1.0),
                    store: wgpu::StoreOp::Store,
                }),
                stencil_ops: None,
            }),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        });
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.set_vertex_buffer(0, arena.positions.buffer.slice(..));
        pass.set_index_buffer(arena.indices.buffer.slice(..), wgpu::IndexFormat::Uint32);
        for batch in &casters.batches {
            let (draw, range) = batch;
            pass.draw_indexed(
                draw.first_index..draw.first_index + draw.index_count,
                i32::try_from(draw.base_vertex).unwrap_or(i32::MAX),
                range.clone(),
            );
        }
    }
}

/// What casts shadows, grouped by shape: one draw call per shape and level of detail.
#[derive(Debug)]
struct Casters {
    transforms: wgpu::Buffer,
    batches: Vec<(Draw, std::ops::Range<u32>)>,
}

impl Casters {
    fn of(gpu: &Gpu, scene: &Scene, library: &Library, arena: &Arena, seen: &[(Seen, Vec<Draw>)]) -> Self {
        let mut draws: Vec<Draw> = seen
            .iter()
            .filter(|(s, _)| !matches!(scene.instances[s.instance].role, Role::SeeThrough))
            .flat_map(|(s, _)| draws_of(s, scene, library, arena, DETAIL))
            .filter(|d| !library.material(super::cover::material_of(scene, library, d)).is_transparent())
            .collect();
        draws.sort_by_key(|d| (d.first_index, d.instance));
        let matrices: Vec<Mat4> =
            draws.iter().map(|d| Mat4::from(scene.instances[d.instance].world_from_object)).collect();
        let mut batches: Vec<(Draw, std::ops::Range<u32>)> = Vec::new();
        for (draw, at) in draws.into_iter().zip(0u32..) {
            match batches.last_mut() {
                Some((first, range))
                    if first.first_index == draw.first_index && first.base_vertex == draw.base_vertex =>
                {
                    range.end = at + 1;
                }
                _ => batches.push((draw, at..at + 1)),
            }
        }
        let transforms = super::upload_storage(gpu, "shadow casters", &matrices);
        Self { transforms, batches }
    }
}

/// The part of the world whose shadows matter: round everything labelled, or round everything.
fn lit_region(scene: &Scene, library: &Library) -> Aabb {
    let boxes = |labelled: bool| {
        scene
            .instances
            .iter()
            .filter(|i| !labelled || i.role == Role::Labelled)
            .filter_map(|i| Some(library.model(i.model?).bounds.transformed(&i.world_from_object)))
            .fold(Aabb::EMPTY, Aabb::union)
    };
    let region = boxes(true);
    if region.is_empty() { boxes(false) } else { region }
}

fn params(light: &Light, region: Aabb) -> LightParams {
    let (centre, radius) = if region.is_empty() {
        (Vec3::ZERO, 1.0)
    } else {
        (region.center(), (region.size().length() * 0.5).max(0.1))
    };
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let texel = 1.0 / SIDE as f32;
    let mut out = LightParams {
        shadow_from_world: Mat4::IDENTITY,
        position: Vec3::ZERO,
        kind: 0,
        direction: Vec3::NEG_Y,
        shadow: -1,
        colour: light.colour,
        radius: 0.0,
        to: Vec3::ZERO,
        cos_inner: 1.0,
        cos_outer: 0.0,
        shadow_extent: 1.0,
        texel,
        pad: 0.0,
    };
    let up = |d: Vec3| if d.y.abs() > 0.99 { Vec3::Z } else { Vec3::Y };
    // A perspective map from `eye` towards `aim`, wide enough for the region but not wider than `widest`.
    let perspective = |eye: Vec3, aim: Vec3, widest: f32| {
        let distance = eye.distance(centre);
        let needed = if distance > radius { 2.0 * (radius / distance).asin() } else { widest };
        let fov = needed.clamp(0.2, widest);
        let near = (distance - radius).max(0.05);
        let projection = glam::camera::rh::proj::directx::perspective(fov, 1.0, near, distance + radius);
        let view = glam::camera::rh::view::look_to_mat4(eye, aim, up(aim));
        (projection * view, 2.0 * (fov * 0.5).tan())
    };
    match light.kind {
        LightKind::Sun { direction, angular_radius } => {
            let eye = centre - direction * radius * 2.0;
            let projection = glam::camera::rh::proj::directx::orthographic(
                -radius,
                radius,
                -radius,
                radius,
                0.0,
                4.0 * radius,
            );
            out.shadow_from_world =
                projection * glam::camera::rh::view::look_to_mat4(eye, direction, up(direction));
            out.direction = direction;
            out.radius = angular_radius;
            out.shadow_extent = 2.0 * radius;
        }
        LightKind::Spot { position, direction, inner_angle, outer_angle, radius_m } => {
            let towards = (centre - position).normalize_or(direction);
            (out.shadow_from_world, out.shadow_extent) = perspective(position, towards, 2.2);
            (out.kind, out.position, out.direction) = (1, position, direction);
            (out.cos_inner, out.cos_outer) = (inner_angle.cos(), outer_angle.cos());
            out.radius = radius_m;
        }
        LightKind::Tube { from, to, direction } => {
            let middle = (from + to) * 0.5;
            let towards = (centre - middle).normalize_or(direction);
            (out.shadow_from_world, out.shadow_extent) = perspective(middle, towards, 2.2);
            (out.kind, out.position, out.to, out.direction) = (2, from, to, direction);
            // Boards and rails lie along most rows of tubes, whose length does not soften their shadows.
            out.radius = (from.distance(to) * 0.25).min(0.3);
        }
    }
    out
}
