//! `diorama why`: every value that was drawn for one instance.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

use anyhow::{Result, bail};
use diorama::{
    dataset::Dataset,
    scene::{InstanceId, Scene},
    seed::Draw,
    truth::{FrameTruth, InstanceTruth},
};
use serde_json::json;

use super::{
    Outcome, output,
    studio::{PlaceArgs, world_of},
};

const EXAMPLES: &str = "\
Examples:
  diorama why datasets/shelf 7 42
  diorama why datasets/shelf 7 42 --json

FRAME is the frame's number (COCO's image_id less one), INSTANCE the instance_id that truth, annotations and id
pictures carry. The frame is staged again from what the manifest records; nothing is rendered. Listed are the draws
of the whole frame (camera, light ...), then those of the entities that the instance belongs to, then its own.";

/// Which instance.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the dataset
    dataset: PathBuf,
    /// Number of the frame
    frame: u64,
    /// Number of the instance in its frame
    instance: u32,
    #[command(flatten)]
    place: PlaceArgs,
    /// Print draws and record as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let dataset = Dataset::open(&args.dataset)?;
    let truth = dataset.record(args.frame)?.truth;
    let record = find(&truth, args.instance)?;
    let (scene, draws) = world_of(dataset.manifest(), &args.place)?.sampler.stage_traced(args.frame)?;
    let staged = scene.instance(InstanceId(args.instance));
    if staged.is_none_or(|instance| instance.path != record.path || instance.facts != record.facts) {
        bail!(
            "{}: frame {} is staged differently now: it was made by version {} with other assets, or changed",
            args.dataset.display(),
            args.frame,
            dataset.manifest().run.engine
        );
    }
    let behind = behind(&record.path, &scene, &draws);
    if args.json {
        let list = |draws: &[&Draw]| -> Vec<_> {
            draws
                .iter()
                .map(|d| json!({ "path": d.path, "parameter": d.parameter, "value": d.value }))
                .collect()
        };
        output::json(&json!({
            "frame": args.frame,
            "instance_id": args.instance,
            "path": record.path,
            "seed": dataset.manifest().run.seed,
            "draws": { "frame": list(&behind.frame), "entities": list(&behind.entities), "own": list(&behind.own) },
            "record": record,
        }))?;
        return Ok(Outcome::Done);
    }
    output::data(&page(args, record, &behind)?)?;
    Ok(Outcome::Done)
}

fn find(truth: &FrameTruth, instance: u32) -> Result<&InstanceTruth> {
    match truth.instances.iter().find(|one| one.instance_id == instance) {
        Some(found) => Ok(found),
        None => bail!(
            "frame {} has no labelled instance {instance}; it has {} of them, numbered up to {}",
            truth.frame,
            truth.instances.len(),
            truth.instances.last().map_or(0, |last| last.instance_id)
        ),
    }
}

/// Draws behind an instance, each list in the order of drawing.
struct Behind<'a> {
    /// Of things that no instance belongs to: camera, chain, light.
    frame: Vec<&'a Draw>,
    /// Of the entities above it.
    entities: Vec<&'a Draw>,
    /// Of itself and what is below it.
    own: Vec<&'a Draw>,
}

fn behind<'a>(path: &str, scene: &Scene, draws: &'a [Draw]) -> Behind<'a> {
    fn root(path: &str) -> &str {
        path.split('/').next().unwrap_or_default()
    }
    let roots: BTreeSet<&str> = scene.instances.iter().map(|instance| root(&instance.path)).collect();
    let mut behind = Behind { frame: Vec::new(), entities: Vec::new(), own: Vec::new() };
    for draw in draws {
        if is_within(&draw.path, path) {
            behind.own.push(draw);
        } else if draw.path.is_empty() || !roots.contains(root(&draw.path)) {
            behind.frame.push(draw);
        } else if is_within(path, &draw.path) {
            behind.entities.push(draw);
        }
    }
    behind
}

/// Whether an entity is another one or belongs to it.
fn is_within(path: &str, entity: &str) -> bool {
    path.strip_prefix(entity).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn page(args: &Args, record: &InstanceTruth, behind: &Behind<'_>) -> Result<String> {
    let mut page = format!(
        "{}, frame {}, instance {}: {} {}\n",
        args.dataset.display(),
        args.frame,
        args.instance,
        record.class,
        record.path
    );
    let lists =
        [("the frame", &behind.frame), ("what it belongs to", &behind.entities), ("itself", &behind.own)];
    for (title, draws) in lists {
        let _ = writeln!(page, "\ndrawn for {title}:");
        for draw in draws {
            let _ = writeln!(page, "  {:<40} {:<24} {}", draw.path, draw.parameter, draw.value);
        }
    }
    let _ = writeln!(page, "\nits record:\n{}", serde_json::to_string_pretty(record)?);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_facing_is_not_within_its_namesake() {
        assert!(is_within("bay0/board2", "bay0/board2"), "itself");
        assert!(is_within("bay0/board2/facing5", "bay0/board2"), "below");
        assert!(!is_within("bay0/board21", "bay0/board2"), "another one whose name begins alike");
        assert!(!is_within("bay0", "bay0/board2"), "above");
    }
}
