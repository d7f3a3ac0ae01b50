use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, notes, run};

fn recommendations(answer: &Value) -> &Vec<Value> {
    answer["recommendations"].as_array().unwrap()
}

/// What holds for every answer.
fn check(answer: &Value) {
    let all = recommendations(answer);
    assert_eq!(all.len(), 5, "{}", answer["answer"]);
    let mut last = f64::INFINITY;
    let mut seen = HashSet::new();
    for (n, r) in all.iter().enumerate() {
        assert_eq!(r["rank"].as_u64().unwrap() as usize, n + 1);
        let score = r["score"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&score) && score <= last, "scores rise: {score} after {last}");
        last = score;
        assert!(!r["reasoning"].as_str().unwrap().is_empty());
        assert!(seen.insert(r["fragrance"]["id"].as_str().unwrap().to_owned()), "a perfume twice");
    }
}

#[test]
fn a_question_is_answered_with_quotes_of_the_memory() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = ada
            .remember("Grandfather's study smelled of pipe tobacco, leather chairs and old books. Rain drummed on the window.")
            .await;
        let answer = ada.ask("something like a warm evening in an old library").await;
        check(&answer);
        let content = memory["content"].as_str().unwrap();
        let mut quotes = 0;
        for r in recommendations(&answer) {
            for evidence in r["evidence"].as_array().unwrap() {
                if let Some(quote) = evidence["quote"].as_str() {
                    quotes += 1;
                    assert!(content.contains(quote), "{quote:?} was never written");
                    assert_eq!(evidence["memory_id"], memory["id"]);
                    let (start, end) = (evidence["span"]["start"].as_u64().unwrap(), evidence["span"]["end"].as_u64().unwrap());
                    let part: String = content.chars().skip(start as usize).take((end - start) as usize).collect();
                    assert_eq!(part, quote);
                }
            }
        }
        assert!(quotes > 0, "no answer quotes the memory: {answer}");

        let id = answer["query_id"].as_str().unwrap();
        let logged = ada.get(&format!("/api/ask/get?id={id}")).await.ok();
        assert_eq!(logged["recommendations"], answer["recommendations"]);
        assert!(!logged["retrieved_chunks"].as_array().unwrap().is_empty());
        assert_eq!(logged["token_usage"]["cost"], 0.0);
        assert!(logged["latency_ms"]["total"].as_f64().unwrap() > 0.0);
        assert_eq!(ada.get("/api/ask/history").await.ok()["items"][0]["query_id"], id);
    });
}

#[test]
fn constraints_are_laws() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let answer = ada.ask("a woody perfume with no patchouli").await;
        check(&answer);
        assert!(answer["intent"]["unwanted_notes"].as_array().unwrap().contains(&json!("patchouli")));
        assert!(recommendations(&answer).iter().all(|r| !notes(&r["fragrance"]).contains(&"patchouli".to_owned())));

        let answer = ada.ask("fresh and citrusy, under 80 €").await;
        check(&answer);
        assert_eq!(answer["intent"]["budget"]["max"], 80.0);
        for r in recommendations(&answer) {
            let price = &r["fragrance"]["price"];
            assert!(price.is_null() || price["amount"].as_f64().unwrap() <= 80.0, "{price}");
        }

        let answer = ada.ask("an elegant iris, not Dior").await;
        check(&answer);
        assert!(recommendations(&answer).iter().all(|r| r["fragrance"]["brand"] != "Dior"));

        let answer = ada.ask("like Terre d'Hermès but softer").await;
        check(&answer);
        assert_eq!(answer["intent"]["like"]["name"], "Terre d'Hermès");
        assert_eq!(answer["intent"]["intensity"], "soft");
        assert!(recommendations(&answer).iter().all(|r| !r["fragrance"]["name"].as_str().unwrap().starts_with("Terre d'Herm")));
    });
}

#[test]
fn chips_can_be_removed() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let answer = ada.ask("rose without musk").await;
        let chips = answer["chips"].as_array().unwrap();
        assert!(chips.iter().any(|c| c["kind"] == "unwanted_notes" && c["value"] == "musk"), "{chips:?}");
        let refined = ada
            .post(
                "/api/ask/refine",
                json!({ "query_id": answer["query_id"], "remove_kind": "unwanted_notes", "remove_value": "musk" }),
            )
            .await
            .ok();
        check(&refined);
        assert!(refined["intent"]["unwanted_notes"].as_array().unwrap().is_empty());
        let mut intent = answer["intent"].clone();
        intent["wanted_notes"] = json!(["iris"]);
        let refined = ada.post("/api/ask/refine", json!({ "query_id": answer["query_id"], "intent": intent })).await.ok();
        assert_eq!(refined["intent"]["wanted_notes"], json!(["iris"]));
    });
}

