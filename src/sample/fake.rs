//! A library of boxes and an assortment of made-up goods, so that stages are tested without any file.

use std::{collections::BTreeMap, sync::Arc};

use glam::{Vec3, vec3};
use serde_json::json;

use super::{Assortment, Sampler};
use crate::{
    art::Product,
    config::{
        CameraRecipe, CategorySet, ChainRecipe, DefocusRecipe, Dist, DressingRecipe, FixtureKind,
        LabelPolicy, LensRecipe, LightPreset, LightRecipe, MessRecipe, NoiseRecipe, Outputs, Recipe,
        ShakeRecipe, ShelfRecipe, Stage, ToneRecipe, WhiteBalanceRecipe,
    },
    geometry::{Aabb, Size},
    scene::{Library, Lod, Material, Model, Primitive, Vertices},
    seed::Seed,
};

/// Forms with nominal size, roundness, poses, stack and slots of materials.
const FORMS: [(&str, Vec3, bool, u32, bool); 6] = [
    ("can", vec3(0.066, 0.122, 0.066), true, 2, true),
    ("bottle", vec3(0.07, 0.26, 0.07), true, 1, true),
    ("tin", vec3(0.075, 0.11, 0.075), true, 3, false),
    ("cereal_box", vec3(0.19, 0.29, 0.06), false, 1, true),
    ("small_box", vec3(0.12, 0.05, 0.08), false, 4, true),
    ("jug", vec3(0.16, 0.3, 0.09), false, 1, false),
];

fn model(library: &mut Library, name: &str, bounds: Aabb, materials: &[&str], extras: serde_json::Value) {
    let middle = bounds.center();
    let mut corners = bounds.corners();
    if extras["diorama"]["round"] == true {
        // A square on its corner, so that the form's disc holds it.
        for (index, corner) in corners.iter_mut().enumerate() {
            if index % 2 == 0 { corner.x = middle.x } else { corner.z = middle.z }
        }
    }
    let primitives = materials
        .iter()
        .map(|material| Primitive {
            vertices: Vertices {
                positions: corners.to_vec(),
                normals: vec![Vec3::Y; 8],
                ..Vertices::default()
            },
            lods: vec![Lod { indices: vec![0, 1, 2], error_um: 0 }],
            material: library.add_material(Material { name: (*material).to_owned(), ..Material::default() }),
            skin: Vec::new(),
            morphs: Vec::new(),
        })
        .collect();
    library.add_model(Model {
        name: name.to_owned(),
        primitives,
        bounds,
        skin: None,
        morph_names: Vec::new(),
        probes: Vec::new(),
        extras,
        licence: "CC0-1.0".to_owned(),
        source: format!("{name}.glb"),
    });
}

