//! The varieties that goods come in.

/// One variety of a good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flavour {
    pub(super) name: &'static str,
    /// Illustration, a name that `motif` knows.
    pub(super) motif: &'static str,
    /// What it looks like, sRGB.
    pub(super) colour: u32,
}

const fn f(name: &'static str, motif: &'static str, colour: u32) -> Flavour {
    Flavour { name, motif, colour }
}

pub(super) const FRUIT: &[Flavour] = &[
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
pub(super) const SODA: &[Flavour] = &[
    f("Original", "bubbles", 0x4a_1d12),
    f("Zero", "ice", 0x22_2226),
    f("Orange", "orange", 0xf5_8a1f),
    f("Lemon", "lemon", 0xf0_e04a),
    f("Cherry", "cherry", 0xa8_1530),
    f("Lime", "leaf", 0x5c_b54a),
    f("Tropical", "sun", 0xf6_b02c),
    f("Grapefruit", "orange", 0xee_6a68),
];
pub(super) const WATER: &[Flavour] = &[
    f("Still", "mountain", 0x6f_b8e0),
    f("Sparkling", "bubbles", 0x2a_86c9),
    f("Gentle", "drop", 0x7c_cfc6),
    f("Lemon", "lemon", 0xf0_e04a),
];
pub(super) const BEER: &[Flavour] = &[
    f("Pilsner", "wheat", 0xe3_b23c),
    f("Amber", "wheat", 0xb0_6523),
    f("Dark", "mountain", 0x3a_1e12),
    f("Wheat", "wheat", 0xee_c96a),
    f("0.0%", "leaf", 0x4c_8bc0),
];
pub(super) const SALTY: &[Flavour] = &[
    f("Sea Salt", "crisps", 0x2d_7fc1),
    f("Paprika", "chilli", 0xd3_3a1f),
    f("Sour Cream", "crisps", 0x54_a552),
    f("Chilli", "flame", 0x9e_1b1b),
    f("Cheese", "cheese", 0xf2_b022),
    f("Rosemary", "leaf", 0x4d_7a4a),
    f("Smoked", "flame", 0x6b_3b21),
];
pub(super) const CEREAL: &[Flavour] = &[
    f("Honey", "honey", 0xe9_a01f),
    f("Choco", "cookie", 0x5b_3119),
    f("Classic", "wheat", 0xd9_a85a),
    f("Red Fruit", "strawberry", 0xd8_2a3c),
    f("Nuts", "nut", 0xa6_6b35),
    f("Apple", "apple", 0x8f_b83a),
    f("Bowl", "bowl", 0x3f_8fc6),
];
pub(super) const VEG: &[Flavour] = &[
    f("Tomatoes", "tomato", 0xd6_2f22),
    f("Sweetcorn", "corn", 0xf6_c62f),
    f("Peas", "peas", 0x5f_a03a),
    f("Carrots", "carrot", 0xf0_7d22),
    f("Mushrooms", "mushroom", 0xb3_9274),
    f("Olives", "olive", 0x6b_7a2f),
    f("Beans", "peas", 0xa8_4a32),
];
pub(super) const FISH: &[Flavour] = &[
    f("in Brine", "fish", 0x2a_78a8),
    f("in Olive Oil", "olive", 0x8a_8f2a),
    f("in Tomato", "tomato", 0xcf_3a26),
    f("Lemon", "lemon", 0xf0_d53a),
];
pub(super) const SAUCE: &[Flavour] = &[
    f("Basilico", "leaf", 0x3c_8a3c),
    f("Arrabbiata", "chilli", 0xc9_241b),
    f("Classica", "tomato", 0xd6_3a22),
    f("Olive", "olive", 0x6b_7a2f),
    f("Funghi", "mushroom", 0x8f_6d4f),
    f("Formaggi", "cheese", 0xf0_b93a),
];
pub(super) const SHAPES: &[Flavour] = &[
    f("Farfalle", "farfalle", 0x1d_5fa8),
    f("Penne", "penne", 0xc8_2a2a),
    f("Spaghetti", "spaghetti", 0x2d_7a45),
    f("Integrale", "wheat", 0x8a_5a2b),
];
pub(super) const PLAIN_DAIRY: &[Flavour] = &[
    f("Whole", "milk", 0x1f_5fae),
    f("Semi", "milk", 0x4f_a64a),
    f("Skimmed", "drop", 0xd2_3b3b),
    f("Organic", "leaf", 0x6c_8f2e),
    f("Oat", "wheat", 0xc9_9a55),
    f("Almond", "nut", 0xb9_8a5c),
];
pub(super) const SPREAD: &[Flavour] = &[
    f("Salted", "flower", 0xe8_c13a),
    f("Light", "leaf", 0x7f_b84a),
    f("Original", "sun", 0xf2_b82e),
    f("Olive", "olive", 0x76_8a34),
];
pub(super) const SCENT: &[Flavour] = &[
    f("Lavender", "lavender", 0x8a_6cc2),
    f("Citrus", "lemon", 0xf2_cf2a),
    f("Ocean", "wave", 0x2288c8),
    f("Aloe", "leaf", 0x5f_b071),
    f("Sensitive", "drop", 0xa9_c7e0),
    f("Blossom", "flower", 0xe6_7aa8),
    f("Power", "sparkle", 0xe4_3a2e),
    f("Pure", "sparkle", 0x34_b3a8),
];
pub(super) const CARE: &[Flavour] = &[
    f("Repair", "drop", 0xd1_a05a),
    f("Moisture", "wave", 0x3f_9fcf),
    f("Camomile", "flower", 0xf0_cf62),
    f("Mint", "leaf", 0x57_b89a),
    f("Volume", "bubbles", 0xc2_6aa8),
    f("Argan", "nut", 0xb8_7c3a),
    f("Coconut", "coconut", 0xe4_d8c2),
    f("Care", "heart", 0xe0_708a),
];
pub(super) const TEETH: &[Flavour] =
    &[f("Fresh Mint", "leaf", 0x2f_a884), f("White", "tooth", 0x3a_86d0), f("Gums", "shield", 0xd2_4a5a)];
pub(super) const SWEET: &[Flavour] = &[
    f("Milk", "chocolate", 0x7a_4a2a),
    f("Dark 70%", "chocolate", 0x33_1a10),
    f("Hazelnut", "nut", 0xa5_6a32),
    f("Caramel", "candy", 0xd0_8a2f),
    f("Strawberry", "strawberry", 0xd8_2a3c),
    f("Orange", "orange", 0xf0_8424),
    f("Mint", "leaf", 0x3f_a57a),
    f("White", "star", 0xf0_e2b8),
];
pub(super) const GUMMY: &[Flavour] = &[
    f("Fruit Mix", "candy", 0xe5_3a6a),
    f("Sour", "lemon", 0xb6_d62f),
    f("Cherry", "cherry", 0xc0_1a38),
    f("Stars", "star", 0xf6_b21f),
    f("Cola", "bubbles", 0x5a_2a1a),
];
pub(super) const COFFEE: &[Flavour] = &[
    f("Espresso", "cup", 0x3a_1d10),
    f("Crema", "beans", 0x8a_5a34),
    f("Decaf", "beans", 0x3f_7fb0),
    f("Mild", "sun", 0xd0_9a3e),
    f("Forte", "flame", 0xa1_2420),
];
pub(super) const TEA: &[Flavour] = &[
    f("Green", "leaf", 0x6a_a03e),
    f("Black", "cup", 0x5a_2a18),
    f("Camomile", "flower", 0xf0_cf52),
    f("Peppermint", "leaf", 0x2f_9470),
    f("Forest Fruit", "blueberry", 0x8a_2458),
    f("Lemon Ginger", "lemon", 0xe9_c23a),
];
pub(super) const BABY: &[Flavour] = &[
    f("Apple", "apple", 0x8f_c04a),
    f("Carrot", "carrot", 0xf2_8a30),
    f("Pear", "pear", 0xb9_c64e),
    f("Banana", "sun", 0xf6_d24a),
    f("Sweet Dreams", "star", 0x7f_8fd0),
    f("Gentle", "heart", 0xf0_9ab0),
];
pub(super) const PET: &[Flavour] = &[
    f("Beef", "bone", 0xa8_3a2a),
    f("Salmon", "fish", 0xee_8060),
    f("Chicken", "paw", 0xe0_a83a),
    f("Lamb", "bone", 0x5f_7a3a),
    f("Junior", "paw", 0x2f_9ac0),
    f("Light", "leaf", 0x6faa4c),
];
pub(super) const PAPER: &[Flavour] = &[
    f("Soft", "flower", 0xe6_8ab0),
    f("Strong", "shield", 0x2a_62a8),
    f("Family", "heart", 0xe0_4f5a),
    f("Natural", "leaf", 0x7a_9a4a),
];
pub(super) const EGGS: &[Flavour] =
    &[f("Free Range", "egg", 0xd8_9a3a), f("Organic", "leaf", 0x5a_9440), f("Barn", "egg", 0xb0_6a3a)];
pub(super) const PIZZA: &[Flavour] = &[
    f("Margherita", "pizza", 0xd6_2f22),
    f("Salami", "pizza", 0xa8_2a24),
    f("Funghi", "mushroom", 0x8f_6d4f),
    f("Tonno", "fish", 0x2a_78a8),
    f("Quattro Formaggi", "cheese", 0xf0_b93a),
    f("Spinaci", "leaf", 0x3c_8a3c),
    f("Diavola", "chilli", 0x8e_1b1b),
];
pub(super) const FROZEN_VEG: &[Flavour] = &[
    f("Garden Peas", "peas", 0x5f_a03a),
    f("Sweetcorn", "corn", 0xf6_c62f),
    f("Baby Carrots", "carrot", 0xf0_7d22),
    f("Leaf Spinach", "leaf", 0x2f_7a3a),
    f("Stir Fry", "bowl", 0xc8_4a2a),
    f("Soup Mix", "tomato", 0xd6_4a2c),
];
pub(super) const FRIES: &[Flavour] = &[
    f("Classic", "fries", 0xd2_2f2a),
    f("Crinkle", "fries", 0x1f_5fae),
    f("Wedges", "fries", 0x8a_4a22),
    f("Oven Crisp", "flame", 0xe8_8a1c),
];
pub(super) const FROZEN_FISH: &[Flavour] = &[
    f("Cod", "fish", 0x2a_78a8),
    f("Salmon", "fish", 0xee_8060),
    f("Herb Crust", "leaf", 0x4d_8a4a),
    f("Family", "heart", 0x1f_4f9a),
];
pub(super) const ICE_CREAM: &[Flavour] = &[
    f("Vanilla", "scoop", 0xee_d07a),
    f("Chocolate", "scoop", 0x5a_2f1a),
    f("Strawberry", "strawberry", 0xd8_2a3c),
    f("Pistachio", "scoop", 0x9a_b85a),
    f("Caramel", "candy", 0xd0_8a2f),
    f("Lemon", "lemon", 0xf0_e04a),
    f("Hazelnut", "nut", 0xa5_6a32),
    f("Mango", "sun", 0xf6_a02c),
];
