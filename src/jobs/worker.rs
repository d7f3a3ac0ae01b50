//! The worker: claims what is due, keeps its leases alive, and turns what handlers say into states of jobs.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt, future::join_all};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};

use crate::store::{
    job::{self, ClaimedJob, Outcome},
    new_key,
};

use super::{JobError, JobHandler, Queue, backoff::Backoff};

/// The times by which a worker lives.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a lease lasts without a heartbeat.
    pub lease: Duration,
    /// How often to look for work when nobody wakes the worker: retries that became due, leases that ran out.
    pub poll: Duration,
    /// How long running jobs may go on after the signal to stop.
    pub grace: Duration,
    /// How often old jobs are deleted.
    pub prune: Duration,
    /// The delay after a first failure; it doubles from there.
    pub first_retry: Duration,
    /// The longest delay.
    pub longest_retry: Duration,
    /// Tries in all, lost ones included.
    pub max_attempts: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(2),
            // Short enough that a worker has handed back before whoever stops the process (10 s, mostly) kills it.
            grace: Duration::from_secs(4),
            prune: Duration::from_secs(24 * 3600),
            first_retry: Duration::from_secs(2),
            longest_retry: Duration::from_secs(300),
            max_attempts: 8,
        }
    }
}

impl Pace {
    /// How long a worker takes at most from the signal to its end: the grace, and the handing back to a store that is busy.
    pub fn until_stopped(&self) -> Duration {
        let releasing: Duration = RELEASE_PAUSES.iter().sum();
        self.grace + releasing + ANSWERING
    }
}

/// How long ended jobs are kept for looking back.
const KEPT_DAYS: u64 = 30;

/// How long to wait between tries to note a job's end.
const RELEASE_PAUSES: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(800), Duration::from_secs(2)];

/// How long the tries themselves may take in all.
const ANSWERING: Duration = Duration::from_millis(500);

/// How many jobs of each lane run at once in one worker; lanes that are not listed share the worker's whole room.
#[derive(Clone, Debug, Default)]
pub struct Lanes(HashMap<String, usize>);

impl Lanes {
    #[must_use]
    pub fn with(mut self, lane: &str, at_once: usize) -> Self {
        self.0.insert(lane.to_owned(), at_once.max(1));
        self
    }

    /// Those in which no more may run.
    fn full<'a>(&self, running: impl Iterator<Item = &'a ClaimedJob>) -> Vec<String> {
        let mut room = self.0.clone();
        for job in running {
            if let Some(room) = room.get_mut(&job.lane) {
                *room = room.saturating_sub(1);
            }
        }
        room.into_iter().filter(|(_, room)| *room == 0).map(|(lane, _)| lane).collect()
    }
}

type Handlers = HashMap<&'static str, Arc<dyn JobHandler>>;

/// Runs jobs until told to stop; then finishes what runs (up to a grace time) or hands it back.
pub struct Worker {
    queue: Queue,
    handlers: Arc<Handlers>,
    concurrency: usize,
    lanes: Lanes,
    pace: Pace,
    name: String,
}

/// What a running job needs of its worker.
#[derive(Clone)]
struct Bench {
    queue: Queue,
    handlers: Arc<Handlers>,
    pace: Pace,
}

impl Worker {
    pub fn new(queue: Queue, handlers: Vec<Arc<dyn JobHandler>>, concurrency: usize) -> Self {
        Self {
            queue,
            handlers: Arc::new(handlers.into_iter().map(|h| (h.kind(), h)).collect()),
            concurrency: concurrency.max(1),
            lanes: Lanes::default(),
            pace: Pace::default(),
            name: new_key(),
        }
    }

    /// The same with other times.
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same with bounds on lanes.
    pub fn with_lanes(self, lanes: Lanes) -> Self {
        Self { lanes, ..self }
    }

    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(self.concurrency));
        let mut running = JoinSet::new();
        let mut held: HashMap<tokio::task::Id, (ClaimedJob, String)> = HashMap::new();
        let mut swept = Swept::default();
        while !*shutdown.borrow() {
            while let Some(ended) = running.try_join_next_with_id() {
                held.remove(&task_id(&ended));
            }
            let permit = tokio::select! {
                _ = shutdown.changed() => break,
                permit = Arc::clone(&room).acquire_owned() => permit,
            };
            let Ok(permit) = permit else { break };
            self.sweep(&mut swept).await;
            let lease = format!("{}_{}", self.name, new_key());
            let full = self.lanes.full(held.values().map(|(job, _)| job));
            match self.claim(&lease, &full).await {
                Some(job) => {
                    let task = running.spawn(self.bench().work(job.clone(), lease.clone(), permit));
                    held.insert(task.id(), (job, lease));
                }
                None => {
                    drop(permit);
                    tokio::select! {
                        _ = shutdown.changed() => {}
                        () = self.queue.news.notified() => {}
                        () = tokio::time::sleep(self.pace.poll) => {}
                    }
                }
            }
        }
        self.stop(running, held).await;
    }

    fn bench(&self) -> Bench {
        Bench { queue: self.queue.clone(), handlers: Arc::clone(&self.handlers), pace: self.pace }
    }

    /// Deletes what is old, and frees what dead workers held, at most once a poll.
    async fn sweep(&self, swept: &mut Swept) {
        if is_due(&mut swept.old_jobs, self.pace.prune)
            && let Err(error) = job::prune(&self.queue.store, KEPT_DAYS).await
        {
            tracing::error!(error = %error, "old jobs could not be deleted");
        }
        if !is_due(&mut swept.leases, self.pace.poll) {
            return;
        }
        match job::reclaim_expired(&self.queue.store).await {
            Ok(0) => {}
            Ok(freed) => tracing::warn!(jobs.reclaimed = freed, "leases had run out"),
            Err(error) => tracing::error!(error = %error, "leases could not be checked"),
        }
    }

    async fn claim(&self, lease: &str, full: &[String]) -> Option<ClaimedJob> {
        let kinds: Vec<String> = self.handlers.keys().map(|k| (*k).to_owned()).collect();
        job::claim(&self.queue.store, lease, &kinds, full, millis(self.pace.lease)).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "no job could be claimed");
            None
        })
    }

    /// Waits for what runs, then hands the rest back.
    async fn stop(&self, mut running: JoinSet<()>, mut held: HashMap<tokio::task::Id, (ClaimedJob, String)>) {
        let deadline = tokio::time::Instant::now() + self.pace.grace;
        while let Ok(Some(ended)) = tokio::time::timeout_at(deadline, running.join_next_with_id()).await {
            held.remove(&task_id(&ended));
        }
        running.shutdown().await;
        // All at the same time: what comes after waits for the longest only.
        let hand_back = |(job, lease): (ClaimedJob, String)| async move {
            tracing::info!(job.id = %job.id, job.kind = job.kind, "handed back");
            release(&self.queue, &job, &lease, Outcome::HandedBack).await;
        };
        join_all(held.into_values().map(hand_back)).await;
    }
}

