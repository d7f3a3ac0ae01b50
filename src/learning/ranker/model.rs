//! The model: one weight for each named feature.

use std::collections::BTreeMap;

pub use crate::domain::ranking::Trait;

/// How many features there are.
pub const TRAITS: usize = Trait::ALL.len();

/// The value of each feature, in the order of [`Trait::ALL`].
pub type Values = [f64; TRAITS];

/// The weights that serve where no trained ones do. Set by hand: what was asked for outweighs what is known of the person,
/// and that outweighs fame. Those from `Liked` to `Rating` are rounded from a fit to the ratings of forty people, held near to
/// equal weights.
pub const WEIGHTS: [(Trait, f64); TRAITS] = [
    (Trait::Meaning, 0.7),
    (Trait::Words, 0.9),
    (Trait::WantedNotes, 3.0),
    (Trait::WantedKinds, 2.0),
    (Trait::WantedAccords, 2.6),
    (Trait::WantedFamily, 1.6),
    (Trait::WantedHouse, 4.0),
    (Trait::Moods, 1.5),
    (Trait::Memories, 2.4),
    (Trait::Neighbors, 0.5),
    (Trait::TasteNotes, 1.1),
    (Trait::TasteAccords, 0.7),
    (Trait::TasteFamily, 0.4),
    (Trait::TasteHouse, 0.3),
    (Trait::TastePerfume, 0.6),
    (Trait::Anchor, 6.0),
    (Trait::Liked, 0.3),
    (Trait::Disliked, 0.3),
    (Trait::Familiar, 0.45),
    (Trait::KnownName, 0.6),
    (Trait::KnownHouse, 0.6),
    (Trait::KnownPerfumer, 0.5),
    (Trait::Era, 0.5),
    (Trait::AsKnown, 0.6),
    (Trait::Classic, 0.5),
    (Trait::Rating, 0.35),
    (Trait::Season, 1.4),
    (Trait::Time, 1.0),
    (Trait::Occasion, 0.9),
    (Trait::Loudness, 0.9),
    (Trait::Longevity, 0.5),
    (Trait::Layers, 0.3),
    (Trait::Price, 0.3),
    (Trait::Popularity, 0.35),
    // These are weighed where they are made: see the description.
    (Trait::ToldNotes, 1.0),
    (Trait::ToldWords, 1.0),
    (Trait::Impression, 1.0),
    (Trait::Times, 1.0),
    (Trait::Lore, 1.0),
    (Trait::Likeness, 1.0),
    (Trait::Custom, 1.0),
];

/// The name of the model with the hand-set weights. It changes with them.
pub const STANDARD: &str = "linear-2";

/// What a perfume without any merit scores, before squashing.
const BIAS: f64 = -2.2;

/// A linear model over the features.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its name, as it is noted with every answer.
    pub name: String,
    weights: Values,
}

impl Model {
    /// The model with the weights above.
    pub fn standard() -> Self {
        let mut weights = [0.0; TRAITS];
        for (feature, weight) in WEIGHTS {
            weights[feature as usize] = weight;
        }
        Self::new(STANDARD, weights)
    }

    pub fn new(name: impl Into<String>, weights: Values) -> Self {
        Self { name: name.into(), weights }
    }

    /// A model that was kept. A feature that it did not know has the hand-set weight; what is no feature any more is left out.
    pub fn kept(name: impl Into<String>, kept: &BTreeMap<String, f64>) -> Self {
        let mut weights = Self::standard().weights;
        for feature in Trait::ALL {
            if let Some(weight) = kept.get(feature.as_str()).filter(|weight| weight.is_finite()) {
                weights[*feature as usize] = *weight;
            }
        }
        Self::new(name, weights)
    }

    pub const fn weights(&self) -> &Values {
        &self.weights
    }

    /// The weights by name, as they are kept.
    pub fn to_keep(&self) -> BTreeMap<String, f64> {
        by_name(&self.weights)
    }

    /// The same model for a person: its weights with their offsets.
    pub fn offset_by(&self, offsets: &Values) -> Self {
        let mut weights = self.weights;
        weights.iter_mut().zip(offsets).for_each(|(weight, offset)| *weight += offset);
        Self::new(self.name.clone(), weights)
    }

    /// What each feature brings.
    pub fn contributions(&self, values: &Values) -> Values {
        let mut contributions = *values;
        contributions.iter_mut().zip(self.weights).for_each(|(x, weight)| *x *= weight);
        contributions
    }

    /// The sum of what the features bring: what the order goes by.
    pub fn merit(&self, values: &Values) -> f64 {
        values.iter().zip(self.weights).map(|(value, weight)| value * weight).sum()
    }

    /// The score of a perfume with such values, as [`Self::score`].
    pub fn score_of(&self, values: &Values) -> f64 {
        logistic(BIAS + self.merit(values))
    }

    /// The score, 0 to 1: the logistic function of the sum of the contributions.
    pub fn score(&self, contributions: &Values) -> f64 {
        logistic(BIAS + contributions.iter().sum::<f64>())
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Numbers of all features under their names.
pub fn by_name(numbers: &Values) -> BTreeMap<String, f64> {
    Trait::ALL.iter().map(|feature| (feature.as_str().to_owned(), numbers[*feature as usize])).collect()
}
