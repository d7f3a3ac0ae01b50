//! `query_log` and `recommends`: questions, what was suggested for them, and what the person made of it.

use std::collections::BTreeSet;

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::{
    answer::{AskedQuestion, Evidence, Feature, Latency, Reaction, Reactions, RetrievedChunk, TokenUsage, Writing},
    collection::FAIR_STARS,
    ids::{FragranceId, MemoryId, QueryId, RecommendationId, UserId},
    intent::Intent,
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
};

/// A question with its answer in words, as it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct QueryRow {
    pub id: QueryId,
    pub user: UserId,
    pub text: String,
    #[surreal(wrap)]
    pub intent: Intent,
    #[surreal(wrap)]
    pub retrieved_chunks: Vec<RetrievedChunk>,
    pub response: String,
    pub model_version: String,
    #[surreal(wrap)]
    pub token_usage: TokenUsage,
    /// None where no language model was asked.
    #[surreal(wrap)]
    pub writing: Option<Writing>,
    pub notice: Option<String>,
    #[surreal(wrap)]
    pub latency_ms: Latency,
    pub rating: Option<u8>,
    pub created_at: Timestamp,
}

/// A suggestion, as it is kept. The flags are set by reactions and are false at first.
#[derive(Clone, Debug, SurrealValue)]
pub struct RecommendsRow {
    pub id: RecommendationId,
    pub user: UserId,
    #[surreal(rename = "in")]
    pub query: QueryId,
    #[surreal(rename = "out")]
    pub fragrance: FragranceId,
    pub rank: usize,
    pub score: f64,
    pub reasoning: String,
    pub exploratory: bool,
    #[surreal(wrap)]
    pub evidence: Vec<Evidence>,
    #[surreal(wrap)]
    pub features: Vec<Feature>,
    pub clicked: bool,
    pub liked: bool,
    pub disliked: bool,
    pub purchased: bool,
}

impl RecommendsRow {
    pub fn reactions(&self) -> Reactions {
        Reactions { clicked: self.clicked, liked: self.liked, disliked: self.disliked, purchased: self.purchased }
    }
}

/// What a reaction is about.
#[derive(Clone, Debug, PartialEq)]
pub struct ReactionTarget {
    pub fragrance: FragranceId,
    pub query: QueryId,
    pub reactions: Reactions,
}

/// How much a person has asked and liked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, SurrealValue)]
pub struct Counts {
    pub queries: u64,
    pub likes: u64,
}

/// Takes the words of `$memory`, a memory of `$user`, out of the answers that quoted it. What was suggested stays.
pub(super) const FORGET_MEMORY: &str = "
    LET $forgotten = record::id($memory);
    LET $citing = (SELECT VALUE in FROM recommends WHERE user = $user AND evidence.memory_id CONTAINS $forgotten);
    UPDATE recommends SET evidence = evidence[WHERE memory_id != $forgotten],
        reasoning = 'The memory that spoke for it was deleted or changed.'
        WHERE user = $user AND evidence.memory_id CONTAINS $forgotten RETURN NONE;
    UPDATE query_log SET retrieved_chunks = retrieved_chunks[WHERE memory_id != $forgotten],
        response = 'A memory that this answer rested on was deleted or changed.'
        WHERE user = $user AND (retrieved_chunks.memory_id CONTAINS $forgotten OR id INSIDE $citing) RETURN NONE;";

/// Keeps a question and its suggestions: all of it or nothing. Nothing of a person who is gone, and no words of a memory that
/// was deleted or changed since the question was asked.
pub async fn insert(store: &Store, query: QueryRow, suggestions: Vec<RecommendsRow>) -> StoreResult<()> {
    let cited = cited(&query, &suggestions);
    statement(format!(
        "BEGIN TRANSACTION;
         IF record::exists($user) {{
            INSERT INTO query_log $query RETURN NONE;
            IF array::len($suggestions) > 0 {{ INSERT RELATION INTO recommends $suggestions RETURN NONE }};
            LET $whole = (SELECT VALUE id FROM $cited WHERE user = $user AND updated_at <= $asked_at);
            FOR $memory IN array::complement($cited, $whole) {{ {FORGET_MEMORY} }};
         }};
         COMMIT TRANSACTION;"
    ))
    .bind("user", query.user.clone())
    .bind("asked_at", query.created_at)
    .bind("cited", cited)
    .bind("query", query)
    .bind("suggestions", suggestions)
    .execute(store)
    .await
}

/// The memories that an answer rests on, each once.
fn cited(query: &QueryRow, suggestions: &[RecommendsRow]) -> Vec<MemoryId> {
    let quoted = suggestions.iter().flat_map(|suggestion| &suggestion.evidence).filter_map(|evidence| evidence.memory_id.clone());
    let cited: BTreeSet<MemoryId> = query.retrieved_chunks.iter().map(|chunk| chunk.memory_id.clone()).chain(quoted).collect();
    cited.into_iter().collect()
}

/// One question of the person with its suggestions, best first.
pub async fn get(store: &Store, user: &UserId, id: &QueryId) -> StoreResult<Option<(QueryRow, Vec<RecommendsRow>)>> {
    let mut results = statement(
        "SELECT * FROM $query WHERE user = $user;
         SELECT * FROM recommends WHERE user = $user AND in = $query ORDER BY rank;",
    )
    .bind("query", id.clone())
    .bind("user", user.clone())
    .run(store)
    .await?;
    let Some(query) = rows_at::<QueryRow>(&mut results, 0)?.pop() else { return Ok(None) };
    Ok(Some((query, rows_at(&mut results, 1)?)))
}

