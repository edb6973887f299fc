//! Every struct that crosses to a shader, each with its WGSL twin of the same name and field names. The
//! agreement (names, offsets, size) is tested through `naga`, without a GPU.

use bytemuck::{Pod, Zeroable};
use glam::{Mat4, Vec2, Vec3, Vec4};

use crate::geometry::{Intrinsics, Lens};

/// A camera's inner geometry; twin in `lens.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct LensParams {
    /// Radial coefficients k1 to k4.
    pub k: Vec4,
    /// Focal length, pixels.
    pub focal_px: Vec2,
    /// Principal point, pixels.
    pub centre_px: Vec2,
    /// Tangential coefficients p1, p2.
    pub p: Vec2,
    /// 0 pinhole, 1 Brown-Conrady, 2 Kannala-Brandt.
    pub model: u32,
    /// See [`Lens::limit_squared`].
    pub limit_squared: f32,
    /// Picture size, pixels.
    pub size: [u32; 2],
    /// Keeps the size a multiple of 16.
    pub pad: [u32; 2],
}

#[expect(clippy::cast_possible_truncation, reason = "shaders compute in f32")]
impl From<&Intrinsics> for LensParams {
    fn from(i: &Intrinsics) -> Self {
        let (model, k, p) = match i.lens {
            Lens::Pinhole => (0, [0.0; 4], [0.0; 2]),
            Lens::BrownConrady { k1, k2, k3, p1, p2 } => (1, [k1, k2, k3, 0.0], [p1, p2]),
            Lens::KannalaBrandt { k1, k2, k3, k4 } => (2, [k1, k2, k3, k4], [0.0; 2]),
        };
        Self {
            k: Vec4::from_array(k.map(|v| v as f32)),
            focal_px: Vec2::new(i.fx as f32, i.fy as f32),
            centre_px: Vec2::new(i.cx as f32, i.cy as f32),
            p: Vec2::from_array(p.map(|v| v as f32)),
            model,
            limit_squared: i.lens.limit_squared().min(1e30) as f32,
            size: [i.size.width, i.size.height],
            pad: [0; 2],
        }
    }
}

/// One instance's primitive at one level of detail, for exact visibility; twin in `cover.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct CoverItem {
    /// From the object frame to the camera frame.
    pub camera_from_object: Mat4,
    /// First index in the index arena.
    pub first_index: u32,
    /// Added to every index.
    pub base_vertex: u32,
    /// Instance id.
    pub id: u32,
    /// Bit 0: back faces exist. Bit 1: the transform mirrors. From bit 8: step of a coarse tile, pixels.
    pub flags: u32,
    /// First word of the instance's amodal tile; `u32::MAX` when it has none.
    pub tile: u32,
    /// Words in a row of the tile.
    pub tile_stride: u32,
    /// Left and top edge of the tile, pixels; may be negative.
    pub tile_min: [i32; 2],
    /// Right and bottom edge (exclusive).
    pub tile_max: [i32; 2],
    /// Alpha cutoff.
    pub cutoff: f32,
    /// Number of triangles.
    pub triangles: u32,
}

/// What a visibility dispatch needs; twin in `cover.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct CoverParams {
    /// Texture transform of the alpha test: columns of a 2 x 2 matrix.
    pub uv_matrix: Vec4,
    /// Its translation.
    pub uv_offset: Vec2,
    /// First chunk of this dispatch.
    pub first_chunk: u32,
    /// Room in the queue for large triangles.
    pub large_room: u32,
    /// Texture coordinate set of the alpha test, 0 or 1.
    pub uv_set: u32,
    /// Triangles that may cover more pixels than this are large.
    pub inline_px: u32,
    /// Room in the queue for the other triangles, behind them.
    pub small_room: u32,
    /// Room for pairs of a large triangle and a block of pixels, behind those.
    pub block_room: u32,
    /// Least and most `x / z`, least and most `y / z` of the picture's rays; without meaning for a fisheye.
    pub slopes: Vec4,
}

/// A drawn primitive in two instants; twin in `flow.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct FlowItem {
    /// From the object frame to the camera frame, now.
    pub camera_from_object: Mat4,
    /// The same in the next frame.
    pub next_camera_from_object: Mat4,
    /// First index in the index arena.
    pub first_index: u32,
    /// Added to every index: the vertices of now.
    pub base_vertex: u32,
    /// Added to every index: the same vertices in the next frame.
    pub next_base_vertex: u32,
    /// Instance id in the next frame.
    pub next_id: u32,
    /// Bit 0: back faces exist. Bit 1: the next transform mirrors. Bit 2: it is not in the next frame.
    pub flags: u32,
    /// Keeps the size a multiple of 16.
    pub pad: [u32; 3],
}

