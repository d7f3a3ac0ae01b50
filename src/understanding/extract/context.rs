//! What surrounds a note that is named, as named numbers, and what they weigh.
//!
//! A logistic regression, learned from descriptions of perfumes beside their published lists: whether the list holds a note
//! that the text names. Word after word, it tells "notes of cedar and amber" from "amber light" and "like a rose".

use std::{collections::HashMap, ops::Range};

use super::{
    clause::{Gap, Sentence, reaching},
    literal::{Named, is_group, is_quality},
    palette::Palette,
};
use crate::{catalog::Taxonomy, domain::text::fold};

/// One line a feature: its name and its weight.
const TABLE: &str = include_str!("learned/context.tsv");

/// Words of the parts of a perfume.
const PARTS: &str = "top head opening opens heart middle base drydown dry begins starts trail finish";

/// Words of what a perfume is made of.
const MAKING: &str = "notes note accord accords blend blends composition combines ingredients features includes contains made created \
     essences oil absolute extract";

/// Words of what is not in it, but like it, or beside it.
const BESIDE: &str = "like as reminiscent evokes evoking reminds recalls recalling imagine inspired name named called collection line series \
     perfume house brand bottle color colour colored box packaging campaign face film other";

/// How many words may stand between two members of a list, and between two that are near.
const LIST: usize = 2;
const NEAR: usize = 5;

/// What a feature is called and how much of it there is.
pub(super) type Feature = (String, f64);

/// What the features weigh.
pub(super) struct Weights(HashMap<&'static str, f64>);

impl Weights {
    pub fn new() -> Self {
        let weight = |line: &'static str| line.split_once('\t').and_then(|(name, weight)| Some((name, weight.parse().ok()?)));
        Self(TABLE.lines().filter_map(weight).collect())
    }

    /// How likely it is that a list holds the note, 0 to 1.
    pub fn probability(&self, features: &[Feature]) -> f64 {
        let weight = |name: &str| self.0.get(name).copied().unwrap_or_default();
        let sum: f64 = features.iter().map(|(name, amount)| weight(name) * amount).sum();
        1.0 / (1.0 + (-weight("one") - sum).exp())
    }
}

/// A note that is named, with all its places.
pub(super) struct Place<'a> {
    pub named: &'a Named,
    pub sentence: usize,
    pub words: Range<usize>,
}

/// All notes that a text names, by their place among the listed ones, with what surrounds them.
pub(super) fn surroundings<'a>(
    taxonomy: &Taxonomy,
    palette: &Palette,
    text: &str,
    sentences: &[Sentence],
    said: &'a [Named],
) -> Vec<(usize, Vec<Feature>)> {
    let place = |named: &'a Named| {
        let sentence = reaching(sentences, &named.bytes)?;
        let words = sentences[sentence].range_of(&named.bytes)?;
        Some(Place { named, sentence, words })
    };
    let places: Vec<Place> = said.iter().filter(|named| !named.negated).filter_map(place).collect();
    let mut notes: Vec<usize> = Vec::new();
    for place in &places {
        let note = palette.of(place.named.note);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let mut by_sentence: HashMap<usize, Company> = HashMap::new();
    for place in &places {
        by_sentence.entry(place.sentence).or_insert_with(|| Company::of(&sentences[place.sentence])).notes += 1;
    }
    let all_words = sentences.iter().map(|s| s.words.len()).sum::<usize>();
    let around = Around { taxonomy, palette, text, sentences, all_words, by_sentence, places: &places, notes: &notes };
    notes.iter().map(|&note| (note, around.features(note))).collect()
}

/// What a sentence says around all notes that it names.
struct Company {
    /// How many places of notes.
    notes: usize,
    of_parts: bool,
    of_making: bool,
}

impl Company {
    fn of(sentence: &Sentence) -> Self {
        let has = |list: &str| sentence.words.iter().any(|word| word.is_one_of(list));
        Self { notes: 0, of_parts: has(PARTS), of_making: has(MAKING) }
    }
}

struct Around<'a> {
    taxonomy: &'a Taxonomy,
    palette: &'a Palette,
    text: &'a str,
    sentences: &'a [Sentence<'a>],
    all_words: usize,
    /// Of the sentences that name notes.
    by_sentence: HashMap<usize, Company>,
    places: &'a [Place<'a>],
    notes: &'a [usize],
}

