//! What every recipe promises to those who read it, written down once more and independently of the checks.

use diorama::config::{CribRecipe, Dist, LensRecipe, Recipe, ShelfRecipe, Stage};

fn sound(name: &str, dist: &Dist, low: f64, high: f64) {
    let (min, max) = dist.range();
    assert!(min.is_finite() && max.is_finite() && min <= max, "{name}: {dist:?}");
    assert!(low <= min && max <= high, "{name}: {dist:?} leaves {low} to {high}");
    match dist {
        Dist::Normal { mean, std, .. } => {
            assert!(*std >= 0.0 && std.is_finite() && min <= *mean && *mean <= max, "{name}: {dist:?}");
        }
        Dist::LogUniform { min, .. } => assert!(*min > 0.0, "{name}: {dist:?}"),
        Dist::Choice { values, weights } => {
            assert!(!values.is_empty() && values.len() == weights.len(), "{name}: {dist:?}");
            assert!(weights.iter().all(|w| *w >= 0.0), "{name}: {dist:?}");
            let sum = weights.iter().sum::<f64>();
            assert!(sum > 0.0 && sum.is_finite(), "{name}: {dist:?}");
        }
        Dist::Constant(_) | Dist::Uniform { .. } => {}
    }
}

/// Panics when a recipe breaks a promise.
pub(super) fn hold(recipe: &Recipe) {
    assert!(!recipe.name.trim().is_empty() && !recipe.name.contains(['/', '\\', '\n']), "{:?}", recipe.name);
    assert!((16..=4096).contains(&recipe.image.width) && (16..=4096).contains(&recipe.image.height), "size");
    let camera = &recipe.camera;
    sound("distance", &camera.distance_m, 0.2, 50.0);
    sound("azimuth", &camera.azimuth_deg, -180.0, 180.0);
    sound("elevation", &camera.elevation_deg, -90.0, 90.0);
    sound("roll", &camera.roll_deg, -180.0, 180.0);
    sound("aim right", &camera.aim_right_m, -20.0, 20.0);
    sound("aim up", &camera.aim_up_m, -20.0, 20.0);
    match &camera.lens {
        LensRecipe::Pinhole => sound("fov", &camera.fov_deg, 1.0, 179.0),
        LensRecipe::BrownConrady { k1, k2, k3, p1, p2 } => {
            sound("fov", &camera.fov_deg, 1.0, 179.0);
            for k in [k1, k2, k3, p1, p2] {
                sound("lens", k, -2.0, 2.0);
            }
        }
        LensRecipe::KannalaBrandt { k1, k2, k3, k4 } => {
            sound("fov", &camera.fov_deg, 1.0, 360.0);
            for k in [k1, k2, k3, k4] {
                sound("lens", k, -1.0, 1.0);
            }
        }
    }
    let chain = &recipe.chain;
    let all = |name, dist: Option<&Dist>, low, high| dist.into_iter().for_each(|d| sound(name, d, low, high));
    all("vignette", chain.vignette.as_ref(), 0.0, 1.0);
    all("aberration", chain.aberration.as_ref(), -0.05, 0.05);
    all("blur", chain.defocus.as_ref().map(|d| &d.blur_at_infinity_px), 0.0, 200.0);
    all("focus", chain.defocus.as_ref().map(|d| &d.focus_error_m), -10.0, 10.0);
    all("shake", chain.shake.as_ref().map(|s| &s.length_px), 0.0, 200.0);
    all("turn", chain.shake.as_ref().map(|s| &s.turn_deg), -10.0, 10.0);
    all("exposure", chain.exposure_ev.as_ref(), -8.0, 8.0);
    all("warmth", chain.white_balance.as_ref().map(|w| &w.warmth), -1.0, 1.0);
    all("tint", chain.white_balance.as_ref().map(|w| &w.tint), -1.0, 1.0);
    all("shot", chain.noise.as_ref().map(|n| &n.shot), 0.0, 1.0);
    all("read", chain.noise.as_ref().map(|n| &n.read), 0.0, 1.0);
    all("shoulder", chain.tone.as_ref().map(|t| &t.shoulder), 0.0, 1.0);
    all("contrast", chain.tone.as_ref().map(|t| &t.contrast), 0.1, 4.0);
    all("saturation", chain.tone.as_ref().map(|t| &t.saturation), 0.0, 4.0);
    all("sharpen", chain.sharpen.as_ref(), 0.0, 4.0);
    all("jpeg", chain.jpeg_quality.as_ref(), 1.0, 100.0);
    let light = &recipe.light;
    let weights: f64 = light.presets.iter().map(|(_, weight)| *weight).sum();
    assert!(light.presets.iter().all(|(_, weight)| *weight > 0.0) && weights > 0.0, "{:?}", light.presets);
    sound("temperature", &light.temperature_k, 1000.0, 20_000.0);
    sound("brightness", &light.brightness, 0.0, 10.0);
    sound("ambient", &light.ambient, 0.0, 10.0);
    sound("lights", &light.shadow_lights, 0.0, 64.0);
    sound("broken", &light.broken, 0.0, 1.0);
    sound("mixed", &light.mixed_k, 0.0, 5000.0);
    match &recipe.stage {
        Stage::Shelf(shelf) => hold_shelf(shelf),
        Stage::Crib(crib) => hold_crib(crib),
    }
    assert!((0.0..=1.0).contains(&recipe.labels.min_visibility), "visibility");
    assert_eq!(&Recipe::from_resolved(&recipe.resolved()).expect("a resolved config is a config"), recipe);
}

