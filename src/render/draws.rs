//! What is drawn this frame: culled against the lens's field of view, each primitive at the level of detail that
//! its size in the picture deserves. Colour and labels use the same list, so that they show the same triangles.

use glam::{Affine3A, DVec2, DVec3, Vec3};

use super::arena::{Arena, PrimitiveRange};
use crate::{
    geometry::{BoxPx, Intrinsics, Lens, Projector},
    scene::{Library, Model, Role, Scene},
};

/// A primitive's geometry may differ from the finest level by this much in the picture, pixels.
const LOD_ERROR_PX: f32 = 1.0;

/// One primitive of one instance.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    /// Index into the scene's instances.
    pub(crate) instance: usize,
    /// Index into the model's primitives.
    pub(crate) primitive: usize,
    /// Index into the primitive's levels of detail.
    pub(crate) lod: usize,
    /// Its part of the index buffer.
    pub(crate) first_index: u32,
    pub(crate) index_count: u32,
    pub(crate) base_vertex: u32,
    /// Whether its transform mirrors.
    pub(crate) mirrored: bool,
}

/// What culling and labelling know about one drawn instance.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Index into the scene's instances.
    pub(crate) instance: usize,
    pub(crate) camera_from_object: Affine3A,
    /// Distance of the nearest point of the bounding sphere, metres.
    pub(crate) near_m: f32,
    /// Whether the bounding sphere can touch the picture.
    pub(crate) in_view: bool,
}

/// The rays of a picture, bounded: a cone about the optical axis and, for lenses without fisheye, the range of
/// `x / z` and `y / z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldOfView {
    cone_rad: f32,
    slopes: Option<[f32; 4]>,
}

impl FieldOfView {
    #[expect(clippy::cast_possible_truncation, reason = "bounds get a margin far above f32's error")]
    pub(crate) fn of(intrinsics: &Intrinsics) -> Self {
        let (w, h) = (f64::from(intrinsics.size.width), f64::from(intrinsics.size.height));
        let steps = 32;
        let border = (0..=steps).flat_map(|i| {
            let t = f64::from(i) / f64::from(steps);
            [(t * w, 0.0), (t * w, h), (0.0, t * h), (w, t * h)]
        });
        let (mut cone, mut slopes) = (0.0f64, [0.0f64; 4]);
        let mut complete = true;
        for (x, y) in border {
            match intrinsics.ray(glam::DVec2::new(x, y)) {
                Some(ray) => {
                    cone = cone.max(ray.truncate().length().atan2(ray.z));
                    let s = ray.truncate() / ray.z.max(1e-9);
                    slopes = [slopes[0].min(s.x), slopes[1].max(s.x), slopes[2].min(s.y), slopes[3].max(s.y)];
                }
                None => complete = false,
            }
        }
        let fisheye = matches!(intrinsics.lens, Lens::KannalaBrandt { .. });
        if !complete {
            // Some border pixel sees nothing: the lens's own limit bounds the rays.
            let limit = intrinsics.lens.limit_squared().sqrt();
            cone = if fisheye { limit } else { limit.atan() };
            slopes = [-limit, limit, -limit, limit];
        }
        Self {
            cone_rad: cone as f32 + 0.01,
            slopes: (!fisheye).then(|| slopes.map(|s| (s * 1.01 + 0.01 * s.signum()) as f32)),
        }
    }

    /// Least and most `x / z`, least and most `y / z` of any ray; zeros for a fisheye, whose rays have no such bounds.
    pub(crate) fn slopes(&self) -> [f32; 4] {
        self.slopes.unwrap_or_default()
    }

    /// Whether a sphere in camera space may be met by any ray.
    pub(crate) fn may_see(&self, centre: Vec3, radius: f32) -> bool {
        let distance = centre.length();
        if distance <= radius {
            return true;
        }
        match self.slopes {
            Some([left, right, top, bottom]) => {
                let beyond = |slope: f32, along: f32, sign: f32| {
                    sign * (along - slope * centre.z) > radius * (1.0 + slope * slope).sqrt()
                };
                centre.z > -radius
                    && !beyond(right, centre.x, 1.0)
                    && !beyond(left, centre.x, -1.0)
                    && !beyond(bottom, centre.y, 1.0)
                    && !beyond(top, centre.y, -1.0)
            }
            None => {
                let off_axis = centre.truncate().length().atan2(centre.z);
                off_axis - (radius / distance).asin() <= self.cone_rad
            }
        }
    }
}

/// Instances with a model, with their place relative to the camera.
pub(crate) fn look(scene: &Scene, library: &Library) -> Vec<Seen> {
    let camera_from_world = scene.camera.camera_from_world();
    let view = FieldOfView::of(&scene.camera.intrinsics);
    scene
        .instances
        .iter()
        .enumerate()
        .filter_map(|(index, instance)| {
            let model = library.model(instance.model?);
            let camera_from_object = camera_from_world * instance.world_from_object;
            let centre = camera_from_object.transform_point3(model.bounds.center());
            let radius = model
                .bounds
                .corners()
                .map(|c| camera_from_object.transform_point3(c).distance(centre))
                .into_iter()
                .fold(0.0, f32::max);
            Some(Seen {
                instance: index,
                camera_from_object,
                near_m: (centre.length() - radius).max(0.0),
                in_view: view.may_see(centre, radius),
            })
        })
        .collect()
}

