// One pinhole picture that colour is rendered into. Host twin: gpu/layout.rs.

struct View {
    clip_from_world: mat4x4f,
    eye: vec3f,
    environment_gain: f32,
    size: vec2f,
    environment_turn: vec2f,
    lights: u32,
    environment_visible: u32,
    environment_levels: f32,
    pad: u32,
}