/// The cameras of two frames; twin in `flow.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct FlowParams {
    /// This frame's.
    pub lens: LensParams,
    /// The next frame's.
    pub next_lens: LensParams,
}

/// What every colour pass of one view shares; twin in `common.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct View {
    /// Clip space from the world.
    pub clip_from_world: Mat4,
    /// Camera frame from the world.
    pub camera_from_world: Mat4,
    /// Camera position, world, metres.
    pub eye: Vec3,
    /// Gain of the environment.
    pub environment_gain: f32,
    /// Cosine and sine of the environment's turn about +Y.
    pub environment_turn: Vec2,
    /// Number of lights.
    pub lights: u32,
    /// How many of them, the first ones, cast shadows.
    pub shadowed: u32,
    /// Whether the environment is seen where nothing else is.
    pub environment_visible: u32,
    /// Largest level of the prefiltered environment.
    pub environment_levels: f32,
    /// Whether ambient occlusion is there.
    pub ambient_occlusion: u32,
    /// Keeps the size a multiple of 16.
    pub pad: u32,
    /// World from clip space.
    pub world_from_clip: Mat4,
}

/// One light; twin in `common.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct LightParams {
    /// Clip space of the shadow map from the world.
    pub shadow_from_world: Mat4,
    /// Position, or the first end of a tube, world, metres.
    pub position: Vec3,
    /// 0 sun, 1 spot, 2 tube.
    pub kind: u32,
    /// The way the light travels.
    pub direction: Vec3,
    /// Layer of the shadow map; -1 without shadows, -2 when they are the light grid's.
    pub shadow: i32,
    /// Linear RGB intensity.
    pub colour: Vec3,
    /// Radius of the lamp, metres; for the sun its angular radius, radians.
    pub radius: f32,
    /// The other end of a tube.
    pub to: Vec3,
    /// Cosine of the half angle inside which a spot is full.
    pub cos_inner: f32,
    /// Cosine of the half angle outside which it is dark.
    pub cos_outer: f32,
    /// Metres across the shadow map at unit distance (spot, tube) or altogether (sun).
    pub shadow_extent: f32,
    /// Width of a shadow texel relative to the map.
    pub texel: f32,
    /// Keeps the size a multiple of 16.
    pub pad: f32,
}

/// Directions in which a cell of the light grid looks at the sky; `DIRECTIONS` in `grid_gather.wgsl`.
pub const SKY_DIRECTIONS: usize = 8 * 24;

/// The light grid; twin in `grid.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct GridParams {
    /// Where each stretch of the axes begins, world, metres.
    pub edge: [Vec4; 3],
    /// Widths of a cell in each stretch, metres; 0 where a stretch has no cells.
    pub width: [Vec4; 3],
    /// One over those, or 0.
    pub per_m: [Vec4; 3],
    /// Cells of each stretch.
    pub cells: [Vec4; 3],
    /// Where the last stretch ends, metres.
    pub end: Vec3,
    /// Metres by which a surface point moves along its normal before it looks its light up.
    pub lift_m: f32,
    /// Where the voxels begin, world, metres.
    pub voxel_low: Vec3,
    /// How many of them a metre.
    pub voxels_per_m: f32,
    /// Voxels along each axis.
    pub voxel_dims: [u32; 3],
    /// Keeps the next on a multiple of 16.
    pub pad: u32,
    /// Cells along each axis.
    pub dims: [u32; 3],
    /// Number of lights.
    pub lights: u32,
    /// How many of them, the first ones, have shadow maps.
    pub mapped: u32,
    /// Gain of the environment.
    pub environment_gain: f32,
    /// Cosine and sine of the environment's turn about +Y.
    pub environment_turn: Vec2,
    /// Unit vectors.
    pub directions: [Vec4; 192],
}

/// What casts soft shadows; twin in `grid_mark.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct CasterItem {
    /// World from the object frame.
    pub world_from_object: Mat4,
    /// First index in the index arena.
    pub first_index: u32,
    /// Added to every index.
    pub base_vertex: u32,
    /// Number of triangles.
    pub triangles: u32,
    /// Keeps the size a multiple of 16.
    pub pad: u32,
}

/// One drawn instance; twin in `colour.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct InstanceParams {
    /// World from the object frame.
    pub world_from_object: Mat4,
    /// Its inverse transpose, for normals.
    pub normal_from_object: Mat4,
    /// Multiplies the base colour.
    pub tint: Vec4,
}

