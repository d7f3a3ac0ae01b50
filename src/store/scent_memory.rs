//! Memories: what people wrote, and how far it is understood.

mod file;

use std::collections::BTreeMap;

use surrealdb::types::{SerdeWrapper, SurrealValue};

use super::{
    Store, StoreResult,
    extracted_scent::{self, NewFragrance, NewNote},
    file_reading,
    job::{self, NewJob},
    memory_chunk::{self, NewChunk},
    query_log, scent_profile,
    statement::{Statement, rows_at, statement},
    training_example,
};
pub use file::{FileKept, FileOf, FileTerms, KeptFile, bytes_kept, files, insert_with_file, with_file};

use crate::domain::{
    ids::{MemoryId, NoteId, TasteEventId, UserId},
    memory::{FileText, MemoryDraft, MemoryType, Season, Status, Suggested},
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
};

/// A memory as it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct MemoryRow {
    pub id: MemoryId,
    pub title: String,
    pub content: String,
    #[surreal(wrap)]
    pub memory_type: MemoryType,
    pub occasion: Option<String>,
    pub emotion: Option<String>,
    pub location: Option<String>,
    #[surreal(wrap)]
    pub season: Option<Season>,
    pub happened_at: Option<Timestamp>,
    #[surreal(wrap)]
    pub file: Option<KeptFile>,
    #[surreal(wrap)]
    pub suggested: Suggested,
    pub valence: f64,
    #[surreal(wrap)]
    pub status: Status,
    pub error: Option<String>,
    /// What the person should know of how the words were understood.
    pub notice: Option<String>,
    /// Notes that the person has put right: whether they are there.
    pub corrections: BTreeMap<String, bool>,
    /// Grows with every edit.
    pub revision: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Sets what a person wrote; see [`bind_draft`].
const SET_DRAFT: &str = "title = $title, content = $content, occasion = $occasion, emotion = $emotion, location = $location, \
     season = $season, happened_at = $happened_at, status = 'received', error = NONE, updated_at = time::now()";

fn bind_draft(statement: Statement, draft: &MemoryDraft) -> Statement {
    statement
        .bind("title", draft.title.clone())
        .bind("content", draft.content.clone())
        .bind("occasion", draft.occasion.clone())
        .bind("emotion", draft.emotion.clone())
        .bind("location", draft.location.clone())
        .bind("season", draft.season.map(|s| s.as_str().to_owned()))
        .bind("happened_at", draft.happened_at)
}

fn of(text: impl Into<std::borrow::Cow<'static, str>>, user: &UserId, id: &MemoryId) -> Statement {
    statement(text).bind("user", user.clone()).bind("memory", id.clone())
}

/// Keeps a new memory together with the job that will understand it.
pub async fn insert(
    store: &Store,
    user: &UserId,
    id: &MemoryId,
    (memory_type, file): (MemoryType, Option<KeptFile>),
    draft: &MemoryDraft,
    job: NewJob,
) -> StoreResult<()> {
    let text = format!("BEGIN TRANSACTION; {} COMMIT TRANSACTION;", create());
    bind_create(of(text, user, id), (memory_type, file), draft, job).execute(store).await
}

/// Creates a memory with its job; see [`bind_create`].
fn create() -> String {
    format!(
        "CREATE $memory SET user = $user, memory_type = $memory_type, file = $file, valence = 0f, suggested = $suggested, {SET_DRAFT} RETURN NONE;
         RELATE $user->remembers->$memory RETURN NONE;
         {}",
        job::CREATE
    )
}

fn bind_create(
    statement: Statement,
    (memory_type, file): (MemoryType, Option<KeptFile>),
    draft: &MemoryDraft,
    job: NewJob,
) -> Statement {
    let statement = statement
        .bind("memory_type", memory_type.as_str().to_owned())
        .bind("file", SerdeWrapper(file))
        .bind("suggested", SerdeWrapper(Suggested::default()));
    job::bind_new(bind_draft(statement, draft), job)
}

pub async fn find(store: &Store, user: &UserId, id: &MemoryId) -> StoreResult<Option<MemoryRow>> {
    of("SELECT * OMIT user FROM $memory WHERE user = $user", user, id).row(store).await
}

/// What the person wrote.
pub async fn content(store: &Store, user: &UserId, id: &MemoryId) -> StoreResult<Option<String>> {
    of("SELECT VALUE content FROM $memory WHERE user = $user", user, id).row(store).await
}

/// Those of these memories that exist.
pub async fn existing(store: &Store, ids: &[MemoryId]) -> StoreResult<Vec<MemoryId>> {
    statement("SELECT VALUE id FROM $ids").bind("ids", ids.to_vec()).rows(store).await
}

