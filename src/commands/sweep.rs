//! `diorama sweep`: many training runs from one plan, and a table of how they ended.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::Ordering,
    time::Instant,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::Parser as _;
use diorama::{
    seed::Seed,
    train::{LOG, MODEL},
};
use rand::seq::SliceRandom;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Cli, Outcome, generate, output, reproduce};

const EXAMPLES: &str = "\
Examples:
  diorama sweep plan.json --out runs/sweep
  diorama sweep plan.json --out runs/sweep --resume
  diorama sweep plan.json --out runs/search --random 20 --seed 1

A plan names options of `diorama train` without their dashes, those that all runs share and those that vary:

  {
    \"train\": { \"scene\": \"scenes/shelf.json\", \"input\": 320, \"steps\": 1000, \"val-frames\": 50 },
    \"vary\": {
      \"size\": [\"nano\", \"small\"],
      \"lr\": [0.001, 0.002],
      \"set\": [[], [\"chain.noise=null\", \"chain.shake=null\"]]
    }
  }

makes eight runs, one after the other: every combination. A list inside a list repeats an option; true is an option
without a value, false leaves it out. With --random N, a plan may also have distributions, as a scene has them:
\"lr\": { \"log_uniform\": [0.0005, 0.01] }. sweep.json and table.md in the folder are brought up to date after every run.
Ctrl-C lets the run in hand save; --resume goes on with it.";

/// Which runs, and where they go.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The plan, a JSON file
    plan: PathBuf,
    /// Folder for the runs; new or empty, unless resuming
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Go on with the runs in the folder
    #[arg(long)]
    resume: bool,
    /// N random combinations in place of all of them
    #[arg(long, value_name = "N")]
    random: Option<usize>,
    /// Names the draws of --random
    #[arg(long, value_name = "S", default_value_t = 0, requires = "random")]
    seed: u64,
    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// A plan as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    #[serde(default)]
    train: Map<String, Value>,
    vary: BTreeMap<String, Choices>,
}

/// What an option may be.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of values, or a distribution such as {\"log_uniform\": [0.001, 0.01]}")]
enum Choices {
    Values(Vec<Value>),
    Spread(Spread),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Spread {
    Uniform([f64; 2]),
    LogUniform([f64; 2]),
}

/// What one run does not share with the others.
type Setting = BTreeMap<String, Value>;

/// Names and scores of a run, as far as it has come.
struct Row {
    name: String,
    setting: Setting,
    scores: Map<String, Value>,
    state: &'static str,
}

/// The table of runs, in a sweep's folder, and its column of how long each took.
const TABLE: &str = "sweep.json";
const MINUTES: &str = "minutes";

/// More runs than anybody means.
const MOST_RUNS: usize = 10_000;

pub(super) fn run(args: &Args) -> Result<Outcome> {
    let plan = read(&args.plan)?;
    let settings = settings(&plan, args)?;
    let at = args.plan.display();
    let commands: Vec<(String, Vec<OsString>)> = settings
        .iter()
        .enumerate()
        .map(|(index, setting)| {
            let name = format!("{index:03}");
            let words = words(&plan.train, setting, &args.out.join(&name))?;
            // What `train` would refuse is refused before the first run.
            let typed = std::iter::once(OsString::from("diorama")).chain(words.iter().cloned());
            Cli::try_parse_from(typed)
                .map_err(|error| anyhow!("{at}: run {name} ({}): {error}", told(setting)))?;
            Ok((name, words))
        })
        .collect::<Result<_>>()?;
    if !args.resume && args.out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!(
            "{} is not empty: choose a new folder, or go on with the runs in it with --resume",
            args.out.display()
        );
    }
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    same_plan(args, &commands)?;
    let stop = generate::stop_on_interrupt("stopping: the run in hand saves first (again to stop at once)")?;
    let mut rows: Vec<Row> = commands
        .iter()
        .zip(settings)
        .map(|((name, _), setting)| Row { name: name.clone(), setting, scores: Map::new(), state: "to do" })
        .collect();
    let taken = minutes_taken(&args.out);
    let mut failed = 0;
    for index in 0..rows.len() {
        let (name, words) = &commands[index];
        let folder = args.out.join(name);
        let start = Instant::now();
        let ended_before = folder.join(MODEL).exists();
        if !ended_before {
            output::say(&format!("run {} of {}: {}", index + 1, rows.len(), told(&rows[index].setting)));
            let program = std::env::current_exe().context("cannot find this program")?;
            let ended = Command::new(program)
                .args(words)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status()
                .context("cannot start a run")?;
            if stop.load(Ordering::SeqCst) {
                break;
            }
            if !ended.success() {
                failed += 1;
                rows[index].state = "failed";
                output::say(&format!("run {name} failed; the others go on"));
                save(args, &rows)?;
                continue;
            }
        }
        rows[index].state = "done";
        rows[index].scores = last_scores(&folder.join(LOG))?;
        let minutes = if ended_before { taken.get(name).cloned() } else { Some(json!(minutes(start))) };
        if let Some(minutes) = minutes {
            rows[index].scores.insert(MINUTES.to_owned(), minutes);
        }
        save(args, &rows)?;
    }
    if args.json {
        output::json(&rows.iter().map(record).collect::<Vec<_>>())?;
    } else {
        output::data(&table(&rows))?;
    }
    if stop.load(Ordering::SeqCst) {
        output::say(&format!("stopped; go on with\n  {}", reproduce::resume()));
        return Ok(Outcome::Stopped);
    }
    if failed > 0 {
        bail!("{failed} of {} runs failed; --resume tries them again", rows.len());
    }
    Ok(Outcome::Done)
}

