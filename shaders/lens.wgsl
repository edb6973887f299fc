// Lens models: directions to pixels and back. The Rust twin, in f64, is geometry/lens.rs.
//#import ray

struct LensParams {
    k: vec4f,
    focal_px: vec2f,
    centre_px: vec2f,
    p: vec2f,
    model: u32,
    limit_squared: f32,
    size: vec2u,
    pad: vec2u,
}

fn lens_brown(l: LensParams, u: vec2f) -> vec2f {
    let r2 = dot(u, u);
    let radial = 1.0 + r2 * (l.k.x + r2 * (l.k.y + r2 * l.k.z));
    return u * radial + vec2f(
        2.0 * l.p.x * u.x * u.y + l.p.y * (r2 + 2.0 * u.x * u.x),
        l.p.x * (r2 + 2.0 * u.y * u.y) + 2.0 * l.p.y * u.x * u.y,
    );
}

fn lens_theta(l: LensParams, theta: f32) -> f32 {
    let t2 = theta * theta;
    return theta * (1.0 + t2 * (l.k.x + t2 * (l.k.y + t2 * (l.k.z + t2 * l.k.w))));
}

// Pixel coordinates of a direction in camera space (xy), and whether the lens sees it (z: 1 or 0).
fn lens_project(l: LensParams, d: vec3f) -> vec3f {
    var n: vec2f;
    if l.model == 2u {
        let r = length(d.xy);
        let theta = atan2(r, d.z);
        if theta * theta > l.limit_squared {
            return vec3f(0.0);
        }
        n = select(vec2f(0.0), d.xy / r * lens_theta(l, theta), r > 1e-12);
    } else {
        if d.z <= 0.0 {
            return vec3f(0.0);
        }
        n = d.xy / d.z;
        if l.model == 1u {
            if dot(n, n) > l.limit_squared {
                return vec3f(0.0);
            }
            n = lens_brown(l, n);
        }
    }
    return vec3f(n * l.focal_px + l.centre_px, 1.0);
}

// Direction in camera space seen at a pixel coordinate (xyz; z = 1 without fisheye, unit length with), and
// whether any ray reaches it (w: 1 or 0).
fn lens_ray(l: LensParams, px: vec2f) -> vec4f {
    let n = (px - l.centre_px) / l.focal_px;
    if l.model == 0u {
        return vec4f(n, 1.0, 1.0);
    }
    if l.model == 1u {
        var u = n;
        let start = dot(u, u);
        if start > l.limit_squared {
            u *= sqrt(l.limit_squared / start) * 0.999;
        }
        var e = lens_brown(l, u) - n;
        for (var i = 0; i < 12; i++) {
            if dot(e, e) < 1e-15 {
                break;
            }
            let r2 = dot(u, u);
            let radial = 1.0 + r2 * (l.k.x + r2 * (l.k.y + r2 * l.k.z));
            let slope = 2.0 * (l.k.x + r2 * (2.0 * l.k.y + r2 * 3.0 * l.k.z));
            let xx = radial + slope * u.x * u.x + 2.0 * l.p.x * u.y + 6.0 * l.p.y * u.x;
            let yy = radial + slope * u.y * u.y + 6.0 * l.p.x * u.y + 2.0 * l.p.y * u.x;
            let xy = slope * u.x * u.y + 2.0 * l.p.x * u.x + 2.0 * l.p.y * u.y;
            let det = xx * yy - xy * xy;
            if abs(det) < 1e-8 {
                return vec4f(0.0);
            }
            u -= vec2f(yy * e.x - xy * e.y, xx * e.y - xy * e.x) / det;
            e = lens_brown(l, u) - n;
        }
        let good = dot(e, e) < 1e-11 && dot(u, u) <= l.limit_squared;
        return select(vec4f(0.0), vec4f(u, 1.0, 1.0), good);
    }
    let r = length(n);
    if r < 1e-9 {
        return vec4f(0.0, 0.0, 1.0, 1.0);
    }
    var low = 0.0;
    var high = sqrt(l.limit_squared);
    if r > lens_theta(l, high) {
        return vec4f(0.0);
    }
    // Newton's steps, kept inside a bracket that halves whenever a step would leave it.
    var theta = min(r, high);
    for (var i = 0; i < 24; i++) {
        let f = lens_theta(l, theta) - r;
        if abs(f) < 1e-7 * r {
            break;
        }
        if f < 0.0 {
            low = theta;
        } else {
            high = theta;
        }
        let t2 = theta * theta;
        let slope = 1.0 + t2 * (3.0 * l.k.x + t2 * (5.0 * l.k.y + t2 * (7.0 * l.k.z + t2 * 9.0 * l.k.w)));
        let next = theta - f / slope;
        theta = select(0.5 * (low + high), next, slope > 0.0 && next > low && next < high);
    }
    return vec4f(n / r * sin(theta), cos(theta), 1.0);
}

// A stored ray of this lens's picture.
fn lens_stored(l: LensParams, stored: vec2f) -> vec4f {
    return ray_unpack(l.model == 2u, stored);
}
