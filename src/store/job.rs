//! The durable queue.
//!
//! Jobs of one subject run one after another. Who claims a job writes to all queued jobs of its subject: two workers that
//! race for a subject write to the same rows, and the database lets one of them win.

use surrealdb::types::SurrealValue;

use crate::domain::{
    ids::JobId,
    operation::{JobCount, JobState},
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
};

use super::{
    Store, StoreResult, new_key,
    statement::{Statement, rows_at, statement},
};

/// A job before it is queued.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: JobId,
    pub kind: String,
    /// What it is about.
    pub subject: String,
    pub payload: serde_json::Value,
    /// Jobs of one lane share a bound on how many run at once.
    pub lane: String,
    /// Lower is sooner.
    pub priority: u32,
}

/// The lane of jobs that name none.
pub const COMMON_LANE: &str = "common";

impl NewJob {
    pub fn new(kind: &str, subject: &str, payload: serde_json::Value) -> Self {
        let (kind, subject, lane) = (kind.to_owned(), subject.to_owned(), COMMON_LANE.to_owned());
        Self { id: JobId::from_key(new_key()), kind, subject, payload, lane, priority: 0 }
    }

    /// The same in another lane.
    #[must_use]
    pub fn in_lane(mut self, lane: &str, priority: u32) -> Self {
        (self.lane, self.priority) = (lane.to_owned(), priority);
        self
    }
}

/// A job in the hands of a worker.
#[derive(Clone, Debug, SurrealValue)]
pub struct ClaimedJob {
    pub id: JobId,
    pub kind: String,
    pub lane: String,
    pub payload: serde_json::Value,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// Queues `$job`. Part of the transactions that make something to be worked on; see [`bind_new`].
pub(super) const CREATE: &str = "CREATE $job SET kind = $job_kind, subject = $job_subject, payload = $job_payload, \
     lane = $job_lane, priority = $job_priority, state = 'queued', attempts = 0, run_at = time::now() RETURN NONE;";

/// Takes back what is still queued for `$job_subject`.
pub(super) const CANCEL: &str = "UPDATE job SET state = 'cancelled', updated_at = time::now() \
     WHERE subject = $job_subject AND state = 'queued' RETURN NONE;";

/// Fills the parameters of [`CREATE`] and [`CANCEL`].
pub(super) fn bind_new(statement: Statement, job: NewJob) -> Statement {
    statement
        .bind("job", job.id)
        .bind("job_kind", job.kind)
        .bind("job_subject", job.subject)
        .bind("job_payload", job.payload)
        .bind("job_lane", job.lane)
        .bind("job_priority", job.priority)
}

pub async fn insert(store: &Store, job: NewJob) -> StoreResult<()> {
    bind_new(statement(CREATE), job).execute(store).await
}

/// Queues a job under a key of its own; false if a job with that key was queued before, by whomever.
pub async fn insert_once(store: &Store, job: NewJob, key: &str) -> StoreResult<bool> {
    let job = NewJob { id: JobId::from_key(key), ..job };
    insert_unless(store, job, "record::exists($job)").await
}

/// Queues a job unless one of its kind waits or runs for its subject already. Whether it was queued.
pub async fn insert_unless_there(store: &Store, job: NewJob) -> StoreResult<bool> {
    let there = "(SELECT VALUE id FROM job
        WHERE subject = $job_subject AND kind = $job_kind AND state IN ['queued', 'running']) != []";
    insert_unless(store, job, there).await
}

/// Queues a job unless a condition holds. Whether it was queued.
async fn insert_unless(store: &Store, job: NewJob, condition: &'static str) -> StoreResult<bool> {
    let mut results = bind_new(
        statement(format!(
            "BEGIN TRANSACTION;
             LET $holds = {condition};
             IF !$holds {{ {CREATE} }};
             RETURN $holds;
             COMMIT TRANSACTION;"
        )),
        job,
    )
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    Ok(rows_at::<bool>(&mut results, last)? == [false])
}

/// What the jobs of a kind carry that wait or run.
pub async fn payloads_of_waiting(store: &Store, kind: &str) -> StoreResult<Vec<serde_json::Value>> {
    statement("SELECT VALUE payload FROM job WHERE kind = $kind AND state IN ['queued', 'running']")
        .bind("kind", kind.to_owned())
        .rows(store)
        .await
}

/// Notes what the running job of a subject has to tell of its way. False if none runs.
pub async fn note(store: &Store, subject: &str, progress: &str) -> StoreResult<bool> {
    let noted: Vec<JobId> =
        statement("UPDATE job SET progress = $progress WHERE subject = $subject AND state = 'running' RETURN VALUE id")
            .bind("subject", subject.to_owned())
            .bind("progress", progress.to_owned())
            .rows(store)
            .await?;
    Ok(!noted.is_empty())
}

/// Takes back what is still queued for a subject.
pub async fn cancel(store: &Store, subject: &str) -> StoreResult<()> {
    statement(CANCEL).bind("job_subject", subject.to_owned()).execute(store).await
}

