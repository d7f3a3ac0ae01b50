//! Chat: the adapter to a model that writes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::transport::{Endpoint, Line};
use crate::{
    ai::{
        Job, ModelError, Prompt, Usage, Writer,
        usage::{Call, estimated_tokens},
    },
    domain::sse::EventReader,
};

/// The longest stream that is read, in bytes.
const LONGEST_STREAM: usize = 4 * 1024 * 1024;

/// What a picture counts where the provider does not say.
const TOKENS_A_PICTURE: u64 = 1_000;

/// What models and servers differ in: parameters that not all of them take.
const OPTIONAL: &[&str] = &["response_format", "json_schema", "max_tokens", "temperature", "stream_options"];

/// Whether a request has one of these parameters.
fn holds(request: &Value, name: &str) -> bool {
    match name {
        "json_schema" => request["response_format"]["type"] == name,
        _ => request.get(name).is_some(),
    }
}

/// A chat model of the provider.
pub struct ChatWriter {
    line: Line,
    model: String,
    job: Job,
    /// The parameters that this model has refused.
    refused: Mutex<BTreeSet<&'static str>>,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Message>,
    delta: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
pub(super) struct Tokens {
    #[serde(default)]
    pub prompt_tokens: u64,
    #[serde(default)]
    pub completion_tokens: u64,
}

/// One event of a stream.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Tokens>,
    error: Option<Value>,
}

/// What has come of an answer.
#[derive(Default)]
struct Received {
    text: String,
    tokens: Option<Tokens>,
    finish: Option<String>,
    declined: bool,
    bytes: usize,
}

impl ChatWriter {
    pub fn new(endpoint: Arc<Endpoint>, model: &str) -> Self {
        Self::of(Job::Chat, endpoint, model)
    }

    /// A chat model that is there for another job.
    pub(super) fn of(job: Job, endpoint: Arc<Endpoint>, model: &str) -> Self {
        Self { line: Line::new(endpoint), model: model.to_owned(), job, refused: Mutex::default() }
    }

    fn request(&self, prompt: &Prompt, picture: Option<&str>, live: bool) -> Value {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let takes = |name: &str| !refused.contains(name);
        let material = prompt.material.to_string();
        let content = match picture {
            None => json!(material),
            Some(url) => json!([
                { "type": "text", "text": material },
                { "type": "image_url", "image_url": { "url": url } },
            ]),
        };
        let mut body = json!({
            "model": self.model,
            "messages": [
                { "role": "system", "content": prompt.instructions },
                { "role": "user", "content": content },
            ],
        });
        let length = if takes("max_tokens") { "max_tokens" } else { "max_completion_tokens" };
        body[length] = json!(prompt.max_tokens);
        if takes("temperature") {
            body["temperature"] = json!((f64::from(prompt.temperature) * 100.0).round() / 100.0);
        }
        if let Some(schema) = prompt.schema.as_ref().filter(|_| takes("response_format")) {
            body["response_format"] = if takes("json_schema") {
                json!({ "type": "json_schema", "json_schema": { "name": schema.name, "strict": true, "schema": schema.schema } })
            } else {
                json!({ "type": "json_object" })
            };
        }
        if live {
            body["stream"] = json!(true);
            if takes("stream_options") {
                body["stream_options"] = json!({ "include_usage": true });
            }
        }
        body
    }

    /// Whether a refusal is about a parameter of this request that can be left out from now on. Only what was sent counts: of
    /// several requests at once, each is refused for the same, and what one has learned already is not learned twice.
    fn adapts(&self, error: &ModelError, sent: &Value) -> bool {
        let ModelError::Refused { status: 400 | 422, message } = error else { return false };
        let Some(&named) = OPTIONAL.iter().find(|name| message.contains(**name) && holds(sent, name)) else { return false };
        // A JSON Schema is what fewer servers know than JSON at all.
        let is_schema = named == "response_format" && holds(sent, "json_schema");
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(if is_schema { "json_schema" } else { named });
        true
    }

    /// A call with this prompt, as it is counted until the provider says what it used.
    fn call(&self, prompt: &Prompt, has_picture: bool) -> Call {
        let asked = prompt.instructions.len() + prompt.material.to_string().len();
        let seen = if has_picture { TOKENS_A_PICTURE } else { 0 };
        Call::begin(Usage {
            job: self.job,
            model: self.model.clone(),
            prompt_tokens: estimated_tokens(asked) + seen,
            completion_tokens: 0,
            seconds: 0,
            estimated: true,
        })
    }

