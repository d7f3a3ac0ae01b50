//! What a text leans to: a learned map from its words and its meaning to accords, kinds of notes, gender and era.

use std::{collections::HashMap, sync::LazyLock};

use super::Text;
use crate::{
    catalog::{Gallery, Portrait, Spread, is_stop_word},
    domain::{fragrance::Gender, notes::Category},
};

/// What is added to the deviation of a quantity.
const EASE: f32 = 0.05;

/// Stems that the map does not read: grammar.
const GRAMMAR: &[&str] = &[
    "all", "also", "been", "can", "could", "get", "got", "had", "has", "have", "how", "if", "into", "it", "its", "just", "more",
    "most", "no", "not", "one", "onli", "other", "out", "over", "own", "so", "some", "such", "than", "that", "their", "them",
    "then", "there", "they", "this", "up", "veri", "wa", "was", "what", "when", "which", "while", "who", "will", "would",
    "about", "is",
];

/// What a text can lean to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Accord(&'static str),
    Category(Category),
    Gender(Gender),
    Era(usize),
}

/// A stem's inverse document frequency, and its weights by target.
struct Stem {
    rarity: f32,
    weights: Vec<(usize, f32)>,
}

struct Map {
    targets: Vec<Target>,
    stems: HashMap<&'static str, Stem>,
    /// What a text of no meaning leans to.
    bias: Vec<f32>,
    /// By dimension of the text's vector, by target.
    meaning: Vec<Vec<f32>>,
}

static MAP: LazyLock<Map> = LazyLock::new(Map::read);

impl Map {
    fn read() -> Self {
        let mut lines = include_str!("weights/leaning_meaning.tsv").lines();
        let targets: Vec<Target> = lines.next().into_iter().flat_map(|line| line.split('\t')).map(target).collect();
        let mut rows = lines.map(|line| line.split('\t').filter_map(|x| x.parse().ok()).collect::<Vec<f32>>());
        let bias = rows.next().unwrap_or_default();
        let stem = |line: &'static str| {
            let mut fields = line.split('\t');
            let (stem, rarity, weights) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?);
            let weights = weights.split(',').filter_map(|weight| weight.split_once('='));
            let weights = weights.filter_map(|(at, weight)| Some((at.parse().ok()?, weight.parse().ok()?))).collect();
            Some((stem, Stem { rarity, weights }))
        };
        let stems = include_str!("weights/leaning_words.tsv").lines().filter_map(stem).collect();
        Self { targets, stems, bias, meaning: rows.collect() }
    }

    /// How far a text leans to each target, about −1 to 1.
    fn leanings(&self, text: &Text, vector: &[f32]) -> Vec<f32> {
        let mut counts: HashMap<&str, f32> = HashMap::new();
        for (word, stem) in text.words.iter().zip(&text.stems) {
            let is_number = word.folded.chars().all(|c| c.is_ascii_digit());
            let grammar = is_stop_word(&word.folded) || GRAMMAR.contains(&stem.as_str());
            if word.folded.chars().count() > 1 && !is_number && !grammar {
                *counts.entry(stem.as_str()).or_default() += 1.0;
            }
        }
        let known: Vec<(&Stem, f32)> = counts
            .into_iter()
            .filter_map(|(stem, count)| self.stems.get(stem).map(|known| (known, known.rarity * (1.0 + count.ln()))))
            .collect();
        let length = known.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-6);
        let mut leanings = vec![0.0; self.targets.len()];
        for (stem, weight) in known {
            for &(target, x) in &stem.weights {
                leanings[target] += x * weight / length;
            }
        }
        // A vector of another model says nothing here.
        if vector.len() == self.meaning.len() {
            leanings.iter_mut().zip(&self.bias).for_each(|(leaning, bias)| *leaning += bias);
            for (x, weights) in vector.iter().zip(&self.meaning) {
                leanings.iter_mut().zip(weights).for_each(|(leaning, weight)| *leaning += x * weight);
            }
        }
        leanings
    }
}

fn target(label: &'static str) -> Target {
    match label.split_once(':') {
        Some(("acc", accord)) => Target::Accord(accord),
        Some(("cat", word)) => Category::from_word(word).map_or(Target::Accord(word), Target::Category),
        Some(("gen", word)) => Gender::from_word(word).map_or(Target::Accord(word), Target::Gender),
        Some((_, "<1990")) => Target::Era(0),
        Some((_, "90s")) => Target::Era(1),
        Some((_, "00s")) => Target::Era(2),
        Some((_, "2012+")) => Target::Era(3),
        _ => Target::Accord(label),
    }
}

/// What a text leans to, as weights for what perfumes have.
pub(super) struct Leaning {
    accords: Vec<f32>,
    /// What a perfume without accords has.
    no_accords: f32,
    categories: Vec<(f32, Spread)>,
    genders: [f32; Gender::ALL.len()],
    no_gender: f32,
    eras: Vec<f32>,
}

impl Leaning {
    pub fn new(gallery: &Gallery, text: &Text, vector: &[f32]) -> Self {
        let mut leaning = Self {
            accords: vec![0.0; gallery.accord_spreads().len()],
            no_accords: 0.0,
            categories: gallery.category_spreads().iter().map(|spread| (0.0, *spread)).collect(),
            genders: [0.0; Gender::ALL.len()],
            no_gender: 0.0,
            eras: vec![0.0; gallery.era_spreads().len()],
        };
        for (target, lean) in MAP.targets.iter().zip(MAP.leanings(text, vector)) {
            match *target {
                Target::Accord(accord) => {
                    if let Some(at) = gallery.accord(accord) {
                        let spread = gallery.accord_spreads()[at];
                        leaning.accords[at] = lean / (spread.deviation + EASE);
                        leaning.no_accords -= leaning.accords[at] * spread.mean;
                    }
                }
                Target::Category(category) => leaning.categories[category as usize].0 = lean,
                Target::Gender(gender) => {
                    let spread = gallery.gender_spreads()[gender as usize];
                    leaning.genders[gender as usize] = lean / (spread.deviation + EASE);
                    leaning.no_gender -= leaning.genders[gender as usize] * spread.mean;
                }
                Target::Era(era) => {
                    for (other, spread) in gallery.era_spreads().iter().enumerate().filter(|(other, _)| *other == era) {
                        leaning.eras[other] = lean / (spread.deviation + EASE);
                    }
                }
            }
        }
        leaning
    }

    pub fn accords(&self, portrait: &Portrait) -> f32 {
        let strong = portrait.accords.iter().map(|&(accord, strength)| strength * self.accords[accord as usize]);
        self.no_accords + strong.sum::<f32>()
    }

    pub fn categories(&self, portrait: &Portrait) -> f32 {
        let shares = self.categories.iter().zip(portrait.categories);
        shares.map(|((lean, spread), share)| lean * spread.standing(share, EASE)).sum()
    }

    pub fn gender(&self, portrait: &Portrait) -> f32 {
        self.no_gender + portrait.gender.map_or(0.0, |gender| self.genders[gender as usize])
    }

    /// Up to what is the same for all perfumes.
    pub fn era(&self, portrait: &Portrait) -> f32 {
        self.eras[portrait.era]
    }
}
