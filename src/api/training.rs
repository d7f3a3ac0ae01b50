//! `/api/training`: what a person's good answers have become.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{house, user};
#[cfg(feature = "ssr")]
use crate::domain::page::Cursor;
use crate::domain::{AppError, page::Page, training::Example};

/// A page of the person's training examples, newest first.
#[server(prefix = "/api", name = ListExamples, endpoint = "training/list", input = GetUrl)]
pub async fn list(cursor: Option<String>) -> Result<Page<Example>, AppError> {
    let user = user()?;
    house().learning.examples(&user, Cursor::parse(cursor.as_deref())?).await
}

/// Removes one of them for good.
#[server(prefix = "/api", name = RemoveExample, endpoint = "training/remove", input = PostAny)]
pub async fn remove(id: String) -> Result<(), AppError> {
    let user = user()?;
    house().learning.remove_example(&user, &id.parse()?).await
}
