//! The generated catalogue: as many products as wanted, each made when asked for.

use std::{collections::BTreeMap, sync::Arc};

use glam::{Vec3, Vec4};
use rand::RngExt;

use super::{
    brand::{Brand, Tier},
    catalogue::{Design, Product},
    department::{Department, department},
    ean,
    flavour::Flavour,
    palette::{Colour, WHITE},
};
use crate::{
    scene::FormSpec,
    seed::{Node, Seed},
};

/// Products that are defined by a seed and made when looked at; opening costs nothing, whatever its size.
///
/// Products come in lines (one brand's flavours of one good in one form stand next to each other), and lines
/// take turns through the departments and through the forms at home there.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    seed: Seed,
    len: u32,
    forms: Arc<Vec<FormSpec>>,
    /// Department names in order, each with the forms at home there.
    departments: Vec<(String, Vec<usize>)>,
    /// Products in a line.
    line: u32,
}

const FIRST_SKU: u32 = 40_000_000;

impl Generated {
    /// The catalogue of `count` products in `forms`. It is empty when no form is at home in any department.
    pub(super) fn generate(seed: Seed, count: u32, forms: &[FormSpec]) -> Self {
        let mut departments: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, form) in forms.iter().enumerate() {
            for name in &form.departments {
                departments.entry(name).or_default().push(index);
            }
        }
        let groups = u32::try_from(departments.len()).unwrap_or(u32::MAX);
        Self {
            seed,
            len: if departments.is_empty() { 0 } else { count.min(u32::MAX - FIRST_SKU) },
            forms: Arc::new(forms.to_vec()),
            line: (count / groups.max(1) / 4).clamp(1, 8),
            departments: departments.into_iter().map(|(name, forms)| (name.to_owned(), forms)).collect(),
        }
    }

    /// Number of products.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The product at `index`.
    pub(super) fn product(&self, index: u32) -> Product {
        self.design(index).product
    }

    /// The form of the product at `index`, found without making the product.
    pub(super) fn form_of(&self, index: u32) -> &FormSpec {
        let line = (index / self.line) as usize;
        let (_, forms) = &self.departments[line % self.departments.len()];
        &self.forms[forms[line / self.departments.len() % forms.len()]]
    }

    /// Names of the departments that have products, sorted.
    pub(super) fn departments(&self) -> Vec<String> {
        let lines = self.len.div_ceil(self.line) as usize;
        self.departments.iter().take(lines).map(|(name, _)| name.clone()).collect()
    }

    /// Indices of a department's products, ascending; none when it is unknown.
    pub(super) fn in_department(&self, name: &str) -> Vec<u32> {
        let Some(place) = self.departments.iter().position(|(known, _)| known == name) else {
            return Vec::new();
        };
        let first = u32::try_from(place).unwrap_or(u32::MAX);
        let turns = u32::try_from(self.departments.len()).unwrap_or(u32::MAX);
        let lines = (first..self.len.div_ceil(self.line)).step_by(turns as usize);
        lines.flat_map(|line| line * self.line..((line + 1) * self.line).min(self.len)).collect()
    }

    /// The index of the product called `sku`.
    pub(super) fn find(&self, sku: &str) -> Option<u32> {
        let index = sku.parse::<u32>().ok()?.checked_sub(FIRST_SKU)?;
        (index < self.len && sku.len() == 8).then_some(index)
    }

    /// The forms that products come in.
    pub(super) fn forms(&self) -> &[FormSpec] {
        &self.forms
    }

    pub(super) fn root(&self) -> Node {
        self.seed.dataset().child("catalogue", 0)
    }

    pub(super) fn design(&self, index: u32) -> Design {
        assert!(index < self.len, "product {index} of {}", self.len);
        let line_number = (index / self.line) as usize;
        let (name, _) = &self.departments[line_number % self.departments.len()];
        let form = self.form_of(index);
        let shop = department(name);
        let root = self.root();
        let line = root.child("line", line_number);

        // A department holds more brands the more lines it has, and the first ones have the most lines.
        let lines_here = (self.len.div_ceil(self.line) as usize).div_ceil(self.departments.len());
        let brands = (lines_here / 2).clamp(3, 400);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "below 400"
        )]
        let number =
            line.draw("brand", |r| (r.random_range(0.0..1.0_f32).powf(1.3) * brands as f32) as usize);
        let brand = Brand::draw(&root, shop, number.min(brands - 1));

        let goods = shop.goods_for(&form.form);
        let good = goods[line.draw("good", |r| r.random_range(0..goods.len()))];
        let shift = line.draw("first_flavour", |r| r.random_range(0..good.flavours.len()));
        let node = root.child("product", index as usize);
        let place = (index % self.line) as usize;
        let flavour = good.flavours[(shift + place) % good.flavours.len()];
        let round = place / good.flavours.len();
        let prefix = ["", "Mini ", "Double "][round.min(2)];

        let size_m = pack_size(&line, form);
        let (litres, amount) = amount(size_m, shop, form);
        let price_cents = price(&line, shop, brand.tier, litres);
        let offer = node.draw("offer", |r| {
            const OFFERS: [&str; 9] =
                ["NEW", "+20%", "2 for 1", "-25%", "XXL", "BIO", "VEGAN", "TOP", "3+1 FREE"];
            r.random_bool(0.22).then(|| OFFERS[r.random_range(0..OFFERS.len())])
        });
        let product = Product {
            sku: (FIRST_SKU + index).to_string(),
            name: format!("{prefix}{} {}", good.name, flavour.name),
            brand: brand.name.clone(),
            department: name.clone(),
            form: form.form.clone(),
            size_m,
            price_cents,
            ean13: own_ean(&root, index),
            colours: colours(&line, form, &brand, flavour),
        };
        let relative = size_m / form.size_m;
        Design {
            product,
            brand,
            good: good.name.to_owned(),
            variety: flavour.name.to_owned(),
            flavour,
            amount,
            unit_price: unit_price(price_cents, litres, shop),
            offer,
            node,
            stretch: relative.x / relative.y,
        }
    }
}

