//! How well each perfume answers a question: one linear model over named features.

mod affinity;
mod description;
pub(crate) mod features;
mod impressions;
pub(crate) mod kinship;
mod occasion;

pub use crate::learning::ranker::{Model, TRAITS, Trait, Values};

use std::cmp::Ordering;

use features::Lens;

use super::retrieve::Found;
use crate::{
    catalog::Snapshot,
    domain::{answer::Feature, intent::Intent},
    parallel,
};

/// A perfume in its place.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// Its place in the snapshot.
    pub index: usize,
    /// 0 to 1.
    pub score: f64,
}

/// A perfume with what its score is made of.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Its place in the snapshot.
    pub index: usize,
    /// 0 to 1.
    pub score: f64,
    pub contributions: Values,
}

impl Scored {
    /// What the score is made of, by the model that made it, the biggest part first; what brings nothing is left out.
    pub fn features(&self, model: &Model) -> Vec<Feature> {
        let mut features: Vec<Feature> = Trait::ALL
            .iter()
            .zip(self.contributions)
            .filter(|(_, contribution)| contribution.abs() >= 0.005)
            .map(|(feature, contribution)| Feature {
                name: feature.as_str().to_owned(),
                contribution,
                value: Some(contribution / model.weights()[*feature as usize]).filter(|value| value.is_finite()),
            })
            .collect();
        features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        features
    }

    pub const fn place(&self) -> Ranked {
        Ranked { index: self.index, score: self.score }
    }

    pub fn contribution(&self, feature: Trait) -> f64 {
        self.contributions[feature as usize]
    }
}

/// Up to so many perfumes, each is compared with all that the person knows.
const COMPARED: usize = 4_000;

/// How many perfumes are worth a thread of their own: some milliseconds' work.
pub(super) const SHARE: usize = 4_000;

/// A model with a question before it.
pub struct Scoring<'a> {
    pub model: &'a Model,
    pub snapshot: &'a Snapshot,
    pub intent: &'a Intent,
    pub found: &'a Found,
    lens: Lens<'a>,
}

impl<'a> Scoring<'a> {
    pub fn new(model: &'a Model, snapshot: &'a Snapshot, intent: &'a Intent, found: &'a Found) -> Self {
        Self { model, snapshot, intent, found, lens: Lens::new(snapshot, intent, found) }
    }

    /// What each feature of a perfume brings, and the score that they add up to.
    pub fn scored(&self, index: usize) -> Scored {
        let contributions = self.model.contributions(&self.lens.compared(index, self.lens.values(index)));
        Scored { index, score: self.model.score(&contributions), contributions }
    }

    /// Every perfume of the catalog, best first. Equal scores stand in the order of the catalog.
    ///
    /// In a large catalog, only those that are best so far are compared with what the person knows: the others follow them.
    pub fn rank(&self) -> Vec<Ranked> {
        let count = self.snapshot.fragrances().len();
        let ranked = |index: usize, values: &Values| Ranked { index, score: self.model.score_of(values) };
        let all: Vec<usize> = (0..count).collect();
        let mut rest = parallel::map(&all, SHARE, |&index| ranked(index, &self.lens.values(index)));
        if !self.lens.compares() {
            rest.sort_unstable_by(best_first);
            return rest;
        }
        let compared = COMPARED.min(count);
        if compared < count {
            rest.select_nth_unstable_by(compared, best_first);
        }
        let again = |at: &Ranked| ranked(at.index, &self.lens.compared(at.index, self.lens.values(at.index)));
        let mut best = parallel::map(&rest[..compared], COMPARED / 4, again);
        best.sort_unstable_by(best_first);
        let rest = &mut rest[compared..];
        rest.sort_unstable_by(best_first);
        let floor = best.last().map_or(1.0, |last| last.score);
        best.extend(rest.iter().map(|late| Ranked { score: late.score.min(floor), ..*late }));
        best
    }
}

fn best_first(a: &Ranked, b: &Ranked) -> Ordering {
    b.score.total_cmp(&a.score).then(a.index.cmp(&b.index))
}
