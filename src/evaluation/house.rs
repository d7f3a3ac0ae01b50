//! The parts of the house that answers need, around a catalog from a file.

use std::{collections::HashMap, path::Path, sync::Arc};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::{
    ai::{Embedder, local::minilm::MiniLm},
    catalog::{
        FlatVectors, Seed, Snapshot, Taxonomy, compose, evocation_text,
        import::{self, Source},
    },
    domain::ids::FragranceId,
    server::settings::Settings,
};

/// A perfume as the cases name it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Named {
    pub pid: String,
    pub brand: String,
    pub name: String,
}

/// A catalog with the models.
pub(super) struct EvaluationHouse {
    pub snapshot: Arc<Snapshot>,
    pub embedder: Arc<dyn Embedder>,
    /// In the order of the snapshot.
    pub named: Vec<Named>,
    places: HashMap<String, usize>,
}

/// The model and the notes of the house, with the vectors of what they evoke.
pub(super) async fn notes(settings: &Settings) -> Result<(Arc<dyn Embedder>, Taxonomy)> {
    let embedder: Arc<dyn Embedder> = Arc::new(MiniLm::load(&settings.models)?);
    let notes = Seed::read()?.notes;
    let texts: Vec<String> = notes.iter().map(evocation_text).collect();
    let vectors = FlatVectors::new(embedder.dimension(), &embedder.embed(&texts).await?)?;
    Ok((embedder, Taxonomy::new(notes).with_evocations(vectors)?))
}

impl EvaluationHouse {
    pub async fn open(settings: &Settings, catalog: &Path) -> Result<Self> {
        let (embedder, taxonomy) = notes(settings).await?;
        let seed = Seed::read()?;
        let harvest = import::read(catalog, Source::Auto, &taxonomy, seed.fragrances.iter().map(|f| f.brand.as_str()))?;
        ensure!(!harvest.entries.is_empty(), "{} holds no perfume", catalog.display());
        let mut named = Vec::new();
        let mut fragrances = Vec::new();
        for mut entry in harvest.entries {
            // Each row is a perfume of its own, also where two bear one name.
            entry.fragrance.id = FragranceId::from_key(entry.key.clone());
            named.push(Named { pid: entry.key, brand: entry.brand, name: entry.name });
            fragrances.push(entry.fragrance);
        }
        let vectors = compose(embedder.as_ref(), &taxonomy, &fragrances).await?;
        let snapshot = Arc::new(Snapshot::new(Arc::new(taxonomy), fragrances, vectors)?);
        let places = named.iter().enumerate().map(|(at, named)| (named.pid.clone(), at)).collect();
        Ok(Self { snapshot, embedder, named, places })
    }

    /// The place of a perfume in the snapshot.
    pub fn place(&self, pid: &str) -> Result<usize> {
        self.places.get(pid).copied().with_context(|| format!("the catalog has no perfume {pid:?}"))
    }
}
