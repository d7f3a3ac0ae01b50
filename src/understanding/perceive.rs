//! The notes of any text, through the same stages that a memory goes through.

use std::sync::Arc;

use anyhow::Result;

use super::{
    embed::{Meaning, embed},
    enhance::Feelings,
    extract::{Evocations, Material, extract},
    read::Reading,
};
use crate::{
    ai::Embedder,
    catalog::Snapshot,
    domain::{memory::ScentSource, text::sentences},
};

/// Reads notes out of texts that are nobody's memory.
pub struct Perception {
    snapshot: Arc<Snapshot>,
    embedder: Arc<dyn Embedder>,
    feelings: Feelings,
    evocations: Evocations,
}

impl Perception {
    pub fn new(snapshot: Arc<Snapshot>, embedder: Arc<dyn Embedder>) -> Self {
        let evocations = Evocations::new(snapshot.taxonomy().notes());
        Self { snapshot, embedder, feelings: Feelings::new(), evocations }
    }

    /// The canonical names of the notes that a text names or evokes, each with how sure that is (0 to 1), surest first.
    pub async fn notes(&self, text: &str) -> Result<Vec<(String, f64)>> {
        let reading = Reading { text: text.to_owned(), title: None, sentences: sentences(text), source: ScentSource::Text };
        let Meaning { sentences: vectors, .. } = embed(self.embedder.as_ref(), &reading, &[]).await?;
        let material = Material { title: None, text: &reading.text, sentences: &reading.sentences, vectors: &vectors };
        let found = extract(&self.snapshot, &self.evocations, &self.feelings, &material);
        let name = |at: usize| self.snapshot.taxonomy().notes()[at].name.clone();
        let mut notes: Vec<(String, f64)> = found.notes.into_iter().map(|note| (name(note.note), note.confidence)).collect();
        notes.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(notes)
    }
}
