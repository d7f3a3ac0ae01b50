//! The port to a model that writes.

use std::time::Instant;

use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::ModelError;

/// What a model is asked for. Instructions are the house's own words; whatever people wrote belongs into the material, which
/// reaches the model as one JSON document and is never part of an instruction.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub instructions: String,
    pub material: Value,
    /// The shape of the answer, if it is to be JSON.
    pub schema: Option<Schema>,
    /// The longest answer.
    pub max_tokens: u32,
    /// 0 is the likeliest words only.
    pub temperature: f32,
}

/// A JSON Schema with its name.
#[derive(Clone, Debug)]
pub struct Schema {
    pub name: &'static str,
    pub schema: Value,
}

/// A model that writes.
#[async_trait]
pub trait Writer: Send + Sync {
    /// The model's name, as it is noted beside what it wrote.
    fn model(&self) -> String;

    /// The whole answer, or why there is none by the deadline.
    async fn write(&self, prompt: &Prompt, deadline: Instant) -> Result<String, ModelError>;

    /// As [`Self::write`], handing over each piece as it comes. What was handed over before an error stands as far as it goes.
    async fn write_live(
        &self,
        prompt: &Prompt,
        deadline: Instant,
        pieces: UnboundedSender<String>,
    ) -> Result<String, ModelError> {
        let text = self.write(prompt, deadline).await?;
        // Nobody listens any more: the answer is returned all the same.
        let _ = pieces.send(text.clone());
        Ok(text)
    }
}
