//! People and their doings, counted: what the operator may know. No words of theirs, no names, no emails.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, statement::statement};
use crate::domain::{
    account::Role,
    ids::UserId,
    operation::PersonState,
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
};

/// The counts of the whole house.
#[derive(Clone, Copy, Debug, Default, SurrealValue)]
pub struct Totals {
    pub people: u64,
    pub operators: u64,
    pub consenting: u64,
    pub seen_7d: u64,
    pub seen_30d: u64,
    pub memories: u64,
    pub failed_memories: u64,
    pub questions: u64,
    pub examples: u64,
}

pub async fn totals(store: &Store) -> StoreResult<Totals> {
    let totals = statement(
        "RETURN {
            people: count(SELECT VALUE id FROM user),
            operators: count(SELECT VALUE id FROM user WHERE role = 'admin'),
            consenting: count(SELECT VALUE id FROM user WHERE consent_training = true),
            seen_7d: array::len(array::distinct(SELECT VALUE user FROM session WHERE last_seen > time::now() - 7d)),
            seen_30d: array::len(array::distinct(SELECT VALUE user FROM session WHERE last_seen > time::now() - 30d)),
            memories: count(SELECT VALUE id FROM scent_memory),
            failed_memories: count(SELECT VALUE id FROM scent_memory WHERE status = 'failed'),
            questions: count(SELECT VALUE id FROM query_log),
            examples: count(SELECT VALUE id FROM training_example WHERE removed = false)
        }",
    )
    .row(store)
    .await?;
    Ok(totals.unwrap_or_default())
}

#[derive(SurrealValue)]
struct PersonRow {
    id: UserId,
    #[surreal(wrap)]
    role: Role,
    consents: bool,
    since: Timestamp,
    last_seen: Option<Timestamp>,
    memories: u64,
    failed_memories: u64,
    questions: u64,
    reactions: u64,
}

/// A page of people (with one more, if there is more), the newest first.
pub async fn people(store: &Store, cursor: Cursor) -> StoreResult<Vec<PersonState>> {
    let rows: Vec<PersonRow> = statement(
        "SELECT id, role, consent_training AS consents, created_at AS since,
            (SELECT VALUE last_seen FROM session WHERE user = $parent.id ORDER BY last_seen DESC LIMIT 1)[0] AS last_seen,
            count(SELECT VALUE id FROM scent_memory WHERE user = $parent.id) AS memories,
            count(SELECT VALUE id FROM scent_memory WHERE user = $parent.id AND status = 'failed') AS failed_memories,
            count(SELECT VALUE id FROM query_log WHERE user = $parent.id) AS questions,
            count(SELECT VALUE id FROM recommends
                WHERE user = $parent.id AND (clicked OR liked OR disliked OR purchased)) AS reactions
         FROM user ORDER BY since DESC, id LIMIT $count START $start",
    )
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await?;
    let state = |row: PersonRow| PersonState {
        id: row.id,
        role: row.role,
        consents: row.consents,
        since: row.since,
        last_seen: row.last_seen,
        memories: row.memories,
        failed_memories: row.failed_memories,
        questions: row.questions,
        reactions: row.reactions,
    };
    Ok(rows.into_iter().map(state).collect())
}

/// How many questions were answered since a moment, and how long each took, in milliseconds.
pub async fn latencies(store: &Store, since: Timestamp) -> StoreResult<Vec<f64>> {
    statement("SELECT VALUE latency_ms.total FROM query_log WHERE created_at >= $since").bind("since", since).rows(store).await
}
