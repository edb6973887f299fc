// Smooth edges from one shaded sample a pixel and four samples of which surface is where: a sample that shows another
// surface than the pixel's centre takes its colour from the neighbour towards it that shows the same one (after
// Chajdas, McGuire and Luebke's subpixel reconstruction, 2011). Shading four samples costs software drivers four times
// as much; knowing four surfaces does not.
//
// @group(0): 0 colour: texture, 1 centres: texture of vec2u, 2 samples: multisampled texture of vec2u

@group(0) @binding(0) var colour: texture_2d<f32>;
@group(0) @binding(1) var centres: texture_2d<u32>;
@group(0) @binding(2) var samples: texture_multisampled_2d<u32>;

@vertex
fn screen(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
    return vec4f(f32(i32(i & 1u) * 4 - 1), f32(i32(i >> 1u) * 4 - 1), 0.0, 1.0);
}

fn surface_at(at: vec2i) -> u32 {
    let id = textureLoad(centres, clamp(at, vec2i(0), vec2i(textureDimensions(centres)) - 1), 0).xy;
    return id.x | id.y << 16u;
}

fn colour_at(at: vec2i) -> vec4f {
    return textureLoad(colour, clamp(at, vec2i(0), vec2i(textureDimensions(colour)) - 1), 0);
}

// The sample's colour: its own pixel's, or that of the neighbour aside, above or below, or across that shares its
// surface, the nearest first. `step` points to the sample's quarter; `aside_first` where x is its longer side.
fn sample_colour(at: vec2i, number: i32, own: u32, step: vec2i, aside_first: bool) -> vec4f {
    let id = textureLoad(samples, at, number).xy;
    let surface = id.x | id.y << 16u;
    let first = select(vec2i(0, step.y), vec2i(step.x, 0), aside_first);
    var source = at;
    source = select(source, at - first, surface_at(at - first) == surface);
    source = select(source, at + step, surface_at(at + step) == surface);
    source = select(source, at + step - first, surface_at(at + step - first) == surface);
    source = select(source, at + first, surface_at(at + first) == surface);
    source = select(source, at, own == surface);
    return colour_at(source);
}

@fragment
fn main(@builtin(position) clip: vec4f) -> @location(0) vec4f {
    let at = vec2i(clip.xy);
    let own = surface_at(at);
    // The standard pattern of four samples: (-1, -3), (3, -1), (-3, 1), (1, 3) eighths from the centre.
    return 0.25 * (sample_colour(at, 0, own, vec2i(-1, -1), false)
        + sample_colour(at, 1, own, vec2i(1, -1), true)
        + sample_colour(at, 2, own, vec2i(-1, 1), true)
        + sample_colour(at, 3, own, vec2i(1, 1), false));
}
