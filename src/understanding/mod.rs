//! Memory → meaning: read → enhance → chunk → embed → extract → learn.
//!
//! One walk of a memory computes everything first. At its end it writes what the memory teaches, and then keeps what was
//! understood, which makes the memory ready. A walk that is cut off is walked again from the start, and writes the same again.
//! A memory that was cancelled or failed meanwhile teaches what is kept of it: what an earlier walk understood, or nothing.

mod chunk;
mod embed;
mod enhance;
mod extract;
mod insight;
mod learn;
mod lesson;
mod perceive;
mod progress;
mod read;
mod settle;
pub mod sight;
mod walk;
mod words;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::{
    ai::Embedder,
    catalog::{Catalog, Snapshot},
    domain::{
        AppError, AppResult,
        ids::{MemoryId, UserId},
        memory::{MemoryEvent, MemoryType, Status},
    },
    jobs::{JobError, JobHandler, NewJob},
    learning::Learning,
    store::{Store, scent_memory},
    usage::Meter,
};

use enhance::Feelings;
use extract::Senses;
use insight::SecondOpinion;
pub use perceive::Perception;
use progress::Progress;
pub(crate) use progress::at_stage;
pub use read::{Provider, Readers};
pub(crate) use settle::{added, confirmed};

/// The kind of the job that walks a memory through the stages.
pub const JOB_KIND: &str = "understand_memory";

/// The pipeline.
pub struct Understanding {
    store: Store,
    catalog: Arc<Catalog>,
    learning: Arc<Learning>,
    embedder: Arc<dyn Embedder>,
    progress: Progress,
    feelings: Arc<Feelings>,
    readers: Readers,
    provider: Provider,
    second_opinion: Option<SecondOpinion>,
    meter: Meter,
    /// The memories whose files are being read, and whose they are, so that this can be stopped.
    stops: Mutex<HashMap<MemoryId, (UserId, CancellationToken)>>,
    /// What texts are read with, ready for the catalog as it stood last.
    senses: Mutex<Option<(Arc<Snapshot>, Arc<Senses>)>>,
}

/// What the job of a memory carries.
#[derive(Deserialize)]
struct Payload {
    user: UserId,
    memory: MemoryId,
}

impl Understanding {
    pub fn new(
        store: Store,
        catalog: Arc<Catalog>,
        learning: Arc<Learning>,
        embedder: Arc<dyn Embedder>,
        readers: Readers,
    ) -> Self {
        Self {
            readers,
            provider: Provider::default(),
            second_opinion: None,
            meter: Meter::idle(store.clone()),
            stops: Mutex::default(),
            store,
            catalog,
            learning,
            embedder,
            progress: Progress::new(),
            feelings: Arc::new(Feelings::new()),
            senses: Mutex::new(None),
        }
    }

    /// The same pipeline with a language model's second opinion.
    #[must_use]
    pub fn with_second_opinion(self, writer: SecondOpinion) -> Self {
        Self { second_opinion: Some(writer), ..self }
    }

    /// The same pipeline, whose files a provider's models look at and listen to first.
    #[must_use]
    pub fn with_provider(self, provider: Provider) -> Self {
        Self { provider, ..self }
    }

    /// The same pipeline, whose use of a provider's models is booked.
    #[must_use]
    pub fn with_meter(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// The job that understands a memory. Its subject is the memory's id. Quick kinds of memory come first, and each kind has a
    /// lane of its own.
    pub fn job(user: &UserId, memory: &MemoryId, memory_type: MemoryType) -> NewJob {
        let priority = match memory_type {
            MemoryType::Text => 0,
            MemoryType::Image => 1,
            MemoryType::Pdf => 2,
            MemoryType::Audio => 3,
        };
        NewJob::new(JOB_KIND, memory.as_str(), serde_json::json!({ "user": user, "memory": memory }))
            .in_lane(memory_type.as_str(), priority)
    }

    /// Stops the reading of a memory's file, if it is being read.
    pub fn stop(&self, memory: &MemoryId) {
        if let Some((_, stop)) = self.stops.lock().unwrap_or_else(PoisonError::into_inner).get(memory) {
            stop.cancel();
        }
    }

    /// Stops the reading of all files of a person who is gone.
    pub fn stop_all_of(&self, person: &UserId) {
        let stops = self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        stops.values().filter(|(reader, _)| reader == person).for_each(|(_, stop)| stop.cancel());
    }

    /// Does a work of reading unless the memory is cancelled meanwhile: then the work is dropped, and none is the answer.
    async fn unless_cancelled<T>(&self, user: &UserId, memory: &MemoryId, work: impl Future<Output = T>) -> Option<T> {
        let stop = CancellationToken::new();
        let stops = || self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        stops().insert(memory.clone(), (user.clone(), stop.clone()));
        let done = stop.run_until_cancelled(work).await;
        stops().remove(memory);
        done
    }

    /// Live progress of everybody's memories; the listener keeps only the caller's.
    pub fn progress(&self) -> tokio::sync::broadcast::Receiver<(UserId, MemoryEvent)> {
        self.progress.listen()
    }

    /// Tells the listeners where a memory is.
    pub fn announce(&self, user: &UserId, event: MemoryEvent) {
        self.progress.tell(user, event);
    }

    /// The vector of what a text means, to search passages with.
    pub async fn meaning(&self, text: &str) -> AppResult<Vec<f32>> {
        let vectors = self.embedder.embed(&[text.to_owned()]).await.map_err(|error| {
            tracing::error!(error = %error, "a text could not be embedded");
            AppError::internal()
        })?;
        vectors.into_iter().next().ok_or_else(AppError::internal)
    }

    fn senses(&self, snapshot: &Arc<Snapshot>) -> Result<Arc<Senses>> {
        let mut kept = self.senses.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, senses)) if Arc::ptr_eq(of, snapshot) => Ok(Arc::clone(senses)),
            _ => {
                let senses = Arc::new(Senses::new(&snapshot.shared_taxonomy())?);
                *kept = Some((Arc::clone(snapshot), Arc::clone(&senses)));
                Ok(senses)
            }
        }
    }
}

#[async_trait::async_trait]
impl JobHandler for Understanding {
    fn kind(&self) -> &'static str {
        JOB_KIND
    }

    async fn run(&self, payload: serde_json::Value) -> std::result::Result<(), JobError> {
        let Payload { user, memory } =
            serde_json::from_value(payload).map_err(|error| JobError::Fail(format!("This job names no memory: {error}.")))?;
        self.understand(&user, &memory).await
    }

    async fn failed(&self, payload: serde_json::Value, reason: &str) {
        let Ok(Payload { user, memory }) = serde_json::from_value(payload) else { return };
        match scent_memory::fail(&self.store, &user, &memory, reason).await {
            Ok(true) => self.announce(&user, at_stage(&memory, Status::Failed, Some(reason.to_owned()))),
            Ok(false) => {}
            Err(error) => tracing::error!(memory.id = %memory, error = %error, "a failure could not be noted"),
        }
        if let Err(error) = self.teach_what_is_kept(&user, &memory).await {
            tracing::error!(memory.id = %memory, error = %error, "what a failed memory taught could not be taken back");
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
