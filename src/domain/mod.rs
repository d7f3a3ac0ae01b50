//! The language of the house: plain types and pure rules, the same on the server and in the browser.
//!
//! Nothing here performs I/O or imports another part of the crate.

pub mod account;
pub mod answer;
pub mod collection;
pub mod color;
pub mod error;
pub mod flower;
pub mod fragrance;
pub mod ids;
pub mod intent;
pub mod memory;
pub mod notes;
pub mod operation;
pub mod page;
pub mod privacy;
pub mod profile;
pub mod ranking;
pub mod sse;
pub mod taste;
pub mod text;
pub mod time;
pub mod training;
pub mod typed;
pub mod usage;

pub use error::{AppError, AppResult, ErrorCode};
