//! What a text is held against, of every perfume: computed once for a catalog, so that a question costs a few look-ups for each.

mod portrait;
mod spread;

use std::collections::HashMap;

use super::{
    bm25::{Bm25, telling_stems},
    inflection::forms,
    phrases::{Phrases, Word, key, words},
    snapshot::Snapshot,
    taxonomy::Taxonomy,
};
use crate::domain::{
    fragrance::{Fragrance, Gender},
    notes::{Category, Layer},
};
use rust_stemmers::{Algorithm, Stemmer};

use portrait::ERAS;
pub(crate) use portrait::Portrait;
pub(crate) use spread::Spread;

/// What a kind counts for who says the general note (white musk for musk), and the other way round.
const KIND: f32 = 0.8;
const GENERAL: f32 = 0.5;
/// The length of the pieces that names are cut into: a name is found although it is misspelled or inflected.
const GRAM: usize = 4;
/// How much long names are held back by BM25: of houses, of perfumes.
const LONG_HOUSES: f32 = 0.3;
const LONG_NAMES: f32 = 0.5;

/// Words of names that name nothing.
const NAMELESS: &[&str] = &[
    "and", "by", "cologne", "d", "de", "eau", "edp", "edt", "extrait", "femme", "for", "her", "him", "homme", "intense", "l",
    "la", "le", "les", "man", "men", "of", "parfum", "parfums", "perfume", "perfumes", "pour", "the", "toilette", "women",
];

/// The mean vector (MiniLM) of texts that describe perfumes: what they have in common because they speak of perfume at all.
/// Averaged over the texts of the evaluation; it tells nothing of any one of them.
const COMMON_TEXT: &str = include_str!("common_text.tsv");

/// The portraits of all perfumes of a catalog, with what is common to them.
pub struct Gallery {
    portraits: Vec<Portrait>,
    /// By the names of accords: their place in [`Self::accord_spreads`].
    accords: HashMap<String, usize>,
    accord_spreads: Vec<Spread>,
    category_spreads: Vec<Spread>,
    gender_spreads: Vec<Spread>,
    era_spreads: Vec<Spread>,
    /// Inverse document frequency of each note, those of the taxonomy first.
    rarities: Vec<f32>,
    /// Names of notes that the taxonomy does not know.
    strangers: Phrases<usize>,
    /// For each note, what stands for it and how far; itself among them.
    kin: Vec<Vec<(usize, f32)>>,
    facts: Bm25,
    house_names: Bm25,
    name_grams: Bm25,
    perfumers: Phrases<Vec<usize>>,
    /// The cosine of each perfume to [`COMMON_TEXT`].
    common: Vec<f32>,
}

/// A note as a text names it: its place in the gallery, and the words.
pub(crate) struct Named {
    pub note: usize,
    pub words: std::ops::Range<usize>,
}

impl Gallery {
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let (taxonomy, fragrances) = (snapshot.taxonomy(), snapshot.fragrances());
        let mut interner = Interner { taxonomy, strangers: HashMap::new() };
        let mut accords: HashMap<String, usize> = HashMap::new();
        let mut portraits: Vec<Portrait> = Vec::with_capacity(fragrances.len());
        for (at, fragrance) in fragrances.iter().enumerate() {
            let mut portrait = Portrait::new(fragrance, snapshot.category_shares(at), snapshot.house_of(at));
            for &layer in Layer::ALL {
                portrait.notes.extend(fragrance.notes.layer(layer).iter().map(|name| (interner.note(name) as u32, layer)));
            }
            for (rank, accord) in fragrance.accords.iter().enumerate() {
                let next = accords.len();
                let id = *accords.entry(accord.clone()).or_insert(next);
                portrait.accords.push((id as u32, portrait::strength(rank)));
            }
            portraits.push(portrait);
        }
        let strangers = interner.strangers;
        let rarities = rarities(taxonomy.notes().len() + strangers.len(), &portraits);
        portraits.iter_mut().for_each(|portrait| portrait.weigh(&rarities));
        spread::standardize(&mut portraits);

