//! Soft light: a grid of cells round the scene that knows what arrives from the sky and from lamps without shadow maps.
//!
//! Surfaces are marked in voxels, each cell looks along rays through them, and colour interpolates what the cells hold:
//! one look-up instead of a loop over lamps, with the large soft shadows of a shop (its shelves are dark in their
//! depth), and one reflection. See `shaders/grid_gather.wgsl`.

use glam::{EulerRot, Quat, Vec2, Vec3, Vec4};

use super::{arena::Arena, environment::Prefiltered, lights::Casters, upload_storage};
use crate::{
    geometry::Aabb,
    gpu::{
        Binding, ComputePass, Gpu,
        layout::{CasterItem, GridParams, LightParams, SKY_DIRECTIONS},
        storage, uniform,
    },
    scene::{Environment, Library, Scene},
};

/// Cells of the middle stretches, about; they are cubes.
const CELLS: f32 = 6_000.0;
/// Smallest and largest side of such a cell, metres.
const SIDES_M: (f32, f32) = (0.02, 0.2);
/// Most and fewest cells along one axis of the middle.
const COUNTS: (f32, f32) = (96.0, 3.0);
/// How far the grid reaches beyond what is labelled, metres, and the size of cells there.
const BEYOND_M: f32 = 2.4;
const BEYOND_CELL_M: f32 = 0.8;
/// How far voxels reach beyond it, metres, and their size relative to a cell's.
const VOXELS_BEYOND_M: f32 = 0.5;
const VOXEL: f32 = 0.5;
/// `SLABS` of `grid.wgsl`.
const SLABS: u32 = 7;
/// `DIRECTIONS` of `grid_gather.wgsl`: of one cell.
const DIRECTIONS: u32 = 24;
/// Workgroups a row of the marking dispatch; `grid_mark.wgsl` counts on it.
const ROW: u32 = 32_768;

const MARK: &[Binding] = {
    use Binding::{Read, Uniform, Write};
    &[Uniform, Read, Read, Read, Read, Write]
};
const GATHER: &[Binding] = {
    use Binding::{Read, Sampler, Store3d, Texture, Uniform, Write};
    &[
        Uniform,
        Read,
        Texture(wgpu::TextureViewDimension::D2),
        Sampler,
        Read,
        Write,
        Write,
        Write,
        Store3d(wgpu::TextureFormat::Rgba16Float),
    ]
};

/// The grid of one frame, on the device.
#[derive(Debug)]
pub(crate) struct SoftLight {
    pub(crate) params: GridParams,
    pub(crate) view: wgpu::TextureView,
}

/// The pipelines.
#[derive(Debug)]
pub(crate) struct GridPass {
    mark: ComputePass,
    gather: ComputePass,
    settle: ComputePass,
    smooth: ComputePass,
}

impl GridPass {
    pub(crate) fn new(gpu: &Gpu) -> Self {
        let lanes = [("LANES", if gpu.is_software() { 8.0 } else { 64.0 })];
        Self {
            mark: ComputePass::specialised(gpu, "grid_mark", "main", &[MARK], &lanes),
            gather: ComputePass::new(gpu, "grid_gather", "gather", &[GATHER]),
            settle: ComputePass::new(gpu, "grid_gather", "settle", &[GATHER]),
            smooth: ComputePass::new(gpu, "grid_gather", "smooth_out", &[GATHER]),
        }
    }

    /// Records the four passes. `lights` are all, those with shadow maps first; `region` is what matters.
    #[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
    pub(crate) fn record(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        scene: &Scene,
        library: &Library,
        arena: &Arena,
        casters: &Casters,
        lights: &[LightParams],
        region: Aabb,
        (environment, sampler): (&Prefiltered, &wgpu::Sampler),
    ) -> SoftLight {
        let mut params = layout(region, bounds(scene, library));
        params.lights = u32::try_from(lights.len()).unwrap_or(u32::MAX);
        params.mapped = u32::try_from(lights.iter().filter(|l| l.shadow >= 0).count()).unwrap_or(0);
        sky(&mut params, scene.environment.as_ref());
        let cells = params.dims.iter().product::<u32>();

        let (items, chunks) = items(scene, casters);
        let marked = params.voxel_dims.map(u64::from).iter().product::<u64>();
        let voxels = storage(gpu, "voxels", marked.div_ceil(32) * 4);
        encoder.clear_buffer(&voxels, 0, None);
        let uniform = uniform(gpu, "grid", &params);
        let (item_buffer, chunk_buffer) =
            (upload_storage(gpu, "casters", &items), upload_storage(gpu, "caster chunks", &chunks));
        let bind = self.mark.bind(
            gpu,
            0,
            &[
                uniform.as_entire_binding(),
                item_buffer.as_entire_binding(),
                chunk_buffer.as_entire_binding(),
                arena.positions.buffer.as_entire_binding(),
                arena.indices.buffer.as_entire_binding(),
                voxels.as_entire_binding(),
            ],
        );
        let count = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
        self.mark.dispatch(encoder, &[&bind], [count.min(ROW), count.div_ceil(ROW), 1]);

        let light_buffer = upload_storage(gpu, "lights", lights);
        let held = || storage(gpu, "grid cells", u64::from(cells) * u64::from(SLABS) * 16);
        let (gathered, settled) = (held(), held());
        let met = storage(gpu, "grid rays", u64::from(cells) * u64::from(DIRECTIONS) * 4);
        let view = texture(gpu, params.dims);
        for pass in [&self.gather, &self.settle, &self.smooth] {
            let bind = pass.bind(
                gpu,
                0,
                &[
                    uniform.as_entire_binding(),
                    light_buffer.as_entire_binding(),
                    wgpu::BindingResource::TextureView(&environment.view),
                    wgpu::BindingResource::Sampler(sampler),
                    voxels.as_entire_binding(),
                    gathered.as_entire_binding(),
                    met.as_entire_binding(),
                    settled.as_entire_binding(),
                    wgpu::BindingResource::TextureView(&view),
                ],
            );
            pass.dispatch(encoder, &[&bind], [cells.div_ceil(64), 1, 1]);
        }
        SoftLight { params, view }
    }
}

