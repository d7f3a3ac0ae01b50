//! Clearing away what belongs to nothing: files of uploads, readings and deletions that were cut off.

use std::time::Duration;

use tokio::sync::watch;

use crate::{
    api::house::House,
    domain::AppResult,
    scratch::{LEFTOVER, Scratch},
};

/// How often a running server looks for them.
const EVERY: Duration = Duration::from_secs(3_600);

/// What clears them away.
pub struct Leftovers {
    pub(super) house: House,
    pub(super) folders: Vec<Scratch>,
}

impl Leftovers {
    /// Clears away what was written longer ago than this.
    pub async fn clear(&self, age: Duration) -> AppResult<()> {
        for folder in &self.folders {
            if let Err(error) = folder.clear(age) {
                tracing::warn!(error = %error, "a folder for files in use could not be cleared");
            }
        }
        self.house.imports.sweep(age).await?;
        self.house.memories.sweep(age).await
    }

    /// Does so again and again, beside people who upload and delete.
    pub async fn keep_clear(self, mut stopped: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if self.clear(LEFTOVER).await.is_err() {
                tracing::warn!("leftovers could not be cleared away this time");
            }
        }
    }
}
