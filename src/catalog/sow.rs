//! Bringing the seed and the vectors into the store, and the store into memory. Each step does only what is missing.

use std::{
    collections::{HashMap, HashSet},
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
    let notes: Vec<(Note, String)> = notes
        .into_iter()
        .map(|note| (fact_hash(&note), note))
        .map(|(hash, note)| (note, hash))
        .filter(|(n, h)| known.get(&n.id) != Some(h))
        .collect();
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

/// Embeds what has no vector of this model yet, or a vector of another text.
pub(super) async fn embed(store: &Store, embedder: &dyn Embedder) -> Result<()> {
    let (model, dimension) = (embedder.model(), embedder.dimension());
    fragrance_note::fit_vectors(store, model, dimension).await?;
    fragrance::fit_vectors(store, model, dimension).await?;

    let notes = fragrance_note::all(store).await?;
    let known = fragrance_note::text_hashes(store, model).await?;
    let missing = stale(notes.iter().map(|note| (note.id.clone(), evocation_text(note))), &known);
    for (done, batch) in batches(missing, "notes") {
        let vectors = vectors_of(embedder, &batch).await?;
        let rows =
            batch.into_iter().zip(vectors).map(|((note, text), vector)| NoteVector { note, text_hash: sha256(&text), vector });
        fragrance_note::put_vectors(store, model, rows.collect()).await?;
        done();
    }

    let fragrances = fragrance::all(store, &names(&notes)).await?;
    let known = fragrance::text_hashes(store, model).await?;
    let missing = stale(fragrances.iter().map(|fragrance| (fragrance.id.clone(), facts_text(fragrance))), &known);
    for (done, batch) in batches(missing, "fragrances") {
        let vectors = vectors_of(embedder, &batch).await?;
        let rows = batch.into_iter().zip(vectors).map(|((fragrance, text), vector)| FragranceVector {
            fragrance,
            text_hash: sha256(&text),
            vector,
        });
        fragrance::put_vectors(store, model, rows.collect()).await?;
        done();
    }
    Ok(())
}

/// Loads everything that has a vector.
pub(super) async fn load(store: &Store, embedder: &dyn Embedder) -> Result<Snapshot> {
    let (model, dimension) = (embedder.model(), embedder.dimension());
    let mut note_vectors = fragrance_note::vectors(store, model).await?;
    let mut notes = fragrance_note::all(store).await?;
    let by_id = names(&notes);
    notes.retain(|note| note_vectors.contains_key(&note.id));
    let rows: Vec<Vec<f32>> = notes.iter().filter_map(|note| note_vectors.remove(&note.id)).collect();
    let taxonomy = Taxonomy::new(notes).with_evocations(FlatVectors::new(dimension, &rows)?)?;

    let mut vectors = fragrance::vectors(store, model).await?;
    let mut fragrances = fragrance::all(store, &by_id).await?;
    fragrances.retain(|fragrance| vectors.contains_key(&fragrance.id));
    let rows: Vec<Vec<f32>> = fragrances.iter().filter_map(|fragrance| vectors.remove(&fragrance.id)).collect();
    Snapshot::new(Arc::new(taxonomy), fragrances, FlatVectors::new(dimension, &rows)?)
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

fn names(notes: &[Note]) -> HashMap<NoteId, String> {
    notes.iter().map(|note| (note.id.clone(), note.name.clone())).collect()
}

fn stale<K: std::hash::Hash + Eq>(texts: impl Iterator<Item = (K, String)>, known: &HashMap<K, String>) -> Vec<(K, String)> {
    texts.filter(|(id, text)| known.get(id) != Some(&sha256(text))).collect()
}

/// Batches, each with what to call when it is done: it says how far the work is.
fn batches<K>(items: Vec<(K, String)>, what: &'static str) -> impl Iterator<Item = (impl FnOnce(), Vec<(K, String)>)> {
    let total = items.len();
    let mut items = items.into_iter();
    (0..total.div_ceil(BATCH)).map(move |at| {
        let batch: Vec<(K, String)> = items.by_ref().take(BATCH).collect();
        let done = at * BATCH + batch.len();
        (
            move || tracing::info!(catalog.embedded = done, catalog.total = total, catalog.what = what, "embedding the catalog"),
            batch,
        )
    })
}

async fn vectors_of<K>(embedder: &dyn Embedder, batch: &[(K, String)]) -> Result<Vec<Vec<f32>>> {
    let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
    let vectors = embedder.embed(&texts).await.context("the catalog could not be embedded")?;
    ensure!(vectors.len() == texts.len(), "the model gave {} vectors for {} texts", vectors.len(), texts.len());
    Ok(vectors)
}

fn fact_hash(facts: &impl Serialize) -> String {
    sha256(&serde_json::to_string(facts).unwrap_or_default())
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
