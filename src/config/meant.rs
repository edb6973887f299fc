//! From the config as written to the recipe as meant: every check, and every check only here.

use std::path::{Path, PathBuf};

use super::check::Check;
use super::crib;
use super::limits::{
    CRIB_CLASSES, CRIB_PARTS, MAX_FLAT_FOV_DEG, MAX_SHELF_HEIGHT_M, MIN_FREE_DEPTH_M, SHELF_CLASSES, limits,
};
use super::recipe::{
    CameraRecipe, CategorySet, ChainRecipe, DefocusRecipe, DressingRecipe, FixtureKind, LabelPolicy,
    LensRecipe, LightPreset, LightRecipe, MessRecipe, NoiseRecipe, Outputs, Recipe, SequenceRecipe,
    ShakeRecipe, ShelfRecipe, Stage, ToneRecipe, WhiteBalanceRecipe,
};
use super::written;
use crate::geometry::Size;

/// The recipe, with whatever is wrong noted in `check`: it is good only when nothing was noted. `name` stands in
/// for a name not given.
pub(super) fn recipe(scene: &written::Scene, name: &str, check: &mut Check<'_>) -> Recipe {
    let recipe = Recipe {
        name: scene_name(scene.name.as_deref(), name, check),
        seed: scene.seed,
        image: Size {
            width: check.whole("image.width", scene.image.width),
            height: check.whole("image.height", scene.image.height),
        },
        outputs: Outputs {
            instance_ids: scene.outputs.instance_ids,
            depth_png: scene.outputs.depth_png,
            depth_exr: scene.outputs.depth_exr,
            normals: scene.outputs.normals,
            semantic: scene.outputs.semantic,
            flow: scene.outputs.flow,
        },
        sequence: scene.sequence.as_ref().map(|film| SequenceRecipe {
            frames: check.whole("sequence.frames", film.frames),
            fps: check.number("sequence.fps", film.fps),
        }),
        camera: camera(&scene.camera, check),
        chain: chain(&scene.chain, check),
        light: light(&scene.light, check),
        stage: match &scene.stage {
            written::Stage::Shelf(shelf) => Stage::Shelf(shelf_stage(shelf, check)),
            written::Stage::Crib(crib) => Stage::Crib(crib::meant(crib, check)),
        },
        labels: labels(&scene.labels, &scene.stage, check),
    };
    if check.faults.is_empty() {
        together(&recipe, check);
    }
    recipe
}

fn scene_name(given: Option<&str>, otherwise: &str, check: &mut Check<'_>) -> String {
    let odd = |c: char| c.is_control() || c == '/' || c == '\\';
    match given {
        Some(name) if name.trim().is_empty() || name.chars().count() > 100 || name.contains(odd) => {
            check.fault(
                "name",
                "expected 1 to 100 characters, none of them a slash, backslash or control character",
            );
            String::new()
        }
        Some(name) => name.to_owned(),
        None => {
            let stem = Path::new(otherwise).file_stem().map(|stem| stem.to_string_lossy().replace(odd, "_"));
            let stem: String = stem.unwrap_or_default().chars().take(100).collect();
            if stem.trim().is_empty() { "scene".to_owned() } else { stem }
        }
    }
}

fn camera(camera: &written::Camera, check: &mut Check<'_>) -> CameraRecipe {
    let flat = !matches!(camera.lens, written::Lens::KannalaBrandt(_));
    let (min_fov, max_fov) = limits("camera.fov_deg");
    let fov_limits = (min_fov, if flat { MAX_FLAT_FOV_DEG } else { max_fov });
    CameraRecipe {
        fov_deg: check.dist_within("camera.fov_deg", &camera.fov_deg, fov_limits),
        distance_m: check.dist("camera.distance_m", &camera.distance_m),
        azimuth_deg: check.dist("camera.azimuth_deg", &camera.azimuth_deg),
        elevation_deg: check.dist("camera.elevation_deg", &camera.elevation_deg),
        roll_deg: check.dist("camera.roll_deg", &camera.roll_deg),
        aim_right_m: check.dist("camera.aim_right_m", &camera.aim_right_m),
        aim_up_m: check.dist("camera.aim_up_m", &camera.aim_up_m),
        travel_m_per_s: check.dist("camera.travel_m_per_s", &camera.travel_m_per_s),
        lens: match &camera.lens {
            written::Lens::Pinhole(written::Pinhole {}) => LensRecipe::Pinhole,
            written::Lens::BrownConrady(lens) => LensRecipe::BrownConrady {
                k1: check.dist("camera.lens.brown_conrady.k1", &lens.k1),
                k2: check.dist("camera.lens.brown_conrady.k2", &lens.k2),
                k3: check.dist("camera.lens.brown_conrady.k3", &lens.k3),
                p1: check.dist("camera.lens.brown_conrady.p1", &lens.p1),
                p2: check.dist("camera.lens.brown_conrady.p2", &lens.p2),
            },
            written::Lens::KannalaBrandt(lens) => LensRecipe::KannalaBrandt {
                k1: check.dist("camera.lens.kannala_brandt.k1", &lens.k1),
                k2: check.dist("camera.lens.kannala_brandt.k2", &lens.k2),
                k3: check.dist("camera.lens.kannala_brandt.k3", &lens.k3),
                k4: check.dist("camera.lens.kannala_brandt.k4", &lens.k4),
            },
        },
    }
}

