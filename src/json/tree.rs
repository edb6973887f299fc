//! JSON text to a tree in which every key and value knows where it was written.
//!
//! A parser of our own, because what `serde_json` reads has forgotten its lines: mistakes found later (a
//! minimum above a maximum) must still name the place, and a key given twice must not pass in silence. A test
//! holds it to accept exactly what `serde_json` accepts, apart from repeated keys and its depth limit.

use std::collections::BTreeMap;

use serde_json::Number;

use super::fault::{Fault, Step};

/// Deepest nesting of lists and objects; a scene config needs about six.
const MAX_DEPTH: usize = 64;

/// Where something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Byte offset in the config's text.
    Text(usize),
    /// Index of the override that brought it.
    Set(usize),
}

/// A JSON value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) data: Data,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Entry>),
}

/// A key and its value; keys are unique within their object.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) origin: Origin,
    pub(crate) value: Node,
}

impl Node {
    /// The node itself when `path` is empty, else what lies there, if it does.
    pub(crate) fn get(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match (step, &node.data) {
            (Step::Key(key), Data::Object(entries)) => {
                entries.iter().find(|entry| entry.key == *key).map(|entry| &entry.value)
            }
            (Step::Index(index), Data::List(items)) => items.get(*index),
            _ => None,
        })
    }

    /// How messages call it: scalars as written, lists and objects by their kind.
    pub(crate) fn words(&self) -> String {
        match &self.data {
            Data::Null => "null".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Number(value) => value.to_string(),
            Data::Text(text) => quoted(text),
            Data::List(_) => "a list".to_owned(),
            Data::Object(_) => "an object".to_owned(),
        }
    }
}

/// A string as JSON writes it, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let cut = if short.len() < text.len() { "..." } else { "" };
    format!("{}{cut}", serde_json::Value::String(short))
}

/// Line and column of a byte offset, both from 1, columns in characters.
pub(crate) fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

/// Reads one JSON value and nothing after it. `origin` turns byte offsets into origins.
pub(crate) fn parse(text: &str, origin: fn(usize, usize) -> Origin, tag: usize) -> Result<Node, Fault> {
    let mut parser = Parser { text, at: 0, origin, tag };
    parser.space();
    if parser.at == text.len() {
        return Err(Fault::offset(0, "expected a JSON object, found an empty text"));
    }
    let node = parser.value(0)?;
    parser.space();
    if parser.at < text.len() {
        return Err(parser.expected("the end of the file"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    origin: fn(usize, usize) -> Origin,
    tag: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn here(&self, at: usize) -> Origin {
        (self.origin)(at, self.tag)
    }

    fn expected(&self, what: &str) -> Fault {
        let found = match self.text[self.at..].chars().next() {
            None => "the end of the file".to_owned(),
            Some('/' | '#') => "a comment, which JSON does not have".to_owned(),
            Some('\'') => "a single quote (strings stand in double quotes)".to_owned(),
            Some('\u{feff}') => "a byte order mark; save the file as UTF-8 without one".to_owned(),
            Some(c) if c.is_control() => format!("the character {}", c.escape_unicode()),
            Some(c) => format!("`{c}`"),
        };
        Fault::offset(self.at, format!("expected {what}, found {found}"))
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        let at = self.at;
        let data = match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => {
                return Err(Fault::offset(at, format!("nested more than {MAX_DEPTH} levels deep")));
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Data::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => self.word()?,
            _ => return Err(self.expected("a value")),
        };
        Ok(Node { origin: self.here(at), data })
    }

    fn object(&mut self, depth: usize) -> Result<Data, Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = BTreeMap::new();
        self.at += 1;
        loop {
            self.space();
            let at = self.at;
            match self.peek() {
                Some(b'}') if entries.is_empty() => break,
                Some(b'}') => return Err(self.expected("another key after the comma")),
                Some(b'"') => {}
                _ if entries.is_empty() => return Err(self.expected("a key in double quotes, or `}`")),
                _ => return Err(self.expected("a key in double quotes")),
            }
            let key = self.string()?;
            if let Some(first) = seen.insert(key.clone(), at) {
                let (line, column) = line_column(self.text, first);
                let what = format!("expected each key once; this one stands already at {line}:{column}");
                return Err(Fault::offset(at, what).inside(Step::Key(key)));
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.expected("`:`").inside(Step::Key(key)));
            }
            self.at += 1;
            self.space();
            let value = self.value(depth + 1).map_err(|fault| fault.inside(Step::Key(key.clone())))?;
            entries.push(Entry { key, origin: self.here(at), value });
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.expected("`,` or `}`")),
            }
        }
        self.at += 1;
        Ok(Data::Object(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Data, Fault> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                Some(b']') if items.is_empty() => break,
                Some(b']') => return Err(self.expected("another value after the comma")),
                _ => {}
            }
            items.push(self.value(depth + 1).map_err(|fault| fault.inside(Step::Index(items.len())))?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.expected("`,` or `]`")),
            }
        }
        self.at += 1;
        Ok(Data::List(items))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(Fault::offset(start, "expected a closing `\"` for this string")),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0..0x20) => {
                    let what = "expected a closing `\"`, found a line break or control character in a string";
                    return Err(Fault::offset(self.at, what));
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at])
            .map_err(|_| Fault::offset(start, "expected a string, found an escape that JSON does not have"))
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Data, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let first = self.at;
        self.digits()?;
        if leading_zero && self.at > first + 1 {
            return Err(Fault::offset(start, "expected a number, found one with a leading zero"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let digits = &self.text[start..self.at];
        serde_json::from_str(digits).map(Data::Number).map_err(|_| {
            let what = format!("expected a finite number, found {} which is out of range", shortened(digits));
            Fault::offset(start, what)
        })
    }

    fn word(&mut self) -> Result<Data, Fault> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let data = match &rest[..end] {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            word => {
                let what = format!("expected a value, found `{}`", shortened(word));
                return Err(Fault::offset(self.at, what));
            }
        };
        self.at += end;
        Ok(data)
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        text.chars().take(40).chain("...".chars()).collect()
    }
}

