//! Links into memories.

use super::address;
use crate::domain::{ids::MemoryId, text::Span};

/// The address of a passage in a memory. A page or a second says that the passage is in the text of the file.
pub fn memory_place(id: &MemoryId, span: Option<Span>, page: Option<u32>, at_s: Option<f64>) -> String {
    let cite = span.map(|span| format!("{}-{}", span.start, span.end)).unwrap_or_default();
    let page = page.map(|page| page.to_string()).unwrap_or_default();
    let at = at_s.map(|at| at.to_string()).unwrap_or_default();
    let in_file = if page.is_empty() && at.is_empty() { "" } else { "file" };
    let path = address(&format!("/memories/{id}"), &[("cite", &cite), ("in", in_file), ("page", &page), ("at", &at)]);
    if cite.is_empty() { path } else { format!("{path}#cited") }
}

/// The address of a memory's file, or (with `size`) of a picture of it.
pub fn original(id: &MemoryId, size: &str) -> String {
    address("/api/memories/original", &[("id", id.as_str()), ("size", size)])
}
