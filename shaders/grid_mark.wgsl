// Marks the voxels that surfaces pass through. Workgroups take 64 triangles each, one after the
// other; their threads share a triangle's sample points.
//
// @group(0): 0 grid: uniform GridParams, 1 items: storage array<CasterItem>, 2 chunks: storage array<vec2u> (item, first
// triangle), 3 positions: storage array<f32>, 4 indices: storage array<u32>, 5 voxels: storage rw array<atomic<u32>>
//#import grid

struct CasterItem {
    world_from_object: mat4x4f,
    first_index: u32,
    base_vertex: u32,
    triangles: u32,
    pad: u32,
}

override LANES: u32 = 64u;
const MOST = 1024.0;

@group(0) @binding(0) var<storage, read> grid: GridParams;
@group(0) @binding(1) var<storage, read> items: array<CasterItem>;
@group(0) @binding(2) var<storage, read> chunks: array<vec2u>;
@group(0) @binding(3) var<storage, read> positions: array<f32>;
@group(0) @binding(4) var<storage, read> indices: array<u32>;
@group(0) @binding(5) var<storage, read_write> voxels: array<atomic<u32>>;

fn corner(item: CasterItem, index: u32) -> vec3f {
    let v = 3u * (indices[index] + item.base_vertex);
    return (item.world_from_object * vec4f(positions[v], positions[v + 1u], positions[v + 2u], 1.0)).xyz;
}

fn mark(p: vec3f) {
    let at = vec3i(floor((p - grid.voxel_low) * grid.voxels_per_m));
    if any(at < vec3i(0)) || any(at >= vec3i(grid.voxel_dims)) {
        return;
    }
    let voxel = (u32(at.z) * grid.voxel_dims.y + u32(at.y)) * grid.voxel_dims.x + u32(at.x);
    atomicOr(&voxels[voxel >> 5u], 1u << (voxel & 31u));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let chunk = chunks[group.x + group.y * 32768u];
    let item = items[chunk.x];
    let high = grid.voxel_low + vec3f(grid.voxel_dims) / grid.voxels_per_m;
    for (var k = chunk.y; k < min(chunk.y + 64u, item.triangles); k++) {
        let a = corner(item, item.first_index + 3u * k);
        let b = corner(item, item.first_index + 3u * k + 1u);
        let c = corner(item, item.first_index + 3u * k + 2u);
        if any(max(a, max(b, c)) < grid.voxel_low) || any(min(a, min(b, c)) > high) {
            continue;
        }
        let longest = max(distance(a, b), max(distance(b, c), distance(c, a)));
        let side = u32(clamp(ceil(1.25 * longest * grid.voxels_per_m), 1.0, MOST));
        for (var i = lane; i < side * side; i += LANES) {
            var w = (vec2f(f32(i % side), f32(i / side)) + 0.5) / f32(side);
            // The square's other half is folded back onto the triangle.
            w = select(w, 1.0 - w, w.x + w.y > 1.0);
            mark(a + (b - a) * w.x + (c - a) * w.y);
        }
    }
}
