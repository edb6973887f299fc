// Exact visibility of surfaces without holes.
//#import cover

fn alpha_passes(t: Record, item: CoverItem, w: vec3f) -> bool {
    return true;
}
