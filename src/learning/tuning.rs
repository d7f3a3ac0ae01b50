//! Tuning a language model at a provider: from the examples to a model in service, through restarts.
//!
//! A training walks through its states, each kept before the next is begun: *preparing* (choose the examples, check what it
//! will cost, upload) → *uploaded* (start the job) → *submitted* (look until it ends) → *tuned* (measure against the model in
//! service on held-out examples) → *ended*. Each step can be done again: what a try before it has made at the provider is found
//! by its name, and no job is paid twice. While the provider trains, an example that is withdrawn stops it. The file is deleted
//! at the provider in the end, however it ends.

mod measure;
mod schedule;
mod service;
mod steps;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::examples::{Exported, LEAST, Line, lines};
use crate::{
    ai::{ModelError, SwitchedWriter, Tuner},
    domain::{
        AppError, AppResult,
        ids::{FineTuningJobId, UserId},
        operation::{TuningItem, TuningStatus, TuningTerms},
        training::{Actor, TuningKind},
        usage::CURRENCY,
    },
    jobs::{JobError, JobHandler, NewJob, Queue},
    store::{
        Store, StoreError,
        fine_tuning_job::{self, Patch},
        new_key, training_example,
    },
    usage::Meter,
};

pub use schedule::{BEGIN, Beginner};

/// The kind of the job that carries a training on, and the lane that it waits in.
pub const TUNE: &str = "fine_tune";

/// How models are tuned.
#[derive(Clone, Debug)]
pub struct TuningOptions {
    /// What the model is told before every example: the house's own words.
    pub instructions: &'static str,
    pub epochs: u32,
    /// What a million trained tokens cost. Without it nothing is started, since nobody could keep to a cap.
    pub price: Option<f64>,
    /// What one training may cost.
    pub cap: f64,
    /// The pause between the first two looks.
    pub pause: Duration,
}

/// Tunes the language model of the house.
pub struct Tuning {
    store: Store,
    queue: Queue,
    tuner: Arc<dyn Tuner>,
    /// What the house writes with.
    writer: Arc<SwitchedWriter>,
    meter: Meter,
    options: TuningOptions,
    /// Wakes a training that waits for its next look.
    cancelled: Notify,
}

/// Why a step was not taken.
enum Trouble {
    /// It may pass.
    Passing(String),
    /// It will not.
    Lasting(String),
}

impl From<ModelError> for Trouble {
    fn from(error: ModelError) -> Self {
        let told = match &error {
            ModelError::Refused { message, .. } if !message.is_empty() => format!("The provider refused it: {message}"),
            _ => format!("The provider {}.", error.clause()),
        };
        match error {
            ModelError::Refused { .. } | ModelError::Unauthorized(_) | ModelError::OutOfCredit | ModelError::OverBudget => {
                Self::Lasting(told)
            }
            _ => Self::Passing(told),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "a training could not be noted");
        Self::Passing("Something went wrong on our side.".into())
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::Passing(error.message().to_owned())
    }
}

impl Tuning {
    pub fn new(
        store: Store,
        queue: Queue,
        tuner: Arc<dyn Tuner>,
        writer: Arc<SwitchedWriter>,
        meter: Meter,
        options: TuningOptions,
    ) -> Self {
        Self { store, queue, tuner, writer, meter, options, cancelled: Notify::new() }
    }

    /// The model that the house brings along by its settings.
    pub fn base_model(&self) -> String {
        self.tuner.base_model()
    }

    /// Takes up the model in service, and carries on what an earlier run of the house has left.
    pub async fn resume(&self) -> AppResult<()> {
        self.load().await?;
        for id in fine_tuning_job::active(&self.store).await? {
            self.queue.put_unless_there(job_of(&id)).await?;
        }
        Ok(())
    }

    /// How many examples there are to learn from and to measure by.
    pub async fn material(&self) -> AppResult<Exported> {
        Ok(lines(training_example::all(&self.store).await?, self.options.instructions))
    }

    /// Why nothing can be tuned, as a sentence.
    pub async fn obstacle(&self, material: &Exported) -> AppResult<Option<String>> {
        let (learned, held_out) = (material.training.len(), material.held_out.len());
        if learned < LEAST || held_out < measure::LEAST {
            return Ok(Some(format!(
                "There are {learned} examples to learn from and {held_out} of other people to measure by; {LEAST} and {} are needed.",
                measure::LEAST
            )));
        }
        let Some(estimate) = self.estimate(&material.training) else {
            return Ok(Some(
                "Nobody has said what training costs: set FLOWERY_TUNING_PRICE (for a million tokens; 0 for a server of your own)."
                    .into(),
            ));
        };
        if estimate > self.options.cap {
            return Ok(Some(format!(
                "It would cost about {estimate:.2} {CURRENCY}, and a training may cost {:.2} (FLOWERY_TUNING_CAP).",
                self.options.cap
            )));
        }
        match self.meter.left_of_house().await? {
            Some(left) if estimate > left => {
                Ok(Some(format!("It would cost about {estimate:.2} {CURRENCY}, and {left:.2} are left of this month's budget.")))
            }
            _ => Ok(None),
        }
    }

