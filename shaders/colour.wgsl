// Colour of surfaces: glTF's metallic-roughness model with clear coat and transmission, under several lights with
// soft shadows and light from all around.
//
// @group(0) frame: 0 view: uniform View, 1 lights: storage array<LightParams>, 2 lens: uniform LensParams,
//   3 grid: uniform GridParams, 4 environment: texture 2D with roughness levels, 5 environment_sampler,
//   6 shadow_maps: depth 2D array, 7 shadow_sampler: comparison, 8 occlusion: texture 2D,
//   9 instances: storage array<InstanceParams>, 10 soft: texture 3D (grid_gather.wgsl), 11 soft_sampler
// @group(1) surface: 0 surface: uniform SurfaceParams, 1 base, 2 metallic_roughness, 3 normal, 4 occlusion, 5
//   emissive: textures 2D, 6 to 10: their samplers
//#import common
//#import brdf
//#import lens
//#import grid

struct InstanceParams {
    world_from_object: mat4x4f,
    // Inverse transpose, for normals.
    normal_from_object: mat4x4f,
    tint: vec4f,
}

struct SurfaceParams {
    base_colour: vec4f,
    emissive: vec3f,
    metallic: f32,
    roughness: f32,
    cutoff: f32,
    normal_scale: f32,
    occlusion_strength: f32,
    clearcoat: f32,
    clearcoat_roughness: f32,
    transmission: f32,
    f0: f32,
    attenuation: vec3f,
    // Bits 0 to 4: texture coordinate set of base, metallic-roughness, normal, occlusion, emissive.
    uv_sets: u32,
    uv_matrix: array<vec4f, 5>,
    uv_offset: array<vec4f, 5>,
}

override HAS_METALLIC_ROUGHNESS: bool = false;
override HAS_NORMAL: bool = false;
override HAS_OCCLUSION: bool = false;
override HAS_EMISSIVE: bool = false;
override HAS_CLEARCOAT: bool = false;
override UNLIT: bool = false;
override MASKED: bool = false;
override BLENDED: bool = false;
// Whether the base colour's anisotropic filtering is done here and not by the sampler.
override OWN_ANISOTROPY: bool = false;

@group(0) @binding(0) var<storage, read> view: View;
@group(0) @binding(1) var<storage, read> lights: array<LightParams>;
@group(0) @binding(2) var<storage, read> lens: LensParams;
@group(0) @binding(3) var<storage, read> grid: GridParams;
@group(0) @binding(4) var environment: texture_2d<f32>;
@group(0) @binding(5) var environment_sampler: sampler;
@group(0) @binding(6) var shadow_maps: texture_depth_2d_array;
@group(0) @binding(7) var shadow_sampler: sampler_comparison;
@group(0) @binding(8) var occlusion_map: texture_2d<f32>;
@group(0) @binding(9) var<storage, read> instances: array<InstanceParams>;
@group(0) @binding(10) var soft: texture_3d<f32>;
@group(0) @binding(11) var soft_sampler: sampler;

@group(1) @binding(0) var<storage, read> surface: SurfaceParams;
@group(1) @binding(1) var base_map: texture_2d<f32>;
@group(1) @binding(2) var metallic_roughness_map: texture_2d<f32>;
@group(1) @binding(3) var normal_map: texture_2d<f32>;
@group(1) @binding(4) var surface_occlusion_map: texture_2d<f32>;
@group(1) @binding(5) var emissive_map: texture_2d<f32>;
@group(1) @binding(6) var base_sampler: sampler;
@group(1) @binding(7) var metallic_roughness_sampler: sampler;
@group(1) @binding(8) var normal_sampler: sampler;
@group(1) @binding(9) var surface_occlusion_sampler: sampler;
@group(1) @binding(10) var emissive_sampler: sampler;

struct VertexIn {
    @location(0) position: vec3f,
    @location(1) normal: vec4f,
    @location(2) tangent: vec4f,
    @location(3) uv0: vec2f,
    @location(4) uv1: vec2f,
    @location(5) colour: vec4f,
    @builtin(instance_index) instance: u32,
}

struct VertexOut {
    @invariant @builtin(position) clip: vec4f,
    @location(0) world: vec3f,
    @location(1) normal: vec3f,
    @location(2) tangent: vec4f,
    @location(3) uv: vec4f,
    @location(4) colour: vec4f,
    @location(5) @interpolate(flat) number: u32,
}

