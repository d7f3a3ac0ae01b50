use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use super::*;
use crate::store::{
    Store,
    job::{self, Outcome},
};

const PACE: Pace = Pace {
    lease: Duration::from_millis(900),
    poll: Duration::from_millis(20),
    grace: Duration::from_millis(300),
    prune: Duration::from_millis(100),
    first_retry: Duration::from_millis(10),
    longest_retry: Duration::from_millis(40),
    max_attempts: 3,
};

/// Does what its payload says, and notes what it did.
#[derive(Default)]
struct Script {
    log: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    changed: Notify,
}

impl Script {
    fn note(&self, entry: String) {
        self.log.lock().unwrap().push(entry);
        self.changed.notify_waiters();
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    async fn until(&self, entries: usize) {
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                if self.log().len() >= entries {
                    return;
                }
                let _ = tokio::time::timeout(Duration::from_millis(50), changed).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap_or_else(|_| panic!("only {:?}", self.log()));
    }
}

#[async_trait]
impl JobHandler for Script {
    fn kind(&self) -> &'static str {
        "script"
    }

    async fn run(&self, payload: Value) -> Result<(), JobError> {
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        let name = payload["name"].as_str().unwrap().to_owned();
        let what = payload["do"].as_str().unwrap();
        if what == "sleep" {
            tokio::time::sleep(Duration::from_millis(payload["ms"].as_u64().unwrap())).await;
        }
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        self.note(format!("ran {name}"));
        match what {
            "retry" => Err(JobError::Retry("later".into())),
            "fail" => Err(JobError::Fail("never".into())),
            "panic" => panic!("as the script says"),
            "wait" if self.log().len() < 10 => Err(JobError::Later { after: Duration::from_millis(1), told: "Not yet.".into() }),
            _ => Ok(()),
        }
    }

    async fn failed(&self, payload: Value, reason: &str) {
        self.note(format!("failed {}: {reason}", payload["name"].as_str().unwrap()));
    }
}

struct Running {
    queue: Queue,
    script: Arc<Script>,
    stop: watch::Sender<bool>,
    worker: tokio::task::JoinHandle<()>,
}

impl Running {
    fn over(queue: Queue, concurrency: usize) -> Self {
        let script = Arc::new(Script::default());
        let (stop, shutdown) = watch::channel(false);
        let worker = Worker::new(queue.clone(), vec![Arc::clone(&script) as Arc<dyn JobHandler>], concurrency).with_pace(PACE);
        Self { queue, script, stop, worker: tokio::spawn(worker.run(shutdown)) }
    }

    async fn stop(self) -> Vec<String> {
        self.stop.send(true).unwrap();
        self.worker.await.unwrap();
        self.script.log()
    }
}

async fn queue() -> Queue {
    Queue::new(Store::in_memory().await.unwrap())
}

fn script(name: &str, what: &str) -> Value {
    json!({ "name": name, "do": what })
}

fn sleep(name: &str, ms: u64) -> Value {
    json!({ "name": name, "do": "sleep", "ms": ms })
}

async fn enqueue(queue: &Queue, subject: &str, payload: Value) {
    queue.enqueue("script", subject, payload).await.unwrap();
}

#[tokio::test]
async fn jobs_of_one_subject_run_in_order_and_others_beside_them() {
    let running = Running::over(queue().await, 4);
    for n in 0..4 {
        enqueue(&running.queue, "one", sleep(&format!("one{n}"), 20)).await;
    }
    running.script.until(4).await;
    assert_eq!(running.script.most_at_once.load(Ordering::SeqCst), 1);
    for n in 0..4 {
        enqueue(&running.queue, &format!("subject{n}"), sleep("many", 200)).await;
    }
    running.script.until(8).await;
    assert!(running.script.most_at_once.load(Ordering::SeqCst) > 1);
    assert_eq!(running.stop().await[..4], ["ran one0", "ran one1", "ran one2", "ran one3"]);
}

#[tokio::test]
async fn failures_are_tried_again_up_to_a_limit_and_told() {
    let running = Running::over(queue().await, 1);
    enqueue(&running.queue, "a", script("r", "retry")).await;
    running.script.until(4).await;
    enqueue(&running.queue, "b", script("f", "fail")).await;
    running.script.until(6).await;
    assert_eq!(running.stop().await, ["ran r", "ran r", "ran r", "failed r: later", "ran f", "failed f: never"]);
}

