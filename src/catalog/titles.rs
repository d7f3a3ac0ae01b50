//! Finding the perfumes that a text names.

use std::{collections::HashSet, ops::Range, sync::Arc};

use super::{
    accords::ACCORDS,
    houses::{Houses, common, other_names},
    phrases::{Phrases, Word, bytes_of, key, words},
    taxonomy::Taxonomy,
};
use crate::domain::fragrance::{Family, Fragrance};

/// Words before the name of a perfume.
const CUES: &[&str] =
    &["called", "like", "love", "loved", "named", "own", "perfume", "sprayed", "than", "wear", "wearing", "wears", "wore"];

/// Names that are words with which one speaks of a house: `nothing by Dolce & Gabbana` does not name their perfume By.
const LINKS: &[&str] = &["and", "by", "for", "from", "in", "like", "no", "not", "of", "the", "with"];

/// How widely a perfume must be known for its bare name to be enough in lower case.
const WELL_KNOWN: f64 = 0.75;

/// The names of perfumes, with and without their houses.
#[derive(Default)]
pub(super) struct Titles {
    phrases: Phrases<Title>,
}

struct Title {
    perfumes: Vec<usize>,
    needs: Needs,
}

/// What must come with a name for it to count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    Nothing,
    /// A capital inside a sentence, or a cue before it.
    CapitalOrCue,
    /// A capital inside a sentence.
    Capital,
    /// A capital and a cue: the name is a word.
    CapitalAndCue,
}

impl Titles {
    /// Made of perfumes in the order in which they are best known.
    pub fn new(fragrances: &[Arc<Fragrance>], best_known: &[usize], houses: &Houses, taxonomy: &Taxonomy) -> Self {
        let common = common();
        let mut phrases: Phrases<Title> = Phrases::default();
        let mut add = |phrase: &str, at: usize, needs: Needs| {
            if let Some(title) = phrases.entry(phrase, || Title { perfumes: Vec::new(), needs }) {
                title.needs = title.needs.min(needs);
                if !title.perfumes.contains(&at) {
                    title.perfumes.push(at);
                }
            }
        };
        for &at in best_known {
            let fragrance = &fragrances[at];
            for name in spellings(&key(&fragrance.name)) {
                for house in other_names(&fragrance.brand).iter().chain([&fragrance.brand]) {
                    let house = key(house);
                    add(&format!("{house} {name}"), at, Needs::Nothing);
                    if !LINKS.contains(&name.as_str()) {
                        for link in [" ", " by ", " from "] {
                            add(&format!("{name}{link}{house}"), at, Needs::Nothing);
                        }
                    }
                    // "Chanel No. 5" under Chanel, "Bleu de Chanel" under Chanel.
                    if name.len() > house.len()
                        && (name.starts_with(&format!("{house} ")) || name.ends_with(&format!(" {house}")))
                    {
                        add(&name, at, Needs::Nothing);
                    }
                }
                if let Some(needs) = alone(&name, fragrance.popularity, &common, houses, taxonomy) {
                    add(&name, at, needs);
                }
            }
        }
        Self { phrases }
    }

    /// Perfumes by the places where a text names them: all that bear the name, best known first.
    pub fn mentions(&self, text: &str) -> Vec<(Vec<usize>, Range<usize>)> {
        let words = words(text);
        let found = self.phrases.find(&words, |_, title, range| is_meant(&words, &range, title.needs));
        found.into_iter().map(|(title, range)| (title.perfumes.clone(), bytes_of(&words, &range))).collect()
    }
}

/// What a name needs when its house is not named; none if it does not count without.
fn alone(name: &str, popularity: f64, common: &HashSet<&str>, houses: &Houses, taxonomy: &Taxonomy) -> Option<Needs> {
    let words: Vec<&str> = name.split(' ').collect();
    let numeric = |word: &&str| word.chars().all(char::is_numeric);
    let usual = |word: &&str| common.contains(word) || numeric(word) || word.len() <= 2 || taxonomy.is_name(word);
    let taken = taxonomy.is_name(name)
        || ACCORDS.contains(&name)
        || Family::ALL.iter().any(|family| family.as_str() == name)
        || houses.canonical(name).is_some()
        || words.iter().all(|word| numeric(word) || word.len() <= 3);
    if taken {
        return None;
    }
    let known = popularity >= WELL_KNOWN;
    Some(match (words.iter().all(usual), words.len() == 1) {
        (true, true) => Needs::CapitalAndCue,
        (true, _) if known => Needs::CapitalOrCue,
        (true, _) => Needs::Capital,
        (false, true) if known && name.len() > 4 => Needs::Nothing,
        (false, true) => Needs::CapitalOrCue,
        (false, false) => Needs::Nothing,
    })
}

/// `no 5` is also written `n 5`, `no5`; `l eau` is also written `leau`.
fn spellings(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let mut spellings = vec![name.to_owned()];
    for (at, pair) in words.windows(2).enumerate() {
        let with = |middle: String| {
            let (before, after) = (&words[..at], &words[at + 2..]);
            before.iter().copied().chain([middle.as_str()]).chain(after.iter().copied()).collect::<Vec<_>>().join(" ")
        };
        let [first, second] = *pair else { continue };
        if first == "no" && second.chars().all(char::is_numeric) {
            spellings.extend([
                with(format!("n {second}")),
                with(format!("no{second}")),
                with(format!("number {second}")),
                with(format!("n{second}")),
            ]);
        } else if first.len() == 1 && second.len() > 2 && first.chars().all(char::is_alphabetic) {
            spellings.push(with(format!("{first}{second}")));
        }
    }
    spellings
}

fn is_meant(words: &[Word], range: &Range<usize>, needs: Needs) -> bool {
    let title = &words[range.clone()];
    let letters = |word: &&Word| word.folded.len() > 3 && !word.folded.starts_with(|c: char| c.is_numeric());
    let capital = title[0].capital && title.iter().filter(letters).all(|word| word.capital);
    let cued = range.start.checked_sub(1).is_some_and(|at| CUES.contains(&words[at].folded.as_str()));
    let inside = capital && (!title[0].starts_sentence || title.len() > 1);
    match needs {
        Needs::Nothing => true,
        Needs::CapitalOrCue => inside || cued || words.len() == title.len(),
        Needs::Capital => inside || words.len() == title.len(),
        Needs::CapitalAndCue => capital && cued,
    }
}

#[cfg(test)]
pub(super) mod tests;
