//! What is true of a picture: plain records, exactly as they are stored.
//!
//! Field by field the meaning is fixed by docs/labels.md. Angles in degrees, lengths in metres,
//! boxes `[x, y, w, h]` in pixels, matrices row-major, camera frame `OpenCV`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::geometry::{BoxPx, Intrinsics, Rle};

mod person;

pub use person::{BONES, PERSON};

/// Everything about one frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameTruth {
    /// Frame number within the dataset; also `image_id` in COCO, plus one.
    pub frame: u64,
    /// Picture file, relative to `images/`.
    pub file_name: String,
    /// Which instant of which film it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipTruth>,
    /// The camera.
    pub camera: CameraTruth,
    /// Facts about the whole picture.
    pub facts: Map<String, Value>,
    /// Every instance, in order of id, hidden and virtual ones included.
    pub instances: Vec<InstanceTruth>,
    /// Licence lines of the assets it shows, sorted, each once.
    pub licences: Vec<String>,
}

/// An instant of a film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipTruth {
    /// Number of the film, from 1.
    pub video_id: u64,
    /// Number of the picture in the film, from 0.
    pub index: u32,
    /// Seconds since the film's first picture.
    pub time_s: f64,
    /// Pictures of the whole film.
    pub frames: u32,
    /// Pictures a second.
    pub fps: f64,
    /// What happens in the whole film.
    pub events: Vec<EventTruth>,
}

impl ClipTruth {
    /// The track of an instance: the same through its film, and no other film's.
    #[must_use]
    pub fn track_id(&self, instance_id: u32) -> u64 {
        (self.video_id - 1) * 65_536 + u64::from(instance_id)
    }
}

/// Something that happens in a film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventTruth {
    /// What: `startle`, `head_turn` ...
    pub name: String,
    /// First picture of it, counted in the film from 0.
    pub start: u32,
    /// Last picture of it.
    pub end: u32,
}

/// The camera as written to files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraTruth {
    /// Focal lengths, principal point, lens and size, pixels.
    pub intrinsics: Intrinsics,
    /// Rigid transform, 4 x 4, row-major.
    pub camera_from_world: [[f64; 4]; 4],
}

/// The part an instance plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleTruth {
    /// Drawn and labelled.
    Labelled,
    /// Never drawn; its box is a projection, its segmentation an outline.
    Virtual,
    /// Several drawn instances as one: its mask is the union of theirs. Their ids are its fact `parts`.
    Whole,
}

/// Everything about one labelled or virtual instance of one frame. Background instances have no record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceTruth {
    /// Number in its picture and in its id image, 1 to 65535.
    pub instance_id: u32,
    /// Entity path.
    pub path: String,
    /// What it is: `product`, `price_tag`, `gap` ...
    pub class: String,
    /// Its part in the labels.
    pub role: RoleTruth,
    /// Box of the mask (virtual: of the projection, inside the frame); `None` when nothing is visible.
    pub bbox: Option<BoxPx>,
    /// Number of mask pixels (virtual: area of the outline inside the frame).
    pub area: f64,
    /// The mask; `None` when empty, and for virtual instances.
    pub segmentation: Option<Rle>,
    /// Outline of a virtual instance inside the frame: x, y alternating.
    pub polygon: Option<Vec<f64>>,
    /// Box of the amodal mask, inside the frame; `None` when that mask is empty.
    pub bbox_amodal: Option<BoxPx>,
    /// Number of amodal mask pixels.
    pub area_amodal: f64,
    /// Box of the projection without the frame's edge; `None` when it is not in front of the camera.
    pub bbox_full: Option<BoxPx>,
    /// Mask area / amodal mask area; 0 when the amodal mask is empty.
    pub visibility: f64,
    /// Share of the projected area outside of the frame.
    pub truncation: f64,
    /// 8-connected components of the mask.
    pub pieces: u32,
    /// Ids of the instances that cover at least 1% of the amodal mask, nearest first.
    pub occluders: Vec<u32>,
    /// From the camera centre to the centre of the object's box, metres.
    pub distance_m: f64,
    /// Along the optical axis, median over the mask, metres; `None` when nothing is visible.
    pub depth_m: Option<f64>,
    /// Pose, 4 x 4, row-major; scale is not in it but in `size_m`.
    pub camera_from_object: [[f64; 4]; 4],
    /// Extents of the object's own box, metres.
    pub size_m: [f64; 3],
    /// Share of each probe group's points that are visible, as `front` to 0.8.
    pub probes: Map<String, Value>,
    /// COCO triples of the probe groups that are keypoints; empty when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keypoints: Vec<f64>,
    /// Facts of the stage: `sku`, `facing`, `yaw_deg` ...
    pub facts: Map<String, Value>,
}
