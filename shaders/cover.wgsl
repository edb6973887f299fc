// Exact visibility: which triangle the ray through each pixel's centre meets first, and which pixels each labelled
// instance would own alone.
//
// Every triangle is tested against the very rays of the final picture, in camera space, with the edge planes of
// homogeneous rasterisation (Olano and Greer 1997): no clipping, and any lens. The nearest triangle of a pixel is
// kept by compare-and-swap on its record's number; both distances are computed from the records by one function,
// so that the winner does not depend on the order of arrival.
//
// First one thread a triangle prepares its record and queues it if it may cover a pixel; then workgroups take queued
// triangles one by one, all threads going over one triangle's pixels. Threads that each walked their own triangle
// would wait for the largest. The two are separate dispatches, since a record must be complete before another
// workgroup compares with it.
//
// Two files import this one and add `alpha_passes`: cover_opaque.wgsl, cover_masked.wgsl.
//
// @group(0): 0 lens: uniform LensParams, 1 params: uniform CoverParams, 2 rays: storage array<vec2f>, 3 items:
// storage array<CoverItem>, 4 chunks: storage array<vec2u> (item, first triangle), 5 positions: storage array<f32>,
// 6 indices: storage array<u32>, 7 records: storage rw array<Record>, 8 nearest: storage rw array<atomic<u32>>,
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
    large_room: u32,
    uv_set: u32,
    inline_px: u32,
    small_room: u32,
    block_room: u32,
    slopes: vec4f,
}

// Numbers of the records that are seen, each kind in a part of `entries`: triangles over many pixels from the front,
// the others after `large_room`, and after `small_room` of those the pairs (record, block of 8 x 8 pixels) that
// triangles over many pixels may touch.
struct Queue {
    small: atomic<u32>,
    large: atomic<u32>,
    blocks: atomic<u32>,
    entries: array<u32>,
}

// Threads of a workgroup that share one triangle's pixels: few where a processor runs them, since idle ones cost as
// much as busy ones there.
override LANES: u32 = 64u;

const DOUBLE_SIDED = 1u;
const MIRRORED = 2u;
const NO_TILE = 0xffffffffu;
// Samples beyond the frame that one thread takes alone.
const FEW_SAMPLES = 8u;
const ANY_SLOPE = vec4f(-1e9, 1e9, -1e9, 1e9);

@group(0) @binding(0) var<storage, read> lens: LensParams;
@group(0) @binding(1) var<storage, read> params: CoverParams;
@group(0) @binding(2) var<storage, read> rays: array<vec2f>;
@group(0) @binding(3) var<storage, read> items: array<CoverItem>;
@group(0) @binding(4) var<storage, read> chunks: array<vec2u>;
@group(0) @binding(5) var<storage, read> positions: array<f32>;
@group(0) @binding(6) var<storage, read> indices: array<u32>;
@group(0) @binding(7) var<storage, read_write> records: array<Record>;
@group(0) @binding(8) var<storage, read_write> nearest: array<atomic<u32>>;
@group(0) @binding(9) var<storage, read_write> tiles: array<atomic<u32>>;
@group(0) @binding(10) var<storage, read_write> queue: Queue;

// Edge planes pointing inwards; q is the plane divided by its distance: dot(q, d) is one over the ray's length. Pixels
// whose centres may lie inside: low inclusive, high exclusive, two signed halves each; equal when it is not seen.
struct Record {
    e0: vec3f,
    low: u32,
    e1: vec3f,
    high: u32,
    e2: vec3f,
    triangle: u32,
    q: vec3f,
    item: u32,
}

fn pack(at: vec2i) -> u32 {
    return (u32(at.x) & 0xffffu) | (u32(at.y) << 16u);
}

fn unpack(at: u32) -> vec2i {
    return vec2i(bitcast<i32>(at << 16u) >> 16u, bitcast<i32>(at) >> 16u);
}

