//! The commands that train and use detectors, on the real binary: a sweep, and what can be done with its models.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Ends with `code`; standard output and standard error.
#[track_caller]
fn ends(code: i32, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_diorama"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    let [out, err] = [&output.stdout, &output.stderr].map(|s| String::from_utf8_lossy(s).into_owned());
    assert_eq!(output.status.code(), Some(code), "diorama {}\n{out}{err}", arguments.join(" "));
    assert!(!err.contains("panicked"), "{err}");
    (out, err)
}

const PLAN: &str = r#"{
  "train": { "data": "datasets/tiny", "val": "datasets/tiny", "steps": 2, "input": 64, "plain": true, "device": "cpu" },
  "vary": { "lr": [0.001, 0.002], "batch": [1] }
}"#;

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

#[test]
fn a_sweep_makes_models_that_every_command_takes() {
    let place = tempfile::tempdir().unwrap();
    let (plan, out) = (place.path().join("plan.json"), place.path().join("sweep"));
    fs::write(&plan, PLAN).unwrap();
    let (table, _) = ends(0, &["sweep", text(&plan), "--out", text(&out)]);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.starts_with("| run | batch | lr | AP | AP50 |"), "{table}");
    assert_eq!(fs::read_to_string(out.join("table.md")).unwrap(), table, "kept too");
    let rows: Value = serde_json::from_str(&fs::read_to_string(out.join("sweep.json")).unwrap()).unwrap();
    for (row, lr) in rows.as_array().unwrap().iter().zip([0.001, 0.002]) {
        assert_eq!(
            (&row["setting"]["lr"], &row["state"]),
            (&lr.into(), &"done".into()),
            "in order of the plan"
        );
        assert!(row["scores"]["AP50"].as_f64().is_some(), "{row}");
    }
    let model = out.join("001/model.safetensors");
    assert_ne!(fs::read(&model).unwrap(), fs::read(out.join("000/model.safetensors")).unwrap(), "two runs");

    ends(2, &["sweep", text(&plan), "--out", text(&out)]);
    let (again, _) = ends(0, &["sweep", text(&plan), "--out", text(&out), "--resume"]);
    assert_eq!(again, table, "nothing is done twice, and what it took is not forgotten");
    fs::write(&plan, PLAN.replace("0.002", "0.003")).unwrap();
    let (_, other) = ends(2, &["sweep", text(&plan), "--out", text(&out), "--resume"]);
    assert!(other.contains("was begun with another plan"), "{other}");

    let found = place.path().join("found");
    let results =
        ["detect", text(&model), "datasets/tiny/images", "--device", "cpu", "--json", "--score", "0.001"];
    let (json, _) = ends(0, &results);
    assert!(serde_json::from_str::<Value>(&json).unwrap().is_array(), "COCO results");
    ends(0, &["detect", text(&model), "datasets/tiny/images", "--device", "cpu", "--out", text(&found)]);
    assert!(found.read_dir().unwrap().count() > 0, "results and pictures");
    let onnx = place.path().join("model.onnx");
    ends(0, &["export", text(&model), "--onnx", text(&onnx)]);
    assert!(fs::metadata(&onnx).unwrap().len() > 100_000, "a network");
    let (report, _) = ends(0, &["eval", text(&model), "--data", "datasets/tiny", "--device", "cpu"]);
    assert!(report.contains("AP50"), "{report}");
}

#[test]
fn random_runs_take_every_value_about_equally_often() {
    let place = tempfile::tempdir().unwrap();
    let (plan, out) = (place.path().join("plan.json"), place.path().join("sweep"));
    let spread =
        PLAN.replace("[0.001, 0.002]", r#"{ "log_uniform": [0.0001, 0.01] }"#).replace("[1]", "[1, 2]");
    fs::write(&plan, &spread).unwrap();
    let (_, needed) = ends(2, &["sweep", text(&plan), "--out", text(&out)]);
    assert!(needed.contains("a distribution needs --random"), "{needed}");
    // The command lines are written down before the first run; that none can train shows that they were all tried.
    fs::write(&plan, spread.replace("datasets/tiny", "datasets/none")).unwrap();
    let (_, failed) = ends(2, &["sweep", text(&plan), "--out", text(&out), "--random", "4", "--seed", "7"]);
    assert!(failed.contains("4 of 4 runs failed"), "{failed}");
    let runs = fs::read_to_string(out.join("runs.txt")).unwrap();
    let count = |word: &str| runs.lines().filter(|line| line.contains(word)).count();
    assert_eq!((count("--batch 1"), count("--batch 2")), (2, 2), "{runs}");
    let mut rates: Vec<f64> = runs
        .lines()
        .map(|line| line.split("--lr ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap())
        .collect();
    rates.sort_by(f64::total_cmp);
    let strips = [1e-4, 10f64.powf(-3.5), 1e-3, 10f64.powf(-2.5), 1e-2];
    for (rate, ends) in rates.iter().zip(strips.windows(2)) {
        assert!((ends[0]..ends[1]).contains(rate), "one in each quarter: {rates:?}");
    }
}

#[test]
fn plans_with_mistakes_are_refused_before_the_first_run() {
    let place = tempfile::tempdir().unwrap();
    let (plan, out) = (place.path().join("plan.json"), place.path().join("sweep"));
    let says = |content: &str| {
        fs::write(&plan, content).unwrap();
        let (_, said) = ends(2, &["sweep", text(&plan), "--out", text(&out)]);
        assert!(!out.exists(), "nothing was begun");
        said
    };
    let broken = says("{\n  \"vary\": { \"lr\": [0.1,] }\n}");
    assert!(broken.contains("plan.json:2:24"), "{broken}");
    let unknown = says(&PLAN.replace("\"lr\"", "\"rate\""));
    assert!(unknown.contains("run 000") && unknown.contains("--rate"), "{unknown}");
    assert!(says(&PLAN.replace("[1]", "[]")).contains("vary.batch: expected at least one value"), "empty");
    assert!(says(&PLAN.replace("\"steps\": 2", "\"steps\": \"many\"")).contains("--steps"), "no number");
    assert!(says(&PLAN.replace("\"plain\"", "\"out\"")).contains("are the sweep's own"), "out");
    let twice = says(&PLAN.replace("\"plain\": true", "\"lr\": 0.1"));
    assert!(twice.contains("`lr` stands in both"), "{twice}");
    let (_, missing) = ends(2, &["sweep", "none.json", "--out", text(&out)]);
    assert!(missing.contains("cannot read none.json"), "{missing}");
}