// Colour at a pixel's centre, and which surface is there.
struct Shaded {
    @location(0) colour: vec4f,
    @location(1) surface: vec2u,
}

// Surfaces that are told apart when edges are smoothed (smooth.wgsl): each primitive of each instance, and on it what
// faces along each axis, so that a box's edges count. Nothing is 0.
fn surface_of(number: u32, normal: vec3f) -> vec2u {
    let a = abs(normal);
    let axis = select(select(2u, 1u, a.y > a.z), 0u, a.x > max(a.y, a.z));
    let id = ((number + 1u) << 2u) | axis;
    return vec2u(id & 0xffffu, id >> 16u);
}

@vertex
fn vertex(v: VertexIn) -> VertexOut {
    let instance = instances[v.instance];
    let world = instance.world_from_object * vec4f(v.position, 1.0);
    var out: VertexOut;
    out.clip = view.clip_from_world * world;
    out.world = world.xyz;
    out.normal = (instance.normal_from_object * vec4f(v.normal.xyz, 0.0)).xyz;
    out.tangent = vec4f((instance.world_from_object * vec4f(v.tangent.xyz, 0.0)).xyz, v.tangent.w);
    out.uv = vec4f(v.uv0, v.uv1);
    out.colour = v.colour * vec4f(instance.tint.rgb, 1.0);
    out.number = v.instance;
    return out;
}

fn uv_of(uv: vec4f, slot: u32) -> vec2f {
    return turned(uv, slot) + surface.uv_offset[slot].xy;
}

// Coordinates or their slopes as a texture's transform turns them. Slopes over the picture are taken of what is
// interpolated, and turned afterwards: beyond a triangle's edge a software driver's lanes read zeros from buffers, and
// slopes of what is worked out from those are wrong along every edge.
fn turned(uv: vec4f, slot: u32) -> vec2f {
    let place = select(uv.xy, uv.zw, (surface.uv_sets >> slot & 1u) != 0u);
    let m = surface.uv_matrix[slot];
    return vec2f(m.x * place.x + m.z * place.y, m.y * place.x + m.w * place.y);
}

fn environment_uv(direction: vec3f) -> vec2f {
    let t = view.environment_turn;
    let d = vec3f(t.x * direction.x - t.y * direction.z, direction.y, t.y * direction.x + t.x * direction.z);
    return vec2f(0.5 + atan2(d.x, -d.z) / (2.0 * PI), acos(clamp(d.y, -1.0, 1.0)) / PI);
}

fn environment_at(direction: vec3f, roughness: f32) -> vec3f {
    let level = roughness * view.environment_levels;
    return textureSampleLevel(environment, environment_sampler, environment_uv(direction), level).rgb * view.environment_gain;
}

// What the grid holds at a point, in one of its slabs.
fn soft_at(place: vec3f, slab: u32) -> vec4f {
    let deep = f32(grid.dims.z);
    let z = clamp(place.z, 0.5, deep - 0.5) + f32(slab) * deep;
    return textureSampleLevel(soft, soft_sampler, vec3f(place.xy / vec2f(grid.dims.xy), z / (7.0 * deep)), 0.0);
}

// Irradiance on a surface: three faces of the ambient cube, each weighted by the square of the normal's share.
fn soft_light(place: vec3f, n: vec3f) -> vec3f {
    let face = select(vec3u(1u, 3u, 5u), vec3u(0u, 2u, 4u), n >= vec3f(0.0));
    let square = n * n;
    let sum = soft_at(place, face.x) * square.x + soft_at(place, face.y) * square.y + soft_at(place, face.z) * square.z;
    return sum.rgb / max(sum.a, 1e-4);
}

// Scale and bias of F0 for light from all around (Karis 2014, the mobile approximation).
fn environment_brdf(f0: vec3f, roughness: f32, n_v: f32) -> vec3f {
    let c0 = vec4f(-1.0, -0.0275, -0.572, 0.022);
    let c1 = vec4f(1.0, 0.0425, 1.04, -0.04);
    let r = roughness * c0 + c1;
    let a004 = min(r.x * r.x, exp2(-9.28 * n_v)) * r.x + r.y;
    let ab = vec2f(-1.04, 1.04) * a004 + r.zw;
    return f0 * ab.x + ab.y;
}

fn shadow_ndc(light: LightParams, world: vec3f) -> vec4f {
    let p = light.shadow_from_world * vec4f(world, 1.0);
    return vec4f(p.xyz / max(p.w, 1e-6), p.w);
}

