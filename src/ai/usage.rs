//! What calls of a provider's models used. Adapters note it; whoever asked finds it with [`counted`].

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

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

type Tally = Arc<Mutex<Vec<Usage>>>;

tokio::task_local! {
    static TALLY: Tally;
}

/// Runs some work, and tells what the provider's models used meanwhile. Work that is moved to another task is not counted.
pub async fn counted<F: Future>(work: F) -> (F::Output, Vec<Usage>) {
    let tally = Tally::default();
    let output = TALLY.scope(Arc::clone(&tally), work).await;
    let used = std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner));
    (output, used)
}

/// Notes what a call used.
pub(super) fn note(usage: Usage) {
    metrics::counter!("flowery_model_tokens_total", "job" => usage.job.as_str(), "side" => "prompt")
        .increment(usage.prompt_tokens);
    metrics::counter!("flowery_model_tokens_total", "job" => usage.job.as_str(), "side" => "completion")
        .increment(usage.completion_tokens);
    // Outside of any count, as in a check of the house, nobody pays by the piece.
    let _ = TALLY.try_with(|tally| tally.lock().unwrap_or_else(PoisonError::into_inner).push(usage));
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
