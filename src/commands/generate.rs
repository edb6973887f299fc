//! `diorama generate`: a dataset from one command.

use std::{
    path::PathBuf,
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use anyhow::{Context, Result, anyhow, bail};
use diorama::{
    engine::{self, EngineError, Event, RunOptions, policy_of, run_info},
    write::{DatasetWriter, Shard, Summary},
};
use serde_json::json;

use super::{
    Outcome, output, progress, reproduce,
    studio::{SceneArgs, Studio, some},
};

const EXAMPLES: &str = "\
Examples:
  diorama generate scenes/shelf.json --frames 1000 --out datasets/shelf
  diorama generate scenes/shelf.json --frames 1000 --out datasets/shelf --resume
  diorama generate scenes/shelf.json --frames 100 --out datasets/small --set image.width=320 --seed 7
  diorama generate scenes/shelf.json --frames 1000 --out datasets/part0 --shard 0/4
  diorama generate scenes/crib.json --sequence 150 --fps 15 --out datasets/nap

The same command gives the same bytes, whatever the number of threads, the shard, or the point at which it was
stopped and resumed. Ctrl-C finishes the frames in hand and leaves a dataset that --resume continues (exit code 2);
a second Ctrl-C stops at once, and that dataset can be continued too.";

/// What is generated, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    scene: SceneArgs,
    /// Number of frames of the whole dataset; where the scene is films, one film unless given
    #[arg(long, value_name = "N")]
    frames: Option<u64>,
    /// Folder for the dataset; new or empty, unless resuming
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Continue the dataset in the folder, or begin it when there is none
    #[arg(long)]
    resume: bool,
    /// Make part I (from 0) of N equal parts, to be joined with `diorama merge`
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
    /// Number of the first frame
    #[arg(long, value_name = "K", default_value_t = 0)]
    first_frame: u64,
    /// Threads that stage, and as many that label and encode [default: one a processor]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
    /// Print a summary as JSON
    #[arg(long)]
    json: bool,
}

/// Sets a flag at the first Ctrl-C (or termination signal) and says so, and ends the program at the second.
pub(super) fn stop_on_interrupt(said: &'static str) -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            process::exit(2);
        }
        output::say(said);
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

/// Reads `I/N`, counting from 0.
fn shard(text: Option<&str>) -> Result<Shard> {
    let Some(text) = text else { return Ok(Shard::WHOLE) };
    let wrong =
        |what: &str| anyhow!("--shard {text}: expected I/N with I from 0 to N - 1, as in 0/4; {what}");
    let (index, count) = text.split_once('/').ok_or_else(|| wrong("found no `/`"))?;
    let number =
        |part: &str| part.trim().parse::<u32>().map_err(|_| wrong(&format!("`{part}` is no such number")));
    let (index, count) = (number(index)?, number(count)?);
    if index >= count {
        return Err(wrong(&format!("{index} is not below {count}")));
    }
    Ok(Shard { index, count })
}

/// Threads to use, checked.
pub(super) fn threads(wanted: Option<usize>) -> Result<usize> {
    match wanted {
        None => Ok(thread::available_parallelism().map_or(1, usize::from)),
        Some(count @ 1..=1024) => Ok(count),
        Some(count) => bail!("--threads {count}: expected 1 to 1024"),
    }
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let (shard, threads) = (shard(args.shard.as_deref())?, threads(args.threads)?);
    if args.frames == Some(0) {
        some(0, "--frames", "frame")?;
    }
    let recipe = args.scene.recipe()?;
    let film = recipe.sequence.map(|film| u64::from(film.frames));
    let frames = args.frames.or(film).context("--frames: expected the number of frames to make")?;
    if args.first_frame.checked_add(frames).is_none_or(|end| end > i64::MAX.unsigned_abs()) {
        bail!("--first-frame {} --frames {frames}: expected numbers below 2^63", args.first_frame);
    }
    refuse_early(args)?;
    let mut studio = Studio::open(recipe, &args.scene.choices.place)?;
    let adapter = studio.renderer.gpu().summary.clone();
    let info = run_info(&studio.world, &adapter, args.first_frame, frames, shard);
    let mut writer = if args.resume {
        DatasetWriter::resume(&args.out, &info)?
    } else {
        DatasetWriter::create(&args.out, &info)?
    };
    let stop = stop_on_interrupt("stopping: the frames in hand are finished first (again to stop at once)")?;
    let (before, total) = (writer.complete(), info.range().end - info.range().start);
    let (start, mut visible) = (Instant::now(), 0);
    let bar = progress::bar(total, before, "frames");
    let whole = engine::generate(
        &studio.world,
        &mut studio.renderer,
        &mut writer,
        RunOptions { threads },
        &stop,
        &mut |Event::Done { visible: seen, .. }| {
            visible += seen;
            bar.inc(1);
        },
    );
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    let complete = writer.complete();
    match whole.map_err(|error| explained(error, args, studio.world.seed.0))? {
        true => {
            let summary = writer.finish(&policy_of(&studio.world.recipe.labels))?;
            report(args, &summary, complete - before, visible, seconds)?;
            Ok(Outcome::Done)
        }
        false => {
            output::say(&format!(
                "stopped: {complete} of {total} frames are complete in {}; continue with\n  {}",
                args.out.display(),
                reproduce::resume()
            ));
            Ok(Outcome::Stopped)
        }
    }
}

/// A folder that is taken is refused before assets are loaded; the writer looks again.
fn refuse_early(args: &Args) -> Result<()> {
    let taken = !args.resume && args.out.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if taken && !args.out.join(".part").exists() {
        bail!(
            "{} is not empty: choose a new folder, or continue the dataset in it with --resume",
            args.out.display()
        );
    }
    Ok(())
}

fn explained(error: EngineError, args: &Args, seed: u64) -> anyhow::Error {
    match reproduce::frame_of(&error) {
        Some(frame) => {
            let command = reproduce::preview(&args.scene, seed, frame);
            anyhow!("{}\nreproduce it with\n  {command}", super::told_once(&error.into()))
        }
        None => error.into(),
    }
}

fn report(args: &Args, summary: &Summary, made: u64, visible: usize, seconds: f64) -> Result<()> {
    let counts = summary.counts;
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = made as f64 / seconds.max(1e-9);
    if args.json {
        return output::json(&json!({
            "out": args.out,
            "counts": counts,
            "frames_made": made,
            "visible_made": visible,
            "seconds": seconds,
            "images_per_s": rate,
        }));
    }
    output::say(&format!(
        "{} frames, {} annotations of {} instances in {} categories; {made} made in {seconds:.1} s, {rate:.2} \
         images/s: {}",
        counts.frames,
        counts.annotations,
        counts.instances,
        counts.categories,
        args.out.display()
    ));
    Ok(())
}
