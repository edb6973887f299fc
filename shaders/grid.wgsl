// A grid of cells round the scene that holds soft light: see grid_gather.wgsl. Its cells are of one size where the
// labelled things are and larger beyond: each axis has three stretches. Host twin: gpu/layout.rs.

struct GridParams {
    // Where each stretch begins, world, metres.
    edge: array<vec4f, 3>,
    // Widths of a cell in each stretch, metres; 0 where a stretch has no cells.
    width: array<vec4f, 3>,
    // One over those.
    per_m: array<vec4f, 3>,
    // Cells of each stretch.
    cells: array<vec4f, 3>,
    // Where the last stretch ends.
    end: vec3f,
    // Metres by which a surface point moves along its normal before it looks its light up.
    lift_m: f32,
    // Voxels: cubes round the labelled things, in which surfaces are marked; where they begin, and how many a metre.
    voxel_low: vec3f,
    voxels_per_m: f32,
    voxel_dims: vec3u,
    pad: u32,
    // Cells along each axis.
    dims: vec3u,
    // Lights, and how many of them, the first ones, have shadow maps of their own.
    lights: u32,
    mapped: u32,
    environment_gain: f32,
    // Cosine and sine of the environment's turn about +Y.
    environment_turn: vec2f,
    // Directions in which cells look at the sky: a set of its own for each of eight neighbours.
    directions: array<vec4f, 192>,
}

// Values a cell holds: irradiance on surfaces that face +x, -x, +y, -y, +z, -z, and what arrives unhidden.
const SLABS = 7u;

// Place in the grid, counted in cells from its corner.
fn grid_place(g: GridParams, p: vec3f) -> vec3f {
    return clamp((p - g.edge[0].xyz) * g.per_m[0].xyz, vec3f(0.0), g.cells[0].xyz)
        + clamp((p - g.edge[1].xyz) * g.per_m[1].xyz, vec3f(0.0), g.cells[1].xyz)
        + clamp((p - g.edge[2].xyz) * g.per_m[2].xyz, vec3f(0.0), g.cells[2].xyz);
}
