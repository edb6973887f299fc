//! `diorama inspect CATALOGUE`: each product as it will appear, and what is wrong with which row.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use diorama::{
    art::{ArtStudio, Catalogue, LeftOut},
    geometry::{Camera, Intrinsics, Lens, Size},
    gpu::Gpu,
    render::Renderer,
    report::{Tile, contact_sheet, to_png},
    sample::Showroom,
    scene::{Chain, Facts, FormSpec, Instance, Library, Light, LightKind, Scene, load_folder},
    seed::Seed,
};
use glam::{Affine3A, Quat, Vec3, vec3};
use image::RgbImage;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::{
    Outcome, inspect, output, progress,
    studio::{PlaceArgs, stem},
};

/// Pixels of one product's tile.
const TILE: u32 = 256;
/// Horizontal field of view, radians; narrow, as product photographs are.
const FOV: f32 = 0.35;
/// Products a row of the sheet has.
const COLUMNS: u32 = 8;
/// Memory for finished label art, bytes.
const ART_BUDGET: usize = 64 << 20;
/// Pictures of so many products are decoded in full, whether or not they are on the sheet.
const DECODED: u32 = 5_000;

/// Whether `inspect` should take the file for a catalogue.
pub(super) fn is_catalogue(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ["csv", "tsv", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

pub(super) fn run(path: &Path, args: &inspect::Args, place: &PlaceArgs) -> Result<Outcome> {
    let assets = place.assets()?;
    let mut library = Library::default();
    let ids = load_folder(&assets.join("forms"), &mut library)?;
    let specs: Vec<FormSpec> = ids
        .iter()
        .filter_map(|id| FormSpec::from_extras(&library.model(*id).extras).ok().flatten())
        .collect();
    let catalogue = Arc::new(Catalogue::open(path, Seed(0), &specs, true)?);
    let mut wrong = catalogue.left_out().clone();
    let decoded = catalogue.len().min(DECODED);
    let found: Vec<_> = (0..decoded).into_par_iter().map(|index| catalogue.check_pictures(index)).collect();
    let mut broken = Vec::new();
    for (index, mistakes) in (0_u32..).zip(found) {
        let Err(mistakes) = mistakes else { continue };
        wrong.total += mistakes.len();
        wrong.products += 1;
        wrong.mistakes.extend(mistakes);
        broken.push(index);
    }
    let notes: Vec<(String, String)> = (0..decoded)
        .flat_map(|index| {
            let sku = catalogue.product(index).sku;
            catalogue.notes(index).into_iter().map(move |note| (sku.clone(), note))
        })
        .collect();
    let shown: Vec<u32> =
        (0..catalogue.len()).filter(|index| !broken.contains(index)).take(args.most as usize).collect();
    let mut sheet = None;
    if !args.no_sheet && !shown.is_empty() {
        let library = library.with_art(Arc::new(ArtStudio::new(Arc::clone(&catalogue), ART_BUDGET)));
        let to = args.out.clone().unwrap_or_else(|| format!("{}.catalogue.png", stem(path)).into());
        let tiles = tiles(&library, &catalogue, &shown, place)?;
        output::save(&to, &to_png(&contact_sheet(&tiles, COLUMNS.min(args.most), TILE)?)?)?;
        sheet = Some(to.to_string_lossy().into_owned());
    }
    if args.json {
        output::json(&told(&catalogue, &wrong, &notes, decoded, sheet.as_deref()))?;
    } else {
        output::data(&page(&catalogue, &wrong, &notes, decoded, sheet.as_deref()))?;
    }
    Ok(if wrong.is_empty() { Outcome::Done } else { Outcome::CheckFailed })
}

fn told(
    catalogue: &Catalogue,
    wrong: &LeftOut,
    notes: &[(String, String)],
    decoded: u32,
    sheet: Option<&str>,
) -> Value {
    json!({
        "products": catalogue.len(),
        "departments": catalogue.departments(),
        "decoded": decoded,
        "left_out": wrong.products,
        "mistakes": wrong.mistakes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mistakes_total": wrong.total,
        "notes": notes.iter().map(|(sku, note)| json!({"sku": sku, "note": note})).collect::<Vec<_>>(),
        "sheet": sheet,
    })
}

fn page(
    catalogue: &Catalogue,
    wrong: &LeftOut,
    notes: &[(String, String)],
    decoded: u32,
    sheet: Option<&str>,
) -> String {
    let mut page = format!("products: {}\n", catalogue.len());
    for department in catalogue.departments() {
        page += &format!("  {department}: {}\n", catalogue.in_department(&department).len());
    }
    if decoded < catalogue.len() {
        page += &format!("pictures decoded in full: those of the first {decoded} products\n");
    }
    if wrong.is_empty() {
        page += "mistakes: none\n";
    } else {
        page += &format!("mistakes: {} in {} products\n{wrong}\n", wrong.total, wrong.products);
    }
    const MOST: usize = 40;
    if !notes.is_empty() {
        page += "notes:\n";
        for (sku, note) in notes.iter().take(MOST) {
            page += &format!("  {sku}: {note}\n");
        }
        if notes.len() > MOST {
            page += &format!("  ... and {} more\n", notes.len() - MOST);
        }
    }
    if let Some(sheet) = sheet {
        page += &format!("sheet: {sheet}\n");
    }
    page
}

fn tiles(library: &Library, catalogue: &Catalogue, shown: &[u32], place: &PlaceArgs) -> Result<Vec<Tile>> {
    let gpu = Gpu::open(place.adapter.as_deref())?;
    let mut renderer = Renderer::new(&gpu);
    let showroom = Showroom::new(library)?;
    let bar = progress::bar(shown.len() as u64, 0, "products");
    let mut tiles = Vec::with_capacity(shown.len());
    for index in shown {
        let product = catalogue.product(*index);
        let caption = format!("{} {}", product.sku, product.name);
        let (instance, size) = showroom.instance(product)?;
        let scene = scene(instance, size);
        let pictures = renderer.render(&scene, library)?.download(&gpu, false).wait(&gpu)?;
        let rgb = pictures.colour.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let picture = RgbImage::from_raw(TILE, TILE, rgb).context("the renderer gave no picture")?;
        tiles.push(Tile { caption: caption.chars().take(34).collect(), picture });
        bar.inc(1);
    }
    bar.finish_and_clear();
    if tiles.is_empty() {
        bail!("no product is left to be shown");
    }
    Ok(tiles)
}

/// A product turned a little, so that its front and its right side are seen, as large as its tile allows.
fn scene(instance: Instance, size: Vec3) -> Scene {
    let radius = size.length() * 0.5;
    let turn = Affine3A::from_rotation_y(-0.42)
        * Affine3A::from_scale(Vec3::splat(1.0 / radius))
        * Affine3A::from_translation(vec3(0.0, -size.y * 0.5, 0.0));
    let instance = Instance { world_from_object: turn * instance.world_from_object, ..instance };
    let sun = |from: Vec3, strength: f32| Light {
        kind: LightKind::Sun { direction: -from.normalize(), angular_radius: 0.05 },
        colour: Vec3::splat(strength),
        casts_shadow: true,
    };
    let eye = Quat::from_rotation_x(-0.16) * vec3(0.0, 0.0, 1.03 / (FOV * 0.5).sin());
    let intrinsics = Intrinsics::from_fov(Size { width: TILE, height: TILE }, f64::from(FOV), Lens::Pinhole);
    Scene {
        clip: None,
        instances: vec![instance],
        lights: vec![sun(vec3(-0.5, 0.9, 1.0), 1.7), sun(vec3(0.9, 0.5, 0.3), 0.7)],
        environment: Some(inspect::surroundings()),
        camera: Camera::look_at(eye, Vec3::ZERO, 0.0, intrinsics),
        chain: Chain::default(),
        facts: Facts::new(),
        models: Vec::new(),
    }
}
