// Unsharp mask on the developed picture: adds what a 3 x 3 binomial blur would take away.
//
// @group(0): 0 chain: uniform, 1 display: texture
//#import chain_develop

@group(0) @binding(1) var display: texture_2d<f32>;

@compute @workgroup_size(8, 8)
fn to_picture(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= chain.size) {
        return;
    }
    let centre = textureLoad(display, at.xy, 0);
    let last = vec2i(chain.size) - 1;
    // Differences to the centre, so that flat areas stay as they are to the last bit.
    var detail = vec3f(0.0);
    for (var y = -1; y <= 1; y++) {
        for (var x = -1; x <= 1; x++) {
            let c = textureLoad(display, clamp(vec2i(at.xy) + vec2i(x, y), vec2i(0), last), 0);
            detail += (centre.rgb - c.rgb) * (c.a * f32((2 - abs(x)) * (2 - abs(y))));
        }
    }
    write_picture(at.xy, centre.rgb + detail * (chain.sharpen / 16.0), centre.a);
}
