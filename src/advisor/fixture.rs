//! What the tests of the advisor share: the seed catalog with vectors of hashed words, where meaning is not what is tested.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, LazyLock},
};

use async_trait::async_trait;

use crate::{
    ai::Embedder,
    catalog::{FlatVectors, Seed, Snapshot, Taxonomy, facts_text},
    domain::{
        ids::TasteEventId,
        taste::{HALF_LIFE_DAYS, Target, Taste, TasteEvent, TasteKind, TasteSource, fold},
        time::Timestamp,
    },
};

const DIMENSION: usize = 48;

/// Texts that share words are near.
pub struct WordHashes;

#[async_trait]
impl Embedder for WordHashes {
    fn model(&self) -> &str {
        "word-hashes"
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    async fn embed(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }
}

/// The unit vector of a text's words.
pub fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.01_f32; DIMENSION];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        vector[usize::try_from(hasher.finish() % DIMENSION as u64).unwrap()] += 1.0;
    }
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|v| *v /= length);
    vector
}

static SNAPSHOT: LazyLock<Arc<Snapshot>> = LazyLock::new(|| {
    let seed = Seed::read().unwrap();
    let vectors: Vec<Vec<f32>> = seed.fragrances.iter().map(|f| vector(&facts_text(f))).collect();
    let vectors = FlatVectors::new(DIMENSION, &vectors).unwrap();
    Arc::new(Snapshot::new(Arc::new(Taxonomy::new(seed.notes)), seed.fragrances, vectors).unwrap())
});

/// The seed catalog.
pub fn snapshot() -> &'static Arc<Snapshot> {
    &SNAPSHOT
}

/// A taste that holds nothing but a stated dislike of a note.
pub fn disliking(note: &str) -> Taste {
    let event = TasteEvent {
        id: TasteEventId::from_key("e"),
        target: Target::note(note),
        kind: TasteKind::Vetoed,
        weight: -1.0,
        source: TasteSource::Statement,
        source_id: "profile".into(),
        reason: String::new(),
        at: Timestamp::from_unix_nanos(0),
        undone: false,
    };
    fold([&event], HALF_LIFE_DAYS)
}
