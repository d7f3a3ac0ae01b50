//! How well a perfume fits a text that describes one: a review, a story, a memory, a mood in many words.
//!
//! A request names what it wants; a description names much that is in a perfume, says more by its tone, and asks for nothing.
//! So it is ranked by a model of its own: a linear one over [`Clue`]s, each a small, nameable reading of the text (the notes
//! that it names, the words that it shares with the facts, what its words lean to, the people and places of the house, the age
//! it speaks of). Each clue has two weights, one for how buyers write and one for how shops tell, blended by the text's
//! [style](style).
//!
//! # How the weights were made
//! On the development texts of the evaluation (reviews and shop texts whose perfume is known): the words and meaning of a text
//! were mapped to a perfume's accords, kinds of notes, gender and era by ridge regression (penalty 12, the means of each kind of
//! text taken out); then the clues' weights were fitted as a conditional logit (the right perfume against 400 drawn at random),
//! with a Gaussian prior on standardized weights. Cross-validation kept perfumes of one line, and texts that share wording,
//! together. Only weights are kept, no text. The lexicon and what is known of houses are general knowledge, written by hand.

mod age;
mod clues;
mod houses;
mod leaning;
mod lexicon;
mod likeness;
mod notes;
mod style;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use clues::{Clue, PARTS};
pub(crate) use text::Text;

use crate::learning::ranker::Trait;
use crate::{
    advisor::retrieve::Told,
    catalog::{Portrait, Snapshot},
    domain::fragrance::Gender,
};
use clues::{CLUES, Values};

/// A clue's part in a score is divided by this: the sums of a conditional logit reach far beyond where a logistic function
/// tells one score from another.
const SCALE: f32 = 0.3;
/// What a cosine counts as a clue.
const COSINE: f32 = 4.0;
/// What a leaning counts as a clue.
const LEANING: f32 = 0.1;

/// How well each perfume fits a text, by parts.
#[derive(Default)]
pub(crate) struct Description {
    /// By perfume, in the order of [`PARTS`]; empty where nothing was described.
    parts: Vec<[f32; PARTS.len()]>,
}

impl Description {
    /// Reads a text and holds it against every perfume; `meaning` is the cosine of each to the text, empty if it has no vector.
    /// Parts are told against the mean of the catalog.
    pub fn read(snapshot: &Snapshot, told: &Told, meaning: &[f32]) -> Self {
        if told.degree <= 0.0 {
            return Self::default();
        }
        let gallery = snapshot.gallery();
        let reading = Reading::new(snapshot, told, meaning);
        let weights = clues::weights(reading.style);
        let mut parts: Vec<[f32; PARTS.len()]> = gallery
            .portraits()
            .iter()
            .enumerate()
            .map(|(at, portrait)| clues::parts(&reading.values(at, portrait), &weights))
            .collect();
        let count = parts.len().max(1) as f32;
        let mut mean = [0.0_f32; PARTS.len()];
        for part in &parts {
            mean.iter_mut().zip(part).for_each(|(mean, x)| *mean += x / count);
        }
        let scale = SCALE * told.degree as f32;
        for part in &mut parts {
            part.iter_mut().zip(mean).for_each(|(x, mean)| *x = scale * (*x - mean));
        }
        Self { parts }
    }

    /// What each part brings to a perfume's score; nothing where nothing was described.
    pub fn of(&self, index: usize) -> impl Iterator<Item = (Trait, f64)> + '_ {
        let parts = self.parts.get(index).into_iter().flatten();
        PARTS.iter().copied().zip(parts.map(|part| f64::from(*part)))
    }
}

/// What the whole text says, before a perfume is looked at.
struct Reading {
    style: f32,
    notes: notes::NotesTold,
    lexicon: lexicon::Impression,
    leaning: leaning::Leaning,
    likeness: likeness::Likeness,
    lore: Vec<f32>,
    kinds: Vec<houses::Kind>,
    facts: Vec<f32>,
    house_names: Vec<f32>,
    name_grams: Vec<f32>,
    /// By perfume: its perfumer is named.
    by_perfumer: Vec<bool>,
    years: Vec<i32>,
    age: f32,
    meaning: Vec<f32>,
}

impl Reading {
    fn new(snapshot: &Snapshot, told: &Told, meaning: &[f32]) -> Self {
        let gallery = snapshot.gallery();
        let text = Text::new(&told.text);
        let notes = notes::NotesTold::new(snapshot, &text);
        let mut by_perfumer = vec![false; gallery.portraits().len()];
        gallery.by_perfumers(&text.words).into_iter().for_each(|at| by_perfumer[at] = true);
        Self {
            style: style::told(&text, notes.count()),
            lexicon: lexicon::Impression::new(gallery, &text),
            leaning: leaning::Leaning::new(gallery, &text, &told.vector),
            likeness: likeness::Likeness::new(snapshot, &told.text),
            lore: houses::lore(snapshot, &text),
            kinds: houses::kinds(snapshot),
            facts: gallery.facts(&text.telling_stems()),
            house_names: gallery.house_names(&text.words),
            name_grams: gallery.name_grams(&text.words),
            years: age::years(&text),
            age: age::spoken_of(&text),
            meaning: meaning.iter().zip(gallery.common()).map(|(near, common)| COSINE * (near - common)).collect(),
            by_perfumer,
            notes,
        }
    }

    fn values(&self, at: usize, portrait: &Portrait) -> Values {
        let mut values = [0.0; CLUES];
        let mut set = |clue: Clue, value: f32| values[clue as usize] = value;
        let notes = self.notes.of(portrait);
        set(Clue::Hits, notes.hits);
        set(Clue::Missing, notes.missing);
        set(Clue::Cover, notes.cover);
        set(Clue::Layers, notes.layers);
        set(Clue::Words, self.facts[at]);
        set(Clue::Perfumer, f32::from(u8::from(self.by_perfumer[at])));
        set(Clue::Year, f32::from(u8::from(portrait.year.is_some_and(|year| self.years.contains(&year)))));
        set(Clue::Lore, self.lore[portrait.house]);
        set(Clue::House, self.house_names[at]);
        set(Clue::Name, self.name_grams[at]);
        set(Clue::Lexicon, self.lexicon.of(portrait));
        set(Clue::Accords, LEANING * self.leaning.accords(portrait));
        set(Clue::Categories, LEANING * self.leaning.categories(portrait));
        set(Clue::Gender, LEANING * self.leaning.gender(portrait));
        set(Clue::Era, LEANING * self.leaning.era(portrait));
        set(Clue::Meaning, self.meaning.get(at).copied().unwrap_or_default());
        set(Clue::Likeness, self.likeness.of(at, portrait));
        set(Clue::Age, -self.age * portrait.age);
        match self.kinds[portrait.house] {
            houses::Kind::Niche => set(Clue::Niche, 1.0),
            houses::Kind::Own => set(Clue::Own, 1.0),
            houses::Kind::Arabian => set(Clue::Arabian, 1.0),
            houses::Kind::Other => {}
        }
        set(Clue::Fame, portrait.fame);
        set(Clue::Rating, portrait.rating.unwrap_or_default());
        set(Clue::Launch, portrait.age);
        set(Clue::Men, portrait.is(Gender::Men));
        set(Clue::Women, portrait.is(Gender::Women));
        set(Clue::Unisex, portrait.is(Gender::Unisex));
        values
    }
}
