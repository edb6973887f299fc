// Exact visibility of surfaces without holes.
//#import cover

fn alpha_passes(t: Triangle, item: CoverItem, w: vec3f) -> bool {
    return true;
}