// By how much the depth of a flat surface with this normal grows across a shadow map, to the right and down: what is
// compared beside a point must lie on its surface, or the surface would shade itself (Isidoro 2006, receiver plane).
fn depth_slope(light: LightParams, world: vec3f, ndc: vec3f, n: vec3f) -> vec2f {
    let aside = normalize(select(vec3f(n.z, 0.0, -n.x), vec3f(0.0, -n.z, n.y), abs(n.y) > 0.7));
    let a = shadow_ndc(light, world + 0.02 * aside).xyz - ndc;
    let b = shadow_ndc(light, world + 0.02 * cross(n, aside)).xyz - ndc;
    let det = a.x * b.y - a.y * b.x;
    let slope = vec2f(a.z * b.y - b.z * a.y, a.z * b.x - b.z * a.x) * 2.0;
    return select(slope / det, vec2f(0.0), abs(det) < 1e-12);
}

// Share of a light that arrives, from a soft comparison on a spiral of taps (Vogel's disc), turned per pixel.
fn lit_share(light: LightParams, lifted: vec3f, n: vec3f, turn: vec2f) -> f32 {
    let ndc = shadow_ndc(light, lifted);
    let centre = vec2f(0.5 + 0.5 * ndc.x, 0.5 - 0.5 * ndc.y);
    // A penumbra as wide as that of an occluder a hand's breadth above the surface.
    let away = select(max(ndc.w, 0.1), 1.0, light.kind == 0u);
    let spread = max(light.radius / light.shadow_extent * 0.15 / away, 1.2 * light.texel);
    let slope = depth_slope(light, lifted, ndc.xyz, n);
    var sum = 0.0;
    // Quarter turns of one direction, at radii that give each tap the same area.
    var tap = turn * spread * 0.3536;
    sum += textureSampleCompareLevel(shadow_maps, shadow_sampler, centre + tap, light.shadow, ndc.z + dot(slope, tap));
    tap = vec2f(-tap.y, tap.x) * 1.7321;
    sum += textureSampleCompareLevel(shadow_maps, shadow_sampler, centre + tap, light.shadow, ndc.z + dot(slope, tap));
    tap = vec2f(-tap.y, tap.x) * 1.2910;
    sum += textureSampleCompareLevel(shadow_maps, shadow_sampler, centre + tap, light.shadow, ndc.z + dot(slope, tap));
    tap = vec2f(-tap.y, tap.x) * 1.1832;
    sum += textureSampleCompareLevel(shadow_maps, shadow_sampler, centre + tap, light.shadow, ndc.z + dot(slope, tap));
    let outside = ndc.w <= 0.0 || any(centre < vec2f(0.0)) || any(centre > vec2f(1.0)) || ndc.z > 1.0;
    return select(0.25 * sum, 1.0, outside);
}

struct Shading {
    n: vec3f,
    coat_n: vec3f,
    v: vec3f,
    // The view direction, mirrored.
    r: vec3f,
    n_v: f32,
    diffuse: vec3f,
    f0: vec3f,
    alpha: f32,
}

