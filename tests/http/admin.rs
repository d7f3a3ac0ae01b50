//! The operator's area.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use axum::http::{Request, header};
use flowery::{
    domain::{account::Role, ids::FineTuningJobId},
    store::{
        job::{self, Outcome},
        served_model,
    },
};
use serde_json::{Value, json};

use crate::client::{Client, House, LEFT_BEHIND, alone, file_first, multipart, new_email};

const READ: [&str; 6] = [
    "/api/admin/jobs",
    "/api/admin/models/list",
    "/api/admin/fine_tuning/list",
    "/api/admin/usage",
    "/api/admin/users",
    "/api/admin/examples",
];
const WRITE: [&str; 8] = [
    "/api/admin/jobs/retry",
    "/api/admin/jobs/cancel",
    "/api/admin/models/deploy",
    "/api/admin/models/rollback",
    "/api/admin/fine_tuning/start",
    "/api/admin/fine_tuning/cancel",
    "/api/admin/examples/remove",
    "/api/admin/import",
];
const PAGES: [&str; 7] =
    ["/admin", "/admin/models", "/admin/fine-tuning", "/admin/usage", "/admin/import", "/admin/users", "/admin/examples"];

async fn operator(house: &House) -> Client {
    let email = new_email();
    let mut client = Client::new(&house.router);
    client.sign_up(&email).await;
    house.rooms.accounts.set_role(&email, Role::Admin).await.unwrap();
    client
}

fn arguments() -> Value {
    json!({ "id": "x", "kind": "ranker", "name": "linear-2" })
}

async fn import(client: &Client, name: &str, bytes: &[u8]) -> crate::client::Reply {
    import_with(client, name, bytes, &[]).await
}

async fn import_with(client: &Client, name: &str, bytes: &[u8], words: &[(&str, &str)]) -> crate::client::Reply {
    let request = Request::post("/api/admin/import")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={}", crate::client::BOUNDARY));
    client.send(request.body(multipart(name, bytes, words)).unwrap()).await
}

