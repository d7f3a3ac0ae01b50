//! The provider's eyes and ears, where they are set: asked first, and the networks of this machine do what they do not.

use std::sync::Arc;

use crate::{
    ai::{ModelError, Transcriber, Transcript},
    domain::ids::UserId,
    jobs::JobError,
    understanding::{Understanding, walk::ours},
    usage::Standing,
};

/// The provider's models for files.
#[derive(Clone, Default)]
pub struct Provider {
    pub ears: Option<Arc<dyn Transcriber>>,
}

/// What is said in a recording, who heard it, and what the person should know of that.
pub(super) struct Heard {
    pub transcript: Transcript,
    pub model: String,
    pub notice: Option<String>,
}

/// Why a model gave nothing, if it is one of the known reasons.
fn clause(error: &anyhow::Error) -> &'static str {
    error.downcast_ref::<ModelError>().map_or("failed", ModelError::clause)
}

impl Understanding {
    /// Whether the provider may be paid for a person.
    async fn may_pay(&self, user: &UserId) -> Result<(), ModelError> {
        match self.meter.standing(user).await {
            Ok(Standing::Fine | Standing::Near) => Ok(()),
            Ok(Standing::Spent) => Err(ModelError::OverBudget),
            Err(error) => {
                tracing::error!(error = %error, "what is left of a budget is not known, so nothing is spent");
                Err(ModelError::OverBudget)
            }
        }
    }

    /// Whether a recording can be understood at all.
    pub(super) fn has_ears(&self) -> bool {
        self.readers.ears.is_some() || self.provider.ears.is_some()
    }

    /// What is said in a recording.
    pub(super) async fn hear(&self, user: &UserId, samples: Vec<f32>) -> Result<Heard, JobError> {
        let samples = Arc::new(samples);
        let mut failure = None;
        if let Some(ears) = &self.provider.ears {
            let heard = match self.may_pay(user).await {
                Ok(()) => ears.transcribe(Arc::clone(&samples)).await,
                Err(error) => Err(error.into()),
            };
            match heard {
                Ok(transcript) => return Ok(Heard { transcript, model: ears.model().to_owned(), notice: None }),
                Err(error) => {
                    tracing::warn!(error = %error, "the provider's speech model gave no transcript");
                    failure = Some(clause(&error));
                }
            }
        }
        let Some(ears) = &self.readers.ears else {
            let clause = failure.unwrap_or("is missing");
            return Err(JobError::Retry(format!("The provider's speech model {clause}, and this server has none of its own.")));
        };
        let transcript = ears.transcribe(samples).await.map_err(ours)?;
        let notice =
            failure.map(|clause| format!("The provider's speech model {clause}, so a small one on this machine listened."));
        Ok(Heard { transcript, model: ears.model().to_owned(), notice })
    }
}
