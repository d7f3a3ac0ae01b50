//! A provider over a socket: files, jobs and chat, as OpenAI's interface has them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    http::{Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::ai::{Secret, openai::Endpoint};

pub const BASE: &str = "small-model";
pub const TUNED: &str = "ft:small-model:flowery:1";

/// What the provider holds and how it behaves.
#[derive(Default)]
pub struct State {
    /// Name and content by id.
    pub files: BTreeMap<String, (String, String)>,
    /// File and status by id.
    pub jobs: BTreeMap<String, (String, String)>,
    pub jobs_made: usize,
    pub files_made: usize,
    pub looks: usize,
    pub cancelled: usize,
    pub chats: usize,
    /// Does what the next call with this method and end of path asks for, and never answers.
    pub hang_after: Option<(Method, &'static str)>,
    /// Answers calls with this method and part of the path so, so many times.
    pub instead: Option<(Method, &'static str, usize, u16, String)>,
    /// How a job ends, in the end.
    pub outcome: Option<Value>,
    /// Looks before it ends.
    pub patience: usize,
    /// Both models write the same good answer, in the form that is asked for.
    pub obeys: bool,
    /// The tuned model writes no better than the base model.
    pub learns_nothing: bool,
}

pub struct Provider {
    pub state: Arc<Mutex<State>>,
    address: std::net::SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Provider {
    pub async fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let handler = move |method: Method, uri: Uri, body: Bytes| {
            let state = Arc::clone(&shared);
            async move {
                let answer = serve(&mut state.lock().unwrap(), &method, uri.path(), &body);
                match answer {
                    Some(response) => response,
                    None => std::future::pending().await,
                }
            }
        };
        let task = tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await.unwrap() });
        Self { state, address, task }
    }

    pub fn endpoint(&self) -> Arc<Endpoint> {
        Arc::new(Endpoint::new(&format!("http://{}/v1", self.address), Secret::new("sk-secret-of-the-test")).unwrap())
    }
}

fn json(value: Value) -> Response {
    axum::Json(value).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, axum::Json(json!({ "error": { "message": "no such thing" } }))).into_response()
}

/// None where the answer never comes.
fn serve(state: &mut State, method: &Method, path: &str, body: &[u8]) -> Option<Response> {
    if let Some((of, part, times, status, text)) = &mut state.instead
        && *of == *method
        && path.contains(*part)
        && *times > 0
    {
        *times -= 1;
        let kind = if text.starts_with('<') { "text/html" } else { "application/json" };
        let answer = [(header::CONTENT_TYPE, kind), (header::RETRY_AFTER, "0")];
        return Some((StatusCode::from_u16(*status).unwrap(), answer, text.clone()).into_response());
    }
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    let answer = match (method.as_str(), parts.as_slice()) {
        ("GET", ["files"]) => {
            let files = state.files.iter().map(|(id, (name, _))| json!({ "id": id, "filename": name, "purpose": "fine-tune" }));
            json(json!({ "object": "list", "data": files.collect::<Vec<_>>(), "has_more": false }))
        }
        ("POST", ["files"]) => {
            state.files_made += 1;
            let id = format!("file-{}", state.files_made);
            let text = String::from_utf8_lossy(body).into_owned();
            let name = text.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
            let content: String = text.lines().filter(|line| line.starts_with('{')).map(|line| format!("{line}\n")).collect();
            assert!(text.contains("name=\"purpose\"") && text.contains("fine-tune"));
            state.files.insert(id.clone(), (name.clone(), content));
            json(json!({ "id": id, "object": "file", "filename": name, "bytes": body.len(), "status": "processed" }))
        }
        ("DELETE", ["files", id]) => match state.files.remove(*id) {
            Some(_) => json(json!({ "id": id, "deleted": true })),
            None => missing(),
        },
        ("GET", ["fine_tuning", "jobs"]) => {
            let jobs = state.jobs.iter().map(|(id, (file, status))| json!({ "id": id, "training_file": file, "status": status }));
            json(json!({ "object": "list", "data": jobs.collect::<Vec<_>>(), "has_more": false }))
        }
        ("POST", ["fine_tuning", "jobs"]) => {
            let asked: Value = serde_json::from_slice(body).unwrap();
            let file = asked["training_file"].as_str().unwrap().to_owned();
            assert!(state.files.contains_key(&file), "a training on a file that is not there");
            assert_eq!(asked["model"], BASE);
            assert_eq!(asked["method"]["supervised"]["hyperparameters"]["n_epochs"], 3);
            state.jobs_made += 1;
            let id = format!("ftjob-{}", state.jobs_made);
            state.jobs.insert(id.clone(), (file.clone(), "validating_files".into()));
            json(json!({ "id": id, "training_file": file, "status": "validating_files", "fine_tuned_model": null, "error": {} }))
        }
        ("GET", ["fine_tuning", "jobs", id]) => {
            state.looks += 1;
            let (looks, patience, outcome) = (state.looks, state.patience, state.outcome.clone());
            match state.jobs.get_mut(*id) {
                None => missing(),
                Some((file, status)) => {
                    if status == "cancelled" {
                        json(json!({ "id": id, "status": "cancelled", "fine_tuned_model": null }))
                    } else if looks <= patience {
                        *status = ["queued", "running", "of_a_kind_nobody_knows"][looks % 3].to_owned();
                        json(json!({ "id": id, "training_file": file, "status": status, "trained_tokens": null, "error": null }))
                    } else {
                        let end = outcome.unwrap_or_else(|| {
                            json!({ "status": "succeeded", "fine_tuned_model": TUNED, "trained_tokens": 1_000_000, "error": {} })
                        });
                        end["status"].as_str().unwrap_or_default().clone_into(status);
                        json(end)
                    }
                }
            }
        }
        ("POST", ["fine_tuning", "jobs", id, "cancel"]) => match state.jobs.get_mut(*id) {
            Some((_, status)) if !matches!(status.as_str(), "succeeded" | "failed" | "cancelled") => {
                state.cancelled += 1;
                *status = "cancelled".into();
                json(json!({ "id": id, "status": "cancelled" }))
            }
            _ => (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": { "message": "it has ended" } }))).into_response(),
        },
        ("POST", ["chat", "completions"]) => {
            state.chats += 1;
            let asked: Value = serde_json::from_slice(body).unwrap();
            let good = asked["model"] == TUNED && !state.learns_nothing;
            let order = if good { ["c2", "c1"] } else { ["c1", "c2"] };
            let evidence = json!([{ "id": "c1.f1", "quote": "" }]);
            let said = json!([{ "about": "c1", "text": "It has cedar.", "evidence": evidence }]);
            let answer = if state.obeys {
                let places = &asked["response_format"]["json_schema"]["schema"]["properties"]["order"]["required"];
                assert_eq!(*places, json!(["first", "second"]), "it was not told the form of the answer");
                format!("```json\n{}\n```", json!({ "order": { "first": "c2", "second": "c1" }, "sentences": said }))
            } else {
                json!({ "order": order, "sentences": said }).to_string()
            };
            json(json!({
                "choices": [{ "message": { "role": "assistant", "content": answer }, "finish_reason": "stop" }],
                "usage": { "prompt_tokens": 1_000, "completion_tokens": 100 },
            }))
        }
        _ => missing(),
    };
    if let Some((of, end)) = &state.hang_after
        && *of == *method
        && path.ends_with(*end)
    {
        state.hang_after = None;
        return None;
    }
    Some(answer)
}
