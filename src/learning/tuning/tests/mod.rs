//! The whole life of a training against a provider over a socket: stopped and taken up again at each state, and with a provider
//! that misbehaves.

mod base;
mod clearing;
mod provider;
mod room;
mod unset;

use axum::http::Method;
use provider::{BASE, Provider, State, TUNED};
use serde_json::json;

use super::*;
use crate::{
    ai::{
        Writer,
        openai::{ChatWriter, RemoteTuner},
    },
    domain::{
        answer::{Latency, TokenUsage},
        ids::{ExampleId, QueryId},
        intent::Intent,
        time::Timestamp,
        training::ExampleSource,
    },
    learning::examples::validate,
    store::{
        query_log::{self, QueryRow},
        served_model,
        training_example::NewExample,
        user,
    },
    usage::{Budgets, Price, Prices},
};

/// A house with enough examples, of people who are held out and of others.
async fn store() -> Store {
    let store = Store::in_memory().await.unwrap();
    let (mut learned, mut held_out, mut number) = (0, 0, 0);
    while learned < LEAST || held_out < measure::LEAST {
        let person = user::insert(&store, &format!("p{number}@example.org"), "Ada", "").await.unwrap().id;
        user::set_consent(&store, &person, true).await.unwrap();
        example(&store, &person, number).await;
        if crate::learning::ranker::is_held_out(&person) {
            held_out += 1
        } else {
            learned += 1
        }
        number += 1;
    }
    store
}

async fn example(store: &Store, user: &UserId, number: usize) {
    let query = QueryId::from_key(format!("q{number}"));
    let now = Timestamp::from_unix_nanos(0);
    let row = QueryRow {
        id: query.clone(),
        user: user.clone(),
        text: "cedar".into(),
        intent: Intent::default(),
        retrieved_chunks: vec![],
        response: String::new(),
        model_version: String::new(),
        token_usage: TokenUsage::default(),
        latency_ms: Latency::default(),
        rating: None,
        writing: None,
        notice: None,
        created_at: now,
    };
    query_log::insert(store, row, vec![]).await.unwrap();
    let prompt = json!({
        "question": format!("cedar for day {number}"),
        "candidates": [
            { "ref": "c1", "name": "One", "facts": [{ "id": "c1.f1", "fact": "One has cedar." }] },
            { "ref": "c2", "name": "Two", "facts": [{ "id": "c2.f1", "fact": "Two has oud." }] },
        ],
        "passages_of_memories": [],
    });
    let said = json!({ "about": "c2", "text": "It has oud.", "evidence": [{ "id": "c2.f1", "quote": "" }] });
    let example = NewExample {
        id: ExampleId::from_key(format!("e{number}")),
        query,
        prompt: prompt.to_string(),
        completion: json!({ "order": ["c2", "c1"], "sentences": [said] }).to_string(),
        quality_score: 0.8,
        source: ExampleSource::Liked,
        memories: vec![],
    };
    assert!(training_example::keep(store, user, example, now).await.unwrap());
}

/// What one process of the house has of it.
fn tuning_with(store: &Store, provider: &Provider, options: TuningOptions, budgets: Budgets) -> Arc<Tuning> {
    tuning_from(BASE, store, provider, options, budgets)
}

fn tuning_from(base: &str, store: &Store, provider: &Provider, options: TuningOptions, budgets: Budgets) -> Arc<Tuning> {
    let prices: Prices = [("".to_owned(), Price { prompt: 1.0, completion: 1.0, minute: None })].into_iter().collect();
    tuning_by(base, store, provider, options, Meter::new(store.clone(), prices, budgets))
}

fn tuning_by(base: &str, store: &Store, provider: &Provider, options: TuningOptions, meter: Meter) -> Arc<Tuning> {
    let endpoint = provider.endpoint();
    let writer = Arc::new(SwitchedWriter::new(Arc::new(ChatWriter::new(endpoint.clone(), base))));
    let serving = Serving { base_model: base.to_owned(), writer };
    let tuner = Arc::new(RemoteTuner::new(endpoint));
    Arc::new(Tuning::new(store.clone(), Queue::new(store.clone()), tuner, Some(serving), meter, options))
}

