//! How well each perfume answers a question: one linear model over named features.

mod affinity;
mod description;
pub(crate) mod features;
pub(crate) mod kinship;
mod occasion;

pub use crate::learning::ranker::{Model, TRAITS, Trait, Values};

use std::cmp::Ordering;

use features::Lens;

use super::retrieve::Found;
use crate::{
    catalog::Snapshot,
    domain::{answer::Feature, intent::Intent},
};

/// A perfume with its score.
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

    pub fn contribution(&self, feature: Trait) -> f64 {
        self.contributions[feature as usize]
    }
}

/// Up to so many perfumes, each is compared with all that the person knows.
const COMPARED: usize = 4_000;

/// Every perfume of the catalog, best first. Equal scores stand in the order of the catalog.
///
/// In a large catalog, only those that are best so far are compared with what the person knows: the others follow them.
pub fn rank(model: &Model, snapshot: &Snapshot, intent: &Intent, found: &Found) -> Vec<Scored> {
    let lens = Lens::new(snapshot, intent, found);
    let scored = |index: usize, values: &Values| {
        let contributions = model.contributions(values);
        Scored { index, score: model.score(&contributions), contributions }
    };
    let count = snapshot.fragrances().len();
    let compared = |index: usize| scored(index, &lens.compared(index, lens.values(index)));
    if count <= COMPARED || !lens.compares() {
        let mut ranked: Vec<Scored> = (0..count).map(compared).collect();
        ranked.sort_by(best_first);
        return ranked;
    }
    let mut rest: Vec<Scored> = (0..count).map(|index| scored(index, &lens.values(index))).collect();
    rest.select_nth_unstable_by(COMPARED, best_first);
    let mut ranked: Vec<Scored> = rest.drain(..COMPARED).map(|scored| compared(scored.index)).collect();
    ranked.sort_by(best_first);
    rest.sort_by(best_first);
    let floor = ranked.last().map_or(1.0, |last| last.score);
    rest.iter_mut().for_each(|scored| scored.score = scored.score.min(floor));
    ranked.append(&mut rest);
    ranked
}

fn best_first(a: &Scored, b: &Scored) -> Ordering {
    b.score.total_cmp(&a.score).then(a.index.cmp(&b.index))
}
