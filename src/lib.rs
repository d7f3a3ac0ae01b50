//! Flowery: perfume recommendations that grow out of a person's own scent memories.
//!
//! The map of the house. Imports point one way: `ui → api → rooms → {ai, jobs, store} → domain`, where the rooms call each
//! other only along the flow: `memories → understanding → {catalog, learning}` and `advisor → {catalog, learning}`.
#![recursion_limit = "256"]

pub mod domain;

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod advisor;
#[cfg(feature = "ssr")]
pub mod ai;
#[cfg(feature = "ssr")]
pub mod catalog;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod learning;
#[cfg(feature = "ssr")]
pub mod memories;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod understanding;