/// Replaces the text that was read out of a file by what the person says it is, and has the memory understood anew.
/// Whether there is such a memory with such a text.
pub async fn rewrite_file_text(store: &Store, user: &UserId, id: &MemoryId, text: &FileText, job: NewJob) -> StoreResult<bool> {
    let statement = of(
        guarded(
            "UPDATE $memory SET status = 'received', error = NONE, revision += 1, updated_at = time::now()
             WHERE user = $user AND (SELECT VALUE id FROM file_reading WHERE memory = $memory) != [] RETURN VALUE id",
            &[
                "UPDATE file_reading SET text = $text, marks = $marks, corrected = true WHERE memory = $memory RETURN NONE;",
                &forget_reading(),
                training_example::FORGET_MEMORY,
                job::CANCEL,
                job::CREATE,
            ],
        ),
        user,
        id,
    )
    .bind("text", text.text.clone())
    .bind("marks", SerdeWrapper(text.marks.clone()));
    changed(job::bind_new(statement, job), store).await
}

/// Replaces what the person wrote, and has it understood anew. Whether there is such a memory.
pub async fn rewrite(store: &Store, user: &UserId, id: &MemoryId, draft: &MemoryDraft, job: NewJob) -> StoreResult<bool> {
    let text = start_over(SET_DRAFT, "true", &[&forget_reading(), training_example::FORGET_MEMORY]);
    let statement = bind_draft(of(text, user, id), draft);
    changed(job::bind_new(statement, job), store).await
}

/// Has a failed memory understood again. Whether it was one.
pub async fn restart(store: &Store, user: &UserId, id: &MemoryId, job: NewJob) -> StoreResult<bool> {
    again(store, user, id, "status = 'failed'", &[], job).await
}

/// Has a memory understood again, whose way had ended. Whether it was one.
pub async fn repeat(store: &Store, user: &UserId, id: &MemoryId, job: NewJob) -> StoreResult<bool> {
    again(store, user, id, ENDED, &[], job).await
}

/// As [`repeat`], with its file read again, unless the person has put its text right. What was read before stays until then.
pub async fn repeat_with_file(store: &Store, user: &UserId, id: &MemoryId, job: NewJob) -> StoreResult<bool> {
    again(store, user, id, ENDED, &[file_reading::OUTDATE], job).await
}

/// The way of a memory has ended.
const ENDED: &str = "status IN ['ready', 'failed']";

async fn again(store: &Store, user: &UserId, id: &MemoryId, condition: &str, also: &[&str], job: NewJob) -> StoreResult<bool> {
    let text = start_over("status = 'received', error = NONE", condition, also);
    changed(job::bind_new(of(text, user, id), job), store).await
}

/// Deletes what was found in an earlier text of `$memory`, a memory of `$user`: it must not be quoted any more, also if the
/// text that took its place is never read.
pub(super) fn forget_reading() -> String {
    [memory_chunk::DELETE, extracted_scent::DELETE, scent_profile::MEMORIES_CHANGED].join(" ")
}

/// Changes a memory and queues the job that understands it, in the place of one that still waits.
fn start_over(set: &str, condition: &str, also: &[&str]) -> String {
    guarded(
        &format!("UPDATE $memory SET {set}, revision += 1 WHERE user = $user AND {condition} RETURN VALUE id"),
        &[also, &[job::CANCEL, job::CREATE]].concat(),
    )
}

/// A transaction in which `rest` happens only if `first`, which returns ids, meets a row; see [`changed`].
fn guarded(first: &str, rest: &[&str]) -> String {
    format!(
        "BEGIN TRANSACTION;
         LET $met = ({first});
         $met;
         IF $met != [] {{ {} }};
         COMMIT TRANSACTION;",
        rest.join(" ")
    )
}

/// Runs a [`guarded`] transaction. Whether it met a row.
async fn changed(statement: Statement, store: &Store) -> StoreResult<bool> {
    let ids: Vec<MemoryId> = rows_at(&mut statement.run(store).await?, 2)?;
    Ok(!ids.is_empty())
}

/// Notes the stage that the memory is in. False if there is no such memory any more, it has been edited since `revision`,
/// or its way has ended.
pub async fn advance(store: &Store, user: &UserId, id: &MemoryId, revision: u64, stage: Status) -> StoreResult<bool> {
    let row: Option<MemoryId> = of(
        "UPDATE $memory SET status = $status
         WHERE user = $user AND revision = $revision AND status NOT IN ['ready', 'failed'] RETURN VALUE id",
        user,
        id,
    )
    .bind("status", stage.as_str().to_owned())
    .bind("revision", revision)
    .row(store)
    .await?;
    Ok(row.is_some())
}

