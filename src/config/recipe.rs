//! A scene config as meant: checked, with every default filled in. Nothing downstream checks it again.

mod crib;

use std::path::{Path, PathBuf};

use super::Dist;
use crate::geometry::Size;

pub use crib::{CribLight, CribMake, CribRecipe, CribView, OwnFiles};

/// Everything that a run needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Name of the scene, from the config or its file name.
    pub name: String,
    /// Seed used unless the command line names another.
    pub seed: u64,
    /// Picture size, pixels.
    pub image: Size,
    /// Further pictures per frame.
    pub outputs: Outputs,
    /// Films in place of single pictures.
    pub sequence: Option<SequenceRecipe>,
    /// Where the camera stands and how it looks.
    pub camera: CameraRecipe,
    /// What the camera does to light.
    pub chain: ChainRecipe,
    /// Light from all around and lamps.
    pub light: LightRecipe,
    /// The world that is staged.
    pub stage: Stage,
    /// What enters the COCO file.
    pub labels: LabelPolicy,
}

/// One world through time: frame `k` is picture `k % frames` of film `k / frames`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequenceRecipe {
    /// Pictures of a film.
    pub frames: u32,
    /// Pictures a second.
    pub fps: f64,
}

/// Optional picture outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Outputs {
    /// 16-bit PNG of instance ids.
    pub instance_ids: bool,
    /// 16-bit PNG of depth along the optical axis, millimetres, 0 where there is nothing.
    pub depth_png: bool,
    /// The same in metres, 32-bit float `OpenEXR`, infinite where there is nothing.
    pub depth_exr: bool,
    /// 8-bit PNG of camera-space normals, `(n + 1) / 2`.
    pub normals: bool,
    /// 8-bit PNG of category ids.
    pub semantic: bool,
    /// Motion of every pixel to the next frame of its sequence.
    pub flow: bool,
}

/// The camera orbits the point that the stage offers as its focus: the middle of what is to be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraRecipe {
    /// Horizontal field of view without distortion, degrees.
    pub fov_deg: Dist,
    /// From the focus, metres.
    pub distance_m: Dist,
    /// Sideways round the focus, degrees; 0 is straight in front, positive to the shopper's right.
    pub azimuth_deg: Dist,
    /// Above the focus, degrees; positive looks down.
    pub elevation_deg: Dist,
    /// Turn about the optical axis, degrees.
    pub roll_deg: Dist,
    /// Shift of the point looked at, metres along the stage's right and up.
    pub aim_right_m: Dist,
    /// See `aim_right_m`.
    pub aim_up_m: Dist,
    /// Along the stage, to its right, metres a second.
    pub travel_m_per_s: Dist,
    /// The lens.
    pub lens: LensRecipe,
}

/// Lens models with random coefficients.
#[derive(Clone, Debug, PartialEq)]
pub enum LensRecipe {
    /// No distortion.
    Pinhole,
    /// See [`crate::geometry::Lens::BrownConrady`].
    BrownConrady {
        /// Radial, r^2.
        k1: Dist,
        /// Radial, r^4.
        k2: Dist,
        /// Radial, r^6.
        k3: Dist,
        /// Tangential.
        p1: Dist,
        /// Tangential.
        p2: Dist,
    },
    /// See [`crate::geometry::Lens::KannalaBrandt`].
    KannalaBrandt {
        /// theta^3.
        k1: Dist,
        /// theta^5.
        k2: Dist,
        /// theta^7.
        k3: Dist,
        /// theta^9.
        k4: Dist,
    },
}

/// Stages of the camera chain; `None` is off.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainRecipe {
    /// Share of light lost in the corners.
    pub vignette: Option<Dist>,
    /// Lateral chromatic aberration, relative magnification.
    pub aberration: Option<Dist>,
    /// Blur at infinity, pixels; the focus lies on the stage's focus, off by `focus_error_m`.
    pub defocus: Option<DefocusRecipe>,
    /// Length of the shake, pixels; its direction is drawn.
    pub shake: Option<ShakeRecipe>,
    /// Exposure error, stops.
    pub exposure_ev: Option<Dist>,
    /// Error of the white balance: warm (positive) or cold, -1 to 1; and green to magenta.
    pub white_balance: Option<WhiteBalanceRecipe>,
    /// Sensor noise.
    pub noise: Option<NoiseRecipe>,
    /// Tone curve; `None` is plain sRGB.
    pub tone: Option<ToneRecipe>,
    /// Amount of sharpening.
    pub sharpen: Option<Dist>,
    /// JPEG quality, rounded; `None` writes PNG.
    pub jpeg_quality: Option<Dist>,
}