pub(super) fn library() -> Library {
    let mut library = Library::default();
    let boxed = |min: Vec3, max: Vec3| Aabb { min, max };
    for (name, min, max) in [
        ("shelf_board", vec3(-0.5, -0.03, -1.0), vec3(0.5, 0.0, 0.0)),
        ("shelf_edge", vec3(-0.5, -0.045, 0.0), vec3(0.5, 0.0, 0.012)),
        ("price_tag", vec3(-0.035, -0.019, -0.0005), vec3(0.035, 0.019, 0.0005)),
        ("upright", vec3(-0.02, 0.0, -0.03), vec3(0.02, 1.0, 0.03)),
        ("back_panel", vec3(-0.5, 0.0, -0.01), vec3(0.5, 1.0, 0.0)),
        ("base_kick", vec3(-0.5, 0.0, -1.0), vec3(0.5, 0.1, 0.0)),
        ("side_panel", vec3(-0.01, 0.0, -1.0), vec3(0.01, 1.0, 0.0)),
        ("floor_tile", vec3(-5.0, 0.0, -5.0), vec3(5.0, 0.0, 5.0)),
        ("ceiling", vec3(-5.0, 0.0, -5.0), vec3(5.0, 0.0, 5.0)),
        ("wall", vec3(-0.5, 0.0, 0.0), vec3(0.5, 1.0, 0.0)),
    ] {
        let material = if name == "price_tag" { "tag" } else { "metal" };
        model(&mut library, name, boxed(min, max), &[material], json!(null));
    }
    for &name in super::parts::NAMES {
        let (min, max, material) = match name {
            name if name.starts_with("shopper_") => {
                let (min, max) = (vec3(-0.3, -0.9, -0.2), vec3(0.3, 0.8, 0.2));
                model(&mut library, name, boxed(min, max), &super::parts::WORN, json!(null));
                continue;
            }
            _ if library.find(name).is_some() => continue,
            "wobbler" => (Vec3::splat(-0.5), Vec3::splat(0.5), "tag"),
            "case_printed" => (vec3(-0.5, 0.0, -0.5), vec3(0.5, 1.0, 0.5), "label"),
            "rod" => (vec3(-0.5, -0.5, 0.0), vec3(0.5, 0.5, 1.0), "metal"),
            name if name.starts_with("shelf_edge") => {
                (vec3(-0.5, -0.045, 0.0), vec3(0.5, 0.0, 0.012), "metal")
            }
            name if name.starts_with("haze_") => {
                (vec3(-0.5, 0.0, -0.01), vec3(0.5, 1.0, 0.01), &name["haze_".len()..])
            }
            _ => (vec3(-0.5, 0.0, -0.5), vec3(0.5, 1.0, 0.5), "metal"),
        };
        model(&mut library, name, boxed(min, max), &[material], json!(null));
    }
    for (name, size, round, stack, upside_down) in FORMS {
        let half = vec3(size.x * 0.5, 0.0, size.z * 0.5);
        let poses: &[&str] =
            if upside_down { &["upright", "lying", "upside_down", "leaning"] } else { &["upright", "lying"] };
        let extras = json!({ "diorama": {
            "form": name, "size_m": size, "size_min_m": size * 0.7, "size_max_m": size * 1.4, "round": round,
            "departments": ["food"], "poses": poses, "stack": stack, "fragile": false,
            "slots": [{ "name": "label", "material": "label", "aspect": 2.0, "front_uv": [0.3, 0.0, 0.7, 1.0],
                        "wraps": round }],
            "recolour": ["body"], "front_points": [],
        }});
        model(&mut library, name, boxed(-half, half + Vec3::Y * size.y), &["label", "body"], extras);
    }
    library
}

/// Goods whose number alone says what they are: brands of eight, in three departments.
#[derive(Debug)]
pub(super) struct FakeGoods(pub(super) u32);

impl Assortment for FakeGoods {
    fn len(&self) -> u32 {
        self.0
    }

    fn product(&self, index: u32) -> Product {
        let brand = index / 8;
        let (form, size, ..) = FORMS[(brand as usize * 7 + 3) % FORMS.len()];
        let grow = 0.75 + (brand % 11) as f32 * 0.05;
        Product {
            sku: format!("sku{index:06}"),
            name: format!("Goods {index}"),
            brand: format!("Brand {brand}"),
            department: self.departments()[index as usize * 3 / self.0 as usize].clone(),
            form: form.to_owned(),
            size_m: size * vec3(grow, grow + (index % 3) as f32 * 0.02, grow),
            price_cents: 99 + index,
            ean13: format!("{index:013}"),
            colours: BTreeMap::from([("body".to_owned(), glam::Vec4::ONE)]),
        }
    }

    fn departments(&self) -> Vec<String> {
        ["baking", "drinks", "household"].map(str::to_owned).to_vec()
    }

    fn in_department(&self, department: &str) -> Vec<u32> {
        (0..self.0).filter(|&index| self.product(index).department == department).collect()
    }
}

pub(super) fn uniform(min: f64, max: f64) -> Dist {
    Dist::Uniform { min, max }
}

