//! Words that name a note and mean something else more often: `date`, `the sun rose`, `hair`.
//!
//! Such a word counts as a note only where smelling is spoken of, or in a row with other notes.

use std::{collections::HashSet, sync::LazyLock};

use super::phrases::Word;

/// Folded names that have another, everyday meaning.
static AMBIGUOUS: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("words/ambiguous.txt").split_whitespace().collect());

/// Words that people bear as names, too.
const GIVEN_NAMES: &[&str] = &[
    "amber",
    "angelica",
    "basil",
    "cassie",
    "clementine",
    "dahlia",
    "daisy",
    "erica",
    "fern",
    "ginger",
    "hazel",
    "heather",
    "holly",
    "iris",
    "ivy",
    "jasmine",
    "juniper",
    "laurel",
    "lavender",
    "lily",
    "linden",
    "magnolia",
    "marigold",
    "melissa",
    "myrtle",
    "olive",
    "pansy",
    "pearl",
    "poppy",
    "primrose",
    "rose",
    "rosemary",
    "rowan",
    "sage",
    "saffron",
    "violet",
    "willow",
];

/// Words before a name that is a person's.
const KIN: &[&str] = &[
    "aunt",
    "auntie",
    "aunty",
    "baby",
    "called",
    "cousin",
    "daughter",
    "friend",
    "gran",
    "grandma",
    "grandmother",
    "granny",
    "great",
    "lady",
    "madame",
    "miss",
    "mother",
    "mrs",
    "ms",
    "named",
    "nan",
    "nana",
    "neighbor",
    "neighbour",
    "nurse",
    "sister",
    "teacher",
    "wife",
];

/// Beginnings of words that speak of smelling.
const SMELLING: &[&str] = &[
    "accord", "aroma", "fragran", "nose", "odor", "odour", "perfum", "reek", "scent", "smell", "smelt", "sniff", "stank",
    "stench", "stink", "whiff",
];

/// Words right after a name that make a smell of it.
const KINDS_OF_SMELL: &[&str] =
    &["accord", "accords", "aroma", "fragrance", "note", "notes", "odor", "odour", "perfume", "scent", "smell"];

/// Beginnings of words that measure a smell out: `a hint of`.
const MEASURES: &[&str] =
    &["breath", "dash", "drop", "hint", "note", "pinch", "puff", "splash", "touch", "trace", "undertone", "wisp"];

/// Words right after a name that make a plant of it.
const GROWTH: &[&str] = &[
    "bark", "branch", "branches", "bush", "bushes", "cone", "cones", "field", "fields", "forest", "forests", "grove", "groves",
    "hedge", "hedges", "leaf", "leaves", "needle", "needles", "plant", "plants", "sapling", "thicket", "tree", "trees", "wood",
    "woods",
];

/// Those of the names that are plants.
const PLANTS: &[&str] = &["bay", "hazel", "hop", "hops", "pine", "poppy"];

/// What rises without being a flower.
const RISES: &[&str] = &[
    "aroma",
    "bread",
    "cake",
    "dough",
    "dust",
    "fog",
    "fragrance",
    "he",
    "heat",
    "i",
    "it",
    "mist",
    "moon",
    "never",
    "odor",
    "perfume",
    "prices",
    "scent",
    "she",
    "slowly",
    "smell",
    "smoke",
    "steam",
    "suddenly",
    "sun",
    "temperature",
    "they",
    "tide",
    "vapor",
    "voice",
    "voices",
    "water",
    "waters",
    "we",
    "which",
    "who",
    "you",
];

/// Where what rises goes.
const RISING: &[&str] =
    &["above", "again", "at", "early", "from", "into", "out", "over", "slowly", "through", "to", "toward", "towards", "up"];

/// Words after which `rose` is a flower.
const BEFORE_A_NOUN: &[&str] = &[
    "a", "an", "and", "any", "dried", "every", "her", "his", "like", "my", "no", "of", "one", "or", "our", "pink", "red",
    "single", "some", "that", "the", "their", "this", "wet", "white", "wild", "with", "without", "yellow", "your",
];

/// Whether the words at `start..end` mean a note by themselves, need company, or mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Note,
    /// A note only in a row with others.
    InCompany,
    Other,
}

/// How a phrase is to be read in its sentence.
pub(super) fn reading(words: &[Word], start: usize, end: usize, phrase: &str) -> Reading {
    if words.len() == end - start {
        return Reading::Note;
    }
    let before = start.checked_sub(1).map(|at| &words[at]).filter(|_| !words[start].starts_sentence);
    let after = words.get(end).filter(|word| !word.after_break);
    let before_is = |list: &[&str]| before.is_some_and(|word| list.contains(&word.folded.as_str()));
    let after_is = |list: &[&str]| after.is_some_and(|word| list.contains(&word.folded.as_str()));
    let rises = before_is(RISES) || after_is(RISING) && before.is_some() && !before_is(BEFORE_A_NOUN);
    if phrase == "rose" && rises {
        return Reading::Other;
    }
    let borne = GIVEN_NAMES.contains(&phrase) && words[start].capital && !words[start].starts_sentence;
    if borne && (before_is(KIN) || after_is(&["s", "and"]) && before_is(&["with", "my", "to", "by"])) {
        return Reading::Other;
    }
    let idiom = match phrase {
        "mint" => after_is(&["condition"]),
        "sage" => after_is(&["advice", "words", "counsel"]),
        "date" => after_is(&["night", "back", "of"]) || before_is(&["first", "blind", "to", "up", "a", "our", "this"]),
        "spice" => before_is(&["old"]),
        "orange" | "lime" | "olive" | "violet" | "lavender" | "peach" | "cream" | "chocolate" => {
            after_is(&["dress", "walls", "wall", "sky", "light", "glow", "eyes", "hair", "curtains", "paint"])
        }
        _ => false,
    };
    if idiom {
        return Reading::Other;
    }
    let grows = PLANTS.contains(&phrase) && after_is(GROWTH);
    if !AMBIGUOUS.contains(phrase) || grows || smelling_nearby(words, start, end) { Reading::Note } else { Reading::InCompany }
}

/// Whether a folded name has an everyday meaning that is more usual.
pub(crate) fn is_ambiguous(phrase: &str) -> bool {
    AMBIGUOUS.contains(phrase)
}

/// Smelling is spoken of right before or right after: `smelled of wet hair`, `stone notes`.
fn smelling_nearby(words: &[Word], start: usize, end: usize) -> bool {
    let begins = |word: &Word, list: &[&str]| list.iter().any(|stem| word.folded.starts_with(stem));
    let first = (0..=start).rev().find(|&at| words[at].starts_sentence).unwrap_or(0).max(start.saturating_sub(5));
    let before = words[first..start].iter().enumerate().any(|(at, word)| {
        begins(word, SMELLING) || begins(word, MEASURES) && words.get(first + at + 1).is_some_and(|of| of.folded == "of")
    });
    let after = words.get(end).is_some_and(|word| !word.after_break && KINDS_OF_SMELL.contains(&word.folded.as_str()));
    before || after
}

/// Words that may stand between two members of a list.
pub(super) fn joins(word: &Word) -> bool {
    ["and", "or", "with", "the", "a", "an", "some", "of"].contains(&word.folded.as_str())
}
