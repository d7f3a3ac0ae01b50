//! Whisper as the local transcriber: its network, run on the same kernels as the embedder's.

mod hearing;
mod layers;
mod mel;
mod network;
#[cfg(test)]
mod tests;
mod tokens;
mod weights;
mod writing;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;

use self::{mel::Mel, network::Network, tokens::Tokens, weights::Weights};
use crate::ai::{Transcriber, Transcript};

/// The model's folder, which is also its name.
const NAME: &str = "whisper-tiny.en";

const FILES: [&str; 3] = ["model.bin", "tokenizer.json", "config.json"];

/// Whisper. Cheap to make: the model is loaded when it is first used, and then kept.
pub struct Whisper {
    folder: PathBuf,
    model: Arc<Mutex<Option<Arc<Model>>>>,
}

struct Model {
    network: Network,
    tokens: Tokens,
    mel: Mel,
}

impl Whisper {
    /// The model in `<models>/whisper-tiny.en/`.
    pub fn new(models: &Path) -> Self {
        Self { folder: models.join(NAME), model: Arc::default() }
    }

    /// Whether the model's files are there; if not, the error says what to do.
    pub fn check(&self) -> Result<()> {
        FILES.iter().try_for_each(|name| {
            let path = self.folder.join(name);
            ensure!(path.is_file(), "the model file {} is missing: run .ci/setup/models to fetch it", path.display());
            Ok(())
        })
    }
}

impl Model {
    fn load(folder: &Path) -> Result<Self> {
        let network = Network::load(Weights::load(&folder.join("model.bin"))?)?;
        let tokens = Tokens::load(folder, network.vocabulary())?;
        Ok(Self { network, tokens, mel: Mel::new() })
    }
}

#[async_trait]
impl Transcriber for Whisper {
    fn model(&self) -> &str {
        NAME
    }

    /// Is stopped by dropping the future: before the next window at the latest.
    async fn transcribe(&self, samples: Arc<Vec<f32>>) -> Result<Transcript> {
        self.check()?;
        let (folder, kept) = (self.folder.clone(), Arc::clone(&self.model));
        let stop = Arc::new(AtomicBool::new(false));
        let _guard = StopOnDrop(Arc::clone(&stop));
        tokio::task::spawn_blocking(move || {
            let model = {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                match &*kept {
                    Some(model) => Arc::clone(model),
                    None => Arc::clone(kept.insert(Arc::new(Model::load(&folder)?))),
                }
            };
            Ok(Transcript { segments: model.transcribe(&samples, &stop)? })
        })
        .await
        .context("the transcriber stopped")?
    }
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
