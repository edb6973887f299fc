// Soft light: what arrives in each cell of the grid from the sky and from lamps without shadow maps, with large soft
// shadows (the depth of a shelf is dark), and once reflected. Light on six faces is kept a cell, an ambient cube
// (McTaggart 2004), so that a uniform sky comes out exactly on every open face.
//
// `gather` looks along rays through the voxels; `settle` adds what the surfaces that those rays met send back; `smooth`
// averages over neighbours that see each other, and writes the texture: premultiplied by how much a cell is to be
// believed (one inside of a thing is not). A cell looks in few directions, its seven neighbours in others (interleaved
// sampling, Keller and Heidrich 2001), so that light between slats is not in spots.
//
// @group(0): 0 grid: storage GridParams, 1 lights: storage array<LightParams>, 2 environment, 3 its sampler, 4 voxels:
// storage array<u32>, 5 cells: storage rw array<vec4f>, 6 met: storage rw array<u32>, 7 settled: storage rw
// array<vec4f>, 8 soft: storage texture 3d
//#import common
//#import grid

const PI = 3.14159265358979;
const DIRECTIONS = 24u;
// How far something may be and still hide the sky or a lamp, metres.
const REACH = 1.2;
// Share of light that an average surface reflects.
const ALBEDO = 0.6;
const OPEN = 0xffffffffu;
// Marks what was met within this many voxels. On average half of that is the very surface that will be lit, and which
// it does not hide: it counts half.
const NEAR = 0x80000000u;
const NEAR_VOXELS = 3.0;
// Places between two neighbouring cells at which voxels are looked up.
const BETWEEN = 3u;

@group(0) @binding(0) var<storage, read> grid: GridParams;
@group(0) @binding(1) var<storage, read> lights: array<LightParams>;
@group(0) @binding(2) var environment: texture_2d<f32>;
@group(0) @binding(3) var environment_sampler: sampler;
@group(0) @binding(4) var<storage, read> voxels: array<u32>;
@group(0) @binding(5) var<storage, read_write> cells: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> met: array<u32>;
@group(0) @binding(7) var<storage, read_write> settled: array<vec4f>;
@group(0) @binding(8) var soft: texture_storage_3d<rgba16float, write>;

fn cell_of(number: u32) -> vec3u {
    return vec3u(number % grid.dims.x, number / grid.dims.x % grid.dims.y, number / (grid.dims.x * grid.dims.y));
}

fn number_of(cell: vec3u) -> u32 {
    return (cell.z * grid.dims.y + cell.y) * grid.dims.x + cell.x;
}

fn centre_of(cell: vec3u) -> vec3f {
    let at = vec3f(cell) + 0.5;
    let first = grid.cells[0].xyz;
    let second = first + grid.cells[1].xyz;
    return grid.edge[0].xyz + min(at, first) * grid.width[0].xyz
        + clamp(at - first, vec3f(0.0), grid.cells[1].xyz) * grid.width[1].xyz
        + max(at - second, vec3f(0.0)) * grid.width[2].xyz;
}

// Where the set of directions begins in which a cell looks.
fn first_direction(cell: vec3u) -> u32 {
    let odd = cell & vec3u(1u);
    return (odd.x + 2u * odd.y + 4u * odd.z) * DIRECTIONS;
}

// Whether a voxel of the box at this place holds a surface; `place` in voxels.
fn full(place: vec3f) -> bool {
    let at = vec3u(place);
    let voxel = (at.z * grid.voxel_dims.y + at.y) * grid.voxel_dims.x + at.x;
    return (voxels[voxel >> 5u] >> (voxel & 31u) & 1u) != 0u;
}

// Distance along a ray to the first voxel that is not empty; `most` when there is none before. Beyond the voxels all is
// free.
fn march(origin: vec3f, direction: vec3f, most: f32) -> f32 {
    let start = (origin - grid.voxel_low) * grid.voxels_per_m;
    let size = vec3f(grid.voxel_dims);
    let count = most * grid.voxels_per_m;
    // Not the voxels that the cell itself touches.
    for (var t = 1.5; t < count; t += 1.0) {
        let p = start + direction * t;
        if any(p < vec3f(0.0)) || any(p >= size) {
            return most;
        }
        if full(p) {
            return t / grid.voxels_per_m;
        }
    }
    return most;
}

