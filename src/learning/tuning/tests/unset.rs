//! A house whose settings name no language model any more, or no provider.

use super::*;
use crate::{
    catalog::Catalog,
    learning::{Learning, tests::Lengths},
};

/// A process without a language model in its settings.
fn unset(store: &Store, provider: &Provider) -> Arc<Tuning> {
    let tuner = Arc::new(RemoteTuner::new(provider.endpoint()));
    let meter = Meter::new(store.clone(), Prices::default(), Budgets::default());
    Arc::new(Tuning::new(store.clone(), Queue::new(store.clone()), tuner, None, meter, options()))
}

async fn begun_by(tuning: &Tuning) -> FineTuningJobId {
    let begun = tuning.start(Actor::Operator, None).await.unwrap();
    let waits = tuning.run(json!({ "job": begun.id })).await;
    assert!(matches!(waits, Err(JobError::Later { .. })), "{waits:?}");
    begun.id
}

#[tokio::test]
async fn what_the_provider_trains_is_stopped_without_a_language_model_and_not_without_a_provider() {
    let store = store().await;
    let provider = Provider::start(State { patience: usize::MAX, ..State::default() }).await;
    let id = begun_by(&tuning(&store, &provider)).await;

    let catalog = Arc::new(Catalog::open(store.clone(), Arc::new(Lengths)).await.unwrap());
    let without_provider = Learning::new(store.clone(), catalog.clone());
    let told = without_provider.cancel_tuning(&id).await.unwrap_err();
    assert!(told.message().contains("No provider is set") && told.message().contains("ftjob-1"), "{told}");
    assert_eq!(now(&store, &id).await.status, TuningStatus::Submitted);

    let house = Learning::new(store.clone(), catalog).with_tuning(unset(&store, &provider));
    assert!(
        house
            .start_tuning(TuningKind::OpenAi, &UserId::from_key("ada"))
            .await
            .unwrap_err()
            .message()
            .contains("FLOWERY_CHAT_MODEL")
    );
    assert!(house.tunings().await.unwrap().obstacle.unwrap().contains("FLOWERY_CHAT_MODEL"));
    assert_eq!(house.models().await.unwrap().len(), 1, "the ranking alone");
    house.cancel_tuning(&id).await.unwrap();
    assert_eq!(now(&store, &id).await.status, TuningStatus::Cancelled);
    {
        let state = provider.state.lock().unwrap();
        assert_eq!((state.cancelled, state.files.len()), (1, 0));
    }
    assert!(house.cancel_tuning(&id).await.is_err() && without_provider.cancel_tuning(&id).await.is_err(), "it has ended");
}

#[tokio::test]
async fn what_the_provider_trains_is_followed_to_its_end() {
    let store = store().await;
    let provider = Provider::start(State { patience: 3, ..State::default() }).await;
    let id = begun_by(&tuning(&store, &provider)).await;
    let later = unset(&store, &provider);
    later.resume().await.unwrap();
    run(&later, &id).await.unwrap();
    let item = now(&store, &id).await;
    assert_eq!((item.status, item.tuned_model.as_deref(), item.deployed_model), (TuningStatus::Ended, Some(TUNED), None));
    assert!(item.decision.unwrap().contains("FLOWERY_CHAT_MODEL"));
    // With the model set again, an operator can have it.
    let again = tuning(&store, &provider);
    again.deploy(TUNED, "It is wanted.", Actor::Operator, None).await.unwrap();
    assert_eq!(model_of(&again), TUNED);
}

#[tokio::test]
async fn what_was_not_handed_over_stays_here() {
    let store = store().await;
    let provider = Provider::start(State::default()).await;
    let begun = tuning(&store, &provider).start(Actor::Operator, None).await.unwrap();
    let failed = run(&unset(&store, &provider), &begun.id).await;
    assert!(matches!(failed, Err(JobError::Fail(_))), "{failed:?}");
    assert_eq!(now(&store, &begun.id).await.status, TuningStatus::Failed);
    assert_eq!(provider.state.lock().unwrap().files_made, 0);
}
