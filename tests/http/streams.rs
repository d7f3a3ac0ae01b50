use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::client::{Client, PASSWORD, new_email, run};

/// The events of a stream that ends.
fn events(text: &str) -> Vec<(String, Value)> {
    text.split("\n\n")
        .filter_map(|block| {
            let name = block.lines().find_map(|l| l.strip_prefix("event: "))?;
            let data = block.lines().find_map(|l| l.strip_prefix("data: "))?;
            Some((name.to_owned(), serde_json::from_str(data).unwrap()))
        })
        .collect()
}

#[test]
fn an_answer_streams_in_order() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let reply = ada.post("/api/ask/stream", json!({ "query": "incense, no rose" })).await;
        assert_eq!(reply.headers[header::CONTENT_TYPE], "text/event-stream");
        let events = events(&reply.text);
        let names: Vec<&str> = events.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names.first(), Some(&"intent"));
        assert_eq!(names.iter().filter(|n| **n == "recommendation").count(), 5);
        assert_eq!(names.last(), Some(&"done"));
        let last_candidate = names.iter().rposition(|n| *n == "recommendation").unwrap();
        let first_word = names.iter().position(|n| *n == "token").unwrap();
        assert!(last_candidate < first_word, "{names:?}");
        let done = &events.last().unwrap().1;
        let logged = ada.get(&format!("/api/ask/get?id={}", done["query_id"].as_str().unwrap())).await.ok();
        assert_eq!(logged["recommendations"], done["recommendations"]);
    });
}

/// Listens to the stages of somebody's memories.
async fn listening(router: &Router, who: &Client) -> Body {
    let request = Request::builder().uri("/api/events").header(header::COOKIE, who.cookie.clone().unwrap());
    let mut body = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_body();
    let greeting = body.frame().await.unwrap().unwrap();
    assert!(greeting.data_ref().unwrap().starts_with(b":"));
    body
}

/// What a stream still says until it ends.
async fn rest(body: Body) -> String {
    let rest = tokio::time::timeout(Duration::from_secs(60), body.collect()).await.expect("it does not end").unwrap();
    String::from_utf8(rest.to_bytes().into()).unwrap()
}

#[test]
fn who_is_not_signed_in_any_more_hears_nothing_more() {
    run(|router| async move {
        let email = new_email();
        let mut here = Client::new(&router);
        here.sign_up(&email).await;
        let elsewhere = || async {
            let mut there = Client::new(&router);
            let reply = there.post("/api/accounts/sign_in", json!({ "email": email, "password": PASSWORD })).await;
            there.keep_cookie(&reply);
            there
        };
        let (signed_out, revoked) = (elsewhere().await, elsewhere().await);
        let streams = [listening(&router, &signed_out).await, listening(&router, &revoked).await];
        let own = revoked.get("/api/accounts/sessions").await.ok();
        let session = own.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap()["id"].clone();
        signed_out.post("/api/accounts/sign_out", json!({})).await.ok();
        here.post("/api/accounts/revoke_session", json!({ "id": session })).await.ok();
        here.remember("Moss and wet bark.").await;
        for stream in streams {
            let said = rest(stream).await;
            assert!(events(&said).is_empty(), "{said}");
        }
        let stream = listening(&router, &here).await;
        here.post("/api/accounts/delete", json!({ "password": PASSWORD })).await.ok();
        rest(stream).await;
    });
}

#[test]
fn the_stages_of_a_memory_are_told_to_its_owner_only() {
    run(|router| async move {
        let (ada, eve) = (Client::signed_up(&router).await, Client::signed_up(&router).await);
        let listen = |who: &Client| {
            let request =
                Request::builder().method(Method::GET).uri("/api/events").header(header::COOKIE, who.cookie.clone().unwrap());
            router.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        let (mut hers, mut theirs) = (listen(&ada).await.unwrap().into_body(), listen(&eve).await.unwrap().into_body());
        let memory = ada.post("/api/memories/add", json!({ "content": "Moss and wet bark." })).await.ok();

        let mut heard = String::new();
        while !heard.contains("\"ready\"") {
            let frame = tokio::time::timeout(Duration::from_secs(60), hers.frame())
                .await
                .expect("no event for a minute")
                .unwrap()
                .unwrap();
            heard.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
        let stages: Vec<String> = events(&heard)
            .into_iter()
            .filter(|(_, e)| e["id"] == memory["id"])
            .map(|(_, e)| e["stage"].as_str().unwrap().to_owned())
            .collect();
        let order = ["received", "reading", "enhancing", "chunking", "embedding", "extracting", "learning", "ready"];
        let positions: Vec<usize> = stages.iter().map(|s| order.iter().position(|o| o == s).unwrap()).collect();
        assert!(positions.is_sorted() && positions.len() >= 4, "{stages:?}");

        // The first frame is a greeting; nothing of the memory may follow it.
        let greeting = theirs.frame().await.unwrap().unwrap();
        assert!(greeting.data_ref().unwrap().starts_with(b":"));
        assert!(tokio::time::timeout(Duration::from_millis(200), theirs.frame()).await.is_err(), "somebody else heard of it");
    });
}
