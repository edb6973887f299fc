//! Records as what `eval` compares.

use super::{
    Coco, CocoObject, CocoPicture, CocoReadError, CocoResult, Faults, OnFault, Results, Segmentation,
    fault::Kind,
};
use crate::{
    eval::{self, IouType, Shape, Truth},
    geometry::BoxPx,
};

/// How records are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparing {
    /// What is compared.
    pub iou: IouType,
    /// Keypoints of an object.
    pub keypoints: usize,
    /// Whether `ignore: 1` counts as it says. The COCO API's evaluation overwrites that field with `iscrowd`, so that
    /// its numbers are those without.
    pub honour_ignore: bool,
    /// What is done about truths and detections without what is compared.
    pub on_fault: OnFault,
}

impl Coco {
    /// Truth and detections of each picture, in order of picture ids; classes are places in [`Coco::categories`].
    ///
    /// Areas of detections are those that `COCO.loadRes` gives them: of the box where one is written, else of the
    /// mask, else of the box round the keypoints. Without a mask a detection is its box.
    ///
    /// # Errors
    /// With [`OnFault::Fail`], when a truth or a detection has no (proper) box, mask or keypoints to compare. Masks of
    /// both must have been read.
    pub fn judged(
        &self,
        results: &Results,
        how: Comparing,
    ) -> Result<(Vec<eval::Picture>, Faults), CocoReadError> {
        let mut faults = Faults::default();
        let mut judged = Vec::with_capacity(self.pictures.len());
        for (place, picture) in self.pictures.iter().enumerate() {
            let mut both = eval::Picture::default();
            for object in &picture.objects {
                match truth(picture, object, how) {
                    Ok(truth) => both.truths.push(truth),
                    Err((kind, what)) => {
                        faults.add(kind, format!("{}, annotation {}", picture.file_name, object.id), what);
                    }
                }
            }
            for (index, (class, result)) in results.of_picture.get(place).into_iter().flatten().enumerate() {
                match detection(picture, *class, result, how) {
                    Ok(detection) => both.detections.push(detection),
                    Err((kind, what)) => {
                        faults.add(kind, format!("{}, detection {index} of it", picture.file_name), what);
                    }
                }
            }
            judged.push(both);
        }
        if how.on_fault == OnFault::Fail && !faults.is_empty() {
            return Err(CocoReadError::Faulty { path: self.file.clone(), faults });
        }
        Ok((judged, faults))
    }
}

type Fault = (Kind, String);

fn truth(picture: &CocoPicture, object: &CocoObject, how: Comparing) -> Result<Truth, Fault> {
    let shape = match how.iou {
        IouType::Bbox => Shape::Box(object.bbox),
        IouType::Segm => Shape::Mask(mask(&object.segmentation, picture)?),
        IouType::Keypoints => {
            let points = if object.keypoints.is_empty() {
                vec![0.0; how.keypoints * 3]
            } else {
                object.keypoints.clone()
            };
            Shape::Keypoints { bbox: object.bbox, points: counted(points, how.keypoints)? }
        }
    };
    let unlabelled = how.iou == IouType::Keypoints && object.num_keypoints == 0;
    let ignore = unlabelled || (how.honour_ignore && object.ignore);
    Ok(Truth { class: object.category, shape, area: object.area, crowd: object.crowd, ignore })
}

fn detection(
    picture: &CocoPicture,
    class: usize,
    result: &CocoResult,
    how: Comparing,
) -> Result<eval::Detection, Fault> {
    let rectangle = |b: BoxPx| {
        let (right, bottom) = (b.right(), b.bottom());
        Segmentation::Polygons(vec![vec![b.x, b.y, b.x, bottom, right, bottom, right, b.y]])
    };
    let drawn = match (&result.segmentation, result.bbox) {
        (Segmentation::None, Some(b)) if how.iou == IouType::Segm => rectangle(b),
        (shape, _) => shape.clone(),
    };
    let wants_mask = how.iou == IouType::Segm || result.bbox.is_none();
    let mask = if wants_mask && drawn != Segmentation::None { Some(mask(&drawn, picture)?) } else { None };
    let nothing = |what: &str| (Kind::NothingToCompare, format!("no {what}"));
    let bbox = result
        .bbox
        .or_else(|| {
            mask.as_ref().map(|mask| mask.bounds().unwrap_or(BoxPx { x: 0.0, y: 0.0, w: 0.0, h: 0.0 }))
        })
        .or_else(|| round(&result.keypoints))
        .ok_or_else(|| nothing("`bbox`, `segmentation` or `keypoints`"))?;
    #[expect(clippy::cast_precision_loss, reason = "pixel counts are far below 2^53")]
    let area = match (&result.bbox, &mask) {
        (None, Some(mask)) => mask.area() as f64,
        _ => bbox.area(),
    };
    let shape = match how.iou {
        IouType::Bbox => Shape::Box(bbox),
        IouType::Segm => Shape::Mask(mask.ok_or_else(|| nothing("`segmentation`"))?),
        IouType::Keypoints if result.keypoints.is_empty() => return Err(nothing("`keypoints`")),
        IouType::Keypoints => {
            Shape::Keypoints { bbox, points: counted(result.keypoints.clone(), how.keypoints)? }
        }
    };
    Ok(eval::Detection { class, shape, area, score: result.score })
}

fn mask(shape: &Segmentation, picture: &CocoPicture) -> Result<crate::geometry::Mask, Fault> {
    shape.mask(picture.size).map_err(|what| (Kind::BadSegmentation, what))
}

fn counted(points: Vec<f64>, keypoints: usize) -> Result<Vec<f64>, Fault> {
    if points.len() == keypoints * 3 {
        return Ok(points);
    }
    Err((Kind::BadKeypoints, format!("{} keypoints: expected {keypoints}", points.len() / 3)))
}

/// The box round keypoints, unlabelled ones included, as `COCO.loadRes` has it.
fn round(keypoints: &[f64]) -> Option<BoxPx> {
    let points = keypoints.chunks_exact(3).map(|p| BoxPx { x: p[0], y: p[1], w: 0.0, h: 0.0 });
    points.reduce(BoxPx::union)
}