/// What runs that ended before took, by name, as the folder's table says.
fn minutes_taken(out: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(out.join(TABLE)).unwrap_or_default();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    let of = |row: &Value| Some((row["run"].as_str()?.to_owned(), row["scores"].get(MINUTES)?.clone()));
    rows.iter().filter_map(of).collect()
}

fn minutes(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() / 6.0).round() / 10.0
}

fn read(path: &Path) -> Result<Plan> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let plan: Plan = serde_json::from_str(&text).map_err(|error| {
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said);
        anyhow!("{}:{}:{}: {what}", path.display(), error.line(), error.column())
    })?;
    if plan.train.keys().chain(plan.vary.keys()).any(|name| name == "out" || name == "resume") {
        bail!(
            "{}: `out` and `resume` are the sweep's own: each run has a folder in its --out",
            path.display()
        );
    }
    if let Some(name) = plan.train.keys().find(|name| plan.vary.contains_key(*name) && *name != "set") {
        bail!("{}: `{name}` stands in both `train` and `vary`: expected it in one of them", path.display());
    }
    if let Some((name, _)) = plan.vary.iter().find(|(_, c)| matches!(c, Choices::Values(v) if v.is_empty())) {
        bail!("{}: vary.{name}: expected at least one value", path.display());
    }
    Ok(plan)
}

/// What each run has of its own: every combination, the last option varying fastest; or as many random ones.
fn settings(plan: &Plan, args: &Args) -> Result<Vec<Setting>> {
    if let Some(count) = args.random {
        if !(1..=MOST_RUNS).contains(&count) {
            bail!("--random {count}: expected 1 to {MOST_RUNS}");
        }
        return random(plan, count, Seed(args.seed), &args.plan);
    }
    let mut all = vec![Setting::new()];
    for (name, choices) in &plan.vary {
        let Choices::Values(values) = choices else {
            bail!("{}: vary.{name}: a distribution needs --random N", args.plan.display());
        };
        if all.len() * values.len() > MOST_RUNS {
            bail!(
                "{}: expected at most {MOST_RUNS} combinations; --random N takes some",
                args.plan.display()
            );
        }
        all = all
            .iter()
            .flat_map(|setting| {
                values.iter().map(move |value| {
                    let mut setting = setting.clone();
                    setting.insert(name.clone(), value.clone());
                    setting
                })
            })
            .collect();
    }
    Ok(all)
}

/// Random combinations. Each option goes through its values in random order, again and again, so that all come up about
/// equally often (a Latin hypercube); a distribution is cut into as many strips as there are runs.
fn random(plan: &Plan, count: usize, seed: Seed, path: &Path) -> Result<Vec<Setting>> {
    let mut all = vec![Setting::new(); count];
    for (name, choices) in &plan.vary {
        let mut stream = seed.dataset().child("sweep", 0).stream(name);
        let mut turns: Vec<usize> = (0..count).collect();
        turns.shuffle(&mut stream);
        for (setting, turn) in all.iter_mut().zip(turns) {
            let value = match choices {
                Choices::Values(values) => values[turn % values.len()].clone(),
                Choices::Spread(spread) => {
                    let place = || format!("{}: vary.{name}", path.display());
                    json!(strip(*spread, turn, count).with_context(place)?)
                }
            };
            setting.insert(name.clone(), value);
        }
    }
    Ok(all)
}

