// A rendered picture, straight into a trainer's tensor: scaled, cropped, mirrored and recoloured on the way, as three
// planes. What lies outside of the picture is grey.
//
// @group(0): 0 p: uniform, 1 picture: texels, 2 tensor: write

struct HandOver {
    scale: vec2f,
    offset: vec2f,
    source: vec2u,
    size: vec2u,
    taps: vec2u,
    first: u32,
    flip: u32,
    tint: vec4f,
    brightness: f32,
    contrast: f32,
    saturation: f32,
    recolour: u32,
}

@group(0) @binding(0) var<storage, read> p: HandOver;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> tensor: array<f32>;

// The tensor is grey where no picture lies; colours are varied about it.
const GREY: f32 = 0.45;

fn texel(x: u32, y: u32) -> vec3f {
    // Back to the byte: what a driver makes of it on the way may be off by the last bit.
    return round(textureLoad(picture, vec2u(x, y), 0).rgb * 255.0);
}

// Colour between pixel centres, 0 to 255; pixel 0's centre is at 0.
fn bilinear(at: vec2f) -> vec3f {
    let start = max(at, vec2f(0.0));
    let low = min(vec2u(start), p.source - 1u);
    let high = min(low + 1u, p.source - 1u);
    let f = fract(start);
    let top = mix(texel(low.x, low.y), texel(high.x, low.y), f.x);
    let bottom = mix(texel(low.x, high.y), texel(high.x, high.y), f.x);
    return mix(top, bottom, f.y);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if any(id.xy >= p.size) {
        return;
    }
    var sum = vec3f(0.0);
    var hits = 0.0;
    for (var ty = 0u; ty < p.taps.y; ty++) {
        for (var tx = 0u; tx < p.taps.x; tx++) {
            let at = vec2f(id.xy) + (vec2f(f32(tx), f32(ty)) + 0.5) / vec2f(p.taps);
            var uv = (at - p.offset) / p.scale;
            if all(uv >= vec2f(0.0)) && all(uv < vec2f(p.source)) {
                if p.flip == 1u {
                    uv.x = f32(p.source.x) - uv.x;
                }
                sum += bilinear(uv - 0.5);
                hits += 1.0;
            }
        }
    }
    var colour = vec3f(GREY);
    if hits > 0.0 {
        colour = sum / hits / 255.0;
    }
    if p.recolour == 1u {
        let luma = dot(colour, vec3f(0.299, 0.587, 0.114));
        colour = (luma + p.saturation * (colour - luma)) * p.tint.rgb * p.brightness;
        colour = clamp(GREY + p.contrast * (colour - GREY), vec3f(0.0), vec3f(1.0));
    }
    let plane = p.size.x * p.size.y;
    let cell = p.first + id.y * p.size.x + id.x;
    tensor[cell] = colour.r;
    tensor[cell + plane] = colour.g;
    tensor[cell + 2u * plane] = colour.b;
}
