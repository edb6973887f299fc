//! A catalogue's rows as written: CSV or JSON, one shape.

use std::{collections::BTreeMap, path::Path};

use super::mistakes::{CatalogueError, LeftOut};
use crate::json::{
    Mistake, Place,
    fault::{Fault, listed, nearest, spelled},
    tree::{self, Data, Node, Origin, line_column, quoted},
};

/// Columns, or keys. The first [`REQUIRED`] must be there.
pub(super) const FIELDS: [&str; 18] = [
    "sku",
    "name",
    "brand",
    "department",
    "form",
    "width_m",
    "height_m",
    "depth_m",
    "price",
    "ean",
    "colour",
    "front",
    "back",
    "left",
    "right",
    "top",
    "bottom",
    "wrap",
];
pub(super) const REQUIRED: usize = 8;
/// Place of the first picture among the fields.
pub(super) const PICTURES: usize = 11;

/// One row as written; empty values are none.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) values: [Option<Box<str>>; FIELDS.len()],
    pub(super) spot: Spot,
}

/// Where a row was written.
#[derive(Debug)]
pub(super) enum Spot {
    Line(u32),
    /// Its number in the list, its offset, and where each value begins.
    Json(u32, usize, Box<[u32; FIELDS.len()]>),
}

impl Default for Spot {
    fn default() -> Self {
        Self::Line(0)
    }
}

/// A catalogue as written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) rows: Vec<Raw>,
    /// Mistakes of single rows that could not be read at all; those rows are not among `rows`.
    pub(super) broken: LeftOut,
    text: String,
    /// What stands before a row's number in JSON paths.
    prefix: &'static str,
}

impl Written {
    /// A mistake in a row, in the field with this number where it is about one.
    pub(super) fn mistake(&self, spot: &Spot, field: Option<usize>, what: String) -> Mistake {
        let name = self.name.clone();
        match spot {
            Spot::Line(line) => Mistake {
                place: Place::Row { name, line: *line as usize },
                path: field.map_or_else(String::new, |field| format!("column {}", FIELDS[field])),
                what,
            },
            Spot::Json(index, row_at, at) => {
                let at = field.map(|f| at[f] as usize).filter(|at| *at > 0).unwrap_or(*row_at);
                let (line, column) = line_column(&self.text, at);
                let key = field.map_or_else(String::new, |field| format!(".{}", FIELDS[field]));
                Mistake {
                    place: Place::File { name, line, column },
                    path: format!("{}[{index}]{key}", self.prefix),
                    what,
                }
            }
        }
    }

    /// The line, or the number in a list, that a row is found again by.
    pub(super) fn place_of(spot: &Spot) -> u32 {
        match spot {
            Spot::Line(line) => *line,
            Spot::Json(index, ..) => *index,
        }
    }
}

/// Reads `path`, by its ending.
pub(super) fn read(path: &Path) -> Result<Written, CatalogueError> {
    let no_catalogue = |expected: String| CatalogueError::NoCatalogue { path: path.to_owned(), expected };
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !["csv", "tsv", "txt", "json"].contains(&ending.as_str()) {
        return Err(no_catalogue("a catalogue: a .csv or a .json file".into()));
    }
    if path.is_dir() {
        return Err(no_catalogue("a catalogue file, found a folder".into()));
    }
    let bytes =
        std::fs::read(path).map_err(|source| CatalogueError::Unreadable { path: path.to_owned(), source })?;
    let name = path.display().to_string();
    // Spreadsheets put a byte order mark first.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    if ending != "json" {
        return csv(name, &bytes, &no_catalogue);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let good = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let (line, column) = line_column(&good, good.len());
        no_catalogue(format!("UTF-8 text, found a byte that is none at {line}:{column}"))
    })?;
    json(name, text)
}

fn file_mistake(mistake: Mistake) -> CatalogueError {
    CatalogueError::Mistakes(LeftOut { mistakes: vec![mistake], total: 1, products: 0 })
}

/// Heading as people vary it: lower case, no space round it, words joined.
fn plain(heading: &str) -> String {
    heading.trim().to_lowercase().replace([' ', '-'], "_")
}

fn csv(
    name: String,
    bytes: &[u8],
    no_catalogue: &dyn Fn(String) -> CatalogueError,
) -> Result<Written, CatalogueError> {
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |byte: u8| first.iter().filter(|b| **b == byte).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|b| (count(*b), *b == b',')).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let failed = |error: csv::Error| no_catalogue(format!("comma-separated values: {error}"));
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Err(no_catalogue(format!(
            "headings and products, found an empty file; {}",
            headings_words()
        )));
    }
    let headings: Vec<String> = record.iter().map(|h| plain(&String::from_utf8_lossy(h))).collect();
    let places = columns(&name, &headings)?;
    let mut written =
        Written { name, rows: Vec::new(), broken: LeftOut::NONE, text: String::new(), prefix: "" };
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(written),
            Ok(true) => {}
            Err(error) => return Err(failed(error)),
        }
        let line = record.position().map_or(0, |p| u32::try_from(p.line()).unwrap_or(u32::MAX));
        if record.iter().all(|value| value.trim_ascii().is_empty()) {
            continue;
        }
        let spot = Spot::Line(line);
        if record.len() != headings.len() {
            let what = format!(
                "expected {} values, one for each heading, found {} (is a quote or a separator missing?)",
                headings.len(),
                record.len()
            );
            let mistake = written.mistake(&spot, None, what);
            written.broken.push(|| mistake);
            written.broken.products += 1;
            continue;
        }
        let mut raw = Raw { spot, ..Raw::default() };
        let mut fault = None;
        for (field, place) in places.iter().enumerate() {
            let Some(value) = place.and_then(|p| record.get(p)) else { continue };
            match std::str::from_utf8(value.trim_ascii()) {
                Ok("") => {}
                Ok(text) => raw.values[field] = Some(text.into()),
                Err(_) => fault = fault.or(Some(field)),
            }
        }
        match fault {
            None => written.rows.push(raw),
            Some(field) => {
                let what = "expected UTF-8 text, found bytes that are none (save the file as UTF-8)";
                let mistake = written.mistake(&raw.spot, Some(field), what.into());
                written.broken.push(|| mistake);
                written.broken.products += 1;
            }
        }
    }
}

