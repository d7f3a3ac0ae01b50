//! The clues of a description, with their weights.

use std::sync::LazyLock;

use crate::learning::ranker::Trait;

/// Declares the clues: their names in the file of weights, and the part of the score that each counts to.
macro_rules! clues {
    ($($(#[$doc:meta])* $clue:ident => $name:literal, $part:ident;)*) => {
        /// Something that a text says of a perfume.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Clue { $($(#[$doc])* $clue,)* }

        /// How many clues there are.
        pub(super) const CLUES: usize = [$($name,)*].len();
        const NAMES: [&str; CLUES] = [$($name,)*];
        const PART_OF: [Trait; CLUES] = [$(Trait::$part,)*];
    };
}

clues! {
    /// How many of the notes that it names are in the perfume, kin for a part.
    Hits => "hitn", ToldNotes;
    /// Against a perfume: how many of its notes are not named, the more so the more others are.
    Missing => "miss", ToldNotes;
    /// The part of the perfume's notes, by rarity, that is named.
    Cover => "cov", ToldNotes;
    /// Named notes that stand in the layer the text has them in, by rarity.
    Layers => "layer", ToldNotes;
    /// BM25 of the facts without names.
    Words => "bm25", ToldWords;
    /// The perfumer is named.
    Perfumer => "perf", Lore;
    /// The year of its launch is named.
    Year => "year", Times;
    /// People, places and themes of the house.
    Lore => "lore", Lore;
    /// BM25 of the house's name.
    House => "brand", Lore;
    /// BM25 of pieces of the name.
    Name => "gram", Lore;
    /// Accords that the words of the text stand for, by hand.
    Lexicon => "lex", Impression;
    /// Accords that the text leans to, as learned.
    Accords => "r_acc", Impression;
    /// Kinds of notes that the text leans to, as learned.
    Categories => "r_cat", Impression;
    /// Whom it leans to be for, as learned.
    Gender => "r_gen", Impression;
    /// The years it leans to, as learned.
    Era => "r_yr", Times;
    /// The nearness in meaning to the perfume's notes and accords.
    Meaning => "comp", Impression;
    /// The likeness to a perfume that the text names.
    Likeness => "anchor", Likeness;
    /// It speaks of long ago, and the perfume is old.
    Age => "old", Times;
    /// The house is a niche house.
    Niche => "niche", Custom;
    /// The house sells in shops of its own.
    Own => "own", Custom;
    /// An Arabian house.
    Arabian => "arab", Custom;
    /// How widely the perfume is known.
    Fame => "pop", Custom;
    /// How it is rated.
    Rating => "rating", Custom;
    /// How new it is.
    Launch => "yr", Custom;
    Men => "men", Custom;
    Women => "women", Custom;
    Unisex => "unisex", Custom;
}

/// The parts of the score that clues count to.
pub(crate) const PARTS: [Trait; 7] =
    [Trait::ToldNotes, Trait::ToldWords, Trait::Impression, Trait::Times, Trait::Lore, Trait::Likeness, Trait::Custom];

/// The value of each clue, in the order of [`Clue`].
pub(super) type Values = [f32; CLUES];

/// By clue: its weight in personal texts and in texts that are told.
static WEIGHTS: LazyLock<[(f32, f32); CLUES]> = LazyLock::new(|| {
    let mut weights = [(0.0, 0.0); CLUES];
    for line in include_str!("weights/clues.tsv").lines() {
        let mut fields = line.split('\t');
        let known = fields.next().and_then(|name| NAMES.iter().position(|known| *known == name));
        let mut weight = || fields.next().and_then(|x| x.parse().ok()).unwrap_or_default();
        if let Some(clue) = known {
            weights[clue] = (weight(), weight());
        }
    }
    weights
});

/// The weights for a style, 0 (personal) to 1 (told).
pub(super) fn weights(style: f32) -> Values {
    WEIGHTS.map(|(personal, told)| (1.0 - style) * personal + style * told)
}

/// What the clues bring, by parts.
pub(super) fn parts(values: &Values, weights: &Values) -> [f32; PARTS.len()] {
    let mut parts = [0.0; PARTS.len()];
    for (clue, part_of) in PART_OF.iter().enumerate() {
        parts[*part_of as usize - PARTS[0] as usize] += values[clue] * weights[clue];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clue_has_a_weight_and_parts_follow_each_other() {
        for (name, (personal, told)) in NAMES.iter().zip(*WEIGHTS) {
            assert!(personal != 0.0 || told != 0.0, "{name}");
        }
        for (at, part) in PARTS.iter().enumerate() {
            assert_eq!(*part as usize, PARTS[0] as usize + at);
        }
    }
}
