//! A user's planogram: which product stands where, read and checked as far as products need not be known.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    ConfigError,
    document::{Document, text},
    fault::Fault,
    schema,
};
use crate::json::Mistake;

/// Longest planogram, bytes.
const MAX_BYTES: u64 = 64 << 20;

/// A planogram: what stands where on a shelf. Lengths in metres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a planogram: an object with the keys `bays` and `items`")]
struct Written {
    /// Where the JSON Schema of this file is, for editors: `./planogram.schema.json`.
    #[serde(default, rename = "$schema", skip_serializing)]
    schema: Option<String>,
    /// Depth of all boards. Values: 0.1 to 1.5.
    #[serde(default = "depth")]
    depth_m: f64,
    /// Free width between two facings. Values: 0.001 to 0.1.
    #[serde(default = "gap")]
    gap_m: f64,
    /// The bays, from left to right.
    bays: Vec<Bay>,
    /// The products, in any order.
    items: Vec<WrittenItem>,
}

fn depth() -> f64 {
    0.45
}

fn gap() -> f64 {
    0.004
}

/// One bay of a planogram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a bay: an object with the keys `width_m` and `boards`")]
pub struct Bay {
    /// Width of its boards; posts come on top. Values: 0.2 to 5.
    pub width_m: f64,
    /// Height above the floor of each board's upper side, from the lowest up. Values: 0.05 to 3.
    pub boards: Vec<f64>,
    /// Clear height above the uppermost board. Values: 0.05 to 3.
    #[serde(default = "top")]
    pub top_m: f64,
}

fn top() -> f64 {
    0.45
}

/// One product: its facings side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a product's place: an object with `bay`, `board`, `sku`, `facings`"
)]
struct WrittenItem {
    /// Number of its bay, from 0 at the left.
    bay: u32,
    /// Number of its board, from 0 at the lowest.
    board: u32,
    /// Its place in the order from left to right, on a board that is packed from the left. Either this or `x_m`.
    #[serde(default)]
    position: Option<u32>,
    /// Left edge of its first facing, from the left end of the board. Either this or `position`.
    #[serde(default)]
    x_m: Option<f64>,
    /// The product.
    sku: String,
    /// Facings side by side. Values: 1 to 100.
    #[serde(default = "one")]
    facings: u32,
    /// Rows in depth; left out or null, as many as the board has room for. Values: 1 to 100.
    #[serde(default)]
    rows: Option<u32>,
    /// Units on top of each other. Values: 1 to 50.
    #[serde(default = "one")]
    stack: u32,
}

fn one() -> u32 {
    1
}

/// A planogram whose every place exists; what its products need to be placed is not yet known.
#[derive(Clone, Debug)]
pub struct Planogram {
    /// Depth of all boards, metres.
    pub depth_m: f64,
    /// Free width between two facings, metres.
    pub gap_m: f64,
    /// Bays from left to right.
    pub bays: Vec<Bay>,
    /// Products in the order of the file.
    pub items: Vec<Item>,
    read: Document,
}

/// One product of a planogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Bay, from 0 at the left.
    pub bay: usize,
    /// Board, from 0 at the lowest.
    pub board: usize,
    /// Where on the board.
    pub at: At,
    /// The product.
    pub sku: String,
    /// Facings side by side.
    pub facings: u32,
    /// Rows in depth; `None` for as many as fit.
    pub rows: Option<u32>,
    /// Units on top of each other.
    pub stack: u32,
}

/// Where on its board a product stands. All products of a board are placed alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// In this order from the left.
    Position(u32),
    /// With its left edge here, metres from the board's left end.
    Left(f64),
}

