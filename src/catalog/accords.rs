//! The vocabulary of accords: the overall impressions of a perfume. The seed keeps to it; imported perfumes may bring more.

use super::Taxonomy;
use crate::domain::{
    fragrance::Family,
    notes::{Category, Layer},
};

/// Every accord that a perfume of the catalog can have.
pub const ACCORDS: &[&str] = &[
    "aldehydic",
    "almond",
    "amber",
    "animalic",
    "aquatic",
    "aromatic",
    "balsamic",
    "boozy",
    "caramel",
    "cherry",
    "chocolate",
    "cinnamon",
    "citrus",
    "coconut",
    "coffee",
    "earthy",
    "floral",
    "fresh",
    "fresh spicy",
    "fruity",
    "gourmand",
    "green",
    "herbal",
    "honey",
    "incense",
    "iris",
    "lactonic",
    "lavender",
    "leather",
    "marine",
    "metallic",
    "mineral",
    "mossy",
    "musky",
    "nutty",
    "oud",
    "ozonic",
    "patchouli",
    "powdery",
    "resinous",
    "rose",
    "salty",
    "sandalwood",
    "smoky",
    "soapy",
    "spicy",
    "suede",
    "sweet",
    "tobacco",
    "tropical",
    "tuberose",
    "vanilla",
    "violet",
    "warm spicy",
    "white floral",
    "woody",
    "yellow floral",
];

/// The family that a perfume is shelved under where nobody says so: that of its strongest accord which tells one, or else of
/// the kind of note that it has most of.
pub fn family_of<'a>(accords: &[String], notes: impl Iterator<Item = (Layer, &'a str)>, taxonomy: &Taxonomy) -> Family {
    if let Some(family) = accords.iter().find_map(|accord| of_accord(accord)) {
        return family;
    }
    let mut counts = vec![0_usize; Category::ALL.len()];
    for (_, note) in notes {
        if let Some(note) = taxonomy.get(note) {
            counts[note.category as usize] += 1;
        }
    }
    let most = Category::ALL.iter().rev().max_by_key(|&&category| counts[category as usize]);
    most.filter(|&&category| counts[category as usize] > 0).map_or(Family::Woody, |&category| of_category(category))
}

fn of_accord(accord: &str) -> Option<Family> {
    Some(match accord {
        "citrus" => Family::Citrus,
        "aquatic" | "marine" | "ozonic" | "salty" => Family::Aquatic,
        "green" => Family::Green,
        "aromatic" | "herbal" | "lavender" | "fresh" | "fresh spicy" => Family::Aromatic,
        "fougere" => Family::Fougere,
        "floral" | "white floral" | "yellow floral" | "rose" | "violet" | "tuberose" => Family::Floral,
        "fruity" | "tropical" | "cherry" => Family::Fruity,
        "chypre" | "mossy" => Family::Chypre,
        "woody" | "oud" | "sandalwood" | "patchouli" | "earthy" => Family::Woody,
        "amber" | "balsamic" | "resinous" | "incense" | "smoky" => Family::Amber,
        "spicy" | "warm spicy" | "cinnamon" => Family::Spicy,
        "sweet" | "gourmand" | "vanilla" | "caramel" | "chocolate" | "honey" | "coffee" | "almond" | "nutty" | "lactonic"
        | "coconut" => Family::Gourmand,
        "leather" | "suede" | "tobacco" | "animalic" => Family::Leather,
        "musky" => Family::Musk,
        "powdery" | "iris" | "soapy" | "aldehydic" => Family::Powdery,
        _ => return None,
    })
}

const fn of_category(category: Category) -> Family {
    match category {
        Category::Citrus => Family::Citrus,
        Category::Fruit => Family::Fruity,
        Category::Green => Family::Green,
        Category::Flower | Category::WhiteFlower => Family::Floral,
        Category::Spice => Family::Spicy,
        Category::Herb => Family::Aromatic,
        Category::Wood | Category::Earth => Family::Woody,
        Category::Resin | Category::Smoke => Family::Amber,
        Category::Gourmand => Family::Gourmand,
        Category::Musk => Family::Musk,
        Category::Animal | Category::Leather | Category::Tobacco => Family::Leather,
        Category::Marine => Family::Aquatic,
        Category::Powder => Family::Powdery,
    }
}
