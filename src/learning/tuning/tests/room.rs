//! What measuring costs counts as what training costs does.

use super::*;

/// A house whose chat costs so much for a million tokens.
fn priced(chat: f64, options: TuningOptions, budgets: Budgets, (store, provider): (&Store, &Provider)) -> Arc<Tuning> {
    let prices: Prices = [("".to_owned(), Price { prompt: chat, completion: chat, minute: None })].into_iter().collect();
    tuning_by(BASE, store, provider, options, Meter::new(store.clone(), prices, budgets))
}

#[tokio::test]
async fn a_training_is_not_begun_where_measuring_would_cost_too_much() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let free = TuningOptions { price: Some(0.0), ..options() };
    let house = |budget: f64| Budgets { of_house: Some(budget), ..Budgets::default() };
    let tokens = Budgets { tokens_of_house: Some(1_000), ..Budgets::default() };
    for (chat, budgets, words) in [
        (1_000.0, Budgets::default(), "FLOWERY_TUNING_CAP".to_owned()),
        (1.0, house(0.01), "0.01 are left".to_owned()),
        (0.0, tokens, "1000 are left".to_owned()),
    ] {
        let tuning = priced(chat, free.clone(), budgets, (&store, &provider));
        let told = tuning.start(Actor::Operator, None).await.unwrap_err();
        assert!(told.message().contains(&words), "{told}");
    }
    let tuning = priced(1.0, free, Budgets::default(), (&store, &provider));
    let terms = tuning.terms(&tuning.material().await.unwrap()).unwrap();
    // Ten examples and more for each of two models, each answered at length.
    assert!(terms.estimate.is_some_and(|estimate| estimate > 0.03), "{terms:?}");
}

#[tokio::test]
async fn what_cannot_be_paid_any_more_is_not_measured() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    // The provider trains on a million tokens, for 2: more than was expected, and all there is.
    let options = TuningOptions { cap: 2.0, ..options() };
    let tuning = tuning_with(&store, &provider, options, Budgets::default());
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    run(&tuning, &begun.id).await.unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!((item.status, item.deployed_model), (TuningStatus::Ended, None));
    let decision = item.decision.unwrap();
    assert!(decision.contains("not measured") && decision.contains("FLOWERY_TUNING_CAP"), "{decision}");
    assert_eq!((item.cost, provider.state.lock().unwrap().chats), (2.0, 0));
    tuning.deploy(TUNED, "It is worth it.", Actor::Operator, None).await.unwrap();
}

#[tokio::test]
async fn what_was_measured_is_kept_and_not_paid_again() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let begun = tuning(&store, &provider).start(Actor::Operator, None).await.unwrap();
    // The house is restarted after each portion, and once the provider fails in the middle of one.
    let (mut portions, mut failures) = (0, 0);
    loop {
        if portions == 1 && failures == 0 {
            provider.state.lock().unwrap().instead = Some((Method::POST, "chat/completions", 3, 500, "{}".into()));
        }
        match tuning(&store, &provider).run(json!({ "job": begun.id })).await {
            Err(JobError::Later { told, .. }) if told.starts_with("Measured on") => portions += 1,
            Err(JobError::Later { after, .. }) => tokio::time::sleep(after).await,
            Err(JobError::Retry(_)) => failures += 1,
            outcome => break outcome.unwrap(),
        }
    }
    check_success(&store, &provider, &begun.id).await;
    let measured_on = now(&store, &begun.id).await.metrics["measured_on"].as_u64().unwrap();
    assert!(portions > 1 && failures == 1, "{portions} portions, {failures} failures");
    assert_eq!(provider.state.lock().unwrap().chats as u64, 2 * measured_on, "an example was paid twice");
}

#[tokio::test]
async fn what_failed_is_begun_anew_by_itself_only_where_nothing_was_paid() {
    for paid in [false, true] {
        let store = store().await;
        let refused = (!paid).then(|| (Method::POST, "v1/files", 9, 400, "{}".to_owned()));
        let outcome = Some(json!({ "status": "failed", "error": null }));
        let provider = Provider::start(State { instead: refused, outcome, ..State::default() }).await;
        let tuning = tuning(&store, &provider);
        let schedule = Beginner(tuning.clone());
        assert!(schedule.look().await.unwrap());
        let begun = fine_tuning_job::latest(&store, 1).await.unwrap().remove(0);
        assert!(matches!(run(&tuning, &begun.id).await, Err(JobError::Fail(_))));
        assert_eq!(schedule.look().await.unwrap(), !paid);
    }
}
