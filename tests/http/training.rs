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

/// Likes the first two suggestions of an answer.
async fn like(client: &Client, answer: &Value) {
    for at in [0, 1] {
        let id = &answer["recommendations"][at]["id"];
        client.post("/api/feedback/react", json!({ "recommendation_id": id, "reaction": "liked" })).await.ok();
    }
}

async fn examples(client: &Client) -> Vec<Value> {
    client.get("/api/training/list").await.ok()["items"].as_array().unwrap().clone()
}

async fn consent(client: &Client, training: bool) {
    client.post("/api/accounts/consent", json!({ "training": training })).await.ok();
}

#[test]
fn examples_are_made_with_consent_alone_and_go_with_it() {
    run(|router| async move {
        let (ada, bob) = (Client::signed_up(&router).await, Client::signed_up(&router).await);
        Client::new(&router).get("/api/training/list").await.error(401);
        let answer = ada.ask("a cedar perfume for my friend Mia Okafor, write to mia@example.org or +41 79 123 45 67").await;
        like(&ada, &answer).await;
        assert!(examples(&ada).await.is_empty(), "nobody consented");

        consent(&ada, true).await;
        let made = examples(&ada).await;
        assert_eq!(made.len(), 1, "what was liked before counts, too");
        let text = made[0].to_string();
        for private in ["Mia", "Okafor", "mia@example.org", "123 45"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
        assert!(text.contains("cedar"));
        assert_eq!((made[0]["source"].as_str(), made[0]["included_in_training"].as_bool()), (Some("liked"), Some(true)));
        assert!(ada.page("/settings").await.text.contains("a cedar perfume for my friend [name]"));

        // Reactions that are taken back take the example back; a bad rating outweighs likes.
        for reaction in [true, false] {
            for at in [0, 1] {
                let id = &answer["recommendations"][at]["id"];
                let body = json!({ "recommendation_id": id, "reaction": "liked", "undo": reaction });
                ada.post("/api/feedback/react", body).await.ok();
            }
            assert_eq!(examples(&ada).await.len(), usize::from(!reaction));
        }
        let rate = |rating: u8| json!({ "query_id": answer["query_id"], "rating": rating });
        ada.post("/api/feedback/rate", rate(1)).await.ok();
        assert!(examples(&ada).await.is_empty());
        ada.post("/api/feedback/rate", rate(5)).await.ok();
        assert_eq!(examples(&ada).await[0]["source"], "rating");

        // Another person neither sees nor removes it.
        let id = examples(&ada).await[0]["id"].clone();
        assert!(examples(&bob).await.is_empty());
        bob.post("/api/training/remove", json!({ "id": id })).await.error(404);
        assert!(ada.post("/api/accounts/export", json!({})).await.ok()["training_examples"][0]["prompt"].is_string());

        // Withdrawn consent takes all of it, and a second consent brings it back.
        consent(&ada, false).await;
        assert!(examples(&ada).await.is_empty());
        consent(&ada, true).await;
        // What the person removed stays removed, whatever they like afterwards.
        ada.post("/api/training/remove", json!({ "id": examples(&ada).await[0]["id"] })).await.ok();
        ada.post("/api/training/remove", json!({ "id": id })).await.error(404);
        like(&ada, &answer).await;
        assert!(examples(&ada).await.is_empty());
        consent(&ada, false).await;
        consent(&ada, true).await;
        assert!(examples(&ada).await.is_empty(), "what was removed came back with a second consent");
        ada.post("/api/training/remove", json!({ "id": "no such id" })).await.error(404);
    });
}

#[test]
fn older_examples_are_reached_page_by_page() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        consent(&ada, true).await;
        for number in 0..25 {
            let answer = ada.ask(&format!("a cedar perfume for evening number-{number}-of-mine")).await;
            ada.post("/api/feedback/rate", json!({ "query_id": answer["query_id"], "rating": 5 })).await.ok();
        }
        let shown = async |path: &str| ada.page(path).await.text.matches("Remove the example").count();
        let first = ada.page("/settings").await.text;
        assert!(first.contains("/settings?cursor=p24#examples"), "{first}");
        assert_eq!((shown("/settings").await, shown("/settings?cursor=p24").await), (24, 1));
        let last = ada.page("/settings?cursor=p24").await.text;
        assert!(last.contains("To the first page") && !last.contains("cursor=p48"));
        assert!(ada.page("/settings?cursor=p48").await.text.contains("There are no older ones."));
    });
}

#[test]
fn a_memory_takes_the_examples_that_quote_it() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        consent(&ada, true).await;
        let memory = ada.remember("The attic smelled of old cedar chests and dry lavender in summer.").await;
        let question = "a warm cedar like the attic";
        let quotes = |answer: &Value| answer.to_string().contains("dry lavender");
        let answer = ada.ask(question).await;
        assert!(quotes(&answer["recommendations"]), "{answer}");
        like(&ada, &answer).await;
        let made = examples(&ada).await;
        assert!(made.len() == 1 && quotes(&made[0]));

        // Changed words: the example with the old ones goes, and is not made of the old answer again.
        let id = memory["id"].as_str().unwrap();
        let changed = json!({ "id": id, "title": "", "content": "The attic smelled of old cedar chests and honey in summer." });
        ada.post("/api/memories/update", changed).await.ok();
        assert!(examples(&ada).await.is_empty());
        like(&ada, &answer).await;
        assert!(examples(&ada).await.is_empty(), "words that were taken back came into an example");

        ada.until_ready(id).await;
        let answer = ada.ask(question).await;
        like(&ada, &answer).await;
        assert_eq!(examples(&ada).await.len(), 1);
        ada.post("/api/memories/delete", json!({ "id": id })).await.ok();
        assert!(examples(&ada).await.is_empty());
    });
}
