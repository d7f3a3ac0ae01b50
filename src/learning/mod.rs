//! Reactions → taste: events, the fold, the profile, the collection.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    catalog::Catalog,
    domain::{
        AppResult,
        answer::{FeedbackReceipt, Reaction},
        collection::{CollectionItem, Holding},
        fragrance::{Family, Intensity},
        ids::{FragranceId, QueryId, RecommendationId, TasteEventId, UserId},
        intent::Budget,
        page::{Cursor, Page},
        profile::Profile,
        taste::{Target, Taste, TasteEvent, TasteKind, TasteSource},
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

pub struct Learning {/* store, catalog */}

impl Learning {
    pub fn new(_store: Store, _catalog: Arc<Catalog>) -> Self {
        todo!()
    }
    /// The fold of the person's events.
    pub async fn taste(&self, _user: &UserId) -> AppResult<Taste> {
        todo!()
    }
    /// Replaces all events of one source (a memory, a question, a reaction) by these: idempotent.
    pub async fn replace(
        &self,
        _user: &UserId,
        _source: TasteSource,
        _source_id: &str,
        _events: Vec<NewTasteEvent>,
        _reason: &str,
    ) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    /// Writes the projection (the `prefers` edges and the profile row) anew from the events.
    pub async fn project(&self, _user: &UserId) -> AppResult<()> {
        todo!()
    }
    pub async fn react(
        &self,
        _user: &UserId,
        _id: &RecommendationId,
        _reaction: Reaction,
        _undo: bool,
    ) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    pub async fn rate(
        &self,
        _user: &UserId,
        _id: &QueryId,
        _rating: u8,
        _text: Option<String>,
        _disliked_notes: Vec<String>,
    ) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    pub async fn profile(&self, _user: &UserId) -> AppResult<Profile> {
        todo!()
    }
    pub async fn update_profile(&self, _user: &UserId, _update: ProfileUpdate) -> AppResult<Profile> {
        todo!()
    }
    /// The story of the taste, newest first.
    pub async fn history(&self, _user: &UserId, _cursor: Cursor) -> AppResult<Page<TasteEvent>> {
        todo!()
    }
    pub async fn undo(&self, _user: &UserId, _id: &TasteEventId) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    pub async fn set_holding(&self, _user: &UserId, _id: &FragranceId, _update: HoldingUpdate) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    pub async fn collection(&self, _user: &UserId, _cursor: Cursor) -> AppResult<Page<CollectionItem>> {
        todo!()
    }
    /// What the person owns or wants, by perfume.
    pub async fn holdings(&self, _user: &UserId) -> AppResult<BTreeMap<FragranceId, Holding>> {
        todo!()
    }
}
