// The lens: looks every ray of the final picture up in the pinhole views, with lateral chromatic aberration and
// vignetting.
//
// @group(0): 0 chain: uniform, 1 hdr: texture array, 2 rays: storage array<vec4f>, row-major
//#import chain_develop

@group(0) @binding(1) var hdr: texture_2d_array<f32>;
@group(0) @binding(2) var<storage, read> rays: array<vec4f>;

// The view that sees a direction nearest to its axis.
fn view_of(d: vec3f) -> u32 {
    var best = 0u;
    var most = -1e30;
    for (var i = 0u; i < chain.view_count; i++) {
        let m = chain.views[i].view_from_camera;
        let z = m[0].z * d.x + m[1].z * d.y + m[2].z * d.z;
        if z > most {
            most = z;
            best = i;
        }
    }
    return best;
}

fn place(view: u32, d: vec3f) -> vec2f {
    let v = chain.views[view].view_from_camera * d;
    return v.xy / max(v.z, 1e-6) * chain.views[view].focal_px + chain.views[view].centre_px;
}

fn texel(view: u32, at: vec2i, last: vec2i) -> vec3f {
    return textureLoad(hdr, clamp(at, vec2i(0), last), view, 0).rgb;
}

// Catmull and Rom's cubic (1974): weights of four texels, t past the second.
fn cubic(t: f32) -> vec4f {
    let t2 = t * t;
    let t3 = t2 * t;
    return 0.5 * vec4f(2.0 * t2 - t - t3, 3.0 * t3 - 5.0 * t2 + 2.0, 4.0 * t2 - 3.0 * t3 + t, t3 - t2);
}

fn cubic_row(view: u32, at: vec2i, last: vec2i, w: vec4f) -> vec3f {
    return texel(view, at + vec2i(-1, 0), last) * w.x + texel(view, at, last) * w.y
        + texel(view, at + vec2i(1, 0), last) * w.z + texel(view, at + vec2i(2, 0), last) * w.w;
}

// A position within this of a texel's centre is that texel: one load, and an undistorted picture is an exact copy.
const ON_TEXEL = 0.002;

fn sharp(view: u32, px: vec2f) -> vec3f {
    let last = vec2i(chain.views[view].size_px) - 1;
    let p = px - 0.5;
    let near = round(p);
    if all(abs(p - near) < vec2f(ON_TEXEL)) {
        return texel(view, vec2i(near), last);
    }
    let base = floor(p);
    let at = vec2i(base);
    let wx = cubic(p.x - base.x);
    let wy = cubic(p.y - base.y);
    let sum = cubic_row(view, at - vec2i(0, 1), last, wx) * wy.x + cubic_row(view, at, last, wx) * wy.y
        + cubic_row(view, at + vec2i(0, 1), last, wx) * wy.z + cubic_row(view, at + vec2i(0, 2), last, wx) * wy.w;
    // The cubic's negative lobes must not make negative light beside a lamp.
    return max(sum, vec3f(0.0));
}

fn smooth_texel(view: u32, px: vec2f) -> vec3f {
    let last = vec2i(chain.views[view].size_px) - 1;
    let p = px - 0.5;
    let base = floor(p);
    let f = p - base;
    let at = vec2i(base);
    let top = mix(texel(view, at, last), texel(view, at + vec2i(1, 0), last), f.x);
    let bottom = mix(texel(view, at + vec2i(0, 1), last), texel(view, at + vec2i(1, 1), last), f.x);
    return mix(top, bottom, f.y);
}

// The mean over one final pixel, whose edges in the view are `jx` and `jy`.
fn gather(view: u32, px: vec2f, jx: vec2f, jy: vec2f) -> vec3f {
    let n = u32(clamp(round(max(length(jx), length(jy))), 1.0, 4.0));
    if n == 1u {
        return sharp(view, px);
    }
    var sum = vec3f(0.0);
    for (var i = 0u; i < n; i++) {
        for (var j = 0u; j < n; j++) {
            let o = (vec2f(f32(i), f32(j)) + 0.5) / f32(n) - 0.5;
            sum += smooth_texel(view, px + jx * o.x + jy * o.y);
        }
    }
    return sum / f32(n * n);
}

// How far the place in the view moves from this pixel to the next along `axis`.
fn edge(view: u32, at: vec2u, axis: vec2u, here: vec2f) -> vec2f {
    let i = at.y * chain.size.x + at.x;
    let step = axis.x + axis.y * chain.size.x;
    if all(at + axis < chain.size) && rays[i + step].w > 0.0 {
        return place(view, rays[i + step].xyz) - here;
    }
    if all(at >= axis) && rays[i - step].w > 0.0 {
        return here - place(view, rays[i - step].xyz);
    }
    return vec2f(axis);
}

// Linear light (rgb) at a final pixel, and whether a ray reaches it (a).
fn light(at: vec2u) -> vec4f {
    let ray = rays[at.y * chain.size.x + at.x];
    if ray.w == 0.0 {
        return vec4f(0.0);
    }
    let view = select(view_of(ray.xyz), 0u, chain.view_count == 1u);
    let px = place(view, ray.xyz);
    let from_centre = vec2f(at) + 0.5 - chain.centre_px;
    var c: vec3f;
    if chain.footprint == 0u {
        c = sharp(view, px);
    } else {
        let jx = edge(view, at, vec2u(1u, 0u), px);
        let jy = edge(view, at, vec2u(0u, 1u), px);
        c = gather(view, px, jx, jy);
        if chain.red_shift != 0.0 {
            let outward = jx * from_centre.x + jy * from_centre.y;
            c.r = gather(view, px + outward * chain.red_shift, jx, jy).r;
            c.b = gather(view, px + outward * chain.blue_shift, jx, jy).b;
        }
    }
    // The cosine-to-the-fourth law, written as a function of the radius.
    let fall = 1.0 + chain.vignette * dot(from_centre, from_centre);
    return vec4f(c / (fall * fall), 1.0);
}

@compute @workgroup_size(8, 8)
fn to_linear(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= chain.size) {
        return;
    }
    let c = light(at.xy);
    write_half(at.xy, c.rgb, c.a);
}

@compute @workgroup_size(8, 8)
fn to_display(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= chain.size) {
        return;
    }
    let c = light(at.xy);
    write_half(at.xy, develop(at.xy, c.rgb), c.a);
}

@compute @workgroup_size(8, 8)
fn to_picture(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= chain.size) {
        return;
    }
    let c = light(at.xy);
    write_picture(at.xy, develop(at.xy, c.rgb), c.a);
}
