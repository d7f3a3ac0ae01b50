//! What calls of a provider's models used. Adapters note it; whoever asked finds it in a [`Tally`].

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::ModelError;

/// What a model is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    Chat,
    Embedding,
    Vision,
    Transcription,
}

impl Job {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embedding => "embedding",
            Self::Vision => "vision",
            Self::Transcription => "transcription",
        }
    }
}

/// What one call used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub job: Job,
    pub model: String,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    /// Of sound that was listened to, rounded up.
    pub seconds: u32,
    /// The provider did not say: counted from the length of what was sent and what came back.
    pub estimated: bool,
}

/// A token is about four bytes of English.
pub(super) fn estimated_tokens(bytes: usize) -> u64 {
    bytes.div_ceil(4) as u64
}

/// Counts what the provider's models use. Clones share it.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<Vec<Usage>>>);

tokio::task_local! {
    static TALLY: Tally;
}

impl Tally {
    /// Runs some work, and counts what the provider's models use meanwhile, also when the work is dropped under way. Work that is
    /// moved to another task is not counted.
    pub async fn counting<F: Future>(&self, work: F) -> F::Output {
        TALLY.scope(self.clone(), work).await
    }

    /// Takes out what was counted so far.
    pub fn take(&self) -> Vec<Usage> {
        std::mem::take(&mut *self.calls())
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Usage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs some work, and tells what the provider's models used meanwhile.
#[cfg(test)]
pub(crate) async fn counted<F: Future>(work: F) -> (F::Output, Vec<Usage>) {
    let tally = Tally::default();
    (tally.counting(work).await, tally.take())
}

/// A call under way. However it ends, and also when nobody waits for its end, what it used is noted: by what the provider says,
/// and else by the estimate.
pub(super) struct Call(Option<Usage>);

impl Call {
    pub fn begin(estimate: Usage) -> Self {
        Self(Some(estimate))
    }

    /// What has become of the request. Where the provider did not take it up, nothing was used; where it only came too late or
    /// broke off, the work was done.
    pub fn taken_up<T>(&mut self, outcome: Result<T, ModelError>) -> Result<T, ModelError> {
        if outcome.as_ref().is_err_and(|error| !matches!(error, ModelError::Slow | ModelError::BrokenOff)) {
            self.void();
        }
        outcome
    }

    /// What is known of it by now.
    pub fn used(&mut self, tell: impl FnOnce(&mut Usage)) {
        self.0.as_mut().map(tell);
    }

    /// It came to nothing.
    pub fn void(&mut self) {
        self.0 = None;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(usage) = self.0.take() {
            note(usage);
        }
    }
}

/// Notes what a call used.
fn note(usage: Usage) {
    metrics::counter!("flowery_model_tokens_total", "job" => usage.job.as_str(), "side" => "prompt")
        .increment(usage.prompt_tokens);
    metrics::counter!("flowery_model_tokens_total", "job" => usage.job.as_str(), "side" => "completion")
        .increment(usage.completion_tokens);
    // Outside of any count, as in a check of the house, nobody pays by the piece.
    let _ = TALLY.try_with(|tally| tally.calls().push(usage));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_count_has_its_own() {
        let usage = |tokens| Usage {
            job: Job::Chat,
            model: "m".into(),
            prompt_tokens: tokens,
            completion_tokens: 0,
            seconds: 0,
            estimated: false,
        };
        note(usage(1));
        let ((inner, ()), outer) = counted(async {
            note(usage(2));
            let (_, inner) = counted(async { note(usage(3)) }).await;
            (inner, ())
        })
        .await;
        assert_eq!((inner, outer), (vec![usage(3)], vec![usage(2)]));
    }
}
