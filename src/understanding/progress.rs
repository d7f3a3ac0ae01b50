//! Telling those who listen where memories are.

use tokio::sync::broadcast;

use crate::domain::{
    ids::{MemoryId, UserId},
    memory::{MemoryEvent, Status},
};

/// How many events a slow listener may lag behind before it misses some.
const BACKLOG: usize = 1024;

pub(super) struct Progress(broadcast::Sender<(UserId, MemoryEvent)>);

impl Progress {
    pub fn new() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }

    pub fn listen(&self) -> broadcast::Receiver<(UserId, MemoryEvent)> {
        self.0.subscribe()
    }

    pub fn tell(&self, user: &UserId, event: MemoryEvent) {
        // Nobody listening is no fault.
        let _ = self.0.send((user.clone(), event));
    }
}

/// The event that a memory is at a stage.
pub(crate) fn at_stage(id: &MemoryId, stage: Status, error: Option<String>) -> MemoryEvent {
    MemoryEvent { id: id.clone(), stage, progress: stage.progress(), error }
}
