//! The steps of a training up to a tuned model: each is kept before the next is begun, and can be done again.

use std::time::Duration;

use serde_json::json;
use time::OffsetDateTime;

use super::{NO_MODEL, Next, Trouble, Tuning, clearing::file_name, measure};
use crate::{
    ai::TuningProgress,
    domain::{
        ids::{ExampleId, FineTuningJobId},
        operation::TuningStatus,
        time::Timestamp,
    },
    store::{
        fine_tuning_job::{self, FineTuningRow, Patch},
        training_example,
    },
};

/// How long a provider may take in all, in days.
const LONGEST: f64 = 3.0;
/// The longest pause between two looks, as a multiple of the first.
const SLOWEST: u32 = 12;

impl Tuning {
    /// Carries a training on, to its end or to where it waits for the provider.
    pub(super) async fn carry_on(&self, id: &FineTuningJobId) -> Result<Next, Trouble> {
        loop {
            let Some(row) = fine_tuning_job::find(&self.store, id).await? else { return Ok(Next::Done) };
            match row.status {
                TuningStatus::Preparing => self.prepare(&row).await?,
                TuningStatus::Uploaded => self.submit(&row).await?,
                TuningStatus::Submitted => {
                    if let Some(told) = self.look(&row).await? {
                        return Ok(Next::Later { after: self.pause(row.created_at, SLOWEST), told });
                    }
                }
                TuningStatus::Tuned => {
                    if let Some(told) = self.judge(&row).await? {
                        return Ok(Next::Later { after: Duration::ZERO, told });
                    }
                }
                TuningStatus::Ended | TuningStatus::Failed | TuningStatus::Cancelled => return self.settle(&row).await,
            }
        }
    }

    /// How long to wait where it has been waited since a moment: the longer, the longer, up to a multiple of the first pause.
    pub(super) fn pause(&self, since: Timestamp, most: u32) -> Duration {
        let first = self.options.pause;
        let waited = now().days_since(since).clamp(0.0, LONGEST) * 86_400.0;
        Duration::from_secs_f64(waited / 5.0).clamp(first, first * most)
    }

    async fn prepare(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let material = self.material().await?;
        if let Some(obstacle) = self.obstacle(&material).await? {
            return Err(Trouble::Lasting(obstacle));
        }
        let estimate = self.estimate(&row.base_model, &material).map(|estimate| estimate.cost);
        let content: String = material.training.iter().map(|line| format!("{}\n", line.text)).collect();
        let ids: Vec<ExampleId> = material.training.iter().map(|line| line.id.clone()).collect();
        let count = ids.len();
        training_example::trained_on(&self.store, &row.id, ids).await?;
        let file = self.tuner.upload(&file_name(&row.id), content.as_bytes()).await?;
        let patch = Patch {
            provider_file_id: Some(file.clone()),
            metrics: Some(json!({
                "examples": count,
                "held_out": material.held_out.len().min(measure::MOST),
                "estimated_cost": estimate,
            })),
            ..Patch::default()
        };
        self.advance_or_leave(row, TuningStatus::Uploaded, patch).await
    }

    /// Takes the next step, with what it has made at the provider. A training that was cancelled meanwhile, by somebody who could
    /// not know of that, is cleared up after.
    async fn advance_or_leave(&self, row: &FineTuningRow, to: TuningStatus, made: Patch) -> Result<(), Trouble> {
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, to, made.clone()).await? {
            fine_tuning_job::left_behind(&self.store, &row.id, made).await?;
        }
        Ok(())
    }

    async fn submit(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let Some(file) = &row.provider_file_id else { return Err(Trouble::Lasting("The uploaded file is not known.".into())) };
        if self.is_withdrawn(row).await? {
            return self.give_up(row).await;
        }
        if self.serving.is_none() {
            return Err(Trouble::Lasting(NO_MODEL.into()));
        }
        let job = self.tuner.submit(&row.base_model, file, self.options.epochs).await?;
        let patch = Patch { provider_job_id: Some(job), ..Patch::default() };
        self.advance_or_leave(row, TuningStatus::Submitted, patch).await
    }

    /// Whether an example that was uploaded is not there any more.
    pub(super) async fn is_withdrawn(&self, row: &FineTuningRow) -> Result<bool, Trouble> {
        let uploaded = row.metrics.as_ref().and_then(|metrics| metrics["examples"].as_u64()).unwrap_or_default();
        Ok(training_example::still_there(&self.store, &row.id).await? < uploaded)
    }

    pub(super) async fn give_up(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let reason = "An example was withdrawn while the training was under way, so it was stopped. Please start it again.";
        let patch = Patch { decision: Some(reason.into()), ..Patch::default() };
        fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Cancelled, patch).await?;
        Ok(())
    }

    /// Looks how far the provider is: what there is to tell while it trains, and nothing when it has ended.
    async fn look(&self, row: &FineTuningRow) -> Result<Option<String>, Trouble> {
        let Some(job) = &row.provider_job_id else { return Err(Trouble::Lasting("The provider's job is not known.".into())) };
        if self.is_withdrawn(row).await? {
            self.give_up(row).await?;
            return Ok(None);
        }
        if now().days_since(row.created_at) > LONGEST {
            return Err(Trouble::Lasting(format!("The provider did not end the training in {LONGEST} days.")));
        }
        let state = match self.tuner.look(job).await {
            Ok(state) => state,
            Err(error) => match Trouble::from(error.clone()) {
                Trouble::Lasting(_) => return Err(error.into()),
                Trouble::Passing(why) => {
                    tracing::warn!(training.id = %row.id, error = %error, "the provider did not tell how far the training is");
                    return Ok(Some(why));
                }
            },
        };
        match state.progress {
            TuningProgress::Running => {
                let known = row.metrics.as_ref().and_then(|metrics| metrics["told"].as_str());
                if known != Some(state.told.as_str()) {
                    let metrics = Some(json!({ "told": &state.told }));
                    let patch = Patch { metrics, ..Patch::default() };
                    fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Submitted, patch).await?;
                }
                Ok(Some(format!("The provider says: {}.", state.told)))
            }
            TuningProgress::Succeeded => {
                let Some(model) = state.model else {
                    return Err(Trouble::Passing("The provider ended the training without naming the model.".into()));
                };
                let tokens = state.trained_tokens.unwrap_or_default();
                let cost = tokens as f64 * self.options.price.unwrap_or_default() / 1e6;
                let patch = Patch {
                    tuned_model: Some(model),
                    metrics: Some(json!({ "trained_tokens": tokens, "told": state.told })),
                    cost: Some(cost),
                    ..Patch::default()
                };
                // Paid, whatever becomes of the row.
                self.meter.book_training(&row.id, &row.base_model, tokens, cost).await?;
                fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Tuned, patch).await?;
                Ok(None)
            }
            TuningProgress::Failed => {
                let why = state.reason.unwrap_or_else(|| "It gave no reason.".into());
                Err(Trouble::Lasting(format!("The training failed at the provider: {why}")))
            }
            TuningProgress::Cancelled => {
                let patch = Patch { decision: Some("Cancelled at the provider.".into()), ..Patch::default() };
                fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Cancelled, patch).await?;
                Ok(None)
            }
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from_unix_nanos(OffsetDateTime::now_utc().unix_timestamp_nanos())
}
