//! An import as a job: a file that the operator has handed over.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde_json::{Value, json};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

use super::{Importer, Source};
use crate::{
    catalog::Catalog,
    domain::{AppError, AppResult, ErrorCode, ids::JobId},
    jobs::{JobError, JobHandler, NewJob, Queue},
    scratch::is_leftover,
    store::{Store, job, new_key},
};

/// The kind of the job. Its subject, too: imports run one after another.
pub const IMPORT: &str = "import_catalog";
/// The largest file, in megabytes.
pub const LARGEST_MB: u64 = 128;
/// How much of a report is kept with the job, in characters.
const REPORT: usize = 4_000;
/// How often the report so far is kept.
const NOTING: Duration = Duration::from_secs(1);

/// Takes catalogs in and has them imported.
pub struct CatalogImport {
    store: Store,
    queue: Queue,
    catalog: Arc<Catalog>,
    folder: PathBuf,
}

impl CatalogImport {
    /// `folder` is where files wait; it is made.
    pub fn new(store: Store, queue: Queue, catalog: Arc<Catalog>, folder: PathBuf) -> std::io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { store, queue, catalog, folder })
    }

    /// Writes a file as it comes in. What is too large, empty or no text is refused.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> AppResult<Received> {
        // The name is ours: nothing of what the browser calls the file touches the disk.
        let name = format!("{}.csv", new_key());
        let received = Received { path: TempPath::try_from_path(self.folder.join(&name)).map_err(ours)?, name };
        write(&received.path, &mut bytes).await?;
        Ok(received)
    }

    /// Queues the import of a file, or (`dry_run`) only the telling of what it would do.
    pub async fn queue(&self, received: Received, source: Source, dry_run: bool) -> AppResult<JobId> {
        let payload = json!({ "file": received.name, "source": source_word(source), "dry_run": dry_run });
        let id = self.queue.put(NewJob::new(IMPORT, IMPORT, payload)).await?;
        // From now on it is the job's.
        received.path.keep().map_err(|error| ours(error.error))?;
        Ok(id)
    }

    /// Removes the files that no import waits for any more since longer than this: those that were cut off on their way in.
    pub async fn sweep(&self, age: Duration) -> AppResult<()> {
        let lying = fs::read_dir(&self.folder).map_err(ours)?.flatten();
        let old = |file: &fs::DirEntry| file.metadata().and_then(|about| about.modified()).is_ok_and(|at| is_leftover(at, age));
        let old: Vec<PathBuf> = lying.filter(old).map(|file| file.path()).collect();
        if old.is_empty() {
            return Ok(());
        }
        let waiting = job::payloads_of_waiting(&self.store, IMPORT).await?;
        let wanted: Vec<PathBuf> = waiting.iter().filter_map(|payload| self.path(payload)).collect();
        for path in old.into_iter().filter(|path| !wanted.contains(path)) {
            tracing::info!("a catalog without an import is erased");
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// Ends an import that waits or runs. What was written of it stays.
    pub async fn stop(&self, id: &JobId) -> AppResult<()> {
        let (_, _, payload) = self.queue.about(id).await?;
        self.queue.stop(id).await?;
        if let Some(path) = self.path(&payload) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    fn path(&self, payload: &Value) -> Option<PathBuf> {
        let name = payload["file"].as_str()?;
        let plain = name.strip_suffix(".csv").is_some_and(|key| key.bytes().all(|b| b.is_ascii_alphanumeric()));
        plain.then(|| self.folder.join(name))
    }
}

/// A catalog that has arrived whole. Dropped, it is gone.
pub struct Received {
    name: String,
    path: TempPath,
}

fn ours(error: std::io::Error) -> AppError {
    tracing::error!(error = %error, "a catalog could not be taken in");
    AppError::internal()
}

async fn write<E: std::fmt::Display>(path: &Path, bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) -> AppResult<()> {
    let mut file = tokio::fs::File::create(path).await.map_err(ours)?;
    let mut size = 0_u64;
    while let Some(part) = bytes.next().await {
        let part = part.map_err(|error| {
            tracing::info!(error = %error, "an upload was cut off");
            AppError::bad_input("file", "The file did not arrive whole. Please send it again.")
        })?;
        size += part.len() as u64;
        if size > LARGEST_MB * 1024 * 1024 {
            return Err(AppError::new(ErrorCode::TooLarge, format!("A catalog may have up to {LARGEST_MB} MB.")).on("file"));
        }
        if part.contains(&0) {
            return Err(AppError::new(ErrorCode::UnsupportedMedia, "This is no text: a catalog is a CSV file.").on("file"));
        }
        file.write_all(&part).await.map_err(ours)?;
    }
    file.flush().await.map_err(ours)?;
    if size == 0 {
        return Err(AppError::bad_input("file", "This file is empty."));
    }
    Ok(())
}

const fn source_word(source: Source) -> &'static str {
    match source {
        Source::Auto => "auto",
        Source::Parfumo => "parfumo",
        Source::Fragrantica => "fragrantica",
    }
}

/// The source with that word.
pub fn source_of(word: &str) -> Option<Source> {
    [Source::Auto, Source::Parfumo, Source::Fragrantica].into_iter().find(|source| source_word(*source) == word)
}

#[async_trait]
impl JobHandler for CatalogImport {
    fn kind(&self) -> &'static str {
        IMPORT
    }

    async fn run(&self, payload: Value) -> Result<(), JobError> {
        let Some(path) = self.path(&payload) else { return Err(JobError::Fail("It is not said which file this is.".into())) };
        if !path.is_file() {
            return Err(JobError::Fail("The file is not on this machine (any more). Please upload it again.".into()));
        }
        let source = payload["source"].as_str().and_then(source_of).unwrap_or(Source::Auto);
        let dry_run = payload["dry_run"].as_bool().unwrap_or_default();
        let said: Mutex<Vec<String>> = Mutex::default();
        let report = || {
            let said = said.lock().unwrap_or_else(PoisonError::into_inner).join("\n");
            said.chars().take(REPORT).collect::<String>()
        };
        let importing = async {
            let say = |line| said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            Importer::new(self.store.clone()).run(&path, source, dry_run, &say).await?;
            if dry_run { Ok(()) } else { self.catalog.refresh().await }
        };
        // Comes back when somebody has ended the job.
        let noting = async {
            loop {
                tokio::time::sleep(NOTING).await;
                if !note(&self.store, report()).await {
                    break;
                }
            }
        };
        let outcome = tokio::select! {
            outcome = importing => outcome,
            () = noting => self.catalog.refresh().await,
        };
        note(&self.store, report()).await;
        match outcome {
            Ok(()) => {
                let _ = fs::remove_file(&path);
                Ok(())
            }
            Err(error) => {
                tracing::warn!(error = %format!("{error:#}"), "a catalog could not be imported");
                // What is wrong with the file is what the operator has to know; a busy store is worth another try.
                if error.downcast_ref::<crate::store::StoreError>().is_some() {
                    Err(JobError::Retry("The database did not take it all.".into()))
                } else {
                    // Of the chain the last: the others name places on this machine.
                    Err(JobError::Fail(format!("The catalog could not be read: {}.", error.root_cause())))
                }
            }
        }
    }

    async fn failed(&self, payload: Value, _: &str) {
        if let Some(path) = self.path(&payload) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Notes the report so far. False if the job does not run any more.
async fn note(store: &Store, report: String) -> bool {
    job::note(store, IMPORT, &report).await.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "an import's report could not be noted");
        true
    })
}
