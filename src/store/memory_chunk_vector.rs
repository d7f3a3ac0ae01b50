//! The vectors of passages by a provider's model, beside the local ones. They stand under the keys of their passages, so a
//! passage has one at most: that of the model that embedded it last.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, memory_chunk::NearChunk, statement::statement};
use crate::domain::ids::{ChunkId, MemoryId, UserId};

/// A passage that has no vector of a model yet.
#[derive(Clone, Debug, SurrealValue)]
pub struct Unembedded {
    pub chunk: ChunkId,
    pub user: UserId,
    pub memory: MemoryId,
    pub title: String,
    pub content: String,
}

/// A passage with its new vector.
#[derive(Clone, Debug, SurrealValue)]
pub struct NewVector {
    pub chunk: ChunkId,
    pub user: UserId,
    pub vector: Vec<f32>,
}

/// Passages of one memory that have no vector of a model yet; none when all have one, but for those that are left out: all of
/// some people's, and some memories.
pub async fn missing(
    store: &Store,
    model: &str,
    (users, memories): (Vec<UserId>, Vec<MemoryId>),
    at_most: usize,
) -> StoreResult<Vec<Unembedded>> {
    statement(
        "LET $memory = (SELECT VALUE memory FROM memory_chunk
            WHERE vector_model != $model AND user NOT IN $users AND memory NOT IN $memories LIMIT 1)[0];
         SELECT id AS chunk, user, memory, memory.title ?? '' AS title, content, chunk_index FROM memory_chunk
             WHERE memory = $memory AND vector_model != $model ORDER BY chunk_index LIMIT $at_most;",
    )
    .bind("model", model.to_owned())
    .bind("users", users)
    .bind("memories", memories)
    .bind("at_most", at_most)
    .rows_of(store, 1)
    .await
}

/// Keeps vectors. A passage that was deleted meanwhile gets none.
pub async fn put(store: &Store, model: &str, rows: Vec<NewVector>) -> StoreResult<()> {
    statement(
        "BEGIN TRANSACTION;
         FOR $row IN $rows {
             IF record::exists($row.chunk) {
                 UPSERT type::record('memory_chunk_vector', record::id($row.chunk)) CONTENT
                     { chunk: $row.chunk, user: $row.user, model: $model, vector: $row.vector };
                 UPDATE $row.chunk SET vector_model = $model;
             };
         };
         COMMIT TRANSACTION;",
    )
    .bind("model", model.to_owned())
    .bind("rows", rows)
    .execute(store)
    .await
}

/// Whether every passage of a person has a vector of a model, and there are passages at all.
pub async fn is_whole(store: &Store, user: &UserId, model: &str) -> StoreResult<bool> {
    let whole = statement(
        "RETURN count(SELECT VALUE id FROM memory_chunk WHERE user = $user) > 0
            AND count(SELECT VALUE id FROM memory_chunk WHERE user = $user AND vector_model != $model) = 0",
    )
    .bind("user", user.clone())
    .bind("model", model.to_owned())
    .row::<bool>(store)
    .await?;
    Ok(whole.unwrap_or_default())
}

/// The `k` passages of a person that are nearest to a vector of a model, nearest first.
pub async fn nearest(store: &Store, user: &UserId, model: &str, vector: &[f32], k: usize) -> StoreResult<Vec<NearChunk>> {
    statement(
        "SELECT chunk AS chunk_id, chunk.memory AS memory_id, chunk.memory.title AS memory_title, chunk.content AS content,
            chunk.span AS span, chunk.source ?? 'text' AS source, chunk.marks ?? [] AS marks, chunk.memory.valence AS valence, score
         FROM (
            SELECT chunk, vector::similarity::cosine(vector, $vector) AS score FROM memory_chunk_vector
            WHERE user = $user AND model = $model AND array::len(vector) = $dimension
            ORDER BY score DESC LIMIT $k
         )
         ORDER BY score DESC",
    )
    .bind("user", user.clone())
    .bind("model", model.to_owned())
    .bind("vector", vector.to_vec())
    .bind("dimension", vector.len())
    .bind("k", k)
    .rows(store)
    .await
}