/// The middle of one of `count` equally likely strips.
#[expect(clippy::cast_precision_loss, reason = "a few thousand strips")]
fn strip(spread: Spread, index: usize, count: usize) -> Result<f64> {
    let (Spread::Uniform([min, max]) | Spread::LogUniform([min, max])) = spread;
    if !(min.is_finite() && max.is_finite() && min <= max) {
        bail!("expected [min, max], found [{min}, {max}]");
    }
    let share = (index as f64 + 0.5) / count as f64;
    Ok(match spread {
        Spread::Uniform(_) => min + (max - min) * share,
        Spread::LogUniform(_) if min <= 0.0 => bail!("expected numbers above 0, found {min}"),
        Spread::LogUniform(_) => min * (max / min).powf(share),
    })
}

/// The command line of a run.
fn words(shared: &Map<String, Value>, own: &Setting, out: &Path) -> Result<Vec<OsString>> {
    let mut words: Vec<OsString> = vec!["train".into()];
    for (name, value) in shared.iter().chain(own) {
        let values = match value {
            Value::Array(values) => values.iter().collect(),
            one => vec![one],
        };
        for value in values {
            let option = OsString::from(format!("--{name}"));
            match value {
                Value::Bool(true) => words.push(option),
                Value::Bool(false) | Value::Null => {}
                Value::String(text) => words.extend([option, text.into()]),
                Value::Number(number) => words.extend([option, number.to_string().into()]),
                other => bail!("`{name}`: expected a value of an option, found {other}"),
            }
        }
    }
    words.extend(["--out".into(), out.into(), "--resume".into()]);
    Ok(words)
}

/// Refuses to go on in a folder that another plan was begun in.
fn same_plan(args: &Args, commands: &[(String, Vec<OsString>)]) -> Result<()> {
    let lines: Vec<String> = commands
        .iter()
        .map(|(_, words)| {
            words.iter().map(|w| reproduce::quoted(&w.to_string_lossy())).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let text = lines.iter().fold(String::new(), |all, line| all + "diorama " + line + "\n");
    let path = args.out.join("runs.txt");
    match fs::read_to_string(&path) {
        Ok(before) if before != text => bail!(
            "{}: was begun with another plan, --random or --seed; its runs are listed in runs.txt",
            args.out.display()
        ),
        Ok(_) => Ok(()),
        Err(_) => output::save(&path, text.as_bytes()),
    }
}

/// The newest scores in a log; empty when there was no trial.
fn last_scores(log: &Path) -> Result<Map<String, Value>> {
    let text = fs::read_to_string(log).with_context(|| format!("cannot read {}", log.display()))?;
    let scores = text.lines().rev().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        line.get("scores")?.as_object().cloned()
    });
    Ok(scores.unwrap_or_default())
}

fn told(setting: &Setting) -> String {
    let pairs: Vec<String> =
        setting.iter().map(|(name, value)| format!("{name} {}", cell(Some(value)))).collect();
    pairs.join(", ")
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) if values.is_empty() => "-".to_owned(),
        Some(Value::Array(values)) => values.iter().map(|v| cell(Some(v))).collect::<Vec<_>>().join(" "),
        Some(Value::Number(n)) if n.is_f64() => n.as_f64().map_or(String::new(), |n| {
            let text = format!("{n:.5}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }),
        Some(other) => other.to_string(),
    }
}

fn record(row: &Row) -> Value {
    json!({ "run": row.name, "setting": row.setting, "scores": row.scores, "state": row.state })
}

fn save(args: &Args, rows: &[Row]) -> Result<()> {
    let all: Vec<Value> = rows.iter().map(record).collect();
    output::save(&args.out.join(TABLE), format!("{:#}\n", Value::from(all)).as_bytes())?;
    output::save(&args.out.join("table.md"), table(rows).as_bytes())
}

/// A Markdown table, the best AP50 first.
fn table(rows: &[Row]) -> String {
    let options: Vec<&String> = rows.first().map(|row| row.setting.keys().collect()).unwrap_or_default();
    let score = |row: &Row| row.scores.get("AP50").and_then(Value::as_f64);
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by(|a, b| score(b).unwrap_or(-1.0).total_cmp(&score(a).unwrap_or(-1.0)));
    let columns = ["AP", "AP50", "AP75", "AR", MINUTES];
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut head = vec!["run".to_owned()];
    head.extend(options.iter().map(|name| (*name).clone()));
    head.extend(columns.map(str::to_owned));
    head.push("state".to_owned());
    let mut out = line(head.clone());
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for row in order {
        let mut cells = vec![row.name.clone()];
        cells.extend(options.iter().map(|name| cell(row.setting.get(*name)).replace('|', "\\|")));
        cells.extend(columns.map(|name| match row.scores.get(name).and_then(Value::as_f64) {
            Some(value) if name == MINUTES => format!("{value:.1}"),
            Some(value) => format!("{value:.3}"),
            None => String::new(),
        }));
        cells.push(row.state.to_owned());
        out += &line(cells);
    }
    out
}