        let stemmer = Stemmer::create(Algorithm::English);
        let telling = |text: &str| -> Vec<String> { named_words(text).collect() };
        let grams_of = |name: &str| -> Vec<String> {
            named_words(name).filter(|word| word.len() >= GRAM).flat_map(|word| grams(&word)).collect()
        };
        let documents =
            |of: &dyn Fn(&Fragrance) -> Vec<String>| -> Vec<Vec<String>> { fragrances.iter().map(|f| of(f)).collect() };
        let mut perfumers: Phrases<Vec<usize>> = Phrases::default();
        for (at, fragrance) in fragrances.iter().enumerate() {
            // A single word, such as Alberto, is anybody's name.
            for name in fragrance.perfumers.iter().filter(|name| key(name).contains(' ')) {
                if let Some(made) = perfumers.entry(name, Vec::new) {
                    made.push(at);
                }
            }
        }
        Self {
            accord_spreads: spread::of_sparse(accords.len(), &portraits),
            category_spreads: (0..Category::ALL.len()).map(|c| Spread::of(portraits.iter().map(|p| p.categories[c]))).collect(),
            gender_spreads: Gender::ALL.iter().map(|&g| Spread::of(portraits.iter().map(|p| p.is(g)))).collect(),
            era_spreads: (0..ERAS).map(|era| Spread::of(portraits.iter().map(|p| f32::from(u8::from(p.era == era))))).collect(),
            kin: kin(taxonomy, rarities.len()),
            facts: Bm25::new(&documents(&|f| telling_stems(&stemmer, &words(&facts_of(f))))),
            house_names: Bm25::with_length_penalty(&documents(&|f| telling(&f.brand)), LONG_HOUSES),
            name_grams: Bm25::with_length_penalty(&documents(&|f| grams_of(&f.name)), LONG_NAMES),
            common: snapshot.vectors().scores(&common_text()),
            strangers: stranger_phrases(&strangers),
            portraits,
            accords,
            rarities,
            perfumers,
        }
    }

    /// By place in the snapshot.
    pub(crate) fn portraits(&self) -> &[Portrait] {
        &self.portraits
    }

    /// The place of an accord that some perfume has.
    pub(crate) fn accord(&self, name: &str) -> Option<usize> {
        self.accords.get(name).copied()
    }

    /// How strong each accord is over the catalog.
    pub(crate) fn accord_spreads(&self) -> &[Spread] {
        &self.accord_spreads
    }

    /// How much of their notes is of each category, in the order of [`Category::ALL`].
    pub(crate) fn category_spreads(&self) -> &[Spread] {
        &self.category_spreads
    }

    /// In the order of [`Gender::ALL`].
    pub(crate) fn gender_spreads(&self) -> &[Spread] {
        &self.gender_spreads
    }

    /// By [`Portrait::era`].
    pub(crate) fn era_spreads(&self) -> &[Spread] {
        &self.era_spreads
    }

    /// The inverse document frequency of a note.
    pub(crate) fn rarity(&self, note: usize) -> f32 {
        self.rarities[note]
    }

    /// How many notes there are, also those that the taxonomy does not know.
    pub(crate) fn note_count(&self) -> usize {
        self.rarities.len()
    }

    /// What stands for a note, 0 to 1; itself with 1.
    pub(crate) fn kin(&self, note: usize) -> &[(usize, f32)] {
        &self.kin[note]
    }

    /// The cosine of each perfume to what all texts have in common; empty if it has another dimension.
    pub(crate) fn common(&self) -> &[f32] {
        &self.common
    }

    /// BM25 over family, accords, notes and gender, without names.
    pub(crate) fn facts(&self, stems: &[String]) -> Vec<f32> {
        self.facts.scores(stems)
    }

    /// BM25 of the houses' names.
    pub(crate) fn house_names(&self, words: &[Word]) -> Vec<f32> {
        self.house_names.scores(&telling(words).map(str::to_owned).collect::<Vec<_>>())
    }

    /// BM25 of pieces of the perfumes' names.
    pub(crate) fn name_grams(&self, words: &[Word]) -> Vec<f32> {
        self.name_grams.scores(&telling(words).filter(|word| word.len() >= GRAM).flat_map(grams).collect::<Vec<_>>())
    }

    /// The perfumes by perfumers who are named in full.
    pub(crate) fn by_perfumers(&self, words: &[Word]) -> Vec<usize> {
        self.perfumers.find(words, |_, _, _| true).into_iter().flat_map(|(made, _)| made.iter().copied()).collect()
    }

    /// Every phrase of a text that is the name of a note, the longest first, whatever it means there.
    pub(crate) fn notes_named(&self, taxonomy: &Taxonomy, words: &[Word]) -> Vec<Named> {
        let (mut named, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let known = taxonomy.phrase_at(words, at);
            let strange = self.strangers.longest_at(words, at, |_, _, _| true).map(|(&note, range)| (note, range));
            let longest = match (known, strange) {
                (Some(known), Some(strange)) if strange.1.len() > known.1.len() => Some(strange),
                (None, strange) => strange,
                (known, _) => known,
            };
            match longest {
                Some((note, words)) => {
                    at = words.end;
                    named.push(Named { note, words });
                }
                None => at += 1,
            }
        }
        named
    }
}

