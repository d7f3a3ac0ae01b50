//! The notes of a text as a published list would have them: what is named and what is not, each with how likely it is.
//!
//! This is what a text is compared with perfumes by. It knows what lists usually hold, musk and bergamot above all, so it is
//! not what a memory evokes: that is only what its words say (see [`super::implied`]).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use anyhow::Result;

use super::{
    Material,
    clause::Sentence,
    context::{Feature, Weights, surroundings},
    hints::Hints,
    kinship::{Cues, Kinship},
    literal::Named,
    palette::Palette,
};
use crate::catalog::Taxonomy;

/// What is known of a listed note that a text does not name.
pub(super) const SIGNS: usize = 6;

/// What each sign weighs, and the constant: the rate of the note among lists that do not name it, its logarithm, the
/// logarithm of its share of the catalog, what words and named notes say, what part of its name is said, and the logarithm of
/// how much oftener perfumes like the text hold it. Learned as in [`super::context`], by logistic regression.
const WEIGHTS: [f64; SIGNS] = [1.6251, 0.5798, 0.3794, 8.6422, 0.9783, 1.0076];
const CONSTANT: f64 = -0.4237;

/// An implied note is a suggestion: however likely, it is less than what is said.
const MOST: f64 = 0.49;

/// From here on the likelihood of an implied note is pressed together below [`MOST`].
const BEND: f64 = 0.4;

/// Words that say nothing of which note is meant.
const UNTELLING: [&str; 6] = ["note", "notes", "accord", "of", "the", "and"];

/// All that ranking needs, made for one catalog.
pub(super) struct Ranking {
    palette: Palette,
    hints: Hints,
    weights: Weights,
    kinship: Kinship,
    /// By listed note: the stems of its name.
    stems: Vec<Vec<String>>,
}

impl Ranking {
    pub fn new(taxonomy: &Arc<Taxonomy>) -> Result<Self> {
        let (palette, hints) = (Palette::new(taxonomy), Hints::new());
        let kinship = Kinship::new(taxonomy, &palette)?;
        let stems = |name: &str| name.split([' ', '-']).filter(|w| !UNTELLING.contains(w)).map(|w| hints.stem(w)).collect();
        let stems = palette.listed.iter().map(|listed| stems(&taxonomy.notes()[listed.note].name)).collect();
        Ok(Self { palette, hints, weights: Weights::new(), kinship, stems })
    }

    /// What a text says of the notes of a perfume that it describes: of its `sentences` and what is `said` in them.
    pub fn of(&self, taxonomy: &Taxonomy, material: &Material, sentences: &[Sentence], said: &[Named]) -> Ranked {
        let evidence = self.evidence(taxonomy, material, sentences, said);
        let named: HashMap<usize, f64> =
            evidence.named.iter().map(|(note, features)| (*note, self.weights.probability(features))).collect();
        let mut ranked: Vec<(usize, f64)> = Vec::new();
        for (at, listed) in self.palette.listed.iter().enumerate() {
            let likely = match named.get(&at) {
                Some(&likely) => likely,
                None if listed.is_known && !evidence.denied.contains(&at) => implied(&evidence.signs[at]),
                None => continue,
            };
            ranked.push((listed.note, likely));
        }
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ranked(ranked)
    }

    /// How likely a note is listed, or the one that it counts as; none if lists are not known to speak of it.
    pub fn likelihood(&self, ranked: &Ranked, note: usize) -> Option<f64> {
        let listed = &self.palette.listed[self.palette.of(note)];
        let found = || ranked.0.iter().find(|(note, _)| *note == listed.note).map(|(_, likely)| *likely);
        listed.is_known.then(found).flatten()
    }

