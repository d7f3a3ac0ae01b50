//! How well each perfume answers a question: one linear model over named features.

mod affinity;
pub(crate) mod features;
pub(crate) mod kinship;
mod model;
mod occasion;
pub mod setting;

pub use model::{Model, TRAITS, Trait, Values};

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
    /// What the score is made of, the biggest part first; what brings nothing is left out.
    pub fn features(&self) -> Vec<Feature> {
        let mut features: Vec<Feature> = Trait::ALL
            .iter()
            .zip(self.contributions)
            .filter(|(_, contribution)| contribution.abs() >= 0.005)
            .map(|(feature, contribution)| Feature { name: feature.as_str().to_owned(), contribution })
            .collect();
        features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        features
    }

    pub fn contribution(&self, feature: Trait) -> f64 {
        self.contributions[feature as usize]
    }
}

/// Every perfume of the catalog, best first. Equal scores stand in the order of the catalog.
pub fn rank(model: &Model, snapshot: &Snapshot, intent: &Intent, found: &Found) -> Vec<Scored> {
    let lens = Lens::new(snapshot, intent, found);
    let mut scored: Vec<Scored> = (0..snapshot.fragrances().len())
        .map(|index| {
            let contributions = model.contributions(&lens.values(index));
            Scored { index, score: model.score(&contributions), contributions }
        })
        .collect();
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
    scored
}
