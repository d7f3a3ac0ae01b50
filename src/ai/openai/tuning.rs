//! Fine-tuning: files, jobs and their states. `POST files`, `POST fine_tuning/jobs` and what belongs to them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use reqwest::{Method, header::CONTENT_TYPE};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    ChatWriter,
    form::{Attached, Form},
    transport::{Endpoint, Line},
};
use crate::ai::{ModelError, Tuner, TuningProgress, TuningState, Writer};

/// How long a call may take, and how long a file.
const CALL: Duration = Duration::from_secs(60);
const FILE: Duration = Duration::from_secs(600);
/// How many jobs and files a list asks for at once, and how many lists are read.
const PAGE: usize = 100;
const PAGES: usize = 20;
/// The list of files to train on.
const FILES: &str = "files?purpose=fine-tune";

/// Tunes models of the provider.
pub struct RemoteTuner {
    line: Line,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    training_file: Option<String>,
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    data: Vec<Named>,
    #[serde(default)]
    has_more: bool,
}

/// A job; whatever the server leaves out or sets to null is none.
#[derive(Deserialize)]
struct Job {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    fine_tuned_model: Option<String>,
    #[serde(default)]
    trained_tokens: Option<u64>,
    #[serde(default)]
    error: Option<Value>,
}

impl RemoteTuner {
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        Self { line: Line::new(endpoint) }
    }

    async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<Value>) -> Result<T, ModelError> {
        let deadline = Instant::now() + CALL;
        self.line
            .exchange(deadline, || async {
                let request = self.line.endpoint.request(method.clone(), path)?;
                let request = match &body {
                    Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.to_string()),
                    None => request,
                };
                let response = self.line.send(request, deadline).await?;
                self.line.json(response, deadline).await
            })
            .await
    }

    /// Everything in a list that comes page by page.
    async fn all(&self, path: &str) -> Result<Vec<Named>, ModelError> {
        let mut all: Vec<Named> = Vec::new();
        for _ in 0..PAGES {
            let joint = if path.contains('?') { '&' } else { '?' };
            let after = match all.last() {
                Some(last) => format!("&after={}", part(&last.id)?),
                None => String::new(),
            };
            let page: List = self.call(Method::GET, &format!("{path}{joint}limit={PAGE}{after}"), None).await?;
            let ends = !page.has_more || page.data.is_empty();
            all.extend(page.data);
            if ends {
                break;
            }
        }
        Ok(all)
    }
}

/// An id of the provider as part of a path: nothing but what ids are made of.
fn part(id: &str) -> Result<&str, ModelError> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'));
    let more_than_dots = id.bytes().any(|b| b != b'.');
    if plain && more_than_dots { Ok(id) } else { Err(ModelError::Unreadable("an id that is none".into())) }
}

/// What is not there (any more) is as good as deleted.
fn unless_gone(outcome: Result<Value, ModelError>) -> Result<(), ModelError> {
    match outcome {
        Ok(_) | Err(ModelError::Refused { status: 404 | 410, .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What has ended cannot be stopped, and need not be.
fn unless_ended(outcome: Result<Value, ModelError>) -> Result<(), ModelError> {
    match outcome {
        Err(ModelError::Refused { status: 400, .. } | ModelError::Failing(409)) => Ok(()),
        outcome => unless_gone(outcome),
    }
}

#[async_trait]
impl Tuner for RemoteTuner {
    async fn upload(&self, name: &str, content: &[u8]) -> Result<String, ModelError> {
        // One that a try before this has left may hold what was withdrawn since.
        for left in self.uploaded(name).await? {
            self.forget(&left).await?;
        }
        let deadline = Instant::now() + FILE;
        let form = Form::new(&[("purpose", "fine-tune")], &Attached { name, media_type: "application/jsonl", content });
        let file: Named = self
            .line
            .exchange(deadline, || async {
                let request = form.in_request(self.line.endpoint.request(Method::POST, "files")?);
                let response = self.line.send(request, deadline).await?;
                self.line.json(response, deadline).await
            })
            .await?;
        Ok(part(&file.id)?.to_owned())
    }

    async fn uploaded(&self, name: &str) -> Result<Vec<String>, ModelError> {
        let files = self.all(FILES).await?.into_iter();
        files.filter(|file| file.filename.as_deref() == Some(name)).map(|file| part(&file.id).map(str::to_owned)).collect()
    }

    async fn submit(&self, base: &str, file: &str, epochs: u32) -> Result<String, ModelError> {
        if let Some(job) = self.find(file).await? {
            return Ok(job);
        }
        let body = json!({
            "model": base,
            "training_file": file,
            "suffix": "flowery",
            "method": { "type": "supervised", "supervised": { "hyperparameters": { "n_epochs": epochs } } },
        });
        // Sent once: a job whose answer was lost is found by its file, so that none is paid twice.
        let deadline = Instant::now() + CALL;
        let response = self.line.post("fine_tuning/jobs", &body, deadline).await?;
        let job: Named = self.line.json(response, deadline).await?;
        Ok(part(&job.id)?.to_owned())
    }

    async fn find(&self, file: &str) -> Result<Option<String>, ModelError> {
        let jobs = self.all("fine_tuning/jobs").await?;
        let job = jobs.into_iter().find(|job| job.training_file.as_deref() == Some(file));
        job.map(|job| part(&job.id).map(str::to_owned)).transpose()
    }

    async fn look(&self, job: &str) -> Result<TuningState, ModelError> {
        let job: Job = self.call(Method::GET, &format!("fine_tuning/jobs/{}", part(job)?), None).await?;
        let told = job.status.ok_or_else(|| ModelError::Unreadable("a job without a status".into()))?;
        let progress = match told.as_str() {
            "succeeded" => TuningProgress::Succeeded,
            "failed" => TuningProgress::Failed,
            "cancelled" | "canceled" => TuningProgress::Cancelled,
            // Words that nobody knows yet are stations on the way.
            _ => TuningProgress::Running,
        };
        let reason = job.error.and_then(|error| {
            let words =
                error.as_str().or_else(|| error.get("message").and_then(Value::as_str)).map(|words| self.line.told(words));
            words.filter(|words| !words.is_empty())
        });
        let model = job.fine_tuned_model.filter(|model| !model.is_empty());
        Ok(TuningState { progress, told: self.line.told(&told), model, trained_tokens: job.trained_tokens, reason })
    }

    async fn cancel(&self, job: &str) -> Result<(), ModelError> {
        unless_ended(self.call(Method::POST, &format!("fine_tuning/jobs/{}/cancel", part(job)?), Some(json!({}))).await)
    }

    async fn forget(&self, file: &str) -> Result<(), ModelError> {
        match unless_gone(self.call(Method::DELETE, &format!("files/{}", part(file)?), None).await) {
            // Some servers say so of a file that is in use, and some of one that is not there.
            Err(error @ ModelError::Refused { status: 400, .. }) => {
                let files = self.all(FILES).await?;
                if files.iter().any(|there| there.id == file) { Err(error) } else { Ok(()) }
            }
            outcome => outcome,
        }
    }

    fn writer(&self, model: &str) -> Arc<dyn Writer> {
        Arc::new(ChatWriter::new(Arc::clone(&self.line.endpoint), model))
    }
}
