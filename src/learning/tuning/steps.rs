//! The steps of a training up to a tuned model: each is kept before the next is begun, and can be done again.

use serde_json::json;
use time::OffsetDateTime;

use super::{Trouble, Tuning, measure};
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
    /// Carries a training on to its end.
    pub(super) async fn carry_on(&self, id: &FineTuningJobId) -> Result<(), Trouble> {
        let mut pause = self.options.pause;
        loop {
            let Some(row) = fine_tuning_job::find(&self.store, id).await? else { return Ok(()) };
            match row.status {
                TuningStatus::Preparing => self.prepare(&row).await?,
                TuningStatus::Uploaded => self.submit(&row).await?,
                TuningStatus::Submitted => {
                    if !self.look(&row).await? {
                        tokio::select! {
                            () = tokio::time::sleep(pause) => {}
                            () = self.cancelled.notified() => {}
                        }
                        pause = (pause * 2).min(self.options.pause * SLOWEST);
                    }
                }
                TuningStatus::Tuned => self.judge(&row).await?,
                TuningStatus::Ended | TuningStatus::Failed | TuningStatus::Cancelled => {
                    self.clear_up(id).await;
                    return Ok(());
                }
            }
        }
    }

    async fn prepare(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let material = self.material().await?;
        if let Some(obstacle) = self.obstacle(&material).await? {
            return Err(Trouble::Lasting(obstacle));
        }
        let content: String = material.training.iter().map(|line| format!("{}\n", line.text)).collect();
        let ids: Vec<ExampleId> = material.training.iter().map(|line| line.id.clone()).collect();
        let count = ids.len();
        training_example::trained_on(&self.store, &row.id, ids).await?;
        let file = self.tuner.upload(&format!("flowery-{}.jsonl", row.id), content.as_bytes()).await?;
        let patch = Patch {
            provider_file_id: Some(file.clone()),
            metrics: Some(json!({
                "examples": count,
                "held_out": material.held_out.len().min(measure::MOST),
                "estimated_cost": self.estimate(&material.training),
            })),
            ..Patch::default()
        };
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Uploaded, patch).await? {
            // It was cancelled meanwhile, by somebody who could not know of the file.
            self.tuner.forget(&file).await?;
        }
        Ok(())
    }

    async fn submit(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let Some(file) = &row.provider_file_id else { return Err(Trouble::Lasting("The uploaded file is not known.".into())) };
        if self.is_withdrawn(row).await? {
            return self.give_up(row).await;
        }
        let job = self.tuner.submit(file, self.options.epochs).await?;
        let patch = Patch { provider_job_id: Some(job.clone()), ..Patch::default() };
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Submitted, patch).await? {
            self.tuner.cancel(&job).await?;
        }
        Ok(())
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

    /// Looks how far the provider is. Whether something has changed.
    async fn look(&self, row: &FineTuningRow) -> Result<bool, Trouble> {
        let Some(job) = &row.provider_job_id else { return Err(Trouble::Lasting("The provider's job is not known.".into())) };
        if self.is_withdrawn(row).await? {
            self.give_up(row).await?;
            return Ok(true);
        }
        let now = Timestamp::from_unix_nanos(OffsetDateTime::now_utc().unix_timestamp_nanos());
        if now.days_since(row.created_at) > LONGEST {
            return Err(Trouble::Lasting(format!("The provider did not end the training in {LONGEST} days.")));
        }
        let state = match self.tuner.look(job).await {
            Ok(state) => state,
            Err(error) => match Trouble::from(error.clone()) {
                Trouble::Lasting(_) => return Err(error.into()),
                Trouble::Passing(_) => {
                    tracing::warn!(training.id = %row.id, error = %error, "the provider did not tell how far the training is");
                    return Ok(false);
                }
            },
        };
        match state.progress {
            TuningProgress::Running => {
                let known = row.metrics.as_ref().and_then(|metrics| metrics["told"].as_str());
                if known != Some(state.told.as_str()) {
                    let patch = Patch { metrics: Some(json!({ "told": state.told })), ..Patch::default() };
                    fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Submitted, patch).await?;
                }
                Ok(false)
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
                if fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Tuned, patch).await? {
                    self.meter.book_of_house("training", row.id.as_str(), &row.base_model, tokens, cost).await;
                }
                Ok(true)
            }
            TuningProgress::Failed => {
                let why = state.reason.unwrap_or_else(|| "It gave no reason.".into());
                Err(Trouble::Lasting(format!("The training failed at the provider: {why}")))
            }
            TuningProgress::Cancelled => {
                let patch = Patch { decision: Some("Cancelled at the provider.".into()), ..Patch::default() };
                fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Cancelled, patch).await?;
                Ok(true)
            }
        }
    }
}
