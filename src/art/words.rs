//! Invented names: brands nobody owns, mottos, and the small words on packs.

use rand::RngExt;

use crate::seed::{Node, Stream};

const ONSETS: [&str; 30] = [
    "b", "br", "c", "d", "dr", "f", "fl", "g", "gl", "h", "k", "kr", "l", "m", "n", "p", "pl", "qu", "r",
    "s", "st", "sv", "t", "tr", "v", "vr", "w", "y", "z", "bl",
];
const NUCLEI: [&str; 12] = ["a", "e", "i", "o", "u", "a", "e", "o", "ia", "ei", "ou", "ae"];
const CODAS: [&str; 12] = ["", "", "", "", "n", "l", "r", "s", "nd", "rn", "x", "lt"];
const ENDS: [&str; 18] = [
    "o", "a", "ix", "ena", "ello", "ia", "ura", "ique", "ado", "eks", "ano", "ett", "um", "is", "olo", "ani",
    "ey", "ovo",
];
const STEMS: [&str; 24] = [
    "Hask", "Tarn", "Wold", "Fenn", "Brack", "Lorn", "Grav", "Thist", "Marl", "Quill", "Pell", "Orrin",
    "Sund", "Varr", "Yarl", "Kest", "Dunn", "Ebb", "Corv", "Rusk", "Wick", "Hav", "Mell", "Old",
];
const TAILS: [&str; 16] = [
    "mere", "holt", "erley", "wick", "sted", "dale", "combe", "garth", "ingham", "low", "ford", "beck", "ow",
    "rigg", "lund", "haven",
];
const HOUSES: [&str; 10] =
    ["& Sons", "& Daughters", "Brothers", "Mills", "Farm", "Kitchen", "Orchards", "Works", "& Co.", "Pantry"];

/// Names that must never come out: well-known brands that the grammar could conceivably hit.
pub(super) const DENIED: [&str; 60] = [
    "ariel",
    "axe",
    "barilla",
    "bounty",
    "bosch",
    "coca",
    "cola",
    "danone",
    "dove",
    "evian",
    "fanta",
    "ferrero",
    "galbani",
    "haribo",
    "heinz",
    "ikea",
    "kellogg",
    "kinder",
    "kitkat",
    "knorr",
    "lavazza",
    "lays",
    "lego",
    "lidl",
    "lindt",
    "lipton",
    "maggi",
    "mars",
    "milka",
    "mutti",
    "nescafe",
    "nestle",
    "nivea",
    "nutella",
    "oreo",
    "oral",
    "pampers",
    "pepsi",
    "persil",
    "philips",
    "pringles",
    "quaker",
    "redbull",
    "ricola",
    "sony",
    "sprite",
    "starbucks",
    "tesco",
    "tide",
    "twix",
    "unilever",
    "vanish",
    "vittel",
    "volvic",
    "walmart",
    "whiskas",
    "yoplait",
    "zara",
    "dolmio",
    "aldi",
];

fn pick<'a>(rng: &mut Stream, list: &[&'a str]) -> &'a str {
    list[rng.random_range(0..list.len())]
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn coined(rng: &mut Stream) -> String {
    let syllables = rng.random_range(1..3);
    let mut word = String::new();
    for _ in 0..syllables {
        word += pick(rng, &ONSETS);
        word += pick(rng, &NUCLEI);
        word += pick(rng, &CODAS);
    }
    word += pick(rng, &ONSETS[..26]);
    word += pick(rng, &ENDS);
    word.truncate(10);
    capital(&word)
}

fn placed(rng: &mut Stream) -> String {
    format!("{}{}", pick(rng, &STEMS), pick(rng, &TAILS))
}

/// Whether any word of `name` is, or starts with, a denied name.
pub(super) fn is_denied(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    let plain = plain.to_lowercase();
    plain.split(' ').chain([plain.replace(' ', "").as_str()]).any(|word| DENIED.contains(&word))
}