/// What the house writes with.
fn model_of(tuning: &Tuning) -> String {
    tuning.serving.as_ref().unwrap().writer.model()
}

fn options() -> TuningOptions {
    TuningOptions {
        instructions: "Write the words of an answer.",
        epochs: 3,
        price: Some(2.0),
        cap: 10.0,
        pause: Duration::from_millis(2),
    }
}

fn tuning(store: &Store, provider: &Provider) -> Arc<Tuning> {
    tuning_with(store, provider, options(), Budgets::default())
}

/// As a worker does: again after a while where it is to be.
async fn run(tuning: &Tuning, id: &FineTuningJobId) -> Result<(), JobError> {
    loop {
        match tuning.run(json!({ "job": id })).await {
            Err(JobError::Later { after, .. }) => tokio::time::sleep(after).await,
            Err(JobError::Fail(reason)) => {
                tuning.failed(json!({ "job": id }), &reason).await;
                return Err(JobError::Fail(reason));
            }
            outcome => return outcome,
        }
    }
}

async fn now(store: &Store, id: &FineTuningJobId) -> TuningItem {
    fine_tuning_job::find(store, id).await.unwrap().unwrap().into()
}

/// What holds of every training that went well, however often it was interrupted.
async fn check_success(store: &Store, provider: &Provider, id: &FineTuningJobId) {
    let item = now(store, id).await;
    assert_eq!((item.status, item.deployed_model.as_deref()), (TuningStatus::Ended, Some(TUNED)), "{item:?}");
    assert!(item.decision.as_ref().unwrap().starts_with("Better"), "{item:?}");
    {
        let state = provider.state.lock().unwrap();
        assert_eq!(state.jobs_made, 1, "a training was paid twice");
        assert!(state.files.is_empty(), "a file was left at the provider");
    }
    assert_eq!(item.metrics["before"], 0.75);
    assert_eq!(item.metrics["after"], 1.0);
    let log = served_model::deployments(store, TuningKind::OpenAi, 10).await.unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!((log[0].name.as_str(), log[0].previous.as_str(), log[0].actor), (TUNED, BASE, Actor::Operator));
}

