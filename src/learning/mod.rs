//! Reactions → taste: events, the fold, the profile, the collection.

mod collection;
pub mod examples;
pub mod form;
mod ledger;
mod models;
mod portrait;
mod profile;
pub mod ranker;
mod reactions;
mod spread;
mod stories;
pub mod tuning;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use crate::{
    catalog::Catalog,
    domain::{
        fragrance::{Family, Intensity},
        ids::UserId,
        intent::Budget,
        taste::{HALF_LIFE_DAYS, Target, TasteKind},
    },
    store::Store,
};

/// A taste event before it is kept.
#[derive(Clone, Debug)]
pub struct NewTasteEvent {
    pub target: Target,
    pub kind: TasteKind,
    /// −1 to 1.
    pub weight: f64,
    pub reason: String,
}

/// What a person changes about their profile. `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileUpdate {
    pub preferred_families: Option<Vec<Family>>,
    /// Canonical names or synonyms.
    pub disliked_notes: Option<Vec<String>>,
    pub intensity_preference: Option<Option<Intensity>>,
    pub budget: Option<Option<Budget>>,
}

/// What a person changes about a perfume in their collection. `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct HoldingUpdate {
    pub owned: Option<bool>,
    pub wishlist: Option<bool>,
    pub rating: Option<Option<u8>>,
    pub personal_notes: Option<Option<String>>,
}

/// The door to what is known of people's taste.
pub struct Learning {
    store: Store,
    ledger: ledger::Ledger,
    catalog: Arc<Catalog>,
    ranker: Arc<ranker::Ranker>,
    /// Whose taste is to be projected soon.
    to_project: Arc<Mutex<BTreeSet<UserId>>>,
    /// Where there is a provider.
    tuning: Option<Arc<tuning::Tuning>>,
}

impl Learning {
    pub fn new(store: Store, catalog: Arc<Catalog>) -> Self {
        let ranker = Arc::new(ranker::Ranker::new(store.clone()));
        let ledger = ledger::Ledger { store: store.clone(), half_life_days: HALF_LIFE_DAYS, stories: Arc::default() };
        Self { store, ledger, catalog, ranker, to_project: Arc::default(), tuning: None }
    }

    /// The same, with what tunes models at a provider.
    #[must_use]
    pub fn with_tuning(self, tuning: Arc<tuning::Tuning>) -> Self {
        Self { tuning: Some(tuning), ..self }
    }

    /// The same, with events that fade faster or slower than in [`HALF_LIFE_DAYS`].
    #[must_use]
    pub fn with_half_life(mut self, days: f64) -> Self {
        self.ledger.half_life_days = days;
        self
    }

    /// The ranking model in service.
    pub fn ranker(&self) -> &Arc<ranker::Ranker> {
        &self.ranker
    }
}

#[cfg(test)]
mod tests;