fn chain(chain: &written::Chain, check: &mut Check<'_>) -> ChainRecipe {
    ChainRecipe {
        vignette: check.maybe("chain.vignette", chain.vignette.as_ref()),
        aberration: check.maybe("chain.aberration", chain.aberration.as_ref()),
        defocus: chain.defocus.as_ref().map(|defocus| DefocusRecipe {
            blur_at_infinity_px: check
                .dist("chain.defocus.blur_at_infinity_px", &defocus.blur_at_infinity_px),
            focus_error_m: check.dist("chain.defocus.focus_error_m", &defocus.focus_error_m),
        }),
        shake: chain.shake.as_ref().map(|shake| ShakeRecipe {
            length_px: check.dist("chain.shake.length_px", &shake.length_px),
            turn_deg: check.dist("chain.shake.turn_deg", &shake.turn_deg),
        }),
        exposure_ev: check.maybe("chain.exposure_ev", chain.exposure_ev.as_ref()),
        white_balance: chain.white_balance.as_ref().map(|balance| WhiteBalanceRecipe {
            warmth: check.dist("chain.white_balance.warmth", &balance.warmth),
            tint: check.dist("chain.white_balance.tint", &balance.tint),
        }),
        noise: chain.noise.as_ref().map(|noise| NoiseRecipe {
            shot: check.dist("chain.noise.shot", &noise.shot),
            read: check.dist("chain.noise.read", &noise.read),
        }),
        tone: chain.tone.as_ref().map(|tone| ToneRecipe {
            shoulder: check.dist("chain.tone.shoulder", &tone.shoulder),
            contrast: check.dist("chain.tone.contrast", &tone.contrast),
            saturation: check.dist("chain.tone.saturation", &tone.saturation),
        }),
        sharpen: check.maybe("chain.sharpen", chain.sharpen.as_ref()),
        jpeg_quality: check.maybe("chain.jpeg_quality", chain.jpeg_quality.as_ref()),
    }
}

fn light(light: &written::Light, check: &mut Check<'_>) -> LightRecipe {
    let written::Presets { fluorescent, led_panels, spots, daylight, cooler_leds } = light.presets;
    let presets: Vec<_> = [
        (LightPreset::Fluorescent, check.number("light.presets.fluorescent", fluorescent)),
        (LightPreset::LedPanels, check.number("light.presets.led_panels", led_panels)),
        (LightPreset::Spots, check.number("light.presets.spots", spots)),
        (LightPreset::Daylight, check.number("light.presets.daylight", daylight)),
        (LightPreset::CoolerLeds, check.number("light.presets.cooler_leds", cooler_leds)),
    ]
    .into_iter()
    .filter(|(_, weight)| *weight != 0.0)
    .collect();
    if presets.is_empty() {
        check.fault("light.presets", "expected at least one weight above 0, found none");
    }
    let environment = light.environment.as_ref().map(|path| {
        let ending = Path::new(path).extension().map(|ending| ending.to_ascii_lowercase());
        if !ending.is_some_and(|ending| ending == "hdr" || ending == "exr") || path.contains('\0') {
            let found = super::json::quoted(path);
            check.fault(
                "light.environment",
                format!("expected the path of a .hdr or .exr file, found {found}"),
            );
        }
        PathBuf::from(path)
    });
    LightRecipe {
        presets,
        temperature_k: check.dist("light.temperature_k", &light.temperature_k),
        brightness: check.dist("light.brightness", &light.brightness),
        ambient: check.dist("light.ambient", &light.ambient),
        shadow_lights: check.dist("light.shadow_lights", &light.shadow_lights),
        broken: check.dist("light.broken", &light.broken),
        mixed_k: check.dist("light.mixed_k", &light.mixed_k),
        environment,
    }
}

