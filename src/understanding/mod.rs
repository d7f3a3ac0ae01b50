//! Memory → meaning: read → enhance → chunk → embed → extract → learn.

use std::sync::Arc;

use crate::{
    ai::Embedder,
    catalog::Catalog,
    domain::{
        AppResult,
        ids::{MemoryId, UserId},
        memory::MemoryEvent,
    },
    jobs::{JobError, JobHandler},
    learning::Learning,
    store::Store,
};

/// The kind of the job that walks a memory through the stages.
pub const JOB_KIND: &str = "understand_memory";

/// The pipeline.
pub struct Understanding {/* store, catalog, learning, embedder, progress */}

impl Understanding {
    pub fn new(_store: Store, _catalog: Arc<Catalog>, _learning: Arc<Learning>, _embedder: Arc<dyn Embedder>) -> Self {
        todo!()
    }
    /// Live progress of everybody's memories; the listener keeps only the caller's.
    pub fn progress(&self) -> tokio::sync::broadcast::Receiver<(UserId, MemoryEvent)> {
        todo!()
    }
    /// Tells the listeners where a memory is.
    pub fn announce(&self, _user: &UserId, _event: MemoryEvent) {
        todo!()
    }
    /// Walks one memory through all stages.
    pub async fn understand(&self, _user: &UserId, _memory: &MemoryId) -> Result<(), JobError> {
        todo!()
    }
}

#[async_trait::async_trait]
impl JobHandler for Understanding {
    fn kind(&self) -> &'static str {
        JOB_KIND
    }
    async fn run(&self, _payload: serde_json::Value) -> Result<(), JobError> {
        todo!()
    }
    async fn failed(&self, _payload: serde_json::Value, _reason: &str) {
        todo!()
    }
}
#[allow(dead_code)]
fn _shape() -> AppResult<()> {
    Ok(())
}
