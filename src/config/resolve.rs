//! Back from the recipe to the config as written, with every default filled in.

use std::path::Path;

use super::recipe::{CategorySet, FixtureKind, LensRecipe, LightPreset, Recipe, ShelfRecipe, Stage};
use super::{Dist, crib, written};
use written::{Choice, Normal, Number, Spread};

impl From<&Dist> for Number {
    fn from(dist: &Dist) -> Self {
        Self::Spread(match dist {
            Dist::Constant(value) => return Self::Constant(*value),
            Dist::Uniform { min, max } => Spread::Uniform([*min, *max]),
            Dist::LogUniform { min, max } => Spread::LogUniform([*min, *max]),
            Dist::Normal { mean, std, min, max } => {
                Spread::Normal(Normal { mean: *mean, std: *std, min: Some(*min), max: Some(*max) })
            }
            Dist::Choice { values, weights } => {
                Spread::Choice(Choice { values: values.clone(), weights: Some(weights.clone()) })
            }
        })
    }
}

fn maybe(dist: Option<&Dist>) -> Option<Number> {
    dist.map(Number::from)
}

/// The config that means exactly this recipe.
pub(super) fn written(recipe: &Recipe) -> written::Scene {
    written::Scene {
        schema: None,
        name: Some(recipe.name.clone()),
        preset: None,
        seed: recipe.seed,
        image: written::Image { width: recipe.image.width, height: recipe.image.height },
        outputs: written::Outputs {
            instance_ids: recipe.outputs.instance_ids,
            depth_png: recipe.outputs.depth_png,
            depth_exr: recipe.outputs.depth_exr,
            normals: recipe.outputs.normals,
            semantic: recipe.outputs.semantic,
            flow: recipe.outputs.flow,
        },
        sequence: recipe.sequence.map(|film| written::Sequence { frames: film.frames, fps: film.fps }),
        camera: camera(recipe),
        chain: chain(recipe),
        light: light(recipe),
        stage: match &recipe.stage {
            Stage::Shelf(shelf) => written::Stage::Shelf(shelf_stage(shelf)),
            Stage::Crib(crib) => written::Stage::Crib(crib::written(crib)),
        },
        labels: written::Labels {
            categories: match recipe.labels.categories {
                CategorySet::Product => written::Categories::Product,
                CategorySet::Form => written::Categories::Form,
                CategorySet::Department => written::Categories::Department,
                CategorySet::Sku => written::Categories::Sku,
            },
            min_visibility: recipe.labels.min_visibility,
            min_area_px: recipe.labels.min_area_px,
            min_side_px: recipe.labels.min_side_px,
            ignore_as_crowd: recipe.labels.ignore_as_crowd,
            extra_classes: recipe.labels.extra_classes.clone(),
            part_classes: recipe.labels.part_classes.clone(),
        },
    }
}

fn camera(recipe: &Recipe) -> written::Camera {
    let camera = &recipe.camera;
    written::Camera {
        fov_deg: (&camera.fov_deg).into(),
        distance_m: (&camera.distance_m).into(),
        azimuth_deg: (&camera.azimuth_deg).into(),
        elevation_deg: (&camera.elevation_deg).into(),
        roll_deg: (&camera.roll_deg).into(),
        aim_right_m: (&camera.aim_right_m).into(),
        aim_up_m: (&camera.aim_up_m).into(),
        travel_m_per_s: (&camera.travel_m_per_s).into(),
        lens: match &camera.lens {
            LensRecipe::Pinhole => written::Lens::Pinhole(written::Pinhole {}),
            LensRecipe::BrownConrady { k1, k2, k3, p1, p2 } => {
                written::Lens::BrownConrady(written::BrownConrady {
                    k1: k1.into(),
                    k2: k2.into(),
                    k3: k3.into(),
                    p1: p1.into(),
                    p2: p2.into(),
                })
            }
            LensRecipe::KannalaBrandt { k1, k2, k3, k4 } => {
                written::Lens::KannalaBrandt(written::KannalaBrandt {
                    k1: k1.into(),
                    k2: k2.into(),
                    k3: k3.into(),
                    k4: k4.into(),
                })
            }
        },
    }
}