/// A brand's name.
pub(super) fn brand_name(node: &Node) -> String {
    node.draw("name", |rng| {
        loop {
            let name = match rng.random_range(0..20) {
                0..9 => coined(rng),
                9..13 => placed(rng),
                13 | 14 => format!("{} {}", placed(rng), pick(rng, &HOUSES)),
                15 => format!("{}'s", coined(rng)),
                16 => format!("Dr. {}", placed(rng)),
                17 => format!("{} & {}", placed(rng), placed(rng)),
                18 => format!("La {}", coined(rng)),
                _ => format!("{} {}", coined(rng), pick(rng, &HOUSES)),
            };
            if !is_denied(&name) {
                return name;
            }
        }
    })
}

/// A short line that goes with the brand's name.
pub(super) fn motto(node: &Node) -> String {
    const LINES: [&str; 26] = [
        "simply good",
        "since 1897",
        "est. 1924",
        "from the valley",
        "made with care",
        "every day",
        "the original",
        "tradition & taste",
        "fresh idea",
        "family recipe",
        "100% quality",
        "pure pleasure",
        "naturally",
        "home style",
        "finest selection",
        "for good mornings",
        "con amore",
        "mit Liebe gemacht",
        "saveur d'antan",
        "gusto vero",
        "no nonsense",
        "small batch",
        "slow & honest",
        "good for you",
        "depuis 1931",
        "the big one",
    ];
    node.draw("motto", |rng| pick(rng, &LINES).to_owned())
}

/// Everyday words of Japanese, Chinese and Korean packs: special choice, tasty, fresh, natural ... `assets/fonts/cjk.otf`
/// has their letters and hardly any other.
pub(super) const EASTERN: [&str; 14] = [
    "特選美味",
    "新鮮",
    "自然工房",
    "健康家庭",
    "おいしい",
    "味わい",
    "限定",
    "山海の幸",
    "元祖伝統",
    "맛있는",
    "신선한",
    "건강한",
    "美味",
    "天然有機",
];

/// `name` letter by letter in Cyrillic or Greek, as an importer would write it.
pub(super) fn transliterated(name: &str, greek: bool) -> String {
    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
    const CYRILLIC: &str = "абцдефгхийклмнопкрстуввхиз";
    const GREEK: &str = "αβκδεφγχιικλμνοπκρστυβγξυζ";
    let table: Vec<char> = (if greek { GREEK } else { CYRILLIC }).chars().collect();
    let swap = |c: char| LATIN.find(c.to_ascii_lowercase()).map_or(c, |place| table[place]);
    let plain = name.chars().map(swap).collect::<String>();
    // A lone sigma at a word's end has a form of its own.
    let plain =
        if greek && plain.ends_with('σ') { format!("{}ς", &plain[..plain.len() - 2]) } else { plain };
    plain.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn no_brand_is_a_real_one_and_most_differ() {
        let mut names: Vec<String> =
            (0..5_000).map(|i| brand_name(&Seed(1).dataset().child("brand", i))).collect();
        for name in &names {
            assert!(!is_denied(name), "'{name}' exists");
            assert!((3..=26).contains(&name.len()), "'{name}' fits a label");
        }
        names.sort();
        names.dedup();
        assert!(names.len() > 4_000, "only {} names of 5,000 differ", names.len());
    }

    #[test]
    fn denial_sees_through_spelling() {
        for name in ["Milka", "MILKA", "La Milka", "Kit Kat", "Mil'ka"] {
            assert!(is_denied(name), "'{name}' slips through");
        }
        assert!(!is_denied("Vrenlo"), "an invented name passes");
    }

    #[test]
    fn other_scripts_hold_no_latin_letters() {
        for greek in [false, true] {
            let text = transliterated("Qwertzuiopasdfghjklyxcvbnm", greek);
            assert!(!text.chars().any(|c| c.is_ascii_alphabetic()), "{text}");
        }
    }
}
