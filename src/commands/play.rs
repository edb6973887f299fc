//! `diorama play`: a film of a dataset as one moving picture, its labels drawn over it.

use std::path::PathBuf;

use anyhow::{Error, Result, bail};
use diorama::{
    dataset::{Dataset, read_picture},
    report::{OverlayOptions, film_picture, gif, mp4},
};

use super::{Outcome, output, progress};

const EXAMPLES: &str = "\
Examples:
  diorama play datasets/naps --out nap.gif
  diorama play datasets/naps --film 3 --plain --width 640 --out nap.mp4

An MP4 (AV1) is opened by browsers and today's players, and is much the smaller; a GIF is shown everywhere. Below the
pictures: the time line with its events, the posture and what happens, and a dot that grows as the infant breathes in.
Boxes have the colour of their instance, which it keeps.";

/// Which film is shown, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the dataset
    dataset: PathBuf,
    /// Number of the film: the `id` of its entry in `videos`
    #[arg(long, value_name = "ID", default_value_t = 1)]
    film: u64,
    /// The file to write; its ending says what it is: .mp4 or .gif
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Width of the moving picture, pixels
    #[arg(long, value_name = "PX", default_value_t = 480)]
    width: u32,
    /// Pictures as they are, without labels
    #[arg(long)]
    plain: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    if !(16..=4096).contains(&args.width) {
        bail!("--width {}: expected 16 to 4096 pixels", args.width);
    }
    let dataset = Dataset::open(&args.dataset)?;
    let labels = OverlayOptions {
        masks: if args.plain { 0.0 } else { 0.25 },
        boxes: !args.plain,
        labels: !args.plain,
        min_visibility: 0.05,
    };
    let as_mp4 = match args.out.extension().and_then(|ending| ending.to_str()) {
        Some("mp4") => true,
        Some("gif") => false,
        _ => bail!("--out {}: expected a name that ends in .mp4 or .gif", args.out.display()),
    };
    let (mut frames, mut films, mut fps) = (Vec::new(), 0, 1.0);
    for truth in dataset.frames()? {
        let truth = truth?;
        let Some(clip) = &truth.clip else { continue };
        films = films.max(clip.video_id);
        if clip.video_id == args.film {
            fps = clip.fps;
            frames.push(truth);
        }
    }
    if frames.is_empty() {
        let found = match films {
            0 => "single pictures".to_owned(),
            last => format!("no such film; its last is {last}"),
        };
        bail!("{}: expected pictures of film {}, found {found}", args.dataset.display(), args.film);
    }
    let count = frames.len();
    let bar = progress::bar(count as u64, 0, "pictures");
    let pictures = frames.iter().map(|truth| {
        let picture = read_picture(&dataset.picture_path(truth))?;
        bar.inc(1);
        Ok(film_picture(&picture, truth, &labels, args.width)?)
    });
    let film = if as_mp4 { mp4::<Error>(pictures, fps)? } else { gif::<Error>(pictures, fps)? };
    bar.finish_and_clear();
    output::save(&args.out, &film)?;
    output::say(&format!("{count} pictures at {fps} a second: {}", args.out.display()));
    Ok(Outcome::Done)
}
