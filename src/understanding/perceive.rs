//! The notes of any text, through the same stages that a memory goes through.

use std::sync::Arc;

use anyhow::Result;

use super::{
    embed::{Meaning, embed},
    enhance::Feelings,
    extract::{Material, Senses, extract},
    read::Reading,
};
use crate::{ai::Embedder, catalog::Snapshot};

/// Reads notes out of texts that are nobody's memory.
pub struct Perception {
    snapshot: Arc<Snapshot>,
    embedder: Arc<dyn Embedder>,
    feelings: Feelings,
    senses: Senses,
}

impl Perception {
    pub fn new(snapshot: Arc<Snapshot>, embedder: Arc<dyn Embedder>) -> Result<Self> {
        let senses = Senses::new(&snapshot.shared_taxonomy())?;
        Ok(Self { snapshot, embedder, feelings: Feelings::new(), senses })
    }

    /// The canonical names of the notes that a text about a perfume names or implies, each with how likely the perfume holds
    /// it (0 to 1), likeliest first. From one half on, a note is asserted; all of those are named.
    pub async fn notes(&self, text: &str) -> Result<Vec<(String, f64)>> {
        let reading = Reading::of_text(text, None);
        let Meaning { sentences: vectors, .. } = embed(self.embedder.as_ref(), &reading, &[]).await?;
        let material = Material { title: None, text: &reading.text, sentences: &reading.sentences, vectors: &vectors };
        let found = extract(&self.snapshot, &self.senses, &self.feelings, &material);
        let name = |at: usize| self.snapshot.taxonomy().notes()[at].name.clone();
        Ok(found.ranked.0.into_iter().map(|(note, likely)| (name(note), likely)).collect())
    }
}
