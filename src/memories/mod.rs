//! In: receive, keep, list, edit, correct, delete.

use std::sync::Arc;

use crate::{
    catalog::Catalog,
    domain::{
        AppResult,
        answer::FeedbackReceipt,
        ids::{MemoryId, UserId},
        memory::{Memory, MemoryCard, MemoryDraft, MemoryFilter, MemoryReceipt},
        page::{Cursor, Page},
    },
    jobs::Queue,
    learning::Learning,
    store::Store,
    understanding::Understanding,
};

pub struct Memories {/* … */}

impl Memories {
    pub fn new(
        _store: Store,
        _queue: Queue,
        _catalog: Arc<Catalog>,
        _understanding: Arc<Understanding>,
        _learning: Arc<Learning>,
    ) -> Self {
        todo!()
    }
    pub async fn add(&self, _user: &UserId, _draft: MemoryDraft) -> AppResult<MemoryReceipt> {
        todo!()
    }
    pub async fn list(&self, _user: &UserId, _filter: MemoryFilter, _cursor: Cursor) -> AppResult<Page<MemoryCard>> {
        todo!()
    }
    pub async fn get(&self, _user: &UserId, _id: &MemoryId) -> AppResult<Memory> {
        todo!()
    }
    /// Replaces the text and the facts, and understands the memory anew.
    pub async fn update(&self, _user: &UserId, _id: &MemoryId, _draft: MemoryDraft) -> AppResult<MemoryReceipt> {
        todo!()
    }
    /// The person puts a note right: it is there, or it is not. A taste event, kept through reprocessing.
    pub async fn correct(&self, _user: &UserId, _id: &MemoryId, _note: &str, _present: bool) -> AppResult<FeedbackReceipt> {
        todo!()
    }
    pub async fn retry(&self, _user: &UserId, _id: &MemoryId) -> AppResult<MemoryReceipt> {
        todo!()
    }
    pub async fn cancel(&self, _user: &UserId, _id: &MemoryId) -> AppResult<MemoryReceipt> {
        todo!()
    }
    /// Deletes the memory with everything that was understood of it and learned from it.
    pub async fn delete(&self, _user: &UserId, _id: &MemoryId) -> AppResult<FeedbackReceipt> {
        todo!()
    }
}
