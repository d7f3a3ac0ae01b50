//! What a question names, in order: notes, houses, perfumes, and everything that the lexicon knows.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{
    budget::budget,
    circumstances::CIRCUMSTANCES,
    polarity::{Cue, cue_at},
    senses::Sense,
    smells::SMELLS,
    tokens::{Kind, Token},
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

/// The longest phrase of the lexicon, in words.
const LONGEST: usize = 6;

static PHRASES: LazyLock<HashMap<&'static str, Vec<Sense>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<Sense>> = HashMap::new();
    for (sense, words) in SMELLS.iter().chain(CIRCUMSTANCES) {
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
    let houses = snapshot.brand_mentions(text);
    for (indexes, bytes) in snapshot.fragrance_mentions(text) {
        // A perfume whose name is that of a house or a part of it: the house is meant.
        if !houses.iter().any(|(_, house)| house.start <= bytes.start && bytes.end <= house.end) {
            take(Meaning::Fragrance(indexes), covered(tokens, &bytes));
        }
    }
    for (brand, bytes) in houses {
        take(Meaning::Brand(brand), covered(tokens, &bytes));
    }
    if let Some((budget, words)) = budget(tokens, &vec![false; tokens.len()]) {
        take(Meaning::Budget(budget), words);
    }
    let taxonomy = snapshot.taxonomy();
    let named = taxonomy.mentions(text).into_iter().filter_map(|m| {
        Some(Mention { meaning: Meaning::Note(taxonomy.notes().get(m.note)?.name.clone()), words: covered(tokens, &m.bytes) })
    });
    // The longer phrase wins; of two of one length a smell of the lexicon, then a note that is refused (`no beach`), then
    // the rest of the lexicon.
    let (smells, others): (Vec<Mention>, Vec<Mention>) = phrases(tokens).into_iter().partition(|m| is_smell(&m.meaning));
    let mut others: Vec<Mention> = smells.into_iter().chain(refused(snapshot, tokens)).chain(others).chain(named).collect();
    others.sort_by_key(|m| std::cmp::Reverse(m.words.len()));
    for mention in others {
        take(mention.meaning, mention.words);
    }
    found.sort_by_key(|m| m.words.start);
    found
}

fn is_smell(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Senses(senses) => matches!(senses.first(), Some(Sense::Accord(_) | Sense::Kind(..) | Sense::Family(_))),
        _ => false,
    }
}

/// Words between a sign and what it refuses: `without any trace of`.
const BETWEEN: &[&str] =
    &["any", "the", "a", "an", "of", "trace", "traces", "hint", "hints", "touch", "kind", "note", "notes", "with", "like"];

/// The longest name of a note, in words.
const LONGEST_NAME: usize = 4;

/// What follows a refusal is a note if any note is called so, also where the word has an everyday meaning: `no meadow`.
fn refused(snapshot: &Snapshot, tokens: &[Token]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut refusing = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let words: Vec<&str> =
            tokens[at..].iter().take(LONGEST).take_while(|t| t.kind == Kind::Word).map(|t| t.text.as_str()).collect();
        let (end, opens) = match (token.kind, cue_at(&words)) {
            (Kind::Stop | Kind::Dash, _) => {
                refusing = false;
                (at + 1, false)
            }
            (Kind::Word, Some((cue, length))) => {
                refusing = matches!(cue, Cue::Decline | Cue::DeclineOne | Cue::Except);
                (at + length, refusing)
            }
            // A list goes on.
            _ => (at + 1, refusing && (token.kind == Kind::Comma || matches!(token.text.as_str(), "and" | "or" | "nor"))),
        };
        at = end;
        if opens {
            let skipped = tokens[end..].iter().take_while(|t| BETWEEN.contains(&t.text.as_str())).count();
            found.extend(named(snapshot, tokens, end + skipped));
        }
    }
    found
}

/// The note whose name starts at a token.
fn named(snapshot: &Snapshot, tokens: &[Token], start: usize) -> Option<Mention> {
    let words: Vec<&str> =
        tokens.get(start..)?.iter().take(LONGEST_NAME).take_while(|t| t.kind == Kind::Word).map(|t| t.text.as_str()).collect();
    (1..=words.len()).rev().find_map(|length| {
        let note = snapshot.taxonomy().resolve(&words[..length].join(" "))?;
        Some(Mention { meaning: Meaning::Note(note.name.clone()), words: start..start + length })
    })
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
