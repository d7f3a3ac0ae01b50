//! Reads an answer from the server while it is being given.

use std::ops::ControlFlow;

use futures::StreamExt;
use gloo_net::http::Request;
use serde_json::json;
use wasm_streams::ReadableStream;

use crate::{
    domain::{AppError, AppResult, sse::EventReader},
    ui::live_answer::Part,
};

/// Asks, and hands over each part as it comes until `take` breaks off. An answer that ends before it is done is an error.
pub async fn ask(query: &str, mut take: impl FnMut(Part) -> ControlFlow<()>) -> AppResult<()> {
    let out_of_reach = || AppError::unavailable("Flowery cannot be reached just now. Your question is still here.");
    let response = Request::post("/api/ask/stream")
        .header("Accept", "text/event-stream")
        .json(&json!({ "query": query }))
        .map_err(|_| AppError::internal())?
        .send()
        .await
        .map_err(|_| out_of_reach())?;
    if !response.ok() {
        return Err(response.json().await.unwrap_or_else(|_| AppError::internal()));
    }
    let body = response.body().ok_or_else(AppError::internal)?;
    let mut pieces = ReadableStream::from_raw(body).into_stream();
    let mut reader = EventReader::default();
    while let Some(piece) = pieces.next().await {
        let bytes = js_sys::Uint8Array::new(&piece.map_err(|_| broken_off())?).to_vec();
        for part in reader.push(&bytes).iter().filter_map(Part::read) {
            if take(part).is_break() {
                return Ok(());
            }
        }
    }
    Err(broken_off())
}

fn broken_off() -> AppError {
    AppError::unavailable("The answer broke off. Your question is still here: please ask again.")
}