#[test]
fn the_same_question_again_closer_to_an_answer_or_further_from_it() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let answer = ada.ask("a smoky leather for the night").await;
        let first = recommendations(&answer)[0]["fragrance"]["id"].clone();
        let again = async |way: &str, perfume: &Value| {
            ada.post("/api/ask/refine", json!({ "query_id": answer["query_id"], way: perfume })).await
        };
        let further = again("less_like", &first).await.ok();
        check(&further);
        assert!(recommendations(&further).iter().all(|r| r["fragrance"]["id"] != first));
        assert!(further["chips"].as_array().unwrap().iter().any(|c| c["kind"] == "unlike" && c["value"] == first));
        let closer = again("more_like", &first).await.ok();
        check(&closer);
        assert_eq!(closer["intent"]["like"]["fragrance_id"], first);
        assert_eq!(closer["intent"]["time"], answer["intent"]["time"]);
        for way in ["more_like", "less_like"] {
            assert_eq!(again(way, &json!("no_such_perfume")).await.status, StatusCode::NOT_FOUND, "{way}");
        }
    });
}

#[test]
fn what_is_owned_never_comes_back() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let question = "a smoky leather";
        let first = ada.ask(question).await;
        let owned = recommendations(&first)[0]["fragrance"]["id"].clone();
        ada.post(
            "/api/collection/set",
            json!({ "fragrance_id": owned, "owned": true, "rating": 4, "personal_notes": "for the opera" }),
        )
        .await
        .ok();
        let item = ada.get("/api/collection/list").await.ok()["items"][0].clone();
        assert_eq!((item["owned"].clone(), item["rating"].clone()), (json!(true), json!(4)));
        let second = ada.ask(question).await;
        check(&second);
        assert!(recommendations(&second).iter().all(|r| r["fragrance"]["id"] != owned));
        let why = ada
            .get(&format!(
                "/api/ask/why_not?query_id={}&fragrance_id={}",
                second["query_id"].as_str().unwrap(),
                owned.as_str().unwrap()
            ))
            .await
            .ok();
        assert!(!why["laws"].as_array().unwrap().is_empty(), "{why}");
    });
}

#[test]
fn reactions_move_the_profile_and_can_be_undone() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let answer = ada.ask("green and mossy").await;
        let liked = &recommendations(&answer)[0];
        let before = ada.get("/api/profile/get").await.ok();
        let receipt =
            ada.post("/api/feedback/react", json!({ "recommendation_id": liked["id"], "reaction": "liked" })).await.ok();
        assert!(!receipt["changes"].as_array().unwrap().is_empty());
        let after = ada.get("/api/profile/get").await.ok();
        assert_ne!(before["notes"], after["notes"]);
        assert_eq!(after["analytics"]["likes"], 1);
        ada.post("/api/feedback/react", json!({ "recommendation_id": liked["id"], "reaction": "liked", "undo": true }))
            .await
            .ok();
        assert_eq!(ada.get("/api/profile/get").await.ok()["notes"], before["notes"]);

        let eve = Client::signed_up(&router).await;
        eve.post("/api/feedback/react", json!({ "recommendation_id": liked["id"], "reaction": "liked" })).await.error(404);
        eve.get(&format!("/api/ask/get?id={}", answer["query_id"].as_str().unwrap())).await.error(404);
        assert!(eve.get("/api/profile/get").await.ok()["notes"].as_array().unwrap().is_empty());
    });
}

#[test]
fn a_stated_dislike_is_a_law_until_it_is_undone() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let profile = ada
            .post(
                "/api/profile/update",
                json!({ "disliked_notes": ["Weihrauch", "oud"], "intensity_preference": "soft", "budget_max": 120 }),
            )
            .await
            .ok();
        let disliked = profile["disliked_notes"].as_array().unwrap().clone();
        assert!(disliked.contains(&json!("frankincense")) && disliked.contains(&json!("oud")), "{disliked:?}");
        let answer = ada.ask("a resinous amber for cold nights").await;
        check(&answer);
        for r in recommendations(&answer) {
            let notes = notes(&r["fragrance"]);
            assert!(!notes.iter().any(|n| n == "frankincense" || n == "oud"), "{notes:?}");
        }
        let events = ada.get("/api/profile/history").await.ok();
        let veto = events["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["kind"] == "vetoed" && e["target"]["id"] == "oud")
            .unwrap()
            .clone();
        ada.post("/api/profile/undo", json!({ "event_id": veto["id"] })).await.ok();
        let left = ada.get("/api/profile/get").await.ok()["disliked_notes"].clone();
        assert_eq!(left, json!(["frankincense"]));
        ada.post("/api/profile/undo", json!({ "event_id": veto["id"] })).await.error(409);

        let rated = ada
            .post("/api/feedback/rate", json!({ "query_id": answer["query_id"], "rating": 2, "disliked_notes": ["labdanum"] }))
            .await;
        rated.ok();
        assert!(ada.get("/api/profile/get").await.ok()["disliked_notes"].as_array().unwrap().contains(&json!("labdanum")));
        assert_eq!(
            ada.post("/api/feedback/rate", json!({ "query_id": answer["query_id"], "rating": 6 })).await.error(400)["field"],
            "rating"
        );
    });
}

