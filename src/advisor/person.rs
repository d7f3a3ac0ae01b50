//! What is known of the person who asks.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::Snapshot,
    domain::{
        collection::{FAIR_STARS, Holding},
        fragrance::Intensity,
        ids::{FragranceId, UserId},
        intent::Budget,
        taste::Taste,
    },
    learning::Learning,
    store::{
        Store, query_log,
        scent_profile::{self, Ranking},
    },
};

use crate::domain::AppResult;

/// As which rating, 0 to 1, each thing counts that people do: liking or buying what was suggested, disliking it, owning and
/// wishing for a perfume, giving it one to five stars.
const LIKED: f64 = 0.9;
const DISLIKED: f64 = 0.35;
const OWNED: f64 = 0.85;
const WISHED: f64 = 0.8;
const STARS: [f64; 5] = [0.2, 0.4, 0.6, 0.85, 1.0];

/// A person's taste, collection and reactions.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub taste: Taste,
    pub intensity: Option<Intensity>,
    pub budget: Option<Budget>,
    pub holdings: BTreeMap<FragranceId, Holding>,
    /// What they liked or bought of what was suggested.
    pub liked: BTreeSet<FragranceId>,
    /// What they last said that they dislike, by a reaction or by stars.
    pub disliked: BTreeSet<FragranceId>,
    /// What they rated, 0 to 1, where that is known in finer steps than stars.
    pub rated: BTreeMap<FragranceId, f64>,
    /// How the weights of their ranking differ from everybody's.
    pub ranking: Option<Ranking>,
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
            rated: BTreeMap::new(),
            ranking: kept.ranking,
        })
    }

    /// Somebody of whom only ratings are known: the places of perfumes, each with its rating, 0 to 1.
    pub fn of_ratings(snapshot: &Snapshot, ratings: impl Iterator<Item = (usize, f64)>) -> Self {
        let rated = ratings.map(|(at, rating)| (snapshot.fragrances()[at].id.clone(), rating)).collect();
        Self { rated, ..Self::default() }
    }

    /// How they rate what they know, 0 to 1: as they said, and else as what they did lets expect.
    pub fn ratings(&self) -> BTreeMap<&FragranceId, f64> {
        let mut ratings: BTreeMap<&FragranceId, f64> = BTreeMap::new();
        ratings.extend(self.liked.iter().map(|id| (id, LIKED)));
        for (id, held) in &self.holdings {
            let stars = held.rating.and_then(|stars| STARS.get(usize::from(stars).wrapping_sub(1)));
            let held = if held.owned { Some(OWNED) } else { held.wishlist.then_some(WISHED) };
            if let Some(rating) = stars.copied().or(held) {
                ratings.insert(id, rating);
            }
        }
        for id in &self.disliked {
            ratings.entry(id).and_modify(|rating| *rating = rating.min(DISLIKED)).or_insert(DISLIKED);
        }
        ratings.extend(self.rated.iter().map(|(id, rating)| (id, *rating)));
        ratings
    }

    pub fn owns(&self, id: &FragranceId) -> bool {
        self.holdings.get(id).is_some_and(|h| h.owned)
    }

    pub fn wishes_for(&self, id: &FragranceId) -> bool {
        self.holdings.get(id).is_some_and(|h| h.wishlist)
    }

    /// What stands for the taste: liked, owned and wished for, unless rated low.
    pub fn examples(&self) -> impl Iterator<Item = &FragranceId> {
        let held = self.holdings.iter().filter(|(_, h)| (h.owned || h.wishlist) && h.rating.is_none_or(|r| r >= FAIR_STARS));
        self.liked.iter().chain(held.map(|(id, _)| id))
    }
}
