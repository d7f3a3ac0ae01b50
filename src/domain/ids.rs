//! Identifiers as types, so that one cannot be handed in for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::error::AppError;

/// The longest identifier that is looked up at all.
pub const MAX_ID_LEN: usize = 120;

fn is_well_formed(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID_LEN && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $table:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The table whose keys these are.
            pub const TABLE: &'static str = $table;

            /// Wraps a key that this house made itself.
            pub fn from_key(key: impl Into<String>) -> Self {
                Self(key.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = AppError;

            /// Reads an id that came from outside. One that cannot exist is answered like one that does not.
            fn from_str(id: &str) -> Result<Self, AppError> {
                if is_well_formed(id) { Ok(Self(id.to_owned())) } else { Err(AppError::not_found($what)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    UserId => "user", "person";
    SessionId => "session", "session";
    MemoryId => "scent_memory", "memory";
    ChunkId => "memory_chunk", "passage";
    ExtractedScentId => "extracted_scent", "scent";
    /// The slug of a note's canonical name.
    NoteId => "fragrance_note", "note";
    /// The slug of brand, name and concentration.
    FragranceId => "fragrance", "perfume";
    QueryId => "query_log", "question";
    RecommendationId => "recommends", "recommendation";
    TasteEventId => "taste_event", "change";
    JobId => "job", "job";
    ExampleId => "training_example", "example";
    FineTuningJobId => "fine_tuning_job", "training";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_from_outside_are_checked() {
        assert!("guerlain_shalimar".parse::<FragranceId>().is_ok());
        for bad in ["", "a b", "a'; DELETE user", "Ä", &"x".repeat(MAX_ID_LEN + 1)] {
            assert!(bad.parse::<FragranceId>().is_err(), "{bad:?}");
        }
    }
}
