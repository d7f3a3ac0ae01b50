//! The fragrances and notes: seed, taxonomy, search, and the in-process snapshot that answers fast.

mod similarity;
mod snapshot;
mod taxonomy;
mod vectors;

pub use similarity::similarity;
pub use snapshot::Snapshot;
pub use taxonomy::{NoteMention, Taxonomy};
pub use vectors::VectorSearch;

use std::sync::Arc;

use anyhow::Result;

use crate::{
    ai::Embedder,
    domain::{
        AppResult,
        flower::Flower,
        fragrance::{CatalogFilter, Fragrance},
        ids::FragranceId,
        notes::Note,
        page::{Cursor, Page},
    },
    store::Store,
};

pub struct Catalog {/* store, snapshot behind a lock */}

impl Catalog {
    /// Seeds what is missing (idempotent), embeds what has changed, and loads the snapshot.
    pub async fn open(_store: Store, _embedder: Arc<dyn Embedder>) -> Result<Self> {
        todo!()
    }
    /// The catalog as it stands, for reading without waiting.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        todo!()
    }
    /// Loads the snapshot anew from the store.
    pub async fn refresh(&self) -> Result<()> {
        todo!()
    }
    pub fn search(&self, _filter: &CatalogFilter, _cursor: Cursor) -> AppResult<Page<Fragrance>> {
        todo!()
    }
    pub fn fragrance(&self, _id: &FragranceId) -> AppResult<Arc<Fragrance>> {
        todo!()
    }
    /// The nearest perfumes with their likeness, 0 to 1, nearest first; never the perfume itself or its other concentrations.
    pub fn similar(&self, _id: &FragranceId, _count: usize) -> AppResult<Vec<(Arc<Fragrance>, f64)>> {
        todo!()
    }
    pub fn notes(&self, _q: Option<&str>) -> Vec<Note> {
        todo!()
    }
    pub fn flower(&self, _fragrance: &Fragrance) -> Flower {
        todo!()
    }
}
