//! What a shop sells where: departments and their goods.

use super::{
    flavour::{
        BABY, BEER, CARE, CEREAL, COFFEE, EGGS, FISH, FRIES, FROZEN_FISH, FROZEN_VEG, FRUIT, Flavour, GUMMY,
        ICE_CREAM, PAPER, PET, PIZZA, PLAIN_DAIRY, SALTY, SAUCE, SCENT, SHAPES, SODA, SPREAD, SWEET, TEA,
        TEETH, VEG, WATER,
    },
    layout::Layout,
};

/// A kind of goods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Good {
    pub(super) name: &'static str,
    /// Parts of the names of forms that it comes in; empty when any will do.
    pub(super) forms: &'static [&'static str],
    pub(super) flavours: &'static [Flavour],
}

/// A store department.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Department {
    pub(super) name: &'static str,
    pub(super) goods: &'static [Good],
    /// Layouts that its designers like.
    pub(super) layouts: &'static [Layout],
    /// Price of half a litre's volume, cents, low and high.
    pub(super) cents: [u32; 2],
    /// Whether the amount is told in millilitres rather than grams.
    pub(super) liquid: bool,
}

const fn g(name: &'static str, forms: &'static [&'static str], flavours: &'static [Flavour]) -> Good {
    Good { name, forms, flavours }
}

use Layout as L;

/// Every department.
pub(super) const DEPARTMENTS: [Department; 13] = [
    Department {
        name: "drinks",
        goods: &[
            g("Cola", &["can", "bottle", "pet", "multipack"], SODA),
            g("Soda", &["can", "bottle", "pet", "multipack"], SODA),
            g("Energy", &["can"], SODA),
            g("Beer", &["can", "glass", "multipack"], BEER),
            g("Water", &["bottle", "pet", "multipack"], WATER),
            g("Iced Tea", &["can", "bottle", "pet", "carton"], FRUIT),
            g("Juice", &["carton", "bottle", "pet", "gable", "brick", "glass", "pouch"], FRUIT),
            g("Nectar", &["carton", "brick", "gable"], FRUIT),
        ],
        layouts: &[
            L::Diagonal,
            L::Wave,
            L::Glow,
            L::Vertical,
            L::BigType,
            L::Burst,
            L::Medallion,
            L::Retro,
            L::Bands,
            L::Script,
            L::Landscape,
            L::Minimal,
            L::Blocks,
            L::Heritage,
            L::Value,
            L::Chevron,
            L::Poster,
        ],
        cents: [59, 240],
        liquid: true,
    },
    Department {
        name: "snacks",
        goods: &[
            g("Crisps", &["bag", "tube", "can", "pouch", "box"], SALTY),
            g("Tortilla", &["bag", "pouch"], SALTY),
            g("Crackers", &["box", "bag", "carton"], SALTY),
            g("Nut Mix", &["bag", "pouch", "can", "jar", "tin"], SALTY),
            g("Pretzels", &[], SALTY),
        ],
        layouts: &[
            L::Diagonal,
            L::Burst,
            L::Kids,
            L::Retro,
            L::Glow,
            L::Window,
            L::Ribbon,
            L::Value,
            L::BigType,
            L::Script,
            L::Poster,
            L::Chevron,
            L::Split,
        ],
        cents: [99, 310],
        liquid: false,
    },
    Department {
        name: "breakfast",
        goods: &[
            g("Flakes", &["box", "pouch", "bag"], CEREAL),
            g("Muesli", &["box", "pouch", "bag"], CEREAL),
            g("Crunchy Rings", &["box"], CEREAL),
            g("Oats", &[], CEREAL),
            g("Jam", &["jar", "glass"], FRUIT),
        ],
        layouts: &[
            L::Kids,
            L::Landscape,
            L::Burst,
            L::Script,
            L::Window,
            L::Bands,
            L::Value,
            L::Split,
            L::Ribbon,
            L::Diagonal,
            L::Checker,
            L::Poster,
            L::Wave,
        ],
        cents: [120, 420],
        liquid: false,
    },
    Department {
        name: "canned",
        goods: &[
            g("Garden Pick", &[], VEG),
            g("Chopped", &["tin", "can", "carton"], VEG),
            g("Tuna", &["tin", "can"], FISH),
            g("Sardines", &["tin", "can", "flat"], FISH),
            g("Soup", &[], VEG),
        ],
        layouts: &[
            L::Bands,
            L::Medallion,
            L::Heritage,
            L::Retro,
            L::Value,
            L::Ribbon,
            L::Landscape,
            L::Checker,
            L::Window,
            L::Script,
            L::Blocks,
            L::Pattern,
        ],
        cents: [89, 290],
        liquid: false,
    },
    Department {
        name: "pasta_sauces",
        goods: &[
            g("Sugo", &["jar", "glass", "tin", "can", "carton", "bottle"], SAUCE),
            g("Pesto", &["jar", "glass", "cup"], SAUCE),
            g("Ketchup", &["bottle", "tube"], SAUCE),
            g("Pasta", &["box", "bag", "pouch"], SHAPES),
            g("Passata", &[], SAUCE),
        ],
        layouts: &[
            L::Checker,
            L::Script,
            L::Medallion,
            L::Heritage,
            L::Window,
            L::Bands,
            L::Ribbon,
            L::Retro,
            L::Landscape,
            L::Minimal,
            L::Value,
            L::Pattern,
            L::Split,
        ],
        cents: [110, 380],
        liquid: false,
    },
    Department {
        name: "dairy",
        goods: &[
            g("Milk", &["carton", "bottle", "gable", "brick", "jug"], PLAIN_DAIRY),
            g("Yoghurt", &["cup", "tub", "bottle"], FRUIT),
            g("Skyr", &["cup", "tub"], FRUIT),
            g("Spread", &["tub", "margarine"], SPREAD),
            g("Eggs", &["egg"], EGGS),
            g("Pudding", &["cup", "tub", "pouch"], SWEET),
            g("Kefir", &[], PLAIN_DAIRY),
        ],
        layouts: &[
            L::Wave,
            L::Landscape,
            L::Minimal,
            L::Blocks,
            L::Script,
            L::Split,
            L::Bands,
            L::Botanical,
            L::Value,
            L::Medallion,
            L::BigType,
            L::Pattern,
            L::Frame,
        ],
        cents: [79, 260],
        liquid: true,
    },
    Department {
        name: "household",
        goods: &[
            g("Detergent", &["jug", "bottle", "box", "pouch", "carton"], SCENT),
            g("Wash-up", &["bottle"], SCENT),
            g("Glass Spray", &["spray"], SCENT),
            g("Multi Clean", &["spray", "bottle", "jug"], SCENT),
            g("Softener", &["bottle", "jug", "pouch"], SCENT),
            g("Soft Tissue", &["roll", "paper", "box", "pack"], PAPER),
            g("Tabs", &[], SCENT),
        ],
        layouts: &[
            L::Burst,
            L::Tech,
            L::Diagonal,
            L::Wave,
            L::Value,
            L::Chevron,
            L::Glow,
            L::Clinical,
            L::Blocks,
            L::Botanical,
            L::Poster,
        ],
        cents: [120, 420],
        liquid: true,
    },
    Department {
        name: "personal_care",
        goods: &[
            g("Shampoo", &["bottle", "tube"], CARE),
            g("Shower Gel", &["bottle", "tube"], CARE),
            g("Hand Cream", &["tube", "tub", "jar"], CARE),
            g("Toothpaste", &["tube", "box"], TEETH),
            g("Lotion", &[], CARE),
            g("Soap", &["box", "bottle", "pack"], SCENT),
        ],
        layouts: &[
            L::Minimal,
            L::Botanical,
            L::Clinical,
            L::Tech,
            L::Wave,
            L::Vertical,
            L::Frame,
            L::Split,
            L::Glow,
            L::BigType,
            L::Blocks,
            L::Chevron,
        ],
        cents: [190, 790],
        liquid: true,
    },
    Department {
        name: "sweets",
        goods: &[
            g("Chocolate", &[], SWEET),
            g("Cookies", &["box", "bag", "tube", "pack"], SWEET),
            g("Gummies", &["bag", "pouch", "tub", "box"], GUMMY),
            g("Pralines", &["box", "tin"], SWEET),
            g("Hazel Cream", &["jar", "glass", "tub"], SWEET),
            g("Honey", &["jar", "glass", "bottle"], CEREAL),
        ],
        layouts: &[
            L::Script,
            L::Kids,
            L::Ribbon,
            L::Glow,
            L::Pattern,
            L::Heritage,
            L::Frame,
            L::BigType,
            L::Retro,
            L::Window,
            L::Medallion,
            L::Value,
            L::Poster,
        ],
        cents: [129, 520],
        liquid: false,
    },
    Department {
        name: "coffee_tea",
        goods: &[
            g("Coffee", &["bag", "pouch", "jar", "tin", "can", "box", "glass"], COFFEE),
            g("Caffè", &["bag", "pouch", "tin", "can", "cup"], COFFEE),
            g("Tea", &["box", "tin", "bag", "carton"], TEA),
            g("Infusion", &["box", "tin"], TEA),
            g("Cocoa", &[], SWEET),
        ],
        layouts: &[
            L::Heritage,
            L::Frame,
            L::Minimal,
            L::Botanical,
            L::Glow,
            L::Medallion,
            L::Pattern,
            L::Vertical,
            L::Landscape,
            L::Script,
            L::Split,
            L::Blocks,
        ],
        cents: [260, 890],
        liquid: false,
    },
    Department {
        name: "baby",
        goods: &[
            g("Baby Purée", &["jar", "glass", "pouch", "cup"], BABY),
            g("Baby Porridge", &["box", "tin", "can", "pouch"], BABY),
            g("Follow-on Milk", &["box", "tin", "can", "carton"], BABY),
            g("Baby Bath", &["bottle", "tube"], CARE),
            g("Wipes", &[], BABY),
        ],
        layouts: &[
            L::Pattern,
            L::Clinical,
            L::Wave,
            L::Kids,
            L::Landscape,
            L::Split,
            L::Botanical,
            L::Bands,
            L::Blocks,
            L::Minimal,
        ],
        cents: [150, 620],
        liquid: false,
    },
    Department {
        name: "pet",
        goods: &[
            g("Chunks", &["tin", "can", "pouch", "cup"], PET),
            g("Dinner", &["tin", "can", "pouch", "tub"], PET),
            g("Kibble", &["bag", "box", "pouch"], PET),
            g("Treats", &[], PET),
        ],
        layouts: &[
            L::Diagonal,
            L::Glow,
            L::Bands,
            L::Split,
            L::Value,
            L::Burst,
            L::Poster,
            L::Blocks,
            L::Medallion,
            L::Wave,
            L::Ribbon,
            L::Chevron,
        ],
        cents: [79, 330],
        liquid: false,
    },
    Department {
        name: "frozen",
        goods: &[
            g("Pizza", &["pizza_box"], PIZZA),
            g("Frozen", &["frozen_bag"], FROZEN_VEG),
            g("Fries", &["frozen_bag"], FRIES),
            g("Berries", &["frozen_bag"], FRUIT),
            g("Fish Fingers", &["small_box"], FROZEN_FISH),
            g("Creamed Veg", &["small_box"], FROZEN_VEG),
            g("Ice Sticks", &["small_box"], ICE_CREAM),
            g("Ice Cream", &["ice_cup", "tub"], ICE_CREAM),
            g("Sorbet", &["ice_cup", "tub"], FRUIT),
            g("Ready Meal", &[], FROZEN_VEG),
        ],
        layouts: &[
            L::Landscape,
            L::Window,
            L::Burst,
            L::Script,
            L::Value,
            L::Diagonal,
            L::Glow,
            L::Poster,
            L::Ribbon,
            L::Wave,
            L::Bands,
            L::Heritage,
            L::Kids,
        ],
        cents: [110, 360],
        liquid: false,
    },
];

/// The department called `name`. A form may name one that no goods are known for: it gets those of the
/// department that sounds most like it.
pub(super) fn department(name: &str) -> &'static Department {
    DEPARTMENTS.iter().find(|d| d.name == name).unwrap_or_else(|| {
        // Frozen fish is sold with what is frozen, not with fish.
        let known = [
            ("froz", 12),
            ("bever", 0),
            ("soft", 0),
            ("water", 0),
            ("beer", 0),
            ("wine", 0),
            ("alcohol", 0),
            ("juice", 0),
            ("crisp", 1),
            ("cereal", 2),
            ("bak", 2),
            ("veg", 3),
            ("fish", 3),
            ("soup", 3),
            ("pasta", 4),
            ("sauce", 4),
            ("condiment", 4),
            ("cool", 5),
            ("chill", 5),
            ("egg", 5),
            ("clean", 6),
            ("laundry", 6),
            ("paper", 6),
            ("hygiene", 7),
            ("beauty", 7),
            ("cosmetic", 7),
            ("care", 7),
            ("choc", 8),
            ("candy", 8),
            ("confect", 8),
            ("coffee", 9),
            ("tea", 9),
        ];
        let place = known.iter().find(|(part, _)| name.contains(part)).map_or(3, |(_, place)| *place);
        &DEPARTMENTS[place]
    })
}

impl Department {
    /// The goods that come in `form`; those for any form when none does by name.
    pub(super) fn goods_for(&self, form: &str) -> Vec<&'static Good> {
        let goods: &'static [Good] = self.goods;
        let fits = |good: &&'static Good| good.forms.iter().any(|part| form.contains(part));
        let mut list: Vec<_> = goods.iter().filter(fits).collect();
        if list.is_empty() {
            list = goods.iter().filter(|good| good.forms.is_empty()).collect();
        }
        if list.is_empty() { goods.iter().collect() } else { list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_that_is_not_known_gets_the_goods_of_the_one_it_sounds_like() {
        let like = |name: &str| department(name).name;
        assert!(DEPARTMENTS.iter().all(|known| like(known.name) == known.name));
        assert_eq!((like("frozen_fish"), like("deep_frozen")), ("frozen", "frozen"));
        assert_eq!(like("baking_goods"), DEPARTMENTS[2].name);
        // Words that hold `ice` are not ice.
        assert!(["spices", "rice", "juices", "licorice"].iter().all(|name| like(name) != "frozen"));
    }
}
