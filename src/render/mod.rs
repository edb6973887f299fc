//! From a [`Scene`] to pictures on the GPU: colour, instance ids, depth, normals, amodal masks.
//!
//! Exact visibility comes first and in the final picture's own pixels (`cover`): every label and the ambient
//! occlusion rest on it. Colour is rasterised by hardware into one or more pinhole views (`colour`) and brought
//! through the lens and the rest of the camera by `chain`. Both draw the same triangles (`draws`).

mod arena;
pub(crate) mod chain;
mod clock;
mod colour;
mod cover;
mod draws;
mod environment;
mod flow;
mod grid;
mod lights;
mod mips;
mod occlusion;
mod pictures;
mod prepare;
mod surface;
mod textures;

use std::time::Instant;

use glam::{Mat4, Vec2, Vec4};
use thiserror::Error;

use self::{
    arena::Arena,
    chain::{ChainInput, ChainPasses, RayPass, ViewSpec, views_for},
    clock::PassClock,
    colour::{ColourPass, FrameInputs},
    cover::CoverPass,
    environment::Environments,
    flow::{FlowPass, Moment},
    grid::GridPass,
    lights::{Casters, ShadowPass, lit_region},
    occlusion::OcclusionPass,
    prepare::{library_of, renumbered},
    surface::Surfaces,
    textures::Textures,
};
pub use self::{
    clock::PASSES,
    cover::{Coarse, Tile, Visibility},
    flow::Flow,
    pictures::{FlowPicture, InFlight, Pictures},
};
use crate::{
    geometry::Size,
    gpu::{
        Gpu, GpuError, Kept,
        layout::{LensParams, LightParams, View},
        storage, texture_2d,
    },
    scene::{ArtError, Library, Scene},
};

/// Why a frame could not be rendered.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The device refused, or something is larger than it allows.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// Label art could not be drawn or loaded.
    #[error(transparent)]
    Art(#[from] ArtError),
    /// More instances than a 16-bit id can name.
    #[error("the scene has {0} instances; at most 65535 fit a picture")]
    TooManyInstances(usize),
}

/// A rendered frame, still on the device. `colour` belongs to the renderer and is written again by its next frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Size of the final picture.
    pub size: Size,
    /// `Rgba8Unorm`, sRGB-encoded.
    pub colour: wgpu::Texture,
    /// Ids, depth, normals, amodal masks.
    pub visibility: Visibility,
    /// Direction through every pixel's centre, camera frame: stored as `shaders/ray.wgsl` says.
    pub rays: wgpu::Buffer,
    /// Motion to the next frame, where one was given.
    pub flow: Option<Flow>,
    /// Levels of detail that were drawn: `lods[instance][primitive]`; empty for instances without a model.
    pub lods: Vec<Vec<usize>>,
    /// What was drawn, and what preparing it cost.
    pub stats: FrameStats,
}

/// Counts and times of one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameStats {
    /// Triangles in the colour pass, all views.
    pub colour_triangles: u64,
    /// Triangles tested for labels.
    pub label_triangles: u64,
    /// Draws: primitives of instances in view.
    pub draws: usize,
    /// CPU time spent culling, uploading and recording, seconds.
    pub record_s: f64,
}

/// Pixels of the view per pixel of the final picture, at the centre.
const SUPERSAMPLE: f32 = 1.0;
/// Near and far plane of colour views, metres.
const NEAR_M: f32 = 0.05;
const FAR_M: f32 = 120.0;

/// All passes, and what is kept on the device from frame to frame. One renderer belongs to one [`Library`].
#[derive(Debug)]
pub struct Renderer {
    gpu: Gpu,
    arena: Arena,
    textures: Textures,
    surfaces: Surfaces,
    environments: Environments,
    rays: RayPass,
    cover: CoverPass,
    occlusion: OcclusionPass,
    shadows: ShadowPass,
    grid: GridPass,
    colour: ColourPass,
    chain: ChainPasses,
    /// Made when motion is first asked for.
    flow: Option<FlowPass>,
    clock: PassClock,
    hdr: Kept<(Size, usize), HdrTarget>,
}

