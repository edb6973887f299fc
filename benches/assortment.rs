//! A national assortment: how soon 170,000 products open, and what memory rendering them takes.
//!
//! `cargo bench --profile dev --no-default-features --bench assortment` writes a catalogue of 170,000 rows, each with a
//! photograph of its own, to a temporary folder, opens it, and renders frames of it; then the same with the generated
//! catalogue. Numbers go to standard output; benches/RESULTS.md keeps them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "small pictures of its own making"
)]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use diorama::{
    art::{ArtStudio, Catalogue},
    config::{Override, Recipe},
    engine::World,
    gpu::Gpu,
    render::Renderer,
    scene::{ArtKey, ArtSource},
    seed::Seed,
};
use image::{Rgb, RgbImage};

/// Rows: about what a country's food shops sell.
const ROWS: u32 = 170_000;
/// Different photographs; each row has a file of its own, linked to one of them.
const PHOTOGRAPHS: u32 = 64;
/// Frames rendered of each catalogue.
const FRAMES: u64 = 6;
/// Labels made one after the other, from all over the catalogue.
const LABELS: u32 = 2_000;
const LABEL_BUDGET: usize = 32 << 20;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, reason = "a benchmark's results")]
fn say(line: &str) {
    println!("{line}");
}

/// Memory that the process holds now (`VmRSS`) or ever held (`VmHWM`), MiB; 0 where the system does not say.
fn memory_mib(which: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(which)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("diorama-assortment-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = measure(&folder);
    fs::remove_dir_all(&folder)?;
    done
}

fn measure(folder: &Path) -> Result<()> {
    let csv = written(folder)?;
    let size = fs::metadata(&csv)?.len();
    say(&format!("{ROWS} rows, {:.1} MB of CSV, a photograph each", megabytes(size)));
    let scene = folder.join("scene.json");
    fs::write(&scene, "{\"stage\": {\"shelf\": {}}}")?;

    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let own = Override::parse(&format!("stage.shelf.catalogue={}", csv.display()))?;
    run("a user's catalogue", Recipe::load(&scene, &[own])?, &assets)?;
    let all = Override::parse(&format!("stage.shelf.assortment={ROWS}"))?;
    run("the generated catalogue", Recipe::load(&scene, &[all])?, &assets)
}

fn run(name: &str, recipe: Recipe, assets: &Path) -> Result<()> {
    say(&format!("\n{name}"));
    let before = memory_mib("VmRSS");
    let start = Instant::now();
    let world = World::open(recipe, Seed(1), assets)?;
    say(&format!(
        "  open, models and all: {:.2} s, {:.0} MiB more",
        start.elapsed().as_secs_f64(),
        memory_mib("VmRSS") - before
    ));
    labels(&world.catalogue)?;
    let start = Instant::now();
    for frame in 0..20 {
        world.sampler.stage(frame)?;
    }
    say(&format!("  stage a frame: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0 / 20.0));
    let gpu = Gpu::open(None)?;
    let mut renderer = Renderer::new(&gpu);
    for frame in 0..FRAMES {
        let start = Instant::now();
        let scene = world.sampler.stage(frame)?;
        renderer.render(&scene, &world.library)?.download(&gpu, false).wait(&gpu)?;
        say(&format!(
            "  frame {frame}: {:.2} s, {:.0} MiB held, {:.0} MiB at most so far",
            start.elapsed().as_secs_f64(),
            memory_mib("VmRSS"),
            memory_mib("VmHWM")
        ));
    }
    Ok(())
}

/// Labels from all over the catalogue, under a small budget.
fn labels(catalogue: &std::sync::Arc<Catalogue>) -> Result<()> {
    let studio = ArtStudio::new(catalogue.clone(), LABEL_BUDGET);
    let before = memory_mib("VmRSS");
    let start = Instant::now();
    for number in 0..LABELS {
        let index = u32::try_from(u64::from(number) * 104_729 % u64::from(catalogue.len()))?;
        studio.pixels(&ArtKey { sku: catalogue.product(index).sku, slot: "label".into() }, 256)?;
    }
    say(&format!(
        "  {LABELS} labels of 256 pixels: {:.2} ms each; {:.1} MiB kept of a budget of {} MiB, {:.0} MiB more held",
        start.elapsed().as_secs_f64() * 1000.0 / f64::from(LABELS),
        megabytes(studio.cached_bytes() as u64) / 1.048_576,
        LABEL_BUDGET >> 20,
        memory_mib("VmRSS") - before
    ));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Writes the catalogue.
fn written(folder: &Path) -> Result<PathBuf> {
    const FORMS: [(&str, &str, [f32; 3]); 8] = [
        ("can", "drinks", [0.066, 0.122, 0.066]),
        ("cereal_box", "breakfast", [0.19, 0.296, 0.062]),
        ("food_tin", "canned", [0.0754, 0.11, 0.0754]),
        ("jar", "spreads", [0.075, 0.108, 0.075]),
        ("small_box", "coffee_tea", [0.118, 0.084, 0.062]),
        ("yoghurt_cup", "dairy", [0.0758, 0.076, 0.0758]),
        ("crisps_bag", "snacks", [0.184, 0.262, 0.0624]),
        ("pet_bottle", "drinks", [0.065, 0.232, 0.065]),
    ];
    for number in 0..PHOTOGRAPHS {
        let seed = number * 37;
        let picture = RgbImage::from_fn(400, 600, |x, y| {
            let ring = ((x as i32 - 200).pow(2) + (y as i32 - 300).pow(2)) / 900;
            let c = |k: u32| ((x * (k + 1) / 3 + y * (3 - k) / 4 + seed * (k + 2) + ring as u32) % 256) as u8;
            Rgb([c(0), c(1), c(2)])
        });
        picture.save(folder.join(format!("photograph{number}.jpg")))?;
    }
    let mut text = String::from("sku,name,brand,department,form,width_m,height_m,depth_m,price,front\n");
    for row in 0..ROWS {
        let line = row / 8;
        let (form, department, size) = FORMS[line as usize % FORMS.len()];
        let grow = 0.85 + 0.025 * f64::from(line % 9);
        let [w, h, d] = size.map(|side| f64::from(side) * grow);
        let folder_name = format!("p{}", row / 1000);
        let picture = format!("{folder_name}/{row}.jpg");
        if row % 1000 == 0 {
            fs::create_dir_all(folder.join(&folder_name))?;
        }
        fs::hard_link(folder.join(format!("photograph{}.jpg", row % PHOTOGRAPHS)), folder.join(&picture))?;
        writeln!(
            text,
            "{:08},Goods {row} Variety {},Brand {},{department},{form},{w:.4},{h:.4},{d:.4},{}.{:02},{picture}",
            40_000_000 + row,
            row % 8,
            line % 2500,
            1 + row % 9,
            row % 100
        )?;
    }
    let path = folder.join("national.csv");
    fs::write(&path, text)?;
    Ok(path)
}
