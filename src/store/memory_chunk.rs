//! The passages of memories and their vectors: each vector stands under the key of its chunk.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult, new_key,
    statement::{Statement, statement},
};
use crate::domain::{
    ids::{ChunkId, MemoryId, UserId},
    memory::{ChunkView, Mark, ScentSource, mark_at},
    text::Span,
};

/// A passage with its vector, before it is kept.
#[derive(Clone, Debug)]
pub struct NewChunk {
    pub content: String,
    /// In what the person wrote, or in the text of the file, as `source` tells.
    pub span: Span,
    pub source: ScentSource,
    /// The pages or seconds of the passage, in the same text.
    pub marks: Vec<Mark>,
    pub vector: Vec<f32>,
}

/// A passage that was found by its meaning.
#[derive(Clone, Debug, PartialEq, SurrealValue)]
pub struct NearChunk {
    pub chunk_id: ChunkId,
    pub memory_id: MemoryId,
    pub memory_title: String,
    pub content: String,
    #[surreal(wrap)]
    pub span: Span,
    /// Which text the span points into.
    #[surreal(wrap)]
    pub source: ScentSource,
    #[surreal(wrap)]
    pub marks: Vec<Mark>,
    /// How good or bad its memory feels, −1 to 1.
    pub valence: f64,
    /// The cosine of its vector and the one that was asked for, −1 to 1.
    pub score: f64,
}

#[derive(SurrealValue)]
struct ChunkRow {
    id: ChunkId,
    memory: MemoryId,
    user: UserId,
    content: String,
    chunk_index: usize,
    #[surreal(wrap)]
    span: Span,
    #[surreal(wrap)]
    source: ScentSource,
    #[surreal(wrap)]
    marks: Vec<Mark>,
    embedding_model: String,
}

#[derive(SurrealValue)]
struct EmbeddingRow {
    id: surrealdb::types::RecordId,
    chunk: ChunkId,
    user: UserId,
    vector: Vec<f32>,
}

/// Deletes the passages of `$memory`, a memory of `$user`.
pub(super) const DELETE: &str = "
    LET $passages = (SELECT VALUE id FROM memory_chunk WHERE memory = $memory AND user = $user);
    DELETE $passages.map(|$passage| type::record('memory_chunk_embedding', record::id($passage)));
    DELETE $passages.map(|$passage| type::record('memory_chunk_vector', record::id($passage)));
    DELETE $passages;";

/// Writes `$chunks` and `$embeddings`; see [`bind_new`].
pub(super) const INSERT: &str = "
    INSERT INTO memory_chunk $chunks RETURN NONE;
    INSERT INTO memory_chunk_embedding $embeddings RETURN NONE;";

/// Fills the parameters of [`INSERT`].
pub(super) fn bind_new(statement: Statement, user: &UserId, memory: &MemoryId, model: &str, chunks: Vec<NewChunk>) -> Statement {
    let mut rows = Vec::with_capacity(chunks.len());
    let mut embeddings = Vec::with_capacity(chunks.len());
    for (chunk_index, chunk) in chunks.into_iter().enumerate() {
        let id = ChunkId::from_key(new_key());
        embeddings.push(EmbeddingRow {
            id: surrealdb::types::RecordId::new("memory_chunk_embedding", id.as_str()),
            chunk: id.clone(),
            user: user.clone(),
            vector: chunk.vector,
        });
        rows.push(ChunkRow {
            id,
            memory: memory.clone(),
            user: user.clone(),
            content: chunk.content,
            chunk_index,
            span: chunk.span,
            source: chunk.source,
            marks: chunk.marks,
            embedding_model: model.to_owned(),
        });
    }
    statement.bind("chunks", rows).bind("embeddings", embeddings)
}

/// The passages of a memory, in order.
pub async fn of_memory(store: &Store, user: &UserId, memory: &MemoryId) -> StoreResult<Vec<ChunkView>> {
    let rows: Vec<ChunkRow> =
        statement("SELECT *, source ?? 'text' AS source, marks ?? [] AS marks FROM memory_chunk WHERE memory = $memory AND user = $user ORDER BY chunk_index")
            .bind("memory", memory.clone())
            .bind("user", user.clone())
            .rows(store)
            .await?;
    let view = |r: ChunkRow| {
        let mark = mark_at(&r.marks, r.span.start);
        ChunkView {
            index: r.chunk_index,
            content: r.content,
            span: r.span,
            source: r.source,
            page: mark.and_then(|m| m.page),
            at_s: mark.and_then(|m| m.at_s),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// All passages of a person (their scores are 0) with their vectors.
pub async fn all(store: &Store, user: &UserId) -> StoreResult<Vec<(NearChunk, Vec<f32>)>> {
    #[derive(SurrealValue)]
    struct Row {
        passage: NearChunk,
        vector: Vec<f32>,
    }
    let rows: Vec<Row> = statement(
        "SELECT vector, {
            chunk_id: chunk, memory_id: chunk.memory, memory_title: chunk.memory.title, content: chunk.content,
            span: chunk.span, source: chunk.source ?? 'text', marks: chunk.marks ?? [], valence: chunk.memory.valence, score: 0f
         } AS passage
         FROM memory_chunk_embedding WHERE user = $user",
    )
    .bind("user", user.clone())
    .rows(store)
    .await?;
    Ok(rows.into_iter().map(|row| (row.passage, row.vector)).collect())
}

/// The `k` passages of a person that are nearest to a vector, nearest first. Exact: a person's passages are few. Those that
/// another model has embedded into another space are left out.
pub async fn nearest(store: &Store, user: &UserId, vector: &[f32], k: usize) -> StoreResult<Vec<NearChunk>> {
    statement(
        "SELECT chunk AS chunk_id, chunk.memory AS memory_id, chunk.memory.title AS memory_title, chunk.content AS content,
            chunk.span AS span, chunk.source ?? 'text' AS source, chunk.marks ?? [] AS marks, chunk.memory.valence AS valence, score
         FROM (
            SELECT chunk, vector::similarity::cosine(vector, $vector) AS score FROM memory_chunk_embedding
            WHERE user = $user AND array::len(vector) = $dimension
            ORDER BY score DESC LIMIT $k
         )
         ORDER BY score DESC",
    )
    .bind("user", user.clone())
    .bind("vector", vector.to_vec())
    .bind("dimension", vector.len())
    .bind("k", k)
    .rows(store)
    .await
}
