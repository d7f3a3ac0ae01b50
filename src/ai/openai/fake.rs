//! A small server that speaks the provider's protocol over a socket, and misbehaves as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::Endpoint;
use crate::ai::Secret;

pub(crate) const KEY: &str = "sk-very-secret-0123456789";

/// What it answers.
pub(crate) enum Reply {
    Json(u16, Value),
    With(u16, Vec<(&'static str, String)>, String),
    /// Pieces of a stream, each after a pause; ends there.
    Stream(Vec<(Duration, Vec<u8>)>),
    /// As a stream, and then the connection breaks.
    Broken(Vec<u8>),
    Silence,
}

/// A request that was made.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub path: String,
    /// Null if it is no JSON.
    pub body: Value,
    pub bytes: Bytes,
    pub authorization: String,
}

pub(crate) struct Fake {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fake {
    /// Serves; `answer` is asked with the number of the request.
    pub async fn start(answer: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, answer) = (Arc::clone(&asked), Arc::new(answer));
        let handler = move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            async move {
                let asked = Asked {
                    path: uri.path().to_owned(),
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                    bytes: body,
                    authorization: headers.get("authorization").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default(),
                };
                let number = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(asked.clone());
                    kept.len() - 1
                };
                let reply = answer(number, &asked);
                respond(reply).await
            }
        };
        let task = tokio::spawn(async move {
            axum::serve(listener, Router::new().fallback(handler).layer(DefaultBodyLimit::disable())).await.unwrap()
        });
        Self { address, asked, task }
    }

    pub fn endpoint(&self) -> Arc<Endpoint> {
        Arc::new(Endpoint::new(&format!("http://{}/v1", self.address), Secret::new(KEY)).unwrap())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn respond(reply: Reply) -> Response {
    match reply {
        Reply::Json(status, body) => (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response(),
        Reply::With(status, headers, body) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            headers.into_iter().for_each(|(name, value)| drop(response.headers_mut().insert(name, value.parse().unwrap())));
            response
        }
        Reply::Stream(pieces) => {
            let body = stream::iter(pieces).then(|(pause, bytes)| async move {
                tokio::time::sleep(pause).await;
                Ok::<_, std::io::Error>(bytes)
            });
            event_stream(Body::from_stream(body))
        }
        Reply::Broken(bytes) => {
            let pieces = vec![Ok(bytes), Err(std::io::Error::other("the cable was pulled"))];
            // What was sent before has to be on its way first.
            let pause = || tokio::time::sleep(Duration::from_millis(50));
            event_stream(Body::from_stream(stream::iter(pieces).then(move |piece| async move {
                pause().await;
                piece
            })))
        }
        Reply::Silence => std::future::pending().await,
    }
}

fn event_stream(body: Body) -> Response {
    ([("content-type", "text/event-stream")], body).into_response()
}

/// The bytes of a whole stream that says a text, `size` characters at a time.
pub(crate) fn said(text: &str, size: usize, finish: &str) -> Vec<u8> {
    let chars: Vec<char> = text.chars().collect();
    let mut stream = String::from(": keep-alive\n\n");
    for piece in chars.chunks(size.max(1)) {
        let words: String = piece.iter().collect();
        stream += &event(&json!({ "choices": [{ "index": 0, "delta": { "content": words }, "finish_reason": null }] }));
    }
    stream += &event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": finish }] }));
    stream += &event(&json!({ "choices": [], "usage": { "prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150 } }));
    stream += "data: [DONE]\n\n";
    stream.into_bytes()
}

/// As [`said`], up to where the end would be told.
pub(crate) fn begun(text: &str) -> Vec<u8> {
    let mut stream = said(text, 50, "the_end");
    let end = stream.windows(9).position(|bytes| bytes == b"\"the_end\"").unwrap();
    let event = stream[..end].windows(6).rposition(|bytes| bytes == b"data: ").unwrap();
    stream.truncate(event);
    stream
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// A whole stream at once.
pub(crate) fn saying(text: &str) -> Reply {
    Reply::Stream(vec![(Duration::ZERO, said(text, 7, "stop"))])
}
