//! A user's own catalogue: rows of a CSV or JSON file, and the pictures that they name.

mod check;
mod compose;
mod fit;
mod mistakes;
mod picture;
mod rows;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use glam::{Vec3, Vec4};
use rayon::prelude::*;

pub(super) use compose::compose;
pub use mistakes::{CatalogueError, LeftOut};

use self::rows::{FIELDS, PICTURES, Written};
use super::{
    brand::Brand,
    catalogue::{Design, Product},
    department::{DEPARTMENTS, Department, department},
    flavour::Flavour,
    generated,
    palette::Colour,
};
use crate::{
    json::{Mistake, fault::nearest},
    scene::FormSpec,
    seed::{Node, Seed},
};

/// Opening looks into so many pictures; of larger catalogues' it only makes sure that they are there, and what is
/// wrong inside is found when one is first needed, or by `diorama inspect`.
const LOOKED_INTO: usize = 20_000;

/// The faces that a row may name pictures of, in the order of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaceName {
    Front,
    Back,
    Left,
    Right,
    Top,
    Bottom,
    Wrap,
}

pub(super) const FACES: [FaceName; 7] = [
    FaceName::Front,
    FaceName::Back,
    FaceName::Left,
    FaceName::Right,
    FaceName::Top,
    FaceName::Bottom,
    FaceName::Wrap,
];

/// One product, as small as it can be kept: there may be hundreds of thousands.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Line of a table, number in a list.
    place: u32,
    sku: Box<str>,
    name: Box<str>,
    brand: Box<str>,
    department: u32,
    form: u32,
    size_m: Vec3,
    price_cents: Option<u32>,
    ean: Option<Box<str>>,
    colour: Option<Colour>,
    /// Paths as written, by face.
    pictures: Option<Box<[Option<Box<str>>; FACES.len()]>>,
}

impl Row {
    fn picture(&self, face: FaceName) -> Option<&str> {
        self.pictures.as_ref()?[face as usize].as_deref()
    }
}

/// All products of a user's catalogue.
#[derive(Debug)]
pub(super) struct UserGoods {
    /// The file, as messages call it, and whether its rows are lines.
    name: String,
    lines: bool,
    folder: PathBuf,
    seed: Seed,
    rows: Vec<Row>,
    /// Names, sorted, each with its rows.
    departments: Vec<(String, Vec<u32>)>,
    /// Numbers of rows in the order of their SKUs.
    by_sku: Vec<u32>,
    forms: Arc<Vec<FormSpec>>,
    left_out: LeftOut,
}

impl UserGoods {
    pub(super) fn open(
        path: &Path,
        seed: Seed,
        forms: &[FormSpec],
        keep_going: bool,
    ) -> Result<Self, CatalogueError> {
        let written = rows::read(path)?;
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let listed = written.rows.len() + written.broken.products;
        let mut left_out = written.broken.clone();
        let mut good = Vec::with_capacity(written.rows.len());
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        let checked: Vec<_> = written.rows.par_iter().map(|raw| check::row(raw, forms)).collect();
        let mut rows: Vec<Option<Row>> = Vec::with_capacity(checked.len());
        for (raw, checked) in written.rows.iter().zip(checked) {
            rows.push(match checked {
                Ok((row, _)) => Some(row),
                Err(faults) => {
                    left_out.products += 1;
                    for (field, what) in faults {
                        left_out.push(|| written.mistake(&raw.spot, Some(field), what));
                    }
                    None
                }
            });
        }
        unlike(&written, &mut rows, &mut left_out);
        pictures(&written, &folder, &mut rows, &mut left_out);
        if !(left_out.is_empty() || keep_going) {
            return Err(CatalogueError::Mistakes(left_out));
        }
        for (raw, row) in written.rows.iter().zip(rows) {
            let Some(row) = row else { continue };
            names.entry(raw.values[3].as_deref().unwrap_or_default()).or_insert(0);
            good.push((row, raw));
        }
        if good.is_empty() {
            if left_out.is_empty() {
                let expected = "at least one product, found none".to_owned();
                return Err(CatalogueError::NoCatalogue { path: path.to_owned(), expected });
            }
            return Err(CatalogueError::NothingLeft { path: path.to_owned(), rows: listed, left_out });
        }
        for (number, place) in (0..).zip(names.values_mut()) {
            *place = number;
        }
        let mut departments: Vec<(String, Vec<u32>)> =
            names.keys().map(|name| ((*name).to_owned(), Vec::new())).collect();
        let rows: Vec<Row> = (0..)
            .zip(good)
            .map(|(index, (mut row, raw))| {
                row.department = names[raw.values[3].as_deref().unwrap_or_default()];
                departments[row.department as usize].1.push(index);
                row
            })
            .collect();
        // Goods of one brand and form stand together, wherever the file lists them.
        for (_, members) in &mut departments {
            let key = |index: &u32| {
                let row = &rows[*index as usize];
                (&row.brand, row.form, *index)
            };
            members.sort_by(|a, b| key(a).cmp(&key(b)));
        }
        let mut by_sku: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        by_sku.sort_by(|a, b| rows[*a as usize].sku.cmp(&rows[*b as usize].sku));
        let lines = written.rows.first().is_none_or(|raw| matches!(raw.spot, rows::Spot::Line(_)));
        let name = written.name;
        Ok(Self {
            name,
            lines,
            folder,
            seed,
            rows,
            departments,
            by_sku,
            forms: Arc::new(forms.to_vec()),
            left_out,
        })
    }