impl Planogram {
    /// Reads a planogram.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8 text or longer than 64 MiB, or has mistakes, each with line, column
    /// and JSON path.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(text(path, "a planogram", MAX_BYTES)?, &path.display().to_string())
    }

    /// Reads a planogram's text; `name` is what mistakes call it.
    ///
    /// # Errors
    /// When there are mistakes.
    pub fn parse(text: String, name: &str) -> Result<Self, ConfigError> {
        let (written, read) = Document::parse::<Written>(text, name)?;
        let mut faults = Vec::new();
        ranges(&written, &mut faults);
        let items = if faults.is_empty() { places(&written, &mut faults) } else { Vec::new() };
        read.without(&faults)?;
        let Written { depth_m, gap_m, bays, .. } = written;
        Ok(Self { depth_m, gap_m, bays, items, read })
    }

    /// A mistake in the item with this number, in its `key` where that was written.
    #[must_use]
    pub fn mistake(&self, item: usize, key: &str, what: String) -> Mistake {
        let whole = format!("items[{item}]");
        let exact = format!("{whole}.{key}");
        let path = if self.read.has(&exact) { exact } else { whole };
        self.read.mistake(&Fault::at(&path, what))
    }
}

/// JSON Schema (2020-12) of a planogram, committed as `scenes/planogram.schema.json`.
#[must_use]
pub fn planogram_schema() -> Value {
    let mut root = schemars::schema_for!(Written).to_value();
    schema::flatten_descriptions(&mut root);
    if let Value::Object(root) = &mut root {
        root.insert("title".into(), "Diorama planogram".into());
    }
    schema::canonical(root)
}

fn ranges(written: &Written, faults: &mut Vec<Fault>) {
    let mut within = |path: String, value: f64, (min, max): (f64, f64)| {
        if !(min..=max).contains(&value) {
            faults.push(Fault::at(&path, format!("expected {min} to {max}, found {value}")));
        }
    };
    within("depth_m".into(), written.depth_m, (0.1, 1.5));
    within("gap_m".into(), written.gap_m, (0.001, 0.1));
    for (index, bay) in written.bays.iter().enumerate() {
        within(format!("bays[{index}].width_m"), bay.width_m, (0.2, 5.0));
        within(format!("bays[{index}].top_m"), bay.top_m, (0.05, 3.0));
        for (board, height) in bay.boards.iter().enumerate() {
            within(format!("bays[{index}].boards[{board}]"), *height, (0.05, 3.0));
        }
    }
    for (index, item) in written.items.iter().enumerate() {
        within(format!("items[{index}].facings"), f64::from(item.facings), (1.0, 100.0));
        within(format!("items[{index}].stack"), f64::from(item.stack), (1.0, 50.0));
        if let Some(rows) = item.rows {
            within(format!("items[{index}].rows"), f64::from(rows), (1.0, 100.0));
        }
        if let Some(x) = item.x_m {
            within(format!("items[{index}].x_m"), x, (0.0, 5.0));
        }
    }
    if written.bays.is_empty() || written.bays.len() > 40 {
        faults.push(Fault::at("bays", format!("expected 1 to 40 bays, found {}", written.bays.len())));
    }
    for (index, bay) in written.bays.iter().enumerate() {
        let at = format!("bays[{index}].boards");
        if bay.boards.is_empty() || bay.boards.len() > 20 {
            faults.push(Fault::at(&at, format!("expected 1 to 20 boards, found {}", bay.boards.len())));
        }
        for (board, pair) in bay.boards.windows(2).enumerate() {
            if pair[1] < pair[0] + 0.1 {
                faults.push(Fault::at(
                    &format!("{at}[{}]", board + 1),
                    format!(
                        "expected a height at least 0.1 m above the board below it ({} m), found {}",
                        pair[0], pair[1]
                    ),
                ));
            }
        }
    }
}

