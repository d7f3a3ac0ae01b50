//! Leaving nothing behind at the provider.

use super::{Next, Trouble, Tuning};
use crate::{
    ai::ModelError,
    domain::{ids::FineTuningJobId, operation::TuningStatus},
    store::fine_tuning_job::{self, FineTuningRow},
};

/// The longest pause between two tries, as a multiple of the pause between the first two looks.
const SLOWEST: u32 = 360;

impl Tuning {
    /// Clears up after a training that has ended. What the provider does not do now is asked for again, until it is done.
    pub(super) async fn settle(&self, row: &FineTuningRow) -> Result<Next, Trouble> {
        match self.clear_up(&row.id).await {
            Ok(()) => Ok(Next::Done),
            Err(Trouble::Passing(why) | Trouble::Lasting(why)) => {
                let told = format!("Its file or job is still at the provider, and this is tried again. {why}");
                Ok(Next::Later { after: self.pause(row.updated_at, SLOWEST), told })
            }
        }
    }

    /// Stops the job at the provider and has the file deleted there, and notes that it is done.
    pub(super) async fn clear_up(&self, id: &FineTuningJobId) -> Result<(), Trouble> {
        let Some(row) = fine_tuning_job::find(&self.store, id).await? else { return Ok(()) };
        let outcome = self.clear_away(&row).await;
        if let Err(error) = &outcome {
            tracing::warn!(training.id = %id, error = %error, "a training is not cleared up at the provider yet");
        }
        outcome?;
        Ok(fine_tuning_job::cleared(&self.store, id).await?)
    }

    async fn clear_away(&self, row: &FineTuningRow) -> Result<(), ModelError> {
        let files = match &row.provider_file_id {
            Some(file) => vec![file.clone()],
            // The process may have ended between the upload and the note of it.
            None => match self.tuner.uploaded(&file_name(&row.id)).await {
                Err(error) if keeps_no_files(&error) => Vec::new(),
                found => found?,
            },
        };
        let mut first = Ok(());
        for file in &files {
            let stopped = if row.status == TuningStatus::Ended { Ok(()) } else { self.stop(row, file).await };
            first = first.and(stopped).and(self.tuner.forget(file).await);
        }
        first
    }

    /// Stops what the provider trains on a file, whether the note of its job was kept or not.
    async fn stop(&self, row: &FineTuningRow, file: &str) -> Result<(), ModelError> {
        let job = match &row.provider_job_id {
            Some(job) => Some(job.clone()),
            None => self.tuner.find(file).await?,
        };
        match job {
            Some(job) => self.tuner.cancel(&job).await,
            None => Ok(()),
        }
    }
}

/// Whether it is said that there are no files at all: a server of one's own may have no place for them.
fn keeps_no_files(error: &ModelError) -> bool {
    matches!(error, ModelError::Refused { status: 404 | 405 | 410, .. } | ModelError::Failing(501))
}

/// The name under which the examples of a training are handed over.
pub(super) fn file_name(id: &FineTuningJobId) -> String {
    format!("flowery-{id}.jsonl")
}
