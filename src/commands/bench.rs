//! `diorama bench`: where the time of a frame goes.

use std::{env, fs, path::PathBuf, process, sync::atomic::AtomicBool, time::Instant};

use anyhow::{Context, Result};
use diorama::{
    engine::{self, Event, RunOptions, run_info},
    render::PASSES,
    write::{DatasetWriter, Shard},
};
use serde_json::json;

use super::{
    Outcome, output, progress,
    studio::{SceneArgs, Studio, some},
};

const EXAMPLES: &str = "\
Examples:
  diorama bench scenes/shelf.json
  diorama bench scenes/shelf.json --frames 100 --threads 16 --json

Every stage is first timed alone, frame after frame: what is listed are medians, without the first frame, in which
textures and models are uploaded. Then the same number of new frames runs through the whole pipeline, in which the
stages overlap, to a folder beside other temporary files (TMPDIR chooses another place), which is removed.";

/// What is measured.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    scene: SceneArgs,
    /// Frames, in each of the two parts
    #[arg(long, value_name = "N", default_value_t = 16)]
    frames: u64,
    /// Threads that stage, and as many that label and encode [default: one a processor]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
    /// Print the numbers as JSON
    #[arg(long)]
    json: bool,
}

const STAGES: [&str; 7] = ["sample", "record", "gpu", "read_back", "label", "encode", "write"];

/// Seconds of each of [`STAGES`], and counts, of one frame.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    seconds: [f64; STAGES.len()],
    colour_triangles: f64,
    label_triangles: f64,
    instances: f64,
    visible: f64,
    passes: [f64; PASSES.len()],
}

/// A folder that goes away again.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // That some of it stays behind in a folder of temporary files is no error.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    some(args.frames, "--frames", "frame")?;
    let threads = super::generate::threads(args.threads)?;
    let mut studio = Studio::open(args.scene.recipe()?, &args.scene.choices.place)?;
    let scratch = Scratch(env::temp_dir().join(format!("diorama-bench-{}", process::id())));
    fs::create_dir_all(&scratch.0).with_context(|| format!("cannot create {}", scratch.0.display()))?;

    let adapter = studio.renderer.gpu().summary.clone();
    let alone = run_info(&studio.world, &adapter, 0, args.frames, Shard::WHOLE);
    let mut writer = DatasetWriter::create(&scratch.0.join("alone"), &alone)?;
    let bar = progress::bar(args.frames * 2, 0, "frames");
    let mut rows = Vec::new();
    for frame in 0..args.frames {
        rows.push(one_frame(&mut studio, &mut writer, frame)?);
        bar.inc(1);
    }
    drop(writer);
    // Once more with each pass of the renderer alone, for their shares.
    studio.renderer.time_passes();
    for (frame, row) in (0..).zip(&mut rows) {
        studio.world.stage(frame)?.render(&mut studio.renderer, &studio.world.library)?;
        for (kept, seconds) in row.passes.iter_mut().zip(studio.renderer.pass_seconds().unwrap_or_default()) {
            *kept = *seconds;
        }
    }
    studio.renderer.time_nothing();
    let together = run_info(&studio.world, &adapter, args.frames, args.frames, Shard::WHOLE);
    let mut writer = DatasetWriter::create(&scratch.0.join("together"), &together)?;
    let start = Instant::now();
    engine::generate(
        &studio.world,
        &mut studio.renderer,
        &mut writer,
        RunOptions { threads },
        &AtomicBool::new(false),
        &mut |Event::Done { .. }| bar.inc(1),
    )?;
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    drop(writer);

    // The first frame uploads what all share.
    let warm = if rows.len() > 1 { &rows[1..] } else { &rows[..] };
    report(args, &studio, warm, threads, seconds)?;
    Ok(Outcome::Done)
}

