//! In: receive, keep, list, edit, correct, delete.

mod archive;
mod files;
mod passage;
mod receive;
mod take_along;
mod view;

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    catalog::Catalog,
    domain::{
        AppError, AppResult,
        answer::FeedbackReceipt,
        ids::{JobId, MemoryId, UserId},
        memory::{Memory, MemoryCard, MemoryDraft, MemoryFilter, MemoryReceipt, MemoryType, Status},
        page::{Cursor, Page},
        taste::changes,
        text::{CharOffsets, Span},
    },
    jobs::Queue,
    learning::Learning,
    scratch::Scratch,
    store::{
        Store,
        extracted_scent::{self, NewNote},
        file_reading, job,
        memory_chunk::{self, NearChunk},
        model_usage, new_key,
        originals::Originals,
        scent_memory::{self, MemoryRow, Narrowing},
    },
    understanding::{JOB_KIND, Understanding, added, at_stage, confirmed},
};

pub use files::{Sendable, Size, check_transcript};
pub use receive::{FileLimits, Incoming};

/// How many passages a search by meaning looks at.
const NEAREST: usize = 12;

/// The cosine from which a passage means what was searched for: with this model, a few words and the passage that they are
/// about lie between 0.3 and 0.5, and what has nothing to do with them below 0.2.
const NEAR: f64 = 0.27;

/// As much of the text of a file as a search shows a passage of, in scalar values: some 300 pages and more.
const WHOLE_TEXT: usize = 2_000_000;

/// The door to people's memories.
pub struct Memories {
    store: Store,
    queue: Queue,
    catalog: Arc<Catalog>,
    understanding: Arc<Understanding>,
    learning: Arc<Learning>,
    files: Files,
}

/// Where files are kept, and how large they may be.
pub struct Files {
    pub originals: Originals,
    pub limits: FileLimits,
    /// Where files lie that are on their way in.
    pub waiting_room: Scratch,
}

impl Memories {
    pub fn new(
        store: Store,
        queue: Queue,
        catalog: Arc<Catalog>,
        understanding: Arc<Understanding>,
        learning: Arc<Learning>,
        files: Files,
    ) -> Self {
        Self { store, queue, catalog, understanding, learning, files }
    }

    /// Carries on, at boot, the memories that are on their way without a job.
    pub async fn resume(&self) -> AppResult<()> {
        for (user, memory, memory_type) in scent_memory::stranded(&self.store).await? {
            self.queue.put(Understanding::job(&user, &memory, memory_type)).await?;
        }
        Ok(())
    }

    /// Keeps a memory. It is understood soon after.
    pub async fn add(&self, user: &UserId, draft: MemoryDraft) -> AppResult<MemoryReceipt> {
        let id = MemoryId::from_key(new_key());
        let job = Understanding::job(user, &id, MemoryType::Text);
        scent_memory::insert(&self.store, user, &id, (MemoryType::Text, None), &draft, job).await?;
        Ok(self.received(user, &id))
    }

    /// The person's memories, newest first.
    pub async fn list(&self, user: &UserId, filter: MemoryFilter, cursor: Cursor) -> AppResult<Page<MemoryCard>> {
        let near = match said(filter.q.clone()) {
            Some(words) => self.near(user, &words).await?,
            None => Vec::new(),
        };
        let Some(narrowing) = self.narrowing(filter, &near) else {
            return Ok(Page { items: Vec::new(), next_cursor: None });
        };
        let words = narrowing.words.clone();
        let page = Page::from_overfetch(scent_memory::page(&self.store, user, narrowing, cursor).await?, cursor);
        let ids: Vec<MemoryId> = page.items.iter().map(|m| m.id.clone()).collect();
        let notes = extracted_scent::notes_of(&self.store, user, &ids).await?;
        let with_files: Vec<MemoryId> = page.items.iter().filter(|m| m.file.is_some()).map(|m| m.id.clone()).collect();
        let length = if words.is_some() { WHOLE_TEXT } else { 2 * view::EXCERPT };
        let written = match with_files.is_empty() {
            true => BTreeMap::new(),
            false => file_reading::written(&self.store, user, &with_files, length).await?,
        };
        let snapshot = self.catalog.snapshot();
        Ok(page.map(|memory| {
            let notes: Vec<_> = notes.iter().filter(|n| n.memory == memory.id).collect();
            let written = written.get(&memory.id);
            let found = words.as_ref().and_then(|words| passage::passage(&memory, written, words, &near));
            view::card(&snapshot, memory, &notes, written, found)
        }))
    }

