//! The vectors of passages by a provider's models, beside the local ones. Where the model is changed, a person's vectors of the
//! former one stay until all of the new one are there.

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
    /// None where the model refuses the passage: it is not asked again.
    pub vector: Option<Vec<f32>>,
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

/// Keeps vectors of a person's passages. A passage that was deleted meanwhile gets none. With the last one, those of former models
/// go. Where a vector stood under the key of its passage alone, as earlier versions kept them, it gives way.
pub async fn put(store: &Store, user: &UserId, model: &str, rows: Vec<NewVector>) -> StoreResult<()> {
    statement(
        "BEGIN TRANSACTION;
         FOR $row IN $rows {
             IF record::exists($row.chunk) {
                 DELETE type::record('memory_chunk_vector', record::id($row.chunk)) WHERE model = $model;
                 IF $row.vector != NONE {
                     UPSERT type::record('memory_chunk_vector', [record::id($row.chunk), $model]) CONTENT
                         { chunk: $row.chunk, user: $user, model: $model, vector: $row.vector };
                 };
                 UPDATE $row.chunk SET vector_model = $model;
             };
         };
         IF (SELECT VALUE id FROM memory_chunk WHERE user = $user AND vector_model != $model LIMIT 1) = [] {
             DELETE memory_chunk_vector WHERE user = $user AND model != $model RETURN NONE
         };
         COMMIT TRANSACTION;",
    )
    .bind("user", user.clone())
    .bind("model", model.to_owned())
    .bind("rows", rows)
    .execute(store)
    .await
}

/// The model by whose vectors a person is searched: this one, once every passage was put to it; until then the former one, whose
/// vectors are there. None where the local ones have to serve, and where there is nothing to search.
pub async fn serving(store: &Store, user: &UserId, model: &str) -> StoreResult<Option<String>> {
    statement(
        "LET $models = array::distinct((SELECT VALUE vector_model FROM memory_chunk WHERE user = $user));
         RETURN IF $models = [$model] { $model } ELSE { $models.filter(|$one| $one NOT IN [NONE, $model])[0] };",
    )
    .bind("user", user.clone())
    .bind("model", model.to_owned())
    .rows_of(store, 1)
    .await
    .map(|models| models.into_iter().next())
}

/// The models other than this one that passages were put to last.
pub async fn former(store: &Store, model: &str) -> StoreResult<Vec<String>> {
    statement("RETURN array::distinct((SELECT VALUE vector_model FROM memory_chunk WHERE vector_model NOT IN [NONE, $model]))")
        .bind("model", model.to_owned())
        .rows(store)
        .await
}

/// How many vectors of a model there are.
#[cfg(test)]
pub(crate) async fn count(store: &Store, model: &str) -> StoreResult<usize> {
    let ids =
        statement("SELECT VALUE record::id(chunk) FROM memory_chunk_vector WHERE model = $model").bind("model", model.to_owned());
    Ok(ids.rows::<String>(store).await?.len())
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
