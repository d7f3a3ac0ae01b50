//! The door to the queue.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    domain::{
        AppError, AppResult,
        ids::JobId,
        operation::{JobItem, JobState, JobsReport},
        page::{Cursor, Page},
    },
    store::{
        Store, StoreResult,
        job::{self, NewJob, Wanted},
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

    /// The same, unless one of its kind waits or runs for its subject already.
    pub async fn put_unless_there(&self, job: NewJob) -> StoreResult<bool> {
        let queued = job::insert_unless_there(&self.store, job).await?;
        self.wake();
        Ok(queued)
    }

    /// The queue as the operator sees it: counts, and a page of jobs, those that failed first.
    pub async fn report(&self, wanted: &Wanted, cursor: Cursor) -> AppResult<JobsReport> {
        let (counts, oldest_waiting_s) = job::by_kind(&self.store).await?;
        let page = Page::from_overfetch(job::page(&self.store, wanted, cursor).await?, cursor).map(|row| JobItem {
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            state: row.state,
            attempts: row.attempts,
            error: row.error,
            progress: row.progress,
            created_at: row.created_at,
            updated_at: row.updated_at,
            run_at: row.run_at,
            superseded: row.superseded,
        });
        Ok(JobsReport { counts, oldest_waiting_s, items: page.items, next_cursor: page.next_cursor })
    }

    /// Queues a failed job again.
    pub async fn retry(&self, id: &JobId) -> AppResult<()> {
        self.about(id).await?;
        if !job::restart(&self.store, id).await? {
            return Err(AppError::conflict("Only a job that failed can be tried again."));
        }
        self.wake();
        Ok(())
    }

    /// Ends a job that waits or runs. One that runs is let go of within a third of its lease, wherever it is.
    pub async fn stop(&self, id: &JobId) -> AppResult<()> {
        self.about(id).await?;
        if !job::stop(&self.store, id).await? {
            return Err(AppError::conflict("This job has ended already."));
        }
        self.wake();
        Ok(())
    }

    /// The kind, state and payload of a job.
    pub async fn about(&self, id: &JobId) -> AppResult<(String, JobState, serde_json::Value)> {
        job::about(&self.store, id).await?.ok_or_else(|| AppError::not_found("job"))
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
