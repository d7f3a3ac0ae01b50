//! Models that run in this process, without a network.

pub mod efficientnet;
pub mod minilm;
pub mod ppocr;
pub mod whisper;

/// Where tests find the model files: the setting, or the folder that the set-up step fills.
#[cfg(test)]
pub(crate) fn models_folder() -> std::path::PathBuf {
    std::env::var_os("FLOWERY_MODELS")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models"), std::path::PathBuf::from)
}
