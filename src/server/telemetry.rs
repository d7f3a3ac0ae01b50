//! Logs: for people on a terminal, JSON lines elsewhere.
//!
//! Field names are dotted (`job.kind`), units stand in names (`duration_ms`), a failure is logged once where it is handled.
//! Never in a log: a memory's or a question's words, an email, a name, a token, a key.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging. `RUST_LOG` narrows or widens it.
pub fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,surrealdb=warn,surrealkv=warn,leptos=warn"));
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Starting twice (in tests) keeps the first.
    let _ = if std::io::stderr().is_terminal() { logs.compact().try_init() } else { logs.json().flatten_event(true).try_init() };
}
