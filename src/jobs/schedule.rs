//! What is done again and again: a job for each stretch of time, whichever process gets to it first.

use std::time::Duration;

use tokio::sync::watch;

use super::Queue;
use crate::store::job::{self, NewJob};

/// Something that is done once in every stretch of time.
#[derive(Clone, Debug)]
pub struct Routine {
    pub kind: &'static str,
    pub every: Duration,
    pub payload: serde_json::Value,
}

/// Queues the jobs of routines as their time comes.
pub struct Schedule {
    queue: Queue,
    routines: Vec<Routine>,
    /// How often to look at the clock.
    look: Duration,
}

impl Schedule {
    pub fn new(queue: Queue, routines: Vec<Routine>) -> Self {
        Self { queue, routines, look: Duration::from_secs(60) }
    }

    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            let now = time::OffsetDateTime::now_utc().unix_timestamp();
            for routine in &self.routines {
                if let Err(error) = self.queue_due(routine, now).await {
                    tracing::error!(job.kind = routine.kind, error = %error, "a routine could not be queued");
                }
            }
            tokio::select! {
                _ = shutdown.changed() => {}
                () = tokio::time::sleep(self.look) => {}
            }
        }
    }

    /// Queues the job of the stretch of time that `now`, in seconds, lies in, unless that was done already.
    pub(super) async fn queue_due(&self, routine: &Routine, now: i64) -> crate::store::StoreResult<bool> {
        let every = i64::try_from(routine.every.as_secs()).unwrap_or(i64::MAX).max(1);
        let job = NewJob::new(routine.kind, routine.kind, routine.payload.clone());
        let queued = job::insert_once(&self.queue.store, job, &format!("{}_{}", routine.kind, now / every)).await?;
        if queued {
            self.queue.wake();
        }
        Ok(queued)
    }
}
