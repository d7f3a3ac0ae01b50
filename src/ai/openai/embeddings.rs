//! Embeddings: the adapter to a model that turns texts into vectors.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

use super::{
    chat::Tokens,
    transport::{Endpoint, Line},
};
use crate::ai::{
    Embedder, Job, ModelError, Usage,
    usage::{Call, estimated_tokens},
};

/// Texts in one request.
const BATCH: usize = 64;
/// The longest that a batch is waited for.
const DEADLINE: Duration = Duration::from_secs(30);
/// What the names of the provider's models begin with here.
const PREFIX: &str = "openai/";
/// The longest vectors there are.
const MOST_DIMENSIONS: usize = 16_384;

/// An embedding model of the provider.
pub struct RemoteEmbedder {
    line: Line,
    /// The name by which the provider knows it.
    remote: String,
    /// With the provider's prefix, so that it is not taken for a local model of the same name.
    name: String,
    dimension: usize,
}

#[derive(Deserialize)]
struct Embeddings {
    data: Vec<Embedding>,
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct Embedding {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl RemoteEmbedder {
    /// Opens a model whose dimension is known.
    pub fn new(endpoint: Arc<Endpoint>, model: &str, dimension: usize) -> Self {
        Self { line: Line::new(endpoint), remote: model.to_owned(), name: Self::name_of(model), dimension }
    }

    /// Opens a model and asks it for its dimension.
    pub async fn open(endpoint: Arc<Endpoint>, model: &str) -> Result<Self, ModelError> {
        let opened = Self::new(endpoint, model, 0);
        let dimension = opened.vectors(&[HARMLESS.to_owned()]).await?.first().map_or(0, Vec::len);
        Ok(Self { dimension, ..opened })
    }

    /// The vector of one text.
    pub async fn embed_one(&self, text: &str) -> Result<Vec<f32>, ModelError> {
        let vectors = self.vectors(&[text.to_owned()]).await?;
        vectors.into_iter().next().ok_or_else(|| ModelError::Unreadable("no vector".into()))
    }

    /// As [`Embedder::embed`], with none for each text that the model refuses. Where it refuses everything, that is an error.
    pub async fn embed_or_refuse(&self, texts: &[String]) -> Result<Vec<Option<Vec<f32>>>, ModelError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            match self.vectors(batch).await {
                Ok(made) => vectors.extend(made.into_iter().map(Some)),
                Err(error) if may_be_about_a_text(&error) => vectors.extend(self.one_by_one(batch).await?),
                Err(error) => return Err(error),
            }
        }
        Ok(vectors)
    }

    async fn one_by_one(&self, texts: &[String]) -> Result<Vec<Option<Vec<f32>>>, ModelError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            vectors.push(match self.vectors(std::slice::from_ref(text)).await {
                Ok(made) => made.into_iter().next(),
                Err(error) if may_be_about_a_text(&error) => None,
                Err(error) => return Err(error),
            });
        }
        if vectors.iter().all(Option::is_none) {
            // Then it may be about all that is asked for.
            self.vectors(&[HARMLESS.to_owned()]).await?;
        }
        Ok(vectors)
    }

    /// The name under which the vectors of a model are kept.
    pub fn name_of(model: &str) -> String {
        format!("{PREFIX}{model}")
    }

    /// The name by which the provider knows the model of vectors that are kept.
    pub fn remote_of(name: &str) -> Option<&str> {
        name.strip_prefix(PREFIX)
    }

    /// Unit vectors for up to a batch of texts, all of one length: that of the model, if it is known.
    async fn vectors(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let deadline = Instant::now() + DEADLINE;
        self.line.exchange(deadline, || self.once(texts, deadline)).await
    }

    async fn once(&self, texts: &[String], deadline: Instant) -> Result<Vec<Vec<f32>>, ModelError> {
        let body = json!({ "model": self.remote, "input": texts, "encoding_format": "float" });
        let mut call = Call::begin(Usage {
            job: Job::Embedding,
            model: self.remote.clone(),
            prompt_tokens: texts.iter().map(|text| estimated_tokens(text.len())).sum(),
            completion_tokens: 0,
            seconds: 0,
            estimated: true,
        });
        let response = call.taken_up(self.line.post("embeddings", &body, deadline).await)?;
        let Embeddings { mut data, usage } = call.taken_up(self.line.json(response, deadline).await)?;
        if let Some(tokens) = usage {
            call.used(|usage| (usage.prompt_tokens, usage.estimated) = (tokens.prompt_tokens, false));
        }
        if data.len() != texts.len() {
            return Err(ModelError::Unreadable(format!("{} vectors for {} texts", data.len(), texts.len())));
        }
        data.sort_by_key(|row| row.index);
        let dimension = if self.dimension == 0 { data.first().map_or(0, |row| row.embedding.len()) } else { self.dimension };
        data.into_iter().map(|row| unit(row.embedding, dimension)).collect()
    }
}

/// A text that no model has reason to refuse.
const HARMLESS: &str = "rain on dry earth";

/// Whether another text might be taken.
fn may_be_about_a_text(error: &ModelError) -> bool {
    matches!(error, ModelError::Refused { status: 400 | 413 | 422, .. })
}

/// A vector of the right length, made of unit length.
fn unit(mut vector: Vec<f32>, dimension: usize) -> Result<Vec<f32>, ModelError> {
    if vector.len() != dimension || dimension == 0 || dimension > MOST_DIMENSIONS {
        return Err(ModelError::Unreadable(format!("a vector of {} dimensions instead of {dimension}", vector.len())));
    }
    let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    if !length.is_finite() || length < 1e-9 {
        return Err(ModelError::Unreadable("a vector without a direction".into()));
    }
    vector.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
    Ok(vector)
}

#[async_trait]
impl Embedder for RemoteEmbedder {
    fn model(&self) -> &str {
        &self.name
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.vectors(batch).await?);
        }
        Ok(vectors)
    }
}