fn fixtures(given: &written::Fixtures, check: &mut Check<'_>) -> Vec<(FixtureKind, f64)> {
    let kinds: Vec<_> = [
        (FixtureKind::Gondola, "gondola", given.gondola),
        (FixtureKind::Wall, "wall", given.wall),
        (FixtureKind::EndCap, "end_cap", given.end_cap),
        (FixtureKind::Pegboard, "pegboard", given.pegboard),
        (FixtureKind::OpenChiller, "open_chiller", given.open_chiller),
        (FixtureKind::Cooler, "cooler", given.cooler),
        (FixtureKind::Freezer, "freezer", given.freezer),
        (FixtureKind::Pallet, "pallet", given.pallet),
        (FixtureKind::WireBasket, "wire_basket", given.wire_basket),
    ]
    .into_iter()
    .map(|(kind, name, weight)| (kind, check.number(&format!("stage.shelf.fixture.{name}"), weight)))
    .filter(|(_, weight)| *weight != 0.0)
    .collect();
    if kinds.is_empty() {
        check.fault("stage.shelf.fixture", "expected at least one weight above 0, found none");
    }
    kinds
}

fn shelf_stage(shelf: &written::Shelf, check: &mut Check<'_>) -> ShelfRecipe {
    let (mess, dressing) = (&shelf.mess, &shelf.dressing);
    ShelfRecipe {
        fixtures: fixtures(&shelf.fixture, check),
        bays: check.dist("stage.shelf.bays", &shelf.bays),
        bay_width_m: check.dist("stage.shelf.bay_width_m", &shelf.bay_width_m),
        boards: check.dist("stage.shelf.boards", &shelf.boards),
        board_gap_m: check.dist("stage.shelf.board_gap_m", &shelf.board_gap_m),
        depth_m: check.dist("stage.shelf.depth_m", &shelf.depth_m),
        assortment: check.whole("stage.shelf.assortment", shelf.assortment),
        catalogue: file(shelf.catalogue.as_deref(), "stage.shelf.catalogue", &["csv", "tsv", "json"], check),
        keep_going: shelf.keep_going,
        planogram: file(shelf.planogram.as_deref(), "stage.shelf.planogram", &["json"], check),
        departments: check.names("stage.shelf.departments", &shelf.departments, None),
        forms: check.names("stage.shelf.forms", &shelf.forms, None),
        facings: check.dist("stage.shelf.facings", &shelf.facings),
        row_fill: check.dist("stage.shelf.row_fill", &shelf.row_fill),
        max_rows: check.dist("stage.shelf.max_rows", &shelf.max_rows),
        spacing_m: check.dist("stage.shelf.spacing_m", &shelf.spacing_m),
        setback_m: check.dist("stage.shelf.setback_m", &shelf.setback_m),
        yaw_jitter_deg: check.dist("stage.shelf.yaw_jitter_deg", &shelf.yaw_jitter_deg),
        dressing: DressingRecipe {
            strips: check.dist("stage.shelf.dressing.strips", &dressing.strips),
            lips: check.dist("stage.shelf.dressing.lips", &dressing.lips),
            trays: check.dist("stage.shelf.dressing.trays", &dressing.trays),
            dividers: check.dist("stage.shelf.dressing.dividers", &dressing.dividers),
            wobblers: check.dist("stage.shelf.dressing.wobblers", &dressing.wobblers),
            cases: check.dist("stage.shelf.dressing.cases", &dressing.cases),
        },
        mess: MessRecipe {
            sold_out: check.dist("stage.shelf.mess.sold_out", &mess.sold_out),
            depleted: check.dist("stage.shelf.mess.depleted", &mess.depleted),
            pushed_back: check.dist("stage.shelf.mess.pushed_back", &mess.pushed_back),
            turned: check.dist("stage.shelf.mess.turned", &mess.turned),
            misplaced: check.dist("stage.shelf.mess.misplaced", &mess.misplaced),
            lying: check.dist("stage.shelf.mess.lying", &mess.lying),
            upside_down: check.dist("stage.shelf.mess.upside_down", &mess.upside_down),
            leaning: check.dist("stage.shelf.mess.leaning", &mess.leaning),
            arm: check.dist("stage.shelf.mess.arm", &mess.arm),
            basket: check.dist("stage.shelf.mess.basket", &mess.basket),
            shoppers: check.dist("stage.shelf.mess.shoppers", &mess.shoppers),
        },
        tag_share: check.dist("stage.shelf.tag_share", &shelf.tag_share),
        max_products: check.whole("stage.shelf.max_products", shelf.max_products),
        planned: shelf.planned,
    }
}

