//! The durable queue, its worker and its leases. No kind of job is known here: handlers are registered at boot.

mod backoff;
mod queue;
mod schedule;
#[cfg(test)]
mod tests;
mod worker;

use async_trait::async_trait;

pub use crate::store::job::{NewJob, Wanted};
pub use queue::Queue;
pub use schedule::{Routine, Schedule};
pub use worker::{Lanes, Pace, Worker};

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
    /// Told when a job has failed for good, just before that is noted: should the process die in between, it is told again.
    async fn failed(&self, payload: serde_json::Value, reason: &str);
}
