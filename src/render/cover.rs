//! Exact visibility on the device: ids, depth, normals, and each labelled instance's amodal mask.
//!
//! See `shaders/cover.wgsl` for how. Amodal masks are bit tiles: each labelled instance owns a rectangle of bits
//! round its projection, inside the frame. An instance whose projection leaves the frame has a coarse tile besides:
//! at most 64 x 64 samples over the whole projection, as far as one picture beyond every edge, from which truncation
//! is estimated.

use glam::{Mat4, Vec2, Vec4};

use super::{
    arena::Arena,
    draws::{Draw, FieldOfView, Seen, owns_pixels, project_full},
    textures::Textures,
    upload_storage,
};
use crate::{
    geometry::BoxPx,
    gpu::{
        Binding, ComputePass, Gpu, GpuError,
        layout::{CoverItem, CoverParams, LensParams},
        storage, uniform,
    },
    scene::{Alpha, Library, MaterialId, Role, Scene},
};

/// Triangles whose boxes hold more pixels than this are first divided into blocks of pixels.
const INLINE_PX: u32 = 1024;
/// Workgroups that share all the other triangles, and the blocks.
const SMALL_GROUPS: [u32; 3] = [2048, 1, 1];
/// Workgroups that divide the large ones into blocks.
const LARGE_GROUPS: [u32; 3] = [512, 1, 1];
/// Room in the queue for those; what does not fit is done where it was found.
const LARGE_ROOM: u32 = 1 << 14;
/// Blocks in the queue for each block of the picture; what does not fit is done where it was found.
const LAYERS: u64 = 64;
/// Workgroups a row of a two-dimensional dispatch; `cover.wgsl` counts on it.
const ROW: u32 = 32_768;
/// Entry points of `cover.wgsl`, in order of execution.
const ENTRIES: [&str; 6] = ["setup", "inside", "large", "blocks", "outside", "beyond"];
/// Bytes of one triangle's record.
const RECORD: u64 = 64;
const NO_TILE: u32 = u32::MAX;
/// Labels of kept buffers that others read.
const NEAREST: &str = "nearest triangles";
const RECORDS: &str = "triangle records";

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
    /// Left and top edge, pixels.
    pub min: [i32; 2],
    /// Right and bottom edge (exclusive).
    pub max: [i32; 2],
    /// Samples of the whole projection, when it leaves the frame.
    pub coarse: Option<Coarse>,
}

/// Samples over a projection that leaves the frame: pixel centres `step` pixels apart, two words
/// a row. Each side has its own step, so that a bar along one side is met by as many samples as a square.
#[derive(Clone, Debug, PartialEq)]
pub struct Coarse {
    /// First word in the tile buffer.
    pub offset: u32,
    /// Pixels from sample to sample, aside and down.
    pub step: [i32; 2],
    /// The first sample's pixel; may lie beyond the picture.
    pub min: [i32; 2],
    /// Right and bottom edge (exclusive) of the region sampled.
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
    opaque: [ComputePass; 6],
    masked: [ComputePass; 6],
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

/// An alpha-tested material, with an instance that shows how it is dressed; `None` for everything opaque.
pub(crate) type Masked = Option<(MaterialId, usize)>;

/// Draws of one alpha-tested material, or of all opaque ones.
#[derive(Debug)]
struct Batch {
    material: Masked,
    first_chunk: u32,
    chunks: u32,
    /// Item and first triangle of the chunks whose tiles reach beyond the frame.
    outside: Vec<[u32; 2]>,
    /// The items of those, with their coarse tiles.
    outside_items: Vec<CoverItem>,
}

impl CoverPass {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let lanes: [(&str, f64); 1] = [("LANES", if gpu.is_software() { 8.0 } else { 64.0 })];
        let pass = |shader, entry, groups: &[&[Binding]]| {
            let shares = matches!(entry, "inside" | "blocks" | "beyond");
            let constants: &[(&str, f64)] = if shares { &lanes } else { &[] };
            ComputePass::specialised(gpu, shader, entry, groups, constants)
        };
        let opaque = |entry| pass("cover_opaque", entry, &[GROUP]);
        let masked = |entry| pass("cover_masked", entry, &[GROUP, MASK_GROUP]);
        Self {
            opaque: ENTRIES.map(opaque),
            masked: ENTRIES.map(masked),
            resolve: ComputePass::new(gpu, "cover_resolve", "main", &[RESOLVE_GROUP]),
            kept: Vec::new(),
        }
    }

