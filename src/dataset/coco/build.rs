//! From what was written to what is meant: everything checked, every reference followed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    Coco, CocoCategory, CocoObject, CocoOptions, CocoPicture, CocoReadError, Faults, OnFault, PictureCheck,
    Segmentation,
    fault::Kind,
    file::RawFile,
    find,
    raw::{RawAnnotation, RawCategory, RawImage},
};
use crate::geometry::{BoxPx, Size};

pub(super) fn build(file: PathBuf, raw: RawFile, options: &CocoOptions) -> Result<Coco, CocoReadError> {
    let mut faults = Faults::default();
    let (categories, category_of_id, left) = categories(&file, raw.categories, options, &mut faults)?;
    let mut pictures = pictures(&file, raw.images, options, &mut faults);
    let mut objects = Objects {
        options,
        place_of_picture: pictures.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect(),
        category_of_id: &category_of_id,
        categories: &categories,
        left: &left,
        seen: BTreeSet::new(),
        faults: &mut faults,
    };
    for (index, annotation) in raw.annotations.into_iter().enumerate() {
        if let Some((place, object)) = objects.object(index, annotation, &pictures)
            && let Some(picture) = &mut pictures[place].1
        {
            picture.objects.push(object);
        }
    }
    if options.on_fault == OnFault::Fail && !faults.is_empty() {
        return Err(CocoReadError::Faulty { path: file, faults });
    }
    let pictures = pictures.into_iter().filter_map(|(_, picture)| picture).collect();
    Ok(Coco { file, categories, category_of_id, left_out: left, pictures, faults })
}

type Ids = BTreeMap<i64, usize>;

/// Categories in order of id, places by id, and the ids that are there and not wanted.
fn categories(
    file: &Path,
    raw: Vec<RawCategory>,
    options: &CocoOptions,
    faults: &mut Faults,
) -> Result<(Vec<CocoCategory>, Ids, BTreeSet<i64>), CocoReadError> {
    let mut by_id: BTreeMap<i64, RawCategory> = BTreeMap::new();
    for (index, category) in raw.into_iter().enumerate() {
        if let Some(there) = by_id.get(&category.id) {
            let place = format!("categories[{index}]");
            let what = format!("{} is '{}' and '{}'", category.id, there.name, category.name);
            faults.add(Kind::DuplicateId, place, what);
            continue;
        }
        by_id.insert(category.id, category);
    }
    let (mut categories, mut places, mut left) = (Vec::<CocoCategory>::new(), Ids::new(), BTreeSet::new());
    let mut there = BTreeSet::new();
    for (id, category) in by_id {
        let name = options.renamed(&category.name).to_owned();
        there.insert(name.clone());
        if !options.wants(&name) {
            left.insert(id);
            continue;
        }
        let place = categories.iter().position(|known| known.name == name).unwrap_or_else(|| {
            categories.push(CocoCategory {
                id,
                name,
                supercategory: category.supercategory.unwrap_or_default(),
                keypoints: category.keypoints.unwrap_or_default(),
            });
            categories.len() - 1
        });
        places.insert(id, place);
    }
    let missing = options.categories.iter().flatten().find(|wanted| !there.contains(*wanted));
    if let Some(wanted) = missing {
        let there = there.into_iter().collect();
        return Err(CocoReadError::NoCategory { path: file.to_owned(), wanted: wanted.clone(), there });
    }
    Ok((categories, places, left))
}

/// Pictures in order of id; `None` for one that is faulty, so that its annotations are known to belong to it.
fn pictures(
    file: &Path,
    raw: Vec<RawImage>,
    options: &CocoOptions,
    faults: &mut Faults,
) -> Vec<(i64, Option<CocoPicture>)> {
    // A few names: one missing file shall not send us to another folder.
    let names = raw.iter().step_by((raw.len() / 16).max(1)).map(|image| image.file_name.as_str());
    let folder = options.pictures.clone().unwrap_or_else(|| find::pictures(file, names));
    let looked: Vec<_> = raw
        .into_par_iter()
        .map(|image| {
            let path = folder.join(&image.file_name);
            let size = look(&image, &path, options.check);
            (image, path, size)
        })
        .collect();
    let (mut found, mut seen) = (Vec::with_capacity(looked.len()), BTreeSet::new());
    for (index, (image, path, size)) in looked.into_iter().enumerate() {
        let place = || format!("images[{index}] (id {})", image.id);
        if !seen.insert(image.id) {
            faults.add(Kind::DuplicateId, place(), format!("{} is an earlier picture's id", image.id));
            continue;
        }
        let picture = match size {
            Ok(size) => Some(CocoPicture {
                id: image.id,
                file_name: image.file_name,
                path,
                size,
                video_id: image.video_id,
                facts: image.facts,
                objects: Vec::new(),
            }),
            Err((kind, what)) => {
                faults.add(kind, place(), what);
                None
            }
        };
        found.push((image.id, picture));
    }
    found.sort_by_key(|(id, _)| *id);
    found
}

/// The picture's size, after as many looks at its file as were asked for.
fn look(image: &RawImage, path: &Path, check: PictureCheck) -> Result<Size, (Kind, String)> {
    let stated = match (image.width, image.height) {
        (Some(width), Some(height)) => Some(Size { width, height }),
        _ => None,
    };
    if let Some(size) = stated
        && (size.width == 0 || size.height == 0)
    {
        return Err((
            Kind::WrongSize,
            format!("{} x {}: expected at least one pixel", size.width, size.height),
        ));
    }
    let missing = |why: String| (Kind::MissingPicture, format!("{}: {why}", path.display()));
    if check == PictureCheck::Size || stated.is_none() {
        let found = image::image_dimensions(path).map_err(|error| missing(error.to_string()))?;
        let found = Size { width: found.0, height: found.1 };
        return match stated {
            Some(size) if size != found => {
                let what = format!(
                    "{} is {} x {}, stated are {} x {}",
                    path.display(),
                    found.width,
                    found.height,
                    size.width,
                    size.height
                );
                Err((Kind::WrongSize, what))
            }
            _ => Ok(found),
        };
    }
    if check == PictureCheck::There && !path.is_file() {
        return Err(missing("no such file".to_owned()));
    }
    stated.ok_or_else(|| missing("its size is not stated".to_owned()))
}

