//! Why a file cannot be read.

use serde::{Deserialize, Serialize};

/// Why a file could not be read: a sentence for the person who gave it. Never anything internal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