// Whether nothing stands between two neighbouring cells' centres.
fn see_each_other(one: vec3f, other: vec3f) -> bool {
    let a = (one - grid.voxel_low) * grid.voxels_per_m;
    let b = (other - grid.voxel_low) * grid.voxels_per_m;
    let size = vec3f(grid.voxel_dims);
    for (var k = 0u; k < BETWEEN; k++) {
        let p = mix(a, b, (f32(k) + 0.5) / f32(BETWEEN));
        if all(p >= vec3f(0.0)) && all(p < size) && full(p) {
            return false;
        }
    }
    return true;
}

fn sky(direction: vec3f) -> vec3f {
    let t = grid.environment_turn;
    let d = vec3f(t.x * direction.x - t.y * direction.z, direction.y, t.y * direction.x + t.x * direction.z);
    let uv = vec2f(0.5 + atan2(d.x, -d.z) / (2.0 * PI), acos(clamp(d.y, -1.0, 1.0)) / PI);
    return textureSampleLevel(environment, environment_sampler, uv, 3.0).rgb * grid.environment_gain;
}

// A lamp's light at a point from one of its own: what a surface that faces it receives.
fn from_lamp(light: LightParams, towards: vec3f) -> f32 {
    let d2 = max(dot(towards, towards), 1e-3);
    let cone = dot(-towards, light.direction) * inverseSqrt(d2);
    let lobe = select(
        smoothstep(light.cos_outer, light.cos_inner, cone),
        smoothstep(-0.25, 0.25, cone),
        light.kind == 2u);
    return lobe / d2;
}

struct Faces {
    up: mat3x3f,
    down: mat3x3f,
    // Luminance of the mapped lamps on the faces, for what is reflected.
    mapped_up: vec3f,
    mapped_down: vec3f,
}

fn add(faces: ptr<function, Faces>, direction: vec3f, light: vec3f, mapped: bool) {
    let up = max(direction, vec3f(0.0));
    let down = max(-direction, vec3f(0.0));
    if mapped {
        let luminance = dot(light, vec3f(0.2126, 0.7152, 0.0722));
        (*faces).mapped_up += up * luminance;
        (*faces).mapped_down += down * luminance;
    } else {
        (*faces).up += mat3x3f(light * up.x, light * up.y, light * up.z);
        (*faces).down += mat3x3f(light * down.x, light * down.y, light * down.z);
    }
}

// Sums of the cosines of what was looked at, a face.
struct Counted {
    up: vec3f,
    down: vec3f,
}

fn count(counted: ptr<function, Counted>, direction: vec3f, weight: f32) {
    (*counted).up += max(direction, vec3f(0.0)) * weight;
    (*counted).down += max(-direction, vec3f(0.0)) * weight;
}

@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3u) {
    let number = id.x;
    if number >= grid.dims.x * grid.dims.y * grid.dims.z {
        return;
    }
    let cell = cell_of(number);
    let at = centre_of(cell);
    var faces: Faces;
    var open = 0.0;
    var counted = Counted(vec3f(1e-6), vec3f(1e-6));
    let first = first_direction(cell);
    for (var i = 0u; i < DIRECTIONS; i++) {
        let direction = grid.directions[first + i].xyz;
        let t = march(at, direction, REACH);
        if t >= REACH {
            add(&faces, direction, sky(direction), false);
            open += 1.0 / f32(DIRECTIONS);
            met[number * DIRECTIONS + i] = OPEN;
            count(&counted, direction, 1.0);
        } else {
            let last = grid_place(grid, at + direction * (t - 1.5 / grid.voxels_per_m));
            let near = t < NEAR_VOXELS / grid.voxels_per_m;
            met[number * DIRECTIONS + i] = number_of(min(vec3u(last), grid.dims - 1u)) | select(0u, NEAR, near);
            count(&counted, direction, select(1.0, 0.5, near));
        }
    }
    // The sky's directions share the sphere (a uniform sky comes out exactly); lamps bring their own measure.
    for (var axis = 0; axis < 3; axis++) {
        faces.up[axis] *= PI / counted.up[axis];
        faces.down[axis] *= PI / counted.down[axis];
    }
    var all = 0.0;
    var arrives = 0.0;
    for (var i = 0u; i < grid.lights; i++) {
        let light = lights[i];
        let mapped = i < grid.mapped;
        let points = select(1, 2, light.kind == 2u);
        for (var k = 0; k < points; k++) {
            var towards = -light.direction;
            var brings = 1.0;
            if light.kind != 0u {
                // Two-point Gauss-Legendre quadrature along a tube.
                let share = 0.5 + (f32(k) - 0.5) * 0.57735;
                let tube = light.kind == 2u;
                towards = mix(light.position, light.to, select(0.0, share, tube)) - at;
                let weight = select(1.0, 0.5 * distance(light.position, light.to), tube);
                brings = weight * from_lamp(light, towards);
            }
            if brings <= 0.0 {
                continue;
            }
            let length_m = length(towards);
            let direction = towards / length_m;
            // Not the lamp's own housing.
            let far = select(min(REACH, 0.9 * length_m), REACH, light.kind == 0u);
            let free = light.shadow == -1 || march(at, direction, far) >= far;
            let luminance = brings * dot(light.colour, vec3f(0.2126, 0.7152, 0.0722));
            all += luminance;
            if free {
                arrives += luminance;
                add(&faces, direction, light.colour * brings, mapped);
            }
        }
    }
    let out = number * SLABS;
    for (var axis = 0u; axis < 3u; axis++) {
        cells[out + 2u * axis] = vec4f(faces.up[axis], faces.mapped_up[axis]);
        cells[out + 2u * axis + 1u] = vec4f(faces.down[axis], faces.mapped_down[axis]);
    }
    cells[out + 6u] = vec4f(select(1.0, arrives / all, all > 0.0), open, 0.0, 1.0);
}

