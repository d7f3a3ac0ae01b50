//! How well each perfume answers a question: one linear model over named features.

mod affinity;
mod description;
pub(crate) mod features;
mod impressions;
pub(crate) mod kinship;
mod occasion;
mod stand_ins;

pub(crate) use stand_ins::missing;

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

    /// Some perfumes, by their places in order, best first, and of those no more than asked for. Equal scores stand in the order
    /// of the catalog.
    ///
    /// In a large catalog, only those that are best so far are compared with what the person knows: the others follow them.
    pub fn rank(&self, places: &[usize], most: usize) -> Vec<Ranked> {
        let ranked = |index: usize, values: &Values| Ranked { index, score: self.model.score_of(values) };
        let rest = parallel::map(places, SHARE, |&index| ranked(index, &self.lens.values(index)));
        if !self.lens.compares() {
            return best_of(rest, most).0;
        }
        let (mut best, rest) = best_of(rest, COMPARED);
        let again = |at: &Ranked| ranked(at.index, &self.lens.compared(at.index, self.lens.values(at.index)));
        best = best_of(parallel::map(&best, COMPARED / 4, again), most).0;
        let floor = best.last().map_or(1.0, |last| last.score);
        let rest = best_of(rest, most - best.len()).0;
        best.extend(rest.into_iter().map(|late| Ranked { score: late.score.min(floor), ..late }));
        best
    }
}

/// The best so many, best first, and the rest in no order.
fn best_of(mut all: Vec<Ranked>, most: usize) -> (Vec<Ranked>, Vec<Ranked>) {
    let rest = if most < all.len() {
        all.select_nth_unstable_by(most, best_first);
        all.split_off(most)
    } else {
        Vec::new()
    };
    all.sort_unstable_by(best_first);
    (all, rest)
}

fn best_first(a: &Ranked, b: &Ranked) -> Ordering {
    b.score.total_cmp(&a.score).then(a.index.cmp(&b.index))
}
