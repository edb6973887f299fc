// Rays as they are stored, two numbers a pixel. Without fisheye: x and y at z = 1, exactly as the lens gives them. With
// one: the unit direction on an octahedron (Meyer et al. 2010), right to f32's last digits. Where no ray reaches the
// sensor: a number far beyond both.

const NO_RAY = 1e30;

fn ray_pack(fisheye: bool, ray: vec4f) -> vec2f {
    let p = ray.xy / (abs(ray.x) + abs(ray.y) + abs(ray.z));
    let folded = (1.0 - abs(p.yx)) * select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.0));
    let round = select(folded, p, ray.z >= 0.0);
    return select(vec2f(NO_RAY), select(ray.xy, round, fisheye), ray.w > 0.0);
}

// Direction (z = 1, or unit length with a fisheye), and whether there is a ray (w: 1 or 0).
fn ray_unpack(fisheye: bool, stored: vec2f) -> vec4f {
    let there = stored.x < 1e29;
    let p = select(vec2f(0.0), stored, there);
    if !fisheye {
        return vec4f(p, 1.0, f32(there));
    }
    let z = 1.0 - abs(p.x) - abs(p.y);
    let folded = (1.0 - abs(p.yx)) * select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.0));
    return vec4f(normalize(vec3f(select(p, folded, z < 0.0), z)), f32(there));
}
