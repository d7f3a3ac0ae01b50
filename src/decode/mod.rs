//! Strangers' bytes → plain values. Imports nothing else of ours, so that it can run in a process of its own and be fuzzed alone.
//!
//! What comes in here was made by nobody knows whom. Nothing in this room trusts a name, a length or an offset that stands in
//! a file: every loop is bounded by a limit of ours, and what cannot be read ends in one sentence for whoever gave the file.

pub mod apart;
pub mod audio;
pub mod image;
pub mod pdf;
pub mod sample;
pub mod sniff;
mod unreadable;

pub use apart::{Decoders, Failed};
pub use sniff::{Kind, MediaType};
pub use unreadable::Unreadable;
