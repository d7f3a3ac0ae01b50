//! The provider's eyes and ears, where they are set: asked first, and the networks of this machine do what they do not.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    ai::{ModelError, Seer, Transcriber, Transcript},
    domain::ids::UserId,
    jobs::JobError,
    understanding::{
        Understanding,
        sight::opinion::{self, Opinion, Said},
        walk::ours,
    },
    usage::Standing,
};

/// The provider's models for files.
#[derive(Clone, Default)]
pub struct Provider {
    pub eyes: Option<Arc<dyn Seer>>,
    pub ears: Option<Arc<dyn Transcriber>>,
}

/// How long the vision model is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

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
    pub(in crate::understanding) async fn may_pay(&self, user: &UserId) -> Result<(), ModelError> {
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

    /// What the provider's vision model says of a picture, as far as it holds, and what the person should know of that. It is shown
    /// the display size, in which nothing stands about who took it where. `written` is what was read in the picture here.
    pub(super) async fn look(&self, user: &UserId, display: Vec<u8>, written: &[&str]) -> (Option<Opinion>, Option<String>) {
        let Some(eyes) = &self.provider.eyes else { return (None, None) };
        let here = "so small networks on this machine looked";
        let answer = match self.may_pay(user).await {
            Ok(()) => eyes.look(display.into(), &opinion::prompt(), Instant::now() + PATIENCE).await,
            Err(error) => Err(error),
        };
        let said = answer.and_then(|text| Said::read(&text).ok_or_else(|| ModelError::Unreadable("no such JSON".into())));
        let said = match said {
            Ok(said) => said,
            Err(error) => {
                tracing::warn!(error = %error, "the provider's vision model said nothing of a picture");
                return (None, Some(format!("The provider's vision model {}, {here}.", error.clause())));
            }
        };
        let vectors = self.embedder.embed(&said.reasons()).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "what a picture smells of could not be weighed");
            Vec::new()
        });
        match said.checked(&self.catalog.snapshot(), written, &vectors, eyes.model()) {
            Some(opinion) => (Some(opinion), None),
            None => (None, Some(format!("What the provider's vision model said did not hold up when it was checked, {here}."))),
        }
    }
}
