//! all-MiniLM-L6-v2 (int8 ONNX) as the local embedder.
//!
//! Sentence vectors as the model's authors make them: mean pooling over the attention mask, then L2 normalization
//! (Reimers & Gurevych 2019, "Sentence-BERT").

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow, ensure};
use async_trait::async_trait;
use rten::{Model, ModelOptions, NodeId};
use rten_tensor::{NdTensor, prelude::*};
use tokenizers::{Encoding, PaddingParams, Tokenizer, TruncationParams};

use crate::ai::Embedder;

const DIMENSION: usize = 384;

/// The longest text, in tokens, that the model was trained on; more is cut off.
const MAX_TOKENS: usize = 256;

/// How many texts are run at once: more gains no time and costs memory.
const BATCH: usize = 16;

/// The model, loaded. Cheap to share; running it is CPU work of about 15 ms a sentence.
pub struct MiniLm {
    session: Arc<Session>,
}

struct Session {
    model: Model,
    tokenizer: Tokenizer,
    inputs: Inputs,
}

struct Inputs {
    ids: NodeId,
    mask: NodeId,
    /// Some exports of the model leave the segment ids out.
    types: Option<NodeId>,
    hidden: NodeId,
}

impl MiniLm {
    /// Loads `model.onnx` and `tokenizer.json` from `<models>/all-minilm-l6-v2/`.
    pub fn load(models: &Path) -> Result<Self> {
        let folder = models.join("all-minilm-l6-v2");
        let file = |name: &str| {
            let path = folder.join(name);
            ensure!(path.is_file(), "the model file {} is missing: run .ci/setup/models to fetch it", path.display());
            Ok(path)
        };
        let path = file("model.onnx")?;
        // Questions are short: laying out the weights anew for each costs more than the arithmetic.
        let options = ModelOptions::with_all_ops().prepack_weights(true).clone();
        let model = options.load_file(&path).with_context(|| format!("{} is not a model that runs here", path.display()))?;
        let path = file("tokenizer.json")?;
        let mut tokenizer =
            Tokenizer::from_file(&path).map_err(|error| anyhow!("{} is not a tokenizer: {error}", path.display()))?;
        tokenizer
            .with_truncation(Some(TruncationParams { max_length: MAX_TOKENS, ..Default::default() }))
            .map_err(|error| anyhow!("the tokenizer takes no limit: {error}"))?
            .with_padding(Some(PaddingParams::default()));
        let inputs = Inputs {
            ids: model.node_id("input_ids")?,
            mask: model.node_id("attention_mask")?,
            types: model.find_node("token_type_ids"),
            hidden: *model.output_ids().first().context("the model has no output")?,
        };
        Ok(Self { session: Arc::new(Session { model, tokenizer, inputs }) })
    }
}

#[async_trait]
impl Embedder for MiniLm {
    fn model(&self) -> &str {
        "all-MiniLM-L6-v2-int8"
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let session = Arc::clone(&self.session);
        let texts = texts.to_vec();
        tokio::task::spawn_blocking(move || session.embed_all(&texts)).await.context("the embedder stopped")?
    }
}

impl Session {
    /// Texts of like length share a batch, so that little of the work is padding.
    fn embed_all(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&at| texts[at].len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in order.chunks(BATCH) {
            let embedded = self.embed_batch(batch.iter().map(|&at| texts[at].as_str()).collect())?;
            for (&at, vector) in batch.iter().zip(embedded) {
                vectors[at] = vector;
            }
        }
        Ok(vectors)
    }

    fn embed_batch(&self, texts: Vec<&str>) -> Result<Vec<Vec<f32>>> {
        let encodings = self.tokenizer.encode_batch(texts, true).map_err(|error| anyhow!("a text has no tokens: {error}"))?;
        let ids = matrix(&encodings, Encoding::get_ids);
        let mask = matrix(&encodings, Encoding::get_attention_mask);
        let types = matrix(&encodings, Encoding::get_type_ids);
        let mut inputs = vec![(self.inputs.ids, ids.view().into()), (self.inputs.mask, mask.view().into())];
        inputs.extend(self.inputs.types.map(|node| (node, types.view().into())));
        let [hidden] = self.model.run_n(inputs, [self.inputs.hidden], None)?;
        let hidden: NdTensor<f32, 3> = hidden.try_into()?;
        ensure!(hidden.size(2) == DIMENSION, "the model gives vectors of length {}, not {DIMENSION}", hidden.size(2));
        Ok((0..encodings.len()).map(|row| pooled(hidden.slice(row), encodings[row].get_attention_mask())).collect())
    }
}

fn matrix(encodings: &[Encoding], part: fn(&Encoding) -> &[u32]) -> NdTensor<i32, 2> {
    let width = encodings.first().map_or(0, |e| part(e).len());
    let values: Vec<i32> = encodings.iter().flat_map(part).map(|&v| v.cast_signed()).collect();
    NdTensor::from_data([encodings.len(), width], values)
}

/// The mean of the token vectors that the mask keeps, at unit length.
fn pooled(tokens: rten_tensor::NdTensorView<f32, 2>, mask: &[u32]) -> Vec<f32> {
    let mut sum = vec![0.0_f32; tokens.size(1)];
    for (at, _) in mask.iter().enumerate().filter(|(_, kept)| **kept == 1) {
        for (total, value) in sum.iter_mut().zip(tokens.slice(at).iter()) {
            *total += value;
        }
    }
    let length = sum.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    sum.iter_mut().for_each(|v| *v /= length);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    async fn embed(texts: &[&str]) -> Vec<Vec<f32>> {
        let model = MiniLm::load(&crate::ai::local::models_folder()).unwrap();
        model.embed(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()).await.unwrap()
    }

    #[tokio::test]
    async fn vectors_have_unit_length() {
        let long = "a cedar box of letters ".repeat(400);
        for vector in embed(&["rose", "", "🌹 غير", &long]).await {
            assert_eq!(vector.len(), DIMENSION);
            assert!((dot(&vector, &vector) - 1.0).abs() < 1e-4);
        }
    }

    #[tokio::test]
    async fn what_means_the_same_is_near() {
        let vectors = embed(&[
            "My grandmother baked apple cake on Sundays.",
            "Every weekend granny made a pie with apples.",
            "The printer needs a new driver.",
        ])
        .await;
        let (near, far) = (dot(&vectors[0], &vectors[1]), dot(&vectors[0], &vectors[2]));
        assert!(near > 0.6 && far < 0.2, "{near} {far}");
    }

    #[tokio::test]
    async fn order_and_company_do_not_matter() {
        let texts: Vec<String> = (0..40).map(|n| format!("The garden after rain, {}", "wet leaves and ".repeat(n % 9))).collect();
        let together = embed(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for at in [0, 7, 8, 39] {
            let alone = embed(&[&texts[at]]).await;
            let likeness = dot(&alone[0], &together[at]);
            assert!(likeness > 0.9999, "{at}: {likeness}");
        }
    }

    #[test]
    fn a_missing_model_says_what_to_do() {
        let error = MiniLm::load(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(error.contains(".ci/setup/models"), "{error}");
    }
}
