//! One page of a list.

use serde::{Deserialize, Serialize};

use super::error::AppError;

/// A page of a list, and where the next one starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// How many items a page holds.
pub const PAGE_SIZE: usize = 24;

/// Where a page starts: the number of items before it. Opaque to clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor(pub usize);

impl Cursor {
    pub fn parse(text: Option<&str>) -> Result<Self, AppError> {
        match text.map(str::trim).filter(|t| !t.is_empty()) {
            None => Ok(Self(0)),
            Some(text) => text
                .strip_prefix('p')
                .and_then(|n| n.parse().ok())
                .filter(|n| *n < 1_000_000)
                .map(Self)
                .ok_or_else(|| AppError::bad_input("cursor", "That cursor is not one we gave out.")),
        }
    }
}

impl<T> Page<T> {
    /// Makes a page from up to `PAGE_SIZE + 1` items that start at `cursor`: the extra one only tells that there is more.
    pub fn from_overfetch(mut items: Vec<T>, cursor: Cursor) -> Self {
        let more = items.len() > PAGE_SIZE;
        items.truncate(PAGE_SIZE);
        Self { items, next_cursor: more.then(|| format!("p{}", cursor.0 + PAGE_SIZE)) }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}
