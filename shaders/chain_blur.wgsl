// The thin lens: how large the blur of a point at a depth is.
//#import chain_params

const TILE = 16u;
// Two tiles reach at least this far.
const MAX_RADIUS = 24.0;

// Depth 0 means nothing there: infinitely far.
fn blur_radius(z: f32) -> f32 {
    let share = select(1.0, abs(1.0 - chain.focus_m / z), z > 0.0);
    return min(0.5 * chain.blur_at_infinity_px * share, MAX_RADIUS);
}
