//! Tuning a language model at a provider: from the examples to a model in service, through restarts.
//!
//! A training walks through its states, each kept before the next is begun: *preparing* (choose the examples, check what it
//! will cost, upload) → *uploaded* (start the job) → *submitted* (look until it ends) → *tuned* (measure against the model in
//! service on held-out examples) → *ended*. Each step can be done again: what a try before it has made at the provider is found
//! by its name, and no job is paid twice. While the provider trains, an example that is withdrawn stops it. The file is deleted
//! at the provider in the end, however it ends, and however often that has to be tried.
//!
//! A training goes on with the model that it was begun with, whatever the settings say by now. Without a language model in the
//! settings none is begun, and what a provider trains already is followed to its end or stopped.

mod clearing;
mod estimate;
mod measure;
mod schedule;
mod service;
mod steps;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use serde_json::{Value, json};

use super::examples::{Exported, LEAST, Line, lines};
use crate::{
    ai::{ModelError, SwitchedWriter, Tuner},
    domain::{
        AppError, AppResult,
        ids::{FineTuningJobId, UserId},
        operation::{TuningItem, TuningStatus},
        training::{Actor, TuningKind},
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

/// The language model of the house.
pub struct Serving {
    /// The one that the settings name.
    pub base_model: String,
    /// What is written with: that one, or one that was tuned.
    pub writer: Arc<SwitchedWriter>,
}

/// Tunes the language model of the house.
pub struct Tuning {
    store: Store,
    queue: Queue,
    tuner: Arc<dyn Tuner>,
    /// None where the settings name no language model.
    serving: Option<Serving>,
    meter: Meter,
    options: TuningOptions,
}

/// How a training goes on.
enum Next {
    /// Not at all.
    Done,
    /// After a while, for the reason that is told.
    Later { after: Duration, told: String },
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
        serving: Option<Serving>,
        meter: Meter,
        options: TuningOptions,
    ) -> Self {
        Self { store, queue, tuner, serving, meter, options }
    }

    /// The model that the house brings along by its settings.
    pub fn base_model(&self) -> Option<&str> {
        self.serving.as_ref().map(|serving| serving.base_model.as_str())
    }

    fn serving(&self) -> AppResult<&Serving> {
        self.serving.as_ref().ok_or_else(|| AppError::conflict(NO_MODEL))
    }

    /// Takes up the model in service, and carries on what an earlier run of the house has left.
    pub async fn resume(&self) -> AppResult<()> {
        self.load().await?;
        for id in fine_tuning_job::open(&self.store).await? {
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
        let Some(base) = self.base_model() else { return Ok(Some(NO_MODEL.into())) };
        let (learned, held_out) = (material.training.len(), material.held_out.len());
        if learned < LEAST || held_out < measure::LEAST {
            return Ok(Some(format!(
                "There are {learned} examples to learn from and {held_out} of other people to measure by; {LEAST} and {} are needed.",
                measure::LEAST
            )));
        }
        let Some(estimate) = self.estimate(base, material) else {
            return Ok(Some(
                "Nobody has said what training costs: set FLOWERY_TUNING_PRICE (for a million tokens; 0 for a server of your own)."
                    .into(),
            ));
        };
        self.lacks_room(estimate, 0.0).await
    }

    /// Begins a training.
    pub async fn start(&self, actor: Actor, user: Option<&UserId>) -> AppResult<TuningItem> {
        let base = &self.serving()?.base_model;
        let material = self.material().await?;
        if let Some(obstacle) = self.obstacle(&material).await? {
            return Err(AppError::conflict(obstacle));
        }
        let id = FineTuningJobId::from_key(new_key());
        if !fine_tuning_job::insert_remote(&self.store, &id, (base, material.training.len()), (actor, user)).await? {
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
                return Err(has_ended());
            }
            let metrics = Some(json!({ "stopped_by": Actor::Operator }));
            let patch = Patch { decision: Some("Cancelled by an operator.".into()), metrics, ..Patch::default() };
            if fine_tuning_job::advance(&self.store, id, row.status, TuningStatus::Cancelled, patch).await? {
                if self.clear_up(id).await.is_err() {
                    self.queue.put_unless_there(job_of(id)).await?;
                }
                return Ok(());
            }
        }
        Err(AppError::conflict("The training is just taking a step. Please try again."))
    }
}

/// Why no language model is tuned.
const NO_MODEL: &str = "No language model of a provider is set (FLOWERY_CHAT_MODEL), so none can be tuned.";

pub(super) fn has_ended() -> AppError {
    AppError::conflict("This training has ended already.")
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
        match self.carry_on(&id).await {
            Ok(Next::Done) => Ok(()),
            Ok(Next::Later { after, told }) => Err(JobError::Later { after, told }),
            Err(Trouble::Passing(why)) => Err(JobError::Retry(why)),
            Err(Trouble::Lasting(why)) => Err(JobError::Fail(why)),
        }
    }

    async fn failed(&self, payload: Value, reason: &str) {
        let Some(id) = payload["job"].as_str().map(FineTuningJobId::from_key) else { return };
        for _ in 0..5 {
            let Ok(Some(row)) = fine_tuning_job::find(&self.store, &id).await else { return };
            let patch = Patch { decision: Some(reason.to_owned()), ..Patch::default() };
            let noted = match row.status.is_final() {
                true => Ok(true),
                false => fine_tuning_job::advance(&self.store, &id, row.status, TuningStatus::Failed, patch).await,
            };
            match noted {
                Ok(true) => {
                    // This job ends here, whoever ended the training: another one sees to it until it is done.
                    if self.clear_up(&id).await.is_err()
                        && let Err(error) = self.queue.put(job_of(&id)).await
                    {
                        tracing::error!(error = %error, "a failed training is cleared up at the next start only");
                    }
                    return;
                }
                Ok(false) => {}
                Err(error) => return tracing::error!(error = %error, "a failed training could not be noted"),
            }
        }
    }
}
