// Where the surface point of each pixel goes until the next frame, and whether it is seen there.
//
// A point is known by its triangle's vertices and its place among them. The same vertices in the next frame, at the same
// place, are the point there. Motion is the difference of the two projections, so that rounding of the place cancels.
//
// @group(0): 0 params: FlowParams, 1 items: storage array<FlowItem>, 2 positions: storage array<f32>, 3 indices: storage
// array<u32>, 4 records: storage array<vec4f>, 5 nearest: storage array<u32>, 6 next_ids: storage array<u32>,
// 7 next_records: storage array<vec4f>, 8 next_nearest: storage array<u32>, 9 vectors: storage rw array<vec2f>,
// 10 hidden: storage rw array<u32>
//#import lens

struct FlowItem {
    camera_from_object: mat4x4f,
    next_camera_from_object: mat4x4f,
    first_index: u32,
    base_vertex: u32,
    next_base_vertex: u32,
    next_id: u32,
    flags: u32,
    pad: array<u32, 3>,
}

struct FlowParams {
    lens: LensParams,
    next_lens: LensParams,
}

const DOUBLE_SIDED = 1u;
const NEXT_MIRRORED = 2u;
const LOST = 4u;

const SEEN = 0u;
const HIDDEN = 1u;
const LEAVES = 2u;
const NOTHING = 3u;

// A point may lie this much behind the surface that a pixel shows and be seen all the same: metres, share of distance.
const SLACK_M = 0.005;
const SLACK = 0.01;
// Of the four pixels round a place those count that take part in interpolating there by more than this along each axis:
// round a pixel's centre that pixel alone, whatever rounding does.
const LEAST_SHARE = 0.02;
// Nothing nearer than this has a place on the picture, but for a fisheye, metres.
const NEAR_M = 1e-4;

@group(0) @binding(0) var<storage, read> params: FlowParams;
@group(0) @binding(1) var<storage, read> items: array<FlowItem>;
@group(0) @binding(2) var<storage, read> positions: array<f32>;
@group(0) @binding(3) var<storage, read> indices: array<u32>;
@group(0) @binding(4) var<storage, read> records: array<vec4f>;
@group(0) @binding(5) var<storage, read> nearest: array<u32>;
@group(0) @binding(6) var<storage, read> next_ids: array<u32>;
@group(0) @binding(7) var<storage, read> next_records: array<vec4f>;
@group(0) @binding(8) var<storage, read> next_nearest: array<u32>;
@group(0) @binding(9) var<storage, read_write> vectors: array<vec2f>;
@group(0) @binding(10) var<storage, read_write> hidden: array<u32>;

struct Motion {
    vector: vec2f,
    kind: u32,
}

fn position(v: u32) -> vec3f {
    return vec3f(positions[3u * v], positions[3u * v + 1u], positions[3u * v + 2u]);
}

fn project(lens: LensParams, p: vec3f) -> vec3f {
    return select(lens_project(lens, p), vec3f(0.0), lens.model != 2u && p.z < NEAR_M);
}

// Whether a triangle is drawn from this side.
fn faces(item: FlowItem, a: vec3f, b: vec3f, c: vec3f) -> bool {
    let volume = dot(cross(b - a, c - a), a);
    let front = (volume < 0.0) != ((item.flags & NEXT_MIRRORED) != 0u);
    return volume != 0.0 && (front || (item.flags & DOUBLE_SIDED) != 0u);
}

// Whether one of the four pixels round a place shows the instance, with the point not behind what it shows: neither
// behind the surface at the pixel's centre nor behind its plane, which goes on to where the point is.
fn shown(place: vec2f, p: vec3f, id: u32) -> bool {
    let size = vec2i(params.next_lens.size);
    let corner = vec2i(floor(place - 0.5));
    let offset = place - 0.5 - vec2f(corner);
    let far = length(p);
    let most = 1.0 + SLACK + SLACK_M / far;
    for (var i = 0; i < 4; i++) {
        let step = vec2i(i & 1, i >> 1u);
        let at = corner + step;
        let share = select(1.0 - offset, offset, step == vec2i(1));
        if any(share < vec2f(LEAST_SHARE)) || any(at < vec2i(0)) || any(at >= size) {
            continue;
        }
        let pixel = u32(at.y * size.x + at.x);
        if next_ids[pixel] != id {
            continue;
        }
        // A plane times a point on it is 1, times one behind it more.
        let plane = next_records[4u * next_nearest[pixel] - 1u].xyz;
        if dot(plane, p) <= most {
            return true;
        }
        let ray = lens_ray(params.next_lens, vec2f(at) + 0.5).xyz;
        if far * dot(plane, normalize(ray)) <= most {
            return true;
        }
    }
    return false;
}

fn motion_of(record: u32, centre: vec2f) -> Motion {
    let lens = params.lens;
    let next_lens = params.next_lens;
    let e0 = records[4u * record];
    let e1 = records[4u * record + 1u];
    let e2 = records[4u * record + 2u];
    let item = items[bitcast<u32>(records[4u * record + 3u].w)];
    let ray = lens_ray(lens, centre).xyz;
    let w = vec3f(dot(e0.xyz, ray), dot(e1.xyz, ray), dot(e2.xyz, ray));
    let sum = w.x + w.y + w.z;
    if (item.flags & LOST) != 0u || sum <= 0.0 {
        return Motion(vec2f(0.0), HIDDEN);
    }
    let share = w / sum;
    let first = item.first_index + 3u * bitcast<u32>(e2.w);
    let v = vec3u(indices[first], indices[first + 1u], indices[first + 2u]);
    let now = v + item.base_vertex;
    let object = share.x * position(now.x) + share.y * position(now.y) + share.z * position(now.z);
    let a = position(v.x + item.next_base_vertex);
    let b = position(v.y + item.next_base_vertex);
    let c = position(v.z + item.next_base_vertex);
    let next_object = share.x * a + share.y * b + share.z * c;
    let p = (item.camera_from_object * vec4f(object, 1.0)).xyz;
    let m = item.next_camera_from_object;
    let next_p = (m * vec4f(next_object, 1.0)).xyz;
    let origin = project(lens, p);
    let goal = project(next_lens, next_p);
    if goal.z == 0.0 {
        return Motion(vec2f(0.0), LEAVES);
    }
    let vector = goal.xy - select(centre, origin.xy, origin.z > 0.0);
    let place = centre + vector;
    if any(place < vec2f(0.0)) || any(place >= vec2f(next_lens.size)) {
        return Motion(vector, LEAVES);
    }
    let front = faces(item, (m * vec4f(a, 1.0)).xyz, (m * vec4f(b, 1.0)).xyz, (m * vec4f(c, 1.0)).xyz);
    return Motion(vector, select(HIDDEN, SEEN, front && shown(place, next_p, item.next_id)));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    let size = params.lens.size;
    if any(at.xy >= size) {
        return;
    }
    let pixel = at.y * size.x + at.x;
    let held = nearest[pixel];
    var motion = Motion(vec2f(0.0), NOTHING);
    if held != 0u {
        motion = motion_of(held - 1u, vec2f(at.xy) + 0.5);
    }
    vectors[pixel] = motion.vector;
    hidden[pixel] = motion.kind;
}