/// Where colour views are rendered: an array with a layer a view.
#[derive(Clone, Debug)]
struct HdrTarget {
    layers: Vec<HdrLayer>,
    texture: wgpu::Texture,
    array: wgpu::TextureView,
}

/// One view's target, and where it must be copied to.
#[derive(Clone, Debug)]
struct HdrLayer {
    view: wgpu::TextureView,
    copy: Option<(wgpu::Texture, u32)>,
}

impl Renderer {
    /// Compiles the passes.
    #[must_use]
    pub fn new(gpu: &Gpu) -> Self {
        let surfaces = Surfaces::new(gpu);
        Self {
            arena: Arena::new(gpu),
            textures: Textures::new(gpu),
            environments: Environments::default(),
            rays: RayPass::new(gpu),
            cover: CoverPass::new(gpu),
            occlusion: OcclusionPass::new(gpu),
            shadows: ShadowPass::new(gpu),
            grid: GridPass::new(gpu),
            colour: ColourPass::new(gpu, &surfaces),
            chain: ChainPasses::new(gpu),
            flow: None,
            clock: PassClock::default(),
            hdr: Kept::default(),
            surfaces,
            gpu: gpu.clone(),
        }
    }

    /// The device it renders on.
    #[must_use]
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// From now on, runs every pass of a frame alone and keeps its time: for measuring only, since nothing overlaps.
    pub fn time_passes(&mut self) {
        self.clock.seconds = Some(Vec::new());
    }

    /// Lets passes overlap again.
    pub fn time_nothing(&mut self) {
        self.clock.seconds = None;
    }

    /// Seconds of the last frame's [`PASSES`]; `None` unless [`Self::time_passes`] was called.
    #[must_use]
    pub fn pass_seconds(&self) -> Option<&[f64]> {
        self.clock.seconds.as_deref()
    }

    /// Renders one scene.
    ///
    /// # Errors
    /// When something is larger than the device allows, or label art cannot be had.
    pub fn render(&mut self, scene: &Scene, library: &Library) -> Result<Frame, RenderError> {
        self.render_moving(scene, None, library)
    }

    /// Renders one scene, and with `next`, the scene of the next instant, the motion to it; the passes, in order of
    /// execution.
    ///
    /// Both scenes list the same instances in the same order. What may differ: the camera, where things stand, and the
    /// places of the vertices of each scene's own models.
    ///
    /// # Errors
    /// When something is larger than the device allows, or label art cannot be had.
    pub fn render_moving(
        &mut self,
        scene: &Scene,
        next: Option<&Scene>,
        library: &Library,
    ) -> Result<Frame, RenderError> {
        let start = Instant::now();
        let next = next.map(|next| renumbered(next, scene.models.len(), library.model_count()));
        let next = next.as_deref();
        let owned = library_of(library, scene, next);
        self.arena.forget_own(library.model_count());
        let library = &*owned;
        for scene in std::iter::once(scene).chain(next) {
            self.fits(scene)?;
        }
        let intrinsics = &scene.camera.intrinsics;
        let (seen, next_seen) = self.upload(scene, next, library)?;
        let gpu = self.gpu.clone();
        let lens = LensParams::from(intrinsics);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());

        if let Some(seconds) = &mut self.clock.seconds {
            seconds.clear();
        }

