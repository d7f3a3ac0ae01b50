use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;

use crate::client::{Client, PASSWORD, new_email, run};

#[test]
fn every_error_has_the_contracts_shape() {
    run(|router| async move {
        let client = Client::signed_up(&router).await;
        client.get("/api/no/such/thing").await.error(404);
        client.get("/api/ask/submit").await.error(405);
        let broken = Request::builder().method(Method::POST).uri("/api/ask/submit").body(Body::from("{\"query\": ")).unwrap();
        client.send(broken).await.error(400);
        assert_eq!(client.post("/api/ask/submit", json!({})).await.error(400)["field"], "query");
        assert_eq!(client.post("/api/ask/submit", json!({ "query": "  " })).await.error(400)["field"], "query");
        client.post("/api/ask/submit", json!({ "query": 7 })).await.error(400);
        assert_eq!(
            client.post("/api/feedback/react", json!({ "recommendation_id": "x", "reaction": "sneezed" })).await.error(400)["field"],
            "reaction"
        );
        assert_eq!(
            client.post("/api/memories/add", json!({ "content": "x", "season": "monsoon" })).await.error(400)["field"],
            "season"
        );
        assert_eq!(
            client.post("/api/memories/add", json!({ "content": "x", "happened_at": "soon" })).await.error(400)["field"],
            "happened_at"
        );
        assert_eq!(
            client.post("/api/profile/update", json!({ "disliked_notes": ["no such smell"] })).await.error(400)["field"],
            "disliked_notes"
        );
        assert_eq!(
            client
                .post("/api/collection/set", json!({ "fragrance_id": "guerlain_shalimar_eau_de_parfum", "rating": 9 }))
                .await
                .error(400)["field"],
            "rating"
        );
        client.post("/api/collection/set", json!({ "fragrance_id": "no_such_perfume", "owned": true })).await.error(404);
    });
}

#[test]
fn private_things_want_a_sign_in() {
    run(|router| async move {
        let nobody = Client::new(&router);
        for path in [
            "/api/accounts/me",
            "/api/memories/list",
            "/api/memories/get?id=x",
            "/api/ask/history",
            "/api/profile/get",
            "/api/collection/list",
            "/api/events",
        ] {
            nobody.get(path).await.error(401);
        }
        for path in ["/api/memories/add", "/api/ask/submit", "/api/ask/stream", "/api/accounts/export"] {
            nobody.post(path, json!({ "content": "x", "query": "x" })).await.error(401);
        }
    });
}

/// What the contract leaves open to everybody.
const OPEN: [&str; 7] = [
    "/api/accounts/sign_up",
    "/api/accounts/sign_in",
    "/api/accounts/sign_out",
    "/api/catalog/search",
    "/api/catalog/fragrance",
    "/api/catalog/notes",
    "/api/catalog/similar",
];

#[test]
fn who_is_signed_out_hears_that_before_anything_about_arguments() {
    run(|router| async move {
        let nobody = Client::new(&router);
        let mut stale = Client::new(&router);
        stale.cookie = Some(format!("flowery_session={}", "0".repeat(64)));
        let mut private = 0;
        for (path, method) in server_fn::axum::server_fn_paths() {
            if OPEN.contains(&path) {
                continue;
            }
            private += 1;
            for client in [&nobody, &stale] {
                for body in ["", "{}", "{\"query_id\": \"x\"", "a=b"] {
                    let request = Request::builder().method(method.clone()).uri(path).body(Body::from(body)).unwrap();
                    assert_eq!(client.send(request).await.error(401)["code"], "unauthenticated", "{path} {body}");
                }
            }
        }
        assert!(private > 40, "{private}");
        for path in ["/api/memories/original", "/api/memories/original?id=a&id=b", "/api/events"] {
            nobody.get(path).await.error(401);
        }
        for path in ["/api/ask/stream", "/api/memories/upload", "/api/admin/import"] {
            nobody.post(path, json!({})).await.error(401);
        }
        let head = Request::builder().method(Method::HEAD).uri("/api/memories/get").body(Body::empty()).unwrap();
        assert_eq!(nobody.send(head).await.status, StatusCode::UNAUTHORIZED);
        // What is not there is not private, and what is open stays open.
        nobody.get("/api/no/such/thing").await.error(404);
        nobody.get("/api/memories/add").await.error(405);
        nobody.get("/api/ask/stream").await.error(405);
        nobody.post("/api/accounts/sign_up", json!({})).await.error(400);
        nobody.post("/api/accounts/sign_in", json!({})).await.error(400);
        nobody.post("/api/accounts/sign_out", json!({})).await.ok();
        nobody.get("/api/catalog/fragrance").await.error(400);
        nobody.get("/api/catalog/similar").await.error(400);
        nobody.get("/api/catalog/search").await.ok();
        nobody.get("/api/catalog/notes").await.ok();
    });
}

