//! Models that run in this process, without a network.

pub mod minilm;
