// The ray through every pixel centre of the final picture: what labels are tested against, and where the lens
// pass looks.
//
// @group(0): 0 lens: uniform LensParams, 1 rays: storage rw array<vec2f> (ray.wgsl), row-major
//#import lens

@group(0) @binding(0) var<storage, read> lens: LensParams;
@group(0) @binding(1) var<storage, read_write> rays: array<vec2f>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= lens.size) {
        return;
    }
    rays[at.y * lens.size.x + at.x] = ray_pack(lens.model == 2u, lens_ray(lens, vec2f(at.xy) + 0.5));
}