    pub(super) fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn forms(&self) -> &[FormSpec] {
        &self.forms
    }

    pub(super) fn form_of(&self, index: u32) -> &FormSpec {
        &self.forms[self.rows[index as usize].form as usize]
    }

    pub(super) fn departments(&self) -> Vec<String> {
        self.departments.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn in_department(&self, name: &str) -> Vec<u32> {
        self.departments.iter().find(|(known, _)| known == name).map_or_else(Vec::new, |(_, m)| m.clone())
    }

    pub(super) fn find(&self, sku: &str) -> Option<u32> {
        let place = self.by_sku.binary_search_by(|index| (*self.rows[*index as usize].sku).cmp(sku)).ok()?;
        Some(self.by_sku[place])
    }

    pub(super) fn nearest_sku(&self, sku: &str) -> Option<String> {
        let known: Vec<&str> = self.by_sku.iter().map(|i| &*self.rows[*i as usize].sku).collect();
        nearest(sku, &known).map(str::to_owned)
    }

    pub(super) fn root(&self) -> Node {
        self.seed.dataset().child("user_catalogue", 0)
    }

    /// The row at `index` when it names pictures.
    pub(super) fn pictured(&self, index: u32) -> Option<&Row> {
        self.rows.get(index as usize).filter(|row| row.pictures.is_some())
    }

    /// Where a row stands, as `my.csv:12`.
    fn place(&self, row: &Row) -> String {
        if self.lines {
            format!("{}:{}", self.name, row.place)
        } else {
            format!("{}: product {}", self.name, row.place)
        }
    }

    /// The picture of a face, decoded.
    fn load(&self, row: &Row, face: FaceName) -> Option<Result<image::RgbaImage, String>> {
        let written = row.picture(face)?;
        let column = FIELDS[PICTURES + face as usize];
        Some(
            picture::load(&self.folder.join(written))
                .map_err(|what| format!("{}: {column}: {what}", self.place(row))),
        )
    }

    pub(super) fn check_pictures(&self, index: u32) -> Result<(), Vec<Mistake>> {
        let Some(row) = self.pictured(index) else { return Ok(()) };
        let mut mistakes = Vec::new();
        for face in FACES {
            let Some(written) = row.picture(face) else { continue };
            if let Err(what) = picture::load(&self.folder.join(written)) {
                let name = self.name.clone();
                let place = crate::json::Place::Row { name, line: row.place as usize };
                let column = FIELDS[PICTURES + face as usize];
                mistakes.push(Mistake { place, path: format!("column {column}"), what });
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    pub(super) fn notes(&self, index: u32) -> Vec<String> {
        let (row, form) = (&self.rows[index as usize], self.form_of(index));
        let mut notes = Vec::new();
        if row.pictures.is_none() {
            notes.push("no picture: its label is drawn from its brand and name".to_owned());
        }
        for face in FACES {
            if row.picture(face).is_some() && !compose::shows(form, face) {
                notes.push(format!(
                    "a `{}` has no place for a picture of its {}",
                    form.form,
                    FIELDS[PICTURES + face as usize]
                ));
            }
        }
        for (side, name) in ["width", "height", "depth"].into_iter().enumerate() {
            let (value, low, high) = (row.size_m[side], form.size_min_m[side], form.size_max_m[side]);
            if !(low * 0.999..=high * 1.001).contains(&value) {
                notes.push(format!(
                    "its {name} of {value} m is unusual: a `{}` has {low} to {high}",
                    form.form
                ));
            }
        }
        notes
    }

    pub(super) fn design(&self, index: u32) -> Design {
        let row = &self.rows[index as usize];
        let form = self.form_of(index);
        let name = &self.departments[row.department as usize].0;
        let shop = department(name);
        let root = self.root();
        let family = root.child(&row.brand, 0);
        let node = root.child("product", index as usize);
        let mut brand = Brand::draw(&family, shop, 0);
        brand.name = row.brand.to_string();
        brand.foreign = None;
        if let Some(colour) = row.colour {
            brand.palette.base = colour;
        }
        let flavour = flavour_of(shop, &row.name);
        let (litres, amount) = generated::amount(row.size_m, shop, form);
        let price_cents =
            row.price_cents.unwrap_or_else(|| generated::price(&node, shop, brand.tier, litres));
        let mut colours = generated::colours(&family.child(&form.form, 0), form, &brand, flavour);
        if let Some(colour) = row.colour {
            let body = ["body", "film"].into_iter().filter_map(|part| colours.get_key_value(part));
            let named: Vec<(String, Vec4)> = body.map(|(part, _)| (part.clone(), colour.linear())).collect();
            colours.extend(named);
        }
        let (good, variety) = split(&row.name);
        let relative = row.size_m / form.size_m;
        Design {
            product: Product {
                sku: row.sku.to_string(),
                name: row.name.to_string(),
                brand: row.brand.to_string(),
                department: name.clone(),
                form: form.form.clone(),
                size_m: row.size_m,
                price_cents,
                ean13: row.ean.as_deref().map_or_else(|| generated::own_ean(&root, index), str::to_owned),
                colours,
            },
            brand,
            good,
            variety,
            flavour,
            amount,
            unit_price: generated::unit_price(price_cents, litres, shop),
            offer: None,
            node,
            stretch: relative.x / relative.y,
        }
    }
}

/// A name's first word and the rest: most say the good first.
fn split(name: &str) -> (String, String) {
    name.split_once(' ')
        .map_or_else(|| (name.to_owned(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()))
}

/// What a name speaks of: the variety whose words it holds, its own department's first, else that of the department's
/// first good.
fn flavour_of(shop: &Department, name: &str) -> Flavour {
    // Every variety with its department and its name in lower case: names are looked through for each product staged.
    static KNOWN: OnceLock<Vec<(&'static str, String, Flavour)>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let all = DEPARTMENTS.iter().flat_map(|d| d.goods.iter().map(move |good| (d.name, good)));
        all.flat_map(|(place, good)| good.flavours.iter().map(move |f| (place, f.name.to_lowercase(), *f)))
            .collect()
    });
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |(_, plain, flavour): &&(&str, String, Flavour)| {
        words.iter().any(|word| *word == plain.as_str() || *word == flavour.motif)
    };
    let here = known.iter().filter(|(place, ..)| *place == shop.name).find(says);
    here.or_else(|| known.iter().find(says)).map_or(shop.goods[0].flavours[0], |(_, _, flavour)| *flavour)
}

/// Notes every SKU but the first of its kind.
fn unlike(written: &Written, rows: &mut [Option<Row>], left_out: &mut LeftOut) {
    let mut order: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].is_some()).collect();
    let sku = |index: usize| written.rows[index].values[0].as_deref().unwrap_or_default();
    order.sort_by(|a, b| sku(*a).cmp(sku(*b)).then(a.cmp(b)));
    let mut again: Vec<(usize, usize)> = Vec::new();
    let mut first = 0;
    for place in 1..order.len() {
        if sku(order[place]) == sku(order[first]) {
            again.push((order[place], order[first]));
        } else {
            first = place;
        }
    }
    again.sort_unstable();
    for (index, first) in again {
        let spot = &written.rows[first].spot;
        let place = if matches!(spot, rows::Spot::Line(_)) { "line" } else { "product" };
        let what = format!(
            "expected each sku once, found {} again; it stands already in {place} {}",
            crate::json::tree::quoted(sku(index)),
            Written::place_of(spot)
        );
        rows[index] = None;
        left_out.products += 1;
        left_out.push(|| written.mistake(&written.rows[index].spot, Some(0), what));
    }
}

/// Looks into every picture that is named, each once, and notes those that no label can be made of.
fn pictures(written: &Written, folder: &Path, rows: &mut [Option<Row>], left_out: &mut LeftOut) {
    let mut named: Vec<&str> = rows
        .iter()
        .flatten()
        .filter_map(|row| row.pictures.as_deref())
        .flatten()
        .filter_map(Option::as_deref)
        .collect();
    named.par_sort_unstable();
    named.dedup();
    let deep = named.len() <= LOOKED_INTO;
    let look = |name: &&str| {
        let path = folder.join(name);
        if !deep && path.is_file() { Ok(()) } else { picture::check(&path) }
    };
    let wrong: BTreeMap<Box<str>, String> =
        named.par_iter().filter_map(|name| Some((Box::from(*name), look(name).err()?))).collect();
    if wrong.is_empty() {
        return;
    }
    for (raw, row) in written.rows.iter().zip(rows) {
        let faults: Vec<(usize, &String)> = row
            .iter()
            .filter_map(|row| row.pictures.as_deref())
            .flat_map(|pictures| pictures.iter().enumerate())
            .filter_map(|(face, name)| Some((PICTURES + face, wrong.get(name.as_deref()?)?)))
            .collect();
        if faults.is_empty() {
            continue;
        }
        left_out.products += 1;
        for (field, what) in faults {
            left_out.push(|| written.mistake(&raw.spot, Some(field), what.clone()));
        }
        *row = None;
    }
}
