// From the nearest triangle of each pixel to its instance, its depth along the optical axis and its normal.
//
// @group(0): 0 lens: uniform LensParams, 1 rays: storage array<vec2f>, 2 records: storage array<vec4f>, 3 nearest:
// storage array<u32>, 4 item_ids: storage array<u32>, 5 ids: storage rw array<u32>, 6 depth: storage rw array<f32>,
// 7 normals: storage rw array<u32>
//#import lens

@group(0) @binding(0) var<storage, read> lens: LensParams;
@group(0) @binding(1) var<storage, read> rays: array<vec2f>;
@group(0) @binding(2) var<storage, read> records: array<vec4f>;
@group(0) @binding(3) var<storage, read> nearest: array<u32>;
@group(0) @binding(4) var<storage, read> item_ids: array<u32>;
@group(0) @binding(5) var<storage, read_write> ids: array<u32>;
@group(0) @binding(6) var<storage, read_write> depth: array<f32>;
@group(0) @binding(7) var<storage, read_write> normals: array<u32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if any(at.xy >= lens.size) {
        return;
    }
    let pixel = at.y * lens.size.x + at.x;
    let held = nearest[pixel];
    if held == 0u {
        ids[pixel] = 0u;
        depth[pixel] = 0.0;
        normals[pixel] = 0u;
        return;
    }
    // The plane and the item stand in the last of a record's four rows.
    let record = records[4u * held - 1u];
    let ray = lens_stored(lens, rays[pixel]).xyz;
    ids[pixel] = item_ids[bitcast<u32>(record.w)];
    depth[pixel] = ray.z / dot(record.xyz, ray);
    normals[pixel] = pack4x8unorm(vec4f(0.5 - 0.5 * normalize(record.xyz), 1.0));
}
