//! What each number may be: one table for the checks and for the schema.

/// JSON path, smallest and largest value.
pub(super) const LIMITS: &[(&str, f64, f64)] = &[
    ("seed", 0.0, 18_446_744_073_709_551_615.0),
    ("image.width", 16.0, 4096.0),
    ("image.height", 16.0, 4096.0),
    ("sequence.frames", 1.0, 20_000.0),
    ("sequence.fps", 0.001, 240.0),
    ("camera.travel_m_per_s", -3.0, 3.0),
    ("camera.fov_deg", 1.0, 360.0),
    ("camera.distance_m", 0.2, 50.0),
    ("camera.azimuth_deg", -180.0, 180.0),
    ("camera.elevation_deg", -90.0, 90.0),
    ("camera.roll_deg", -180.0, 180.0),
    ("camera.aim_right_m", -20.0, 20.0),
    ("camera.aim_up_m", -20.0, 20.0),
    ("camera.lens.brown_conrady.k1", -2.0, 2.0),
    ("camera.lens.brown_conrady.k2", -2.0, 2.0),
    ("camera.lens.brown_conrady.k3", -2.0, 2.0),
    ("camera.lens.brown_conrady.p1", -0.2, 0.2),
    ("camera.lens.brown_conrady.p2", -0.2, 0.2),
    ("camera.lens.kannala_brandt.k1", -1.0, 1.0),
    ("camera.lens.kannala_brandt.k2", -1.0, 1.0),
    ("camera.lens.kannala_brandt.k3", -1.0, 1.0),
    ("camera.lens.kannala_brandt.k4", -1.0, 1.0),
    ("chain.vignette", 0.0, 1.0),
    ("chain.aberration", -0.05, 0.05),
    ("chain.defocus.blur_at_infinity_px", 0.0, 200.0),
    ("chain.defocus.focus_error_m", -10.0, 10.0),
    ("chain.shake.length_px", 0.0, 200.0),
    ("chain.shake.turn_deg", -10.0, 10.0),
    ("chain.exposure_ev", -8.0, 8.0),
    ("chain.white_balance.warmth", -1.0, 1.0),
    ("chain.white_balance.tint", -1.0, 1.0),
    ("chain.noise.shot", 0.0, 1.0),
    ("chain.noise.read", 0.0, 1.0),
    ("chain.tone.shoulder", 0.0, 1.0),
    ("chain.tone.contrast", 0.1, 4.0),
    ("chain.tone.saturation", 0.0, 4.0),
    ("chain.sharpen", 0.0, 4.0),
    ("chain.jpeg_quality", 1.0, 100.0),
    ("light.presets.fluorescent", 0.0, 1e6),
    ("light.presets.led_panels", 0.0, 1e6),
    ("light.presets.spots", 0.0, 1e6),
    ("light.presets.daylight", 0.0, 1e6),
    ("light.presets.cooler_leds", 0.0, 1e6),
    ("light.temperature_k", 1000.0, 20_000.0),
    ("light.brightness", 0.0, 10.0),
    ("light.ambient", 0.0, 10.0),
    ("light.shadow_lights", 0.0, 64.0),
    ("light.broken", 0.0, 1.0),
    ("light.mixed_k", 0.0, 5000.0),
    ("stage.shelf.fixture.gondola", 0.0, 1e6),
    ("stage.shelf.fixture.wall", 0.0, 1e6),
    ("stage.shelf.fixture.end_cap", 0.0, 1e6),
    ("stage.shelf.fixture.pegboard", 0.0, 1e6),
    ("stage.shelf.fixture.open_chiller", 0.0, 1e6),
    ("stage.shelf.fixture.cooler", 0.0, 1e6),
    ("stage.shelf.fixture.freezer", 0.0, 1e6),
    ("stage.shelf.fixture.pallet", 0.0, 1e6),
    ("stage.shelf.bays", 1.0, 20.0),
    ("stage.shelf.bay_width_m", 0.3, 3.0),
    ("stage.shelf.boards", 1.0, 15.0),
    ("stage.shelf.board_gap_m", 0.05, 2.0),
    ("stage.shelf.depth_m", 0.1, 1.5),
    ("stage.shelf.assortment", 1.0, 1_000_000.0),
    ("stage.shelf.facings", 1.0, 50.0),
    ("stage.shelf.row_fill", 0.0, 1.0),
    ("stage.shelf.max_rows", 1.0, 50.0),
    ("stage.shelf.spacing_m", 0.0, 0.5),
    ("stage.shelf.setback_m", 0.0, 1.0),
    ("stage.shelf.yaw_jitter_deg", -180.0, 180.0),
    ("stage.shelf.dressing.strips", 0.0, 1.0),
    ("stage.shelf.dressing.lips", 0.0, 1.0),
    ("stage.shelf.dressing.trays", 0.0, 1.0),
    ("stage.shelf.dressing.dividers", 0.0, 1.0),
    ("stage.shelf.dressing.wobblers", 0.0, 1.0),
    ("stage.shelf.dressing.cases", 0.0, 1.0),
    ("stage.shelf.mess.sold_out", 0.0, 1.0),
    ("stage.shelf.mess.depleted", 0.0, 1.0),
    ("stage.shelf.mess.pushed_back", 0.0, 1.0),
    ("stage.shelf.mess.turned", 0.0, 1.0),
    ("stage.shelf.mess.misplaced", 0.0, 1.0),
    ("stage.shelf.mess.lying", 0.0, 1.0),
    ("stage.shelf.mess.upside_down", 0.0, 1.0),
    ("stage.shelf.mess.leaning", 0.0, 1.0),
    ("stage.shelf.mess.arm", 0.0, 1.0),
    ("stage.shelf.mess.basket", 0.0, 1.0),
    ("stage.shelf.tag_share", 0.0, 1.0),
    ("stage.shelf.max_products", 1.0, 20_000.0),
    ("stage.crib.scenarios.safe_supine", 0.0, 1e6),
    ("stage.crib.scenarios.side", 0.0, 1e6),
    ("stage.crib.scenarios.prone", 0.0, 1e6),
    ("stage.crib.scenarios.prone_face_down", 0.0, 1e6),
    ("stage.crib.scenarios.blanket_over_face", 0.0, 1e6),
    ("stage.crib.scenarios.head_covered", 0.0, 1e6),
    ("stage.crib.scenarios.soft_toy_on_face", 0.0, 1e6),
    ("stage.crib.scenarios.limb_through_slats", 0.0, 1e6),
    ("stage.crib.scenarios.cord_near_neck", 0.0, 1e6),
    ("stage.crib.scenarios.sitting", 0.0, 1e6),
    ("stage.crib.scenarios.on_all_fours", 0.0, 1e6),
    ("stage.crib.scenarios.rolling", 0.0, 1e6),
    ("stage.crib.scenarios.standing", 0.0, 1e6),
    ("stage.crib.scenarios.climbing_out", 0.0, 1e6),
    ("stage.crib.scenarios.empty_crib", 0.0, 1e6),
    ("stage.crib.age_months", 0.0, 24.0),
    ("stage.crib.makes.slats", 0.0, 1e6),
    ("stage.crib.makes.panels", 0.0, 1e6),
    ("stage.crib.makes.travel", 0.0, 1e6),
    ("stage.crib.makes.bassinet", 0.0, 1e6),
    ("stage.crib.light.daylight", 0.0, 1e6),
    ("stage.crib.light.lamplight", 0.0, 1e6),
    ("stage.crib.light.night_vision", 0.0, 1e6),
    ("stage.crib.views.overhead", 0.0, 1e6),
    ("stage.crib.views.rail", 0.0, 1e6),
    ("stage.crib.views.corner", 0.0, 1e6),
    ("stage.crib.views.fisheye", 0.0, 1e6),
    ("stage.crib.views.own", 0.0, 1e6),
    ("stage.crib.blanket", 0.0, 1.0),
    ("stage.crib.clutter", 0.0, 1.0),
    ("labels.min_visibility", 0.0, 1.0),
    ("labels.min_area_px", 0.0, 16_777_216.0),
    ("labels.min_side_px", 0.0, 4096.0),
];