#[tokio::test]
async fn a_panic_is_a_failure_and_the_worker_lives_on() {
    let running = Running::over(queue().await, 1);
    enqueue(&running.queue, "a", script("p", "panic")).await;
    running.script.until(4).await;
    enqueue(&running.queue, "b", script("ok", "nothing")).await;
    running.script.until(5).await;
    let log = running.stop().await;
    assert!(log[3].starts_with("failed p: ") && log[4] == "ran ok", "{log:?}");
}

#[tokio::test]
async fn what_is_cancelled_does_not_run() {
    let queue = queue().await;
    enqueue(&queue, "a", script("gone", "nothing")).await;
    queue.cancel("a").await.unwrap();
    enqueue(&queue, "b", script("kept", "nothing")).await;
    let running = Running::over(queue, 1);
    running.script.until(1).await;
    assert_eq!(running.stop().await, ["ran kept"]);
}

#[tokio::test]
async fn a_stopped_worker_finishes_or_hands_back() {
    let running = Running::over(queue().await, 2);
    enqueue(&running.queue, "a", sleep("short", 50)).await;
    enqueue(&running.queue, "b", sleep("long", 60_000)).await;
    while running.script.at_once.load(Ordering::SeqCst) < 2 && running.script.log().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let queue = running.queue.clone();
    assert_eq!(running.stop().await, ["ran short"]);
    let again = job::claim(&queue.store, "w", &["script".into()], &[], 1_000).await.unwrap().unwrap();
    assert_eq!((again.payload["name"].as_str(), again.attempts), (Some("long"), 1));
}

#[tokio::test]
async fn whoever_waits_for_a_worker_to_stop_finds_its_jobs_handed_back() {
    let queue = queue().await;
    let script = Arc::new(Script::default());
    let (stop, shutdown) = watch::channel(false);
    // As it is served: with the times that nobody has set.
    let worker = tokio::spawn(Worker::new(queue.clone(), vec![Arc::clone(&script) as Arc<dyn JobHandler>], 4).run(shutdown));
    for subject in ["a", "b", "c"] {
        enqueue(&queue, subject, sleep(subject, 60_000)).await;
    }
    while script.at_once.load(Ordering::SeqCst) < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Pace::default().until_stopped(), worker).await.expect("it stops in time").unwrap();
    for _ in 0..3 {
        assert!(job::claim(&queue.store, "w", &["script".into()], &[], 60_000).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn old_jobs_are_deleted_as_long_as_a_worker_runs() {
    let queue = queue().await;
    let running = Running::over(queue.clone(), 1);
    // Whatever a worker does once at its start is over.
    enqueue(&queue, "a", script("first", "nothing")).await;
    running.script.until(1).await;
    let done = || async { job::counts(&queue.store).await.unwrap().iter().any(|(state, _)| state == "done") };
    let wait = || tokio::time::sleep(Duration::from_millis(20));
    while !done().await {
        wait().await;
    }
    job::make_older(&queue.store, 31).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), async {
        while done().await {
            wait().await;
        }
    })
    .await
    .expect("the old job goes");
    running.stop().await;
}

#[tokio::test]
async fn a_lease_that_ran_out_is_taken_over_and_a_live_one_is_not() {
    let queue = queue().await;
    let kinds = ["script".to_owned()];
    enqueue(&queue, "dead", script("dead", "nothing")).await;
    let dead = job::claim(&queue.store, "dead", &kinds, &[], 0).await.unwrap().unwrap();
    enqueue(&queue, "live", script("live", "nothing")).await;
    let live = job::claim(&queue.store, "live", &kinds, &[], 60_000).await.unwrap().unwrap();
    let running = Running::over(queue.clone(), 1);
    running.script.until(1).await;
    assert_eq!(running.stop().await, ["ran dead"]);
    // The dead worker comes back to life: its job is not its own any more.
    assert!(!job::extend(&queue.store, &dead.id, "dead", 1_000).await.unwrap());
    assert!(job::extend(&queue.store, &live.id, "live", 1_000).await.unwrap());
}

