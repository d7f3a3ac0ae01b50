//! Running SurrealQL: parameters, errors, and the retry of conflicting transactions, in one place.

use std::{borrow::Cow, time::Duration};

use rand::Rng;
use surrealdb::{
    IndexedResults,
    types::{Error, QueryError, SurrealValue, Value},
};

use super::{Store, StoreResult};

/// Why the store could not do what it was asked. For the log: people are told nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database refused: {0}")]
    Database(String),
    #[error("a unique value is taken: {0}")]
    Taken(String),
    #[error("two changes met, and again after {0} tries")]
    Conflict(u32),
    #[error("a row has an unexpected shape: {0}")]
    Shape(String),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        if message.contains("already contains") { Self::Taken(message) } else { Self::Database(message) }
    }
}

/// How often a statement that met another change is tried in all.
const TRIES: u32 = 5;

/// SurrealQL with its parameters. Values never become part of the text.
pub(super) struct Statement {
    text: Cow<'static, str>,
    vars: Vec<(&'static str, Value)>,
}

/// Starts a statement.
pub(super) fn statement(text: impl Into<Cow<'static, str>>) -> Statement {
    Statement { text: text.into(), vars: Vec::new() }
}

impl Statement {
    pub fn bind(mut self, name: &'static str, value: impl SurrealValue) -> Self {
        self.vars.push((name, value.into_value()));
        self
    }

    /// Runs it (each result under its index), again if it met another change.
    pub async fn run(self, store: &Store) -> StoreResult<IndexedResults> {
        for attempt in 1..=TRIES {
            let mut query = store.session().query(self.text.as_ref());
            for (name, value) in &self.vars {
                query = query.bind((*name, value.clone()));
            }
            let outcome = match query.await {
                Ok(mut results) => {
                    let errors = results.take_errors();
                    if errors.is_empty() {
                        return Ok(results);
                    }
                    errors
                }
                Err(error) => [(0, error)].into(),
            };
            if outcome.values().any(is_conflict) {
                let pause_ms = rand::rng().random_range(1..=10) * u64::from(attempt * attempt);
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                continue;
            }
            return Err(most_telling(outcome));
        }
        Err(StoreError::Conflict(TRIES))
    }

    /// Runs it for its effect.
    pub async fn execute(self, store: &Store) -> StoreResult<()> {
        self.run(store).await.map(drop)
    }

    /// Runs it and reads the rows of its first result.
    pub async fn rows<T: SurrealValue>(self, store: &Store) -> StoreResult<Vec<T>> {
        rows_at(&mut self.run(store).await?, 0)
    }

    /// Runs it and reads the rows of the result at an index.
    pub async fn rows_of<T: SurrealValue>(self, store: &Store, index: usize) -> StoreResult<Vec<T>> {
        rows_at(&mut self.run(store).await?, index)
    }

    /// Runs it and reads the first row of its first result.
    pub async fn row<T: SurrealValue>(self, store: &Store) -> StoreResult<Option<T>> {
        Ok(self.rows(store).await?.into_iter().next())
    }
}

/// The rows of the result at `index`; a single value counts as one row, none as no row.
pub(super) fn rows_at<T: SurrealValue>(results: &mut IndexedResults, index: usize) -> StoreResult<Vec<T>> {
    let value: Value = results.take(index)?;
    let rows = match value {
        Value::None | Value::Null => Vec::new(),
        Value::Array(rows) => rows.into_iter().collect(),
        row => vec![row],
    };
    rows.into_iter().map(|row| T::from_value(row).map_err(|e| StoreError::Shape(e.to_string()))).collect()
}

fn is_conflict(error: &Error) -> bool {
    error.query_details() == Some(&QueryError::TransactionConflict)
        || error.to_string().contains("Transaction conflict")
        || error.to_string().contains("Transaction write conflict")
}

/// A failed transaction reports every statement as failed; the one that says more than that is the cause.
fn most_telling(errors: std::collections::HashMap<usize, Error>) -> StoreError {
    let mut errors: Vec<_> = errors.into_iter().collect();
    errors.sort_by_key(|(index, _)| *index);
    let generic = |e: &Error| e.to_string().contains("not executed due to");
    let cause = errors.iter().position(|(_, e)| !generic(e)).unwrap_or(0);
    errors.swap_remove(cause).1.into()
}
