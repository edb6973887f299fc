// Hand shake: the mean along each pixel's path during the exposure, whose middle is where the labels are.
//
// @group(0): 0 chain: uniform, 1 linear: texture, 2 bilinear: sampler
//#import chain_develop

@group(0) @binding(1) var linear: texture_2d<f32>;
@group(0) @binding(2) var bilinear: sampler;

fn light(at: vec2u) -> vec4f {
    let reached = textureLoad(linear, at, 0).a > 0.0;
    let size = vec2f(chain.size);
    let count = f32(chain.shake_samples);
    // Half a step into the path; then on by the same turn and the same motion each time.
    let start = chain.turn_rad * (0.5 / count - 0.5);
    let step = chain.turn_rad / count;
    let turn = mat2x2f(cos(step), sin(step), -sin(step), cos(step));
    let from_centre = vec2f(at) + 0.5 - 0.5 * size;
    var arm = mat2x2f(cos(start), sin(start), -sin(start), cos(start)) * from_centre;
    var shift = chain.motion_px * (0.5 / count - 0.5) + 0.5 * size;
    var sum = vec4f(0.0);
    for (var i = 0u; i < chain.shake_samples; i++) {
        sum += textureSampleLevel(linear, bilinear, (arm + shift) / size, 0.0);
        arm = turn * arm;
        shift += chain.motion_px / count;
    }
    return select(vec4f(0.0), vec4f(sum.rgb / max(sum.a, 1e-6), 1.0), reached);
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
