//! Is `annotations.json` what the truth and the policy make? Compared while it is being made again.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use serde_json::Value;

/// Differences listed before the rest is only counted.
const LISTED: usize = 20;

/// A sink that holds each line against the same line of a stored file.
#[derive(Debug)]
pub(super) struct Comparing {
    stored: BufReader<File>,
    pending: Vec<u8>,
    line: u64,
    differing: u64,
    /// Line number and what differs, the first few.
    pub(super) found: Vec<(u64, String)>,
}

impl Comparing {
    pub(super) fn with(path: &Path) -> io::Result<Self> {
        Ok(Self {
            stored: BufReader::with_capacity(1 << 18, File::open(path)?),
            pending: Vec::new(),
            line: 0,
            differing: 0,
            found: Vec::new(),
        })
    }

    /// Compares what is left, and says how many lines differ.
    pub(super) fn finish(mut self) -> io::Result<(u64, Vec<(u64, String)>)> {
        if !self.pending.is_empty() {
            let due = std::mem::take(&mut self.pending);
            self.compare(&due)?;
        }
        let mut rest = Vec::new();
        while self.stored.read_until(b'\n', &mut rest)? > 0 {
            self.line += 1;
            self.note("a line too many".to_owned());
            rest.clear();
        }
        Ok((self.differing, self.found))
    }

    fn compare(&mut self, due: &[u8]) -> io::Result<()> {
        let mut stored = Vec::new();
        self.stored.read_until(b'\n', &mut stored)?;
        self.line += 1;
        if stored != due {
            self.note(difference(&stored, due));
        }
        Ok(())
    }

    fn note(&mut self, what: String) {
        self.differing += 1;
        if self.found.len() < LISTED {
            self.found.push((self.line, what));
        }
    }
}

impl Write for Comparing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.pending.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let due = std::mem::take(&mut self.pending);
                self.compare(&due)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn difference(stored: &[u8], due: &[u8]) -> String {
    let parse = |text: &[u8]| {
        let text = text.trim_ascii_end();
        serde_json::from_slice::<Value>(text.strip_suffix(b",").unwrap_or(text)).ok()
    };
    let (stored_value, due_value) = (parse(stored), parse(due));
    if let (Some(Value::Object(stored)), Some(Value::Object(due))) = (&stored_value, &due_value) {
        let kind = if due.contains_key("bbox") { "annotation" } else { "entry" };
        let id = due.get("id").map_or_else(|| "?".to_owned(), Value::to_string);
        let key = due.keys().chain(stored.keys()).find(|key| stored.get(*key) != due.get(*key));
        if let Some(key) = key {
            let text =
                |map: &serde_json::Map<String, Value>| map.get(key).map_or("nothing".to_owned(), short);
            return format!("{kind} {id}: {key} is {} where {} is due", text(stored), text(due));
        }
        return format!("{kind} {id}: written in another way");
    }
    let text = |line: &[u8]| short(&Value::from(String::from_utf8_lossy(line).trim_end()));
    if stored.is_empty() {
        return format!("the file ends where {} is due", text(due));
    }
    format!("{} where {} is due", text(stored), text(due))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 { text } else { text.chars().take(77).collect::<String>() + "..." }
}
