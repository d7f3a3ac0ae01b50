//! What a question says of a memory: there a name is a place, and an occasion is long past. Smells are smells there, too.

use std::ops::Range;

use super::{
    mentions::{Meaning, Mention},
    senses::Sense,
    tokens::{Kind, Token},
};

/// Whose it is that one is reminded of: `reminds me of my wedding`, but not `reminds me of summer`.
const OWN: &[&str] = &["my", "our", "when", "how", "the", "that", "those"];

/// The words that tell of a memory, to the end of their clause.
struct Scene {
    words: Range<usize>,
    /// A name in it may be a place, as in `my memory of Sicily`. What reminds one of `my mother's Shalimar` is a perfume.
    names_places: bool,
}

/// Takes out what only tells where and when a memory was: `my memory of Sicily`, `it reminds me of my first date`.
pub(super) fn without_scenes(tokens: &[Token], mentions: Vec<Mention>) -> Vec<Mention> {
    let Some(scene) = scene(tokens) else { return mentions };
    let smells = |mention: Mention| match mention.meaning {
        _ if !scene.words.contains(&mention.words.start) => Some(mention),
        Meaning::Fragrance(_) | Meaning::Brand(_) if scene.names_places => None,
        Meaning::Senses(mut senses) => {
            senses.retain(|sense| !matches!(sense, Sense::Occasion(_) | Sense::Time(_) | Sense::Season(_)));
            Some(Mention { meaning: Meaning::Senses(senses), ..mention })
        }
        Meaning::Note(_) | Meaning::Budget(_) | Meaning::Fragrance(_) | Meaning::Brand(_) => Some(mention),
    };
    mentions.into_iter().filter_map(smells).collect()
}

fn scene(tokens: &[Token]) -> Option<Scene> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let begins = |at: usize| match word(at) {
        "memory" | "memories" if word(at + 1) == "of" => Some((at + 2, true)),
        "remind" | "reminds" | "reminded" if word(at + 1) == "me" && word(at + 2) == "of" && OWN.contains(&word(at + 3)) => {
            Some((at + 3, false))
        }
        _ => None,
    };
    let (start, names_places) = (0..tokens.len()).find_map(begins)?;
    let ends = |token: &Token| token.kind != Kind::Word || token.text == "but";
    let length = tokens.get(start..)?.iter().take_while(|token| !ends(token)).count();
    Some(Scene { words: start..start + length, names_places })
}