fn position(v: u32) -> vec3f {
    return vec3f(positions[3u * v], positions[3u * v + 1u], positions[3u * v + 2u]);
}

// How far a straight edge bows on the picture: distance of its middle's image from the middle of its ends' images.
fn bow(a: vec3f, b: vec3f, pa: vec2f, pb: vec2f) -> vec3f {
    let m = lens_project(lens, normalize(a) + normalize(b));
    return vec3f(m.xy, select(1e9, length(m.xy - 0.5 * (pa + pb)), m.z > 0.0));
}

// Numbers of a triangle's vertices in the arena.
fn vertices(item: CoverItem, number: u32) -> vec3u {
    let first = item.first_index + 3u * number;
    return vec3u(indices[first], indices[first + 1u], indices[first + 2u]) + item.base_vertex;
}

// Whether all three are beyond one of the planes that bound the rays: slopes x / z and y / z, least and most.
fn beyond_one(a: vec3f, b: vec3f, c: vec3f, slopes: vec4f) -> bool {
    let left = max(a.x - slopes.x * a.z, max(b.x - slopes.x * b.z, c.x - slopes.x * c.z));
    let right = min(a.x - slopes.y * a.z, min(b.x - slopes.y * b.z, c.x - slopes.y * c.z));
    let top = max(a.y - slopes.z * a.z, max(b.y - slopes.z * b.z, c.y - slopes.z * c.z));
    let bottom = min(a.y - slopes.w * a.z, min(b.y - slopes.w * b.z, c.y - slopes.w * c.z));
    return left < 0.0 || right > 0.0 || top < 0.0 || bottom > 0.0;
}

// A triangle's record, with the pixels between `low` and `high` that it may cover. Rays have the given slopes, unless
// the lens is a fisheye.
fn load(item: CoverItem, number: u32, region_low: vec2i, region_high: vec2i, slopes: vec4f) -> Record {
    var t: Record;
    t.triangle = number;
    if number >= item.triangles {
        return t;
    }
    let v = vertices(item, number);
    let a = (item.camera_from_object * vec4f(position(v.x), 1.0)).xyz;
    let b = (item.camera_from_object * vec4f(position(v.y), 1.0)).xyz;
    let c = (item.camera_from_object * vec4f(position(v.z), 1.0)).xyz;
    // But for a fisheye, nothing behind the lens is in the picture.
    if lens.model != 2u && (max(a.z, max(b.z, c.z)) <= 0.0 || beyond_one(a, b, c, slopes)) {
        return t;
    }
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

    var low = region_low;
    var high = region_high;
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
    t.low = pack(low);
    t.high = pack(max(low, high));
    return t;
}

fn weights(t: Record, ray: vec3f) -> vec3f {
    return vec3f(dot(t.e0, ray), dot(t.e1, ray), dot(t.e2, ray));
}

fn mark(item: CoverItem, at: vec2u) {
    atomicOr(&tiles[item.tile + at.y * item.tile_stride + (at.x >> 5u)], 1u << (at.x & 31u));
}

fn test_inside(t: Record, item: CoverItem, record: u32, at: vec2i) {
    let pixel = u32(at.y) * lens.size.x + u32(at.x);
    let ray = lens_stored(lens, rays[pixel]);
    let w = weights(t, ray.xyz);
    let mine = dot(t.q, ray.xyz);
    if ray.w == 0.0 || min(w.x, min(w.y, w.z)) < 0.0 || mine <= 0.0 || !alpha_passes(t, item, w) {
        return;
    }
    if item.tile != NO_TILE && all(at >= item.tile_min) && all(at < item.tile_max) {
        mark(item, vec2u(at - item.tile_min));
    }
    var held = atomicLoad(&nearest[pixel]);
    loop {
        if held != 0u {
            let theirs = dot(records[held - 1u].q, ray.xyz);
            if theirs > mine || (theirs == mine && held - 1u < record) {
                break;
            }
        }
        let swap = atomicCompareExchangeWeak(&nearest[pixel], held, record + 1u);
        if swap.exchanged {
            break;
        }
        held = swap.old_value;
    }
}

