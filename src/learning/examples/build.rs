//! An answer as an example.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::redact::{Known, redact};
use crate::{
    catalog::Snapshot,
    domain::{
        account::User,
        answer::Evidence,
        fragrance::Fragrance,
        ids::{ExampleId, QueryId},
        text::sentences,
        training::{Example, ExampleSource},
    },
    learning::form,
    store::{
        query_log::{QueryRow, RecommendsRow},
        training_example::{ExampleRow, NewExample},
    },
};

/// From this quality on, 0 to 1, an answer is worth learning from.
pub const BEST_WORTH: f64 = 0.6;
/// What a dislike takes from an answer's quality.
const DISLIKE: f64 = 0.2;
/// What words of the person's own memories add.
const QUOTED: f64 = 0.1;

/// An example that is not kept yet.
pub struct Built {
    pub prompt: Value,
    pub completion: Value,
    pub quality_score: f64,
    pub source: ExampleSource,
    pub memories: BTreeSet<String>,
}

impl Built {
    pub fn into_row(self, id: ExampleId, query: QueryId) -> NewExample {
        NewExample {
            id,
            query,
            prompt: self.prompt.to_string(),
            completion: self.completion.to_string(),
            quality_score: self.quality_score,
            source: self.source,
            memories: self.memories.into_iter().collect(),
        }
    }
}

/// How good an answer was, 0 to 1, and what says so. None if nothing speaks for it.
pub fn quality(rating: Option<u8>, suggestions: &[RecommendsRow]) -> Option<(f64, ExampleSource)> {
    let bought = suggestions.iter().any(|s| s.purchased).then_some((0.9, ExampleSource::Purchased));
    let rated = match rating {
        Some(5) => Some((0.9, ExampleSource::Rating)),
        Some(4) => Some((0.75, ExampleSource::Rating)),
        Some(_) => Some((0.2, ExampleSource::Rating)),
        None => None,
    };
    let likes = suggestions.iter().filter(|s| s.liked).count();
    let liked = (likes > 0).then(|| (0.6 + 0.05 * likes.min(4) as f64, ExampleSource::Liked));
    // What the person said of the whole answer counts over what they said of its parts, a purchase over all.
    let (score, source) = bought.or(rated).or(liked)?;
    let dislikes = suggestions.iter().filter(|s| s.disliked && !s.purchased).count();
    let quoted = suggestions.iter().any(|s| s.evidence.iter().any(|e| e.quote.is_some()));
    let score = score - DISLIKE * dislikes as f64 + if quoted { QUOTED } else { 0.0 };
    Some((score.clamp(0.0, 1.0), source))
}