/// The job of an import, when it has ended.
async fn ended(operator: &Client, id: &Value) -> Value {
    for _ in 0..1200 {
        let report = operator.get("/api/admin/jobs").await.ok();
        let jobs = report["items"].as_array().unwrap();
        if let Some(job) = jobs.iter().find(|job| job["id"] == *id)
            && ["done", "failed"].contains(&job["state"].as_str().unwrap())
        {
            return job.clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job did not end");
}

#[test]
fn the_area_is_for_operators_alone() {
    alone(|house| async move {
        let (stranger, member) = (Client::new(&house.router), Client::signed_up(&house.router).await);
        for path in READ {
            stranger.get(path).await.error(401);
            member.get(path).await.error(403);
        }
        for path in WRITE {
            stranger.post(path, arguments()).await.error(401);
            member.post(path, arguments()).await.error(403);
        }
        import(&member, "catalog.csv", b"brand,name\n").await.error(403);
        for path in PAGES {
            assert!(stranger.page(path).await.status.is_redirection(), "{path}");
            let page = member.page(path).await;
            assert_eq!(page.status.as_u16(), 403, "{path}: {}", page.text);
            assert!(page.text.contains("This is for the operators of the house."), "{path}");
        }
        assert!(!member.page("/settings").await.text.contains("href=\"/admin\""));

        // The role is looked up with every request: granted it opens, revoked it closes.
        let email = new_email();
        let mut ada = Client::new(&house.router);
        ada.sign_up(&email).await;
        ada.get(READ[0]).await.error(403);
        house.rooms.accounts.set_role(&email, Role::Admin).await.unwrap();
        for path in READ {
            ada.get(path).await.ok();
        }
        for path in PAGES {
            assert_eq!(ada.page(path).await.status.as_u16(), 200, "{path}");
        }
        assert!(ada.page("/settings").await.text.contains("href=\"/admin\""));
        house.rooms.accounts.set_role(&email, Role::Member).await.unwrap();
        ada.get(READ[0]).await.error(403);
    });
}

#[test]
fn the_operator_sees_counts_and_nothing_that_people_wrote() {
    alone(|house| async move {
        let email = new_email();
        let mut ada = Client::new(&house.router);
        ada.sign_up(&email).await;
        let memory = ada.remember("The unmistakable attic of Zanzibar smelled of cedar.").await;
        ada.ask("something like an unmistakable attic").await;
        let operator = operator(&house).await;
        let mut all = String::new();
        for path in READ {
            all.push_str(&operator.get(path).await.ok().to_string());
        }
        for path in PAGES {
            all.push_str(&operator.page(path).await.text);
        }
        for private in ["unmistakable", "Zanzibar", email.as_str()] {
            assert!(!all.contains(private), "{private}");
        }
        let census = operator.get("/api/admin/users").await.ok();
        let states = census["items"].as_array().unwrap();
        assert!(census["people"] == states.len() && census["operators"].as_u64() >= Some(1), "{census}");
        let id = ada.get("/api/accounts/me").await.ok()["id"].clone();
        let state = states.iter().find(|state| state["id"] == id).unwrap();
        assert_eq!((&state["memories"], &state["questions"], &state["role"]), (&json!(1), &json!(1), &json!("member")));
        let jobs = operator.get("/api/admin/jobs").await.ok();
        let is_done = |count: &Value| count["kind"] == "understand_memory" && count["state"] == "done" && count["count"] == 1;
        assert!(jobs["counts"].as_array().unwrap().iter().any(is_done), "{jobs}");
        let narrowed = operator.get("/api/admin/jobs?kind=understand_memory&state=done").await.ok();
        assert_eq!(narrowed["items"].as_array().unwrap().len(), 1);
        for nothing in ["kind=understand_memory&state=failed", "kind=fold_paper"] {
            assert_eq!(operator.get(&format!("/api/admin/jobs?{nothing}")).await.ok()["items"], json!([]), "{nothing}");
        }
        operator.get("/api/admin/jobs?state=lost").await.error(400);
        let job = jobs["items"].as_array().unwrap().iter().find(|job| job["subject"] == memory["id"]).unwrap();
        assert!(operator.get("/api/admin/usage").await.ok()["questions"].as_u64() >= Some(1));
        // What is done cannot be tried again.
        operator.post("/api/admin/jobs/retry", json!({ "id": job["id"] })).await.error(409);
        operator.post("/api/admin/jobs/retry", json!({ "id": "none" })).await.error(404);
        operator.post("/api/admin/jobs/cancel", json!({ "id": job["id"] })).await.error(409);
        operator.post("/api/admin/jobs/cancel", json!({ "id": "none" })).await.error(404);
    });
}

#[test]
fn models_are_deployed_and_rolled_back_and_it_is_told_by_whom() {
    alone(|house| async move {
        let operator = operator(&house).await;
        let ranking = |models: Value| models[0].clone();
        let first = ranking(operator.get("/api/admin/models/list").await.ok());
        assert_eq!((&first["kind"], &first["in_service"]), (&json!("ranker"), &json!("linear-2")));
        operator.post("/api/admin/models/rollback", json!({ "kind": "ranker" })).await.error(409);
        operator.post("/api/admin/models/deploy", json!({ "kind": "ranker", "name": "ranker-9" })).await.error(404);
        operator.post("/api/admin/models/deploy", json!({ "kind": "oracle", "name": "ranker-9" })).await.error(400);
        operator.post("/api/admin/models/deploy", json!({ "kind": "openai", "name": "gpt" })).await.error(409);

        let weights = BTreeMap::from([("season".to_owned(), 2.0)]);
        let job = FineTuningJobId::from_key("none");
        let name = served_model::insert_ranker(&house.store, weights, &job).await.unwrap();
        let deployed = ranking(operator.post("/api/admin/models/deploy", json!({ "kind": "ranker", "name": name })).await.ok());
        assert_eq!((&deployed["in_service"], &deployed["before"]), (&json!("ranker-1"), &json!("linear-2")));
        assert_eq!(deployed["models"][0]["moved"][0]["feature"], "season");
        let ada = Client::signed_up(&house.router).await;
        let version = |answer: Value, client: Client| async move {
            let id = answer["query_id"].as_str().unwrap().to_owned();
            client.get(&format!("/api/ask/get?id={id}")).await.ok()["model_version"].as_str().unwrap().to_owned()
        };
        let answer = ada.ask("a fresh perfume for summer").await;
        assert!(version(answer, ada.clone()).await.starts_with("ranker-1+"), "it serves at once");

        // The one click, without JavaScript.
        let reply = operator.form("/api/admin/models/rollback", "kind=ranker", "http://flowery.test/admin/models").await;
        assert!(reply.status.is_redirection(), "{} {}", reply.status, reply.text);
        let back = ranking(operator.get("/api/admin/models/list").await.ok());
        assert_eq!(back["in_service"], "linear-2");
        let answer = ada.ask("a fresh perfume for summer").await;
        assert!(version(answer, ada.clone()).await.starts_with("linear-2+"));
        let log = back["deployments"].as_array().unwrap();
        let actions: Vec<&str> = log.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["rollback", "deploy"]);
        assert!(log.iter().all(|entry| entry["actor"] == "operator" && entry["operator"] == "Ada" && entry["at"].is_string()));
        assert!(operator.page("/admin/models").await.text.contains("ranker-1"));
    });
}

#[test]
fn trainings_are_started_and_tell_why_nothing_came_of_them() {
    alone(|house| async move {
        let operator = operator(&house).await;
        let trained = operator.post("/api/admin/fine_tuning/start", json!({ "kind": "ranker" })).await.ok();
        assert_eq!((&trained["status"], &trained["actor"]), (&json!("ended"), &json!("operator")));
        assert!(trained["decision"].as_str().unwrap().contains("too few"), "{trained}");
        let report = operator.get("/api/admin/fine_tuning/list").await.ok();
        assert_eq!(report["items"][0]["id"], trained["id"]);
        assert!(report["obstacle"].as_str().unwrap().contains("FLOWERY_CHAT_MODEL"));
        operator.post("/api/admin/fine_tuning/start", json!({ "kind": "openai" })).await.error(409);
        operator.post("/api/admin/fine_tuning/cancel", json!({ "id": "none" })).await.error(404);
        operator.post("/api/admin/fine_tuning/cancel", json!({ "id": trained["id"] })).await.error(409);
    });
}

#[test]
fn a_catalog_is_uploaded_imported_and_found() {
    alone(|house| async move {
        let operator = operator(&house).await;
        let files = || std::fs::read_dir(house.data.join("imports")).unwrap().count();
        let before = files();
        let csv = "Brand,Name,Year,Top notes,Base notes\nMaison Essai,Cèdre du Test,2020,bergamot,cedar\n";
        // A rehearsal first.
        let receipt = import_with(&operator, "c.csv", csv.as_bytes(), &[("source", "auto"), ("dry_run", "true")]).await.ok();
        let job = ended(&operator, &receipt["job_id"]).await;
        assert!(job["progress"].as_str().unwrap().contains("rehearsal"), "{job}");
        let found = operator.get("/api/catalog/search?q=C%C3%A8dre%20du%20Test").await.ok();
        assert!(!found.to_string().contains("Maison Essai"), "{found}");
        import_with(&operator, "c.csv", csv.as_bytes(), &[("source", "basenotes")]).await.error(400);

        let receipt = import(&operator, "../../etc/passwd", csv.as_bytes()).await.ok();
        let job = ended(&operator, &receipt["job_id"]).await;
        assert_eq!(job["state"], "done", "{job}");
        assert!(job["progress"].as_str().unwrap().contains("1 perfumes are new"), "{job}");
        let found = operator.get("/api/catalog/search?q=C%C3%A8dre%20du%20Test").await.ok();
        assert_eq!(found["items"][0]["brand"], "Maison Essai", "{found}");

        import(&operator, "empty.csv", b"").await.error(400);
        import(&operator, "picture.csv", b"\x89PNG\r\n\x1a\n\0\0").await.error(415);
        let nonsense = import(&operator, "nonsense.csv", b"<html>hello</html>\n").await.ok();
        let job = ended(&operator, &nonsense["job_id"]).await;
        assert_eq!(job["state"], "failed");
        let error = job["error"].as_str().unwrap();
        assert!(error.ends_with('.') && !error.contains('/'), "{job}");
        operator.post("/api/admin/jobs/cancel", json!({ "id": job["id"] })).await.error(409);
        assert_eq!(files(), before, "a file was left lying about");

        // The form without JavaScript: to the page of the imports, and back with what is wrong.
        let page = |bytes: &'static [u8]| {
            Request::post("/api/admin/import")
                .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={}", crate::client::BOUNDARY))
                .header(header::ACCEPT, "text/html")
                .header(header::ORIGIN, "http://flowery.test")
                .body(multipart("c.csv", bytes, &[("source", "auto")]))
                .unwrap()
        };
        let reply = operator.send(page(b"")).await;
        let back = reply.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert!(operator.page(&back).await.text.contains("This file is empty."), "{back}");
        let reply = operator.send(page(b"Brand,Name\nMaison Essai,Another\n")).await;
        assert_eq!(reply.headers[header::LOCATION], "/admin/import");
        let page = operator.page("/admin/import").await;
        assert!(page.status.is_success() && page.text.contains("This import is"), "{}", page.text);
    });
}

