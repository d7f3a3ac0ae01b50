//! Okapi BM25 over the facts of the perfumes (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework").
//!
//! Words are stemmed (Snowball English); notes are terms of their own, so that all names of a note are the same term.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::{
    phrases::{Word, words},
    taxonomy::Taxonomy,
};

const K1: f32 = 1.2;
/// How much long documents are held back, 0 to 1, where nothing else is said.
const B: f32 = 0.75;

/// Words that say nothing about a perfume.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "d", "de", "des", "du", "for", "from", "i", "in", "is", "it", "l",
    "la", "le", "les", "me", "my", "of", "on", "or", "s", "that", "the", "this", "to", "very", "was", "with", "you",
];

/// An index of documents, each named by its place.
pub(crate) struct Bm25 {
    postings: HashMap<String, Vec<(usize, f32)>>,
    /// `k1 · (1 − b + b · length / mean length)` of each document.
    norms: Vec<f32>,
}

impl Bm25 {
    pub fn new(documents: &[Vec<String>]) -> Self {
        Self::with_length_penalty(documents, B)
    }

    /// As [`Self::new`], holding long documents back by another measure, 0 (not at all) to 1.
    pub fn with_length_penalty(documents: &[Vec<String>], b: f32) -> Self {
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (at, terms) in documents.iter().enumerate() {
            let mut counts: HashMap<&str, f32> = HashMap::new();
            for term in terms {
                *counts.entry(term).or_default() += 1.0;
            }
            for (term, count) in counts {
                postings.entry(term.to_owned()).or_default().push((at, count));
            }
        }
        let total: usize = documents.iter().map(Vec::len).sum();
        let mean = (total as f32 / documents.len().max(1) as f32).max(1.0);
        let norms = documents.iter().map(|terms| K1 * (1.0 - b + b * terms.len() as f32 / mean)).collect();
        Self { postings, norms }
    }

    /// The score of every document; 0 where no term is shared. A term counts once, however often it is asked for.
    pub fn scores(&self, query: &[String]) -> Vec<f32> {
        let mut scores = vec![0.0; self.norms.len()];
        let mut asked: Vec<&String> = query.iter().collect();
        asked.sort_unstable();
        asked.dedup();
        for postings in asked.into_iter().filter_map(|term| self.postings.get(term)) {
            let (all, with) = (self.norms.len() as f32, postings.len() as f32);
            let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            for &(at, count) in postings {
                scores[at] += rarity * count * (K1 + 1.0) / (count + self.norms[at]);
            }
        }
        scores
    }
}

/// The stems (Snowball English) of words, without those that say nothing.
pub(crate) fn telling_stems(stemmer: &Stemmer, words: &[Word]) -> Vec<String> {
    let telling = words.iter().filter(|word| !is_stop_word(&word.folded));
    telling.map(|word| stemmer.stem(&word.folded).into_owned()).collect()
}

/// Whether a folded word says nothing about a perfume.
pub(crate) fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.contains(&folded)
}

/// Turns texts into terms.
pub(super) struct Terms<'a> {
    taxonomy: &'a Taxonomy,
    stemmer: Stemmer,
}

impl<'a> Terms<'a> {
    pub fn new(taxonomy: &'a Taxonomy) -> Self {
        Self { taxonomy, stemmer: Stemmer::create(Algorithm::English) }
    }

    /// The stems of a text's words that tell something.
    pub fn stems(&self, text: &str) -> Vec<String> {
        telling_stems(&self.stemmer, &words(text))
    }

    /// The term that stands for a note under all of its names.
    pub fn note(&self, canonical: &str) -> Option<String> {
        self.taxonomy.index_of(canonical).map(note_term)
    }

    /// The stems of a text, and the notes that it names.
    pub fn of(&self, text: &str) -> Vec<String> {
        let mut terms = self.stems(text);
        terms.extend(self.taxonomy.mentions(text).into_iter().map(|mention| note_term(mention.note)));
        terms
    }
}

/// No stem looks like this.
fn note_term(note: usize) -> String {
    format!("#{note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_terms_and_short_documents_score_higher() {
        let documents: Vec<Vec<String>> = ["rose musk", "rose musk amber cedar", "rose oud"]
            .iter()
            .map(|d| d.split(' ').map(str::to_owned).collect())
            .collect();
        let index = Bm25::new(&documents);
        let scores = index.scores(&["oud".into(), "musk".into(), "musk".into()]);
        assert!(scores[2] > scores[0] && scores[0] > scores[1] && scores[1] > 0.0);
        assert_eq!(index.scores(&["tea".into()]), [0.0; 3]);
    }
}