/// An ordinary shelf in ordinary disorder, everything on.
pub(super) fn recipe() -> Recipe {
    let off = || Dist::Constant(0.0);
    Recipe {
        name: "test".to_owned(),
        seed: 0,
        image: Size { width: 640, height: 480 },
        outputs: Outputs::default(),
        sequence: None,
        camera: CameraRecipe {
            travel_m_per_s: Dist::Constant(0.0),
            fov_deg: uniform(45.0, 70.0),
            distance_m: uniform(1.0, 2.2),
            azimuth_deg: uniform(-25.0, 25.0),
            elevation_deg: uniform(-10.0, 20.0),
            roll_deg: uniform(-3.0, 3.0),
            aim_right_m: uniform(-0.3, 0.3),
            aim_up_m: uniform(-0.1, 0.1),
            lens: LensRecipe::BrownConrady {
                k1: uniform(-0.2, 0.0),
                k2: off(),
                k3: off(),
                p1: off(),
                p2: off(),
            },
        },
        chain: ChainRecipe {
            vignette: Some(uniform(0.0, 0.4)),
            aberration: Some(uniform(0.0, 0.001)),
            defocus: Some(DefocusRecipe {
                blur_at_infinity_px: uniform(0.0, 4.0),
                focus_error_m: uniform(-0.2, 0.2),
            }),
            shake: Some(ShakeRecipe { length_px: uniform(0.0, 3.0), turn_deg: off() }),
            exposure_ev: Some(uniform(-0.5, 0.5)),
            white_balance: Some(WhiteBalanceRecipe { warmth: uniform(-0.5, 0.5), tint: uniform(-0.3, 0.3) }),
            noise: Some(NoiseRecipe { shot: uniform(0.0, 0.001), read: uniform(0.0, 0.005) }),
            tone: Some(ToneRecipe { shoulder: off(), contrast: Dist::Constant(1.0), saturation: off() }),
            sharpen: Some(uniform(0.0, 0.6)),
            jpeg_quality: Some(uniform(60.0, 95.0)),
        },
        light: LightRecipe {
            presets: vec![
                (LightPreset::Fluorescent, 2.0),
                (LightPreset::LedPanels, 2.0),
                (LightPreset::Spots, 1.0),
                (LightPreset::Daylight, 1.0),
                (LightPreset::CoolerLeds, 1.0),
            ],
            temperature_k: uniform(2800.0, 6500.0),
            brightness: Dist::Constant(1.0),
            ambient: Dist::Constant(1.0),
            shadow_lights: Dist::Constant(2.0),
            broken: Dist::Constant(0.1),
            mixed_k: Dist::Constant(800.0),
            environment: None,
        },
        stage: Stage::Shelf(shelf()),
        labels: LabelPolicy {
            categories: CategorySet::Product,
            min_visibility: 0.1,
            min_area_px: 16,
            min_side_px: 3,
            ignore_as_crowd: false,
            extra_classes: Vec::new(),
            part_classes: Vec::new(),
        },
    }
}

pub(super) fn shelf() -> ShelfRecipe {
    ShelfRecipe {
        fixtures: vec![(FixtureKind::Gondola, 2.0), (FixtureKind::Wall, 1.0)],
        bays: Dist::Choice { values: vec![1.0, 2.0, 3.0], weights: vec![1.0; 3] },
        bay_width_m: uniform(0.8, 1.3),
        boards: uniform(3.0, 6.0),
        board_gap_m: uniform(0.22, 0.42),
        depth_m: uniform(0.3, 0.55),
        assortment: 600,
        catalogue: None,
        keep_going: false,
        planogram: None,
        departments: Vec::new(),
        forms: Vec::new(),
        facings: uniform(1.0, 4.0),
        row_fill: uniform(0.5, 1.0),
        max_rows: Dist::Constant(4.0),
        spacing_m: uniform(0.002, 0.015),
        setback_m: uniform(0.0, 0.03),
        yaw_jitter_deg: Dist::Normal { mean: 0.0, std: 5.0, min: -20.0, max: 20.0 },
        dressing: DressingRecipe {
            strips: Dist::Constant(0.5),
            lips: Dist::Constant(0.5),
            trays: Dist::Constant(0.4),
            dividers: Dist::Constant(0.4),
            wobblers: Dist::Constant(0.1),
            cases: Dist::Constant(0.5),
        },
        mess: MessRecipe {
            sold_out: uniform(0.0, 0.2),
            depleted: uniform(0.0, 0.4),
            pushed_back: uniform(0.0, 0.3),
            turned: uniform(0.0, 0.3),
            misplaced: uniform(0.0, 0.1),
            lying: uniform(0.0, 0.1),
            upside_down: uniform(0.0, 0.1),
            leaning: uniform(0.0, 0.3),
            arm: Dist::Constant(0.2),
            basket: Dist::Constant(0.2),
            shoppers: Dist::Constant(0.2),
        },
        tag_share: Dist::Constant(0.9),
        max_products: 2000,
        planned: true,
    }
}

/// A sampler of a changed recipe over 600 goods.
pub(super) fn sampler(change: impl FnOnce(&mut Recipe)) -> Sampler {
    let mut made = recipe();
    change(&mut made);
    Sampler::new(Arc::new(made), Seed(7), Arc::new(library()), Arc::new(FakeGoods(600)))
        .expect("all is there")
}

/// The shelf part of a recipe.
pub(super) fn shelf_of(recipe: &mut Recipe) -> &mut ShelfRecipe {
    let Stage::Shelf(shelf) = &mut recipe.stage else { panic!("a shelf") };
    shelf
}