/// A line's pack size: one of a few steps through the form's range, so that packs of a shelf have common sizes.
fn pack_size(line: &Node, form: &FormSpec) -> Vec3 {
    let (low, high) = (form.size_min_m / form.size_m, form.size_max_m / form.size_m);
    let step = |name: &str| line.draw(name, |r| r.random_range(0..5_u8));
    let along = |low: f32, high: f32, step: u8| low + (high - low) * f32::from(step) / 4.0;
    let width = step("width_step");
    // Tall packs tend to be wide ones.
    let height = if line.draw("slender", |r| r.random_bool(0.6)) { width } else { step("height_step") };
    let depth = if form.round { width } else { step("depth_step") };
    let x_range = if form.round { (low.x.max(low.z), high.x.min(high.z)) } else { (low.x, high.x) };
    let x = along(x_range.0, x_range.1.max(x_range.0), width);
    let z = if form.round { x } else { along(low.z, high.z, depth) };
    let size = Vec3::new(x, along(low.y, high.y, height), z) * form.size_m;
    // Rounding may leave the range by a hair; a round form's two sides are left alone, they must stay alike.
    if form.round { size } else { size.clamp(form.size_min_m, form.size_max_m) }
}

/// Cents a litre or kilogram, as a tag says it.
pub(super) fn unit_price(price_cents: u32, litres: f32, shop: &Department) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "prices are small"
    )]
    let cents = (price_cents as f32 / litres.max(0.01)) as u32;
    format!("{}.{:02} / {}", cents / 100, cents % 100, if shop.liquid { "l" } else { "kg" })
}

