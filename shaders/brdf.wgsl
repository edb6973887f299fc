// The metallic-roughness surface of glTF 2.0 (appendix B): GGX distribution (Walter et al. 2007), height-correlated
// Smith visibility (Heitz 2014), Schlick's Fresnel (1994).

const PI = 3.14159265358979;

fn distribution_ggx(n_h: f32, alpha: f32) -> f32 {
    let a2 = alpha * alpha;
    let d = n_h * n_h * (a2 - 1.0) + 1.0;
    return a2 / (PI * d * d);
}

fn visibility_smith(n_l: f32, n_v: f32, alpha: f32) -> f32 {
    let a2 = alpha * alpha;
    let l = n_v * sqrt(n_l * n_l * (1.0 - a2) + a2);
    let v = n_l * sqrt(n_v * n_v * (1.0 - a2) + a2);
    return 0.5 / max(l + v, 1e-6);
}

fn fresnel_schlick(f0: vec3f, v_h: f32) -> vec3f {
    let m = clamp(1.0 - v_h, 0.0, 1.0);
    let m2 = m * m;
    return f0 + (1.0 - f0) * (m2 * m2 * m);
}