// What one light adds: diffuse in [0], specular in [1], before shadow.
fn shade(s: Shading, light: LightParams, world: vec3f) -> array<vec3f, 2> {
    // Irradiance of a line by three-point Gauss-Legendre quadrature along it; a spot is a line without length. The
    // highlight is shaded from the point of the line nearest to the mirrored ray (Karis 2013).
    let axis = select(vec3f(0.0), light.to - light.position, light.kind == 2u);
    let start = light.position - world;
    var facing = 0.0;
    for (var k = 0; k < 3; k++) {
        let d = start + axis * (0.5 + (f32(k) - 1.0) * 0.3873);
        let d2 = max(dot(d, d), 1e-4);
        let u = d * inverseSqrt(d2);
        let cone = dot(-u, light.direction);
        let lobe = select(
            smoothstep(light.cos_outer, light.cos_inner, cone),
            smoothstep(-0.25, 0.25, cone),
            light.kind == 2u);
        facing += select(0.27778, 0.44444, k == 1) * max(dot(u, s.n), 0.0) * lobe / d2;
    }
    let length_m = length(axis);
    facing *= select(1.0, length_m, light.kind == 2u);
    let along = dot(s.r, axis);
    let t = clamp((dot(s.r, start) * along - dot(axis, start)) / max(length_m * length_m - along * along, 1e-4), 0.0, 1.0);
    var l = normalize(start + axis * t);
    if light.kind == 0u {
        l = -light.direction;
        facing = max(dot(s.n, l), 0.0);
    }
    // Irradiance on the surface, its cosine included.
    let e = light.colour * facing;
    let h = normalize(l + s.v);
    let n_h = clamp(dot(s.n, h), 0.0, 1.0);
    let v_h = clamp(dot(s.v, h), 0.0, 1.0);
    let n_l = max(dot(s.n, l), 0.05);
    let f = fresnel_schlick(s.f0, v_h);
    let specular = f * (distribution_ggx(n_h, s.alpha) * visibility_smith(n_l, s.n_v, s.alpha));
    var result = array<vec3f, 2>((1.0 - f) * s.diffuse / PI * e, specular * e);
    if HAS_CLEARCOAT {
        let ca = max(surface.clearcoat_roughness * surface.clearcoat_roughness, 0.002);
        let c_h = clamp(dot(s.coat_n, h), 0.0, 1.0);
        let cf = fresnel_schlick(vec3f(0.04), v_h).x * surface.clearcoat;
        // Kelemen and Szirmay-Kalos' visibility (2001) is enough for a coat.
        let coat = cf * distribution_ggx(c_h, ca) * 0.25 / max(v_h * v_h, 0.05);
        result[0] *= 1.0 - cf;
        result[1] = result[1] * (1.0 - cf) + coat * e;
    }
    return result;
}

// The highlight of a lamp whose light is otherwise the grid's: from the point of it nearest to the mirrored ray.
fn glint(s: Shading, light: LightParams, world: vec3f) -> vec3f {
    let tube = light.kind == 2u;
    let axis = select(vec3f(0.0), light.to - light.position, tube);
    let start = light.position - world;
    let along = dot(s.r, axis);
    let square = dot(axis, axis);
    let t = clamp((dot(s.r, start) * along - dot(axis, start)) / max(square - along * along, 1e-4), 0.0, 1.0);
    let d = start + axis * t;
    let d2 = max(dot(d, d), 1e-3);
    let u = d * inverseSqrt(d2);
    let cone = dot(-u, light.direction);
    let lobe = select(
        smoothstep(light.cos_outer, light.cos_inner, cone),
        smoothstep(-0.25, 0.25, cone),
        tube);
    let sun = light.kind == 0u;
    let l = select(u, -light.direction, sun);
    let n_l = max(dot(s.n, l), 0.0);
    let brings = select(lobe / d2 * select(1.0, sqrt(square), tube), 1.0, sun) * n_l;
    let h = normalize(l + s.v);
    let n_h = clamp(dot(s.n, h), 0.0, 1.0);
    let v_h = clamp(dot(s.v, h), 0.0, 1.0);
    let f = fresnel_schlick(s.f0, v_h);
    var result = f * (distribution_ggx(n_h, s.alpha) * visibility_smith(max(n_l, 0.05), s.n_v, s.alpha));
    if HAS_CLEARCOAT {
        let ca = max(surface.clearcoat_roughness * surface.clearcoat_roughness, 0.002);
        let cf = fresnel_schlick(vec3f(0.04), v_h).x * surface.clearcoat;
        let c_h = clamp(dot(s.coat_n, h), 0.0, 1.0);
        result = result * (1.0 - cf) + cf * distribution_ggx(c_h, ca) * 0.25 / max(v_h * v_h, 0.05);
    }
    return result * light.colour * brings;
}

// Base colour, filtered along the longer axis of the pixel's footprint by four taps at the level of the shorter axis
// (at most a quarter of the longer), when the sampler does not do it.
fn base_at(at: vec4f, dx: vec4f, dy: vec4f) -> vec4f {
    let uv = uv_of(at, 0u);
    let x = turned(dx, 0u);
    let y = turned(dy, 0u);
    if !OWN_ANISOTROPY {
        return textureSampleGrad(base_map, base_sampler, uv, x, y);
    }
    let size = vec2f(textureDimensions(base_map));
    let x2 = dot(x * size, x * size);
    let y2 = dot(y * size, y * size);
    let long = select(y, x, x2 > y2);
    let level = 0.5 * log2(max(max(min(x2, y2), max(x2, y2) / 16.0), 1e-12));
    var sum = textureSampleLevel(base_map, base_sampler, uv - 0.375 * long, level);
    sum += textureSampleLevel(base_map, base_sampler, uv - 0.125 * long, level);
    sum += textureSampleLevel(base_map, base_sampler, uv + 0.125 * long, level);
    sum += textureSampleLevel(base_map, base_sampler, uv + 0.375 * long, level);
    return 0.25 * sum;
}

