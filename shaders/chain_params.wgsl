// What every pass of the camera chain needs. Host twin: gpu/layout.rs.

struct ChainView {
    view_from_camera: mat3x3f,
    focal_px: vec2f,
    centre_px: vec2f,
    size_px: vec2f,
    pad: vec2f,
}

struct ChainParams {
    views: array<ChainView, 6>,
    gain: vec3f,
    vignette: f32,
    centre_px: vec2f,
    motion_px: vec2f,
    size: vec2u,
    noise_key: vec2u,
    copy_shift: vec2i,
    view_count: u32,
    red_shift: f32,
    blue_shift: f32,
    focus_m: f32,
    blur_at_infinity_px: f32,
    turn_rad: f32,
    shake_samples: u32,
    noise_shot: f32,
    noise_read: f32,
    shoulder: f32,
    contrast: f32,
    saturation: f32,
    sharpen: f32,
    pad: u32,
}

@group(0) @binding(0) var<storage, read> chain: ChainParams;