fn texture(gpu: &Gpu, dims: [u32; 3]) -> wgpu::TextureView {
    gpu.device
        .create_texture(&wgpu::TextureDescriptor {
            label: Some("soft light"),
            size: wgpu::Extent3d { width: dims[0], height: dims[1], depth_or_array_layers: dims[2] * SLABS },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D3,
            format: wgpu::TextureFormat::Rgba16Float,
            usage: wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        })
        .create_view(&wgpu::TextureViewDescriptor::default())
}

/// Round everything that has a model.
fn bounds(scene: &Scene, library: &Library) -> Aabb {
    scene
        .instances
        .iter()
        .filter_map(|i| Some(library.model(i.model?).bounds.transformed(&i.world_from_object)))
        .fold(Aabb::EMPTY, Aabb::union)
}

/// Lays the cells out: small ones round `region`, large ones round those as far as `all` reaches.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
fn layout(region: Aabb, all: Aabb) -> GridParams {
    let region =
        if region.is_empty() { Aabb { min: Vec3::splat(-0.5), max: Vec3::splat(0.5) } } else { region };
    // A little room, so that every surface has cells on both of its sides.
    let size = region.size().max(Vec3::splat(0.05));
    let side = (size.x * size.y * size.z / CELLS).cbrt().clamp(SIDES_M.0, SIDES_M.1);
    let side = side.max(size.max_element() / (COUNTS.0 - 2.0));
    let inner = (size / side + 2.0).ceil().clamp(Vec3::splat(COUNTS.1), Vec3::splat(COUNTS.0));
    let (low, high) = (region.center() - inner * side * 0.5, region.center() + inner * side * 0.5);
    let below = (low - all.min.max(low - BEYOND_M)).max(Vec3::ZERO);
    let above = (all.max.min(high + BEYOND_M) - high).max(Vec3::ZERO);
    let cells_of = |length: Vec3| (length / BEYOND_CELL_M).ceil();
    let (before, after) = (cells_of(below), cells_of(above));
    let width_of = |length: Vec3, cells: Vec3| length / cells.max(Vec3::ONE);
    let widths = [width_of(below, before), Vec3::splat(side), width_of(above, after)];
    let per = |width: Vec3| {
        Vec3::select(width.cmpgt(Vec3::splat(1e-6)), width.max(Vec3::splat(1e-6)).recip(), Vec3::ZERO)
    };
    let dims = before + inner + after;
    let voxel = side * VOXEL;
    let voxel_low = region.min - VOXELS_BEYOND_M;
    let voxel_dims = ((region.max + VOXELS_BEYOND_M - voxel_low) / voxel).ceil();
    GridParams {
        edge: [low - below, low, high].map(|v| v.extend(0.0)),
        width: widths.map(|v| v.extend(0.0)),
        per_m: widths.map(per).map(|v| v.extend(0.0)),
        cells: [before, inner, after].map(|v| v.extend(0.0)),
        end: high + above,
        lift_m: side * 0.8,
        voxel_low,
        voxels_per_m: 1.0 / voxel,
        voxel_dims: voxel_dims.to_array().map(|n| n as u32),
        pad: 0,
        dims: dims.to_array().map(|n| n as u32),
        lights: 0,
        mapped: 0,
        environment_gain: 0.0,
        environment_turn: Vec2::X,
        directions: [Vec4::ZERO; SKY_DIRECTIONS],
    }
}