/// Draws of one instance, its primitives in order. `detail` scales the tolerated error (1 for the picture).
pub(crate) fn draws_of(
    seen: &Seen,
    scene: &Scene,
    library: &Library,
    arena: &Arena,
    detail: f32,
) -> Vec<Draw> {
    let instance = &scene.instances[seen.instance];
    let Some(model) = instance.model else { return Vec::new() };
    let matrix = seen.camera_from_object.matrix3;
    let scale = matrix.x_axis.length().max(matrix.y_axis.length()).max(matrix.z_axis.length());
    #[expect(clippy::cast_possible_truncation, reason = "a focal length in pixels")]
    let focal = scene.camera.intrinsics.fx.max(scene.camera.intrinsics.fy) as f32;
    let allowed_m = LOD_ERROR_PX * detail * seen.near_m.max(0.05) / focal / scale;
    let mirrored = matrix.determinant() < 0.0;
    library
        .model(model)
        .primitives
        .iter()
        .zip(arena.primitives(model))
        .enumerate()
        .map(|(primitive, (_, range))| {
            let lod = range.lods.iter().rposition(|l| l.error_m <= allowed_m).unwrap_or(0);
            Draw {
                instance: seen.instance,
                primitive,
                lod,
                first_index: range.lods[lod].first_index,
                index_count: range.lods[lod].index_count,
                base_vertex: range.base_vertex,
                mirrored,
            }
        })
        .collect()
}

/// Whether an instance owns pixels in the labels.
pub(crate) fn owns_pixels(role: &Role) -> bool {
    matches!(role, Role::Labelled | Role::Background)
}

/// An edge longer than this is halved until its bow beyond its ends is far below a pixel, pixels.
const CHORD_PX: f64 = 12.0;

/// Box of the projection of everything drawn, without the frame's edge, pixels. Where a vertex is not in front
/// of the lens, the box reaches to the edges of the extended frame (one picture to each side).
///
/// Vertices bound straight edges; a lens that distorts bows edges, so that long ones are followed.
pub(crate) fn project_full(
    intrinsics: &Intrinsics,
    projector: &Projector,
    seen: &Seen,
    model: (&Model, &[PrimitiveRange]),
    draws: &[Draw],
) -> Option<BoxPx> {
    let (mut low, mut high) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
    let mut hidden = false;
    let bows = !matches!(intrinsics.lens, Lens::Pinhole);
    let fisheye = matches!(intrinsics.lens, Lens::KannalaBrandt { .. });
    let project = |p: DVec3| projector.project(p).filter(|_| p.z > 1e-4 || fisheye);
    let mut points = Vec::new();
    for draw in draws {
        let positions = &model.0.primitives[draw.primitive].vertices.positions;
        let lod = &model.1[draw.primitive].lods[draw.lod];
        points.clear();
        points.extend(lod.vertices.iter().map(|&vertex| {
            let p = seen.camera_from_object.transform_point3(positions[vertex as usize]).as_dvec3();
            (p, project(p))
        }));
        for (_, pixel) in &points {
            match *pixel {
                Some(px) => (low, high) = (low.min(px), high.max(px)),
                None => hidden = true,
            }
        }
        let edges = if bows { lod.edges.as_slice() } else { &[] };
        for [a, b] in edges.iter().map(|edge| edge.map(|place| points[place as usize])) {
            if let ((a, Some(from)), (b, Some(to))) = (a, b) {
                follow(&project, (a, from), (b, to), 10, &mut |px| (low, high) = (low.min(px), high.max(px)));
            }
        }
    }
    if low.x > high.x {
        return None;
    }
    if hidden {
        let size = DVec2::new(f64::from(intrinsics.size.width), f64::from(intrinsics.size.height));
        low = low.min(-size);
        high = high.max(2.0 * size);
    }
    Some(BoxPx::from_edges(low.x, low.y, high.x, high.y))
}

/// Points of an edge's picture, by halving the edge until its pieces are short.
fn follow(
    project: &impl Fn(DVec3) -> Option<DVec2>,
    (a, from): (DVec3, DVec2),
    (b, to): (DVec3, DVec2),
    halvings: u32,
    meet: &mut impl FnMut(DVec2),
) {
    if halvings == 0 || from.distance_squared(to) <= CHORD_PX * CHORD_PX {
        return;
    }
    let middle = (a + b) * 0.5;
    let Some(at) = project(middle) else { return };
    meet(at);
    follow(project, (a, from), (middle, at), halvings - 1, meet);
    follow(project, (middle, at), (b, to), halvings - 1, meet);
}