        let rays = RayPass::buffer(&gpu, intrinsics.size);
        self.rays.record(&gpu, &mut encoder, intrinsics, &rays);
        self.clock.mark(&gpu, &mut encoder)?;
        let visibility = self.cover.record(
            &gpu,
            &mut encoder,
            scene,
            library,
            &self.arena,
            &self.textures,
            &rays,
            &seen,
            true,
        )?;
        self.clock.mark(&gpu, &mut encoder)?;
        let occlusion =
            self.occlusion.record(&gpu, &mut encoder, &lens, &rays, &visibility.depth, &visibility.normals);
        self.clock.mark(&gpu, &mut encoder)?;
        let region = lit_region(scene, library);
        let casters = Casters::of(&gpu, scene, library, &self.arena, &seen);
        let lights = self.shadows.record(&gpu, &mut encoder, &self.arena, &casters, &scene.lights, region);
        self.clock.mark(&gpu, &mut encoder)?;
        let environment = self.environments.get(&gpu, scene.environment.as_ref());
        let soft = self.grid.record(
            &gpu,
            &mut encoder,
            scene,
            library,
            &self.arena,
            &casters,
            &lights,
            region,
            (&environment, &self.colour.environment_sampler),
        );
        self.clock.mark(&gpu, &mut encoder)?;
        let list = self.colour.list(&gpu, scene, library, &seen);
        let views = views_for(intrinsics, SUPERSAMPLE, gpu.device.limits().max_texture_dimension_2d);
        let target = self.hdr_target(views[0].size, views.len());
        let inputs = FrameInputs {
            lights: &lights,
            lens,
            environment: &environment,
            shadow_maps: &self.shadows.maps,
            shadow_sampler: &self.shadows.sampler,
            occlusion: &occlusion,
            soft: &soft,
        };
        for (spec, layer) in views.iter().zip(&target.layers) {
            let view = view_of(scene, spec, &environment, &lights);
            self.colour.record(
                &gpu,
                &mut encoder,
                &self.arena,
                &self.surfaces,
                &list,
                &inputs,
                view,
                (&layer.view, spec.size),
            );
            if let Some((own, index)) = &layer.copy {
                target.receive(&mut encoder, own, *index, spec.size);
            }
        }
        self.clock.mark(&gpu, &mut encoder)?;
        let colour = self.chain.record(
            &gpu,
            &mut encoder,
            &ChainInput {
                hdr: &target.array,
                views: &views,
                rays: &rays,
                depth: &visibility.depth,
                intrinsics,
                chain: &scene.chain,
            },
        );
        self.clock.mark(&gpu, &mut encoder)?;
        let flow = match next {
            Some(next) => {
                let pass = self.flow.get_or_insert_with(|| FlowPass::new(&gpu, &self.cover));
                let now = Moment { scene, seen: &seen };
                let next = Moment { scene: next, seen: &next_seen };
                let traces = self.cover.traces();
                let (arena, textures) = (&self.arena, &self.textures);
                Some(pass.record(
                    &gpu,
                    &mut encoder,
                    &self.rays,
                    [now, next],
                    library,
                    arena,
                    textures,
                    &traces,
                )?)
            }
            None => None,
        };
        gpu.queue.submit([encoder.finish()]);

        let mut lods = vec![Vec::new(); scene.instances.len()];
        for (seen, draws) in &seen {
            lods[seen.instance] = draws.iter().map(|d| d.lod).collect();
        }
        let stats = FrameStats {
            colour_triangles: list.triangles * views.len() as u64,
            label_triangles: visibility.triangles,
            draws: seen.iter().filter(|(s, _)| s.in_view).map(|(_, d)| d.len()).sum(),
            record_s: start.elapsed().as_secs_f64(),
        };
        Ok(Frame { size: intrinsics.size, colour, visibility, rays, flow, lods, stats })
    }

    fn hdr_target(&mut self, size: Size, layers: usize) -> HdrTarget {
        let gpu = &self.gpu;
        self.hdr
            .get((size, layers), |_| {
                let count = u32::try_from(layers).unwrap_or(1);
                let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
                    label: Some("colour views"),
                    size: wgpu::Extent3d {
                        width: size.width,
                        height: size.height,
                        depth_or_array_layers: count,
                    },
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format: colour::HDR,
                    usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                        | wgpu::TextureUsages::TEXTURE_BINDING
                        | wgpu::TextureUsages::COPY_DST,
                    view_formats: &[],
                });
                // Several views are resolved one by one into textures of their own and copied: software Vulkan
                // (Mesa 22.3) resolves into layer 0 whichever layer the view names.
                let one = |layer: u32| {
                    let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC;
                    let (own, view) = texture_2d(gpu, "colour view", size, colour::HDR, usage);
                    HdrLayer { view, copy: Some((own, layer)) }
                };
                let array = texture.create_view(&wgpu::TextureViewDescriptor {
                    dimension: Some(wgpu::TextureViewDimension::D2Array),
                    ..Default::default()
                });
                let layers = if layers == 1 {
                    let view = texture.create_view(&wgpu::TextureViewDescriptor {
                        dimension: Some(wgpu::TextureViewDimension::D2),
                        ..Default::default()
                    });
                    vec![HdrLayer { view, copy: None }]
                } else {
                    (0..count).map(one).collect()
                };
                HdrTarget { layers, texture, array }
            })
            .clone()
    }
}