@fragment
fn fragment(in: VertexOut, @builtin(front_facing) front: bool) -> Shaded {
    return Shaded(shaded(in, front), surface_of(in.number, in.normal));
}

fn shaded(in: VertexOut, front: bool) -> vec4f {
    let dx = dpdx(in.uv);
    let dy = dpdy(in.uv);
    var base = surface.base_colour * in.colour * base_at(in.uv, dx, dy);
    var orm = vec3f(1.0, surface.roughness, surface.metallic);
    if HAS_METALLIC_ROUGHNESS {
        let at = uv_of(in.uv, 1u);
        let x = turned(dx, 1u);
        let found = textureSampleGrad(metallic_roughness_map, metallic_roughness_sampler, at, x, turned(dy, 1u));
        orm = vec3f(1.0, orm.yz * found.gb);
    }
    var mapped = vec3f(0.0, 0.0, 1.0);
    if HAS_NORMAL {
        let at = uv_of(in.uv, 2u);
        mapped = textureSampleGrad(normal_map, normal_sampler, at, turned(dx, 2u), turned(dy, 2u)).xyz * 2.0 - 1.0;
    }
    if HAS_OCCLUSION {
        let at = uv_of(in.uv, 3u);
        let x = turned(dx, 3u);
        let o = textureSampleGrad(surface_occlusion_map, surface_occlusion_sampler, at, x, turned(dy, 3u)).r;
        orm.x = 1.0 + surface.occlusion_strength * (o - 1.0);
    }
    var emitted = surface.emissive;
    if HAS_EMISSIVE {
        let at = uv_of(in.uv, 4u);
        emitted *= textureSampleGrad(emissive_map, emissive_sampler, at, turned(dx, 4u), turned(dy, 4u)).rgb;
    }
    if MASKED && base.a < surface.cutoff {
        discard;
    }
    if UNLIT {
        return vec4f(base.rgb, select(1.0, base.a, BLENDED));
    }

    let facing = select(-1.0, 1.0, front);
    let smooth_n = normalize(in.normal) * facing;
    var n = smooth_n;
    if HAS_NORMAL {
        let t = normalize(in.tangent.xyz - smooth_n * dot(smooth_n, in.tangent.xyz));
        let b = cross(smooth_n, t) * in.tangent.w;
        let scaled = vec3f(mapped.xy * surface.normal_scale, mapped.z);
        n = normalize(t * scaled.x + b * scaled.y + smooth_n * scaled.z);
    }
    var s: Shading;
    s.n = n;
    s.coat_n = smooth_n;
    s.v = normalize(view.eye - in.world);
    s.r = reflect(-s.v, n);
    s.n_v = max(dot(n, s.v), 0.02);
    s.diffuse = base.rgb * (1.0 - orm.z);
    s.f0 = mix(vec3f(surface.f0), base.rgb, orm.z);
    // Roughness where the normal turns within one pixel: otherwise far highlights sparkle (Kaplanyan et al. 2016).
    let turn_x = dpdx(smooth_n);
    let turn_y = dpdy(smooth_n);
    let spread = min(0.25 * (dot(turn_x, turn_x) + dot(turn_y, turn_y)), 0.18);
    let roughness = sqrt(sqrt(clamp(pow(max(orm.y, 0.045), 4.0) + spread, 0.0, 1.0)));
    s.alpha = roughness * roughness;

    // Where this point lies in the final picture: ambient occlusion is stored there.
    var open = orm.x;
    if view.ambient_occlusion != 0u {
        let camera = (view.camera_from_world * vec4f(in.world, 1.0)).xyz;
        let at = lens_project(lens, camera);
        if at.z > 0.0 {
            open *= textureSampleLevel(occlusion_map, environment_sampler, at.xy / vec2f(lens.size), 0.0).r;
        }
    }

    var diffuse = vec3f(0.0);
    var specular = vec3f(0.0);
    let p = vec2u(in.clip.xy);
    let angle = f32((p.x * 7u + p.y * 13u + (p.x & 3u) * (p.y & 3u) * 5u) & 15u) * 0.3927;
    let turn = vec2f(cos(angle), sin(angle));
    let lifted = in.world + smooth_n * 0.003;
    for (var i = 0u; i < view.shadowed; i++) {
        let light = lights[i];
        let out = shade(s, light, in.world);
        let share = lit_share(light, lifted, smooth_n, turn);
        diffuse += out[0] * share;
        specular += out[1] * share;
    }
    // Everything else is soft: the grid knows how much of it arrives here.
    let place = grid_place(grid, in.world + smooth_n * grid.lift_m);
    let shares = soft_at(place, 6u);
    let arrives = clamp(shares.xy / max(shares.a, 1e-4), vec2f(0.0), vec2f(1.0));
    for (var i = view.shadowed; i < view.lights; i++) {
        specular += glint(s, lights[i], in.world) * arrives.x;
    }

    let r = s.r;
    // Specular occlusion from ambient occlusion (Lagarde and de Rousiers 2014); half of the sky is behind a surface.
    var seen = clamp(pow(s.n_v + open, exp2(-16.0 * roughness - 1.0)) - 1.0 + open, 0.0, 1.0);
    seen *= min(2.0 * arrives.y, 1.0);
    let f = environment_brdf(s.f0, roughness, s.n_v);
    diffuse += soft_light(place, n) / PI * s.diffuse * (1.0 - f) * open;
    specular += environment_at(r, roughness) * f * seen;
    if HAS_CLEARCOAT {
        let cf = environment_brdf(vec3f(0.04), surface.clearcoat_roughness, max(dot(smooth_n, s.v), 0.02)) * surface.clearcoat;
        specular = specular * (1.0 - cf) + environment_at(reflect(-s.v, smooth_n), surface.clearcoat_roughness) * cf * seen;
        diffuse *= 1.0 - cf;
    }
    if BLENDED {
        // Premultiplied: what is reflected adds, what is let through is tinted only by how much less of it there is.
        let fresnel = clamp(fresnel_schlick(vec3f(surface.f0), s.n_v).x, 0.0, 1.0);
        let through = surface.transmission * (1.0 - fresnel);
        let cover = base.a * (1.0 - through * dot(surface.attenuation, vec3f(0.2126, 0.7152, 0.0722)));
        return vec4f(diffuse * base.a * (1.0 - surface.transmission) + specular + emitted * base.a, cover);
    }
    return vec4f(diffuse + specular + emitted, 1.0);
}

