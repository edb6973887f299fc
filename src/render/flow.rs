//! Exact motion of every pixel's surface point to the next frame, and which of these points are not seen there.
//!
//! The next frame's visibility is recorded too, without its amodal masks. See `shaders/flow.wgsl` for the rest.

use glam::{Mat4, Vec2};

use super::{
    arena::Arena,
    chain::RayPass,
    cover::{CoverPass, material_of, ordered},
    draws::{Draw, Seen},
    textures::Textures,
    upload_storage,
};
use crate::{
    gpu::{
        Binding, ComputePass, Gpu, GpuError,
        layout::{FlowItem, FlowParams, LensParams},
        storage, uniform,
    },
    scene::{Instance, Library, Scene},
};

const GROUP: &[Binding] = {
    use Binding::{Read, Uniform, Write};
    &[Uniform, Read, Read, Read, Read, Read, Read, Read, Read, Write, Write]
};
/// Bits of [`FlowItem::flags`].
const DOUBLE_SIDED: u32 = 1;
const NEXT_MIRRORED: u32 = 2;
const LOST: u32 = 4;

/// Motion from a frame to the next one, still on the device; the buffers are row-major, one entry a pixel of this
/// frame's picture.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Two `f32`: motion of the surface point that the pixel's centre shows, right and down, pixels. Where the next
    /// frame lacks the point, or its lens does not see it, 0.
    pub vectors: wgpu::Buffer,
    /// `u32`: 0 seen in the next frame too, 1 hidden there, 2 leaves the picture, 3 no surface in this frame.
    pub hidden: wgpu::Buffer,
}

/// An instant: its scene, and what is drawn of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) seen: &'a [(Seen, Vec<Draw>)],
}

/// The pipeline, and the next frame's visibility.
#[derive(Debug)]
pub(crate) struct FlowPass {
    pass: ComputePass,
    cover: CoverPass,
}

impl FlowPass {
    /// `cover` is this frame's visibility, whose pipelines are shared.
    pub(crate) fn new(gpu: &Gpu, cover: &CoverPass) -> Self {
        Self { pass: ComputePass::new(gpu, "flow", "main", &[GROUP]), cover: cover.sibling() }
    }

    /// Records the motion between two moments of which the first is drawn; `traces` are its visibility's.
    #[expect(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
    pub(crate) fn record(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        ray_pass: &RayPass,
        [now, next]: [Moment<'_>; 2],
        library: &Library,
        arena: &Arena,
        textures: &Textures,
        traces: &[wgpu::Buffer; 2],
    ) -> Result<Flow, GpuError> {
        let (here, there) = (&now.scene.camera.intrinsics, &next.scene.camera.intrinsics);
        let rays = RayPass::buffer(gpu, there.size);
        ray_pass.record(gpu, encoder, there, &rays);
        let (scene, seen) = (next.scene, next.seen);
        let visibility =
            self.cover.record(gpu, encoder, scene, library, arena, textures, &rays, seen, false)?;

        let params = FlowParams { lens: LensParams::from(here), next_lens: LensParams::from(there) };
        let params = uniform(gpu, "flow params", &params);
        let items = upload_storage(gpu, "flow items", &items(now, next, library, arena));
        let [nearest, records] = traces;
        let [next_nearest, next_records] = self.cover.traces();
        let pixels = here.size.pixels() as u64;
        let vectors = storage(gpu, "motion", pixels * size_of::<Vec2>() as u64);
        let hidden = storage(gpu, "what motion hides", pixels * 4);
        let bind = self.pass.bind(
            gpu,
            0,
            &[
                params.as_entire_binding(),
                items.as_entire_binding(),
                arena.positions.buffer.as_entire_binding(),
                arena.indices.buffer.as_entire_binding(),
                records.as_entire_binding(),
                nearest.as_entire_binding(),
                visibility.ids.as_entire_binding(),
                next_records.as_entire_binding(),
                next_nearest.as_entire_binding(),
                vectors.as_entire_binding(),
                hidden.as_entire_binding(),
            ],
        );
        self.pass.dispatch(encoder, &[&bind], [here.size.width.div_ceil(8), here.size.height.div_ceil(8), 1]);
        Ok(Flow { vectors, hidden })
    }
}

/// One entry for each item of this moment's records.
fn items(now: Moment<'_>, next: Moment<'_>, library: &Library, arena: &Arena) -> Vec<FlowItem> {
    let item = |(_, seen, draw): (_, &Seen, &Draw)| {
        let double_sided = library.material(material_of(now.scene, library, draw)).double_sided;
        let lost = FlowItem {
            camera_from_object: Mat4::from(seen.camera_from_object),
            next_camera_from_object: Mat4::IDENTITY,
            first_index: draw.first_index,
            base_vertex: draw.base_vertex,
            next_base_vertex: draw.base_vertex,
            next_id: 0,
            flags: LOST,
            pad: [0; 3],
        };
        let Some((instance, there, next_base_vertex)) = same(now, next, library, arena, draw) else {
            return lost;
        };
        let mirrored = there.camera_from_object.matrix3.determinant() < 0.0;
        FlowItem {
            next_camera_from_object: Mat4::from(there.camera_from_object),
            next_base_vertex,
            next_id: instance.id.0,
            flags: if double_sided { DOUBLE_SIDED } else { 0 } | if mirrored { NEXT_MIRRORED } else { 0 },
            ..lost
        }
    };
    ordered(now.scene, library, now.seen).into_iter().map(item).collect()
}

/// What is drawn, in the next moment: the instance, its place, and where its vertices begin. `None` when the instance
/// at that index is another one, or its primitive has more or fewer vertices. All levels of detail of a primitive number
/// the same vertices, so that it does not matter which one is drawn there.
fn same<'a>(
    now: Moment<'a>,
    next: Moment<'a>,
    library: &Library,
    arena: &Arena,
    draw: &Draw,
) -> Option<(&'a Instance, &'a Seen, u32)> {
    let (here, there) = (&now.scene.instances[draw.instance], next.scene.instances.get(draw.instance)?);
    let vertices = |instance: &Instance| {
        let primitive = library.model(instance.model?).primitives.get(draw.primitive)?;
        Some(primitive.vertices.positions.len())
    };
    if here.path != there.path || vertices(here)? != vertices(there)? {
        return None;
    }
    let at = next.seen.binary_search_by_key(&draw.instance, |(seen, _)| seen.instance).ok()?;
    let range = arena.primitives(there.model?).get(draw.primitive)?;
    Some((there, &next.seen[at].0, range.base_vertex))
}

#[cfg(test)]
mod tests;