    /// The same pipelines with buffers of their own, for a second frame in one recording.
    pub(crate) fn sibling(&self) -> Self {
        let (opaque, masked) = (self.opaque.clone(), self.masked.clone());
        Self { opaque, masked, resolve: self.resolve.clone(), kept: Vec::new() }
    }

    /// Each pixel's nearest triangle and the triangles' records, as the last [`Self::record`] leaves them: four rows a
    /// record, see `cover.wgsl`.
    pub(crate) fn traces(&self) -> [wgpu::Buffer; 2] {
        [NEAREST, RECORDS].map(|label| {
            let held = self.kept.iter().find(|(l, _)| *l == label);
            held.expect("asked for after recording").1.clone()
        })
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

    /// Records everything for one frame. `seen` and `draws` belong together: `draws[i]` are those of `seen[i]`. Amodal
    /// masks come only where they are asked for.
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
        amodal: bool,
    ) -> Result<Visibility, GpuError> {
        let intrinsics = &scene.camera.intrinsics;
        let size = intrinsics.size;
        let (layout, tile_words) = if amodal { tiles(scene, library, arena, seen) } else { (Vec::new(), 0) };
        let tile_of = |instance: usize| {
            layout.binary_search_by_key(&instance, |t| t.instance).ok().map(|found| &layout[found])
        };

        let (mut items, mut ids, mut chunks) = (Vec::new(), Vec::new(), Vec::new());
        let mut batches: Vec<Batch> = Vec::new();
        let mut triangles = 0u64;
        for (material, seen, draw) in ordered(scene, library, seen) {
            let number = u32::try_from(items.len()).unwrap_or(u32::MAX);
            let item = item(scene, library, seen, draw, tile_of(draw.instance));
            let first_chunk = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
            chunks.extend((0..item.triangles.div_ceil(64)).map(|c| [number, c * 64]));
            triangles += u64::from(item.triangles);
            let added = item.triangles.div_ceil(64);
            if batches.last().is_none_or(|batch| batch.material != material) {
                batches.push(Batch {
                    material,
                    first_chunk,
                    chunks: 0,
                    outside: Vec::new(),
                    outside_items: Vec::new(),
                });
            }
            if let Some(batch) = batches.last_mut() {
                batch.chunks += added;
                if let Some(coarse) = tile_of(draw.instance).and_then(|t| t.coarse.as_ref()) {
                    let at = u32::try_from(batch.outside_items.len()).unwrap_or(u32::MAX);
                    batch.outside.extend((0..item.triangles.div_ceil(64)).map(|c| [at, c * 64]));
                    batch.outside_items.push(coarse_item(item, coarse));
                }
            }
            ids.push(item.id);
            items.push(item);
        }

        let pixels = size.pixels() as u64 * 4;
        let records_bytes = chunks.len() as u64 * 64 * RECORD;
        let limit = gpu.device.limits().max_storage_buffer_binding_size;
        gpu.check("the triangles of one picture", records_bytes, limit)?;
        gpu.check("the amodal masks of one picture", u64::from(tile_words) * 4, limit)?;
        let small_room = chunks.len() as u64 * 64;
        let limit_entries = (limit / 4).saturating_sub(u64::from(LARGE_ROOM) + small_room + 3) / 2;
        let block_room = (size.pixels() as u64 / 64 * LAYERS).max(1 << 12).min(limit_entries);
        let block_room = u32::try_from(block_room).unwrap_or(u32::MAX);
        let nearest = self.keep(gpu, NEAREST, pixels);
        let records = self.keep(gpu, RECORDS, records_bytes);
        let tiles = self.keep(gpu, "amodal tiles", u64::from(tile_words) * 4);
        let queue = self.keep(
            gpu,
            "queued triangles",
            (u64::from(LARGE_ROOM) + small_room + u64::from(block_room) * 2 + 3) * 4,
        );
        let item_buffer = self.upload(gpu, "cover items", bytemuck::cast_slice(&items));
        let id_buffer = self.upload(gpu, "cover ids", bytemuck::cast_slice(&ids));
        let chunk_buffer = self.upload(gpu, "cover chunks", bytemuck::cast_slice(&chunks));
        let lens = uniform(gpu, "lens", &LensParams::from(intrinsics));
        let slopes = Vec4::from_array(FieldOfView::of(intrinsics).slopes());
        encoder.clear_buffer(&nearest, 0, Some(pixels));
        encoder.clear_buffer(&tiles, 0, Some((u64::from(tile_words) * 4).max(4)));

        for batch in &batches {
            let (mut params, picture) = self.params(scene, library, textures, batch);
            params.small_room = u32::try_from(small_room).unwrap_or(u32::MAX);
            params.block_room = block_room;
            params.slopes = slopes;
            let params_buffer = uniform(gpu, "cover params", &params);
            let all = u64::from(batch.first_chunk + batch.chunks) * 8;
            let passes = if batch.material.is_some() { &self.masked } else { &self.opaque };
            let bind = |pass: &ComputePass,
                        items: &wgpu::Buffer,
                        chunks: &wgpu::Buffer,
                        bytes: u64,
                        params: &wgpu::Buffer| {
                pass.bind(
                    gpu,
                    0,
                    &[
                        lens.as_entire_binding(),
                        params.as_entire_binding(),
                        rays.as_entire_binding(),
                        items.as_entire_binding(),
                        // Exactly the chunks: the shader takes the array's length from the binding.
                        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                            buffer: chunks,
                            offset: 0,
                            size: std::num::NonZeroU64::new(bytes),
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
            let shape = |chunks: u32| [chunks.min(ROW), chunks.div_ceil(ROW), 1];
            encoder.clear_buffer(&queue, 0, Some(12));
            let shapes = [shape(batch.chunks), SMALL_GROUPS, LARGE_GROUPS, SMALL_GROUPS];
            for (pass, shape) in passes.iter().zip(shapes) {
                let (first, masks) =
                    (bind(pass, &item_buffer, &chunk_buffer, all, &params_buffer), mask_bind(pass));
                let groups: Vec<_> = std::iter::once(&first).chain(masks.as_ref()).collect();
                pass.dispatch(encoder, &groups, shape);
            }
            if batch.outside.is_empty() {
                continue;
            }
            // Beyond the edges, chunks are counted from 0 in a list of their own.
            let own = upload_storage(gpu, "chunks beyond the frame", &batch.outside);
            let own_items = upload_storage(gpu, "items beyond the frame", &batch.outside_items);
            let count = u32::try_from(batch.outside.len()).unwrap_or(u32::MAX);
            let beyond = uniform(gpu, "cover params", &CoverParams { first_chunk: 0, ..params });
            encoder.clear_buffer(&queue, 0, Some(12));
            for (pass, shape) in passes[4..].iter().zip([shape(count), LARGE_GROUPS]) {
                let (first, masks) =
                    (bind(pass, &own_items, &own, u64::from(count) * 8, &beyond), mask_bind(pass));
                let groups: Vec<_> = std::iter::once(&first).chain(masks.as_ref()).collect();
                pass.dispatch(encoder, &groups, shape);
            }
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
            large_room: LARGE_ROOM,
            uv_set: 0,
            inline_px: INLINE_PX,
            small_room: 0,
            block_room: 0,
            slopes: Vec4::ZERO,
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
        (params, Some(textures.base_exact(library, material, dress)))
    }
}

/// What owns pixels, in the order of its records' items: opaque draws first, then one batch for each alpha-tested
/// material, in order of material.
pub(crate) fn ordered<'a>(
    scene: &Scene,
    library: &Library,
    seen: &'a [(Seen, Vec<Draw>)],
) -> Vec<(Masked, &'a Seen, &'a Draw)> {
    let mut ordered = Vec::new();
    for (seen, draws) in seen.iter().filter(|(s, _)| s.in_view) {
        if !owns_pixels(&scene.instances[seen.instance].role) {
            continue;
        }
        for draw in draws {
            let material = material_of(scene, library, draw);
            let masked = matches!(library.material(material).alpha, Alpha::Mask { .. });
            ordered.push((masked.then_some((material, draw.instance)), seen, draw));
        }
    }
    ordered.sort_by_key(|(material, _, draw)| (*material, draw.instance, draw.primitive));
    ordered
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
        let id = material_of(scene, library, draw);
        let dress = scene.instances[draw.instance].dresses.iter().find(|d| d.material == id);
        cutoff / dress.and_then(|d| d.colour).unwrap_or(material.base_colour).w.max(1e-6)
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

/// The same item with its coarse tile.
fn coarse_item(item: CoverItem, coarse: &Coarse) -> CoverItem {
    CoverItem {
        flags: item.flags & 0xff | coarse.step[0].cast_unsigned() << 8 | coarse.step[1].cast_unsigned() << 20,
        tile: coarse.offset,
        tile_stride: 2,
        tile_min: coarse.min,
        tile_max: coarse.max,
        ..item
    }
}

/// Lays out the bits of every labelled instance that can be seen.
fn tiles(scene: &Scene, library: &Library, arena: &Arena, seen: &[(Seen, Vec<Draw>)]) -> (Vec<Tile>, u32) {
    let intrinsics = &scene.camera.intrinsics;
    let size = intrinsics.size;
    let projector = intrinsics.projector();
    let mut words = 0u32;
    let mut layout = Vec::new();
    for (seen, draws) in seen.iter().filter(|(s, _)| s.in_view) {
        let instance = &scene.instances[seen.instance];
        let (Role::Labelled, Some(id)) = (&instance.role, instance.model) else { continue };
        let model = (library.model(id).as_ref(), arena.primitives(id));
        let Some(full) = project_full(intrinsics, &projector, seen, model, draws) else { continue };
        let x = edges(full.x, full.right(), size.width);
        let y = edges(full.y, full.bottom(), size.height);
        let (Some([left, right]), Some([top, bottom])) = (x, y) else { continue };
        let frame = [size.width, size.height].map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let (min, max) = ([left.max(0), top.max(0)], [right.min(frame[0]), bottom.min(frame[1])]);
        let stride = max[0].abs_diff(min[0]).div_ceil(32);
        let offset = words;
        words = words.saturating_add(stride.saturating_mul(max[1].abs_diff(min[1])));
        // One pixel of room does not make a projection leave the frame.
        let leaves = full.x < 0.0
            || full.y < 0.0
            || full.right() > f64::from(size.width)
            || full.bottom() > f64::from(size.height);
        let coarse = leaves.then(|| {
            // Fewer than 2^12, since a side of the extended frame has at most three times 16,384 pixels.
            let step = [(right - left + 63) / 64, (bottom - top + 63) / 64];
            let coarse = Coarse { offset: words, step, min: [left, top], max: [right, bottom] };
            words = words.saturating_add(2 * 64);
            coarse
        });
        layout.push(Tile { instance: seen.instance, full, offset, stride, min, max, coarse });
    }
    (layout, words)
}

/// Whole pixels round a projection on one axis, with one to spare, within the extended frame (one picture to each
/// side); `None` when they share nothing with the picture.
#[expect(clippy::cast_possible_truncation, reason = "clamped to three pictures' widths")]
fn edges(low: f64, high: f64, length: u32) -> Option<[i32; 2]> {
    let length = f64::from(length);
    let low = (low.floor() - 1.0).max(-length);
    let high = (high.ceil() + 1.0).min(2.0 * length);
    (low < length && high > 0.0 && low < high).then_some([low as i32, high as i32])
}
