//! Exact visibility on the device: ids, depth, normals, and each labelled instance's amodal mask.
//!
//! See `shaders/cover.wgsl` for how. Amodal masks are bit tiles: each labelled instance owns a rectangle of bits
//! round its projection, which may reach one picture beyond every edge of the frame, so that truncation is counted
//! in pixels like everything else.

use glam::{Mat4, Vec2, Vec4};

use super::{
    arena::Arena,
    draws::{Draw, Seen, owns_pixels, project_full},
    textures::Textures,
};
use crate::{
    geometry::{BoxPx, Size},
    gpu::{
        Binding, ComputePass, Gpu, GpuError,
        layout::{CoverItem, CoverParams, LensParams},
        storage, uniform,
    },
    scene::{Alpha, Library, MaterialId, Role, Scene},
};

/// Triangles whose boxes hold more pixels than this get a workgroup of their own.
const INLINE_PX: u32 = 512;
/// Workgroups that share them.
const LARGE_GROUPS: u32 = 1024;
/// Room in the queue for those; what does not fit is done by its own thread.
const QUEUE_ROOM: u32 = 1 << 18;
/// Workgroups a row of a two-dimensional dispatch; `cover.wgsl` counts on it.
const ROW: u32 = 32_768;
const NO_TILE: u32 = u32::MAX;

/// Where the bits of an instance's amodal mask lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Index into the scene's instances.
    pub instance: usize,
    /// Box of the projection without the frame's edge, pixels.
    pub full: BoxPx,
    /// First word in the tile buffer.
    pub offset: u32,
    /// Words a row.
    pub stride: u32,
    /// Left and top edge, pixels; may be negative.
    pub min: [i32; 2],
    /// Right and bottom edge (exclusive); may lie beyond the picture.
    pub max: [i32; 2],
}

/// Results of one frame, still on the device; the buffers are row-major, one entry a pixel of the final picture.
#[derive(Clone, Debug)]
pub struct Visibility {
    /// `u32` instance ids; 0 is nothing.
    pub ids: wgpu::Buffer,
    /// `f32` metres along the optical axis; 0 where there is nothing.
    pub depth: wgpu::Buffer,
    /// Camera-space geometric normals towards the camera as unorm RGBA, `(n + 1) / 2`; 0 where there is nothing.
    pub normals: wgpu::Buffer,
    /// Bits of all amodal masks.
    pub tiles: wgpu::Buffer,
    /// Words of `tiles` in use.
    pub tile_words: u32,
    /// Where each labelled instance's bits lie, in order of instance.
    pub layout: Vec<Tile>,
    /// Triangles tested.
    pub triangles: u64,
}

/// The pipelines, and buffers kept from frame to frame.
#[derive(Debug)]
pub(crate) struct CoverPass {
    opaque: [ComputePass; 2],
    masked: [ComputePass; 2],
    resolve: ComputePass,
    kept: Vec<(&'static str, wgpu::Buffer)>,
}

const GROUP: &[Binding] = {
    use Binding::{Read, Uniform, Write};
    &[Uniform, Uniform, Read, Read, Read, Read, Read, Write, Write, Write, Write]
};
const MASK_GROUP: &[Binding] =
    &[Binding::Read, Binding::Texture(wgpu::TextureViewDimension::D2), Binding::Sampler];
const RESOLVE_GROUP: &[Binding] = {
    use Binding::{Read, Uniform, Write};
    &[Uniform, Read, Read, Read, Read, Write, Write, Write]
};

/// Draws of one alpha-tested material, or of all opaque ones.
#[derive(Debug)]
struct Batch {
    material: Option<(MaterialId, usize)>,
    first_chunk: u32,
    chunks: u32,
}

impl CoverPass {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let opaque = |entry| ComputePass::new(gpu, "cover_opaque", entry, &[GROUP]);
        let masked = |entry| ComputePass::new(gpu, "cover_masked", entry, &[GROUP, MASK_GROUP]);
        Self {
            opaque: [opaque("small"), opaque("large")],
            masked: [masked("small"), masked("large")],
            resolve: ComputePass::new(gpu, "cover_resolve", "main", &[RESOLVE_GROUP]),
            kept: Vec::new(),
        }
    }

