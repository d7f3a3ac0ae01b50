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

/// Samples a second of the sound that a [`Transcriber`] takes.
pub const SAMPLE_RATE: u32 = 16_000;

/// Writes down what is said in a recording.
#[async_trait]
pub trait Transcriber: Send + Sync {
    /// The model's name with its version, as it is noted beside every transcript.
    fn model(&self) -> &str;

    /// What is said in mono sound at [`SAMPLE_RATE`], from −1 to 1. Silence and noise give no segments.
    /// Dropping the future stops the work soon after.
    async fn transcribe(&self, samples: Vec<f32>) -> Result<Transcript>;
}

/// What is said in a recording, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    pub segments: Vec<Segment>,
}

/// A sentence or a part of one, and when it is said, in seconds from the beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub start_s: f64,
    pub end_s: f64,
    pub text: String,
}