/// The person's questions, newest first: one more than a page holds, where there are more.
pub async fn history(store: &Store, user: &UserId, cursor: Cursor) -> StoreResult<Vec<AskedQuestion>> {
    #[derive(SurrealValue)]
    struct Row {
        id: QueryId,
        text: String,
        created_at: Timestamp,
        rating: Option<u8>,
    }
    let rows: Vec<Row> = statement(
        "SELECT id, text, created_at, rating FROM query_log WHERE user = $user
         ORDER BY created_at DESC, id DESC LIMIT $limit START $start",
    )
    .bind("user", user.clone())
    .bind("limit", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AskedQuestion { query_id: row.id, query: row.text, asked_at: row.created_at, rating: row.rating })
        .collect())
}

/// The suggestion that a reaction is about, if it is the person's own.
pub async fn reaction_target(store: &Store, user: &UserId, id: &RecommendationId) -> StoreResult<Option<ReactionTarget>> {
    let row: Option<RecommendsRow> =
        statement("SELECT * FROM $id WHERE user = $user").bind("id", id.clone()).bind("user", user.clone()).row(store).await?;
    Ok(row.map(|row| ReactionTarget { reactions: row.reactions(), fragrance: row.fragrance, query: row.query }))
}

/// Notes a reaction or takes it back; liking and disliking take each other's place. False when there is no such suggestion.
pub async fn set_reaction(
    store: &Store,
    user: &UserId,
    id: &RecommendationId,
    reaction: Reaction,
    value: bool,
) -> StoreResult<bool> {
    let text = match reaction {
        Reaction::Clicked => "UPDATE $id SET clicked = $value WHERE user = $user RETURN VALUE id",
        Reaction::Liked => {
            "UPDATE $id SET liked = $value, disliked = disliked AND !$value, judged_at = time::now()
             WHERE user = $user RETURN VALUE id"
        }
        Reaction::Disliked => {
            "UPDATE $id SET disliked = $value, liked = liked AND !$value, judged_at = time::now()
             WHERE user = $user RETURN VALUE id"
        }
        Reaction::Purchased => "UPDATE $id SET purchased = $value WHERE user = $user RETURN VALUE id",
    };
    let updated: Option<RecommendationId> =
        statement(text).bind("id", id.clone()).bind("user", user.clone()).bind("value", value).row(store).await?;
    Ok(updated.is_some())
}

/// Notes how good an answer was, 1 to 5, with the person's words; earlier ones stay where there are no new ones. False when
/// there is no such question.
pub async fn set_rating(store: &Store, user: &UserId, id: &QueryId, rating: u8, text: Option<String>) -> StoreResult<bool> {
    let updated: Option<QueryId> =
        statement("UPDATE $id SET rating = $rating, rating_text = $text ?? rating_text WHERE user = $user RETURN VALUE id")
            .bind("id", id.clone())
            .bind("user", user.clone())
            .bind("rating", rating)
            .bind("text", text)
            .row(store)
            .await?;
    Ok(updated.is_some())
}

/// What the person dislikes: what was disliked when it was suggested, unless it was given better stars since, and what they
/// gave fewer stars than that.
pub async fn disliked(store: &Store, user: &UserId) -> StoreResult<Vec<FragranceId>> {
    let mut results = statement(
        "LET $stars = (SELECT out, rating, rated_at FROM $user->collects WHERE rating != NONE);
         LET $disliked = (SELECT out, judged_at ?? in.created_at AS at FROM recommends WHERE user = $user AND disliked = true);
         RETURN array::union(
             (SELECT VALUE out FROM $stars WHERE rating < $fair),
             (SELECT VALUE out FROM $disliked WHERE
                 count(SELECT VALUE out FROM $stars WHERE out = $parent.out AND rating >= $fair AND rated_at > $parent.at) = 0)
         )",
    )
    .bind("user", user.clone())
    .bind("fair", FAIR_STARS)
    .run(store)
    .await?;
    let mut disliked: Vec<FragranceId> = rows_at(&mut results, 2)?;
    disliked.sort();
    Ok(disliked)
}

/// What the person liked or bought of what was suggested.
pub async fn liked(store: &Store, user: &UserId) -> StoreResult<Vec<FragranceId>> {
    let (liked, purchased) = tokio::join!(
        distinct(store, user, "SELECT VALUE out FROM recommends WHERE user = $user AND liked = true"),
        distinct(store, user, "SELECT VALUE out FROM recommends WHERE user = $user AND purchased = true"),
    );
    let mut all = liked?;
    all.extend(purchased?);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// How much the person has asked, and how much of what was suggested they liked.
pub async fn counts(store: &Store, user: &UserId) -> StoreResult<Counts> {
    let counts = statement(
        "RETURN {
            queries: count(SELECT VALUE id FROM query_log WHERE user = $user),
            likes: count(SELECT VALUE id FROM recommends WHERE user = $user AND liked = true),
        }",
    )
    .bind("user", user.clone())
    .row(store)
    .await?;
    Ok(counts.unwrap_or_default())
}

async fn distinct(store: &Store, user: &UserId, text: &'static str) -> StoreResult<Vec<FragranceId>> {
    let mut ids: Vec<FragranceId> = statement(text).bind("user", user.clone()).rows(store).await?;
    ids.sort();
    ids.dedup();
    Ok(ids)
}

#[cfg(test)]
mod tests;
