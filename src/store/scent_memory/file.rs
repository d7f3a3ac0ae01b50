//! The files that come with memories: each kept once, and together within the room that a person has.

use serde::{Deserialize, Serialize};
use surrealdb::types::SurrealValue;

use super::{MemoryRow, bind_create, create, of};
use crate::{
    domain::{
        ids::{MemoryId, UserId},
        memory::{FileInfo, MemoryDraft, MemoryType, Status},
    },
    store::{
        Store, StoreResult,
        job::NewJob,
        statement::{rows_at, statement},
    },
};

/// The original of a memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptFile {
    #[serde(flatten)]
    pub info: FileInfo,
    /// Where it lies in the store of originals.
    pub key: String,
    /// The person agrees that the time and the place of a photo are read.
    #[serde(default)]
    pub place_agreed: bool,
}

/// What became of a file that was to be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum FileKept {
    New,
    /// A memory has this very file already.
    Already(MemoryId, Status),
    /// The person's files would be larger together than they may be.
    NoRoom,
}

/// Whether a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileTerms {
    /// Also if a memory has this very file.
    pub again: bool,
    /// How large all files of the person may be together, in bytes.
    pub quota: u64,
}

/// As [`insert`], for a memory with a file, if the terms allow it. Of several at once, each sees those before it.
pub async fn insert_with_file(
    store: &Store,
    user: &UserId,
    id: &MemoryId,
    (memory_type, file): (MemoryType, KeptFile),
    draft: &MemoryDraft,
    (terms, job): (FileTerms, NewJob),
) -> StoreResult<FileKept> {
    #[derive(SurrealValue)]
    struct Twin {
        id: MemoryId,
        #[surreal(wrap)]
        status: Status,
    }
    #[derive(SurrealValue)]
    struct Outcome {
        twin: Option<Twin>,
        fits: bool,
    }
    let text = format!(
        "BEGIN TRANSACTION;
         LET $twin = IF $again {{ NONE }} ELSE {{
            (SELECT id, status, created_at FROM scent_memory WHERE user = $user AND file.sha256 = $sha256
                ORDER BY created_at DESC LIMIT 1)[0]
         }};
         LET $fits = {BYTES_KEPT} + $bytes <= $quota;
         IF $twin = NONE AND $fits {{
            -- Another file of the person at the same time meets this write.
            UPSERT type::record('scent_profile', record::id($user)) SET user = $user, files_revision = (files_revision ?? 0) + 1 RETURN NONE;
            {}
         }};
         RETURN {{ twin: $twin, fits: $fits }};
         COMMIT TRANSACTION;",
        create()
    );
    let statement = of(text, user, id)
        .bind("again", terms.again)
        .bind("quota", terms.quota)
        .bind("sha256", file.info.sha256.clone())
        .bind("bytes", file.info.bytes);
    let mut results = bind_create(statement, (memory_type, Some(file)), draft, job).run(store).await?;
    let last = results.num_statements().saturating_sub(2);
    Ok(match rows_at::<Outcome>(&mut results, last)?.pop() {
        Some(Outcome { twin: Some(twin), .. }) => FileKept::Already(twin.id, twin.status),
        Some(Outcome { fits: true, .. }) => FileKept::New,
        _ => FileKept::NoRoom,
    })
}

/// The newest of a person's memories that keep this very file.
pub async fn with_file(store: &Store, user: &UserId, sha256: &str) -> StoreResult<Option<MemoryRow>> {
    statement(
        "SELECT * OMIT user FROM scent_memory WHERE user = $user AND file.sha256 = $sha256 ORDER BY created_at DESC LIMIT 1",
    )
    .bind("user", user.clone())
    .bind("sha256", sha256.to_owned())
    .row(store)
    .await
}

/// The bytes of all originals of `$user`.
const BYTES_KEPT: &str = "math::sum((SELECT VALUE file.bytes FROM scent_memory WHERE user = $user AND file != NONE))";

/// How many bytes of originals a person keeps.
pub async fn bytes_kept(store: &Store, user: &UserId) -> StoreResult<u64> {
    let bytes: Option<u64> = statement(format!("RETURN {BYTES_KEPT}")).bind("user", user.clone()).row(store).await?;
    Ok(bytes.unwrap_or_default())
}

/// A file that came with a memory.
#[derive(Clone, Debug, SurrealValue)]
pub struct FileOf {
    pub id: MemoryId,
    /// As it was called.
    pub name: String,
}

/// All files that a person keeps, the oldest first.
pub async fn files(store: &Store, user: &UserId) -> StoreResult<Vec<FileOf>> {
    statement(
        "SELECT id, file.name AS name, created_at FROM scent_memory WHERE user = $user AND file != NONE ORDER BY created_at",
    )
    .bind("user", user.clone())
    .rows(store)
    .await
}