impl HdrTarget {
    /// Copies a view's own texture into its layer.
    fn receive(&self, encoder: &mut wgpu::CommandEncoder, own: &wgpu::Texture, layer: u32, size: Size) {
        let origin = wgpu::Origin3d { x: 0, y: 0, z: layer };
        encoder.copy_texture_to_texture(
            own.as_image_copy(),
            wgpu::TexelCopyTextureInfo { origin, ..self.texture.as_image_copy() },
            wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
        );
    }
}

/// Shader parameters of one pinhole view.
fn view_of(
    scene: &Scene,
    spec: &ViewSpec,
    environment: &environment::Prefiltered,
    lights: &[LightParams],
) -> View {
    let camera_from_world = Mat4::from(scene.camera.camera_from_world());
    let (w, h) = (spec.size.width as f32, spec.size.height as f32);
    let (f, c) = (spec.focal_px, spec.centre_px);
    let depth = FAR_M / (FAR_M - NEAR_M);
    // Rows of the pinhole projection: x right, y up in clip space, depth 0 at the near plane.
    let clip_from_view = Mat4::from_cols(
        Vec4::new(2.0 * f.x / w, 0.0, 0.0, 0.0),
        Vec4::new(0.0, -2.0 * f.y / h, 0.0, 0.0),
        Vec4::new(2.0 * c.x / w - 1.0, 1.0 - 2.0 * c.y / h, depth, 1.0),
        Vec4::new(0.0, 0.0, -depth * NEAR_M, 0.0),
    );
    let clip_from_world = clip_from_view * Mat4::from_mat3(spec.view_from_camera) * camera_from_world;
    let gain = scene.environment.as_ref().map_or(0.0, |e| e.gain);
    let (sin, cos) = scene.environment.as_ref().map_or(0.0, |e| e.yaw).sin_cos();
    View {
        clip_from_world,
        camera_from_world,
        eye: scene.camera.position(),
        environment_gain: gain,
        environment_turn: Vec2::new(cos, sin),
        lights: u32::try_from(lights.len()).unwrap_or(u32::MAX),
        shadowed: u32::try_from(lights.iter().filter(|l| l.shadow >= 0).count()).unwrap_or(u32::MAX),
        environment_visible: u32::from(scene.environment.as_ref().is_some_and(|e| e.visible)),
        environment_levels: environment.levels,
        ambient_occlusion: 1,
        pad: 0,
        world_from_clip: clip_from_world.inverse(),
    }
}

/// A storage buffer holding `items`, or one item of zeros when there are none: a binding holds at least one.
pub(crate) fn upload_storage<T: bytemuck::NoUninit>(gpu: &Gpu, label: &str, items: &[T]) -> wgpu::Buffer {
    let buffer = storage(gpu, label, size_of_val(items).max(size_of::<T>()) as u64);
    if !items.is_empty() {
        gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(items));
    }
    buffer
}