/// One surface; twin in `colour.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct SurfaceParams {
    /// Base colour and alpha.
    pub base_colour: Vec4,
    /// Emitted radiance.
    pub emissive: Vec3,
    /// 0 dielectric to 1 metal.
    pub metallic: f32,
    /// Perceptual roughness.
    pub roughness: f32,
    /// Alpha cutoff.
    pub cutoff: f32,
    /// Scale of the normal map.
    pub normal_scale: f32,
    /// Strength of the occlusion map.
    pub occlusion_strength: f32,
    /// Strength of the clear coat.
    pub clearcoat: f32,
    /// Its perceptual roughness.
    pub clearcoat_roughness: f32,
    /// Share of light let through.
    pub transmission: f32,
    /// Reflectance of a dielectric straight on.
    pub f0: f32,
    /// What white light becomes inside.
    pub attenuation: Vec3,
    /// Bits 0 to 4: texture coordinate sets.
    pub uv_sets: u32,
    /// Texture transforms: columns of 2 x 2 matrices.
    pub uv_matrix: [Vec4; 5],
    /// Their translations.
    pub uv_offset: [Vec4; 5],
}

/// One pinhole view as the camera chain looks into it; twin in `chain_params.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct ChainView {
    /// Columns of the rotation from the camera frame to the view's, each padded to 16 bytes.
    pub view_from_camera: [Vec4; 3],
    /// Focal length, pixels of the view.
    pub focal_px: Vec2,
    /// Principal point, pixels of the view.
    pub centre_px: Vec2,
    /// Size, pixels.
    pub size_px: Vec2,
    /// Keeps the size a multiple of 16.
    pub pad: [f32; 2],
}

/// What the passes of the camera chain need; twin in `chain_params.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct ChainParams {
    /// The pinhole views; the first `view_count` count.
    pub views: [ChainView; 6],
    /// Exposure and colour cast as one factor on linear light.
    pub gain: Vec3,
    /// Light at radius r (pixels) is `1 / (1 + vignette r^2)^2`.
    pub vignette: f32,
    /// Principal point of the final picture, pixels.
    pub centre_px: Vec2,
    /// Whole motion of the hand during the exposure, pixels.
    pub motion_px: Vec2,
    /// Size of the final picture, pixels.
    pub size: [u32; 2],
    /// Key of the noise.
    pub noise_key: [u32; 2],
    /// From a pixel of the picture to its pixel of the view, where the one is a copy of the other.
    pub copy_shift: [i32; 2],
    /// Number of views.
    pub view_count: u32,
    /// Where red is looked up: moved by this share of the distance from the principal point; 0 switches the
    /// aberration off.
    pub red_shift: f32,
    /// The same for blue.
    pub blue_shift: f32,
    /// Distance in focus, metres.
    pub focus_m: f32,
    /// Diameter of the blur of a point infinitely far away, pixels.
    pub blur_at_infinity_px: f32,
    /// Whole turn of the hand, radians.
    pub turn_rad: f32,
    /// Samples along the hand's path.
    pub shake_samples: u32,
    /// Noise variance per unit of signal.
    pub noise_shot: f32,
    /// Standard deviation of noise in the dark.
    pub noise_read: f32,
    /// Strength of the filmic shoulder, 0 to 1.
    pub shoulder: f32,
    /// Contrast about linear 0.18, 1 is neutral.
    pub contrast: f32,
    /// Saturation, 1 is neutral.
    pub saturation: f32,
    /// Amount of the unsharp mask.
    pub sharpen: f32,
    /// Keeps the size a multiple of 16.
    pub pad: u32,
}

/// Where a rendered picture comes to lie in a tensor; twin in `hand_over.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct HandOver {
    /// Pixels of the tensor's picture per pixel of the rendered one.
    pub scale: Vec2,
    /// Where the rendered picture's corner lies, pixels.
    pub offset: Vec2,
    /// Size of the rendered picture.
    pub source: [u32; 2],
    /// Size of the tensor's pictures.
    pub size: [u32; 2],
    /// Samples per pixel, along both axes.
    pub taps: [u32; 2],
    /// Index of the tensor's first number that is written.
    pub first: u32,
    /// 1: mirrored.
    pub flip: u32,
    /// Factors of red, green, blue.
    pub tint: Vec4,
    /// Factor of all.
    pub brightness: f32,
    /// Factor of the distance from grey.
    pub contrast: f32,
    /// Factor of the distance from a pixel's own grey.
    pub saturation: f32,
    /// 1: the last four fields count.
    pub recolour: u32,
}
