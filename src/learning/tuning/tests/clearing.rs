//! Nothing is left at a provider that does not listen at once.

use super::*;

/// A provider that cannot delete a file so many times.
fn stubborn(times: usize) -> State {
    State { instead: Some((Method::DELETE, "files/", times, 503, "{}".into())), patience: 1, ..State::default() }
}

fn files_of(provider: &Provider) -> usize {
    provider.state.lock().unwrap().files.len()
}

#[tokio::test]
async fn a_file_that_cannot_be_deleted_is_deleted_later() {
    let store = store().await;
    let provider = Provider::start(stubborn(3)).await;
    let first = tuning(&store, &provider);
    let begun = first.start(Actor::Operator, None).await.unwrap();
    let told = loop {
        match first.run(json!({ "job": begun.id })).await {
            Err(JobError::Later { told, .. }) if now(&store, &begun.id).await.status == TuningStatus::Ended => break told,
            Err(JobError::Later { .. }) => {}
            outcome => panic!("{outcome:?}"),
        }
    };
    assert!(told.contains("still at the provider"), "{told}");
    assert_eq!(files_of(&provider), 1);
    assert_eq!(fine_tuning_job::open(&store).await.unwrap(), std::slice::from_ref(&begun.id));
    // Another run of the house carries on with it, until it is done.
    let second = tuning(&store, &provider);
    second.resume().await.unwrap();
    run(&second, &begun.id).await.unwrap();
    check_success(&store, &provider, &begun.id).await;
    assert!(fine_tuning_job::open(&store).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_failed_or_cancelled_training_left_is_cleared_up_by_a_job() {
    let store = store().await;
    for cancels in [false, true] {
        let outcome = (!cancels).then(|| json!({ "status": "failed", "error": null }));
        let patience = if cancels { usize::MAX } else { 0 };
        let provider = Provider::start(State { outcome, patience, ..stubborn(3) }).await;
        let tuning = tuning(&store, &provider);
        let begun = tuning.start(Actor::Operator, None).await.unwrap();
        if cancels {
            assert!(matches!(tuning.run(json!({ "job": begun.id })).await, Err(JobError::Later { .. })));
            tuning.cancel(&begun.id).await.unwrap();
        } else {
            assert!(matches!(run(&tuning, &begun.id).await, Err(JobError::Fail(_))));
        }
        assert!(now(&store, &begun.id).await.status.is_final());
        assert_eq!(files_of(&provider), 1);
        // A job waits for it; it has nothing else to do.
        let waits = Queue::new(store.clone()).put_unless_there(job_of(&begun.id)).await.unwrap();
        assert!(!waits, "nobody would see to the file");
        run(&tuning, &begun.id).await.unwrap();
        assert_eq!(files_of(&provider), 0);
        assert_eq!(provider.state.lock().unwrap().cancelled, usize::from(cancels));
    }
}

#[tokio::test]
async fn a_refusal_to_delete_is_no_deletion_as_long_as_the_file_is_listed() {
    let store = store().await;
    let refusal = Some((Method::DELETE, "files/", 1, 400, "{}".to_owned()));
    let provider = Provider::start(State { instead: refusal, ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let mut told = String::new();
    while !told.contains("still at the provider") {
        let Err(JobError::Later { told: reason, .. }) = tuning.run(json!({ "job": begun.id })).await else { panic!("{told}") };
        told = reason;
    }
    assert_eq!(files_of(&provider), 1);
    // Somebody deleted it by hand, and the server answers as before.
    {
        let mut state = provider.state.lock().unwrap();
        state.files.clear();
        state.instead = Some((Method::DELETE, "files/", 1, 400, "{}".to_owned()));
    }
    run(&tuning, &begun.id).await.unwrap();
    check_success(&store, &provider, &begun.id).await;
}

#[tokio::test]
async fn a_file_that_nobody_noted_is_found_by_its_name() {
    let store = store().await;
    let provider = Provider::start(State { hang_after: Some((Method::POST, "v1/files")), ..State::default() }).await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let task = tokio::spawn({
        let (tuning, id) = (tuning.clone(), begun.id.clone());
        async move { run(&tuning, &id).await }
    });
    while provider.state.lock().unwrap().hang_after.is_some() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    task.abort();
    assert_eq!(files_of(&provider), 1);
    tuning.cancel(&begun.id).await.unwrap();
    assert_eq!(files_of(&provider), 0);
}

#[tokio::test]
async fn a_server_that_keeps_no_files_leaves_nothing_to_clear_up() {
    let store = store().await;
    let provider =
        Provider::start(State { instead: Some((Method::GET, "v1/files", usize::MAX, 404, "{}".into())), ..State::default() });
    let provider = provider.await;
    let tuning = tuning(&store, &provider);
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    assert!(matches!(run(&tuning, &begun.id).await, Err(JobError::Fail(_))));
    assert_eq!(now(&store, &begun.id).await.status, TuningStatus::Failed);
    assert!(fine_tuning_job::open(&store).await.unwrap().is_empty(), "there is nothing that another job could do");
}