/// The code of product `index` of the catalogue drawn under `root`: one of those left to shops.
pub(super) fn own_ean(root: &Node, index: u32) -> String {
    let offset = root.draw("ean", |r| r.random_range(0..10_000_000_000_u64));
    ean::with_check_digit(200_000_000_000 + (offset + u64::from(index) * 7_654_321) % 10_000_000_000)
}

/// Litres (or kilograms) inside, rounded as packs are, and as text.
pub(super) fn amount(size_m: Vec3, shop: &Department, form: &FormSpec) -> (f32, String) {
    let light = ["bag", "box", "pouch", "roll", "paper"].iter().any(|part| form.form.contains(part));
    // Crisps and flakes are mostly air.
    let fill = if light {
        0.14
    } else if form.round {
        0.72
    } else {
        0.9
    };
    let raw = size_m.x * size_m.y * size_m.z * 1e6 * fill;
    let step = if raw < 100.0 {
        5.0
    } else if raw < 300.0 {
        10.0
    } else if raw < 1000.0 {
        50.0
    } else {
        250.0
    };
    let grams = ((raw / step).round() * step).max(5.0);
    let (small, large) = if shop.liquid { ("ml", "L") } else { ("g", "kg") };
    let text =
        if grams >= 1000.0 { format!("{} {large}", grams / 1000.0) } else { format!("{grams} {small}") };
    (grams / 1000.0, text)
}

/// A price that ends as prices do.
pub(super) fn price(line: &Node, shop: &Department, tier: Tier, litres: f32) -> u32 {
    let [low, high] = shop.cents;
    let cents = line.draw("price", |r| r.random_range(low..=high));
    let dear = match tier {
        Tier::Value => 0.55,
        Tier::Standard => 1.0,
        Tier::Premium => 1.6,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small and positive"
    )]
    let raw = (cents as f32 * dear * (litres / 0.5).max(0.05).powf(0.65)) as u32;
    let tens = raw.clamp(19, 49_900) / 10 * 10;
    tens + if line.draw("ends_on_five", |r| r.random_bool(0.2)) { 5 } else { 9 }
}

