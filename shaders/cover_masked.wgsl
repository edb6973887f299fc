// Exact visibility of surfaces with alpha cut-outs: where alpha is below the cutoff there is nothing.
//
// @group(1): 0 attributes: storage array<u32>, 1 picture: texture 2D, 2 picture_sampler: sampler
//#import cover

const ATTRIBUTE_WORDS = 9u;
const UV_WORD = 4u;
const COLOUR_WORD = 8u;

@group(1) @binding(0) var<storage, read> attributes: array<u32>;
@group(1) @binding(1) var picture: texture_2d<f32>;
@group(1) @binding(2) var picture_sampler: sampler;

fn uv_of(v: u32) -> vec2f {
    let at = ATTRIBUTE_WORDS * v + UV_WORD + 2u * params.uv_set;
    return vec2f(bitcast<f32>(attributes[at]), bitcast<f32>(attributes[at + 1u]));
}

fn alpha_of(v: u32) -> f32 {
    return unpack4x8unorm(attributes[ATTRIBUTE_WORDS * v + COLOUR_WORD]).w;
}

fn alpha_passes(t: Record, item: CoverItem, w: vec3f) -> bool {
    let b = w / (w.x + w.y + w.z);
    let v = vertices(item, t.triangle);
    let uv = b.x * uv_of(v.x) + b.y * uv_of(v.y) + b.z * uv_of(v.z);
    let alpha = b.x * alpha_of(v.x) + b.y * alpha_of(v.y) + b.z * alpha_of(v.z);
    let m = params.uv_matrix;
    let place = vec2f(m.x * uv.x + m.z * uv.y, m.y * uv.x + m.w * uv.y) + params.uv_offset;
    return alpha * textureSampleLevel(picture, picture_sampler, place, 0.0).w >= item.cutoff;
}