/// Numbers the notes: those of the taxonomy as it does, the others after them.
struct Interner<'a> {
    taxonomy: &'a Taxonomy,
    strangers: HashMap<String, usize>,
}

impl Interner<'_> {
    fn note(&mut self, name: &str) -> usize {
        let known = self.taxonomy.index_of(name).or_else(|| self.taxonomy.index_of(&self.taxonomy.resolve(name)?.name));
        let next = self.taxonomy.notes().len() + self.strangers.len();
        known.unwrap_or_else(|| *self.strangers.entry(key(name)).or_insert(next))
    }
}

fn stranger_phrases(strangers: &HashMap<String, usize>) -> Phrases<usize> {
    let mut phrases = Phrases::default();
    for (name, &at) in strangers {
        phrases.entry(name, || at);
    }
    for (name, &at) in strangers {
        for form in forms(name) {
            phrases.entry(&form, || at);
        }
    }
    phrases
}

/// What stands for each note: itself, its kinds, and what it is a kind of.
fn kin(taxonomy: &Taxonomy, count: usize) -> Vec<Vec<(usize, f32)>> {
    let mut kin: Vec<Vec<(usize, f32)>> = (0..count).map(|note| vec![(note, 1.0)]).collect();
    for general in 0..taxonomy.notes().len() {
        for &kind in taxonomy.kinds_of(general) {
            kin[general].push((kind, KIND));
            kin[kind].push((general, GENERAL));
        }
    }
    kin
}

fn rarities(count: usize, portraits: &[Portrait]) -> Vec<f32> {
    let mut carried = vec![0.0_f32; count];
    for portrait in portraits {
        portrait.distinct_notes().into_iter().for_each(|note| carried[note] += 1.0);
    }
    let all = portraits.len() as f32;
    carried.into_iter().map(|with| (1.0 + (all - with + 0.5) / (with + 0.5)).ln()).collect()
}

/// What is known of a perfume but for names, as a text.
fn facts_of(fragrance: &Fragrance) -> String {
    let gender = match fragrance.gender {
        Some(Gender::Men) => "men man masculine",
        Some(Gender::Women) => "women woman feminine",
        Some(Gender::Unisex) => "unisex",
        None => "",
    };
    let notes: Vec<&str> = fragrance.notes.notes().map(|(_, note)| note).collect();
    format!("{} {} {} {gender}", fragrance.family.as_str(), fragrance.accords.join(" "), notes.join(" "))
}

fn named_words(name: &str) -> impl Iterator<Item = String> {
    words(name).into_iter().map(|word| word.folded).filter(|word| !NAMELESS.contains(&word.as_str()))
}

/// The words of a text that may be of a name.
fn telling(words: &[Word]) -> impl Iterator<Item = &str> {
    words.iter().map(|word| word.folded.as_str()).filter(|word| !NAMELESS.contains(word) && *word != "it")
}

/// The pieces of a word with its beginning and end: `^ros`, `rose`, `ose$`.
fn grams(word: &str) -> Vec<String> {
    let marked: Vec<char> = std::iter::once('^').chain(word.chars()).chain(['$']).collect();
    marked.windows(GRAM).map(|gram| gram.iter().collect()).collect()
}

fn common_text() -> Vec<f32> {
    COMMON_TEXT.split_whitespace().filter_map(|x| x.parse().ok()).collect()
}
