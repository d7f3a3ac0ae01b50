//! Ports to the models, and the adapters that fill them. What the models are used for is not known here.

pub mod local;
mod model_error;
pub mod openai;
mod prompt;
mod secret;
mod usage;

use anyhow::Result;
use async_trait::async_trait;

pub use model_error::ModelError;
pub use prompt::{Prompt, Schema, Writer};
pub use secret::Secret;
pub use usage::{Job, Usage, counted};

/// Turns texts into vectors whose nearness is nearness of meaning.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The model's name with its version, as it is noted beside every vector.
    fn model(&self) -> &str;

    /// The length of every vector.
    fn dimension(&self) -> usize;

    /// One vector of unit length (L2) for each text, in order.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>>;
}