// Depth alone, so that what follows shades each pixel once.
@vertex
fn depth_vertex(@location(0) position: vec3f, @builtin(instance_index) instance: u32) -> @invariant @builtin(position) vec4f {
    return view.clip_from_world * (instances[instance].world_from_object * vec4f(position, 1.0));
}

@fragment
fn depth_fragment() -> Shaded {
    return Shaded(vec4f(0.0), vec2u(0u));
}

// Surfaces alone, at several samples a pixel.
@fragment
fn surface_fragment(in: VertexOut) -> @location(0) vec2u {
    return surface_of(in.number, in.normal);
}

@fragment
fn surface_fragment_masked(in: VertexOut) -> @location(0) vec2u {
    let alpha = base_at(in.uv, dpdx(in.uv), dpdy(in.uv)).a;
    if surface.base_colour.a * in.colour.a * alpha < surface.cutoff {
        discard;
    }
    return surface_of(in.number, in.normal);
}

struct SkyOut {
    @builtin(position) clip: vec4f,
    @location(0) far: vec4f,
}

// The environment where nothing else is: one triangle over the whole view, at the far plane.
@vertex
fn sky_vertex(@builtin(vertex_index) i: u32) -> SkyOut {
    let corner = vec2f(f32(i32(i & 1u) * 4 - 1), f32(i32(i >> 1u) * 4 - 1));
    var out: SkyOut;
    out.clip = vec4f(corner, 1.0, 1.0);
    out.far = view.world_from_clip * vec4f(corner, 1.0, 1.0);
    return out;
}

@fragment
fn sky_fragment(in: SkyOut) -> Shaded {
    if view.environment_visible == 0u {
        return Shaded(vec4f(0.0, 0.0, 0.0, 1.0), vec2u(0u));
    }
    return Shaded(vec4f(environment_at(normalize(in.far.xyz / in.far.w - view.eye), 0.0), 1.0), vec2u(0u));
}
