use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Client, run};

/// The weights that an answer was ranked by, as far as it shows them.
fn weights(answer: &Value) -> BTreeMap<String, f64> {
    let features = answer["recommendations"].as_array().unwrap().iter().flat_map(|r| r["features"].as_array().unwrap());
    features
        .map(|f| {
            let (contribution, value) = (f["contribution"].as_f64().unwrap(), f["value"].as_f64().unwrap());
            (f["name"].as_str().unwrap().to_owned(), contribution / value)
        })
        .collect()
}

fn differ(a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>) -> usize {
    a.iter().filter(|(name, weight)| b.get(*name).is_some_and(|other| (*weight - other).abs() > 1e-9)).count()
}

#[test]
fn reactions_move_a_persons_own_weights_and_undo_restores_them() {
    run(|router| async move {
        let (ada, bob) = (Client::signed_up(&router).await, Client::signed_up(&router).await);
        let question = "a warm woody perfume with vanilla for winter evenings";
        let first = ada.ask(question).await;
        let before = weights(&first);
        assert!(before.len() >= 5, "{before:?}");

        let react = |client: Client, at: usize, reaction: &'static str, undo: bool, answer: Value| async move {
            let id = &answer["recommendations"][at]["id"];
            client.post("/api/feedback/react", json!({ "recommendation_id": id, "reaction": reaction, "undo": undo })).await.ok()
        };
        react(ada.clone(), 4, "liked", false, first.clone()).await;
        react(ada.clone(), 0, "disliked", false, first.clone()).await;
        let moved = weights(&ada.ask(question).await);
        assert!(differ(&before, &moved) > 0, "nothing moved: {moved:?}");
        for (name, weight) in &moved {
            if let Some(was) = before.get(name) {
                assert!((weight / was - 1.0).abs() <= 0.5 + 1e-9, "{name}: {was} to {weight}");
            }
        }
        assert_eq!(differ(&before, &weights(&bob.ask(question).await)), 0, "a reaction of one person moved another's weights");

        react(ada.clone(), 4, "liked", true, first.clone()).await;
        react(ada.clone(), 0, "disliked", true, first).await;
        assert_eq!(differ(&before, &weights(&ada.ask(question).await)), 0);
    });
}
