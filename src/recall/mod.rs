//! Finding passages of memories by a provider's embedding model, where one is set.
//!
//! The catalog and the reading of memories stay with the local model, on whose cosines they were fitted. Passages have vectors of
//! both: a person is searched by the provider's once all of theirs are there, and by the local ones until then, and whenever
//! the provider fails. Where the model is changed, a person is searched by the former one until all of the new one are there. So a
//! model can be changed at any time, and whatever was interrupted goes on where it stopped. A passage that the model refuses has
//! its local vector alone.

mod held;
mod scale;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, ensure};
use tokio::{
    sync::{OnceCell, watch},
    time::{sleep, timeout},
};

use crate::{
    ai::{
        Embedder, ModelError,
        openai::{Endpoint, RemoteEmbedder},
    },
    domain::ids::UserId,
    store::{
        Store, StoreError,
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

/// A model of the provider with what makes its cosines comparable.
struct Opened {
    embedder: RemoteEmbedder,
    scale: Scale,
}

/// What questions are asked by.
struct Models {
    current: Opened,
    /// By the names under which their vectors are kept.
    former: HashMap<String, Opened>,
}

/// Passages that a provider's model found.
pub struct Nearby {
    /// Nearest first, their scores on the scale of the local model's. What the model has no vector of is missing.
    pub chunks: Vec<NearChunk>,
    /// The name under which its vectors are kept.
    pub model: String,
}

/// The index of passages by a provider's model.
pub struct Recall {
    store: Store,
    local: Arc<dyn Embedder>,
    endpoint: Arc<Endpoint>,
    model: String,
    meter: Meter,
    opened: OnceCell<Models>,
    /// The provider's model could not be opened so far.
    in_vain: AtomicBool,
    held: Mutex<Held>,
}

impl Recall {
    pub fn new(store: Store, local: Arc<dyn Embedder>, endpoint: Arc<Endpoint>, model: &str, meter: Meter) -> Self {
        let (model, opened, in_vain) = (model.to_owned(), OnceCell::new(), AtomicBool::new(false));
        Self { store, local, endpoint, model, meter, opened, in_vain, held: Mutex::default() }
    }

    /// The name under which the vectors are kept.
    pub fn model(&self) -> String {
        RemoteEmbedder::name_of(&self.model)
    }

    /// The passages of a person that are nearest to a text. None where the local vectors have to serve, as long as the person's are
    /// not whole; an error where the provider gives no vector in time.
    pub async fn nearest(&self, user: &UserId, text: &str, k: usize) -> Result<Option<Nearby>, ModelError> {
        let Some(model) = memory_chunk_vector::serving(&self.store, user, &self.model()).await.unwrap_or_else(unsearchable)
        else {
            return Ok(None);
        };
        let Some(models) = self.opened.get() else {
            return if self.in_vain.load(Ordering::Relaxed) { Err(ModelError::Resting) } else { Ok(None) };
        };
        let opened = if model == self.model() { Some(&models.current) } else { models.former.get(&model) };
        let Some(opened) = opened else { return Ok(None) };
        if !matches!(self.meter.standing(user).await, Ok(Standing::Fine | Standing::Near)) {
            return Err(ModelError::OverBudget);
        }
        let vector = timeout(PATIENCE, opened.embedder.embed_one(text)).await.unwrap_or(Err(ModelError::Slow));
        let vector = vector.inspect_err(|error| tracing::warn!(%error, "the local vectors serve this question"))?;
        let found = memory_chunk_vector::nearest(&self.store, user, &model, &vector, k).await;
        let Ok(mut chunks) = found.map_err(unsearchable::<()>) else { return Ok(None) };
        chunks.iter_mut().for_each(|chunk| chunk.score = opened.scale.local(chunk.score));
        Ok(Some(Nearby { chunks, model }))
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
        let models = self.opened().await?;
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
        let embedding = models.current.embedder.embed_or_refuse(&texts);
        let (vectors, _) = self.meter.booked(Some(&user), &Purpose::Memory(memory.clone()), embedding).await;
        let vectors = vectors.inspect_err(|_| self.held().memory(memory.clone()))?;
        ensure!(vectors.len() == missing.len(), "{} vectors for {} passages", vectors.len(), missing.len());
        let (count, refused) = (vectors.len(), vectors.iter().filter(|vector| vector.is_none()).count());
        let row = |(row, vector): (Unembedded, Option<Vec<f32>>)| NewVector { chunk: row.chunk, vector };
        memory_chunk_vector::put(&self.store, &user, &model, missing.into_iter().zip(vectors).map(row).collect()).await?;
        tracing::info!(recall.model = model, recall.passages = count, "passages have vectors of the provider's model");
        if refused > 0 {
            metrics::counter!("flowery_passages_refused_total").increment(refused as u64);
            tracing::warn!(memory.id = %memory, recall.refused = refused, "passages are found by their local vectors alone");
        }
        Ok(true)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn opened(&self) -> Result<&Models> {
        let opened = self.opened.get_or_try_init(|| self.open()).await;
        self.in_vain.store(opened.is_err(), Ordering::Relaxed);
        opened
    }

    async fn open(&self) -> Result<Models> {
        let current = self.open_model(&self.model).await?;
        let mut former = HashMap::new();
        for name in memory_chunk_vector::former(&self.store, &self.model()).await? {
            let Some(model) = RemoteEmbedder::remote_of(&name) else { continue };
            match self.open_model(model).await {
                Ok(opened) => drop(former.insert(name, opened)),
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::warn!(error, recall.model = model, "the local vectors serve until those of the new model are there");
                }
            }
        }
        Ok(Models { current, former })
    }

    async fn open_model(&self, model: &str) -> Result<Opened> {
        let embedder = RemoteEmbedder::open(Arc::clone(&self.endpoint), model).await?;
        let scale = Scale::measure(self.local.as_ref(), &embedder).await?;
        tracing::info!(recall.model = model, recall.dimension = embedder.dimension(), "the provider's vectors are compared");
        Ok(Opened { embedder, scale })
    }
}

/// The store does not tell what it holds: then the local vectors serve.
fn unsearchable<T: Default>(error: StoreError) -> T {
    tracing::error!(%error, "a provider's vectors could not be searched");
    T::default()
}