/// Leases the next job that is due, outside the lanes that are `full`, to `worker` for `lease_ms` milliseconds; none if
/// nothing is due.
pub async fn claim(
    store: &Store,
    worker: &str,
    kinds: &[String],
    full: &[String],
    lease_ms: u64,
) -> StoreResult<Option<ClaimedJob>> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $busy = (SELECT VALUE subject FROM job WHERE state = 'running');
         LET $next = (
            SELECT id, subject, run_at, priority ?? 0 AS priority FROM job
            WHERE state = 'queued' AND run_at <= time::now() AND kind IN $kinds AND subject NOT IN $busy
                AND (lane ?? $common) NOT IN $full
            ORDER BY priority, run_at LIMIT 1
         )[0];
         IF $next != NONE {
            UPDATE job SET updated_at = time::now() WHERE subject = $next.subject AND state = 'queued' RETURN NONE;
            UPDATE $next.id SET state = 'running', attempts += 1, updated_at = time::now(),
                lease = { worker: $worker, until: time::now() + duration::from_millis($lease_ms) }
                RETURN NONE;
         };
         SELECT id, kind, lane ?? $common AS lane, payload, attempts FROM $next.id;
         COMMIT TRANSACTION;",
    )
    .bind("worker", worker.to_owned())
    .bind("kinds", kinds.to_vec())
    .bind("full", full.to_vec())
    .bind("common", COMMON_LANE.to_owned())
    .bind("lease_ms", lease_ms)
    .run(store)
    .await?;
    Ok(rows_at(&mut results, 4)?.into_iter().next())
}

/// Makes a lease last `lease_ms` milliseconds from now. False if the job is no longer `worker`'s.
pub async fn extend(store: &Store, id: &JobId, worker: &str, lease_ms: u64) -> StoreResult<bool> {
    let row: Option<JobId> = statement(
        "UPDATE $job SET lease.until = time::now() + duration::from_millis($lease_ms) WHERE lease.worker = $worker RETURN VALUE id",
    )
    .bind("job", id.clone())
    .bind("worker", worker.to_owned())
    .bind("lease_ms", lease_ms)
    .row(store)
    .await?;
    Ok(row.is_some())
}

/// What becomes of a job that its worker lets go of.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Done,
    Failed(String),
    /// Another try, after this many milliseconds.
    Retry {
        after_ms: u64,
        reason: String,
    },
    /// Not done yet, and nothing wrong: to be run again after this many milliseconds, as if for the first time.
    Later {
        after_ms: u64,
        told: String,
    },
    /// Given back unfinished through no fault of its own.
    HandedBack,
}

/// Ends a lease. Nothing happens if the job is no longer `worker`'s.
pub async fn release(store: &Store, id: &JobId, worker: &str, outcome: Outcome) -> StoreResult<()> {
    let (text, after_ms, told) = match outcome {
        Outcome::Done => ("state = 'done', error = NONE", 0, None),
        Outcome::Failed(reason) => ("state = 'failed', error = $told", 0, Some(reason)),
        Outcome::Retry { after_ms, reason } => {
            ("state = 'queued', error = $told, run_at = time::now() + duration::from_millis($after_ms)", after_ms, Some(reason))
        }
        Outcome::Later { after_ms, told } => (
            "state = 'queued', attempts = 0, error = NONE, progress = $told,
                 run_at = time::now() + duration::from_millis($after_ms)",
            after_ms,
            Some(told),
        ),
        Outcome::HandedBack => ("state = 'queued', attempts -= 1, run_at = time::now()", 0, None),
    };
    statement(format!("UPDATE $job SET {text}, lease = NONE, updated_at = time::now() WHERE lease.worker = $worker RETURN NONE"))
        .bind("job", id.clone())
        .bind("worker", worker.to_owned())
        .bind("after_ms", after_ms)
        .bind("told", told)
        .execute(store)
        .await
}

/// Frees the jobs whose leases have run out: their workers are gone.
pub async fn reclaim_expired(store: &Store) -> StoreResult<usize> {
    free(store, "lease.until < time::now()").await
}

/// Frees all running jobs: right only while no worker can be alive.
pub async fn reclaim_all(store: &Store) -> StoreResult<usize> {
    free(store, "true").await
}

async fn free(store: &Store, condition: &'static str) -> StoreResult<usize> {
    let freed: Vec<JobId> = statement(format!(
        "UPDATE job SET state = 'queued', lease = NONE, updated_at = time::now()
         WHERE state = 'running' AND {condition} RETURN VALUE id"
    ))
    .rows(store)
    .await?;
    Ok(freed.len())
}

/// A job as the operator sees it.
#[derive(Clone, Debug, SurrealValue)]
pub struct JobRow {
    pub id: JobId,
    pub kind: String,
    pub subject: String,
    #[surreal(wrap)]
    pub state: JobState,
    pub attempts: u32,
    pub error: Option<String>,
    pub progress: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub run_at: Timestamp,
    /// A later job of its kind is about the same.
    pub superseded: bool,
}

/// Which jobs are asked for; `None` for all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub kind: Option<String>,
    pub state: Option<JobState>,
}