@compute @workgroup_size(64)
fn settle(@builtin(global_invocation_id) id: vec3u) {
    let number = id.x;
    if number >= grid.dims.x * grid.dims.y * grid.dims.z {
        return;
    }
    var faces: Faces;
    var counted = Counted(vec3f(1e-6), vec3f(1e-6));
    let first = first_direction(cell_of(number));
    for (var i = 0u; i < DIRECTIONS; i++) {
        let entry = met[number * DIRECTIONS + i];
        let direction = grid.directions[first + i].xyz;
        let weight = select(1.0, 0.5, entry != OPEN && (entry & NEAR) != 0u);
        count(&counted, direction, weight);
        if entry == OPEN {
            continue;
        }
        // What the surface there receives from our side, spread evenly (Lambert).
        let other = entry & ~NEAR;
        let square = direction * direction;
        let facing = vec3u(direction > vec3f(0.0));
        let along_x = cells[other * SLABS + facing.x];
        let along_y = cells[other * SLABS + 2u + facing.y];
        let along_z = cells[other * SLABS + 4u + facing.z];
        let received = along_x * square.x + along_y * square.y + along_z * square.z;
        add(&faces, direction, (received.rgb + received.a) * (weight * ALBEDO / PI), false);
    }
    let shares = cells[number * SLABS + 6u];
    // What is reflected is reflected again, the more the less sky there is: a geometric series.
    let again = 1.0 / (1.0 - ALBEDO * (1.0 - shares.y));
    let belief = clamp(shares.y * 8.0, 0.03, 1.0);
    let out = number * SLABS;
    for (var axis = 0u; axis < 3u; axis++) {
        let up = cells[out + 2u * axis].rgb + faces.up[axis] * (again * PI / counted.up[axis]);
        let down = cells[out + 2u * axis + 1u].rgb + faces.down[axis] * (again * PI / counted.down[axis]);
        settled[out + 2u * axis] = vec4f(up, 1.0) * belief;
        settled[out + 2u * axis + 1u] = vec4f(down, 1.0) * belief;
    }
    settled[out + 6u] = vec4f(shares.xyz, 1.0) * belief;
}

@compute @workgroup_size(64)
fn smooth_out(@builtin(global_invocation_id) id: vec3u) {
    let number = id.x;
    if number >= grid.dims.x * grid.dims.y * grid.dims.z {
        return;
    }
    let cell = cell_of(number);
    let at = centre_of(cell);
    var sums: array<vec4f, SLABS>;
    // A tent three cells wide along each axis: each of the eight sets of directions weighs as much as any other.
    for (var k = 0; k < 27; k++) {
        let step = vec3i(k % 3, k / 3 % 3, k / 9) - 1;
        let place = vec3i(cell) + step;
        if any(place < vec3i(0)) || any(place >= vec3i(grid.dims)) {
            continue;
        }
        let other = vec3u(place);
        if !see_each_other(at, centre_of(other)) && any(step != vec3i(0)) {
            continue;
        }
        let share = exp2(-f32(dot(step, step)));
        let start = number_of(other) * SLABS;
        for (var slab = 0u; slab < SLABS; slab++) {
            sums[slab] += settled[start + slab] * share;
        }
    }
    let belief = settled[number * SLABS].a;
    for (var slab = 0u; slab < SLABS; slab++) {
        textureStore(soft, cell + vec3u(0u, 0u, slab * grid.dims.z), sums[slab] * (belief / sums[slab].a));
    }
}