/// Ends the way of a memory that is not ready yet. Whether it was one.
pub async fn fail(store: &Store, user: &UserId, id: &MemoryId, reason: &str) -> StoreResult<bool> {
    let row: Option<MemoryId> = of(
        "UPDATE $memory SET status = 'failed', error = $reason
         WHERE user = $user AND status NOT IN ['ready', 'failed'] RETURN VALUE id",
        user,
        id,
    )
    .bind("reason", reason.to_owned())
    .row(store)
    .await?;
    Ok(row.is_some())
}

/// All that was understood of a memory.
#[derive(Clone, Debug)]
pub struct Understood {
    pub suggested: Suggested,
    pub valence: f64,
    pub embedding_model: String,
    pub chunks: Vec<NewChunk>,
    pub notes: Vec<NewNote>,
    pub fragrances: Vec<NewFragrance>,
    /// What the person should know of how the words were understood.
    pub notice: Option<String>,
}

/// Makes a memory ready with all that was understood of it, in the place of what an earlier try left. False, and nothing
/// is written, if the memory is not what `seen` says any more: it was edited, corrected, cancelled or deleted meanwhile.
pub async fn keep(store: &Store, user: &UserId, seen: &MemoryRow, understood: Understood) -> StoreResult<bool> {
    let text = guarded(
        "UPDATE $memory SET status = 'ready', error = NONE, suggested = $suggested, valence = $valence, notice = $notice
         WHERE user = $user AND revision = $revision AND corrections = $corrections AND status NOT IN ['ready', 'failed']
         RETURN VALUE id",
        &[
            memory_chunk::DELETE,
            extracted_scent::DELETE,
            memory_chunk::INSERT,
            extracted_scent::INSERT,
            scent_profile::MEMORIES_CHANGED,
        ],
    );
    let statement = of(text, user, &seen.id)
        .bind("revision", seen.revision)
        .bind("corrections", seen.corrections.clone())
        .bind("suggested", SerdeWrapper(understood.suggested))
        .bind("valence", understood.valence)
        .bind("notice", understood.notice);
    let statement = memory_chunk::bind_new(statement, user, &seen.id, &understood.embedding_model, understood.chunks);
    changed(extracted_scent::bind_new(statement, user, &seen.id, understood.notes, understood.fragrances), store).await
}

/// Notes that the person put a note right, and applies it to what was understood. Whether there is such a memory.
pub async fn correct(
    store: &Store,
    user: &UserId,
    id: &MemoryId,
    (note, name): (&NoteId, &str),
    confirmed: Option<NewNote>,
) -> StoreResult<bool> {
    let text = guarded(
        "UPDATE $memory SET corrections = object::extend(corrections, $patch) WHERE user = $user RETURN VALUE id",
        &[extracted_scent::DELETE_NOTE, extracted_scent::INSERT, scent_profile::MEMORIES_CHANGED],
    );
    let patch = BTreeMap::from([(name.to_owned(), confirmed.is_some())]);
    let statement = of(text, user, id).bind("patch", patch).bind("note", note.clone()).bind("name", name.to_owned());
    changed(extracted_scent::bind_new(statement, user, id, confirmed.into_iter().collect(), Vec::new()), store).await
}

/// Deletes what was learned from `$memory`, a memory of `$user`, and lets a projection of the old story notice that.
const FORGET: &str = "
    DELETE taste_event WHERE user = $user AND (
        source = 'memory' AND source_id = record::id($memory)
        OR source = 'correction' AND string::starts_with(source_id, record::id($memory) + ':')
    );
    UPDATE scent_profile SET taste_revision = (taste_revision ?? 0) + 1 WHERE user = $user RETURN NONE;";

/// Deletes what was learned from a memory that is gone. Whether there was something.
pub async fn forget_lessons(store: &Store, user: &UserId, id: &MemoryId) -> StoreResult<bool> {
    let text = guarded(
        "SELECT VALUE id FROM taste_event WHERE user = $user AND string::starts_with(source_id, record::id($memory))",
        &[FORGET],
    );
    let mut results = of(text, user, id).run(store).await?;
    Ok(!rows_at::<TasteEventId>(&mut results, 2)?.is_empty())
}

/// Deletes a memory with everything that was understood of it and learned from it, and its jobs. Whether there was one.
pub async fn delete(store: &Store, user: &UserId, id: &MemoryId) -> StoreResult<bool> {
    let text = guarded(
        "SELECT VALUE id FROM $memory WHERE user = $user",
        &[
            memory_chunk::DELETE,
            extracted_scent::DELETE,
            file_reading::DELETE,
            FORGET,
            query_log::FORGET_MEMORY,
            training_example::FORGET_MEMORY,
            scent_profile::MEMORIES_CHANGED,
            "DELETE $user->remembers WHERE out = $memory;
             LET $subject = record::id($memory);
             DELETE job WHERE subject = $subject;
             DELETE $memory;",
        ],
    );
    changed(of(text, user, id), store).await
}

