//! What other apps share with the installed one: photos, documents and recordings are kept at once, words go into the form.

use axum::{
    Extension,
    extract::{Multipart, multipart::MultipartRejection},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use futures::{StreamExt, stream};

use super::{
    form_data::{broken, chosen, words},
    house::{CurrentCaller, House},
    stream::user_of,
    upload::{back_to_form, to_form},
};
use crate::{
    domain::{AppError, AppResult, memory::RawMemoryDraft},
    memories::Incoming,
};

/// Where things are shared to.
pub const PATH: &str = "/share";

/// So many files are taken at once.
const MOST_FILES: usize = 20;

/// What came with one act of sharing.
#[derive(Default)]
struct Shared {
    title: String,
    text: String,
    link: String,
    files: Vec<Incoming>,
    /// Why a file is not among them.
    refused: Option<AppError>,
}

impl Shared {
    /// The words as a memory: the text, and below it the link, unless the text holds it already.
    fn draft(&self) -> RawMemoryDraft {
        let is_told = self.link.is_empty() || self.text.contains(&self.link);
        let parts = [self.text.as_str(), if is_told { "" } else { &self.link }];
        let content = parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n");
        RawMemoryDraft { title: self.title.clone(), content, ..RawMemoryDraft::default() }
    }
}

/// `POST /share`, the target that the manifest names. Somebody signed out finds shared words in the form after signing in; a file
/// must be shared again.
pub async fn share(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let user = user_of(caller).ok();
    let mut shared = Shared::default();
    let unread = || AppError::bad_input("file", "What was shared could not be read. Please add it here.");
    let read = match parts {
        Ok(parts) => read(&house, parts, user.is_some(), &mut shared).await,
        Err(_) => Err(unread()),
    };
    let draft = shared.draft();
    let Some(user) = user else {
        let had_file = shared.refused.is_some() && draft.content.is_empty();
        let address = if had_file { "/sign-in?shared=file" } else { "/sign-in?next=%2Fmemories%2Fnew" };
        return to_form(&house, &headers, &draft, address);
    };
    if let Err(error) = read {
        return back_to_form(&house, &headers, &draft, error);
    }
    if shared.files.is_empty() {
        return match shared.refused {
            Some(error) => back_to_form(&house, &headers, &draft, error),
            None => to_form(&house, &headers, &draft, "/memories/new"),
        };
    }
    let mut kept = Vec::new();
    for file in shared.files {
        match house.memories.add_file(&user, file, draft.clone(), (false, false)).await {
            Ok(receipt) => kept.push(receipt),
            Err(error) => shared.refused = Some(error),
        }
    }
    match (kept.as_slice(), shared.refused) {
        ([], Some(error)) => back_to_form(&house, &headers, &draft, error),
        (_, Some(error)) => {
            let message = format!("Some of what you shared was kept, and some was not. {}", error.message());
            back_to_form(&house, &headers, &RawMemoryDraft::default(), AppError::new(error.code(), message).on("file"))
        }
        ([one], None) => {
            let told = if one.already_kept { "?already=kept" } else { "" };
            Redirect::to(&format!("/memories/{}{told}", one.id)).into_response()
        }
        _ => Redirect::to("/memories").into_response(),
    }
}

/// `GET /share`: where a reload of what was shared leads.
pub async fn shared_before() -> Redirect {
    Redirect::to("/memories/new")
}

async fn read(house: &House, mut parts: Multipart, may_keep: bool, shared: &mut Shared) -> AppResult<()> {
    while let Some(mut part) = parts.next_field().await.map_err(|error| broken(&error))? {
        match part.name().unwrap_or_default() {
            "title" => shared.title = words(part).await?,
            "text" => shared.text = words(part).await?,
            "link" => shared.link = words(part).await?,
            "file" => {
                let called = part.file_name().unwrap_or_default().to_owned();
                let Some(first) = chosen(&mut part, &called).await? else { continue };
                if !may_keep {
                    shared.refused = Some(AppError::unauthenticated());
                } else if shared.files.len() == MOST_FILES {
                    shared.refused = Some(AppError::bad_input("file", format!("Please share up to {MOST_FILES} files at once.")));
                } else {
                    match house.memories.receive(&called, stream::iter([Ok(first)]).chain(part)).await {
                        Ok(file) => shared.files.push(file),
                        Err(error) => shared.refused = Some(error),
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_below_its_text_once() {
        let content =
            |text: &str, link: &str| Shared { text: text.into(), link: link.into(), ..Shared::default() }.draft().content;
        assert_eq!(content("A walk", "https://example.org/a"), "A walk\nhttps://example.org/a");
        assert_eq!(content("See https://example.org/a", "https://example.org/a"), "See https://example.org/a");
        assert_eq!(content("", "https://example.org/a"), "https://example.org/a");
    }
}
