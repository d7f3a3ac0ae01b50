//! Everything that bears on a question, fetched at once: the person, their memories, and how near each perfume is.

mod memories;
mod neighbors;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub use memories::{Memories, Remembered};
pub use neighbors::walk;

use super::{interpret::Understood, person::Person};
use crate::{
    ai::{Embedder, ModelError},
    catalog::{Snapshot, facts_text},
    domain::{
        AppResult,
        answer::RetrievedChunk,
        ids::{ChunkId, MemoryId, UserId},
        intent::Intent,
    },
    learning::Learning,
    parallel,
    recall::{Nearby, Recall},
    store::{Store, extracted_scent::RememberedNote, memory_chunk::NearChunk},
};

/// More passages than a person has: the ranking needs only the nearest, but any memory may be quoted.
const PASSAGES: usize = 1_000;
/// How many passages are noted as found, and with that forgotten with their memory.
pub const NOTED: usize = 8;
/// A memory that has nothing to do with the question still counts so much: it is the person's nose.
const ALWAYS: f64 = 0.35;
/// The cosines between which a passage goes from having nothing to having everything to do with a question.
const UNRELATED: f64 = 0.1;
const RELATED: f64 = 0.6;

/// What a person's memories say about a question.
#[derive(Clone, Debug, Default)]
pub struct Recalled {
    /// Nearest first.
    pub chunks: Vec<NearChunk>,
    pub notes: Arc<Vec<RememberedNote>>,
    /// How much each memory has to do with the question, 0 to 1.
    pub relevance: HashMap<MemoryId, f64>,
}

impl Recalled {
    pub fn new(chunks: Vec<NearChunk>, notes: Arc<Vec<RememberedNote>>) -> Self {
        let mut relevance: HashMap<MemoryId, f64> = HashMap::new();
        for chunk in &chunks {
            let near = ((chunk.score - UNRELATED) / (RELATED - UNRELATED)).clamp(0.0, 1.0);
            let now = ALWAYS + (1.0 - ALWAYS) * near;
            match relevance.get_mut(&chunk.memory_id) {
                Some(known) => *known = known.max(now),
                None => drop(relevance.insert(chunk.memory_id.clone(), now)),
            }
        }
        Self { chunks, notes, relevance }
    }

    /// The passages that are noted with the answer: the nearest ones, and one of the memory that the answer names.
    pub fn noted(&self, named: Option<&MemoryId>) -> Vec<RetrievedChunk> {
        let (nearest, rest) = self.chunks.split_at(self.chunks.len().min(NOTED));
        let of_named = |chunk: &&NearChunk| Some(&chunk.memory_id) == named;
        let farther = if nearest.iter().any(|chunk| of_named(&chunk)) { None } else { rest.iter().find(of_named) };
        nearest
            .iter()
            .chain(farther)
            .map(|c| RetrievedChunk {
                chunk_id: c.chunk_id.clone(),
                memory_id: c.memory_id.clone(),
                score: c.score.clamp(0.0, 1.0),
            })
            .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty() && self.notes.is_empty()
    }
}

/// How near each perfume of the catalog is to the words of a question.
#[derive(Clone, Debug, Default)]
pub struct Nearness {
    /// Cosines; empty when there was nothing to search by.
    pub meaning: Vec<f32>,
    /// BM25 scores; empty likewise.
    pub words: Vec<f32>,
}

/// What a question tells of a perfume, other than asking for it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub text: String,
    /// Of the text; empty if it could not be made.
    pub vector: Vec<f32>,
    /// How much of a description the text is, 0 to 1.
    pub degree: f64,
}

/// The words from which a text begins to be a description, and how many more make it one altogether.
const REQUEST: f64 = 8.0;
const DESCRIPTION: f64 = 12.0;
/// How much of a description a text is at most that lays down laws.
const RULES: f64 = 0.5;

/// How much of a description a question is. Requests are short; the longer a text, the more it describes. What lays down laws
/// is a request all the same.
fn degree(asked: &Understood) -> f64 {
    let words = asked.search.split_whitespace().count() as f64;
    let most = if asked.intent == asked.intent.clone().wishes() { 1.0 } else { RULES };
    most * ((words - REQUEST) / DESCRIPTION).clamp(0.0, 1.0)
}

/// The text whose vector stands for a question.
fn embedded_text(snapshot: &Snapshot, asked: &Understood) -> String {
    if degree(asked) > 0.0 { asked.description.clone() } else { search_text(snapshot, &asked.intent, &asked.search) }
}

/// What a question tells, with the vector of its text.
fn told(asked: &Understood, vector: Vec<f32>) -> Told {
    match degree(asked) {
        0.0 => Told::default(),
        degree => Told { text: asked.description.clone(), vector, degree },
    }
}

/// What was found for a question.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub person: Person,
    pub recalled: Recalled,
    pub nearness: Nearness,
    pub told: Told,
    /// The provider's model that found the passages; none if the local one did.
    pub recalled_by: Option<String>,
    /// Why the local one did, where the provider's should have.
    pub recall_failure: Option<ModelError>,
}

