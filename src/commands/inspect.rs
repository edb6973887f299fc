//! `diorama inspect`: what a glTF asset holds, and how it looks from all sides; or the same of a catalogue.

use std::{f32::consts::TAU, fmt::Write as _, path::PathBuf, sync::Arc};

use anyhow::{Result, bail};
use diorama::{
    geometry::{Camera, Intrinsics, Lens, Size},
    gpu::Gpu,
    render::Renderer,
    report::{Tile, contact_sheet, to_png},
    scene::{
        Chain, Environment, Facts, ImportOptions, Instance, InstanceId, Library, Light, LightKind, ModelId,
        Role, Scene, describe, import,
    },
};
use glam::{Affine3A, Quat, Vec3, vec3};
use image::RgbImage;
use serde_json::Value;

use super::{
    Outcome, catalogue, output,
    studio::{PlaceArgs, some, stem},
};

const EXAMPLES: &str = "\
Examples:
  diorama inspect assets/forms/can.glb
  diorama inspect mug.gltf --out mug.png --views 12
  diorama inspect mug.gltf --no-sheet --json
  diorama inspect my.csv --most 200


Reads any glTF 2.0 file (.gltf or .glb) as a run does, so that whatever would stop a run is said here first. The
turntable sheet goes to NAME.turntable.png in the working directory unless --out names another file.

Of a catalogue (.csv or .json) it shows each product as it will appear, on a sheet NAME.catalogue.png, and says what is
wrong with which row; the exit code is 1 when something is.";

/// Pixels of one view.
const VIEW: u32 = 320;
/// Horizontal field of view of the turntable's camera, radians.
const FOV: f32 = 0.6;

/// What is looked at.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The asset, a .gltf or .glb file; or a catalogue, a .csv or .json file
    asset: PathBuf,
    /// Sheet to write, a PNG
    #[arg(long, value_name = "FILE", conflicts_with = "no_sheet")]
    pub(super) out: Option<PathBuf>,
    /// Views on the sheet
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(..=64))]
    views: u32,
    /// Most products of a catalogue on the sheet
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(super) most: u32,
    /// Render nothing
    #[arg(long)]
    pub(super) no_sheet: bool,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print what it holds as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    some(u64::from(args.views), "--views", "view")?;
    if catalogue::is_catalogue(&args.asset) {
        return catalogue::run(&args.asset, args, &args.place);
    }
    let mut library = Library::default();
    let model = import(&args.asset, &mut library, &ImportOptions::default())?;
    let mut facts = describe(library.model(model), &library);
    if !args.no_sheet {
        let path = args.out.clone().unwrap_or_else(|| format!("{}.turntable.png", stem(&args.asset)).into());
        output::save(&path, &to_png(&turntable(&library, model, args)?)?)?;
        facts["turntable"] = path.to_string_lossy().into();
    }
    if args.json {
        output::json(&facts)?;
    } else {
        let mut text = String::new();
        outline(&facts, 0, &mut text);
        output::data(&text)?;
    }
    Ok(Outcome::Done)
}

/// JSON as an indented outline.
fn outline(value: &Value, depth: usize, out: &mut String) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let indent = "  ".repeat(depth);
        let items: &[Value] = match value {
            Value::Array(items) => items,
            Value::Object(_) => std::slice::from_ref(value),
            _ => &[],
        };
        if items.iter().any(Value::is_object) {
            let _ = writeln!(out, "{indent}{key}:");
            for (index, item) in items.iter().enumerate() {
                if items.len() > 1 {
                    let _ = writeln!(out, "{indent}  {}.", index + 1);
                }
                outline(item, depth + 1 + usize::from(items.len() > 1), out);
            }
        } else {
            let words = match value {
                Value::String(text) => text.clone(),
                Value::Array(items) if items.is_empty() => "none".to_owned(),
                Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
                other => short(other),
            };
            let _ = writeln!(out, "{indent}{key}: {words}");
        }
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => format!("{:.4}", number.as_f64().unwrap_or_default()),
        other => other.to_string(),
    }
}

fn turntable(library: &Library, model: ModelId, args: &Args) -> Result<RgbImage> {
    let gpu = Gpu::open(args.place.adapter.as_deref())?;
    let mut renderer = Renderer::new(&gpu);
    let mut tiles = Vec::new();
    for index in 0..args.views {
        #[expect(clippy::cast_precision_loss, reason = "at most 64 views")]
        let turn = index as f32 / args.views as f32;
        let scene = studio_scene(library, model, turn * TAU)?;
        let pictures = renderer.render(&scene, library)?.download(&gpu, false).wait(&gpu)?;
        let rgb = pictures.colour.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let Some(picture) = RgbImage::from_raw(VIEW, VIEW, rgb) else {
            bail!("the renderer gave no picture")
        };
        tiles.push(Tile { caption: format!("{:.0} degrees", turn * 360.0), picture });
    }
    Ok(contact_sheet(&tiles, args.views.min(4), VIEW)?)
}

/// The model as large as a unit sphere in grey light from all around, a sun from the front left and a weaker one from
/// behind, seen from slightly above. The model turns; camera and light stand still.
fn studio_scene(library: &Library, model: ModelId, turn: f32) -> Result<Scene> {
    let bounds = library.model(model).bounds;
    let radius = bounds.size().length() * 0.5;
    if !(radius.is_finite() && radius > 0.0) {
        bail!("{}: it has no extent, so that there is nothing to see", library.model(model).source);
    }
    let world_from_object = Affine3A::from_rotation_y(turn)
        * Affine3A::from_scale(Vec3::splat(1.0 / radius))
        * Affine3A::from_translation(-bounds.center());
    let sun = |from: Vec3, strength: f32| Light {
        kind: LightKind::Sun { direction: -from.normalize(), angular_radius: 0.03 },
        colour: Vec3::splat(strength),
        casts_shadow: true,
    };
    let distance = 1.08 / (FOV * 0.5).sin();
    let eye = Quat::from_rotation_x(-0.35) * vec3(0.0, 0.0, distance);
    let intrinsics = Intrinsics::from_fov(Size { width: VIEW, height: VIEW }, f64::from(FOV), Lens::Pinhole);
    Ok(Scene {
        clip: None,
        instances: vec![Instance {
            id: InstanceId(1),
            path: "asset0".to_owned(),
            class: "asset".to_owned(),
            role: Role::Labelled,
            model: Some(model),
            world_from_object,
            dresses: Vec::new(),
            tint: Vec3::ONE,
            facts: Facts::new(),
        }],
        lights: vec![sun(vec3(-0.6, 0.9, 1.0), 1.8), sun(vec3(0.9, 0.5, -0.6), 0.8)],
        environment: Some(surroundings()),
        camera: Camera::look_at(eye, Vec3::ZERO, 0.0, intrinsics),
        chain: Chain::default(),
        facts: Facts::new(),
        models: Vec::new(),
    })
}

/// Neutral grey, lighter above, so that edges and metal have something to show.
pub(super) fn surroundings() -> Environment {
    let (width, height) = (16u32, 64u32);
    #[expect(clippy::cast_precision_loss, reason = "few rows")]
    let grey = |row: u32| Vec3::splat(0.62 - 0.4 * (row as f32 / (height - 1) as f32));
    let radiance = (0..height).flat_map(|row| std::iter::repeat_n(grey(row), width as usize)).collect();
    Environment { width, height, radiance: Arc::new(radiance), gain: 1.0, yaw: 0.0, visible: true }
}
