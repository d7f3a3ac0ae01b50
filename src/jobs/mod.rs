//! The durable queue, its worker and its leases. No kind of job is known here: handlers are registered at boot.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    domain::ids::JobId,
    store::{Store, StoreResult},
};

/// What a handler decides about a job that did not succeed. The text is for the person whose job it is.
#[derive(Debug)]
pub enum JobError {
    /// Worth another try, later.
    Retry(String),
    /// No use trying again.
    Fail(String),
}

/// Runs one kind of job. Bodies are idempotent: a job whose worker died is run again.
#[async_trait]
pub trait JobHandler: Send + Sync {
    fn kind(&self) -> &'static str;
    async fn run(&self, payload: serde_json::Value) -> Result<(), JobError>;
    /// Told once when a job has failed for good.
    async fn failed(&self, payload: serde_json::Value, reason: &str);
}

/// The door to the queue.
#[derive(Clone)]
pub struct Queue {/* store, notify */}

impl Queue {
    pub fn new(_store: Store) -> Self {
        todo!()
    }
    /// Puts a job in the queue and wakes a worker. `subject` is what the job is about: jobs of one subject run one after another.
    pub async fn enqueue(&self, _kind: &str, _subject: &str, _payload: serde_json::Value) -> StoreResult<JobId> {
        todo!()
    }
    /// Takes back what is still queued for a subject.
    pub async fn cancel(&self, _subject: &str) -> StoreResult<()> {
        todo!()
    }
}

/// Runs jobs until told to stop; then finishes what runs (up to a grace time) or hands it back.
pub struct Worker {/* … */}

impl Worker {
    pub fn new(_queue: Queue, _handlers: Vec<Arc<dyn JobHandler>>, _concurrency: usize) -> Self {
        todo!()
    }
    pub async fn run(self, _shutdown: tokio::sync::watch::Receiver<bool>) {
        todo!()
    }
}