fn headings_words() -> String {
    format!("expected the columns {}", FIELDS[..REQUIRED].join(", "))
}

/// Which column each field stands in.
fn columns(name: &str, headings: &[String]) -> Result<[Option<usize>; FIELDS.len()], CatalogueError> {
    let mut places = [None; FIELDS.len()];
    let mut faults = LeftOut::NONE;
    let mistake = |path: String, what: String| Mistake {
        place: Place::Row { name: name.to_owned(), line: 1 },
        path,
        what,
    };
    for (column, heading) in headings.iter().enumerate() {
        let Some(field) = FIELDS.iter().position(|field| field == heading) else { continue };
        if places[field].is_some() {
            faults.push(|| mistake(format!("column {heading}"), "expected each heading once".into()));
        }
        places[field] = Some(column);
    }
    let free: Vec<&str> =
        headings.iter().map(String::as_str).filter(|h| !FIELDS.contains(h) && !h.is_empty()).collect();
    for (field, _) in FIELDS.iter().zip(&places).take(REQUIRED).filter(|(_, place)| place.is_none()) {
        let hint = nearest(field, &free)
            .map_or_else(|| format!("found {}", listed(&free)), |near| format!("is `{near}` meant?"));
        faults.push(|| mistake(String::new(), format!("expected a column `{field}`; {hint}")));
    }
    if faults.is_empty() { Ok(places) } else { Err(CatalogueError::Mistakes(faults)) }
}

fn json(name: String, text: String) -> Result<Written, CatalogueError> {
    let place = |text: &str, fault: &Fault, at: usize| {
        let (line, column) = line_column(text, at);
        let place = Place::File { name: name.clone(), line, column };
        file_mistake(Mistake { place, path: spelled(&fault.path()), what: fault.what.clone() })
    };
    let root = tree::parse(&text, |at, _| Origin::Text(at), 0).map_err(|fault| {
        let at = if let crate::json::fault::Spot::Offset(at) = fault.spot { at } else { 0 };
        place(&text, &fault, at)
    })?;
    let (list, prefix) = match &root.data {
        Data::List(list) => (Some(list), ""),
        Data::Object(entries) => {
            let list = entries.iter().find(|e| e.key == "products").map(|e| &e.value);
            let list =
                list.and_then(|node| if let Data::List(list) = &node.data { Some(list) } else { None });
            (list, "products")
        }
        _ => (None, ""),
    };
    let Some(list) = list else {
        let fault = Fault::here(format!(
            "expected a list of products, or an object with the key `products`, found {}",
            root.words()
        ));
        return Err(place(&text, &fault, 0));
    };
    let mut written = Written { name, rows: Vec::new(), broken: LeftOut::NONE, text: String::new(), prefix };
    let mut faults: Vec<(Spot, Option<usize>, String)> = Vec::new();
    for (index, node) in list.iter().enumerate() {
        match row(index, node) {
            Ok(raw) => written.rows.push(raw),
            Err(fault) => faults.push(fault),
        }
    }
    written.text = text;
    for (spot, field, what) in faults {
        let mistake = written.mistake(&spot, field, what);
        written.broken.push(|| mistake);
        written.broken.products += 1;
    }
    Ok(written)
}

fn offset(node: &Node) -> usize {
    if let Origin::Text(at) = node.origin { at } else { 0 }
}

/// One product of a JSON catalogue.
fn row(index: usize, node: &Node) -> Result<Raw, (Spot, Option<usize>, String)> {
    let number = u32::try_from(index).unwrap_or(u32::MAX);
    let mut at = Box::new([0; FIELDS.len()]);
    let mut raw = Raw::default();
    let Data::Object(entries) = &node.data else {
        let what =
            format!("expected an object with {}, found {}", FIELDS[..REQUIRED].join(", "), node.words());
        return Err((Spot::Json(number, offset(node), at), None, what));
    };
    let mut fault = None;
    for entry in entries {
        let Some(field) = FIELDS.iter().position(|field| *field == entry.key) else { continue };
        at[field] = u32::try_from(offset(&entry.value)).unwrap_or(0);
        raw.values[field] = match &entry.value.data {
            Data::Null => None,
            Data::Text(text) if text.trim().is_empty() => None,
            Data::Text(text) => Some(text.trim().into()),
            Data::Number(value) => Some(value.to_string().into()),
            _ => {
                let what = format!("expected text or a number, found {}", entry.value.words());
                fault = fault.or(Some((Some(field), what)));
                None
            }
        };
    }
    let keys: BTreeMap<&str, ()> = entries.iter().map(|e| (e.key.as_str(), ())).collect();
    let missing = FIELDS[..REQUIRED].iter().find(|field| !keys.contains_key(**field));
    if let (None, Some(missing)) = (&fault, missing) {
        let free: Vec<&str> = keys.keys().copied().filter(|key| !FIELDS.contains(key)).collect();
        let hint = nearest(missing, &free).map_or(String::new(), |near| format!("; is `{near}` meant?"));
        fault = Some((None, format!("expected the key {}{hint}", quoted(missing))));
    }
    raw.spot = Spot::Json(number, offset(node), at);
    match fault {
        None => Ok(raw),
        Some((field, what)) => Err((raw.spot, field, what)),
    }
}