/// Makes an example of an answer. None if nothing speaks for it, or it holds nothing to learn from.
pub fn build(snapshot: &Snapshot, person: &User, row: &QueryRow, suggestions: &[RecommendsRow]) -> Option<Built> {
    let (quality_score, source) = quality(row.rating, suggestions)?;
    let candidates: Vec<(&RecommendsRow, &Fragrance)> =
        suggestions.iter().filter_map(|s| Some((s, snapshot.get(&s.fragrance)?.as_ref()))).collect();
    if candidates.len() < 2 {
        return None;
    }
    let names: Vec<String> = candidates.iter().map(|(_, f)| format!("{} {}", f.full_name(), f.perfumers.join(" "))).collect();
    let houses: BTreeSet<&str> = snapshot.fragrances().iter().map(|f| f.brand.as_str()).collect();
    let notes = snapshot.taxonomy().notes().iter().map(|note| note.name.as_str());
    let known = Known::new(&person.name, &person.email, notes, houses, names.iter().map(String::as_str));

    // All words of the person go through the rules together, so that a name that is found in one is taken out of all.
    let quotes: Vec<&str> = candidates.iter().flat_map(|(s, _)| s.evidence.iter().filter_map(|e| e.quote.as_deref())).collect();
    let reasons: Vec<&str> = candidates.iter().map(|(s, _)| s.reasoning.as_str()).collect();
    let texts: Vec<&str> = [row.text.as_str()].into_iter().chain(quotes.iter().copied()).chain(reasons).collect();
    let mut clean = redact(&texts, &known).into_iter();
    let question = clean.next()?;
    let mut passages: Vec<String> = clean.by_ref().take(quotes.len()).collect();
    let reasons: Vec<String> = clean.collect();
    let told_quotes = passages.clone();
    passages.sort();
    passages.dedup();

    let mut memories = BTreeSet::new();
    let (mut offered, mut said, mut quote) = (Vec::new(), Vec::new(), told_quotes.into_iter());
    for (((shown, fragrance), reason), number) in candidates.iter().zip(&reasons).zip(1..) {
        let id = format!("c{number}");
        let mut facts = facts_of(fragrance);
        let mut evidence = Vec::new();
        for Evidence { memory_id, quote: words, fact, .. } in &shown.evidence {
            memories.extend(memory_id.iter().map(|id| id.as_str().to_owned()));
            if words.is_some() {
                let words = quote.next()?;
                let place = passages.iter().position(|passage| *passage == words)? + 1;
                evidence.push(json!({ "id": format!("m{place}"), "quote": words }));
            } else if let Some(fact) = fact {
                let place = facts.iter().position(|f| f == fact).unwrap_or_else(|| {
                    facts.push(fact.clone());
                    facts.len() - 1
                });
                evidence.push(json!({ "id": format!("{id}.f{}", place + 1), "quote": "" }));
            }
        }
        let parts: Vec<&str> =
            sentences(reason).into_iter().map(|range| reason[range].trim()).filter(|s| !s.is_empty()).collect();
        for (at, text) in parts.iter().enumerate() {
            // The local writer gives each sentence one piece of evidence.
            let own = if parts.len() == evidence.len() { vec![evidence[at].clone()] } else { evidence.clone() };
            said.push(json!({ "about": id, "text": text, "evidence": own }));
        }
        let facts: Vec<Value> =
            facts.into_iter().zip(1..).map(|(fact, n)| json!({ "id": format!("{id}.f{n}"), "fact": fact })).collect();
        offered.push(json!({ "ref": id, "name": fragrance.full_name(), "facts": facts }));
    }
    if said.is_empty() {
        return None;
    }
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(rank_of(candidates[*at].0)));
    let order: Vec<String> = order.into_iter().map(|at| format!("c{}", at + 1)).collect();
    let passages: Vec<Value> =
        passages.into_iter().zip(1..).map(|(text, n)| json!({ "id": format!("m{n}"), "words_of_the_person": text })).collect();
    Some(Built {
        prompt: json!({ "question": question, "candidates": offered, "passages_of_memories": passages }),
        completion: json!({ "order": form::by_place(&order), "sentences": said }),
        quality_score,
        source,
        memories,
    })
}

/// Where a perfume belongs by what the person made of it.
fn rank_of(shown: &RecommendsRow) -> i8 {
    match (shown.purchased, shown.liked, shown.disliked) {
        (true, _, _) => 2,
        (_, true, _) => 1,
        (_, _, true) => -1,
        _ => 0,
    }
}

fn facts_of(fragrance: &Fragrance) -> Vec<String> {
    let name = fragrance.full_name();
    let notes: Vec<&str> = fragrance.notes.notes().map(|(_, note)| note).collect();
    let mut facts = Vec::new();
    if !notes.is_empty() {
        facts.push(format!("{name} has {}.", notes.join(", ")));
    }
    if !fragrance.accords.is_empty() {
        facts.push(format!("The accords of {name} are {}.", fragrance.accords.join(", ")));
    }
    if let Some(price) = &fragrance.price {
        facts.push(format!("{name} costs about {}.", price.text()));
    }
    facts
}

/// An example as people read it.
pub fn readable(row: ExampleRow) -> Example {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (prompt, completion) = (parsed(&row.prompt), parsed(&row.completion));
    let sentences = completion["sentences"].as_array().into_iter().flatten();
    Example {
        id: row.id,
        question: prompt["question"].as_str().unwrap_or_default().to_owned(),
        sentences: sentences.filter_map(|s| s["text"].as_str().map(str::to_owned)).collect(),
        prompt: row.prompt,
        completion: row.completion,
        quality_score: row.quality_score,
        source: row.source,
        included_in_training: row.included_in_training,
        created_at: row.created_at,
    }
}