impl Around<'_> {
    fn features(&self, note: usize) -> Vec<Feature> {
        let own: Vec<usize> = (0..self.places.len()).filter(|&at| self.palette.of(self.places[at].named.note) == note).collect();
        let mut features = Vec::new();
        let mut add = |name: &str, amount: f64| features.push((name.to_owned(), amount));
        let most = |of: &dyn Fn(usize) -> f64| own.iter().map(|&at| of(at)).fold(0.0, f64::max);
        let flag = |is: bool| f64::from(u8::from(is));
        let sentence = |at: usize| &self.sentences[self.places[at].sentence];
        let company = |at: usize| &self.by_sentence[&self.places[at].sentence];
        let count_in = |at: usize| company(at).notes as f64;
        let length = self.text.len().max(1) as f64;
        let all_words = self.all_words.max(1) as f64;

        add("in list", most(&|at| self.neighbors(at, LIST)));
        add("near others", most(&|at| self.neighbors(at, NEAR)));
        add("parts", most(&|at| flag(company(at).of_parts)));
        add("making", most(&|at| flag(company(at).of_making)));
        add("beside", own.iter().map(|&at| self.beside(at)).sum());
        add("sentence notes", most(&count_in));
        add("sentence density", most(&|at| count_in(at) / sentence(at).words.len().max(1) as f64));
        add("capital", most(&|at| flag(sentence(at).words[self.places[at].words.start].capital)));
        add("first", most(&|at| 1.0 - self.places[at].named.bytes.start as f64 / length));
        add("last", most(&|at| self.places[at].named.bytes.start as f64 / length));
        add("count", (own.len() as f64).ln());
        add("notes", self.notes.len() as f64);
        add("mentions", (1.0 + self.places.len() as f64).ln());
        add("density", self.places.len() as f64 / all_words);
        add("words", all_words.ln());

        let name = |at: usize| self.taxonomy.notes()[self.places[at].named.note].name.as_str();
        let form = |at: usize| &self.text[self.places[at].named.bytes.clone()];
        let representative = &self.taxonomy.notes()[self.palette.listed[note].note];
        add("quality", flag(own.iter().all(|&at| is_quality(name(at), form(at)))));
        add("exact", most(&|at| flag(fold(form(at)) == fold(name(at)))));
        add("several words", most(&|at| flag(self.places[at].words.len() > 1)));
        add("group", flag(is_group(&representative.name)));
        add("known", flag(self.palette.listed[note].is_known));
        add("odds", self.palette.listed[note].odds);
        add(&format!("category {}", representative.category.as_str()), 1.0);
        let other = |of: usize| &self.taxonomy.notes()[self.palette.listed[of].note];
        let others = || self.notes.iter().filter(|&&of| of != note);
        add("same category", others().filter(|&&of| other(of).category == representative.category).count() as f64);
        let head = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
        add("same head", flag(others().any(|&of| head(&other(of).name) == head(&representative.name))));

        let mut words: Vec<String> = own.iter().flat_map(|&at| self.words_around(at)).collect();
        words.sort_unstable();
        words.dedup();
        features.extend(words.into_iter().map(|word| (word, 1.0)));
        features
    }

    /// How many of the two neighbors among the notes of the sentence are at most so many words away.
    fn neighbors(&self, at: usize, reach: usize) -> f64 {
        let place = &self.places[at];
        let sentence = &self.sentences[place.sentence];
        let open = |from: usize, to: usize| from <= to && to - from <= reach && (from..=to).all(|w| sentence.gap(w) != Gap::Hard);
        let before = at.checked_sub(1).map(|b| &self.places[b]).filter(|b| b.sentence == place.sentence);
        let after = self.places.get(at + 1).filter(|a| a.sentence == place.sentence);
        let near_before = before.is_some_and(|b| open(b.words.end, place.words.start));
        let near_after = after.is_some_and(|a| open(place.words.end, a.words.start));
        f64::from(u8::from(near_before) + u8::from(near_after))
    }

    fn beside(&self, at: usize) -> f64 {
        let place = &self.places[at];
        let before = &self.sentences[place.sentence].words[place.words.start.saturating_sub(4)..place.words.start];
        f64::from(u8::from(before.iter().any(|word| word.is_one_of(BESIDE))))
    }

    /// The three words before and after, and again the nearest ones, with what stands between.
    fn words_around(&self, at: usize) -> Vec<String> {
        let place = &self.places[at];
        let sentence = &self.sentences[place.sentence];
        let (start, end) = (place.words.start, place.words.end);
        let mut words = Vec::new();
        words.extend(sentence.words[start.saturating_sub(3)..start].iter().map(|word| format!("<< {}", word.form)));
        words.extend(sentence.words[end..(end + 3).min(sentence.words.len())].iter().map(|word| format!(">> {}", word.form)));
        let mark = |gap: Gap| match gap {
            Gap::Plain => "",
            Gap::Comma => ", ",
            Gap::Hard => "; ",
        };
        words.push(match start.checked_sub(1) {
            Some(before) => format!("< {}{}", sentence.words[before].form, mark(sentence.gap(start)).trim_end()),
            None => "<".to_owned(),
        });
        words.push(match sentence.words.get(end) {
            Some(after) => format!("> {}{}", mark(sentence.gap(end)), after.form),
            None => ">".to_owned(),
        });
        words
    }
}
