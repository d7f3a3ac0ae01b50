//! Forms with files, read part by part, and the way back to the page that sent one.

use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use server_fn::error::ServerFnUrlError;

use crate::domain::{AppError, AppResult, ErrorCode, text::limits};

/// The words beside a file, in bytes; the limits in characters are checked with the draft.
const LONGEST_FIELD: usize = limits::CONTENT * 4;

/// Whether a page without JavaScript sent it: it is answered with another page.
pub fn is_from_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

/// The address of a page that shows what went wrong with the call at `path`.
pub(super) fn page_with(path: &str, page: &str, error: &AppError) -> Option<String> {
    let url = ServerFnUrlError::new(path, error.clone()).to_url(&format!("http://site{page}")).ok()?;
    Some(format!("{}?{}", url.path(), url.query().unwrap_or_default()))
}

/// The parts of a form.
pub(super) fn form(parts: Result<Multipart, MultipartRejection>) -> AppResult<Multipart> {
    parts.map_err(|_| AppError::bad_input("file", "The upload could not be read: it is no multipart form."))
}

/// The first bytes of a file. None if it has neither a name nor content: so does a form send a field in which nothing was chosen.
pub(super) async fn chosen(part: &mut Field<'_>, called: &str) -> AppResult<Option<Bytes>> {
    let mut first = Bytes::new();
    while first.is_empty()
        && let Some(bytes) = part.chunk().await.map_err(|error| broken(&error))?
    {
        first = bytes;
    }
    Ok(if called.is_empty() && first.is_empty() { None } else { Some(first) })
}

/// A part as text.
pub(super) async fn words(mut part: Field<'_>) -> AppResult<String> {
    let name = part.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > LONGEST_FIELD {
            return Err(AppError::bad_input(&name, "This is longer than there is room for."));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| AppError::bad_input(&name, "This is not text in UTF-8."))
}

/// Whether a checkbox is ticked.
pub(super) fn is_yes(word: &str) -> bool {
    matches!(word, "true" | "on" | "1" | "yes")
}

/// Why a form ended in its middle.
pub(super) fn broken(error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::new(ErrorCode::TooLarge, "That is more than can be sent at once.").on("file");
    }
    AppError::bad_input("file", "The upload did not arrive whole. Please send it again.")
}
