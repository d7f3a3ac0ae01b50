//! Notes that a sentence evokes without naming them: "we raked the hay into stacks" against "hay bales drying in a barn".
//!
//! A sentence is compared with the evocation of every note in two ways that fail differently: the cosine of the vectors,
//! which knows what words mean, and the words they share, rare ones first, which knows what the small model does not.
//! The weights and bounds were found on sentences of memories written for that purpose, where three of four notes found this
//! way were right and plain sentences found none.

use std::collections::{BTreeSet, HashMap};

use super::super::words::{Stems, words};
use crate::{
    catalog::{Taxonomy, VectorSearch},
    domain::notes::Note,
};

/// What shared words add to the cosine.
const WORDS: f64 = 0.05;

/// Weaker likeness is chance.
const BOUND: f64 = 0.48;

/// Notes this much weaker than the best of the sentence are echoes of it.
const BEHIND: f64 = 0.10;

/// The most notes that one sentence implies.
const PER_SENTENCE: usize = 4;

/// Shorter sentences evoke anything.
const SHORTEST: usize = 3;

/// A note that a sentence evokes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evoked {
    pub note: usize,
    /// 0 to 0.45: an implied note is a suggestion.
    pub confidence: f64,
}

/// The words of all evocations, ready to be compared with.
pub(super) struct Evocations {
    stems: Stems,
    /// By note: the stems of its name and evocation, and the root of the sum of their rarities.
    notes: Vec<(BTreeSet<String>, f64)>,
    rarity: HashMap<String, f64>,
}

impl Evocations {
    pub fn new(notes: &[Note]) -> Self {
        let stems = Stems::new();
        let sets: Vec<BTreeSet<String>> =
            notes.iter().map(|n| content_stems(&stems, &format!("{} {}", n.name, n.evocation))).collect();
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for stem in sets.iter().flatten() {
            *counts.entry(stem).or_default() += 1;
        }
        let idf = |count: usize| (notes.len().max(2) as f64 / (1 + count) as f64).ln().max(0.0);
        let rarity: HashMap<String, f64> = counts.into_iter().map(|(stem, count)| (stem.clone(), idf(count))).collect();
        let norm = |set: &BTreeSet<String>| set.iter().map(|s| rarity[s]).sum::<f64>().sqrt().max(1e-9);
        let notes = sets
            .into_iter()
            .map(|set| {
                let norm = norm(&set);
                (set, norm)
            })
            .collect();
        Self { stems, notes, rarity }
    }

    /// What a sentence with this vector evokes, strongest first.
    pub(super) fn of(&self, taxonomy: &Taxonomy, sentence: &str, vector: &[f32]) -> Vec<Evoked> {
        if words(sentence, 0).len() < SHORTEST {
            return Vec::new();
        }
        let said = content_stems(&self.stems, sentence);
        let cosines = taxonomy.evocations().scores(vector);
        let score = |note: usize| f64::from(cosines[note]) + WORDS * self.shared(note, &said);
        let mut scored: Vec<(usize, f64)> = (0..cosines.len()).map(|n| (n, score(n))).filter(|(_, s)| *s >= BOUND).collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let bound = scored.first().map_or(BOUND, |(_, best)| best - BEHIND);
        scored.retain(|(_, score)| *score >= bound);
        scored.truncate(PER_SENTENCE);
        scored.into_iter().map(|(note, score)| Evoked { note, confidence: (score - BOUND + 0.25).min(0.45) }).collect()
    }

    fn shared(&self, note: usize, said: &BTreeSet<String>) -> f64 {
        let (stems, norm) = &self.notes[note];
        stems.intersection(said).map(|s| self.rarity[s]).sum::<f64>() / norm
    }
}

/// Words that say nothing of a scent.
const EMPTY: &str = "the and with from into over under after before for its was are were one that this where when while between \
     near down out off their his her your then than like very some each all not just still being been has have \
     had through around against above below you our they she them smell smells smelled scent scents note notes \
     fragrance perfume perfumes";

fn content_stems(stems: &Stems, text: &str) -> BTreeSet<String> {
    let words = words(text, 0);
    words.iter().filter(|w| w.form.len() > 2 && !w.is_one_of(EMPTY)).map(|w| stems.of(&w.form)).collect()
}
