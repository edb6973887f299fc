//! What is read, and what happens to what is wrong.

use std::path::PathBuf;

/// What is done about faulty pictures and annotations. Each is named and counted whatever is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFault {
    /// Nothing is read.
    #[default]
    Fail,
    /// They are left out.
    Skip,
    /// As [`OnFault::Skip`], except that objects whose box has no area or lies outside of the picture stay, as the
    /// COCO API's evaluation has it.
    KeepBoxes,
}

/// How much is looked at of the pictures themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureCheck {
    /// Nothing: for whoever needs labels alone.
    No,
    /// That each is there.
    #[default]
    There,
    /// That each is there and has the stated size: reads every file's header.
    Size,
}

/// What is read, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CocoOptions {
    /// What is done about faults.
    pub on_fault: OnFault,
    /// How much is looked at of the pictures.
    pub check: PictureCheck,
    /// The pictures' folder, where it is not one of the usual places.
    pub pictures: Option<PathBuf>,
    /// Only categories of these names, after renaming; others are left out without being faults.
    pub categories: Option<Vec<String>>,
    /// New names for categories, old first; `*` stands for every category that is not named. Categories of one
    /// name become one.
    pub rename: Vec<(String, String)>,
    /// Whether masks and outlines are kept.
    pub masks: bool,
    /// Further scalar fields of annotations to keep, as `yaw_deg`; a dot steps into an object.
    pub object_facts: Vec<String>,
    /// Further scalar fields of image records to keep, as `facts.on_shelf_availability`.
    pub picture_facts: Vec<String>,
}

impl CocoOptions {
    /// The same, leaving faulty pictures and annotations out.
    #[must_use]
    pub fn skipping(self) -> Self {
        Self { on_fault: OnFault::Skip, ..self }
    }

    /// The same with masks and outlines.
    #[must_use]
    pub fn with_masks(self) -> Self {
        Self { masks: true, ..self }
    }

    /// The name of a category after renaming.
    pub(super) fn renamed<'a>(&'a self, name: &'a str) -> &'a str {
        let to =
            |wanted: &str| self.rename.iter().find(|(from, _)| from == wanted).map(|(_, to)| to.as_str());
        to(name).or_else(|| to("*")).unwrap_or(name)
    }

    /// Whether a category of this name (after renaming) is read.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.categories.as_ref().is_none_or(|wanted| wanted.iter().any(|w| w == name))
    }
}
