//! Geometry on the device: every model once, in three growing buffers that raster and compute passes share.

use std::collections::BTreeMap;

use glam::{Vec2, Vec3, Vec4};

use crate::{
    gpu::{Gpu, GpuError},
    scene::{Library, Model, ModelId, Primitive},
};

/// Vertex attributes besides the position, as `colour.wgsl` and `cover_masked.wgsl` read them: normal and tangent as
/// four signed halves each, two sets of texture coordinates as floats, colour as four bytes.
type Attributes = [u32; 9];

/// Where one level of detail of a primitive lies in the index buffer.
#[derive(Clone, Debug)]
pub(crate) struct LodRange {
    pub(crate) first_index: u32,
    pub(crate) index_count: u32,
    pub(crate) error_m: f32,
    /// The vertices it uses, each once, ascending.
    pub(crate) vertices: Vec<u32>,
    /// Its long edges, as places in `vertices`: a lens bows them past their ends.
    pub(crate) edges: Vec<[u32; 2]>,
}

/// Where a primitive lies.
#[derive(Clone, Debug)]
pub(crate) struct PrimitiveRange {
    pub(crate) base_vertex: u32,
    pub(crate) lods: Vec<LodRange>,
}

/// The three buffers.
#[derive(Debug)]
pub(crate) struct Arena {
    pub(crate) positions: Growing,
    pub(crate) attributes: Growing,
    pub(crate) indices: Growing,
    models: BTreeMap<ModelId, Vec<PrimitiveRange>>,
    vertices: u32,
    /// Where the current frame's own models begin: vertices, then used bytes of the three buffers.
    own_from: Option<(u32, [u64; 3])>,
    /// Ids from here on are a frame's own.
    shared: usize,
}

/// A buffer that doubles when it is full.
#[derive(Debug)]
pub(crate) struct Growing {
    pub(crate) buffer: wgpu::Buffer,
    label: &'static str,
    used: u64,
}

impl Growing {
    fn new(gpu: &Gpu, label: &'static str) -> Self {
        Self { buffer: make(gpu, label, 1 << 20), label, used: 0 }
    }

    /// Appends `bytes`; the buffer's identity changes when it grows.
    fn append(&mut self, gpu: &Gpu, bytes: &[u8]) -> Result<(), GpuError> {
        let needed = self.used + bytes.len() as u64;
        let limits = gpu.device.limits();
        let room = limits.max_buffer_size.min(limits.max_storage_buffer_binding_size);
        gpu.check(&format!("the {} of all models", self.label), needed, room)?;
        if needed > self.buffer.size() {
            let larger = make(gpu, self.label, needed.next_power_of_two().min(room & !15));
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            encoder.copy_buffer_to_buffer(&self.buffer, 0, &larger, 0, self.used);
            gpu.queue.submit([encoder.finish()]);
            self.buffer = larger;
        }
        gpu.queue.write_buffer(&self.buffer, self.used, bytes);
        self.used = needed;
        Ok(())
    }
}

fn make(gpu: &Gpu, label: &str, size: u64) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size,
        usage: wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::VERTEX
            | wgpu::BufferUsages::INDEX
            | wgpu::BufferUsages::COPY_SRC
            | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

