//! Bringing the seed and the vectors into the store, and the store into memory. Each step does only what is missing.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    seed::Seed,
    snapshot::{Snapshot, facts_text},
    taxonomy::{Taxonomy, evocation_text},
    vectors::FlatVectors,
};
use crate::{
    ai::Embedder,
    domain::{
        fragrance::Fragrance,
        ids::NoteId,
        notes::{Layer, Note},
    },
    store::{
        Store,
        fragrance::{self, FragranceFacts, FragranceVector},
        fragrance_note::{self, NoteVector},
    },
};

/// Texts that are embedded and stored at a time: so much is lost if it is interrupted.
const BATCH: usize = 128;

/// Writes the entries of the seed that are new or have changed.
pub(super) async fn sow(store: &Store) -> Result<()> {
    let started = Instant::now();
    let Seed { notes, fragrances } = Seed::read().context("the seed of the catalog is damaged")?;
    let ids: HashMap<String, NoteId> = notes.iter().map(|note| (note.name.clone(), note.id.clone())).collect();
    let known = fragrance_note::fact_hashes(store).await?;
    let hashed = notes.into_iter().map(|note| (fact_hash(&note), note));
    let notes: Vec<(Note, String)> =
        hashed.filter(|(hash, note)| known.get(&note.id) != Some(hash)).map(|(hash, note)| (note, hash)).collect();
    let known = fragrance::fact_hashes(store).await?;
    let mut facts = Vec::new();
    for fragrance in fragrances {
        let fact_hash = fact_hash(&fragrance);
        if known.get(&fragrance.id) != Some(&fact_hash) {
            facts.push(FragranceFacts { notes: edges(&fragrance, &ids)?, fragrance, fact_hash });
        }
    }
    if notes.is_empty() && facts.is_empty() {
        return Ok(());
    }
    let (note_count, fragrance_count) = (notes.len(), facts.len());
    fragrance_note::put_all(store, notes).await?;
    fragrance::put_all(store, facts).await?;
    let elapsed_ms = started.elapsed().as_millis();
    tracing::info!(catalog.notes = note_count, catalog.fragrances = fragrance_count, elapsed_ms, "sowed the catalog");
    Ok(())
}

/// Loads the catalog. What has no vector of this model yet, or one of another text, is embedded first.
pub(super) async fn load(store: &Store, embedder: &dyn Embedder) -> Result<Snapshot> {
    let (model, dimension) = (embedder.model(), embedder.dimension());
    fragrance_note::fit_vectors(store, model, dimension).await?;
    fragrance::fit_vectors(store, model, dimension).await?;

    let notes = fragrance_note::all(store).await?;
    let stored = fragrance_note::vectors(store, model).await?;
    let mut vectors = Embedded::of(stored.into_iter().map(|v| (v.note, v.text_hash, v.vector)));
    for batch in vectors.missing(notes.iter().map(|note| (&note.id, evocation_text(note)))) {
        let made = embed(embedder, batch).await?;
        let rows = made.iter().cloned().map(|(note, text_hash, vector)| NoteVector { note, text_hash, vector });
        fragrance_note::put_vectors(store, model, rows.collect()).await?;
        vectors.add(made, "notes");
    }
    let rows = vectors.in_order(notes.iter().map(|note| &note.id))?;
    let names = notes.iter().map(|note| (note.id.clone(), note.name.clone())).collect();
    let taxonomy = Taxonomy::new(notes).with_evocations(FlatVectors::new(dimension, &rows)?)?;

    let fragrances = fragrance::all(store, &names).await?;
    let stored = fragrance::vectors(store, model).await?;
    let mut vectors = Embedded::of(stored.into_iter().map(|v| (v.fragrance, v.text_hash, v.vector)));
    for batch in vectors.missing(fragrances.iter().map(|fragrance| (&fragrance.id, facts_text(fragrance)))) {
        let made = embed(embedder, batch).await?;
        let rows = made.iter().cloned().map(|(fragrance, text_hash, vector)| FragranceVector { fragrance, text_hash, vector });
        fragrance::put_vectors(store, model, rows.collect()).await?;
        vectors.add(made, "fragrances");
    }
    let rows = vectors.in_order(fragrances.iter().map(|fragrance| &fragrance.id))?;
    Snapshot::new(Arc::new(taxonomy), fragrances, FlatVectors::new(dimension, &rows)?)
}

/// The vectors that there are, each with the hash of its text.
struct Embedded<K> {
    vectors: HashMap<K, (String, Vec<f32>)>,
}

impl<K: Clone + Eq + Hash> Embedded<K> {
    fn of(stored: impl Iterator<Item = (K, String, Vec<f32>)>) -> Self {
        Self { vectors: stored.map(|(key, text_hash, vector)| (key, (text_hash, vector))).collect() }
    }

    /// Batches of what has no vector of its present text.
    fn missing<'a>(&self, texts: impl Iterator<Item = (&'a K, String)>) -> Vec<Vec<(K, String)>>
    where
        K: 'a,
    {
        let is_there = |key: &K, text: &str| self.vectors.get(key).is_some_and(|(text_hash, _)| *text_hash == sha256(text));
        let missing: Vec<(K, String)> =
            texts.filter(|(key, text)| !is_there(key, text)).map(|(key, text)| (key.clone(), text)).collect();
        missing.chunks(BATCH).map(<[_]>::to_vec).collect()
    }

    fn add(&mut self, made: Vec<(K, String, Vec<f32>)>, what: &'static str) {
        self.vectors.extend(made.into_iter().map(|(key, text_hash, vector)| (key, (text_hash, vector))));
        tracing::info!(catalog.what = what, catalog.embedded = self.vectors.len(), "embedding the catalog");
    }

    fn in_order<'a>(mut self, keys: impl Iterator<Item = &'a K>) -> Result<Vec<Vec<f32>>>
    where
        K: 'a,
    {
        keys.map(|key| self.vectors.remove(key).map(|(_, vector)| vector).context("a part of the catalog has no vector"))
            .collect()
    }
}

/// Where each note of a perfume stands. A note that stands twice keeps its first place.
fn edges(fragrance: &Fragrance, ids: &HashMap<String, NoteId>) -> Result<Vec<(Layer, usize, NoteId)>> {
    let mut seen = HashSet::new();
    let mut edges = Vec::new();
    for &layer in Layer::ALL {
        for (position, name) in fragrance.notes.layer(layer).iter().enumerate() {
            let id = ids.get(name).with_context(|| format!("{}: {name:?} is no note", fragrance.full_name()))?;
            if seen.insert(id) {
                edges.push((layer, position, id.clone()));
            }
        }
    }
    Ok(edges)
}

async fn embed<K>(embedder: &dyn Embedder, batch: Vec<(K, String)>) -> Result<Vec<(K, String, Vec<f32>)>> {
    let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
    let vectors = embedder.embed(&texts).await.context("the catalog could not be embedded")?;
    ensure!(vectors.len() == texts.len(), "the model gave {} vectors for {} texts", vectors.len(), texts.len());
    Ok(batch.into_iter().zip(vectors).map(|((key, text), vector)| (key, sha256(&text), vector)).collect())
}

fn fact_hash(facts: &impl Serialize) -> String {
    sha256(&serde_json::to_string(facts).unwrap_or_default())
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
