//! `log.jsonl`: a line a step, a line a trial. No clock is in it: the same run writes the same log.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{TrainError, run::Step};

/// An open log.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Opens the log of a run that has taken `steps` steps: lines of later steps, which a killed run may have left,
    /// are cut off.
    pub(super) fn open(path: &Path, steps: u64) -> Result<Self, TrainError> {
        let fault = |e| TrainError::io(path, e);
        let kept = match fs::read_to_string(path) {
            Ok(text) => text
                .lines()
                .take_while(|line| {
                    let line: Option<Value> = serde_json::from_str(line).ok();
                    line.and_then(|l| l.get("step").and_then(Value::as_u64)).is_some_and(|s| s <= steps)
                })
                .fold(String::new(), |all, line| all + line + "\n"),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(fault(e)),
        };
        super::checkpoint::publish(path, kept.as_bytes())?;
        let file = OpenOptions::new().append(true).open(path).map_err(fault)?;
        Ok(Self { file, path: path.to_owned() })
    }

    pub(super) fn step(&mut self, step: &Step) -> Result<(), TrainError> {
        let mut line = Map::new();
        line.insert("step".to_owned(), json!(step.step));
        line.extend(step.losses.iter().map(|(name, loss)| (format!("{name}_loss"), json!(loss))));
        line.insert("norm".to_owned(), json!(step.norm));
        line.insert("lr".to_owned(), json!(step.lr));
        line.insert("objects".to_owned(), json!(step.objects));
        self.put(&Value::Object(line))
    }

    pub(super) fn scored(&mut self, step: u64, values: &[(String, f64)]) -> Result<(), TrainError> {
        let scores: Map<String, Value> = values.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
        self.put(&json!({ "step": step, "scores": scores }))
    }

    fn put(&mut self, line: &Value) -> Result<(), TrainError> {
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|e| TrainError::io(&self.path, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resumed_log_forgets_what_came_after_the_checkpoint() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.jsonl");
        let write = |from: u64, steps: std::ops::RangeInclusive<u64>| {
            let mut log = Log::open(&path, from).expect("opens");
            for step in steps {
                log.step(&Step { step, ..Step::default() }).expect("writes");
            }
        };
        write(0, 1..=5);
        fs::write(&path, fs::read_to_string(&path).expect("there") + "{\"step\":6,\"cla").expect("writable");
        let whole = fs::read_to_string(&path).expect("there");
        write(3, 4..=5);
        assert_eq!(
            fs::read_to_string(&path).expect("there"),
            whole[..whole.rfind('{').expect("one")],
            "as before"
        );
    }
}