fn pixels_of(t: Record) -> u32 {
    let extent = vec2u(unpack(t.high) - unpack(t.low));
    return extent.x * extent.y;
}

fn place(t: Record, i: u32) -> vec2i {
    let low = unpack(t.low);
    let width = u32(unpack(t.high).x - low.x);
    return low + vec2i(i32(i % width), i32(i / width));
}

fn chunk_of(group: vec3u) -> u32 {
    return params.first_chunk + group.x + group.y * 32768u;
}

// One thread a triangle: its record, complete before any pixel is tested.
@compute @workgroup_size(64)
fn setup(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let chunk = chunk_of(group);
    if chunk >= arrayLength(&chunks) {
        return;
    }
    let at = chunks[chunk];
    var t = load(items[at.x], at.y + lane, vec2i(0), vec2i(lens.size), params.slopes);
    t.item = at.x;
    let count = pixels_of(t);
    if count == 0u {
        return;
    }
    let record = chunk * 64u + lane;
    records[record] = t;
    if count > params.inline_px {
        let slot = atomicAdd(&queue.large, 1u);
        if slot < params.large_room {
            queue.entries[slot] = record;
            return;
        }
    }
    queue.entries[params.large_room + atomicAdd(&queue.small, 1u)] = record;
}

// The picture's own pixels: each workgroup takes a triangle at a time.
@compute @workgroup_size(LANES)
fn inside(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
) {
    let queued = atomicLoad(&queue.small);
    for (var entry = group.x; entry < queued; entry += groups.x) {
        let record = queue.entries[params.large_room + entry];
        let t = records[record];
        let item = items[t.item];
        let count = pixels_of(t);
        for (var i = lane; i < count; i += LANES) {
            test_inside(t, item, record, place(t, i));
        }
    }
}

// Which blocks of 8 x 8 pixels a triangle over many pixels may touch: those not wholly beyond one of its edges. An edge
// plane's value is linear along the picture without a lens, so that a block's corners bound it; a lens bends it, for
// which the bound is widened by a quarter of its range.
@compute @workgroup_size(64)
fn large(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
) {
    let queued = min(atomicLoad(&queue.large), params.large_room);
    for (var entry = group.x; entry < queued; entry += groups.x) {
        let record = queue.entries[entry];
        let t = records[record];
        let low = vec2u(unpack(t.low)) / 8u;
        let extent = (vec2u(unpack(t.high)) + 7u) / 8u - low;
        for (var i = lane; i < extent.x * extent.y; i += 64u) {
            let block = low + vec2u(i % extent.x, i / extent.x);
            let first = block * 8u;
            let last = min(first + 7u, lens.size - 1u);
            let r00 = lens_stored(lens, rays[first.y * lens.size.x + first.x]);
            let r10 = lens_stored(lens, rays[first.y * lens.size.x + last.x]);
            let r01 = lens_stored(lens, rays[last.y * lens.size.x + first.x]);
            let r11 = lens_stored(lens, rays[last.y * lens.size.x + last.x]);
            let w00 = weights(t, r00.xyz);
            let w10 = weights(t, r10.xyz);
            let w01 = weights(t, r01.xyz);
            let w11 = weights(t, r11.xyz);
            let most = max(max(w00, w10), max(w01, w11));
            let least = min(min(w00, w10), min(w01, w11));
            let bound = most + 0.25 * (most - least);
            let whole = min(min(r00.w, r10.w), min(r01.w, r11.w)) > 0.0;
            if !whole || min(bound.x, min(bound.y, bound.z)) >= 0.0 {
                let slot = atomicAdd(&queue.blocks, 1u);
                if slot < params.block_room {
                    let at = params.large_room + params.small_room + 2u * slot;
                    queue.entries[at] = record;
                    queue.entries[at + 1u] = block.x | (block.y << 16u);
                } else {
                    test_block(record, block, 0u, 1u);
                }
            }
        }
    }
}

