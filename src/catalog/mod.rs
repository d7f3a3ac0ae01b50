//! The fragrances and notes: seed, taxonomy, search, and the in-process snapshot that answers fast.
//!
//! The store is the catalog of record; what is answered from is a [`Snapshot`] of it.

mod accords;
mod bm25;
mod compose;
mod everyday;
mod fame;
mod gallery;
mod houses;
pub mod import;
mod inflection;
mod labels;
mod names;
mod phrases;
mod qualifiers;
mod search;
mod seed;
mod setting;
mod similarity;
mod snapshot;
mod sow;
mod taxonomy;
mod titles;
mod vectors;

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use tokio::task::spawn_blocking;

pub use accords::ACCORDS;
pub use compose::compose;
pub use import::facts;
pub use seed::Seed;
pub use setting::Setting;
pub use similarity::{Likeness, reminders, similarity};
pub use snapshot::{Snapshot, facts_text};
pub use taxonomy::{NoteMention, Taxonomy, evocation_text};
pub use vectors::{FlatVectors, VectorSearch};

pub(crate) use bm25::is_stop_word;
pub(crate) use everyday::is_ambiguous;
pub(crate) use gallery::{Gallery, Portrait, Spread};
pub(crate) use phrases::{Word, words};
pub(crate) use snapshot::Part;

use crate::{
    ai::Embedder,
    domain::{
        AppError, AppResult,
        flower::Flower,
        fragrance::{CatalogFilter, Fragrance},
        ids::FragranceId,
        notes::Note,
        page::{Cursor, Page},
    },
    store::Store,
};

/// How many of those that are like a perfume that is no longer made can still be bought.
const STILL_SOLD: usize = 3;

/// The catalog of this house.
pub struct Catalog {
    store: Store,
    embedder: Arc<dyn Embedder>,
    snapshot: RwLock<Arc<Snapshot>>,
}

impl Catalog {
    /// Seeds what is missing (idempotent), embeds what has changed, and loads the snapshot.
    pub async fn open(store: Store, embedder: Arc<dyn Embedder>) -> Result<Self> {
        sow::sow(&store).await?;
        let snapshot = sow::load(&store, embedder.as_ref()).await?;
        Ok(Self { store, embedder, snapshot: RwLock::new(Arc::new(snapshot)) })
    }

    /// Embeds what has come into the store since, and loads the snapshot anew.
    pub async fn refresh(&self) -> Result<()> {
        let snapshot = sow::load(&self.store, self.embedder.as_ref()).await?;
        let snapshot = spawn_blocking(move || {
            snapshot.warm();
            snapshot
        })
        .await?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// The catalog as it stands, for reading without waiting.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The perfumes that a filter lets pass: with a text the best match first, otherwise the best known.
    pub fn search(&self, filter: &CatalogFilter, cursor: Cursor) -> AppResult<Page<Fragrance>> {
        search::fragrances(&self.snapshot(), filter, cursor)
    }

    /// One perfume.
    pub fn fragrance(&self, id: &FragranceId) -> AppResult<Arc<Fragrance>> {
        self.snapshot().get(id).cloned().ok_or_else(|| AppError::not_found("perfume"))
    }

    /// The perfumes that remind most of one, with their likeness, 0 to 1, the most alike first; never the perfume itself or its
    /// other concentrations. For one that is no longer made, [`STILL_SOLD`] of them can still be bought, however many that cannot
    /// are more like it.
    pub fn similar(&self, id: &FragranceId, count: usize) -> AppResult<Vec<(Arc<Fragrance>, f64)>> {
        let snapshot = self.snapshot();
        let of = snapshot.index_of(id).ok_or_else(|| AppError::not_found("perfume"))?;
        let is_sold = |at: usize| !snapshot.fragrances()[at].discontinued;
        let mut others: Vec<usize> =
            reminders(&snapshot, of).into_iter().map(|(at, _)| at).filter(|&at| !snapshot.is_same_line(of, at)).collect();
        if !is_sold(of) {
            let sold: Vec<usize> = others.iter().copied().filter(|&at| is_sold(at)).take(STILL_SOLD.min(count)).collect();
            others.retain(|at| !sold.contains(at));
            others.splice(..0, sold);
        }
        let mut alike: Vec<(usize, f64)> = others.into_iter().take(count).map(|at| (at, similarity(&snapshot, of, at))).collect();
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(alike.into_iter().map(|(at, likeness)| (Arc::clone(&snapshot.fragrances()[at]), likeness)).collect())
    }

    /// The notes that a text fits, best first; all of them without a text.
    pub fn notes(&self, q: Option<&str>) -> Vec<Note> {
        search::notes(&self.snapshot(), q)
    }

    /// A perfume as a flower.
    pub fn flower(&self, fragrance: &Fragrance) -> Flower {
        self.snapshot().flower(fragrance)
    }
}

#[cfg(test)]
mod tests;
