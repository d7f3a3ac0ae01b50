//! What people own, want and think of it.

use std::collections::BTreeMap;

use super::{
    HoldingUpdate, Learning, NewTasteEvent,
    ledger::Rewrite,
    reactions::{check_rating, events_on},
};
use crate::{
    catalog::Snapshot,
    domain::{
        AppResult,
        answer::FeedbackReceipt,
        collection::{CollectionItem, Holding, Shelf},
        fragrance::Fragrance,
        ids::{FragranceId, UserId},
        page::{Cursor, Page},
        taste::{TasteKind, TasteSource},
        text::{limits, optional},
    },
    store::collects::{self, Change},
};

/// What owning a perfume says for it.
const OWNED: f64 = 0.4;
/// What wishing for it says.
const WISHED: f64 = 0.25;
/// What one to five stars say.
const RATED: [f64; 5] = [-0.6, -0.3, 0.0, 0.35, 0.7];

impl Learning {
    /// Changes what a person has to do with a perfume, and learns from how it is now.
    pub async fn set_holding(&self, user: &UserId, id: &FragranceId, update: HoldingUpdate) -> AppResult<FeedbackReceipt> {
        if let Some(Some(rating)) = update.rating {
            check_rating(rating)?;
        }
        let personal_notes = match update.personal_notes {
            Some(text) => Some(optional("personal_notes", "Your notes", text, limits::NOTES)?),
            None => None,
        };
        let fragrance = self.catalog.fragrance(id)?;
        let change = Change { owned: update.owned, wishlist: update.wishlist, rating: update.rating, personal_notes };
        collects::change(&self.store, user, id, change).await?;
        let reason = format!("You changed {} in your collection.", fragrance.full_name());
        let snapshot = self.catalog.snapshot();
        let as_it_is = || async {
            let holding = collects::of(&self.store, user, id).await?;
            Ok(Rewrite::of(TasteSource::Feedback).with(id.as_str(), events_of(&snapshot, &fragrance, &holding)))
        };
        let receipt = self.ledger.rewrite(user, &reason, as_it_is).await?;
        if update.rating.is_some() {
            self.ranker.try_to_learn_of(user).await;
        }
        Ok(receipt)
    }

    /// A page of what the person owns, wants or rated, or of one shelf of it; what changed last first.
    pub async fn collection(&self, user: &UserId, shelf: Option<Shelf>, cursor: Cursor) -> AppResult<Page<CollectionItem>> {
        let snapshot = self.catalog.snapshot();
        let page = Page::from_overfetch(collects::page(&self.store, user, shelf, cursor).await?, cursor);
        let item = |held: collects::Held| {
            let fragrance = snapshot.get(&held.fragrance)?;
            Some(CollectionItem {
                fragrance: Fragrance::clone(fragrance),
                holding: held.holding,
                updated_at: held.updated_at,
                flower: snapshot.flower(fragrance),
            })
        };
        Ok(Page { items: page.items.into_iter().filter_map(item).collect(), next_cursor: page.next_cursor })
    }

    /// What the person owns or wants, by perfume.
    pub async fn holdings(&self, user: &UserId) -> AppResult<BTreeMap<FragranceId, Holding>> {
        Ok(collects::all(&self.store, user).await?.into_iter().map(|held| (held.fragrance, held.holding)).collect())
    }
}

/// What a holding says about the person's taste.
fn events_of(snapshot: &Snapshot, fragrance: &Fragrance, holding: &Holding) -> Vec<NewTasteEvent> {
    let name = fragrance.full_name();
    let mut events = Vec::new();
    let mut say = |kind, weight: f64, did: String| events.extend(events_on(snapshot, &fragrance.id, kind, weight, &did));
    if holding.owned {
        say(TasteKind::Collected, OWNED, format!("You own {name}"));
    }
    if holding.wishlist {
        say(TasteKind::Wished, WISHED, format!("You wish for {name}"));
    }
    if let Some(rating) = holding.rating
        && let Some(weight) = RATED.get(usize::from(rating).wrapping_sub(1))
    {
        say(TasteKind::Rated, *weight, format!("You gave {rating} of 5 to {name}"));
    }
    events
}
