//! The fourth stage: the meaning of the passages and of the sentences, as vectors.

use std::ops::Range;

use anyhow::{Result, ensure};

use super::{read::Reading, words::words};
use crate::ai::Embedder;

/// Of a long memory, only the first sentences are looked at for what they imply.
const MOST_SENTENCES: usize = 200;

/// Shorter sentences have no meaning of their own.
const FEWEST_WORDS: usize = 3;

/// Vectors in the order of what they stand for.
pub(super) struct Meaning {
    pub chunks: Vec<Vec<f32>>,
    /// Empty where a sentence was left out.
    pub sentences: Vec<Vec<f32>>,
}

/// Passages are embedded with the title, which says what they are about.
pub(super) async fn embed(embedder: &dyn Embedder, reading: &Reading, chunks: &[Range<usize>]) -> Result<Meaning> {
    let passage = |chunk: &Range<usize>| match &reading.title {
        Some(title) => format!("{title}. {}", &reading.text[chunk.clone()]),
        None => reading.text[chunk.clone()].to_owned(),
    };
    let mut texts: Vec<String> = chunks.iter().map(passage).collect();
    let sentences: Vec<&str> = reading.sentences.iter().take(MOST_SENTENCES).map(|s| &reading.text[s.clone()]).collect();
    let telling: Vec<usize> = (0..sentences.len()).filter(|&at| words(sentences[at], 0).len() >= FEWEST_WORDS).collect();
    texts.extend(telling.iter().map(|&at| sentences[at].to_owned()));
    let mut vectors = embedder.embed(&texts).await?;
    let whole = vectors.len() == texts.len() && vectors.iter().all(|v| v.len() == embedder.dimension());
    ensure!(whole, "the embedder did not answer every text");
    let mut meaning = Meaning { chunks: Vec::new(), sentences: vec![Vec::new(); reading.sentences.len()] };
    for (at, vector) in telling.into_iter().zip(vectors.split_off(chunks.len())) {
        meaning.sentences[at] = vector;
    }
    meaning.chunks = vectors;
    Ok(meaning)
}
