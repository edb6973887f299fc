//! From a row as written to a product: every check of a single row.

use glam::Vec3;

use super::{
    Row,
    rows::{FIELDS, PICTURES, REQUIRED, Raw},
};
use crate::{
    art::{ean, palette::Colour},
    json::{
        fault::{listed, nearest},
        tree::quoted,
    },
    scene::FormSpec,
};

/// How far beyond its form's range a size may lie before it must be a mistake.
const BEYOND: f32 = 2.0;
/// How far beyond the range a size may lie when another unit is tried.
const NEAR: f32 = 1.3;
/// Largest difference of a round form's width and depth.
const OUT_OF_ROUND: f32 = 0.1;

const UNITS: [(&str, f32); 4] =
    [("centimetres", 0.01), ("millimetres", 0.001), ("inches", 0.0254), ("decimetres", 0.1)];
const SIDES: [&str; 3] = ["width_m", "height_m", "depth_m"];
const FIRST_SIDE: usize = 5;

/// Mistakes of a row: field, and what was expected and found.
pub(super) type Faults = Vec<(usize, String)>;

/// The product in a row; `form` and `department` are numbers that the caller gives to names.
pub(super) fn row(raw: &Raw, forms: &[FormSpec]) -> Result<(Row, usize), Faults> {
    let mut faults = Faults::new();
    for field in 0..REQUIRED {
        if raw.values[field].is_none() {
            faults.push((field, format!("expected {}, found nothing", wanted(field))));
        }
    }
    for field in 0..5 {
        let Some(text) = &raw.values[field] else { continue };
        if text.chars().count() > 120 || text.chars().any(char::is_control) {
            faults.push((
                field,
                format!("expected at most 120 characters on one line, found {}", quoted(text)),
            ));
        }
    }
    let text = |field: usize| raw.values[field].as_deref().unwrap_or_default();
    let form = form(text(4), forms, &mut faults);
    let size_m = size(raw, form.map(|form| &forms[form]), &mut faults);
    let price_cents = raw.values[8].as_deref().and_then(|text| price(text, &mut faults));
    let ean = raw.values[9].as_deref().and_then(|text| code(text, &mut faults));
    let colour = raw.values[10].as_deref().and_then(|text| colour(text, &mut faults));
    match form {
        Some(form) if faults.is_empty() => {
            let mut pictures: [Option<Box<str>>; FIELDS.len() - PICTURES] = Default::default();
            for (picture, value) in pictures.iter_mut().zip(&raw.values[PICTURES..]) {
                picture.clone_from(value);
            }
            Ok((
                Row {
                    place: super::rows::Written::place_of(&raw.spot),
                    sku: text(0).into(),
                    name: text(1).into(),
                    brand: text(2).into(),
                    department: 0,
                    form: u32::try_from(form).unwrap_or_default(),
                    size_m,
                    price_cents,
                    ean,
                    colour,
                    pictures: pictures.iter().any(Option::is_some).then(|| Box::new(pictures)),
                },
                form,
            ))
        }
        _ => Err(faults),
    }
}

fn wanted(field: usize) -> &'static str {
    match field {
        0 => "the product's own code",
        1 => "what the product is called",
        2 => "its brand",
        3 => "its department",
        4 => "one of the forms",
        _ => "a length in metres, as 0.075",
    }
}

fn form(text: &str, forms: &[FormSpec], faults: &mut Faults) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let plain = text.to_lowercase().replace([' ', '-'], "_");
    let found = forms.iter().position(|form| form.form == plain);
    if found.is_none() {
        let mut known: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        known.sort_unstable();
        let hint = nearest(&plain, &known)
            .map_or_else(|| format!("expected {}", listed(&known)), |near| format!("did you mean `{near}`?"));
        faults.push((4, format!("unknown form {}; {hint}", quoted(text))));
    }
    found
}