impl From<&Node> for serde_json::Value {
    fn from(node: &Node) -> Self {
        match &node.data {
            Data::Null => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Number(value) => Self::Number(value.clone()),
            Data::Text(text) => Self::String(text.clone()),
            Data::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Data::Object(entries) => {
                Self::Object(entries.iter().map(|e| (e.key.clone(), Self::from(&e.value))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn read(text: &str) -> Result<Node, Fault> {
        parse(text, |at, _| Origin::Text(at), 0)
    }

    fn agree(text: &str) -> Result<(), TestCaseError> {
        let theirs: Result<Value, _> = serde_json::from_str(text);
        match (read(text), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(Value::from(&ours), theirs),
            (Err(_), Err(_)) => {}
            (Err(fault), Ok(_)) => {
                prop_assert!(
                    fault.what.contains("each key once") || fault.what.contains("deep"),
                    "{}",
                    fault.what
                );
            }
            (Ok(_), Err(error)) => prop_assert!(false, "serde_json refuses: {}", error),
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn accepts_what_serde_json_accepts(text in r#"([\[\]{},:"]|"a"|"b\\u00e9"|[0-9.eE+-]{1,4}|true|null|[ \n]|\\PC){0,24}"#) {
            agree(&text)?;
        }
    }

    #[test]
    fn agrees_with_serde_json_on_the_odd_ones() {
        for text in [
            "0",
            "-0",
            "-",
            "01",
            "1.",
            ".5",
            "1e5",
            "1E+5",
            "1e",
            "1e400",
            "-1e400",
            "1e-400",
            "123456789012345678901234567890",
            "18446744073709551615",
            "-9223372036854775808",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\x\"",
            "\"\t\"",
            "\"",
            "\"\\",
            "\"\\\"",
            "tru",
            "truee",
            "[1,]",
            "{\"a\":1,}",
            "{,}",
            "[",
            "]",
            "{\"a\"}",
            "\u{feff}{}",
            "{} x",
            "",
            " ",
            "\u{a0}1",
            "[1 2]",
            "nan",
            "Infinity",
            "'a'",
            "{a:1}",
            "// x\n1",
            "\"\u{7f}\"",
            "1\u{0}",
        ] {
            agree(text).expect(text);
        }
    }

    #[test]
    fn lines_and_columns_count_characters() {
        assert_eq!(line_column("a\nüö\tx", 7), (2, 4), "two letters of two bytes and a tab before it");
        assert_eq!(line_column("", 0), (1, 1), "the beginning");
    }
}