/// Where what bears on a question is found.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub store: &'a Store,
    pub memories: &'a Memories,
    pub learning: &'a Learning,
    pub embedder: &'a dyn Embedder,
    /// A provider's vectors of the passages of memories, where there are such.
    pub recall: Option<&'a Recall>,
}

/// What a provider's vectors find; none where the local ones have to serve.
async fn recalled(recall: Option<&Recall>, user: &UserId, text: &str) -> Result<Option<Nearby>, ModelError> {
    match recall {
        Some(recall) => recall.nearest(user, text, PASSAGES).await,
        None => Ok(None),
    }
}

/// What a provider's vectors found, and of the passages that it has none of, what the local ones say.
fn completed(mut found: Vec<NearChunk>, local: Vec<NearChunk>) -> Vec<NearChunk> {
    let known: HashSet<ChunkId> = found.iter().map(|chunk| chunk.chunk_id.clone()).collect();
    found.extend(local.into_iter().filter(|chunk| !known.contains(&chunk.chunk_id)));
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// Fetches what bears on a question.
pub async fn retrieve(sources: Sources<'_>, snapshot: &Arc<Snapshot>, user: &UserId, asked: &Understood) -> AppResult<Found> {
    let text = embedded_text(snapshot, asked);
    let (person, remembered, by_provider, (vector, nearness)) = tokio::join!(
        Person::load(sources.store, sources.learning, user),
        Remembered::load(sources.store, sources.memories, user, snapshot.taxonomy()),
        recalled(sources.recall, user, &text),
        by_meaning(sources.embedder, snapshot, (asked, &text)),
    );
    let remembered = remembered?;
    let local = remembered.nearest(&vector, PASSAGES);
    let (chunks, recalled_by, recall_failure) = match by_provider {
        Ok(Some(Nearby { chunks, model })) => (completed(chunks, local), Some(model), None),
        Ok(None) => (local, None, None),
        Err(error) => (local, None, Some(error)),
    };
    let recalled = Recalled::new(chunks, Arc::clone(&remembered.notes));
    Ok(Found { person: person?, recalled, nearness, told: told(asked, vector), recalled_by, recall_failure })
}

/// The vector of a question and what is near it; both empty where there is none.
async fn by_meaning(embedder: &dyn Embedder, snapshot: &Snapshot, (asked, text): (&Understood, &str)) -> (Vec<f32>, Nearness) {
    let vector = vector_of(embedder, text).await;
    let nearness = parallel::aside(|| Nearness::of(snapshot, &asked.search, &vector));
    (vector, nearness)
}

impl Nearness {
    /// How near the perfumes are to a question whose vector may be missing.
    fn of(snapshot: &Snapshot, search: &str, vector: &[f32]) -> Self {
        if search.trim().is_empty() {
            return Self::default();
        }
        let meaning = if vector.is_empty() { Vec::new() } else { snapshot.vectors().scores(vector) };
        Self { meaning, words: snapshot.bm25(search) }
    }
}

impl Found {
    /// What is found for somebody who has told no memories.
    pub async fn without_memories(embedder: &dyn Embedder, snapshot: &Snapshot, person: Person, asked: &Understood) -> Self {
        let text = embedded_text(snapshot, asked);
        let (vector, nearness) = by_meaning(embedder, snapshot, (asked, &text)).await;
        Self { person, nearness, told: told(asked, vector), ..Self::default() }
    }
}

/// The vector of a text; empty if there is none: the answer is poorer without it, but it is an answer.
async fn vector_of(embedder: &dyn Embedder, text: &str) -> Vec<f32> {
    match embedder.embed(&[text.to_owned()]).await {
        Ok(vectors) => vectors.into_iter().next().unwrap_or_default(),
        Err(error) => {
            tracing::warn!(error = %error, "the question was not embedded");
            Vec::new()
        }
    }
}

/// What to look for in memories where the words alone say nothing: what the perfume to be like smells of.
fn search_text(snapshot: &Snapshot, intent: &Intent, search: &str) -> String {
    let anchor = intent.like.as_ref().and_then(|anchor| snapshot.get(&anchor.fragrance_id));
    match anchor {
        Some(fragrance) if search.split_whitespace().count() < 4 => format!("{search} {}", facts_text(fragrance)),
        _ if search.trim().is_empty() => "a perfume".into(),
        _ => search.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{memory::ScentSource, text::Span};

    fn chunk(key: &str, score: f64) -> NearChunk {
        NearChunk {
            chunk_id: ChunkId::from_key(key),
            memory_id: MemoryId::from_key(key),
            memory_title: String::new(),
            content: String::new(),
            span: Span { start: 0, end: 0 },
            source: ScentSource::Text,
            marks: Vec::new(),
            valence: 0.0,
            score,
        }
    }

    #[test]
    fn what_the_provider_has_no_vector_of_is_found_by_the_local_one() {
        let found = completed(
            vec![chunk("fig", 0.8), chunk("hay", 0.3)],
            vec![chunk("hay", 0.9), chunk("refused", 0.5), chunk("fig", 0.2)],
        );
        let found: Vec<(&str, f64)> = found.iter().map(|chunk| (chunk.chunk_id.as_str(), chunk.score)).collect();
        assert_eq!(found, [("fig", 0.8), ("refused", 0.5), ("hay", 0.3)]);
    }
}