/// Width, height and depth, as far as they are numbers; everything else is noted.
fn size(raw: &Raw, form: Option<&FormSpec>, faults: &mut Faults) -> Vec3 {
    let mut size = Vec3::ZERO;
    let mut whole = true;
    for side in 0..3 {
        let field = FIRST_SIDE + side;
        let Some(text) = &raw.values[field] else {
            whole = false;
            continue;
        };
        match text.parse::<f32>() {
            Ok(value) if value.is_finite() && value > 0.0 => size[side] = value,
            Ok(value) => {
                faults.push((field, format!("expected a length above 0, found {value}")));
                whole = false;
            }
            Err(_) => {
                faults.push((
                    field,
                    format!("expected a length in metres, as 0.075, found {}{}", quoted(text), hint(text)),
                ));
                whole = false;
            }
        }
    }
    let Some(form) = form.filter(|_| whole) else { return size };
    let (low, high) = (form.size_min_m / BEYOND, form.size_max_m * BEYOND);
    let outside: Vec<usize> =
        (0..3).filter(|side| !(low[*side]..=high[*side]).contains(&size[*side])).collect();
    if !outside.is_empty() {
        // A unit is meant for all three sides where all three fit it; else for those that are wrong.
        let fits = |unit: f32, side: usize| {
            let value = size[side] * unit;
            (form.size_min_m[side] / NEAR..=form.size_max_m[side] * NEAR).contains(&value)
        };
        let all = UNITS.iter().find(|(_, unit)| (0..3).all(|side| fits(*unit, side)));
        for side in outside {
            let value = size[side];
            let meant = all.or_else(|| UNITS.iter().find(|(_, unit)| fits(*unit, side)));
            let meant = meant.map_or(String::new(), |(name, unit)| {
                format!("; in {name} it would be {:.3} m: were {name} meant?", value * unit)
            });
            faults.push((
                FIRST_SIDE + side,
                format!(
                    "expected the {} of a `{}` in metres, about {} to {}, found {value}{meant}",
                    SIDES[side].trim_end_matches("_m"),
                    form.form,
                    form.size_min_m[side],
                    form.size_max_m[side]
                ),
            ));
        }
    } else if form.round && (size.x - size.z).abs() > OUT_OF_ROUND * size.x.max(size.z) {
        faults.push((
            FIRST_SIDE + 2,
            format!("a `{}` is round: expected the width of {} m, found {}", form.form, size.x, size.z),
        ));
    }
    size
}

fn hint(text: &str) -> String {
    if text.contains(',') && text.replace(',', ".").parse::<f32>().is_ok() {
        return format!(" (write {})", text.replace(',', "."));
    }
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '"' || c == ' ');
    let unit = match text[digits.len()..].trim() {
        "mm" => 0.001,
        "cm" => 0.01,
        "m" => 1.0,
        "in" | "\"" => 0.0254,
        _ => return String::new(),
    };
    digits.parse::<f32>().map_or(String::new(), |value| format!(" (write {:.4})", value * unit))
}

/// Cents of a price such as 1.99.
fn price(text: &str, faults: &mut Faults) -> Option<u32> {
    match text.replace(',', ".").parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 to 99,999")]
        Ok(value) if (0.01..100_000.0).contains(&value) => Some((value * 100.0).round() as u32),
        _ => {
            faults.push((8, format!("expected a price from 0.01 to 99999, as 1.99, found {}", quoted(text))));
            None
        }
    }
}

fn code(text: &str, faults: &mut Faults) -> Option<Box<str>> {
    if ean::is_valid_ean13(text) {
        return Some(text.into());
    }
    let what = if text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit()) {
        let right = ean::with_check_digit(text[..12].parse().unwrap_or_default());
        format!("expected a check digit of {}, found {text}", &right[12..])
    } else {
        format!("expected an EAN-13 of thirteen digits, found {}", quoted(text))
    };
    faults.push((9, what));
    None
}

fn colour(text: &str, faults: &mut Faults) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6);
    let colour = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).map(Colour);
    if colour.is_none() {
        faults.push((10, format!("expected a colour such as #d31f2b, found {}", quoted(text))));
    }
    colour
}