#[tokio::test]
async fn a_long_job_keeps_its_lease() {
    let running = Running::over(queue().await, 1);
    enqueue(&running.queue, "a", sleep("long", 2_000)).await;
    let rival = Running::over(running.queue.clone(), 1);
    tokio::select! { () = running.script.until(1) => {}, () = rival.script.until(1) => {} }
    assert_eq!(running.stop().await.len() + rival.stop().await.len(), 1);
}

#[tokio::test]
async fn after_a_crash_everything_goes_on_at_once() {
    let queue = queue().await;
    enqueue(&queue, "a", script("a", "nothing")).await;
    job::claim(&queue.store, "crashed", &["script".into()], &[], 3_600_000).await.unwrap().unwrap();
    assert_eq!(queue.recover_all().await.unwrap(), 1);
    let running = Running::over(queue, 1);
    running.script.until(1).await;
    assert_eq!(running.stop().await, ["ran a"]);
}

#[tokio::test]
async fn who_waits_is_run_again_as_often_as_it_takes() {
    let running = Running::over(queue().await, 1);
    enqueue(&running.queue, "a", script("w", "wait")).await;
    running.script.until(10).await;
    let store = running.queue.store.clone();
    assert_eq!(running.stop().await, ["ran w"; 10]);
    assert_eq!(job::counts(&store).await.unwrap(), [("done".to_owned(), 1)]);
}

#[tokio::test]
async fn a_job_lives_through_restarts_as_long_as_it_gets_on() {
    let queue = queue().await;
    let claimed = async || job::claim(&queue.store, "w", &["script".into()], &[], 60_000).await.unwrap().unwrap();
    enqueue(&queue, "a", script("patient", "nothing")).await;
    for _ in 0..3 * PACE.max_attempts {
        // The process is killed under way, and then gets to where the job waits.
        claimed().await;
        queue.recover_all().await.unwrap();
        let job = claimed().await;
        assert_eq!(job.attempts, 2);
        job::release(&queue.store, &job.id, "w", Outcome::Later { after_ms: 0, told: "Not yet.".into() }).await.unwrap();
    }
    // One that never gets anywhere takes the process with it: it is given up.
    for _ in 0..PACE.max_attempts {
        claimed().await;
        queue.recover_all().await.unwrap();
    }
    let running = Running::over(queue, 1);
    running.script.until(1).await;
    let log = running.stop().await;
    assert!(log[0].starts_with("failed patient: The work on it was broken off again and again"), "{log:?}");
}

#[tokio::test]
async fn racing_claims_give_a_job_to_one() {
    let queue = queue().await;
    for n in 0..5 {
        enqueue(&queue, &format!("s{}", n % 2), script("x", "nothing")).await;
    }
    let kinds = ["script".to_owned()];
    let names: Vec<String> = (0..8).map(|n| format!("w{n}")).collect();
    let claims = names.iter().map(|name| job::claim(&queue.store, name, &kinds, &[], 60_000));
    let won: Vec<_> = futures::future::join_all(claims).await.into_iter().flat_map(Result::ok).flatten().collect();
    let mut ids: Vec<_> = won.iter().map(|j| j.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), won.len());
    assert!(!won.is_empty() && won.len() <= 2, "two subjects, so two at once at most");
    for (at, job) in won.iter().enumerate() {
        job::release(&queue.store, &job.id, &format!("nobody{at}"), Outcome::Done).await.unwrap();
        assert!(!job::extend(&queue.store, &job.id, "nobody", 1).await.unwrap());
    }
}

#[tokio::test]
async fn a_routine_is_queued_once_in_every_stretch_of_time() {
    let queue = Queue::new(Store::in_memory().await.unwrap());
    let routine = Routine { kind: "sweep", every: Duration::from_secs(3600), payload: json!({}) };
    // Two processes of one house.
    let (one, other) = (Schedule::new(queue.clone(), vec![]), Schedule::new(queue.clone(), vec![]));
    assert!(one.queue_due(&routine, 7_200).await.unwrap());
    assert!(!other.queue_due(&routine, 7_201).await.unwrap());
    assert!(!one.queue_due(&routine, 10_799).await.unwrap());
    assert!(other.queue_due(&routine, 10_800).await.unwrap());
}
