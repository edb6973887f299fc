//! A scene config as written. Every field but `stage` may be left out; the doc comments here are what editors
//! show (they become the schema's descriptions), and the `Default`s here are the defaults.
//!
//! Two conventions run through all of it: where there are several kinds of a thing, it is an object whose only
//! key names the kind (`{"shelf": {...}}`); and a part that can be switched off is off when it is `null`.

mod camera;
mod chain;
mod crib;
mod light;
mod number;
mod shelf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use camera::{BrownConrady, Camera, KannalaBrandt, Lens, Pinhole};
pub(super) use chain::{Chain, Defocus, Noise, Shake, Tone, WhiteBalance};
pub(super) use crib::{Crib, CribLight, Makes, Own, Scenarios, Views};
pub(super) use light::{Light, Presets};
pub(super) use number::{Choice, Normal, Number, Spread};
pub(super) use shelf::{Dressing, Fixtures, Mess, Shelf};

/// A scene that Diorama stages, photographs and labels, frame after frame. Only `stage` is required. Any numeric
/// field may be a constant or a distribution, drawn anew for each frame (or for each unit, where that is said).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a scene config: an object with the key `stage`")]
pub(super) struct Scene {
    /// Where the JSON Schema of this file is, for editors: `./scene.schema.json`.
    #[serde(default, rename = "$schema", skip_serializing)]
    pub(super) schema: Option<String>,
    /// Name of the scene, recorded in datasets; left out or null, it is the file's name without its ending.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// Seed of every random draw, unless the command line names another. 0 is a seed like any other.
    #[serde(default)]
    pub(super) seed: u64,
    /// A ready-made camera: what is left out of `image`, `sequence`, `camera` and `chain` comes from it.
    /// Set on the command line, it goes over what the file says there.
    #[serde(default)]
    pub(super) preset: Option<Preset>,
    /// The picture.
    #[serde(default)]
    pub(super) image: Image,
    /// Pictures that are written besides the photograph.
    #[serde(default)]
    pub(super) outputs: Outputs,
    /// Pictures of one world through time, as a film has them; null makes every frame a world of its own.
    #[serde(default)]
    pub(super) sequence: Option<Sequence>,
    /// Where the camera stands and how its lens draws. It looks at the stage's focus, the middle of what is to be
    /// seen, and orbits it.
    #[serde(default)]
    pub(super) camera: Camera,
    /// What the camera does to the light, stage by stage; null switches a stage off.
    #[serde(default)]
    pub(super) chain: Chain,
    /// Lamps, and light from all around.
    #[serde(default)]
    pub(super) light: Light,
    /// What is staged: an object whose only key names the kind of stage, `{"shelf": {}}`.
    pub(super) stage: Stage,
    /// What enters the COCO file. Can be changed later, without rendering again.
    #[serde(default)]
    pub(super) labels: Labels,
}

/// Ready-made cameras.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Preset {
    /// A cheap wide-angle camera on the shelf opposite: strong distortion, noise, heavy compression. It takes a picture a
    /// minute, which as a film has `fps` 0.0167.
    FixedShelfCam,
    /// In a hand: tilted, near, shaken, sometimes out of focus.
    Phone,
    /// A fisheye high in a corner.
    CornerCam,
    /// On a robot that drives along the aisle: films.
    Robot,
}

/// Films. Frame `k` of a dataset is picture `k mod frames` of film `k div frames`; whatever is drawn for each frame is
/// drawn for each film then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sequence {
    /// Pictures of a film.
    pub(super) frames: u32,
    /// Pictures a second.
    pub(super) fps: f64,
}

impl Default for Sequence {
    fn default() -> Self {
        Self { frames: 150, fps: 15.0 }
    }
}

/// Size of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Image {
    /// Columns, pixels.
    pub(super) width: u32,
    /// Rows, pixels.
    pub(super) height: u32,
}

impl Default for Image {
    fn default() -> Self {
        Self { width: 640, height: 640 }
    }
}

/// Pictures that are written besides the photograph; all are off unless switched on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(super) struct Outputs {
    /// 16-bit PNG of instance ids; 0 is nothing.
    pub(super) instance_ids: bool,
    /// 16-bit PNG of depth along the optical axis in millimetres; 0 where there is nothing.
    pub(super) depth_png: bool,
    /// Depth along the optical axis in metres as 32-bit float `OpenEXR`; infinite where there is nothing.
    pub(super) depth_exr: bool,
    /// 8-bit PNG of surface normals in the camera's frame, `(n + 1) / 2`.
    pub(super) normals: bool,
    /// 8-bit PNG of category ids.
    pub(super) semantic: bool,
    /// Of each frame of a sequence but its last: the motion of every pixel's surface point to the next frame, as
    /// Middlebury .flo and as KITTI's PNG, and a mask of the pixels that become hidden or leave.
    pub(super) flow: bool,
}

/// The world that is staged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one a file")]
pub(super) enum Stage {
    /// Retail shelves.
    Shelf(Shelf),
    /// A virtual infant in its crib.
    Crib(Crib),
}

/// What enters the COCO file. The truth records keep everything, whatever is set here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Labels {
    /// How products are divided into categories.
    pub(super) categories: Categories,
    /// Smallest share of an instance that is seen (mask over amodal mask).
    pub(super) min_visibility: f64,
    /// Fewest mask pixels.
    pub(super) min_area_px: u32,
    /// Shortest side of the box, pixels.
    pub(super) min_side_px: u32,
    /// Write what fails these limits with `iscrowd: 1`, so that evaluators ignore it, and do not leave it out.
    pub(super) ignore_as_crowd: bool,
    /// Classes that are written, besides products: of shelves `price_tag`, `shelf_edge`, `gap`, `case`, `arm`, none unless named here;
    /// of cribs `infant`, `head`, `face`, `crib`, `mattress`, `blanket`, `pillow`, `toy`, `bumper`, `cord`, `monitor`, all but
    /// `head` and `face` when none is named. Their masks overlap when one lies in another, as a face in an infant.
    pub(super) extra_classes: Vec<String>,
    /// Classes of a second COCO file of the same pictures, `annotations_parts.json`, for what lies in other labelled
    /// things; of cribs `infant`, `head` and `face` when no class at all is named.
    pub(super) part_classes: Vec<String>,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            categories: Categories::Product,
            min_visibility: 0.1,
            min_area_px: 16,
            min_side_px: 3,
            ignore_as_crowd: false,
            extra_classes: Vec::new(),
            part_classes: Vec::new(),
        }
    }
}

/// How products are divided into categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Categories {
    /// All are `product`.
    Product,
    /// By form: can, bottle ...
    Form,
    /// By department of the store.
    Department,
    /// By SKU: one category a product.
    Sku,
}
