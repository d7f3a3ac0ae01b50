//! The store of record. All SurrealQL stands in this folder, one file a table.
//!
//! Every function on private data takes the [`UserId`](crate::domain::ids::UserId) of the caller, and reaches rows only
//! through it.

pub mod backup;
pub mod census;
pub mod collects;
mod connection;
pub mod export;
pub mod extracted_scent;
pub mod feedback;
pub mod file_reading;
pub mod fine_tuning_job;
pub mod fragrance;
pub mod fragrance_note;
pub(crate) mod fresh;
pub mod identity;
pub mod job;
pub mod memory_chunk;
pub mod memory_chunk_vector;
mod migrate;
pub mod model_usage;
pub mod originals;
pub mod query_log;
pub mod scent_memory;
pub mod scent_profile;
pub mod served_model;
pub mod session;
mod statement;
pub mod taste_event;
pub mod training_example;
pub mod user;
mod values;
mod vector_index;

pub use connection::Store;
pub use statement::StoreError;
pub(crate) use values::new_key;

use crate::domain::AppError;

/// The result of a store function.
pub type StoreResult<T> = Result<T, StoreError>;

impl From<StoreError> for AppError {
    /// The cause is logged here, once; the person is told that it was our fault.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        Self::internal()
    }
}
