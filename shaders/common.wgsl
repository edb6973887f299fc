// What every colour pass of one view shares. Host twins: gpu/layout.rs.

struct View {
    clip_from_world: mat4x4f,
    camera_from_world: mat4x4f,
    eye: vec3f,
    environment_gain: f32,
    // Rotation about +Y of the environment: cosine, sine.
    environment_turn: vec2f,
    // All lights, and how many of them, the first ones, cast shadows.
    lights: u32,
    shadowed: u32,
    environment_visible: u32,
    environment_levels: f32,
    ambient_occlusion: u32,
    pad: u32,
    world_from_clip: mat4x4f,
}

struct LightParams {
    shadow_from_world: mat4x4f,
    position: vec3f,
    // 0 sun, 1 spot, 2 tube.
    kind: u32,
    direction: vec3f,
    // Layer of the shadow map; -1 without shadows, -2 when they are the light grid's.
    shadow: i32,
    colour: vec3f,
    // Radius of the lamp, metres; for the sun its angular radius, radians.
    radius: f32,
    // Other end of a tube; `position` is the first.
    to: vec3f,
    cos_inner: f32,
    cos_outer: f32,
    // Metres of the world across the shadow map at unit distance (spot, tube) or altogether (sun).
    shadow_extent: f32,
    // Width of a shadow texel relative to the map.
    texel: f32,
    pad: f32,
}