impl Arena {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        Self {
            positions: Growing::new(gpu, "positions"),
            attributes: Growing::new(gpu, "attributes"),
            indices: Growing::new(gpu, "indices"),
            models: BTreeMap::new(),
            vertices: 0,
            own_from: None,
            shared: usize::MAX,
        }
    }

    /// Drops the models that belonged to the last frame alone. `shared` is how many models all frames share.
    pub(crate) fn forget_own(&mut self, shared: usize) {
        self.shared = shared;
        self.models.retain(|id, _| id.index() < shared);
        if let Some((vertices, [positions, attributes, indices])) = self.own_from.take() {
            self.vertices = vertices;
            self.positions.used = positions;
            self.attributes.used = attributes;
            self.indices.used = indices;
        }
    }

    /// Uploads a model unless it is there.
    pub(crate) fn ensure(&mut self, gpu: &Gpu, library: &Library, id: ModelId) -> Result<(), GpuError> {
        if !self.models.contains_key(&id) {
            if id.index() >= self.shared && self.own_from.is_none() {
                let used = [self.positions.used, self.attributes.used, self.indices.used];
                self.own_from = Some((self.vertices, used));
            }
            let ranges = self.upload(gpu, library.model(id))?;
            self.models.insert(id, ranges);
        }
        Ok(())
    }

    /// Where the primitives of an uploaded model lie, in the model's order.
    pub(crate) fn primitives(&self, id: ModelId) -> &[PrimitiveRange] {
        self.models.get(&id).map_or(&[], Vec::as_slice)
    }

    fn upload(&mut self, gpu: &Gpu, model: &Model) -> Result<Vec<PrimitiveRange>, GpuError> {
        let mut ranges = Vec::with_capacity(model.primitives.len());
        for primitive in &model.primitives {
            let base_vertex = self.vertices;
            let count = u32::try_from(primitive.vertices.positions.len()).unwrap_or(u32::MAX);
            self.positions.append(gpu, bytemuck::cast_slice(&primitive.vertices.positions))?;
            self.attributes.append(gpu, bytemuck::cast_slice(&pack(primitive)))?;
            let mut lods = Vec::with_capacity(primitive.lods.len());
            for lod in &primitive.lods {
                let first_index = u32::try_from(self.indices.used / 4).unwrap_or(u32::MAX);
                self.indices.append(gpu, bytemuck::cast_slice(&lod.indices))?;
                let mut vertices = lod.indices.clone();
                vertices.sort_unstable();
                vertices.dedup();
                let edges =
                    long_edges(&lod.indices, &vertices, &primitive.vertices.positions, model.bounds.size());
                #[expect(clippy::cast_precision_loss, reason = "micrometres, far below 2^24")]
                lods.push(LodRange {
                    first_index,
                    index_count: u32::try_from(lod.indices.len()).unwrap_or(u32::MAX),
                    error_m: lod.error_um as f32 * 1e-6,
                    vertices,
                    edges,
                });
            }
            ranges.push(PrimitiveRange { base_vertex, lods });
            self.vertices = self.vertices.saturating_add(count);
        }
        Ok(ranges)
    }
}

/// Edges of triangles, each once, longer than 1/64 of the model: shorter ones are short in any picture.
fn long_edges(indices: &[u32], vertices: &[u32], positions: &[Vec3], size: Vec3) -> Vec<[u32; 2]> {
    let least = size.length_squared() / (64.0 * 64.0);
    let place = |index: u32| u32::try_from(vertices.partition_point(|v| *v < index)).unwrap_or(u32::MAX);
    let mut edges: Vec<[u32; 2]> = indices
        .chunks_exact(3)
        .flat_map(|t| [[t[0], t[1]], [t[1], t[2]], [t[2], t[0]]])
        .filter(|[a, b]| positions[*a as usize].distance_squared(positions[*b as usize]) >= least)
        .map(|[a, b]| [place(a.min(b)), place(a.max(b))])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn snorm(v: Vec3, w: f32) -> [u32; 2] {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the packed range first")]
    let half = |c: f32| u32::from(((c.clamp(-1.0, 1.0) * 32767.0).round() as i16).cast_unsigned());
    [half(v.x) | half(v.y) << 16, half(v.z) | half(w) << 16]
}

fn unorm(v: Vec4) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 first")]
    let byte = |c: f32| u32::from((c.clamp(0.0, 1.0) * 255.0).round() as u8);
    byte(v.x) | byte(v.y) << 8 | byte(v.z) << 16 | byte(v.w) << 24
}

fn pack(primitive: &Primitive) -> Vec<Attributes> {
    let v = &primitive.vertices;
    (0..v.positions.len())
        .map(|i| {
            let tangent = v.tangents.get(i).copied().unwrap_or(Vec4::W);
            let [n0, n1] = snorm(v.normals.get(i).copied().unwrap_or(Vec3::Y), 0.0);
            let [t0, t1] = snorm(tangent.truncate(), tangent.w);
            let uv = |set: &[Vec2]| set.get(i).copied().unwrap_or(Vec2::ZERO).to_array().map(f32::to_bits);
            let ([u0, v0], [u1, v1]) = (uv(&v.uv0), uv(&v.uv1));
            [n0, n1, t0, t1, u0, v0, u1, v1, unorm(v.colours.get(i).copied().unwrap_or(Vec4::ONE))]
        })
        .collect()
}
