//! The vocabulary of notes: which words name which note.

use std::{collections::HashMap, ops::Range};

use anyhow::{Result, ensure};

use super::{
    accords::ACCORDS,
    everyday::{self, Reading},
    inflection::forms,
    phrases::{Phrases, Word, bytes_of, key, words},
    qualifiers,
    vectors::{FlatVectors, dot},
};
use crate::domain::notes::{Category, Note};

/// All notes, the words that name them, and what they evoke.
pub struct Taxonomy {
    notes: Vec<Note>,
    by_name: HashMap<String, usize>,
    phrases: Phrases<usize>,
    /// For each note, the notes that are kinds of it.
    kinds: Vec<Vec<usize>>,
    evocations: FlatVectors,
}

/// A note that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteMention {
    /// Index into [`Taxonomy::notes`].
    pub note: usize,
    /// Where, in bytes of the original text.
    pub bytes: Range<usize>,
}

impl Taxonomy {
    /// Made of notes. Where two share a name, the first has it.
    pub fn new(notes: Vec<Note>) -> Self {
        let mut phrases = Phrases::default();
        for (at, note) in notes.iter().enumerate() {
            for name in std::iter::once(&note.name).chain(&note.synonyms) {
                phrases.entry(name, || at);
            }
        }
        // Inflected forms never displace a name.
        for (at, note) in notes.iter().enumerate() {
            for name in std::iter::once(&note.name).chain(&note.synonyms) {
                for form in forms(&key(name)).into_iter().filter(|form| !ACCORDS.contains(&form.as_str())) {
                    phrases.entry(&form, || at);
                }
            }
        }
        let by_name: HashMap<String, usize> = notes.iter().enumerate().map(|(at, note)| (note.name.clone(), at)).collect();
        let kinds = kinds(&notes, &by_name);
        Self { notes, by_name, phrases, kinds, evocations: FlatVectors::default() }
    }

    /// With the vectors of the notes' [`evocation_text`]s, in their order.
    pub fn with_evocations(self, evocations: FlatVectors) -> Result<Self> {
        ensure!(evocations.len() == self.notes.len(), "{} notes have {} vectors", self.notes.len(), evocations.len());
        Ok(Self { evocations, ..self })
    }

    /// All notes. Elsewhere they are named by their place in this list.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The place of a note, by its canonical name.
    pub fn index_of(&self, canonical: &str) -> Option<usize> {
        self.by_name.get(canonical).copied()
    }

    /// A note by its canonical name.
    pub fn get(&self, canonical: &str) -> Option<&Note> {
        self.index_of(canonical).map(|at| &self.notes[at])
    }

    /// The note that goes by a name: canonical or synonym, however it is accented, inflected and qualified.
    pub fn resolve(&self, name: &str) -> Option<&Note> {
        let key = key(name);
        let known = |key: &str| self.phrases.get(key).copied();
        known(&key).or_else(|| qualifiers::without(&key).iter().find_map(|key| known(key))).map(|at| &self.notes[at])
    }

    /// Every name that a note goes by, folded, with the note.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &Note)> {
        self.phrases.iter().map(|(name, &at)| (name, &self.notes[at]))
    }

    /// Whether these folded words are a name of a note, as they stand.
    pub(super) fn is_name(&self, folded: &str) -> bool {
        self.phrases.get(folded).is_some()
    }

    /// Every note that the text names, longest match first, in order, with plurals and synonyms; negation is not its business.
    pub fn mentions(&self, text: &str) -> Vec<NoteMention> {
        self.mentions_in(&words(text))
    }

    pub(super) fn mentions_in(&self, words: &[Word]) -> Vec<NoteMention> {
        let read = |phrase: &str, range: &Range<usize>| everyday::reading(words, range.start, range.end, phrase);
        let found = self.phrases.find(words, |phrase, _, range| read(phrase, &range) != Reading::Other);
        let mut counts: Vec<bool> = found
            .iter()
            .map(|(_, range)| {
                let phrase = words[range.clone()].iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
                read(&phrase, range) == Reading::Note
            })
            .collect();
        // "figs, dates and honey": a row of notes carries a word of two meanings, from either side.
        let neighbors = |at: usize| {
            let between = &words[found[at].1.end..found[at + 1].1.start];
            let next = &words[found[at + 1].1.start];
            between.len() <= 3
                && between.iter().all(everyday::joins)
                && !between.iter().chain([next]).any(|word| word.starts_sentence)
        };
        for at in 1..found.len() {
            counts[at] |= counts[at - 1] && neighbors(at - 1);
        }
        for at in (1..found.len()).rev() {
            counts[at - 1] |= counts[at] && neighbors(at - 1);
        }
        let kept = found.into_iter().zip(counts).filter(|(_, counts)| *counts);
        kept.map(|((&note, range), _)| NoteMention { note, bytes: bytes_of(words, &range) }).collect()
    }

    /// The longest name of a note that starts at a word, whatever it means there: its place and its words.
    pub(super) fn phrase_at(&self, words: &[Word], at: usize) -> Option<(usize, Range<usize>)> {
        self.phrases.longest_at(words, at, |_, _, _| true).map(|(&note, range)| (note, range))
    }

    /// The notes of one category.
    pub fn in_category(&self, category: Category) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.category == category)
    }

    /// The notes that are kinds of a note, by their names: `white musk` is a kind of `musk`. Who wants no musk wants none of them.
    pub fn kinds_of(&self, note: usize) -> &[usize] {
        &self.kinds[note]
    }

    /// The note of the same category that this one is made of, by its name: `tobacco` for `pipe tobacco`, `leather` for
    /// `leather armchair`.
    pub fn general_of(&self, note: &Note) -> Option<&Note> {
        let blanks = || note.name.match_indices(' ').map(|(at, _)| at);
        let tails = blanks().map(|at| &note.name[at + 1..]);
        let heads = blanks().map(|at| &note.name[..at]);
        tails.chain(heads).filter_map(|part| self.get(part)).find(|general| general.category == note.category)
    }

    /// The unit vector of what a note evokes; empty before the vectors are there.
    pub fn evocation_vector(&self, note: usize) -> &[f32] {
        self.evocations.row(note)
    }

    /// How alike two notes are in what they evoke, as the cosine of the vectors; 0 where one of them is unknown.
    pub fn likeness(&self, one: &str, other: &str) -> f32 {
        let vector = |name: &str| self.index_of(name).map_or(&[][..], |at| self.evocation_vector(at));
        dot(vector(one), vector(other))
    }

    /// The vectors of all evocations, by note.
    pub fn evocations(&self) -> &FlatVectors {
        &self.evocations
    }
}

/// The text whose vector stands for what a note evokes.
pub fn evocation_text(note: &Note) -> String {
    format!("{}: {}", note.name, note.evocation)
}

/// Names that end in another's name name a kind of it, within one category: `wild rose`, but not `cotton candy apple`.
fn kinds(notes: &[Note], by_name: &HashMap<String, usize>) -> Vec<Vec<usize>> {
    let mut kinds = vec![Vec::new(); notes.len()];
    for (at, note) in notes.iter().enumerate() {
        let mut rest = note.name.as_str();
        while let Some((_, tail)) = rest.split_once(' ') {
            if let Some(&general) = by_name.get(tail)
                && notes[general].category == note.category
            {
                kinds[general].push(at);
            }
            rest = tail;
        }
    }
    kinds
}

#[cfg(test)]
mod tests;