    /// What a training on these lines will cost: a token is about four bytes.
    fn estimate(&self, lines: &[Line]) -> Option<f64> {
        let tokens: usize = lines.iter().map(|line| line.text.len().div_ceil(4)).sum();
        Some(tokens as f64 * f64::from(self.options.epochs) * self.options.price? / 1e6)
    }

    /// What holds of every training.
    pub fn terms(&self, material: &Exported) -> TuningTerms {
        TuningTerms {
            price: self.options.price,
            cap: self.options.cap,
            estimate: self.estimate(&material.training),
            margin: measure::MARGIN,
            standard_errors: measure::STANDARD_ERRORS,
        }
    }

    /// Begins a training.
    pub async fn start(&self, actor: Actor, user: Option<&UserId>) -> AppResult<TuningItem> {
        if let Some(obstacle) = self.obstacle(&self.material().await?).await? {
            return Err(AppError::conflict(obstacle));
        }
        let id = FineTuningJobId::from_key(new_key());
        if !fine_tuning_job::insert_remote(&self.store, &id, &self.base_model(), (actor, user)).await? {
            return Err(AppError::conflict("A training is under way already."));
        }
        self.queue.put_unless_there(job_of(&id)).await?;
        tracing::info!(training.id = %id, "a training was begun");
        fine_tuning_job::find(&self.store, &id).await?.map(TuningItem::from).ok_or_else(AppError::internal)
    }

    /// Stops a training that has not ended.
    pub async fn cancel(&self, id: &FineTuningJobId) -> AppResult<()> {
        // It may take a step meanwhile; then it is stopped at the next one.
        for _ in 0..5 {
            let row = fine_tuning_job::find(&self.store, id).await?.ok_or_else(|| AppError::not_found("training"))?;
            if row.status.is_final() || row.kind != TuningKind::OpenAi {
                return Err(AppError::conflict("This training has ended already."));
            }
            let patch = Patch { decision: Some("Cancelled by an operator.".into()), ..Patch::default() };
            if fine_tuning_job::advance(&self.store, id, row.status, TuningStatus::Cancelled, patch).await? {
                self.clear_up(id).await;
                self.cancelled.notify_one();
                return Ok(());
            }
        }
        Err(AppError::conflict("The training is just taking a step. Please try again."))
    }

    /// Stops the job at the provider and has the file deleted there. What cannot be done is noted: the training has ended all the
    /// same.
    async fn clear_up(&self, id: &FineTuningJobId) {
        let Ok(Some(row)) = fine_tuning_job::find(&self.store, id).await else { return };
        let Some(file) = row.provider_file_id else { return };
        let job = match row.provider_job_id {
            Some(job) => Ok(Some(job)),
            None => self.tuner.find(&file).await,
        };
        let stopped = match job {
            Ok(Some(job)) if row.status != TuningStatus::Ended => self.tuner.cancel(&job).await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        let forgotten = self.tuner.forget(&file).await;
        for error in [stopped.err(), forgotten.err()].into_iter().flatten() {
            tracing::warn!(training.id = %id, error = %error, "a training was not cleared up at the provider");
        }
    }
}

fn job_of(id: &FineTuningJobId) -> NewJob {
    NewJob::new(TUNE, id.as_str(), json!({ "job": id })).in_lane(TUNE, 0)
}

#[async_trait]
impl JobHandler for Tuning {
    fn kind(&self) -> &'static str {
        TUNE
    }

    async fn run(&self, payload: Value) -> Result<(), JobError> {
        let Some(id) = payload["job"].as_str().map(FineTuningJobId::from_key) else {
            return Err(JobError::Fail("It is not said which training this is.".into()));
        };
        self.carry_on(&id).await.map_err(|trouble| match trouble {
            Trouble::Passing(why) => JobError::Retry(why),
            Trouble::Lasting(why) => JobError::Fail(why),
        })
    }

    async fn failed(&self, payload: Value, reason: &str) {
        let Some(id) = payload["job"].as_str().map(FineTuningJobId::from_key) else { return };
        for _ in 0..5 {
            let Ok(Some(row)) = fine_tuning_job::find(&self.store, &id).await else { return };
            if row.status.is_final() {
                return;
            }
            let patch = Patch { decision: Some(reason.to_owned()), ..Patch::default() };
            match fine_tuning_job::advance(&self.store, &id, row.status, TuningStatus::Failed, patch).await {
                Ok(true) => return self.clear_up(&id).await,
                Ok(false) => {}
                Err(error) => return tracing::error!(error = %error, "a failed training could not be noted"),
            }
        }
    }
}
