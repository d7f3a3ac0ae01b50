//! The store of record. All SurrealQL stands in this folder, one file a table.
//!
//! Every function on private data takes the [`UserId`](crate::domain::ids::UserId) of the caller, and reaches rows only
//! through it.

mod connection;
mod migrate;
pub mod query_log;
mod statement;
mod values;

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