    /// A buffer of at least `bytes`, kept for the next frame.
    fn keep(&mut self, gpu: &Gpu, label: &'static str, bytes: u64) -> wgpu::Buffer {
        if let Some((_, buffer)) = self.kept.iter().find(|(l, b)| *l == label && b.size() >= bytes) {
            return buffer.clone();
        }
        self.kept.retain(|(l, _)| *l != label);
        let buffer = storage(gpu, label, bytes.next_power_of_two());
        self.kept.push((label, buffer.clone()));
        buffer
    }

    /// Records everything for one frame. `seen` and `draws` belong together: `draws[i]` are those of `seen[i]`.
    #[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
    pub(crate) fn record(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        scene: &Scene,
        library: &Library,
        arena: &Arena,
        textures: &Textures,
        rays: &wgpu::Buffer,
        seen: &[(Seen, Vec<Draw>)],
    ) -> Result<Visibility, GpuError> {
        let intrinsics = &scene.camera.intrinsics;
        let size = intrinsics.size;
        let (layout, tile_words) = tiles(scene, library, arena, seen);
        let tile_of = |instance: usize| {
            layout.binary_search_by_key(&instance, |t| t.instance).ok().map(|found| &layout[found])
        };

        // Opaque draws first, then one batch for each alpha-tested material, in order of material.
        let mut ordered: Vec<(Option<(MaterialId, usize)>, &Seen, &Draw)> = Vec::new();
        for (seen, draws) in seen.iter().filter(|(s, _)| s.in_view) {
            let instance = &scene.instances[seen.instance];
            if !owns_pixels(&instance.role) {
                continue;
            }
            for draw in draws {
                let material = material_of(scene, library, draw);
                let masked = matches!(library.material(material).alpha, Alpha::Mask { .. });
                ordered.push((masked.then_some((material, draw.instance)), seen, draw));
            }
        }
        ordered.sort_by_key(|(material, _, draw)| (*material, draw.instance, draw.primitive));

        let (mut items, mut ids, mut chunks) = (Vec::new(), Vec::new(), Vec::new());
        let mut batches: Vec<Batch> = Vec::new();
        let mut triangles = 0u64;
        for (material, seen, draw) in ordered {
            let number = u32::try_from(items.len()).unwrap_or(u32::MAX);
            let item = item(scene, library, seen, draw, tile_of(draw.instance));
            let first_chunk = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
            chunks.extend((0..item.triangles.div_ceil(64)).map(|c| [number, c * 64]));
            triangles += u64::from(item.triangles);
            let added = item.triangles.div_ceil(64);
            match batches.last_mut() {
                Some(batch) if batch.material == material => batch.chunks += added,
                _ => batches.push(Batch { material, first_chunk, chunks: added }),
            }
            ids.push(item.id);
            items.push(item);
        }

        let pixels = size.pixels() as u64 * 4;
        let records_bytes = chunks.len() as u64 * 64 * 16;
        let limit = gpu.device.limits().max_storage_buffer_binding_size;
        gpu.check("the triangles of one picture", records_bytes, limit)?;
        gpu.check("the amodal masks of one picture", u64::from(tile_words) * 4, limit)?;
        let nearest = self.keep(gpu, "nearest triangles", pixels);
        let records = self.keep(gpu, "triangle records", records_bytes);
        let tiles = self.keep(gpu, "amodal tiles", u64::from(tile_words) * 4);
        let queue = self.keep(gpu, "large triangles", u64::from(QUEUE_ROOM + 1) * 4);
        let item_buffer = self.upload(gpu, "cover items", bytemuck::cast_slice(&items));
        let id_buffer = self.upload(gpu, "cover ids", bytemuck::cast_slice(&ids));
        let chunk_buffer = self.upload(gpu, "cover chunks", bytemuck::cast_slice(&chunks));
        let lens = uniform(gpu, "lens", &LensParams::from(intrinsics));
        encoder.clear_buffer(&nearest, 0, Some(pixels));
        encoder.clear_buffer(&tiles, 0, Some((u64::from(tile_words) * 4).max(4)));

        for batch in &batches {
            let (params, picture) = self.params(scene, library, textures, batch);
            let params = uniform(gpu, "cover params", &params);
            let passes = if batch.material.is_some() { &self.masked } else { &self.opaque };
            let bind = |pass: &ComputePass| {
                pass.bind(
                    gpu,
                    0,
                    &[
                        lens.as_entire_binding(),
                        params.as_entire_binding(),
                        rays.as_entire_binding(),
                        item_buffer.as_entire_binding(),
                        // Exactly the chunks: the shader takes the array's length from the binding.
                        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                            buffer: &chunk_buffer,
                            offset: 0,
                            size: std::num::NonZeroU64::new(u64::from(batch.first_chunk + batch.chunks) * 8),
                        }),
                        arena.positions.buffer.as_entire_binding(),
                        arena.indices.buffer.as_entire_binding(),
                        records.as_entire_binding(),
                        nearest.as_entire_binding(),
                        tiles.as_entire_binding(),
                        queue.as_entire_binding(),
                    ],
                )
            };
            let mask_bind = |pass: &ComputePass| {
                picture.as_ref().map(|(view, sampler)| {
                    pass.bind(
                        gpu,
                        1,
                        &[
                            arena.attributes.buffer.as_entire_binding(),
                            wgpu::BindingResource::TextureView(view),
                            wgpu::BindingResource::Sampler(sampler),
                        ],
                    )
                })
            };
            let shape = [batch.chunks.min(ROW), batch.chunks.div_ceil(ROW), 1];
            encoder.clear_buffer(&queue, 0, Some(4));
            let (first, masks) = (bind(&passes[0]), mask_bind(&passes[0]));
            let groups: Vec<_> = std::iter::once(&first).chain(masks.as_ref()).collect();
            passes[0].dispatch(encoder, &groups, shape);
            let (second, masks) = (bind(&passes[1]), mask_bind(&passes[1]));
            let groups: Vec<_> = std::iter::once(&second).chain(masks.as_ref()).collect();
            passes[1].dispatch(encoder, &groups, [LARGE_GROUPS, 1, 1]);
        }

        let [ids, depth, normals] = ["ids", "depth", "normals"].map(|label| storage(gpu, label, pixels));
        let bind = self.resolve.bind(
            gpu,
            0,
            &[
                lens.as_entire_binding(),
                rays.as_entire_binding(),
                records.as_entire_binding(),
                nearest.as_entire_binding(),
                id_buffer.as_entire_binding(),
                ids.as_entire_binding(),
                depth.as_entire_binding(),
                normals.as_entire_binding(),
            ],
        );
        self.resolve.dispatch(encoder, &[&bind], [size.width.div_ceil(8), size.height.div_ceil(8), 1]);
        Ok(Visibility { ids, depth, normals, tiles, tile_words, layout, triangles })
    }

    fn upload(&mut self, gpu: &Gpu, label: &'static str, bytes: &[u8]) -> wgpu::Buffer {
        let buffer = self.keep(gpu, label, bytes.len().max(16) as u64);
        gpu.queue.write_buffer(&buffer, 0, bytes);
        buffer
    }

    fn params(
        &self,
        scene: &Scene,
        library: &Library,
        textures: &Textures,
        batch: &Batch,
    ) -> (CoverParams, Option<(wgpu::TextureView, wgpu::Sampler)>) {
        let mut params = CoverParams {
            uv_matrix: Vec4::new(1.0, 0.0, 0.0, 1.0),
            uv_offset: Vec2::ZERO,
            first_chunk: batch.first_chunk,
            queue_room: QUEUE_ROOM,
            uv_set: 0,
            inline_px: INLINE_PX,
            pad: [0; 2],
        };
        let Some((material, instance)) = batch.material else { return (params, None) };
        let dress = scene.instances[instance].dresses.iter().find(|d| d.material == material);
        let base = library.material(material).base_texture;
        if let Some(base) = base {
            let m = base.transform.matrix2;
            params.uv_matrix = Vec4::new(m.x_axis.x, m.x_axis.y, m.y_axis.x, m.y_axis.y);
            params.uv_offset = base.transform.translation;
            params.uv_set = u32::from(base.uv_set);
        }
        (params, Some(textures.base(library, material, dress)))
    }
}

