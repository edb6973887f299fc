// The largest circle of confusion in each tile, so that the gather looks no further than it must.
//
// @group(0): 0 chain: uniform, 1 depth: storage array<f32>, 2 tiles: storage rw array<f32>
//#import chain_params
//#import chain_blur

@group(0) @binding(1) var<storage, read> depth: array<f32>;
@group(0) @binding(2) var<storage, read_write> tiles: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    let count = (chain.size + TILE - 1u) / TILE;
    if any(at.xy >= count) {
        return;
    }
    var most = 0.0;
    let end = min((at.xy + 1u) * TILE, chain.size);
    for (var y = at.y * TILE; y < end.y; y++) {
        for (var x = at.x * TILE; x < end.x; x++) {
            most = max(most, blur_radius(depth[y * chain.size.x + x]));
        }
    }
    tiles[at.y * count.x + at.x] = most;
}
