//! Strangers' bytes → plain values. Imports nothing else of ours, so that it can run in a process of its own and be fuzzed alone.
//!
//! What comes in here was made by nobody knows whom. Nothing in this room trusts a name, a length or an offset that stands in
//! a file: every loop is bounded by a limit of ours, and what cannot be read ends in one sentence for whoever gave the file.

pub mod audio;
pub mod sniff;

use serde::{Deserialize, Serialize};

pub use sniff::{Kind, MediaType};

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
