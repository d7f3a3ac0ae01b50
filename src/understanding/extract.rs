//! The fifth stage: the scents that the words name or evoke, each with its place and how sure that is.

mod clause;
mod context;
mod cues;
mod figure;
mod hints;
mod implied;
mod kinship;
mod literal;
mod negation;
mod palette;
mod rank;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use anyhow::Result;

use super::enhance::Feelings;
use crate::catalog::{Snapshot, Taxonomy};

use clause::{Sentence, reaching};
use implied::Evocations;
use literal::{Named, confidence, named};
use rank::{Ranked, Ranking};

/// A note of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundNote {
    /// Its place in the taxonomy.
    pub note: usize,
    pub literal: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// Where it is named or evoked, in bytes; none if only the title names it.
    pub bytes: Option<Range<usize>>,
    /// How the clause around it feels, −1 to 1; none if it says nothing of that.
    pub valence: Option<f64>,
}

/// A perfume that a text names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundFragrance {
    /// Its place in the catalog: of several concentrations the best known.
    pub fragrance: usize,
    pub confidence: f64,
    pub bytes: Range<usize>,
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// Literal ones first, surest first.
    pub notes: Vec<FoundNote>,
    pub fragrances: Vec<FoundFragrance>,
    /// The notes that the text says are not there, by their places.
    pub denied: Vec<usize>,
    /// What a perfume that the text describes would hold.
    pub ranked: Ranked,
}

/// What texts are read with, made for one taxonomy.
pub(super) struct Senses {
    evocations: Evocations,
    ranking: Ranking,
}

impl Senses {
    pub fn new(taxonomy: &Arc<Taxonomy>) -> Result<Self> {
        Ok(Self { evocations: Evocations::new(taxonomy.notes()), ranking: Ranking::new(taxonomy)? })
    }
}

/// A text to be looked at, with the vectors of its sentences as far as they have some.
pub(super) struct Material<'a> {
    pub title: Option<&'a str>,
    pub text: &'a str,
    pub sentences: &'a [Range<usize>],
    pub vectors: &'a [Vec<f32>],
}

/// A clause whose feeling is weaker says nothing of the scent in it.
const CLEAR_FEELING: f64 = 0.25;

/// How sure it is that a named perfume is meant.
const NAMED_FRAGRANCE: f64 = 0.9;

/// The most notes that a text implies in all.
const MOST_IMPLIED: usize = 16;

pub(super) fn extract(snapshot: &Snapshot, senses: &Senses, feelings: &Feelings, material: &Material) -> Found {
    let taxonomy = snapshot.taxonomy();
    let sentences: Vec<Sentence> = material.sentences.iter().map(|s| Sentence::new(material.text, s.clone())).collect();
    let fragrances = fragrances(snapshot, material.text, &sentences);
    let taken: Vec<Range<usize>> = fragrances.iter().map(|f| f.bytes.clone()).collect();
    let said = named(taxonomy, material.text, &sentences, &taken);
    let ranked = senses.ranking.of(taxonomy, material, &sentences, &said);
    let mut notes = literal_notes(taxonomy, feelings, material.text, &sentences, &said);
    // Lists of notes are a second opinion, on notes that they speak of.
    for note in &mut notes {
        if let Some(likely) = senses.ranking.likelihood(&ranked, note.note) {
            note.confidence = f64::midpoint(note.confidence, likely);
        }
    }
    for named in title_notes(taxonomy, material.title) {
        let known = notes.iter().any(|n| n.note == named.note) || said.iter().any(|s| s.note == named.note && s.negated);
        if !known {
            let forms = [&material.title.unwrap_or_default()[named.bytes]];
            let confidence = confidence(&taxonomy.notes()[named.note].name, &forms);
            notes.push(FoundNote { note: named.note, literal: true, confidence, bytes: None, valence: None });
        }
    }
    sort(&mut notes);
    let implied = implied_notes(taxonomy, &senses.evocations, feelings, &sentences, &said, &notes, material.vectors);
    notes.extend(implied);
    let denied = said.iter().filter(|named| named.negated).map(|named| named.note).collect();
    Found { notes, fragrances, denied, ranked }
}

fn sort(notes: &mut [FoundNote]) {
    notes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.note.cmp(&b.note)));
}

