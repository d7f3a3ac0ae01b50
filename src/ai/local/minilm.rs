//! all-MiniLM-L6-v2 (int8 ONNX) as the local embedder.

use std::path::Path;

use anyhow::Result;
use async_trait::async_trait;

use crate::ai::Embedder;

pub struct MiniLm;

impl MiniLm {
    /// Loads `model.onnx` and `tokenizer.json` from `<models>/all-minilm-l6-v2/`.
    pub fn load(_models: &Path) -> Result<Self> {
        todo!()
    }
}

#[async_trait]
impl Embedder for MiniLm {
    fn model(&self) -> &str {
        "all-MiniLM-L6-v2-int8"
    }

    fn dimension(&self) -> usize {
        384
    }

    async fn embed(&self, _texts: &[String]) -> Result<Vec<Vec<f32>>> {
        todo!()
    }
}