#[test]
fn a_form_of_somebody_signed_out_comes_back_to_its_page() {
    run(|router| async move {
        let nobody = Client::new(&router);
        for body in ["title=x&content=A+walk", "", "happened_at=soon"] {
            let reply = nobody.form("/api/memories/add", body, "http://flowery.test/memories/new").await;
            assert_eq!(reply.status, StatusCode::FOUND, "{}", reply.text);
            let back = reply.headers[header::LOCATION].to_str().unwrap();
            assert!(back.starts_with("http://flowery.test/memories/new?"), "{back}");
            let page = nobody.page(back.trim_start_matches("http://flowery.test")).await;
            let to = page.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
            assert!(to.as_deref().is_some_and(|to| to.starts_with("/sign-in")), "{to:?} {}", page.status);
        }
    });
}

#[test]
fn too_much_is_refused_with_a_sentence() {
    run(|router| async move {
        let client = Client::signed_up(&router).await;
        let megabyte = "rose ".repeat(200_000);
        let error = client.post("/api/memories/add", json!({ "title": "x", "content": megabyte })).await.error(400);
        assert_eq!(error["field"], "content");
        assert!(error["message"].as_str().unwrap().contains("20000"));
        for field in ["title", "emotion", "location", "occasion"] {
            let mut body = json!({ "content": "x" });
            body[field] = json!("x".repeat(5000));
            assert_eq!(client.post("/api/memories/add", body).await.error(400)["field"], field);
        }
        assert_eq!(client.post("/api/ask/submit", json!({ "query": megabyte })).await.error(400)["field"], "query");
        client.post("/api/memories/add", json!({ "content": "x".repeat(3 * 1024 * 1024) })).await.error(413);
    });
}

#[test]
fn any_text_comes_back_as_it_was() {
    run(|router| async move {
        let client = Client::signed_up(&router).await;
        let odd = [
            "<script>alert('rose')</script><b>bold</b> &amp; \"quoted\"",
            "'; DELETE scent_memory; -- {{ $user }} type::record('user', 'x')",
            "rose 🌹 and 👩‍👩‍👧 emoji 𝒮",
            "ריח של ורד וקינמון \u{202e}esrever\u{202c}",
            "tabs\tand\u{7}bells\u{1b}[31m and\r\nline ends  ",
        ];
        for text in odd {
            let memory = client
                .post("/api/memories/add", json!({ "title": text, "content": text, "location": text, "emotion": text }))
                .await
                .ok();
            let id = memory["id"].as_str().unwrap();
            let memory = client.until_ready(id).await;
            for field in ["title", "content", "location", "emotion"] {
                assert_eq!(memory[field], text);
            }
            let page = client.page(&format!("/memories/{id}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.text.contains("<script>alert("), "the page runs what a person wrote");
            client.ask(text).await;
        }
    });
}

#[test]
fn ids_that_cannot_be_are_not_found() {
    run(|router| async move {
        let client = Client::signed_up(&router).await;
        for id in ["x", "user:abc", "..%2F..", "%27%3B%20DELETE", &"a".repeat(5000)] {
            client.get(&format!("/api/memories/get?id={id}")).await.error(404);
            client.get(&format!("/api/catalog/fragrance?id={id}")).await.error(404);
            client.get(&format!("/api/ask/get?id={id}")).await.error(404);
        }
        assert_eq!(client.page("/catalog/no_such_perfume").await.status, StatusCode::NOT_FOUND);
        assert_eq!(client.page("/no/such/page").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn other_sites_cannot_act_in_a_persons_name() {
    run(|router| async move {
        let client = Client::signed_up(&router).await;
        for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            let request = Request::builder().method(Method::POST).uri("/api/ask/submit").header(name, value);
            client.send(request.body(Body::from(r#"{"query":"rose"}"#)).unwrap()).await.error(403);
        }
        let request =
            Request::builder().method(Method::POST).uri("/api/accounts/sign_in").header("origin", "http://flowery.test");
        let body = json!({ "email": new_email(), "password": PASSWORD }).to_string();
        client.send(request.body(Body::from(body)).unwrap()).await.error(401);
    });
}

#[test]
fn every_response_carries_the_headers() {
    run(|router| async move {
        let page = Client::new(&router).page("/").await;
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("'strict-dynamic'") && policy.contains("nonce-"), "{policy}");
        assert_eq!(Client::new(&router).get("/health/live").await.status, StatusCode::OK);
        assert_eq!(Client::new(&router).get("/health/ready").await.status, StatusCode::OK);
        let metrics = Client::new(&router).get("/metrics").await;
        assert_eq!(metrics.status, StatusCode::OK);
        for figure in ["flowery_requests_total{", "flowery_perfumes 948"] {
            assert!(metrics.text.contains(figure), "{figure} is not in {}", metrics.text);
        }
    });
}