    /// None if nothing can be found.
    fn narrowing(&self, filter: MemoryFilter, near: &[NearChunk]) -> Option<Narrowing> {
        let note = match said(filter.note) {
            None => None,
            Some(name) => Some(self.catalog.snapshot().taxonomy().resolve(&name)?.name.clone()),
        };
        Some(Narrowing {
            words: said(filter.q),
            near: near.iter().map(|passage| passage.memory_id.clone()).collect(),
            memory_type: filter.memory_type,
            emotion: said(filter.emotion),
            season: filter.season,
            place: said(filter.place),
            note,
            unfinished: filter.unfinished,
        })
    }

    /// The passages that mean what is searched for.
    async fn near(&self, user: &UserId, words: &str) -> AppResult<Vec<NearChunk>> {
        let vector = self.understanding.meaning(words).await?;
        let mut passages = memory_chunk::nearest(&self.store, user, &vector, NEAREST).await?;
        passages.retain(|passage| passage.score >= NEAR);
        Ok(passages)
    }

    /// A memory with all that was understood of it.
    pub async fn get(&self, user: &UserId, id: &MemoryId) -> AppResult<Memory> {
        let memory = self.find(user, id).await?;
        let chunks = memory_chunk::of_memory(&self.store, user, id).await?;
        let notes = extracted_scent::notes_of(&self.store, user, std::slice::from_ref(id)).await?;
        let named = extracted_scent::fragrances_of(&self.store, user, id).await?;
        let read = match memory.file {
            Some(_) => file_reading::find(&self.store, user, id).await?,
            None => None,
        };
        let used = model_usage::of_memory(&self.store, user, id).await?;
        Ok(view::memory(&self.catalog.snapshot(), memory, view::Found { chunks, notes, named, read, used }))
    }

    /// Replaces the text and the facts, and understands the memory anew.
    pub async fn update(&self, user: &UserId, id: &MemoryId, draft: MemoryDraft) -> AppResult<MemoryReceipt> {
        let memory = self.find(user, id).await?;
        let job = Understanding::job(user, id, memory.memory_type);
        if !scent_memory::rewrite(&self.store, user, id, &draft, job).await? {
            return Err(unknown());
        }
        Ok(self.received(user, id))
    }

    /// The person puts a note right: it is there, or it is not. A taste event, kept through reprocessing.
    pub async fn correct(&self, user: &UserId, id: &MemoryId, note: &str, present: bool) -> AppResult<FeedbackReceipt> {
        let memory = self.find(user, id).await?;
        let snapshot = self.catalog.snapshot();
        let note = snapshot
            .taxonomy()
            .resolve(note)
            .ok_or_else(|| AppError::bad_input("note", "That note is not in our vocabulary. Please choose one from the list."))?;
        let confirmed = match present {
            true => Some(self.confirmed(user, &memory, note).await?),
            false => None,
        };
        if !scent_memory::correct(&self.store, user, id, (&note.id, &note.name), confirmed).await? {
            return Err(unknown());
        }
        let memory = self.find(user, id).await?;
        self.understanding.learn_correction(user, &memory, &note.name).await
    }

