//! Any OpenAI-compatible provider: one address, and a model for each job that has one.
//!
//! The transport is our own because of what it has to tell: how long to wait (`Retry-After`), what a stream used, where a
//! character was cut in two.

mod breaker;
mod chat;
mod embeddings;
mod form;
mod retry;
mod transcription;
mod transport;
mod tuning;
mod vision;

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use anyhow::Result;

use super::Secret;
pub use chat::ChatWriter;
pub use embeddings::RemoteEmbedder;
pub use transcription::RemoteTranscriber;
pub use transport::Endpoint;
pub use tuning::RemoteTuner;
pub use vision::RemoteSeer;

/// Where OpenAI itself is, for who only sets a key.
pub const OPENAI: &str = "https://api.openai.com/v1";

/// The provider as it is set. A job without a model stays with the local ones.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub base_url: Option<String>,
    pub key: Option<Secret>,
    pub chat_model: Option<String>,
    pub embedding_model: Option<String>,
    pub vision_model: Option<String>,
    pub transcription_model: Option<String>,
}

impl Options {
    /// The way to the provider; none if neither an address nor a key is set.
    pub fn endpoint(&self) -> Result<Option<Arc<Endpoint>>> {
        if self.base_url.is_none() && self.key.is_none() {
            return Ok(None);
        }
        let base = self.base_url.as_deref().unwrap_or(OPENAI);
        Endpoint::new(base, self.key.clone()).map(|endpoint| Some(Arc::new(endpoint)))
    }
}
