//! `model_usage`: what each call of a provider's model used and cost.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, statement::statement};
use crate::domain::{
    answer::TokenUsage,
    ids::{MemoryId, UserId},
    time::Timestamp,
    usage::UsageLine,
};

/// One call.
#[derive(Clone, Debug, SurrealValue)]
pub struct UsageRow {
    pub user: Option<UserId>,
    pub purpose: String,
    /// The key of the question or of the memory it was for.
    pub subject: Option<String>,
    pub job: String,
    pub model: String,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    /// 0 where the model's price is not known.
    pub cost: f64,
    pub priced: bool,
    /// Of sound.
    pub seconds: u32,
    pub estimated: bool,
}

/// What was spent in some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, SurrealValue)]
pub struct Spent {
    /// Of the calls whose price is known.
    pub cost: f64,
    /// Of all calls.
    pub tokens: u64,
    /// Calls whose price is not known.
    pub unpriced: u64,
}

/// Notes calls. Those for a person who is gone are nobody's: what was spent was spent.
pub async fn insert(store: &Store, rows: Vec<UsageRow>) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    statement(
        "INSERT INTO model_usage $rows.map(|$row| IF $row.user = NONE OR record::exists($row.user) { $row } ELSE {
             object::extend($row, { user: NONE, subject: NONE, purpose: 'erased' })
         }) RETURN NONE",
    )
    .bind("rows", rows)
    .execute(store)
    .await
}

/// Notes something that is paid once, under its key: noted again, nothing changes.
pub async fn insert_once(store: &Store, key: &str, row: UsageRow) -> StoreResult<()> {
    statement("INSERT IGNORE INTO model_usage object::extend($row, { id: type::record('model_usage', $key) }) RETURN NONE")
        .bind("key", key.to_owned())
        .bind("row", row)
        .execute(store)
        .await
}

/// What was spent since a moment: by a person, or by all.
pub async fn spent(store: &Store, user: Option<&UserId>, since: Timestamp) -> StoreResult<Spent> {
    let text = match user {
        Some(_) => {
            "SELECT <float>math::sum(cost) AS cost, math::sum(prompt_tokens) + math::sum(completion_tokens) AS tokens,
                 count(priced = false) AS unpriced
             FROM model_usage WHERE user = $user AND at >= $since GROUP ALL"
        }
        None => {
            "SELECT <float>math::sum(cost) AS cost, math::sum(prompt_tokens) + math::sum(completion_tokens) AS tokens,
                 count(priced = false) AS unpriced
             FROM model_usage WHERE at >= $since GROUP ALL"
        }
    };
    let mut statement = statement(text).bind("since", since);
    if let Some(user) = user {
        statement = statement.bind("user", user.clone());
    }
    Ok(statement.rows(store).await?.into_iter().next().unwrap_or_default())
}

/// What was used since a moment, by purpose and model: by a person, or by all. The dearest first.
pub async fn lines(store: &Store, user: Option<&UserId>, since: Timestamp) -> StoreResult<Vec<UsageLine>> {
    #[derive(SurrealValue)]
    struct Row {
        purpose: String,
        model: String,
        calls: u64,
        prompt_tokens: u64,
        completion_tokens: u64,
        cost: f64,
        unpriced: u64,
    }
    let text = match user {
        Some(_) => {
            "SELECT purpose, model, count() AS calls, math::sum(prompt_tokens) AS prompt_tokens,
                 math::sum(completion_tokens) AS completion_tokens, <float>math::sum(cost) AS cost, count(priced = false) AS unpriced
             FROM model_usage WHERE user = $user AND at >= $since GROUP BY purpose, model ORDER BY cost DESC, purpose, model"
        }
        None => {
            "SELECT purpose, model, count() AS calls, math::sum(prompt_tokens) AS prompt_tokens,
                 math::sum(completion_tokens) AS completion_tokens, <float>math::sum(cost) AS cost, count(priced = false) AS unpriced
             FROM model_usage WHERE at >= $since GROUP BY purpose, model ORDER BY cost DESC, purpose, model"
        }
    };
    let mut statement = statement(text).bind("since", since);
    if let Some(user) = user {
        statement = statement.bind("user", user.clone());
    }
    let rows: Vec<Row> = statement.rows(store).await?;
    let line = |row: Row| UsageLine {
        purpose: row.purpose,
        model: row.model,
        calls: row.calls,
        prompt_tokens: row.prompt_tokens,
        completion_tokens: row.completion_tokens,
        cost: row.cost,
        unpriced: row.unpriced,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// All seconds of sound that were listened to.
#[cfg(test)]
pub(crate) async fn seconds(store: &Store) -> StoreResult<u64> {
    let seconds = statement("RETURN math::sum((SELECT VALUE seconds FROM model_usage))").row::<u64>(store).await?;
    Ok(seconds.unwrap_or_default())
}

/// What was used for a memory of a person so far; none if nothing was.
pub async fn of_memory(store: &Store, user: &UserId, memory: &MemoryId) -> StoreResult<Option<TokenUsage>> {
    #[derive(SurrealValue)]
    struct Row {
        calls: u64,
        prompt_tokens: u64,
        completion_tokens: u64,
        cost: f64,
        unpriced: u64,
    }
    let row: Option<Row> = statement(
        "SELECT count() AS calls, math::sum(prompt_tokens) AS prompt_tokens, math::sum(completion_tokens) AS completion_tokens,
             <float>math::sum(cost) AS cost, count(priced = false) AS unpriced
         FROM model_usage WHERE user = $user AND purpose = 'memory' AND subject = $memory GROUP ALL",
    )
    .bind("user", user.clone())
    .bind("memory", memory.as_str().to_owned())
    .row(store)
    .await?;
    Ok(row.filter(|row| row.calls > 0).map(|row| TokenUsage {
        prompt_tokens: row.prompt_tokens,
        completion_tokens: row.completion_tokens,
        cost: row.cost,
        unpriced: row.unpriced > 0,
    }))
}
