//! Vision: the adapter to a chat model that also takes pictures.

use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;

use super::{chat::ChatWriter, transport::Endpoint};
use crate::ai::{Job, ModelError, Prompt, Seer};

/// The largest picture that is sent, in bytes. Providers take 20 MB of JSON.
const LARGEST: usize = 8 * 1024 * 1024;

/// A vision model of the provider.
pub struct RemoteSeer {
    writer: ChatWriter,
    /// With the provider's prefix, so that it is not taken for a local model of the same name.
    name: String,
}

impl RemoteSeer {
    pub fn new(endpoint: Arc<Endpoint>, model: &str) -> Self {
        Self { writer: ChatWriter::of(Job::Vision, endpoint, model), name: format!("openai/{model}") }
    }
}

#[async_trait]
impl Seer for RemoteSeer {
    fn model(&self) -> &str {
        &self.name
    }

    async fn look(&self, picture: Bytes, prompt: &Prompt, deadline: Instant) -> Result<String, ModelError> {
        if picture.len() > LARGEST {
            return Err(ModelError::Refused { status: 413, message: "the picture is too large to be sent".into() });
        }
        // The picture travels in the request: the provider is given no address of this house.
        let url = format!("data:image/jpeg;base64,{}", STANDARD.encode(&picture));
        self.writer.answer(prompt, Some(&url), deadline).await
    }
}
