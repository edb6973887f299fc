// From light on the sensor to a picture: exposure and cast, noise, tone curve, eight bits. Imported by every pass
// that may be the last one on linear light, so that developing never costs a pass of its own.
//#import chain_params

// What is off costs nothing: a variant is compiled without it.
override NOISY: bool = false;
override TONED: bool = false;

const HALF_MAX = 65504.0;

// pcg4d of Jarzynski and Olano, 'Hash functions for GPU rendering' (2020).
fn hash4(key: vec4u) -> vec4u {
    var v = key * 1664525u + 1013904223u;
    v += v.yzxy * v.wxyz;
    v ^= v >> vec4u(16u);
    v += v.yzxy * v.wxyz;
    return v;
}

// Uniform in (0, 1): 24 bits, so that neither end is ever reached.
fn unit4(v: vec4u) -> vec4f {
    return (vec4f(v >> vec4u(8u)) + 0.5) * (1.0 / 16777216.0);
}

// Three independent normal deviates (Box and Muller 1958) that depend on the pixel and the key alone.
fn normal3(px: vec2u, key: vec2u) -> vec3f {
    let u = unit4(hash4(vec4u(px, key)));
    let r = sqrt(-2.0 * log(u.xz));
    let turn = 6.283185307 * u.yw;
    return vec3f(r.x * cos(turn.x), r.x * sin(turn.x), r.y * cos(turn.y));
}

// Hable's curve (Uncharted 2, GDC 2010), scaled so that linear 0.18 stays and 3.83 becomes white.
fn hable(x: vec3f) -> vec3f {
    let v = x * 2.9275;
    let y = (v * (0.15 * v + 0.05) + 0.004) / (v * (0.15 * v + 0.5) + 0.06) - 0.0666667;
    return min(y * 1.379065, vec3f(1.0));
}

fn srgb(x: vec3f) -> vec3f {
    let curve = 1.055 * pow(max(x, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055;
    return select(curve, x * 12.92, x <= vec3f(0.0031308));
}

fn tone(linear: vec3f) -> vec3f {
    var x = max(linear, vec3f(0.0));
    if !TONED {
        return srgb(min(x, vec3f(1.0)));
    }
    let luma = dot(x, vec3f(0.2126, 0.7152, 0.0722));
    x = max(luma + (x - luma) * chain.saturation, vec3f(0.0));
    x = 0.18 * pow(max(x, vec3f(1e-8)) / 0.18, vec3f(chain.contrast));
    return srgb(mix(min(x, vec3f(1.0)), hable(x), chain.shoulder));
}

// Display values in 0 to 1 of linear light at a pixel.
fn develop(px: vec2u, linear: vec3f) -> vec3f {
    var x = linear * chain.gain;
    if NOISY {
        let variance = chain.noise_shot * max(x, vec3f(0.0)) + chain.noise_read * chain.noise_read;
        x += sqrt(variance) * normal3(px, chain.noise_key);
    }
    return tone(x);
}

// Rounds up or down with the chance that keeps the mean (so that smooth walls show no bands); a value that eight
// bits hold exactly stays. Alpha 0 marks pixels that no ray reaches: black.
fn picture(px: vec2u, display: vec3f, alpha: f32) -> vec4f {
    let u = unit4(hash4(vec4u(px, 0x64697468u, 0x65720000u))).xyz;
    let steps = floor(clamp(display, vec3f(0.0), vec3f(1.0)) * 255.0 + clamp(u, vec3f(0.002), vec3f(0.998)));
    return vec4f(select(vec3f(0.0), steps / 255.0, alpha > 0.0), 1.0);
}

fn half(value: vec3f, alpha: f32) -> vec4f {
    let kept = clamp(value, vec3f(0.0), vec3f(HALF_MAX));
    return select(vec4f(0.0), vec4f(kept, 1.0), alpha > 0.0);
}

// One triangle over the whole target.
@vertex
fn screen(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
    return vec4f(f32(i32(i & 1u) * 4 - 1), f32(i32(i >> 1u) * 4 - 1), 0.0, 1.0);
}