/// The model's material of a draw.
pub(crate) fn material_of(scene: &Scene, library: &Library, draw: &Draw) -> MaterialId {
    let model = scene.instances[draw.instance].model.expect("only instances with a model are drawn");
    library.model(model).primitives[draw.primitive].material
}

fn item(scene: &Scene, library: &Library, seen: &Seen, draw: &Draw, tile: Option<&Tile>) -> CoverItem {
    let material = library.material(material_of(scene, library, draw));
    let double_sided = u32::from(material.double_sided);
    let cutoff = if let Alpha::Mask { cutoff } = material.alpha {
        // The base colour's factor multiplies the texture's alpha.
        cutoff / material.base_colour.w.max(1e-6)
    } else {
        0.0
    };
    CoverItem {
        camera_from_object: Mat4::from(seen.camera_from_object),
        first_index: draw.first_index,
        base_vertex: draw.base_vertex,
        id: scene.instances[draw.instance].id.0,
        flags: double_sided | u32::from(draw.mirrored) << 1,
        tile: tile.map_or(NO_TILE, |t| t.offset),
        tile_stride: tile.map_or(0, |t| t.stride),
        tile_min: tile.map_or([0; 2], |t| t.min),
        tile_max: tile.map_or([0; 2], |t| t.max),
        cutoff,
        triangles: draw.index_count / 3,
    }
}

