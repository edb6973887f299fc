// Exact visibility: which triangle the ray through each pixel's centre meets first, and which pixels each labelled
// instance would own alone.
//
// Every triangle is tested against the very rays of the final picture, in camera space, with the edge planes of
// homogeneous rasterisation (Olano and Greer 1997): no clipping, and any lens. The nearest triangle of a pixel is
// kept by compare-and-swap on its record's number; both distances are computed from the records by one function,
// so that the winner does not depend on the order of arrival.
//
// Two files import this one and add `alpha_passes`: cover_opaque.wgsl, cover_masked.wgsl.
//
// @group(0): 0 lens: uniform LensParams, 1 params: uniform CoverParams, 2 rays: storage array<vec4f>, 3 items:
// storage array<CoverItem>, 4 chunks: storage array<vec2u> (item, first triangle), 5 positions: storage array<f32>,
// 6 indices: storage array<u32>, 7 records: storage rw array<vec4f>, 8 nearest: storage rw array<atomic<u32>>,
// 9 tiles: storage rw array<atomic<u32>>, 10 queue: storage rw Queue
//#import lens

struct CoverItem {
    camera_from_object: mat4x4f,
    first_index: u32,
    base_vertex: u32,
    id: u32,
    flags: u32,
    tile: u32,
    tile_stride: u32,
    tile_min: vec2i,
    tile_max: vec2i,
    cutoff: f32,
    triangles: u32,
}

struct CoverParams {
    uv_matrix: vec4f,
    uv_offset: vec2f,
    first_chunk: u32,
    queue_room: u32,
    uv_set: u32,
    inline_px: u32,
    pad: vec2u,
}

struct Queue {
    count: atomic<u32>,
    entries: array<u32>,
}

const DOUBLE_SIDED = 1u;
const MIRRORED = 2u;
const NO_TILE = 0xffffffffu;

@group(0) @binding(0) var<uniform> lens: LensParams;
@group(0) @binding(1) var<uniform> params: CoverParams;
@group(0) @binding(2) var<storage, read> rays: array<vec4f>;
@group(0) @binding(3) var<storage, read> items: array<CoverItem>;
@group(0) @binding(4) var<storage, read> chunks: array<vec2u>;
@group(0) @binding(5) var<storage, read> positions: array<f32>;
@group(0) @binding(6) var<storage, read> indices: array<u32>;
@group(0) @binding(7) var<storage, read_write> records: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> nearest: array<atomic<u32>>;
@group(0) @binding(9) var<storage, read_write> tiles: array<atomic<u32>>;
@group(0) @binding(10) var<storage, read_write> queue: Queue;

struct Triangle {
    // Edge planes, pointing inwards, and the plane divided by its distance: dot(q, d) is one over the ray's length.
    e0: vec3f,
    e1: vec3f,
    e2: vec3f,
    q: vec3f,
    // Vertex numbers in the arena.
    v: vec3u,
    low: vec2i,
    high: vec2i,
    record: u32,
    item: u32,
    alive: bool,
}

fn position(v: u32) -> vec3f {
    return vec3f(positions[3u * v], positions[3u * v + 1u], positions[3u * v + 2u]);
}

// How far a straight edge bows on the picture: distance of its middle's image from the middle of its ends' images.
fn bow(a: vec3f, b: vec3f, pa: vec2f, pb: vec2f) -> vec3f {
    let m = lens_project(lens, normalize(a) + normalize(b));
    return vec3f(m.xy, select(1e9, length(m.xy - 0.5 * (pa + pb)), m.z > 0.0));
}

