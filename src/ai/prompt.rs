//! The port to a model that writes.

use std::time::Instant;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
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

/// The object in an answer, whatever stands around it; none if there is none, or one of another shape.
pub fn object_in<T: DeserializeOwned>(answer: &str) -> Option<T> {
    let object = answer.get(answer.find('{')?..=answer.rfind('}')?)?;
    serde_json::from_str(object).ok()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Said {
        emotion: String,
        notes: Vec<String>,
    }

    #[test]
    fn an_object_is_found_in_whatever_stands_around_it() {
        let said: Said = object_in("Here you are:\n```json\n{\"emotion\": \"joy\", \"more\": 1}\n```").unwrap();
        assert_eq!(said, Said { emotion: "joy".into(), notes: vec![] });
        for nonsense in ["", "}{", "no", "{\"notes\": 7}", "[1]"] {
            assert_eq!(object_in::<Said>(nonsense), None, "{nonsense}");
        }
    }
}
