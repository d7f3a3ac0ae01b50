//! A writer that can be exchanged while the house runs.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use async_trait::async_trait;
use tokio::sync::mpsc::UnboundedSender;

use super::{ModelError, Prompt, Writer};

/// Writes with whatever writer is in service. A text that has begun is finished by the one that began it.
pub struct SwitchedWriter(RwLock<Arc<dyn Writer>>);

impl SwitchedWriter {
    pub fn new(writer: Arc<dyn Writer>) -> Self {
        Self(RwLock::new(writer))
    }

    pub fn switch_to(&self, writer: Arc<dyn Writer>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = writer;
    }

    fn current(&self) -> Arc<dyn Writer> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Writer for SwitchedWriter {
    fn model(&self) -> String {
        self.current().model()
    }

    async fn write(&self, prompt: &Prompt, deadline: Instant) -> Result<String, ModelError> {
        self.current().write(prompt, deadline).await
    }

    async fn write_live(
        &self,
        prompt: &Prompt,
        deadline: Instant,
        pieces: UnboundedSender<String>,
    ) -> Result<String, ModelError> {
        self.current().write_live(prompt, deadline, pieces).await
    }
}