/// What a list of memories is narrowed by; see [`page`].
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// Words that the title, the content, the text of the file or what was seen in the picture holds, in lower case.
    pub words: Option<String>,
    /// Memories that are found by their meaning, and so need not hold the words.
    pub near: Vec<MemoryId>,
    pub memory_type: Option<MemoryType>,
    /// Part of the emotion, in lower case.
    pub emotion: Option<String>,
    pub season: Option<Season>,
    /// Part of the place, in lower case.
    pub place: Option<String>,
    /// A canonical name.
    pub note: Option<String>,
    /// Only those that are not ready.
    pub unfinished: bool,
}

/// A page of a person's memories (with one more, if there is more), newest first. Where the person said nothing, what was
/// understood counts.
pub async fn page(store: &Store, user: &UserId, narrowing: Narrowing, cursor: Cursor) -> StoreResult<Vec<MemoryRow>> {
    let mut results = statement(
        "LET $with_note = IF $note = NONE { [] } ELSE {
            (SELECT VALUE memory FROM extracted_scent WHERE user = $user AND kind = 'note' AND scent_name = $note)
         };
         LET $with_words = IF $words = NONE { [] } ELSE {
            array::concat(
                (SELECT VALUE memory FROM file_reading WHERE user = $user AND string::lowercase(text) CONTAINS $words),
                (SELECT VALUE memory FROM image_analysis WHERE user = $user
                    AND (string::lowercase(caption) CONTAINS $words OR string::lowercase(array::join(objects, ' ')) CONTAINS $words))
            )
         };
         SELECT * OMIT user FROM scent_memory
         WHERE user = $user
            AND ($words = NONE OR id IN $with_words OR string::lowercase(title) CONTAINS $words OR string::lowercase(content) CONTAINS $words
                OR id IN $near)
            AND ($memory_type = NONE OR memory_type = $memory_type)
            AND ($emotion = NONE OR string::lowercase(emotion ?? suggested.emotion ?? '') CONTAINS $emotion)
            AND ($season = NONE OR (season ?? suggested.season) = $season)
            AND ($place = NONE OR string::lowercase(location ?? suggested.location ?? '') CONTAINS $place)
            AND ($note = NONE OR id IN $with_note)
            AND (!$unfinished OR status != 'ready')
         ORDER BY created_at DESC, id LIMIT $count START $start",
    )
    .bind("user", user.clone())
    .bind("words", narrowing.words)
    .bind("near", narrowing.near)
    .bind("memory_type", narrowing.memory_type.map(|t| t.as_str().to_owned()))
    .bind("emotion", narrowing.emotion)
    .bind("season", narrowing.season.map(|s| s.as_str().to_owned()))
    .bind("place", narrowing.place)
    .bind("note", narrowing.note)
    .bind("unfinished", narrowing.unfinished)
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .run(store)
    .await?;
    rows_at(&mut results, 2)
}

#[derive(SurrealValue)]
struct Whose {
    user: UserId,
    id: MemoryId,
    #[surreal(wrap)]
    memory_type: MemoryType,
}

/// The memories, of everybody or of one person, whose way has ended, well or not.
pub async fn ended(store: &Store, user: Option<&UserId>) -> StoreResult<Vec<(UserId, MemoryId, MemoryType)>> {
    let rows: Vec<Whose> = statement(
        "SELECT user, id, memory_type FROM scent_memory WHERE status IN ['ready', 'failed'] AND ($user = NONE OR user = $user)",
    )
    .bind("user", user.cloned())
    .rows(store)
    .await?;
    Ok(rows.into_iter().map(|row| (row.user, row.id, row.memory_type)).collect())
}

/// Everybody's memories that are on their way without a job that would carry them on.
pub async fn stranded(store: &Store) -> StoreResult<Vec<(UserId, MemoryId, MemoryType)>> {
    let mut results = statement(
        "LET $carried = (SELECT VALUE subject FROM job WHERE state IN ['queued', 'running']);
         SELECT user, id, memory_type FROM scent_memory WHERE status NOT IN ['ready', 'failed'] AND record::id(id) NOT IN $carried",
    )
    .run(store)
    .await?;
    let rows: Vec<Whose> = rows_at(&mut results, 1)?;
    Ok(rows.into_iter().map(|row| (row.user, row.id, row.memory_type)).collect())
}

#[cfg(test)]
mod tests;
