//! The durable queue, its worker and its leases. No kind of job is known here: handlers are registered at boot.

mod backoff;
mod queue;
mod schedule;
#[cfg(test)]
mod tests;
mod worker;

use std::time::Duration;

use async_trait::async_trait;

pub use crate::store::job::{NewJob, Wanted};
pub use queue::Queue;
pub use schedule::{Routine, Schedule};
pub use worker::{Lanes, Pace, Worker};

/// What a handler decides about a job that is not done. The text is for the person whose job it is.
#[derive(Debug)]
pub enum JobError {
    /// Worth another try, later.
    Retry(String),
    /// No use trying again.
    Fail(String),
    /// It waits for something outside of the house, and all is well so far: to be run again after a while, as if for the first
    /// time. A job that waits so holds no lease, and lives through any number of restarts.
    Later { after: Duration, told: String },
}

/// Runs one kind of job. Bodies are idempotent: a job whose worker died is run again.
#[async_trait]
pub trait JobHandler: Send + Sync {
    fn kind(&self) -> &'static str;
    async fn run(&self, payload: serde_json::Value) -> Result<(), JobError>;
    /// Told when a job has failed for good, just before that is noted: should the process die in between, it is told again.
    async fn failed(&self, payload: serde_json::Value, reason: &str);
}
