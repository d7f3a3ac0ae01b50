//! Training examples: what good answers of those who consented have become.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::{
    ids::{ExampleId, FineTuningJobId, MemoryId, QueryId, UserId},
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
    training::ExampleSource,
};

/// An example before it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct NewExample {
    pub id: ExampleId,
    pub query: QueryId,
    pub prompt: String,
    pub completion: String,
    pub quality_score: f64,
    #[surreal(wrap)]
    pub source: ExampleSource,
    /// The memories that are quoted.
    pub memories: Vec<String>,
}

/// An example as it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct ExampleRow {
    pub id: ExampleId,
    pub user: UserId,
    pub query: QueryId,
    pub prompt: String,
    pub completion: String,
    pub quality_score: f64,
    #[surreal(wrap)]
    pub source: ExampleSource,
    pub included_in_training: bool,
    pub created_at: Timestamp,
}

/// Takes the examples that quote `$memory`, a memory of `$user`. Part of the transactions that change or delete it.
pub(super) const FORGET_MEMORY: &str =
    "DELETE training_example WHERE user = $user AND memories CONTAINS record::id($memory) RETURN NONE;";

/// Keeps an example of an answer of that time in the place of an earlier one: if the person still consents, nothing of the
/// memories that it quotes was changed or deleted since, and the person has not removed it. Whether it was kept.
pub async fn keep(store: &Store, user: &UserId, example: NewExample, answered_at: Timestamp) -> StoreResult<bool> {
    let quoted: Vec<MemoryId> = example.memories.iter().map(MemoryId::from_key).collect();
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $consents = (SELECT VALUE consent_training FROM ONLY $user) ?? false;
         LET $whole = count(SELECT VALUE id FROM $quoted WHERE user = $user AND updated_at <= $answered_at) = array::len($quoted);
         LET $removed = (SELECT VALUE removed FROM ONLY $id) ?? false;
         LET $keeps = $consents AND $whole AND !$removed AND record::exists($example.query);
         IF $keeps {
             -- A withdrawal at the same time meets this write.
             UPDATE $user SET consent_training = consent_training RETURN NONE;
             UPSERT $id SET user = $user, query = $example.query, prompt = $example.prompt,
                 completion = $example.completion, quality_score = $example.quality_score, source = $example.source,
                 memories = $example.memories, removed = false RETURN NONE;
         };
         RETURN $keeps;
         COMMIT TRANSACTION;",
    )
    .bind("user", user.clone())
    .bind("id", example.id.clone())
    .bind("example", example)
    .bind("quoted", quoted)
    .bind("answered_at", answered_at)
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    Ok(rows_at::<bool>(&mut results, last)? == [true])
}

/// Takes back what a question has become, where it is not good enough any more.
pub async fn withdraw(store: &Store, user: &UserId, query: &QueryId) -> StoreResult<()> {
    statement("DELETE training_example WHERE user = $user AND query = $query AND removed = false RETURN NONE")
        .bind("user", user.clone())
        .bind("query", query.clone())
        .execute(store)
        .await
}

/// Empties one of the person's examples, for good. Whether there was one.
pub async fn remove(store: &Store, user: &UserId, id: &ExampleId) -> StoreResult<bool> {
    let removed: Option<ExampleId> = statement(
        "UPDATE $id SET removed = true, included_in_training = false, prompt = '', completion = '', memories = []
         WHERE user = $user AND removed = false RETURN VALUE id",
    )
    .bind("id", id.clone())
    .bind("user", user.clone())
    .row(store)
    .await?;
    Ok(removed.is_some())
}

/// As [`remove`], by the operator.
pub async fn remove_any(store: &Store, id: &ExampleId) -> StoreResult<bool> {
    let removed: Option<ExampleId> = statement(
        "UPDATE $id SET removed = true, included_in_training = false, prompt = '', completion = '', memories = []
         WHERE removed = false RETURN VALUE id",
    )
    .bind("id", id.clone())
    .row(store)
    .await?;
    Ok(removed.is_some())
}

/// A page of the person's examples (with one more, if there is more), newest first.
pub async fn page(store: &Store, user: &UserId, cursor: Cursor) -> StoreResult<Vec<ExampleRow>> {
    statement(
        "SELECT * OMIT memories, removed FROM training_example WHERE user = $user AND removed = false
         ORDER BY created_at DESC, id LIMIT $count START $start",
    )
    .bind("user", user.clone())
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await
}

/// A page of everybody's examples (with one more, if there is more), newest first: for the operator.
pub async fn page_of_all(store: &Store, cursor: Cursor) -> StoreResult<Vec<ExampleRow>> {
    statement(
        "SELECT * OMIT memories, removed FROM training_example WHERE removed = false
         ORDER BY created_at DESC, id LIMIT $count START $start",
    )
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await
}

/// All examples that a model may learn from, of those who consent, the best first.
pub async fn all(store: &Store) -> StoreResult<Vec<ExampleRow>> {
    statement(
        "SELECT * OMIT memories, removed FROM training_example
         WHERE removed = false AND included_in_training = true AND user.consent_training = true
         ORDER BY quality_score DESC, id",
    )
    .rows(store)
    .await
}

/// The person's questions of which something was liked or bought, or that they rated well.
pub async fn praised(store: &Store, user: &UserId) -> StoreResult<Vec<QueryId>> {
    let mut results = statement(
        "LET $liked = (SELECT VALUE in FROM recommends WHERE user = $user AND (liked OR purchased));
         SELECT VALUE id FROM query_log WHERE user = $user AND ((rating ?? 0) >= 4 OR id IN $liked)",
    )
    .bind("user", user.clone())
    .run(store)
    .await?;
    rows_at(&mut results, 1)
}

/// How many of the examples that a training was given are still there.
pub async fn still_there(store: &Store, job: &FineTuningJobId) -> StoreResult<u64> {
    let count: Option<u64> = statement("RETURN count(SELECT VALUE id FROM trained_on WHERE in = $job AND out.removed = false)")
        .bind("job", job.clone())
        .row(store)
        .await?;
    Ok(count.unwrap_or_default())
}

/// Notes which examples a training was given.
pub async fn trained_on(store: &Store, job: &FineTuningJobId, examples: Vec<ExampleId>) -> StoreResult<()> {
    statement(
        "BEGIN TRANSACTION;
         DELETE trained_on WHERE in = $job RETURN NONE;
         FOR $example IN $examples { IF record::exists($example) { RELATE $job->trained_on->$example RETURN NONE } };
         COMMIT TRANSACTION;",
    )
    .bind("job", job.clone())
    .bind("examples", examples)
    .execute(store)
    .await
}