/// The items as meant; notes places that do not exist or are taken.
fn places(written: &Written, faults: &mut Vec<Fault>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(written.items.len());
    let mut kinds = std::collections::BTreeMap::new();
    let mut positions = std::collections::BTreeMap::new();
    for (index, item) in written.items.iter().enumerate() {
        let at = |key: &str| format!("items[{index}].{key}");
        let (bay, board) = (item.bay as usize, item.board as usize);
        let Some(there) = written.bays.get(bay) else {
            let what = format!("expected a bay from 0 to {}, found {bay}", written.bays.len() - 1);
            faults.push(Fault::at(&at("bay"), what));
            continue;
        };
        if board >= there.boards.len() {
            let what =
                format!("expected a board of bay {bay}, 0 to {}, found {board}", there.boards.len() - 1);
            faults.push(Fault::at(&at("board"), what));
            continue;
        }
        let place = match (item.position, item.x_m) {
            (Some(position), None) => At::Position(position),
            (None, Some(x)) => At::Left(x),
            (both, _) => {
                let found = if both.is_some() { "both" } else { "neither" };
                let what = format!("expected either `position` or `x_m`, found {found}");
                faults.push(Fault::at(&format!("items[{index}]"), what));
                continue;
            }
        };
        let packed = matches!(place, At::Position(_));
        let (first, like) = *kinds.entry((bay, board)).or_insert((index, packed));
        if like != packed {
            let (key, other) = if packed { ("position", "x_m") } else { ("x_m", "position") };
            let what = format!("expected `{other}`, as items[{first}] on the same board has, found `{key}`");
            faults.push(Fault::at(&at(key), what));
        }
        if let At::Position(position) = place
            && let Some(first) = positions.insert((bay, board, position), index)
        {
            let what = format!(
                "expected a position of its own, found {position}, which items[{first}] has on this board"
            );
            faults.push(Fault::at(&at("position"), what));
        }
        let WrittenItem { sku, facings, rows, stack, .. } = item.clone();
        items.push(Item { bay, board, at: place, sku, facings, rows, stack });
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(items: &str) -> String {
        let text =
            format!("{{\"bays\": [{{\"width_m\": 1, \"boards\": [0.15, 0.6]}}],\n\"items\": [\n{items}\n]}}");
        Planogram::parse(text, "plan.json").unwrap_err().to_string()
    }

    #[test]
    fn places_that_do_not_exist_or_are_taken() {
        let item =
            |rest: &str| format!("{{\"sku\": \"A\", \"bay\": 0, \"board\": 0, \"facings\": 2, {rest}}}");
        for (items, words) in [
            (
                "{\"sku\": \"A\", \"bay\": 1, \"board\": 0, \"position\": 0}".to_owned(),
                "plan.json:3:21: items[0].bay: expected a bay from 0 to 0",
            ),
            (
                "{\"sku\": \"A\", \"bay\": 0, \"board\": 2, \"position\": 0}".to_owned(),
                "items[0].board: expected a board of bay 0, 0 to 1, found 2",
            ),
            (item("\"rows\": 0, \"position\": 0"), "items[0].rows: expected 1 to 100, found 0"),
            (item("\"rows\": 1"), "items[0]: expected either `position` or `x_m`, found neither"),
            (item("\"x_m\": 1, \"position\": 1"), "found both"),
            (
                item("\"position\": 1") + ",\n" + &item("\"position\": 1"),
                "plan.json:4:62: items[1].position: expected a position of its own",
            ),
            (
                item("\"position\": 1") + ",\n" + &item("\"x_m\": 1"),
                "items[1].x_m: expected `position`, as items[0]",
            ),
            (item("\"positon\": 1"), "did you mean `position`?"),
        ] {
            let said = said(&items);
            assert!(said.contains(words), "expected '{words}' in\n{said}");
        }
    }

    #[test]
    fn boards_go_up() {
        let text = "{\"bays\": [{\"width_m\": 1, \"boards\": [0.5, 0.2]}], \"items\": []}";
        let said = Planogram::parse(text.to_owned(), "plan.json").unwrap_err().to_string();
        assert!(
            said.contains("plan.json:1:42: bays[0].boards[1]: expected a height at least 0.1 m above"),
            "{said}"
        );
    }

    #[test]
    fn defaults_are_filled_in_and_mistakes_can_be_placed_later() {
        let text = "{\"bays\": [{\"width_m\": 1, \"boards\": [0.15]}],\n \"items\": [{\"sku\": \"A\", \"bay\": 0, \"board\": 0, \"x_m\": 0.1}]}";
        let plan = Planogram::parse(text.to_owned(), "plan.json").unwrap();
        let item = &plan.items[0];
        assert_eq!((item.facings, item.rows, item.stack, item.at), (1, None, 1, At::Left(0.1)));
        assert_eq!(plan.mistake(0, "sku", "x".into()).to_string(), "plan.json:2:20: items[0].sku: x");
        assert_eq!(plan.mistake(0, "rows", "x".into()).to_string(), "plan.json:2:12: items[0]: x");
    }
}
