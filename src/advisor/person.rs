//! What is known of the person who asks.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::Snapshot,
    domain::{
        collection::Holding,
        fragrance::Intensity,
        ids::{FragranceId, UserId},
        intent::Budget,
        taste::Taste,
    },
    learning::Learning,
    store::{Store, query_log, scent_profile},
};

use crate::domain::AppResult;

/// From this rating on, a perfume speaks for others like it; below it, against them.
const GOOD_RATING: u8 = 3;

/// A person's taste, collection and reactions.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub taste: Taste,
    pub intensity: Option<Intensity>,
    pub budget: Option<Budget>,
    pub holdings: BTreeMap<FragranceId, Holding>,
    /// What they liked or bought of what was suggested.
    pub liked: BTreeSet<FragranceId>,
    /// What they disliked of what was suggested.
    pub disliked: BTreeSet<FragranceId>,
}

impl Person {
    /// Reads everything at once.
    pub async fn load(store: &Store, learning: &Learning, user: &UserId) -> AppResult<Self> {
        let (taste, holdings, kept, liked, disliked) = tokio::join!(
            learning.taste(user),
            learning.holdings(user),
            scent_profile::find(store, user),
            query_log::liked(store, user),
            query_log::disliked(store, user),
        );
        let kept = kept?;
        Ok(Self {
            taste: taste?,
            intensity: kept.intensity_preference,
            budget: kept.budget,
            holdings: holdings?,
            liked: liked?.into_iter().collect(),
            disliked: disliked?.into_iter().collect(),
        })
    }

    /// Somebody of whom only ratings are known: the places of perfumes, each with its rating, 0 to 1.
    pub fn of_ratings(snapshot: &Snapshot, ratings: impl Iterator<Item = (usize, f64)>) -> Self {
        let mut person = Self::default();
        for (at, rating) in ratings {
            let id = snapshot.fragrances()[at].id.clone();
            if rating >= 0.75 {
                person.liked.insert(id);
            } else if rating < 0.6 {
                person.disliked.insert(id);
            }
        }
        person
    }

    pub fn owns(&self, id: &FragranceId) -> bool {
        self.holdings.get(id).is_some_and(|h| h.owned)
    }

    pub fn wishes_for(&self, id: &FragranceId) -> bool {
        self.holdings.get(id).is_some_and(|h| h.wishlist)
    }

    /// What stands for the taste: liked, owned and wished for, unless rated low.
    pub fn examples(&self) -> impl Iterator<Item = &FragranceId> {
        let held = self.holdings.iter().filter(|(_, h)| (h.owned || h.wishlist) && h.rating.is_none_or(|r| r >= GOOD_RATING));
        self.liked.iter().chain(held.map(|(id, _)| id))
    }

    /// What stands against it: disliked and rated low.
    pub fn counterexamples(&self) -> impl Iterator<Item = &FragranceId> {
        let rated = self.holdings.iter().filter(|(_, h)| h.rating.is_some_and(|r| r < GOOD_RATING));
        self.disliked.iter().chain(rated.map(|(id, _)| id))
    }
}
