//! What a question says of a memory: there a name is a place, and an occasion is long past. Smells are smells there, too.

use std::ops::Range;

use super::{
    mentions::{Meaning, Mention},
    senses::Sense,
    tokens::{Kind, Token},
};

/// Whose it is that one is reminded of: `reminds me of my wedding`, but not `reminds me of Shalimar`.
const OWN: &[&str] = &["my", "our", "when", "how", "the", "that", "those"];

/// Takes out what only tells where and when a memory was: `my memory of Sicily`, `it reminds me of my first date`.
pub(super) fn without_scenes(tokens: &[Token], mentions: Vec<Mention>) -> Vec<Mention> {
    let Some(scene) = scene(tokens) else { return mentions };
    let smells = |mention: Mention| match mention.meaning {
        _ if !scene.contains(&mention.words.start) => Some(mention),
        Meaning::Fragrance(_) | Meaning::Brand(_) => None,
        Meaning::Senses(mut senses) => {
            senses.retain(|sense| !matches!(sense, Sense::Occasion(_) | Sense::Time(_) | Sense::Season(_)));
            let meaning = Meaning::Senses(senses);
            Some(Mention { meaning, ..mention })
        }
        Meaning::Note(_) | Meaning::Budget(_) => Some(mention),
    };
    mentions.into_iter().filter_map(smells).collect()
}

/// The words that tell of a memory, to the end of their clause.
fn scene(tokens: &[Token]) -> Option<Range<usize>> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let begins = |at: usize| match word(at) {
        "memory" | "memories" if word(at + 1) == "of" => Some(at + 2),
        "remind" | "reminds" | "reminded" if word(at + 1) == "me" && word(at + 2) == "of" && OWN.contains(&word(at + 3)) => {
            Some(at + 3)
        }
        _ => None,
    };
    let start = (0..tokens.len()).find_map(begins)?;
    let ends = |token: &Token| token.kind != Kind::Word || token.text == "but";
    let length = tokens[start.min(tokens.len())..].iter().position(ends).unwrap_or(tokens.len());
    Some(start..start + length)
}