/// Directions spread evenly over the sphere (a Fibonacci lattice, turned anew for each set), and the environment.
#[expect(clippy::cast_precision_loss, reason = "a few directions")]
fn sky(params: &mut GridParams, environment: Option<&Environment>) {
    let golden = std::f32::consts::PI * (3.0 - 5f32.sqrt());
    for (number, set) in params.directions.chunks_exact_mut(DIRECTIONS as usize).enumerate() {
        let turn = Quat::from_euler(EulerRot::YXZ, golden * number as f32, 0.7 * number as f32, 0.0);
        for (i, direction) in set.iter_mut().enumerate() {
            let y = 1.0 - (2.0 * i as f32 + 1.0) / DIRECTIONS as f32;
            let r = (1.0 - y * y).sqrt();
            let (sin, cos) = (golden * i as f32).sin_cos();
            *direction = (turn * Vec3::new(cos * r, y, sin * r)).extend(0.0);
        }
    }
    params.environment_gain = environment.map_or(0.0, |e| e.gain);
    let (sin, cos) = environment.map_or(0.0, |e| e.yaw).sin_cos();
    params.environment_turn = Vec2::new(cos, sin);
}

/// What casts shadows, and its triangles by sixty-fours.
fn items(scene: &Scene, casters: &Casters) -> (Vec<CasterItem>, Vec<[u32; 2]>) {
    let mut chunks = Vec::new();
    let items = casters
        .draws
        .iter()
        .zip(0u32..)
        .map(|(draw, number)| {
            let triangles = draw.index_count / 3;
            chunks.extend((0..triangles.div_ceil(64)).map(|chunk| [number, chunk * 64]));
            CasterItem {
                world_from_object: scene.instances[draw.instance].world_from_object.into(),
                first_index: draw.first_index,
                base_vertex: draw.base_vertex,
                triangles,
                pad: 0,
            }
        })
        .collect();
    (items, chunks)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `grid_place` of `grid.wgsl`.
    fn place(g: &GridParams, p: Vec3) -> Vec3 {
        (0..3)
            .map(|k| {
                ((p - g.edge[k].truncate()) * g.per_m[k].truncate()).clamp(Vec3::ZERO, g.cells[k].truncate())
            })
            .sum()
    }

    #[test]
    fn stretches_meet_and_cover_what_they_should() {
        let region = Aabb { min: Vec3::new(-2.0, 0.1, -0.3), max: Vec3::new(2.0, 2.0, 0.3) };
        let all = Aabb { min: Vec3::new(-9.0, 0.0, -0.4), max: Vec3::new(9.0, 2.8, 6.0) };
        let g = layout(region, all);
        let dims = Vec3::from_array(g.dims.map(|n| f32::from(u16::try_from(n).unwrap())));
        assert_eq!(place(&g, g.edge[0].truncate()), Vec3::ZERO, "the corner");
        assert!((place(&g, g.end) - dims).abs().max_element() < 1e-3, "the other corner");
        let mut last = Vec3::splat(-1.0);
        for step in 0u16..100 {
            let t = f32::from(step) / 99.0;
            let at = place(&g, g.edge[0].truncate().lerp(g.end, t));
            assert!(at.cmpgt(last).all(), "places grow with the point: {at} after {last}");
            last = at;
        }
        assert!(g.dims.iter().product::<u32>() < 60_000, "a bounded number of cells: {:?}", g.dims);
        let (low, high) = (place(&g, region.min), place(&g, region.max));
        let inside =
            low.cmpge(g.cells[0].truncate()).all() && high.cmple((g.cells[0] + g.cells[1]).truncate()).all();
        assert!(inside, "what is labelled lies among the small cells");
    }

    #[test]
    fn directions_are_spread_evenly() {
        let mut g = layout(Aabb::EMPTY, Aabb::EMPTY);
        sky(&mut g, None);
        for d in g.directions {
            assert!((d.truncate().length() - 1.0).abs() < 1e-5, "of unit length");
        }
        for set in g.directions.chunks_exact(DIRECTIONS as usize) {
            for axis in 0..3 {
                let sum = |sign: f32| -> f32 { set.iter().map(|d| (sign * d[axis]).max(0.0)).sum() };
                // The mean of a cosine over its hemisphere is 1/2, over the sphere 1/4.
                for share in [sum(1.0), sum(-1.0)].map(|s| s / DIRECTIONS as f32) {
                    assert!((share - 0.25).abs() < 0.02, "a quarter of them towards every face, not {share}");
                }
            }
        }
        let apart = |a: &Vec4, b: &Vec4| a.dot(*b).clamp(-1.0, 1.0).acos();
        let nearest = |k: usize| {
            let others = g.directions.iter().enumerate().filter(|&(i, _)| i != k);
            others.map(|(_, d)| apart(&g.directions[k], d)).fold(f32::MAX, f32::min)
        };
        let mean = (0..SKY_DIRECTIONS).map(nearest).sum::<f32>() / SKY_DIRECTIONS as f32;
        // Laid at random, so many points are 0.13 from their nearest neighbours; equal sets would be 0.
        assert!(mean > 0.1, "the sets complete each other: {mean} apart");
    }
}
