//! Where no note of a memory is in a perfume: what is of one kind with it, or near to the question in mood.

use super::{
    phrases::{fill, pick},
    quotes::{passage, quote},
    reasons::{Claim, Facts},
};
use crate::{
    domain::{fragrance::Fragrance, memory::ScentSource},
    store::extracted_scent::RememberedNote,
};

/// The cosine from which a passage is near enough to a question to be told of.
const NEAR: f64 = 0.2;
/// The cosine from which two notes of a category evoke the like.
const KIN: f32 = 0.45;

/// A note of the perfume that is of one kind with a remembered one.
pub(super) fn by_kin(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Option<Claim> {
    let recalled = &facts.found.recalled;
    let taxonomy = facts.snapshot.taxonomy();
    let category = |note: &str| taxonomy.get(note).map(|n| n.category);
    // One category holds stone and patchouli: kin are only those which evoke the like.
    let kin = |note: &str| {
        let of = category(note)?;
        (fragrance.notes.notes().map(|(_, n)| n))
            .filter(|n| category(n) == Some(of))
            .map(|n| (n, taxonomy.likeness(note, n)))
            .filter(|(_, likeness)| *likeness >= KIN)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(n, _)| n)
    };
    let weight = |n: &RememberedNote| n.confidence * recalled.relevance.get(&n.memory).copied().unwrap_or_default();
    let (note, carried) = (facts.remembered.iter())
        .filter_map(|(name, smelled)| Some((smelled, kin(name)?)))
        .flat_map(|(smelled, carried)| smelled.places.iter().map(move |note| (*note, carried)))
        .filter(|(note, _)| note.valence >= 0.0 && note.literal)
        .max_by(|(a, _), (b, _)| weight(a).total_cmp(&weight(b)).then_with(|| (&b.name, &b.memory).cmp(&(&a.name, &a.memory))))?;
    let quote = quote(recalled, note)?;
    let ways = [
        "Its {carried} is of one kind with the {note} of this: “{quote}”.",
        "“{quote}”: the {carried} here is a near relative of that {note}.",
    ];
    let way = pick(fragrance.id.as_str(), rank, &ways);
    let sentence = fill(way, &[("carried", carried), ("note", note.name.as_str()), ("quote", quote.text.as_str())]);
    Some((sentence, quote.evidence(Some(&note.name))))
}

/// The passage that is nearest to the question, of a memory that is not a bad one.
pub(super) fn by_mood(facts: &Facts) -> Option<Claim> {
    let chunk = facts.found.recalled.chunks.iter().find(|c| c.score >= NEAR && c.valence >= 0.0)?;
    let quote = passage(chunk)?;
    let what = match quote.source {
        ScentSource::Text | ScentSource::Person => "what you wrote",
        ScentSource::Audio => "what you said",
        ScentSource::Pdf => "your document",
        ScentSource::Image => "what your photo shows",
    };
    let sentence = format!("It is near in mood, more than in notes, to {what}: “{}”.", quote.text);
    Some((sentence, quote.evidence(None)))
}