#[test]
fn a_rehearsal_is_one_wherever_the_form_says_so() {
    alone(|house| async move {
        let operator = operator(&house).await;
        // What an import before this one has left goes in its own time.
        let files = || -> BTreeSet<_> {
            std::fs::read_dir(house.data.join("imports")).unwrap().map(|entry| entry.unwrap().file_name()).collect()
        };
        let before = files();
        let send = |words: &'static [(&str, &str)]| {
            let request = Request::post("/api/admin/import")
                .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={}", crate::client::BOUNDARY));
            operator.send(request.body(file_first("c.csv", b"Brand,Name\nMaison Essai,Vague du Test\n", words)).unwrap())
        };
        let receipt = send(&[("source", "auto"), ("dry_run", "true")]).await.ok();
        let job = ended(&operator, &receipt["job_id"]).await;
        assert!(job["progress"].as_str().unwrap().contains("rehearsal"), "{job}");
        let found = operator.get("/api/catalog/search?q=Vague%20du%20Test").await.ok();
        assert!(!found.to_string().contains("Vague du Test"), "{found}");
        send(&[("source", "basenotes")]).await.error(400);
        assert!(files().is_subset(&before), "a file that was not taken was left lying about");
    });
}

#[test]
fn what_a_killed_server_left_behind_is_gone_before_the_next_one_serves() {
    alone(|house| async move {
        for path in LEFT_BEHIND {
            assert!(!house.data.join(path).exists(), "{path}");
        }
    });
}

