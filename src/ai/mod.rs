//! Ports to the models, and the adapters that fill them. What the models are used for is not known here.

pub mod local;
mod model_error;
pub mod openai;
mod prompt;
mod secret;
mod switched;
mod tuner;
mod usage;
mod wav;

use std::{sync::Arc, time::Instant};

use anyhow::Result;
use async_trait::async_trait;
use bytes::Bytes;

pub use model_error::ModelError;
pub use prompt::{Prompt, Schema, Writer, object_in};
pub use secret::Secret;
pub use switched::SwitchedWriter;
pub use tuner::{Tuner, TuningProgress, TuningState};
#[cfg(test)]
pub(crate) use usage::counted;
pub use usage::{Job, Tally, Usage};
pub use wav::wav;

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
    async fn transcribe(&self, samples: Arc<Vec<f32>>) -> Result<Transcript>;
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

/// A picture's pixels: three bytes (red, green, blue) each, row by row. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgb: Arc<[u8]>,
}

/// Something that a picture may show.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The kind of thing, in the model's own words.
    pub name: String,
    /// How likely the model holds it to be what the picture shows, 0…1.
    pub probability: f32,
}

/// A model that looks at a picture and answers in words.
#[async_trait]
pub trait Seer: Send + Sync {
    /// The model's name, as it is noted beside what it said.
    fn model(&self) -> &str;

    /// What it says of a picture (a JPEG), or why it says nothing by the deadline.
    async fn look(&self, picture: Bytes, prompt: &Prompt, deadline: Instant) -> Result<String, ModelError>;
}

/// Tells what a picture shows.
#[async_trait]
pub trait ImageReader: Send + Sync {
    /// The model's name with its version, as it is noted beside what it said.
    fn model(&self) -> &str;

    /// The likeliest labels first. Their probabilities sum to at most 1.
    async fn labels(&self, picture: &Pixels) -> Result<Vec<Label>>;
}

/// A line of text in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    pub text: String,
    /// How sure its letters are on average, 0…1.
    pub confidence: f32,
    /// Its height as a part of the picture's: what is large is what the picture is about.
    pub height: f32,
}

/// Reads the words in a picture.
#[async_trait]
pub trait TextReader: Send + Sync {
    /// The model's name with its version, as it is noted beside what it read.
    fn model(&self) -> &str;

    /// The lines that can be read, from top to bottom and left to right.
    async fn lines(&self, picture: &Pixels) -> Result<Vec<TextLine>>;
}