/// Largest field of view of a lens that is no fisheye, degrees.
pub(super) const MAX_FLAT_FOV_DEG: f64 = 179.0;
/// Most boards times the largest gap, metres.
pub(super) const MAX_SHELF_HEIGHT_M: f64 = 3.0;
/// Least depth of a board behind the setback, metres.
pub(super) const MIN_FREE_DEPTH_M: f64 = 0.05;
/// Largest weight of a choice.
pub(super) const MAX_WEIGHT: f64 = 1e6;
/// Classes besides products that the shelf stage has.
pub(super) const SHELF_CLASSES: &[&str] = &["price_tag", "shelf_edge", "gap", "case", "arm"];

/// Classes that the crib stage has.
/// Classes of cribs that lie in each other, from the outside in.
pub(super) const CRIB_PARTS: &[&str] = &["infant", "head", "face"];
pub(super) const CRIB_CLASSES: &[&str] =
    &["infant", "head", "face", "crib", "mattress", "blanket", "pillow", "toy", "bumper", "cord", "monitor"];
/// The youngest age of some scenarios: infants sit at about 5 months, crawl and stand at about 7 to 8, climb later
/// (WHO Multicentre Growth Reference Study Group 2006, 'Motor development milestones').
pub(super) const YOUNGEST: &[(&str, f64)] =
    &[("rolling", 3.0), ("sitting", 5.0), ("on_all_fours", 6.0), ("standing", 7.5), ("climbing_out", 10.0)];

/// Smallest and largest value at a path; everything where the table is silent.
pub(super) fn limits(path: &str) -> (f64, f64) {
    LIMITS.iter().find(|(p, ..)| *p == path).map_or((f64::MIN, f64::MAX), |(_, min, max)| (*min, *max))
}
