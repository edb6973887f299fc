// Ambient occlusion in the final picture, from exact depths and normals, at half its resolution: share of the
// hemisphere over a surface point that stays open within reach.
//
// @group(0): 0 lens: uniform LensParams, 1 rays: storage array<vec2f>, 2 depth: storage array<f32>, 3 normals: storage
// array<u32>, 4 coarse: storage rw array<f32>, 5 target: storage texture rgba8unorm
//#import lens

@group(0) @binding(0) var<storage, read> lens: LensParams;
@group(0) @binding(1) var<storage, read> rays: array<vec2f>;
@group(0) @binding(2) var<storage, read> depth: array<f32>;
@group(0) @binding(3) var<storage, read> normals: array<u32>;
@group(0) @binding(4) var<storage, read_write> coarse: array<f32>;
@group(0) @binding(5) var target_map: texture_storage_2d<rgba8unorm, write>;

const TAPS = 10;
// Metres within which surfaces occlude; what is further away is the light grid's.
const REACH = 0.12;

fn half_size() -> vec2u {
    return (lens.size + 1u) / 2u;
}

fn pixel_of(at: vec2u) -> u32 {
    let p = min(at * 2u, lens.size - 1u);
    return p.y * lens.size.x + p.x;
}

@compute @workgroup_size(8, 8)
fn gather(@builtin(global_invocation_id) at: vec3u) {
    let size = half_size();
    if any(at.xy >= size) {
        return;
    }
    let pixel = pixel_of(at.xy);
    let z = depth[pixel];
    let out = at.y * size.x + at.x;
    if z <= 0.0 {
        coarse[out] = 1.0;
        return;
    }
    let ray = lens_stored(lens, rays[pixel]).xyz;
    let p = ray * (z / ray.z);
    let n = unpack4x8unorm(normals[pixel]).xyz * 2.0 - 1.0;
    let reach_px = clamp(REACH * lens.focal_px.x / z, 4.0, 0.25 * f32(lens.size.x));
    let turn = f32((at.x & 3u) * 4u + (at.y & 3u)) * 0.3927;
    var sum = 0.0;
    for (var i = 0; i < TAPS; i++) {
        let r = (f32(i) + 0.5) / f32(TAPS);
        let a = turn + f32(i) * 2.39996;
        let tap = vec2f(at.xy * 2u) + 0.5 + r * r * reach_px * vec2f(cos(a), sin(a));
        let q = vec2i(floor(tap));
        if any(q < vec2i(0)) || any(q >= vec2i(lens.size)) {
            continue;
        }
        let other = u32(q.y) * lens.size.x + u32(q.x);
        let oz = depth[other];
        if oz <= 0.0 {
            continue;
        }
        let oray = lens_stored(lens, rays[other]).xyz;
        let d = oray * (oz / oray.z) - p;
        let d2 = dot(d, d);
        let rise = dot(d, n) * inverseSqrt(max(d2, 1e-8));
        let fade = clamp(1.0 - d2 / (REACH * REACH), 0.0, 1.0);
        sum += max(rise - 0.08, 0.0) * fade;
    }
    coarse[out] = clamp(1.0 - 1.9 * sum / f32(TAPS), 0.0, 1.0);
}

// Averages the four by four turns, over pixels of like depth only.
@compute @workgroup_size(8, 8)
fn smooth_out(@builtin(global_invocation_id) at: vec3u) {
    let size = half_size();
    if any(at.xy >= size) {
        return;
    }
    let z = depth[pixel_of(at.xy)];
    var sum = 0.0;
    var weight = 0.0;
    for (var y = -2; y < 2; y++) {
        for (var x = -2; x < 2; x++) {
            let q = vec2u(clamp(vec2i(at.xy) + vec2i(x, y), vec2i(0), vec2i(size) - 1));
            let oz = depth[pixel_of(q)];
            let w = select(0.02, 1.0, abs(oz - z) < 0.03 + 0.02 * z);
            sum += w * coarse[q.y * size.x + q.x];
            weight += w;
        }
    }
    textureStore(target_map, at.xy, vec4f(sum / weight));
}