#[tokio::test]
async fn a_training_goes_from_examples_to_a_model_in_service_and_back() {
    let store = store().await;
    let provider = Provider::start(State { patience: 4, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    assert!(tuning.start(Actor::Operator, None).await.is_err(), "one at a time");
    provider.state.lock().unwrap().hang_after = None;
    run(&tuning, &begun.id).await.unwrap();
    check_success(&store, &provider, &begun.id).await;
    let item = now(&store, &begun.id).await;
    // A million tokens at 2, and what measuring took: ten calls and more for each model at 1,100 tokens.
    assert!(item.cost > 2.0 && item.cost < 2.2, "{}", item.cost);
    let spent: f64 = tuning.meter.of_house().await.unwrap().used.total.cost;
    assert!((spent - item.cost).abs() < 1e-9, "the books say {spent}");
    assert_eq!(model_of(&tuning), TUNED);

    // Another process takes it up, and goes back with the first.
    let other = self::tuning(&store, &provider);
    assert_eq!(model_of(&other), BASE);
    other.resume().await.unwrap();
    assert_eq!(model_of(&other), TUNED);
    tuning.roll_back(Actor::Operator, None).await.unwrap();
    other.load().await.unwrap();
    assert_eq!((model_of(&tuning).as_str(), model_of(&other).as_str()), (BASE, BASE));
    assert!(tuning.roll_back(Actor::Operator, None).await.is_err());
    tuning.deploy(TUNED, "Again.", Actor::Operator, None).await.unwrap();
    assert_eq!(model_of(&tuning), TUNED);
    assert!(tuning.deploy("gpt-of-nobody", "?", Actor::Operator, None).await.is_err());
}

#[tokio::test]
async fn what_is_uploaded_is_valid_and_of_nobody_held_out() {
    let store = store().await;
    let provider = Provider::start(State { hang_after: Some((Method::POST, "fine_tuning/jobs")), ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let task = tokio::spawn({
        let (tuning, id) = (tuning.clone(), begun.id.clone());
        async move { run(&tuning, &id).await }
    });
    until(&store, &begun.id, TuningStatus::Uploaded).await;
    while provider.state.lock().unwrap().jobs_made == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    task.abort();
    let content = provider.state.lock().unwrap().files.values().next().unwrap().1.clone();
    let material = tuning.material().await.unwrap();
    assert_eq!(content.lines().count(), material.training.len());
    content.lines().for_each(|line| validate(line).unwrap());
    assert!(material.held_out.iter().all(|line| !content.contains(&line.text)));
}

async fn until(store: &Store, id: &FineTuningJobId, status: TuningStatus) {
    for _ in 0..5_000 {
        if now(store, id).await.status == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{status} was never reached");
}

#[tokio::test]
async fn killed_at_each_state_it_goes_on_where_it_was() {
    for killed_at in [TuningStatus::Preparing, TuningStatus::Uploaded, TuningStatus::Submitted, TuningStatus::Tuned] {
        let store = store().await;
        // Where the process dies, the provider has done what it was asked, and nobody has heard of it.
        let hang_after = match killed_at {
            TuningStatus::Preparing => (Method::POST, "v1/files"),
            TuningStatus::Uploaded => (Method::POST, "fine_tuning/jobs"),
            TuningStatus::Submitted => (Method::GET, "ftjob-1"),
            _ => (Method::POST, "chat/completions"),
        };
        let provider = Provider::start(State { hang_after: Some(hang_after), patience: 2, ..State::default() }).await;
        let first = tuning(&store, &provider);
        let begun = first.start(Actor::Operator, None).await.unwrap();
        let task = tokio::spawn({
            let (tuning, id) = (first.clone(), begun.id.clone());
            async move { run(&tuning, &id).await }
        });
        until(&store, &begun.id, killed_at).await;
        while provider.state.lock().unwrap().hang_after.is_some() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(now(&store, &begun.id).await.status, killed_at);

        let second = tuning(&store, &provider);
        second.resume().await.unwrap();
        run(&second, &begun.id).await.unwrap();
        check_success(&store, &provider, &begun.id).await;
        assert_eq!(model_of(&second), TUNED, "killed at {killed_at}");
        // And once more, after the end: nothing happens.
        run(&second, &begun.id).await.unwrap();
        check_success(&store, &provider, &begun.id).await;
    }
}

#[tokio::test]
async fn a_model_that_is_no_better_is_kept_and_not_deployed() {
    let store = store().await;
    let provider = Provider::start(State { learns_nothing: true, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    run(&tuning, &begun.id).await.unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!((item.status, item.deployed_model, item.tuned_model.as_deref()), (TuningStatus::Ended, None, Some(TUNED)));
    assert!(item.decision.unwrap().starts_with("Not deployed"));
    assert_eq!(model_of(&tuning), BASE);
    assert!(served_model::find(&store, TuningKind::OpenAi, TUNED).await.unwrap().is_some());
}

#[tokio::test]
async fn a_base_model_that_obeys_is_not_beaten_by_one_that_was_taught_to() {
    let store = store().await;
    let provider = Provider::start(State { obeys: true, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    run(&tuning, &begun.id).await.unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!((&item.metrics["before"], &item.metrics["after"]), (&json!(1.0), &json!(1.0)));
    assert!(item.deployed_model.is_none() && item.decision.unwrap().starts_with("Not deployed"));
    assert_eq!(model_of(&tuning), BASE);
}

#[tokio::test]
async fn a_model_without_a_price_is_not_put_under_a_budget_of_money_by_itself() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let budgets = Budgets { of_house: Some(1_000.0), ..Budgets::default() };
    let unpriced = Meter::new(store.clone(), Prices::default(), budgets);
    let tuning = tuning_by(BASE, &store, &provider, options(), unpriced);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    run(&tuning, &begun.id).await.unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!((item.status, item.deployed_model), (TuningStatus::Ended, None));
    let decision = item.decision.unwrap();
    assert!(decision.contains("has no price") && decision.contains("Better"), "{decision}");
    tuning.deploy(TUNED, "It is worth it.", Actor::Operator, None).await.unwrap();
}

#[tokio::test]
async fn cancelled_it_stops_at_the_provider_and_leaves_nothing() {
    let store = store().await;
    let provider = Provider::start(State { patience: usize::MAX, ..State::default() }).await;
    // It would look again in an hour; who cancels does not wait for that.
    let tuning =
        tuning_with(&store, &provider, TuningOptions { pause: Duration::from_secs(3600), ..options() }, Budgets::default());
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let waits = tuning.run(json!({ "job": begun.id })).await.unwrap_err();
    assert!(matches!(&waits, JobError::Later { after, .. } if *after == Duration::from_secs(3600)), "{waits:?}");
    assert_eq!(now(&store, &begun.id).await.status, TuningStatus::Submitted);
    tuning.cancel(&begun.id).await.unwrap();
    assert_eq!(now(&store, &begun.id).await.status, TuningStatus::Cancelled);
    assert!(tuning.cancel(&begun.id).await.is_err(), "it has ended");
    let state = provider.state.lock().unwrap();
    assert_eq!((state.cancelled, state.files.len()), (1, 0));
}

#[tokio::test]
async fn an_example_that_is_withdrawn_stops_the_training() {
    let store = store().await;
    let provider = Provider::start(State { patience: usize::MAX, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let task = tokio::spawn({
        let (tuning, id) = (tuning.clone(), begun.id.clone());
        async move { run(&tuning, &id).await }
    });
    until(&store, &begun.id, TuningStatus::Submitted).await;
    let rows = training_example::all(&store).await.unwrap();
    let taught = rows.iter().find(|row| !crate::learning::ranker::is_held_out(&row.user)).unwrap();
    user::set_consent(&store, &taught.user, false).await.unwrap();
    task.await.unwrap().unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!(item.status, TuningStatus::Cancelled);
    assert!(item.decision.unwrap().contains("withdrawn"));
    let state = provider.state.lock().unwrap();
    assert_eq!((state.cancelled, state.files.len()), (1, 0));
}

#[tokio::test]
async fn the_schedule_begins_when_there_is_enough_that_is_new() {
    let store = store().await;
    let provider = Provider::start(State { learns_nothing: true, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let schedule = Beginner(tuning.clone());
    assert!(schedule.look().await.unwrap());
    assert!(!schedule.look().await.unwrap(), "one is under way");
    let begun = fine_tuning_job::latest(&store, 1).await.unwrap().remove(0);
    assert_eq!(begun.actor, Actor::Schedule);
    run(&tuning, &begun.id).await.unwrap();
    assert!(!schedule.look().await.unwrap(), "nothing is new");
    let mut learned = tuning.material().await.unwrap().training.len();
    let enough = learned + LEAST.max(learned.div_ceil(5));
    for number in 1_000.. {
        if learned == enough {
            break;
        }
        assert!(!schedule.look().await.unwrap(), "{learned} of {enough}");
        let person = user::insert(&store, &format!("p{number}@example.org"), "Ada", "").await.unwrap().id;
        user::set_consent(&store, &person, true).await.unwrap();
        example(&store, &person, number).await;
        learned = tuning.material().await.unwrap().training.len();
    }
    assert!(schedule.look().await.unwrap());
    // What was stopped before its end is not begun anew either: by an operator, and at the provider, who was paid.
    let last = fine_tuning_job::latest(&store, 1).await.unwrap().remove(0).id;
    tuning.cancel(&last).await.unwrap();
    assert!(!schedule.look().await.unwrap(), "an operator did not want it");
    // Nobody said what it costs: the schedule begins nothing.
    let careful = tuning_with(&store, &provider, TuningOptions { price: None, ..options() }, Budgets::default());
    assert!(!Beginner(careful).look().await.unwrap());
}

#[tokio::test]
async fn what_would_cost_too_much_is_not_begun() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    for (options, budgets, word) in [
        (TuningOptions { price: None, ..options() }, Budgets::default(), "FLOWERY_TUNING_PRICE"),
        (TuningOptions { price: Some(1e9), ..options() }, Budgets::default(), "FLOWERY_TUNING_CAP"),
        (options(), Budgets { of_house: Some(0.0), ..Budgets::default() }, "budget"),
    ] {
        let tuning = tuning_with(&store, &provider, options, budgets);
        let error = tuning.start(Actor::Operator, None).await.unwrap_err();
        assert!(error.message().contains(word), "{error}");
    }
    let empty = Store::in_memory().await.unwrap();
    let error = tuning(&empty, &provider).start(Actor::Operator, None).await.unwrap_err();
    assert!(error.message().contains("examples"), "{error}");
    assert_eq!(provider.state.lock().unwrap().files_made, 0);
}

#[tokio::test]
async fn a_provider_that_misbehaves_leaves_a_true_state_and_a_sentence() {
    // What passes: the training goes on.
    let page = "<html>busy</html>".to_owned();
    for (method, part, status, text) in [
        (Method::GET, "ftjob-1", 503, "{}".to_owned()),
        (Method::GET, "ftjob-1", 429, "{}".to_owned()),
        (Method::GET, "ftjob-1", 200, page.clone()),
        (Method::GET, "ftjob-1", 200, "{\"status\": ".to_owned()),
        (Method::GET, "ftjob-1", 200, "{}".to_owned()),
        (Method::POST, "v1/files", 500, "{}".to_owned()),
        (Method::GET, "v1/files", 429, "{}".to_owned()),
    ] {
        let store = store().await;
        let told = format!("{method} {part} {status} {text}");
        let provider = Provider::start(State { instead: Some((method, part, 2, status, text)), ..State::default() }).await;
        let tuning = tuning(&store, &provider);
        let begun = tuning.start(Actor::Operator, None).await.unwrap();
        let mut tries = 0;
        while let Err(error) = run(&tuning, &begun.id).await {
            tries += 1;
            assert!(matches!(error, JobError::Retry(_)) && tries < 4, "{told}: {error:?}");
        }
        check_success(&store, &provider, &begun.id).await;
    }
    // What does not: it fails, says why, and leaves no file behind.
    let error = |message: &str| json!({ "error": { "message": message } }).to_string();
    let key = "sk-secret-of-the-test";
    for (instead, outcome, word) in [
        (Some((Method::POST, "fine_tuning/jobs", 9, 400, error("The model cannot be tuned"))), None, "cannot be tuned"),
        (Some((Method::POST, "fine_tuning/jobs", 9, 401, error(&format!("wrong key {key}")))), None, "key"),
        (Some((Method::POST, "fine_tuning/jobs", 9, 402, error("pay"))), None, "credit"),
        (None, Some(json!({ "status": "failed", "error": { "message": "The file has too few lines" } })), "too few lines"),
        (None, Some(json!({ "status": "failed", "error": null })), "no reason"),
    ] {
        let store = store().await;
        let provider = Provider::start(State { instead, outcome, ..State::default() }).await;
        let tuning = tuning(&store, &provider);
        let begun = tuning.start(Actor::Operator, None).await.unwrap();
        assert!(matches!(run(&tuning, &begun.id).await, Err(JobError::Fail(_))));
        let item = now(&store, &begun.id).await;
        assert_eq!(item.status, TuningStatus::Failed);
        let decision = item.decision.unwrap();
        assert!(decision.contains(word) && !decision.contains(key), "{decision}");
        assert!(provider.state.lock().unwrap().files.is_empty());
        assert_eq!(model_of(&tuning), BASE);
    }
    // Ended by somebody else at the provider.
    let store = store().await;
    let provider = Provider::start(State { outcome: Some(json!({ "status": "cancelled" })), ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    run(&tuning, &begun.id).await.unwrap();
    assert_eq!(now(&store, &begun.id).await.status, TuningStatus::Cancelled);
}