    /// An answer that comes in one piece.
    async fn whole(&self, request: &Value, prompt: &Prompt, has_picture: bool, deadline: Instant) -> Result<String, ModelError> {
        let mut call = self.call(prompt, has_picture);
        let response = call.taken_up(self.line.post("chat/completions", request, deadline).await)?;
        let completion: Completion = call.taken_up(self.line.json(response, deadline).await)?;
        let mut received = Received::default();
        received.take(Part { choices: completion.choices, usage: completion.usage, error: None });
        call.used(|usage| received.count(usage));
        // Some servers give no reason for an end that is plain to see.
        received.finish.get_or_insert_with(|| "stop".into());
        received.ended().map(|()| received.text)
    }

    /// An answer in one piece to words and perhaps a picture (as an address that holds it), asked again without what the model
    /// does not take.
    pub(super) async fn answer(&self, prompt: &Prompt, picture: Option<&str>, deadline: Instant) -> Result<String, ModelError> {
        loop {
            let request = self.request(prompt, picture, false);
            match self.line.exchange(deadline, || self.whole(&request, prompt, picture.is_some(), deadline)).await {
                Err(error) if self.adapts(&error, &request) => {}
                outcome => return outcome,
            }
        }
    }

    /// Reads a stream to its end. What has come before an error stays in `received`.
    async fn stream(
        &self,
        request: &Value,
        deadline: Instant,
        pieces: &UnboundedSender<String>,
        (prompt, received): (&Prompt, &Mutex<Received>),
    ) -> Result<(), ModelError> {
        let mut call = self.call(prompt, false);
        let mut response = call.taken_up(self.line.post("chat/completions", request, deadline).await)?;
        let mut reader = EventReader::default();
        while let Some(piece) = self.line.piece(&mut response).await? {
            let events = reader.push(&piece);
            let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
            received.bytes += piece.len();
            if received.bytes > LONGEST_STREAM {
                return Err(ModelError::Unreadable("longer than any answer".into()));
            }
            for event in events {
                if event.data.trim() == "[DONE]" {
                    return received.ended();
                }
                let part: Part = serde_json::from_str(&event.data)
                    .map_err(|error| ModelError::Unreadable(format!("an event is no such JSON (column {})", error.column())))?;
                if let Some(error) = part.error {
                    return Err(ModelError::Unreadable(self.line.told(&error.to_string())));
                }
                let words = received.take(part);
                call.used(|usage| received.count(usage));
                if let Some(words) = words {
                    // Nobody listens any more: it is read to its end for the accounts.
                    let _ = pieces.send(words);
                }
            }
        }
        let received = received.lock().unwrap_or_else(PoisonError::into_inner);
        if received.bytes == 0 {
            call.void();
        }
        received.ended()
    }
}

impl Received {
    /// Adds a part of a stream; gives its words.
    fn take(&mut self, part: Part) -> Option<String> {
        self.tokens = part.usage.or(self.tokens);
        let choice = part.choices.into_iter().next()?;
        self.finish = choice.finish_reason.or(self.finish.take());
        let said = choice.delta.or(choice.message)?;
        self.declined |= said.refusal.is_some_and(|words| !words.is_empty());
        let words = said.content.filter(|words| !words.is_empty())?;
        self.text.push_str(&words);
        Some(words)
    }

    /// Notes what it used; what the provider does not say stays estimated.
    fn count(&self, usage: &mut Usage) {
        match self.tokens {
            Some(Tokens { prompt_tokens, completion_tokens }) => {
                (usage.prompt_tokens, usage.completion_tokens, usage.estimated) = (prompt_tokens, completion_tokens, false);
            }
            None => usage.completion_tokens = estimated_tokens(self.text.len()),
        }
    }

    /// An answer ends with a reason, whichever: an unknown one ends it as well. Without one it broke off.
    fn ended(&self) -> Result<(), ModelError> {
        match self.finish.as_deref() {
            _ if self.declined => Err(ModelError::Declined),
            Some("content_filter") => Err(ModelError::Declined),
            Some(_) if self.text.trim().is_empty() => Err(ModelError::Unreadable("no words".into())),
            Some(_) => Ok(()),
            None => Err(ModelError::BrokenOff),
        }
    }
}

#[async_trait]
impl Writer for ChatWriter {
    fn model(&self) -> String {
        self.model.clone()
    }

    async fn write(&self, prompt: &Prompt, deadline: Instant) -> Result<String, ModelError> {
        self.answer(prompt, None, deadline).await
    }

    async fn write_live(
        &self,
        prompt: &Prompt,
        deadline: Instant,
        pieces: UnboundedSender<String>,
    ) -> Result<String, ModelError> {
        let received = Mutex::new(Received::default());
        // Nothing that fails in the middle of a stream is tried again: what was heard cannot be taken back.
        let outcome = loop {
            let request = self.request(prompt, None, true);
            match self.line.exchange(deadline, || self.stream(&request, deadline, &pieces, (prompt, &received))).await {
                Err(error) if self.adapts(&error, &request) => {}
                outcome => break outcome,
            }
        };
        let received = received.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.map(|()| received.text)
    }
}
