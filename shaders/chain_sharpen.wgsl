// Unsharp mask on the developed picture: adds what a 3 x 3 binomial blur would take away.
//
// @group(0): 0 chain: uniform, 1 display: texture, 2 bilinear: sampler
//#import chain_develop

@group(0) @binding(1) var display: texture_2d<f32>;
@group(0) @binding(2) var bilinear: sampler;

fn corner(px: vec2u, offset: vec2f) -> vec4f {
    return textureSampleLevel(display, bilinear, (vec2f(px) + offset) / vec2f(chain.size), 0.0);
}

@fragment
fn to_picture(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let px = vec2u(at.xy);
    let centre = textureLoad(display, px, 0);
    // The mean of the four corners of a pixel is the binomial blur. Pixels without a ray hold zeros, alpha too,
    // and so take no part.
    let blur = 0.25 * (corner(px, vec2f(0.0)) + corner(px, vec2f(1.0, 0.0)) + corner(px, vec2f(0.0, 1.0))
        + corner(px, vec2f(1.0)));
    let detail = centre.rgb * blur.a - blur.rgb;
    return picture(px, centre.rgb + detail * chain.sharpen, centre.a);
}