#[test]
fn jobs_are_cancelled_and_tried_again() {
    alone(|house| async move {
        let operator = operator(&house).await;
        let state = |id: String| {
            let operator = operator.clone();
            async move {
                let report = operator.get("/api/admin/jobs?kind=bake_bread").await.ok();
                report["items"].as_array().unwrap().iter().find(|job| job["id"] == id).unwrap().clone()
            }
        };
        // No worker here knows this kind: it waits.
        let bake = || async { house.rooms.queue.enqueue("bake_bread", "bread", json!({})).await.unwrap().to_string() };
        let waiting = bake().await;
        assert_eq!(state(waiting.clone()).await["state"], "queued");
        let report = operator.get("/api/admin/jobs").await.ok();
        assert!(report["oldest_waiting_s"].is_u64(), "{report}");
        let page = operator.page("/admin?kind=bake_bread").await.text;
        assert!(page.contains("bake bread: waiting") && page.contains("Cancel"), "{page}");
        let reply = operator.form("/api/admin/jobs/cancel", &format!("id={waiting}"), "http://flowery.test/admin").await;
        assert!(reply.status.is_redirection(), "{} {}", reply.status, reply.text);
        assert_eq!(state(waiting.clone()).await["state"], "cancelled");
        operator.post("/api/admin/jobs/cancel", json!({ "id": waiting })).await.error(409);
        operator.post("/api/admin/jobs/retry", json!({ "id": waiting })).await.error(409);

        // One that runs is taken from its worker.
        let kinds = ["bake_bread".to_owned()];
        let running = bake().await;
        let claimed = job::claim(&house.store, "baker", &kinds, &[], 60_000).await.unwrap().unwrap();
        assert_eq!((claimed.id.to_string(), state(running.clone()).await["state"].clone()), (running.clone(), json!("running")));
        operator.post("/api/admin/jobs/cancel", json!({ "id": running })).await.ok();
        assert!(!job::extend(&house.store, &claimed.id, "baker", 60_000).await.unwrap());
        job::release(&house.store, &claimed.id, "baker", Outcome::Done).await.unwrap();
        assert_eq!(state(running).await["state"], "cancelled", "the late baker changes nothing");

        // One that failed is tried again, unless a later one has done the same.
        let failed = bake().await;
        let claimed = job::claim(&house.store, "baker", &kinds, &[], 60_000).await.unwrap().unwrap();
        job::release(&house.store, &claimed.id, "baker", Outcome::Failed("The oven is cold.".into())).await.unwrap();
        let told = state(failed.clone()).await;
        assert_eq!(
            (&told["error"], &told["superseded"], &told["attempts"]),
            (&json!("The oven is cold."), &json!(false), &json!(1))
        );
        assert!(operator.page("/admin?state=failed").await.text.contains("The oven is cold."));
        operator.post("/api/admin/jobs/retry", json!({ "id": failed })).await.ok();
        let told = state(failed.clone()).await;
        assert_eq!((&told["state"], &told["attempts"], &told["error"]), (&json!("queued"), &json!(0), &Value::Null));
        let later = bake().await;
        assert_eq!(
            (&state(failed.clone()).await["superseded"], &state(later.clone()).await["superseded"]),
            (&json!(true), &json!(false))
        );
        for id in [failed, later] {
            operator.post("/api/admin/jobs/cancel", json!({ "id": id })).await.ok();
        }
    });
}