fn load(record: u32) -> Triangle {
    var t: Triangle;
    t.alive = false;
    t.record = record;
    let chunk = chunks[record / 64u];
    t.item = chunk.x;
    let number = chunk.y + record % 64u;
    let item = items[t.item];
    if number >= item.triangles {
        return t;
    }
    let first = item.first_index + 3u * number;
    t.v = vec3u(indices[first], indices[first + 1u], indices[first + 2u]) + item.base_vertex;
    let a = (item.camera_from_object * vec4f(position(t.v.x), 1.0)).xyz;
    let b = (item.camera_from_object * vec4f(position(t.v.y), 1.0)).xyz;
    let c = (item.camera_from_object * vec4f(position(t.v.z), 1.0)).xyz;
    let n = cross(b - a, c - a);
    let volume = dot(n, a);
    // The viewer is the origin: a counter-clockwise triangle faces it when its normal points back at it.
    let front = (volume < 0.0) != ((item.flags & MIRRORED) != 0u);
    if volume == 0.0 || !(front || (item.flags & DOUBLE_SIDED) != 0u) {
        return t;
    }
    let s = sign(volume);
    t.e0 = s * cross(b, c - b);
    t.e1 = s * cross(c, a - c);
    t.e2 = s * cross(a, b - a);
    t.q = n / volume;

    var low = vec2i(0);
    var high = vec2i(lens.size);
    if item.tile != NO_TILE {
        low = min(low, item.tile_min);
        high = max(high, item.tile_max);
    }
    let pa = lens_project(lens, a);
    let pb = lens_project(lens, b);
    let pc = lens_project(lens, c);
    // Behind the camera, past the lens's edge, or so wide that three bows say little: test every pixel.
    let la = normalize(a);
    let lb = normalize(b);
    let lc = normalize(c);
    let narrow = lens.model == 0u || min(dot(la, lb), min(dot(lb, lc), dot(lc, la))) > 0.9;
    let near = lens.model != 2u && min(a.z, min(b.z, c.z)) < 1e-4;
    if pa.z > 0.0 && pb.z > 0.0 && pc.z > 0.0 && narrow && !near {
        var least = min(pa.xy, min(pb.xy, pc.xy));
        var most = max(pa.xy, max(pb.xy, pc.xy));
        var margin = 0.02;
        if lens.model != 0u {
            let ab = bow(a, b, pa.xy, pb.xy);
            let bc = bow(b, c, pb.xy, pc.xy);
            let ca = bow(c, a, pc.xy, pa.xy);
            least = min(least, min(ab.xy, min(bc.xy, ca.xy)));
            most = max(most, max(ab.xy, max(bc.xy, ca.xy)));
            margin += max(ab.z, max(bc.z, ca.z));
        }
        // A pixel is tested when its centre may lie inside: centres are at +0.5.
        let reach = vec2f(4e6);
        least = clamp(least - margin - 0.5, -reach, reach);
        most = clamp(most + margin - 0.5, -reach, reach);
        low = max(low, vec2i(ceil(least)));
        high = min(high, vec2i(floor(most)) + 1);
    }
    t.low = low;
    t.high = high;
    t.alive = all(low < high);
    return t;
}

fn test_pixel(t: Triangle, item: CoverItem, at: vec2i) {
    let inside = all(at >= vec2i(0)) && all(at < vec2i(lens.size));
    var ray: vec4f;
    var pixel = 0u;
    if inside {
        pixel = u32(at.y) * lens.size.x + u32(at.x);
        ray = rays[pixel];
    } else {
        ray = lens_ray(lens, vec2f(at) + 0.5);
    }
    let w = vec3f(dot(t.e0, ray.xyz), dot(t.e1, ray.xyz), dot(t.e2, ray.xyz));
    let mine = dot(t.q, ray.xyz);
    if ray.w == 0.0 || min(w.x, min(w.y, w.z)) < 0.0 || mine <= 0.0 {
        return;
    }
    if !alpha_passes(t, item, w) {
        return;
    }
    if item.tile != NO_TILE && all(at >= item.tile_min) && all(at < item.tile_max) {
        let local = vec2u(at - item.tile_min);
        atomicOr(&tiles[item.tile + local.y * item.tile_stride + (local.x >> 5u)], 1u << (local.x & 31u));
    }
    if !inside {
        return;
    }
    var held = atomicLoad(&nearest[pixel]);
    loop {
        if held != 0u {
            let theirs = dot(records[held - 1u].xyz, ray.xyz);
            if theirs > mine || (theirs == mine && held - 1u < t.record) {
                break;
            }
        }
        let swap = atomicCompareExchangeWeak(&nearest[pixel], held, t.record + 1u);
        if swap.exchanged {
            break;
        }
        held = swap.old_value;
    }
}

// One thread a triangle; those that may cover many pixels are queued for a workgroup each.
@compute @workgroup_size(64)
fn small(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let chunk = params.first_chunk + group.x + group.y * 32768u;
    if chunk >= arrayLength(&chunks) {
        return;
    }
    let t = load(chunk * 64u + lane);
    if !t.alive {
        return;
    }
    let item = items[t.item];
    records[t.record] = vec4f(t.q, bitcast<f32>(t.item));
    let extent = vec2u(t.high - t.low);
    if extent.x * extent.y > params.inline_px {
        let slot = atomicAdd(&queue.count, 1u);
        if slot < params.queue_room {
            queue.entries[slot] = t.record;
            return;
        }
    }
    for (var y = t.low.y; y < t.high.y; y++) {
        for (var x = t.low.x; x < t.high.x; x++) {
            test_pixel(t, item, vec2i(x, y));
        }
    }
}

// One workgroup a queued triangle.
@compute @workgroup_size(64)
fn large(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
) {
    let count = min(atomicLoad(&queue.count), params.queue_room);
    for (var entry = group.x; entry < count; entry += groups.x) {
        let t = load(queue.entries[entry]);
        let item = items[t.item];
        let extent = vec2u(t.high - t.low);
        for (var i = lane; i < extent.x * extent.y; i += 64u) {
            test_pixel(t, item, t.low + vec2i(i32(i % extent.x), i32(i / extent.x)));
        }
    }
}