/// See [`ChainRecipe::defocus`].
#[derive(Clone, Debug, PartialEq)]
pub struct DefocusRecipe {
    /// Diameter of the blur of a point infinitely far away, pixels.
    pub blur_at_infinity_px: Dist,
    /// Error of the focus distance, metres.
    pub focus_error_m: Dist,
}

/// See [`ChainRecipe::shake`].
#[derive(Clone, Debug, PartialEq)]
pub struct ShakeRecipe {
    /// Length of the motion, pixels.
    pub length_px: Dist,
    /// Turn, degrees.
    pub turn_deg: Dist,
}

/// See [`ChainRecipe::white_balance`].
#[derive(Clone, Debug, PartialEq)]
pub struct WhiteBalanceRecipe {
    /// Warm (positive) to cold (negative), -1 to 1.
    pub warmth: Dist,
    /// Magenta (positive) to green (negative), -1 to 1.
    pub tint: Dist,
}

/// See [`ChainRecipe::noise`].
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseRecipe {
    /// Variance per unit of signal.
    pub shot: Dist,
    /// Standard deviation in the dark.
    pub read: Dist,
}

/// See [`ChainRecipe::tone`].
#[derive(Clone, Debug, PartialEq)]
pub struct ToneRecipe {
    /// Strength of the shoulder, 0 to 1.
    pub shoulder: Dist,
    /// Contrast about middle grey.
    pub contrast: Dist,
    /// Saturation.
    pub saturation: Dist,
}

/// Light of the place.
#[derive(Clone, Debug, PartialEq)]
pub struct LightRecipe {
    /// Kinds of lighting that may be drawn, with weights.
    pub presets: Vec<(LightPreset, f64)>,
    /// Colour temperature of the lamps, kelvin.
    pub temperature_k: Dist,
    /// Multiplies every lamp.
    pub brightness: Dist,
    /// Multiplies the light from all around.
    pub ambient: Dist,
    /// Number of shadow-casting lamps, rounded.
    pub shadow_lights: Dist,
    /// Share of tubes and panels that are dead.
    pub broken: Dist,
    /// How far the colour temperatures of neighbouring rows lie apart, kelvin.
    pub mixed_k: Dist,
    /// An equirectangular .hdr or .exr in place of the procedural store.
    pub environment: Option<PathBuf>,
}

/// Kinds of lighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LightPreset {
    /// Rows of fluorescent tubes along the aisle.
    Fluorescent,
    /// LED panels in the ceiling.
    LedPanels,
    /// Spots aimed at the shelf.
    Spots,
    /// Daylight from one side and dim lamps.
    Daylight,
    /// Upright strips of LEDs beside the goods and dim lamps above.
    CoolerLeds,
}

/// The world that is staged. A further stage is one more variant here and one more folder in `sample`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one a run")]
pub enum Stage {
    /// Retail shelves.
    Shelf(ShelfRecipe),
    /// A virtual infant in its crib.
    Crib(CribRecipe),
}

impl Stage {
    /// Folders of models, below the assets, that the stage is built from.
    #[must_use]
    pub fn folders(&self) -> &'static [&'static str] {
        match self {
            Self::Shelf(_) => &["forms", "fixtures", "shoppers"],
            Self::Crib(_) => &["infant", "adult", "fixtures"],
        }
    }

    /// The user's catalogue, and whether its mistakes are passed over; `None` for a generated one.
    #[must_use]
    pub fn catalogue(&self) -> Option<(&Path, bool)> {
        match self {
            Self::Shelf(shelf) => shelf.catalogue.as_deref().map(|path| (path, shelf.keep_going)),
            Self::Crib(_) => None,
        }
    }

    /// Models of the user's own.
    pub fn own_models(&self) -> impl Iterator<Item = &Path> {
        let own = match self {
            Self::Shelf(_) => [None, None],
            Self::Crib(crib) => [&crib.own.infant, &crib.own.crib].map(Option::as_deref),
        };
        own.into_iter().flatten()
    }

    /// Whether what it shows has the keypoints of a person.
    #[must_use]
    pub fn has_people(&self) -> bool {
        matches!(self, Self::Crib(_))
    }

    /// Products of the generated catalogue that it draws from.
    #[must_use]
    pub fn assortment(&self) -> u32 {
        match self {
            Self::Shelf(shelf) => shelf.assortment,
            Self::Crib(_) => 0,
        }
    }
}

