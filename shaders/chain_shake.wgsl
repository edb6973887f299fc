// Hand shake: the mean along each pixel's path during the exposure, whose middle is where the labels are.
//
// @group(0): 0 chain: uniform, 1 linear: texture, 2 bilinear: sampler
//#import chain_develop

@group(0) @binding(1) var linear: texture_2d<f32>;
@group(0) @binding(2) var bilinear: sampler;

fn light(at: vec2u) -> vec4f {
    if textureLoad(linear, at, 0).a == 0.0 {
        return vec4f(0.0);
    }
    let size = vec2f(chain.size);
    let from_centre = vec2f(at) + 0.5 - 0.5 * size;
    var sum = vec4f(0.0);
    for (var i = 0u; i < chain.shake_samples; i++) {
        let t = (f32(i) + 0.5) / f32(chain.shake_samples) - 0.5;
        let c = cos(chain.turn_rad * t);
        let s = sin(chain.turn_rad * t);
        let turned = vec2f(c * from_centre.x - s * from_centre.y, s * from_centre.x + c * from_centre.y);
        sum += textureSampleLevel(linear, bilinear, (turned + chain.motion_px * t) / size + 0.5, 0.0);
    }
    return vec4f(sum.rgb / max(sum.a, 1e-6), 1.0);
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
