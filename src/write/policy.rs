//! What enters the COCO file: decided after rendering, and again whenever one likes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::truth::{InstanceTruth, RoleTruth};

/// What enters the COCO file. The truth records keep everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How products are divided into categories.
    pub categories: CategorySet,
    /// Smallest visibility of an annotation; does not apply to virtual instances.
    pub min_visibility: f64,
    /// Fewest mask pixels of an annotation.
    pub min_area_px: u32,
    /// Shortest box side of an annotation, pixels.
    pub min_side_px: u32,
    /// What fails these limits is written with `iscrowd: 1` (evaluators ignore it), not left out.
    pub ignore_as_crowd: bool,
    /// Classes besides `product` that are written: `price_tag`, `shelf_edge`, `gap` ...
    pub extra_classes: Vec<String>,
    /// Classes of [`CocoFile::Parts`]: what lies in another labelled thing, and what it lies in.
    #[serde(default)]
    pub part_classes: Vec<String>,
}

/// A COCO file of a dataset.
///
/// Masks of one picture never overlap in the first; a face lies in a head, which lies in an infant, so that such
/// classes have a file of their own, over the same pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CocoFile {
    /// `annotations.json`: products and [`Policy::extra_classes`].
    Instances,
    /// `annotations_parts.json`: [`Policy::part_classes`]; there when the policy names any.
    Parts,
}

impl CocoFile {
    /// Its name in the folder of the dataset.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Instances => "annotations.json",
            Self::Parts => "annotations_parts.json",
        }
    }
}

/// How products are divided into categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CategorySet {
    /// All are `product`.
    Product,
    /// By the fact `form`.
    Form,
    /// By the fact `department`.
    Department,
    /// By the fact `sku`.
    Sku,
}

/// How an instance enters the COCO file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// As an ordinary annotation.
    Annotation,
    /// As `iscrowd: 1`.
    Crowd,
    /// Not at all.
    Left,
}

/// Name and supercategory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// `product`, the class itself for anything else that is drawn, or `virtual`.
    pub supercategory: String,
}

const PRODUCT: &str = "product";
/// Name of a product's category where the fact that would name it is missing.
const UNKNOWN: &str = "unknown";

impl Policy {
    /// The COCO files of a dataset.
    pub fn files(&self) -> impl Iterator<Item = CocoFile> + use<> {
        let parts = (!self.part_classes.is_empty()).then_some(CocoFile::Parts);
        std::iter::once(CocoFile::Instances).chain(parts)
    }

    /// The category in `file` of an instance with this class, role and facts, or `None` when its class is not in it.
    #[must_use]
    pub fn category(
        &self,
        file: CocoFile,
        class: &str,
        role: RoleTruth,
        facts: &Map<String, Value>,
    ) -> Option<Category> {
        let of = |name: &str, supercategory: &str| {
            Some(Category { name: name.to_owned(), supercategory: supercategory.to_owned() })
        };
        let classes = match file {
            CocoFile::Instances => &self.extra_classes,
            CocoFile::Parts => &self.part_classes,
        };
        if class == PRODUCT && file == CocoFile::Instances {
            let fact = |key| facts.get(key).and_then(Value::as_str).unwrap_or(UNKNOWN);
            return match self.categories {
                CategorySet::Product => of(PRODUCT, PRODUCT),
                CategorySet::Form => of(fact("form"), PRODUCT),
                CategorySet::Department => of(fact("department"), PRODUCT),
                CategorySet::Sku => of(fact("sku"), PRODUCT),
            };
        }
        if !classes.iter().any(|wanted| wanted == class) {
            return None;
        }
        of(class, if role == RoleTruth::Virtual { "virtual" } else { class })
    }

    /// How an instance whose class is written enters the file.
    #[must_use]
    pub fn admit(&self, instance: &InstanceTruth) -> Admission {
        let Some(bbox) = instance.bbox else { return Admission::Left };
        let is_virtual = instance.role == RoleTruth::Virtual;
        let drawn = if is_virtual {
            instance.polygon.as_ref().is_some_and(|p| p.len() >= 6)
        } else {
            instance.segmentation.is_some()
        };
        if !drawn || instance.area <= 0.0 {
            return Admission::Left;
        }
        let side = f64::from(self.min_side_px);
        let passes = (is_virtual || instance.visibility >= self.min_visibility)
            && instance.area >= f64::from(self.min_area_px)
            && bbox.w >= side
            && bbox.h >= side;
        match (passes, self.ignore_as_crowd) {
            (true, _) => Admission::Annotation,
            (false, true) => Admission::Crowd,
            (false, false) => Admission::Left,
        }
    }
}

/// Category ids of a whole dataset: 1 and up, in order of name, then supercategory (by bytes).
///
/// Every category whose class the policy writes is there as soon as one instance of it is in any frame,
/// visible or not: so the limits of the policy change which annotations there are, and never their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories(BTreeMap<Category, u32>);

impl FromIterator<Category> for Categories {
    fn from_iter<I: IntoIterator<Item = Category>>(names: I) -> Self {
        let mut map: BTreeMap<Category, u32> = names.into_iter().map(|name| (name, 0)).collect();
        for (id, slot) in (1..).zip(map.values_mut()) {
            *slot = id;
        }
        Self(map)
    }
}

impl Categories {
    /// The id of a category.
    #[must_use]
    pub fn id(&self, category: &Category) -> Option<u32> {
        self.0.get(category).copied()
    }

    /// All, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Category)> {
        self.0.iter().map(|(category, id)| (*id, category))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
