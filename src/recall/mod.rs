//! Finding passages of memories by a provider's embedding model, where one is set.
//!
//! The catalog and the reading of memories stay with the local model, on whose cosines they were fitted. Passages have vectors of
//! both: a person is searched by the provider's once all of theirs are there, and by the local ones until then, and whenever
//! the provider fails. So a model can be changed at any time, and whatever was interrupted goes on where it stopped.

mod held;
mod scale;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Result, ensure};
use tokio::{
    sync::{OnceCell, watch},
    time::{sleep, timeout},
};

use crate::{
    ai::{
        Embedder,
        openai::{Endpoint, RemoteEmbedder},
    },
    domain::ids::UserId,
    store::{
        Store,
        memory_chunk::NearChunk,
        memory_chunk_vector::{self, NewVector, Unembedded},
    },
    usage::{Meter, Purpose, Standing},
};
use held::Held;
use scale::Scale;

/// How long a question waits for its vector; then the local vectors serve.
const PATIENCE: Duration = Duration::from_secs(3);
/// Passages of one memory that are embedded at a time.
const BATCH: usize = 64;
/// How often to look for new passages.
const LOOK: Duration = Duration::from_secs(5);
/// How long a failing provider is left alone; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The provider's model with what makes its cosines comparable.
struct Opened {
    embedder: RemoteEmbedder,
    scale: Scale,
}

/// The index of passages by a provider's model.
pub struct Recall {
    store: Store,
    local: Arc<dyn Embedder>,
    endpoint: Arc<Endpoint>,
    model: String,
    meter: Meter,
    opened: OnceCell<Opened>,
    held: Mutex<Held>,
}

impl Recall {
    pub fn new(store: Store, local: Arc<dyn Embedder>, endpoint: Arc<Endpoint>, model: &str, meter: Meter) -> Self {
        Self { store, local, endpoint, model: model.to_owned(), meter, opened: OnceCell::new(), held: Mutex::default() }
    }

    /// The name under which the vectors are kept.
    pub fn model(&self) -> String {
        RemoteEmbedder::name_of(&self.model)
    }

    /// The passages of a person that are nearest to a text, nearest first, their scores on the scale of the local model's. None
    /// where the local vectors have to serve: until the person's are whole, and where the provider gives none in time.
    pub async fn nearest(&self, user: &UserId, text: &str, k: usize) -> Option<Vec<NearChunk>> {
        let opened = self.opened.get()?;
        let model = self.model();
        let is_whole = memory_chunk_vector::is_whole(&self.store, user, &model).await;
        if !is_whole.unwrap_or_default() || !matches!(self.meter.standing(user).await, Ok(Standing::Fine | Standing::Near)) {
            return None;
        }
        let texts = [text.to_owned()];
        let vectors = match timeout(PATIENCE, opened.embedder.embed(&texts)).await {
            Ok(Ok(vectors)) => vectors,
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "the local vectors serve this question");
                return None;
            }
            Err(_) => {
                tracing::warn!("the local vectors serve this question: the provider is slow");
                return None;
            }
        };
        let mut found = memory_chunk_vector::nearest(&self.store, user, &model, vectors.first()?, k).await.ok()?;
        found.iter_mut().for_each(|chunk| chunk.score = opened.scale.local(chunk.score));
        Some(found)
    }

    /// Makes ready to search by the vectors that another process of the house makes.
    pub async fn stand_by(&self, mut stopped: watch::Receiver<bool>) {
        let mut pause = FIRST_PAUSE;
        while let Err(error) = self.opened().await {
            tracing::warn!(error = %format!("{error:#}"), "the local vectors serve: the provider's model could not be tried");
            tokio::select! {
                () = sleep(pause) => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Embeds what has no vector yet, for as long as the house is open. What is done is kept batch by batch.
    pub async fn keep_up(&self, mut stopped: watch::Receiver<bool>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let rest = match self.step().await {
                Ok(true) => {
                    pause = FIRST_PAUSE;
                    continue;
                }
                Ok(false) => {
                    pause = FIRST_PAUSE;
                    LOOK
                }
                Err(error) => {
                    tracing::warn!(error = %format!("{error:#}"), "passages wait for their vectors");
                    let rest = pause;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    rest
                }
            };
            tokio::select! {
                () = sleep(rest) => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Embeds the next passages. False when there is nothing to do, or no budget for it. Where a memory cannot be embedded, the
    /// others come first for a while; so do those of other people where one has no budget.
    async fn step(&self) -> Result<bool> {
        // First, also where nothing is missing: questions are asked by it.
        let opened = self.opened().await?;
        let model = self.model();
        let (missing, user, memory) = loop {
            let held = self.held().now();
            let missing = memory_chunk_vector::missing(&self.store, &model, held, BATCH).await?;
            let Some(Unembedded { user, memory, .. }) = missing.first().cloned() else { return Ok(false) };
            if self.meter.standing(&user).await? != Standing::Spent {
                break (missing, user, memory);
            }
            self.held().person(user);
        };
        let texts: Vec<String> = missing.iter().map(|row| format!("{}. {}", row.title, row.content)).collect();
        let (vectors, _) = self.meter.booked(&user, &Purpose::Memory(memory.clone()), opened.embedder.embed(&texts)).await;
        let vectors = vectors.inspect_err(|_| self.held().memory(memory.clone()))?;
        ensure!(vectors.len() == missing.len(), "{} vectors for {} passages", vectors.len(), missing.len());
        let row = |(row, vector): (Unembedded, Vec<f32>)| NewVector { chunk: row.chunk, user: row.user, vector };
        let count = vectors.len();
        memory_chunk_vector::put(&self.store, &model, missing.into_iter().zip(vectors).map(row).collect()).await?;
        tracing::info!(recall.model = model, recall.passages = count, "passages have vectors of the provider's model");
        Ok(true)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn opened(&self) -> Result<&Opened> {
        self.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Opened> {
        let embedder = RemoteEmbedder::open(Arc::clone(&self.endpoint), &self.model).await?;
        let scale = Scale::measure(self.local.as_ref(), &embedder).await?;
        tracing::info!(recall.model = self.model, recall.dimension = embedder.dimension(), "the provider's vectors are compared");
        Ok(Opened { embedder, scale })
    }
}
