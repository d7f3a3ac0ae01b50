//! Reading files: the original is fetched, taken apart where that can be stopped, looked at or listened to, and what comes out
//! is kept at once, so that no later stage (and no restart) does it again.

use super::{Reading, compose};
use crate::{
    domain::{ids::UserId, memory::MemoryType},
    jobs::JobError,
    store::{
        file_reading::{self, FileReading},
        originals::Originals,
        scent_memory::{KeptFile, MemoryRow},
    },
    understanding::Understanding,
};

/// What files are read with.
pub struct Readers {
    pub originals: Originals,
}

impl Understanding {
    /// The words of a memory; none if it was cancelled under way.
    pub(in crate::understanding) async fn read(&self, user: &UserId, memory: &MemoryRow) -> Result<Option<Reading>, JobError> {
        let Some(file) = &memory.file else { return Ok(Some(compose(memory, None))) };
        let read = match file_reading::find(&self.store, user, &memory.id).await? {
            Some(read) => read,
            None => {
                let Some(read) = self.unless_cancelled(&memory.id, self.open(user, memory, file)).await else { return Ok(None) };
                let read = read?;
                file_reading::keep(&self.store, user, &memory.id, &read).await?;
                read
            }
        };
        Ok(Some(compose(memory, Some(read))))
    }

    async fn open(&self, _: &UserId, memory: &MemoryRow, _: &KeptFile) -> Result<FileReading, JobError> {
        match memory.memory_type {
            MemoryType::Text => Ok(FileReading::default()),
            _ => Err(JobError::Fail("Files of this kind cannot be read here yet.".to_owned())),
        }
    }
}
