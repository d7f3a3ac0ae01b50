//! What a question names, in order: notes, houses, perfumes, and everything that [`SENSES`] knows.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{
    budget::budget,
    senses::{SENSES, Sense},
    tokens::Token,
};
use crate::{catalog::Snapshot, domain::intent::Budget};

/// What a passage means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A note's canonical name.
    Note(String),
    Brand(String),
    /// Indexes into the snapshot: the concentrations of one perfume, best known first.
    Fragrance(Vec<usize>),
    Budget(Budget),
    Senses(Vec<Sense>),
}

/// A passage with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mention {
    pub meaning: Meaning,
    /// The tokens that it takes up.
    pub words: Range<usize>,
}

/// The longest phrase of [`SENSES`], in words.
const LONGEST: usize = 5;

static PHRASES: LazyLock<HashMap<&'static str, Vec<Sense>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<Sense>> = HashMap::new();
    for (sense, words) in SENSES {
        for phrase in *words {
            phrases.entry(phrase).or_default().push(*sense);
        }
    }
    phrases
});

/// Everything that is named, in order, without overlaps. Money and proper names come first, then the longest phrase.
pub(super) fn mentions(snapshot: &Snapshot, text: &str, tokens: &[Token]) -> Vec<Mention> {
    let mut taken = vec![false; tokens.len()];
    let mut found: Vec<Mention> = Vec::new();
    let mut take = |meaning: Meaning, words: Range<usize>| {
        if !words.is_empty() && !taken[words.clone()].contains(&true) {
            taken[words.clone()].fill(true);
            found.push(Mention { meaning, words });
        }
    };
    for (indexes, bytes) in snapshot.fragrance_mentions(text) {
        take(Meaning::Fragrance(indexes), covered(tokens, &bytes));
    }
    for (brand, bytes) in snapshot.brand_mentions(text) {
        take(Meaning::Brand(brand), covered(tokens, &bytes));
    }
    if let Some((budget, words)) = budget(tokens, &vec![false; tokens.len()]) {
        take(Meaning::Budget(budget), words);
    }
    let taxonomy = snapshot.taxonomy();
    let mut others: Vec<Mention> = phrases(tokens);
    others.extend(taxonomy.mentions(text).into_iter().filter_map(|m| {
        Some(Mention { meaning: Meaning::Note(taxonomy.notes().get(m.note)?.name.clone()), words: covered(tokens, &m.bytes) })
    }));
    // The longer phrase wins; of two of one length the first, which is the one from the table.
    others.sort_by_key(|m| std::cmp::Reverse(m.words.len()));
    for mention in others {
        take(mention.meaning, mention.words);
    }
    found.sort_by_key(|m| m.words.start);
    found
}

fn phrases(tokens: &[Token]) -> Vec<Mention> {
    let mut found = Vec::new();
    for start in 0..tokens.len() {
        for end in start + 1..=(start + LONGEST).min(tokens.len()) {
            let words: Vec<&str> = tokens[start..end].iter().map(|t| t.text.as_str()).collect();
            if let Some(senses) = PHRASES.get(words.join(" ").as_str()) {
                found.push(Mention { meaning: Meaning::Senses(senses.clone()), words: start..end });
            }
        }
    }
    found
}

/// The tokens that lie in a passage of the text, also in part.
fn covered(tokens: &[Token], bytes: &Range<usize>) -> Range<usize> {
    let start = tokens.partition_point(|t| t.bytes.end <= bytes.start);
    let end = tokens.partition_point(|t| t.bytes.start < bytes.end);
    start..end.max(start)
}