/// Retail shelves.
#[derive(Clone, Debug, PartialEq)]
pub struct ShelfRecipe {
    /// Kinds of fixture that may be drawn, with weights.
    pub fixtures: Vec<(FixtureKind, f64)>,
    /// Bays side by side, rounded.
    pub bays: Dist,
    /// Width of a bay, metres.
    pub bay_width_m: Dist,
    /// Boards per bay, rounded, the lowest included.
    pub boards: Dist,
    /// Clear height between boards, metres; stretched where the tallest planned product needs more.
    pub board_gap_m: Dist,
    /// Depth of the boards, metres.
    pub depth_m: Dist,
    /// Number of different products of the assortment to draw from (generated catalogue).
    pub assortment: u32,
    /// A user's catalogue in place of the generated one.
    pub catalogue: Option<PathBuf>,
    /// Whether products of that catalogue that have mistakes are left out rather than refused.
    pub keep_going: bool,
    /// A user's planogram in place of drawn plans.
    pub planogram: Option<PathBuf>,
    /// Departments to draw from, all when empty; a bay shows goods of one.
    pub departments: Vec<String>,
    /// Forms to draw from, all when empty.
    pub forms: Vec<String>,
    /// Facings per product, rounded.
    pub facings: Dist,
    /// Share of the board's depth that is filled with rows, 0 to 1.
    pub row_fill: Dist,
    /// Most rows in depth, rounded.
    pub max_rows: Dist,
    /// Free width between facings, metres.
    pub spacing_m: Dist,
    /// Distance of the front row from the board's edge, metres.
    pub setback_m: Dist,
    /// Turn of each unit about the vertical, degrees.
    pub yaw_jitter_deg: Dist,
    /// What the shop adds.
    pub dressing: DressingRecipe,
    /// What shoppers did.
    pub mess: MessRecipe,
    /// Price tags per facing block, 0 to 1.
    pub tag_share: Dist,
    /// Most products in a picture's scene; a plan that reaches it stops there.
    pub max_products: u32,
    /// Whether products are placed by plan; `false` strews them over the boards at random (for ablations).
    pub planned: bool,
}

/// What goods stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixtureKind {
    /// A free-standing gondola.
    Gondola,
    /// Shelves along a wall.
    Wall,
    /// One bay with a sign, free on both sides.
    EndCap,
    /// Hooks on which goods hang.
    Pegboard,
    /// An open chiller.
    OpenChiller,
    /// A cooler with glass doors.
    Cooler,
    /// A chest, open above.
    Freezer,
    /// Goods on pallets.
    Pallet,
    /// Goods poured into baskets of wire.
    WireBasket,
}

/// What the shop adds to boards and goods: shares and probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct DressingRecipe {
    /// Rails with a printed strip.
    pub strips: Dist,
    /// A fixture's boards have clear lips.
    pub lips: Dist,
    /// Blocks of facings in cardboard trays.
    pub trays: Dist,
    /// Borders between blocks with a divider.
    pub dividers: Dist,
    /// Blocks with a card that stands out from the rail.
    pub wobblers: Dist,
    /// Shipping cases stand on top.
    pub cases: Dist,
}

/// Probabilities of what happens to a tidy shelf.
#[derive(Clone, Debug, PartialEq)]
pub struct MessRecipe {
    /// A facing is sold out.
    pub sold_out: Dist,
    /// A facing's front rows are gone.
    pub depleted: Dist,
    /// A unit was pushed back.
    pub pushed_back: Dist,
    /// A unit is turned by any angle.
    pub turned: Dist,
    /// A unit of another product stands in a facing.
    pub misplaced: Dist,
    /// A unit lies.
    pub lying: Dist,
    /// A unit stands upside down.
    pub upside_down: Dist,
    /// A front unit leans back.
    pub leaning: Dist,
    /// A shopper's arm reaches into the frame.
    pub arm: Dist,
    /// A basket was forgotten before the fixture.
    pub basket: Dist,
    /// Other people in the aisle: how many.
    pub shoppers: Dist,
}

/// What enters a COCO file; decided after rendering, and again whenever one likes.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelPolicy {
    /// Which categories.
    pub categories: CategorySet,
    /// Smallest visibility of an annotation.
    pub min_visibility: f64,
    /// Fewest mask pixels of an annotation.
    pub min_area_px: u32,
    /// Shortest box side of an annotation, pixels.
    pub min_side_px: u32,
    /// What fails these limits is written with `iscrowd: 1` (evaluators ignore it), not left out.
    pub ignore_as_crowd: bool,
    /// Classes besides products that are written: `price_tag`, `shelf_edge`, `gap` ...
    pub extra_classes: Vec<String>,
    /// Classes of `annotations_parts.json`, whose masks may lie in each other: `infant`, `head`, `face` ...
    pub part_classes: Vec<String>,
}

/// How products are divided into categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategorySet {
    /// All are `product`.
    Product,
    /// By form.
    Form,
    /// By department.
    Department,
    /// By SKU.
    Sku,
}
