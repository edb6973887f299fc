//! The models that a shop is put together from, looked up once by name.

use super::{SampleError, forms, list};
use crate::scene::{Library, MaterialId, ModelId};

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident = $name:literal),* $(,)?) => {
        /// A part of a shop; its model is called by its name in lower case with underscores.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Part {
            $($(#[$doc])* $part),*
        }

        /// Names of the models, in the order of [`Part`].
        pub(super) const NAMES: &[&str] = &[$($name),*];
    };
}

parts! {
    ShelfBoard = "shelf_board",
    ShelfEdge = "shelf_edge",
    EdgeWood = "shelf_edge_wood",
    EdgeStripes = "shelf_edge_stripes",
    EdgeDots = "shelf_edge_dots",
    EdgeLeaves = "shelf_edge_leaves",
    EdgeCheck = "shelf_edge_check",
    PriceTag = "price_tag",
    Wobbler = "wobbler",
    Upright = "upright",
    BackPanel = "back_panel",
    BaseKick = "base_kick",
    SidePanel = "side_panel",
    FloorTile = "floor_tile",
    Ceiling = "ceiling",
    Wall = "wall",
    /// Painted metal or plastic: a cube to be scaled, as all the panels.
    Plain = "plain_panel",
    /// Clear plastic.
    Clear = "clear_panel",
    /// Glass of doors.
    Glass = "glass_panel",
    Chrome = "chrome_panel",
    /// Shines.
    Glow = "glow_panel",
    Card = "card_panel",
    Wood = "wood_panel",
    CaseBrown = "case_brown",
    CaseWhite = "case_white",
    /// A case whose front takes label art.
    CasePrinted = "case_printed",
    Rod = "rod",
    LampRow = "lamp_row",
    LampPanel = "lamp_panel",
    LampSpot = "lamp_spot",
    ArmHand = "arm_hand",
    ArmSleeve = "arm_sleeve",
    FacadeA = "facade_a",
    FacadeB = "facade_b",
    /// Somebody far off, as the three that follow.
    ShopperLooks = "shopper_looks",
    ShopperWalks = "shopper_walks",
    ShopperReaches = "shopper_reaches",
    ShopperReads = "shopper_reads",
    /// Condensation on a pane.
    Mist = "haze_mist",
    /// Marks of hands and cloths.
    Smears = "haze_smears",
    /// Rime on a cold wall.
    Frost = "haze_frost",
}

impl Part {
    /// Name of its model.
    pub(super) fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

const SHOPPERS: [Part; 4] =
    [Part::ShopperLooks, Part::ShopperWalks, Part::ShopperReaches, Part::ShopperReads];
/// What of a shopper has a colour of its own, by the names of its materials.
pub(super) const WORN: [&str; 5] = ["skin", "hair", "shirt", "trousers", "shoes"];

/// All parts, found.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    models: Vec<ModelId>,
    /// The material of price tags that shows their print.
    pub(super) tag: MaterialId,
    /// The same of cards that stand out from a rail.
    pub(super) wobbler: MaterialId,
    /// The front of a printed case.
    pub(super) case: MaterialId,
    /// Materials of condensation, smears and frost.
    pub(super) haze: [MaterialId; 3],
    /// People who can be far off in a store.
    pub(super) shoppers: Vec<Shopper>,
}

/// What must be known of a shopper to place and dress it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shopper {
    pub(super) model: ModelId,
    /// Skin, hair, shirt, trousers, shoes.
    pub(super) worn: [MaterialId; WORN.len()],
    /// Height of its soles above the model's origin, metres.
    pub(super) sole_y: f32,
}

impl Parts {
    pub(super) fn find(library: &Library) -> Result<Self, SampleError> {
        let model = |name: &'static str| {
            library
                .find(name)
                .ok_or_else(|| SampleError::MissingModel { name, present: list(library.names()) })
        };
        let models = NAMES.iter().map(|name| model(name)).collect::<Result<Vec<_>, _>>()?;
        let print = |part: Part, material: &str| {
            let id = models[part as usize];
            forms::material(library, id, material).ok_or_else(|| SampleError::MissingMaterial {
                model: part.name().to_owned(),
                source_file: library.model(id).source.clone(),
                material: material.to_owned(),
            })
        };
        let mut shoppers = Vec::with_capacity(SHOPPERS.len());
        for part in SHOPPERS {
            let mut worn = [MaterialId(0); WORN.len()];
            for (material, name) in worn.iter_mut().zip(WORN) {
                *material = print(part, name)?;
            }
            let model = models[part as usize];
            shoppers.push(Shopper { model, worn, sole_y: library.model(model).bounds.min.y });
        }
        Ok(Self {
            haze: [print(Part::Mist, "mist")?, print(Part::Smears, "smears")?, print(Part::Frost, "frost")?],
            shoppers,
            tag: print(Part::PriceTag, "tag")?,
            wobbler: print(Part::Wobbler, "tag")?,
            case: print(Part::CasePrinted, "label")?,
            models,
        })
    }

    pub(super) fn model(&self, part: Part) -> ModelId {
        self.models[part as usize]
    }
}
