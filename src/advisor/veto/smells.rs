//! How far a refusal reaches: the notes and accords that a refused smell covers.

use std::collections::BTreeMap;

use super::Source;
use crate::{
    catalog::Snapshot,
    domain::notes::{Category, Note},
};

/// Notes that stand in one category of the taxonomy and count in another, too, when that one is refused.
const ALSO: &[(Category, &[&str])] = &[
    (
        Category::Citrus,
        &["neroli", "petitgrain", "lemongrass", "lemon verbena", "litsea cubeba", "orange blossom", "lemon balm", "citronella"],
    ),
    (
        Category::WhiteFlower,
        &[
            "neroli",
            "orange blossom",
            "jasmine",
            "frangipani",
            "gardenia",
            "honeysuckle",
            "magnolia",
            "tiare",
            "tuberose",
            "lily",
            "stephanotis",
        ],
    ),
    (Category::Flower, &["neroli", "orange blossom"]),
    (Category::Smoke, &["frankincense", "birch tar"]),
    (Category::Leather, &["suede"]),
];

/// The accords of a refused category.
const CATEGORY_ACCORDS: &[(Category, &[&str])] = &[
    (Category::Citrus, &["citrus"]),
    (Category::Fruit, &["fruity", "tropical", "cherry", "coconut"]),
    (Category::Green, &["green"]),
    (Category::Flower, &["floral", "white floral", "yellow floral", "rose", "violet", "tuberose"]),
    (Category::WhiteFlower, &["white floral", "tuberose"]),
    (Category::Spice, &["spicy", "warm spicy", "fresh spicy", "cinnamon"]),
    (Category::Herb, &["herbal", "lavender"]),
    (Category::Wood, &["woody", "sandalwood", "oud"]),
    (Category::Resin, &["resinous", "balsamic", "amber"]),
    (Category::Gourmand, &["gourmand", "caramel", "chocolate", "vanilla", "coffee"]),
    (Category::Musk, &["musky"]),
    (Category::Animal, &["animalic"]),
    (Category::Marine, &["aquatic", "marine", "salty"]),
    (Category::Earth, &["earthy", "mossy", "patchouli"]),
    (Category::Leather, &["leather", "suede"]),
    (Category::Smoke, &["smoky", "incense"]),
    (Category::Tobacco, &["tobacco"]),
    (Category::Powder, &["powdery"]),
];

/// Notes whose accord goes by another word.
const NOTE_ACCORDS: &[(&str, &str)] = &[
    ("musk", "musky"),
    ("smoke", "smoky"),
    ("oakmoss", "mossy"),
    ("moss", "mossy"),
    ("powdery note", "powdery"),
    ("powder", "powdery"),
    ("animalic notes", "animalic"),
    ("soap", "soapy"),
    ("salt", "salty"),
    ("sea salt", "salty"),
    ("aldehyde", "aldehydic"),
    ("metal", "metallic"),
    ("mineral notes", "mineral"),
    ("nutty notes", "nutty"),
    ("ozone", "ozonic"),
    ("soil", "earthy"),
    ("cocoa", "chocolate"),
    ("frankincense", "incense"),
    ("citrus", "citrus"),
    ("woody notes", "woody"),
    ("green note", "green"),
    ("sea notes", "marine"),
    ("agarwood", "oud"),
    ("balsamic notes", "balsamic"),
    ("resinous notes", "resinous"),
    ("gourmand accord", "gourmand"),
    ("orris", "iris"),
];

/// Notes that are the same thing to a nose under two names.
const TWINS: &[(&str, &str)] = &[
    ("incense", "frankincense"),
    ("incense", "church"),
    ("cocoa", "chocolate"),
    ("oakmoss", "tree moss"),
    ("oakmoss", "moss"),
    ("ambergris", "ambroxan"),
    ("coffee", "espresso"),
    ("coffee", "cappuccino"),
    ("leather", "suede"),
    ("vanilla", "vanillin"),
    ("smoke", "smoked wood"),
    ("soap", "clean laundry"),
];

/// Words that make another smell of the note they follow: orange blossom is not orange.
const PARTS: &[&str] = &["blossom", "flower", "tree", "wood", "bark", "seed"];

/// Whether refusing one note refuses another by its name: kinds of it (`white musk`) and things made of it (`coconut milk`).
pub fn covers(refused: &str, note: &str) -> bool {
    if note == refused {
        return true;
    }
    let kind = note.strip_suffix(refused).is_some_and(|rest| rest.ends_with([' ', '-']));
    let made = note.strip_prefix(refused).and_then(|rest| rest.strip_prefix(' ')).is_some_and(|rest| !PARTS.contains(&rest));
    let twins = TWINS.iter().any(|(a, b)| (*a == refused && *b == note) || (*b == refused && *a == note));
    kind || made || twins
}

/// The accords that a refused note takes with it.
pub fn accords_of_note(note: &str) -> impl Iterator<Item = &str> {
    std::iter::once(note).chain(NOTE_ACCORDS.iter().filter(move |(name, _)| *name == note).map(|(_, accord)| *accord))
}

/// The accords that a refused category takes with it.
pub fn accords_of_category(category: Category) -> &'static [&'static str] {
    CATEGORY_ACCORDS.iter().find(|(c, _)| *c == category).map_or(&[], |(_, accords)| accords)
}

/// Whether refusing one accord refuses another: `floral` takes `white floral` with it.
pub fn accord_covers(refused: &str, accord: &str) -> bool {
    accord == refused || accord.strip_suffix(refused).is_some_and(|rest| rest.ends_with(' '))
}

/// Whether a note counts as one of a refused category.
pub fn in_category(category: Category, note: &Note) -> bool {
    note.category == category || ALSO.iter().any(|(c, notes)| *c == category && notes.contains(&note.name.as_str()))
}

/// For each note of the catalog that some refusal covers, the refusals that do.
pub fn reach<'a>(snapshot: &'a Snapshot, refusals: &[(&str, Source)]) -> BTreeMap<&'a str, Vec<(String, Source)>> {
    let mut reach: BTreeMap<&str, Vec<(String, Source)>> = BTreeMap::new();
    for name in snapshot.note_names() {
        let covering = refusals.iter().filter(|(refused, _)| covers(refused, name));
        let covering: Vec<_> = covering.map(|(refused, source)| ((*refused).to_owned(), *source)).collect();
        if !covering.is_empty() {
            reach.insert(name, covering);
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reaches_kinds_and_products_but_not_other_parts() {
        assert!(covers("musk", "white musk") && covers("cedar", "virginia cedar") && covers("coconut", "coconut milk"));
        assert!(covers("incense", "frankincense") && covers("frankincense", "incense"));
        assert!(!covers("orange", "orange blossom") && !covers("white musk", "musk") && !covers("rose", "primrose"));
        assert!(accord_covers("floral", "white floral") && !accord_covers("white floral", "floral"));
        assert_eq!(accords_of_note("musk").collect::<Vec<_>>(), ["musk", "musky"]);
    }
}