/// When a worker last looked after what.
#[derive(Default)]
struct Swept {
    leases: Option<Instant>,
    old_jobs: Option<Instant>,
}

/// Whether something that is done every so often is to be done now; then it counts as done.
fn is_due(last: &mut Option<Instant>, every: Duration) -> bool {
    let is_due = last.is_none_or(|at| at.elapsed() >= every);
    if is_due {
        *last = Some(Instant::now());
    }
    is_due
}

fn task_id(ended: &Result<(tokio::task::Id, ()), tokio::task::JoinError>) -> tokio::task::Id {
    match ended {
        Ok((id, ())) => *id,
        Err(error) => error.id(),
    }
}

/// Notes a job's end. A store that is busy is asked again: until the end is noted, the job's subject waits.
async fn release(queue: &Queue, job: &ClaimedJob, lease: &str, outcome: Outcome) {
    for pause in RELEASE_PAUSES {
        match job::release(&queue.store, &job.id, lease, outcome.clone()).await {
            Ok(()) => {
                queue.wake();
                return;
            }
            Err(error) => tracing::warn!(job.id = %job.id, error = %error, "a job's end could not be noted yet"),
        }
        tokio::time::sleep(pause).await;
    }
    // The lease runs out, and the job is run again.
    tracing::error!(job.id = %job.id, "a job's end could not be noted");
}

impl Bench {
    /// Runs one job to its end and notes that.
    async fn work(self, job: ClaimedJob, lease: String, _permit: OwnedSemaphorePermit) {
        let Some(handler) = self.handlers.get(job.kind.as_str()) else { return };
        let started = Instant::now();
        let outcome = tokio::select! {
            result = self.attempt(handler.as_ref(), &job) => self.judge(&job, result),
            () = self.lose(&job, &lease) => {
                tracing::warn!(job.id = %job.id, job.kind = job.kind, "the lease was lost");
                return;
            }
        };
        let ms = started.elapsed().as_millis();
        tracing::info!(job.id = %job.id, job.kind = job.kind, job.attempt = job.attempts, job.duration_ms = ms, outcome = word(&outcome), "job");
        if let Outcome::Failed(reason) = &outcome
            && AssertUnwindSafe(handler.failed(job.payload.clone(), reason)).catch_unwind().await.is_err()
        {
            tracing::error!(job.id = %job.id, job.kind = job.kind, "the handler panicked on a failure");
        }
        release(&self.queue, &job, &lease, outcome).await;
        // The next job of the same subject may have waited for this one.
        self.queue.wake();
    }

    /// A handler's answer; a panic is a failure worth another try.
    async fn attempt(&self, handler: &dyn JobHandler, job: &ClaimedJob) -> Result<(), JobError> {
        if job.attempts > self.pace.max_attempts {
            return Err(JobError::Fail(
                "The work on it was broken off again and again, so it was given up. You can have it tried again.".to_owned(),
            ));
        }
        AssertUnwindSafe(handler.run(job.payload.clone())).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(job.id = %job.id, job.kind = job.kind, "the handler panicked");
            Err(JobError::Retry("Something unexpected happened on our side.".to_owned()))
        })
    }

    fn judge(&self, job: &ClaimedJob, result: Result<(), JobError>) -> Outcome {
        match result {
            Ok(()) => Outcome::Done,
            Err(JobError::Fail(reason)) => Outcome::Failed(reason),
            Err(JobError::Later { after, told }) => Outcome::Later { after_ms: millis(after), told },
            Err(JobError::Retry(reason)) if job.attempts >= self.pace.max_attempts => Outcome::Failed(reason),
            Err(JobError::Retry(reason)) => {
                let backoff = Backoff { first: self.pace.first_retry, cap: self.pace.longest_retry };
                Outcome::Retry { after_ms: millis(backoff.delay(job.attempts)), reason }
            }
        }
    }

    /// Keeps the lease alive; comes back only when it is lost.
    async fn lose(&self, job: &ClaimedJob, lease: &str) {
        loop {
            tokio::time::sleep(self.pace.lease / 3).await;
            match job::extend(&self.queue.store, &job.id, lease, millis(self.pace.lease)).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::error!(job.id = %job.id, error = %error, "a lease could not be extended"),
            }
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed(_) => "failed",
        Outcome::Retry { .. } => "retry",
        Outcome::Later { .. } => "later",
        Outcome::HandedBack => "handed_back",
    }
}