fn fragrances(snapshot: &Snapshot, text: &str, sentences: &[Sentence]) -> Vec<FoundFragrance> {
    let mut found: Vec<FoundFragrance> = Vec::new();
    for (candidates, bytes) in snapshot.fragrance_mentions(text) {
        let sentence = reaching(sentences, &bytes).map(|at| &sentences[at]).filter(|s| s.bytes.start <= bytes.start);
        let words = sentence.and_then(|s| s.range_of(&bytes).map(|w| (s, w)));
        let negated = words.is_some_and(|(s, w)| negation::is_negated(s, &w));
        if let Some(&fragrance) = candidates.first()
            && !negated
            && found.iter().all(|f| f.fragrance != fragrance)
        {
            found.push(FoundFragrance { fragrance, confidence: NAMED_FRAGRANCE, bytes });
        }
    }
    found
}

fn literal_notes(taxonomy: &Taxonomy, feelings: &Feelings, text: &str, sentences: &[Sentence], said: &[Named]) -> Vec<FoundNote> {
    let mut by_note: BTreeMap<usize, Vec<&Named>> = BTreeMap::new();
    for named in said.iter().filter(|n| !n.negated) {
        by_note.entry(named.note).or_default().push(named);
    }
    by_note
        .into_iter()
        .map(|(note, places)| {
            let felt: Vec<f64> = places.iter().filter_map(|p| feeling(feelings, sentences, &p.bytes)).collect();
            let valence = (!felt.is_empty()).then(|| felt.iter().sum::<f64>() / felt.len() as f64);
            let forms: Vec<&str> = places.iter().map(|p| &text[p.bytes.clone()]).collect();
            let confidence = confidence(&taxonomy.notes()[note].name, &forms);
            FoundNote { note, literal: true, confidence, bytes: Some(places[0].bytes.clone()), valence }
        })
        .collect()
}

/// How the clause around a place feels.
fn feeling(feelings: &Feelings, sentences: &[Sentence], bytes: &Range<usize>) -> Option<f64> {
    let sentence = &sentences[reaching(sentences, bytes)?];
    let valence = feelings.valence(sentence.clause(&sentence.range_of(bytes)?));
    (valence.abs() >= CLEAR_FEELING).then_some(valence)
}

fn title_notes(taxonomy: &Taxonomy, title: Option<&str>) -> Vec<Named> {
    let title = title.unwrap_or_default();
    let sentence = [Sentence::new(title, 0..title.len())];
    named(taxonomy, title, &sentence, &[]).into_iter().filter(|n| !n.negated).collect()
}

fn implied_notes(
    taxonomy: &Taxonomy,
    evocations: &Evocations,
    feelings: &Feelings,
    sentences: &[Sentence],
    said: &[Named],
    literal: &[FoundNote],
    vectors: &[Vec<f32>],
) -> Vec<FoundNote> {
    let mut best: BTreeMap<usize, FoundNote> = BTreeMap::new();
    let named: BTreeSet<usize> = said.iter().map(|named| named.note).collect();
    for (sentence, vector) in sentences.iter().zip(vectors) {
        // What a sentence denies, it evokes as well: nothing is read into it.
        if vector.is_empty() || said.iter().any(|n| n.negated && sentence.bytes.contains(&n.bytes.start)) {
            continue;
        }
        for evoked in evocations.of(taxonomy, sentence.text, vector) {
            let is_said = literal.iter().any(|n| n.note == evoked.note) || named.contains(&evoked.note);
            if is_said || is_variant(taxonomy, evoked.note, &named) {
                continue;
            }
            let bytes = sentence.bytes.clone();
            let valence = feelings.valence(&sentence.words);
            let valence = (valence.abs() >= CLEAR_FEELING).then_some(valence);
            let found =
                FoundNote { note: evoked.note, literal: false, confidence: evoked.confidence, bytes: Some(bytes), valence };
            let kept = best.entry(evoked.note).or_insert_with(|| found.clone());
            if found.confidence > kept.confidence {
                *kept = found;
            }
        }
    }
    let mut implied: Vec<FoundNote> = best.into_values().collect();
    sort(&mut implied);
    implied.truncate(MOST_IMPLIED);
    implied
}

/// Whether a note is only another kind of one that is named, or denied: who speaks of a rose does not imply rose water.
fn is_variant(taxonomy: &Taxonomy, note: usize, said: &BTreeSet<usize>) -> bool {
    let words = |n: usize| taxonomy.notes()[n].name.split(' ');
    said.iter().any(|&named| words(named).all(|w| words(note).any(|x| x == w)))
}

#[cfg(test)]
mod tests;
