//! The answer as a whole: a short paragraph, sentence by sentence.

use super::{
    phrases::{fill, list, pick},
    reasons::Facts,
    recall::remembered,
};
use crate::{
    advisor::{
        diversify::{ANSWERS, Choice},
        rank::missing,
        verdict::Verdict,
        veto::{covers, in_category},
    },
    domain::{fragrance::Fragrance, ids::MemoryId, intent::Intent},
    store::extracted_scent::RememberedNote,
};

/// The answer in words, by what may be said in other words and what must be said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraph {
    /// What was understood, and what comes first.
    pub opening: Vec<String>,
    /// What is scarce or not known: the truth about the choice, whoever words the rest.
    pub caveats: Vec<String>,
    /// What the memories had to do with it; empty where nothing is suggested.
    pub memories: String,
    /// The memory that is called by its title.
    pub named: Option<MemoryId>,
}

impl Paragraph {
    /// All of it, sentence by sentence.
    pub fn sentences(self) -> Vec<String> {
        let all = self.opening.into_iter().chain(self.caveats).chain([self.memories]);
        all.filter(|sentence| !sentence.is_empty()).collect()
    }
}

/// The sentences of the answer.
pub fn answer(facts: &Facts, verdict: &Verdict, choices: &[Choice]) -> Paragraph {
    let (mut opening, mut named) = (vec![understood(facts)], None);
    if let Some(choice) = choices.first() {
        let (sentence, memory) = first(facts, &facts.snapshot.fragrances()[choice.scored.index]);
        opening.push(sentence);
        named = memory;
    }
    let mut caveats: Vec<String> = unheard_of(facts);
    caveats.extend(scarcity(facts, verdict));
    if verdict.lacks_anchor_price {
        caveats.push("What the perfume you named costs is not known here, so I could not tell what is cheaper.".into());
    }
    let unpriced = choices.iter().filter(|c| facts.snapshot.fragrances()[c.scored.index].price.is_none()).count();
    if facts.limited && unpriced > 0 {
        let prices = if unpriced == 1 { "one price is" } else { "some prices are" };
        caveats.push(format!("Of these, {prices} not known here; what is of unknown price comes last."));
    }
    Paragraph { opening, caveats, memories: memories(facts, choices), named }
}

/// What the question was taken to mean.
fn understood(facts: &Facts) -> String {
    let labels: Vec<String> = facts.intent.chips().into_iter().map(|chip| chip.label).collect();
    if labels.is_empty() {
        return "The question names no note, mood or limit that I know, so I went by the sense of its words.".into();
    }
    format!("I took your question to mean: {}.", list(&labels))
}

/// From how much a memory has to do with a question, it may be named as a reason beside what was asked for.
const TO_THE_POINT: f64 = 0.6;

/// Whether a remembered note is to the point: all memories are where nothing was wished for.
fn is_to_the_point(facts: &Facts, note: &RememberedNote) -> bool {
    let near = facts.found.recalled.relevance.get(&note.memory).copied().unwrap_or_default();
    let asks = facts.intent.like.is_some() || facts.intent.clone().wishes() != Intent::default();
    !asks || near >= TO_THE_POINT || facts.intent.wanted_notes.contains(&note.name)
}

/// What comes first, with the memory that is named as a reason.
fn first(facts: &Facts, fragrance: &Fragrance) -> (String, Option<MemoryId>) {
    let (name, brand) = (fragrance.name.as_str(), fragrance.brand.as_str());
    if let Some((note, _, quote)) = remembered(facts, fragrance, &[])
        && is_to_the_point(facts, note)
    {
        let ways = [
            "{name} by {brand} comes first, not least for the {note} of your memory “{title}”.",
            "Nearest is {name} by {brand}, whose {note} meets your memory “{title}”.",
        ];
        let values = [("name", name), ("brand", brand), ("note", note.name.as_str()), ("title", quote.title.as_str())];
        return (fill(pick(fragrance.id.as_str(), 7, &ways), &values), Some(quote.memory));
    }
    let accords = list(&fragrance.accords.iter().take(3).collect::<Vec<_>>());
    let ways = [
        "{name} by {brand} comes first: {accords}.",
        "Nearest to that is {name} by {brand}: {accords}.",
        "I would begin with {name} by {brand}, for its {accords} character.",
    ];
    (fill(pick(fragrance.id.as_str(), 7, &ways), &[("name", name), ("brand", brand), ("accords", &accords)]), None)
}

/// How many notes are named of those that come nearest to one that nothing here carries.
const NEXT_BEST: usize = 2;

/// What was asked for and no perfume here carries, with what comes nearest to it.
fn unheard_of(facts: &Facts) -> Vec<String> {
    let (intent, taxonomy) = (facts.intent, facts.snapshot.taxonomy());
    let is_refused = |note: &str| {
        intent.unwanted_notes.iter().any(|refused| covers(refused, note))
            || taxonomy.get(note).is_some_and(|note| intent.unwanted_categories.iter().any(|kind| in_category(*kind, note)))
    };
    let sentence = |(note, mut nearest): (&str, Vec<&str>)| {
        nearest.retain(|note| !is_refused(note));
        let unknown = format!("No perfume here is known to smell of {note}");
        match &nearest[..nearest.len().min(NEXT_BEST)] {
            [] => format!("{unknown}."),
            [one] => format!("{unknown}; {one} comes nearest to it."),
            some => format!("{unknown}; {} come nearest to it.", list(some)),
        }
    };
    missing(facts.snapshot, &facts.intent.wanted_notes).into_iter().map(sentence).collect()
}

/// Where little is left: which law leaves so little.
fn scarcity(facts: &Facts, verdict: &Verdict) -> Option<String> {
    if verdict.sure >= ANSWERS {
        return None;
    }
    let harshest = match verdict.alone.first() {
        Some((law, 1)) => format!("{law} alone keeps out one more"),
        Some((law, count)) => format!("{law} alone keeps out {count} more"),
        None => "no condition alone is to blame, but all of them together".into(),
    };
    let known = if facts.limited { " of known price" } else { "" };
    Some(match verdict.sure {
        0 => format!("No perfume{known} meets all of that: {harshest}. Take one condition off, and ask again."),
        1 => format!("Only one perfume{known} meets all of that: {harshest}."),
        n => format!("Only {n} perfumes{known} meet all of that: {harshest}."),
    })
}

/// What the memories had to do with it.
fn memories(facts: &Facts, choices: &[Choice]) -> String {
    if choices.is_empty() {
        return String::new();
    }
    if facts.found.recalled.is_empty() {
        return "There are no memories of yours yet, so this comes from the question alone; write one down, and the next answer \
                will know you better."
            .into();
    }
    let met = choices.iter().filter(|c| remembered(facts, &facts.snapshot.fragrances()[c.scored.index], &[]).is_some()).count();
    match met {
        0 => "None of these meets a note of your memories; the question weighed more this time.".into(),
        1 => "One of them meets a note of your memories.".into(),
        n if n == choices.len() => "Each of them meets a note of your memories.".into(),
        n => {
            format!("{} of them meet notes of your memories.", ["", "", "Two", "Three", "Four", "Five"].get(n).unwrap_or(&"Some"))
        }
    }
}