// Pixels of one block, every `step`-th from `first`.
fn test_block(record: u32, block: vec2u, first: u32, step: u32) {
    let t = records[record];
    let item = items[t.item];
    let low = unpack(t.low);
    let high = unpack(t.high);
    for (var i = first; i < 64u; i += step) {
        let at = vec2i(block * 8u + vec2u(i % 8u, i / 8u));
        if all(at >= low) && all(at < high) {
            test_inside(t, item, record, at);
        }
    }
}

@compute @workgroup_size(LANES)
fn blocks(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
) {
    let queued = min(atomicLoad(&queue.blocks), params.block_room);
    for (var entry = group.x; entry < queued; entry += groups.x) {
        let at = params.large_room + params.small_room + 2u * entry;
        let block = queue.entries[at + 1u];
        test_block(queue.entries[at], vec2u(block & 0xffffu, block >> 16u), lane, LANES);
    }
}

// How much of an instance lies beyond the frame's edges, for those that reach there: samples of a coarse lattice over
// its projection, every `step`-th pixel's centre, inside the frame and out. Beyond the edges there is no ray table.
// One thread a triangle, most of which meet no sample or a few; those that may meet more wait in the queue.
@compute @workgroup_size(64)
fn outside(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let chunk = chunk_of(group);
    if chunk >= arrayLength(&chunks) {
        return;
    }
    let at = chunks[chunk];
    let item = items[at.x];
    let t = load(item, at.y + lane, item.tile_min, item.tile_max, ANY_SLOPE);
    let samples = samples_of(t, item);
    let count = samples.extent.x * samples.extent.y;
    if count > FEW_SAMPLES {
        let slot = atomicAdd(&queue.large, 1u);
        if slot < params.large_room {
            queue.entries[slot] = chunk * 64u + lane;
            return;
        }
    }
    for (var i = 0u; i < count; i++) {
        test_outside(t, item, samples, i);
    }
}

// The queued ones: all threads of a workgroup go over one triangle's samples.
@compute @workgroup_size(LANES)
fn beyond(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
) {
    let queued = min(atomicLoad(&queue.large), params.large_room);
    for (var entry = group.x; entry < queued; entry += groups.x) {
        let triangle = queue.entries[entry];
        let at = chunks[triangle / 64u];
        let item = items[at.x];
        let t = load(item, at.y + triangle % 64u, item.tile_min, item.tile_max, ANY_SLOPE);
        let samples = samples_of(t, item);
        for (var i = lane; i < samples.extent.x * samples.extent.y; i += LANES) {
            test_outside(t, item, samples, i);
        }
    }
}

// Samples of an item's lattice that a triangle may meet: the first one's place in the tile, and how many each way.
struct Samples {
    low: vec2i,
    extent: vec2u,
    step: vec2i,
}

fn samples_of(t: Record, item: CoverItem) -> Samples {
    var s: Samples;
    s.step = vec2i(vec2u(item.flags >> 8u, item.flags >> 20u) & vec2u(0xfffu));
    s.low = (unpack(t.low) - item.tile_min + s.step - 1) / s.step;
    s.extent = vec2u(max((unpack(t.high) - item.tile_min + s.step - 1) / s.step - s.low, vec2i(0)));
    return s;
}

fn test_outside(t: Record, item: CoverItem, samples: Samples, i: u32) {
    let at = samples.low + vec2i(i32(i % samples.extent.x), i32(i / samples.extent.x));
    let ray = lens_ray(lens, vec2f(item.tile_min + at * samples.step) + 0.5);
    let w = weights(t, ray.xyz);
    if ray.w != 0.0 && min(w.x, min(w.y, w.z)) >= 0.0 && dot(t.q, ray.xyz) > 0.0 && alpha_passes(t, item, w) {
        mark(item, vec2u(at));
    }
}
