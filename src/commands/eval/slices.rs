//! Slices as the command line asks for them.

use anyhow::{Context, Result, bail};
use diorama::{
    dataset::{Coco, CocoObject, Fact},
    eval::{
        Slice,
        slices::{Facts, Value, by_fact, by_size},
    },
};

/// What names a field of the image record.
const IMAGE: &str = "image.";
/// Edges of `--slices`.
const VISIBILITY: [f64; 6] = [0.0, 0.1, 0.25, 0.5, 0.75, 1.0];
const SIZE_PX: [f64; 7] = [0.0, 8.0, 16.0, 32.0, 64.0, 96.0, f64::INFINITY];
const DISTANCE_M: [f64; 7] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, f64::INFINITY];

/// `FIELD` or `FIELD=EDGES`.
fn parse(text: &str) -> Result<(&str, Option<Vec<f64>>)> {
    let (field, edges) = text.split_once('=').map_or((text, None), |(field, edges)| (field, Some(edges)));
    if field.is_empty() || field == IMAGE {
        bail!("--slice {text}: expected the name of a field");
    }
    let edges = edges.map(|edges| {
        let numbers = edges.split(',').map(|edge| edge.trim().parse::<f64>());
        let numbers: Vec<f64> = numbers
            .collect::<Result<_, _>>()
            .with_context(|| format!("--slice {text}: expected numbers with commas between them"))?;
        if numbers.len() < 2 || !numbers.windows(2).all(|pair| pair[0] < pair[1]) {
            bail!("--slice {text}: expected two edges or more, ascending");
        }
        Ok(numbers)
    });
    Ok((field, edges.transpose()?))
}

/// Fields of annotations and of image records to be read.
pub(super) fn fields(texts: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let (mut objects, mut pictures) = (Vec::new(), Vec::new());
    for text in texts {
        let (field, _) = parse(text)?;
        match field.strip_prefix(IMAGE) {
            Some(field) => pictures.push(field.to_owned()),
            None => objects.push(field.to_owned()),
        }
    }
    Ok((objects, pictures))
}

/// The slices; a field that nothing has is a mistake.
pub(super) fn slices(usual: bool, texts: &[String], coco: &Coco) -> Result<Vec<Slice>> {
    let mut slices = Vec::new();
    if usual {
        // Foreign files know nothing of visibility and distance: then there are no such slices.
        slices.extend(by_fact("visibility", truths(coco, |o| number(o.visibility)), Some(&VISIBILITY)));
        slices.extend(by_size(&SIZE_PX));
        slices.extend(by_fact("distance_m", truths(coco, |o| number(o.distance_m)), Some(&DISTANCE_M)));
    }
    for text in texts {
        let (field, edges) = parse(text)?;
        let facts = match field.strip_prefix(IMAGE) {
            Some(name) => {
                Facts::Pictures(coco.pictures().iter().map(|p| p.facts.get(name).map(value)).collect())
            }
            None => truths(coco, |object| match field {
                "visibility" => number(object.visibility),
                "truncation" => number(object.truncation),
                "distance_m" => number(object.distance_m),
                _ => object.facts.get(field).map(value),
            }),
        };
        let found = by_fact(field, facts, edges.as_deref());
        if found.is_empty() {
            bail!(
                "--slice {text}: no record of {} has a number or a word of that name",
                coco.file().display()
            );
        }
        slices.extend(found);
    }
    // One that is asked for twice, as by --slices and --slice, is told twice only if its parts differ.
    let mut seen = Vec::new();
    slices.retain(|slice: &Slice| {
        let key = (slice.by.clone(), slice.bin.clone());
        let fresh = !seen.contains(&key);
        seen.push(key);
        fresh
    });
    Ok(slices)
}

fn truths(coco: &Coco, fact: impl Fn(&CocoObject) -> Option<Value>) -> Facts {
    Facts::Truths(coco.pictures().iter().map(|p| p.objects.iter().map(&fact).collect()).collect())
}

fn number(value: Option<f64>) -> Option<Value> {
    value.map(Value::Number)
}

fn value(fact: &Fact) -> Value {
    match fact {
        Fact::Number(number) => Value::Number(*number),
        Fact::Word(word) => Value::Word(word.clone()),
    }
}
