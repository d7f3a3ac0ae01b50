//! The port to a provider that tunes language models.

use std::sync::Arc;

use async_trait::async_trait;

use super::{ModelError, Writer};

/// How far a training at a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TuningProgress {
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// A training as the provider tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TuningState {
    pub progress: TuningProgress,
    /// The provider's own word, such as `validating_files`.
    pub told: String,
    /// The name of the model that came of it.
    pub model: Option<String>,
    pub trained_tokens: Option<u64>,
    /// Why it failed, in the provider's words.
    pub reason: Option<String>,
}

/// A provider that tunes language models. Every call can be repeated: nothing is made twice.
#[async_trait]
pub trait Tuner: Send + Sync {
    /// Hands a file over under a name, in the place of one that has the name already. Returns the provider's id of it.
    async fn upload(&self, name: &str, content: &[u8]) -> Result<String, ModelError>;

    /// The provider's ids of the files that were handed over under a name.
    async fn uploaded(&self, name: &str) -> Result<Vec<String>, ModelError>;

    /// Starts the training of a model on a file, unless there is one. Returns the provider's id of it.
    async fn submit(&self, base: &str, file: &str, epochs: u32) -> Result<String, ModelError>;

    /// The training on a file, if there is one.
    async fn find(&self, file: &str) -> Result<Option<String>, ModelError>;

    async fn look(&self, job: &str) -> Result<TuningState, ModelError>;

    /// Stops a training. That it has ended is no error.
    async fn cancel(&self, job: &str) -> Result<(), ModelError>;

    /// Has a file deleted. That it is gone is no error.
    async fn forget(&self, file: &str) -> Result<(), ModelError>;

    /// A model of the provider, to write with.
    fn writer(&self, model: &str) -> Arc<dyn Writer>;
}
