//! Trainings that nobody has to think of.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{LEAST, Tuning};
use crate::{
    domain::{AppError, AppResult, ErrorCode, training::Actor},
    jobs::{JobError, JobHandler},
    store::fine_tuning_job,
};

/// The kind of the job that looks whether a training is worth it.
pub const BEGIN: &str = "begin_fine_tuning";
/// A training is worth it again when there are so many more examples than the last one learned from, as a part of those.
const GROWTH: f64 = 0.2;

/// Begins a training as soon as there is enough that is new.
pub struct Beginner(pub Arc<Tuning>);

impl Beginner {
    /// Whether a training was begun.
    pub async fn look(&self) -> AppResult<bool> {
        let tuning = &self.0;
        let material = tuning.material().await?;
        if let Some(obstacle) = tuning.obstacle(&material).await? {
            tracing::info!(reason = obstacle, "no training is begun");
            return Ok(false);
        }
        let learned = material.training.len();
        let before = fine_tuning_job::last_learned(&tuning.store).await?;
        let enough = before.map_or(LEAST, |before| before + LEAST.max((before as f64 * GROWTH).ceil() as usize));
        if learned < enough {
            tracing::info!(examples = learned, needed = enough, "too little is new for a training");
            return Ok(false);
        }
        match tuning.start(Actor::Schedule, None).await {
            Ok(_) => Ok(true),
            // Somebody was quicker.
            Err(error) if error.code() == ErrorCode::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl JobHandler for Beginner {
    fn kind(&self) -> &'static str {
        BEGIN
    }

    async fn run(&self, _: Value) -> Result<(), JobError> {
        self.look().await.map(drop).map_err(|error: AppError| JobError::Retry(error.message().to_owned()))
    }

    async fn failed(&self, _: Value, reason: &str) {
        tracing::error!(reason, "it could not be looked whether a training is worth it");
    }
}