/// A path that ends as its kind does; whether the file is there is asked once its folder is known.
pub(super) fn file(path: Option<&str>, at: &str, endings: &[&str], check: &mut Check<'_>) -> Option<PathBuf> {
    let path = path?;
    let ending = Path::new(path).extension().map(|ending| ending.to_ascii_lowercase());
    let known = ending.is_some_and(|ending| endings.iter().any(|known| ending == *known));
    if !known || path.contains('\0') {
        let wanted: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
        let found = super::json::quoted(path);
        check.fault(at, format!("expected the path of a {} file, found {found}", wanted.join(" or ")));
    }
    Some(PathBuf::from(path))
}

fn labels(labels: &written::Labels, stage: &written::Stage, check: &mut Check<'_>) -> LabelPolicy {
    let classes = match stage {
        written::Stage::Shelf(_) => SHELF_CLASSES,
        written::Stage::Crib(_) => CRIB_CLASSES,
    };
    let mut extra_classes = check.names("labels.extra_classes", &labels.extra_classes, Some(classes));
    let mut part_classes = check.names("labels.part_classes", &labels.part_classes, Some(classes));
    if matches!(stage, written::Stage::Crib(_)) {
        let owned = |list: &[&str]| list.iter().map(|&class| class.to_owned()).collect();
        // Masks of one file never overlap: what lies in an infant goes into the other file.
        if extra_classes.is_empty() && part_classes.is_empty() {
            part_classes = owned(CRIB_PARTS);
        }
        if extra_classes.is_empty() {
            let outer: Vec<&str> =
                classes.iter().copied().filter(|class| !["head", "face"].contains(class)).collect();
            extra_classes = owned(&outer);
        }
    }
    LabelPolicy {
        categories: match labels.categories {
            written::Categories::Product => CategorySet::Product,
            written::Categories::Form => CategorySet::Form,
            written::Categories::Department => CategorySet::Department,
            written::Categories::Sku => CategorySet::Sku,
        },
        min_visibility: check.number("labels.min_visibility", labels.min_visibility),
        min_area_px: check.whole("labels.min_area_px", labels.min_area_px),
        min_side_px: check.whole("labels.min_side_px", labels.min_side_px),
        ignore_as_crowd: labels.ignore_as_crowd,
        extra_classes,
        part_classes,
    }
}

/// What must hold between fields; only asked when each field is good by itself.
fn together(recipe: &Recipe, check: &mut Check<'_>) {
    if recipe.outputs.flow && recipe.sequence.is_none_or(|film| film.frames < 2) {
        check.fault(
            "outputs.flow",
            "expected a sequence of at least 2 frames, since flow leads to the next one",
        );
    }
    let shelf = match &recipe.stage {
        Stage::Shelf(shelf) => shelf,
        Stage::Crib(crib) => return crib::together(crib, check),
    };
    let (boards, gap) = (shelf.boards.range().1.round(), shelf.board_gap_m.range().1);
    if boards * gap > MAX_SHELF_HEIGHT_M {
        let what = format!(
            "expected a shelf up to {MAX_SHELF_HEIGHT_M} m high, found up to {boards} boards with up to {gap} m \
             between them, which is {:.2} m",
            boards * gap
        );
        check.fault(check.blame(&["stage.shelf.boards", "stage.shelf.board_gap_m"]), what);
    }
    let (depth, setback) = (shelf.depth_m.range().0, shelf.setback_m.range().1);
    if setback + MIN_FREE_DEPTH_M > depth {
        let what = format!(
            "expected boards at least {MIN_FREE_DEPTH_M} m deeper than the setback, found a depth down to {depth} m \
             and a setback up to {setback} m"
        );
        check.fault(check.blame(&["stage.shelf.depth_m", "stage.shelf.setback_m"]), what);
    }
    let (width, spacing) = (shelf.bay_width_m.range().0, shelf.spacing_m.range().1);
    if spacing * 2.0 > width {
        let what = format!(
            "expected a spacing up to half a bay, found bays down to {width} m wide and a spacing up to {spacing} m"
        );
        check.fault(check.blame(&["stage.shelf.spacing_m", "stage.shelf.bay_width_m"]), what);
    }
}
