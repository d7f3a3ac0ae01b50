//! The model of the settings is changed.

use super::*;

const OTHER: &str = "large-model";

fn with_base(base: &str, store: &Store, provider: &Provider) -> Arc<Tuning> {
    tuning_from(base, store, provider, options(), Budgets::default())
}

async fn serving(tuning: &Tuning) -> String {
    tuning.load().await.unwrap();
    model_of(tuning)
}

#[tokio::test]
async fn the_model_of_the_settings_serves_when_it_is_changed() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let first = with_base(BASE, &store, &provider);
    let begun = first.start(Actor::Operator, None).await.unwrap();
    run(&first, &begun.id).await.unwrap();
    assert_eq!(serving(&first).await, TUNED);

    // Another model is set: what was tuned from the first one waits.
    let second = with_base(OTHER, &store, &provider);
    assert_eq!(serving(&second).await, OTHER);
    assert!(second.roll_back(Actor::Operator, None).await.is_err(), "nothing was in service before it");
    assert!(second.deploy(OTHER, "?", Actor::Operator, None).await.is_err(), "it serves already");
    // With the first one set again, it is back.
    assert_eq!(serving(&with_base(BASE, &store, &provider)).await, TUNED);

    // The operator may want it with the new settings, too; taking it back leads to the model of these settings.
    second.deploy(TUNED, "It was better.", Actor::Operator, None).await.unwrap();
    assert_eq!(serving(&second).await, TUNED);
    let log = served_model::deployments(&store, TuningKind::OpenAi, 1).await.unwrap();
    assert_eq!((log[0].name.as_str(), log[0].previous.as_str()), (TUNED, OTHER));
    second.roll_back(Actor::Operator, None).await.unwrap();
    assert_eq!(serving(&second).await, OTHER);

    // A rollback binds to its settings as a deployment does.
    let third = with_base("third-model", &store, &provider);
    assert_eq!(serving(&third).await, "third-model");
}

#[tokio::test]
async fn a_training_goes_on_with_the_model_that_it_was_begun_with() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let begun = with_base(BASE, &store, &provider).start(Actor::Operator, None).await.unwrap();
    // The settings name another one by now. What is tuned is measured against what serves by them.
    let second = with_base(OTHER, &store, &provider);
    run(&second, &begun.id).await.unwrap();
    let item = now(&store, &begun.id).await;
    assert_eq!((item.status, item.base_model.as_str()), (TuningStatus::Ended, BASE));
    assert_eq!(item.metrics["against"], OTHER);
    assert_eq!(serving(&second).await, TUNED);
}
