//! The way of one memory through the stages.

use std::{ops::Range, sync::Arc};

use super::{
    Understanding,
    chunk::chunks,
    embed::{Meaning, embed},
    enhance::{Enhanced, enhance},
    extract::{Found, Material, extract},
    progress::at_stage,
    read::Reading,
    settle,
};
use crate::{
    catalog::Snapshot,
    domain::{
        AppError,
        ids::{MemoryId, UserId},
        memory::Status,
    },
    jobs::JobError,
    store::{
        StoreError,
        memory_chunk::NewChunk,
        scent_memory::{self, MemoryRow, Understood},
    },
    usage::Purpose,
};

/// How often a walk begins anew because the memory was changed under way.
const RESTARTS: usize = 8;

/// How a walk ended.
enum End {
    /// Nothing is left to do: the memory is ready, or failed, or gone.
    Reached,
    /// The memory is not what it was when the walk began.
    Overtaken,
}

/// What the stages made of a memory.
struct Gathered<'a> {
    reading: &'a Reading,
    enhanced: Enhanced,
    passages: Vec<Range<usize>>,
    vectors: Vec<Vec<f32>>,
    found: Found,
    notice: Option<String>,
}

/// A cause of ours, which may pass.
pub(super) fn ours(error: impl std::fmt::Display) -> JobError {
    tracing::error!(error = %error, "a memory could not be understood");
    JobError::Retry("Something went wrong on our side while this memory was being understood.".to_owned())
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        ours(error)
    }
}

impl From<AppError> for JobError {
    fn from(error: AppError) -> Self {
        ours(error)
    }
}

impl Understanding {
    /// Walks one memory through all stages. An edit, a correction or a deletion meanwhile wins.
    pub async fn understand(&self, user: &UserId, memory: &MemoryId) -> Result<(), JobError> {
        for _ in 0..RESTARTS {
            let purpose = Purpose::Memory(memory.clone());
            let (outcome, _) = self.meter.booked(Some(user), &purpose, self.walk(user, memory)).await;
            match outcome? {
                End::Reached => return Ok(()),
                End::Overtaken => tracing::debug!(memory.id = %memory, "changed under way"),
            }
        }
        Err(JobError::Retry("This memory kept changing while it was being understood.".to_owned()))
    }

    async fn walk(&self, user: &UserId, id: &MemoryId) -> Result<End, JobError> {
        let Some(memory) = scent_memory::find(&self.store, user, id).await? else {
            self.forget(user, id).await?;
            self.readers.originals.erase_memory(user, id).await.map_err(ours)?;
            return Ok(End::Reached);
        };
        if memory.status.is_final() {
            // An earlier walk may have been cut off, or overtaken, between its lessons and what it would have kept.
            self.teach_what_is_kept(user, id).await?;
            return Ok(End::Reached);
        }
        if !self.enter(user, &memory, Status::Reading).await? {
            return Ok(End::Overtaken);
        }
        let Some(reading) = self.read(user, &memory).await? else { return Ok(End::Overtaken) };
        if !self.enter(user, &memory, Status::Enhancing).await? {
            return Ok(End::Overtaken);
        }
        let mut enhanced = enhance(&self.feelings, &memory, &reading);
        if !self.enter(user, &memory, Status::Chunking).await? {
            return Ok(End::Overtaken);
        }
        let passages: Vec<_> = reading.stretches().into_iter().flat_map(|sentences| chunks(&reading.text, sentences)).collect();
        if !self.enter(user, &memory, Status::Embedding).await? {
            return Ok(End::Overtaken);
        }
        let Meaning { chunks: vectors, sentences } = embed(self.embedder.as_ref(), &reading, &passages).await.map_err(ours)?;
        if !self.enter(user, &memory, Status::Extracting).await? {
            return Ok(End::Overtaken);
        }
        let snapshot = self.catalog.snapshot();
        let reading = Arc::new(reading);
        let mut found = self.extract(&snapshot, &reading, sentences.clone()).await?;
        let notice = match self.insight(user, &memory, &reading).await {
            Ok(insight) => {
                if let Some(insight) = insight {
                    insight.complete(&mut enhanced, &memory, &reading);
                    insight.extend(&mut found, &snapshot, &reading, &sentences);
                }
                None
            }
            Err(error) => Some(format!(
                "The language model {}, so the small models on this machine alone found what this memory smells of.",
                error.clause()
            )),
        };
        if !self.enter(user, &memory, Status::Learning).await? {
            return Ok(End::Overtaken);
        }
        let gathered = Gathered { reading: &reading, enhanced, passages, vectors, found, notice };
        let understood = self.understood(&snapshot, &memory, gathered);
        // First the lessons: whoever sees that a memory is ready sees what it teaches, too.
        self.learn(user, &snapshot, &memory, &understood).await?;
        if !scent_memory::keep(&self.store, user, &memory, understood).await? {
            return Ok(End::Overtaken);
        }
        self.announce(user, at_stage(id, Status::Ready, None));
        Ok(End::Reached)
    }

    /// Notes a stage and tells it. False if the memory is not what it was.
    async fn enter(&self, user: &UserId, memory: &MemoryRow, stage: Status) -> Result<bool, JobError> {
        let entered = scent_memory::advance(&self.store, user, &memory.id, memory.revision, stage).await?;
        if entered {
            self.announce(user, at_stage(&memory.id, stage, None));
        }
        Ok(entered)
    }

    /// The notes and perfumes of a text. Away from the async threads: it compares every sentence with every note.
    async fn extract(&self, snapshot: &Arc<Snapshot>, reading: &Arc<Reading>, vectors: Vec<Vec<f32>>) -> Result<Found, JobError> {
        let (snapshot, reading, feelings) = (Arc::clone(snapshot), Arc::clone(reading), Arc::clone(&self.feelings));
        let senses = self.senses(&snapshot).map_err(ours)?;
        let work = move || {
            let material = Material {
                title: reading.title.as_deref(),
                text: &reading.text,
                sentences: &reading.sentences,
                vectors: &vectors,
            };
            extract(&snapshot, &senses, &feelings, &material)
        };
        tokio::task::spawn_blocking(work).await.map_err(ours)
    }

    fn understood(&self, snapshot: &Snapshot, memory: &MemoryRow, gathered: Gathered) -> Understood {
        let Gathered { reading, enhanced, passages, vectors, found, notice } = gathered;
        let chunk = |(bytes, vector): (Range<usize>, Vec<f32>)| {
            let (place, marks) = (reading.place(&bytes), reading.marks(&bytes));
            NewChunk { span: place.span, source: place.source, marks, content: reading.text[bytes].to_owned(), vector }
        };
        Understood {
            chunks: passages.into_iter().zip(vectors).map(chunk).collect(),
            notes: settle::notes(snapshot.taxonomy(), reading, &found, &memory.corrections, enhanced.valence),
            fragrances: settle::fragrances(snapshot, reading, &found, enhanced.valence),
            embedding_model: self.embedder.model().to_owned(),
            suggested: enhanced.suggested,
            valence: enhanced.valence,
            notice,
        }
    }
}
