//! Colour: hardware rasterisation of one pinhole view, linear and high dynamic range.
//!
//! Each pixel is shaded once, at its centre; edges are smoothed by four samples a pixel of which surface is where
//! (`smooth.wgsl`).

mod pipelines;
mod smooth;

use std::collections::BTreeMap;

use glam::Mat4;

use self::smooth::{Smooth, Targets};
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
        Binding, Gpu, Kept, bind_group, bind_layout,
        layout::{InstanceParams, LensParams, LightParams, View},
        source, uniform,
    },
    scene::{Library, Scene},
};

/// Samples a pixel of which surface is where.
const SAMPLES: u32 = 4;
/// Numbers of surfaces, in two halves (formats of one 32-bit number are not multisampled).
const SURFACE: wgpu::TextureFormat = wgpu::TextureFormat::Rg16Uint;
pub(crate) const HDR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Flags that decide which triangles are culled.
const CULLING: u32 = FLAG_DOUBLE_SIDED | FLAG_MIRRORED;

/// What all views of a frame share.
pub(crate) struct FrameInputs<'a> {
    pub(crate) lights: &'a [LightParams],
    pub(crate) lens: LensParams,
    pub(crate) environment: &'a super::environment::Prefiltered,
    pub(crate) shadow_maps: &'a wgpu::TextureView,
    pub(crate) shadow_sampler: &'a wgpu::Sampler,
    pub(crate) occlusion: &'a wgpu::TextureView,
    pub(crate) soft: &'a super::grid::SoftLight,
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
    /// Surfaces alone; by flags for culling and alpha.
    surfaces: BTreeMap<u32, wgpu::RenderPipeline>,
    smooth: Smooth,
    /// Repeats around, clamps up and down.
    pub(crate) environment_sampler: wgpu::Sampler,
    targets: Kept<Size, Targets>,
}

fn attachment(view: &wgpu::TextureView) -> wgpu::RenderPassColorAttachment<'_> {
    wgpu::RenderPassColorAttachment {
        view,
        depth_slice: None,
        resolve_target: None,
        ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::BLACK), store: wgpu::StoreOp::Store },
    }
}

fn depth_attachment(view: &wgpu::TextureView) -> wgpu::RenderPassDepthStencilAttachment<'_> {
    wgpu::RenderPassDepthStencilAttachment {
        view,
        depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(1.0), store: wgpu::StoreOp::Discard }),
        stencil_ops: None,
    }
}

impl ColourPass {
    pub(crate) fn new(gpu: &Gpu, surfaces: &Surfaces) -> Self {
        use Binding::{Compare, Depth, Read, Sampler, Texture, Uniform};
        use wgpu::TextureViewDimension::{D2, D2Array, D3};
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
                Texture(D3),
                Sampler,
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
            surfaces: BTreeMap::new(),
            smooth: Smooth::new(gpu),
            environment_sampler: gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("environment"),
                address_mode_u: wgpu::AddressMode::Repeat,
                address_mode_v: wgpu::AddressMode::ClampToEdge,
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                mipmap_filter: wgpu::MipmapFilterMode::Linear,
                ..Default::default()
            }),
            targets: Kept::default(),
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
            self.ensure_surface(gpu, batch.flags & (CULLING | FLAG_MASKED | FLAG_BLENDED));
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
        let grid = uniform(gpu, "grid", &inputs.soft.params);
        let lights = upload_storage(gpu, "lights", inputs.lights);
        let group = bind_group(
            gpu,
            "colour frame",
            &self.frame_layout,
            &[
                view_buffer.as_entire_binding(),
                lights.as_entire_binding(),
                lens.as_entire_binding(),
                grid.as_entire_binding(),
                wgpu::BindingResource::TextureView(&inputs.environment.view),
                wgpu::BindingResource::Sampler(&self.environment_sampler),
                wgpu::BindingResource::TextureView(inputs.shadow_maps),
                wgpu::BindingResource::Sampler(inputs.shadow_sampler),
                wgpu::BindingResource::TextureView(inputs.occlusion),
                list.instances.as_entire_binding(),
                wgpu::BindingResource::TextureView(&inputs.soft.view),
                wgpu::BindingResource::Sampler(&self.environment_sampler),
            ],
        );
        self.ensure_sky(gpu);
        let size = target.1;
        let targets = self.targets.get(size, |_| Targets::new(gpu, size)).clone();
        self.shade(encoder, arena, surfaces, list, &group, &targets);
        self.find_surfaces(encoder, arena, surfaces, list, &group, &targets);
        self.smooth.draw(gpu, encoder, &targets, target.0);
    }

    /// Shades every pixel once: depth first, then what is opaque, the sky, and what is transparent, far to near.
    fn shade(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        arena: &Arena,
        surfaces: &Surfaces,
        list: &DrawList,
        group: &wgpu::BindGroup,
        targets: &Targets,
    ) {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("colour"),
            color_attachments: &[Some(attachment(&targets.colour)), Some(attachment(&targets.surface))],
            depth_stencil_attachment: Some(depth_attachment(&targets.depth)),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        });
        bind_geometry(&mut pass, arena, group);
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

    /// Finds which surface lies at each of several samples a pixel.
    fn find_surfaces(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        arena: &Arena,
        surfaces: &Surfaces,
        list: &DrawList,
        group: &wgpu::BindGroup,
        targets: &Targets,
    ) {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("surfaces"),
            color_attachments: &[Some(attachment(&targets.surface_samples))],
            depth_stencil_attachment: Some(depth_attachment(&targets.depth_samples)),
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        });
        bind_geometry(&mut pass, arena, group);
        for batch in &list.batches {
            pass.set_pipeline(&self.surfaces[&(batch.flags & (CULLING | FLAG_MASKED | FLAG_BLENDED))]);
            if batch.flags & FLAG_MASKED != 0 {
                pass.set_bind_group(1, surfaces.group(&batch.surface), &[]);
            }
            draw_batch(&mut pass, batch);
        }
    }

    fn draw_sky(&self, pass: &mut wgpu::RenderPass<'_>) {
        if let Some(sky) = &self.sky {
            pass.set_pipeline(sky);
            pass.draw(0..3, 0..1);
        }
    }
}

fn bind_geometry(pass: &mut wgpu::RenderPass<'_>, arena: &Arena, group: &wgpu::BindGroup) {
    pass.set_bind_group(0, group, &[]);
    pass.set_vertex_buffer(0, arena.positions.buffer.slice(..));
    pass.set_vertex_buffer(1, arena.attributes.buffer.slice(..));
    pass.set_index_buffer(arena.indices.buffer.slice(..), wgpu::IndexFormat::Uint32);
}

fn draw_batch(pass: &mut wgpu::RenderPass<'_>, batch: &Batch) {
    pass.draw_indexed(
        batch.draw.first_index..batch.draw.first_index + batch.draw.index_count,
        i32::try_from(batch.draw.base_vertex).unwrap_or(i32::MAX),
        batch.instances.clone(),
    );
}
