// The lens: looks every ray of the final picture up in the pinhole views, with lateral chromatic aberration and
// vignetting.
//
// @group(0): 0 chain: uniform, 1 hdr: texture array, 2 rays: storage array<vec2f>, row-major,
// 3 bilinear: sampler
//#import chain_develop
//#import ray

@group(0) @binding(1) var hdr: texture_2d_array<f32>;
@group(0) @binding(2) var<storage, read> rays: array<vec2f>;
@group(0) @binding(3) var bilinear: sampler;

// The one view's pixels are the picture's own: each is copied as it is.
override COPIED: bool = false;
// Rays are stored as those of a fisheye.
override FISHEYE: bool = false;
// There are several views.
override MANY: bool = false;
// Red and blue have places of their own.
override FRINGED: bool = false;
// Samples along each side of a final pixel.
override TAPS: i32 = 1;

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

fn sample(view: u32, px: vec2f) -> vec3f {
    return textureSampleLevel(hdr, bilinear, px / chain.views[view].size_px, view, 0.0).rgb;
}

// The mean over one final pixel, whose edges in the view are `jx` and `jy`.
fn gather(view: u32, px: vec2f, jx: vec2f, jy: vec2f) -> vec3f {
    if TAPS == 1 {
        return sample(view, px);
    }
    var sum = vec3f(0.0);
    for (var i = 0; i < TAPS; i++) {
        for (var j = 0; j < TAPS; j++) {
            let o = (vec2f(f32(i), f32(j)) + 0.5) / f32(TAPS) - 0.5;
            sum += sample(view, px + jx * o.x + jy * o.y);
        }
    }
    return sum / f32(TAPS * TAPS);
}

// How far the place in the view moves from this pixel to the next along `axis`: forwards, or where there is no
// next, from the one before.
fn edge(view: u32, at: vec2u, axis: vec2u, here: vec2f) -> vec2f {
    let last = chain.size - 1u;
    let next = min(at + axis, last);
    let before = at - min(axis, at);
    let forward = ray_unpack(FISHEYE, rays[next.y * chain.size.x + next.x]);
    let backward = ray_unpack(FISHEYE, rays[before.y * chain.size.x + before.x]);
    if forward.w > 0.0 && any(next != at) {
        return place(view, forward.xyz) - here;
    }
    if backward.w > 0.0 && any(before != at) {
        return here - place(view, backward.xyz);
    }
    return vec2f(axis);
}

// The lens: light that arrives at a final pixel, and whether a ray reaches it (a).
fn through_lens(at: vec2u, from_centre: vec2f) -> vec4f {
    if COPIED {
        return vec4f(textureLoad(hdr, vec2i(at) + chain.copy_shift, 0, 0).rgb, 1.0);
    }
    let ray = ray_unpack(FISHEYE, rays[at.y * chain.size.x + at.x]);
    var view = 0u;
    if MANY {
        view = view_of(ray.xyz);
    }
    let px = place(view, ray.xyz);
    var jx = vec2f(0.0);
    var jy = vec2f(0.0);
    if FRINGED || TAPS > 1 {
        jx = edge(view, at, vec2u(1u, 0u), px);
        jy = edge(view, at, vec2u(0u, 1u), px);
    }
    var c = gather(view, px, jx, jy);
    if FRINGED {
        let outward = jx * from_centre.x + jy * from_centre.y;
        c.r = gather(view, px + outward * chain.red_shift, jx, jy).r;
        c.b = gather(view, px + outward * chain.blue_shift, jx, jy).b;
    }
    return select(vec4f(0.0), vec4f(c, 1.0), ray.w > 0.0);
}

fn light(at: vec2u) -> vec4f {
    let from_centre = vec2f(at) + 0.5 - chain.centre_px;
    let c = through_lens(at, from_centre);
    // The cosine-to-the-fourth law, written as a function of the radius.
    let fall = 1.0 + chain.vignette * dot(from_centre, from_centre);
    return vec4f(c.rgb / (fall * fall), c.a);
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
