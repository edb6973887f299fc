// Depth seen from a light.
//
// @group(0): 0 shadow: uniform mat4x4f, 1 instances: storage array<mat4x4f>

@group(0) @binding(0) var<storage, read> shadow_from_world: mat4x4f;
@group(0) @binding(1) var<storage, read> world_from_object: array<mat4x4f>;

@vertex
fn vertex(@location(0) position: vec3f, @builtin(instance_index) instance: u32) -> @builtin(position) vec4f {
    return shadow_from_world * (world_from_object[instance] * vec4f(position, 1.0));
}
