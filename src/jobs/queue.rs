//! The door to the queue.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    domain::ids::JobId,
    store::{
        Store, StoreResult,
        job::{self, NewJob},
    },
};

/// The door to the queue. Clones share it.
#[derive(Clone)]
pub struct Queue {
    pub(super) store: Store,
    pub(super) news: Arc<Notify>,
}

impl Queue {
    pub fn new(store: Store) -> Self {
        Self { store, news: Arc::new(Notify::new()) }
    }

    /// Puts a job in the queue and wakes a worker. `subject` is what the job is about: jobs of one subject run one after another.
    pub async fn enqueue(&self, kind: &str, subject: &str, payload: serde_json::Value) -> StoreResult<JobId> {
        self.put(NewJob::new(kind, subject, payload)).await
    }

    /// The same with a job that is made already.
    pub async fn put(&self, job: NewJob) -> StoreResult<JobId> {
        let id = job.id.clone();
        job::insert(&self.store, job).await?;
        self.wake();
        Ok(id)
    }

    /// Takes back what is still queued for a subject.
    pub async fn cancel(&self, subject: &str) -> StoreResult<()> {
        job::cancel(&self.store, subject).await
    }

    /// Tells the worker that a job was put in the queue by other means, as part of a transaction.
    pub fn wake(&self) {
        self.news.notify_one();
    }

    /// Frees every running job, so that it goes on at once instead of when its lease ends. To be called at boot, before a worker
    /// runs, and only with an embedded store: there, no other process can hold a lease.
    pub async fn recover_all(&self) -> StoreResult<usize> {
        let freed = job::reclaim_all(&self.store).await?;
        if freed > 0 {
            tracing::info!(jobs.recovered = freed, "jobs of the last run go on");
        }
        self.wake();
        Ok(freed)
    }
}
