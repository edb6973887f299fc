// Depth of field by gathering: each neighbour gives what its own circle of confusion would have spread here. A
// sharp foreground therefore stays within its outline, and a background never spreads over what stands before it.
//
// @group(0): 0 chain: uniform, 1 linear: texture, 2 depth: storage array<f32>, 3 tiles: storage array<f32>
//#import chain_develop
//#import chain_blur

@group(0) @binding(1) var linear: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> depth: array<f32>;
@group(0) @binding(3) var<storage, read> tiles: array<f32>;

// Samples along a radius before the gather begins to skip pixels.
const DENSE = 6.0;

fn reach(at: vec2u) -> f32 {
    let count = vec2i((chain.size + TILE - 1u) / TILE);
    let tile = vec2i(at / TILE);
    var most = 0.0;
    for (var y = max(tile.y - 2, 0); y <= min(tile.y + 2, count.y - 1); y++) {
        for (var x = max(tile.x - 2, 0); x <= min(tile.x + 2, count.x - 1); x++) {
            most = max(most, tiles[y * count.x + x]);
        }
    }
    return most;
}

// Share of a neighbour's light that lands `distance` away, with a circle one pixel soft at its rim.
fn share(radius: f32, distance: f32) -> f32 {
    let r = max(radius, 0.5);
    return clamp(r - distance + 0.5, 0.0, 1.0) / max(3.14159265 * r * r, 1.0);
}

fn light(at: vec2u) -> vec4f {
    let centre = textureLoad(linear, at, 0);
    let most = reach(at);
    if centre.a == 0.0 || most <= 0.5 {
        return centre;
    }
    let z = depth[at.y * chain.size.x + at.x];
    let own = blur_radius(z);
    let far = select(1e30, z, z > 0.0);
    let stride = i32(ceil(most / DENSE));
    let half_count = i32(ceil((most + 0.5) / f32(stride)));
    var offset = vec2i(0);
    if stride > 1 {
        // A grid with its own shift at each pixel turns what skipping misses into grain, not into dots.
        let u = unit4(hash4(vec4u(at, 0x626c7572u, 0u))).xy;
        offset = vec2i(floor((u - 0.5) * f32(stride) + 0.5));
    }
    let cell = f32(stride * stride);
    var weight = share(own, 0.0);
    var sum = centre.rgb * weight;
    for (var j = -half_count; j <= half_count; j++) {
        for (var i = -half_count; i <= half_count; i++) {
            let o = vec2i(i, j) * stride + offset;
            let distance = length(vec2f(o));
            let q = vec2i(at) + o;
            if all(o == vec2i(0)) || distance >= most + 0.5 || any(q < vec2i(0)) || any(q >= vec2i(chain.size)) {
                continue;
            }
            let zq = depth[u32(q.y) * chain.size.x + u32(q.x)];
            var radius = blur_radius(zq);
            if select(1e30, zq, zq > 0.0) > far {
                radius = min(radius, own);
            }
            let w = share(radius, distance) * cell;
            if w > 0.0 {
                let c = textureLoad(linear, q, 0);
                sum += c.rgb * (w * c.a);
                weight += w * c.a;
            }
        }
    }
    return vec4f(sum / weight, 1.0);
}

@fragment
fn to_linear(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let c = light(vec2u(at.xy));
    return half(c.rgb, c.a);
}

@fragment
fn to_display(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let px = vec2u(at.xy);
    let c = light(px);
    return half(develop(px, c.rgb), c.a);
}

@fragment
fn to_picture(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let px = vec2u(at.xy);
    let c = light(px);
    return picture(px, develop(px, c.rgb), c.a);
}