#[test]
fn a_blank_field_takes_back_and_half_a_budget_is_refused() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let budget = async || ada.get("/api/profile/get").await.ok()["budget"].clone();
        ada.form("/api/profile/update", "budget_min=&budget_max=80&currency=EUR", "/profile").await;
        assert_eq!(budget().await["max"], 80.0);
        let refused = ada.post("/api/profile/update", json!({ "budget_min": 20 })).await.error(400);
        assert_eq!(refused["field"], "budget_max");
        assert_eq!(budget().await["max"], 80.0);
        ada.form("/api/profile/update", "budget_min=&budget_max=&currency=EUR", "/profile").await;
        assert!(budget().await.is_null());

        let perfume = "guerlain_shalimar_eau_de_parfum";
        let held = async || ada.get(&format!("/api/collection/get?fragrance_id={perfume}")).await.ok();
        let set = json!({ "fragrance_id": perfume, "owned": true, "personal_notes": "for the opera" });
        ada.post("/api/collection/set", set).await.ok();
        ada.form("/api/collection/set", &format!("fragrance_id={perfume}&rating=4"), "/collection").await;
        assert_eq!(held().await["personal_notes"], "for the opera");
        ada.form("/api/collection/set", &format!("fragrance_id={perfume}&rating=4&personal_notes="), "/collection").await;
        assert!(held().await["personal_notes"].is_null());
        let on = async |shelf| ada.get(&format!("/api/collection/list?shelf={shelf}")).await;
        assert_eq!(on("rated").await.ok()["items"].as_array().unwrap().len(), 1);
        assert!(on("wished").await.ok()["items"].as_array().unwrap().is_empty());
        assert_eq!(on("attic").await.error(400)["field"], "shelf");
    });
}

#[test]
fn bottles_of_the_collection_are_suggested_in_pairs() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let pairs = async || ada.get("/api/collection/layerings").await.ok().as_array().unwrap().clone();
        assert!(pairs().await.is_empty(), "there is no bottle yet");
        let mut owned = HashSet::new();
        for family in ["citrus", "amber", "floral", "woody"] {
            let page = ada.get(&format!("/api/catalog/search?family={family}")).await.ok();
            for fragrance in page["items"].as_array().unwrap().iter().take(4) {
                let id = fragrance["id"].as_str().unwrap().to_owned();
                ada.post("/api/collection/set", json!({ "fragrance_id": id, "owned": true })).await.ok();
                owned.insert(id);
            }
        }
        let found = pairs().await;
        assert!(!found.is_empty() && found.len() <= 3);
        for pair in found {
            let [base, over] = ["base", "over"].map(|of| pair[of]["fragrance"]["id"].as_str().unwrap().to_owned());
            assert!(base != over && owned.contains(&base) && owned.contains(&over), "{pair}");
            let reason = pair["reason"].as_str().unwrap();
            assert!(reason.contains(pair["meets"][0].as_str().unwrap()), "{reason}");
        }
        assert!(Client::signed_up(&router).await.get("/api/collection/layerings").await.ok().as_array().unwrap().is_empty());
        Client::new(&router).get("/api/collection/layerings").await.error(401);
    });
}

#[test]
fn questions_teach_a_little() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let answer = ada.ask("I would love vetiver").await;
        assert!(
            answer["answer"].as_str().unwrap().to_lowercase().contains("memor"),
            "it does not say that there are no memories: {}",
            answer["answer"]
        );
        let profile = ada.get("/api/profile/get").await.ok();
        let vetiver = profile["notes"].as_array().unwrap().iter().find(|n| n["name"] == "vetiver").unwrap().clone();
        let weight = vetiver["weight"].as_f64().unwrap();
        assert!(weight > 0.0 && weight < 0.3, "{weight}");
        assert_eq!(profile["analytics"]["queries"], 1);
    });
}

#[test]
fn what_was_used_is_told_to_its_owner() {
    run(|router| async move {
        Client::new(&router).get("/api/usage/get").await.error(401);
        let ada = Client::signed_up(&router).await;
        let answer = ada.post("/api/ask/submit", json!({ "query": "Something smoky" })).await.ok();
        let logged = ada.get(&format!("/api/ask/get?id={}", answer["query_id"].as_str().unwrap())).await.ok();
        assert_eq!(logged["token_usage"], json!({ "prompt_tokens": 0, "completion_tokens": 0, "cost": 0.0 }));
        let report = ada.get("/api/usage/get").await.ok();
        assert_eq!((&report["prompt_tokens"], &report["cost"], &report["lines"]), (&json!(0), &json!(0.0), &json!([])));
    });
}
