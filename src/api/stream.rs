//! Server-sent events: the stages of memories, and answers as they come into being.

use std::{convert::Infallible, future::ready, time::Duration};

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use bytes::Bytes;
use futures::{
    Stream, StreamExt,
    stream::{once, select},
};
use serde::Deserialize;
use serde_json::json;
use server_fn::Decodes;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{BroadcastStream, IntervalStream, ReceiverStream};

use super::{
    codec::JsonOrForm,
    house::{CurrentCaller, House, Limited},
};
use crate::{
    advisor::AskEvent,
    domain::{
        AppError,
        ids::UserId,
        text::{limits, required},
    },
};

/// An error as the answer of a route outside the server functions.
pub struct Refusal(AppError);

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self.0)).into_response();
        if let Some(seconds) = self.0.retry_after_s() {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

pub(super) fn user_of(caller: CurrentCaller) -> Result<UserId, AppError> {
    caller.0.map(|c| c.user.id).ok_or_else(AppError::unauthenticated)
}

fn keep_alive() -> KeepAlive {
    KeepAlive::new().interval(Duration::from_secs(15))
}

/// How often it is looked whether a listener is still signed in. Another browser of theirs may have ended it, or another process.
const LOOK: Duration = Duration::from_secs(5);

/// `GET /api/events`: every stage of the caller's memories, for as long as they are signed in.
pub async fn events(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let caller = caller.0.ok_or_else(AppError::unauthenticated)?;
    let me = caller.user.id.clone();
    let stages = BroadcastStream::new(house.understanding.progress()).filter_map(move |stage| {
        let mine = match stage {
            Ok((user, event)) if user == me => Event::default().event("memory").json_data(&event).ok(),
            // Somebody else's, or too far behind: the page reads the state anew when it matters.
            _ => None,
        };
        ready(mine)
    });
    let looks = IntervalStream::new(tokio::time::interval(LOOK)).map(|_| None);
    let events = select(stages.map(Some), looks)
        .then(move |event| {
            let (house, caller) = (house.clone(), caller.clone());
            // Whoever is cut off by a fault of ours comes back by themselves.
            async move { house.accounts.is_signed_in(&caller).await.unwrap_or(false).then_some(event) }
        })
        .take_while(|event| ready(event.is_some()))
        .filter_map(|event| ready(event.flatten().map(Ok)));
    let hello = once(ready(Ok(Event::default().comment("listening"))));
    Ok(Sse::new(hello.chain(events)).keep_alive(keep_alive()))
}

#[derive(Deserialize)]
struct Question {
    query: String,
}

/// `POST /api/ask/stream`: an answer, part by part.
pub async fn ask(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
    body: Bytes,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let user = user_of(caller)?;
    let question: Question =
        JsonOrForm::decode(body).map_err(|_| AppError::bad_input("query", "The question could not be read."))?;
    let query = required("query", "The question", question.query, limits::QUERY)?;
    house.limits.check(Limited::Questions, user.as_str())?;

    let (sender, receiver) = mpsc::channel(64);
    let advisor = house.advisor.clone();
    let failures = sender.clone();
    tokio::spawn(async move {
        let (events, mut parts) = mpsc::channel(64);
        let forward = async {
            while let Some(part) = parts.recv().await {
                if sender.send(Ok(part)).await.is_err() {
                    break;
                }
            }
        };
        let (outcome, ()) = tokio::join!(advisor.ask_live(&user, &query, events), forward);
        if let Err(error) = outcome {
            // A listener that went away needs no answer.
            let _ = failures.send(Err(error)).await;
        }
    });
    Ok(Sse::new(ReceiverStream::new(receiver).map(|part| Ok(event_of(part)))).keep_alive(keep_alive()))
}

fn event_of(part: Result<AskEvent, AppError>) -> Event {
    // Straight to text, as every other answer: on the way over a JSON value, numbers would change their last digits.
    let (name, data) = match part {
        Ok(AskEvent::Intent { intent, chips }) => ("intent", Ok(json!({ "intent": intent, "chips": chips }).to_string())),
        Ok(AskEvent::Recommendation(recommendation)) => ("recommendation", serde_json::to_string(&recommendation)),
        Ok(AskEvent::Token(text)) => ("token", Ok(json!({ "text": text }).to_string())),
        Ok(AskEvent::Reason { id, text }) => ("reason", Ok(json!({ "id": id, "text": text }).to_string())),
        Ok(AskEvent::Done(answer)) => ("done", serde_json::to_string(&answer)),
        Err(error) => ("error", serde_json::to_string(&error)),
    };
    Event::default().event(name).data(data.unwrap_or_default())
}