    /// The note as the memory will hold it: where it was found, else where it is said, else only because the person says so.
    async fn confirmed(&self, user: &UserId, memory: &MemoryRow, note: &crate::domain::notes::Note) -> AppResult<NewNote> {
        let known = extracted_scent::notes_of(&self.store, user, std::slice::from_ref(&memory.id)).await?;
        if let Some(row) = known.into_iter().find(|n| n.scent_name == note.name) {
            return Ok(confirmed(view::new_note(row, note)));
        }
        let snapshot = self.catalog.snapshot();
        let taxonomy = snapshot.taxonomy();
        let said = taxonomy.mentions(&memory.content).into_iter().find(|m| taxonomy.notes()[m.note].id == note.id);
        let span = said.map(|mention| {
            let mut offsets = CharOffsets::new(&memory.content);
            Span { start: offsets.at(mention.bytes.start), end: offsets.at(mention.bytes.end) }
        });
        Ok(NewNote { span, ..added(note, memory.valence) })
    }

    /// Understands a failed memory again.
    pub async fn retry(&self, user: &UserId, id: &MemoryId) -> AppResult<MemoryReceipt> {
        let memory = self.find(user, id).await?;
        let job = Understanding::job(user, id, memory.memory_type);
        if memory.status != Status::Failed || !scent_memory::restart(&self.store, user, id, job).await? {
            return Err(AppError::conflict("Only a memory that failed can be tried again."));
        }
        Ok(self.received(user, id))
    }

    /// Whose memory a job is about, if it is about one: for the operator, who may try it again and not read it.
    pub async fn job_of_memory(&self, id: &JobId) -> AppResult<Option<(UserId, MemoryId)>> {
        let Some((kind, _, payload)) = job::about(&self.store, id).await? else { return Ok(None) };
        let key = |field: &str| payload[field].as_str().map(str::to_owned);
        let of = key("user").zip(key("memory")).filter(|_| kind == JOB_KIND);
        Ok(of.map(|(user, memory)| (UserId::from_key(user), MemoryId::from_key(memory))))
    }

    /// Stops the understanding of a memory. What was written stays.
    pub async fn cancel(&self, user: &UserId, id: &MemoryId) -> AppResult<MemoryReceipt> {
        self.find(user, id).await?;
        const REASON: &str = "Cancelled.";
        if !scent_memory::fail(&self.store, user, id, REASON).await? {
            return Err(AppError::conflict("This memory is not being understood just now."));
        }
        self.queue.cancel(id.as_str()).await?;
        self.understanding.stop(id);
        self.understanding.teach_what_is_kept(user, id).await?;
        self.understanding.announce(user, at_stage(id, Status::Failed, Some(REASON.to_owned())));
        Ok(MemoryReceipt { id: id.clone(), status: Status::Failed, already_kept: false })
    }

    /// Deletes the memory with everything that was understood of it and learned from it.
    pub async fn delete(&self, user: &UserId, id: &MemoryId) -> AppResult<FeedbackReceipt> {
        let memory = self.find(user, id).await?;
        let before = self.learning.taste(user).await?;
        if !scent_memory::delete(&self.store, user, id).await? {
            return Err(unknown());
        }
        self.understanding.stop(id);
        self.erase_files(user, id).await;
        self.learning.project(user).await?;
        let after = self.learning.taste(user).await?;
        Ok(FeedbackReceipt { changes: changes(&before, &after, &format!("You deleted “{}”.", memory.title)) })
    }

    async fn find(&self, user: &UserId, id: &MemoryId) -> AppResult<MemoryRow> {
        scent_memory::find(&self.store, user, id).await?.ok_or_else(unknown)
    }

    /// A job was put in the queue together with the memory.
    fn received(&self, user: &UserId, id: &MemoryId) -> MemoryReceipt {
        self.understanding.announce(user, at_stage(id, Status::Received, None));
        self.queue.wake();
        MemoryReceipt { id: id.clone(), status: Status::Received, already_kept: false }
    }
}

/// A text to be searched for: in lower case, and nothing if it is blank.
fn said(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty())
}

fn unknown() -> AppError {
    AppError::not_found("memory")
}

#[cfg(test)]
mod tests;