/// What the form's own materials look like on this brand's pack.
pub(super) fn colours(
    line: &Node,
    form: &FormSpec,
    brand: &Brand,
    flavour: Flavour,
) -> BTreeMap<String, Vec4> {
    let accent = Colour(flavour.colour);
    let palette = &brand.palette;
    let pick = |name: &str, list: &[Colour]| list[line.draw(name, |r| r.random_range(0..list.len()))];
    let colour = |name: &String| {
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if has(&["content", "liquid", "drink", "inside"]) {
            accent.mix(Colour(0x30_1808), 0.08)
        } else if has(&["glass"]) {
            pick(name, &[Colour(0x3d_5a2a), Colour(0x5a_3412), Colour(0xdf_ebe6), Colour(0xdf_ebe6)])
        } else if has(&["foil", "metal"]) {
            pick(name, &[Colour(0xd8_d8da), Colour(0xd8_d8da), Colour(0xd2_b06a), palette.base.lighter(0.3)])
        } else if has(&["cap", "lid", "closure", "trigger", "nozzle", "pump"]) {
            pick(name, &[WHITE, palette.base, palette.second, accent, palette.deep, accent])
        } else if has(&["band", "ring", "tear", "straw", "handle"]) {
            pick(name, &[palette.second, accent, palette.deep, WHITE])
        } else if has(&["body", "bottle", "tub", "cup", "pack"]) {
            pick(name, &[WHITE, palette.base, palette.paper, accent.lighter(0.4), palette.base])
        } else {
            palette.base
        }
    };
    form.recolour.iter().map(|name| (name.clone(), colour(name).linear())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::art::{catalogue::Catalogue, ean::is_valid_ean13, testing::forms};

    #[test]
    fn products_depend_on_seed_and_index_alone() {
        let (a, b) =
            (Catalogue::generate(Seed(0), 900, &forms()), Catalogue::generate(Seed(0), 900, &forms()));
        let other = Catalogue::generate(Seed(1), 900, &forms());
        assert_eq!(b.product(899), a.product(899), "whatever was asked before");
        let mut differ = 0;
        for index in 0..900 {
            assert_eq!(a.product(index), b.product(index), "product {index}");
            differ += usize::from(a.product(index).brand != other.product(index).brand);
        }
        assert!(differ > 800, "another seed, other products");
    }

    #[test]
    fn each_product_is_found_and_fits_its_form_and_department() {
        let forms = forms();
        let catalogue = Catalogue::generate(Seed(7), 2_000, &forms);
        let mut codes = BTreeSet::new();
        for index in 0..catalogue.len() {
            let product = catalogue.product(index);
            let form = forms.iter().find(|f| f.form == product.form).unwrap();
            assert_eq!(catalogue.find(&product.sku), Some(index), "{}", product.sku);
            assert!(form.departments.contains(&product.department), "{product:?}");
            let size = product.size_m;
            assert!(
                size.cmpge(form.size_min_m - 1e-6).all() && size.cmple(form.size_max_m + 1e-6).all(),
                "{size}"
            );
            if form.round {
                let scale = size / form.size_m;
                assert!((scale.x - scale.z).abs() < 1e-6, "round things stay round: {scale}");
            }
            assert!(product.price_cents > 0, "nothing is free");
            assert!(is_valid_ean13(&product.ean13) && product.ean13.starts_with('2'), "{}", product.ean13);
            assert!(codes.insert(product.ean13.clone()), "{} twice", product.ean13);
            assert_eq!(product.colours.len(), form.recolour.len(), "each material has its colour");
            for colour in product.colours.values() {
                assert!(colour.cmpge(Vec4::ZERO).all() && colour.cmple(Vec4::ONE).all(), "{colour}");
            }
        }
    }

    #[test]
    fn departments_part_the_catalogue() {
        for count in [0, 1, 7, 300, 5_001] {
            let catalogue = Catalogue::generate(Seed(2), count, &forms());
            let mut all: Vec<u32> = Vec::new();
            for name in catalogue.departments() {
                let members = catalogue.in_department(&name);
                assert!(!members.is_empty(), "{name} is listed and empty");
                for index in members {
                    assert_eq!(catalogue.product(index).department, name, "product {index}");
                    all.push(index);
                }
            }
            all.sort_unstable();
            assert!(all.iter().copied().eq(0..count), "each of {count} exactly once");
            assert!(catalogue.in_department("no such thing").is_empty(), "unknown departments are empty");
        }
    }

    #[test]
    fn strangers_are_not_found() {
        let catalogue = Catalogue::generate(Seed(2), 10, &forms());
        for sku in ["", "40000010", "39999999", "x", "040000001", "+4000001"] {
            assert_eq!(catalogue.find(sku), None, "'{sku}'");
        }
        assert!(Catalogue::generate(Seed(2), 10, &[]).is_empty(), "no forms, no products");
    }

    #[test]
    fn a_national_assortment_opens_at_once() {
        let start = std::time::Instant::now();
        let catalogue = Catalogue::generate(Seed(5), 170_000, &forms());
        assert_eq!(catalogue.product(169_999).sku, "40169999", "the last product");
        assert!(catalogue.in_department("drinks").len() > 10_000, "a department");
        assert!(start.elapsed().as_secs_f32() < 1.0, "took {:?}", start.elapsed());
    }

    #[test]
    fn flavours_share_a_brand() {
        let catalogue = Catalogue::generate(Seed(5), 5_000, &forms());
        for line in 0..100 {
            let products: Vec<Product> = (0..8).map(|i| catalogue.product(line * 8 + i)).collect();
            assert!(products.iter().all(|p| p.brand == products[0].brand && p.size_m == products[0].size_m));
            assert_ne!(products[0].name, products[1].name, "varieties differ");
        }
    }
}
