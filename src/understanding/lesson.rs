//! Writing what memories teach into the story of a taste.

use std::sync::Arc;

use super::{Understanding, learn, settle};
use crate::{
    catalog::Snapshot,
    domain::{
        AppResult,
        answer::FeedbackReceipt,
        ids::{MemoryId, UserId},
        taste::TasteSource,
    },
    learning::NewTasteEvent,
    store::{
        extracted_scent,
        scent_memory::{self, MemoryRow, Understood},
    },
};

/// Under which source the correction of a note stands.
pub(crate) fn correction_source(memory: &MemoryId, note: &str) -> String {
    format!("{memory}:{note}")
}

impl Understanding {
    /// Learns from a memory, and anew from what the person put right in it: its feeling may have changed.
    pub(super) async fn learn(
        &self,
        user: &UserId,
        snapshot: &Snapshot,
        memory: &MemoryRow,
        understood: &Understood,
    ) -> AppResult<()> {
        let notes = understood.notes.iter().map(settle::Heard::from);
        let lessons = settle::lessons(snapshot.taxonomy(), notes, &memory.corrections);
        let perfumes: Vec<_> = understood
            .fragrances
            .iter()
            .filter_map(|f| snapshot.get(&f.fragrance).map(|known| (known.as_ref(), f.valence)))
            .collect();
        let events = learn::lessons(&memory.title, &lessons, &perfumes);
        self.teach(user, memory, events, understood.valence).await
    }

    /// Learns from a memory whose way has ended what is kept of it: idempotent. What a walk taught that was overtaken before it
    /// kept anything is taken back with that. A memory that is on its way is left to its walk.
    pub(crate) async fn teach_what_is_kept(&self, user: &UserId, memory: &MemoryId) -> AppResult<()> {
        let Some(memory) = scent_memory::find(&self.store, user, memory).await? else { return Ok(()) };
        if !memory.status.is_final() {
            return Ok(());
        }
        let events = self.kept_lessons(user, &memory).await?;
        self.teach(user, &memory, events, memory.valence).await
    }

    /// Writes what a memory teaches, with what the person put right in it.
    async fn teach(&self, user: &UserId, memory: &MemoryRow, events: Vec<NewTasteEvent>, valence: f64) -> AppResult<()> {
        self.learning.understood(user, TasteSource::Memory, memory.id.as_str(), events).await?;
        for (note, present) in &memory.corrections {
            let event = learn::correction(&memory.title, note, *present, valence);
            let source = correction_source(&memory.id, note);
            self.learning.understood(user, TasteSource::Correction, &source, vec![event]).await?;
        }
        Ok(())
    }

    /// What the notes and perfumes teach that are kept of a memory.
    async fn kept_lessons(&self, user: &UserId, memory: &MemoryRow) -> AppResult<Vec<NewTasteEvent>> {
        let snapshot: Arc<Snapshot> = self.catalog.snapshot();
        let notes = extracted_scent::notes_of(&self.store, user, std::slice::from_ref(&memory.id)).await?;
        let named = extracted_scent::fragrances_of(&self.store, user, &memory.id).await?;
        let lessons = settle::lessons(snapshot.taxonomy(), notes.iter().map(settle::Heard::from), &memory.corrections);
        let perfumes: Vec<_> =
            named.iter().filter_map(|f| snapshot.get(&f.fragrance).map(|known| (known.as_ref(), memory.valence))).collect();
        Ok(learn::lessons(&memory.title, &lessons, &perfumes))
    }

    /// Learns from a correction that has just been noted: from the note that was put right, and anew from the others.
    pub(crate) async fn learn_correction(&self, user: &UserId, memory: &MemoryRow, note: &str) -> AppResult<FeedbackReceipt> {
        let present = memory.corrections.get(note).copied().unwrap_or_default();
        let event = learn::correction(&memory.title, note, present, memory.valence);
        let reason = event.reason.clone();
        let source = correction_source(&memory.id, note);
        let before = self.learning.taste(user).await?;
        self.learning.replace(user, TasteSource::Correction, &source, vec![event], &reason).await?;
        let events = self.kept_lessons(user, memory).await?;
        self.learning.replace(user, TasteSource::Memory, memory.id.as_str(), events, &reason).await?;
        let after = self.learning.taste(user).await?;
        Ok(FeedbackReceipt { changes: crate::domain::taste::changes(&before, &after, &reason) })
    }

    /// Takes back what was learned from a memory that was deleted while it was being understood.
    pub(super) async fn forget(&self, user: &UserId, memory: &MemoryId) -> AppResult<()> {
        if scent_memory::forget_lessons(&self.store, user, memory).await? {
            self.learning.project(user).await?;
        }
        Ok(())
    }
}