/// A page of jobs (with one more, if there is more): those that failed, run and wait before those that ended, each newest first.
pub async fn page(store: &Store, wanted: &Wanted, cursor: Cursor) -> StoreResult<Vec<JobRow>> {
    // What came later is looked up for the rows of the page alone.
    statement(
        "SELECT *, (SELECT VALUE id FROM job WHERE subject = $parent.subject AND kind = $parent.kind
                AND created_at > $parent.created_at LIMIT 1) != [] AS superseded
         FROM (
            SELECT id, kind, subject, state, attempts, error, progress, created_at, updated_at, run_at,
                array::find_index(['failed', 'running', 'queued'], state) ?? 9 AS place
            FROM job WHERE ($kind = NONE OR kind = $kind) AND ($state = NONE OR state = $state)
            ORDER BY place, updated_at DESC, id LIMIT $count START $start
         )",
    )
    .bind("kind", wanted.kind.clone())
    .bind("state", wanted.state.map(|state| state.as_str().to_owned()))
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await
}

/// What a job is about: its kind, state and payload.
pub async fn about(store: &Store, id: &JobId) -> StoreResult<Option<(String, JobState, serde_json::Value)>> {
    #[derive(SurrealValue)]
    struct Row {
        kind: String,
        #[surreal(wrap)]
        state: JobState,
        payload: serde_json::Value,
    }
    let row: Option<Row> = statement("SELECT kind, state, payload FROM $job").bind("job", id.clone()).row(store).await?;
    Ok(row.map(|row| (row.kind, row.state, row.payload)))
}

/// Queues a failed job again, as if it were new. Whether it was one.
pub async fn restart(store: &Store, id: &JobId) -> StoreResult<bool> {
    let restarted: Option<JobId> = statement(
        "UPDATE $job SET state = 'queued', attempts = 0, error = NONE, run_at = time::now(), updated_at = time::now()
         WHERE state = 'failed' RETURN VALUE id",
    )
    .bind("job", id.clone())
    .row(store)
    .await?;
    Ok(restarted.is_some())
}

/// Ends a job that waits or runs. Whether it was one. Who runs it finds its lease gone at the next heartbeat, and lets go of it.
pub async fn stop(store: &Store, id: &JobId) -> StoreResult<bool> {
    let stopped: Option<JobId> = statement(
        "UPDATE $job SET state = 'cancelled', lease = NONE, updated_at = time::now()
         WHERE state IN ['queued', 'running'] RETURN VALUE id",
    )
    .bind("job", id.clone())
    .row(store)
    .await?;
    Ok(stopped.is_some())
}

/// How many jobs of each kind there are in each state, and for how many seconds the one that is due longest has waited.
pub async fn by_kind(store: &Store) -> StoreResult<(Vec<JobCount>, Option<u64>)> {
    #[derive(SurrealValue)]
    struct Row {
        kind: String,
        #[surreal(wrap)]
        state: JobState,
        count: u64,
        oldest: Timestamp,
    }
    let mut results = statement(
        "SELECT kind, state, count() AS count, time::min(created_at) AS oldest FROM job GROUP BY kind, state ORDER BY kind, state;
         LET $due = (SELECT VALUE run_at FROM job WHERE state = 'queued' AND run_at <= time::now() ORDER BY run_at LIMIT 1)[0];
         RETURN IF $due = NONE { NONE } ELSE { duration::secs(time::now() - $due) };",
    )
    .run(store)
    .await?;
    let rows: Vec<Row> = rows_at(&mut results, 0)?;
    let now = Timestamp::from_unix_nanos(time::OffsetDateTime::now_utc().unix_timestamp_nanos());
    let seconds = |since: Timestamp| (now.days_since(since).max(0.0) * 86_400.0) as u64;
    let counts = rows
        .into_iter()
        .map(|row| JobCount { kind: row.kind, state: row.state, count: row.count, oldest_s: seconds(row.oldest) })
        .collect();
    Ok((counts, rows_at::<u64>(&mut results, 2)?.into_iter().next()))
}

/// How many jobs there are in each state.
pub async fn counts(store: &Store) -> StoreResult<Vec<(String, u64)>> {
    #[derive(SurrealValue)]
    struct Row {
        state: String,
        count: u64,
    }
    let rows: Vec<Row> = statement("SELECT state, count() AS count FROM job GROUP BY state").rows(store).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// Makes all jobs older by some days.
#[cfg(test)]
pub(crate) async fn make_older(store: &Store, days: u64) -> StoreResult<()> {
    statement("UPDATE job SET updated_at = updated_at - duration::from_days($days) RETURN NONE")
        .bind("days", days)
        .execute(store)
        .await
}

/// Deletes what ended more than `days` days ago.
pub async fn prune(store: &Store, days: u64) -> StoreResult<()> {
    statement(
        "DELETE job WHERE state IN ['done', 'failed', 'cancelled'] AND updated_at < time::now() - duration::from_days($days)",
    )
    .bind("days", days)
    .execute(store)
    .await
}