    fn evidence(&self, taxonomy: &Taxonomy, material: &Material, sentences: &[Sentence], said: &[Named]) -> Evidence {
        let mut named = surroundings(taxonomy, &self.palette, material.text, sentences, said);
        let notes: Vec<usize> = named.iter().map(|(note, _)| *note).collect();
        let denied = said.iter().filter(|n| n.negated).map(|n| self.palette.of(n.note)).filter(|n| !notes.contains(n)).collect();
        let cues = Cues { text: material.text, notes: &notes, vectors: material.vectors };
        let lent = self.kinship.lent(&cues);
        let stems = self.hints.stems(material.text);
        let names: Vec<&str> = notes.iter().map(|&note| self.name(taxonomy, note)).collect();
        let hints = self.hints.of(&self.palette, &names, &stems);
        let signs: Vec<[f64; SIGNS]> = (0..self.palette.listed.len())
            .map(|at| {
                let (rate, share) = (self.palette.listed[at].rate, self.kinship.shares()[at]);
                let said = self.stems[at].iter().filter(|stem| stems.contains_key(stem.as_str())).count();
                let said = said as f64 / self.stems[at].len().max(1) as f64;
                [rate, (rate + 0.002).ln(), (share + 0.001).ln(), hints[at], said, (lent[at] / share).ln()]
            })
            .collect();
        for (note, features) in &mut named {
            let [rate, _, share, hints, _, lift] = signs[*note];
            features.extend(
                [("rate", rate), ("share", share), ("hints", hints), ("lift", lift), ("lent", lent[*note].ln())]
                    .map(|(name, amount)| (name.to_owned(), amount)),
            );
        }
        Evidence { named, denied, signs }
    }

    fn name<'a>(&self, taxonomy: &'a Taxonomy, listed: usize) -> &'a str {
        &taxonomy.notes()[self.palette.listed[listed].note].name
    }
}

/// Notes with how likely a list of the notes of what a text describes holds them (0 to 1), likeliest first. Asserted are those
/// from one half on, all of them named. Of the notes that count as one, it is the one that stands for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ranked(pub Vec<(usize, f64)>);

/// What a text says of all notes.
struct Evidence {
    /// Named notes with what surrounds them.
    named: Vec<(usize, Vec<Feature>)>,
    /// Notes that are said not to be there.
    denied: BTreeSet<usize>,
    /// What else is known, by listed note.
    signs: Vec<[f64; SIGNS]>,
}

fn implied(signs: &[f64; SIGNS]) -> f64 {
    let sum: f64 = signs.iter().zip(WEIGHTS).map(|(sign, weight)| sign * weight).sum();
    let likely = 1.0 / (1.0 + (-CONSTANT - sum).exp());
    if likely <= BEND { likely } else { BEND + (likely - BEND) * (MOST - BEND) / (1.0 - BEND) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::Seed, domain::text::sentences, understanding::extract::literal::named};

    /// The notes of a text without vectors: asserted ones, and all others that it may hold.
    fn of(text: &str) -> (Vec<String>, Vec<(String, f64)>) {
        let taxonomy = Arc::new(Taxonomy::new(Seed::read().unwrap().notes));
        let ranges = sentences(text);
        let material = Material { title: None, text, sentences: &ranges, vectors: &[] };
        let sentences: Vec<Sentence> = ranges.iter().map(|range| Sentence::new(text, range.clone())).collect();
        let said = named(&taxonomy, text, &sentences, &[]);
        let ranked = Ranking::new(&taxonomy).unwrap().of(&taxonomy, &material, &sentences, &said);
        let ranked = ranked.0.into_iter().map(|(note, likely)| (taxonomy.notes()[note].name.clone(), likely));
        let (asserted, others): (Vec<_>, Vec<_>) = ranked.partition(|(_, likely)| *likely >= 0.5);
        (asserted.into_iter().map(|(name, _)| name).collect(), others)
    }

    #[test]
    fn what_is_listed_is_asserted_and_what_is_like_it_is_not() {
        let (mut asserted, others) =
            of("A floral perfume, creamy and spicy. Top notes are bergamot and grapefruit; the heart is of \
                                         jasmine and white rose, on a base of cedar and olibanum without a trace of vanilla.");
        asserted.sort_unstable();
        assert_eq!(asserted, ["bergamot", "cedar", "frankincense", "grapefruit", "jasmine", "rose"]);
        assert!(others.iter().all(|(name, likely)| name != "vanilla" && *likely < 0.5));
        assert!(others.iter().position(|(name, _)| name == "musk") < others.iter().position(|(name, _)| name == "rum"));
    }

    #[test]
    fn a_perfume_that_is_named_lends_its_notes() {
        let place = |text: &str| of(text).1.iter().position(|(name, _)| name == "opoponax");
        assert!(place("She wore Shalimar by Guerlain.") < place("She wore nothing special."));
    }

    #[test]
    fn the_same_text_has_the_same_notes() {
        let text = "The sea was rough and the kiosk sold melon. We had salt on our lips until evening.";
        assert_eq!(of(text), of(text));
        assert_eq!(of("").0, Vec::<String>::new());
    }
}
