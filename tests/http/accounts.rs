use axum::http::{StatusCode, header};
use serde_json::json;

use crate::client::{Client, PASSWORD, multipart, new_email, run, upload};

#[test]
fn signing_up_signs_in_and_signing_out_ends_it() {
    run(|router| async move {
        let mut ada = Client::new(&router);
        let email = new_email();
        let reply = ada
            .post(
                "/api/accounts/sign_up",
                json!({ "email": format!("  {} ", email.to_uppercase()), "password": PASSWORD, "name": "Ada" }),
            )
            .await;
        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
        ada.keep_cookie(&reply);
        assert_eq!(reply.ok()["email"], email.as_str());
        assert_eq!(ada.get("/api/accounts/me").await.ok()["name"], "Ada");
        assert!(!ada.get("/api/accounts/me").await.text.contains("argon2"));

        let sessions = ada.get("/api/accounts/sessions").await.ok();
        assert_eq!(sessions.as_array().unwrap().len(), 1);
        assert_eq!(sessions[0]["current"], true);

        ada.post("/api/accounts/sign_out", json!({})).await.ok();
        ada.get("/api/accounts/me").await.error(401);
    });
}

#[test]
fn an_email_is_taken_once_and_a_wrong_password_tells_nothing() {
    run(|router| async move {
        let email = new_email();
        let mut ada = Client::new(&router);
        ada.sign_up(&email).await;
        let again =
            ada.post("/api/accounts/sign_up", json!({ "email": email, "password": PASSWORD, "name": "Eve" })).await.error(409);
        assert_eq!(again["field"], "email");

        let eve = Client::new(&router);
        let wrong = eve.post("/api/accounts/sign_in", json!({ "email": email, "password": "not the password" })).await.error(401);
        let unknown =
            eve.post("/api/accounts/sign_in", json!({ "email": new_email(), "password": "not the password" })).await.error(401);
        assert_eq!(wrong, unknown);
    });
}

#[test]
fn weak_passwords_are_refused_with_the_field_named() {
    run(|router| async move {
        let client = Client::new(&router);
        for password in ["short", "1234567890", "qwertyuiop", "password123"] {
            let body = json!({ "email": new_email(), "password": password, "name": "Ada" });
            assert_eq!(client.post("/api/accounts/sign_up", body).await.error(400)["field"], "password", "{password}");
        }
        let body = json!({ "email": "nonsense", "password": PASSWORD, "name": "Ada" });
        assert_eq!(client.post("/api/accounts/sign_up", body).await.error(400)["field"], "email");
        let body = json!({ "email": new_email(), "name": "Ada" });
        assert_eq!(client.post("/api/accounts/sign_up", body).await.error(400)["field"], "password");
    });
}

#[test]
fn another_session_can_be_ended_but_not_another_persons() {
    run(|router| async move {
        let email = new_email();
        let mut laptop = Client::new(&router);
        laptop.sign_up(&email).await;
        let mut phone = Client::new(&router);
        let reply = phone.post("/api/accounts/sign_in", json!({ "email": email, "password": PASSWORD })).await;
        phone.keep_cookie(&reply);
        let sessions = laptop.get("/api/accounts/sessions").await.ok();
        let other = sessions.as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].clone();

        let stranger = Client::signed_up(&router).await;
        stranger.post("/api/accounts/revoke_session", json!({ "id": other })).await.error(404);
        phone.get("/api/accounts/me").await.ok();
        laptop.post("/api/accounts/revoke_session", json!({ "id": other })).await.ok();
        phone.get("/api/accounts/me").await.error(401);
    });
}

#[test]
fn forms_work_without_javascript() {
    run(|router| async move {
        let email = new_email();
        let mut ada = Client::new(&router);
        let body = format!("email={}&password=wet+stone+after+rain&name=Ada&next=%2Fask%3Fq%3Drain", email.replace('@', "%40"));
        let reply = ada.form("/api/accounts/sign_up", &body, "http://flowery.test/sign-up").await;
        assert_eq!(reply.status, StatusCode::FOUND);
        assert_eq!(reply.headers[header::LOCATION], "/ask?q=rain");
        ada.keep_cookie(&reply);
        ada.get("/api/accounts/me").await.ok();

        let wrong = format!("email={}&password=wrong+password", email.replace('@', "%40"));
        let reply = Client::new(&router).form("/api/accounts/sign_in", &wrong, "http://flowery.test/sign-in").await;
        assert_eq!(reply.status, StatusCode::FOUND);
        let back = reply.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert!(back.starts_with("http://flowery.test/sign-in?") && back.contains("__err="), "{back}");
        let page = Client::new(&router).page(back.trim_start_matches("http://flowery.test")).await;
        assert!(page.text.contains("role=\"alert\""), "the page does not show what went wrong");
    });
}

#[test]
fn a_deleted_account_is_gone() {
    run(|router| async move {
        let email = new_email();
        let mut ada = Client::new(&router);
        ada.sign_up(&email).await;
        ada.remember("Cinnamon and smoke in my grandmother's kitchen.").await;
        let export = ada.post("/api/accounts/export", json!({})).await.ok().to_string();
        assert!(export.contains("grandmother's kitchen") && !export.contains("argon2"));
        ada.post("/api/accounts/delete", json!({ "password": "not the password" })).await.error(403);
        ada.post("/api/accounts/delete", json!({ "password": PASSWORD })).await.ok();
        ada.get("/api/accounts/me").await.error(401);
        ada.post("/api/accounts/sign_in", json!({ "email": email, "password": PASSWORD })).await.error(401);
        ada.sign_up(&email).await;
    });
}

#[test]
fn what_was_set_aside_goes_with_who_signs_out() {
    run(|router| async move {
        let mut ada = Client::signed_up(&router).await;
        let request = upload().header(header::ACCEPT, "text/html").header(header::ORIGIN, "http://flowery.test");
        let body = multipart("a.png", b"no picture", &[("content", "The cellar smelled of apples.")]);
        let refused = ada.send(request.body(body).unwrap()).await;
        let aside = refused.headers.get_all(header::SET_COOKIE).iter().find_map(|value| value.to_str().ok()?.split(';').next());
        let aside = aside.expect("what was typed is set aside").to_owned();
        assert!(aside.starts_with("flowery_typed="), "{aside}");
        let here = |session: Option<String>| session.into_iter().chain([aside.clone()]).collect::<Vec<_>>().join("; ");
        let first = ada.cookie.clone();
        ada.cookie = Some(here(first.clone()));
        assert!(ada.page("/memories/new").await.text.contains("smelled of apples"));
        ada.post("/api/accounts/sign_out", json!({})).await.ok();
        let mut eve = Client::signed_up(&router).await;
        eve.cookie = Some(here(eve.cookie.clone()));
        assert!(!eve.page("/memories/new").await.text.contains("smelled of apples"), "another person finds what was typed");
    });
}

#[test]
fn who_makes_an_account_is_told_who_reads_along() {
    run(|router| async move {
        let page = Client::new(&router).page("/sign-up").await.text;
        assert!(page.contains("whoever runs the house technically could") && page.contains("no model elsewhere"), "{page}");
    });
}
