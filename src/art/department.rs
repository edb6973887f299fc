//! What a shop sells where: departments, their goods and the flavours those come in.

use super::layout::Layout;

/// One variety of a good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flavour {
    pub(super) name: &'static str,
    /// Illustration, a name that `motif` knows.
    pub(super) motif: &'static str,
    /// What it looks like, sRGB.
    pub(super) colour: u32,
}

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

const fn f(name: &'static str, motif: &'static str, colour: u32) -> Flavour {
    Flavour { name, motif, colour }
}

const fn g(name: &'static str, forms: &'static [&'static str], flavours: &'static [Flavour]) -> Good {
    Good { name, forms, flavours }
}

const FRUIT: &[Flavour] = &[
    f("Strawberry", "strawberry", 0xd8_2a3c),
    f("Orange", "orange", 0xf5_8a1f),
    f("Lemon", "lemon", 0xf4_d52c),
    f("Apple", "apple", 0x7f_b83a),
    f("Cherry", "cherry", 0xa8_1530),
    f("Blueberry", "blueberry", 0x45_4fa0),
    f("Peach", "peach", 0xf7_a673),
    f("Grape", "grape", 0x6d_2f7d),
    f("Pear", "pear", 0xb5_c045),
    f("Coconut", "coconut", 0xe9_e2d0),
    f("Raspberry", "blueberry", 0xcf_1f5c),
    f("Lime & Mint", "leaf", 0x5c_b54a),
];
const SODA: &[Flavour] = &[
    f("Original", "bubbles", 0x4a_1d12),
    f("Zero", "ice", 0x22_2226),
    f("Orange", "orange", 0xf5_8a1f),
    f("Lemon", "lemon", 0xf0_e04a),
    f("Cherry", "cherry", 0xa8_1530),
    f("Lime", "leaf", 0x5c_b54a),
    f("Tropical", "sun", 0xf6_b02c),
    f("Grapefruit", "orange", 0xee_6a68),
];
const WATER: &[Flavour] = &[
    f("Still", "mountain", 0x6f_b8e0),
    f("Sparkling", "bubbles", 0x2a_86c9),
    f("Gentle", "drop", 0x7c_cfc6),
    f("Lemon", "lemon", 0xf0_e04a),
];
const BEER: &[Flavour] = &[
    f("Pilsner", "wheat", 0xe3_b23c),
    f("Amber", "wheat", 0xb0_6523),
    f("Dark", "mountain", 0x3a_1e12),
    f("Wheat", "wheat", 0xee_c96a),
    f("0.0%", "leaf", 0x4c_8bc0),
];
const SALTY: &[Flavour] = &[
    f("Sea Salt", "crisps", 0x2d_7fc1),
    f("Paprika", "chilli", 0xd3_3a1f),
    f("Sour Cream", "crisps", 0x54_a552),
    f("Chilli", "flame", 0x9e_1b1b),
    f("Cheese", "cheese", 0xf2_b022),
    f("Rosemary", "leaf", 0x4d_7a4a),
    f("Smoked", "flame", 0x6b_3b21),
];
const CEREAL: &[Flavour] = &[
    f("Honey", "honey", 0xe9_a01f),
    f("Choco", "cookie", 0x5b_3119),
    f("Classic", "wheat", 0xd9_a85a),
    f("Red Fruit", "strawberry", 0xd8_2a3c),
    f("Nuts", "nut", 0xa6_6b35),
    f("Apple", "apple", 0x8f_b83a),
    f("Bowl", "bowl", 0x3f_8fc6),
];
const VEG: &[Flavour] = &[
    f("Tomatoes", "tomato", 0xd6_2f22),
    f("Sweetcorn", "corn", 0xf6_c62f),
    f("Peas", "peas", 0x5f_a03a),
    f("Carrots", "carrot", 0xf0_7d22),
    f("Mushrooms", "mushroom", 0xb3_9274),
    f("Olives", "olive", 0x6b_7a2f),
    f("Beans", "peas", 0xa8_4a32),
];
const FISH: &[Flavour] = &[
    f("in Brine", "fish", 0x2a_78a8),
    f("in Olive Oil", "olive", 0x8a_8f2a),
    f("in Tomato", "tomato", 0xcf_3a26),
    f("Lemon", "lemon", 0xf0_d53a),
];
const SAUCE: &[Flavour] = &[
    f("Basilico", "leaf", 0x3c_8a3c),
    f("Arrabbiata", "chilli", 0xc9_241b),
    f("Classica", "tomato", 0xd6_3a22),
    f("Olive", "olive", 0x6b_7a2f),
    f("Funghi", "mushroom", 0x8f_6d4f),
    f("Formaggi", "cheese", 0xf0_b93a),
];
const SHAPES: &[Flavour] = &[
    f("Farfalle", "farfalle", 0x1d_5fa8),
    f("Penne", "penne", 0xc8_2a2a),
    f("Spaghetti", "spaghetti", 0x2d_7a45),
    f("Integrale", "wheat", 0x8a_5a2b),
];
const PLAIN_DAIRY: &[Flavour] = &[
    f("Whole", "milk", 0x1f_5fae),
    f("Semi", "milk", 0x4f_a64a),
    f("Skimmed", "drop", 0xd2_3b3b),
    f("Organic", "leaf", 0x6c_8f2e),
    f("Oat", "wheat", 0xc9_9a55),
    f("Almond", "nut", 0xb9_8a5c),
];
const SPREAD: &[Flavour] = &[
    f("Salted", "flower", 0xe8_c13a),
    f("Light", "leaf", 0x7f_b84a),
    f("Original", "sun", 0xf2_b82e),
    f("Olive", "olive", 0x76_8a34),
];
const SCENT: &[Flavour] = &[
    f("Lavender", "lavender", 0x8a_6cc2),
    f("Citrus", "lemon", 0xf2_cf2a),
    f("Ocean", "wave", 0x2288c8),
    f("Aloe", "leaf", 0x5f_b071),
    f("Sensitive", "drop", 0xa9_c7e0),
    f("Blossom", "flower", 0xe6_7aa8),
    f("Power", "sparkle", 0xe4_3a2e),
    f("Pure", "sparkle", 0x34_b3a8),
];
const CARE: &[Flavour] = &[
    f("Repair", "drop", 0xd1_a05a),
    f("Moisture", "wave", 0x3f_9fcf),
    f("Camomile", "flower", 0xf0_cf62),
    f("Mint", "leaf", 0x57_b89a),
    f("Volume", "bubbles", 0xc2_6aa8),
    f("Argan", "nut", 0xb8_7c3a),
    f("Coconut", "coconut", 0xe4_d8c2),
    f("Care", "heart", 0xe0_708a),
];
const TEETH: &[Flavour] =
    &[f("Fresh Mint", "leaf", 0x2f_a884), f("White", "tooth", 0x3a_86d0), f("Gums", "shield", 0xd2_4a5a)];
const SWEET: &[Flavour] = &[
    f("Milk", "chocolate", 0x7a_4a2a),
    f("Dark 70%", "chocolate", 0x33_1a10),
    f("Hazelnut", "nut", 0xa5_6a32),
    f("Caramel", "candy", 0xd0_8a2f),
    f("Strawberry", "strawberry", 0xd8_2a3c),
    f("Orange", "orange", 0xf0_8424),
    f("Mint", "leaf", 0x3f_a57a),
    f("White", "star", 0xf0_e2b8),
];
const GUMMY: &[Flavour] = &[
    f("Fruit Mix", "candy", 0xe5_3a6a),
    f("Sour", "lemon", 0xb6_d62f),
    f("Cherry", "cherry", 0xc0_1a38),
    f("Stars", "star", 0xf6_b21f),
    f("Cola", "bubbles", 0x5a_2a1a),
];
const COFFEE: &[Flavour] = &[
    f("Espresso", "cup", 0x3a_1d10),
    f("Crema", "beans", 0x8a_5a34),
    f("Decaf", "beans", 0x3f_7fb0),
    f("Mild", "sun", 0xd0_9a3e),
    f("Forte", "flame", 0xa1_2420),
];
const TEA: &[Flavour] = &[
    f("Green", "leaf", 0x6a_a03e),
    f("Black", "cup", 0x5a_2a18),
    f("Camomile", "flower", 0xf0_cf52),
    f("Peppermint", "leaf", 0x2f_9470),
    f("Forest Fruit", "blueberry", 0x8a_2458),
    f("Lemon Ginger", "lemon", 0xe9_c23a),
];
const BABY: &[Flavour] = &[
    f("Apple", "apple", 0x8f_c04a),
    f("Carrot", "carrot", 0xf2_8a30),
    f("Pear", "pear", 0xb9_c64e),
    f("Banana", "sun", 0xf6_d24a),
    f("Sweet Dreams", "star", 0x7f_8fd0),
    f("Gentle", "heart", 0xf0_9ab0),
];
const PET: &[Flavour] = &[
    f("Beef", "bone", 0xa8_3a2a),
    f("Salmon", "fish", 0xee_8060),
    f("Chicken", "paw", 0xe0_a83a),
    f("Lamb", "bone", 0x5f_7a3a),
    f("Junior", "paw", 0x2f_9ac0),
    f("Light", "leaf", 0x6faa4c),
];
const PAPER: &[Flavour] = &[
    f("Soft", "flower", 0xe6_8ab0),
    f("Strong", "shield", 0x2a_62a8),
    f("Family", "heart", 0xe0_4f5a),
    f("Natural", "leaf", 0x7a_9a4a),
];
const EGGS: &[Flavour] =
    &[f("Free Range", "egg", 0xd8_9a3a), f("Organic", "leaf", 0x5a_9440), f("Barn", "egg", 0xb0_6a3a)];

use Layout as L;

/// Every department.
pub(super) const DEPARTMENTS: [Department; 12] = [
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
];

/// The department called `name`. A form may name one that no goods are known for: it gets those of the
/// department that sounds most like it.
pub(super) fn department(name: &str) -> &'static Department {
    DEPARTMENTS.iter().find(|d| d.name == name).unwrap_or_else(|| {
        let known = [
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
