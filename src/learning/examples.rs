//! Training examples: answers that somebody liked, rated well or bought from, as a language model learns from them.
//!
//! Only of those who consent, and without names and contact data (see [`redact`]). An example has the form in which the house
//! asks a model to write: a document with the question, the candidates with their facts and the quoted passages; and an answer
//! with the candidates in the order that the person's reactions make, and the sentences with their evidence.

mod build;
mod export;
pub mod redact;
#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use super::Learning;
use crate::{
    domain::{
        AppError, AppResult,
        ids::{ExampleId, QueryId, UserId},
        page::{Cursor, Page},
        text::fold,
        training::Example,
    },
    store::{query_log, training_example, user},
};
use build::{BEST_WORTH, build, readable};

pub use export::{Exported, LEAST, Line, lines, validate, write};

/// The key of what a person's question becomes: one question is one example, however often it is asked.
fn key(user: &UserId, question: &str) -> ExampleId {
    ExampleId::from_key(hex::encode(&Sha256::digest(format!("{user}\n{}", fold(question)))[..16]))
}

impl Learning {
    /// Makes an example of an answer, or takes it back, as the person's reactions to it now are. Without consent, nothing is
    /// made.
    pub(super) async fn exemplify(&self, user: &UserId, query: &QueryId) -> AppResult<()> {
        let Some(person) = user::find(&self.store, user).await? else { return Ok(()) };
        if !person.consent_training {
            return Ok(());
        }
        let Some((row, suggestions)) = query_log::get(&self.store, user, query).await? else { return Ok(()) };
        let snapshot = self.catalog.snapshot();
        match build(&snapshot, &person, &row, &suggestions) {
            Some(built) if built.quality_score >= BEST_WORTH => {
                let example = built.into_row(key(user, &row.text), query.clone());
                training_example::keep(&self.store, user, example, row.created_at).await?;
            }
            _ => training_example::withdraw(&self.store, user, query).await?,
        }
        Ok(())
    }

    /// As [`Self::exemplify`]; what goes wrong is noted, and the reaction stands all the same.
    pub(super) async fn try_to_exemplify(&self, user: &UserId, query: &QueryId) {
        if let Err(error) = self.exemplify(user, query).await {
            tracing::warn!(%error, "an answer could not be made an example");
        }
    }

    /// Makes examples of all that the person has praised so far: after they consented.
    pub async fn exemplify_all(&self, user: &UserId) -> AppResult<()> {
        for query in training_example::praised(&self.store, user).await? {
            self.exemplify(user, &query).await?;
        }
        Ok(())
    }

    /// A page of the person's examples, newest first.
    pub async fn examples(&self, user: &UserId, cursor: Cursor) -> AppResult<Page<Example>> {
        let rows = training_example::page(&self.store, user, cursor).await?;
        Ok(Page::from_overfetch(rows, cursor).map(readable))
    }

    /// Removes one of the person's examples for good.
    pub async fn remove_example(&self, user: &UserId, id: &ExampleId) -> AppResult<()> {
        if training_example::remove(&self.store, user, id).await? { Ok(()) } else { Err(AppError::not_found("example")) }
    }

    /// A page of everybody's examples, newest first: for the operator.
    pub async fn examples_of_all(&self, cursor: Cursor) -> AppResult<Page<Example>> {
        let rows = training_example::page_of_all(&self.store, cursor).await?;
        Ok(Page::from_overfetch(rows, cursor).map(readable))
    }

    /// Removes an example of whomever: for the operator.
    pub async fn remove_any_example(&self, id: &ExampleId) -> AppResult<()> {
        if training_example::remove_any(&self.store, id).await? { Ok(()) } else { Err(AppError::not_found("example")) }
    }
}
