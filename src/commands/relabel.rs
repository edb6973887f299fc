//! `diorama relabel`: other labels for the same pictures.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use diorama::{
    config::{Override, Recipe},
    dataset::Dataset,
    engine::policy_of,
    write::{Policy, relabel},
};
use serde_json::json;

use super::{Outcome, output};

const EXAMPLES: &str = "\
Examples:
  diorama relabel datasets/shelf --categories form
  diorama relabel datasets/shelf --set labels.min_visibility=0.3 --set labels.ignore_as_crowd=true
  diorama relabel datasets/shelf --set 'labels.extra_classes=[\"price_tag\", \"gap\"]'

What is not set stays as the dataset has it now. Only annotations.json, annotations_parts.json (where there are
parts) and manifest.json are written again: the truth records keep everything, so that every relabelling can be undone by another one.";

/// What is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the dataset
    dataset: PathBuf,
    /// Set a field of the label policy, as in `labels.min_visibility=0.3`; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// How products are divided into categories: product, form, department or sku
    #[arg(long, value_name = "SET")]
    categories: Option<String>,
    /// Print the policy and the counts as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let dataset = Dataset::open(&args.dataset)?;
    let policy = policy(args, &dataset)?;
    let summary = relabel(&args.dataset, &policy)?;
    if args.json {
        output::json(&json!({ "dataset": args.dataset, "policy": policy, "counts": summary.counts }))?;
    } else {
        output::say(&format!(
            "{} annotations in {} categories: {}",
            summary.counts.annotations,
            summary.counts.categories,
            args.dataset.display()
        ));
    }
    Ok(Outcome::Done)
}

/// The dataset's policy with the changes over it, read as a config is, so that mistakes are found alike.
fn policy(args: &Args, dataset: &Dataset) -> Result<Policy> {
    if args.set.is_empty() && args.categories.is_none() {
        bail!("expected --categories or --set labels.FIELD=VALUE: nothing is to be changed");
    }
    let mut texts = args.set.clone();
    if let Some(text) = texts.iter().find(|text| !text.trim_start().starts_with("labels.")) {
        bail!(
            "--set {text}: expected a field of the label policy, as labels.min_visibility=0.3; anything else is \
               decided before rendering"
        );
    }
    texts.extend(args.categories.iter().map(|name| format!("labels.categories={name}")));
    let set: Vec<Override> = texts.iter().map(|text| Override::parse(text)).collect::<Result<_, _>>()?;
    let manifest = dataset.manifest();
    let mut config = manifest.run.config.clone();
    if let (Some(policy), Some(config)) = (&manifest.policy, config.as_object_mut()) {
        config.insert("labels".to_owned(), serde_json::to_value(policy)?);
    }
    let recipe = Recipe::parse(&format!("{config:#}"), "the dataset's config", &set)
        .with_context(|| format!("{} cannot be relabelled", args.dataset.display()))?;
    Ok(policy_of(&recipe.labels))
}