fn chain(recipe: &Recipe) -> written::Chain {
    let chain = &recipe.chain;
    written::Chain {
        vignette: maybe(chain.vignette.as_ref()),
        aberration: maybe(chain.aberration.as_ref()),
        defocus: chain.defocus.as_ref().map(|defocus| written::Defocus {
            blur_at_infinity_px: (&defocus.blur_at_infinity_px).into(),
            focus_error_m: (&defocus.focus_error_m).into(),
        }),
        shake: chain.shake.as_ref().map(|shake| written::Shake {
            length_px: (&shake.length_px).into(),
            turn_deg: (&shake.turn_deg).into(),
        }),
        exposure_ev: maybe(chain.exposure_ev.as_ref()),
        white_balance: chain.white_balance.as_ref().map(|balance| written::WhiteBalance {
            warmth: (&balance.warmth).into(),
            tint: (&balance.tint).into(),
        }),
        noise: chain
            .noise
            .as_ref()
            .map(|noise| written::Noise { shot: (&noise.shot).into(), read: (&noise.read).into() }),
        tone: chain.tone.as_ref().map(|tone| written::Tone {
            shoulder: (&tone.shoulder).into(),
            contrast: (&tone.contrast).into(),
            saturation: (&tone.saturation).into(),
        }),
        sharpen: maybe(chain.sharpen.as_ref()),
        jpeg_quality: maybe(chain.jpeg_quality.as_ref()),
    }
}

fn light(recipe: &Recipe) -> written::Light {
    let light = &recipe.light;
    let weight = |preset: LightPreset| {
        light.presets.iter().filter(|(kind, _)| *kind == preset).map(|(_, weight)| weight).sum()
    };
    written::Light {
        presets: written::Presets {
            fluorescent: weight(LightPreset::Fluorescent),
            led_panels: weight(LightPreset::LedPanels),
            spots: weight(LightPreset::Spots),
            daylight: weight(LightPreset::Daylight),
            cooler_leds: weight(LightPreset::CoolerLeds),
        },
        temperature_k: (&light.temperature_k).into(),
        brightness: (&light.brightness).into(),
        ambient: (&light.ambient).into(),
        shadow_lights: (&light.shadow_lights).into(),
        broken: (&light.broken).into(),
        mixed_k: (&light.mixed_k).into(),
        environment: light.environment.as_ref().map(|path| path.to_string_lossy().into_owned()),
    }
}

pub(super) fn path_text(path: Option<&Path>) -> Option<String> {
    path.map(|path| path.to_string_lossy().into_owned())
}

fn shelf_stage(shelf: &ShelfRecipe) -> written::Shelf {
    let (mess, dressing) = (&shelf.mess, &shelf.dressing);
    let weight = |kind: FixtureKind| {
        shelf.fixtures.iter().filter(|(other, _)| *other == kind).map(|(_, weight)| weight).sum()
    };
    written::Shelf {
        fixture: written::Fixtures {
            gondola: weight(FixtureKind::Gondola),
            wall: weight(FixtureKind::Wall),
            end_cap: weight(FixtureKind::EndCap),
            pegboard: weight(FixtureKind::Pegboard),
            open_chiller: weight(FixtureKind::OpenChiller),
            cooler: weight(FixtureKind::Cooler),
            freezer: weight(FixtureKind::Freezer),
            pallet: weight(FixtureKind::Pallet),
            wire_basket: weight(FixtureKind::WireBasket),
        },
        bays: (&shelf.bays).into(),
        bay_width_m: (&shelf.bay_width_m).into(),
        boards: (&shelf.boards).into(),
        board_gap_m: (&shelf.board_gap_m).into(),
        depth_m: (&shelf.depth_m).into(),
        assortment: shelf.assortment,
        catalogue: path_text(shelf.catalogue.as_deref()),
        keep_going: shelf.keep_going,
        planogram: path_text(shelf.planogram.as_deref()),
        departments: shelf.departments.clone(),
        forms: shelf.forms.clone(),
        facings: (&shelf.facings).into(),
        row_fill: (&shelf.row_fill).into(),
        max_rows: (&shelf.max_rows).into(),
        spacing_m: (&shelf.spacing_m).into(),
        setback_m: (&shelf.setback_m).into(),
        yaw_jitter_deg: (&shelf.yaw_jitter_deg).into(),
        dressing: written::Dressing {
            strips: (&dressing.strips).into(),
            lips: (&dressing.lips).into(),
            trays: (&dressing.trays).into(),
            dividers: (&dressing.dividers).into(),
            wobblers: (&dressing.wobblers).into(),
            cases: (&dressing.cases).into(),
        },
        mess: written::Mess {
            sold_out: (&mess.sold_out).into(),
            depleted: (&mess.depleted).into(),
            pushed_back: (&mess.pushed_back).into(),
            turned: (&mess.turned).into(),
            misplaced: (&mess.misplaced).into(),
            lying: (&mess.lying).into(),
            upside_down: (&mess.upside_down).into(),
            leaning: (&mess.leaning).into(),
            arm: (&mess.arm).into(),
            basket: (&mess.basket).into(),
            shoppers: (&mess.shoppers).into(),
        },
        tag_share: (&shelf.tag_share).into(),
        max_products: shelf.max_products,
        planned: shelf.planned,
    }
}