/// Lays out the bits of every labelled instance that can be seen.
fn tiles(scene: &Scene, library: &Library, arena: &Arena, seen: &[(Seen, Vec<Draw>)]) -> (Vec<Tile>, u32) {
    let intrinsics = &scene.camera.intrinsics;
    let projector = intrinsics.projector();
    let mut words = 0u32;
    let mut layout = Vec::new();
    for (seen, draws) in seen.iter().filter(|(s, _)| s.in_view) {
        let instance = &scene.instances[seen.instance];
        let (Role::Labelled, Some(id)) = (&instance.role, instance.model) else { continue };
        let model = (library.model(id).as_ref(), arena.primitives(id));
        let Some(full) = project_full(intrinsics, &projector, seen, model, draws) else { continue };
        let Some((min, max)) = tile_edges(full, intrinsics.size) else { continue };
        let stride = max[0].abs_diff(min[0]).div_ceil(32);
        layout.push(Tile { instance: seen.instance, full, offset: words, stride, min, max });
        words = words.saturating_add(stride.saturating_mul(max[1].abs_diff(min[1])));
    }
    (layout, words)
}

/// Whole pixels round a projection, with one to spare, within the extended frame; `None` when they share nothing
/// with the picture.
#[expect(clippy::cast_possible_truncation, reason = "clamped to three pictures' widths")]
fn tile_edges(full: BoxPx, size: Size) -> Option<([i32; 2], [i32; 2])> {
    let axis = |low: f64, high: f64, length: u32| {
        let length = f64::from(length);
        let low = (low.floor() - 1.0).max(-length);
        let high = (high.ceil() + 1.0).min(2.0 * length);
        (low < length && high > 0.0 && low < high).then_some((low as i32, high as i32))
    };
    let (left, right) = axis(full.x, full.right(), size.width)?;
    let (top, bottom) = axis(full.y, full.bottom(), size.height)?;
    Some(([left, top], [right, bottom]))
}