fn hold_crib(crib: &CribRecipe) {
    sound("age", &crib.age_months, 0.0, 24.0);
    sound("blanket", &crib.blanket, 0.0, 1.0);
    sound("clutter", &crib.clutter, 0.0, 1.0);
    fn weighed<T>(list: &[(T, f64)]) {
        assert!(!list.is_empty() && list.iter().all(|(_, weight)| *weight > 0.0), "weights");
    }
    weighed(&crib.scenarios);
    weighed(&crib.makes);
    weighed(&crib.light);
    weighed(&crib.views);
}

fn hold_shelf(shelf: &ShelfRecipe) {
    let weights: f64 = shelf.fixtures.iter().map(|(_, weight)| *weight).sum();
    assert!(shelf.fixtures.iter().all(|(_, weight)| *weight > 0.0) && weights > 0.0, "{:?}", shelf.fixtures);
    let dressing = &shelf.dressing;
    for share in [&dressing.strips, &dressing.lips, &dressing.trays, &dressing.dividers, &dressing.wobblers] {
        sound("dressing", share, 0.0, 1.0);
    }
    for share in [&dressing.cases, &shelf.mess.leaning, &shelf.mess.arm, &shelf.mess.basket] {
        sound("rate", share, 0.0, 1.0);
    }
    sound("bays", &shelf.bays, 1.0, 20.0);
    sound("bay width", &shelf.bay_width_m, 0.3, 3.0);
    sound("boards", &shelf.boards, 1.0, 15.0);
    sound("gap", &shelf.board_gap_m, 0.05, 2.0);
    sound("depth", &shelf.depth_m, 0.1, 1.5);
    sound("facings", &shelf.facings, 1.0, 50.0);
    sound("rows", &shelf.max_rows, 1.0, 50.0);
    sound("spacing", &shelf.spacing_m, 0.0, shelf.bay_width_m.range().0 / 2.0);
    sound("setback", &shelf.setback_m, 0.0, shelf.depth_m.range().0 - 0.05 + 1e-12);
    sound("yaw", &shelf.yaw_jitter_deg, -180.0, 180.0);
    let mess = &shelf.mess;
    let mess =
        [&mess.sold_out, &mess.depleted, &mess.pushed_back, &mess.turned, &mess.misplaced, &mess.lying];
    for share in mess.into_iter().chain([&shelf.mess.upside_down, &shelf.tag_share, &shelf.row_fill]) {
        sound("share", share, 0.0, 1.0);
    }
    assert!(shelf.boards.range().1.round() * shelf.board_gap_m.range().1 <= 3.0, "too high a shelf");
    assert!(
        (1..=20_000).contains(&shelf.max_products) && (1..=1_000_000).contains(&shelf.assortment),
        "counts"
    );
}
