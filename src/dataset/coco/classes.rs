//! Class numbers for a trainer, common to several datasets.

use super::{Coco, CocoReadError};

/// Names of the classes to learn, and each dataset's way from its categories to class numbers.
///
/// Datasets are joined by the names of their categories; [`CocoOptions::rename`](super::CocoOptions::rename) makes
/// names agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// Names, in order of class number.
    pub names: Vec<String>,
    /// For each dataset, the class number of each of its categories; `None` for one that is not learnt.
    pub of_category: Vec<Vec<Option<usize>>>,
}

impl Classes {
    /// Classes of these datasets: those `wanted`, in that order, or all that there are, sorted by name and without
    /// the virtual ones (gaps), which no picture shows.
    ///
    /// # Errors
    /// [`CocoReadError::NoCategory`] when no dataset has a wanted one, [`CocoReadError::NoCategories`] when there are
    /// none at all.
    pub fn of(datasets: &[&Coco], wanted: Option<&[String]>) -> Result<Self, CocoReadError> {
        let all = || datasets.iter().flat_map(|coco| coco.categories());
        let names: Vec<String> = if let Some(wanted) = wanted {
            wanted.to_vec()
        } else {
            let mut names: Vec<String> =
                all().filter(|c| c.supercategory != "virtual").map(|c| c.name.clone()).collect();
            names.sort();
            names.dedup();
            names
        };
        if let Some(missing) = names.iter().find(|name| all().all(|category| category.name != **name)) {
            let mut there: Vec<String> = all().map(|category| category.name.clone()).collect();
            there.sort();
            there.dedup();
            let path = datasets.first().map(|coco| coco.file().to_owned()).unwrap_or_default();
            return Err(CocoReadError::NoCategory { path, wanted: missing.clone(), there });
        }
        if names.is_empty() {
            let files = datasets.iter().map(|coco| coco.file().display().to_string()).collect();
            return Err(CocoReadError::NoCategories { files });
        }
        let class = |name: &str| names.iter().position(|known| known == name);
        let of_category =
            datasets.iter().map(|coco| coco.categories().iter().map(|c| class(&c.name)).collect()).collect();
        Ok(Self { names, of_category })
    }
}