/// Makes one frame, every stage waiting for the one before.
fn one_frame(studio: &mut Studio, writer: &mut DatasetWriter, frame: u64) -> Result<Row> {
    let gpu = studio.renderer.gpu().clone();
    let world = &studio.world;
    let mut row = Row::default();
    let start = Instant::now();
    let take = world.stage(frame)?;
    row.seconds[0] = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let rendered = take.render(&mut studio.renderer, &world.library)?;
    row.seconds[1] = start.elapsed().as_secs_f64();
    let start = Instant::now();
    gpu.wait()?;
    row.seconds[2] = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let pictures = rendered.download(&gpu, world.recipe.outputs.normals).wait(&gpu)?;
    row.seconds[3] = start.elapsed().as_secs_f64();
    let output = engine::encode(world, &take.scene, &pictures, frame)?;
    let instances = &output.files.truth.instances;
    row.instances = count(instances.len());
    row.visible = count(instances.iter().filter(|i| i.class == "product" && i.bbox.is_some()).count());
    let start = Instant::now();
    let sealed = output.files.seal()?;
    (row.seconds[4], row.seconds[5]) = (output.label_s, output.encode_s + start.elapsed().as_secs_f64());
    let start = Instant::now();
    writer.put_sealed(&sealed)?;
    row.seconds[6] = start.elapsed().as_secs_f64();
    row.colour_triangles = count(usize::try_from(rendered.stats.colour_triangles).unwrap_or(usize::MAX));
    row.label_triangles = count(usize::try_from(rendered.stats.label_triangles).unwrap_or(usize::MAX));
    Ok(row)
}

#[expect(clippy::cast_precision_loss, reason = "counts of one frame are far below 2^53")]
fn count(n: usize) -> f64 {
    n as f64
}

fn median(rows: &[Row], value: impl Fn(&Row) -> f64) -> f64 {
    let mut values: Vec<f64> = rows.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) * 0.5 }
}

/// Most memory that this process ever held, MiB; `None` where the system does not say.
fn peak_memory_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

fn report(args: &Args, studio: &Studio, rows: &[Row], threads: usize, seconds: f64) -> Result<()> {
    let recipe = &studio.world.recipe;
    let ms: Vec<(&str, f64)> = STAGES
        .iter()
        .enumerate()
        .map(|(stage, name)| (*name, median(rows, |row| row.seconds[stage]) * 1000.0))
        .collect();
    let passes: Vec<(&str, f64)> = PASSES
        .iter()
        .enumerate()
        .map(|(pass, name)| (*name, median(rows, |row| row.passes[pass]) * 1000.0))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let images_per_s = args.frames as f64 / seconds;
    let adapter = &studio.renderer.gpu().summary;
    let counts = [
        ("products_visible", median(rows, |row| row.visible)),
        ("instances", median(rows, |row| row.instances)),
        ("colour_triangles", median(rows, |row| row.colour_triangles)),
        ("label_triangles", median(rows, |row| row.label_triangles)),
    ];
    if args.json {
        let object = |pairs: &[(&str, f64)]| -> serde_json::Map<String, serde_json::Value> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
        };
        return output::json(&json!({
            "scene": args.scene.scene,
            "image": [recipe.image.width, recipe.image.height],
            "seed": recipe.seed,
            "frames": args.frames,
            "threads": threads,
            "adapter": adapter,
            "ms": object(&ms),
            "passes_ms": object(&passes),
            "images_per_s": images_per_s,
            "peak_memory_mib": peak_memory_mib(),
            "per_frame": object(&counts),
        }));
    }
    let mut page = format!(
        "{}, {} x {}, {} frames, {threads} threads, {}\n\nmedian of a frame, each stage alone:\n",
        recipe.name, recipe.image.width, recipe.image.height, args.frames, adapter.name
    );
    for (name, value) in &ms {
        page += &format!("  {name:<18} {value:>10.2} ms\n");
    }
    page += &format!("  {:<18} {:>10.2} ms\n\n", "sum", ms.iter().map(|(_, value)| value).sum::<f64>());
    page += "the passes of gpu, each alone:\n";
    for (name, value) in &passes {
        page += &format!("  {name:<18} {value:>10.2} ms\n");
    }
    page += "\n";
    for (name, value) in counts {
        page += &format!("  {:<18} {value:>10}\n", name.replace('_', " "));
    }
    page += &format!("\nwhole pipeline: {images_per_s:.2} images/s");
    if let Some(peak) = peak_memory_mib() {
        page += &format!("; peak memory {peak:.0} MiB");
    }
    output::data(&(page + "\n"))
}