/// What annotations are held against.
struct Objects<'a> {
    options: &'a CocoOptions,
    place_of_picture: Ids,
    category_of_id: &'a Ids,
    categories: &'a [CocoCategory],
    left: &'a BTreeSet<i64>,
    seen: BTreeSet<i64>,
    faults: &'a mut Faults,
}

impl Objects<'_> {
    /// The object and its picture's place; `None` when it is faulty or of a category that is not wanted.
    fn object(
        &mut self,
        index: usize,
        raw: RawAnnotation,
        pictures: &[(i64, Option<CocoPicture>)],
    ) -> Option<(usize, CocoObject)> {
        let place = || format!("annotations[{index}] (id {})", raw.id);
        if !self.seen.insert(raw.id) {
            self.faults.add(Kind::DuplicateId, place(), format!("{} is an earlier annotation's id", raw.id));
            return None;
        }
        if self.left.contains(&raw.category_id) {
            return None;
        }
        let Some(&category) = self.category_of_id.get(&raw.category_id) else {
            let what = format!("category_id {} is not in `categories`", raw.category_id);
            self.faults.add(Kind::UnknownCategory, place(), what);
            return None;
        };
        let Some(&picture_place) = self.place_of_picture.get(&raw.image_id) else {
            let what = format!("image_id {} is not in `images`", raw.image_id);
            self.faults.add(Kind::UnknownPicture, place(), what);
            return None;
        };
        // A faulty picture is one fault; its annotations are none of their own.
        let picture = pictures[picture_place].1.as_ref()?;
        let (bbox, area) = match self.shape(&raw, picture) {
            Ok(shape) => shape,
            Err((kind, what)) => {
                self.faults.add(kind, place(), format!("{what} ({})", picture.file_name));
                return None;
            }
        };
        let wrong_box = box_fault(bbox, picture.frame());
        if let Some((kind, what)) = wrong_box {
            self.faults.add(kind, place(), format!("{what} ({})", picture.file_name));
            if self.options.on_fault != OnFault::KeepBoxes {
                return None;
            }
        }
        if let Some(what) = keypoint_fault(&raw.keypoints, &self.categories[category]) {
            self.faults.add(Kind::BadKeypoints, place(), what);
            return None;
        }
        let labelled = raw.keypoints.chunks_exact(3).filter(|triple| triple[2] > 0.0).count();
        let object = CocoObject {
            id: raw.id,
            category,
            bbox,
            area,
            crowd: raw.crowd,
            ignore: raw.ignore,
            segmentation: raw.segmentation,
            num_keypoints: raw.num_keypoints.unwrap_or(u32::try_from(labelled).unwrap_or(u32::MAX)),
            keypoints: raw.keypoints,
            visibility: raw.visibility,
            truncation: raw.truncation,
            distance_m: raw.distance_m,
            facts: raw.facts,
        };
        Some((picture_place, object))
    }

    /// Box and area, from the mask where they are not written. The mask is tried whenever it is asked for.
    fn shape(&self, raw: &RawAnnotation, picture: &CocoPicture) -> Result<(BoxPx, f64), (Kind, String)> {
        let mask = match raw.segmentation {
            Segmentation::None => None,
            ref shape => Some(shape.mask(picture.size).map_err(|what| (Kind::BadSegmentation, what))?),
        };
        let bbox = match (raw.bbox, &mask) {
            (Some(bbox), _) => BoxPx::from(bbox),
            (None, Some(mask)) => {
                mask.bounds().ok_or_else(|| (Kind::NoArea, "no box, and an empty mask".to_owned()))?
            }
            (None, None) => return Err((Kind::NoArea, "no `bbox`".to_owned())),
        };
        #[expect(clippy::cast_precision_loss, reason = "pixel counts are far below 2^53")]
        let area = raw.area.unwrap_or_else(|| mask.map_or(bbox.area(), |mask| mask.area() as f64));
        Ok((bbox, area))
    }
}

/// What is wrong with a box in a frame.
pub(super) fn box_fault(b: BoxPx, frame: BoxPx) -> Option<(Kind, String)> {
    let told = || format!("[{}, {}, {}, {}]", b.x, b.y, b.w, b.h);
    if !<[f64; 4]>::from(b).iter().all(|value| value.is_finite()) || b.w <= 0.0 || b.h <= 0.0 {
        return Some((Kind::NoArea, told()));
    }
    let outside = frame.intersection(b).is_none();
    outside.then(|| (Kind::OutsidePicture, format!("{} in a picture of {} x {}", told(), frame.w, frame.h)))
}

fn keypoint_fault(keypoints: &[f64], category: &CocoCategory) -> Option<String> {
    if keypoints.is_empty() {
        return None;
    }
    let (count, expected) = (keypoints.len(), category.keypoints.len() * 3);
    if !count.is_multiple_of(3) || (expected > 0 && count != expected) {
        let expected = if expected > 0 {
            format!("{expected} for '{}'", category.name)
        } else {
            "triples x, y, v".into()
        };
        return Some(format!("{count} numbers: expected {expected}"));
    }
    keypoints.iter().any(|value| !value.is_finite()).then(|| "a number that is not finite".to_owned())
}
