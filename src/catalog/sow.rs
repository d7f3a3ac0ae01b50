//! Bringing the seed and the vectors of its notes into the store, and the store into memory. Each step does only what is missing.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    compose::compose,
    seed::Seed,
    snapshot::Snapshot,
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
        fragrance::{self, FragranceFacts},
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

/// Loads the catalog. Notes that have no vector of this model yet, or one of another text, are embedded first.
pub(super) async fn load(store: &Store, embedder: &dyn Embedder) -> Result<Snapshot> {
    let taxonomy = taxonomy(store, embedder).await?;
    let names = taxonomy.notes().iter().map(|note| (note.id.clone(), note.name.clone())).collect();
    let fragrances = fragrance::all(store, &names).await?;
    let vectors = compose(embedder, &taxonomy, &fragrances).await.context("the perfumes could not be embedded")?;
    Snapshot::new(Arc::new(taxonomy), fragrances, vectors)
}

async fn taxonomy(store: &Store, embedder: &dyn Embedder) -> Result<Taxonomy> {
    let (model, dimension) = (embedder.model(), embedder.dimension());
    fragrance_note::fit_vectors(store, model, dimension).await?;
    let notes = fragrance_note::all(store).await?;
    let stored = fragrance_note::vectors(store, model).await?;
    let mut vectors: HashMap<NoteId, (String, Vec<f32>)> =
        stored.into_iter().map(|row| (row.note, (row.text_hash, row.vector))).collect();
    let missing: Vec<(NoteId, String)> = notes
        .iter()
        .map(|note| (note.id.clone(), evocation_text(note)))
        .filter(|(id, text)| vectors.get(id).is_none_or(|(text_hash, _)| *text_hash != sha256(text)))
        .collect();
    for batch in missing.chunks(BATCH) {
        let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
        let made = embedder.embed(&texts).await.context("the notes could not be embedded")?;
        ensure!(made.len() == texts.len(), "the model gave {} vectors for {} texts", made.len(), texts.len());
        let made = batch.iter().zip(made).map(|((note, text), vector)| (note.clone(), sha256(text), vector));
        let rows: Vec<NoteVector> = made.map(|(note, text_hash, vector)| NoteVector { note, text_hash, vector }).collect();
        vectors.extend(rows.iter().map(|row| (row.note.clone(), (row.text_hash.clone(), row.vector.clone()))));
        fragrance_note::put_vectors(store, model, rows).await?;
        tracing::info!(catalog.notes = notes.len(), catalog.embedded = vectors.len(), "embedding the notes");
    }
    let vector_of = |note: &Note| vectors.remove(&note.id).map(|(_, vector)| vector).context("a note has no vector");
    let rows: Vec<Vec<f32>> = notes.iter().map(vector_of).collect::<Result<_>>()?;
    Taxonomy::new(notes).with_evocations(FlatVectors::new(dimension, &rows)?)
}

/// Where each note of a perfume stands. A note that stands twice keeps its first place.
pub(super) fn edges(fragrance: &Fragrance, ids: &HashMap<String, NoteId>) -> Result<Vec<(Layer, usize, NoteId)>> {
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

pub(super) fn fact_hash(facts: &impl Serialize) -> String {
    sha256(&serde_json::to_string(facts).unwrap_or_default())
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
