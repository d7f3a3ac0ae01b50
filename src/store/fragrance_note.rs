//! The notes of the taxonomy and the vectors of what they evoke.

use std::collections::HashMap;

use surrealdb::types::{RecordId, SurrealValue};

use super::{Store, StoreError, StoreResult, statement::statement};
use crate::domain::{
    ids::NoteId,
    notes::{Category, Note},
};

/// The vector of a note's evocation, with the hash of the text it stands for.
#[derive(SurrealValue)]
pub struct NoteVector {
    pub note: NoteId,
    pub text_hash: String,
    pub vector: Vec<f32>,
}

#[derive(SurrealValue)]
struct Row {
    id: NoteId,
    name: String,
    category: String,
    synonyms: Vec<String>,
    evocation: String,
    color: String,
    flagged: Option<bool>,
    fact_hash: Option<String>,
}

#[derive(SurrealValue)]
struct HashRow {
    id: NoteId,
    hash: Option<String>,
}

#[derive(SurrealValue)]
struct VectorRow {
    id: RecordId,
    note: NoteId,
    model: String,
    text_hash: String,
    vector: Vec<f32>,
}

/// The hash of the facts of every note.
pub async fn fact_hashes(store: &Store) -> StoreResult<HashMap<NoteId, String>> {
    let rows: Vec<HashRow> = statement("SELECT id, fact_hash AS hash FROM fragrance_note").rows(store).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.hash?))).collect())
}

/// Writes notes with the hash of their facts; what was known of them before is replaced.
pub async fn put_all(store: &Store, notes: Vec<(Note, String)>) -> StoreResult<()> {
    let rows: Vec<Row> = notes
        .into_iter()
        .map(|(note, fact_hash)| Row {
            id: note.id,
            name: note.name,
            category: note.category.as_str().to_owned(),
            synonyms: note.synonyms,
            evocation: note.evocation,
            color: note.color,
            flagged: note.flagged.then_some(true),
            fact_hash: Some(fact_hash),
        })
        .collect();
    statement("FOR $row IN $rows { UPSERT $row.id CONTENT $row; }").bind("rows", rows).execute(store).await
}

/// All notes, by id.
pub async fn all(store: &Store) -> StoreResult<Vec<Note>> {
    let rows: Vec<Row> = statement("SELECT * FROM fragrance_note ORDER BY id").rows(store).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Note {
                category: Category::from_word(&row.category)
                    .ok_or_else(|| StoreError::Shape(format!("{:?} is no category", row.category)))?,
                id: row.id,
                name: row.name,
                synonyms: row.synonyms,
                evocation: row.evocation,
                color: row.color,
                flagged: row.flagged.unwrap_or(false),
            })
        })
        .collect()
}

/// Writes vectors that a model made.
pub async fn put_vectors(store: &Store, model: &str, vectors: Vec<NoteVector>) -> StoreResult<()> {
    let rows: Vec<VectorRow> = vectors
        .into_iter()
        .map(|v| VectorRow {
            id: RecordId::new("fragrance_note_embedding", v.note.as_str()),
            note: v.note,
            model: model.to_owned(),
            text_hash: v.text_hash,
            vector: v.vector,
        })
        .collect();
    statement("FOR $row IN $rows { UPSERT $row.id CONTENT $row; }").bind("rows", rows).execute(store).await
}

/// The vectors that a model made.
pub async fn vectors(store: &Store, model: &str) -> StoreResult<Vec<NoteVector>> {
    statement("SELECT note, text_hash, vector FROM fragrance_note_embedding WHERE model = $model")
        .bind("model", model.to_owned())
        .rows(store)
        .await
}

/// Makes the vector index fit a model: vectors of other models go, and an index of another length with them.
pub async fn fit_vectors(store: &Store, model: &str, dimension: usize) -> StoreResult<()> {
    super::vector_index::fit(store, "fragrance_note_embedding", model, dimension).await
}

/// The notes whose evocations are nearest to a vector, with their cosine, as the database's own index finds them.
pub async fn nearest(store: &Store, query: &[f32], count: usize, effort: usize) -> StoreResult<Vec<(NoteId, f64)>> {
    #[derive(SurrealValue)]
    struct Found {
        note: NoteId,
        distance: f64,
    }
    // The numbers of a KNN operator can only be literals.
    let rows: Vec<Found> = statement(format!(
        "SELECT note, vector::distance::knn() AS distance FROM fragrance_note_embedding
        WHERE vector <|{count},{effort}|> $query ORDER BY distance"
    ))
    .bind("query", query.to_vec())
    .rows(store)
    .await?;
    Ok(rows.into_iter().map(|row| (row.note, 1.0 - row.distance)).collect())
}
